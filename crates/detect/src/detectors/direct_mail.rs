//! A host that brings mail to many servers outside by itself, in the clear: a spam bot.
//!
//! Sees: to how many addresses outside a host spoke SMTP at port 25, over ten minutes at a stretch. Programs hand their mail to
//! one server; a server that brings mail around takes mail as well, or encrypts what it brings wherever that is offered
//! (STARTTLS), as nearly everywhere it is.
//! Fooled by: STARTTLS, fewer than [`FEWEST`] servers in ten minutes, a relay, log-ins at others' servers. A bot of whose tries
//! none is answered is left to the scans.
//! Never stores: content; of each host at most [`SERVERS`] addresses.

use std::{collections::BTreeMap, net::IpAddr};

use facts::Text;
use jiff::{SignedDuration, Timestamp};
use wire::event::{Conversation, Event, Flow, Handshake, Kind as Seen, Transport};

use super::{DAY, Detector, MONTH, is_past};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::{hundredths, id_of},
    network::{Direction, Network, Sides},
    table::Table,
    words,
};

const HOSTS: usize = 4_096;
/// Servers counted of one host in one stretch.
const SERVERS: usize = 512;
const STRETCH: SignedDuration = SignedDuration::from_mins(10);
/// Fewer servers are an afternoon's post.
const FEWEST: usize = 50;
/// Whoever comes by the same servers again so often, and brings none of them a letter (which is longer than this), looks whether
/// they are up.
const ROUNDS: u32 = 2;
const LETTER_BYTES: u64 = 1_000;

/// Between servers (RFC 5321), and where programs hand in their mail (RFC 8314, RFC 6409).
const SMTP: u16 = 25;
const TAKING: [u16; 3] = [SMTP, 465, 587];

/// A server outside to which somebody brought mail, or tried to.
#[derive(Clone, Copy, Debug, Default)]
struct Server {
    has_spoken: bool,
    is_encrypted: bool,
    has_letter: bool,
}

#[derive(Clone, Debug)]
struct Stretch {
    first_at: Timestamp,
    last_at: Timestamp,
    servers: BTreeMap<IpAddr, Server>,
    attempts: u64,
}

impl Stretch {
    fn new(at: Timestamp) -> Self {
        Self { first_at: at, last_at: at, servers: BTreeMap::new(), attempts: 0 }
    }

    fn server(&mut self, ip: IpAddr) -> Option<&mut Server> {
        if self.servers.len() >= SERVERS && !self.servers.contains_key(&ip) {
            return None;
        }
        Some(self.servers.entry(ip).or_default())
    }

    fn count(&self, which: impl Fn(&Server) -> bool) -> usize {
        self.servers.values().filter(|server| which(server)).count()
    }

    /// Whether so many were spoken to, mostly in the clear: some turn a sender away before they greet, or are gone.
    fn is_mass(&self) -> bool {
        let encrypted = self.count(|server| server.is_encrypted);
        let plain = self.count(|server| server.has_spoken && !server.is_encrypted);
        self.servers.len() >= FEWEST && plain * 4 >= self.servers.len() && plain > encrypted * 3
    }

    /// Whether it is to the same servers as the other, and brings nothing.
    fn is_another_round(&self, other: &Self) -> bool {
        let new = self.servers.keys().filter(|ip| !other.servers.contains_key(ip)).count();
        self.servers.len() >= FEWEST && new * 5 <= self.servers.len() && self.count(|server| server.has_letter) == 0
    }

    fn is_worse_than(&self, other: &Self) -> bool {
        (self.is_mass(), self.servers.len()) > (other.is_mass(), other.servers.len())
    }
}

#[derive(Debug)]
struct Mailing {
    now: Stretch,
    worst: Option<Stretch>,
    /// Stretches after the worst, to its servers, that brought nothing.
    rounds: u32,
}

impl Mailing {
    fn is_watch(&self) -> bool {
        let Some(worst) = &self.worst else { return false };
        let rounds = self.rounds + u32::from(self.now.is_another_round(worst));
        rounds >= ROUNDS && worst.count(|server| server.has_letter) == 0
    }

    fn worst(&self) -> &Stretch {
        self.worst.as_ref().filter(|worst| !self.now.is_worse_than(worst)).unwrap_or(&self.now)
    }
}

pub(super) struct DirectMail {
    mailing: Table<IpAddr, Mailing>,
    /// Hosts that take mail.
    takers: Table<IpAddr, ()>,
}

impl DirectMail {
    pub(super) fn new() -> Self {
        Self { mailing: Table::new(HOSTS), takers: Table::new(HOSTS) }
    }

    /// The stretch of that moment, if it is not over. A conversation that nobody ends is told of long after it began.
    fn stretch(&mut self, host: IpAddr, at: Timestamp) -> Option<&mut Stretch> {
        let mailing = self.mailing.touch(host, || Mailing { now: Stretch::new(at), worst: None, rounds: 0 });
        let since = at.duration_since(mailing.now.first_at);
        if since > STRETCH {
            let over = std::mem::replace(&mut mailing.now, Stretch::new(at));
            let is_round = mailing.worst.as_ref().is_some_and(|worst| over.is_another_round(worst));
            mailing.rounds = mailing.rounds.saturating_add(u32::from(is_round));
            if mailing.worst.as_ref().is_none_or(|worst| over.is_worse_than(worst)) {
                mailing.worst = Some(over);
            }
        }
        (since >= -STRETCH).then_some(&mut mailing.now)
    }

    fn flow(&mut self, flow: &Flow, network: &Network) {
        let Conversation { transport, client, server } = flow.conversation;
        let (caller, called) = (client.ip.to_canonical(), server.ip.to_canonical());
        if transport != Transport::Tcp {
            return;
        }
        let is_answered =
            flow.received.packets > 0 && matches!(flow.handshake, Handshake::Established | Handshake::NotSeen);
        let is_ours = network.is_home(called) || !network.is_home(caller);
        if TAKING.contains(&server.port) && is_answered && is_ours && caller != called {
            self.takers.touch(called, || ());
        }
        let Some((host, remote)) = bringing(&flow.conversation, network) else { return };
        let has_spoken = flow.application == Some("smtp") && flow.received_payload > 0;
        let Some(stretch) = self.stretch(host, flow.first_at) else { return };
        stretch.first_at = stretch.first_at.min(flow.first_at);
        stretch.last_at = stretch.last_at.max(flow.first_at);
        stretch.attempts += 1;
        if let Some(server) = stretch.server(remote) {
            server.has_spoken |= has_spoken;
            server.has_letter |= flow.sent_payload > LETTER_BYTES;
        }
    }

    fn encrypts(&mut self, event: &Event, network: &Network) {
        if let Some((host, remote)) = bringing(&event.conversation, network)
            && let Some(stretch) = self.stretch(host, event.at)
            && let Some(server) = stretch.server(remote)
        {
            server.is_encrypted = true;
        }
    }
}

/// Our host and the server outside to which it brings mail.
fn bringing(conversation: &Conversation, network: &Network) -> Option<(IpAddr, IpAddr)> {
    if conversation.transport != Transport::Tcp || conversation.server.port != SMTP {
        return None;
    }
    let Sides { direction, host, remote } = network.sides(conversation)?;
    (direction == Direction::Outbound).then_some((host, remote.ip))
}

impl Detector for DirectMail {
    fn event(&mut self, event: &Event, network: &Network) {
        match &event.kind {
            Seen::TlsClient(_) => self.encrypts(event, network),
            Seen::FlowEnded(flow) => self.flow(flow, network),
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let all = self.mailing.sorted().into_iter();
        let mailing = all.filter(|(host, _)| self.takers.value(host).is_none());
        mailing
            .filter(|(_, mailing)| !mailing.is_watch())
            .map(|(host, mailing)| (*host, mailing.worst()))
            .filter(|(_, worst)| worst.is_mass())
            .map(|(host, worst)| detection(host, worst, network))
            .collect()
    }

    fn age(&mut self, now: Timestamp) {
        self.mailing.age(DAY);
        self.mailing.retain(|mailing| {
            mailing.worst = mailing.worst.take().filter(|worst| !is_past(worst.last_at, now, DAY));
            mailing.rounds = if mailing.worst.is_some() { mailing.rounds } else { 0 };
            true
        });
        self.takers.age(MONTH);
    }

    fn is_nearly_full(&self) -> bool {
        self.mailing.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.mailing.dropped() + self.takers.dropped()
    }
}

fn detection(host: IpAddr, worst: &Stretch, network: &Network) -> Detection {
    let servers = worst.servers.len();
    let silent = worst.count(|server| !server.has_spoken && !server.is_encrypted);
    let span = words::duration(worst.last_at.duration_since(worst.first_at).as_secs_f64().max(1.0));
    Detection {
        id: id_of(&[Kind::MalwareProtocol.key(), "direct_mail", &host.to_string()]),
        first_at: worst.first_at,
        last_at: worst.last_at,
        host: network.host(host),
        kind: Kind::MalwareProtocol,
        severity: Severity::Medium,
        confidence: hundredths(1.0 - (-(servers as f64) / 60.0).exp()),
        // Mail protocols (MITRE ATT&CK).
        technique: vec!["T1071.003"],
        remote: Remote { ip: worst.servers.keys().next().copied(), port: Some(SMTP), domain: None },
        evidence: BTreeMap::from([
            ("protocol", Figure::Text("direct_mail".into())),
            ("targets", Figure::Whole(servers as u64)),
            ("unanswered", Figure::Whole(silent as u64)),
            ("attempts", Figure::Whole(worst.attempts)),
            ("examples", Figure::Texts(worst.servers.keys().take(10).map(IpAddr::to_string).collect())),
        ]),
        summary: Text::made(
            format!(
                "{host} bracht in {} zelf post naar {servers} mailservers op internet, onversleuteld. Gewone programma's geven hun post aan één server; zo verstuurt kwaadaardige software spam, en daarna wordt ook uw eigen post geweigerd. Zoek het programma dat dit doet; kent niemand het, haal het apparaat van het netwerk. Laat poort 25 naar buiten alleen toe voor uw mailserver.",
                span.nl
            ),
            format!(
                "{host} brought mail by itself to {servers} mail servers on the internet in {}, unencrypted. Ordinary programs hand their mail to one server; that is how malicious software sends spam, after which your own mail is refused as well. Find the program that does this; if nobody knows it, take the device off the network. Allow port 25 to the outside for your mail server alone.",
                span.en
            ),
        ),
    }
}
