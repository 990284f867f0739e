//! Packets within packets: IP in IP, GRE (with ERSPAN and PPTP), VXLAN, Geneve, TZSP. What is followed is the packet inside; the one
//! around it only carries it.

use super::Packet;
use super::link::{self, Link};
use crate::bytes::be16;
use crate::event::{Transport, Tunnel};

/// More tunnels in each other than this is nobody's network.
pub(super) const MAX_TUNNELS: usize = 4;

const IPV4_IN_IP: u8 = 4;
const IPV6_IN_IP: u8 = 41;
const GRE: u8 = 47;

/// VXLAN (RFC 7348; before it had a port of its own, Linux used the second) and Geneve (RFC 8926).
const VXLAN_PORTS: [u16; 2] = [4789, 8472];
const GENEVE_PORT: u16 = 6081;
/// Where routers send copies of what passes them: TZSP, MikroTik's sniffer among others. More fields before the frame than this
/// nobody writes.
const TZSP_PORT: u16 = 37_008;
const MAX_TZSP_FIELDS: usize = 32;

const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;
const ETHERNET: u16 = 0x6558;
/// Its first two kinds, and the third.
const ERSPAN: [u16; 2] = [0x88be, 0x22eb];

/// Whether a UDP packet to that port may carry another.
pub(super) fn is_carrier(port: u16) -> bool {
    VXLAN_PORTS.contains(&port) || port == GENEVE_PORT || port == TZSP_PORT
}

/// What a packet carries, with its link headers read, and in what way; no way: it is a switch's or a router's copy of what
/// passed it (ERSPAN, TZSP). Absent: it is no tunnel, or nothing inside is IP.
pub(super) fn inside<'a>(packet: &Packet<'a>) -> Option<(Option<Tunnel>, Link<'a>)> {
    // A copy in TZSP is larger than what was copied, so that full packets come in two parts: the first holds nearly all.
    let is_copy = packet.transport == Transport::Udp && packet.destination.port == TZSP_PORT;
    if packet.fragment.is_some_and(|part| part.offset > 0 || !is_copy) || packet.payload.is_empty() {
        return None;
    }
    let bytes = packet.payload;
    let (tunnel, inner) = match packet.transport {
        Transport::Other(IPV4_IN_IP) => (Some(Tunnel::IpInIp), link::carried(IPV4, bytes)),
        Transport::Other(IPV6_IN_IP) => (Some(Tunnel::SixInFour), link::carried(IPV6, bytes)),
        Transport::Other(GRE) => {
            let is_mirror = be16(bytes, 2).is_some_and(|kind| ERSPAN.contains(&kind));
            ((!is_mirror).then_some(Tunnel::Gre), gre(bytes))
        }
        Transport::Udp if VXLAN_PORTS.contains(&packet.destination.port) => (Some(Tunnel::Vxlan), vxlan(bytes)),
        Transport::Udp if packet.destination.port == GENEVE_PORT => (Some(Tunnel::Geneve), geneve(bytes)),
        Transport::Udp if is_copy => (None, tzsp(bytes)),
        _ => return None,
    };
    Some((tunnel, inner?))
}

/// RFC 2784 and 2890; version 1 is PPTP's (RFC 2637).
fn gre(bytes: &[u8]) -> Option<Link<'_>> {
    let (flags, kind) = (be16(bytes, 0)?, be16(bytes, 2)?);
    let has = |flag: u16| usize::from(flags & flag != 0);
    let (has_sequence, version) = (has(0x1000) == 1, flags & 7);
    let header = 4 + 4 * (has(0xc000) + has(0x2000) + has(0x1000) + if version == 1 { has(0x0080) } else { 0 });
    let rest = bytes.get(header..)?;
    match (version, kind) {
        (1, 0x880b) => ppp(rest),
        // ERSPAN: the first kind has no header of its own, the second 8 bytes, the third 12 or 20.
        (0, 0x88be) if has_sequence => link::carried(ETHERNET, rest.get(8..)?),
        (0, 0x88be) => link::carried(ETHERNET, rest),
        (0, 0x22eb) => link::carried(ETHERNET, rest.get(if rest.get(11)? & 1 == 1 { 20 } else { 12 }..)?),
        (0, _) => link::carried(kind, rest),
        _ => None,
    }
}

/// PPP with its header as it is or compressed (RFC 1661 §6.5 and §6.6).
fn ppp(bytes: &[u8]) -> Option<Link<'_>> {
    let bytes = bytes.strip_prefix(&[0xff, 3]).unwrap_or(bytes);
    let bytes = bytes.strip_prefix(&[0]).unwrap_or(bytes);
    match bytes {
        [0x21, rest @ ..] => link::carried(IPV4, rest),
        [0x57, rest @ ..] => link::carried(IPV6, rest),
        _ => None,
    }
}

fn vxlan(bytes: &[u8]) -> Option<Link<'_>> {
    let [0x08, 0, 0, 0, _, _, _, 0, rest @ ..] = bytes else { return None };
    link::carried(ETHERNET, rest)
}

fn geneve(bytes: &[u8]) -> Option<Link<'_>> {
    let options = usize::from(*bytes.first()?);
    // The upper two bits are the version, 0.
    if options > 0x3f {
        return None;
    }
    link::carried(be16(bytes, 2)?, bytes.get(8 + 4 * options..)?)
}

/// Version 1, a packet that was received or sent, Ethernet; fields, each with its length but for padding, until the one that
/// ends them; the frame.
fn tzsp(bytes: &[u8]) -> Option<Link<'_>> {
    const PADDING: u8 = 0;
    const END: u8 = 1;
    let [1, 0 | 1, 0, 1, fields @ ..] = bytes else { return None };
    let mut rest = fields;
    for _ in 0..MAX_TZSP_FIELDS {
        rest = match rest {
            [END, frame @ ..] => return link::carried(ETHERNET, frame),
            [PADDING, behind @ ..] => behind,
            [_, length, behind @ ..] => behind.get(usize::from(*length)..)?,
            [] | [_] => return None,
        };
    }
    None
}
