//! Another sensor's alerts, read from its log: Suricata's rules, a firewall's intrusion prevention.
//!
//! Sees: what that sensor said of one of our hosts, once per host and rule. Kept low, since most rules fire on ordinary
//! traffic every day; a rule of the highest severity on traffic that was not blocked is medium, and a case.
//! Fooled by: whatever fools the other sensor. Never stores: the packet, of which its log may hold a part.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use facts::Text;
use jiff::Timestamp;
use wire::event::{Alert, AlertSource, Event, Kind as Seen};

use super::{Detector, WEEK};
use crate::{Detection, Figure, Kind, Remote, Severity, finding::id_of, network::Network, table::Table, words};

const RULES: usize = 16_384;

#[derive(Debug)]
struct Fired {
    first_at: Timestamp,
    last_at: Timestamp,
    count: u64,
    blocked: u64,
    severity: u8,
    signature: String,
    category: Option<String>,
    remote: Remote,
    remotes: BTreeSet<IpAddr>,
}

/// (host, whose rule, its number)
type Key = (IpAddr, AlertSource, String);

pub(super) struct ForeignAlert {
    fired: Table<Key, Fired>,
}

impl ForeignAlert {
    pub(super) fn new() -> Self {
        Self { fired: Table::new(RULES) }
    }

    fn alert(&mut self, alert: &Alert, event: &Event, network: &Network) {
        let (client, server) = (event.conversation.client, event.conversation.server);
        // Our own side; between two of ours, who began.
        let (host, other) = match (network.is_home(client.ip), network.is_home(server.ip)) {
            (false, true) => (server.ip, client),
            _ => (client.ip, server),
        };
        let fired = self.fired.touch((host.to_canonical(), alert.source, alert.id.clone()), || Fired {
            first_at: event.at,
            last_at: event.at,
            count: 0,
            blocked: 0,
            severity: alert.severity,
            signature: alert.signature.clone(),
            category: alert.category.clone(),
            remote: Remote { ip: Some(other.ip), port: Some(other.port), domain: None },
            remotes: BTreeSet::new(),
        });
        fired.first_at = fired.first_at.min(event.at);
        fired.last_at = fired.last_at.max(event.at);
        fired.count += 1;
        fired.blocked += u64::from(alert.is_blocked);
        fired.severity = fired.severity.min(alert.severity);
        if fired.remotes.len() < 100 {
            fired.remotes.insert(other.ip);
        }
    }
}

impl Detector for ForeignAlert {
    fn event(&mut self, event: &Event, network: &Network) {
        if let Seen::Alert(alert) = &event.kind {
            self.alert(alert, event, network);
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        self.fired.sorted().into_iter().map(|(key, fired)| detection(key, fired, network)).collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.fired.age(WEEK);
    }

    fn is_nearly_full(&self) -> bool {
        self.fired.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.fired.dropped()
    }
}

fn detection((host, source, id): &Key, fired: &Fired, network: &Network) -> Detection {
    let is_grave = fired.severity <= 1 && fired.blocked < fired.count;
    let times = words::times(fired.count);
    let (source_nl, source_en) = match source {
        AlertSource::Suricata => ("Suricata", "Suricata"),
        AlertSource::Cef => ("De firewall", "The firewall"),
    };
    let mut evidence = BTreeMap::from([
        ("source", Figure::Text(source.key().into())),
        ("signature", Figure::Text(fired.signature.clone())),
        ("rule", Figure::Text(id.clone())),
        ("severity", Figure::Whole(fired.severity.into())),
        ("alerts", Figure::Whole(fired.count)),
        ("blocked", Figure::Whole(fired.blocked)),
        ("destinations", Figure::Whole(fired.remotes.len() as u64)),
    ]);
    if let Some(category) = &fired.category {
        evidence.insert("category", Figure::Text(category.clone()));
    }
    let blocked = if fired.blocked == fired.count {
        (" Het verkeer is tegengehouden.", " The traffic was blocked.")
    } else {
        ("", "")
    };
    Detection {
        id: id_of(&[Kind::Indicator.key(), &host.to_string(), source.key(), id]),
        first_at: fired.first_at,
        last_at: fired.last_at,
        host: network.host(*host),
        kind: Kind::Indicator,
        severity: if is_grave { Severity::Medium } else { Severity::Low },
        confidence: if is_grave { 0.5 } else { 0.2 },
        technique: Vec::new(),
        remote: fired.remote.clone(),
        evidence,
        summary: Text::made(
            format!(
                "{source_nl} meldde {} bij {host}: “{}”.{} Een regel van een ander slaat ook aan op gewoon verkeer. Kijk wat het apparaat op dat moment deed.",
                times.nl, fired.signature, blocked.0
            ),
            format!(
                "{source_en} reported {} about {host}: “{}”.{} Another's rule also fires on ordinary traffic. See what the device was doing at that moment.",
                times.en, fired.signature, blocked.1
            ),
        ),
    }
}
