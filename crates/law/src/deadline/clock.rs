//! One clock, and how it is made: from a rule of a pack, from a contract, or as a reminder of ours.
//!
//! Promises: where the law gives no number there is no target, and nothing counts down; alarms lie between the start and the
//! target. Numbers that are ours (when little is left, when to ring) are parameters of the pack, marked as such; a pack
//! without them rings only where its own terms say so. Deliberately not here: which clocks an incident has.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

use facts::Text;

use super::{ClockState, ContractTerm, Due, Marks, TermKind, due};
use crate::pack::{DeadlineRule, Pack, Parameter, Term};
use crate::verdict::{CsirtStepKind, Duty};

/// With how many hours to go a clock is nearly due; never before it is half-way.
const DUE_SOON: &str = "due_soon";
/// With how many hours to go a clock without alarms of its own rings for the last time.
const LAST_CALL: &str = "last_call";
/// Every so many hours a clock rings when it is past its target.
const OVERDUE_EVERY: &str = "overdue_every";

const SECONDS_IN_HOUR: f64 = 3600.0;

/// From when the clocks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockStart {
    pub at: Timestamp,
    /// Nobody has set awareness yet.
    pub is_provisional: bool,
    /// Only the day is known: this is its first moment.
    pub is_estimated: bool,
}

/// Where a clock comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockKind {
    Law,
    Contract,
    /// Our own proposal; nobody is late by it.
    Reminder,
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
    /// The articles it rests on, as cited: `AVG art. 33(1)`.
    pub basis: Vec<String>,
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

impl ClockKind {
    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Contract => "contract",
            Self::Reminder => "reminder",
        }
    }
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
        let past = (now.as_second() - target.as_second()).max(0) / every.as_secs().max(1);
        let steps = i32::try_from(past + 1).ok()?;
        target.checked_add(every.checked_mul(steps)?).ok()
    }
}

/// What makes the clocks of one case at one moment.
pub(super) struct Maker<'a> {
    /// The pack whose parameters say when to ring.
    pub(super) pack: &'a Pack,
    /// What the case is called in the names of its clocks.
    pub(super) case: &'a str,
    pub(super) now: Timestamp,
}

impl Maker<'_> {
    /// The clock of a term of a pack, which may be another than ours.
    pub(super) fn of_law(&self, pack: &Pack, rule: &DeadlineRule, start: Option<ClockStart>) -> PlannedClock {
        let mut clock = self.begun(&rule.id, ClockKind::Law, rule.text.clone(), start);
        clock.duty = Some(rule.duty);
        clock.step = rule.step;
        clock.after = rule.after;
        clock.basis = rule.cites.clone();
        clock.is_without_delay = !matches!(rule.term, Term::Months { .. });
        if let Some(start) = start
            && let Due::By { target, limit, alarms } = due(rule, &start.at.to_zoned(pack.zone().clone()))
        {
            clock.target = Some(target.timestamp());
            clock.limit = limit.map(|limit| limit.timestamp());
            clock.alarms = alarms.iter().map(Zoned::timestamp).collect();
        }
        clock
    }

    /// The clock of a contract, whose days are counted in this zone.
    pub(super) fn of_contract(&self, term: &ContractTerm, start: Option<ClockStart>, zone: &TimeZone) -> PlannedClock {
        let id = format!("contract-{}", term.id);
        let mut clock = self.begun(&id, ClockKind::Contract, term.what(), start);
        clock.duty = (term.kind == TermKind::ProcessorContract).then_some(Duty::NotifyControllers);
        clock.basis = term.basis();
        clock.target = start.map(|start| term.length.after(&start.at.to_zoned(zone.clone())).timestamp());
        clock
    }

    /// A clock that rings once, so long after a moment, and by which nobody is late. Absent where the pack has no such
    /// parameter.
    pub(super) fn reminder(&self, id: &str, from: Timestamp, duty: Duty, cite: &str) -> Option<PlannedClock> {
        let parameter = parameter(self.pack, id)?;
        let at = match parameter.unit.as_str() {
            "days" => from.to_zoned(self.pack.zone().clone()).checked_add(whole(parameter)?.days()).ok()?.timestamp(),
            _ => from.checked_add(length(parameter)?).ok()?,
        };
        let start = ClockStart { at: from, is_provisional: false, is_estimated: false };
        let mut clock = self.begun(id, ClockKind::Reminder, parameter.text.clone(), Some(start));
        clock.duty = Some(duty);
        clock.basis = vec![cite.into()];
        clock.is_without_delay = true;
        clock.alarms = vec![at];
        Some(clock)
    }

    fn begun(&self, id: &str, kind: ClockKind, what: Text, start: Option<ClockStart>) -> PlannedClock {
        PlannedClock {
            id: id.into(),
            kind,
            duty: None,
            step: None,
            after: None,
            what,
            basis: Vec::new(),
            starts_at: start.map(|start| start.at),
            is_provisional: start.is_some_and(|start| start.is_provisional),
            is_estimated: start.is_some_and(|start| start.is_estimated),
            target: None,
            limit: None,
            alarms: Vec::new(),
            overdue_every: None,
            done_at: None,
            state: ClockState::Waiting,
            is_without_delay: false,
            uid: format!("{id}-{}@dijkwacht", self.case),
        }
    }

    /// The clock with what follows from its moments: alarms where it has none, how often it rings when late, its state.
    pub(super) fn settled(&self, mut clock: PlannedClock, done_at: Option<Timestamp>) -> PlannedClock {
        clock.done_at = done_at;
        let due_soon_from = match (clock.kind, clock.starts_at, clock.target) {
            (ClockKind::Reminder, ..) => clock.alarms.first().copied(),
            (_, Some(start), Some(target)) => self.due_soon_from(start, target),
            _ => None,
        };
        if let (Some(start), Some(target)) = (clock.starts_at, clock.target) {
            if clock.alarms.is_empty() {
                clock.alarms =
                    [Some(start), due_soon_from, self.before(target, LAST_CALL)].into_iter().flatten().collect();
            }
            clock.alarms.retain(|alarm| (start..=target).contains(alarm));
            clock.alarms.sort_unstable();
            clock.alarms.dedup();
            clock.overdue_every = parameter(self.pack, OVERDUE_EVERY).and_then(length);
        }
        let PlannedClock { starts_at, target, limit, .. } = clock;
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

/// A parameter of a pack by its name.
pub(super) fn parameter<'a>(pack: &'a Pack, id: &str) -> Option<&'a Parameter> {
    pack.parameters().iter().find(|parameter| parameter.id == id)
}

/// The length that a parameter in hours gives, to the second.
pub(super) fn length(parameter: &Parameter) -> Option<SignedDuration> {
    SignedDuration::try_from_secs_f64((parameter.value * SECONDS_IN_HOUR).round()).ok()
}

/// The number of a parameter that counts whole things; nothing where it is out of all bounds.
fn whole(parameter: &Parameter) -> Option<i64> {
    SignedDuration::try_from_secs_f64(parameter.value.round()).map(|number| number.as_secs()).ok()
}
