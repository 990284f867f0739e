//! An incident as a line of a list.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use app::{IncidentLine, IncidentRow};
use incident::{ToldThere, Waiting};

use crate::address::{Tab, of_incident};
use crate::view::clock::ClockView;
use crate::view::phase::{NextStep, PhaseView, next_step, phase};
use crate::view::time::When;
use crate::words::Words;

pub(crate) struct LineView {
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) phase: PhaseView,
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
            next: next_step(row, slug, w),
            clock: line.clock.as_ref().map(|clock| ClockView::new(clock, now, zone, w)),
            no_clock: no_clock(row, w),
            opened: When::new(row.opened_at, zone, w.0),
        }
    }
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
