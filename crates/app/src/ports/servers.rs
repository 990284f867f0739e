//! The port of what several servers on one store have to agree on.

use async_trait::async_trait;

use crate::StoreError;

/// What is one for all servers on a store, and how one takes its leave.
#[async_trait]
pub trait Servers: Send + Sync {
    /// Which master key signs the registers, by its fingerprint; nothing while none was ever used.
    async fn agreed_key(&self) -> Result<Option<String>, StoreError>;
    /// Puts down the key that signs, where none stands yet, and gives the one that stands: of several servers that start
    /// on an empty store, the first one's.
    async fn agree_on_key(&self, fingerprint: &str) -> Result<String, StoreError>;
    /// Finishes what is under way and closes the store, so that nothing of it is left to a next one to put in order. What is
    /// asked of it afterwards fails.
    async fn close(&self);
}
