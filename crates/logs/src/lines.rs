//! Lines of any log that is read here, told by their content, to events.

use std::borrow::Cow;
use std::net::IpAddr;

use detect::Cidr;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use wire::event::Event;

use crate::conversation::Numbers;
use crate::dns::adguard;
use crate::dns::dnsmasq::Dnsmasqs;
use crate::dns::unbound::{self, Unbound};
use crate::eve::Eve;
use crate::fields::Fields;
use crate::firewall::{self, Filterlog, Fortigate, Read, Stamp};
use crate::syslog::{self, Envelope};
use crate::unused::UnusedCounts;
use crate::zeek::Zeek;
use crate::zones::Zones;

/// A longer line is none of these.
pub const LONGEST_LINE: usize = 1 << 20;
/// The stream of what many send without a connection: no line of it says what others mean.
pub const DATAGRAMS: u32 = 0;

/// What writes such lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Suricata's EVE JSON.
    Eve,
    /// Zeek's logs, as TSV with header lines or as JSON.
    Zeek,
    /// dnsmasq, and Pi-hole around it.
    Dnsmasq,
    Unbound,
    /// AdGuard Home's `querylog.json`.
    AdGuard,
    /// As `key=value`, or in CEF.
    Fortigate,
    Sophos,
    /// pfSense and OPNsense.
    Filterlog,
    /// Linux' own, as UniFi gateways and OpenWrt write it.
    Netfilter,
    /// ArcSight's Common Event Format, as UniFi's newer export has it; a FortiGate's is told apart.
    Cef,
}

impl Format {
    pub const ALL: [Self; 10] = [
        Self::Eve,
        Self::Zeek,
        Self::Dnsmasq,
        Self::Unbound,
        Self::AdGuard,
        Self::Fortigate,
        Self::Sophos,
        Self::Filterlog,
        Self::Netfilter,
        Self::Cef,
    ];

    /// Its name on a command line and in settings.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Eve => "eve",
            Self::Zeek => "zeek",
            Self::Dnsmasq => "dnsmasq",
            Self::Unbound => "unbound",
            Self::AdGuard => "adguard",
            Self::Fortigate => "fortigate",
            Self::Sophos => "sophos",
            Self::Filterlog => "filterlog",
            Self::Netfilter => "netfilter",
            Self::Cef => "cef",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.key() == key)
    }

    /// What writes this line, by what only such lines have. None: nothing that is read here, or a line that does not say.
    #[must_use]
    pub fn of(line: &str) -> Option<Self> {
        if let Some(object) = syslog::object(line) {
            let has = |mark: &str| object.contains(mark);
            return if has("\"event_type\"") {
                Some(Self::Eve)
            } else if has("\"QH\"") {
                Some(Self::AdGuard)
            } else {
                (has("\"id.orig_h\"") || has("\"_path\"") || has("\"certificate.") || has("\"fuid\""))
                    .then_some(Self::Zeek)
            };
        }
        let line = syslog::without_mark(line).trim_start();
        if line.starts_with("#separator") {
            return Some(Self::Zeek);
        }
        let has = |mark: &str| line.contains(mark);
        let is_cef = has("CEF:0|") || has("CEF:1|") || has("CEF: 0|");
        [
            (is_cef && firewall::is_fortios(line), Self::Fortigate),
            (is_cef, Self::Cef),
            (has("filterlog"), Self::Filterlog),
            (has("log_component=") && has("log_type="), Self::Sophos),
            // Fortinet's own examples, and what its pages give to download, name no device.
            (has("logid=") && has("type=") && (has("devid=") || has("subtype=") && has("vd=")), Self::Fortigate),
            (has(" SRC=") && has(" DST=") && has("IN="), Self::Netfilter),
            (has("dnsmasq"), Self::Dnsmasq),
            (has("unbound"), Self::Unbound),
        ]
        .into_iter()
        .find_map(|(is_so, format)| is_so.then_some(format))
    }

    /// What writes a file that begins with these bytes. None: nothing that is read here.
    #[must_use]
    pub fn of_file(beginning: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(beginning);
        text.lines().filter(|line| !line.trim().is_empty()).take(20).find_map(Self::of)
    }
}

/// What a reader needs to know beforehand.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Keeps its flows' numbers apart from those of other sources that feed the same detectors; 0 is packets'.
    pub source: u8,
    /// The civil time of lines that name no zone. Default: Europe/Amsterdam.
    pub zone: TimeZone,
    /// Which addresses are ours. Default: [`detect::private_ranges`].
    pub home: Vec<Cidr>,
    /// Every line is this one's, whatever it looks like. Default: each line is told by its content.
    pub only: Option<Format>,
    /// Lines come as they are written, so that those of a sender in another zone, which name none, are known by when they come.
    /// Default: no, as of files.
    pub is_live: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            source: 1,
            // Stands in the bundled table of zones.
            zone: TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC),
            home: detect::private_ranges(),
            only: None,
            is_live: false,
        }
    }
}

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    pub lines: u64,
    /// Lines that were understood, also those that say nothing of traffic.
    pub read: u64,
    /// Lines of nothing that is read here.
    pub unknown: u64,
    pub events: u64,
    /// Entries told early, or let go, because a table was full.
    pub dropped: u64,
    /// Lines of firewalls that were understood and tell nothing that is used.
    pub unused: UnusedCounts,
}

/// Reads lines of any number of streams (files, senders) that feed one picture.
pub struct Lines {
    settings: Settings,
    numbers: Numbers,
    dnsmasq: Dnsmasqs,
    unbound: Unbound,
    fortigate: Fortigate,
    filterlog: Filterlog,
    eve: Eve,
    zeek: Zeek,
    zones: Zones,
    counters: Counters,
}

impl Lines {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            numbers: Numbers::new(settings.source),
            settings,
            dnsmasq: Dnsmasqs::default(),
            unbound: Unbound::default(),
            fortigate: Fortigate::default(),
            filterlog: Filterlog::default(),
            eve: Eve::default(),
            zeek: Zeek::default(),
            zones: Zones::default(),
            counters: Counters::default(),
        }
    }

    /// Takes in one line, received at that moment (a file's: when it was last written). `stream` tells files and connections
    /// apart whose first lines say what the others mean, which none of [`DATAGRAMS`] does. Returns as what it was read; None:
    /// it is nothing that is read here, or empty.
    pub fn line(
        &mut self,
        stream: u32,
        line: &[u8],
        received_at: Timestamp,
        sink: &mut dyn FnMut(Event),
    ) -> Option<Format> {
        self.counters.lines += 1;
        if line.len() > LONGEST_LINE {
            self.counters.unknown += 1;
            return None;
        }
        let text = String::from_utf8_lossy(line);
        let text = syslog::without_mark(&text);
        if text.trim().is_empty() {
            self.counters.read += 1;
            return None;
        }
        let mut events = 0;
        let format = self.format(stream, text);
        let read = format.and_then(|format| {
            self.read(format, stream, text, received_at, &mut |event| {
                events += 1;
                sink(event);
            })
        });
        self.counters.events += events;
        match read {
            Some(Ok(())) => self.counters.read += 1,
            Some(Err(why)) => {
                self.counters.read += 1;
                self.counters.unused.count(why);
            }
            None => self.counters.unknown += 1,
        }
        format.filter(|_| read.is_some())
    }

    /// No more lines come of a stream: what its first ones said of the others is forgotten.
    pub fn closed(&mut self, stream: u32) {
        self.zeek.closed(stream);
        self.zones.closed(stream);
    }

    /// Senders whose lines name no zone and were found to be of another than the settings' one, with that.
    pub fn zones(&self) -> impl Iterator<Item = (&str, Offset)> {
        self.zones.all()
    }

    /// No line came for a while, and by the lines' own clock it is `at`: what waited in vain for more is told.
    pub fn quiet(&mut self, at: Timestamp, sink: &mut dyn FnMut(Event)) {
        let home = &self.settings.home;
        let is_home = |ip: IpAddr| home.iter().any(|range| range.contains(ip));
        self.dnsmasq.quiet(at, &mut self.numbers, sink);
        self.unbound.quiet(at, &mut self.numbers, sink);
        self.fortigate.quiet(at, &mut self.numbers, is_home, sink);
        self.eve.quiet(at, &self.numbers, sink);
        self.zeek.quiet(at, sink);
    }

    /// Whether something of what was read is not told yet: a question whose answer, or an answer of which more, may come within
    /// seconds. Sessions of which a firewall tells in between do not count: their end tells all of it again.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.dnsmasq.is_waiting() || self.unbound.is_waiting() || self.eve.is_waiting() || self.zeek.is_waiting()
    }

    /// Tells what still waits.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Event)) {
        let home = &self.settings.home;
        let is_home = |ip: IpAddr| home.iter().any(|range| range.contains(ip));
        self.dnsmasq.finish(&mut self.numbers, sink);
        self.unbound.finish(&mut self.numbers, sink);
        self.fortigate.finish(&mut self.numbers, is_home, sink);
        self.eve.finish(&self.numbers, sink);
        self.zeek.finish(sink);
    }

    #[must_use]
    pub fn counters(&self) -> Counters {
        let dropped =
            [self.dnsmasq.dropped(), self.unbound.dropped, self.fortigate.dropped, self.eve.dropped, self.zeek.dropped];
        let unused = self.counters.unused.and(self.fortigate.unused);
        Counters { dropped: dropped.iter().sum(), unused, ..self.counters }
    }

    /// When a line says that it was over, for putting several files in order. None: it does not say.
    #[must_use]
    pub fn moment(&self, stream: u32, line: &[u8], received_at: Timestamp) -> Option<Timestamp> {
        let text = String::from_utf8_lossy(line.get(..line.len().min(4_096))?);
        let text = syslog::without_mark(&text).trim_start();
        let is_table = self.zeek.knows(stream) && !text.starts_with('{');
        if let Some(text) = syslog::object(text).filter(|_| !is_table) {
            let after = |key: &str| Some(text.get(text.find(key)? + key.len()..)?.trim_start_matches([' ', ':']));
            let quoted =
                ["\"timestamp\"", "\"T\""].iter().find_map(|key| after(key)?.strip_prefix('"')?.split('"').next());
            if let Some(stamp) = quoted {
                return crate::moment::iso(stamp, &self.settings.zone);
            }
            let stamp = after("\"ts\"")?;
            let began = match stamp.strip_prefix('"') {
                Some(stamp) => crate::moment::iso(stamp.split('"').next()?, &self.settings.zone),
                None => crate::moment::epoch(stamp.split([',', '}']).next()?.trim()),
            };
            let lasted = after("\"duration\"").and_then(|lasted| lasted.split([',', '}']).next()?.trim().parse().ok());
            return crate::zeek::ended(began?, lasted.filter(|_| text.contains("\"conn_state\"")));
        }
        if is_table {
            return self.zeek.moment(stream, text);
        }
        let envelope = self.opened(stream, text, received_at);
        envelope.at.or_else(|| unbound::own_stamp(envelope.message))
    }

    /// A line without its envelope, its moment read in its sender's zone.
    fn opened<'a>(&self, stream: u32, text: &'a str, received_at: Timestamp) -> Envelope<'a> {
        let envelope = syslog::open(text, received_at, &self.settings.zone);
        match self.zones.of(stream, envelope.host.unwrap_or_default()) {
            Some(zone) if envelope.is_civil => syslog::open(text, received_at, zone),
            _ => envelope,
        }
    }

    fn format(&self, stream: u32, text: &str) -> Option<Format> {
        match self.settings.only {
            Some(format) => Some(format),
            // Zeek's lines say nothing of themselves once their header was read.
            None if self.zeek.knows(stream) => Some(Format::Zeek),
            None => Format::of(text),
        }
    }

    fn read(
        &mut self,
        format: Format,
        stream: u32,
        text: &str,
        received_at: Timestamp,
        sink: &mut dyn FnMut(Event),
    ) -> Option<Read> {
        let Settings { zone, home, .. } = &self.settings;
        let is_home = |ip: IpAddr| home.iter().any(|range| range.contains(ip));
        let object = || syslog::object(text).unwrap_or(text);
        match format {
            Format::Eve => return self.eve.line(object(), &self.numbers, is_home, sink).map(|_| Ok(())),
            Format::Zeek => {
                let text = if self.zeek.knows(stream) { text } else { object() };
                return self.zeek.line(stream, text, &self.numbers, sink).map(|_| Ok(()));
            }
            Format::AdGuard => return adguard::line(object(), &mut self.numbers).map(sink).map(Ok),
            _ => {}
        }
        let Envelope { at, is_civil, host, process, message, .. } = self.opened(stream, text, received_at);
        if let Some(at) = at.filter(|_| is_civil && self.settings.is_live) {
            self.zones.heard(stream, host.unwrap_or_default(), at, received_at, zone);
        }
        // A datagram is read as it comes; a line of a file may have stood there for days.
        let stamp = Stamp { at: at.unwrap_or(received_at), is_timed: at.is_some() || stream == DATAGRAMS };
        match format {
            Format::Dnsmasq => {
                let origin = (host.unwrap_or_default(), process.unwrap_or_default());
                self.dnsmasq.message(origin, message, at?, &mut self.numbers, sink);
                Some(Ok(()))
            }
            Format::Unbound => {
                let at = at.or_else(|| unbound::own_stamp(message))?;
                self.unbound.message(message, at, &mut self.numbers, sink);
                Some(Ok(()))
            }
            Format::Fortigate | Format::Cef => {
                let message = unquoted(message);
                let pairs = firewall::fortios(&message);
                let fields = match &pairs {
                    Some(pairs) => Fields::of(pairs),
                    None if format == Format::Cef => {
                        return firewall::cef(&message, stamp, zone, &mut self.numbers, is_home, sink);
                    }
                    None => Fields::read(&message),
                };
                self.fortigate.line(&fields, stamp, zone, &mut self.numbers, is_home, sink)
            }
            Format::Sophos => firewall::sophos(&Fields::read(message), zone, &mut self.numbers, is_home, sink),
            Format::Filterlog => self.filterlog.line(message, stamp, &mut self.numbers, is_home, sink),
            Format::Netfilter => firewall::netfilter(message, stamp, &mut self.numbers, is_home, sink),
            Format::Eve | Format::Zeek | Format::AdGuard => None,
        }
    }
}

/// FortiAnalyzer and some relays put quotes around whole lines.
fn unquoted(message: &str) -> Cow<'_, str> {
    match message.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if inner.contains("\"\"") => Cow::Owned(inner.replace("\"\"", "\"")),
        _ => Cow::Borrowed(message),
    }
}
