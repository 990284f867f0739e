//! Commands: what people ask of an incident, and why it may be refused.

use std::collections::BTreeMap;

use jiff::Timestamp;

use facts::{Contradiction, Fact, Facts, InvalidFact, Text, Value};
use law::verdict::{Duty, Outcome};

use crate::{Assessment, Decided, Event, Incident, Narrative};

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Record facts; a `None` makes one unknown again.
    RecordFacts {
        changes: BTreeMap<Fact, Option<Value>>,
        note: Option<String>,
    },
    RecordNarrative(Narrative),
    SetDetectedAt {
        at: Timestamp,
    },
    SetAwareness {
        at: Timestamp,
        is_estimated: bool,
        reason: String,
    },
    /// Put an assessment, computed from this incident's situation, on file.
    RecordAssessment(Box<Assessment>),
    Decide {
        duties: BTreeMap<Duty, bool>,
        motivation: String,
    },
    RecordDocument {
        kind: String,
        title: Text,
        sha256: String,
        size_bytes: u64,
    },
    RecordAuthorityNotified {
        at: Timestamp,
        receipt: String,
    },
    RecordSubjectsInformed {
        at: Timestamp,
        count: u64,
        channel: String,
    },
    Note {
        text: String,
    },
    Close {
        lessons: String,
    },
    Reopen {
        reason: String,
    },
}

/// Why something cannot be done now, in words for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the incident is closed; reopen it first")]
    Closed,
    #[error("the incident is not closed")]
    NotClosed,
    #[error("nothing would change")]
    NothingChanges,
    #[error("the time lies in the future")]
    InTheFuture,
    #[error("awareness cannot lie before the first signal")]
    AwareBeforeDetected,
    #[error("a reason is needed")]
    ReasonNeeded,
    #[error("a motivation is needed: say in your own words why")]
    MotivationNeeded,
    #[error("the incident has not been assessed yet")]
    NotAssessed,
    #[error("facts changed since the assessment; assess again first")]
    AssessmentStale,
    #[error("a decision must answer for every duty that is in play")]
    DutyUnanswered(Duty),
    #[error("the AP's receipt number is needed")]
    ReceiptNeeded,
    #[error("the time lies before the first signal of this incident")]
    BeforeTheSignal,
    #[error("at least one person must have been told")]
    NobodyInformed,
    #[error("the time lies before 25 May 2018, when another law applied")]
    BeforeTheLaw,
    #[error("what was decided has not all been done")]
    NotDone,
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    #[error(transparent)]
    InvalidFact(#[from] InvalidFact),
}

impl Refusal {
    /// The refusal for people, in both languages: what is the matter and what to do.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Closed => {
                Text::new("Dit incident is gesloten. Heropen het eerst.", "This incident is closed. Reopen it first.")
            }
            Self::NotClosed => Text::new("Dit incident is niet gesloten.", "This incident is not closed."),
            Self::NothingChanges => Text::new(
                "Er is niets gewijzigd ten opzichte van wat al vastligt.",
                "Nothing differs from what is already on file.",
            ),
            Self::InTheFuture => Text::new(
                "Deze tijd ligt in de toekomst. Vul een tijd in die voorbij is.",
                "This time lies in the future. Enter a time that has passed.",
            ),
            Self::AwareBeforeDetected => Text::new(
                "De kennisname kan niet vóór het eerste signaal liggen. Pas een van beide tijden aan.",
                "Awareness cannot lie before the first signal. Change one of the two times.",
            ),
            Self::ReasonNeeded => Text::new("Vul in waarom.", "Say why."),
            Self::MotivationNeeded => Text::new(
                "Schrijf in uw eigen woorden waarom u dit besluit.",
                "Write in your own words why you decide this.",
            ),
            Self::NotAssessed => Text::new(
                "Er is nog geen oordeel. Leg eerst de feiten vast en vraag het oordeel.",
                "There is no verdict yet. Record the facts and ask for the verdict first.",
            ),
            Self::AssessmentStale => Text::new(
                "Er zijn feiten gewijzigd na het oordeel. Vraag het oordeel opnieuw.",
                "Facts changed after the verdict. Ask for the verdict again.",
            ),
            Self::DutyUnanswered(duty) => {
                let name = duty.name();
                Text::made(format!("Kies ja of nee bij: {}.", name.nl), format!("Choose yes or no for: {}.", name.en))
            }
            Self::ReceiptNeeded => Text::new(
                "Vul het meldingsnummer in dat de AP u gaf.",
                "Enter the notification number that the AP gave you.",
            ),
            Self::BeforeTheSignal => Text::new(
                "Deze tijd ligt vóór het eerste signaal. Controleer de datum, of pas het eerste signaal aan.",
                "This time lies before the first signal. Check the date, or change the first signal.",
            ),
            Self::NobodyInformed => Text::new(
                "Vul in hoeveel personen zijn ingelicht: ten minste één.",
                "Enter how many persons were told: at least one.",
            ),
            Self::BeforeTheLaw => Text::new(
                "Deze tijd ligt vóór 25 mei 2018. Toen gold een andere wet, die dit programma niet beoordeelt. Controleer de datum.",
                "This time lies before 25 May 2018. Another law applied then, which this program does not judge. Check the date.",
            ),
            Self::NotDone => Text::new(
                "Nog niet alles is gedaan wat u besloot: melden of inlichten staat nog open.",
                "Not everything you decided has been done: notifying or informing is still open.",
            ),
            Self::Contradiction(contradiction) => Text::made(
                format!("Deze feiten spreken elkaar tegen: {} en {}.", contradiction.first, contradiction.second),
                format!("These facts contradict each other: {} and {}.", contradiction.first, contradiction.second),
            ),
            Self::InvalidFact(invalid) => {
                Text::made(format!("Ongeldig feit: {invalid}."), format!("Invalid fact: {invalid}."))
            }
        }
    }
}

impl Incident {
    /// The events that a command leads to, or why not. Changes nothing.
    pub fn decide(&self, command: Command, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        if self.closed_at.is_some() && !matches!(command, Command::Reopen { .. } | Command::Note { .. }) {
            return Err(Refusal::Closed);
        }
        match command {
            Command::RecordFacts { changes, note } => self.record_facts(changes, note.as_deref()),
            Command::RecordNarrative(narrative) => {
                let narrative = tidied(&narrative);
                if narrative == self.narrative {
                    return Err(Refusal::NothingChanges);
                }
                Ok(vec![Event::NarrativeRecorded(narrative)])
            }
            Command::SetDetectedAt { at } => {
                not_after(at, now)?;
                if self.aware.as_ref().is_some_and(|aware| aware.at < at) {
                    return Err(Refusal::AwareBeforeDetected);
                }
                Ok(vec![Event::DetectedAtSet { at }])
            }
            Command::SetAwareness { at, is_estimated, reason } => {
                not_after(at, now)?;
                if self.detected_at.is_some_and(|detected| at < detected) {
                    return Err(Refusal::AwareBeforeDetected);
                }
                let reason = said(&reason).ok_or(Refusal::ReasonNeeded)?;
                Ok(vec![Event::AwarenessSet { at, is_estimated, reason }])
            }
            Command::RecordAssessment(assessment) => Ok(vec![Event::Assessed(assessment)]),
            Command::Decide { duties, motivation } => self.take_decision(duties, &motivation),
            Command::RecordDocument { kind, title, sha256, size_bytes } => {
                Ok(vec![Event::DocumentMade { kind, title, sha256, size_bytes }])
            }
            Command::RecordAuthorityNotified { at, receipt } => {
                not_after(at, now)?;
                self.not_before_signal(at)?;
                let receipt = said(&receipt).ok_or(Refusal::ReceiptNeeded)?;
                Ok(vec![Event::AuthorityNotified { at, receipt }])
            }
            Command::RecordSubjectsInformed { at, count, channel } => {
                not_after(at, now)?;
                self.not_before_signal(at)?;
                if count == 0 {
                    return Err(Refusal::NobodyInformed);
                }
                let channel = said(&channel).ok_or(Refusal::ReasonNeeded)?;
                Ok(vec![Event::SubjectsInformed { at, count, channel }])
            }
            Command::Note { text } => Ok(vec![Event::Noted { text: said(&text).ok_or(Refusal::NothingChanges)? }]),
            Command::Close { lessons } => self.close(&lessons),
            Command::Reopen { reason } => {
                if self.closed_at.is_none() {
                    return Err(Refusal::NotClosed);
                }
                Ok(vec![Event::Reopened { reason: said(&reason).ok_or(Refusal::ReasonNeeded)? }])
            }
        }
    }

    /// Nobody is told of what nobody has noticed. Fields take whole minutes, so the signal's own minute counts.
    fn not_before_signal(&self, at: Timestamp) -> Result<(), Refusal> {
        let minute = jiff::SignedDuration::from_mins(1);
        if at + minute <= self.first_signal() { Err(Refusal::BeforeTheSignal) } else { Ok(()) }
    }

    /// Only what differs is recorded, so that two people who save the same form do not repeat each other.
    fn record_facts(&self, changes: BTreeMap<Fact, Option<Value>>, note: Option<&str>) -> Result<Vec<Event>, Refusal> {
        let changes: BTreeMap<_, _> =
            changes.into_iter().filter(|(fact, value)| self.facts.value(*fact) != value.as_ref()).collect();
        let note = note.and_then(said);
        if changes.is_empty() && note.is_none() {
            return Err(Refusal::NothingChanges);
        }
        let mut after: Facts = self.facts.clone();
        for (fact, value) in &changes {
            match value {
                Some(value) => after.set(*fact, value.clone())?,
                None => after.forget(*fact),
            }
        }
        if let Some(contradiction) = after.contradictions().into_iter().next() {
            return Err(contradiction.into());
        }
        Ok(vec![Event::FactsRecorded { changes, note }])
    }

    fn take_decision(&self, duties: BTreeMap<Duty, bool>, motivation: &str) -> Result<Vec<Event>, Refusal> {
        let (_, assessment) = self.assessment.as_ref().ok_or(Refusal::NotAssessed)?;
        if self.is_assessment_stale {
            return Err(Refusal::AssessmentStale);
        }
        // What the law does not ask needs no answer; what it asks, or may ask, does.
        let in_play = [Duty::NotifyAuthority, Duty::InformSubjects, Duty::NotifyControllers];
        let open = in_play.into_iter().filter(|duty| {
            assessment.outcomes.get(duty).is_some_and(|outcome| {
                *outcome != Outcome::NotRequired || matches!(duty, Duty::NotifyAuthority | Duty::InformSubjects)
            })
        });
        if let Some(duty) = open.into_iter().find(|duty| !duties.contains_key(duty)) {
            return Err(Refusal::DutyUnanswered(duty));
        }
        let motivation = said(motivation).ok_or(Refusal::MotivationNeeded)?;
        let departs = duties
            .iter()
            .filter(|(duty, is_to_do)| match assessment.outcomes.get(duty) {
                Some(Outcome::Required) => !**is_to_do,
                Some(Outcome::NotRequired) => **is_to_do,
                // In doubt the advice is to report: not doing so departs from it.
                Some(Outcome::Undetermined) => **duty == Duty::NotifyAuthority && !**is_to_do,
                None => false,
            })
            .map(|(duty, _)| *duty)
            .collect();
        Ok(vec![Event::Decided(Decided { duties, departs, motivation })])
    }

    fn close(&self, lessons: &str) -> Result<Vec<Event>, Refusal> {
        match self.phase() {
            crate::Phase::Done => Ok(vec![Event::Closed { lessons: said(lessons).ok_or(Refusal::ReasonNeeded)? }]),
            crate::Phase::Closed => Err(Refusal::Closed),
            crate::Phase::Investigating | crate::Phase::AwaitingDecision | crate::Phase::Acting => {
                Err(Refusal::NotDone)
            }
        }
    }
}

fn not_after(at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if at > now { Err(Refusal::InTheFuture) } else { Ok(()) }
}

/// What was really said: trimmed, and nothing when nothing is left.
fn said(text: &str) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn tidied(narrative: &Narrative) -> Narrative {
    let tidy = |text: &Option<String>| text.as_deref().and_then(said);
    Narrative {
        description: tidy(&narrative.description),
        measures_taken: tidy(&narrative.measures_taken),
        measures_planned: tidy(&narrative.measures_planned),
        late_reason: tidy(&narrative.late_reason),
    }
}
