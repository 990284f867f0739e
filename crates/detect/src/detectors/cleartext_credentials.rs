//! Log-ins that cross the network readable.
//!
//! Sees: every log-in with a secret that `wire` could read: mail, files, web, directories, consoles, proxies. One
//! detection a host, destination and protocol, with counts; of more than [`MANY`] destinations that weigh the same, one for
//! all. Log-ins without a secret (anonymous FTP, `public` in SNMP) are none, nor are those that hash, challenge or encrypt.
//! Fooled by: a tunnel around it (then nobody reads it, and neither do we), protocols that we do not know, a secret in a
//! field with an odd name. Cannot tell a secret that matters from one that does not: so what stays inside is low.
//! Never stores: the secret, or anything made from it; the account only masked.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Endpoint, Event, Kind as Seen, Login, LoginOutcome};

use super::{Detector, WEEK, asked::Asked};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::id_of,
    network::{Direction, Network},
    table::Table,
    words,
};

const PLACES: usize = 16_384;

/// Accounts told apart at one place.
const MAX_ACCOUNTS: usize = 64;

/// Destinations of one host that are told each by itself.
const MANY: usize = 5;

/// Destinations that are named where they are told together.
const NAMED: usize = 10;

/// Protocols in which devices log in, with words of their own.
const DEVICES: [&str; 2] = ["mqtt", "snmp"];

/// Where the log-ins go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// From us to the internet.
    Out,
    /// From the internet to us.
    In,
    /// They stay inside.
    Inside,
}

impl Way {
    fn key(self) -> &'static str {
        match self {
            Self::Out => "outbound",
            Self::In => "inbound",
            Self::Inside => "inside",
        }
    }
}

#[derive(Clone, Debug)]
struct Place {
    first_at: Timestamp,
    last_at: Timestamp,
    way: Way,
    port: u16,
    asked: Asked,
    mechanisms: BTreeSet<&'static str>,
    /// The first one, masked.
    account: Option<String>,
    accounts: BTreeSet<u64>,
    logins: u64,
    accepted: u64,
    refused: u64,
}

impl Place {
    fn is_refused(&self) -> bool {
        self.refused == self.logins
    }

    fn joined(mut self, other: Self) -> Self {
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
        self.asked.join(other.asked);
        self.mechanisms.extend(other.mechanisms);
        self.account = self.account.or(other.account);
        self.accounts.extend(other.accounts);
        self.logins += other.logins;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self
    }
}

#[derive(Debug)]
pub(super) struct CleartextCredentials {
    /// By our host, the other side, and the protocol.
    places: Table<(IpAddr, IpAddr, &'static str), Place>,
}

impl CleartextCredentials {
    pub(super) fn new() -> Self {
        Self { places: Table::new(PLACES) }
    }

    fn login(&mut self, event: &Event, login: &Login, network: &Network) {
        let (client, server) = (event.conversation.client, event.conversation.server);
        let (host, remote, way) = match network.sides(&event.conversation) {
            Some(sides) if sides.direction == Direction::Outbound => (sides.host, server, Way::Out),
            Some(sides) => (sides.host, Endpoint { port: server.port, ..sides.remote }, Way::In),
            None => (client.ip.to_canonical(), server, Way::Inside),
        };
        let key = (host, remote.ip.to_canonical(), login.protocol);
        let place = self.places.touch(key, || Place {
            first_at: event.at,
            last_at: event.at,
            way,
            port: remote.port,
            asked: Asked::default(),
            mechanisms: BTreeSet::new(),
            account: None,
            accounts: BTreeSet::new(),
            logins: 0,
            accepted: 0,
            refused: 0,
        });
        place.first_at = place.first_at.min(event.at);
        place.last_at = place.last_at.max(event.at);
        place.logins += 1;
        place.accepted += u64::from(login.outcome == LoginOutcome::Accepted);
        place.refused += u64::from(login.outcome == LoginOutcome::Refused);
        // What outsiders ask for is ours.
        if way != Way::In {
            place.asked.hear(login.name.as_ref());
        }
        place.mechanisms.insert(login.mechanism);
        if place.account.is_none() {
            place.account.clone_from(&login.account);
        }
        if login.account.is_some() && place.accounts.len() < MAX_ACCOUNTS {
            place.accounts.insert(login.account_key);
        }
    }
}

impl Detector for CleartextCredentials {
    fn event(&mut self, event: &Event, network: &Network) {
        if let Seen::Login(login) = &event.kind
            && login.is_readable
            && login.has_secret
        {
            self.login(event, login, network);
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let mut alike: BTreeMap<_, Vec<(IpAddr, &Place)>> = BTreeMap::new();
        for ((host, remote, protocol), place) in self.places.sorted() {
            let about = (*host, *protocol, place.way, severity(protocol, place));
            alike.entry(about).or_default().push((*remote, place));
        }
        alike.into_iter().flat_map(|((host, protocol, ..), places)| told(host, protocol, &places, network)).collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.places.age(WEEK);
    }

    fn is_nearly_full(&self) -> bool {
        self.places.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.places.dropped()
    }
}

/// A detection for each place, or one for all where they are many: somebody goes by them all with the same words.
fn told(host: IpAddr, protocol: &'static str, places: &[(IpAddr, &Place)], network: &Network) -> Vec<Detection> {
    // Of devices' words alone, with which networks are gone through: an exception for a name or a network covers what is told
    // of one place.
    if places.len() <= MANY || !DEVICES.contains(&protocol) {
        let one = |(remote, place): &(IpAddr, &Place)| detection(host, &[*remote], protocol, place, network);
        return places.iter().map(one).collect();
    }
    let remotes: Vec<IpAddr> = places.iter().map(|(remote, _)| *remote).collect();
    let all = places.iter().map(|(_, place)| Place::clone(place)).reduce(Place::joined);
    all.iter().map(|all| detection(host, &remotes, protocol, all, network)).collect()
}

/// What was refused is often the right secret with a slip in it, but nothing was opened with it. Devices' own words open a
/// device, not somebody's mail.
fn severity(protocol: &str, place: &Place) -> Severity {
    if place.way == Way::Inside || place.is_refused() || DEVICES.contains(&protocol) {
        Severity::Low
    } else {
        Severity::Medium
    }
}

fn detection(host: IpAddr, remotes: &[IpAddr], protocol: &'static str, place: &Place, network: &Network) -> Detection {
    let severity = severity(protocol, place);
    let called = |remote: &IpAddr| network.name_of(host, *remote).map_or_else(|| remote.to_string(), str::to_owned);
    let mut evidence = crate::Evidence::from([
        ("protocol", Figure::Text(protocol.into())),
        ("mechanisms", Figure::Texts(place.mechanisms.iter().map(|name| (*name).to_owned()).collect())),
        ("direction", Figure::Text(place.way.key().into())),
        ("logins", Figure::Whole(place.logins)),
        ("accepted", Figure::Whole(place.accepted)),
        ("refused", Figure::Whole(place.refused)),
        ("accounts", Figure::Whole(place.accounts.len() as u64)),
    ]);
    if let Some(account) = &place.account {
        evidence.insert("account_masked", Figure::Text(account.clone()));
    }
    let (about, remote, to) = match remotes {
        [remote] => {
            let domain = place.asked.name().or_else(|| network.name_of(host, *remote)).map(str::to_owned);
            let port = (place.port > 0).then_some(place.port);
            let to = domain.clone().unwrap_or_else(|| remote.to_string());
            let to = Text::made(to.clone(), to);
            (remote.to_string(), Remote { ip: Some(*remote), port, domain }, to)
        }
        many => {
            let count = many.len();
            evidence.insert("destinations", Figure::Whole(count as u64));
            evidence.insert("examples", Figure::Texts(many.iter().take(NAMED).map(called).collect()));
            let to = Text::made(format!("{count} adressen"), format!("{count} addresses"));
            let mut names = many.iter().map(|remote| network.name_of(host, *remote));
            let shared = names.next().flatten().filter(|name| names.all(|other| other == Some(*name)));
            let remote = Remote { domain: shared.map(str::to_owned), ..Remote::default() };
            (format!("{} {}", place.way.key(), severity.key()), remote, to)
        }
    };
    Detection {
        id: id_of(&[Kind::CleartextCredentials.key(), &host.to_string(), &about, protocol]),
        first_at: place.first_at,
        last_at: place.last_at,
        host: network.host(host),
        kind: Kind::CleartextCredentials,
        severity,
        confidence: match (place.accepted > 0, place.is_refused()) {
            (true, _) => 0.95,
            (false, true) => 0.7,
            (false, false) => 0.85,
        },
        technique: vec!["T1040"],
        summary: summary(host, &to, remote.ip.is_some(), protocol, place),
        remote,
        evidence,
    }
}

/// `to` one place, or to many.
fn summary(host: IpAddr, to: &Text, is_one: bool, protocol: &str, place: &Place) -> Text {
    let Text { nl: to_nl, en: to_en } = to;
    let name = protocol_name(protocol);
    let times = words::times(place.logins);
    let (as_nl, as_en) = match (&place.account, place.accounts.len()) {
        (Some(account), 1) => (format!(", als {account}"), format!(", as {account}")),
        (Some(_), count) => (format!(", met {count} namen"), format!(", with {count} names")),
        _ => (String::new(), String::new()),
    };
    let (secret, it, change) = if words::are_tokens(place.mechanisms.iter().copied()) {
        (
            Text::new("De sleutel waarmee dat gaat (een token)", "The key by which that is done (a token)"),
            Text::new("de sleutel waarmee dat gaat (een token)", "the key by which that is done (a token)"),
            Text::new("Trek die sleutel in", "Revoke that key"),
        )
    } else {
        (
            Text::new("Het wachtwoord", "The password"),
            Text::new("het wachtwoord", "the password"),
            Text::new("Verander het wachtwoord", "Change the password"),
        )
    };
    let (nl, en) = match place.way {
        Way::Out => (
            format!(
                "{host} meldt zich bij {to_nl} aan over {name} zonder versleuteling ({}{as_nl}). {} gaat leesbaar over internet. \
                 {}, en zet bij deze dienst versleuteling (TLS) aan of kies een dienst die dat kan.",
                times.nl, secret.nl, change.nl
            ),
            format!(
                "{host} logs in to {to_en} over {name} without encryption ({}{as_en}). {} crosses the internet readable. \
                 {}, and switch on encryption (TLS) for this service or choose one that has it.",
                times.en, secret.en, change.en
            ),
        ),
        Way::In => (
            format!(
                "Van buiten ({to_nl}) meldt iemand zich over {name} zonder versleuteling aan op {host} ({}{as_nl}). {} gaat leesbaar \
                 over internet. {}, en laat {host} van buiten alleen versleutelde verbindingen aannemen.",
                times.nl, secret.nl, change.nl
            ),
            format!(
                "Somebody outside ({to_en}) logs in to {host} over {name} without encryption ({}{as_en}). {} crosses the internet \
                 readable. {}, and let {host} take only encrypted connections from outside.",
                times.en, secret.en, change.en
            ),
        ),
        Way::Inside => {
            let (do_nl, do_en) = if is_one {
                (format!("Zet versleuteling aan op {to_nl}."), format!("Switch on encryption on {to_en}."))
            } else {
                ("Zet daar versleuteling aan.".to_owned(), "Switch on encryption there.".to_owned())
            };
            (
                format!(
                    "{host} meldt zich bij {to_nl} aan over {name} zonder versleuteling, binnen het eigen netwerk ({}{as_nl}). Wie op het netwerk \
                     meeluistert leest {}. {do_nl}",
                    times.nl, it.nl
                ),
                format!(
                    "{host} logs in to {to_en} over {name} without encryption, within the own network ({}{as_en}). Whoever listens on the network \
                     reads {}. {do_en}",
                    times.en, it.en
                ),
            )
        }
    };
    Text::made(nl, en)
}

/// As people write it.
pub(super) fn protocol_name(protocol: &str) -> String {
    match protocol {
        "telnet" => "Telnet".into(),
        "redis" => "Redis".into(),
        "sieve" => "ManageSieve".into(),
        "tds" => "SQL Server (TDS)".into(),
        "kerberos" => "Kerberos".into(),
        other => other.to_ascii_uppercase(),
    }
}
