//! NetFlow v5, v9 and IPFIX (RFC 3954, 7011): export packets of routers and firewalls to conversations.
//!
//! Promises: any bytes in, no panic out; templates belong to their exporter, by address and port, and its source id, and are
//! bounded; a set that is not read to its end is counted; packets that were only sampled are reckoned back to all; an
//! exporter whose clock is more than a day off, or stands still, is read by the moment of receipt, which is counted
//! (`clock`). What is told is [`Kind::FlowEnded`](wire::event::Kind::FlowEnded) alone: counts, never a name.
//! Not here: sockets (crate `collect`), who may export (its list), content that some exporters add. Nor files: what was
//! received once and kept has lost when.

mod assembly;
mod clock;
mod exporters;
mod record;
mod sets;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use detect::Cidr;
use jiff::{SignedDuration, Timestamp};
use netflow_parser::variable_versions::ipfix::lookup::IPFixField;
use netflow_parser::variable_versions::{ipfix, v9};
use netflow_parser::{FieldValue, NetflowPacket};
use wire::event::{Endpoint, Event, Transport};

use self::assembly::{Assembly, Told};
use self::clock::{Clock, Disbeliefs, note};
use self::exporters::{Exporter, Exporters, Source};
use self::record::Record;
use self::sets::Sets;
use crate::conversation::transport;

pub use self::clock::{Disbelief, Why};

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub packets: u64,
    /// Records that tell of a conversation.
    pub records: u64,
    /// Packets, or parts of them, that are not what they claim to be.
    pub malformed: u64,
    /// Sets of records whose template has not come yet.
    pub without_template: u64,
    /// Records that another interface or exporter told as well.
    pub repeated: u64,
    /// Records of a conversation without a packet or byte.
    pub empty: u64,
    /// Conversations told before their time, or exporters forgotten, because a table was full.
    pub dropped: u64,
    /// Conversations that wait for their end.
    pub open: u64,
}

/// Takes in export packets of any number of exporters.
#[derive(Debug)]
pub struct Collector {
    exporters: Exporters,
    disbeliefs: Disbeliefs,
    assembly: Assembly,
    counters: Counters,
    /// The latest moment that any exporter showed, and when it was received.
    clock: Option<(Timestamp, Timestamp)>,
}

impl Collector {
    /// `source` keeps its flows' numbers apart from those of other sources that feed the same detectors; 0 is packets'.
    #[must_use]
    pub fn new(source: u8) -> Self {
        Self {
            exporters: Exporters::default(),
            disbeliefs: Disbeliefs::new(),
            assembly: Assembly::new(source),
            counters: Counters::default(),
            clock: None,
        }
    }

    /// With those addresses as ours, in place of [`detect::private_ranges`].
    #[must_use]
    pub fn with_home(mut self, home: Vec<Cidr>) -> Self {
        self.assembly.home = home.into();
        self
    }

    /// One UDP payload from an exporter, received at that moment.
    pub fn packet(&mut self, exporter: SocketAddr, bytes: &[u8], received_at: Timestamp, sink: &mut dyn FnMut(Event)) {
        self.counters.packets += 1;
        let Some(source) = Source::of(exporter, bytes) else {
            self.counters.malformed += 1;
            return;
        };
        let exporter = exporter.ip();
        let Some(state) = self.exporters.of(source, bytes) else { return };
        let sets = match source.version {
            9 => state.layouts.walk_v9(bytes),
            10 => state.layouts.walk(bytes),
            _ => Sets::whole(bytes),
        };
        let outcome = state.parser.parse_bytes(&sets.bytes);
        let mut read = Read::new(exporter, Arc::clone(&self.assembly.home));
        for packet in &outcome.packets {
            read.packet(packet, received_at, state);
        }
        self.counters.malformed += u64::from(outcome.error.is_some()) + sets.unparsed(outcome.packets.first());
        self.counters.without_template += read.without_template;
        self.counters.empty += read.empty;
        if let Some(disbelief) = read.disbelief(received_at) {
            note(&mut self.disbeliefs, exporter, disbelief);
        }
        let sent_at = read.clock.and_then(|clock| clock.sent_at());
        let now = sent_at.unwrap_or(received_at).max(self.runs_on(received_at));
        self.clock = Some((now, received_at));
        for told in &read.records {
            self.counters.records += 1;
            self.assembly.record(told, now, sink);
        }
        self.assembly.due(now, sink);
    }

    /// Tells what nothing more is expected of, where no packet comes to say what time it is.
    pub fn quiet(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        self.assembly.due(now.max(self.runs_on(now)), sink);
    }

    /// The clock by which what waits does so, run on with ours: nobody waits for an exporter that was ahead and is silent.
    fn runs_on(&self, received_at: Timestamp) -> Timestamp {
        let Some((at, since)) = self.clock else { return Timestamp::MIN };
        let passed = received_at.duration_since(since).max(SignedDuration::ZERO);
        at.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }

    /// Tells all that is open.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Event)) {
        self.assembly.finish(sink);
    }

    /// The exporters whose clocks or records were not believed since the start, and how often.
    pub fn disbeliefs(&self) -> impl Iterator<Item = (IpAddr, Disbelief)> + '_ {
        self.disbeliefs.iter().map(|(exporter, disbelief)| (*exporter, *disbelief))
    }

    #[must_use]
    pub fn counters(&self) -> Counters {
        Counters {
            repeated: self.assembly.repeated,
            dropped: self.exporters.dropped + self.assembly.dropped,
            open: self.assembly.waiting() as u64,
            ..self.counters
        }
    }
}

/// What one packet told.
struct Read {
    exporter: IpAddr,
    home: Arc<[Cidr]>,
    records: Vec<Told>,
    without_template: u64,
    empty: u64,
    /// As its last header has it.
    clock: Option<Clock>,
    /// What the last record without a moment that can be said, and how many there were.
    untimed: (Option<Timestamp>, u64),
}

impl Read {
    fn new(exporter: IpAddr, home: Arc<[Cidr]>) -> Self {
        Self { exporter, home, records: Vec::new(), without_template: 0, empty: 0, clock: None, untimed: (None, 0) }
    }

    /// What of this packet was not believed.
    fn disbelief(&self, heard_at: Timestamp) -> Option<Disbelief> {
        let (said, untimed) = self.untimed;
        match self.clock {
            Some(Clock { why: Some(why), sent_us, .. }) => {
                let said = Timestamp::from_microsecond(sent_us).ok();
                Some(Disbelief { why, said, heard_at, records: self.records.len() as u64 })
            }
            _ if untimed > 0 => Some(Disbelief { why: Why::Records, said, heard_at, records: untimed }),
            _ => None,
        }
    }

    fn packet(&mut self, packet: &NetflowPacket, received_at: Timestamp, state: &mut Exporter) {
        match packet {
            NetflowPacket::V5(v5) => {
                let header = v5.header;
                let sent_us = i64::from(header.unix_secs) * 1_000_000 + i64::from(header.unix_nsecs / 1_000);
                let clock = self.clock(sent_us, Some(header.sys_up_time), received_at, state);
                // Two bits say how it samples, fourteen how often.
                let interval = u64::from(header.sampling_interval & 0x3fff);
                state.sampling = (interval > 1).then_some(interval);
                for flow in &v5.flowsets {
                    self.record(Record::v5(flow), &clock, state);
                }
            }
            NetflowPacket::V9(v9) => {
                let header = v9.header;
                let sent_us = i64::from(header.unix_secs) * 1_000_000;
                let clock = self.clock(sent_us, Some(header.sys_up_time), received_at, state);
                for set in &v9.flowsets {
                    match &set.body {
                        v9::FlowSetBody::Data(data) => self.v9(&data.fields, &clock, state),
                        v9::FlowSetBody::OptionsData(data) => v9_options(data, state),
                        v9::FlowSetBody::NoTemplate(_) => self.without_template += 1,
                        _ => {}
                    }
                }
            }
            NetflowPacket::IPFix(message) => {
                let sent_us = i64::from(message.header.export_time) * 1_000_000;
                let clock = self.clock(sent_us, None, received_at, state);
                for set in &message.flowsets {
                    match &set.body {
                        ipfix::FlowSetBody::Data(data) => self.ipfix(&data.fields, &clock, state),
                        ipfix::FlowSetBody::OptionsData(data) => {
                            data.fields.iter().for_each(|fields| state.option(&of(fields)));
                        }
                        ipfix::FlowSetBody::V9Data(data) => self.v9(&data.fields, &clock, state),
                        ipfix::FlowSetBody::V9OptionsData(data) => v9_options(data, state),
                        ipfix::FlowSetBody::NoTemplate(_) => self.without_template += 1,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn clock(&mut self, sent_us: i64, uptime_ms: Option<u32>, received_at: Timestamp, state: &mut Exporter) -> Clock {
        let clock = Clock::new(sent_us, uptime_ms, received_at, &mut state.shown);
        self.clock = Some(clock);
        clock
    }

    fn v9(&mut self, records: &[v9::V9FlowRecord], clock: &Clock, state: &Exporter) {
        for fields in records {
            self.record(of_v9(fields), clock, state);
        }
    }

    fn ipfix(&mut self, records: &[ipfix::IPFixFlowRecord], clock: &Clock, state: &Exporter) {
        for fields in records {
            self.record(of(fields), clock, state);
        }
    }

    /// A record that says who spoke with whom; others (counters of interfaces, translations) are passed over.
    fn record(&mut self, mut record: Record, clock: &Clock, state: &Exporter) {
        record.untranslate(|ip| is_within(&self.home, ip));
        let (Some(source), Some(destination), Some(protocol)) = (record.source, record.destination, record.protocol)
        else {
            return;
        };
        record.settle();
        let clock = Clock { started_ms: state.started_ms, ..*clock };
        let Some(moments) = record.moments(&clock) else { return };
        if record.forward.packets == 0 && record.forward.bytes == 0 && record.reverse.is_none() {
            self.empty += u64::from(!record.is_news());
            return;
        }
        if !moments.is_timed {
            self.untimed = (moments.said, self.untimed.1 + 1);
        }
        let rate = state.rate(&record);
        for volume in [Some(&mut record.forward), record.reverse.as_mut()].into_iter().flatten() {
            // Some count bytes alone: then there was at least a packet.
            volume.packets = volume.packets.max(u64::from(volume.bytes > 0));
            volume.packets = volume.packets.saturating_mul(rate);
            volume.bytes = volume.bytes.saturating_mul(rate);
        }
        let transport = transport(protocol);
        if transport == Transport::Icmp && record.icmp_type.is_none() {
            record.icmp_type = Some((record.destination_port >> 8) as u8);
        }
        let has_ports = matches!(transport, Transport::Tcp | Transport::Udp | Transport::Other(132 | 136));
        let end = |ip, port: u16| Endpoint { ip, port: if has_ports { port } else { 0 } };
        self.records.push(Told {
            exporter: self.exporter,
            transport,
            source: end(source, record.source_port),
            destination: end(destination, record.destination_port),
            first_at: moments.first_at,
            last_at: moments.last_at,
            is_timed: moments.is_timed,
            is_sampled: rate > 1,
            record,
        });
    }
}

fn is_within(home: &[Cidr], ip: IpAddr) -> bool {
    home.iter().any(|range| range.contains(ip))
}

fn of(fields: &[(IPFixField, FieldValue)]) -> Record {
    let mut record = Record::default();
    fields.iter().for_each(|(field, value)| record.field(*field, value));
    record
}

fn of_v9(fields: &[v9::V9FieldPair]) -> Record {
    let mut record = Record::v9();
    for (field, value) in fields {
        record.field(IPFixField::new(u16::from(*field), None), value);
    }
    record
}

fn v9_options(data: &v9::OptionsData, state: &mut Exporter) {
    for fields in &data.fields {
        state.option(&of_v9(&fields.options_fields));
    }
}

#[cfg(test)]
mod tests;
