//! NetFlow v5, v9 and IPFIX (RFC 3954, 7011): export packets of routers and firewalls to conversations.
//!
//! Promises: any bytes in, no panic out; templates belong to their exporter and its source id, and are bounded; packets
//! that were only sampled are reckoned back to all; an exporter whose clock is more than a day off, or stands still, is read
//! by the moment of receipt, which is counted (`clock`). What is told is
//! [`Kind::FlowEnded`](wire::event::Kind::FlowEnded) alone: counts, never a name.
//! Not here: sockets (crate `collect`), who may export (its list), content that some exporters add. Nor files: what was
//! received once and kept has lost when.

mod assembly;
mod clock;
mod record;

use std::collections::BTreeMap;
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use netflow_parser::variable_versions::ipfix::lookup::IPFixField;
use netflow_parser::variable_versions::{ipfix, v9};
use netflow_parser::{FieldValue, NetflowPacket, NetflowParser};
use wire::event::{Endpoint, Event, Transport};

use self::assembly::{Assembly, Told};
use self::clock::{Clock, Disbeliefs, Shown, note};
use self::record::Record;
use crate::conversation::transport;

pub use self::clock::{Disbelief, Why};

/// Exporters, each with its source ids, whose templates are kept.
const EXPORTERS: usize = 256;
/// Templates of one of them.
const TEMPLATES: usize = 128;
/// Fields of one template, and bytes of one record.
const FIELDS: usize = 256;
const RECORD_BYTES: usize = 16_384;
/// Samplers of one exporter.
const SAMPLERS: usize = 64;

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
    /// Records that another interface told as well.
    pub repeated: u64,
    /// Conversations told before their time, or exporters forgotten, because a table was full.
    pub dropped: u64,
    /// Conversations that wait for their end.
    pub open: u64,
}

/// Who numbers templates: an exporter's address, its observation domain or source id, and the version.
type Source = (IpAddr, u32, u16);

/// Takes in export packets of any number of exporters.
#[derive(Debug)]
pub struct Collector {
    exporters: BTreeMap<Source, Exporter>,
    disbeliefs: Disbeliefs,
    assembly: Assembly,
    counters: Counters,
    heard: u64,
    /// The latest moment that any exporter showed, and when it was received.
    clock: Option<(Timestamp, Timestamp)>,
}

#[derive(Debug)]
struct Exporter {
    parser: NetflowParser,
    /// Of all its samplers, and of one by its number.
    sampling: Option<u64>,
    samplers: BTreeMap<u64, u64>,
    /// Milliseconds since 1970.
    started_ms: Option<u64>,
    shown: Option<Shown>,
    /// In the order of packets.
    heard: u64,
}

impl Collector {
    /// `source` keeps its flows' numbers apart from those of other sources that feed the same detectors; 0 is packets'.
    #[must_use]
    pub fn new(source: u8) -> Self {
        Self {
            exporters: BTreeMap::new(),
            disbeliefs: Disbeliefs::new(),
            assembly: Assembly::new(source),
            counters: Counters::default(),
            heard: 0,
            clock: None,
        }
    }

    /// One UDP payload from an exporter, received at that moment.
    pub fn packet(&mut self, exporter: IpAddr, bytes: &[u8], received_at: Timestamp, sink: &mut dyn FnMut(Event)) {
        self.counters.packets += 1;
        let Some(source) = source_of(exporter, bytes) else {
            self.counters.malformed += 1;
            return;
        };
        let Some(state) = self.exporter(source) else { return };
        let outcome = state.parser.parse_bytes(bytes);
        let mut read = Read { exporter, records: Vec::new(), without_template: 0, clock: None, untimed: (None, 0) };
        for packet in &outcome.packets {
            read.packet(packet, received_at, state);
        }
        self.counters.malformed += u64::from(outcome.error.is_some());
        self.counters.without_template += read.without_template;
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
            dropped: self.counters.dropped + self.assembly.dropped,
            open: self.assembly.waiting() as u64,
            ..self.counters
        }
    }

    fn exporter(&mut self, source: Source) -> Option<&mut Exporter> {
        self.heard += 1;
        if !self.exporters.contains_key(&source) {
            if self.exporters.len() >= EXPORTERS {
                let oldest = self.exporters.iter().min_by_key(|(_, one)| one.heard).map(|(source, _)| *source)?;
                self.exporters.remove(&oldest);
                self.counters.dropped += 1;
            }
            // The limits are ours and within the parser's own, so it is made.
            let parser = NetflowParser::builder()
                .with_allowed_versions(&[5, 9, 10])
                .with_cache_size(TEMPLATES)
                .with_max_field_count(FIELDS)
                .with_max_template_total_size(RECORD_BYTES)
                .with_max_error_sample_size(1)
                .build()
                .ok()?;
            let exporter =
                Exporter { parser, sampling: None, samplers: BTreeMap::new(), started_ms: None, shown: None, heard: 0 };
            self.exporters.insert(source, exporter);
        }
        let exporter = self.exporters.get_mut(&source)?;
        exporter.heard = self.heard;
        Some(exporter)
    }
}

impl Exporter {
    /// An options record: when the exporter started; what a sampler does, or all of them.
    fn option(&mut self, record: &Record) {
        self.started_ms = record.started_ms.or(self.started_ms);
        let Some(rate) = record.sampling() else { return };
        match record.sampler {
            Some(sampler) if self.samplers.len() < SAMPLERS || self.samplers.contains_key(&sampler) => {
                self.samplers.insert(sampler, rate);
            }
            Some(_) => {}
            None => self.sampling = Some(rate),
        }
    }

    /// One packet of how many a record counts.
    fn rate(&self, record: &Record) -> u64 {
        let by_sampler = record.sampler.and_then(|sampler| self.samplers.get(&sampler)).copied();
        record.sampling().or(by_sampler).or(self.sampling).unwrap_or(1).clamp(1, 1_000_000)
    }
}

/// Where templates of this packet belong. None: no version that is read here.
fn source_of(exporter: IpAddr, bytes: &[u8]) -> Option<Source> {
    let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    let version = u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?);
    let domain = match version {
        5 => 0,
        9 => number(16)?,
        10 => number(12)?,
        _ => return None,
    };
    Some((exporter, domain, version))
}

/// What one packet told.
struct Read {
    exporter: IpAddr,
    records: Vec<Told>,
    without_template: u64,
    /// As its last header has it.
    clock: Option<Clock>,
    /// What the last record without a moment that can be said, and how many there were.
    untimed: (Option<Timestamp>, u64),
}

impl Read {
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
        let (Some(source), Some(destination), Some(protocol)) = (record.source, record.destination, record.protocol)
        else {
            return;
        };
        record.settle();
        let clock = Clock { started_ms: state.started_ms, ..*clock };
        let Some(moments) = record.moments(&clock) else { return };
        if record.forward.packets == 0 && record.forward.bytes == 0 && record.reverse.is_none() {
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

fn of(fields: &[(IPFixField, FieldValue)]) -> Record {
    let mut record = Record::default();
    fields.iter().for_each(|(field, value)| record.field(*field, value));
    record
}

fn of_v9(fields: &[v9::V9FieldPair]) -> Record {
    let mut record = Record::default();
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
