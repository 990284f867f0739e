//! Far more going out to one place than this network sends.
//!
//! Sees: bytes on the wire (also where the capture kept less of them) that a host sends to a place outside, by day; and
//! compares: with what comes back, with who else of ours sends there, with what this host sent there and elsewhere on the
//! days before, with what the others send. See [`signs`] for what weighs how much.
//! Fooled by: less than [`FLOOR`] bytes a day to each of several places, a place that several of our hosts use (a cloud that
//! everybody has), a known service for files ([`services`]), a theft as large as the backup of the day before to the same
//! place. A conversation counts when it ends.
//! Never stores: content; of each place its bytes by day.

mod services;
mod signs;

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Content, Event, Flow, FlowId, HttpRequest, Kind as Seen, Transport};

use self::{services::Service, signs::Sign};
use super::{DAY, Detector, MONTH, WEEK};
use crate::{
    Detection, Figure, HostKind, Kind, Remote, Severity,
    finding::{hundredths, id_of},
    network::{Direction, Network, Sides},
    table::Table,
    words,
};

const PLACES: usize = 65_536;
/// Conversations within tunnels.
const CARRIED: usize = 65_536;
/// Conversations in which an archive is on its way.
const ARCHIVES: usize = 4_096;
/// Days remembered of one place.
const DAYS: u8 = 31;
const DAY_US: i64 = 86_400 * 1_000_000;

/// Less in a day is a mail with pictures.
const FLOOR: u64 = 100_000_000;
/// What services for sending files take in one go for nothing (2 GB, say WeTransfer's pages of help): up to that, people at
/// work send a film or a set of drawings to one of them.
const VERY_MUCH_TO_SERVICE: u64 = 2_000_000_000;
/// To a place that is none of those, where nothing plain takes so much.
const VERY_MUCH: u64 = 1_000_000_000;
/// So many conversations in a day that each carry so much out are pieces of something: pages, mail and telemetry send far less
/// in one, and a browser keeps one for many files.
const PIECES: u32 = 20;
const PIECE: u64 = 1_000_000;
/// Hyper Backup, Active Backup and Drive of Synology, Cloud Connect of Veeam (their makers' pages of help).
const BACKUP_PORTS: [u16; 4] = [6281, 5510, 6690, 6180];
/// RTSP and RTMP, by which cameras and programs for live pictures send (IANA service names): for hours in one conversation.
const STREAM_PORTS: [u16; 2] = [554, 1935];
/// Sent at least so many times what came back.
const RATIO: u64 = 4;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    host: IpAddr,
    /// The registrable domain, or the address.
    place: String,
    port: u16,
}

#[derive(Debug)]
struct Place {
    first_at: Timestamp,
    ip: IpAddr,
    name: Option<String>,
    /// The amount went to several names under one domain.
    is_several: bool,
    /// In the order of the days. Most places are seen on one alone, so this is kept as small as it can be.
    days: Vec<Day>,
    flows: u64,
    /// An archive of [`FLOOR`] and more went there readable.
    has_archive: bool,
}

/// Bytes in both directions, and when the last of them went.
#[derive(Clone, Debug)]
struct Day {
    /// Since 1970.
    day: i32,
    /// Conversations that carried [`PIECE`] and more out.
    pieces: u32,
    sent: u64,
    received: u64,
    last_at: Timestamp,
    /// Hour of the day (UTC) in which conversations ended, and their bytes out.
    hours: Vec<(u8, u64)>,
}

impl Place {
    /// What went out and in on a day.
    fn of_day(&mut self, day: i32, at: Timestamp) -> Option<&mut Day> {
        let found = self.days.binary_search_by_key(&day, |of_day| of_day.day);
        let place = found.unwrap_or_else(|place| {
            self.days.reserve_exact(1);
            self.days.insert(place, Day { day, pieces: 0, sent: 0, received: 0, last_at: at, hours: Vec::new() });
            place
        });
        self.days.get_mut(place)
    }

    /// The most that went out on a day before this one.
    fn before(&self, day: i32) -> u64 {
        self.days.iter().filter(|of_day| of_day.day < day).map(|of_day| of_day.sent).max().unwrap_or_default()
    }
}

impl Day {
    fn add(&mut self, hour: u8, out: u64, back: u64, at: Timestamp) {
        match self.hours.iter_mut().find(|(of, _)| *of == hour) {
            Some((_, bytes)) => *bytes = bytes.saturating_add(out),
            None => {
                self.hours.reserve_exact(1);
                self.hours.push((hour, out));
            }
        }
        self.pieces = self.pieces.saturating_add(u32::from(out >= PIECE));
        self.sent = self.sent.saturating_add(out);
        self.received = self.received.saturating_add(back);
        self.last_at = self.last_at.max(at);
    }

    fn bytes_of(&self, hour: u8) -> u64 {
        self.hours.iter().find(|(of, _)| *of == hour).map_or(0, |(_, bytes)| *bytes)
    }
}

pub(super) struct Exfiltration {
    places: Table<Key, Place>,
    /// Of conversations within a tunnel to the outside: between whom that is.
    carried: Table<FlowId, Sides>,
    archives: Table<FlowId, ()>,
    started_at: Option<Timestamp>,
}

impl Exfiltration {
    pub(super) fn new() -> Self {
        Self {
            places: Table::new(PLACES),
            carried: Table::new(CARRIED),
            archives: Table::new(ARCHIVES),
            started_at: None,
        }
    }

    fn flow(&mut self, flow: &Flow, network: &Network) {
        let has_archive = self.archives.remove(&flow.id).is_some();
        let started_at = self.started_at.get_or_insert(flow.first_at);
        *started_at = (*started_at).min(flow.first_at);
        let carried = self.carried.remove(&flow.id);
        // IP in IP, 6in4, GRE: what goes through is not always readable.
        let is_counted =
            matches!(flow.conversation.transport, Transport::Tcp | Transport::Udp | Transport::Other(4 | 41 | 47));
        let Some(sides) = network.sides(&flow.conversation).filter(|_| is_counted && !is_call(flow)) else { return };
        let is_outbound = sides.direction == Direction::Outbound;
        let (out, back) = if is_outbound { (flow.sent, flow.received) } else { (flow.received, flow.sent) };
        let name = flow.name.as_deref().filter(|name| is_outbound && name.parse::<IpAddr>().is_err());
        let name = name.or_else(|| network.name_of(sides.host, sides.remote.ip)).map(str::to_owned);
        let place = match &name {
            Some(name) => public_suffix::domain_str(name).unwrap_or(name).to_owned(),
            None => sides.remote.ip.to_string(),
        };
        // What strangers fetch from a server of ours is the server's work, at the server's port.
        let port = flow.conversation.server.port;
        // At the far end of a tunnel is who made it, whoever begins.
        let is_tunnels = carried.is_some_and(|ends| (ends.host, ends.remote.ip) == (sides.host, sides.remote.ip));
        if !is_tunnels && !is_outbound && back.packets > 0 {
            return;
        }
        let seen = self.places.touch(Key { host: sides.host, place, port }, || Place {
            first_at: flow.first_at,
            ip: sides.remote.ip,
            name: name.clone(),
            is_several: false,
            days: Vec::new(),
            flows: 0,
            has_archive: false,
        });
        seen.is_several |= seen.name != name;
        seen.first_at = seen.first_at.min(flow.first_at);
        seen.flows += 1;
        seen.has_archive |= has_archive && out.bytes >= FLOOR;
        let day = day_of(flow.first_at);
        let hour = u8::try_from(flow.last_at.as_second().div_euclid(3600).rem_euclid(24)).unwrap_or_default();
        if let Some(of_day) = seen.of_day(day, flow.last_at) {
            of_day.add(hour, out.bytes, back.bytes, flow.last_at);
        }
        if seen.days.len() > usize::from(DAYS) {
            seen.days.remove(0);
        }
    }
}

impl Detector for Exfiltration {
    fn event(&mut self, event: &Event, network: &Network) {
        match &event.kind {
            Seen::Carried(carrier) => {
                if let Some(sides) = network.tunnel(carrier) {
                    self.carried.touch(event.flow, || sides);
                }
            }
            Seen::HttpRequest(request) if brings_archive(request) => {
                self.archives.touch(event.flow, || ());
            }
            Seen::HttpBody(body) if body.is_from_client && body.content == Content::Archive => {
                self.archives.touch(event.flow, || ());
            }
            Seen::FlowEnded(flow) => self.flow(flow, network),
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let all = self.places.sorted();
        let mut hosts: BTreeMap<&str, BTreeSet<IpAddr>> = BTreeMap::new();
        for (key, _) in &all {
            hosts.entry(&key.place).or_default().insert(key.host);
        }
        let talking = network.hosts_talking_outside();
        all.iter()
            .filter_map(|(key, place)| {
                let most = place.days.iter().max_by_key(|day| day.sent)?;
                let sharers = hosts.get(key.place.as_str()).map_or(0, BTreeSet::len);
                let around = Around { all: &all, sharers, hosts: talking };
                self.judge(key, place, most, &around, network)
            })
            .collect()
    }

    fn age(&mut self, now: Timestamp) {
        self.places.age(MONTH);
        self.carried.age(WEEK);
        self.archives.age(DAY);
        let oldest = day_of(now) - i32::from(DAYS);
        self.places.retain(|place| {
            place.days.retain(|day| day.day > oldest);
            true
        });
    }

    fn is_nearly_full(&self) -> bool {
        self.places.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.places.dropped() + self.carried.dropped() + self.archives.dropped()
    }
}

/// The day since 1970, at Greenwich.
fn day_of(at: Timestamp) -> i32 {
    i32::try_from(at.as_microsecond().div_euclid(DAY_US)).unwrap_or_default()
}

/// Whether it is the picture and sound of a call: who shows something to many sends far more than comes back. By the ports of
/// STUN (RFC 8489 §18.6) where it began as that, of Teams and Meet beside it, and of Zoom (their makers' pages for firewalls).
fn is_call(flow: &Flow) -> bool {
    flow.conversation.transport == Transport::Udp
        && match flow.conversation.server.port {
            3478..=3481 | 19302..=19309 => flow.application == Some("stun"),
            8801..=8810 => true,
            _ => false,
        }
}

/// Whether a request brings what its name or its kind calls an archive, a database or a mailbox.
fn brings_archive(request: &HttpRequest) -> bool {
    const ENDINGS: [&str; 15] = [
        ".7z", ".zip", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".sql", ".bak", ".dump", ".pst", ".mdb",
        ".sqlite",
    ];
    const KINDS: [&str; 6] = [
        "application/zip",
        "application/x-zip-compressed",
        "application/x-7z-compressed",
        "application/vnd.rar",
        "application/gzip",
        "application/x-tar",
    ];
    let begins = |kind: &str, known: &str| kind.get(..known.len()).is_some_and(|it| it.eq_ignore_ascii_case(known));
    let ends = |path: &str, ending: &str| {
        let at = path.len().checked_sub(ending.len());
        at.and_then(|at| path.get(at..)).is_some_and(|it| it.eq_ignore_ascii_case(ending))
    };
    let kind = request.content_type.as_deref().unwrap_or_default();
    matches!(request.method.as_str(), "PUT" | "POST")
        && (ENDINGS.iter().any(|ending| ends(&request.path, ending)) || KINDS.iter().any(|known| begins(kind, known)))
}

/// What one amount is compared with.
struct Around<'a> {
    all: &'a [(&'a Key, &'a Place)],
    /// Hosts that speak with the same place, and hosts that speak with the outside.
    sharers: usize,
    hosts: usize,
}

impl Exfiltration {
    fn judge(&self, key: &Key, place: &Place, most: &Day, around: &Around<'_>, network: &Network) -> Option<Detection> {
        let Day { day, pieces, sent, received, last_at, .. } = *most;
        let is_common = around.sharers >= 3 && around.sharers * 3 >= around.hosts;
        if sent < FLOOR || sent < received.saturating_mul(RATIO) || is_common {
            return None;
        }
        // The backup of every night: this host sent half as much there on a day before.
        if place.before(day) >= sent / 2 {
            return None;
        }
        let largest = |is_own: bool| {
            let others = around.all.iter().filter(|(other, _)| (other.host == key.host) == is_own);
            others
                .map(|(_, place)| if is_own { place.before(day) } else { largest_day(place) })
                .max()
                .unwrap_or_default()
        };
        let (own_before, others) = (largest(true), largest(false));
        let is_bare = place.name.is_none() && network.sees_answers_to(key.host);
        let is_odd_port = !matches!(key.port, 25 | 80 | 443 | 465 | 587 | 993);
        let late = self.started_at.is_some_and(|started| {
            place.first_at.as_microsecond().saturating_sub(started.as_microsecond()) > 3_600 * 1_000_000
        });
        let host = network.host(key.host);
        let is_storage = matches!(host.kind, Some(HostKind::Nas | HostKind::Server));
        let is_backup = BACKUP_PORTS.contains(&key.port) && place.name.is_some();
        let is_first = network
            .is_first_contact(place.name.as_deref(), place.ip, place.first_at)
            .unwrap_or(late && around.sharers == 1 && (is_bare || is_odd_port));
        let service = place.name.as_deref().and_then(services::of);
        let is_for_files = service == Some(Service::Files);
        // A film or a set of drawings, sent once: to whichever service for files, of which there are more than anybody lists.
        let is_sent_once = pieces < PIECES && !is_bare && !is_odd_port && !place.has_archive && service.is_none();
        let is_very_much = sent >= if is_for_files || is_sent_once { VERY_MUCH_TO_SERVICE } else { VERY_MUCH };
        let is_like_backup = is_backup || is_storage && place.name.is_some();
        let is_code = key.port == 22 && place.name.as_deref().is_some_and(services::is_code_host);
        let is_stream = STREAM_PORTS.contains(&key.port) && pieces < PIECES;
        let mut signs = BTreeSet::from([Sign::Much]);
        for (sign, is_so) in [
            (Sign::VeryMuch, is_very_much),
            (Sign::InPieces, pieces >= PIECES && !is_for_files),
            (Sign::OneWay, sent >= received.saturating_mul(20)),
            (Sign::OnlyHost, around.hosts >= 3 && around.sharers == 1),
            (Sign::FirstContact, is_first),
            (Sign::VeryMuchAtFirst, is_first && is_very_much && !is_for_files && !is_like_backup),
            (Sign::Archive, place.has_archive),
            (Sign::LootPlace, service == Some(Service::Loot)),
            (Sign::BareAddress, is_bare),
            (Sign::Storage, is_like_backup && !is_backup),
            (Sign::Backup, is_backup),
            (Sign::ShellByName, key.port == 22 && place.name.is_some() && !is_storage),
            (Sign::CodeHost, is_code),
            (Sign::LiveStream, is_stream),
            (Sign::OddPort, is_odd_port),
            (Sign::FarAboveOthers, around.hosts >= 3 && sent / 10 >= others && sent / 10 >= own_before),
        ] {
            if is_so {
                signs.insert(sign);
            }
        }
        let points: i32 = signs.iter().map(|sign| sign.weight()).sum();
        let severity = match points {
            ..6 => return None,
            6..8 if is_code && !is_very_much => Severity::Low,
            6..8 => Severity::Medium,
            8.. if is_code || is_stream => Severity::Medium,
            8.. => Severity::High,
        };
        // Of several names under one domain none took it all.
        let domain = place.name.clone().map(|name| if place.is_several { key.place.clone() } else { name });
        let to = domain.clone().unwrap_or_else(|| place.ip.to_string());
        Some(Detection {
            id: id_of(&[Kind::Exfiltration.key(), &key.host.to_string(), &key.place, &key.port.to_string()]),
            first_at: place.first_at,
            last_at,
            host,
            kind: Kind::Exfiltration,
            severity,
            confidence: hundredths(f64::from(points) / (f64::from(points) + 4.0)),
            technique: vec![if matches!(key.port, 80 | 443) { "T1567" } else { "T1048" }],
            remote: Remote { ip: Some(place.ip), port: Some(key.port).filter(|port| *port > 0), domain },
            evidence: BTreeMap::from([
                ("sent_bytes", Figure::Whole(sent)),
                ("received_bytes", Figure::Whole(received)),
                ("bytes_by_hour", Figure::Wholes((0..24).map(|hour| most.bytes_of(hour)).collect())),
                ("connections", Figure::Whole(place.flows)),
                ("most_by_this_host_before", Figure::Whole(own_before)),
                ("most_by_other_hosts", Figure::Whole(others)),
                ("hosts_with_destination", Figure::Whole(around.sharers as u64)),
                ("signs", Figure::Texts(signs.iter().map(|sign| sign.key().into()).collect())),
            ]),
            summary: summary(key.host, &to, key.port, sent, others, &signs),
        })
    }
}

fn largest_day(place: &Place) -> u64 {
    place.days.iter().map(|day| day.sent).max().unwrap_or_default()
}

fn summary(host: IpAddr, to: &str, port: u16, sent: u64, others: u64, signs: &BTreeSet<Sign>) -> Text {
    let (sent, others) = (words::bytes(sent), words::bytes(others));
    let way = if port == 0 {
        Text::new("door een tunnel", "through a tunnel")
    } else {
        Text::made(format!("poort {port}"), format!("port {port}"))
    };
    let mut nl = format!(
        "{host} stuurde in een dag {} naar {to} ({}); geen ander apparaat stuurde meer dan {} naar één plek.",
        sent.nl, way.nl, others.nl
    );
    let mut en = format!(
        "{host} sent {} to {to} ({}) in a day; no other device sent more than {} to one place.",
        sent.en, way.en, others.en
    );
    if signs.contains(&Sign::OnlyHost) {
        nl.push_str(" Niemand anders in het netwerk heeft contact met die plek.");
        en.push_str(" Nobody else on the network has contact with that place.");
    }
    if signs.contains(&Sign::Storage) || signs.contains(&Sign::Backup) {
        nl.push_str(" Zo ziet de eerste nacht van een back-up eruit: vraag uw leverancier of die er een maakt.");
        en.push_str(" The first night of a backup looks like this: ask your supplier whether they make one.");
    }
    if signs.contains(&Sign::LiveStream) {
        nl.push_str(
            " Op die poort sturen camera's en uitzendingen live beeld: vraag uw leverancier of die er een stuurt.",
        );
        en.push_str(" Cameras and broadcasts send live pictures at that port: ask your supplier whether one does.");
    }
    Text::made(
        format!(
            "{nl} Dat kan een back-up zijn, of gestolen gegevens. Vraag de gebruiker; weet die het niet, haal het apparaat van het netwerk en zoek uit wat er op stond."
        ),
        format!(
            "{en} It may be a backup, or stolen data. Ask the user; if they do not know, take the device off the network and find out what was on it."
        ),
    )
}
