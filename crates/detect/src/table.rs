//! A table that cannot grow without end: full, it lets go of the quarter that was touched longest ago, and counts.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

use foldhash::quality::RandomState;

/// A map with a capacity. Which entries go is decided by the order of touching alone, so the same input gives the same
/// table. The hash is keyed by chance: strangers choose what is in here.
#[derive(Debug)]
pub(crate) struct Table<K, V> {
    entries: HashMap<K, Entry<V>, RandomState>,
    touches: u64,
    /// How many touches there had been at the end of each of the last hours.
    hours: VecDeque<u64>,
    capacity: usize,
    dropped: u64,
}

#[derive(Debug)]
struct Entry<V> {
    touched: u64,
    value: V,
}

impl<K: Eq + Hash + Ord, V> Table<K, V> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { entries: HashMap::default(), touches: 0, hours: VecDeque::new(), capacity: capacity.max(4), dropped: 0 }
    }

    /// The entry's value, made by `make` if there is none; counts as a touch.
    pub(crate) fn touch(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        if self.entries.len() >= self.capacity && !self.entries.contains_key(&key) {
            self.let_go();
        }
        self.touches += 1;
        let touched = self.touches;
        let entry = self.entries.entry(key).or_insert_with(|| Entry { touched, value: make() });
        entry.touched = touched;
        &mut entry.value
    }

    pub(crate) fn value(&self, key: &K) -> Option<&V> {
        self.entries.get(key).map(|entry| &entry.value)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entry's value, to be changed; no touch.
    pub(crate) fn known(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key).map(|entry| &mut entry.value)
    }

    /// The value of an entry that is there; counts as a touch.
    pub(crate) fn renew(&mut self, key: &K) -> Option<&mut V> {
        let entry = self.entries.get_mut(key)?;
        self.touches += 1;
        entry.touched = self.touches;
        Some(&mut entry.value)
    }

    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        self.entries.remove(key).map(|entry| entry.value)
    }

    /// All entries, in the order of their keys.
    pub(crate) fn sorted(&self) -> Vec<(&K, &V)> {
        #[cfg(test)]
        walked::add(self.entries.len());
        let mut all: Vec<_> = self.entries.iter().map(|(key, entry)| (key, &entry.value)).collect();
        all.sort_unstable_by_key(|(key, _)| *key);
        all
    }

    /// An hour has gone by: forgets what was not touched for `hours` such hours. That is no loss, and not counted as one.
    pub(crate) fn age(&mut self, hours: usize) {
        self.hours.push_back(self.touches);
        while self.hours.len() > hours {
            let Some(newest_to_go) = self.hours.pop_front() else { break };
            self.entries.retain(|_, entry| entry.touched > newest_to_go);
        }
    }

    /// Keeps only those of which `keep`, which may change them, says so.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&mut V) -> bool) {
        self.entries.retain(|_, entry| keep(&mut entry.value));
    }

    /// All values, in no order.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.values().map(|entry| &entry.value)
    }

    /// Whether a sixteenth or less is free.
    pub(crate) fn is_nearly_full(&self) -> bool {
        self.entries.len() >= self.capacity - self.capacity / 16
    }

    /// How many entries were let go because the table was full.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    fn let_go(&mut self) {
        let mut touches: Vec<u64> = self.entries.values().map(|entry| entry.touched).collect();
        let quarter = touches.len() / 4;
        let (_, newest_to_go, _) = touches.select_nth_unstable(quarter);
        let newest_to_go = *newest_to_go;
        let before = self.entries.len();
        self.entries.retain(|_, entry| entry.touched > newest_to_go);
        self.dropped += (before - self.entries.len()) as u64;
    }
}

/// How many entries were walked over in this thread, so that a test can tell work that grows with the square.
#[cfg(test)]
pub(crate) mod walked {
    use std::cell::Cell;

    thread_local! {
        static WALKED: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add(entries: usize) {
        WALKED.set(WALKED.get() + entries);
    }

    /// Those since this was last asked.
    pub(crate) fn take() -> usize {
        WALKED.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_table_lets_go_of_what_was_touched_longest_ago() {
        let mut table = Table::new(8);
        for key in 0..8 {
            table.touch(key, || key);
        }
        table.touch(0, || 0);
        table.touch(99, || 99);
        assert!(table.value(&0).is_some(), "touched again, so kept");
        assert!(table.value(&1).is_none());
        assert!(table.value(&99).is_some());
        assert_eq!(table.dropped(), 3);
    }

    #[test]
    fn what_was_not_touched_for_so_many_hours_is_forgotten() {
        let mut table = Table::new(100);
        table.touch("old", || ());
        for _ in 0..2 {
            table.age(3);
            table.touch("busy", || ());
        }
        table.age(3);
        assert_eq!(table.sorted().len(), 2, "three hours are not over");
        table.age(3);
        assert!(table.value(&"old").is_none());
        assert!(table.value(&"busy").is_some());
        for _ in 0..3 {
            table.age(3);
        }
        assert_eq!((table.sorted().len(), table.dropped()), (0, 0), "forgetting is no loss");
    }

    #[test]
    fn a_table_never_holds_more_than_its_capacity() {
        let mut table = Table::new(100);
        for key in 0..10_000u32 {
            table.touch(key, || ());
            assert!(table.sorted().len() <= 100);
        }
        assert_eq!(table.dropped() + table.sorted().len() as u64, 10_000);
    }
}
