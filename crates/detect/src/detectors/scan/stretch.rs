//! What one host tried, by stretches of ten minutes: the one that runs, the worst so far, and all of them together.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use jiff::{SignedDuration, Timestamp};

use super::{FEWEST, TARGETS};
use crate::detectors::{DAY, is_past};

/// One thing tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    Address(IpAddr),
    Port(u16),
}

/// What was tried within one stretch: target → whether it ever answered.
#[derive(Clone, Debug)]
pub(super) struct Stretch {
    pub(super) first_at: Timestamp,
    pub(super) last_at: Timestamp,
    /// From the first try without an answer to the last.
    pub(super) silent: Option<(Timestamp, Timestamp)>,
    pub(super) tried: BTreeMap<Target, bool>,
    pub(super) attempts: u64,
}

impl Stretch {
    fn new(at: Timestamp) -> Self {
        Self { first_at: at, last_at: at, silent: None, tried: BTreeMap::new(), attempts: 0 }
    }

    pub(super) fn unanswered(&self) -> usize {
        self.tried.values().filter(|answered| !**answered).count()
    }

    pub(super) fn share_unanswered(&self) -> f64 {
        self.unanswered() as f64 / (self.tried.len().max(1)) as f64
    }

    /// How long was tried, in seconds. What was answered beside many that were not may be a connection that goes on.
    pub(super) fn seconds(&self) -> f64 {
        let silent = self.silent.filter(|_| self.share_unanswered() >= 0.5);
        let (from, to) = silent.unwrap_or((self.first_at, self.last_at));
        seconds(from, to)
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> f64 {
    to.as_microsecond().saturating_sub(from.as_microsecond()).max(0) as f64 / 1e6
}

/// The stretch that runs, the worst so far, and how many there were in which the same was tried.
#[derive(Debug)]
pub(super) struct Probing {
    pub(super) now: Stretch,
    worst: Option<Stretch>,
    began_at: Timestamp,
    /// What was tried in the stretches before this one.
    before: BTreeSet<Target>,
    pub(super) stretches: u64,
    /// Stretches that brought hardly anything new: the same targets again.
    pub(super) repeated: u64,
}

impl Probing {
    pub(super) fn new(at: Timestamp) -> Self {
        Self { now: Stretch::new(at), worst: None, began_at: at, before: BTreeSet::new(), stretches: 0, repeated: 0 }
    }

    pub(super) fn worst(&self) -> &Stretch {
        match &self.worst {
            Some(worst) if worst.tried.len() >= self.now.tried.len() => worst,
            _ => &self.now,
        }
    }

    /// Whether something was tried within an hour of that stretch.
    pub(super) fn is_about(&self, stretch: &Stretch) -> bool {
        const HOUR: SignedDuration = SignedDuration::from_hours(1);
        let is_near = |one: &Stretch| {
            one.first_at.duration_since(stretch.last_at) <= HOUR && stretch.first_at.duration_since(one.last_at) <= HOUR
        };
        self.worst.as_ref().is_some_and(is_near) || is_near(&self.now)
    }

    /// Targets of the stretch that runs which none before it had.
    fn new_ones(&self) -> usize {
        self.now.tried.keys().filter(|target| !self.before.contains(target)).count()
    }

    /// Distinct targets of all stretches, as far as they are kept.
    pub(super) fn in_all(&self) -> usize {
        (self.before.len() + self.new_ones()).min(TARGETS)
    }

    /// How long all stretches took together with what lies between them, in seconds.
    pub(super) fn seconds_in_all(&self) -> f64 {
        let last_at = self.now.silent.map_or(self.now.last_at, |(_, last_at)| last_at);
        seconds(self.began_at, last_at)
    }

    /// Whether the stretch that runs looks at others than were looked at before, as much as the worst did.
    pub(super) fn goes_on(&self) -> bool {
        self.stretches > 0 && self.new_ones() * 2 >= self.worst().tried.len()
    }

    pub(super) fn next(&mut self, at: Timestamp) {
        self.stretches += 1;
        let now = std::mem::replace(&mut self.now, Stretch::new(at));
        if is_past(self.began_at, at, DAY) {
            // What goes on for days is told by the day.
            (self.began_at, self.before) = (at, BTreeSet::new());
        } else {
            let room = TARGETS.saturating_sub(self.before.len());
            self.before.extend(now.tried.keys().take(room));
        }
        match &self.worst {
            Some(worst) => {
                let new = now.tried.keys().filter(|target| !worst.tried.contains_key(target)).count();
                self.repeated += u64::from(now.tried.len() >= FEWEST && new * 5 <= now.tried.len());
                // One of days ago is told; the like of it today is news.
                let is_again = now.tried.len() * 2 >= worst.tried.len() && is_past(worst.last_at, now.first_at, DAY);
                if now.tried.len() > worst.tried.len() || is_again {
                    self.worst = Some(now);
                }
            }
            None => self.worst = Some(now),
        }
    }
}
