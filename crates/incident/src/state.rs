//! An incident as its events have made it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use facts::{Country, Facts, IncidentId, OrganisationId, Situation, Text};

use law::verdict::{Duty, Outcome};

use crate::{Actor, Assessment, Decided, Event, Narrative, Opening, Stamped};

/// Where an incident stands on its road; derived, never set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The facts do not settle yet what the law asks: more are wanted. Deciding is possible all the same.
    Investigating,
    /// The facts settle it, and nobody has decided; or the verdict has changed since somebody did.
    AwaitingDecision,
    /// Decided; what was decided is not all done.
    Acting,
    /// Decided and done; to be closed.
    Done,
    Closed,
}

/// One incident, replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    pub id: IncidentId,
    pub organisation: OrganisationId,
    /// Counts from 1 within the organisation.
    pub number: u64,
    pub title: String,
    pub opened_at: Timestamp,
    pub opened_by: Actor,
    pub opening: Opening,
    pub facts: Facts,
    pub narrative: Narrative,
    pub detected_at: Option<Timestamp>,
    pub aware: Option<Awareness>,
    /// The newest assessment, with when it was made.
    pub assessment: Option<(Timestamp, Assessment)>,
    /// Facts or times changed after the newest assessment.
    pub is_assessment_stale: bool,
    pub decision: Option<Decision>,
    pub documents: Vec<Document>,
    pub authority_notified: Option<(Timestamp, String)>,
    pub subjects_informed: Option<(Timestamp, u64, String)>,
    pub closed_at: Option<Timestamp>,
    /// Everything that happened, in order.
    pub timeline: Vec<Stamped>,
}

/// When the organisation knew, and why it says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Awareness {
    pub at: Timestamp,
    pub is_estimated: bool,
    pub reason: String,
    pub set_by: Actor,
    pub set_at: Timestamp,
}

/// The newest decision, with who took it and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub decided: Decided,
    pub by: Actor,
    pub at: Timestamp,
    /// What the assessment said when it was taken.
    pub advised: BTreeMap<Duty, Outcome>,
}

/// A document that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub kind: String,
    pub title: Text,
    pub sha256: String,
    pub size_bytes: u64,
    pub made_at: Timestamp,
}

impl Incident {
    /// The incident that an opening event makes; nothing for any other event.
    #[must_use]
    pub fn open(organisation: OrganisationId, first: &Stamped) -> Option<Self> {
        let Event::Opened { number, title, opening } = &first.event else { return None };
        let mut incident = Self {
            id: first.incident,
            organisation,
            number: *number,
            title: title.clone(),
            opened_at: first.recorded_at,
            opened_by: first.by.clone(),
            opening: opening.clone(),
            facts: Facts::new(),
            narrative: Narrative::default(),
            detected_at: None,
            aware: None,
            assessment: None,
            is_assessment_stale: false,
            decision: None,
            documents: Vec::new(),
            authority_notified: None,
            subjects_informed: None,
            closed_at: None,
            timeline: vec![first.clone()],
        };
        incident.detected_at = match opening {
            Opening::Detected { first_at, .. } => Some(*first_at),
            Opening::Reported { .. } => None,
        };
        Some(incident)
    }

    /// Replays a whole history; nothing when it does not begin with an opening.
    #[must_use]
    pub fn replay(organisation: OrganisationId, history: &[Stamped]) -> Option<Self> {
        let (first, rest) = history.split_first()?;
        let mut incident = Self::open(organisation, first)?;
        rest.iter().for_each(|stamped| incident.apply(stamped));
        Some(incident)
    }

    /// Takes in one event, as written.
    pub fn apply(&mut self, stamped: &Stamped) {
        let at = stamped.recorded_at;
        match &stamped.event {
            // A second opening changes nothing: the first one made the incident.
            Event::Opened { .. } | Event::Noted { .. } => {}
            Event::FactsRecorded { changes, .. } => {
                for (fact, value) in changes {
                    match value {
                        // A value of the journal was checked when it was written; one of another edition of the
                        // vocabulary is left out rather than guessed.
                        Some(value) => {
                            let _ = self.facts.set(*fact, value.clone());
                        }
                        None => self.facts.forget(*fact),
                    }
                }
                self.is_assessment_stale = true;
            }
            Event::NarrativeRecorded(narrative) => self.narrative = narrative.clone(),
            Event::DetectedAtSet { at: detected } => {
                self.detected_at = Some(*detected);
                self.is_assessment_stale = true;
            }
            Event::AwarenessSet { at: aware, is_estimated, reason } => {
                self.aware = Some(Awareness {
                    at: *aware,
                    is_estimated: *is_estimated,
                    reason: reason.clone(),
                    set_by: stamped.by.clone(),
                    set_at: at,
                });
                self.is_assessment_stale = true;
            }
            Event::Assessed(assessment) => {
                self.assessment = Some((at, (**assessment).clone()));
                self.is_assessment_stale = false;
            }
            Event::Decided(decided) => {
                let advised = self.assessment.as_ref().map(|(_, assessment)| assessment.outcomes.clone());
                self.decision = Some(Decision {
                    decided: decided.clone(),
                    by: stamped.by.clone(),
                    at,
                    advised: advised.unwrap_or_default(),
                });
            }
            Event::DocumentMade { kind, title, sha256, size_bytes } => self.documents.push(Document {
                kind: kind.clone(),
                title: title.clone(),
                sha256: sha256.clone(),
                size_bytes: *size_bytes,
                made_at: at,
            }),
            // The first report is the one that was in time or late; what follows it supplements, or corrects its number.
            Event::AuthorityNotified { at, receipt } => {
                if self.authority_notified.as_ref().is_none_or(|(first, _)| at <= first) {
                    self.authority_notified = Some((*at, receipt.clone()));
                }
            }
            Event::SubjectsInformed { at, count, channel } => {
                self.subjects_informed = Some((*at, *count, channel.clone()));
            }
            Event::Closed { .. } => self.closed_at = Some(at),
            Event::Reopened { .. } => self.closed_at = None,
        }
        self.timeline.push(stamped.clone());
    }

    /// What the assessment reads.
    #[must_use]
    pub fn situation(&self, jurisdiction: Country) -> Situation {
        Situation {
            id: Some(self.number.to_string()),
            detected_at: Some(self.first_signal()),
            informed_by_processor_at: None,
            aware_at: self.aware.as_ref().map(|aware| aware.at),
            jurisdiction: Some(jurisdiction),
            facts: self.facts.clone(),
        }
    }

    /// The moment the 72-hour clock runs from, and whether that is provisional (nobody set awareness yet).
    #[must_use]
    pub fn clock_start(&self) -> (Timestamp, bool) {
        match &self.aware {
            Some(aware) => (aware.at, false),
            None => (self.first_signal(), true),
        }
    }

    /// The first signal. Who says they were aware before the report was typed in, had their signal by then.
    #[must_use]
    pub fn first_signal(&self) -> Timestamp {
        let known = self.detected_at.unwrap_or(self.opened_at).min(self.opened_at);
        self.aware.as_ref().map_or(known, |aware| aware.at.min(known))
    }

    /// Whether a person decided that this duty is to be done. Absent as well while the verdict has changed since: what was
    /// decided on other grounds stops no clock.
    #[must_use]
    pub fn is_to_do(&self, duty: Duty) -> Option<bool> {
        if self.is_decision_outdated() {
            return None;
        }
        self.decision.as_ref().and_then(|decision| decision.decided.duties.get(&duty).copied())
    }

    /// Whether the verdict has changed since the decision was taken: somebody should look again.
    #[must_use]
    pub fn is_decision_outdated(&self) -> bool {
        match (&self.decision, &self.assessment) {
            (Some(decision), Some((_, assessment))) => decision.advised != assessment.outcomes,
            _ => false,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.closed_at.is_some() {
            return Phase::Closed;
        }
        if self.decision.is_none() || self.is_decision_outdated() {
            let is_settled = self.assessment.as_ref().is_some_and(|(_, assessment)| {
                [Duty::NotifyAuthority, Duty::InformSubjects]
                    .iter()
                    .all(|duty| assessment.outcomes.get(duty) != Some(&Outcome::Undetermined))
            });
            return if is_settled { Phase::AwaitingDecision } else { Phase::Investigating };
        }
        let authority_waits = self.is_to_do(Duty::NotifyAuthority) == Some(true) && self.authority_notified.is_none();
        let subjects_wait = self.is_to_do(Duty::InformSubjects) == Some(true) && self.subjects_informed.is_none();
        if authority_waits || subjects_wait { Phase::Acting } else { Phase::Done }
    }
}
