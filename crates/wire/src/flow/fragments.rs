//! Parts of a fragmented IP packet: which flow the later ones belong to (only the first has the ports), and a datagram or a
//! segment put together from them.
//!
//! Promises: parts are held of datagrams up to [`MAX_DATAGRAM`] and segments up to [`MAX_SEGMENT`] bytes, for so many packets
//! at a time as the caller allows, and of all together no more than if each were such a datagram. Where two parts overlap,
//! the one that came first counts.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::ops::Range;

use jiff::{SignedDuration, Timestamp};

use crate::event::{Endpoint, Transport};
use crate::frame::{self, Fragment, Packet, TcpHeader};

/// Answers of the DNS and the first packets of QUIC are shorter.
const MAX_DATAGRAM: usize = 8 * 1024;
/// What an IP packet can carry: whoever splits connections into parts does so to hide them.
const MAX_SEGMENT: usize = 64 * 1024;
/// Holes in one packet at the same time; parts that come in order leave none.
const MAX_HOLES: usize = 256;
const UDP_HEADER: usize = 8;
/// How long who receives parts waits for the others (RFC 8200 §4.5).
const WAITED_FOR: SignedDuration = SignedDuration::from_secs(60);

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
    first_at: Option<Timestamp>,
    ports: Option<(u16, u16)>,
    /// What came of it, each byte where it belongs. Empty once it was put together, or given up.
    bytes: Vec<u8>,
    /// From where to where something came: in order, with a hole between each two.
    came: Vec<(usize, usize)>,
    /// How long it is, known from the last part.
    length: Option<usize>,
    /// Whether the first part came and TCP's header was all in it.
    has_header: bool,
    /// Bytes of parts that came before it was known whose they are, and of what they carried.
    uncounted: u64,
    uncounted_payload: u64,
    is_over: bool,
}

/// Recent fragmented packets; the oldest makes room.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    parts: HashMap<Whole, Parts>,
    order: VecDeque<Whole>,
    /// Bytes held for all of them.
    held: usize,
}

/// What a part turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// A packet in one piece, or a part whose ports are known now.
    Known,
    /// A part of a segment that is read once the others are there.
    Waiting,
    /// A part of which it is not known yet whose it is.
    Stray,
    /// The part that completes a datagram or a segment: all that IP carried, how much of that is the transport's header, and
    /// TCP's.
    Complete { bytes: Vec<u8>, header: usize, tcp: Option<TcpHeader> },
}

impl Fragments {
    /// Remembers a first part, and gives a later one its ports.
    pub(super) fn place(&mut self, packet: &mut Packet<'_>, at: Timestamp, capacity: usize) -> Placed {
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
        let held = parts.held();
        // The same number again for another packet.
        let is_given_up = parts.first_at.is_some_and(|first| at.duration_since(first) > WAITED_FOR);
        if is_given_up || is_first && !is_new && parts.is_over {
            *parts = Parts::default();
        }
        parts.first_at.get_or_insert(at);
        if is_first {
            parts.ports = Some((packet.source.port, packet.destination.port));
            parts.has_header = packet.tcp.is_some();
        }
        parts.hold(fragment, packet.transport);
        let placed = match parts.ports {
            None => Placed::Stray,
            Some((source, destination)) => {
                packet.source = Endpoint { port: source, ..packet.source };
                packet.destination = Endpoint { port: destination, ..packet.destination };
                parts.placed(packet.transport)
            }
        };
        match placed {
            Placed::Stray => {
                parts.uncounted += packet.ip_length;
                parts.uncounted_payload += packet.payload_length;
            }
            Placed::Known => packet.ip_length += std::mem::take(&mut parts.uncounted),
            Placed::Waiting | Placed::Complete { .. } => {
                packet.ip_length += std::mem::take(&mut parts.uncounted);
                packet.payload_length += std::mem::take(&mut parts.uncounted_payload);
            }
        }
        self.held = self.held - held + parts.held();
        while self.order.len() > capacity || self.held > capacity.saturating_mul(MAX_DATAGRAM) {
            let Some(oldest) = self.order.pop_front() else { break };
            self.held -= self.parts.remove(&oldest).map_or(0, |parts| parts.held());
        }
        placed
    }
}

impl Parts {
    fn hold(&mut self, fragment: Fragment<'_>, transport: Transport) {
        let most = match transport {
            Transport::Tcp => MAX_SEGMENT,
            Transport::Udp => MAX_DATAGRAM,
            _ => 0,
        };
        let from = fragment.offset as usize;
        let end = from.saturating_add(fragment.carried.len());
        if !fragment.is_whole || end > most || self.came.len() > MAX_HOLES {
            self.give_up();
        }
        if self.is_over {
            return;
        }
        if fragment.is_last {
            self.length = self.length.or(Some(end));
        }
        self.write(from..end, fragment.carried);
    }

    /// Writes what did not come before.
    fn write(&mut self, place: Range<usize>, carried: &[u8]) {
        if self.bytes.len() < place.end {
            self.bytes.resize(place.end, 0);
        }
        // Those that it touches become one with it.
        let first = self.came.partition_point(|(_, end)| *end < place.start);
        let last = self.came.partition_point(|(from, _)| *from <= place.end);
        let (mut at, mut joined) = (place.start, (place.start, place.end));
        for (from, end) in self.came.drain(first..last) {
            copy(&mut self.bytes, carried, place.start, at..from);
            at = at.max(end);
            joined = (joined.0.min(from), joined.1.max(end));
        }
        copy(&mut self.bytes, carried, place.start, at..place.end);
        self.came.insert(first, joined);
    }

    fn held(&self) -> usize {
        self.bytes.capacity() + self.came.capacity() * size_of::<(usize, usize)>()
    }

    fn give_up(&mut self) {
        (self.bytes, self.came) = (Vec::new(), Vec::new());
        self.is_over = true;
    }

    /// What the part that came last makes of it.
    fn placed(&mut self, transport: Transport) -> Placed {
        if self.is_over {
            return Placed::Known;
        }
        let Some(bytes) = self.complete() else {
            return match transport {
                Transport::Tcp if self.has_header => Placed::Waiting,
                Transport::Tcp => Placed::Stray,
                _ => Placed::Known,
            };
        };
        if transport != Transport::Tcp {
            return Placed::Complete { bytes, header: UDP_HEADER, tcp: None };
        }
        match frame::segment(&bytes) {
            Some((tcp, header)) => Placed::Complete { bytes, header, tcp: Some(tcp) },
            None => Placed::Known,
        }
    }

    /// All of it, when nothing is missing.
    fn complete(&mut self) -> Option<Vec<u8>> {
        let length = self.length?;
        if !matches!(self.came.first(), Some((0, end)) if *end >= length) {
            return None;
        }
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.truncate(length);
        self.give_up();
        Some(bytes)
    }
}

/// Copies what belongs in that place of a part that begins at `from`.
fn copy(bytes: &mut [u8], part: &[u8], from: usize, place: Range<usize>) {
    let within = place.start.saturating_sub(from)..place.end.saturating_sub(from);
    if let (Some(to), Some(part)) = (bytes.get_mut(place), part.get(within)) {
        to.copy_from_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put_together(parts: &[(u32, &[u8], bool)], transport: Transport) -> (Option<Vec<u8>>, Parts) {
        let mut known = Parts::default();
        let mut whole = None;
        for (offset, carried, is_last) in parts {
            let (offset, carried, is_last) = (*offset, *carried, *is_last);
            known.hold(Fragment { identification: 1, offset, is_last, carried, is_whole: true }, transport);
            whole = whole.or_else(|| known.complete());
        }
        (whole, known)
    }

    #[test]
    fn parts_come_together_in_any_order_and_the_first_to_come_counts() {
        type Part<'a> = (u32, &'a [u8], bool);
        let table: [(&[Part<'_>], Option<&[u8]>); 7] = [
            (&[(0, b"abcd", false), (4, b"ef", true)], Some(b"abcdef")),
            (&[(4, b"ef", true), (2, b"cd", false), (0, b"ab", false)], Some(b"abcdef")),
            (&[(0, b"ab", false), (4, b"ef", true), (0, b"XXcdXX", false)], Some(b"abcdef")),
            (&[(2, b"cd", false), (0, b"abXX", false), (3, b"Xe", true)], Some(b"abcde")),
            (&[(0, b"ab", false), (0, b"ab", false), (2, b"c", true)], Some(b"abc")),
            (&[(0, b"abcdef", false), (2, b"cd", true)], Some(b"abcd")),
            (&[(0, b"ab", false), (3, b"de", true)], None),
        ];
        for (parts, expected) in table {
            assert_eq!(put_together(parts, Transport::Tcp).0.as_deref(), expected, "{parts:?}");
        }
    }

    #[test]
    fn what_is_held_is_bounded() {
        let big = vec![7; MAX_DATAGRAM + 8];
        for (transport, is_held) in [(Transport::Tcp, true), (Transport::Udp, false), (Transport::Icmp, false)] {
            let (_, parts) = put_together(&[(0, big.as_slice(), false)], transport);
            assert_eq!((parts.held() > 0, parts.is_over), (is_held, !is_held), "{transport:?}");
        }
        let many: Vec<(u32, &[u8], bool)> = (0..2_000).map(|index| (index * 16, &b"12345678"[..], false)).collect();
        let (_, parts) = put_together(&many, Transport::Tcp);
        assert_eq!((parts.held(), parts.is_over), (0, true));
    }
}
