//! The table of flows: found by who talks to whom, forgotten oldest first.

use std::collections::{BTreeMap, HashMap};

use super::connection::Connection;
use crate::event::{Endpoint, Transport};
use crate::frame::Packet;

/// Both directions of a conversation under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    transport: Transport,
    lower: Endpoint,
    higher: Endpoint,
}

impl Key {
    pub(super) fn of(packet: &Packet<'_>) -> Self {
        let (one, other) = (packet.source, packet.destination);
        Self { transport: packet.transport, lower: one.min(other), higher: one.max(other) }
    }
}

/// Flows that are forgotten after the same time of silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Attempt,
    Open,
    Closing,
    Other,
}

impl Class {
    pub(super) const ALL: [Self; 4] = [Self::Attempt, Self::Open, Self::Closing, Self::Other];
}

#[derive(Debug)]
struct Entry {
    connection: Connection,
    class: Class,
    /// Rises with every packet of any flow.
    touched: u64,
}

/// The flows. Order is by when a flow was last touched, never by the hash, so that it is the same in every run.
#[derive(Debug, Default)]
pub(super) struct Table {
    entries: HashMap<Key, Entry>,
    by_age: [BTreeMap<u64, Key>; 4],
    touches: u64,
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Connection> {
        self.entries.get(key).map(|entry| &entry.connection)
    }

    pub(super) fn get_mut(&mut self, key: &Key) -> Option<&mut Connection> {
        self.entries.get_mut(key).map(|entry| &mut entry.connection)
    }

    pub(super) fn insert(&mut self, key: Key, connection: Connection) {
        self.touches += 1;
        let class = connection.class();
        let touched = self.touches;
        self.ages(class).insert(touched, key);
        self.entries.insert(key, Entry { connection, class, touched });
    }

    /// Makes the flow the youngest of its class, which may have changed.
    pub(super) fn touch(&mut self, key: &Key) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        self.touches += 1;
        let (old_class, old_touch) = (entry.class, entry.touched);
        entry.class = entry.connection.class();
        entry.touched = self.touches;
        let class = entry.class;
        self.ages(old_class).remove(&old_touch);
        let touched = self.touches;
        self.ages(class).insert(touched, *key);
    }

    pub(super) fn remove(&mut self, key: &Key) -> Option<Connection> {
        let entry = self.entries.remove(key)?;
        self.ages(entry.class).remove(&entry.touched);
        Some(entry.connection)
    }

    /// The flow of that class that was silent longest.
    pub(super) fn oldest_of(&self, class: Class) -> Option<(Key, &Connection)> {
        let (_, key) = self.by_age.get(class as usize)?.first_key_value()?;
        Some((*key, self.get(key)?))
    }

    /// The flow that was silent longest.
    pub(super) fn oldest(&self) -> Option<Key> {
        let firsts = self.by_age.iter().filter_map(BTreeMap::first_key_value);
        firsts.min_by_key(|(touched, _)| **touched).map(|(_, key)| *key)
    }

    /// All that is left, in the order in which it began.
    pub(super) fn drain(&mut self) -> Vec<Connection> {
        self.by_age = Default::default();
        let mut left: Vec<_> = self.entries.drain().map(|(_, entry)| entry.connection).collect();
        left.sort_unstable_by_key(Connection::id);
        left
    }

    #[expect(clippy::indexing_slicing, reason = "a class is one of four, the array has four")]
    fn ages(&mut self, class: Class) -> &mut BTreeMap<u64, Key> {
        &mut self.by_age[class as usize]
    }
}
