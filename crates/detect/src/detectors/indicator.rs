//! Known-bad domains and addresses.
//!
//! Sees: DNS questions, TLS server names, HTTP hosts, and the addresses of conversations with the outside, each compared
//! with the threat lists. One detection a host and entry, however often.
//! Fooled by: names hidden from the wire (encrypted DNS together with Encrypted ClientHello), names that are on no list
//! yet, a shared address that serves good and bad alike, a list with mistakes in it. So an address weighs less where the
//! conversation asked for a name that is on no list, a range of addresses less the wider it is, and least what the list itself
//! calls a scanner, a proxy or merely suspicious. The name of a shortener of links is medium at most. The host accused is
//! the one that asked: a resolver that passes questions on is not, as long as the askers behind it are seen.
//! Never stores: content, paths or queries; of a name, the first one asked for under an entry.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::IpAddr,
    sync::Arc,
};

use facts::Text;
use intel::{Listed, Place};
use jiff::Timestamp;
use wire::event::{Dns, DnsData, Event, Flow, Handshake, Kind as Seen};

use super::{Detector, WEEK};
use crate::{
    Breadth, Detection, Figure, Kind, Remote, Severity, ThreatList, Weight,
    finding::id_of,
    network::{Direction, Network},
    table::Table,
    words,
};

const HITS: usize = 65_536;

/// Shorteners of links that everybody uses: whoever lists one means a link of many.
const SHORTENERS: [&str; 10] =
    ["bit.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rebrand.ly", "t.co", "t.ly", "tinyurl.com"];

/// Where on the wire an entry was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Where {
    DnsQuestion,
    TlsServerName,
    HttpHost,
    Address,
}

impl Where {
    fn key(self) -> &'static str {
        match self {
            Self::DnsQuestion => "dns_question",
            Self::TlsServerName => "tls_server_name",
            Self::HttpHost => "http_host",
            Self::Address => "address",
        }
    }
}

/// What one host had to do with one entry.
#[derive(Debug)]
struct Hit {
    first_at: Timestamp,
    last_at: Timestamp,
    lists: BTreeSet<String>,
    places: BTreeSet<Where>,
    /// Questions, handshakes, requests, and connections to a listed address.
    count: u64,
    questions: u64,
    /// The DNS gave a usable address for the name.
    is_resolved: bool,
    is_outbound: bool,
    connections: u64,
    established: u64,
    /// Of those, the ones in which the host asked for no name, or for the address itself.
    nameless: u64,
    /// How much the entry takes in, where it is an address; None for a domain.
    breadth: Option<Breadth>,
    /// What the list says it is.
    label: Option<String>,
    weight: Weight,
    sent_bytes: u64,
    received_bytes: u64,
    remote: Remote,
}

/// A match: the entry, the lists on which it stands, and what they say it is.
struct Match {
    entry: String,
    lists: BTreeSet<String>,
    breadth: Option<Breadth>,
    label: Option<String>,
    weight: Weight,
}

pub(super) struct Indicator {
    lists: Arc<[ThreatList]>,
    hits: Table<(IpAddr, String), Hit>,
}

impl Indicator {
    pub(super) fn new(lists: Arc<[ThreatList]>) -> Self {
        Self { lists, hits: Table::new(HITS) }
    }

    fn domain(&self, name: &str) -> Option<Match> {
        self.matching(|list| list.domain(name), |_| None, |entry| (*entry).to_owned())
    }

    fn address(&self, ip: IpAddr, port: u16) -> Option<Match> {
        self.matching(|list| list.address(ip, port), |place| Some(place.breadth()), Place::to_string)
    }

    /// The entry of the first list that has one, with all lists that have the very same. Of what they say it is, the
    /// gravest counts.
    fn matching<'l, E: PartialEq>(
        &'l self,
        look_up: impl Fn(&'l ThreatList) -> Option<Listed<'l, E>>,
        breadth: impl Fn(&E) -> Option<Breadth>,
        text: impl Fn(&E) -> String,
    ) -> Option<Match> {
        let mut found: Option<(E, Match)> = None;
        for list in self.lists.iter() {
            let Some(listed) = look_up(list) else { continue };
            let label = listed.label.map(str::to_owned);
            match &mut found {
                None => {
                    let lists = BTreeSet::from([list.name().to_owned()]);
                    let (breadth, entry) = (breadth(&listed.entry), text(&listed.entry));
                    found = Some((listed.entry, Match { entry, lists, breadth, label, weight: listed.weight }));
                }
                Some((entry, first)) if *entry == listed.entry => {
                    first.lists.insert(list.name().to_owned());
                    if listed.weight > first.weight || first.label.is_none() {
                        first.label = label.or(first.label.take());
                    }
                    first.weight = first.weight.max(listed.weight);
                }
                Some(_) => {}
            }
        }
        found.map(|(_, first)| first)
    }

    fn hit(&mut self, host: IpAddr, Match { entry, lists, breadth, label, weight }: Match, at: Timestamp) -> &mut Hit {
        let hit = self.hits.touch((host, entry), || Hit {
            first_at: at,
            last_at: at,
            lists: BTreeSet::new(),
            places: BTreeSet::new(),
            count: 0,
            questions: 0,
            is_resolved: false,
            is_outbound: false,
            connections: 0,
            established: 0,
            nameless: 0,
            breadth: None,
            label: None,
            weight,
            sent_bytes: 0,
            received_bytes: 0,
            remote: Remote::default(),
        });
        hit.lists.extend(lists);
        hit.breadth = breadth;
        hit.label = label;
        hit.weight = weight;
        hit.first_at = hit.first_at.min(at);
        hit.last_at = hit.last_at.max(at);
        hit
    }

    fn question(&mut self, dns: &Dns, host: IpAddr, at: Timestamp) {
        let Some(found) = self.domain(&dns.name) else { return };
        let hit = self.hit(host, found, at);
        hit.sighting(Where::DnsQuestion);
        hit.is_outbound = true;
        hit.questions += 1;
        hit.remote.domain.get_or_insert_with(|| dns.name.clone());
        if let Some(address) = dns.answers.iter().find_map(usable_address) {
            hit.is_resolved = true;
            hit.remote.ip.get_or_insert(address);
        }
    }

    fn name(&mut self, name: &str, place: Where, host: IpAddr, event: &Event) {
        let Some(found) = self.domain(name) else { return };
        let server = event.conversation.server;
        let hit = self.hit(host, found, event.at);
        hit.sighting(place);
        hit.is_outbound = true;
        if hit.remote.port.is_none() {
            hit.remote = Remote { ip: Some(server.ip), port: Some(server.port), domain: Some(name.into()) };
        }
    }

    fn flow(&mut self, flow: &Flow, network: &Network) {
        let Some(sides) = network.sides(&flow.conversation) else { return };
        let is_outbound = sides.direction == Direction::Outbound;
        if let Some(found) = self.address(sides.remote.ip, if is_outbound { sides.remote.port } else { 0 }) {
            let hit = self.hit(sides.host, found, flow.first_at);
            hit.sighting(Where::Address);
            hit.is_outbound |= is_outbound;
            hit.remote.ip.get_or_insert(sides.remote.ip);
            hit.remote.port.get_or_insert(if is_outbound { sides.remote.port } else { flow.conversation.server.port });
            hit.carried(flow, is_outbound);
        }
        if !is_outbound {
            return;
        }
        let name = flow.name.as_deref().or_else(|| network.name_of(sides.host, sides.remote.ip));
        if let Some(found) = name.and_then(|name| self.domain(name)) {
            let hit = self.hit(sides.host, found, flow.first_at);
            hit.is_outbound = true;
            hit.remote.ip.get_or_insert(sides.remote.ip);
            hit.remote.port.get_or_insert(sides.remote.port);
            hit.remote.domain.get_or_insert_with(|| name.unwrap_or_default().to_owned());
            hit.carried(flow, true);
        }
    }

    fn detection(&self, host: IpAddr, entry: &str, hit: &Hit, network: &Network) -> Detection {
        let names = hit.lists.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let (severity, confidence) = hit.weight(network.is_resolver(host));
        let severity = if SHORTENERS.contains(&entry) { severity.min(Severity::Medium) } else { severity };
        let label = hit.label.iter().map(|label| ("listed_as", Figure::Text(label.clone())));
        let mut detection = Detection {
            id: id_of(&[Kind::Indicator.key(), &host.to_string(), entry]),
            first_at: hit.first_at,
            last_at: hit.last_at,
            host: network.host(host),
            kind: Kind::Indicator,
            severity,
            confidence,
            technique: hit.technique(),
            remote: hit.remote.clone(),
            evidence: BTreeMap::from([
                ("list", Figure::Text(names.clone())),
                ("entry", Figure::Text(entry.into())),
                ("seen_in", Figure::Texts(hit.places.iter().map(|place| place.key().into()).collect())),
                ("count", Figure::Whole(hit.count)),
                ("dns_questions", Figure::Whole(hit.questions)),
                ("connections", Figure::Whole(hit.connections())),
                ("established", Figure::Whole(hit.established)),
                ("sent_bytes", Figure::Whole(hit.sent_bytes)),
                ("received_bytes", Figure::Whole(hit.received_bytes)),
                ("direction", Figure::Text(if hit.is_outbound { "outbound" } else { "inbound" }.into())),
            ]),
            summary: hit.summary(host, entry, &names),
        };
        detection.evidence.extend(label);
        detection
    }
}

/// Who asked the DNS for each entry: one of them, and whether there are more.
struct Askers<'h>(HashMap<&'h str, (IpAddr, bool)>);

impl<'h> Askers<'h> {
    fn of(hits: &[(&'h (IpAddr, String), &Hit)]) -> Self {
        let mut askers = HashMap::new();
        for ((host, entry), _) in hits.iter().filter(|(_, hit)| hit.places.contains(&Where::DnsQuestion)) {
            let known = askers.entry(entry.as_str()).or_insert((*host, false));
            known.1 |= known.0 != *host;
        }
        Self(askers)
    }

    /// Whether this is a resolver passing on what others, whom we see, asked it.
    fn passed_on(&self, host: IpAddr, entry: &str, hit: &Hit, network: &Network) -> bool {
        let only_asked = hit.places.iter().all(|place| *place == Where::DnsQuestion) && hit.connections == 0;
        let others_asked = self.0.get(entry).is_some_and(|(one, has_more)| *one != host || *has_more);
        only_asked && others_asked && network.is_resolver(host)
    }
}

impl Detector for Indicator {
    fn event(&mut self, event: &Event, network: &Network) {
        if self.lists.is_empty() {
            return;
        }
        let asker = network.asker(&event.conversation);
        match (&event.kind, asker) {
            (Seen::Dns(dns), Some(host)) => self.question(dns, host, event.at),
            (Seen::TlsClient(tls), Some(host)) => {
                if let Some(name) = &tls.sni {
                    self.name(name, Where::TlsServerName, host, event);
                }
            }
            (Seen::HttpRequest(request), Some(host)) => {
                if let Some(name) = &request.host {
                    self.name(name, Where::HttpHost, host, event);
                }
            }
            (Seen::FlowEnded(flow), _) => self.flow(flow, network),
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let hits = self.hits.sorted();
        let askers = Askers::of(&hits);
        hits.into_iter()
            .filter(|((host, entry), hit)| !askers.passed_on(*host, entry, hit, network))
            .map(|((host, entry), hit)| self.detection(*host, entry, hit, network))
            .collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.hits.age(WEEK);
    }

    fn is_nearly_full(&self) -> bool {
        self.hits.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.hits.dropped()
    }

    fn lists(&mut self, lists: &Arc<[ThreatList]>) {
        self.lists = Arc::clone(lists);
    }
}

impl Hit {
    fn sighting(&mut self, place: Where) {
        self.places.insert(place);
        self.count += 1;
    }

    fn carried(&mut self, flow: &Flow, is_outbound: bool) {
        let (sent, received) = if is_outbound { (flow.sent, flow.received) } else { (flow.received, flow.sent) };
        self.last_at = self.last_at.max(flow.last_at);
        self.connections += 1;
        let is_named = flow.name.as_deref().is_some_and(|name| name.parse::<IpAddr>().is_err());
        self.established += u64::from(is_two_sided(flow));
        self.nameless += u64::from(is_two_sided(flow) && !is_named);
        self.sent_bytes = self.sent_bytes.saturating_add(sent.bytes);
        self.received_bytes = self.received_bytes.saturating_add(received.bytes);
    }

    /// What was said over one that is not over yet is said over one.
    fn connections(&self) -> u64 {
        self.connections.max(u64::from(self.has_spoken()))
    }

    fn has_spoken(&self) -> bool {
        self.established > 0 || self.places.contains(&Where::TlsServerName) || self.places.contains(&Where::HttpHost)
    }

    /// Who speaks with a known-bad place is in trouble; who only looks it up may be (a filter may have stopped it, a mail
    /// scanner may have asked). The whole internet knocks on every door: that alone is nothing.
    fn weight(&self, is_resolver: bool) -> (Severity, f64) {
        if !self.is_outbound || self.weight == Weight::Remark {
            return (Severity::Low, 0.3);
        }
        match (self.breadth, self.has_spoken()) {
            (None, true) => (Severity::High, 0.9),
            (None, false) if is_resolver => (Severity::Low, 0.4),
            (None, false) => (Severity::Medium, 0.6),
            (Some(Breadth::One), true) if self.nameless > 0 => (Severity::High, 0.9),
            (Some(Breadth::One), _) => (Severity::Medium, 0.6),
            (Some(Breadth::Neighbours), true) => (Severity::Medium, 0.5),
            (Some(Breadth::Neighbours), false) => (Severity::Low, 0.3),
            (Some(Breadth::Wide), _) => (Severity::Low, 0.2),
        }
    }

    /// T1071.004 DNS, T1071.001 web protocols, T1071 another application protocol (MITRE ATT&CK).
    fn technique(&self) -> Vec<&'static str> {
        let has = |place| self.places.contains(&place);
        let mut technique = Vec::new();
        if has(Where::TlsServerName) || has(Where::HttpHost) {
            technique.push("T1071.001");
        }
        if has(Where::DnsQuestion) {
            technique.push("T1071.004");
        }
        if technique.is_empty() && self.is_outbound {
            technique.push("T1071");
        }
        technique
    }

    fn summary(&self, host: IpAddr, entry: &str, list: &str) -> Text {
        let listed = self.listed(entry, list);
        let (place_nl, place_en) = match self.weight {
            Weight::Remark => ("een adres waar een lijst een opmerking bij maakt", "an address that a list remarks on"),
            Weight::Full => ("een adres van aanvallers", "an address of attackers"),
        };
        let times = words::times(self.count);
        let (nl, en) = if !self.is_outbound {
            (
                format!("Van buiten werd {} verbinding gezocht met {host}. De afzender {}.", times.nl, listed.nl),
                format!("From outside, {host} was contacted {}. The sender {}.", times.en, listed.en),
            )
        } else if self.has_spoken() {
            let times = words::times(self.connections());
            // How much it was is known when a connection is over.
            let sent = if self.connections == 0 {
                Text::new("", "")
            } else {
                let sent = words::bytes(self.sent_bytes);
                Text::made(format!(" en daarheen {} verstuurd", sent.nl), format!(" and sent {} there", sent.en))
            };
            (
                format!("{host} heeft {} verbinding gehad met {place_nl}{}. {}.", times.nl, sent.nl, listed.nl),
                format!("{host} was connected {} to {place_en}{}. {}.", times.en, sent.en, listed.en),
            )
        } else if self.questions > 0 && !self.is_resolved {
            (
                format!(
                    "{host} heeft {} {place_nl} opgezocht, zonder bruikbaar antwoord te krijgen. {}.",
                    times.nl, listed.nl
                ),
                format!("{host} looked up {place_en} {}, without a usable answer. {}.", times.en, listed.en),
            )
        } else {
            let (did_nl, did_en) = match (self.questions > 0, self.connections > 0) {
                (true, false) => ("opgezocht", "looked up"),
                (false, _) => ("geprobeerd te bereiken", "tried to reach"),
                (true, true) => ("opgezocht en geprobeerd te bereiken", "looked up and tried to reach"),
            };
            (
                format!("{host} heeft {} {place_nl} {did_nl}; een verbinding is niet gezien. {}.", times.nl, listed.nl),
                format!("{host} {did_en} {place_en} {}; no connection was seen. {}.", times.en, listed.en),
            )
        };
        Text::made(nl, en)
    }

    /// What the list says of the entry.
    fn listed(&self, entry: &str, list: &str) -> Text {
        let (on_nl, on_en) = match self.weight {
            Weight::Remark => ("een lijst", "a list"),
            Weight::Full => ("de lijst van bekende kwaadaardige adressen", "the list of known-bad addresses"),
        };
        let what = self.label.as_deref();
        Text::made(
            format!(
                "{entry} staat op {on_nl} ({list}){}",
                what.map(|what| format!(", als: {what}")).unwrap_or_default()
            ),
            format!("{entry} is on {on_en} ({list}){}", what.map(|what| format!(", as: {what}")).unwrap_or_default()),
        )
    }
}

/// Both sides spoke; for what has no handshake, that both sent something.
fn is_two_sided(flow: &Flow) -> bool {
    match flow.handshake {
        Handshake::Established => true,
        Handshake::NotSeen => flow.sent.packets > 0 && flow.received.packets > 0,
        Handshake::Attempted | Handshake::Refused => false,
    }
}

/// An address that leads somewhere: filters answer with 0.0.0.0 or a loopback address.
fn usable_address(answer: &wire::event::DnsAnswer) -> Option<IpAddr> {
    match answer.data {
        DnsData::Address(ip) if !ip.is_unspecified() && !ip.is_loopback() => Some(ip),
        _ => None,
    }
}
