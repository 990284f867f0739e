//! What people do with an incident: record facts and times, decide, record what was sent, note, close.

use std::collections::BTreeMap;

use jiff::Timestamp;

use facts::{Fact, Value};
use incident::{Command, Incident, Narrative, Permission};
use law::verdict::Duty;

use crate::{App, Error, Scope};

/// Where an incident stands after something was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    pub incident: Incident,
}

impl App {
    /// Records facts (a `None` makes one unknown again) and lets the law look again.
    pub async fn record_facts(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        changes: BTreeMap<Fact, Option<Value>>,
        note: Option<String>,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, seen_entries, vec![Command::RecordFacts { changes, note }], now).await
    }

    /// Records what people wrote for the register and the documents. `seen_entries`: how many entries the incident had
    /// when its texts were read, so that nobody's text is replaced unseen; the same for the times below.
    pub async fn record_narrative(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        narrative: Narrative,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, seen_entries, vec![Command::RecordNarrative(narrative)], now).await
    }

    /// Sets when the organisation became aware (kennisname), with the reason.
    #[expect(clippy::too_many_arguments, reason = "one for each thing that is said, as the form asks it")]
    pub async fn set_awareness(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        at: Timestamp,
        is_estimated: bool,
        reason: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, seen_entries, vec![Command::SetAwareness { at, is_estimated, reason }], now).await
    }

    /// Sets the first signal (ontdekking).
    pub async fn set_detected_at(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, seen_entries, vec![Command::SetDetectedAt { at }], now).await
    }

    /// Puts a person's decision on file, under their name. `seen_entries`: how many entries the incident had when the
    /// page was shown, so that nobody decides on facts they have not seen.
    pub async fn decide(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: u64,
        duties: BTreeMap<Duty, bool>,
        motivation: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::Decide)?;
        self.carry(scope, number, Some(seen_entries), vec![Command::Decide { duties, motivation }], now).await
    }

    /// Records that the report was entered in the AP's form, with the AP's number.
    pub async fn record_authority_notified(
        &self,
        scope: &Scope,
        number: u64,
        at: Timestamp,
        receipt: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, None, vec![Command::RecordAuthorityNotified { at, receipt }], now).await
    }

    /// Records that the persons were told.
    pub async fn record_subjects_informed(
        &self,
        scope: &Scope,
        number: u64,
        at: Timestamp,
        count: u64,
        channel: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, None, vec![Command::RecordSubjectsInformed { at, count, channel }], now).await
    }

    /// Adds a note to the timeline.
    pub async fn note(&self, scope: &Scope, number: u64, text: String, now: Timestamp) -> Result<Recorded, Error> {
        self.handle(scope, number, None, vec![Command::Note { text }], now).await
    }

    /// Closes an incident of which everything decided is done.
    pub async fn close(&self, scope: &Scope, number: u64, lessons: String, now: Timestamp) -> Result<Recorded, Error> {
        require(scope, Permission::Close)?;
        self.carry(scope, number, None, vec![Command::Close { lessons }], now).await
    }

    /// Opens a closed incident again.
    pub async fn reopen(&self, scope: &Scope, number: u64, reason: String, now: Timestamp) -> Result<Recorded, Error> {
        require(scope, Permission::Close)?;
        self.carry(scope, number, None, vec![Command::Reopen { reason }], now).await
    }

    async fn handle(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        commands: Vec<Command>,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::HandleIncident)?;
        self.carry(scope, number, seen_entries, commands, now).await
    }

    async fn carry(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        commands: Vec<Command>,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        // Who was shown nothing in particular (a note, a moment) is not in anybody's way: if somebody writes in between, it
        // is done again on what stands there then.
        for _ in 0..50 {
            let mut incident = self.incident(scope, number).await?;
            if seen_entries.is_some_and(|seen| seen != incident.timeline.len() as u64) {
                return Err(Error::Conflict);
            }
            match self.carry_out(scope, &mut incident, commands.clone(), now).await {
                Err(Error::Conflict) if seen_entries.is_none() => {}
                done => return done.map(|()| Recorded { incident }),
            }
        }
        Err(Error::Conflict)
    }
}

pub(crate) fn require(scope: &Scope, permission: Permission) -> Result<(), Error> {
    if scope.allows(permission) { Ok(()) } else { Err(Error::Forbidden) }
}
