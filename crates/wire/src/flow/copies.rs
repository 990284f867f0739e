//! Packets of one conversation that came just now, so that a mirror port's second copy of one is not counted again.
//!
//! A mirror of several ports, or of both directions of all, gives a packet once where it comes in and once where it goes out. The
//! copies follow each other within moments; what is really sent again comes later, or under another number. Of one packet two
//! copies at most are passed over, however many are like it. Each
//! conversation remembers its own, so that it does not matter who else speaks.

use jiff::Timestamp;

/// So many packets may come between a packet and its copy, less one.
const RECENT: usize = 16;

/// Between a packet and its copy, in units of 1,024 microseconds: what a switch holds up at most, and less than any wait
/// before something is sent again.
const WITHIN: u32 = 5;

/// A mirror of all ports gives a packet twice; where it is routed or translated on the way, three times.
const MOST: u8 = 2;

/// The last packets' marks, when they came, and how many copies of each may still come.
#[derive(Debug)]
pub(super) struct Copies {
    marks: [u32; RECENT],
    at: [u32; RECENT],
    left: [u8; RECENT],
    /// Where the next one goes: over the oldest.
    next: u8,
}

impl Default for Copies {
    fn default() -> Self {
        Self { marks: [0; RECENT], at: [0; RECENT], left: [0; RECENT], next: 0 }
    }
}

impl Copies {
    /// Whether it is the copy of a packet that came just before. Remembers it otherwise.
    pub(super) fn is_copy(&mut self, mark: u32, at: Timestamp) -> bool {
        let now = (at.as_microsecond() >> 10) as u32;
        if self.marks.contains(&mark) && self.has_a_copy_left(mark, now) {
            return true;
        }
        let place = usize::from(self.next);
        let slots = (self.marks.get_mut(place), self.at.get_mut(place), self.left.get_mut(place));
        if let (Some(slot), Some(came), Some(left)) = slots {
            (*slot, *came, *left) = (mark, now, MOST);
        }
        self.next = (self.next + 1) % RECENT as u8;
        false
    }

    /// Takes one of those that may come. Of several inputs the copy may have come first: the clock may run backwards.
    fn has_a_copy_left(&mut self, mark: u32, now: u32) -> bool {
        let near = |came: u32| now.wrapping_sub(came).min(came.wrapping_sub(now)) <= WITHIN;
        let mut known = self.marks.iter().zip(self.at).zip(&mut self.left);
        let left = known.find(|((known, came), left)| **known == mark && near(*came) && **left > 0);
        left.map(|(_, left)| *left -= 1).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn a_copy_comes_at_once_and_what_is_sent_again_later() {
        let mut copies = Copies::default();
        for (mark, at, is_copy) in
            [(7, 0, false), (8, 0, false), (7, 1, true), (8, 4, true), (7, 20, false), (7, 18, true), (7, 400, false)]
        {
            assert_eq!(copies.is_copy(mark, ms(at)), is_copy, "{mark} at {at}");
        }
    }

    #[test]
    fn who_sends_the_same_without_end_is_counted() {
        let mut copies = Copies::default();
        let counted = (0..300).filter(|_| !copies.is_copy(7, ms(0))).count();
        assert_eq!(counted, 100, "of three each");
    }

    #[test]
    fn so_many_may_come_in_between() {
        for (between, is_copy) in [(15, true), (16, false)] {
            let mut copies = Copies::default();
            assert!(!copies.is_copy(1, ms(0)));
            (0..between).for_each(|number| assert!(!copies.is_copy(100 + number, ms(0))));
            assert_eq!(copies.is_copy(1, ms(1)), is_copy, "{between}");
        }
    }
}
