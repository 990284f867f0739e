//! The port of what people choose about sensors: learning again, what is not to be proposed, threat lists, comparing.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Comparison, ExceptionRow, ListChoice, Scope, StoreError};

/// How many other customers of the same provider compare, and how many of those found something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sharing {
    pub taking_part: u64,
    pub having: u64,
}

/// What people chose.
#[async_trait]
pub trait SensorChoices: Send + Sync {
    /// Has a sensor's learning begin again. `NotFound`: there is none of this id, or it was removed.
    async fn learn_again(&self, scope: &Scope, sensor: Uuid, by: &str, at: Timestamp) -> Result<(), StoreError>;
    /// Decides on proposals: those with an exception are taken over by it, the others refused; all of it or nothing. Gives
    /// those that are decided with this. On the others somebody had decided, and that stays as it was.
    async fn decide_proposals(
        &self,
        scope: &Scope,
        proposals: &[(String, Option<ExceptionRow>)],
        by: &str,
        at: Timestamp,
    ) -> Result<Vec<String>, StoreError>;
    /// On what was decided, as far as that is not forgotten.
    async fn decided_proposals(&self, scope: &Scope) -> Result<Vec<String>, StoreError>;

    /// The threat lists that the organisation's sensors use, by name.
    async fn chosen_lists(&self, scope: &Scope) -> Result<Vec<ListChoice>, StoreError>;
    /// Adds lists, of which those that are there stay as they were, and drops others.
    async fn change_lists(&self, scope: &Scope, chosen: &[ListChoice], dropped: &[String]) -> Result<(), StoreError>;
    /// The names of the lists that any organisation chose: what the server is to fetch.
    async fn lists_in_use(&self) -> Result<Vec<String>, StoreError>;

    /// Everything that was decided about comparing, the newest first: that one holds.
    async fn comparisons(&self, scope: &Scope) -> Result<Vec<Comparison>, StoreError>;
    /// Records a decision; no longer to compare deletes what was shared. `Conflict`: one was made at the same moment.
    async fn decide_comparison(&self, scope: &Scope, decided: &Comparison) -> Result<(), StoreError>;
    /// Puts what the organisation shares in the place of what it shared; what stays is shared since when it was.
    async fn share_indicators(&self, scope: &Scope, indicators: &[String], now: Timestamp) -> Result<(), StoreError>;
    /// What the organisation has shared since a moment or longer and was told nothing of, the newest first, at most `limit`.
    async fn untold_indicators(&self, scope: &Scope, since: Timestamp, limit: u32) -> Result<Vec<String>, StoreError>;
    /// How many others have had an indicator since a moment or longer, of those that compare for as long: numbers, and never
    /// who.
    async fn sharing(&self, scope: &Scope, indicator: &str, since: Timestamp) -> Result<Sharing, StoreError>;
    /// That the organisation is told that others have an indicator; nothing where it shares it no more.
    async fn tell_shared(&self, scope: &Scope, indicator: &str, at: Timestamp) -> Result<(), StoreError>;
    /// When that was; absent: it was not.
    async fn shared_told(&self, scope: &Scope, indicator: &str) -> Result<Option<Timestamp>, StoreError>;
}
