//! Which flow the later parts of a fragmented IP packet belong to: only the first part has the ports.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;

use crate::event::{Endpoint, Transport};
use crate::frame::Packet;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Whole {
    source: IpAddr,
    destination: IpAddr,
    transport: Transport,
    identification: u32,
}

/// The ports of recent fragmented packets; the oldest makes room.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    ports: HashMap<Whole, (u16, u16)>,
    order: VecDeque<Whole>,
}

impl Fragments {
    /// Remembers a first part; gives a later one its ports. False: a later part whose first was not seen.
    pub(super) fn place(&mut self, packet: &mut Packet<'_>, capacity: usize) -> bool {
        let Some(fragment) = packet.fragment else { return true };
        let whole = Whole {
            source: packet.source.ip,
            destination: packet.destination.ip,
            transport: packet.transport,
            identification: fragment.identification,
        };
        if fragment.offset == 0 {
            self.remember(whole, (packet.source.port, packet.destination.port), capacity);
            return true;
        }
        let Some((source, destination)) = self.ports.get(&whole) else { return false };
        packet.source = Endpoint { port: *source, ..packet.source };
        packet.destination = Endpoint { port: *destination, ..packet.destination };
        true
    }

    fn remember(&mut self, whole: Whole, ports: (u16, u16), capacity: usize) {
        if self.ports.insert(whole, ports).is_none() {
            self.order.push_back(whole);
        }
        while self.order.len() > capacity {
            if let Some(oldest) = self.order.pop_front() {
                self.ports.remove(&oldest);
            }
        }
    }
}
