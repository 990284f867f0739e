//! Findings taken out of tables before these let go of what they rest on: a flood, by accident or on purpose, costs no
//! finding that came before it.
//!
//! Bounded as well: of each detector the most severe stay, of these the earliest.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use jiff::{SignedDuration, Timestamp};

use crate::{Detection, Severity, detectors::Detector, network::Network, told::is_ripe};

/// Findings kept of one detector.
const KEPT: usize = 1_024;

/// Findings are taken out no more often than this: that they are all weighed is dear, and a flood comes faster. What came
/// before the flood is out by then.
const AGAIN: SignedDuration = SignedDuration::from_secs(10);

/// What did not move for so long is forgotten by who watches without an end, as detectors do.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(31 * 24);

/// What goes last stands first.
type Rank = (Reverse<Severity>, Timestamp, String);

/// A detector, and what was taken out of its tables.
pub(crate) struct Guarded {
    pub(crate) detector: Box<dyn Detector>,
    by_rank: BTreeMap<Rank, Detection>,
    /// By what they are about.
    ranks: HashMap<String, Rank>,
    /// What the detector had let go of when this was last done, and when that was.
    done_at: Option<(u64, Timestamp)>,
    dropped: u64,
}

impl Guarded {
    pub(crate) fn new(detector: Box<dyn Detector>) -> Self {
        Self { detector, by_rank: BTreeMap::new(), ranks: HashMap::new(), done_at: None, dropped: 0 }
    }

    /// Takes out what is found, where the detector will soon let go: once before each time it does.
    pub(crate) fn rescue(&mut self, network: &Network, now: Timestamp) {
        if !self.detector.is_nearly_full() {
            return;
        }
        let dropped = self.detector.dropped();
        if self.done_at.is_some_and(|(then, at)| dropped == then || now.duration_since(at).abs() < AGAIN) {
            return;
        }
        self.done_at = Some((dropped, now));
        for detection in self.detector.findings(network).into_iter().filter(|one| is_ripe(one, now)) {
            self.keep(detection);
        }
    }

    /// What is found now and what was taken out before. What is known twice is told as what was worse.
    pub(crate) fn findings(&self, network: &Network) -> Vec<Detection> {
        let found = self.detector.findings(network);
        if self.by_rank.is_empty() {
            return found;
        }
        let mut rest: BTreeMap<&str, &Detection> = self.by_rank.values().map(|one| (one.id.as_str(), one)).collect();
        let worse = |one: Detection| match rest.remove(one.id.as_str()) {
            Some(before) if before.severity > one.severity => before.clone(),
            _ => one,
        };
        let mut all: Vec<Detection> = found.into_iter().map(worse).collect();
        all.extend(rest.into_values().cloned());
        all
    }

    pub(crate) fn age(&mut self, now: Timestamp) {
        self.detector.age(now);
        self.by_rank.retain(|_, one| now.duration_since(one.last_at) < FORGOTTEN);
        let by_rank = &self.by_rank;
        self.ranks.retain(|_, rank| by_rank.contains_key(rank));
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.detector.dropped() + self.dropped
    }

    /// In place of what was found of the same before.
    fn keep(&mut self, detection: Detection) {
        let rank = (Reverse(detection.severity), detection.first_at, detection.id.clone());
        if let Some(before) = self.ranks.insert(detection.id.clone(), rank.clone()) {
            self.by_rank.remove(&before);
        }
        self.by_rank.insert(rank, detection);
        if self.by_rank.len() > KEPT
            && let Some((_, least)) = self.by_rank.pop_last()
        {
            self.ranks.remove(&least.id);
            self.dropped += 1;
        }
    }
}
