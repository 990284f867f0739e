//! What waits for more to be said of it: bounded in number and in time, in the order in which its time runs out.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;

use jiff::Timestamp;

/// Entries with a moment until which they wait. Full, the one whose time runs out first makes room.
#[derive(Debug)]
pub(crate) struct Waiting<K, V> {
    entries: HashMap<K, (Timestamp, V)>,
    order: BTreeSet<(Timestamp, K)>,
    capacity: usize,
}

impl<K: Clone + Ord + Hash, V> Waiting<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::new(), order: BTreeSet::new(), capacity: capacity.max(1) }
    }

    /// Puts an entry in, in place of one under the same key. What comes back had to make room.
    pub(crate) fn put(&mut self, key: K, until: Timestamp, value: V) -> Option<V> {
        self.take(&key);
        let evicted = if self.entries.len() >= self.capacity { self.first() } else { None };
        self.order.insert((until, key.clone()));
        self.entries.insert(key, (until, value));
        evicted
    }

    pub(crate) fn take(&mut self, key: &K) -> Option<V> {
        let (until, value) = self.entries.remove(key)?;
        self.order.remove(&(until, key.clone()));
        Some(value)
    }

    /// All entries whose key is such, in the order in which their time would have run out.
    pub(crate) fn take_where(&mut self, is_such: impl Fn(&K) -> bool) -> Vec<V> {
        let keys: Vec<K> = self.order.iter().filter(|(_, key)| is_such(key)).map(|(_, key)| key.clone()).collect();
        keys.iter().filter_map(|key| self.take(key)).collect()
    }

    /// The next entry whose time has run out.
    pub(crate) fn due(&mut self, now: Timestamp) -> Option<V> {
        if self.order.first()?.0 > now { None } else { self.first() }
    }

    /// The entry whose time runs out first.
    pub(crate) fn first(&mut self) -> Option<V> {
        let (_, key) = self.order.pop_first()?;
        self.entries.remove(&key).map(|(_, value)| value)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn what_runs_out_first_makes_room_and_comes_out_first() {
        let mut waiting = Waiting::new(2);
        assert_eq!(waiting.put('a', at(5), 1), None);
        assert_eq!(waiting.put('b', at(3), 2), None);
        assert_eq!(waiting.put('b', at(4), 3), None, "the same key takes its own place");
        assert_eq!(waiting.put('c', at(9), 4), Some(3));
        assert_eq!(waiting.due(at(4)), None);
        assert_eq!(waiting.due(at(5)), Some(1));
        assert_eq!((waiting.take(&'c'), waiting.first(), waiting.len()), (Some(4), None, 0));
    }
}
