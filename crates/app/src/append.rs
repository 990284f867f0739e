//! The four lines that every use case on an incident shares: load, decide, apply, append.

use jiff::Timestamp;

use facts::{IncidentId, OrganisationId};
use incident::{Actor, Command, Event, Incident, Opening, Stamped};
use law::verdict::Duty;

use crate::evidence::files_of;
use crate::{App, Append, Error, IncidentRow, NewEntry, Scope, StoredDetection, StoredEntry, read_event, write_event};

impl App {
    /// An incident by its number, replayed from the journal.
    pub async fn incident(&self, scope: &Scope, number: u64) -> Result<Incident, Error> {
        let row = self.store.incident_by_number(scope, number).await?;
        let entries = self.store.history(scope, row.id).await?;
        replay(scope.id(), &entries)
    }

    /// Decides a command on an incident that was loaded, lets the law look at it again where facts or times changed,
    /// and appends what follows. The incident given is brought up to date.
    pub(crate) async fn carry_out(
        &self,
        scope: &Scope,
        incident: &mut Incident,
        commands: Vec<Command>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let expected = incident.timeline.len() as u64;
        let mut events = Vec::new();
        for command in commands {
            let decided = incident.decide(command, scope.actor(), now)?;
            take_in(incident, scope.actor(), now, &decided);
            events.extend(decided.into_iter().map(|event| (scope.actor().clone(), event)));
        }
        if incident.is_assessment_stale {
            let assessed = Event::Assessed(Box::new(self.assess_on_file(scope, incident, now)?));
            take_in(incident, &Actor::Program, now, std::slice::from_ref(&assessed));
            events.push((Actor::Program, assessed));
        }
        self.append(scope, incident, expected, &events, Vec::new(), now).await
    }

    /// Writes events of an incident that has already taken them in.
    pub(crate) async fn append(
        &self,
        scope: &Scope,
        incident: &Incident,
        expected: u64,
        events: &[(Actor, Event)],
        detections: Vec<StoredDetection>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut entries = Vec::with_capacity(events.len());
        for (by, event) in events {
            let body = write_event(incident.id, by, event).map_err(Error::internal)?;
            entries.push(NewEntry { kind: event.kind(), recorded_at: now, body, salt: self.chance.bytes()? });
        }
        let append = Append {
            incident: incident.id,
            expected,
            entries,
            row: project(incident),
            detections,
            letters: Vec::new(),
            erase: Vec::new(),
            files: files_of(events.iter().map(|(_, event)| event)),
        };
        Ok(self.store.append(scope, append, self.signer.as_ref()).await?)
    }

    /// Rebuilds the projection of an organisation from its journal alone.
    pub async fn rebuild(&self, scope: &Scope) -> Result<(), Error> {
        let entries = self.store.entries(scope).await?;
        let mut histories: std::collections::BTreeMap<IncidentId, Vec<StoredEntry>> = Default::default();
        for entry in entries {
            histories.entry(entry.incident).or_default().push(entry);
        }
        let rows = histories
            .values()
            .map(|history| replay(scope.id(), history).map(|incident| project(&incident)))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(self.store.replace_projection(scope, rows).await?)
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

/// Replays stored entries. Erased ones are passed over: what they said is gone, that they stood there is proved.
pub(crate) fn replay(organisation: OrganisationId, entries: &[StoredEntry]) -> Result<Incident, Error> {
    let mut history = Vec::with_capacity(entries.len());
    for entry in entries {
        if let Some((_, body)) = &entry.salt_and_body {
            history.push(read_event(body, entry.index, entry.recorded_at).map_err(Error::internal)?);
        }
    }
    Incident::replay(organisation, &history).ok_or(Error::NotFound)
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
        urgency: match &incident.opening {
            Opening::Detected { urgency, .. } => Some(*urgency),
            Opening::Reported { .. } | Opening::Imported(_) => None,
        },
        phase: incident.phase(),
        clock_start: incident.clock_start().map(|(at, _)| at),
        is_provisional: incident.aware.is_none(),
        waits_for: incident.waits_for().first().copied(),
        notify_authority: outcome(Duty::NotifyAuthority),
        inform_subjects: outcome(Duty::InformSubjects),
        is_notify_decided: incident.is_to_do(Duty::NotifyAuthority),
        authority_notified_at: incident.authority_notified.as_ref().map(|(at, _)| *at),
        closed_at: incident.closed_at,
        entries: incident.timeline.len() as u64,
    }
}
