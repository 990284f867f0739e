//! ICMP echo messages (RFC 792, RFC 4443 §4): what pings carry besides the time of day.
//!
//! Promises: any bytes in, no panic out; of what is carried only counts leave here.
//! Not here: the other messages of ICMP.

use jiff::Timestamp;

use crate::bytes::be16;
use crate::event::{IcmpEcho, Kind};
use crate::findings::Findings;

/// So much of the data is compared; a longer ping repeats its pattern.
const COMPARED: usize = 256;

/// The beginning of the data in which systems write the time, so that it differs from ping to ping.
const TIME: usize = 24;

/// Where a tunnel's own header may end and the packet that it carries begin.
const OFFSETS: [usize; 6] = [0, 4, 8, 12, 16, 28];

/// An echo request or its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Echo<'a> {
    pub is_reply: bool,
    pub identifier: u16,
    pub sequence: u16,
    pub data: &'a [u8],
}

/// Reads an echo message. Absent: it is another one.
#[must_use]
pub fn parse(bytes: &[u8], is_v6: bool) -> Option<Echo<'_>> {
    let is_reply = match (bytes.first()?, is_v6) {
        (8, false) | (128, true) => false,
        (0, false) | (129, true) => true,
        _ => return None,
    };
    Some(Echo { is_reply, identifier: be16(bytes, 4)?, sequence: be16(bytes, 6)?, data: bytes.get(8..)? })
}

/// What one conversation's pings carried so far.
#[derive(Debug, Default)]
pub(crate) struct Echoes {
    counted: IcmpEcho,
    /// The last request: identifier, sequence number, its data's hash and that of the part without the time.
    asked: Option<(u16, u16, u64, u64)>,
    told: u64,
}

impl Echoes {
    /// Takes a message of which `length` bytes were on the wire.
    pub(crate) fn message(&mut self, echo: Echo<'_>, length: u64, at: Timestamp, findings: &mut Findings) {
        let counted = &mut self.counted;
        let is_whole = echo.data.len() as u64 + 8 >= length;
        counted.data_bytes += length.saturating_sub(8);
        counted.carrying_ip += u64::from(carries_ip(echo.data));
        let all = hash(echo.data);
        if echo.is_reply {
            counted.replies += 1;
            let is_answer =
                self.asked.is_some_and(|(id, sequence, ..)| (id, sequence) == (echo.identifier, echo.sequence));
            let is_same = self.asked.is_some_and(|(_, _, hash, _)| hash == all);
            counted.altered += u64::from(is_whole && is_answer && !is_same);
        } else {
            counted.requests += 1;
            let untimed = hash(echo.data.get(TIME..).unwrap_or_default());
            let is_other = self.asked.is_some_and(|(.., before)| before != untimed);
            counted.varying += u64::from(is_other);
            self.asked = Some((echo.identifier, echo.sequence, all, untimed));
        }
        // Told each time the oddities have doubled, so that a tunnel open for days is known at once and told rarely.
        let odd = counted.odd();
        if odd > self.told && odd.is_power_of_two() {
            self.tell(at, findings);
        }
    }

    /// The conversation is over.
    pub(crate) fn finish(&mut self, at: Timestamp, findings: &mut Findings) {
        if self.counted.odd() > self.told {
            self.tell(at, findings);
        }
    }

    fn tell(&mut self, at: Timestamp, findings: &mut Findings) {
        self.told = self.counted.odd();
        findings.event(at, Kind::IcmpEcho(self.counted));
    }
}

/// FNV-1a over the beginning; equal data give equal numbers, and nothing else of them is kept.
fn hash(data: &[u8]) -> u64 {
    data.iter().take(COMPARED).fold(0xcbf2_9ce4_8422_2325 ^ data.len() as u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn carries_ip(data: &[u8]) -> bool {
    OFFSETS.into_iter().filter_map(|offset| data.get(offset..)).any(|inner| is_ipv4(inner) || is_ipv6(inner))
}

/// A whole IPv4 header: lengths that fit, and its checksum (RFC 791 §3.1).
fn is_ipv4(bytes: &[u8]) -> bool {
    let Some(first) = bytes.first().filter(|first| **first >> 4 == 4) else { return false };
    let header = usize::from(first & 0x0f) * 4;
    let Some(words) = bytes.get(..header).filter(|_| header >= 20) else { return false };
    let fits = be16(bytes, 2).is_some_and(|total| (header..=bytes.len()).contains(&usize::from(total)));
    let sum: u32 = words.chunks_exact(2).filter_map(|two| be16(two, 0)).map(u32::from).sum();
    fits && (sum & 0xffff) + (sum >> 16) == 0xffff
}

/// A whole IPv6 packet of a usual kind; it has no checksum, so its length must fit exactly (RFC 8200 §3).
fn is_ipv6(bytes: &[u8]) -> bool {
    let [first, _, _, _, _, _, next, ..] = bytes else { return false };
    first >> 4 == 6
        && matches!(next, 6 | 17 | 58)
        && be16(bytes, 4).is_some_and(|length| length > 0 && usize::from(length) + 40 == bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const INNER: [u8; 28] =
        [0x45, 0, 0, 28, 0, 0, 0x40, 0, 0x40, 1, 0x24, 0x21, 10, 95, 1, 1, 10, 95, 1, 2, 8, 0, 0, 0, 0, 0, 0, 0];

    fn ping(is_reply: bool, sequence: u8, data: &[u8]) -> Vec<u8> {
        [&[if is_reply { 0 } else { 8 }, 0, 0, 0, 0, 7, 0, sequence], data].concat()
    }

    fn told(messages: &[Vec<u8>]) -> Option<IcmpEcho> {
        let (mut echoes, mut findings) = (Echoes::default(), Findings::default());
        for message in messages {
            let echo = parse(message, false).unwrap();
            echoes.message(echo, message.len() as u64, Timestamp::UNIX_EPOCH, &mut findings);
        }
        echoes.finish(Timestamp::UNIX_EPOCH, &mut findings);
        findings.events.last().map(|(_, kind)| match kind {
            Kind::IcmpEcho(echo) => *echo,
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn ordinary_pings_say_nothing() {
        let mut data: Vec<u8> = (0..56).collect();
        let mut messages = Vec::new();
        for sequence in 0..20 {
            data[3] = sequence; // the time
            messages.extend([ping(false, sequence, &data), ping(true, sequence, &data)]);
        }
        assert_eq!(told(&messages), None);
    }

    #[test]
    fn a_packet_within_a_ping_is_seen_also_behind_a_header() {
        for lead in [0usize, 4, 8, 28] {
            let data = [vec![0xaa; lead], INNER.to_vec()].concat();
            let told = told(&[ping(false, 0, &data), ping(false, 1, &data)]).unwrap();
            assert_eq!((told.carrying_ip, told.requests), (2, 2), "{lead}");
        }
        let mut broken = INNER;
        broken[10] ^= 1;
        assert_eq!(told(&[ping(false, 0, &broken)]), None);
    }

    #[test]
    fn replies_that_are_not_the_question_are_counted() {
        let told = told(&[
            ping(false, 0, b"hello hello hello hello hello hello"),
            ping(true, 0, b"other other other other other other"),
            ping(true, 9, b"another's reply"),
        ]);
        assert_eq!(told.map(|told| (told.altered, told.replies)), Some((1, 1)));
    }

    #[test]
    fn any_bytes_are_read_or_not() {
        for length in 0..12 {
            let _ = parse(&vec![8; length], false).map(|echo| carries_ip(echo.data));
            let _ = parse(&vec![129; length], true).map(|echo| carries_ip(echo.data));
        }
    }
}
