//! What one tracker says of some frames.

use wire::Malformed;
use wire::event::{Event, FlowId};

/// In the tracker's order.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) events: Vec<(Moment, Event)>,
    /// With where the frame stood.
    pub(super) faults: Vec<(u64, Malformed)>,
}

impl Round {
    /// Its room is used again.
    pub(super) fn clear(&mut self) {
        self.events.clear();
        self.faults.clear();
    }
}

/// When something was told, so that several trackers' events can be put in one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// Of the frame at which it was told, in all inputs.
    number: u64,
    why: Why,
}

/// What comes first, one tracker alone tells first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// A second began, and this flow is over.
    Over(FlowId),
    /// The frame itself.
    Frame,
}

impl Moment {
    pub(super) fn over(number: u64, event: &Event) -> Self {
        Self { number, why: Why::Over(event.flow) }
    }

    pub(super) fn at(number: u64) -> Self {
        Self { number, why: Why::Frame }
    }
}
