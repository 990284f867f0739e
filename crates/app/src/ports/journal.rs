//! The port of the journals.

use async_trait::async_trait;

use facts::IncidentId;

use super::Signer;
use crate::{Append, IncidentRow, Scope, StoreError, StoredDetection, StoredEntry};

/// The append-only journal of each organisation, and the projections written with it.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends entries, projection and detections in one transaction, and signs the new checkpoint.
    /// `Conflict`: the incident has other entries than expected, or its number is taken.
    async fn append(&self, scope: &Scope, append: Append, signer: &dyn Signer) -> Result<(), StoreError>;
    /// The entries of one incident, in order; `NotFound` where the organisation has no such incident.
    async fn history(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<StoredEntry>, StoreError>;
    /// All entries of the organisation, in order of index.
    async fn entries(&self, scope: &Scope) -> Result<Vec<StoredEntry>, StoreError>;
    /// The newest signed checkpoint; absent while the journal is empty.
    async fn checkpoint(&self, scope: &Scope) -> Result<Option<String>, StoreError>;
    /// The incidents of the organisation, newest first.
    async fn incidents(&self, scope: &Scope) -> Result<Vec<IncidentRow>, StoreError>;
    /// The incident of a number.
    async fn incident_by_number(&self, scope: &Scope, number: u64) -> Result<IncidentRow, StoreError>;
    /// One more than the highest number in use.
    async fn next_number(&self, scope: &Scope) -> Result<u64, StoreError>;
    /// Replaces the projection of every incident, as rebuilt from the journal.
    async fn replace_projection(&self, scope: &Scope, rows: Vec<IncidentRow>) -> Result<(), StoreError>;
    /// The detections that an incident rests on.
    async fn detections(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<StoredDetection>, StoreError>;
}
