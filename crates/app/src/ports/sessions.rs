//! The port of web sessions.

use async_trait::async_trait;
use jiff::Timestamp;

use crate::StoreError;

/// Web sessions: opaque data under the hash of their id.
#[async_trait]
pub trait Sessions: Send + Sync {
    async fn save_session(&self, id_sha256: &str, data: &[u8], expires_at: Timestamp) -> Result<(), StoreError>;
    /// The data, unless expired or unknown.
    async fn load_session(&self, id_sha256: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError>;
    async fn delete_session(&self, id_sha256: &str) -> Result<(), StoreError>;
}
