//! What tells one IP packet from all others that pass at the same time, so that a mirror port's second copy of it is known.
//! Nobody may choose packets that are taken for copies of each other: TCP's numbers say what is new, of all else the whole
//! content counts, and how it is mixed is drawn anew by each process.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// What of the transport's header and content is looked at: TCP's numbers and checksum, or UDP's and the first bytes behind.
const BEGINNING: usize = 24;

/// The fixed length of an IPv6 header (RFC 8200 §3), and where its payload's begins in an IPv4 header without options.
const IPV6_HEADER: usize = 40;
const IPV4_HEADER: usize = 20;

/// A packet's mark: the same for its copies, whatever changes on the way from port to port (VLAN, Ethernet addresses, hops
/// left, class of service). None: it says too little to be told from the next one of its kind. `bytes` begin with the IP header, and
/// a frame's padding may stand behind the packet, which is so long.
///
/// Of TCP the content is not read: its numbers, its checksum, and the end.
pub(super) fn of(bytes: &[u8], length: u64) -> Option<u32> {
    let length = usize::try_from(length).unwrap_or(usize::MAX).min(bytes.len());
    let bytes = bytes.get(..length)?;
    let seeds = &*SEEDS;
    let (addresses, protocol, above) = match bytes.first()? >> 4 {
        4 => ipv4(bytes, seeds)?,
        6 => ipv6(bytes, seeds)?,
        _ => return None,
    };
    let [one, two, three] = beginning(above);
    let end = bytes.last_chunk().map_or(0, |end| u64::from_ne_bytes(*end));
    let content = if protocol == TCP { 0 } else { whole(above.get(BEGINNING..).unwrap_or_default(), seeds) };
    let mixed = addresses ^ folded(one ^ seeds[0], two ^ seeds[1]) ^ folded(three ^ seeds[2], end ^ seeds[3]) ^ content;
    Some((mixed ^ mixed >> 32) as u32)
}

/// The header's own part, and what lies above.
fn ipv4<'a>(bytes: &'a [u8], seeds: &[u64; 8]) -> Option<(u64, u8, &'a [u8])> {
    let header: &[u8; IPV4_HEADER] = bytes.first_chunk()?;
    let [first, _, l0, l1, i0, i1, f0, f1, _, protocol, _, _, addresses @ ..] = *header;
    let above = bytes.get(usize::from(first & 0xf) * 4..)?;
    // Without a number of its own (RFC 6864 §4.1) a packet is told by its content alone: UDP's checksum may be left out.
    let is_numbered = [i0, i1] != [0, 0];
    if !is_numbered && !is_telling(protocol, above) {
        return None;
    }
    let own = u64::from_be_bytes([0, protocol, l0, l1, i0, i1, f0, f1]);
    Some((folded(own ^ seeds[4], u64::from_be_bytes(addresses) ^ seeds[5]), protocol, above))
}

fn ipv6<'a>(bytes: &'a [u8], seeds: &[u64; 8]) -> Option<(u64, u8, &'a [u8])> {
    let (header, above) = bytes.split_first_chunk::<IPV6_HEADER>()?;
    let [_, _, _, _, l0, l1, next, _, addresses @ ..] = header;
    if !is_telling(*next, above) {
        return None;
    }
    let (source, destination) = addresses.split_at(16);
    let half = |address: &[u8], from: usize| {
        address.get(from..).and_then(<[u8]>::first_chunk).map_or(0, |eight| u64::from_be_bytes(*eight))
    };
    let own = u64::from_be_bytes([0, 0, 0, 0, 0, *next, *l0, *l1]);
    let source = folded(half(source, 0) ^ own ^ seeds[4], half(source, 8) ^ seeds[5]);
    Some((source ^ folded(half(destination, 0) ^ seeds[6], half(destination, 8) ^ seeds[7]), *next, above))
}

const TCP: u8 = 6;

/// Whether a packet without a number is told from the next one by its transport: TCP, UDP with a checksum, ICMP, and a part
/// of an IPv6 packet, which has a number (RFC 8200 §4.5).
fn is_telling(protocol: u8, above: &[u8]) -> bool {
    match protocol {
        1 | TCP | 44 | 58 => true,
        17 => above.get(6..8).is_some_and(|checksum| checksum != [0, 0]),
        _ => false,
    }
}

/// The first bytes above IP as numbers; what is not there counts as nought.
fn beginning(above: &[u8]) -> [u64; 3] {
    let mut bytes = [0; BEGINNING];
    match above.first_chunk::<BEGINNING>() {
        Some(whole) => bytes = *whole,
        None => bytes.iter_mut().zip(above).for_each(|(to, from)| *to = *from),
    }
    let [a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7, c @ ..] = bytes;
    [
        u64::from_ne_bytes([a0, a1, a2, a3, a4, a5, a6, a7]),
        u64::from_ne_bytes([b0, b1, b2, b3, b4, b5, b6, b7]),
        u64::from_ne_bytes(c),
    ]
}

/// All of it, in its order.
fn whole(content: &[u8], seeds: &[u64; 8]) -> u64 {
    content.chunks(16).fold(seeds[6], |mixed, part| {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        let both = u128::from_ne_bytes(bytes);
        folded(mixed ^ both as u64, (both >> 64) as u64 ^ seeds[7])
    })
}

/// Drawn once: who knew them could make a number vanish with which another is multiplied.
static SEEDS: LazyLock<[u64; 8]> = LazyLock::new(|| {
    let drawn = RandomState::new();
    std::array::from_fn(|number| drawn.hash_one(number))
});

/// Both multiplied, the upper half on the lower: every bit of either weighs in many of the result.
fn folded(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use etherparse::PacketBuilder;

    use super::*;

    fn udp(identification: u16, ttl: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let builder = PacketBuilder::ipv4([192, 0, 2, 1], [198, 51, 100, 2], ttl).udp(50_000, 53);
        builder.write(&mut bytes, payload).unwrap();
        bytes[4..6].copy_from_slice(&identification.to_be_bytes());
        bytes
    }

    fn tcp(sequence: u32, payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let builder = PacketBuilder::ipv6([0xfd; 16], [0x20; 16], 64).tcp(50_000, 443, sequence, 100).ack(9);
        builder.write(&mut bytes, payload).unwrap();
        bytes
    }

    fn mark(bytes: &[u8]) -> Option<u32> {
        of(bytes, bytes.len() as u64)
    }

    #[test]
    fn a_copy_has_the_same_mark_and_nothing_else_has() {
        let one = udp(7, 64, b"a question that is longer than what is looked at");
        assert!(mark(&one).is_some());
        assert_eq!(mark(&one), mark(&udp(7, 63, b"a question that is longer than what is looked at")), "routed on");
        let padded = [one.as_slice(), &[0; 9]].concat();
        assert_eq!(mark(&one), of(&padded, one.len() as u64), "a frame's padding");
        // The same beginning, end and checksum.
        let balanced = |bytes: [u8; 4]| udp(7, 64, &[&[b'a'; 40][..], &bytes, &[b'z'; 40]].concat());
        let others = [
            balanced([1, 0, 0, 1]),
            balanced([0, 1, 1, 0]),
            udp(8, 64, b"a question that is longer than what is looked at"),
            udp(7, 64, b"a question that is longer than what is locked at"),
            udp(7, 64, b"a question"),
            udp(0, 64, b"a question that is longer than what is looked at"),
            tcp(1, b""),
            tcp(2, b""),
            tcp(1, b"x"),
            tcp(1, b"y"),
        ];
        let mut marks: Vec<_> = others.iter().map(|other| mark(other)).chain([mark(&one)]).collect();
        marks.sort_unstable();
        marks.dedup();
        assert_eq!(marks.len(), others.len() + 1);
    }

    #[test]
    fn without_a_number_and_a_checksum_none_is_a_copy() {
        let mut bare = udp(0, 64, b"tick");
        assert!(mark(&bare).is_some());
        bare[26..28].copy_from_slice(&[0, 0]);
        assert_eq!(mark(&bare), None);
        bare[4..6].copy_from_slice(&[0, 7]);
        assert!(mark(&bare).is_some());
        // ESP says nothing by itself here, unless IP gives it a number.
        let mut other = udp(0, 64, b"tick");
        other[9] = 50;
        assert_eq!(mark(&other), None);
    }

    #[test]
    fn any_length_is_survived() {
        for whole in [udp(7, 64, b"tick"), tcp(7, b"tick")] {
            for length in 0..whole.len() {
                let _ = mark(&whole[..length]);
                let _ = of(&whole, length as u64);
            }
        }
    }
}
