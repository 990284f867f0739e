//! What several trackers told, in the order in which one would have told it.

use std::iter::Peekable;
use std::slice::Iter;

use wire::Malformed;
use wire::event::Event;

use super::round::{Moment, Round};

/// Tells what all trackers said of the same frames.
pub(super) fn merge(told: &mut [Round], fault: &mut dyn FnMut((u64, Malformed)), sink: &mut dyn FnMut(&Event)) {
    let mut streams = Vec::with_capacity(told.len());
    for Round { events, faults } in told {
        faults.drain(..).for_each(&mut *fault);
        streams.push(events.iter().peekable());
    }
    while let Some(event) = first(&mut streams) {
        sink(event);
    }
}

/// What one tracker told, in order.
type Stream<'a> = Peekable<Iter<'a, (Moment, Event)>>;

/// The event that was told first.
fn first<'a>(streams: &mut [Stream<'a>]) -> Option<&'a Event> {
    let heads = streams.iter_mut().filter_map(|stream| Some((stream.peek()?.0, stream)));
    let (_, earliest) = heads.min_by_key(|(moment, _)| *moment)?;
    earliest.next().map(|(_, event)| event)
}
