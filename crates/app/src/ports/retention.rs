//! The port of forgetting: terms, what they end, what was erased, what persons asked.

use async_trait::async_trait;
use jiff::Timestamp;

use facts::{IncidentId, OrganisationId};
use incident::RetentionKind;

use crate::{ErasureMark, IncidentRow, PersonRequest, RetentionChange, Scope, StoreError};

/// How long incidents are kept, and what was erased. Erasing itself is an append ([`crate::Append::erase`]); with a line
/// that says it was erased, an incident's detections and letters go in the same transaction.
#[async_trait]
pub trait Retention: Send + Sync {
    /// Every term that was set, the newest first.
    async fn retention_changes(&self, scope: &Scope) -> Result<Vec<RetentionChange>, StoreError>;
    /// Sets terms, all or none. `seen`: when the newest was set that whoever sets them knew of. `Conflict`: another was set
    /// since, or one of a kind at the same moment.
    async fn set_retentions(
        &self,
        scope: &Scope,
        changes: &[RetentionChange],
        seen: Option<Timestamp>,
    ) -> Result<(), StoreError>;
    /// At most `limit` incidents of a kind that were closed before a moment, were not changed since another, and are
    /// neither held nor erased; the longest closed first. `after`: only those that come after one, by when it was closed and
    /// its number.
    async fn ended(
        &self,
        scope: &Scope,
        kind: RetentionKind,
        closed_before: Timestamp,
        changed_before: Timestamp,
        after: Option<(Timestamp, u64)>,
        limit: u32,
    ) -> Result<Vec<IncidentRow>, StoreError>;
    /// A part of the incidents that were closed by a moment (one for each kind, in the order of [`RetentionKind::ALL`]), were
    /// not changed since another, and are neither held nor erased: those nearest to their end first, `from` on, at most `limit`.
    async fn ending(
        &self,
        scope: &Scope,
        closed_by: [Timestamp; 3],
        changed_by: Timestamp,
        from: u64,
        limit: u32,
    ) -> Result<Vec<IncidentRow>, StoreError>;
    /// How many those are.
    async fn count_ending(
        &self,
        scope: &Scope,
        closed_by: [Timestamp; 3],
        changed_by: Timestamp,
    ) -> Result<u64, StoreError>;
    /// A part of the incidents that are held from being erased, the longest held first: `from` on, at most `limit`.
    async fn held(&self, scope: &Scope, from: u64, limit: u32) -> Result<Vec<IncidentRow>, StoreError>;
    /// How many those are.
    async fn count_held(&self, scope: &Scope) -> Result<u64, StoreError>;
    /// Erased incidents that still use files, with their numbers, at most `limit`: something came between erasing them and
    /// their files.
    async fn with_files_left(&self, scope: &Scope, limit: u32) -> Result<Vec<(IncidentId, u64)>, StoreError>;
    /// Every body that was erased at or after a moment, of any organisation, in order; at most `limit`.
    async fn erasures(&self, since: Timestamp, limit: u32) -> Result<Vec<ErasureMark>, StoreError>;
    /// Which of these entries still have a body, and are the very entries that were erased.
    async fn undone(&self, organisation: OrganisationId, marks: &[ErasureMark])
    -> Result<Vec<ErasureMark>, StoreError>;
    /// Makes what was deleted unreadable in the database's own files, as far as it can be told to.
    async fn settle(&self) -> Result<(), StoreError>;
    async fn record_request(&self, scope: &Scope, request: &PersonRequest) -> Result<(), StoreError>;
    /// The newest requests, at most `limit`.
    async fn requests(&self, scope: &Scope, limit: u32) -> Result<Vec<PersonRequest>, StoreError>;
}
