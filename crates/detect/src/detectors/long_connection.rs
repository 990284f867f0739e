//! A connection held open for hours.
//!
//! Sees: TCP and UDP conversations of a host with the outside that last [`LONG_US`] and more, one detection a host and
//! place. By itself it is low: remote shells and tunnels last, but so do chat, mail and calls.
//! Silent: places with which several of our hosts hold long connections, and the ports of mail and push services.
//! Fooled by: a connection that is broken off and made again before that (a rhythm, which `beacon` sees).
//! Never stores: content.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Event, Flow, Handshake, Kind as Seen, Transport};

use super::{Detector, WEEK, is_time};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::{hundredths, id_of},
    network::{Direction, Network},
    table::Table,
    words,
};

const PLACES: usize = 16_384;
const LONG_US: i64 = 6 * 3_600 * 1_000_000;

#[derive(Debug)]
struct Held {
    first_at: Timestamp,
    last_at: Timestamp,
    longest_us: i64,
    count: u64,
    sent: u64,
    received: u64,
    ip: IpAddr,
    name: Option<String>,
}

pub(super) struct LongConnection {
    /// (host, registrable domain or address, port)
    held: Table<(IpAddr, String, u16), Held>,
}

impl LongConnection {
    pub(super) fn new() -> Self {
        Self { held: Table::new(PLACES) }
    }

    fn flow(&mut self, flow: &Flow, network: &Network) {
        let lasted = flow.last_at.as_microsecond().saturating_sub(flow.first_at.as_microsecond());
        let port = flow.conversation.server.port;
        let is_alive = match flow.conversation.transport {
            Transport::Tcp => !matches!(flow.handshake, Handshake::Attempted | Handshake::Refused),
            Transport::Udp => flow.received.packets > 0,
            Transport::Icmp | Transport::Other(_) => false,
        };
        if lasted < LONG_US || !is_alive || is_lasting(port) || is_time(flow) {
            return;
        }
        let Some(sides) = network.sides(&flow.conversation) else { return };
        if sides.direction == Direction::Inbound {
            return;
        }
        let name = flow.name.clone().or_else(|| network.name_of(sides.host, sides.remote.ip).map(str::to_owned));
        let place = match &name {
            Some(name) => public_suffix::domain_str(name).unwrap_or(name).to_owned(),
            None => sides.remote.ip.to_string(),
        };
        let held = self.held.touch((sides.host, place, port), || Held {
            first_at: flow.first_at,
            last_at: flow.last_at,
            longest_us: 0,
            count: 0,
            sent: 0,
            received: 0,
            ip: sides.remote.ip,
            name,
        });
        held.first_at = held.first_at.min(flow.first_at);
        held.last_at = held.last_at.max(flow.last_at);
        held.longest_us = held.longest_us.max(lasted);
        held.count += 1;
        held.sent = held.sent.saturating_add(flow.sent.bytes);
        held.received = held.received.saturating_add(flow.received.bytes);
    }
}

/// Mail, push, name and key services, which hold on by nature (IANA service names).
fn is_lasting(port: u16) -> bool {
    matches!(port, 53 | 143 | 500 | 853 | 993 | 3478..=3481 | 4500 | 5060 | 5061 | 5222 | 5223 | 5228 | 8883)
}

impl Detector for LongConnection {
    fn event(&mut self, event: &Event, network: &Network) {
        if let Seen::FlowEnded(flow) = &event.kind {
            self.flow(flow, network);
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let all = self.held.sorted();
        let mut hosts: BTreeMap<&str, BTreeSet<IpAddr>> = BTreeMap::new();
        for ((host, place, _), _) in &all {
            hosts.entry(place).or_default().insert(*host);
        }
        let is_shared = |place: &str| hosts.get(place).is_some_and(|hosts| hosts.len() >= 3);
        all.iter()
            .filter(|((_, place, _), _)| !is_shared(place))
            .map(|((host, place, port), held)| detection(*host, place, *port, held, network))
            .collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.held.age(WEEK);
    }

    fn is_nearly_full(&self) -> bool {
        self.held.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.held.dropped()
    }
}

fn detection(host: IpAddr, place: &str, port: u16, held: &Held, network: &Network) -> Detection {
    let lasted = held.longest_us as f64 / 1e6;
    let to = held.name.as_deref().unwrap_or(place);
    let (long, sent, received) = (words::duration(lasted), words::bytes(held.sent), words::bytes(held.received));
    Detection {
        id: id_of(&[Kind::LongConnection.key(), &host.to_string(), place, &port.to_string()]),
        first_at: held.first_at,
        last_at: held.last_at,
        host: network.host(host),
        kind: Kind::LongConnection,
        severity: Severity::Low,
        confidence: hundredths(1.0 - (-lasted / 86_400.0).exp()),
        technique: vec!["T1071"],
        remote: Remote { ip: Some(held.ip), port: Some(port), domain: held.name.clone() },
        evidence: BTreeMap::from([
            (
                "first_contact",
                Figure::Flag(network.is_first_contact(held.name.as_deref(), held.ip, held.first_at) == Some(true)),
            ),
            ("longest_seconds", Figure::Whole(lasted as u64)),
            ("connections", Figure::Whole(held.count)),
            ("sent_bytes", Figure::Whole(held.sent)),
            ("received_bytes", Figure::Whole(held.received)),
        ]),
        summary: Text::made(
            format!(
                "{host} hield {} lang een verbinding open met {to} (poort {port}): {} heen, {} terug. Chat en bellen doen dat, hulp op afstand ook. Kijk of u dit kent.",
                long.nl, sent.nl, received.nl
            ),
            format!(
                "{host} held a connection to {to} (port {port}) open for {}: {} out, {} back. Chat and calls do so, and so does remote support. See whether you know it.",
                long.en, sent.en, received.en
            ),
        ),
    }
}
