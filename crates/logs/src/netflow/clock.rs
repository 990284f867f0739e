//! What an exporter's clock is worth: whether it is believed, and what the moments of its records then are.
//!
//! A packet is received when it is sent, so its header's time must be that of receipt. Where it lies a day or more from
//! it, or stands still, the moment of receipt counts, less how long before the packet each record says that it was: those
//! ages are told on one and the same clock, so they hold whatever it shows. A record whose own moments cannot be, or that
//! has none, is of when it was received.

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};

use super::record::{Moment, Record};

/// A clock further off is not believed.
const CLOCK_OFF: SignedDuration = SignedDuration::from_hours(24);
/// Nor is one that shows the same for so long.
const STILL: SignedDuration = SignedDuration::from_mins(1);
/// Milliseconds that a counter of 32 bits counts.
const TURN_MS: i64 = 1 << 32;
/// How far a record may be ahead of its packet's header.
const AHEAD_MS: i64 = 3_600_000;
const DAY_US: i64 = 86_400 * 1_000_000;
const YEAR_US: i64 = 366 * DAY_US;
/// Exporters of which it is remembered.
const EXPORTERS: usize = 256;

/// An exporter that was not believed, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disbelief {
    pub why: Why,
    /// What its clock, or a record, said last. Absent: nothing.
    pub said: Option<Timestamp>,
    /// When that was received.
    pub heard_at: Timestamp,
    /// Records that were given another moment.
    pub records: u64,
}

/// Why an exporter's moments are not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its clock is a day or more off.
    Off,
    /// Its clock shows the same time again and again.
    Still,
    /// Its clock is right, and its records say no moment, or one that lies far from it.
    Records,
}

/// Who was not believed.
pub(super) type Disbeliefs = BTreeMap<IpAddr, Disbelief>;

/// Adds what one packet gave to what is known of its exporter; of more than are remembered, nothing.
pub(super) fn note(disbeliefs: &mut Disbeliefs, exporter: IpAddr, new: Disbelief) {
    if disbeliefs.len() < EXPORTERS || disbeliefs.contains_key(&exporter) {
        let before = disbeliefs.get(&exporter).map_or(0, |known| known.records);
        disbeliefs.insert(exporter, Disbelief { records: before.saturating_add(new.records), ..new });
    }
}

/// What the packet's header says of the exporter's clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    /// Microseconds since 1970 at which the packet was sent.
    pub(super) sent_us: i64,
    /// Milliseconds since the exporter started, where the header says so.
    pub(super) uptime_ms: Option<u32>,
    /// What must be added to the exporter's time, which may be years off.
    pub(super) shift_us: i64,
    /// Why that is not nothing.
    pub(super) why: Option<Why>,
    /// Neither clock moves, so that ages are none.
    pub(super) stands_still: bool,
    /// Milliseconds since 1970 at which the exporter started, as its options say: IPFIX has no uptime in its header.
    pub(super) started_ms: Option<u64>,
}

/// What a header showed, and when that was first received.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown {
    sent_us: i64,
    uptime_ms: Option<u32>,
    since: Timestamp,
    uptime_since: Timestamp,
}

impl Clock {
    /// `shown` is what the exporter's last header showed.
    pub(super) fn new(sent_us: i64, uptime_ms: Option<u32>, received_at: Timestamp, shown: &mut Option<Shown>) -> Self {
        let new = Shown { sent_us, uptime_ms, since: received_at, uptime_since: received_at };
        let last = shown.get_or_insert(new);
        if last.sent_us != sent_us {
            (last.sent_us, last.since) = (sent_us, received_at);
        }
        if last.uptime_ms != uptime_ms {
            (last.uptime_ms, last.uptime_since) = (uptime_ms, received_at);
        }
        let is_still = |since: Timestamp| received_at.duration_since(since) >= STILL;
        let off_us = received_at.as_microsecond().saturating_sub(sent_us);
        let why = match (is_still(last.since), off_us.abs() > CLOCK_OFF.as_micros() as i64) {
            (true, _) => Some(Why::Still),
            (false, true) => Some(Why::Off),
            (false, false) => None,
        };
        Self {
            sent_us,
            uptime_ms,
            shift_us: if why.is_some() { off_us } else { 0 },
            why,
            stands_still: is_still(last.since) && is_still(last.uptime_since),
            started_ms: None,
        }
    }

    /// When the packet was sent.
    pub(super) fn sent_at(&self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.sent_us.saturating_add(self.shift_us)).ok()
    }

    fn absolute(&self, moment: Moment, started_ms: Option<u64>) -> Option<i64> {
        match moment {
            Moment::Absolute(us) => Some(us),
            Moment::Before(us) => self.sent_us.checked_sub(us),
            Moment::Uptime(ms) => match (self.uptime_ms, started_ms) {
                (Some(now), _) => {
                    // How long ago it was, also when the counter started again in between. What is a little ahead of
                    // its header was told by an exporter that takes the header's time first.
                    let ago = i64::from(now.wrapping_sub(ms));
                    let ago = if ago > i64::from(u32::MAX) - AHEAD_MS { ago - (1 << 32) } else { ago };
                    Some(self.sent_us.saturating_sub(ago * 1_000))
                }
                // The counter begins anew every 49.7 days: what is meant is the moment nearest to the packet's.
                (None, Some(started)) => {
                    let since = i64::try_from(started).ok()?.checked_add(i64::from(ms))?;
                    let turns =
                        (self.sent_us / 1_000).checked_sub(since)?.checked_add(TURN_MS / 2)?.div_euclid(TURN_MS);
                    since.checked_add(turns.checked_mul(TURN_MS)?)?.checked_mul(1_000)
                }
                (None, None) => None,
            },
        }
    }
}

/// When a record's conversation was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    pub(super) first_at: Timestamp,
    pub(super) last_at: Timestamp,
    /// False: only its receipt is known.
    pub(super) is_timed: bool,
    /// What the record said, on the exporter's clock.
    pub(super) said: Option<Timestamp>,
}

impl Record {
    /// The first and the last moment; a record without any that can be is of when it was sent.
    pub(super) fn moments(&self, clock: &Clock) -> Option<Moments> {
        // Who tells of the moment of its start an hour and more later does not know when it was.
        let is_blank = matches!((self.first, self.last), (Some(Moment::Uptime(0)), Some(Moment::Uptime(0))))
            && clock.uptime_ms.is_none_or(|uptime| i64::from(uptime) > AHEAD_MS);
        let of = |moment: Option<Moment>| {
            moment.filter(|_| !is_blank).and_then(|moment| clock.absolute(moment, self.started_ms.or(clock.started_ms)))
        };
        let (first, last) = (of(self.first), of(self.last));
        let length = self.duration_ms.and_then(|ms| i64::try_from(ms).ok()?.checked_mul(1_000));
        let own = match (first, last, length) {
            (Some(first), Some(last), _) => Some((first, last)),
            (Some(first), None, Some(length)) => Some((first, first.checked_add(length)?)),
            (None, Some(last), Some(length)) => Some((last.checked_sub(length)?, last)),
            (Some(only), None, None) | (None, Some(only), None) => Some((only, only)),
            (None, None, _) => None,
        };
        // Exporters tell of a conversation soon after its last packet; when it began may be long ago.
        let oldest_us = if last.is_some() { DAY_US } else { YEAR_US };
        let can_be = |last: i64| (-AHEAD_MS * 1_000..=oldest_us).contains(&clock.sent_us.saturating_sub(last));
        let is_timed = !clock.stands_still && own.is_some_and(|(_, last)| can_be(last));
        let told = own.map_or(length.unwrap_or_default(), |(first, last)| last.saturating_sub(first).max(0));
        let (first, last) = match own {
            Some(own) if is_timed => own,
            // How long it lasted may hold all the same.
            _ if told <= DAY_US => (clock.sent_us.saturating_sub(told), clock.sent_us),
            _ => (clock.sent_us, clock.sent_us),
        };
        let moment = |us: i64| Timestamp::from_microsecond(us.checked_add(clock.shift_us)?).ok();
        let (first_at, last_at) = (moment(first)?, moment(last.max(first))?);
        // No exporter keeps a conversation for years: a clock was set in between.
        let is_sane = last_at.duration_since(first_at) < SignedDuration::from_hours(24 * 366);
        let said = own.and_then(|(_, last)| Timestamp::from_microsecond(last).ok());
        Some(Moments { first_at: if is_sane { first_at } else { last_at }, last_at, is_timed, said })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_uptime_without_the_headers_own_is_of_the_moment_nearest_to_the_packet() {
        let day = 86_400_000;
        let sent_ms: i64 = 1_795_000_000_000;
        let clock = Clock {
            sent_us: sent_ms * 1_000,
            uptime_ms: None,
            shift_us: 0,
            why: None,
            stands_still: false,
            started_ms: None,
        };
        // (days since the exporter started, milliseconds that the record was before the packet)
        for (days, ago) in [(0, 0), (2, 5_000), (49, 5_000), (50, 5_000), (60, 90_000), (200, 5_000), (0, -2_000)] {
            let started = sent_ms - days * day;
            let uptime = (sent_ms - ago - started).rem_euclid(TURN_MS) as u32;
            let told = clock.absolute(Moment::Uptime(uptime), Some(started as u64));
            assert_eq!(told, Some((sent_ms - ago) * 1_000), "{days} {ago}");
        }
        // A moment just before the exporter started, as softflowd tells of a capture.
        assert_eq!(clock.absolute(Moment::Uptime(u32::MAX), Some(sent_ms as u64)), Some((sent_ms - 1) * 1_000));
    }
}
