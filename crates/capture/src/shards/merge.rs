//! What several trackers told, in the order in which one would have told it.

use std::collections::HashMap;
use std::vec::IntoIter;

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
        told: Vec<Round>,
        fault: &mut dyn FnMut((u64, Malformed)),
        sink: &mut dyn FnMut(Event),
    ) {
        let mut streams = Vec::with_capacity(told.len());
        for Round { events, faults } in told {
            faults.into_iter().for_each(&mut *fault);
            streams.push(events.into_iter());
        }
        while let Some(event) = first(&mut streams) {
            sink(self.renumbered(event));
        }
    }

    /// Flows are counted from 0 in the order in which they began.
    fn renumbered(&mut self, mut event: Event) -> Event {
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
        event
    }
}

/// The event that was told first; each stream is in order.
fn first(streams: &mut [IntoIter<(Moment, Event)>]) -> Option<Event> {
    let moment = |stream: &IntoIter<(Moment, Event)>| stream.as_slice().first().map(|(moment, _)| *moment);
    let earliest = streams.iter_mut().filter_map(|stream| Some((moment(stream)?, stream))).min_by_key(|(at, _)| *at);
    Some(earliest?.1.next()?.1)
}
