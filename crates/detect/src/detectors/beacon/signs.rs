//! What makes a rhythm suspicious: ordinary software keeps time as well, so rhythm alone accuses nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use facts::Text;

use super::{
    Destination, SMALL_BYTES, Series,
    rhythm::{Rhythm, median},
};
use crate::{HostKind, Severity, detectors::suspicious_tls::USUAL_PORTS, network::Network};

/// Places outside that a host calls, from which on people or their many programs work at it. A payment terminal, a camera
/// or a heat pump calls its maker and hardly anybody else; a morning's pages are a dozen.
const LIVELY: usize = 6;
/// A spread of pauses that is drawn by lot on purpose: an ordinary timer is exact.
const DRAWN: f64 = 0.2;
/// From this spread on it is no plain timer's, which waits as long each time. An attacker's that shortens its pauses by up to a
/// fifth is a tenth off their middle.
const LOOSE: f64 = 0.1;
/// Strangers at ports where no known service lives, from which on a host shares files with them, or plays.
const PEERS: usize = 20;

/// A reason to look at a rhythm, or to let it be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    /// Of all our hosts, this one alone speaks with that place.
    OnlyHost,
    /// Two of many do.
    FewHosts,
    /// Too few hosts are in view to say who else does.
    NobodyToCompare,
    /// An address without a name: no question in the DNS, no server name.
    BareAddress,
    /// The fingerprint of the program is seen on this host towards that place alone.
    OwnProgram,
    /// It calls itself a browser that has been out of use for years.
    OldBrowser,
    /// It calls itself Internet Explorer 11, as programs with an old control in them do, its moments are drawn by lot, which
    /// theirs hardly are, and it gets no whole page, as a screen does that shows one.
    RetiredBrowser,
    /// Little goes out and less comes back, beat after beat: nobody is being served.
    LittleBack,
    /// A web protocol at a port where it does not live; where the source tells nothing but ports, one where no known
    /// service lives.
    OddPort,
    /// A new connection every few seconds, for minutes, with hardly anything in it.
    Relentless,
    /// Nobody here had ever spoken with that place. Only beside others: a new program is no crime.
    FirstContact,
    /// Nobody has answered, ever, where an answer would have been seen.
    Unanswered,
    /// Many of our hosts use other services of the same domain.
    FamilyInUse,
    /// The host calls hardly any other place. Beside a bare address or an odd port: so do terminals, cameras and machines.
    CallsLittleElse,
}

impl Sign {
    /// The public name, as in the evidence.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::OnlyHost => "only_host",
            Self::FewHosts => "few_hosts",
            Self::NobodyToCompare => "nobody_to_compare",
            Self::BareAddress => "bare_address",
            Self::OwnProgram => "own_program",
            Self::OldBrowser => "old_browser",
            Self::RetiredBrowser => "retired_browser",
            Self::LittleBack => "little_back",
            Self::OddPort => "odd_port",
            Self::Relentless => "relentless",
            Self::FirstContact => "first_contact",
            Self::Unanswered => "unanswered",
            Self::FamilyInUse => "family_in_use",
            Self::CallsLittleElse => "calls_little_else",
        }
    }

    /// What it weighs. Chosen so that one host alone calling one place (2) stays silent, a second independent sign makes
    /// it worth a look (3), and three together an alarm (5).
    fn weight(self) -> i32 {
        match self {
            Self::OnlyHost | Self::BareAddress | Self::OwnProgram | Self::OldBrowser => 2,
            Self::FewHosts | Self::NobodyToCompare | Self::LittleBack | Self::OddPort => 1,
            Self::FirstContact | Self::RetiredBrowser => 1,
            Self::Relentless => 4,
            Self::CallsLittleElse => 0,
            Self::Unanswered => -1,
            Self::FamilyInUse => -2,
        }
    }

    /// Whether ordinary software lacks it.
    fn is_odd(self) -> bool {
        matches!(self, Self::BareAddress | Self::OldBrowser | Self::OddPort | Self::Relentless)
    }

    /// The sentence for the summary; signs that only calm have none.
    pub(super) fn sentence(self) -> Option<Text> {
        let text = match self {
            Self::OnlyHost => {
                Text::new("Geen ander apparaat in het netwerk doet dit.", "No other device on the network does this.")
            }
            Self::BareAddress => {
                Text::new("Het adres is een kaal nummer, zonder naam.", "The address is a bare number, without a name.")
            }
            Self::OwnProgram => Text::new(
                "Het programma dat dit doet, praat met niets anders.",
                "The program that does this talks to nothing else.",
            ),
            Self::OldBrowser => Text::new(
                "Het doet zich voor als een browser die al jaren niet meer gebruikt wordt.",
                "It pretends to be a browser that has been out of use for years.",
            ),
            Self::RetiredBrowser => Text::new(
                "Het doet zich voor als Internet Explorer 11, op momenten die geloot lijken.",
                "It pretends to be Internet Explorer 11, at moments that look drawn by lot.",
            ),
            Self::LittleBack => Text::new("Er gaat meer heen dan er terugkomt.", "More goes out than comes back."),
            Self::OddPort => Text::new("Het gebruikt een ongewone poort.", "It uses an unusual port."),
            Self::Relentless => Text::new(
                "Het maakt minutenlang elke paar seconden een nieuwe verbinding.",
                "It makes a new connection every few seconds, for minutes on end.",
            ),
            Self::FirstContact => Text::new(
                "Niemand hier had ooit contact met die plek.",
                "Nobody here had ever been in contact with that place.",
            ),
            Self::CallsLittleElse => Text::new(
                "Het apparaat praat verder met bijna niets, zoals een betaalautomaat, een camera of een warmtepomp: vraag uw \
                 leverancier of dit erbij hoort.",
                "The device talks to hardly anything else, as a payment terminal, a camera or a heat pump does: ask your \
                 supplier whether this belongs to it.",
            ),
            Self::FewHosts | Self::NobodyToCompare | Self::Unanswered | Self::FamilyInUse => return None,
        };
        Some(text)
    }
}

/// How severe these signs are together; None: not worth a line. A program of its own that one host has and that calls one
/// place is what most of the world's software is, and a device that tells its maker more than it hears is what most
/// devices are: low. Worth a look where both come together, nobody here was ever there, or there is a sign that ordinary
/// software lacks. An alarm only where such signs are no terminal's, no till's and no old program's way of its own.
pub(super) fn weigh(signs: &BTreeSet<Sign>, series: &Series, rhythm: &Rhythm) -> Option<(Severity, i32)> {
    let points = signs.iter().map(|sign| sign.weight()).sum();
    let has = |sign| signs.contains(&sign);
    // Two of many that do the same are colleagues with the same old program.
    let is_retired = has(Sign::RetiredBrowser) && !has(Sign::FewHosts);
    let is_odd = is_retired || signs.iter().any(|sign| sign.is_odd());
    let is_mail = series.is_mail();
    let is_own_way = has(Sign::OwnProgram) && (has(Sign::LittleBack) && !is_mail || has(Sign::FirstContact));
    // Whoever writes a program that speaks HTTP in the clear gives it a name of its own.
    let is_own_secret = (series.application != Some("http") || has(Sign::FirstContact)) && !is_mail;
    // Among others, who watches a page of their own (a dashboard, what they just built) asks every few seconds as well.
    let beside_relentless = [Sign::OwnProgram, Sign::FirstContact, Sign::NobodyToCompare, Sign::LittleBack];
    let is_alarming = has(Sign::BareAddress) && !has(Sign::CallsLittleElse)
        || has(Sign::OwnProgram) && has(Sign::LittleBack) && is_own_secret
        || has(Sign::OldBrowser) && rhythm.spread >= DRAWN
        || has(Sign::Relentless) && beside_relentless.into_iter().any(has);
    let severity = match points {
        ..3 => return None,
        5.. if is_alarming => Severity::High,
        _ if is_odd || is_own_way => Severity::Medium,
        _ => Severity::Low,
    };
    Some((severity, points))
}

/// Whether it has the whole look of what stands in many an office, and nothing beside it that this lacks: no alarm.
pub(super) fn is_everyday(signs: &BTreeSet<Sign>, series: &Series, rhythm: &Rhythm) -> bool {
    let has = |sign| signs.contains(&sign);
    let has_more = has(Sign::OldBrowser) || has(Sign::OddPort) || has(Sign::FirstContact);
    let is_exact = rhythm.spread < LOOSE;
    // A till calls its bank at an address. A hello that names nobody is unlike all others of the same system, so that the
    // program is its own for that alone.
    let is_till = series.application == Some("tls") && has(Sign::BareAddress) && !has(Sign::Relentless) && is_exact;
    // What watches over a machine or manages it reports to its own server, by name and by a plain timer; what waits for work asks
    // it every few seconds. Whoever gives orders by hand does so as well, at a place where nobody was.
    let is_agent = !has(Sign::BareAddress) && !has(Sign::NobodyToCompare) && (is_exact || has(Sign::Relentless));
    (is_till || is_agent) && !has_more
}

/// Who of our hosts speaks with whom and by which program: what one destination is compared with.
pub(super) struct Surroundings<'a> {
    network: &'a Network,
    hosts: usize,
    by_destination: BTreeMap<&'a Destination, BTreeSet<IpAddr>>,
    by_family: BTreeMap<&'a str, BTreeSet<IpAddr>>,
    /// (host, program) → destinations.
    by_program: BTreeMap<(IpAddr, &'a str), BTreeSet<&'a Destination>>,
    /// Program → hosts.
    program_hosts: BTreeMap<&'a str, BTreeSet<IpAddr>>,
    /// Host → how many destinations.
    places: BTreeMap<IpAddr, usize>,
    /// Host → strangers at odd ports, of whom no answer is told.
    peers: BTreeMap<IpAddr, BTreeSet<&'a Destination>>,
}

impl<'a> Surroundings<'a> {
    /// `all` in the order of their keys.
    pub(super) fn new(all: &[(&'a super::Key, &'a Series)], network: &'a Network) -> Self {
        let mut new = Self {
            network,
            hosts: network.hosts_talking_outside(),
            by_destination: BTreeMap::new(),
            by_family: BTreeMap::new(),
            by_program: BTreeMap::new(),
            program_hosts: BTreeMap::new(),
            places: BTreeMap::new(),
            peers: BTreeMap::new(),
        };
        let mut before = None;
        for (key, series) in all {
            let place = Some((key.host, &key.destination));
            if std::mem::replace(&mut before, place) != place {
                *new.places.entry(key.host).or_default() += 1;
            }
            new.by_destination.entry(&key.destination).or_default().insert(key.host);
            if is_like_a_peer(key, series) {
                new.peers.entry(key.host).or_default().insert(&key.destination);
            }
            if let Some(family) = key.destination.family() {
                new.by_family.entry(family).or_default().insert(key.host);
            }
            for program in &series.programs {
                new.by_program.entry((key.host, program)).or_default().insert(&key.destination);
                new.program_hosts.entry(program).or_default().insert(key.host);
            }
        }
        new
    }

    /// How many of our hosts speak with that destination.
    pub(super) fn hosts_of(&self, destination: &Destination) -> usize {
        self.by_destination.get(destination).map_or(0, BTreeSet::len)
    }

    /// Whether so many of our hosts speak with it that it belongs to the place: a management agent, mail, updates.
    pub(super) fn is_common(&self, destination: &Destination) -> bool {
        self.is_many(self.hosts_of(destination))
    }

    fn is_many(&self, hosts: usize) -> bool {
        hosts >= 3 && hosts * 2 >= self.hosts
    }

    pub(super) fn signs(&self, key: &super::Key, series: &Series, rhythm: &Rhythm) -> BTreeSet<Sign> {
        let mut signs = BTreeSet::new();
        let mut note = |sign, is_so: bool| {
            if is_so {
                signs.insert(sign);
            }
        };
        let hosts = self.hosts_of(&key.destination);
        note(Sign::NobodyToCompare, self.hosts < 3);
        note(Sign::OnlyHost, self.hosts >= 3 && hosts == 1);
        note(Sign::FewHosts, self.hosts >= 6 && hosts == 2);
        let is_peer = self.is_peer(key, series);
        note(Sign::BareAddress, !is_peer && self.is_bare(key, series));
        note(Sign::OldBrowser, series.has_old_browser);
        let is_retired = series.has_retired_browser && !series.has_old_browser && !series.is_of_pages();
        note(Sign::RetiredBrowser, is_retired && rhythm.spread >= DRAWN);
        note(Sign::OddPort, !is_peer && is_odd_port(series, key.port));
        note(Sign::Relentless, !is_customary(key) && is_relentless(series, rhythm));
        note(Sign::Unanswered, series.answered == 0 && series.untold == 0);
        let family_hosts =
            key.destination.family().and_then(|family| self.by_family.get(family)).map_or(0, BTreeSet::len);
        note(Sign::FamilyInUse, self.is_many(family_hosts));
        if !is_mail_port(key.port) {
            note(Sign::OwnProgram, self.is_own_program(key, series));
            note(Sign::LittleBack, series.answered > 0 && series.comes_back_less());
        }
        let is_like_a_machine = signs.contains(&Sign::BareAddress) || signs.contains(&Sign::OddPort);
        if is_like_a_machine && !self.is_lively(key.host) {
            signs.insert(Sign::CallsLittleElse);
        }
        let name = match &key.destination {
            Destination::Name(name) => Some(name.as_str()),
            Destination::Address(_) => None,
        };
        // One host alone at a machine's rhythm is what most software is; where nobody here was ever before it is worth a line,
        // also where the program is one that everybody has (the system's own, a browser's).
        let counts = weigh(&signs, series, rhythm).is_some() || signs.contains(&Sign::OnlyHost);
        if counts && self.network.is_first_contact(name, series.ip, series.first_at) == Some(true) {
            signs.insert(Sign::FirstContact);
        }
        signs
    }

    /// Whether more than one program works at that host. What it calls itself only ever makes it more so.
    fn is_lively(&self, host: IpAddr) -> bool {
        let is_computer = || matches!(self.network.host(host).kind, Some(HostKind::Workstation | HostKind::Server));
        self.places.get(&host).is_some_and(|places| *places >= LIVELY) || is_computer()
    }

    fn is_bare(&self, key: &super::Key, series: &Series) -> bool {
        matches!(key.destination, Destination::Address(_))
            && (series.asks_for_address || self.network.sees_answers_to(key.host))
    }

    /// Whether it is one of many strangers with whom the host shares files or plays.
    fn is_peer(&self, key: &super::Key, series: &Series) -> bool {
        is_like_a_peer(key, series) && self.peers.get(&key.host).is_some_and(|peers| peers.len() >= PEERS)
    }

    /// Whether the program is seen on this host towards that place alone, while the host's other programs go to many
    /// places, and few other hosts have it: not the system's own, not a browser.
    fn is_own_program(&self, key: &super::Key, series: &Series) -> bool {
        let mut programs = series.programs.iter().peekable();
        if programs.peek().is_none() {
            return false;
        }
        let is_lonely = programs.all(|program| {
            let places = self.by_program.get(&(key.host, program.as_str())).map_or(0, BTreeSet::len);
            let hosts = self.program_hosts.get(program.as_str()).map_or(0, BTreeSet::len);
            places <= 1 && (hosts == 1 || hosts * 3 <= self.hosts)
        });
        let elsewhere: BTreeSet<&Destination> = self
            .by_program
            .range((key.host, "")..)
            .take_while(|((host, _), _)| *host == key.host)
            .filter(|((_, program), _)| !series.programs.contains(*program))
            .flat_map(|(_, places)| places.iter().copied())
            .collect();
        is_lonely && elsewhere.len() >= 3
    }
}

/// An address without a name at a port where no known service lives, of which neither an answer nor a protocol is told.
fn is_like_a_peer(key: &super::Key, series: &Series) -> bool {
    let is_stranger = matches!(key.destination, Destination::Address(_)) && !is_known_port(key.port);
    is_stranger && series.application.is_none() && series.answered == 0
}

/// A new connection at least every ten seconds, a hundred times or more, each with little in it. In a minute or two fewer
/// do, where each is a connection of its own and they are as like each other as two beats of one program.
fn is_relentless(series: &Series, rhythm: &Rhythm) -> bool {
    let received = median(&series.beats.iter().map(|beat| beat.received).collect::<Vec<_>>());
    let is_many = if rhythm.is_brief() { series.are_connections_alike() } else { rhythm.beats >= 100 };
    rhythm.period_seconds < 10.0 && is_many && received.is_some_and(|bytes| bytes < SMALL_BYTES)
}

/// Where one connection after another is what is done there: letters of a newsletter, and a program's questions to its database,
/// which has a name.
fn is_customary(key: &super::Key) -> bool {
    let is_named = matches!(key.destination, Destination::Name(_));
    is_mail_port(key.port) || is_named && matches!(key.port, 1433 | 3306 | 5432)
}

fn is_odd_port(series: &Series, port: u16) -> bool {
    match series.application {
        Some("http") => !matches!(port, 80 | 3128 | 8000 | 8008 | 8080 | 8081 | 8888),
        Some("tls") => !USUAL_PORTS.contains(&port) && !is_mail_port(port),
        None if series.untold == series.conversations => !is_known_port(port),
        _ => false,
    }
}

/// Services outside that what stands in an office calls (IANA service names, and what their makers publish): the web
/// and its proxies' tunnels, mail, files, time, calls and meetings, things, private networks, help at a distance, databases,
/// watch over machines (Zabbix, NRPE), backups of storage, games.
fn is_known_port(port: u16) -> bool {
    USUAL_PORTS.contains(&port)
        || is_mail_port(port)
        || matches!(port, 21 | 22 | 53 | 80 | 123 | 389 | 500 | 554 | 873 | 1194 | 1723 | 1883 | 1935 | 2195..=2197)
        || matches!(port, 3478..=3481 | 4500 | 5060 | 5229 | 5230 | 5269 | 5349 | 5671 | 5672 | 5938 | 6568 | 7844)
        || matches!(port, 8080 | 9418 | 19_302..=19_309 | 51_820)
        || matches!(port, 1433 | 3306 | 5432 | 5666 | 6281 | 6690 | 10_050 | 10_051)
        || matches!(port, 1119 | 3074 | 3724 | 19_132 | 25_565 | 27_015..=27_050)
}

/// Mail and push services, which poll and hold on by nature (IANA service names).
fn is_mail_port(port: u16) -> bool {
    matches!(port, 25 | 110 | 143 | 465 | 587 | 993 | 995 | 5222 | 5223 | 5228)
}
