//! The port of documents.

use async_trait::async_trait;

use crate::{Scope, StoreError};

/// Documents by the SHA-256 of their bytes, apart per organisation.
#[async_trait]
pub trait Blobs: Send + Sync {
    async fn put_blob(&self, scope: &Scope, sha256: &str, bytes: &[u8]) -> Result<(), StoreError>;
    async fn blob(&self, scope: &Scope, sha256: &str) -> Result<Vec<u8>, StoreError>;
}
