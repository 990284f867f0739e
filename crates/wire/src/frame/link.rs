//! What comes before the IP header: Ethernet with its tags, Linux cooked headers, loopback, PPP.

use super::LinkType;
use crate::Malformed;
use crate::bytes::{be16, be32};

/// More tags than this on one frame is nobody's network.
const MAX_TAGS: usize = 8;

/// The ether type of a PPPoE session (RFC 2516).
const PPPOE: u16 = 0x8864;

/// A frame whose link headers are read; the rest is an IP packet.
#[derive(Debug, Default)]
pub(super) struct Link<'a> {
    pub(super) source_mac: Option<[u8; 6]>,
    pub(super) destination_mac: Option<[u8; 6]>,
    pub(super) vlan: Option<u16>,
    pub(super) bytes: &'a [u8],
}

/// Takes the link's headers off. Absent: no IP inside.
pub(super) fn peel(link: LinkType, bytes: &[u8]) -> Result<Option<Link<'_>>, Malformed> {
    let peeled = match link {
        LinkType::Ethernet => ethernet(bytes),
        LinkType::LinuxSll => linux_sll(bytes),
        LinkType::LinuxSll2 => linux_sll2(bytes),
        LinkType::RawIp => Some(Some(Link { bytes, ..Link::default() })),
        LinkType::Loopback => loopback(bytes),
        LinkType::Ppp => ppp(bytes),
        LinkType::Pppoe => ether_type(PPPOE, Link { bytes, ..Link::default() }),
        LinkType::Unsupported(_) => return Err(Malformed("frame: link type not supported")),
    };
    peeled.ok_or(Malformed("link header"))
}

// In these, the outer `None` is "cut short", the inner one "no IP".

fn ethernet(bytes: &[u8]) -> Option<Option<Link<'_>>> {
    let destination_mac = mac(bytes.get(0..6)?);
    let source_mac = mac(bytes.get(6..12)?);
    let link = Link { source_mac, destination_mac, vlan: None, bytes: bytes.get(14..)? };
    ether_type(be16(bytes, 12)?, link)
}

/// What a tunnel carries: an ether type and what belongs to it, or a whole Ethernet frame (type 0x6558). Absent: no IP
/// inside, or cut short.
pub(super) fn carried(kind: u16, bytes: &[u8]) -> Option<Link<'_>> {
    if kind == 0x6558 { ethernet(bytes)? } else { ether_type(kind, Link { bytes, ..Link::default() })? }
}

/// Linux cooked v1: packet type, ARPHRD, address length, address (8), protocol.
fn linux_sll(bytes: &[u8]) -> Option<Option<Link<'_>>> {
    let source_mac = if be16(bytes, 4)? == 6 { mac(bytes.get(6..12)?) } else { None };
    let link = Link { source_mac, bytes: bytes.get(16..)?, ..Link::default() };
    ether_type(be16(bytes, 14)?, link)
}

/// Linux cooked v2: protocol, reserved, interface (4), ARPHRD, packet type (1), address length (1), address (8).
fn linux_sll2(bytes: &[u8]) -> Option<Option<Link<'_>>> {
    let source_mac = if *bytes.get(11)? == 6 { mac(bytes.get(12..18)?) } else { None };
    let link = Link { source_mac, bytes: bytes.get(20..)?, ..Link::default() };
    ether_type(be16(bytes, 0)?, link)
}

/// The family is in the byte order of the machine that captured; 2 is IPv4 everywhere, IPv6 differs per system.
fn loopback(bytes: &[u8]) -> Option<Option<Link<'_>>> {
    const IP_FAMILIES: [u32; 5] = [2, 10, 24, 28, 30];
    let family = be32(bytes, 0)?;
    let is_ip = IP_FAMILIES.contains(&family) || IP_FAMILIES.contains(&family.swap_bytes());
    Some(if is_ip { Some(Link { bytes: bytes.get(4..)?, ..Link::default() }) } else { None })
}

/// Address and control of HDLC-like framing may stand first (RFC 1662 §3.1), or Cisco's own, with an ether type behind them
/// (RFC 1547 §4.3.1).
fn ppp(bytes: &[u8]) -> Option<Option<Link<'_>>> {
    let bytes = match bytes {
        [0x0f | 0x8f, 0, high, low, bytes @ ..] => {
            return ether_type(u16::from_be_bytes([*high, *low]), Link { bytes, ..Link::default() });
        }
        [0xff, 0x03, rest @ ..] => rest,
        _ => bytes,
    };
    // A protocol's number that begins odd was compressed to that byte (RFC 1661 §6.5).
    let (protocol, bytes) = match bytes {
        [short, rest @ ..] if short & 1 == 1 => (u16::from(*short), rest),
        _ => (be16(bytes, 0)?, bytes.get(2..)?),
    };
    match ether_type_of(protocol) {
        Some(kind) => ether_type(kind, Link { bytes, ..Link::default() }),
        None => Some(None),
    }
}

/// The ether type of what PPP calls by another number; absent: no IP.
fn ether_type_of(protocol: u16) -> Option<u16> {
    match protocol {
        0x0021 => Some(0x0800),
        0x0057 => Some(0x86dd),
        _ => None,
    }
}

/// Follows the ether types through tags and session headers to an IP packet.
fn ether_type(mut kind: u16, mut link: Link<'_>) -> Option<Option<Link<'_>>> {
    for _ in 0..MAX_TAGS {
        let bytes = link.bytes;
        match kind {
            0x0800 | 0x86dd => return Some(Some(link)),
            // IEEE 802.1Q, 802.1ad (QinQ) and what stood in for it.
            0x8100 | 0x88a8 | 0x9100 | 0x9200 => {
                link.vlan = link.vlan.or(Some(be16(bytes, 0)? & 0x0fff));
                kind = be16(bytes, 2)?;
                link.bytes = bytes.get(4..)?;
            }
            // Cisco metadata (security group tag): version, number of 4-byte options, the options.
            0x8909 => {
                let header = 2 + 4 * usize::from(*bytes.get(1)?);
                kind = be16(bytes, header)?;
                link.bytes = bytes.get(header + 2..)?;
            }
            // Behind its header of six bytes, PPP's protocol number.
            PPPOE => {
                let Some(carried) = ether_type_of(be16(bytes, 6)?) else { return Some(None) };
                kind = carried;
                link.bytes = bytes.get(8..)?;
            }
            // MPLS (RFC 3032): labels until the bottom of the stack; what follows is IP, or Ethernet behind a control word
            // (RFC 4448 §4.6), or not ours.
            0x8847 | 0x8848 => {
                let is_bottom = *bytes.get(2)? & 1 == 1;
                link.bytes = bytes.get(4..)?;
                if is_bottom {
                    match *link.bytes.first()? >> 4 {
                        4 | 6 => return Some(Some(link)),
                        0 => {
                            let frame = link.bytes.get(4..)?;
                            link.destination_mac = mac(frame.get(0..6)?);
                            link.source_mac = mac(frame.get(6..12)?);
                            kind = be16(frame, 12)?;
                            link.bytes = frame.get(14..)?;
                        }
                        _ => return Some(None),
                    }
                }
            }
            // IEEE 802.3 with LLC/SNAP around an ether type.
            0..=1500 if bytes.starts_with(&[0xaa, 0xaa, 0x03, 0, 0, 0]) => {
                kind = be16(bytes, 6)?;
                link.bytes = bytes.get(8..)?;
            }
            _ => return Some(None),
        }
    }
    Some(None)
}

/// An address; all zeros (the loopback interface's) is none.
fn mac(bytes: &[u8]) -> Option<[u8; 6]> {
    bytes.try_into().ok().filter(|mac| *mac != [0; 6])
}
