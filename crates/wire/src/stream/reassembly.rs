//! Segments of one direction put in order (RFC 9293 §3.4), within bounds.
//!
//! Promises: every byte is handed on at most once and in order; what never came is said as a gap. Of bytes that were
//! sent twice with different content, those that came first count.

use std::collections::BTreeMap;

/// Segments that may wait for earlier ones at the same time.
const MAX_WAITING: usize = 512;

/// Sequence numbers further off than this belong to another connection than the one we followed.
const MAX_DISTANCE: i64 = 1 << 28;

/// A piece of the stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// Bytes as they came: a piece begins where a segment begins, wherever that is possible.
    Data(&'a [u8]),
    /// So many bytes were never seen.
    Gap(u64),
}

#[derive(Debug, Default)]
pub(super) struct Reassembly {
    beginning: Option<u32>,
    /// The next byte's sequence number, and how many bytes came before it.
    next: u32,
    offset: u64,
    /// By offset: what waits for earlier bytes, and its length on the wire.
    waiting: BTreeMap<u64, (Vec<u8>, u64)>,
    buffered: usize,
}

impl Reassembly {
    pub(super) fn begin(&mut self, sequence: u32) {
        if self.beginning.is_none() {
            self.beginning = Some(sequence);
            self.next = sequence;
        }
    }

    pub(super) fn beginning(&self) -> Option<u32> {
        self.beginning
    }

    pub(super) fn buffered(&self) -> usize {
        self.buffered
    }

    /// Remembers where the direction began without following it further.
    pub(super) fn note(&mut self, sequence: u32) {
        self.begin(sequence);
    }

    pub(super) fn forget(&mut self) {
        self.waiting.clear();
        self.buffered = 0;
    }

    pub(super) fn segment(
        &mut self,
        sequence: u32,
        captured: &[u8],
        length: u64,
        room: usize,
        deliver: &mut dyn FnMut(Piece<'_>),
    ) {
        self.begin(sequence);
        let length = length.max(captured.len() as u64);
        let distance = i64::from(sequence.wrapping_sub(self.next).cast_signed());
        if distance.abs() > MAX_DISTANCE {
            self.finish(deliver);
            deliver(Piece::Gap(u64::MAX));
            self.next = sequence;
            self.take(captured, length, 0, deliver);
            return;
        }
        match u64::try_from(distance) {
            Ok(0) => self.take(captured, length, 0, deliver),
            Ok(ahead) => self.wait(self.offset.saturating_add(ahead), captured, length, room, deliver),
            Err(_) => self.take(captured, length, distance.unsigned_abs(), deliver),
        }
        self.take_waiting(deliver);
    }

    /// Hands on what waits, gaps included.
    pub(super) fn finish(&mut self, deliver: &mut dyn FnMut(Piece<'_>)) {
        while !self.waiting.is_empty() {
            self.skip_to_waiting(deliver);
            self.take_waiting(deliver);
        }
    }

    /// Hands on a segment that begins `known` bytes before the next one.
    fn take(&mut self, captured: &[u8], length: u64, known: u64, deliver: &mut dyn FnMut(Piece<'_>)) {
        let Some(fresh) = length.checked_sub(known).filter(|fresh| *fresh > 0) else { return };
        let data = usize::try_from(known).ok().and_then(|known| captured.get(known..)).unwrap_or_default();
        self.advance(fresh);
        if !data.is_empty() {
            deliver(Piece::Data(data));
        }
        if fresh > data.len() as u64 {
            deliver(Piece::Gap(fresh - data.len() as u64));
        }
    }

    fn wait(&mut self, offset: u64, captured: &[u8], length: u64, room: usize, deliver: &mut dyn FnMut(Piece<'_>)) {
        let is_known = self.waiting.get(&offset).is_some_and(|(_, known)| *known >= length);
        if is_known || length == 0 {
            return;
        }
        while self.waiting.len() >= MAX_WAITING || self.buffered + captured.len() > room {
            if self.waiting.is_empty() {
                break;
            }
            self.skip_to_waiting(deliver);
            self.take_waiting(deliver);
        }
        if offset <= self.offset {
            let known = self.offset - offset;
            self.take(captured, length, known, deliver);
            return;
        }
        self.buffered += captured.len();
        if let Some((replaced, _)) = self.waiting.insert(offset, (captured.to_vec(), length)) {
            self.buffered -= replaced.len();
        }
    }

    /// Gives up waiting for what lies before the first waiting segment.
    fn skip_to_waiting(&mut self, deliver: &mut dyn FnMut(Piece<'_>)) {
        let Some((first, _)) = self.waiting.first_key_value() else { return };
        let missing = first.saturating_sub(self.offset);
        if missing > 0 {
            self.advance(missing);
            deliver(Piece::Gap(missing));
        }
    }

    fn take_waiting(&mut self, deliver: &mut dyn FnMut(Piece<'_>)) {
        while let Some(entry) = self.waiting.first_entry() {
            if *entry.key() > self.offset {
                return;
            }
            let (offset, (bytes, length)) = entry.remove_entry();
            self.buffered -= bytes.len();
            self.take(&bytes, length, self.offset - offset, deliver);
        }
    }

    fn advance(&mut self, length: u64) {
        self.offset = self.offset.saturating_add(length);
        // Sequence numbers go round; only the low 32 bits count.
        self.next = self.next.wrapping_add((length & 0xffff_ffff) as u32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: usize = 64;

    /// Sequence number, what was captured, length on the wire.
    type Segment<'a> = (u32, &'a [u8], u64);

    fn run(begin: Option<u32>, segments: &[Segment<'_>], room: usize) -> (String, Reassembly) {
        let mut reassembly = Reassembly::default();
        if let Some(sequence) = begin {
            reassembly.begin(sequence);
        }
        let mut text = String::new();
        let mut deliver = |piece: Piece<'_>| match piece {
            Piece::Data(bytes) => text.push_str(&String::from_utf8_lossy(bytes)),
            Piece::Gap(length) => text.push_str(&format!("<{length}>")),
        };
        for (sequence, captured, length) in segments {
            reassembly.segment(*sequence, captured, *length, room, &mut deliver);
        }
        reassembly.finish(&mut deliver);
        (text, reassembly)
    }

    #[test]
    fn order_is_restored() {
        let max = u32::MAX;
        let table: [(&[Segment<'_>], &str); 7] = [
            (&[(10, b"abc", 3), (13, b"def", 3)], "abcdef"),
            (&[(13, b"def", 3), (16, b"ghi", 3), (10, b"abc", 3)], "abcdefghi"),
            (&[(10, b"abc", 3), (10, b"xyz", 3), (12, b"Cde", 3)], "abcde"),
            (&[(13, b"d", 1), (13, b"def", 3), (10, b"abc", 3)], "abcdef"),
            (&[(10, b"ab", 4), (14, b"ef", 2)], "ab<2>ef"),
            (&[(10, b"ab", 2), (14, b"ef", 2)], "ab<2>ef"),
            (&[(9, b"_", 1), (10, b"", 0), (10, b"a", 1)], "a"),
        ];
        for (segments, expected) in table {
            assert_eq!(run(Some(10), segments, ROOM).0, expected);
        }
        assert_eq!(run(Some(max - 1), &[(1, b"def", 3), (max - 1, b"abc", 3)], ROOM).0, "abcdef");
        assert_eq!(run(None, &[(77, b"mid", 3), (80, b"dle", 3)], ROOM).0, "middle");
    }

    #[test]
    fn waiting_is_bounded() {
        let (text, reassembly) = run(Some(0), &[(100, &[b'x'; 40], 40), (140, &[b'y'; 40], 40)], ROOM);
        assert_eq!(text, format!("<100>{}{}", "x".repeat(40), "y".repeat(40)));
        assert_eq!(reassembly.buffered(), 0);
        let many: Vec<Segment<'_>> = (0..2000).map(|index| (10 + 2 * index, &b"z"[..], 1)).collect();
        let (_, reassembly) = run(Some(0), &many, usize::MAX / 2);
        assert_eq!((reassembly.buffered(), reassembly.waiting.len()), (0, 0));
    }

    #[test]
    fn another_connection_on_the_same_ports_is_taken_up() {
        let (text, _) = run(Some(10), &[(10, b"old", 3), (1 << 30, b"new", 3)], ROOM);
        assert_eq!(text, format!("old<{}>new", u64::MAX));
    }
}
