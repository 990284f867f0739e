//! An incident as a line of a list.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use app::{IncidentLine, IncidentRow};
use incident::{ToldThere, Urgency, Waiting};

use crate::address::{Tab, of_incident};
use crate::view::clock::ClockView;
use crate::view::phase::{NextStep, PhaseView, next_step, phase};
use crate::view::sensor::StateChip;
use crate::view::time::When;
use crate::words::Words;

pub(crate) struct LineView {
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) phase: PhaseView,
    /// How urgent the sensor thought it, while nobody has looked at what it saw.
    pub(crate) urgency: Option<StateChip>,
    pub(crate) next: Option<NextStep>,
    pub(crate) clock: Option<ClockView>,
    /// Why there is none, where there is none.
    pub(crate) no_clock: &'static str,
    pub(crate) opened: When,
}

impl LineView {
    pub(crate) fn new(line: &IncidentLine, slug: &str, zone: &TimeZone, now: Timestamp, w: Words) -> Self {
        let row = &line.row;
        Self {
            number: row.number,
            title: w.title(&row.title, row.keeping.erased_at.is_some()).to_owned(),
            href: of_incident(slug, row.number, Tab::Overview),
            phase: phase(row.phase, w),
            urgency: urgency(row, w),
            next: next_step(row, slug, w),
            clock: line.clock.as_ref().map(|clock| ClockView::new(clock, now, zone, w)),
            no_clock: no_clock(row, w),
            opened: When::new(row.opened_at, zone, w.0),
        }
    }
}

/// How urgent it is, as far as it stands in lists by that.
fn urgency(row: &IncidentRow, w: Words) -> Option<StateChip> {
    let urgency = row.urgency.filter(|_| row.waits_for == Some(Waiting::Check))?;
    let tone = match urgency {
        Urgency::Low => "",
        Urgency::Medium => "water",
        Urgency::High => "amber",
        Urgency::Critical => "alarm",
    };
    Some(StateChip { label: format!("{}: {}", w.urgency(), urgency.name().in_language(w.0)), tone })
}

/// Why no clock runs. Where nobody judged, that is what another register says, and not that nothing is due.
fn no_clock(row: &IncidentRow, w: Words) -> &'static str {
    match (row.waits_for, row.notify_authority, row.told_there) {
        (Some(Waiting::Check), ..) => w.clock_unchecked(),
        (_, None, Some(ToldThere::Yes)) => w.taken_over_told(),
        (_, None, Some(ToldThere::No)) => w.taken_over_not_told(),
        (_, None, Some(ToldThere::Unsaid)) => w.taken_over_unsaid(),
        (_, None, None) if row.keeping.erased_at.is_some() => "",
        _ => w.no_clock(),
    }
}
