//! What several trackers told, in the order in which one would have told it.

use std::collections::HashMap;
use std::vec::Drain;

use wire::Malformed;
use wire::event::{Event, FlowId, Kind};

use super::round::{Moment, Round};

#[derive(Debug, Default)]
pub(super) struct Merge {
    /// Rounds that can be filled again: never more than were under way at once.
    spare: Vec<Round>,
    /// By the number of the frame that began a flow: its number among flows.
    flows: HashMap<FlowId, FlowId>,
    next: u64,
}

impl Merge {
    pub(super) fn spare(&mut self) -> Round {
        self.spare.pop().unwrap_or_default()
    }

    /// Tells what all trackers said of the same round.
    pub(super) fn round(
        &mut self,
        mut told: Vec<Round>,
        all_faults: &mut Vec<(u64, Malformed)>,
        sink: &mut dyn FnMut(Event),
    ) {
        let mut streams: Vec<_> = told.iter_mut().map(|round| round.events.drain(..)).collect();
        while let Some(event) = first(&mut streams) {
            sink(self.renumbered(event));
        }
        drop(streams);
        for mut round in told {
            all_faults.append(&mut round.faults);
            self.spare.push(round);
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
fn first(streams: &mut [Drain<'_, (Moment, Event)>]) -> Option<Event> {
    let moment = |stream: &Drain<'_, (Moment, Event)>| stream.as_slice().first().map(|(moment, _)| *moment);
    let earliest = streams.iter_mut().filter_map(|stream| Some((moment(stream)?, stream))).min_by_key(|(at, _)| *at);
    Some(earliest?.1.next()?.1)
}
