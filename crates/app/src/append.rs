//! The four lines that every use case on an incident shares: load, decide, apply, append.

use jiff::{SignedDuration, Timestamp};

use facts::{IncidentId, OrganisationId};
use incident::{Actor, Command, Event, Imported, Incident, Stamped};
use law::verdict::Duty;

use crate::evidence::files_of;
use crate::journal::{ASTRAY, FEWER, MISSING, NO_OPENING, is_damaged};
use crate::on_record::are_as_written;
use crate::{
    App, Append, Error, IncidentRow, Keeping, Listing, NewEntry, RegisterLine, Scope, StoreError, StoredDetection,
    StoredEntry, read_event, write_event,
};

/// By how much a clock is set back by accident: a wrong zone, a summer hour, a machine that slept.
const MOST_SET_BACK: SignedDuration = SignedDuration::from_hours(3);

impl App {
    /// An incident by its number, replayed from the journal.
    pub async fn incident(&self, scope: &Scope, number: u64) -> Result<Incident, Error> {
        let row = self.store.incident_by_number(scope, number).await?;
        self.replayed(scope, &row).await
    }

    /// The incident of a line of the lists, which was read before: one with fewer entries than the line counts lost some to
    /// another incident, or altogether.
    pub(crate) async fn replayed(&self, scope: &Scope, row: &IncidentRow) -> Result<Incident, Error> {
        let history = self.history_of(scope, row).await?;
        replay(scope.id(), &history).map_err(|error| self.named(scope, row.number, error))
    }

    /// The same as entries, as many as the line counts at least.
    pub(crate) async fn history_of(&self, scope: &Scope, row: &IncidentRow) -> Result<Vec<StoredEntry>, Error> {
        match self.store.history(scope, row.id).await {
            Ok(history) if history.len() as u64 >= row.entries => Ok(history),
            // A line that counts none is of no incident that the journal knew.
            Err(error) if row.entries == 0 || !matches!(error, StoreError::NotFound) => Err(error.into()),
            short => {
                let left = short.unwrap_or_default();
                are_as_written(scope.id(), &left).map_err(|error| self.named(scope, row.number, error))?;
                let astray = self.astray(scope).await?;
                let damaged = match (astray.incidents.get(&row.id), astray.missing) {
                    (Some(index), _) => is_damaged(scope.id(), *index, ASTRAY),
                    (None, Some(index)) => is_damaged(scope.id(), index, MISSING),
                    (None, None) => is_damaged(scope.id(), None, FEWER),
                };
                Err(self.named(scope, row.number, damaged))
            }
        }
    }

    /// The error that an entry of this incident gave, with the incident's number.
    pub(crate) async fn naming(&self, scope: &Scope, incident: IncidentId, error: Error) -> Error {
        match self.store.incidents(scope).await {
            Ok(rows) => match rows.iter().find(|row| row.id == incident) {
                Some(row) => self.named(scope, row.number, error),
                None => error,
            },
            Err(_) => error,
        }
    }

    /// Decides commands on an incident that was loaded, lets the law look at it again where facts or times changed, and
    /// appends what follows, with the detections that it rests on from then on. The incident given is brought up to date.
    pub(crate) async fn carry_out(
        &self,
        scope: &Scope,
        incident: &mut Incident,
        commands: Vec<Command>,
        detections: Vec<StoredDetection>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let now = self.not_before(scope, now).await?;
        let append = Append { detections, ..self.carried(scope, incident, commands, now)? };
        Ok(self.store.append(scope, append, self.signer.as_ref()).await?)
    }

    /// What carrying out these commands would append; nothing is written. The incident given is brought up to date.
    pub fn carried(
        &self,
        scope: &Scope,
        incident: &mut Incident,
        commands: Vec<Command>,
        now: Timestamp,
    ) -> Result<Append, Error> {
        let expected = incident.timeline.len() as u64;
        let mut events = Vec::new();
        let program = Actor::Program;
        for command in commands {
            // What a sensor proposes is no word of the person who put the rest there.
            let by = if matches!(command, Command::ProposeFacts { .. }) { &program } else { scope.actor() };
            let decided = incident.decide(command, by, now)?;
            take_in(incident, by, now, &decided);
            events.extend(decided.into_iter().map(|event| (by.clone(), event)));
        }
        if incident.is_assessment_stale {
            let assessed = Event::Assessed(Box::new(self.assess_on_file(scope, incident, now)?));
            take_in(incident, &Actor::Program, now, std::slice::from_ref(&assessed));
            events.push((Actor::Program, assessed));
        }
        self.to_append(scope, incident, expected, &events, Vec::new(), now)
    }

    /// The moment under which something is recorded: now, or that of what was recorded last where the clock was set back a
    /// little since. A journal tells its order by its entries' places; the times should not contradict it. A clock that is
    /// further back was set right: one that once stood a year ahead must not date everything after it.
    pub(crate) async fn not_before(&self, scope: &Scope, now: Timestamp) -> Result<Timestamp, Error> {
        let last = self.store.last_recorded(scope).await?;
        let held = last.filter(|last| *last > now && last.duration_since(now) <= MOST_SET_BACK);
        Ok(held.unwrap_or(now))
    }

    /// The newest moment under which anything is recorded, if that is still to come: then the clock was set back since.
    pub async fn recorded_ahead(&self, now: Timestamp) -> Result<Option<Timestamp>, Error> {
        let mut ahead = None;
        for organisation in self.store.organisations().await? {
            let scope = self.permit_program(&organisation.slug).await?;
            ahead = ahead.max(self.store.last_recorded(&scope).await?.filter(|last| *last > now));
        }
        Ok(ahead)
    }

    /// What is written of events of an incident that has already taken them in.
    pub(crate) fn to_append(
        &self,
        scope: &Scope,
        incident: &Incident,
        expected: u64,
        events: &[(Actor, Event)],
        detections: Vec<StoredDetection>,
        now: Timestamp,
    ) -> Result<Append, Error> {
        let mut entries = Vec::with_capacity(events.len());
        for (by, event) in events {
            let body = write_event(incident.id, by, event).map_err(Error::internal)?;
            entries.push(NewEntry { kind: event.kind(), recorded_at: now, body, salt: self.chance.bytes()? });
        }
        let said: Vec<_> = events.iter().map(|(_, event)| event).collect();
        Ok(Append {
            incident: incident.id,
            expected,
            entries,
            row: project(incident),
            listing: listing(incident)?,
            detections,
            letters: self.handover(scope, incident, &said, now)?.into_iter().collect(),
            erase: Vec::new(),
            forget: Vec::new(),
            files: files_of(events.iter().map(|(_, event)| event)),
        })
    }
}

/// Applies events to the incident as they will be written.
pub(crate) fn take_in(incident: &mut Incident, by: &Actor, now: Timestamp, events: &[Event]) {
    for event in events {
        incident.apply(&Stamped {
            incident: incident.id,
            index: None,
            recorded_at: now,
            by: by.clone(),
            event: event.clone(),
        });
    }
}

/// Replays an incident's whole history, each entry of which must be what was written: what was changed in the database is not
/// shown as true, nor what was deleted there as erased.
pub(crate) fn replay(organisation: OrganisationId, entries: &[StoredEntry]) -> Result<Incident, Error> {
    are_as_written(organisation, entries)?;
    replay_as_it_is(organisation, entries)
}

/// Replays stored entries as they are now, for the lines of lists: those of a damaged entry are no reason to show none of the
/// others. Of erased ones their place and kind remain: what they said is gone, that they stood there is
/// proved.
pub(crate) fn replay_as_it_is(organisation: OrganisationId, entries: &[StoredEntry]) -> Result<Incident, Error> {
    let mut history = Vec::with_capacity(entries.len());
    for entry in entries {
        history.push(match &entry.salt_and_body {
            Some((_, body)) => read_event(body, entry.index, entry.recorded_at).map_err(Error::internal)?,
            None => Stamped {
                incident: entry.incident,
                index: Some(entry.index),
                recorded_at: entry.recorded_at,
                by: Actor::Program,
                event: Event::Gone { kind: entry.kind.clone() },
            },
        });
    }
    let first = entries.first().map(|entry| entry.index);
    Incident::replay(organisation, &history).ok_or_else(|| is_damaged(organisation, first, NO_OPENING))
}

/// The line and the listing that a history comes to. `NotFound`: it does not begin with an opening. For histories that were
/// never stored.
pub fn lines_of(organisation: OrganisationId, history: &[Stamped]) -> Result<(IncidentRow, Listing), Error> {
    let incident = Incident::replay(organisation, history).ok_or(Error::NotFound)?;
    Ok((project(&incident), listing(&incident)?))
}

/// What the lists besides its line are read from.
pub(crate) fn listing(incident: &Incident) -> Result<Listing, Error> {
    RegisterLine::of(project(incident), incident).listing(incident.imported()).map_err(Error::internal)
}

/// The line of an incident in lists.
pub(crate) fn project(incident: &Incident) -> IncidentRow {
    let outcome =
        |duty| incident.assessment.as_ref().and_then(|(_, assessment)| assessment.outcomes.get(&duty).copied());
    IncidentRow {
        id: incident.id,
        number: incident.number,
        title: incident.title.clone(),
        opened_at: incident.opened_at,
        urgency: incident.seen_in_all().map(|seen| seen.urgency),
        phase: incident.phase(),
        clock_start: incident.clock_start().map(|(at, _)| at),
        is_provisional: incident.aware.is_none(),
        waits_for: incident.waits_for().first().copied(),
        notify_authority: outcome(Duty::NotifyAuthority),
        inform_subjects: outcome(Duty::InformSubjects),
        is_notify_decided: incident.is_to_do(Duty::NotifyAuthority),
        authority_notified_at: incident.authority_notified.as_ref().map(|(at, _)| *at),
        told_there: incident.told_there(),
        number_there: incident.imported().and_then(Imported::number_to_find),
        closed_at: incident.closed_at,
        entries: incident.timeline.len() as u64,
        keeping: Keeping {
            kind: match &incident.erased {
                Some(erased) => erased.erasure.kind,
                None => incident.retention_kind(),
            },
            changed_at: incident.changed_at(),
            held_at: incident.held.as_ref().map(|hold| hold.since),
            erased_at: incident.erased.as_ref().map(|erased| erased.at),
        },
    }
}
