//! The port of the journals.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;

use facts::IncidentId;

use super::Signer;
use crate::{Append, IncidentRow, Scope, StoreError, StoredDetection, StoredEntry};

/// How many incidents go into one transaction at most, so that others are not kept waiting for long.
pub const MOST_AT_ONCE: usize = 5_000;

/// The append-only journal of each organisation, and the projections written with it.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends entries, projection and detections in one transaction, and signs the new checkpoint.
    /// `Conflict`: the incident has other entries than expected, or its number is taken.
    async fn append(&self, scope: &Scope, append: Append, signer: &dyn Signer) -> Result<(), StoreError> {
        self.append_all(scope, vec![append], signer).await
    }
    /// The same for several incidents: all of it in one transaction, under one checkpoint, or none of it. At most
    /// [`MOST_AT_ONCE`].
    async fn append_all(&self, scope: &Scope, appends: Vec<Append>, signer: &dyn Signer) -> Result<(), StoreError>;
    /// Which of these the organisation's journal knows.
    async fn are_written(&self, scope: &Scope, incidents: &[IncidentId]) -> Result<BTreeSet<IncidentId>, StoreError>;
    /// The entries of one incident, in order; `NotFound` where the organisation has no such incident.
    async fn history(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<StoredEntry>, StoreError>;
    /// Entries of the organisation from this index on, in order, at most so many; none where the journal ends before.
    async fn entries_from(&self, scope: &Scope, index: u64, most: u32) -> Result<Vec<StoredEntry>, StoreError>;
    /// The hashes of the organisation's first `size` leaves as they were kept, in order; fewer where there are fewer.
    async fn leaf_hashes(&self, scope: &Scope, size: u64) -> Result<Vec<[u8; 32]>, StoreError>;
    /// All entries of the organisation, in order of index: as much memory as they take.
    async fn entries(&self, scope: &Scope) -> Result<Vec<StoredEntry>, StoreError>;
    /// When the last entry was recorded; absent while the journal is empty.
    async fn last_recorded(&self, scope: &Scope) -> Result<Option<Timestamp>, StoreError>;
    /// The newest signed checkpoint; absent while the journal is empty.
    async fn checkpoint(&self, scope: &Scope) -> Result<Option<String>, StoreError>;
    /// The signed checkpoint over just this many entries; `NotFound` where none was signed over so many.
    async fn checkpoint_at(&self, scope: &Scope, size: u64) -> Result<String, StoreError>;
    /// All incidents of the organisation, newest first; pages read [`super::Lists`].
    async fn incidents(&self, scope: &Scope) -> Result<Vec<IncidentRow>, StoreError>;
    /// The incident of a number.
    async fn incident_by_number(&self, scope: &Scope, number: u64) -> Result<IncidentRow, StoreError>;
    /// One more than the highest number in use.
    async fn next_number(&self, scope: &Scope) -> Result<u64, StoreError>;
    /// The detections that an incident rests on.
    async fn detections(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<StoredDetection>, StoreError>;
    /// The incidents that rest on the detection of this id, each with that detection as it was kept.
    async fn incidents_on(
        &self,
        scope: &Scope,
        detection: &str,
    ) -> Result<Vec<(IncidentId, StoredDetection)>, StoreError>;
}
