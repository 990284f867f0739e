//! Which places outside this network has ever reached: what nobody here ever reached is worth a second look.
//!
//! A place is a registrable domain, or an address where no name is known, kept as a hash: a list of them tells who does not
//! know the names already nothing. Says nothing before it has watched for two days; a place is forgotten after three
//! months of watching in which nobody went there.

use jiff::Timestamp;

use crate::{
    memory::{InvalidMemory, Reader, Writer},
    table::Table,
};

const PLACES: usize = 131_072;
/// Hours of watching before the absence of a place says something, and after which a place is forgotten.
const LEARNING_HOURS: u32 = 48;
pub(crate) const PLACE_HOURS: usize = 92 * 24;

#[derive(Debug)]
pub(crate) struct Destinations {
    /// Hash of the place → the hour since 1970 in which it was first reached.
    first: Table<u64, i32>,
    /// Different hours in which something was reached, up to [`LEARNING_HOURS`]; and the last of them.
    watched: u32,
    hour: Option<i32>,
    /// When it had watched for long enough.
    learned: Option<i32>,
}

impl Destinations {
    pub(crate) fn new() -> Self {
        Self { first: Table::new(PLACES), watched: 0, hour: None, learned: None }
    }

    /// A host at home reached that place.
    pub(crate) fn reached(&mut self, place: &str, at: Timestamp) {
        let hour = hour_of(at);
        if self.hour != Some(hour) {
            self.hour = Some(hour);
            self.watched = self.watched.saturating_add(1);
            if self.watched == LEARNING_HOURS {
                self.learned = Some(hour);
            }
        }
        let first = self.first.touch(hash(place), || hour);
        *first = (*first).min(hour);
    }

    /// Whether nobody here had ever reached that place before that moment (give or take an hour).
    /// None while too little was watched to say.
    pub(crate) fn is_first_contact(&self, place: &str, since: Timestamp) -> Option<bool> {
        let learned = self.learned?;
        let first = self.first.value(&hash(place));
        Some(first.is_some_and(|first| *first > learned && *first >= hour_of(since).saturating_sub(1)))
    }

    pub(crate) fn age(&mut self) {
        self.first.age(PLACE_HOURS);
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.first.dropped()
    }

    pub(crate) fn write(&self, to: &mut Writer) {
        to.u32(self.watched);
        to.i32(self.learned.unwrap_or(i32::MIN));
        let places = self.first.sorted();
        to.count(places.len());
        for (hash, first) in places {
            to.u64(*hash);
            to.i32(*first);
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, InvalidMemory> {
        let (watched, learned) = (from.u32()?, from.i32()?);
        let mut first = Table::new(PLACES);
        for _ in 0..from.count(PLACES)? {
            let (hash, hour) = (from.u64()?, from.i32()?);
            first.touch(hash, || hour);
        }
        Ok(Self { first, watched, hour: None, learned: Some(learned).filter(|hour| *hour != i32::MIN) })
    }
}

fn hour_of(at: Timestamp) -> i32 {
    i32::try_from(at.as_second().div_euclid(3600)).unwrap_or(i32::MAX)
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_place_is_first_only_after_two_days_of_watching_and_only_once() {
        let start: Timestamp = "2026-10-19T06:00:00Z".parse().unwrap();
        let at = |hours| start + SignedDuration::from_hours(hours);
        let mut known = Destinations::new();
        known.reached("early.example", at(0));
        assert_eq!(known.is_first_contact("early.example", at(0)), None, "all is new to who has just begun");
        for hour in 0..60 {
            known.reached("mail.example", at(hour));
        }
        known.reached("late.example", at(61));
        assert_eq!(known.is_first_contact("late.example", at(61)), Some(true));
        assert_eq!(known.is_first_contact("late.example", at(80)), Some(false), "somebody was there before");
        assert_eq!(known.is_first_contact("mail.example", at(61)), Some(false));
        assert_eq!(known.is_first_contact("never.example", at(61)), Some(false), "nobody reached it");
        let bytes = |known: &Destinations| {
            let mut writer = Writer::new();
            known.write(&mut writer);
            writer.finish()
        };
        let written = bytes(&known);
        let restored = Destinations::read(&mut Reader::new(&written).unwrap()).unwrap();
        assert_eq!(restored.is_first_contact("late.example", at(61)), Some(true));
        assert_eq!(restored.is_first_contact("mail.example", at(61)), Some(false));
        assert_eq!(bytes(&restored), written);
    }
}
