//! The table of flows: found by who talks to whom, forgotten oldest first.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use foldhash::quality::RandomState;

use super::connection::Connection;
use crate::event::{Endpoint, FlowId, Transport};
use crate::frame::Packet;

/// Both directions of a conversation under one key, packed for hashing: addresses (IPv4 as IPv6), then ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    lower: u128,
    higher: u128,
    ports: u32,
    transport: u16,
}

impl Key {
    pub(super) fn of(packet: &Packet<'_>) -> Self {
        let bits = |endpoint: Endpoint| match endpoint.ip {
            IpAddr::V4(v4) => u128::from(v4.to_bits()) | 0xffff << 32,
            IpAddr::V6(v6) => v6.to_bits(),
        };
        let one = (bits(packet.source), packet.source.port);
        let other = (bits(packet.destination), packet.destination.port);
        let (lower, higher) = if one <= other { (one, other) } else { (other, one) };
        // ICMP and ICMPv6 count as one transport; no IP protocol has a number above 255.
        let transport = match packet.transport {
            Transport::Tcp => 256,
            Transport::Udp => 257,
            Transport::Icmp => 258,
            Transport::Other(number) => number.into(),
        };
        let ports = u32::from(lower.1) << 16 | u32::from(higher.1);
        Self { lower: lower.0, higher: higher.0, ports, transport }
    }
}

/// Where a flow stands in the table, until it is removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(u32);

const NOWHERE: Place = Place(u32::MAX);

#[derive(Debug)]
struct Slot {
    key: Key,
    /// Absent: the slot is free.
    connection: Option<Box<Connection>>,
    /// The second of packet time in which it is looked at next, to see whether it is silent.
    due: i64,
    /// Its neighbours by when they were last touched.
    older: Place,
    younger: Place,
}

/// The flows. What makes room is decided by when a flow was last touched, and when a flow is over by its own packets and the
/// clock alone: never by the hash, so that it is the same in every run, nor by what other flows share the table. The hash is
/// keyed by chance: strangers choose what is in here.
#[derive(Debug)]
pub(super) struct Table {
    places: HashMap<Key, Place, RandomState>,
    slots: Vec<Slot>,
    free: Vec<Place>,
    oldest: Place,
    youngest: Place,
    /// By [`Slot::due`]; what was put off or removed since is passed over when its time comes.
    due: BTreeMap<i64, Vec<(Place, FlowId)>>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            places: HashMap::default(),
            slots: Vec::new(),
            free: Vec::new(),
            oldest: NOWHERE,
            youngest: NOWHERE,
            due: BTreeMap::new(),
        }
    }
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn find(&self, key: &Key) -> Option<Place> {
        self.places.get(key).copied()
    }

    pub(super) fn get(&self, place: Place) -> Option<&Connection> {
        self.slots.get(place.0 as usize)?.connection.as_deref()
    }

    pub(super) fn get_mut(&mut self, place: Place) -> Option<&mut Connection> {
        self.slot(place)?.connection.as_deref_mut()
    }

    /// Takes in a flow whose key is not there.
    pub(super) fn insert(&mut self, key: Key, connection: Connection) -> Place {
        let slot =
            Slot { key, connection: Some(Box::new(connection)), due: i64::MAX, older: NOWHERE, younger: NOWHERE };
        let place = match self.free.pop() {
            Some(place) => {
                if let Some(free) = self.slot(place) {
                    *free = slot;
                }
                place
            }
            None => {
                self.slots.push(slot);
                // There is never room for so many.
                Place(u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX))
            }
        };
        self.places.insert(key, place);
        self.join(place);
        place
    }

    /// Makes the flow the youngest, to be looked at in that second at the latest.
    pub(super) fn touch(&mut self, place: Place, due: i64) {
        if place != self.youngest {
            self.leave(place);
            self.join(place);
        }
        if self.slot(place).is_some_and(|slot| due < slot.due) {
            self.put_off(place, due);
        }
    }

    pub(super) fn remove(&mut self, place: Place) -> Option<Connection> {
        let slot = self.slot(place)?;
        let connection = slot.connection.take()?;
        let key = slot.key;
        self.leave(place);
        self.places.remove(&key);
        self.free.push(place);
        Some(*connection)
    }

    /// The flow that was silent longest.
    pub(super) fn oldest(&self) -> Option<Place> {
        Some(self.oldest).filter(|oldest| *oldest != NOWHERE)
    }

    /// The next flow whose second has come.
    pub(super) fn next_due(&mut self, second: i64) -> Option<Place> {
        loop {
            let mut first = self.due.first_entry().filter(|first| *first.key() <= second)?;
            let (due, flow) = (*first.key(), first.get_mut().pop());
            let Some((place, id)) = flow else {
                first.remove();
                continue;
            };
            let is_it = |slot: &Slot| slot.due == due && slot.connection.as_ref().is_some_and(|one| one.id() == id);
            if self.slots.get(place.0 as usize).is_some_and(is_it) {
                return Some(place);
            }
        }
    }

    /// Looks at the flow in that second, and no other.
    pub(super) fn put_off(&mut self, place: Place, due: i64) {
        let Some(slot) = self.slots.get_mut(place.0 as usize) else { return };
        let Some(id) = slot.connection.as_ref().map(|connection| connection.id()) else { return };
        slot.due = due;
        self.due.entry(due).or_default().push((place, id));
    }

    /// All that is left, in the order in which it began.
    pub(super) fn drain(&mut self) -> Vec<Connection> {
        let slots = std::mem::take(self).slots;
        let mut left: Vec<_> = slots.into_iter().filter_map(|slot| Some(*slot.connection?)).collect();
        left.sort_unstable_by_key(Connection::id);
        left
    }

    fn slot(&mut self, place: Place) -> Option<&mut Slot> {
        self.slots.get_mut(place.0 as usize)
    }

    /// Puts a flow at the young end.
    fn join(&mut self, place: Place) {
        let before = std::mem::replace(&mut self.youngest, place);
        match self.slot(before) {
            Some(before) => before.younger = place,
            None => self.oldest = place,
        }
        if let Some(slot) = self.slot(place) {
            (slot.older, slot.younger) = (before, NOWHERE);
        }
    }

    /// Takes a flow from between its neighbours.
    fn leave(&mut self, place: Place) {
        let Some(&mut Slot { older, younger, .. }) = self.slot(place) else { return };
        match self.slot(older) {
            Some(slot) => slot.younger = younger,
            None => self.oldest = younger,
        }
        match self.slot(younger) {
            Some(slot) => slot.older = older,
            None => self.youngest = older,
        }
    }
}
