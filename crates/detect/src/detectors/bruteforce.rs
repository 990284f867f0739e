//! Log-ins tried again and again.
//!
//! Sees: log-ins that a server refused (mail, files, web, directories, consoles, screens), for SSH those told by their
//! shape; and where no answer can be read (web forms, RDP), how many there are. By who tries, over all they try; and by
//! whom is tried, over all who do: a few tries each from many places are one attack as well.
//! Fooled by: one try an hour from one place, a password that was known, protocols whose log-ins are encrypted (IMAP
//! over TLS and the like), servers that answer "welcome" to all.
//! Innocent: a telephone with last year's password tries one account every few minutes; somebody who forgot theirs tries
//! five times. What an outsider tries on a server of ours without success is what every server sees: low.
//! Never stores: secrets; of accounts a number to count them by.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Event, Kind as Seen, Login, LoginOutcome};

use super::{DAY, Detector, WEEK, cleartext_credentials::protocol_name, is_past};
use crate::{Detection, Figure, Kind, Remote, Severity, finding::id_of, network::Network, table::Table, words};

const SERIES: usize = 16_384;

/// Tries within this many microseconds are weighed together.
const WINDOW: i64 = 5 * 60 * 1_000_000;

/// The same for what comes from many places.
const LONG_WINDOW: i64 = 24 * 3600 * 1_000_000;

/// Refusals within [`WINDOW`] from which it is no mistake any more; fewer where many accounts or servers are tried.
const MANY: u64 = 20;
const MANY_OF_SEVERAL: u64 = 10;
const SEVERAL: usize = 5;

/// Tries whose outcome cannot be read.
const MANY_UNKNOWN: u64 = 30;

/// Refusals within [`WINDOW`] that only a program makes.
const VERY_MANY: u64 = 100;

/// Tries counted of one connection: who has many keys shows them all, and is refused as often.
const MAX_OF_CONNECTION: u64 = 6;

/// Connections within [`WINDOW`] below which it is no attack, where one holds several tries.
const MANY_CONNECTIONS: usize = 4;

/// Places from which one server is tried, and refusals from all of them together.
const MANY_PLACES: usize = 10;
const MANY_FROM_PLACES: u64 = 30;

/// How much is remembered of one series.
const MAX_RECENT: usize = 512;
const MAX_SET: usize = 256;

#[derive(Debug)]
struct Series {
    first_at: Timestamp,
    last_at: Timestamp,
    recent: VecDeque<(Timestamp, u64)>,
    in_window: u64,
    /// The most within the window at any time.
    peak: u64,
    refused: u64,
    unknown: u64,
    accounts: BTreeSet<u64>,
    /// The others, with how often each was tried; and the port of the first.
    others: BTreeMap<IpAddr, u64>,
    port: u16,
    /// Somebody got in after many refusals.
    broken_in: Option<(Timestamp, IpAddr)>,
}

impl Series {
    fn new(at: Timestamp, port: u16) -> Self {
        Self {
            first_at: at,
            last_at: at,
            recent: VecDeque::new(),
            in_window: 0,
            peak: 0,
            refused: 0,
            unknown: 0,
            accounts: BTreeSet::new(),
            others: BTreeMap::new(),
            port,
            broken_in: None,
        }
    }

    fn tried(&mut self, at: Timestamp, other: IpAddr, login: &Login, window: i64) {
        let tries = u64::from(login.tries).min(MAX_OF_CONNECTION);
        self.first_at = self.first_at.min(at);
        self.last_at = self.last_at.max(at);
        match login.outcome {
            LoginOutcome::Refused => self.refused += tries,
            LoginOutcome::Unknown | LoginOutcome::Accepted => self.unknown += tries,
        }
        let is_old = |then: Timestamp| at.as_microsecond().abs_diff(then.as_microsecond()) > window.unsigned_abs();
        while self.recent.len() >= MAX_RECENT || self.recent.front().is_some_and(|(then, _)| is_old(*then)) {
            let Some((_, tries)) = self.recent.pop_front() else { break };
            self.in_window -= tries;
        }
        self.recent.push_back((at, tries));
        self.in_window += tries;
        if self.recent.len() >= MANY_CONNECTIONS {
            self.peak = self.peak.max(self.in_window);
        }
        if login.account.is_some() && self.accounts.len() < MAX_SET {
            self.accounts.insert(login.account_key);
        }
        if self.others.len() < MAX_SET || self.others.contains_key(&other) {
            *self.others.entry(other).or_default() += tries;
        }
    }

    /// Whether so much was refused just before that this success was guessed.
    fn accepted(&mut self, at: Timestamp, other: IpAddr, enough: u64) {
        let since = self.recent.back().map(|(then, _)| at.as_microsecond().abs_diff(then.as_microsecond()));
        let is_soon = since.is_some_and(|since| since <= WINDOW.unsigned_abs());
        if is_soon && self.in_window >= enough && self.others.contains_key(&other) {
            self.broken_in = self.broken_in.or(Some((at, other)));
        }
    }

    fn is_attack_by_one(&self) -> bool {
        if self.refused == 0 {
            return self.peak >= MANY_UNKNOWN;
        }
        let is_wide = self.accounts.len() >= SEVERAL || self.others.len() >= SEVERAL;
        self.peak >= if is_wide { MANY_OF_SEVERAL } else { MANY }
    }

    fn is_attack_by_many(&self) -> bool {
        self.others.len() >= MANY_PLACES && self.peak >= MANY_FROM_PLACES
    }
}

#[derive(Debug)]
pub(super) struct Bruteforce {
    /// By who tries, and the protocol; kept apart by which way it goes.
    by_client: Table<(IpAddr, &'static str), Series>,
    /// By whom is tried.
    by_server: Table<(IpAddr, &'static str), Series>,
}

impl Bruteforce {
    pub(super) fn new() -> Self {
        Self { by_client: Table::new(SERIES), by_server: Table::new(SERIES) }
    }

    fn login(&mut self, event: &Event, login: &Login) {
        let client = event.conversation.client.ip.to_canonical();
        let server = event.conversation.server.ip.to_canonical();
        let port = event.conversation.server.port;
        let (by, to) = ((client, login.protocol), (server, login.protocol));
        if login.outcome == LoginOutcome::Accepted {
            // Only who was refused before is of interest; no entry is made for others.
            if self.by_client.value(&by).is_some() {
                self.by_client.touch(by, || Series::new(event.at, port)).accepted(event.at, server, MANY_OF_SEVERAL);
            }
            return;
        }
        if login.outcome == LoginOutcome::Unknown
            && !matches!((login.protocol, login.mechanism), ("rdp", _) | ("http", "form"))
        {
            return;
        }
        self.by_client.touch(by, || Series::new(event.at, port)).tried(event.at, server, login, WINDOW);
        if login.outcome == LoginOutcome::Refused {
            self.by_server.touch(to, || Series::new(event.at, port)).tried(event.at, client, login, LONG_WINDOW);
        }
    }
}

impl Detector for Bruteforce {
    fn event(&mut self, event: &Event, _network: &Network) {
        if let Seen::Login(login) = &event.kind
            && login.has_secret
        {
            self.login(event, login);
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let by_one = self.by_client.sorted().into_iter().filter(|(_, series)| series.is_attack_by_one());
        let mut findings: Vec<Detection> =
            by_one.map(|((client, protocol), series)| of_client(*client, protocol, series, network)).collect();
        let by_many = self.by_server.sorted().into_iter().filter(|(_, series)| series.is_attack_by_many());
        findings.extend(by_many.map(|((server, protocol), series)| of_server(*server, protocol, series, network)));
        findings
    }

    fn age(&mut self, now: Timestamp) {
        self.by_client.age(DAY);
        self.by_server.age(2 * DAY);
        // Its worst window was told; whether it is an attack still, the next days say.
        self.by_client.retain(|series| !is_past(series.first_at, now, WEEK));
        self.by_server.retain(|series| !is_past(series.first_at, now, WEEK));
    }

    fn is_nearly_full(&self) -> bool {
        self.by_client.is_nearly_full() || self.by_server.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.by_client.dropped() + self.by_server.dropped()
    }
}

fn of_client(client: IpAddr, protocol: &'static str, series: &Series, network: &Network) -> Detection {
    let most_tried = series.others.iter().max_by_key(|(_, tries)| **tries).map(|(ip, _)| *ip);
    let target = series.broken_in.map(|(_, ip)| ip).or(most_tried).unwrap_or(client);
    let is_inbound = !network.is_home(client) && network.is_home(target);
    let (host, remote) = if is_inbound { (target, client) } else { (client, target) };
    let severity = match (is_inbound, series.broken_in.is_some()) {
        (_, true) => Severity::High,
        (true, false) => Severity::Low,
        (false, false) if series.peak >= VERY_MANY && series.refused > 0 => Severity::High,
        (false, false) => Severity::Medium,
    };
    let direction = if is_inbound {
        "inbound"
    } else if network.is_home(target) {
        "inside"
    } else {
        "outbound"
    };
    let name = protocol_name(protocol);
    let tries = words::times(series.refused + series.unknown);
    let span =
        words::duration((series.last_at.as_microsecond() - series.first_at.as_microsecond()).max(0) as f64 / 1e6);
    let count = series.others.len();
    let (where_nl, where_en) = if count > 1 {
        (format!("{count} apparaten"), format!("{count} devices"))
    } else {
        (target.to_string(), target.to_string())
    };
    let (in_nl, in_en) = if series.broken_in.is_some() {
        (
            format!(" Daarna lukte het op {target}: ga ervan uit dat het wachtwoord is geraden."),
            format!(" Then it worked on {target}: assume that the password was guessed."),
        )
    } else {
        (String::new(), String::new())
    };
    let (do_nl, do_en) = if is_inbound {
        (
            format!(
                "Sluit {name} van buiten af, of laat alleen bekende adressen toe; gebruik sterke wachtwoorden met een tweede factor."
            ),
            format!(
                "Close {name} to the outside, or let in known addresses only; use strong passwords with a second factor."
            ),
        )
    } else {
        (
            format!(
                "Een mens doet dat niet: kijk welk programma op {client} dit doet, en haal het apparaat van het netwerk als u het niet kent."
            ),
            format!(
                "No person does that: see which program on {client} does this, and take the device off the network if you do not know it."
            ),
        )
    };
    let summary = Text::made(
        format!(
            "{client} probeerde {} in {} vergeefs aan te melden bij {where_nl} over {name}.{in_nl} {do_nl}",
            tries.nl, span.nl
        ),
        format!(
            "{client} tried {} in {} to log in to {where_en} over {name}, in vain.{in_en} {do_en}",
            tries.en, span.en
        ),
    );
    let domain = if is_inbound { None } else { network.name_of(host, remote).map(str::to_owned) };
    detection(
        host,
        Remote { ip: Some(remote), port: Some(series.port), domain },
        protocol,
        ("one", client),
        direction,
        series,
        severity,
        summary,
        network,
    )
}

/// Many places try one server. Without success this is what every server on the internet sees.
fn of_server(server: IpAddr, protocol: &'static str, series: &Series, network: &Network) -> Detection {
    let is_from_home = series.others.keys().all(|ip| network.is_home(*ip));
    let name = protocol_name(protocol);
    let (count, tries) = (series.others.len(), words::times(series.refused));
    let summary = Text::made(
        format!(
            "Van {count} plaatsen is {} vergeefs geprobeerd op {server} aan te melden over {name}. Sluit {name} van buiten af, of laat alleen \
             bekende adressen toe; gebruik sterke wachtwoorden met een tweede factor.",
            tries.nl
        ),
        format!(
            "From {count} places somebody tried {} in vain to log in to {server} over {name}. Close {name} to the outside, or let in known \
             addresses only; use strong passwords with a second factor.",
            tries.en
        ),
    );
    let severity = if is_from_home { Severity::Medium } else { Severity::Low };
    let direction = if is_from_home { "inside" } else { "inbound" };
    let remote = Remote { ip: None, port: Some(series.port), domain: None };
    detection(server, remote, protocol, ("many", server), direction, series, severity, summary, network)
}

#[expect(clippy::too_many_arguments, reason = "what the two kinds of attack have in common")]
fn detection(
    host: IpAddr,
    remote: Remote,
    protocol: &'static str,
    (by, whose): (&'static str, IpAddr),
    direction: &'static str,
    series: &Series,
    severity: Severity,
    summary: Text,
    network: &Network,
) -> Detection {
    Detection {
        id: id_of(&[Kind::Bruteforce.key(), &whose.to_string(), protocol, by]),
        first_at: series.first_at,
        last_at: series.broken_in.map_or(series.last_at, |(at, _)| at.max(series.last_at)),
        host: network.host(host),
        kind: Kind::Bruteforce,
        severity,
        confidence: if series.refused > 0 { 0.9 } else { 0.6 },
        technique: vec![if series.accounts.len() >= SEVERAL { "T1110.003" } else { "T1110.001" }],
        remote,
        evidence: crate::Evidence::from([
            ("protocol", Figure::Text(protocol.into())),
            ("direction", Figure::Text(direction.into())),
            ("refused", Figure::Whole(series.refused)),
            ("outcome_unknown", Figure::Whole(series.unknown)),
            ("most_in_window", Figure::Whole(series.peak)),
            ("accounts", Figure::Whole(series.accounts.len() as u64)),
            ("other_hosts", Figure::Whole(series.others.len() as u64)),
            ("succeeded_after", Figure::Flag(series.broken_in.is_some())),
        ]),
        summary,
    }
}
