//! Frames made alike, and sent from and to other addresses.

use wire::{Frame, LinkType};

const ETHERNET: usize = 14;
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;

/// The frame as Ethernet; absent where it is of a link that cannot be made so.
pub(crate) fn ethernet(frame: &Frame<'_>) -> Option<Vec<u8>> {
    let bytes = frame.bytes;
    let (kind, rest) = match frame.link {
        LinkType::Ethernet => return Some(bytes.to_vec()),
        LinkType::RawIp => (kind_of(bytes)?, bytes),
        LinkType::Loopback => (kind_of(bytes.get(4..)?)?, bytes.get(4..)?),
        LinkType::LinuxSll => (be16(bytes, 14)?, bytes.get(16..)?),
        LinkType::LinuxSll2 => (be16(bytes, 0)?, bytes.get(20..)?),
        LinkType::Ppp | LinkType::Pppoe | LinkType::Unsupported(_) => return None,
    };
    let mut made = Vec::with_capacity(ETHERNET + rest.len());
    made.extend([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
    made.extend(kind.to_be_bytes());
    made.extend(rest);
    Some(made)
}

fn kind_of(packet: &[u8]) -> Option<u16> {
    match packet.first()? >> 4 {
        4 => Some(IPV4),
        6 => Some(IPV6),
        _ => None,
    }
}

/// Moves every address of an Ethernet frame's IP header, home's and others' alike, by so many networks: private ones stay
/// private. Groups, broadcasts and machines' own addresses stay; so do addresses within tunnels, and checksums.
pub(crate) fn readdress(frame: &mut [u8], by: u8) {
    let mut at = ETHERNET;
    while let Some(0x8100 | 0x88a8) = be16(frame, at - 2) {
        at += 4;
    }
    match be16(frame, at - 2) {
        Some(IPV4) => [at + 12, at + 16].into_iter().for_each(|at| ipv4(frame, at, by)),
        Some(IPV6) => [at + 8, at + 24].into_iter().for_each(|at| ipv6(frame, at, by)),
        _ => {}
    }
}

fn ipv4(frame: &mut [u8], at: usize, by: u8) {
    if let Some([first, _, third, _]) = frame.get_mut(at..at + 4)
        && !matches!(*first, 0 | 127 | 224..)
    {
        *third = third.wrapping_add(by);
    }
}

fn ipv6(frame: &mut [u8], at: usize, by: u8) {
    // The networks of one site are told apart by the fourth group (RFC 4291 §2.5.4).
    if let Some([first, _, _, _, _, _, _, last, ..]) = frame.get_mut(at..at + 16)
        && !matches!(*first, 0 | 0xfe..)
    {
        *last = last.wrapping_add(by);
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_stays_private_and_groups_stay_groups() {
        for (before, by, after) in [
            ([192, 168, 1, 9], 3, [192, 168, 4, 9]),
            ([10, 0, 255, 9], 1, [10, 0, 0, 9]),
            ([198, 51, 100, 7], 16, [198, 51, 116, 7]),
            ([224, 0, 0, 251], 3, [224, 0, 0, 251]),
            ([255, 255, 255, 255], 3, [255, 255, 255, 255]),
            ([127, 0, 0, 1], 3, [127, 0, 0, 1]),
        ] {
            for tags in [&[][..], &[0x81, 0, 0, 7]] {
                let mut frame = [&[0; 12], tags, &[8, 0], &[0x45; 12], &before[..], &[192, 0, 2, 1]].concat();
                let at = frame.len() - 8;
                readdress(&mut frame, by);
                assert_eq!(frame[at..at + 4], after);
                assert_eq!(frame[at + 4..], [192, 0, 2 + by, 1]);
            }
        }
    }
}
