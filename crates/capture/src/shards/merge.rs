//! What several trackers told, in the order in which one would have told it.

use std::collections::HashMap;
use std::iter::Peekable;
use std::slice::IterMut;

use foldhash::fast::RandomState;
use wire::Malformed;
use wire::event::{Event, FlowId, Kind};

use super::round::{Moment, Round};

#[derive(Debug, Default)]
pub(super) struct Merge {
    /// By the number of the frame that began a flow: its number among flows.
    flows: HashMap<FlowId, FlowId, RandomState>,
    next: u64,
}

impl Merge {
    /// Tells what all trackers said of the same frames.
    pub(super) fn round(
        &mut self,
        told: &mut [Round],
        fault: &mut dyn FnMut((u64, Malformed)),
        sink: &mut dyn FnMut(&Event),
    ) {
        let mut streams = Vec::with_capacity(told.len());
        for Round { events, faults } in told {
            faults.drain(..).for_each(&mut *fault);
            streams.push(events.iter_mut().peekable());
        }
        while let Some(event) = first(&mut streams) {
            self.renumber(event);
            sink(event);
        }
    }

    /// Flows are counted from 0 in the order in which they began.
    fn renumber(&mut self, event: &mut Event) {
        let id = match &event.kind {
            Kind::FlowStarted => {
                let id = FlowId(self.next);
                self.next += 1;
                self.flows.insert(event.flow, id);
                Some(id)
            }
            Kind::FlowEnded(_) => self.flows.remove(&event.flow),
            _ => self.flows.get(&event.flow).copied(),
        };
        // No flow speaks before it began.
        event.flow = id.unwrap_or(event.flow);
        if let Kind::FlowEnded(flow) = &mut event.kind {
            flow.id = event.flow;
        }
    }
}

/// What one tracker told, in order.
type Stream<'a> = Peekable<IterMut<'a, (Moment, Event)>>;

/// The event that was told first.
fn first<'a>(streams: &mut [Stream<'a>]) -> Option<&'a mut Event> {
    let heads = streams.iter_mut().filter_map(|stream| Some((stream.peek()?.0, stream)));
    let (_, earliest) = heads.min_by_key(|(moment, _)| *moment)?;
    earliest.next().map(|(_, event)| event)
}
