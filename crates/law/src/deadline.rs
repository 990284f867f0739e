//! Terms: from the moment of awareness to the moment something is due.
//!
//! Promises: terms in hours are elapsed hours, never calendar days, and never extended over weekends or holidays; the target
//! is what we steer on, the limit (Regulation (EEC, Euratom) 1182/71) is shown only; a duty without a number gets none.
//! Every clock has a start, a proof of being done and a state of its own; none are merged.
//! Deliberately not here: calendar files, sending reminders, the clock.

mod clock;
mod contract;
mod holidays;
mod moment;
mod plan;
mod state;
mod terms;

use jiff::{SignedDuration, Timestamp, Zoned};

pub use clock::{ClockKind, ClockStart, PlannedClock};
pub use contract::{ContractTerm, InvalidTerm, TermKind, TermLength};
pub use holidays::{Holiday, holidays, is_working_day};
pub use moment::{InvalidMoment, Moment, Precision, read_instant, read_moment};
pub use plan::{AwarenessGap, Moments, PlanInput, awareness_gap, clocks_from, plan};
pub use state::{ClockState, Marks};
pub use terms::{hours_limit, hours_target, month_term, working_days_after};

use crate::pack::{DeadlineRule, Term};
use crate::verdict::Deadline;

/// When something is due.
#[derive(Clone, Debug, PartialEq)]
enum Due {
    By {
        /// What we steer on.
        target: Zoned,
        /// By Regulation 1182/71, where that governs: shown, never steered on.
        limit: Option<Zoned>,
        /// When to remind, from awareness on.
        alarms: Vec<Zoned>,
    },
    /// As soon as possible; the law gives no number.
    WithoutDelay,
}

fn due(rule: &DeadlineRule, aware: &Zoned) -> Due {
    match &rule.term {
        Term::WithoutDelay => Due::WithoutDelay,
        Term::Hours { hours, has_limit_1182, alarms } => Due::By {
            target: hours_target(aware, *hours),
            limit: has_limit_1182.then(|| hours_limit(aware, *hours)),
            alarms: alarms.iter().map(|after| hours_target(aware, *after)).collect(),
        },
        Term::Months { months } => {
            // It ends with its last day.
            let target = terms::end_of_day(month_term(aware.date(), *months), aware);
            Due::By { target, limit: None, alarms: Vec::new() }
        }
    }
}

/// The clock of a rule in hours, as a verdict carries it.
pub(crate) fn clock_of(rule: &DeadlineRule, aware: &Zoned) -> Option<Deadline> {
    match due(rule, aware) {
        Due::By { target, limit, .. } => {
            let limit = limit.unwrap_or_else(|| target.clone());
            Some(Deadline { target: target.timestamp(), limit: limit.timestamp() })
        }
        Due::WithoutDelay => None,
    }
}

/// The 72 hours of AVG art. 33(1) from a moment on. The limit is exact wherever clocks differ from UTC by whole hours, as in
/// the whole of the European Union.
#[must_use]
pub fn seventy_two_hours(aware: Timestamp) -> Deadline {
    const HOURS: SignedDuration = SignedDuration::from_hours(72);
    let into_hour = SignedDuration::from_secs(aware.as_second().rem_euclid(3600))
        + SignedDuration::from_nanos(aware.subsec_nanosecond().into());
    let hour = aware.saturating_sub(into_hour).unwrap_or(aware);
    let after = |from: Timestamp, by: SignedDuration| from.saturating_add(by).unwrap_or(from);
    Deadline { target: after(aware, HOURS), limit: after(hour, HOURS + SignedDuration::from_hours(1)) }
}
