//! From records to conversations: the two directions put together, and the pieces in which a router tells a long one.
//!
//! A router tells each direction by itself, and of a conversation that lasts what it counted so far, every few minutes.
//! A detector of long connections or of steady rhythms must see one conversation with its beginning, both volumes and
//! its end. So a conversation waits here until both sides said goodbye, or nothing was told of it for long enough. Where
//! several routers lie on its way, the first to tell a direction is whose word counts for that.

use std::cmp::Ordering;
use std::net::IpAddr;
use std::sync::Arc;

use detect::Cidr;
use jiff::{SignedDuration, Timestamp};
use wire::event::{Conversation, Endpoint, Event, Flow, FlowEnd, Handshake, Kind, Transport, Volume};

use super::is_within;
use super::record::Record;
use crate::conversation::{Numbers, called_by_port, payload};
use crate::waiting::Waiting;

/// Conversations that wait for their other half or next piece.
const OPEN: usize = 65_536;
/// After the goodbye, or after the last word of one that will have no next piece.
const GRACE: SignedDuration = SignedDuration::from_secs(60);
/// Of datagrams, which have no goodbye.
const QUIET: SignedDuration = SignedDuration::from_secs(120);
/// Until the next piece: routers tell at the latest every half hour.
const NEXT_PIECE: SignedDuration = SignedDuration::from_mins(35);
/// A piece at least so long was cut by the router, not ended by the parties.
const CUT_BY_ROUTER: SignedDuration = SignedDuration::from_secs(59);
/// Packets of one that knocks and gets no answer: a SYN and its repetitions.
const KNOCKS: u64 = 10;

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const RST: u8 = 0x04;
const ACK: u8 = 0x10;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    transport: Transport,
    low: Endpoint,
    high: Endpoint,
}

/// What one end sent.
#[derive(Clone, Debug, Default)]
struct Side {
    /// Who told of it first, and whose word alone counts until the end: two routers on one way tell the same.
    exporter: Option<IpAddr>,
    volume: Volume,
    flags: Option<u8>,
    first_at: Option<Timestamp>,
    last_at: Option<Timestamp>,
    mac: Option<[u8; 6]>,
    /// The last record taken in, to know it again.
    last_record: Option<(Timestamp, Timestamp, Volume)>,
    is_echo_request: bool,
}

impl Side {
    fn has(&self, flag: u8) -> bool {
        self.flags.is_some_and(|flags| flags & flag != 0)
    }

    fn is_of(&self, exporter: IpAddr) -> bool {
        self.exporter.is_none_or(|known| known == exporter)
    }

    /// Whether that router is believed. Of what lies behind the other's last word it is, too: the way has changed.
    fn is_told_by(&self, told: &Told) -> bool {
        let is_behind = self.last_at.is_some_and(|last_at| told.first_at.duration_since(last_at) > GRACE);
        self.is_of(told.exporter) || is_behind
    }

    fn add(&mut self, told: &Told, volume: Volume, flags: Option<u8>) {
        let (first_at, last_at) = (told.first_at, told.last_at);
        self.exporter = Some(told.exporter);
        self.volume.packets = self.volume.packets.saturating_add(volume.packets);
        self.volume.bytes = self.volume.bytes.saturating_add(volume.bytes);
        self.first_at = Some(self.first_at.map_or(first_at, |known| known.min(first_at)));
        self.last_at = Some(self.last_at.map_or(last_at, |known| known.max(last_at)));
        if let Some(flags) = flags {
            self.flags = Some(self.flags.unwrap_or_default() | flags);
        }
        self.last_record = Some((first_at, last_at, volume));
    }
}

#[derive(Clone, Debug)]
struct Open {
    key: Key,
    low: Side,
    high: Side,
    vlan: Option<u16>,
    is_ping: bool,
    /// Who began, where a record said so.
    initiator_is_low: Option<bool>,
    is_sampled: bool,
    is_timed: bool,
    goes_on: Option<bool>,
}

/// Conversations that are not told yet.
#[derive(Debug)]
pub(super) struct Assembly {
    open: Waiting<Key, Open>,
    numbers: Numbers,
    /// Which addresses are ours.
    pub(super) home: Arc<[Cidr]>,
    /// Told before their time because the table was full.
    pub(super) dropped: u64,
    /// Records that another interface of the same router, or another router, told already.
    pub(super) repeated: u64,
}

impl Assembly {
    pub(super) fn new(source: u8) -> Self {
        let home = detect::private_ranges().into();
        Self { open: Waiting::new(OPEN), numbers: Numbers::new(source), home, dropped: 0, repeated: 0 }
    }

    /// Takes in a record that is complete; its volumes are already those of all packets where only some were counted.
    pub(super) fn record(&mut self, told: &Told, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        let source_is_low = told.source <= told.destination;
        let (low, high) = if source_is_low { (told.source, told.destination) } else { (told.destination, told.source) };
        let key = Key { transport: told.transport, low, high };
        let mut open = match self.open.take(&key) {
            Some(open) if open.is_over_before(told, source_is_low) => {
                self.tell(open, FlowEnd::Idle, sink);
                Open::new(key.clone())
            }
            Some(open) => open,
            None => Open::new(key.clone()),
        };
        if open.take_in(told, source_is_low) {
            self.repeated += 1;
        }
        let until = now.saturating_add(open.patience()).unwrap_or(Timestamp::MAX);
        if let Some(evicted) = self.open.put(key, until, open) {
            self.dropped += 1;
            self.tell(evicted, FlowEnd::Evicted, sink);
        }
    }

    /// Tells those of which nothing more is expected at this moment.
    pub(super) fn due(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        while let Some(open) = self.open.due(now) {
            self.tell(open, FlowEnd::Idle, sink);
        }
    }

    /// Tells all.
    pub(super) fn finish(&mut self, sink: &mut dyn FnMut(Event)) {
        while let Some(open) = self.open.first() {
            self.tell(open, FlowEnd::EndOfInput, sink);
        }
    }

    pub(super) fn waiting(&self) -> usize {
        self.open.len()
    }

    fn tell(&mut self, open: Open, otherwise: FlowEnd, sink: &mut dyn FnMut(Event)) {
        if let Some(flow) = open.flow(self.numbers.next(), otherwise, &self.home) {
            let (at, id, conversation) = (flow.last_at, flow.id, flow.conversation);
            sink(Event { at, flow: id, conversation, kind: Kind::FlowEnded(Box::new(flow)) });
        }
    }
}

/// A record with all that a conversation needs.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) exporter: IpAddr,
    pub(super) transport: Transport,
    pub(super) source: Endpoint,
    pub(super) destination: Endpoint,
    pub(super) first_at: Timestamp,
    pub(super) last_at: Timestamp,
    pub(super) is_timed: bool,
    pub(super) is_sampled: bool,
    pub(super) record: Record,
}

impl Open {
    fn new(key: Key) -> Self {
        Self {
            key,
            low: Side::default(),
            high: Side::default(),
            vlan: None,
            is_ping: false,
            initiator_is_low: None,
            is_sampled: false,
            is_timed: true,
            goes_on: None,
        }
    }

    /// Adds a record. True: it was told before, by another interface of the same router or by another router, and is not
    /// counted again.
    fn take_in(&mut self, told: &Told, source_is_low: bool) -> bool {
        let record = &told.record;
        let (from, to) = if source_is_low { (&mut self.low, &mut self.high) } else { (&mut self.high, &mut self.low) };
        let near = |a: Timestamp, b: Timestamp| a.duration_since(b).abs() <= SignedDuration::from_millis(1_500);
        let is_repeated = from.last_record.is_some_and(|(first, last, volume)| {
            near(first, told.first_at) && near(last, told.last_at) && volume == record.forward
        });
        from.mac = from.mac.or(record.source_mac);
        to.mac = to.mac.or(record.destination_mac);
        self.vlan = self.vlan.or(record.vlan);
        let source_began = record.source_began.map(|began| began == source_is_low);
        self.initiator_is_low = self.initiator_is_low.or(source_began);
        let (tells_from, tells_to) = (from.is_told_by(told), to.is_told_by(told));
        let reverse = record.reverse.filter(|reverse| tells_to && (reverse.packets > 0 || reverse.bytes > 0));
        if is_repeated || !tells_from && reverse.is_none() {
            return true;
        }
        if tells_from {
            from.add(told, record.forward, record.flags);
        }
        if let Some(reverse) = reverse {
            to.add(told, reverse, record.reverse_flags);
        }
        if told.transport == Transport::Icmp {
            from.is_echo_request |= matches!(record.icmp_type, Some(8 | 128));
            self.is_ping |= matches!(record.icmp_type, Some(0 | 8 | 128 | 129));
        }
        self.is_sampled |= told.is_sampled;
        self.is_timed &= told.is_timed;
        self.goes_on = record.goes_on;
        false
    }

    fn last_at(&self) -> Option<Timestamp> {
        self.low.last_at.max(self.high.last_at)
    }

    fn said_goodbye(&self) -> bool {
        let one = |flag| self.low.has(flag) || self.high.has(flag);
        one(RST) || self.low.has(FIN) && self.high.has(FIN)
    }

    /// Whether a record belongs to another conversation between the same ends. By another router's clock the same one may
    /// begin somewhat later; of a new one the router that told of this tells, too.
    fn is_over_before(&self, told: &Told, source_is_low: bool) -> bool {
        let from = if source_is_low { &self.low } else { &self.high };
        let gap = match (self.said_goodbye(), from.is_of(told.exporter)) {
            (true, true) => SignedDuration::from_secs(1),
            (true, false) => GRACE,
            (false, _) => NEXT_PIECE,
        };
        self.last_at().is_some_and(|last_at| told.first_at.duration_since(last_at) > gap)
    }

    /// How long to wait for what more may be told.
    fn patience(&self) -> SignedDuration {
        let length = match (self.low.first_at.min(self.high.first_at), self.last_at()) {
            (Some(first), Some(last)) => last.duration_since(first),
            _ => SignedDuration::ZERO,
        };
        let is_knocking = self.key.transport == Transport::Tcp
            && (self.low.volume.packets == 0 || self.high.volume.packets == 0)
            && self.low.volume.packets + self.high.volume.packets <= KNOCKS;
        match self.goes_on {
            _ if self.said_goodbye() => GRACE,
            Some(true) => NEXT_PIECE,
            Some(false) if self.low.volume.packets > 0 && self.high.volume.packets > 0 => GRACE,
            _ if is_knocking => QUIET,
            _ if self.key.transport == Transport::Tcp || length >= CUT_BY_ROUTER => NEXT_PIECE,
            _ => QUIET,
        }
    }

    /// Whether the lower end is the client.
    fn client_is_low(&self, home: &[Cidr]) -> bool {
        if let Some(is_low) = self.initiator_is_low {
            return is_low;
        }
        let (low, high) = (&self.low, &self.high);
        if low.is_echo_request != high.is_echo_request {
            return low.is_echo_request;
        }
        // A SYN that was not answered says who knocks, whatever the ports.
        for (one, other, is_low) in [(low, high, true), (high, low, false)] {
            if one.has(SYN) && !one.has(ACK) && !other.has(SYN) {
                return is_low;
            }
        }
        // Who tells nothing but refusals was called.
        for (one, other, is_low) in [(low, high, true), (high, low, false)] {
            if one.has(RST) && !one.has(SYN) && other.has(SYN) {
                return !is_low;
            }
        }
        if let Some(order) = called_by_port(self.key.low, self.key.high) {
            return order == Ordering::Greater;
        }
        let is_home = |end: Endpoint| is_within(home, end.ip);
        match (low.first_at, high.first_at) {
            (Some(first), Some(other)) if first != other => first < other,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            // Most that crosses the edge was begun inside.
            _ if is_home(self.key.low) != is_home(self.key.high) => is_home(self.key.low),
            _ => self.key.low.port > self.key.high.port,
        }
    }

    fn flow(self, id: wire::event::FlowId, otherwise: FlowEnd, home: &[Cidr]) -> Option<Flow> {
        let end = if self.low.has(RST) || self.high.has(RST) {
            FlowEnd::Reset
        } else if self.said_goodbye() {
            FlowEnd::Finished
        } else {
            otherwise
        };
        let is_low = self.client_is_low(home);
        let transport = self.key.transport;
        let (client, server, sent, received) = if is_low {
            (self.key.low, self.key.high, self.low, self.high)
        } else {
            (self.key.high, self.key.low, self.high, self.low)
        };
        let first_at = [sent.first_at, received.first_at].into_iter().flatten().min()?;
        let last_at = sent.last_at.max(received.last_at)?;
        let handshake = match transport {
            Transport::Tcp if !self.is_sampled => handshake(&sent, &received, client.ip),
            // Of a few packets in a thousand nothing follows.
            _ => Handshake::NotSeen,
        };
        Some(Flow {
            id,
            conversation: Conversation { transport, client, server },
            client_mac: sent.mac,
            server_mac: received.mac,
            vlan: self.vlan,
            first_at,
            last_at,
            is_timed: self.is_timed,
            sent: sent.volume,
            received: received.volume,
            sent_payload: payload(sent.volume, transport, client.ip),
            received_payload: payload(received.volume, transport, server.ip),
            handshake,
            end,
            application: self.is_ping.then_some("ping"),
            name: None,
        })
    }
}

/// Whether those packets may all be a SYN with its options, of at most about 60 bytes. More is sent to who answers alone.
fn is_knock(volume: Volume, ip: IpAddr) -> bool {
    let longest = if ip.is_ipv4() { 64 } else { 84 };
    volume.packets <= KNOCKS && (volume.packets <= 1 || volume.bytes <= volume.packets.saturating_mul(longest))
}

fn handshake(sent: &Side, received: &Side, client: IpAddr) -> Handshake {
    let is_answered = received.volume.packets > 0;
    match (sent.flags, received.flags) {
        // No flags: told by what was counted.
        (None, None) if is_answered => Handshake::Established,
        (None, None) if is_knock(sent.volume, client) => Handshake::Attempted,
        (None, None) => Handshake::NotSeen,
        _ if received.has(SYN) => Handshake::Established,
        _ if !sent.has(SYN) => Handshake::NotSeen,
        _ if received.has(RST) => Handshake::Refused,
        _ if is_answered => Handshake::Established,
        _ if sent.has(ACK) => Handshake::NotSeen,
        _ => Handshake::Attempted,
    }
}
