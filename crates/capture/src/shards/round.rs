//! What one tracker gets to follow at a time, and what it says of it.

use std::ops::Range;

use jiff::Timestamp;
use wire::event::{Event, FlowId};
use wire::{Frame, LinkType, Malformed, Tracker};

/// Some frames for one tracker, with their bytes behind each other; then what the tracker says of them, in its order. Filled
/// again and again, so that its memory is claimed once.
#[derive(Debug, Default)]
pub(super) struct Round {
    items: Vec<Item>,
    bytes: Vec<u8>,
    /// The input ends here.
    pub(super) is_last: bool,
    pub(super) events: Vec<(Moment, Event)>,
    pub(super) faults: Vec<(u64, Malformed)>,
}

#[derive(Debug)]
struct Item {
    /// Of the frame, in the whole input.
    number: u64,
    place: u64,
    at: Timestamp,
    /// Absent: a second began, with a frame that is perhaps another tracker's.
    frame: Option<Kept>,
}

#[derive(Debug)]
struct Kept {
    link: LinkType,
    wire_length: u32,
    bytes: Range<usize>,
}

/// When something was told, so that several trackers' events can be put in one order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// Of the frame at which it was told.
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

impl Round {
    pub(super) fn frame(&mut self, number: u64, place: u64, frame: &Frame<'_>) {
        let from = self.bytes.len();
        self.bytes.extend_from_slice(frame.bytes);
        let kept = Kept { link: frame.link, wire_length: frame.wire_length, bytes: from..self.bytes.len() };
        self.items.push(Item { number, place, at: frame.at, frame: Some(kept) });
    }

    pub(super) fn clock(&mut self, number: u64, place: u64, at: Timestamp) {
        self.items.push(Item { number, place, at, frame: None });
    }

    /// Has a tracker follow the frames.
    pub(super) fn follow(&mut self, tracker: &mut Tracker) {
        let Self { items, bytes, is_last, events, faults } = self;
        for item in items.drain(..) {
            let number = item.number;
            let fault = match item.frame {
                None => tracker.clock(item.at, &mut |event| events.push((Moment::over(number, &event), event))),
                Some(Kept { link, wire_length, bytes: range }) => {
                    let bytes = bytes.get(range).unwrap_or_default();
                    let frame = Frame { at: item.at, link, bytes, wire_length };
                    // A link that is not read is named where it is stated.
                    let is_read = !matches!(link, LinkType::Unsupported(_));
                    let tell = &mut |event| events.push((Moment::at(number), event));
                    tracker.numbered(FlowId(number), frame, tell).filter(|_| is_read)
                }
            };
            faults.extend(fault.map(|what| (item.place, what)));
        }
        bytes.clear();
        if std::mem::take(is_last) {
            let fault = tracker.finish(&mut |event| events.push((Moment::over(u64::MAX, &event), event)));
            faults.extend(fault.map(|what| (u64::MAX, what)));
        }
    }
}

impl Moment {
    fn over(number: u64, event: &Event) -> Self {
        Self { number, why: Why::Over(event.flow) }
    }

    fn at(number: u64) -> Self {
        Self { number, why: Why::Frame }
    }
}
