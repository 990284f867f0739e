//! A host that tries algorithmically made names.
//!
//! Sees: names that do not exist (NXDOMAIN), by host and by the domain that somebody would have to register, or to take with a
//! service that gives names out (dynamic DNS), an hour at a stretch. Ten that look drawn by lot (`names.rs`) are a burst; of names that look like people's, sixty within the hour
//! and hardly anything else are one too. Such a host looks for the one name of the day that its maker did register; names
//! that look drawn and do exist are told with it.
//! Fooled by: fewer than ten tries an hour, names that look like words and come slowly, a resolver that hides failures,
//! encrypted DNS. A mail server that looks up the senders of spam looks a little like it: a host that answers others' mail
//! look-ups (MX, TXT) or others' questions is left out, and so are the names that makers draw for their own devices, and
//! those that clouds draw for their customers, which a blocker denies.
//! Never stores: names that exist, but for a few that look drawn; of each host at most [`NAMES`] that do not.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Dns, Event, Kind as Seen};

use super::{DAY, Detector, is_past};
use crate::{
    Detection, Figure, Kind, Remote, Severity,
    finding::{hundredths, id_of},
    names,
    network::Network,
    table::Table,
    words,
};

const HOSTS: usize = 4_096;
/// Distinct failed names counted of a host in one stretch.
const NAMES: usize = 512;
const RESOLVED: usize = 8;
const STRETCH_US: u64 = 3_600 * 1_000_000;

/// From so many failed names on, of such a mean in bits, they are a burst.
const FEWEST: usize = 10;
const DRAWN_BITS: f64 = 2.0;
/// More is no accident, and no mistyping.
const MANY: usize = 20;
/// So many that need not look drawn.
const WORDS: usize = 60;
/// A name that exists is worth telling with a burst when it says at least so much by itself.
const TELLING_BITS: f64 = 8.0;

#[derive(Clone, Debug)]
struct Stretch {
    first_at: Timestamp,
    last_at: Timestamp,
    /// Label → the domain.
    failed: BTreeMap<String, String>,
    tries: u64,
    /// Questions that were answered with something.
    succeeded: u64,
    /// Questions for who takes mail, and for text: what mail servers ask.
    mail: u64,
}

impl Stretch {
    fn new(at: Timestamp) -> Self {
        Self { first_at: at, last_at: at, failed: BTreeMap::new(), tries: 0, succeeded: 0, mail: 0 }
    }

    fn bits(&self) -> f64 {
        names::burst(self.failed.keys().map(String::as_str))
    }

    fn weight(&self) -> Option<(Severity, f64)> {
        let (count, bits) = (self.failed.len(), self.bits());
        let is_mail_server = self.mail * 4 > self.tries;
        let severity = match count {
            _ if is_mail_server => return None,
            MANY.. if bits >= DRAWN_BITS => Severity::High,
            FEWEST.. if bits >= DRAWN_BITS => Severity::Medium,
            WORDS.. if self.tries > self.succeeded * 2 => Severity::Medium,
            _ => return None,
        };
        Some((severity, bits))
    }

    fn is_worse_than(&self, other: &Self) -> bool {
        let key = |stretch: &Self| (stretch.weight().map(|(severity, _)| severity), stretch.failed.len());
        key(self) > key(other)
    }
}

#[derive(Debug)]
struct Host {
    now: Stretch,
    worst: Option<Stretch>,
    /// Names that look drawn and exist.
    resolved: BTreeSet<String>,
}

impl Host {
    /// Forgets a burst of more than a day ago, and names that exist when there is no burst to tell them with. Keeps all hosts.
    fn age(&mut self, now: Timestamp) -> bool {
        self.worst = self.worst.take().filter(|worst| !is_past(worst.last_at, now, DAY));
        let is_burst = |stretch: &Stretch| stretch.weight().is_some();
        if !is_burst(&self.now) && !self.worst.as_ref().is_some_and(is_burst) {
            self.resolved.clear();
        }
        true
    }
}

pub(super) struct Dga {
    hosts: Table<IpAddr, Host>,
}

impl Dga {
    pub(super) fn new() -> Self {
        Self { hosts: Table::new(HOSTS) }
    }

    fn question(&mut self, dns: &Dns, host: IpAddr, at: Timestamp) {
        let has_failed = dns.code.as_deref() == Some("NXDOMAIN");
        if has_failed && (is_local(&dns.name) || is_of_device(&dns.name) || is_of_cloud(&dns.name)) {
            return;
        }
        let fresh = || Host { now: Stretch::new(at), worst: None, resolved: BTreeSet::new() };
        let host = self.hosts.touch(host, fresh);
        if at.as_microsecond().abs_diff(host.now.first_at.as_microsecond()) > STRETCH_US {
            let over = std::mem::replace(&mut host.now, Stretch::new(at));
            if host.worst.as_ref().is_none_or(|worst| over.is_worse_than(worst)) {
                host.worst = Some(over);
            }
        }
        let now = &mut host.now;
        now.mail += u64::from(matches!(dns.kind.as_str(), "MX" | "TXT" | "SPF"));
        if !has_failed {
            now.succeeded += u64::from(!dns.answers.is_empty());
            if !dns.answers.is_empty()
                && host.resolved.len() < RESOLVED
                && let Some(label) = names::chosen_label(&dns.name)
                && names::drawn_bits(label) >= TELLING_BITS
                && is_told_with(&dns.name, &now.failed)
            {
                host.resolved.insert(dns.name.clone());
            }
            return;
        }
        let Some(label) = names::chosen_label(&dns.name) else { return };
        now.first_at = if now.failed.is_empty() { at } else { now.first_at.min(at) };
        now.last_at = now.last_at.max(at);
        now.tries += 1;
        if now.failed.len() < NAMES && !now.failed.contains_key(label) {
            now.failed.insert(label.to_owned(), dns.name.clone());
        }
    }
}

/// Whether a name that exists may be the one that was sought. Clouds draw the names that they give out by lot: one of theirs
/// counts only where others of the same service were sought in vain.
fn is_told_with(name: &str, failed: &BTreeMap<String, String>) -> bool {
    names::service(name).is_none_or(|service| failed.values().any(|other| names::service(other) == Some(service)))
}

/// Services by which makers of routers and storage give each device a name, drawn by lot or by its serial number (the Public
/// Suffix List's private part). Nobody gets one without a device: whoever looks after many asks for those that are off.
const DEVICES: [&str; 27] = [
    "direct.quickconnect.cn",
    "direct.quickconnect.to",
    "diskstation.me",
    "drayddns.com",
    "dsmynas.com",
    "dsmynas.net",
    "dsmynas.org",
    "dscloud.biz",
    "dscloud.me",
    "dscloud.mobi",
    "familyds.com",
    "familyds.net",
    "familyds.org",
    "i234.me",
    "keenetic.io",
    "keenetic.link",
    "keenetic.name",
    "keenetic.pro",
    "myds.me",
    "myfritz.link",
    "myfritz.net",
    "myqnapcloud.cn",
    "myqnapcloud.com",
    "remotewd.com",
    "sn.mynetname.net",
    "synology.me",
    "ui.nabu.casa",
];

/// A device's own name at its maker's.
fn is_of_device(name: &str) -> bool {
    names::service(name).is_some_and(|service| DEVICES.contains(&service))
}

/// Clouds and content networks, whose names are drawn by themselves or by their customers' tools. Who fails to find one was
/// refused it by a blocker, or comes late. Not tunnels and dynamic DNS, where an algorithm looks for its name of the day.
const CLOUDS: [&str; 31] = [
    "akadns.net",
    "akamai.net",
    "akamaiedge.net",
    "akamaihd.net",
    "akamaized.net",
    "amazonaws.com",
    "awsglobalaccelerator.com",
    "azure.com",
    "azure.net",
    "azureedge.net",
    "azurefd.net",
    "azurewebsites.net",
    "b-cdn.net",
    "cdn77.org",
    "cloudapp.net",
    "cloudfront.net",
    "edgecastcdn.net",
    "edgekey.net",
    "edgesuite.net",
    "elasticbeanstalk.com",
    "fastly.net",
    "fastlylb.net",
    "googleusercontent.com",
    "herokuapp.com",
    "herokudns.com",
    "hwcdn.net",
    "incapdns.net",
    "llnwd.net",
    "on.aws",
    "trafficmanager.net",
    "windows.net",
];

/// A name that a cloud gave out.
fn is_of_cloud(name: &str) -> bool {
    CLOUDS.iter().any(|cloud| name.strip_suffix(cloud).is_some_and(|rest| rest.ends_with('.')))
}

/// Reverse look-ups, and names that only exist at home (RFC 6761, RFC 8375).
fn is_local(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    matches!(last, "arpa" | "local" | "localhost" | "lan" | "home" | "internal" | "localdomain" | "corp" | "intranet")
}

impl Detector for Dga {
    fn event(&mut self, event: &Event, network: &Network) {
        let Seen::Dns(dns) = &event.kind else { return };
        if let Some(host) = network.asker(&event.conversation)
            && dns.answered_at.is_some()
        {
            self.question(dns, host, event.at);
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let hosts = self.hosts.sorted();
        // A name that several hosts fail to find is a service that is gone, or one that the resolver blocks.
        let mut askers: BTreeMap<&str, BTreeSet<IpAddr>> = BTreeMap::new();
        for (ip, host) in &hosts {
            for label in host.worst.iter().chain([&host.now]).flat_map(|stretch| stretch.failed.keys()) {
                askers.entry(label).or_default().insert(**ip);
            }
        }
        let is_shared = |label: &str| askers.get(label).is_some_and(|hosts| hosts.len() > 2);
        hosts
            .iter()
            .filter(|(ip, _)| !network.is_resolver(**ip))
            .filter_map(|(ip, host)| {
                let own = |stretch: &Stretch| {
                    let mut own = stretch.clone();
                    own.failed.retain(|label, _| !is_shared(label));
                    own
                };
                let now = own(&host.now);
                let worst = host.worst.as_ref().map(own).filter(|worst| !now.is_worse_than(worst)).unwrap_or(now);
                judge(**ip, host, &worst, network)
            })
            .collect()
    }

    fn age(&mut self, now: Timestamp) {
        self.hosts.age(DAY);
        self.hosts.retain(|host| host.age(now));
    }

    fn is_nearly_full(&self) -> bool {
        self.hosts.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.hosts.dropped()
    }
}

fn judge(ip: IpAddr, host: &Host, stretch: &Stretch, network: &Network) -> Option<Detection> {
    let (severity, bits) = stretch.weight()?;
    let count = stretch.failed.len();
    let is_drawn = bits >= DRAWN_BITS;
    let resolved = if is_drawn { host.resolved.iter().cloned().collect() } else { Vec::new() };
    let span = stretch.last_at.as_microsecond().saturating_sub(stretch.first_at.as_microsecond());
    let span = words::duration((span as f64 / 1e6).max(1.0));
    let example = stretch.failed.values().next().cloned().unwrap_or_default();
    let (look_nl, look_en) = if is_drawn {
        ("die op willekeurige tekens lijken", "that look like random characters")
    } else {
        ("die niemand heeft", "that nobody holds")
    };
    Some(Detection {
        id: id_of(&[Kind::Dga.key(), &ip.to_string()]),
        first_at: stretch.first_at,
        last_at: stretch.last_at,
        host: network.host(ip),
        kind: Kind::Dga,
        severity,
        confidence: hundredths((1.0 - (-(count as f64) / 15.0).exp()) * if is_drawn { 1.0 } else { 0.6 }),
        technique: vec!["T1568.002"],
        remote: Remote { ip: None, port: None, domain: resolved.first().cloned() },
        evidence: BTreeMap::from([
            ("failed_names", Figure::Whole(count as u64)),
            ("tries", Figure::Whole(stretch.tries)),
            ("mean_bits_drawn", Figure::Number((bits * 10.0).round() / 10.0)),
            ("examples", Figure::Texts(stretch.failed.values().take(10).cloned().collect())),
            ("drawn_names_that_exist", Figure::Texts(resolved)),
        ]),
        summary: Text::made(
            format!(
                "{ip} vroeg in {} naar {count} namen {look_nl} en niet bestaan, zoals {example}. Zo zoekt kwaadaardige software de naam waarop haar maker die dag luistert. Haal het apparaat van het netwerk en laat het nakijken.",
                span.nl
            ),
            format!(
                "{ip} asked within {} for {count} names {look_en} and do not exist, such as {example}. That is how malicious software looks for the name at which its maker listens that day. Take the device off the network and have it examined.",
                span.en
            ),
        ),
    })
}
