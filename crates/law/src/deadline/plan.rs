//! Which clocks an incident has: the law's, the contracts', and our own reminders.
//!
//! Promises: each clock has its own start, its own proof of being done and its own state; two are never merged. A duty that
//! was decided not to be done, or that the verdict excludes, has no clock. Deliberately not here: sending anything, the clock.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use facts::{Situation, Text, Truth};

use super::clock::{Maker, length, parameter};
use super::{ClockStart, ContractTerm, PlannedClock, TermKind};
use crate::assess::{judged_at, terms_that_apply};
use crate::pack::{DeadlineRule, Pack};
use crate::packs::{NoPack, Packs};
use crate::verdict::{CsirtStepKind, Duty, LawStatus, Outcome, Verdict};

/// Reminders to supplement a first report, in the order in which they come.
const SUPPLEMENT_REMINDERS: [&str; 3] =
    ["supplement_reminder_first", "supplement_reminder_second", "supplement_reminder_third"];
/// The reminder to inform the persons, after the decision to.
const INFORM_REMINDER: &str = "inform_reminder";
/// From how many hours between signal and awareness on we ask why it took so long.
const AWARENESS_GAP: &str = "awareness_gap";

/// What the clocks of an incident are made from.
#[derive(Clone, Debug)]
pub struct PlanInput<'a> {
    /// What the incident is called where its calendar entries must stay the same: its id.
    pub case: &'a str,
    /// In which zone contracts count their days.
    pub zone: TimeZone,
    pub situation: &'a Situation,
    pub verdict: &'a Verdict,
    /// Absent while there is nothing to count from: an unchecked detection, say.
    pub start: Option<ClockStart>,
    /// What was decided on the present verdict; a duty decided not to be done has no clock.
    pub decided: BTreeMap<Duty, bool>,
    /// When it was decided that the persons are to be informed.
    pub inform_decided_at: Option<Timestamp>,
    pub first_report_at: Option<Timestamp>,
    /// What followed the first report.
    pub supplements_at: Vec<Timestamp>,
    /// From when on nothing more is to be supplemented: it was said to be complete, or withdrawn.
    pub report_settled_at: Option<Timestamp>,
    pub subjects_informed_at: Option<Timestamp>,
    pub controllers_warned_at: Option<Timestamp>,
    pub csirt_notified_at: BTreeMap<CsirtStepKind, Timestamp>,
    pub terms: &'a [ContractTerm],
    /// By the term's id; a processor's term is also met by warning the controllers.
    pub terms_met_at: BTreeMap<String, Timestamp>,
    /// What is not done in a closed incident runs no more; nor does it under a law that is history.
    pub is_closed: bool,
}

/// That awareness was set long after the first signal: lawful where a short investigation explains it, and asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct AwarenessGap {
    pub from: Timestamp,
    pub until: Timestamp,
    /// From how many hours on we ask; our proposal.
    pub asked_from_hours: f64,
    pub text: Text,
}

/// Whether so long lies between the first signal and awareness that somebody should say why.
#[must_use]
pub fn awareness_gap(pack: &Pack, detected_at: Timestamp, aware_at: Timestamp) -> Option<AwarenessGap> {
    let parameter = parameter(pack, AWARENESS_GAP)?;
    let is_long = aware_at.duration_since(detected_at) > length(parameter)?;
    is_long.then(|| AwarenessGap {
        from: detected_at,
        until: aware_at,
        asked_from_hours: parameter.value,
        text: parameter.text.clone(),
    })
}

/// Every clock of an incident as it stands at `now`: the law's in the order of the packs, then contracts, then reminders.
pub fn plan(packs: &Packs, input: &PlanInput<'_>, now: Timestamp) -> Result<Vec<PlannedClock>, NoPack> {
    let pack = packs.by_id(&input.verdict.law.id)?;
    let planner = Planner { maker: Maker { pack, case: input.case, now }, input };
    let at = input.start.map_or_else(|| judged_at(input.situation, now), |start| start.at);
    let mut clocks = Vec::new();
    for pack in std::iter::once(pack).chain(packs.beside(at)) {
        let rules = terms_that_apply(pack, input.situation, at);
        clocks.extend(rules.into_iter().filter_map(|rule| planner.of_law(pack, rule)));
    }
    clocks.extend(input.terms.iter().filter_map(|term| planner.of_contract(term)));
    clocks.extend(planner.inform_reminder());
    clocks.extend(planner.supplement_reminders());
    let is_over = input.is_closed || input.verdict.law.status == LawStatus::Historical;
    if is_over {
        clocks.retain(|clock| clock.done_at.is_some());
    }
    Ok(clocks)
}

/// What `dijkwacht clock` counts from: a moment, and no facts.
#[derive(Clone, Debug)]
pub struct Moments<'a> {
    pub aware: ClockStart,
    /// The discovery, where a term counts from it; else awareness stands in.
    pub detected_at: Option<Timestamp>,
    /// When each step of telling the CSIRT was taken.
    pub csirt_notified_at: BTreeMap<CsirtStepKind, Timestamp>,
    pub terms: &'a [ContractTerm],
    /// In which zone contracts count their days.
    pub zone: TimeZone,
}

/// Every clock that can follow from a moment of awareness, whatever the facts: the packs' in their order, the first one's
/// parameters saying when to ring; then the contracts'.
#[must_use]
pub fn clocks_from(packs: &[&Pack], moments: &Moments<'_>) -> Vec<PlannedClock> {
    let Some(first) = packs.first() else { return Vec::new() };
    let case = moments.aware.at.as_second().to_string();
    let maker = Maker { pack: first, case: &case, now: moments.aware.at };
    let mut clocks = Vec::new();
    for pack in packs {
        for rule in pack.deadline_rules() {
            let start = start_of(rule, Some(moments.aware), moments.detected_at, &moments.csirt_notified_at);
            clocks.push(maker.settled(maker.of_law(pack, rule, start), None));
        }
    }
    for term in moments.terms {
        clocks.push(maker.settled(maker.of_contract(term, Some(moments.aware), &moments.zone), None));
    }
    clocks
}

/// From when a term of a pack runs: from the step it follows, else from the discovery where it says so, else from awareness.
fn start_of(
    rule: &DeadlineRule,
    aware: Option<ClockStart>,
    detected_at: Option<Timestamp>,
    csirt_notified_at: &BTreeMap<CsirtStepKind, Timestamp>,
) -> Option<ClockStart> {
    let known = |at: &Timestamp| ClockStart { at: *at, is_provisional: false, is_estimated: false };
    if let Some(step) = rule.after {
        return csirt_notified_at.get(&step).map(known);
    }
    match detected_at {
        Some(detected_at) if rule.is_from_discovery => Some(known(&detected_at)),
        _ => aware,
    }
}

struct Planner<'a> {
    maker: Maker<'a>,
    input: &'a PlanInput<'a>,
}

impl Planner<'_> {
    /// Whether somebody still has to do it, as far as is known: what was decided, else what the verdict does not exclude.
    fn is_in_play(&self, duty: Duty) -> bool {
        match self.input.decided.get(&duty) {
            Some(is_to_do) => *is_to_do,
            None => self.input.verdict.duty(duty).outcome != Outcome::NotRequired,
        }
    }

    fn of_law(&self, pack: &Pack, rule: &DeadlineRule) -> Option<PlannedClock> {
        let done_at = self.done_at(rule);
        if done_at.is_none() && !self.is_in_play(rule.duty) {
            return None;
        }
        let clock = self.maker.of_law(pack, rule, self.start_of(rule));
        Some(self.maker.settled(clock, done_at))
    }

    fn of_contract(&self, term: &ContractTerm) -> Option<PlannedClock> {
        let met_at = self.input.terms_met_at.get(&term.id).copied();
        let (done_at, is_in_play) = match term.kind {
            TermKind::ProcessorContract => {
                (met_at.or(self.input.controllers_warned_at), self.is_in_play(Duty::NotifyControllers))
            }
            TermKind::Insurer | TermKind::Other => (met_at, self.input.verdict.breach != Truth::False),
        };
        if done_at.is_none() && !is_in_play {
            return None;
        }
        let clock = self.maker.of_contract(term, self.input.start, &self.input.zone);
        Some(self.maker.settled(clock, done_at))
    }

    /// Where the law gives no number for informing the persons, we remind.
    fn inform_reminder(&self) -> Option<PlannedClock> {
        let decided_at = self.input.inform_decided_at.filter(|_| self.is_in_play(Duty::InformSubjects))?;
        let clock = self.maker.reminder(INFORM_REMINDER, decided_at, Duty::InformSubjects, "AVG art. 34(1)")?;
        Some(self.maker.settled(clock, self.input.subjects_informed_at))
    }

    /// While the first report is not said to be complete. A supplement answers the reminder that was next to come.
    fn supplement_reminders(&self) -> Vec<PlannedClock> {
        let Some(first) = self.input.first_report_at else { return Vec::new() };
        let mut reminders = Vec::new();
        let mut since = first;
        for id in SUPPLEMENT_REMINDERS {
            if self.input.report_settled_at.is_some_and(|settled| settled <= since) {
                break;
            }
            let Some(clock) = self.maker.reminder(id, first, Duty::NotifyAuthority, "AVG art. 33(4)") else { continue };
            let supplement = self.input.supplements_at.iter().copied().filter(|at| *at > since).min();
            let done_at = [supplement, self.input.report_settled_at].into_iter().flatten().min();
            since = clock.alarms.first().copied().unwrap_or(since);
            reminders.push(self.maker.settled(clock, done_at));
        }
        reminders
    }

    fn done_at(&self, rule: &DeadlineRule) -> Option<Timestamp> {
        match rule.duty {
            Duty::NotifyAuthority => self.input.first_report_at,
            Duty::InformSubjects => self.input.subjects_informed_at,
            Duty::NotifyControllers => self.input.controllers_warned_at,
            Duty::NotifyCsirt => rule.step.and_then(|step| self.input.csirt_notified_at.get(&step).copied()),
            // Documenting has no term of its own.
            Duty::Document => None,
        }
    }

    /// Informing the persons counts from the decision that the risk is high; all else as its rule says.
    fn start_of(&self, rule: &DeadlineRule) -> Option<ClockStart> {
        let input = self.input;
        if rule.duty == Duty::InformSubjects {
            let decided = |at| ClockStart { at, is_provisional: false, is_estimated: false };
            return input.inform_decided_at.map(decided);
        }
        start_of(rule, input.start, input.situation.detected_at, &input.csirt_notified_at)
    }
}
