//! Data carried in pings.
//!
//! Sees: echo messages that hold whole IP packets, replies with other data than their request's (a ping's reply repeats
//! them), and requests whose data change from one to the next as a system's own never do.
//! Fooled by: a tunnel that imitates a system's ping and hides a few bytes where the time stands, or in the identifiers; a
//! capture that keeps less than the packets.
//! Never stores: what was carried; how much, how often, between whom.

use std::{collections::BTreeMap, net::IpAddr};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Event, FlowId, IcmpEcho, Kind as Seen};

use super::{DAY, Detector, is_past};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::{hundredths, id_of},
    network::{Direction, Network},
    table::Table,
    words,
};

const PAIRS: usize = 16_384;
/// A monitor's pings may differ now and then; more than so many are no accident.
const FEW: u64 = 8;
const MANY: u64 = 64;
/// Fewer bytes in all carry nothing of weight.
const LITTLE_BYTES: u64 = 2_000;

#[derive(Debug)]
struct Pair {
    first_at: Timestamp,
    last_at: Timestamp,
    flow: FlowId,
    /// Of conversations that are over, and of the one that runs.
    before: IcmpEcho,
    now: IcmpEcho,
}

impl Pair {
    fn all(&self) -> IcmpEcho {
        sum(self.before, self.now)
    }
}

fn sum(a: IcmpEcho, b: IcmpEcho) -> IcmpEcho {
    IcmpEcho {
        requests: a.requests.saturating_add(b.requests),
        replies: a.replies.saturating_add(b.replies),
        data_bytes: a.data_bytes.saturating_add(b.data_bytes),
        carrying_ip: a.carrying_ip.saturating_add(b.carrying_ip),
        altered: a.altered.saturating_add(b.altered),
        varying: a.varying.saturating_add(b.varying),
    }
}

pub(super) struct IcmpTunnel {
    /// (our host, the other side)
    pairs: Table<(IpAddr, IpAddr), Pair>,
}

impl IcmpTunnel {
    pub(super) fn new() -> Self {
        Self { pairs: Table::new(PAIRS) }
    }
}

impl Detector for IcmpTunnel {
    fn event(&mut self, event: &Event, network: &Network) {
        let Seen::IcmpEcho(echo) = &event.kind else { return };
        let client = event.conversation.client.ip.to_canonical();
        let server = event.conversation.server.ip.to_canonical();
        let is_inbound = network.sides(&event.conversation).is_some_and(|sides| sides.direction == Direction::Inbound);
        let (host, remote) = if is_inbound { (server, client) } else { (client, server) };
        let pair = self.pairs.touch((host, remote), || Pair {
            first_at: event.at,
            last_at: event.at,
            flow: event.flow,
            before: IcmpEcho::default(),
            now: IcmpEcho::default(),
        });
        if pair.flow != event.flow {
            pair.before = pair.all();
            pair.flow = event.flow;
        }
        pair.now = *echo;
        pair.first_at = pair.first_at.min(event.at);
        pair.last_at = pair.last_at.max(event.at);
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        self.pairs.sorted().into_iter().filter_map(|(pair, seen)| judge(*pair, seen, network)).collect()
    }

    fn age(&mut self, now: Timestamp) {
        self.pairs.age(DAY);
        // Told by then; a monitor's rare mishaps do not add up for ever.
        self.pairs.retain(|pair| !is_past(pair.first_at, now, DAY));
    }

    fn is_nearly_full(&self) -> bool {
        self.pairs.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.pairs.dropped()
    }
}

fn weigh(echo: &IcmpEcho) -> Option<Severity> {
    let is_much = echo.data_bytes >= LITTLE_BYTES;
    match echo {
        IcmpEcho { carrying_ip: MANY.., .. } => Some(Severity::High),
        IcmpEcho { carrying_ip: 4.., .. } => Some(Severity::Medium),
        IcmpEcho { altered: MANY.., varying: MANY.., .. } if is_much => Some(Severity::High),
        IcmpEcho { altered: FEW.., .. } if is_much => Some(Severity::Medium),
        // One-way: what goes out changes all the time, and is more than a payload of the usual size.
        IcmpEcho { varying: MANY.., .. } if echo.data_bytes >= LITTLE_BYTES * 5 => Some(Severity::Medium),
        _ => None,
    }
}

fn judge((host, remote): (IpAddr, IpAddr), pair: &Pair, network: &Network) -> Option<Detection> {
    let echo = pair.all();
    let severity = weigh(&echo)?;
    let carried = words::bytes(echo.data_bytes);
    let (what_nl, what_en) = if echo.carrying_ip > 0 {
        ("In de pings zitten hele internetpakketten", "The pings hold whole internet packets")
    } else if echo.altered > 0 {
        (
            "De antwoorden zijn niet de herhaling van de vraag die ze horen te zijn",
            "The replies do not repeat the request, as they should",
        )
    } else {
        ("Wat de pings bij zich hebben verandert steeds", "What the pings carry changes all the time")
    };
    Some(Detection {
        id: id_of(&[Kind::MalwareProtocol.key(), "icmp", &host.to_string(), &remote.to_string()]),
        first_at: pair.first_at,
        last_at: pair.last_at,
        host: network.host(host),
        kind: Kind::MalwareProtocol,
        severity,
        confidence: hundredths(1.0 - (-(echo.odd() as f64) / 30.0).exp()),
        technique: vec!["T1095", "T1572"],
        remote: Remote { ip: Some(remote), port: None, domain: None },
        evidence: BTreeMap::from([
            ("protocol", Figure::Text("icmp_tunnel".into())),
            ("requests", Figure::Whole(echo.requests)),
            ("replies", Figure::Whole(echo.replies)),
            ("data_bytes", Figure::Whole(echo.data_bytes)),
            ("carrying_ip", Figure::Whole(echo.carrying_ip)),
            ("altered_replies", Figure::Whole(echo.altered)),
            ("varying_requests", Figure::Whole(echo.varying)),
        ]),
        summary: Text::made(
            format!(
                "{host} en {remote} wisselen gegevens uit in pings ({}). {what_nl}. Zo omzeilt iemand de firewall. Zoek op {host} het programma dat dit doet, en sta pings naar buiten alleen toe waar het moet.",
                carried.nl
            ),
            format!(
                "{host} and {remote} exchange data in pings ({}). {what_en}. That is a way around the firewall. Find the program on {host} that does this, and allow pings to the outside only where needed.",
                carried.en
            ),
        ),
    })
}
