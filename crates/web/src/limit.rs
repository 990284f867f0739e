//! Guessing made slow: a bucket of tries for each address and each account, filled again as time passes.
//!
//! An account is limited for each address apart, so that who guesses elsewhere does not keep its owner out; a looser
//! limit for the account as a whole slows down who guesses from many addresses. Keys are kept as hashes: whatever is
//! sent, a bucket has one size.
//!
//! Its own few lines and not a crate's, because the clock is an argument here and a right password gives its try back.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// How many keys are remembered; beyond that the fullest buckets, which say least, are let go.
const CAPACITY: usize = 20_000;

/// The limits of the pages that anybody can reach.
pub(crate) struct Limits {
    /// Signing in, by network address.
    sign_in_address: Limiter,
    /// Signing in to one account from one network address.
    sign_in_account: Limiter,
    /// Signing in to one account, wherever it is tried from.
    sign_in_anywhere: Limiter,
    /// Reporting, by network address: generous, for a whole office may share one.
    pub(crate) report: Limiter,
    /// Asking as a sensor without being one, by network address.
    pub(crate) sensor_stranger: Limiter,
    /// Reports of one sensor: it is generous to one that was cut off for a week, and sends what it kept.
    pub(crate) sensor_report: Limiter,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sign_in_address: Limiter::new(60.0, 10.0),
            sign_in_account: Limiter::new(10.0, 60.0),
            sign_in_anywhere: Limiter::new(100.0, 36.0),
            report: Limiter::new(30.0, 20.0),
            sensor_stranger: Limiter::new(60.0, 10.0),
            sensor_report: Limiter::new(120.0, 1.0),
        }
    }
}

impl Limits {
    /// Takes a try to sign in; false when none is left. A try that is refused costs the wider limits nothing.
    pub(crate) fn take_sign_in(&self, address: &str, email: &str, now: Timestamp) -> bool {
        self.sign_in_address.take(&[address], now)
            && self.sign_in_account.take(&[email, address], now)
            && self.sign_in_anywhere.take(&[email], now)
    }

    /// Gives the try back of who turned out to be right.
    pub(crate) fn give_back_sign_in(&self, address: &str, email: &str, now: Timestamp) {
        self.sign_in_address.give_back(&[address], now);
        self.sign_in_account.give_back(&[email, address], now);
        self.sign_in_anywhere.give_back(&[email], now);
    }
}

/// A key of any length, in 32 bytes.
type Key = [u8; 32];

fn key(parts: &[&str]) -> Key {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().into()
}

/// Buckets of tries.
pub(crate) struct Limiter {
    /// How many tries at once.
    burst: f64,
    /// How many seconds until one try comes back.
    seconds_each: f64,
    buckets: Mutex<HashMap<Key, (f64, Timestamp)>>,
}

impl Limiter {
    fn new(burst: f64, seconds_each: f64) -> Self {
        Self { burst, seconds_each, buckets: Mutex::default() }
    }

    /// Takes a try; false when none is left.
    pub(crate) fn take(&self, parts: &[&str], now: Timestamp) -> bool {
        let key = key(parts);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= CAPACITY && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| self.level(*bucket, now) < self.burst);
            if buckets.len() >= CAPACITY {
                return false;
            }
        }
        let level = buckets.get(&key).map_or(self.burst, |bucket| self.level(*bucket, now));
        let is_allowed = level >= 1.0;
        buckets.insert(key, (if is_allowed { level - 1.0 } else { level }, now));
        is_allowed
    }

    /// Gives a try back that turned out to be right.
    pub(crate) fn give_back(&self, parts: &[&str], now: Timestamp) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(&key(parts)) {
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
        let tries = |now| (0..5).filter(|_| limiter.take(&["a"], now)).count();
        assert_eq!(tries(now), 3);
        assert!(limiter.take(&["b"], now), "another key has its own bucket");
        assert_eq!(tries(now + SignedDuration::from_mins(1)), 1);
        limiter.give_back(&["a"], now + SignedDuration::from_mins(1));
        assert_eq!(tries(now + SignedDuration::from_mins(1)), 1);
    }

    #[test]
    fn who_guesses_elsewhere_does_not_keep_the_owner_out() {
        let (limits, now) = (Limits::default(), "2026-03-27T14:20:00Z".parse().unwrap());
        let tries = |address: &str| (0..200).filter(|_| limits.take_sign_in(address, "a@b.example", now)).count();
        assert_eq!(tries("192.0.2.1"), 10);
        assert!(limits.take_sign_in("198.51.100.1", "a@b.example", now), "the owner, at home, is kept out");
        let many: usize = (2..100).map(|end| tries(&format!("192.0.2.{end}"))).sum();
        assert_eq!(many, 100 - 11, "guessing from everywhere at once has no end");
    }

    #[test]
    fn keys_that_run_into_each_other_are_told_apart() {
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
        assert_eq!(key(&["x".repeat(1_000_000).as_str()]).len(), 32);
    }
}
