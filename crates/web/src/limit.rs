//! Guessing made slow: a bucket of tries for each address and each account, filled again as time passes.
//!
//! Its own few lines and not a crate's, because the clock is an argument here and a right password gives its try back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// How many keys are remembered; beyond that the fullest buckets, which say least, are let go.
const CAPACITY: usize = 20_000;

/// The limits of the pages that anybody can reach.
pub(crate) struct Limits {
    /// Signing in, by network address.
    pub(crate) sign_in_address: Limiter,
    /// Signing in, by account, wherever it is tried from.
    pub(crate) sign_in_account: Limiter,
    /// Reporting, by network address: generous, for a whole office may share one.
    pub(crate) report: Limiter,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in_address: Limiter::new(60.0, 10.0),
            sign_in_account: Limiter::new(10.0, 60.0),
            report: Limiter::new(30.0, 20.0),
        }
    }
}

/// Buckets of tries.
pub(crate) struct Limiter {
    /// How many tries at once.
    burst: f64,
    /// How many seconds until one try comes back.
    seconds_each: f64,
    buckets: Mutex<HashMap<String, (f64, Timestamp)>>,
}

impl Limiter {
    fn new(burst: f64, seconds_each: f64) -> Self {
        Self { burst, seconds_each, buckets: Mutex::default() }
    }

    /// Takes a try; false when none is left.
    pub(crate) fn take(&self, key: &str, now: Timestamp) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= CAPACITY && !buckets.contains_key(key) {
            buckets.retain(|_, bucket| self.level(*bucket, now) < self.burst);
            if buckets.len() >= CAPACITY {
                return false;
            }
        }
        let level = buckets.get(key).map_or(self.burst, |bucket| self.level(*bucket, now));
        let is_allowed = level >= 1.0;
        buckets.insert(key.to_owned(), (if is_allowed { level - 1.0 } else { level }, now));
        is_allowed
    }

    /// Gives a try back that turned out to be right.
    pub(crate) fn give_back(&self, key: &str, now: Timestamp) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(key) {
            *bucket = ((self.level(*bucket, now) + 1.0).min(self.burst), now);
        }
    }

    fn level(&self, (level, at): (f64, Timestamp), now: Timestamp) -> f64 {
        let seconds = now.duration_since(at).as_secs_f64().max(0.0);
        (level + seconds / self.seconds_each).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn guessing_runs_dry_and_time_refills() {
        let limiter = Limiter::new(3.0, 60.0);
        let now: Timestamp = "2026-03-27T14:20:00Z".parse().unwrap();
        let tries = |now| (0..5).filter(|_| limiter.take("a", now)).count();
        assert_eq!(tries(now), 3);
        assert!(limiter.take("b", now), "another key has its own bucket");
        assert_eq!(tries(now + SignedDuration::from_mins(1)), 1);
        limiter.give_back("a", now + SignedDuration::from_mins(1));
        assert_eq!(tries(now + SignedDuration::from_mins(1)), 1);
    }
}
