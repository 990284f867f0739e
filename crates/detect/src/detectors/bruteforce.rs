//! Log-ins tried again and again.
//!
//! Sees: log-ins that a server refused (mail, files, web, directories, Windows, consoles, screens), for SSH those told by
//! their shape; and where no answer can be read (web forms, RDP), how many there are, and whether a long session follows. By
//! who tries, over all they try; and by whom is tried, over all who do: a few tries each from many places are one attack as
//! well.
//! Fooled by: one try an hour from one place, a password that was known, protocols whose log-ins are encrypted (IMAP
//! over TLS and the like), servers that answer "welcome" to all.
//! Innocent: a telephone with last year's password tries one account every few minutes; somebody who forgot theirs tries
//! five times. A Windows machine tries an old password without an end: one account or a few are low. What an outsider tries
//! on a server of ours without success is what every server sees: low.
//! Never stores: secrets; of accounts a number to count them by.

mod series;

use std::net::{IpAddr, Ipv4Addr};

use facts::Text;
use jiff::{SignedDuration, Timestamp};
use wire::event::{Event, Flow, Kind as Seen, Login, LoginOutcome};

use self::series::{LONG_WINDOW, MANY_OF_SEVERAL, SEVERAL, Series, VERY_MANY, WINDOW, is_windows};
use super::{DAY, Detector, WEEK, cleartext_credentials::protocol_name, is_past};
use crate::{Detection, Figure, Kind, Remote, Severity, finding::id_of, network::Network, table::Table, words};

const SERIES: usize = 16_384;

/// What only goes on for so long, and brings so much, once one is let in.
const STAY: SignedDuration = SignedDuration::from_mins(3);
const STAY_BYTES: u64 = 300_000;

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

    fn login(&mut self, event: &Event, login: &Login, network: &Network) {
        let client = event.conversation.client.ip.to_canonical();
        let server = event.conversation.server.ip.to_canonical();
        let port = event.conversation.server.port;
        let (by, to) = ((client, login.protocol), (server, login.protocol));
        let new = || Series::new(event.at, port, login.protocol);
        if login.outcome == LoginOutcome::Accepted {
            // Only who was refused before is of interest; no entry is made for others.
            if self.by_client.value(&by).is_some() {
                self.by_client.touch(by, new).accepted(event.at, server, login, MANY_OF_SEVERAL);
            }
            return;
        }
        if login.outcome == LoginOutcome::Unknown
            && !matches!((login.protocol, login.mechanism), ("rdp", _) | ("http", "form"))
        {
            return;
        }
        let series = self.by_client.touch(by, new);
        series.tried(event.at, server, login, WINDOW);
        series.asked.hear(login.name.as_ref());
        // Everybody at home mistypes theirs at the one server that keeps the accounts.
        let is_everyday = is_windows(login.protocol) && network.is_home(client);
        if login.outcome == LoginOutcome::Refused && !is_everyday {
            self.by_server.touch(to, new).tried(event.at, client, login, LONG_WINDOW);
        }
    }

    /// Who is turned away is so at once: a long session is that of somebody who got in, whatever is encrypted in it.
    fn flow(&mut self, flow: &Flow, network: &Network) {
        let Some(protocol @ ("rdp" | "ssh")) = flow.application else { return };
        let is_long = flow.last_at.duration_since(flow.first_at) >= STAY && flow.received_payload >= STAY_BYTES;
        let client = flow.conversation.client.ip.to_canonical();
        if !is_long {
            return;
        }
        let server = flow.conversation.server.ip.to_canonical();
        let is_stranger = !network.is_home(client);
        let mut known_since = flow.first_at;
        if let Some(series) = self.by_client.known(&(client, protocol)) {
            known_since = known_since.min(series.first_at);
            // At home some look every few seconds whether a machine is there, and then work on it.
            if is_stranger || series.peak >= VERY_MANY {
                series.stayed(flow.first_at, server);
            }
        }
        // Of whoever comes from elsewhere nothing says that they guessed: the owner may be away from home. Of SSH a success
        // is seen where it happens.
        if let IpAddr::V4(client) = client
            && is_stranger
            && protocol == "rdp"
        {
            for beside in neighbours(client) {
                if let Some(series) = self.by_client.known(&(beside, protocol)) {
                    series.stayed_beside(known_since, flow.first_at, server);
                }
            }
        }
    }
}

/// The other addresses of its network of 256, which is what a rented machine moves within.
fn neighbours(ip: Ipv4Addr) -> impl Iterator<Item = IpAddr> {
    let [a, b, c, own] = ip.octets();
    (0..=u8::MAX).filter(move |last| *last != own).map(move |last| IpAddr::from([a, b, c, last]))
}

impl Detector for Bruteforce {
    fn event(&mut self, event: &Event, network: &Network) {
        match &event.kind {
            Seen::Login(login) if login.has_secret => self.login(event, login, network),
            Seen::FlowEnded(flow) => self.flow(flow, network),
            _ => {}
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
    let target = series.broken_in().map(|(_, ip)| ip).or(most_tried).unwrap_or(client);
    let is_inbound = !network.is_home(client) && network.is_home(target);
    let (host, remote) = if is_inbound { (target, client) } else { (client, target) };
    let is_retry = !is_inbound && series.is_retry();
    let severity = match (is_inbound, series.broken_in().is_some()) {
        _ if is_retry => Severity::Low,
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
    let asked = series.asked.name().filter(|_| count == 1);
    let domain = if is_inbound { None } else { asked.or_else(|| network.name_of(host, remote)).map(str::to_owned) };
    let (where_nl, where_en) = if count > 1 {
        (format!("{count} apparaten"), format!("{count} devices"))
    } else {
        let called = domain.clone().unwrap_or_else(|| target.to_string());
        (called.clone(), called)
    };
    let (in_nl, in_en) = if series.broken_in().is_some() && !is_retry {
        (
            format!(" Daarna lukte het op {target}: ga ervan uit dat het wachtwoord is geraden."),
            format!(" Then it worked on {target}: assume that the password was guessed."),
        )
    } else {
        (String::new(), String::new())
    };
    let (do_nl, do_en) = if is_retry {
        (
            format!(
                "Waarschijnlijk bewaart {client} een oud wachtwoord, voor een netwerkschijf, een taak of een scan naar een map: vul daar het \
                 nieuwe in. Kent niemand het programma, laat {client} dan nakijken."
            ),
            format!(
                "Probably {client} keeps an old password, for a network drive, a task or scans to a folder: enter the new one there. \
                 If nobody knows the program, have {client} looked at."
            ),
        )
    } else if is_inbound {
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
        last_at: series.broken_in().map_or(series.last_at, |(at, _)| at.max(series.last_at)),
        host: network.host(host),
        kind: Kind::Bruteforce,
        severity,
        confidence: if series.refused > 0 && !series.is_retry() { 0.9 } else { 0.6 },
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
            ("succeeded_after", Figure::Flag(series.broken_in().is_some())),
        ]),
        summary,
    }
}
