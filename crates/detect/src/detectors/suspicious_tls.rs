//! Encrypted conversations whose handshake is odd in more than one way.
//!
//! Sees: by host and place outside, what the hello and (up to TLS 1.2) the certificate say: who signed it, for whom, from
//! when until when; whether the host asked for a name, and whether anybody looked it up; the port, the rhythm, and
//! whether the program speaks like any other program in this network. No sign says anything alone: each has a weight
//! ([`Sign::weight`]), and the sum decides.
//! Fooled by: TLS 1.3, which hides the certificate; a certificate that is free for everybody and in order; a server behind
//! a large provider. Devices that phone home to their maker (cameras, storage) look alike, and come out low.
//! Never stores: content.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::{SignedDuration, Timestamp};
use wire::event::{Endpoint, Event, FlowId, Kind as Seen, TlsCertificate, TlsClient};

use super::{DAY, Detector, MONTH, WEEK};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::{hundredths, id_of},
    network::{Direction, Network, Sides},
    table::Table,
};

const SERVICES: usize = 32_768;
const PENDING: usize = 32_768;
const PROGRAMS: usize = 16_384;
/// Moments that are kept of one service, for its rhythm.
const MOMENTS: usize = 64;
/// Hosts of which a program's fingerprint is remembered: from here on it is a common one.
const COMMON: usize = 3;
/// In a network with fewer clients than this, no program is rare.
const CLIENTS: usize = 6;
/// From here on the weight is told, and from there on it opens a case.
const TOLD: u32 = 5;
const CASE: u32 = 7;

/// Where TLS is at home (IANA): web and its usual second ports, mail, directory, DNS, SIP, MQTT, remote desktop.
pub(super) const USUAL_PORTS: [u16; 17] =
    [443, 465, 563, 587, 636, 853, 989, 990, 993, 995, 2083, 2087, 3269, 3389, 5061, 8443, 8883];

/// What is odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    SelfSigned,
    Expired,
    /// Names that a tool fills in when nobody gives any.
    DefaultNames,
    /// For longer than anybody means.
    EndlessValidity,
    /// Made days before, by oneself.
    Young,
    NoName,
    /// The certificate is for another name than the one asked for.
    OtherName,
    OddPort,
    NeverLookedUp,
    OldVersion,
    RareProgram,
    Rhythm,
    /// Nobody here had ever spoken with that place.
    FirstContact,
}

impl Sign {
    /// The table of weights.
    fn weight(self) -> u32 {
        match self {
            Self::SelfSigned | Self::DefaultNames | Self::EndlessValidity | Self::Rhythm => 2,
            Self::Expired
            | Self::Young
            | Self::NoName
            | Self::OtherName
            | Self::OddPort
            | Self::NeverLookedUp
            | Self::OldVersion
            | Self::RareProgram
            | Self::FirstContact => 1,
        }
    }

    /// Whether the certificate says so; without one such sign nothing is told.
    fn is_of_certificate(self) -> bool {
        matches!(self, Self::SelfSigned | Self::Expired | Self::DefaultNames | Self::EndlessValidity | Self::OtherName)
    }

    fn key(self) -> &'static str {
        match self {
            Self::SelfSigned => "self_signed",
            Self::Expired => "expired",
            Self::DefaultNames => "default_names",
            Self::EndlessValidity => "endless_validity",
            Self::Young => "young",
            Self::NoName => "no_server_name",
            Self::OtherName => "other_name",
            Self::OddPort => "odd_port",
            Self::NeverLookedUp => "never_looked_up",
            Self::OldVersion => "old_version",
            Self::RareProgram => "rare_program",
            Self::Rhythm => "rhythm",
            Self::FirstContact => "first_contact",
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::SelfSigned => {
                ("het certificaat is door de server zelf gemaakt", "the server made its certificate itself")
            }
            Self::Expired => ("het certificaat is niet geldig op deze dag", "the certificate is not valid on this day"),
            Self::DefaultNames => ("het certificaat draagt geen echte naam", "the certificate bears no real name"),
            Self::EndlessValidity => ("het certificaat geldt tientallen jaren", "the certificate is valid for decades"),
            Self::Young => ("het certificaat is pas gemaakt", "the certificate was made only just"),
            Self::NoName => ("er werd om geen naam gevraagd", "no name was asked for"),
            Self::OtherName => ("het certificaat is voor een andere naam", "the certificate is for another name"),
            Self::OddPort => ("de poort is ongewoon", "the port is unusual"),
            Self::NeverLookedUp => ("het adres werd nooit opgezocht", "the address was never looked up"),
            Self::OldVersion => ("de versleuteling is verouderd", "the encryption is outdated"),
            Self::RareProgram => ("geen ander apparaat gebruikt dit programma", "no other device uses this program"),
            Self::Rhythm => ("het gebeurt in een vast ritme", "it happens at a steady rhythm"),
            Self::FirstContact => ("niemand hier kwam er ooit eerder", "nobody here had ever been there"),
        }
    }
}

/// What one host and one place outside did.
#[derive(Debug)]
struct Service {
    first_at: Timestamp,
    last_at: Timestamp,
    moments: Vec<Timestamp>,
    connections: u64,
    signs: BTreeSet<Sign>,
    name: Option<String>,
    ja4: String,
    certificate: Option<Box<TlsCertificate>>,
}

/// What a handshake said before its certificate.
#[derive(Debug)]
struct Asked {
    name: Option<String>,
    ja4: String,
    is_old: bool,
}

pub(super) struct SuspiciousTls {
    services: Table<(IpAddr, Endpoint), Service>,
    /// Handshakes whose certificate may still come.
    pending: Table<FlowId, Asked>,
    /// By fingerprint: hosts that speak so, up to [`COMMON`].
    programs: Table<String, BTreeSet<IpAddr>>,
}

impl SuspiciousTls {
    pub(super) fn new() -> Self {
        Self { services: Table::new(SERVICES), pending: Table::new(PENDING), programs: Table::new(PROGRAMS) }
    }

    fn hello(&mut self, event: &Event, client: &TlsClient, network: &Network) {
        let Some(Sides { direction: Direction::Outbound, host, remote }) = network.sides(&event.conversation) else {
            return;
        };
        let hosts = self.programs.touch(client.ja4.clone(), BTreeSet::new);
        if hosts.len() < COMMON {
            hosts.insert(host);
        }
        self.pending.touch(event.flow, || Asked { name: client.sni.clone(), ja4: client.ja4.clone(), is_old: false });
        // Most servers say nothing odd in their certificate; what they say otherwise is not worth remembering.
        let Some(service) = self.services.known(&(host, remote)) else { return };
        service.handshake(event.at);
    }

    fn certificate(&mut self, event: &Event, certificate: &TlsCertificate, network: &Network) {
        let Some(asked) = self.pending.remove(&event.flow) else { return };
        let Some(Sides { direction: Direction::Outbound, host, remote }) = network.sides(&event.conversation) else {
            return;
        };
        let mut signs = signs_of(certificate, event.at);
        if asked.name.as_deref().is_some_and(|name| !covers(certificate, name)) {
            signs.insert(Sign::OtherName);
        }
        if !signs.iter().any(|sign| sign.is_of_certificate()) {
            return;
        }
        if asked.name.is_none() {
            signs.insert(Sign::NoName);
        }
        if asked.is_old {
            signs.insert(Sign::OldVersion);
        }
        if !USUAL_PORTS.contains(&remote.port) {
            signs.insert(Sign::OddPort);
        }
        if network.sees_answers_to(host) && network.name_of(host, remote.ip).is_none() {
            signs.insert(Sign::NeverLookedUp);
        }
        let service = self.services.touch((host, remote), || Service {
            first_at: event.at,
            last_at: event.at,
            moments: vec![event.at],
            connections: 1,
            signs: BTreeSet::new(),
            name: asked.name,
            ja4: asked.ja4,
            certificate: None,
        });
        service.signs.extend(signs);
        service.last_at = service.last_at.max(event.at);
        service.certificate.get_or_insert_with(|| Box::new(certificate.clone()));
    }

    /// `clients`: how many hosts talk to the outside.
    fn detection(
        &self,
        host: IpAddr,
        remote: Endpoint,
        service: &Service,
        clients: usize,
        network: &Network,
    ) -> Option<Detection> {
        let mut signs = service.signs.clone();
        if service.has_rhythm() {
            signs.insert(Sign::Rhythm);
        }
        let is_rare = |hosts: &BTreeSet<IpAddr>| hosts.len() == 1;
        if clients >= CLIENTS && self.programs.value(&service.ja4).is_some_and(is_rare) {
            signs.insert(Sign::RareProgram);
        }
        let domain = service.name.clone().or_else(|| network.name_of(host, remote.ip).map(str::to_owned));
        let sum = |signs: &BTreeSet<Sign>| signs.iter().map(|sign| sign.weight()).sum::<u32>();
        if sum(&signs) < TOLD {
            return None;
        }
        if network.is_first_contact(domain.as_deref(), remote.ip, service.first_at) == Some(true) {
            signs.insert(Sign::FirstContact);
        }
        let weight = sum(&signs);
        let severity = if weight >= CASE { Severity::Medium } else { Severity::Low };
        let mut evidence = BTreeMap::from([
            ("signs", Figure::Texts(signs.iter().map(|sign| sign.key().into()).collect())),
            ("weight", Figure::Whole(weight.into())),
            ("connections", Figure::Whole(service.connections)),
        ]);
        if let Some(certificate) = &service.certificate {
            evidence.insert("certificate_sha1", Figure::Text(certificate.sha1.clone()));
            let texts = [("certificate_subject", &certificate.subject), ("certificate_issuer", &certificate.issuer)];
            let known = texts.into_iter().filter_map(|(key, text)| Some((key, Figure::Text(text.clone()?))));
            evidence.extend(known);
        }
        if !service.ja4.is_empty() {
            evidence.insert("ja4", Figure::Text(service.ja4.clone()));
        }
        Some(Detection {
            id: id_of(&[Kind::SuspiciousTls.key(), &host.to_string(), &format!("{}:{}", remote.ip, remote.port)]),
            first_at: service.first_at,
            last_at: service.last_at,
            host: network.host(host),
            kind: Kind::SuspiciousTls,
            severity,
            confidence: hundredths(0.1 * f64::from(weight)).min(0.9),
            technique: vec!["T1573.002"],
            summary: summary(host, remote, domain.as_deref(), &signs),
            remote: Remote { ip: Some(remote.ip), port: Some(remote.port), domain },
            evidence,
        })
    }
}

impl Detector for SuspiciousTls {
    fn event(&mut self, event: &Event, network: &Network) {
        match &event.kind {
            Seen::TlsClient(client) => self.hello(event, client, network),
            Seen::TlsServer(server) => {
                if server.version == "1.3" {
                    self.pending.remove(&event.flow);
                }
                if let Some(asked) = self.pending.known(&event.flow) {
                    asked.is_old = matches!(server.version.as_str(), "1.0" | "ssl3");
                }
            }
            Seen::TlsCertificate(certificate) => self.certificate(event, certificate, network),
            Seen::FlowEnded(flow) => drop(self.pending.remove(&flow.id)),
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let clients = network.hosts_talking_outside();
        let services = self.services.sorted().into_iter();
        services
            .filter_map(|((host, remote), service)| self.detection(*host, *remote, service, clients, network))
            .collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.services.age(WEEK);
        self.pending.age(DAY);
        self.programs.age(MONTH);
    }

    fn is_nearly_full(&self) -> bool {
        self.services.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.services.dropped() + self.pending.dropped() + self.programs.dropped()
    }
}

impl Service {
    fn handshake(&mut self, at: Timestamp) {
        self.connections += 1;
        self.first_at = self.first_at.min(at);
        self.last_at = self.last_at.max(at);
        if self.moments.len() < MOMENTS {
            self.moments.push(at);
        }
    }

    /// At least eight connections whose pauses differ little: the middle half of them by less than half the median.
    fn has_rhythm(&self) -> bool {
        let mut moments = self.moments.clone();
        moments.sort_unstable();
        let mut pauses: Vec<f64> = moments
            .windows(2)
            .filter_map(|two| Some(two.last()?.duration_since(*two.first()?).as_secs_f64()))
            .collect();
        pauses.sort_unstable_by(f64::total_cmp);
        let at = |part: usize| pauses.get(pauses.len() * part / 4).copied().unwrap_or_default();
        pauses.len() >= 7 && at(2) >= 10.0 && at(3) - at(1) < at(2) / 2.0
    }
}

/// What a certificate says of itself.
fn signs_of(certificate: &TlsCertificate, now: Timestamp) -> BTreeSet<Sign> {
    const DAY: i64 = 86_400;
    let mut signs = BTreeSet::new();
    if certificate.is_self_signed {
        signs.insert(Sign::SelfSigned);
    }
    let (from, until) = (certificate.not_before, certificate.not_after);
    if until.is_some_and(|until| until < now) || from.is_some_and(|from| from.as_second() > now.as_second() + DAY) {
        signs.insert(Sign::Expired);
    }
    if certificate.is_self_signed && has_default_names(certificate) {
        signs.insert(Sign::DefaultNames);
    }
    let lifetime = from.zip(until).map(|(from, until)| until.duration_since(from));
    if lifetime.is_some_and(|lifetime| lifetime > SignedDuration::from_hours(24 * 365 * 25)) {
        signs.insert(Sign::EndlessValidity);
    }
    let age = from.map(|from| now.duration_since(from).as_secs());
    if certificate.is_self_signed && age.is_some_and(|age| (-DAY..14 * DAY).contains(&age)) {
        signs.insert(Sign::Young);
    }
    signs
}

/// Whether the names are those that OpenSSL and its kin fill in, or none at all.
fn has_default_names(certificate: &TlsCertificate) -> bool {
    const DEFAULTS: [&str; 8] = [
        "internet widgits pty ltd",
        "default company ltd",
        "my company",
        "example",
        "localhost",
        "localhost.localdomain",
        "xx",
        "test",
    ];
    let words = [&certificate.subject, &certificate.subject_organisation];
    let is_default = |word: &String| DEFAULTS.contains(&word.to_lowercase().as_str());
    words.into_iter().flatten().any(is_default) || words.into_iter().all(Option::is_none)
}

/// Whether a certificate is for that name (RFC 6125 §6.4): itself, or one label below a wildcard.
fn covers(certificate: &TlsCertificate, name: &str) -> bool {
    let parent = name.split_once('.').map_or("", |(_, parent)| parent);
    let fits = |pattern: &str| match pattern.strip_prefix("*.") {
        Some(below) => below.eq_ignore_ascii_case(parent),
        None => pattern.eq_ignore_ascii_case(name),
    };
    // More names than are kept: it may be among the others.
    certificate.names.len() >= wire::tls::MAX_NAMES
        || certificate.names.iter().any(|pattern| fits(pattern))
        || certificate.subject.as_deref().is_some_and(fits)
}

fn summary(host: IpAddr, remote: Endpoint, domain: Option<&str>, signs: &BTreeSet<Sign>) -> Text {
    let place = match domain {
        Some(domain) => format!("{domain} ({}:{})", remote.ip, remote.port),
        None => format!("{}:{}", remote.ip, remote.port),
    };
    let nl: Vec<_> = signs.iter().map(|sign| sign.words().0).collect();
    let en: Vec<_> = signs.iter().map(|sign| sign.words().1).collect();
    Text::made(
        format!(
            "{host} praat versleuteld met {place}, en dat ziet er vreemd uit: {}. Elk apart zegt dat weinig, samen past het \
             bij kwaadaardige software. Kijk welk programma dit doet en of het daar hoort.",
            nl.join("; ")
        ),
        format!(
            "{host} speaks encrypted with {place}, and it looks odd: {}. Each alone means little, together it fits \
             malicious software. See which program does this and whether it belongs there.",
            en.join("; ")
        ),
    )
}
