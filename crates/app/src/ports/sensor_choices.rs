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
    /// Puts what the organisation shares in the place of what it shared.
    async fn share_indicators(&self, scope: &Scope, indicators: &[String]) -> Result<(), StoreError>;
    /// How many others have an indicator: numbers, and never who.
    async fn sharing(&self, scope: &Scope, indicator: &str) -> Result<Sharing, StoreError>;
}
