//! What the parsers of one packet found, collected until the tracker hands it on.

use jiff::Timestamp;

use crate::Malformed;
use crate::event::Kind;

/// Events of one flow in the order in which they were found, and what was counted on the way.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) events: Vec<(Timestamp, Kind)>,
    pub(crate) malformed: u64,
    pub(crate) dropped: u64,
    /// What the flow speaks, where its first bytes say so and nothing more is read of it.
    pub(crate) application: Option<&'static str>,
    /// Whether content may be looked into.
    pub(crate) looks_into_content: bool,
    /// The last thing that was counted as malformed.
    pub(crate) fault: Option<Malformed>,
}

impl Findings {
    pub(crate) fn event(&mut self, at: Timestamp, kind: Kind) {
        self.events.push((at, kind));
    }

    /// Whether there is nothing to hand on.
    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.malformed == 0 && self.dropped == 0
    }

    /// Counts what is not what it claimed to be.
    pub(crate) fn malformed(&mut self, what: Malformed) {
        self.malformed += 1;
        self.fault = Some(what);
    }
}
