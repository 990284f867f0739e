//! What people do with an incident: record facts and times, decide, record what was sent, note, close.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use facts::{Fact, Value};
use incident::{Command, Event, Incident, Informed, Narrative, Order, Permission, Refusal};
use law::enisa::Score;
use law::verdict::{CsirtStepKind, Duty, LawStatus};

use crate::{App, Error, Scope, StoredDetection};

/// Where an incident stands after something was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    pub incident: Incident,
}

/// The FG's advice, as it is put on file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// The FG's name; not read where the FG records it.
    pub by_name: String,
    pub advised_at: Timestamp,
    pub advice: String,
    /// What it comes to, for each duty that it names.
    pub advises: BTreeMap<Duty, bool>,
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

    /// Records that some facts are not known yet, so that they are not asked again at once.
    pub async fn not_known_yet(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        facts: BTreeSet<Fact>,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, seen_entries, vec![Command::NotKnownYet { facts }], now).await
    }

    /// Records when a processor's notice was delivered (AVG art. 33(2)), and which processor gave it.
    pub async fn record_processor_informed(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        at: Timestamp,
        by: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, seen_entries, vec![Command::RecordProcessorInformed { at, by }], now).await
    }

    /// Records that a person looked at what the sensor saw. Confirming it starts the provisional clock; a false alarm needs a
    /// note, and is recorded as no security incident.
    pub async fn check_detection(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        is_real: bool,
        note: Option<String>,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, seen_entries, vec![Command::CheckDetection { is_real, note }], now).await
    }

    /// Replaces ENISA's computed score by a person's, with the reason; `None` takes that back.
    pub async fn adjust_enisa(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        score: Option<Score>,
        reason: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, seen_entries, vec![Command::AdjustEnisa { score, reason }], now).await
    }

    /// Puts the FG's advice on file. The FG does so under their own name, whatever name is given; who handles the incident
    /// records an outside FG's advice under that FG's name, never under their own.
    pub async fn record_dpo_advice(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        advice: Advice,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let Advice { by_name, advised_at, advice, advises } = advice;
        let own = scope.actor().name();
        let by_name = if scope.has_role_for(Permission::Advise) {
            own.to_owned()
        } else {
            require(scope, Permission::HandleIncident)?;
            if by_name.trim().to_lowercase() == own.trim().to_lowercase() {
                return Err(Refusal::NotTheDpo.into());
            }
            by_name
        };
        let command = Command::RecordDpoAdvice { by_name, advised_at, advice, advises };
        self.carry(scope, number, seen_entries, vec![command], now).await
    }

    /// Puts a person's decision on file, under their name. `seen_entries`: how many entries the incident had when the
    /// page was shown, so that nobody decides on facts they have not seen.
    pub async fn decide(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: u64,
        order: Order,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::Decide)?;
        self.carry_with(scope, number, Some(seen_entries), now, |incident| {
            self.refuse_historical(scope, incident, now)?;
            Ok(vec![Command::Decide(order.clone())])
        })
        .await
    }

    /// Records a step of telling the CSIRT, with what it gave in return (may be empty).
    #[expect(clippy::too_many_arguments, reason = "one for each thing that is said, as the form asks it")]
    pub async fn record_csirt_notified(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        step: CsirtStepKind,
        at: Timestamp,
        receipt: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::HandleIncident)?;
        self.carry_with(scope, number, seen_entries, now, |incident| {
            self.refuse_historical(scope, incident, now)?;
            Ok(vec![Command::RecordCsirtNotified { step, at, receipt: receipt.clone() }])
        })
        .await
    }

    /// Records that a processor warned its controllers: how many, and by which channel.
    #[expect(clippy::too_many_arguments, reason = "one for each thing that is said, as the form asks it")]
    pub async fn record_controllers_warned(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        at: Timestamp,
        count: u64,
        channel: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.handle(scope, number, seen_entries, vec![Command::RecordControllersWarned { at, count, channel }], now)
            .await
    }

    /// Records that an agreed term of the organisation's settings was met. `NotFound`: there is no such term.
    pub async fn record_term_met(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        term: &str,
        at: Timestamp,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        let terms = &scope.organisation().profile.terms;
        let known = terms.iter().find(|known| known.id == term).ok_or(Error::NotFound)?;
        let command = Command::RecordTermMet { term: known.id.clone(), with: known.with.clone(), at };
        self.handle(scope, number, seen_entries, vec![command], now).await
    }

    /// Records that persons were told: more than are on file, or (a correction) instead of those. `seen_entries`: how many
    /// entries the incident had when the form was shown; who did not see what another recorded since adds nothing to it, and
    /// the same form sent twice is recorded once.
    pub async fn record_subjects_informed(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        informed: Informed,
        is_correction: bool,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::HandleIncident)?;
        let Informed { at, count, channel } = informed;
        let said = channel.trim();
        self.carry_with(scope, number, None, now, |incident| {
            let news = Since::of(incident, seen_entries, scope, |event| match event {
                Event::SubjectsInformed { at: then, count: many, channel: how, is_correction: corrects } => {
                    Some((*then, *many, how.as_str(), *corrects) == (at, count, said, is_correction))
                }
                _ => None,
            });
            let command = Command::RecordSubjectsInformed { at, count, channel: channel.clone(), is_correction };
            news.unless_told(|| Ok(vec![command]))
        })
        .await
    }

    /// Adds a note to the timeline.
    pub async fn note(&self, scope: &Scope, number: u64, text: String, now: Timestamp) -> Result<Recorded, Error> {
        self.handle(scope, number, None, vec![Command::Note { text }], now).await
    }

    /// The same for a form that may be sent twice, by a double press or after an answer that never came. `seen_entries`: how
    /// many entries the incident had when the form was shown; the same words of the same person since then are this very note,
    /// and nothing is added.
    pub async fn note_once(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: u64,
        text: String,
        now: Timestamp,
    ) -> Result<(), Error> {
        require(scope, Permission::HandleIncident)?;
        let seen = usize::try_from(seen_entries).unwrap_or(usize::MAX);
        let is_there = |incident: &Incident| {
            incident.timeline.iter().skip(seen).any(|stamped| {
                stamped.by.user() == scope.actor().user()
                    && matches!(&stamped.event, Event::Noted { text: noted } if noted == text.trim())
            })
        };
        // Found inside, so that of two at the same moment the second sees what the first wrote.
        let noted = self.carry_with(scope, number, None, now, |incident| {
            if is_there(incident) {
                return Err(Refusal::NothingChanges.into());
            }
            Ok(vec![Command::Note { text: text.clone() }])
        });
        match noted.await {
            Err(Error::Refused(Refusal::NothingChanges)) if !text.trim().is_empty() => Ok(()),
            noted => noted.map(drop),
        }
    }

    /// Closes an incident of which everything decided is done. What a law that is no more judges has nothing to be done.
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

    /// Nobody decides or reports under a law that is history: its verdict is there to be read.
    pub(crate) fn refuse_historical(&self, scope: &Scope, incident: &Incident, now: Timestamp) -> Result<(), Error> {
        match self.verdict(scope, incident, now)?.verdict.law.status {
            LawStatus::Historical => Err(Refusal::HistoricalLaw.into()),
            LawStatus::InForce | LawStatus::Proposal => Ok(()),
        }
    }

    pub(crate) async fn carry(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        commands: Vec<Command>,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        self.carry_with(scope, number, seen_entries, now, |_| Ok(commands.clone())).await
    }

    /// Carries out the commands that are made from the incident as it stands when they are carried out.
    pub(crate) async fn carry_with(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        now: Timestamp,
        commands: impl Fn(&Incident) -> Result<Vec<Command>, Error> + Send + Sync,
    ) -> Result<Recorded, Error> {
        self.carry_seen(scope, number, seen_entries, now, |incident| Ok((commands(incident)?, Vec::new()))).await
    }

    /// The same, with the detections that the incident rests on from then on.
    pub(crate) async fn carry_seen(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        now: Timestamp,
        commands: impl Fn(&Incident) -> Result<(Vec<Command>, Vec<StoredDetection>), Error> + Send + Sync,
    ) -> Result<Recorded, Error> {
        // Who was shown nothing in particular (a note, a moment) is not in anybody's way: if somebody writes in between, it
        // is done again on what stands there then.
        for _ in 0..50 {
            let mut incident = self.incident(scope, number).await?;
            if seen_entries.is_some_and(|seen| has_news(&incident, seen)) {
                return Err(Error::Conflict);
            }
            let (commands, detections) = commands(&incident)?;
            if commands.is_empty() {
                return Ok(Recorded { incident });
            }
            match self.carry_out(scope, &mut incident, commands, detections, now).await {
                Err(Error::Conflict) => {}
                done => return done.map(|()| Recorded { incident }),
            }
        }
        Err(Error::Conflict)
    }
}

/// What was recorded of one kind since whoever sends a form saw the incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    Nothing,
    /// This very form, by the same person: it was sent twice.
    This,
    /// Something that whoever sends it has not seen.
    Other,
}

impl Since {
    /// `kin`: of an entry of that kind whether it is this very one.
    pub(crate) fn of(
        incident: &Incident,
        seen: Option<u64>,
        scope: &Scope,
        kin: impl Fn(&Event) -> Option<bool>,
    ) -> Self {
        let Some(seen) = seen else { return Self::Nothing };
        let new = incident.timeline.iter().skip(usize::try_from(seen).unwrap_or(usize::MAX));
        let kin: Vec<bool> =
            new.filter_map(|stamped| Some(kin(&stamped.event)? && stamped.by.user() == scope.actor().user())).collect();
        match kin.as_slice() {
            [] => Self::Nothing,
            all if all.contains(&true) => Self::This,
            _ => Self::Other,
        }
    }

    /// The commands where nobody recorded any yet; none where it is recorded already.
    pub(crate) fn unless_told(
        self,
        commands: impl FnOnce() -> Result<Vec<Command>, Error>,
    ) -> Result<Vec<Command>, Error> {
        match self {
            Self::Nothing => commands(),
            Self::This => Ok(Vec::new()),
            Self::Other => Err(Error::Conflict),
        }
    }
}

/// Whether an incident has entries that who saw this many has not seen, and should. That somebody looked at a file is none; nor
/// is what a sensor adds while somebody writes, but for what makes it more urgent, and for facts that it proposes.
pub(crate) fn has_news(incident: &Incident, seen: u64) -> bool {
    let seen = usize::try_from(seen).unwrap_or(usize::MAX);
    let is_news = |event: &Event| match event {
        Event::Custody(custody) => !custody.is_handling(),
        Event::DetectionsAdded(added) => Some(added.urgency) > incident.urgency_before(seen),
        _ => true,
    };
    incident.timeline.get(seen..).is_none_or(|new| new.iter().any(|stamped| is_news(&stamped.event)))
}

pub(crate) fn require(scope: &Scope, permission: Permission) -> Result<(), Error> {
    if scope.allows(permission) { Ok(()) } else { Err(Error::Forbidden) }
}
