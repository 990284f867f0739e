//! An incident as a line of a list.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use app::IncidentLine;
use incident::Waiting;

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
            title: row.title.clone(),
            href: of_incident(slug, row.number, Tab::Overview),
            phase: phase(row.phase, w),
            next: next_step(row, slug, w),
            clock: line.clock.as_ref().map(|clock| ClockView::new(clock, now, zone, w)),
            no_clock: match row.waits_for {
                Some(Waiting::Check) => w.clock_unchecked(),
                _ => w.no_clock(),
            },
            opened: When::new(row.opened_at, zone, w.0),
        }
    }
}
