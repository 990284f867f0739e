//! Data carried in DNS names or answers.
//!
//! Sees: the questions of one host under one domain (or, for names that are data to the last label, to one server): how
//! many different names, how long, how random, of which kinds, how many bytes up in them and down in the answers; over ten
//! minutes at a stretch and over the whole. See `signs.rs` for what weighs how much: content networks, virus scanners and
//! blocklists put data in names too, so no single sign is enough.
//! Fooled by: a few names an hour, data in the choice and timing of ordinary names, encrypted DNS, a tunnel under a
//! domain that half of the hosts use.
//! Never stores: the names, but for three examples; of the rest a hash.

mod left_out;
mod signs;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Dns, DnsData, Event, Kind as Seen};

use self::{
    left_out::{is_key, is_numbers, is_policy, without_address, without_answer},
    signs::{Sign, Surroundings, weigh},
};
use super::{DAY, Detector, is_past};
use crate::{
    Detection, Figure, Kind, Remote,
    finding::{hundredths, id_of},
    names,
    network::Network,
    table::Table,
    words,
};

const ZONES: usize = 16_384;
/// Distinct names counted under one zone.
const NAMES: usize = 2_048;
/// More keys of mail and tokens under one domain in a day are counted as other names: whoever calls a tunnel `dkim` gets no
/// further.
const MOST_KEYS: u64 = 1_000;
const STRETCH_US: u64 = 600 * 1_000_000;

/// Under what the names stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Zone {
    Domain(String),
    /// Names whose last label is data as well, asked of this server.
    Server(IpAddr),
}

/// What was asked within some time.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    questions: u64,
    /// Names not asked before.
    fresh: u64,
    /// Bytes in those names before the zone.
    name_bytes: u64,
    answer_bytes: u64,
}

#[derive(Debug)]
struct Asked {
    first_at: Timestamp,
    last_at: Timestamp,
    server: IpAddr,
    all: Counts,
    now: Counts,
    now_at: Timestamp,
    /// The stretch with the most fresh names.
    worst: Counts,
    seen: BTreeSet<u64>,
    examples: Vec<String>,
    /// Questions for text, aliases, mail and the like.
    odd_kinds: u64,
    /// Questions for kinds that nobody has asked for in earnest in decades (RFC 1035 §3.3.10, RFC 6895 §3.1).
    dead_kinds: u64,
    answered: u64,
    failed: u64,
    /// Answers from 127.0.0.0/8, which is how blocklists and scanners say yes (RFC 5782 §2.1).
    verdicts: u64,
    /// Answers with an address at home other than the one before, and that one.
    at_home: u64,
    last_at_home: Option<IpAddr>,
    /// Mail keys and tokens, which count nowhere else.
    keys: u64,
    /// Names with a label for a protocol (`_dmarc`, `_sip`: RFC 8552), or of numbers.
    plain: u64,
    /// Bits by which the fresh names are more like a draw than like words, and the characters so judged.
    drawn_bits: f64,
    drawn_characters: u64,
    /// Conversations with a name under the zone.
    visited: u64,
}

pub(super) struct DnsTunnel {
    zones: Table<(IpAddr, Zone), Asked>,
}

impl DnsTunnel {
    pub(super) fn new() -> Self {
        Self { zones: Table::new(ZONES) }
    }

    fn question(&mut self, dns: &Dns, host: IpAddr, server: IpAddr, at: Timestamp, network: &Network) {
        let Some((zone, data)) = divide(&dns.name, server) else { return };
        let asked = self.zones.touch((host, zone), || Asked {
            first_at: at,
            last_at: at,
            server,
            all: Counts::default(),
            now: Counts::default(),
            now_at: at,
            worst: Counts::default(),
            seen: BTreeSet::new(),
            examples: Vec::new(),
            odd_kinds: 0,
            dead_kinds: 0,
            answered: 0,
            failed: 0,
            verdicts: 0,
            at_home: 0,
            last_at_home: None,
            keys: 0,
            plain: 0,
            drawn_bits: 0.0,
            drawn_characters: 0,
            visited: 0,
        });
        if asked.is_one_more_key(dns, data) {
            return;
        }
        asked.add(dns, data, at);
        asked.answer_at_home(dns, network);
    }

    /// A conversation by name: who visits what it asked for tunnels nothing with that.
    fn visit(&mut self, name: &str, host: IpAddr) {
        if let Some((zone @ Zone::Domain(_), _)) = divide(name, host)
            && let Some(asked) = self.zones.renew(&(host, zone))
        {
            asked.visited += 1;
        }
    }
}

/// The zone a name stands under, and what stands before it. None: nothing does, or it is the other way round (`arpa`).
fn divide(name: &str, server: IpAddr) -> Option<(Zone, &str)> {
    if name.ends_with(".arpa") {
        return None;
    }
    let domain = public_suffix::domain(name.as_bytes())?;
    let top = name.rsplit('.').next()?;
    if !domain.suffix().is_known() && !is_word(top) {
        return Some((Zone::Server(server), name.rsplit_once('.')?.0));
    }
    let zone = std::str::from_utf8(domain.as_bytes()).ok()?;
    let data = name.strip_suffix(zone)?.strip_suffix('.')?;
    Some((Zone::Domain(zone.to_owned()), data))
}

/// Whether a top-level domain that nobody registered is at least one that somebody gave a network (`lan`, `example`).
fn is_word(top: &str) -> bool {
    top.len() <= 12 && top.bytes().all(|byte| byte.is_ascii_alphabetic())
}

impl Asked {
    fn is_one_more_key(&mut self, dns: &Dns, data: &str) -> bool {
        let is_one = self.keys < MOST_KEYS && is_key(dns, data);
        self.keys += u64::from(is_one);
        is_one
    }

    fn add(&mut self, dns: &Dns, data: &str, at: Timestamp) {
        self.first_at = self.first_at.min(at);
        self.last_at = self.last_at.max(at);
        if at.as_microsecond().abs_diff(self.now_at.as_microsecond()) > STRETCH_US {
            self.worst = self.worst();
            self.now = Counts::default();
            self.now_at = at;
        }
        let answer_bytes = answer_bytes(dns);
        let is_by_address = matches!(dns.kind.as_str(), "A" | "AAAA");
        let rest = without_answer(data, &dns.answers)
            .map(|rest| (rest, true))
            .or_else(|| without_address(data, is_by_address));
        let (data, is_plain) = rest.as_ref().map_or((data, false), |(rest, is_plain)| (rest.as_str(), *is_plain));
        let is_fresh = self.seen.len() < NAMES && self.seen.insert(hash(data));
        for counts in [&mut self.all, &mut self.now] {
            counts.questions += 1;
            counts.answer_bytes += answer_bytes as u64;
            counts.fresh += u64::from(is_fresh);
            counts.name_bytes += if is_fresh { data.len() as u64 } else { 0 };
        }
        match dns.kind.as_str() {
            "A" | "AAAA" | "HTTPS" | "SVCB" | "PTR" | "NS" | "SOA" | "DS" | "DNSKEY" => {}
            "NULL" | "TYPE65399" | "WKS" | "KEY" | "SIG" | "TYPE10" => self.dead_kinds += 1,
            _ => self.odd_kinds += 1,
        }
        self.answered += u64::from(!dns.answers.is_empty());
        self.failed += u64::from(dns.code.as_deref() == Some("NXDOMAIN"));
        let is_verdict = |data: &DnsData| matches!(data, DnsData::Address(ip) if ip.to_canonical().is_loopback());
        self.verdicts += u64::from(dns.answers.iter().any(|answer| is_verdict(&answer.data)));
        if is_fresh {
            self.name(data, is_plain);
            if self.examples.len() < 3 {
                self.examples.push(dns.name.clone());
            }
        }
    }

    /// One and the same address again and again says nothing of machines: it is what a tunnel's far end answers.
    fn answer_at_home(&mut self, dns: &Dns, network: &Network) {
        let ours = dns.answers.iter().find_map(|answer| match answer.data {
            DnsData::Address(ip) if network.is_home(ip.to_canonical()) => Some(ip),
            _ => None,
        });
        if ours.is_some() && ours != self.last_at_home {
            self.at_home += 1;
            self.last_at_home = ours;
        }
    }

    fn name(&mut self, data: &str, is_plain: bool) {
        let is_service = data.split('.').any(|label| label.starts_with('_'));
        // A number beside the data (which part of a file this is) does not make them plain.
        let is_number = |label: &&str| label.len() == 1 || is_numbers(label);
        let numbers: usize = data.split('.').filter(is_number).map(str::len).sum();
        let characters = data.bytes().filter(|byte| *byte != b'.').count();
        let is_plain = is_plain || data.split('.').any(is_policy);
        self.plain += u64::from(is_plain || numbers * 2 >= characters);
        // A mail key's selector is drawn by its nature.
        if is_service {
            return;
        }
        for label in data.split('.').filter(|label| label.len() >= 4 && !is_numbers(label)) {
            self.drawn_bits += names::drawn_bits(label);
            self.drawn_characters += label.len() as u64;
        }
    }

    fn worst(&self) -> Counts {
        if self.now.fresh > self.worst.fresh { self.now } else { self.worst }
    }

    /// Bits a character by which the names are more like a draw than like words.
    fn randomness(&self) -> f64 {
        if self.drawn_characters == 0 { 0.0 } else { self.drawn_bits / self.drawn_characters as f64 }
    }

    fn mean_length(&self) -> u64 {
        self.all.name_bytes / self.all.fresh.max(1)
    }
}

fn answer_bytes(dns: &Dns) -> usize {
    dns.answers.iter().map(|answer| carried(&answer.data)).sum()
}

/// Bytes of an answer that somebody could have put there.
fn carried(data: &DnsData) -> usize {
    match data {
        DnsData::Address(IpAddr::V4(_)) => 4,
        DnsData::Address(IpAddr::V6(_)) => 16,
        DnsData::Name(name) => name.len(),
        DnsData::Other(length) => *length,
    }
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

impl Detector for DnsTunnel {
    fn event(&mut self, event: &Event, network: &Network) {
        let Some(host) = network.asker(&event.conversation) else { return };
        match &event.kind {
            Seen::Dns(dns) => {
                self.question(dns, host, event.conversation.server.ip.to_canonical(), event.at, network);
            }
            Seen::TlsClient(tls) => {
                if let Some(name) = &tls.sni {
                    self.visit(name, host);
                }
            }
            Seen::HttpRequest(request) => {
                if let Some(name) = &request.host {
                    self.visit(name, host);
                }
            }
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let all = self.zones.sorted();
        let surroundings = Surroundings::new(&all, network);
        all.iter().filter_map(|((host, zone), asked)| judge(*host, zone, asked, &surroundings, network)).collect()
    }

    fn age(&mut self, now: Timestamp) {
        self.zones.age(DAY);
        // What is counted over the whole is counted over a day, so that a busy month is no tunnel.
        self.zones.retain(|asked| !is_past(asked.first_at, now, DAY));
    }

    fn is_nearly_full(&self) -> bool {
        self.zones.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.zones.dropped()
    }
}

fn judge(
    host: IpAddr,
    zone: &Zone,
    asked: &Asked,
    surroundings: &Surroundings<'_>,
    network: &Network,
) -> Option<Detection> {
    // A resolver asks for others; they are seen, and told of, themselves.
    if network.is_resolver(host) {
        return None;
    }
    let signs = surroundings.signs(host, zone, asked);
    let (severity, points) = weigh(&signs)?;
    let (place, remote) = match zone {
        Zone::Domain(domain) => {
            (domain.clone(), Remote { ip: Some(asked.server), port: Some(53), domain: Some(domain.clone()) })
        }
        Zone::Server(ip) => (ip.to_string(), Remote { ip: Some(*ip), port: Some(53), domain: None }),
    };
    Some(Detection {
        id: id_of(&[Kind::DnsTunnel.key(), &host.to_string(), &place]),
        first_at: asked.first_at,
        last_at: asked.last_at,
        host: network.host(host),
        kind: Kind::DnsTunnel,
        severity,
        confidence: hundredths(f64::from(points) / (f64::from(points) + 2.0)),
        technique: vec!["T1071.004", "T1572"],
        remote,
        evidence: evidence(asked, &signs, surroundings.hosts_of(zone)),
        summary: summary(host, zone, asked, &signs),
    })
}

fn evidence(asked: &Asked, signs: &BTreeSet<Sign>, hosts: usize) -> crate::Evidence {
    BTreeMap::from([
        ("questions", Figure::Whole(asked.all.questions)),
        ("distinct_names", Figure::Whole(asked.all.fresh)),
        ("distinct_names_in_ten_minutes", Figure::Whole(asked.worst().fresh)),
        ("mean_name_bytes", Figure::Whole(asked.mean_length())),
        ("name_bytes", Figure::Whole(asked.all.name_bytes)),
        ("answer_bytes", Figure::Whole(asked.all.answer_bytes)),
        ("bits_drawn_per_character", Figure::Number(hundredths_of(asked.randomness()))),
        ("odd_kinds", Figure::Whole(asked.odd_kinds + asked.dead_kinds)),
        ("hosts_with_zone", Figure::Whole(hosts as u64)),
        ("examples", Figure::Texts(asked.examples.iter().map(|name| name.chars().take(80).collect()).collect())),
        ("signs", Figure::Texts(signs.iter().map(|sign| sign.key().into()).collect())),
    ])
}

fn hundredths_of(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn summary(host: IpAddr, zone: &Zone, asked: &Asked, signs: &BTreeSet<Sign>) -> Text {
    // Names under no known top-level domain are told by whom they were asked of; nothing stands under an address.
    let (where_nl, where_en) = match zone {
        Zone::Domain(domain) => (format!("onder {domain}"), format!("under {domain}")),
        Zone::Server(ip) => (format!("aan de DNS-server {ip}"), format!("to the DNS server {ip}")),
    };
    let up = words::bytes(asked.all.name_bytes);
    let down = words::bytes(asked.all.answer_bytes);
    let mut nl = format!(
        "{host} stelde {} vragen over {} steeds andere namen {where_nl}: {} in de namen, {} in de antwoorden.",
        asked.all.questions, asked.all.fresh, up.nl, down.nl
    );
    let mut en = format!(
        "{host} asked {} questions about {} ever different names {where_en}: {} in the names, {} in the answers.",
        asked.all.questions, asked.all.fresh, up.en, down.en
    );
    for sentence in signs.iter().filter_map(|sign| sign.sentence()) {
        nl = format!("{nl} {}", sentence.nl);
        en = format!("{en} {}", sentence.en);
    }
    Text::made(
        format!(
            "{nl} Zo gaan gegevens langs de firewall naar buiten, in vragen die altijd worden doorgelaten. Zoek het programma op {host} dat dit doet."
        ),
        format!(
            "{en} That is how data pass the firewall, in questions that are always let through. Find the program on {host} that does this."
        ),
    )
}
