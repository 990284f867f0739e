//! Who exports: what each one's templates and options said, apart from what others said.
//!
//! A router may run an exporter for each of its interfaces, which number their templates alike and start at other moments;
//! RFC 7011 §8 tells them apart by their ports. One whose port changes (started anew, or behind NAT) is read by the newest
//! templates of its address until it sends its own from there.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use netflow_parser::NetflowParser;

use super::clock::Shown;
use super::record::Record;
use super::sets::{self, Layouts};

/// Exporters, each with its source ids, whose templates are kept; and how many of them on one address by the same source id.
const EXPORTERS: usize = 256;
const PORTS: usize = 16;
/// Templates of one of them.
pub(super) const TEMPLATES: usize = 128;
/// Fields of one template, and bytes of one record.
pub(super) const FIELDS: usize = 256;
const RECORD_BYTES: usize = 16_384;
/// Samplers of one exporter.
const SAMPLERS: usize = 64;

/// Who numbers templates: an exporter's address, its observation domain or source id, the version, and its port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Source {
    ip: IpAddr,
    domain: u32,
    pub(super) version: u16,
    port: u16,
}

impl Source {
    /// Where templates of this packet belong. None: no version that is read here.
    pub(super) fn of(exporter: SocketAddr, bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
        let version = u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?);
        let (domain, port) = match version {
            // It has no templates: each packet says all itself.
            5 => (0, 0),
            9 => (number(16)?, exporter.port()),
            10 => (number(12)?, exporter.port()),
            _ => return None,
        };
        Some(Self { ip: exporter.ip(), domain, version, port })
    }

    fn brings_templates(self, bytes: &[u8]) -> bool {
        let header = match self.version {
            9 => 20,
            10 => 16,
            _ => return false,
        };
        // Of data and of options, as NetFlow v9 numbers them and as IPFIX does.
        sets::ids(bytes.get(header..).unwrap_or_default()).any(|id| id <= 3)
    }
}

/// All that were heard.
#[derive(Debug, Default)]
pub(super) struct Exporters {
    pub(super) known: BTreeMap<Source, Exporter>,
    /// Packets of all of them.
    heard: u64,
    /// Forgotten because there were too many.
    pub(super) dropped: u64,
}

#[derive(Debug)]
pub(super) struct Exporter {
    pub(super) parser: NetflowParser,
    pub(super) layouts: Layouts,
    /// Of all its samplers, and of one by its number.
    pub(super) sampling: Option<u64>,
    samplers: BTreeMap<u64, u64>,
    /// Milliseconds since 1970.
    pub(super) started_ms: Option<u64>,
    pub(super) shown: Option<Shown>,
    /// In the order of packets: its last one, and its last one with templates.
    heard: u64,
    templates_at: Option<u64>,
}

impl Exporters {
    /// By what was said before this packet is read.
    pub(super) fn of(&mut self, source: Source, packet: &[u8]) -> Option<&mut Exporter> {
        self.heard += 1;
        let brings_templates = source.brings_templates(packet);
        let mut by = source;
        if !self.known.contains_key(&source) {
            match self.newest_beside(source).filter(|_| !brings_templates) {
                Some(beside) => by = beside,
                None => self.add(source)?,
            }
        }
        let exporter = self.known.get_mut(&by)?;
        exporter.heard = self.heard;
        if brings_templates {
            exporter.templates_at = Some(self.heard);
        }
        Some(exporter)
    }

    /// Those that differ by their port alone.
    fn beside(&self, source: Source) -> impl Iterator<Item = (&Source, &Exporter)> {
        self.known.range(Source { port: 0, ..source }..=Source { port: u16::MAX, ..source })
    }

    /// Whose templates came last of those.
    fn newest_beside(&self, source: Source) -> Option<Source> {
        let with_templates = self.beside(source).filter_map(|(beside, one)| Some((one.templates_at?, *beside)));
        with_templates.max().map(|(_, beside)| beside)
    }

    fn add(&mut self, source: Source) -> Option<()> {
        let oldest = if self.beside(source).count() >= PORTS {
            self.beside(source).min_by_key(|(_, one)| one.heard)
        } else if self.known.len() >= EXPORTERS {
            self.known.iter().min_by_key(|(_, one)| one.heard)
        } else {
            None
        };
        if let Some(oldest) = oldest.map(|(oldest, _)| *oldest) {
            self.known.remove(&oldest);
            self.dropped += 1;
        }
        self.known.insert(source, Exporter::new()?);
        Some(())
    }
}

impl Exporter {
    fn new() -> Option<Self> {
        // The limits are ours and within the parser's own, so it is made.
        let parser = NetflowParser::builder()
            .with_allowed_versions(&[5, 9, 10])
            .with_cache_size(TEMPLATES)
            .with_max_field_count(FIELDS)
            .with_max_template_total_size(RECORD_BYTES)
            .with_max_error_sample_size(1)
            .build()
            .ok()?;
        Some(Self {
            parser,
            layouts: Layouts::default(),
            sampling: None,
            samplers: BTreeMap::new(),
            started_ms: None,
            shown: None,
            heard: 0,
            templates_at: None,
        })
    }

    /// An options record: when the exporter started; what a sampler does, or all of them.
    pub(super) fn option(&mut self, record: &Record) {
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
    pub(super) fn rate(&self, record: &Record) -> u64 {
        let by_sampler = record.sampler.and_then(|sampler| self.samplers.get(&sampler)).copied();
        record.sampling().or(by_sampler).or(self.sampling).unwrap_or(1).clamp(1, 1_000_000)
    }
}
