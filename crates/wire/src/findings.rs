//! What the parsers of one packet found, collected until the tracker hands it on.

use jiff::Timestamp;

use crate::event::Kind;

/// Events of one flow in the order in which they were found, and what was counted on the way.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) events: Vec<(Timestamp, Kind)>,
    pub(crate) malformed: u64,
    pub(crate) dropped: u64,
}

impl Findings {
    pub(crate) fn event(&mut self, at: Timestamp, kind: Kind) {
        self.events.push((at, kind));
    }
}
