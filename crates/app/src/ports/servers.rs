//! The port of what several servers on one store have to agree on.

use async_trait::async_trait;

use crate::StoreError;

/// What is one for all servers on a store.
#[async_trait]
pub trait Servers: Send + Sync {
    /// Which master key signs the registers, by its fingerprint; nothing while none was ever used.
    async fn agreed_key(&self) -> Result<Option<String>, StoreError>;
    /// Puts down the key that signs, where none stands yet, and gives the one that stands: of several servers that start
    /// on an empty store, the first one's.
    async fn agree_on_key(&self, fingerprint: &str) -> Result<String, StoreError>;
}
