//! Crypto-mining: a worker speaks to its pool.
//!
//! Sees: the messages of stratum and its kin in the clear (Bitcoin and kin, Ethereum, Monero), whatever the port.
//! Fooled by: mining inside TLS or another tunnel (then only a list with the pool's name helps), protocols of a coin's
//! own. A coin's peer-to-peer network is not mining and not told.
//! Never stores: wallets, names of workers, passwords; of the program, the name that it gives.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Endpoint, Event, Flow, Kind as Seen, Mining};

use super::{Detector, WEEK};
use crate::{Detection, Figure, Kind, Remote, Severity, finding::id_of, network::Network, table::Table, words};

const POOLS: usize = 16_384;
/// Different methods and programs that are kept of one pool.
const KEPT: usize = 8;

/// What one host and one pool said to each other.
#[derive(Debug)]
struct Pool {
    first_at: Timestamp,
    last_at: Timestamp,
    dialects: BTreeSet<&'static str>,
    methods: BTreeSet<String>,
    programs: BTreeSet<String>,
    /// The host spoke as a worker does; the other side as a pool does.
    is_asked: bool,
    is_answered: bool,
    connections: u64,
    sent_bytes: u64,
    received_bytes: u64,
    seconds: f64,
}

pub(super) struct Miner {
    pools: Table<(IpAddr, Endpoint), Pool>,
}

impl Miner {
    pub(super) fn new() -> Self {
        Self { pools: Table::new(POOLS) }
    }

    fn message(&mut self, event: &Event, message: &Mining) {
        let conversation = event.conversation;
        let pool = self.pools.touch((conversation.client.ip.to_canonical(), conversation.server), || Pool {
            first_at: event.at,
            last_at: event.at,
            dialects: BTreeSet::new(),
            methods: BTreeSet::new(),
            programs: BTreeSet::new(),
            is_asked: false,
            is_answered: false,
            connections: 0,
            sent_bytes: 0,
            received_bytes: 0,
            seconds: 0.0,
        });
        pool.first_at = pool.first_at.min(event.at);
        pool.last_at = pool.last_at.max(event.at);
        pool.dialects.insert(message.dialect.key());
        pool.is_asked |= message.is_from_worker;
        pool.is_answered |= !message.is_from_worker;
        if pool.methods.len() < KEPT {
            pool.methods.insert(message.method.clone());
        }
        if let Some(agent) = message.agent.as_ref().filter(|_| pool.programs.len() < KEPT) {
            pool.programs.insert(agent.clone());
        }
    }

    fn flow(&mut self, flow: &Flow) {
        if flow.application != Some("stratum") {
            return;
        }
        let key = (flow.conversation.client.ip.to_canonical(), flow.conversation.server);
        let Some(pool) = self.pools.known(&key) else { return };
        pool.connections += 1;
        pool.is_answered |= flow.received_payload > 0;
        pool.sent_bytes = pool.sent_bytes.saturating_add(flow.sent.bytes);
        pool.received_bytes = pool.received_bytes.saturating_add(flow.received.bytes);
        pool.seconds += flow.last_at.duration_since(flow.first_at).as_secs_f64().max(0.0);
        pool.last_at = pool.last_at.max(flow.last_at);
    }
}

impl Detector for Miner {
    fn event(&mut self, event: &Event, network: &Network) {
        match &event.kind {
            Seen::Mining(message) if network.asker(&event.conversation).is_some() => self.message(event, message),
            Seen::FlowEnded(flow) => self.flow(flow),
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let told = self.pools.sorted().into_iter();
        told.map(|((host, server), pool)| pool.detection(*host, *server, network)).collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.pools.age(WEEK);
    }

    fn is_nearly_full(&self) -> bool {
        self.pools.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.pools.dropped()
    }
}

impl Pool {
    fn detection(&self, host: IpAddr, server: Endpoint, network: &Network) -> Detection {
        // Answered, it mines; unanswered, it tries to.
        let (severity, confidence) =
            if self.is_asked && self.is_answered { (Severity::High, 0.95) } else { (Severity::Medium, 0.8) };
        let domain = network.name_of(host, server.ip).map(str::to_owned);
        let texts = |set: &BTreeSet<String>| Figure::Texts(set.iter().cloned().collect());
        Detection {
            id: id_of(&[Kind::Miner.key(), &host.to_string(), &format!("{}:{}", server.ip, server.port)]),
            first_at: self.first_at,
            last_at: self.last_at,
            host: network.host(host),
            kind: Kind::Miner,
            severity,
            confidence,
            technique: vec!["T1496.001"],
            evidence: BTreeMap::from([
                ("dialects", Figure::Texts(self.dialects.iter().map(|one| (*one).into()).collect())),
                ("methods", texts(&self.methods)),
                ("programs", texts(&self.programs)),
                ("answered", Figure::Flag(self.is_answered)),
                ("connections", Figure::Whole(self.connections)),
                ("sent_bytes", Figure::Whole(self.sent_bytes)),
                ("received_bytes", Figure::Whole(self.received_bytes)),
                ("connected_seconds", Figure::Whole(self.seconds as u64)),
            ]),
            summary: self.summary(host, server, domain.as_deref()),
            remote: Remote { ip: Some(server.ip), port: Some(server.port), domain },
        }
    }

    fn summary(&self, host: IpAddr, server: Endpoint, domain: Option<&str>) -> Text {
        let place = domain.map_or_else(|| format!("{}:{}", server.ip, server.port), str::to_owned);
        let with = match self.programs.first() {
            Some(program) => {
                Text::made(format!(" met het programma {program}"), format!(" with the program {program}"))
            }
            None => Text::made(String::new(), String::new()),
        };
        let long = if self.seconds >= 1.0 {
            let time = words::duration(self.seconds);
            Text::made(format!(", samen {} verbonden", time.nl), format!(", connected for {} in all", time.en))
        } else {
            Text::made(String::new(), String::new())
        };
        let (does_nl, does_en) = if self.is_answered {
            ("rekent aan cryptomunten voor", "is mining crypto-coins for")
        } else {
            ("probeert aan cryptomunten te rekenen voor", "tries to mine crypto-coins for")
        };
        Text::made(
            format!(
                "{host} {does_nl} {place}{}{}. Dat doet zelden een medewerker en vaak een indringer. Zoek op het apparaat \
                 welk programma dit is en hoe het daar kwam.",
                with.nl, long.nl
            ),
            format!(
                "{host} {does_en} {place}{}{}. Seldom a member of staff does that, often an intruder. Find out on the \
                 device which program this is and how it came there.",
                with.en, long.en
            ),
        )
    }
}
