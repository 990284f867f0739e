//! Senders that write the time of another zone than the one that was said, and do not name it: a firewall or a container whose
//! clock shows UTC. What is received as it is written shows that: it is off by the same multiple of half an hour, line after line.

use std::collections::BTreeMap;

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// Zones are a multiple of this from each other, and this far at most.
const STEP_S: i64 = 30 * 60;
const FURTHEST_S: i64 = 14 * 60 * 60;
/// So near such a multiple a line must be.
const NEAR_S: i64 = 2 * 60;
/// So many lines in a row, over so long: what was kept back somewhere comes at once, and each of its lines is off by more or less.
const IN_A_ROW: u32 = 20;
const LASTING: SignedDuration = SignedDuration::from_secs(60);
/// Senders that are watched.
const SENDERS: usize = 256;

/// The zones of senders, by the stream that they send in and by how they call themselves.
#[derive(Debug, Default)]
pub(crate) struct Zones(BTreeMap<(u32, String), Sender>);

#[derive(Debug, Default)]
struct Sender {
    /// Where it is not the one that was said.
    own: Option<(Offset, TimeZone)>,
    /// How far its last lines are off, how many in a row are, and when the first of those was received.
    off_s: i64,
    lines: u32,
    since: Timestamp,
}

impl Zones {
    /// The zone in which that sender writes, where it is another than was said.
    pub(crate) fn of(&self, stream: u32, sender: &str) -> Option<&TimeZone> {
        // Nearly always there is none at all.
        if self.0.is_empty() {
            return None;
        }
        self.0.get(&(stream, sender.to_owned()))?.own.as_ref().map(|(_, zone)| zone)
    }

    /// A line that named no zone, read in the sender's, or the one that was said, was received then.
    pub(crate) fn heard(&mut self, stream: u32, sender: &str, at: Timestamp, received_at: Timestamp, said: &TimeZone) {
        let off_s = received_at.duration_since(at).as_secs();
        let nearest_s = (off_s + STEP_S / 2).div_euclid(STEP_S) * STEP_S;
        let is_near = (off_s - nearest_s).abs() <= NEAR_S && nearest_s.abs() <= FURTHEST_S;
        let key = (stream, sender.to_owned());
        if !is_near || nearest_s == 0 {
            if let Some(sender) = self.0.get_mut(&key) {
                sender.lines = 0;
            }
            return;
        }
        if self.0.len() >= SENDERS && !self.0.contains_key(&key) {
            return;
        }
        let sender = self.0.entry(key).or_default();
        if sender.lines == 0 || sender.off_s != nearest_s {
            (sender.off_s, sender.lines, sender.since) = (nearest_s, 0, received_at);
        }
        sender.lines = sender.lines.saturating_add(1);
        if sender.lines >= IN_A_ROW && received_at.duration_since(sender.since) >= LASTING {
            sender.lines = 0;
            sender.move_by(nearest_s, received_at, said);
        }
    }

    /// Nothing more comes of a stream.
    pub(crate) fn closed(&mut self, stream: u32) {
        self.0.retain(|(of, _), _| *of != stream);
    }

    /// The senders of which another zone was found, with that.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, Offset)> {
        self.0.iter().filter_map(|((_, sender), known)| Some((sender.as_str(), known.own.as_ref()?.0)))
    }
}

impl Sender {
    fn move_by(&mut self, off_s: i64, now: Timestamp, said: &TimeZone) {
        let usual = said.to_offset(now);
        let before = self.own.as_ref().map_or(usual, |(offset, _)| *offset);
        let seconds = i32::try_from(i64::from(before.seconds()) - off_s);
        let own = seconds.ok().and_then(|seconds| Offset::from_seconds(seconds).ok());
        self.own = own.filter(|own| *own != usual).map(|own| (own, TimeZone::fixed(own)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of which each is off by so many seconds, one every so many; the zone that was found.
    fn found(zones: &mut Zones, lines: u32, every: i64, off: impl Fn(u32) -> i64) -> Option<i32> {
        let said = TimeZone::get("Europe/Amsterdam").unwrap();
        let start: Timestamp = "2026-12-01T03:00:00Z".parse().unwrap();
        for number in 0..lines {
            let received = start + SignedDuration::from_secs(i64::from(number) * every);
            zones.heard(1, "fw", received - SignedDuration::from_secs(off(number)), received, &said);
        }
        zones.all().map(|(_, offset)| offset.seconds()).next()
    }

    #[test]
    fn a_zone_is_found_by_many_lines_in_a_row_that_are_off_alike() {
        let hour = 3_600;
        for (what, lines, every, off, zone) in [
            ("UTC", 30, 5, hour, Some(0)),
            ("UTC, and read late", 30, 5, hour + 100, Some(0)),
            ("a zone further east", 30, 5, -4 * hour - 1_800, Some(5 * hour as i32 + 1_800)),
            ("too few", 19, 60, hour, None),
            ("all at once", 500, 0, hour, None),
            ("right", 500, 5, 3, None),
            ("off by no zone's hours", 500, 5, 600, None),
            ("off by too much", 500, 5, 15 * hour, None),
        ] {
            assert_eq!(found(&mut Zones::default(), lines, every, |_| off), zone, "{what}");
        }
        // What was kept back and comes faster than it was written is off by less and less.
        assert_eq!(found(&mut Zones::default(), 2_000, 5, |number| 10 * hour - i64::from(number) * 20), None);
        // One line that is right breaks the row.
        assert_eq!(found(&mut Zones::default(), 500, 5, |number| if number % 15 == 0 { 0 } else { hour }), None);
    }

    #[test]
    fn who_sets_his_clock_right_is_believed_again_and_who_leaves_forgotten() {
        let mut zones = Zones::default();
        assert_eq!(found(&mut zones, 30, 5, |_| 3_600), Some(0));
        assert_eq!(zones.of(1, "fw").map(|zone| zone.to_offset(Timestamp::UNIX_EPOCH).seconds()), Some(0));
        assert!(zones.of(1, "other").is_none() && zones.of(2, "fw").is_none());
        // Read in the zone that was found, a line of the zone that was said is an hour ahead.
        assert_eq!(found(&mut zones, 30, 5, |_| -3_600), None);
        found(&mut zones, 30, 5, |_| 3_600);
        zones.closed(1);
        assert_eq!(zones.all().count(), 0);
    }
}
