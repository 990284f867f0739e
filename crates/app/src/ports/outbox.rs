//! The port of the outbox: what is to leave the program, until it has left.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use facts::{IncidentId, OrganisationId};

use crate::{Letter, LetterKind, NewLetter, Scope, StoreError};

/// An incident whose clocks are to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueAlarm {
    pub organisation: OrganisationId,
    pub incident: IncidentId,
    /// As it was planned; tells whether something happened to the incident since.
    pub due_at: Timestamp,
}

/// Letters that wait, that left, and that could not be delivered. Those that belong to an event are queued by
/// [`super::Journal::append`], in its transaction.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Queues a letter that no event causes; whether it is new. The same key of the same organisation is queued once.
    async fn queue(&self, scope: &Scope, letter: &NewLetter) -> Result<bool, StoreError>;
    /// At most `limit` letters that are due, of any organisation, leased to one worker until `until`: nobody else is given
    /// them before that.
    async fn take_letters(&self, now: Timestamp, until: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError>;
    /// Says that a letter left.
    async fn letter_sent(&self, id: Uuid, at: Timestamp) -> Result<(), StoreError>;
    /// Says that a letter did not leave, why, and when it is tried again; without a moment it is given up.
    async fn letter_failed(
        &self,
        id: Uuid,
        at: Timestamp,
        why: &str,
        again_at: Option<Timestamp>,
    ) -> Result<(), StoreError>;
    /// The letters of an organisation, the newest first, at most `limit` after so many. Those of an erased incident name neither
    /// whom they went to nor what they were about.
    async fn letters_after(&self, scope: &Scope, after: u64, limit: u32) -> Result<Vec<Letter>, StoreError>;
    /// The newest letters of an organisation, at most `limit`.
    async fn letters(&self, scope: &Scope, limit: u32) -> Result<Vec<Letter>, StoreError> {
        self.letters_after(scope, 0, limit).await
    }
    /// The letters of an organisation whose key begins with these words, the oldest first.
    async fn letters_of_key(&self, scope: &Scope, words: &str) -> Result<Vec<Letter>, StoreError>;
    /// How many letters of a kind were made for somebody after a moment.
    async fn letters_since(
        &self,
        scope: &Scope,
        kind: LetterKind,
        recipient: &str,
        since: Timestamp,
    ) -> Result<u64, StoreError>;
    /// Makes a letter that was given up due again; `NotFound` where the organisation has no such letter.
    async fn send_again(&self, scope: &Scope, id: Uuid, now: Timestamp) -> Result<(), StoreError>;
    /// Incidents of any organisation whose clocks are to be looked at, at most `limit`: an alarm of theirs has come, or
    /// something happened to them. An append plans that for an open incident, at once; a closed one is never due.
    async fn due_alarms(&self, now: Timestamp, limit: u32) -> Result<Vec<DueAlarm>, StoreError>;
    /// Plans when an incident is to be looked at again, or that it is not; nothing where something happened to it since.
    async fn plan_alarm(&self, seen: &DueAlarm, next: Option<Timestamp>) -> Result<(), StoreError>;
}
