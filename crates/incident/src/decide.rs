//! What a command leads to: its events, or why not.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use facts::{Fact, Facts, Value};
use law::enisa::Score;
use law::verdict::{CsirtStepKind, Duty, Outcome};

use crate::lengths;
use crate::{
    Actor, Command, Decided, Event, Incident, Informed, Narrative, Opening, Order, Refusal, ReportKind, Waiting,
};

impl Incident {
    /// The events that a command of this actor leads to, or why not. Changes nothing.
    pub fn decide(&self, command: Command, by: &Actor, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        if self.erased.is_some() {
            return Err(Refusal::Erased);
        }
        if self.closed_at.is_some() && !is_of_the_closed(&command) {
            return Err(Refusal::Closed);
        }
        lengths::check(&command)?;
        match command {
            Command::RecordFacts { changes, note } => self.record_facts(changes, note.as_deref()),
            Command::NotKnownYet { facts } => self.not_known(facts),
            Command::RecordNarrative(narrative) => {
                let narrative = tidied(&narrative);
                if narrative == self.narrative {
                    return Err(Refusal::NothingChanges);
                }
                Ok(vec![Event::NarrativeRecorded(narrative)])
            }
            Command::SetDetectedAt { at } => {
                not_after(at, now)?;
                since_there_was_a_duty(at)?;
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
            Command::RecordProcessorInformed { at, by } => {
                not_after(at, now)?;
                since_there_was_a_duty(at)?;
                let by = said(&by).ok_or(Refusal::ProcessorUnnamed)?;
                Ok(vec![Event::ProcessorInformed { at, by }])
            }
            Command::CheckDetection { is_real, note } => self.check_detection(is_real, note.as_deref()),
            Command::AddDetections(added) => self.add_detections(added, now),
            Command::ProposeFacts { facts } => Ok(self.propose_facts(facts)),
            Command::RecordAssessment(assessment) => Ok(vec![Event::Assessed(assessment)]),
            Command::AdjustEnisa { score, reason } => self.adjust_enisa(score, &reason),
            Command::RecordDpoAdvice { by_name, advised_at, advice, advises } => {
                not_after(advised_at, now)?;
                self.not_before_signal(advised_at)?;
                let by_name = said(&by_name).ok_or(Refusal::DpoUnnamed)?;
                let advice = said(&advice).ok_or(Refusal::AdviceNeeded)?;
                if self.decision.as_ref().is_some_and(|decision| is_adviser(by, &by_name, &decision.by)) {
                    return Err(Refusal::DeciderAdvises);
                }
                Ok(vec![Event::DpoAdvised { by_name, advised_at, advice, advises }])
            }
            Command::Decide(order) => self.take_decision(order, by),
            Command::RecordDocument { kind, title, sha256, size_bytes } => {
                Ok(vec![Event::DocumentMade { kind, title, sha256, size_bytes }])
            }
            Command::RecordReport { kind, at, receipt, form, answers, reason } => {
                let (receipt, reason) = self.check_report(kind, at, &receipt, reason.as_deref(), now)?;
                Ok(vec![Event::AuthorityNotified { at, receipt, kind, form, answers, reason }])
            }
            Command::RecordSubjectsInformed { at, count, channel, is_correction } => {
                let channel = self.check_told(at, count, &channel, Refusal::NobodyInformed, now)?;
                let is_said = |one: &Informed| (one.at, one.count, &one.channel) == (at, count, &channel);
                let is_all_there_is = !is_correction || self.subjects_informed.len() == 1;
                if is_all_there_is && self.subjects_informed.iter().any(is_said) {
                    return Err(Refusal::NothingChanges);
                }
                Ok(vec![Event::SubjectsInformed { at, count, channel, is_correction }])
            }
            Command::RecordControllersWarned { at, count, channel } => {
                let channel = self.check_told(at, count, &channel, Refusal::NobodyWarned, now)?;
                Ok(vec![Event::ControllersWarned { at, count, channel }])
            }
            Command::RecordCsirtNotified { step, at, receipt } => {
                not_after(at, now)?;
                self.not_before_signal(at)?;
                if step == CsirtStepKind::FinalReport && !self.csirt_notified.contains_key(&CsirtStepKind::Notification)
                {
                    return Err(Refusal::CsirtNotificationFirst);
                }
                Ok(vec![Event::CsirtNotified { step, at, receipt: receipt.trim().to_owned() }])
            }
            Command::RecordTermMet { term, with, at } => {
                not_after(at, now)?;
                self.not_before_signal(at)?;
                if self.terms_met.get(&term) == Some(&at) {
                    return Err(Refusal::NothingChanges);
                }
                Ok(vec![Event::TermMet { term, with, at }])
            }
            Command::Custody(custody) => self.decide_custody(custody),
            Command::Note { text } => Ok(vec![Event::Noted { text: said(&text).ok_or(Refusal::NothingChanges)? }]),
            Command::Close { lessons } => self.close(&lessons),
            Command::Reopen { reason } => {
                if self.closed_at.is_none() {
                    return Err(Refusal::NotClosed);
                }
                Ok(vec![Event::Reopened { reason: said(&reason).ok_or(Refusal::ReasonNeeded)? }])
            }
            Command::PlaceHold { reason } => self.place_hold(&reason),
            Command::ReleaseHold { reason } => self.release_hold(&reason),
            Command::Erase { ground, years, reason } => self.erase(ground, years, &reason, now),
            Command::EraseEntries { ground, reason, entries } => self.erase_entries(ground, &reason, &entries),
        }
    }

    /// Nobody is told of what nobody has noticed. Fields take whole minutes, so the signal's own minute counts.
    fn not_before_signal(&self, at: Timestamp) -> Result<(), Refusal> {
        match self.known_signal() {
            Some(signal) if is_before(at, signal) => Err(Refusal::BeforeTheSignal),
            _ => Ok(()),
        }
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
        let contradictions = after.contradictions();
        if !contradictions.is_empty() {
            return Err(Refusal::Contradictions(contradictions));
        }
        Ok(vec![Event::FactsRecorded { changes, note }])
    }

    /// What is not known yet is not kept as known either.
    fn not_known(&self, facts: BTreeSet<Fact>) -> Result<Vec<Event>, Refusal> {
        let known: BTreeMap<_, _> =
            facts.iter().filter(|fact| self.facts.is_known(**fact)).map(|fact| (*fact, None)).collect();
        let new: BTreeSet<_> = facts.into_iter().filter(|fact| !self.not_known_yet.contains(fact)).collect();
        if new.is_empty() && known.is_empty() {
            return Err(Refusal::NothingChanges);
        }
        let mut events = if known.is_empty() { Vec::new() } else { self.record_facts(known, None)? };
        events.push(Event::NotKnownYet { facts: new });
        Ok(events)
    }

    /// The first word on it counts: saying the same again does not move the provisional clock. A false alarm is no security
    /// incident, so that the verdict follows.
    fn check_detection(&self, is_real: bool, note: Option<&str>) -> Result<Vec<Event>, Refusal> {
        if !matches!(self.opening, Opening::Detected { .. }) {
            return Err(Refusal::NoDetection);
        }
        if self.detection_checked.as_ref().is_some_and(|checked| checked.is_real == is_real) {
            return Err(Refusal::NothingChanges);
        }
        let note = note.and_then(said);
        if !is_real && note.is_none() {
            return Err(Refusal::ReasonNeeded);
        }
        let mut events = vec![Event::DetectionChecked { is_real, note: note.clone() }];
        if self.facts.truth(Fact::SecurityIncident).is_some_and(|known| known != is_real) || !is_real {
            let changes = BTreeMap::from([(Fact::SecurityIncident, Some(Value::Truth(is_real)))]);
            match self.record_facts(changes, note.as_deref()) {
                Ok(recorded) => events.extend(recorded),
                Err(Refusal::NothingChanges) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(events)
    }

    fn adjust_enisa(&self, score: Option<Score>, reason: &str) -> Result<Vec<Event>, Refusal> {
        if score.is_some_and(|score| Score::checked(score.dpc, score.ei4, score.cb).is_none()) {
            return Err(Refusal::ScoreOutOfRange);
        }
        if score.is_none() && self.enisa_adjusted.is_none() {
            return Err(Refusal::NothingChanges);
        }
        let reason = said(reason).ok_or(Refusal::ReasonNeeded)?;
        Ok(vec![Event::EnisaAdjusted { score, reason }])
    }

    /// The number and the reason as they are kept. A first report stands until it is withdrawn: one at the same moment or
    /// earlier corrects it. What follows it quotes its number, unless the authority gave another.
    fn check_report(
        &self,
        kind: ReportKind,
        at: Timestamp,
        receipt: &str,
        reason: Option<&str>,
        now: Timestamp,
    ) -> Result<(String, Option<String>), Refusal> {
        not_after(at, now)?;
        let reason = reason.and_then(said);
        match (&self.authority_notified, kind) {
            (None, ReportKind::First) => {
                self.not_before_signal(at)?;
                Ok((said(receipt).ok_or(Refusal::ReceiptNeeded)?, reason))
            }
            (Some((first, _)), ReportKind::First) => {
                if at > *first {
                    return Err(Refusal::AlreadyReported);
                }
                self.not_before_signal(at)?;
                Ok((said(receipt).ok_or(Refusal::ReceiptNeeded)?, reason))
            }
            (None, ReportKind::Supplement | ReportKind::Withdrawal) => Err(Refusal::NothingReported),
            (Some((first, number)), ReportKind::Supplement | ReportKind::Withdrawal) => {
                if is_before(at, *first) {
                    return Err(Refusal::BeforeTheReport);
                }
                if kind == ReportKind::Withdrawal && reason.is_none() {
                    return Err(Refusal::ReasonNeeded);
                }
                Ok((said(receipt).unwrap_or_else(|| number.clone()), reason))
            }
        }
    }

    fn check_told(
        &self,
        at: Timestamp,
        count: u64,
        channel: &str,
        nobody: Refusal,
        now: Timestamp,
    ) -> Result<String, Refusal> {
        not_after(at, now)?;
        self.not_before_signal(at)?;
        if count == 0 {
            return Err(nobody);
        }
        said(channel).ok_or(Refusal::ReasonNeeded)
    }

    fn take_decision(&self, order: Order, by: &Actor) -> Result<Vec<Event>, Refusal> {
        let (_, assessment) = self.assessment.as_ref().ok_or(Refusal::NotAssessed)?;
        if self.is_assessment_stale {
            return Err(Refusal::AssessmentStale);
        }
        let outcome = |duty: Duty| assessment.outcomes.get(&duty).copied();
        if let Some(duty) =
            Duty::ALL.into_iter().find(|duty| must_answer(*duty, outcome) && !order.duties.contains_key(duty))
        {
            return Err(Refusal::DutyUnanswered(duty));
        }
        let motivation = said(&order.motivation).ok_or(Refusal::MotivationNeeded)?;
        let (dpo_followed, dpo_departure) = self.check_advice(&order, by)?;
        let departs = order
            .duties
            .iter()
            .filter(|(duty, is_to_do)| departs(**duty, outcome(**duty), **is_to_do))
            .map(|(duty, _)| *duty)
            .collect();
        let mandate = order.mandate.as_deref().and_then(said);
        Ok(vec![Event::Decided(Decided {
            duties: order.duties,
            departs,
            motivation,
            dpo_followed,
            dpo_departure,
            mandate,
        })])
    }

    /// What the decision says of the FG's advice: nothing where there is none; where there is, whether it is followed, and if
    /// not why. Who advised does not decide.
    fn check_advice(&self, order: &Order, by: &Actor) -> Result<(Option<bool>, Option<String>), Refusal> {
        let has_advised = self.timeline.iter().any(|stamped| match &stamped.event {
            Event::DpoAdvised { by_name, .. } => is_adviser(&stamped.by, by_name, by),
            _ => false,
        });
        if has_advised {
            return Err(Refusal::AdviserDecides);
        }
        let Some(advice) = &self.dpo_advice else { return Ok((None, None)) };
        if order.dpo_followed.ok_or(Refusal::DpoUnanswered)? {
            let other =
                advice.advises.iter().find(|(duty, advised)| order.duties.get(duty).is_some_and(|one| one != *advised));
            return match other {
                Some((duty, _)) => Err(Refusal::DpoNotFollowed(*duty)),
                None => Ok((Some(true), None)),
            };
        }
        let departure = order.dpo_departure.as_deref().and_then(said).ok_or(Refusal::DpoDepartureNeeded)?;
        Ok((Some(false), Some(departure)))
    }

    /// Closing waits for all that was decided, the CSIRT's final report included: that comes a month later, and whoever finds
    /// that none is needed says so in a new decision, with their reason.
    fn close(&self, lessons: &str) -> Result<Vec<Event>, Refusal> {
        match self.phase() {
            crate::Phase::Done => Ok(vec![Event::Closed { lessons: said(lessons).ok_or(Refusal::ReasonNeeded)? }]),
            crate::Phase::Closed => Err(Refusal::Closed),
            crate::Phase::Acting if self.waits_for() == [Waiting::Csirt(CsirtStepKind::FinalReport)] => {
                Err(Refusal::FinalReportOpen)
            }
            crate::Phase::Investigating | crate::Phase::AwaitingDecision if self.decision.is_none() => {
                Err(Refusal::NotDecided)
            }
            crate::Phase::Investigating | crate::Phase::AwaitingDecision | crate::Phase::Acting => {
                Err(Refusal::NotDone)
            }
        }
    }
}

/// Whether a closed incident takes it as well.
fn is_of_the_closed(command: &Command) -> bool {
    match command {
        Command::Reopen { .. }
        | Command::Note { .. }
        | Command::PlaceHold { .. }
        | Command::ReleaseHold { .. }
        | Command::Erase { .. }
        | Command::EraseEntries { .. } => true,
        Command::Custody(custody) => custody.is_handling(),
        _ => false,
    }
}

/// Whether a decision must answer for a duty. What the law does not ask needs no answer, but for the two that everybody
/// asks about; whether the CSIRT is to be told needs one only where the law asks it.
fn must_answer(duty: Duty, outcome: impl Fn(Duty) -> Option<Outcome>) -> bool {
    // A processor's authority and persons are its controllers' to decide on.
    let is_processor = outcome(Duty::NotifyControllers) == Some(Outcome::Required);
    match (duty, outcome(duty)) {
        (_, None) | (Duty::Document, _) => false,
        (Duty::NotifyAuthority | Duty::InformSubjects, Some(_)) => !is_processor,
        (Duty::NotifyControllers, Some(outcome)) => outcome != Outcome::NotRequired,
        (Duty::NotifyCsirt, Some(outcome)) => outcome == Outcome::Required,
    }
}

fn departs(duty: Duty, outcome: Option<Outcome>, is_to_do: bool) -> bool {
    match outcome {
        Some(Outcome::Required) => !is_to_do,
        Some(Outcome::NotRequired) => is_to_do,
        // In doubt the advice is to report: not doing so departs from it.
        Some(Outcome::Undetermined) => duty == Duty::NotifyAuthority && !is_to_do,
        None => false,
    }
}

/// Whether this person is who advised: they recorded the advice under their own name, or somebody recorded it under theirs.
/// A namesake who advises under a name of their own is somebody else.
fn is_adviser(recorded_by: &Actor, by_name: &str, person: &Actor) -> bool {
    let plain = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    if plain(recorded_by.name()) == plain(by_name) {
        recorded_by.user().is_some() && recorded_by.user() == person.user()
    } else {
        plain(by_name) == plain(person.name())
    }
}

/// Before 2016 nobody had to report a breach (Wet meldplicht datalekken, in force on 1 January 2016).
pub const FIRST_DUTY: Timestamp = Timestamp::constant(1_451_602_800, 0);

fn since_there_was_a_duty(at: Timestamp) -> Result<(), Refusal> {
    if at < FIRST_DUTY { Err(Refusal::BeforeTheLaw) } else { Ok(()) }
}

fn not_after(at: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if at > now { Err(Refusal::InTheFuture) } else { Ok(()) }
}

/// Whether a time that people typed, in whole minutes, lies before a moment's own minute.
fn is_before(at: Timestamp, moment: Timestamp) -> bool {
    at + jiff::SignedDuration::from_mins(1) <= moment
}

/// What was really said: trimmed, and nothing when nothing is left.
pub(crate) fn said(text: &str) -> Option<String> {
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
