//! The port of what the program does by itself, once, however many servers share the store.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::StoreError;

/// Work that comes back, by name: each time one server does it.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Claims the job of this name for `holder` until `until`, when it is due and nobody else holds it; whether it was
    /// claimed. A job that was never done is due; so is one that is held, or due, further ahead than `until` and `every`
    /// and clocks that differ a little can make it: the clock was set back since.
    async fn claim_job(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
        every: SignedDuration,
    ) -> Result<bool, StoreError>;
    /// Holds on to a job that takes long. `Conflict`: it is no more this holder's.
    async fn hold_job(&self, name: &str, holder: Uuid, until: Timestamp) -> Result<(), StoreError>;
    /// Says that the job was done and when it is due again. `Conflict`: it is no more this holder's.
    async fn job_done(&self, name: &str, holder: Uuid, at: Timestamp, due_at: Timestamp) -> Result<(), StoreError>;
    /// Says that the job failed, or was left, and when it is tried again. `Conflict`: it is no more this holder's.
    async fn job_failed(&self, name: &str, holder: Uuid, at: Timestamp, due_at: Timestamp) -> Result<(), StoreError>;
    /// When the job of this name was last done.
    async fn job_last_done(&self, name: &str) -> Result<Option<Timestamp>, StoreError>;
}
