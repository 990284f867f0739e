//! One frame: from the link's header to the transport's payload.
//!
//! Promises: lengths are those on the wire, also where the capture kept less; any bytes in, no panic out.
//! Of packets within packets the innermost is read. Not here: putting IP fragments together (the first fragment's
//! headers are read, later ones are counted).

mod ip;
mod link;
mod tunnel;

use std::net::IpAddr;

use jiff::Timestamp;

use crate::Malformed;
use crate::event::{Endpoint, Transport};

/// One captured frame.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// When it passed.
    pub at: Timestamp,
    pub link: LinkType,
    /// What was kept of it.
    pub bytes: &'a [u8],
    /// How long it was on the wire, in bytes; at least what was kept.
    pub wire_length: u32,
}

/// How a frame begins (the `LINKTYPE_` numbers of <https://www.tcpdump.org/linktypes.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkType {
    Ethernet,
    /// Linux cooked capture, version 1.
    LinuxSll,
    /// Linux cooked capture, version 2.
    LinuxSll2,
    /// An IP packet without anything before it.
    RawIp,
    /// BSD loopback: four bytes with the address family, in either byte order.
    Loopback,
    /// One that we do not read: its frames are counted as malformed.
    Unsupported(u32),
}

impl LinkType {
    /// From the number in a capture file's header.
    pub fn from_number(number: u32) -> Self {
        match number {
            0 | 108 => Self::Loopback,
            1 => Self::Ethernet,
            // 12 and 14 are what some systems' DLT_RAW was written as.
            12 | 14 | 101 | 228 | 229 => Self::RawIp,
            113 => Self::LinuxSll,
            276 => Self::LinuxSll2,
            other => Self::Unsupported(other),
        }
    }
}

/// An IP packet and what it carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Packet<'a> {
    pub source: Endpoint,
    pub destination: Endpoint,
    pub transport: Transport,
    /// Ethernet addresses, where the link has them.
    pub source_mac: Option<[u8; 6]>,
    pub destination_mac: Option<[u8; 6]>,
    /// The outermost VLAN tag's identifier.
    pub vlan: Option<u16>,
    /// The IP packet's own length in bytes, headers included.
    pub ip_length: u64,
    /// Bytes above TCP or UDP on the wire (above IP for all else).
    pub payload_length: u64,
    /// What was captured of them; of a fragment that is not the first, its part of what lies above IP.
    pub payload: &'a [u8],
    pub tcp: Option<TcpHeader>,
    /// Present when the packet is a part of a larger one.
    pub fragment: Option<Fragment>,
}

/// The fields of a TCP header that a flow needs (RFC 9293 §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpHeader {
    pub sequence: u32,
    pub acknowledgment: u32,
    pub syn: bool,
    pub ack: bool,
    pub fin: bool,
    pub rst: bool,
}

/// Which part of which larger packet (RFC 791 §3.2, RFC 8200 §4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fragment {
    pub identification: u32,
    /// Where it belongs, in bytes. Only the first (0) has ports.
    pub offset: u32,
    /// No other comes after it.
    pub is_last: bool,
}

/// Reads a frame down to its transport's payload. Absent: it carries no IP (ARP, spanning tree…).
///
/// # Errors
/// Headers that are cut short or contradict themselves, and link types that we do not read.
pub fn decode<'a>(frame: &Frame<'a>) -> Result<Option<Packet<'a>>, Malformed> {
    let Some(link) = link::peel(frame.link, frame.bytes)? else { return Ok(None) };
    let wire_length = u64::from(frame.wire_length).max(frame.bytes.len() as u64);
    let ip_wire_length = wire_length.saturating_sub((frame.bytes.len() - link.bytes.len()) as u64);
    let mut packet = ip::decode(&link, ip_wire_length)?;
    for _ in 0..tunnel::MAX_TUNNELS {
        let Some(inner) = tunnel::inside(&packet) else { break };
        let around = packet.payload.len().saturating_sub(inner.bytes.len()) as u64;
        // What only looks like a tunnel is a packet like any other.
        let Ok(carried) = ip::decode(&inner, packet.payload_length.saturating_sub(around)) else { break };
        packet = Packet { vlan: carried.vlan.or(packet.vlan), ..carried };
    }
    Ok(Some(packet))
}

/// Some of a network's conversations, for one of several trackers that all see every frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The how-manieth part, from 0.
    pub index: usize,
    /// Of so many.
    pub of: usize,
}

/// Where an IPv4 header says what it carries, from whom and to whom (RFC 791 §3.1), behind a plain Ethernet header.
const IPV4_PROTOCOL: usize = 23;
const IPV4_ADDRESSES: std::ops::Range<usize> = 26..34;

impl Share {
    /// Whether a frame belongs to it: one conversation's packets, and the parts of one packet, all belong to the same. What
    /// carries no IP is the first's. The packet is read where it is needed, and handed back.
    pub(crate) fn has<'a>(self, frame: &Frame<'a>) -> Option<Result<Option<Packet<'a>>, Malformed>> {
        if let Some([source, destination]) = plain_tcp(frame) {
            let is_own = self.is_of(u64::from(source), u64::from(destination));
            return is_own.then(|| decode(frame));
        }
        let decoded = decode(frame);
        let bits = |ip: IpAddr| match ip {
            IpAddr::V4(v4) => u64::from(v4.to_bits()),
            IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64 ^ v6.to_bits() as u64,
        };
        let is_own = match &decoded {
            Ok(Some(packet)) => self.is_of(bits(packet.source.ip), bits(packet.destination.ip)),
            _ => self.index == 0,
        };
        is_own.then_some(decoded)
    }

    fn is_of(self, source: u64, destination: u64) -> bool {
        // The same both ways; multiplied, so that the upper bits depend on all (Fibonacci hashing).
        let both = source.wrapping_add(destination).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (u128::from(both) * self.of as u128) >> 64 == self.index as u128
    }
}

/// The addresses of what most frames are, TCP in IPv4 in Ethernet, in which nothing else can be wrapped: others' are passed
/// over without being read.
fn plain_tcp(frame: &Frame<'_>) -> Option<[u32; 2]> {
    let bytes = frame.bytes;
    let is_plain = frame.link == LinkType::Ethernet
        && bytes.get(12..14) == Some(&[0x08, 0x00])
        && bytes.get(14).is_some_and(|first| first >> 4 == 4)
        && bytes.get(IPV4_PROTOCOL) == Some(&6);
    let addresses = bytes.get(IPV4_ADDRESSES).filter(|_| is_plain)?;
    let (source, destination) = addresses.split_first_chunk::<4>()?;
    Some([u32::from_be_bytes(*source), u32::from_be_bytes(*destination.first_chunk()?)])
}
