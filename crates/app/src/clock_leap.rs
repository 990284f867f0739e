//! Whether the clock is believed for what cannot be undone. A clock that leapt ahead makes everything look ended, and announced
//! long ago to whoever was not there to see it.
//!
//! Promises: where the clock stands more than a week past the moment at which it was last seen going, nothing that ended is
//! erased until somebody says that it is right; what ended is then announced for thirty days from that moment. A store that
//! nothing served for a year looks the same from inside, so that a person says which of the two it is.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::{App, Error, StoreError};

/// For how long nothing need have run for the clock still to be believed.
pub const LONGEST_UNSEEN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The job that erases what ended, by its name: when it was last done, the clock was seen too.
pub const FORGETTING: &str = "forgetting";

/// When the clock was last seen going, and when somebody last said that it is right: kept as jobs that were done then. Neither
/// is ever written by a clock that is not believed.
const SEEN: &str = "clock seen";
const CONFIRMED: &str = "clock confirmed";
/// How old the first may become before it is written anew.
const SEEN_AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// A clock that is not believed: where it stands, and where it was last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockLeap {
    pub now: Timestamp,
    pub seen: Timestamp,
}

impl fmt::Display for ClockLeap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |at: Timestamp| at.strftime("%F %H:%M UTC");
        write!(
            f,
            "nothing is erased: the clock says {}, and nothing ran here since {}. Did the clock leap? Then set it right \
             (`date -u`). If it is right, and the server stood still: `dijkwacht forget --the-clock-is-right`; what ended is \
             announced for thirty days then",
            shown(self.now),
            shown(self.seen)
        )
    }
}

/// When the clock was last seen going, as a round that cannot be undone found it when it began: the store is asked once, and
/// a clock that leaps within the round is not believed from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenClock(Option<Timestamp>);

impl SeenClock {
    /// Whether the clock stands too far past that moment.
    #[must_use]
    pub fn leap(self, now: Timestamp) -> Option<ClockLeap> {
        let leapt = self.0.filter(|seen| now.duration_since(*seen) > LONGEST_UNSEEN);
        leapt.map(|seen| ClockLeap { now, seen })
    }
}

impl App {
    /// Whether the clock stands too far past the moment at which it was last seen going.
    pub async fn clock_leap(&self, now: Timestamp) -> Result<Option<ClockLeap>, Error> {
        Ok(self.last_seen_clock().await?.leap(now))
    }

    /// When the clock was last seen going, for a round that changes nothing.
    pub async fn last_seen_clock(&self) -> Result<SeenClock, Error> {
        Ok(SeenClock(match self.store.job_last_done(SEEN).await? {
            Some(seen) => Some(seen),
            None => self.last_trace().await?,
        }))
    }

    /// Somebody says that the clock is right: it is believed again, and all that ended is announced anew.
    pub async fn confirm_clock(&self, now: Timestamp) -> Result<(), Error> {
        self.note_clock(CONFIRMED, now).await?;
        self.note_clock(SEEN, now).await
    }

    /// Sees the clock going, where it is believed, at the beginning of a round of erasing. One that was set back is right now,
    /// and what was said of it before is not.
    pub async fn see_clock(&self, now: Timestamp) -> Result<SeenClock, Error> {
        let seen = self.store.job_last_done(SEEN).await?;
        let last = match seen {
            Some(_) => SeenClock(seen),
            None => SeenClock(self.last_trace().await?),
        };
        if last.leap(now).is_some() {
            return Ok(last);
        }
        if seen.is_none_or(|seen| now.duration_since(seen).abs() > SEEN_AGAIN) {
            self.note_clock(SEEN, now).await?;
        }
        if self.store.job_last_done(CONFIRMED).await?.is_some_and(|at| at > now) {
            self.note_clock(CONFIRMED, now).await?;
        }
        Ok(SeenClock(Some(now)))
    }

    /// When somebody last said that the clock is right.
    pub(crate) async fn clock_confirmed(&self) -> Result<Option<Timestamp>, Error> {
        Ok(self.store.job_last_done(CONFIRMED).await?)
    }

    /// The newest that something left here, in a store of before the clock was watched.
    async fn last_trace(&self) -> Result<Option<Timestamp>, Error> {
        let mut last = self.store.job_last_done(FORGETTING).await?;
        for organisation in self.store.organisations().await? {
            let scope = self.permit_program(&organisation.slug).await?;
            last = last.max(self.store.last_recorded(&scope).await?);
        }
        Ok(last)
    }

    async fn note_clock(&self, name: &str, at: Timestamp) -> Result<(), Error> {
        let holder = self.chance.id(at)?;
        if self.store.claim_job(name, holder, at, at, SignedDuration::ZERO).await? {
            match self.store.job_done(name, holder, at, at).await {
                // Another server noted the same at this moment.
                Ok(()) | Err(StoreError::Conflict) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a round asked when it began does not make it believe a clock that leaps before its end.
    #[test]
    fn a_clock_that_leaps_within_a_round_is_not_believed() {
        let now: Timestamp = "2026-11-21T08:30:00Z".parse().unwrap();
        let seen = SeenClock(Some(now));
        for (later, is_believed) in [(now, true), (now + LONGEST_UNSEEN, true), (now - LONGEST_UNSEEN * 9, true)] {
            assert_eq!(seen.leap(later).is_none(), is_believed, "{later}");
        }
        let ahead = now + LONGEST_UNSEEN + SignedDuration::from_secs(1);
        assert_eq!(seen.leap(ahead), Some(ClockLeap { now: ahead, seen: now }));
        assert_eq!(SeenClock(None).leap(ahead), None, "where nothing ever ran nothing ended");
    }
}
