//! Parts of a fragmented IP packet: which flow the later ones belong to (only the first has the ports), and a datagram put
//! together from them.
//!
//! Promises: parts are held for datagrams up to [`MAX_DATAGRAM`] bytes only, for so many at a time as the caller allows.
//! Where two parts overlap, the one that came first counts.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::IpAddr;

use crate::event::{Endpoint, Transport};
use crate::frame::Packet;

/// Answers of the DNS and the first packets of QUIC are shorter.
const MAX_DATAGRAM: usize = 8 * 1024;
/// Parts of one datagram; on the narrowest links there are seven.
const MAX_PARTS: usize = 16;
const UDP_HEADER: u32 = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Whole {
    source: IpAddr,
    destination: IpAddr,
    transport: Transport,
    identification: u32,
}

/// What is known of one.
#[derive(Debug, Default)]
struct Parts {
    ports: Option<(u16, u16)>,
    /// By where they belong in the payload. Empty once it was put together, or given up.
    pieces: BTreeMap<usize, Vec<u8>>,
    held: usize,
    /// How long it is, known from the last part.
    length: Option<usize>,
    is_over: bool,
}

/// Recent fragmented packets; the oldest makes room.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    parts: HashMap<Whole, Parts>,
    order: VecDeque<Whole>,
}

/// What a part turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// A packet in one piece, or a part whose ports are known now.
    Known,
    /// A later part whose first was not seen.
    Stray,
    /// The part that completes a datagram, and its payload.
    Complete(Vec<u8>),
}

impl Fragments {
    /// Remembers a first part, and gives a later one its ports.
    pub(super) fn place(&mut self, packet: &mut Packet<'_>, capacity: usize) -> Placed {
        let Some(fragment) = packet.fragment else { return Placed::Known };
        let whole = Whole {
            source: packet.source.ip,
            destination: packet.destination.ip,
            transport: packet.transport,
            identification: fragment.identification,
        };
        let is_first = fragment.offset == 0;
        let is_new = !self.parts.contains_key(&whole);
        if is_new {
            self.order.push_back(whole);
        }
        let parts = self.parts.entry(whole).or_default();
        // The same number again for another packet.
        if is_first && !is_new && parts.is_over {
            *parts = Parts::default();
        }
        if is_first {
            parts.ports = Some((packet.source.port, packet.destination.port));
        }
        if packet.transport == Transport::Udp {
            parts.hold(packet, fragment.offset, fragment.is_last);
        }
        let placed = match parts.ports {
            None => Placed::Stray,
            Some((source, destination)) => {
                packet.source = Endpoint { port: source, ..packet.source };
                packet.destination = Endpoint { port: destination, ..packet.destination };
                parts.complete().map_or(Placed::Known, Placed::Complete)
            }
        };
        while self.order.len() > capacity {
            if let Some(oldest) = self.order.pop_front() {
                self.parts.remove(&oldest);
            }
        }
        placed
    }
}

impl Parts {
    fn hold(&mut self, packet: &Packet<'_>, offset: u32, is_last: bool) {
        // Where it belongs in the payload: the header stands in the first part alone.
        let at = offset.saturating_sub(UDP_HEADER) as usize;
        let end = at.saturating_add(packet.payload.len());
        let is_cut = (packet.payload.len() as u64) < packet.payload_length;
        if is_cut || end > MAX_DATAGRAM || self.pieces.len() >= MAX_PARTS {
            self.give_up();
        }
        if self.is_over {
            return;
        }
        if is_last {
            self.length = self.length.or(Some(end));
        }
        if let std::collections::btree_map::Entry::Vacant(place) = self.pieces.entry(at) {
            place.insert(packet.payload.to_vec());
            self.held += packet.payload.len();
        }
    }

    fn give_up(&mut self) {
        self.pieces.clear();
        self.is_over = true;
    }

    /// The payload, when nothing of it is missing.
    fn complete(&mut self) -> Option<Vec<u8>> {
        let length = self.length.filter(|length| !self.is_over && self.held >= *length)?;
        let mut payload = Vec::with_capacity(length);
        for (at, piece) in &self.pieces {
            let known = payload.len().checked_sub(*at)?;
            payload.extend_from_slice(piece.get(known..).unwrap_or_default());
        }
        payload.truncate(length);
        if payload.len() < length {
            return None;
        }
        self.give_up();
        Some(payload)
    }
}
