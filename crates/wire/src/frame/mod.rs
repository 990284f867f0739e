//! One frame: from the link's header to the transport's payload.
//!
//! Promises: lengths are those on the wire, also where the capture kept less; any bytes in, no panic out.
//! Of packets within packets the innermost is read. Not here: putting IP fragments together (module `flow`).

mod ip;
mod link;
mod mark;
mod tunnel;

use std::net::IpAddr;

pub(crate) use ip::segment;
use jiff::Timestamp;

use crate::Malformed;
use crate::bytes::be16;
use crate::event::{Endpoint, Transport, Tunnel};

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
    /// PPP, in HDLC-like framing or without, and Cisco's own framing.
    Ppp,
    /// PPPoE without the Ethernet header before it.
    Pppoe,
    /// One that we do not read: its frames are counted as malformed.
    Unsupported(u32),
}

impl LinkType {
    /// From the number in a capture file's header.
    pub fn from_number(number: u32) -> Self {
        match number {
            0 | 108 => Self::Loopback,
            1 => Self::Ethernet,
            9 | 50 | 104 => Self::Ppp,
            51 => Self::Pppoe,
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
    pub fragment: Option<Fragment<'a>>,
    /// Present when it came through a tunnel.
    pub around: Option<Around>,
    /// The same for copies of one packet, and for nothing else that passes in the same moment. Absent: it says too little of
    /// itself.
    pub mark: Option<u32>,
}

/// The packet around a packet; see [`crate::event::Carrier`] for which of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Around {
    pub tunnel: Tunnel,
    pub source: IpAddr,
    pub destination: IpAddr,
}

impl Around {
    /// Whether it stays within somebody's own network.
    fn is_private(&self) -> bool {
        is_private(self.source) && is_private(self.destination)
    }
}

/// Whether an address means something within somebody's own network alone.
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(v4) => v4.is_private() || v4.is_link_local() || v4.is_loopback(),
        IpAddr::V6(v6) => v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_loopback(),
    }
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
pub struct Fragment<'a> {
    pub identification: u32,
    /// Where it belongs, in bytes. Only the first (0) has ports.
    pub offset: u32,
    /// No other comes after it.
    pub is_last: bool,
    /// What was captured of what it carries, the transport's header included, and whether that is all of it.
    pub carried: &'a [u8],
    pub is_whole: bool,
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
        let Some((tunnel, inner)) = tunnel::inside(&packet) else { break };
        let headers = packet.payload.len().saturating_sub(inner.bytes.len()) as u64;
        // What only looks like a tunnel is a packet like any other.
        let Ok(carried) = ip::decode(&inner, packet.payload_length.saturating_sub(headers)) else { break };
        let (source, destination) = (packet.source.ip, packet.destination.ip);
        // A mirror's copy stands for what it copied. Across the internet anybody may send one, or hide in one.
        if tunnel.is_none() && !(is_private(source) && is_private(destination)) {
            break;
        }
        let here = tunnel.map(|tunnel| Around { tunnel, source, destination });
        let around = packet.around.filter(|outer| !outer.is_private()).or(here).or(packet.around);
        packet = Packet { vlan: carried.vlan.or(packet.vlan), around, ..carried };
    }
    Ok(Some(packet))
}

/// Which of so many parts of a network's conversations a frame belongs to, counted from 0: one conversation's packets, and
/// the parts of one packet, all belong to the same. What carries no IP is of the first.
#[must_use]
pub fn part_of(frame: &Frame<'_>, parts: usize) -> usize {
    let addresses = plain(frame)
        .or_else(|| decode(frame).ok().flatten().map(|packet| (bits(packet.source.ip), bits(packet.destination.ip))));
    let Some((source, destination)) = addresses else { return 0 };
    // The same both ways; multiplied, so that the upper bits depend on all (Fibonacci hashing).
    let both = source.wrapping_add(destination).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((u128::from(both) * parts as u128) >> 64) as usize
}

fn bits(ip: IpAddr) -> u64 {
    match ip {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => folded(v6.to_bits()),
    }
}

fn folded(address: u128) -> u64 {
    (address >> 64) as u64 ^ address as u64
}

/// Behind a plain Ethernet header: where an IPv4 header says what it carries, from whom and to whom (RFC 791 §3.1), and
/// where, if it has no options, UDP's says to which port.
const IPV4_PROTOCOL: usize = 23;
const IPV4_ADDRESSES: std::ops::Range<usize> = 26..34;
const IPV4_UDP_DESTINATION: usize = 36;

/// The same of an IPv6 header without extensions (RFC 8200 §3).
const IPV6_NEXT_HEADER: usize = 20;
const IPV6_ADDRESSES: std::ops::Range<usize> = 22..54;
const IPV6_UDP_DESTINATION: usize = 56;

/// The addresses of what most frames are, TCP and UDP in IP in Ethernet, in which nothing else is wrapped: they are told
/// without reading it.
fn plain(frame: &Frame<'_>) -> Option<(u64, u64)> {
    let bytes = frame.bytes;
    if frame.link != LinkType::Ethernet {
        return None;
    }
    let is_alone = |port: usize| be16(bytes, port).is_some_and(|port| !tunnel::is_carrier(port));
    match (bytes.get(12..14)?, bytes.get(14)?) {
        ([0x08, 0x00], first) => {
            let is_plain = match (bytes.get(IPV4_PROTOCOL)?, first) {
                (6, first) => first >> 4 == 4,
                (17, 0x45) => is_alone(IPV4_UDP_DESTINATION),
                _ => false,
            };
            let (source, destination) = bytes.get(IPV4_ADDRESSES).filter(|_| is_plain)?.split_first_chunk()?;
            let bits = |address: [u8; 4]| u64::from(u32::from_be_bytes(address));
            Some((bits(*source), bits(*destination.first_chunk()?)))
        }
        ([0x86, 0xdd], first) if first >> 4 == 6 => {
            let is_plain = match bytes.get(IPV6_NEXT_HEADER)? {
                6 => true,
                17 => is_alone(IPV6_UDP_DESTINATION),
                _ => false,
            };
            let (source, destination) = bytes.get(IPV6_ADDRESSES).filter(|_| is_plain)?.split_first_chunk()?;
            let bits = |address: [u8; 16]| folded(u128::from_be_bytes(address));
            Some((bits(*source), bits(*destination.first_chunk()?)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An Ethernet frame of that IP packet, with a VLAN's tag or without.
    fn frame_of(ip: &[u8], tagged: bool) -> Vec<u8> {
        let mut frame = vec![2; 12];
        if tagged {
            frame.extend_from_slice(&[0x81, 0x00, 0, 7]);
        }
        frame.extend_from_slice(if ip[0] >> 4 == 4 { &[0x08, 0x00] } else { &[0x86, 0xdd] });
        frame.extend_from_slice(ip);
        frame
    }

    fn part(ip: &[u8], tagged: bool) -> usize {
        let bytes = frame_of(ip, tagged);
        let frame = Frame {
            at: jiff::Timestamp::UNIX_EPOCH,
            link: LinkType::Ethernet,
            bytes: &bytes,
            wire_length: bytes.len() as u32,
        };
        assert_eq!(plain(&frame).is_none(), tagged, "{ip:x?}");
        part_of(&frame, 1_000_003)
    }

    #[test]
    fn a_frame_is_of_the_part_of_its_addresses_however_that_is_told() {
        for (protocol, payload) in [(6, 20), (17, 8)] {
            for end in 0..50 {
                let mut v4 =
                    vec![0x45, 0, 0, 20 + payload, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 0, 0, end, 192, 0, 2, 9];
                let mut v6 = vec![0x60, 0, 0, 0, 0, payload, protocol, 64, 0xfd];
                v6.extend_from_slice(&[&[3; 14][..], &[end], &[0x20], &[1; 14], &[9]].concat());
                for ip in [&mut v4, &mut v6] {
                    // Ports, and a length that UDP may state.
                    ip.extend_from_slice(&[0xc0, 1, 1, 0xbb, 0, payload, 0, 0]);
                    ip.resize(ip.len() + usize::from(payload) - 8, 0x50);
                }
                for ip in [&v4, &v6] {
                    assert_eq!(part(ip, false), part(ip, true), "{ip:x?}");
                    let bytes = frame_of(ip, true);
                    let decoded = decode(&Frame {
                        at: jiff::Timestamp::UNIX_EPOCH,
                        link: LinkType::Ethernet,
                        bytes: &bytes,
                        wire_length: 0,
                    });
                    assert!(decoded.is_ok_and(|packet| packet.is_some()), "{ip:x?}");
                }
            }
        }
    }
}
