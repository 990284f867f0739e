//! Every clock of one incident: the law's, the contracts', and our own reminders.
//!
//! Promises: each clock has its own start, its own proof of being done and its own state; two are never merged. Where the law
//! gives no number, nothing counts down. Numbers that are ours (when little is left, when to remind) are parameters of the
//! pack, marked as such; a pack without them gives no reminders. Deliberately not here: sending anything, the clock.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use facts::{Situation, Text};

use super::{ClockState, ContractTerm, Due, Marks, TermKind, due};
use crate::pack::{DeadlineRule, Pack, Parameter};
use crate::packs::{NoPack, Packs};
use crate::verdict::{CsirtStepKind, Duty, Outcome, Verdict};

/// Reminders to supplement a first report, in the order in which they come.
const SUPPLEMENT_REMINDERS: [&str; 3] =
    ["supplement_reminder_first", "supplement_reminder_second", "supplement_reminder_third"];
/// The reminder to inform the persons, after the decision to.
const INFORM_REMINDER: &str = "inform_reminder";
/// With how many hours to go a clock is nearly due; never before it is half-way.
const DUE_SOON: &str = "due_soon";
/// With how many hours to go a clock without alarms of its own rings for the last time.
const LAST_CALL: &str = "last_call";
/// Every so many hours a clock rings when it is past its target.
const OVERDUE_EVERY: &str = "overdue_every";
/// From how many hours between signal and awareness on we ask why it took so long.
const AWARENESS_GAP: &str = "awareness_gap";

const SECONDS_IN_HOUR: f64 = 3600.0;

/// Where a clock comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockKind {
    Law,
    Contract,
    /// Our own proposal; nobody is late by it.
    Reminder,
}

/// From when the clocks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockStart {
    pub at: Timestamp,
    /// Nobody has set awareness yet.
    pub is_provisional: bool,
    /// Only the day is known: this is its first moment.
    pub is_estimated: bool,
}

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
    /// What is not done in a closed incident runs no more.
    pub is_closed: bool,
}

/// One clock.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedClock {
    /// The rule's id, the parameter's, or `contract-` and the term's.
    pub id: String,
    pub kind: ClockKind,
    pub duty: Option<Duty>,
    pub step: Option<CsirtStepKind>,
    /// The step it counts from; absent where it counts from awareness.
    pub after: Option<CsirtStepKind>,
    pub what: Text,
    pub basis: Vec<Text>,
    /// Absent while it waits for what it counts from.
    pub starts_at: Option<Timestamp>,
    pub is_provisional: bool,
    pub is_estimated: bool,
    /// *Uiterlijk*: what we steer on. Absent where the law gives no number.
    pub target: Option<Timestamp>,
    /// By Regulation 1182/71, where that governs: for the record, never steered on.
    pub limit: Option<Timestamp>,
    /// When to ring, in order; never after the target.
    pub alarms: Vec<Timestamp>,
    /// How often to ring once the target is past.
    pub overdue_every: Option<SignedDuration>,
    pub done_at: Option<Timestamp>,
    pub state: ClockState,
    pub is_without_delay: bool,
    /// The same as long as the clock is the same clock, so that a calendar entry is replaced and not doubled.
    pub uid: String,
}

impl PlannedClock {
    /// When it rings next, after `now`; nothing once it is done.
    #[must_use]
    pub fn next_alarm(&self, now: Timestamp) -> Option<Timestamp> {
        if self.state.is_done() {
            return None;
        }
        let planned = self.alarms.iter().copied().find(|alarm| *alarm > now);
        planned.or_else(|| self.next_overdue_alarm(now))
    }

    fn next_overdue_alarm(&self, now: Timestamp) -> Option<Timestamp> {
        let (target, every) = (self.target?, self.overdue_every?);
        if now < target || every <= SignedDuration::ZERO {
            return None;
        }
        let past = (now.as_second() - target.as_second()) / every.as_secs().max(1);
        let steps = i32::try_from(past + 1).ok()?;
        target.checked_add(every.checked_mul(steps)?).ok()
    }
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

/// Every clock of an incident as it stands at `now`: the law's in the pack's order, then contracts, then reminders.
pub fn plan(packs: &Packs, input: &PlanInput<'_>, now: Timestamp) -> Result<Vec<PlannedClock>, NoPack> {
    let pack = packs.by_id(&input.verdict.law.id)?;
    let planner = Planner { pack, input, now };
    let mut clocks: Vec<_> = pack.deadline_rules().iter().filter_map(|rule| planner.of_law(pack, rule)).collect();
    clocks.extend(input.terms.iter().filter_map(|term| planner.of_contract(term)));
    clocks.extend(planner.inform_reminder());
    clocks.extend(planner.supplement_reminders());
    if input.is_closed {
        clocks.retain(|clock| clock.done_at.is_some());
    }
    Ok(clocks)
}

struct Planner<'a> {
    /// The one that judges; its parameters are used for every clock.
    pack: &'a Pack,
    input: &'a PlanInput<'a>,
    now: Timestamp,
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
        let done_at = self.done_at(rule.duty);
        if done_at.is_none() && !self.is_in_play(rule.duty) {
            return None;
        }
        let start = self.start_of(rule.duty);
        let mut clock = self.empty(&rule.id, ClockKind::Law, rule.text.clone());
        clock.duty = Some(rule.duty);
        clock.basis = rule.cites.iter().map(|cite| Text::made(cite.clone(), cite.clone())).collect();
        clock.is_without_delay = true;
        clock.done_at = done_at;
        self.begin(&mut clock, start);
        if let Some(start) = start
            && let Due::By { target, limit, alarms } = due(rule, &start.at.to_zoned(pack.zone().clone()))
        {
            clock.target = Some(target.timestamp());
            clock.limit = limit.map(|limit| limit.timestamp());
            clock.alarms = alarms.iter().map(Zoned::timestamp).collect();
        }
        Some(self.settled(clock))
    }

    fn of_contract(&self, term: &ContractTerm) -> Option<PlannedClock> {
        let met_at = self.input.terms_met_at.get(&term.id).copied();
        let (duty, done_at) = match term.kind {
            TermKind::ProcessorContract => {
                (Some(Duty::NotifyControllers), met_at.or(self.input.controllers_warned_at))
            }
            TermKind::Insurer | TermKind::Other => (None, met_at),
        };
        let is_in_play = match duty {
            Some(duty) => self.is_in_play(duty),
            None => self.input.verdict.breach != facts::Truth::False,
        };
        if done_at.is_none() && !is_in_play {
            return None;
        }
        let mut clock = self.empty(&format!("contract-{}", term.id), ClockKind::Contract, term.what());
        clock.duty = duty;
        clock.basis = vec![term.basis()];
        clock.done_at = done_at;
        self.begin(&mut clock, self.input.start);
        if let Some(start) = self.input.start {
            clock.target = Some(term.length.after(&start.at.to_zoned(self.input.zone.clone())).timestamp());
        }
        Some(self.settled(clock))
    }

    /// Where the law gives no number for informing the persons, we remind.
    fn inform_reminder(&self) -> Option<PlannedClock> {
        let decided_at = self.input.inform_decided_at.filter(|_| self.is_in_play(Duty::InformSubjects))?;
        let parameter = parameter(self.pack, INFORM_REMINDER)?;
        let mut clock = self.reminder(parameter, decided_at, "AVG art. 34(1)")?;
        clock.duty = Some(Duty::InformSubjects);
        clock.done_at = self.input.subjects_informed_at;
        Some(self.settled(clock))
    }

    /// While the first report is not said to be complete. A supplement answers the reminder that was next to come.
    fn supplement_reminders(&self) -> Vec<PlannedClock> {
        let Some(first) = self.input.first_report_at else { return Vec::new() };
        let settled_at = self.input.report_settled_at;
        let mut reminders = Vec::new();
        let mut since = first;
        for id in SUPPLEMENT_REMINDERS {
            let Some(parameter) = parameter(self.pack, id) else { continue };
            let Some(mut clock) = self.reminder(parameter, first, "AVG art. 33(4)") else { continue };
            clock.duty = Some(Duty::NotifyAuthority);
            let supplement = self.input.supplements_at.iter().copied().filter(|at| *at >= since).min();
            clock.done_at = [supplement, settled_at].into_iter().flatten().min();
            since = clock.alarms.first().copied().unwrap_or(since);
            // Settled before this reminder's turn came: it never does.
            if settled_at.is_some() && clock.done_at == settled_at {
                break;
            }
            reminders.push(self.settled(clock));
        }
        reminders
    }

    /// A clock that rings once, so long after a moment, and by which nobody is late.
    fn reminder(&self, parameter: &Parameter, from: Timestamp, cite: &'static str) -> Option<PlannedClock> {
        let from_zoned = from.to_zoned(self.pack.zone().clone());
        let at = match parameter.unit.as_str() {
            "days" => from_zoned.checked_add(whole(parameter)?.days()).ok()?.timestamp(),
            _ => from.checked_add(length(parameter)?).ok()?,
        };
        let mut clock = self.empty(&parameter.id, ClockKind::Reminder, parameter.text.clone());
        clock.starts_at = Some(from);
        clock.basis = vec![Text::new(cite, cite)];
        clock.is_without_delay = true;
        clock.alarms = vec![at];
        Some(clock)
    }

    fn done_at(&self, duty: Duty) -> Option<Timestamp> {
        match duty {
            Duty::NotifyAuthority => self.input.first_report_at,
            Duty::InformSubjects => self.input.subjects_informed_at,
            Duty::NotifyControllers => self.input.controllers_warned_at,
            Duty::Document | Duty::NotifyCsirt => None,
        }
    }

    /// Informing the persons counts from the decision that the risk is high; all else from awareness.
    fn start_of(&self, duty: Duty) -> Option<ClockStart> {
        if duty != Duty::InformSubjects {
            return self.input.start;
        }
        let decided = |at| ClockStart { at, is_provisional: false, is_estimated: false };
        self.input.inform_decided_at.map(decided)
    }

    fn begin(&self, clock: &mut PlannedClock, start: Option<ClockStart>) {
        clock.starts_at = start.map(|start| start.at);
        clock.is_provisional = start.is_some_and(|start| start.is_provisional);
        clock.is_estimated = start.is_some_and(|start| start.is_estimated);
    }

    fn empty(&self, id: &str, kind: ClockKind, what: Text) -> PlannedClock {
        PlannedClock {
            id: id.into(),
            kind,
            duty: None,
            step: None,
            after: None,
            what,
            basis: Vec::new(),
            starts_at: None,
            is_provisional: false,
            is_estimated: false,
            target: None,
            limit: None,
            alarms: Vec::new(),
            overdue_every: None,
            done_at: None,
            state: ClockState::Waiting,
            is_without_delay: false,
            uid: format!("{id}-{}@dijkwacht", self.input.case),
        }
    }

    /// The clock with what follows from its moments: alarms where it has none, how often it rings when late, its state.
    fn settled(&self, mut clock: PlannedClock) -> PlannedClock {
        let due_soon_from = match (clock.kind, clock.starts_at, clock.target) {
            (ClockKind::Reminder, ..) => clock.alarms.first().copied(),
            (_, Some(start), Some(target)) => self.due_soon_from(start, target),
            _ => None,
        };
        if let (Some(start), Some(target)) = (clock.starts_at, clock.target) {
            if clock.alarms.is_empty() {
                let last_call = self.before(target, LAST_CALL);
                clock.alarms = [Some(start), due_soon_from, last_call].into_iter().flatten().collect();
            }
            clock.alarms.retain(|alarm| (start..=target).contains(alarm));
            clock.alarms.sort_unstable();
            clock.alarms.dedup();
            clock.overdue_every = parameter(self.pack, OVERDUE_EVERY).and_then(length);
        }
        let PlannedClock { starts_at, target, limit, done_at, .. } = clock;
        clock.state = ClockState::of(Marks { starts_at, target, limit, due_soon_from, done_at }, self.now);
        clock
    }

    fn before(&self, target: Timestamp, id: &str) -> Option<Timestamp> {
        target.checked_sub(parameter(self.pack, id).and_then(length)?).ok()
    }

    /// Never before half of the time is gone: a term of a day would else be nearly due from the start.
    fn due_soon_from(&self, start: Timestamp, target: Timestamp) -> Option<Timestamp> {
        let half_way = start.checked_add(target.duration_since(start) / 2).ok()?;
        Some(self.before(target, DUE_SOON)?.max(half_way))
    }
}

fn parameter<'a>(pack: &'a Pack, id: &str) -> Option<&'a Parameter> {
    pack.parameters().iter().find(|parameter| parameter.id == id)
}

/// The length that a parameter in hours gives, to the second.
fn length(parameter: &Parameter) -> Option<SignedDuration> {
    SignedDuration::try_from_secs_f64((parameter.value * SECONDS_IN_HOUR).round()).ok()
}

/// The number of a parameter that counts whole things; nothing where it is out of all bounds.
fn whole(parameter: &Parameter) -> Option<i64> {
    SignedDuration::try_from_secs_f64(parameter.value.round()).map(|number| number.as_secs()).ok()
}
