//! A host that calls home at a machine's rhythm.
//!
//! Sees: the starts of TCP and UDP conversations of one host with one place outside (by name where one is known, else by
//! address) at one port, and requests within a kept-open HTTP connection; periods from half a second to hours, with a
//! jitter of up to ±60 %, through pauses. See `rhythm.rs` for the measure, `signs.rs` for what turns rhythm into
//! suspicion: most software keeps time too, so a place that many of our hosts visit is never reported, and one that a
//! single host visits only with further signs.
//! Fooled by: one connection held open (no starts), also over UDP, where datagrams from one port that are never two minutes
//! apart are one conversation (a pause within it is no start: tunnels, calls, games and QUIC keep theirs open in just that
//! rhythm, `PersistentKeepalive` of WireGuard every 25 seconds), fewer than eight beats (a daily caller in a day's
//! capture), a new name or address each time, intervals drawn from a wide distribution, hiding behind a popular service, a network in which
//! half of the hosts are infected alike, a short capture of a single host.
//! Never stores: content, paths or queries; of each conversation its moment, sizes and the program's fingerprint.

mod rhythm;
mod signs;

use std::{
    cell::Cell,
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Event, Flow, FlowId, Handshake, Kind as Seen, Transport};

use self::{
    rhythm::{Rhythm, median, rhythm},
    signs::{Sign, Surroundings, is_everyday, weigh},
};
use super::http_malware::{is_old_browser, is_retired_browser};
use super::{DAY, Detector, WEEK, is_time};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::{hundredths, id_of},
    network::{Direction, Network},
    table::Table,
    words,
};

const SERIES: usize = 65_536;
const OPEN_FLOWS: usize = 131_072;
/// The last so many beats of a series are measured: at one a minute, five days.
const BEATS: usize = 8_192;
/// Beats remembered of all series together: 16 MB.
const ALL_BEATS: usize = 1_000_000;
/// A message of fewer bytes carries orders or a sign of life, not a file.
const SMALL_BYTES: u32 = 16_384;
/// More, both ways together, is no beat but a backup or a download, which come at fixed times by design.
const LARGE_BYTES: u32 = 10_000_000;
/// Requests remembered for one connection, programs for one series.
const REQUESTS: usize = 1_024;
const PROGRAMS: usize = 8;

/// With whom: a name where one is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Destination {
    Name(String),
    Address(IpAddr),
}

impl Destination {
    /// The registrable domain (`example.nl` of `www.example.nl`), by the Public Suffix List.
    fn family(&self) -> Option<&str> {
        match self {
            Self::Name(name) => public_suffix::domain_str(name),
            Self::Address(_) => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    host: IpAddr,
    destination: Destination,
    port: u16,
}

/// One start of a conversation, or one request.
#[derive(Clone, Copy, Debug)]
struct Beat {
    /// Microseconds since 1970.
    at: i64,
    /// Bytes of payload, capped at 4 GB.
    sent: u32,
    received: u32,
}

/// What one host did with one destination at one port.
#[derive(Debug)]
struct Series {
    beats: Vec<Beat>,
    /// Also those no longer recorded.
    count: u64,
    /// Conversations that the beats came in: as many, unless several requests came in one.
    conversations: u64,
    answered: u64,
    /// Of these conversations the source tells the beginning alone, not whether anybody answered.
    untold: u64,
    first_at: Timestamp,
    last_at: Timestamp,
    ip: IpAddr,
    application: Option<&'static str>,
    /// JA4 fingerprints and user agents.
    programs: BTreeSet<String>,
    has_old_browser: bool,
    has_retired_browser: bool,
    /// Of these conversations those of tunnels and calls. One of them hides no rhythm of others.
    tunnels: u64,
    /// Of these beats those of mail programs to Exchange.
    to_exchange: u64,
    /// It asked for the address itself (HTTP host), or for nothing (TLS without a server name).
    asks_for_address: bool,
    /// What was measured last, and of how many beats in all: most series are asked for again before they move.
    measured: Cell<Option<(u64, Option<Rhythm>)>>,
}

impl Series {
    fn rhythm(&self) -> Option<Rhythm> {
        if let Some((count, rhythm)) = self.measured.get()
            && count == self.count
        {
            return rhythm;
        }
        let found = rhythm(&self.beats.iter().map(|beat| beat.at).collect::<Vec<_>>());
        self.measured.set(Some((self.count, found)));
        found
    }

    /// Whether a mail program does this: it asks all day, and says as much as it hears.
    fn is_mail(&self) -> bool {
        self.to_exchange * 2 > self.count
    }

    /// Whether most were answered and still nobody says a word: an order would be one.
    fn is_empty(&self) -> bool {
        let is_nothing = |part: fn(&Beat) -> u32| median(&self.beats.iter().map(part).collect::<Vec<_>>()) == Some(0);
        self.answered * 2 > self.conversations && is_nothing(|beat| beat.sent) && is_nothing(|beat| beat.received)
    }

    /// Whether what comes back is mostly as large as a page.
    fn is_of_pages(&self) -> bool {
        let received = median(&self.beats.iter().map(|beat| beat.received).collect::<Vec<_>>());
        received.is_some_and(|bytes| bytes >= SMALL_BYTES)
    }

    /// Small messages of which less comes back than goes out. Large ones are a backup, or a theft that another detector
    /// must see.
    fn comes_back_less(&self) -> bool {
        let sent = median(&self.beats.iter().map(|beat| beat.sent).collect::<Vec<_>>());
        let received = median(&self.beats.iter().map(|beat| beat.received).collect::<Vec<_>>());
        sent >= received && sent.is_some_and(|sent| (1..SMALL_BYTES).contains(&sent))
    }
}

/// How much the sizes of like connections may differ, as a fraction of their median.
const ALIKE: f64 = 0.2;

impl Series {
    /// Whether each beat is a connection of its own, and nine of ten carry as much as the others, both ways.
    fn are_connections_alike(&self) -> bool {
        let alike = |part: fn(&Beat) -> u32| {
            let sizes: Vec<u32> = self.beats.iter().map(part).collect();
            let Some(middle) = median(&sizes).map(f64::from) else { return false };
            let near = sizes.iter().filter(|size| (f64::from(**size) - middle).abs() <= ALIKE * middle).count();
            middle > 0.0 && near * 10 >= sizes.len() * 9
        };
        self.conversations == self.count && alike(|beat| beat.sent) && alike(|beat| beat.received)
    }
}

/// What is seen of a conversation before its record comes.
#[derive(Debug, Default)]
struct Talk {
    program: Option<String>,
    is_old_browser: bool,
    is_retired_browser: bool,
    lacks_server_name: bool,
    requests: Vec<i64>,
    /// Of these to Exchange.
    to_exchange: u64,
}

pub(super) struct Beacon {
    open: Table<FlowId, Talk>,
    /// Each in a place of its own: of a table's room a good part is empty.
    series: Table<Key, Box<Series>>,
    /// Beats that came in since they were last counted, and what was counted then.
    beats: usize,
}

impl Beacon {
    pub(super) fn new() -> Self {
        Self { open: Table::new(OPEN_FLOWS), series: Table::new(SERIES), beats: 0 }
    }

    /// Too many beats in all: of each series the last ones are kept, as many as leave half of the room.
    fn thin(&mut self) {
        let mut most = BEATS / 8;
        loop {
            self.beats = 0;
            self.series.retain(|series| {
                series.keep_last(most);
                self.beats += series.beats.len();
                true
            });
            if self.beats <= ALL_BEATS / 2 || most == 1 {
                return;
            }
            most /= 2;
        }
    }

    fn flow(&mut self, flow: &Flow, network: &Network) {
        let talk = self.open.remove(&flow.id).unwrap_or_default();
        let Some(sides) = network.sides(&flow.conversation) else { return };
        if sides.direction == Direction::Inbound || !is_watched(flow) {
            return;
        }
        let asked = flow.name.as_deref().filter(|name| name.parse::<IpAddr>().is_err());
        let asks_for_address = flow.name.is_some() && asked.is_none() || talk.lacks_server_name;
        let name = asked.or_else(|| network.name_of(sides.host, sides.remote.ip));
        let destination = match name {
            Some(name) => Destination::Name(name.to_owned()),
            None => Destination::Address(sides.remote.ip),
        };
        let key = Key { host: sides.host, destination, port: sides.remote.port };
        let series = self.series.touch(key, || {
            Box::new(Series {
                beats: Vec::new(),
                count: 0,
                conversations: 0,
                answered: 0,
                untold: 0,
                first_at: flow.first_at,
                last_at: flow.last_at,
                ip: sides.remote.ip,
                application: None,
                programs: BTreeSet::new(),
                has_old_browser: false,
                has_retired_browser: false,
                tunnels: 0,
                to_exchange: 0,
                asks_for_address: false,
                measured: Cell::new(None),
            })
        });
        self.beats += series.add(flow, talk, asks_for_address);
        if self.beats > ALL_BEATS {
            self.thin();
        }
    }
}

impl Series {
    /// Says how many beats it was.
    fn add(&mut self, flow: &Flow, talk: Talk, asks_for_address: bool) -> usize {
        self.first_at = self.first_at.min(flow.first_at);
        self.last_at = self.last_at.max(flow.last_at);
        self.application = self.application.or(flow.application);
        self.asks_for_address |= asks_for_address;
        self.has_old_browser |= talk.is_old_browser;
        self.has_retired_browser |= talk.is_retired_browser;
        self.tunnels += u64::from(flow.application.is_some_and(|application| TUNNELS.contains(&application)));
        if let Some(program) = talk.program
            && self.programs.len() < PROGRAMS
        {
            self.programs.insert(program);
        }
        let to_exchange = talk.to_exchange;
        let moments = if talk.requests.len() > 1 { talk.requests } else { vec![flow.first_at.as_microsecond()] };
        let share = |bytes: u64| u32::try_from(bytes / (moments.len() as u64).max(1)).unwrap_or(u32::MAX);
        let (sent, received) = (share(flow.sent_payload), share(flow.received_payload));
        if sent.saturating_add(received) > LARGE_BYTES {
            return 0;
        }
        let is_answered = match flow.handshake {
            Handshake::Established => true,
            Handshake::NotSeen => flow.received.packets > 0,
            Handshake::Attempted | Handshake::Refused => false,
        };
        self.answered += u64::from(is_answered);
        // Of TCP whoever sees answers sees the handshake.
        let is_untold = flow.conversation.transport == Transport::Tcp && flow.handshake == Handshake::NotSeen;
        self.untold += u64::from(is_untold && !is_answered);
        self.count += moments.len() as u64;
        self.to_exchange += to_exchange;
        self.conversations += 1;
        self.beats.extend(moments.iter().map(|at| Beat { at: *at, sent, received }));
        if self.beats.len() > BEATS {
            self.keep_last(BEATS - BEATS / 8);
        }
        moments.len()
    }

    fn keep_last(&mut self, most: usize) {
        self.beats.drain(..self.beats.len().saturating_sub(most));
        self.beats.shrink_to(most);
    }

    /// What a host did weeks ago hides nothing of what it does now: a busy series remembers two days, a quiet one two weeks.
    fn forget(&mut self, now: Timestamp) {
        const HOUR_US: i64 = 3_600 * 1_000_000;
        let hours = if self.beats.len() > BEATS / 8 { 48 } else { 14 * 24 };
        let oldest = now.as_microsecond().saturating_sub(hours * HOUR_US);
        self.beats.retain(|beat| beat.at >= oldest);
    }
}

impl Detector for Beacon {
    fn event(&mut self, event: &Event, network: &Network) {
        match &event.kind {
            Seen::TlsClient(tls) => {
                let talk = self.open.touch(event.flow, Talk::default);
                talk.program = Some(tls.ja4.clone());
                talk.lacks_server_name = tls.sni.is_none();
            }
            Seen::HttpRequest(request) => {
                let talk = self.open.touch(event.flow, Talk::default);
                if let Some(agent) = &request.user_agent {
                    talk.is_old_browser |= is_old_browser(agent);
                    talk.is_retired_browser |= is_retired_browser(agent);
                    talk.program.get_or_insert_with(|| agent.chars().take(200).collect());
                }
                if talk.requests.len() < REQUESTS {
                    talk.requests.push(event.at.as_microsecond());
                    talk.to_exchange += u64::from(is_to_exchange(&request.path));
                }
            }
            Seen::FlowEnded(flow) => self.flow(flow, network),
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let all: Vec<_> = self.series.sorted().into_iter().map(|(key, series)| (key, &**series)).collect();
        let surroundings = Surroundings::new(&all, network);
        all.iter().filter_map(|(key, series)| judge(key, series, &surroundings, network)).collect()
    }

    fn age(&mut self, now: Timestamp) {
        self.open.age(2 * DAY);
        self.series.age(2 * WEEK);
        self.series.retain(|series| {
            series.forget(now);
            true
        });
    }

    fn is_nearly_full(&self) -> bool {
        self.series.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.open.dropped() + self.series.dropped()
    }
}

fn judge(key: &Key, series: &Series, surroundings: &Surroundings<'_>, network: &Network) -> Option<Detection> {
    if series.tunnels * 2 > series.conversations || surroundings.is_common(&key.destination) {
        return None;
    }
    let rhythm = series.rhythm()?;
    let signs = surroundings.signs(key, series, &rhythm);
    let (severity, points) = weigh(&signs, series, &rhythm)?;
    // What could be chance accuses only beside signs that are an alarm by themselves, and then mildly.
    // So does what lasted a minute, and only where it never lets go meanwhile.
    let severity = match (rhythm.is_faint() || rhythm.is_brief(), severity) {
        _ if rhythm.is_brief() && !signs.contains(&Sign::Relentless) => return None,
        (false, severity) => severity,
        (true, Severity::High) => Severity::Medium,
        (true, _) => return None,
    };
    let severity = if is_everyday(&signs, series, &rhythm) { severity.min(Severity::Medium) } else { severity };
    let severity = if series.is_empty() { Severity::Low } else { severity };
    let certainty = 1.0 - (-rhythm.evidence / 20.0).exp();
    let suspicion = f64::from(points) / (f64::from(points) + 1.5);
    let domain = match &key.destination {
        Destination::Name(name) => Some(name.clone()),
        Destination::Address(_) => None,
    };
    let place = domain.clone().unwrap_or_else(|| series.ip.to_string());
    Some(Detection {
        id: id_of(&[Kind::Beacon.key(), &key.host.to_string(), &place, &key.port.to_string()]),
        first_at: series.first_at,
        last_at: series.last_at,
        host: network.host(key.host),
        kind: Kind::Beacon,
        severity,
        confidence: hundredths(certainty * suspicion),
        technique: technique(series, &signs),
        remote: Remote { ip: Some(series.ip), port: Some(key.port), domain },
        evidence: evidence(key, series, &rhythm, &signs, surroundings),
        summary: summary(key.host, &place, &rhythm, &signs),
    })
}

fn evidence(
    key: &Key,
    series: &Series,
    rhythm: &Rhythm,
    signs: &BTreeSet<Sign>,
    surroundings: &Surroundings<'_>,
) -> crate::Evidence {
    let middle = |part: fn(&Beat) -> u32| {
        u64::from(median(&series.beats.iter().map(part).collect::<Vec<_>>()).unwrap_or_default())
    };
    BTreeMap::from([
        ("connections", Figure::Whole(series.count)),
        ("answered", Figure::Whole(series.answered)),
        ("beats", Figure::Whole(rhythm.beats as u64)),
        ("period_seconds", Figure::Number((rhythm.period_seconds * 10.0).round() / 10.0)),
        ("jitter", Figure::Number(rhythm.spread)),
        ("share_in_rhythm", Figure::Number(hundredths(rhythm.share))),
        ("second_period_seconds", Figure::Number(rhythm.second_period_seconds.unwrap_or_default().round())),
        ("span_seconds", Figure::Whole(rhythm.span_seconds as u64)),
        ("rhythm_evidence_nats", Figure::Number(rhythm.evidence.round())),
        ("median_sent_bytes", Figure::Whole(middle(|beat| beat.sent))),
        ("median_received_bytes", Figure::Whole(middle(|beat| beat.received))),
        ("hosts_with_destination", Figure::Whole(surroundings.hosts_of(&key.destination) as u64)),
        ("signs", Figure::Texts(signs.iter().map(|sign| sign.key().into()).collect())),
        ("times", Figure::Texts(times(&series.beats))),
    ])
}

/// Moments for a picture, at most this many, thinned evenly.
const SHOWN: usize = 200;

fn times(beats: &[Beat]) -> Vec<String> {
    let mut moments: Vec<i64> = beats.iter().map(|beat| beat.at).collect();
    moments.sort_unstable();
    let step = moments.len().div_ceil(SHOWN).max(1);
    let shown = moments.iter().step_by(step).filter_map(|at| Timestamp::from_microsecond(*at).ok());
    shown.map(|at| at.to_string()).collect()
}

/// T1071.001 web protocols, T1095 no application protocol known, T1571 non-standard port (MITRE ATT&CK).
fn technique(series: &Series, signs: &BTreeSet<Sign>) -> Vec<&'static str> {
    let mut technique = vec![if series.application.is_some() { "T1071.001" } else { "T1095" }];
    if signs.contains(&Sign::OddPort) {
        technique.push("T1571");
    }
    technique
}

fn summary(host: IpAddr, place: &str, rhythm: &Rhythm, signs: &BTreeSet<Sign>) -> Text {
    let period = words::duration(rhythm.period_seconds);
    let span = words::duration(rhythm.span_seconds);
    let times = words::times(rhythm.beats as u64);
    let mut nl = format!(
        "{host} zoekt ongeveer elke {} contact met {place}: {} in {}. Zo'n vast ritme komt van een programma, niet van een mens.",
        period.nl, times.nl, span.nl
    );
    let mut en = format!(
        "{host} contacts {place} about every {}: {} in {}. Such a steady rhythm comes from a program, not from a person.",
        period.en, times.en, span.en
    );
    for sentence in signs.iter().filter_map(|sign| sign.sentence()) {
        nl.push(' ');
        nl.push_str(&sentence.nl);
        en.push(' ');
        en.push_str(&sentence.en);
    }
    Text::made(
        format!(
            "{nl} Zoek het programma op {host} dat dit doet; kent niemand het, haal het apparaat van het netwerk, zet het \
             niet uit, en laat het nakijken."
        ),
        format!(
            "{en} Find the program on {host} that does this; if nobody knows it, take the device off the network, leave it \
             switched on, and have it examined."
        ),
    )
}

/// Whether a rhythm in such conversations could mean anything: not for names, time, and what keeps a network together,
/// which keep time by design (IANA service names); nor for folders that are mounted, which are opened anew and again, and
/// told by who logs in to them; nor where the moments are of receipt, in the rhythm of whoever tells.
fn is_watched(flow: &Flow) -> bool {
    if !flow.is_timed {
        return false;
    }
    let port = flow.conversation.server.port;
    match flow.conversation.transport {
        Transport::Tcp => !matches!(port, 53 | 123 | 853) && flow.application != Some("smb"),
        Transport::Udp => {
            !is_time(flow)
                && !matches!(
                    port,
                    53 | 67 | 68 | 137 | 138 | 500 | 853 | 1900 | 3478..=3481 | 4500 | 5060 | 5061 | 5353
                )
        }
        Transport::Icmp | Transport::Other(_) => false,
    }
}

/// Whether a mail program asks Exchange for something, or the like of it (Microsoft's open specifications: MS-ASHTTP,
/// MS-OXCMAPIHTTP, MS-OXDISCO, MS-RPCH, Exchange Web Services).
fn is_to_exchange(path: &str) -> bool {
    const PLACES: [&str; 5] =
        ["/autodiscover/", "/ews/", "/mapi/", "/microsoft-server-activesync", "/rpc/rpcproxy.dll"];
    PLACES.iter().any(|place| path.get(..place.len()).is_some_and(|start| start.eq_ignore_ascii_case(place)))
}

/// VPNs, and STUN's kin. A tunnel is as busy as what goes through it.
const TUNNELS: [&str; 4] = ["wireguard", "openvpn", "tailscale", "stun"];
