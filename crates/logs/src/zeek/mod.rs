//! Zeek's logs read: TSV with its header lines, and JSON; `conn`, `dns`, `ssl`, `http`, `x509`, `ssh`, `dhcp`. Its other
//! logs are understood and tell nothing that is used.
//!
//! A certificate stands in `x509`, who showed it in `ssl`: they are put together by its fingerprint, in either order.
//! What Zeek does not say of a request (whether it had an `Accept`) counts as innocent.

mod records;
mod table;
mod write;

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use wire::event::{Event, Kind, TlsCertificate};

use self::table::{Header, Row};
pub use self::write::{ZeekLog, ZeekOut};
use crate::conversation::Numbers;
use crate::lines::DATAGRAMS;
use crate::waiting::Waiting;

/// Files whose header is kept.
const STREAMS: usize = 256;
/// Handshakes that wait for their certificate; few, since each certificate looks through all.
const HANDSHAKES: usize = 1_024;
/// Certificates remembered.
const CERTIFICATES: usize = 16_384;
const PATIENCE: SignedDuration = SignedDuration::from_secs(60);
/// The logs of which lines are used.
const USED: [&str; 7] = ["conn", "dns", "ssl", "http", "x509", "ssh", "dhcp"];
/// Connections whose server's name is remembered until their record comes.
const NAMES: usize = 65_536;
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

#[derive(Debug)]
pub(crate) struct Zeek {
    headers: BTreeMap<u32, Header>,
    certificates: BTreeMap<String, TlsCertificate>,
    order: VecDeque<String>,
    /// A handshake whose certificate has not come: it is told then.
    shown: Waiting<(String, u64), (String, Event)>,
    /// Connection → the name that its client asked for.
    names: Waiting<u64, String>,
    pub(crate) dropped: u64,
}

/// A moment and what came after it, in seconds.
pub(crate) fn ended(began: Timestamp, lasted: Option<f64>) -> Option<Timestamp> {
    let lasted = SignedDuration::try_from_secs_f64(lasted.unwrap_or_default()).ok()?;
    began.checked_add(lasted).ok()
}

impl Default for Zeek {
    fn default() -> Self {
        Self {
            headers: BTreeMap::new(),
            certificates: BTreeMap::new(),
            order: VecDeque::new(),
            shown: Waiting::new(HANDSHAKES),
            names: Waiting::new(NAMES),
            dropped: 0,
        }
    }
}

impl Zeek {
    /// Whether a stream's header was read: then all its lines are Zeek's.
    pub(crate) fn knows(&self, stream: u32) -> bool {
        self.headers.contains_key(&stream)
    }

    /// One line. None: it is none that is read here.
    pub(crate) fn line(
        &mut self,
        stream: u32,
        text: &str,
        numbers: &Numbers,
        sink: &mut dyn FnMut(Event),
    ) -> Option<()> {
        let text = text.trim_end_matches(['\r', '\n']);
        if text.starts_with('#') {
            // One of them would say what all the others mean, whoever sent those.
            if stream == DATAGRAMS {
                return None;
            }
            if self.headers.len() < STREAMS || self.headers.contains_key(&stream) {
                self.headers.entry(stream).or_default().line(text)?;
            }
            return Some(());
        }
        if text.starts_with('{') {
            let value: serde_json::Value = serde_json::from_str(text).ok()?;
            return self.row(&Row::Json(crate::json::Object(&value)), numbers, sink);
        }
        // Taken out, so that the row may borrow it while the rest changes.
        let header = self.headers.remove(&stream)?;
        let outcome = header.row(text).and_then(|row| self.row(&row, numbers, sink));
        self.headers.insert(stream, header);
        outcome
    }

    /// When a line was over: a connection's record stands under its beginning and is written at its end.
    pub(crate) fn moment(&self, stream: u32, text: &str) -> Option<Timestamp> {
        let row = self.headers.get(&stream)?.row(text)?;
        ended(row.moment("ts")?, row.seconds("duration").filter(|_| row.log() == "conn"))
    }

    /// It is `at`: who showed a certificate that nothing more was said of is told without it.
    pub(crate) fn quiet(&mut self, at: Timestamp, sink: &mut dyn FnMut(Event)) {
        while let Some((_, event)) = self.shown.due(at) {
            sink(event);
        }
        while self.names.due(at).is_some() {}
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.shown.is_empty()
    }

    pub(crate) fn finish(&mut self, sink: &mut dyn FnMut(Event)) {
        while let Some((_, event)) = self.shown.first() {
            sink(event);
        }
    }

    /// Nothing more comes of a stream.
    pub(crate) fn closed(&mut self, stream: u32) {
        self.headers.remove(&stream);
    }

    fn row(&mut self, row: &Row<'_>, numbers: &Numbers, sink: &mut dyn FnMut(Event)) -> Option<()> {
        let log = row.log();
        // Of its own doings (`loaded_scripts`), whose lines need not say when.
        if !USED.contains(&log) && !log.is_empty() {
            return Some(());
        }
        let at = row.moment("ts")?;
        self.quiet(at, sink);
        match log {
            "x509" => {
                let (fingerprint, certificate) = records::x509(row)?;
                self.certificate(fingerprint, certificate, sink);
                return Some(());
            }
            "dns" => sink(records::dns(row, at, numbers)?),
            "conn" => {
                let mut event = records::conn(row, at, numbers)?;
                if let Kind::FlowEnded(flow) = &mut event.kind {
                    flow.name = self.names.take(&event.flow.0);
                }
                sink(event);
            }
            "ssl" => {
                let found = records::ssl(row, at, numbers)?;
                let seen = found.events.first()?.clone();
                self.remember(at, seen.flow.0, found.name);
                found.events.into_iter().for_each(&mut *sink);
                self.show(found.fingerprint, found.certificate, &seen, at, sink);
            }
            "http" => {
                let (name, events) = records::http(row, at, numbers)?;
                self.remember(at, events.first()?.flow.0, name);
                events.into_iter().for_each(sink);
            }
            "ssh" => sink(records::ssh(row, at, numbers)?),
            "dhcp" => {
                if let Some(event) = records::dhcp(row, at, numbers) {
                    sink(event);
                }
            }
            _ => {}
        }
        Some(())
    }

    fn remember(&mut self, at: Timestamp, flow: u64, name: Option<String>) {
        if let Some(name) = name {
            let until = at.saturating_add(LIFETIME).unwrap_or(at);
            if self.names.put(flow, until, name).is_some() {
                self.dropped += 1;
            }
        }
    }

    /// A certificate's own line: told for those handshakes that wait for it.
    fn certificate(&mut self, fingerprint: String, certificate: TlsCertificate, sink: &mut dyn FnMut(Event)) {
        for (_, mut event) in self.shown.take_where(|(waits_for, _)| *waits_for == fingerprint) {
            if let Kind::TlsCertificate(told) = &mut event.kind {
                let chain = told.chain;
                **told = TlsCertificate { chain, ..certificate.clone() };
            }
            sink(event);
        }
        if self.certificates.insert(fingerprint.clone(), certificate).is_none() {
            self.order.push_back(fingerprint);
        }
        if self.order.len() > CERTIFICATES
            && let Some(oldest) = self.order.pop_front()
        {
            self.certificates.remove(&oldest);
        }
    }

    /// A handshake showed a certificate: told with what is known of it, or when its line comes.
    fn show(
        &mut self,
        fingerprint: Option<String>,
        own: Option<TlsCertificate>,
        seen: &Event,
        at: Timestamp,
        sink: &mut dyn FnMut(Event),
    ) {
        let event = |certificate| Event { kind: Kind::TlsCertificate(Box::new(certificate)), ..seen.clone() };
        match (fingerprint, own) {
            (Some(fingerprint), own) => {
                if let Some(known) = self.certificates.get(&fingerprint) {
                    let chain = own.map_or(1, |own| own.chain);
                    sink(event(TlsCertificate { chain, ..known.clone() }));
                } else if let Some(own) = own {
                    let until = at.saturating_add(PATIENCE).unwrap_or(at);
                    let evicted = self.shown.put((fingerprint.clone(), seen.flow.0), until, (fingerprint, event(own)));
                    if let Some((_, evicted)) = evicted {
                        self.dropped += 1;
                        sink(evicted);
                    }
                }
            }
            (None, Some(own)) => sink(event(own)),
            (None, None) => {}
        }
    }
}
