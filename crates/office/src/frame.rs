//! Frames on a tape, and the tape as a capture file (pcap 2.4, Ethernet, microseconds).

use std::net::Ipv4Addr;

use etherparse::PacketBuilder;

/// Ethernet, IPv4 and TCP headers without options.
const IP_AT: usize = 14;
const TCP_AT: usize = IP_AT + 20;
const IP_LENGTH_AT: usize = IP_AT + 2;
const IP_CHECKSUM_AT: usize = IP_AT + 10;
const TCP_CHECKSUM_AT: usize = TCP_AT + 16;
const UDP_LENGTH_AT: usize = IP_AT + 20 + 4;
const UDP_CHECKSUM_AT: usize = IP_AT + 20 + 6;

/// One side of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) mac: [u8; 6],
    pub(crate) ip: Ipv4Addr,
    pub(crate) port: u16,
}

/// What a TCP segment says beside its payload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment {
    pub(crate) sequence: u32,
    /// Absent in the very first segment only.
    pub(crate) acknowledges: Option<u32>,
    pub(crate) syn: bool,
    pub(crate) fin: bool,
}

pub(crate) struct Frame {
    /// Microseconds after the tape's beginning.
    pub(crate) at: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) on_wire: u32,
}

/// Frames in the order in which they were made; sorted by time when the file is written.
pub(crate) struct Tape {
    frames: Vec<Frame>,
}

impl Tape {
    pub(crate) fn new() -> Self {
        Self { frames: Vec::new() }
    }

    pub(crate) fn udp(&mut self, at: u64, from: End, to: End, payload: &[u8]) {
        let packet = PacketBuilder::ethernet2(from.mac, to.mac)
            .ipv4(from.ip.octets(), to.ip.octets(), 64)
            .udp(from.port, to.port);
        let mut bytes = Vec::with_capacity(packet.size(payload.len()));
        let written = packet.write_to_vec(&mut bytes, payload);
        debug_assert!(written.is_ok(), "a datagram longer than IPv4 carries");
        self.push(at, bytes, 0);
    }

    pub(crate) fn tcp(&mut self, at: u64, from: End, to: End, segment: Segment, payload: &[u8]) {
        let bytes = tcp_bytes(from, to, segment, payload);
        self.push(at, bytes, 0);
    }

    /// A segment whose `length` bytes of payload (zeros) were on the wire but not captured. Longer than an Ethernet frame
    /// takes, as a machine sees it that leaves cutting to its network card.
    pub(crate) fn tcp_uncaptured(&mut self, at: u64, from: End, to: End, segment: Segment, length: u16) {
        let mut bytes = tcp_bytes(from, to, segment, &[]);
        let length = length.min(u16::MAX - 40);
        // Zeros leave a checksum as it is; only the two lengths count (the IP header's, the TCP pseudo-header's).
        if let Some(field) = field(&mut bytes, IP_LENGTH_AT) {
            *field = (40 + length).to_be_bytes();
        }
        for (at, old) in [(IP_CHECKSUM_AT, 40), (TCP_CHECKSUM_AT, 20)] {
            if let Some(checksum) = field(&mut bytes, at) {
                *checksum = updated(u16::from_be_bytes(*checksum), old, old + length).to_be_bytes();
            }
        }
        self.push(at, bytes, u32::from(length));
    }

    fn push(&mut self, at: u64, bytes: Vec<u8>, uncaptured: u32) {
        let on_wire = u32::try_from(bytes.len()).unwrap_or(u32::MAX).saturating_add(uncaptured);
        self.frames.push(Frame { at, bytes, on_wire });
    }

    /// A datagram whose `length` bytes of payload were on the wire but not captured; without a checksum, as IPv4 allows.
    pub(crate) fn udp_uncaptured(&mut self, at: u64, from: End, to: End, length: u16) {
        let packet = PacketBuilder::ethernet2(from.mac, to.mac)
            .ipv4(from.ip.octets(), to.ip.octets(), 64)
            .udp(from.port, to.port);
        let mut bytes = Vec::with_capacity(packet.size(0));
        let written = packet.write_to_vec(&mut bytes, &[]);
        debug_assert!(written.is_ok(), "an empty datagram");
        let length = length.min(u16::MAX - 28);
        for (at, value) in [(IP_LENGTH_AT, 28 + length), (UDP_LENGTH_AT, 8 + length), (UDP_CHECKSUM_AT, 0)] {
            if let Some(field) = field(&mut bytes, at) {
                *field = value.to_be_bytes();
            }
        }
        if let Some(checksum) = field(&mut bytes, IP_CHECKSUM_AT) {
            *checksum = updated(u16::from_be_bytes(*checksum), 28, 28 + length).to_be_bytes();
        }
        self.push(at, bytes, u32::from(length));
    }

    /// Takes off the frames before that moment, in order.
    pub(crate) fn take_until(&mut self, end: u64) -> Vec<Frame> {
        self.frames.sort_by_key(|frame| frame.at);
        let count = self.frames.partition_point(|frame| frame.at < end);
        self.frames.drain(..count).collect()
    }

    /// The capture file; `start` in microseconds since 1970.
    pub(crate) fn into_pcap(mut self, start: u64) -> Vec<u8> {
        self.frames.sort_by_key(|frame| frame.at);
        let size: usize = self.frames.iter().map(|frame| frame.bytes.len() + 16).sum();
        let mut file = Vec::with_capacity(size + 24);
        // The magic number of microseconds, version 2.4, zone and accuracy (always 0), the longest frame, the link type
        // (1: Ethernet).
        for word in [0xa1b2_c3d4u32, 2 | 4 << 16, 0, 0, 262_144, 1] {
            file.extend(word.to_le_bytes());
        }
        for frame in self.frames {
            let at = start.saturating_add(frame.at);
            let seconds = u32::try_from(at / 1_000_000).unwrap_or(u32::MAX);
            let captured = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
            for word in [seconds, (at % 1_000_000) as u32, captured, frame.on_wire] {
                file.extend(word.to_le_bytes());
            }
            file.extend(frame.bytes);
        }
        file
    }
}

fn tcp_bytes(from: End, to: End, segment: Segment, payload: &[u8]) -> Vec<u8> {
    let mut packet = PacketBuilder::ethernet2(from.mac, to.mac).ipv4(from.ip.octets(), to.ip.octets(), 64).tcp(
        from.port,
        to.port,
        segment.sequence,
        64_240,
    );
    if segment.syn {
        packet = packet.syn();
    }
    if segment.fin {
        packet = packet.fin();
    }
    if let Some(acknowledges) = segment.acknowledges {
        packet = packet.ack(acknowledges);
    }
    if !payload.is_empty() {
        packet = packet.psh();
    }
    let mut bytes = Vec::with_capacity(packet.size(payload.len()));
    let written = packet.write_to_vec(&mut bytes, payload);
    debug_assert!(written.is_ok(), "a segment longer than IPv4 carries");
    bytes
}

fn field(bytes: &mut [u8], at: usize) -> Option<&mut [u8; 2]> {
    bytes.get_mut(at..)?.first_chunk_mut()
}

/// A checksum after one of its words changed (RFC 1624, equation 3).
fn updated(checksum: u16, old: u16, new: u16) -> u16 {
    let mut sum = u32::from(!checksum) + u32::from(!old) + u32::from(new);
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_captured_still_counts_in_lengths_and_checksums() {
        let end = |last, port| End { mac: [2, 0, 0, 0, 0, last], ip: Ipv4Addr::new(192, 0, 2, last), port };
        let segment = Segment { sequence: 7, acknowledges: Some(9), syn: false, fin: false };
        for length in [1u16, 2, 999, 1460, 60_000] {
            let mut tape = Tape::new();
            tape.tcp_uncaptured(0, end(1, 50_000), end(2, 443), segment, length);
            let frame = &tape.frames[0];
            assert_eq!(frame.bytes.len(), 54);
            assert_eq!(frame.on_wire, 54 + u32::from(length));
            let mut whole = frame.bytes.clone();
            whole.resize(54 + usize::from(length), 0);
            let read = etherparse::SlicedPacket::from_ethernet(&whole).unwrap();
            let Some(etherparse::NetSlice::Ipv4(ip)) = &read.net else { panic!("not IPv4") };
            let Some(etherparse::TransportSlice::Tcp(tcp)) = &read.transport else { panic!("not TCP") };
            let header = ip.header().to_header();
            assert_eq!(header.header_checksum, header.calc_header_checksum(), "{length}");
            let expected = tcp.calc_checksum_ipv4(ip.header().source(), ip.header().destination()).unwrap();
            assert_eq!(tcp.checksum(), expected, "{length}");
        }
    }
}
