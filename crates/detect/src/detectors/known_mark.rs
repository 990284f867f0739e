//! Known-bad marks: fingerprints of programs (JA3, JA4) and certificates (SHA-1, SHA-256), user agents, URLs.
//!
//! Sees: ClientHellos over TCP and QUIC, certificates of TLS up to 1.2, HTTP requests in the clear, each compared with the
//! threat lists. One detection a host and mark, however often.
//! Fooled by: another build of the program, a new certificate, another path. A program's fingerprint is shared by all that
//! use the same library: it weighs less than a certificate or a URL.
//! Never stores: queries, nor their hashes; of what was asked for, only what stands on the list, a query there as `?…`.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::Arc,
};

use facts::Text;
use jiff::Timestamp;
use wire::event::{Event, Kind as Seen};

use super::{Detector, WEEK};
use crate::{
    Detection, Figure, Kind, Mark, Remote, Severity, ThreatList, finding::id_of, network::Network, table::Table, words,
};

const HITS: usize = 65_536;

#[derive(Debug)]
struct Hit {
    first_at: Timestamp,
    last_at: Timestamp,
    lists: BTreeSet<String>,
    /// What the list says it is.
    label: Option<String>,
    count: u64,
    remote: Remote,
}

pub(super) struct KnownMark {
    lists: Arc<[ThreatList]>,
    hits: Table<(IpAddr, What, String), Hit>,
}

/// What the mark is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum What {
    Ja3,
    Ja4,
    Certificate,
    UserAgent,
    Url,
}

impl KnownMark {
    pub(super) fn new(lists: Arc<[ThreatList]>) -> Self {
        Self { lists, hits: Table::new(HITS) }
    }

    fn look(&mut self, event: &Event, host: IpAddr, what: What, mark: Mark<'_>, name: Option<&str>) {
        let mut lists = BTreeSet::new();
        let mut label = None;
        for (list, listed) in self.lists.iter().filter_map(|list| Some((list, list.mark(mark)?))) {
            lists.insert(list.name().to_owned());
            label = label.or(listed.label.map(str::to_owned));
        }
        if lists.is_empty() {
            return;
        }
        let server = event.conversation.server;
        let hit = self.hits.touch((host, what, mark.text()), || Hit {
            first_at: event.at,
            last_at: event.at,
            lists: BTreeSet::new(),
            label,
            count: 0,
            remote: Remote { ip: Some(server.ip), port: Some(server.port), domain: name.map(str::to_owned) },
        });
        hit.lists.extend(lists);
        hit.first_at = hit.first_at.min(event.at);
        hit.last_at = hit.last_at.max(event.at);
        hit.count += 1;
    }
}

impl Detector for KnownMark {
    fn event(&mut self, event: &Event, network: &Network) {
        let has_marks = self.lists.iter().any(ThreatList::has_marks);
        let Some(host) = network.asker(&event.conversation).filter(|_| has_marks) else { return };
        match &event.kind {
            Seen::TlsClient(client) => {
                let name = client.sni.as_deref();
                self.look(event, host, What::Ja3, Mark::Print(&client.ja3), name);
                self.look(event, host, What::Ja4, Mark::Print(&client.ja4), name);
            }
            Seen::TlsCertificate(certificate) => {
                let name = network.name_of(host, event.conversation.server.ip).map(str::to_owned);
                for print in [&certificate.sha1, &certificate.sha256] {
                    self.look(event, host, What::Certificate, Mark::Print(print), name.as_deref());
                }
            }
            Seen::HttpRequest(request) => {
                let name = request.host.as_deref();
                if let Some(agent) = &request.user_agent {
                    self.look(event, host, What::UserAgent, Mark::UserAgent(agent), name);
                }
                if let Some(site) = name {
                    self.look(event, host, What::Url, Mark::Url(site, &request.path, None), name);
                    if let Some(query) = request.query {
                        self.look(event, host, What::Url, Mark::Url(site, &request.path, Some(query.value())), name);
                    }
                }
            }
            _ => {}
        }
    }

    fn findings(&self, network: &Network) -> Vec<Detection> {
        let hits = self.hits.sorted().into_iter();
        hits.map(|((host, what, mark), hit)| self.detection(*host, *what, mark, hit, network)).collect()
    }

    fn age(&mut self, _now: Timestamp) {
        self.hits.age(WEEK);
    }

    fn is_nearly_full(&self) -> bool {
        self.hits.is_nearly_full()
    }

    fn dropped(&self) -> u64 {
        self.hits.dropped()
    }

    fn lists(&mut self, lists: &Arc<[ThreatList]>) {
        self.lists = Arc::clone(lists);
    }
}

impl KnownMark {
    fn detection(&self, host: IpAddr, what: What, mark: &str, hit: &Hit, network: &Network) -> Detection {
        let names = hit.lists.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
        let (severity, confidence) = what.weight();
        let label = hit.label.iter().map(|label| ("listed_as", Figure::Text(label.clone())));
        let mut detection = Detection {
            id: id_of(&[Kind::Indicator.key(), what.key(), &host.to_string(), mark]),
            first_at: hit.first_at,
            last_at: hit.last_at,
            host: network.host(host),
            kind: Kind::Indicator,
            severity,
            confidence,
            technique: vec![if what == What::Certificate { "T1573.002" } else { "T1071.001" }],
            remote: hit.remote.clone(),
            evidence: BTreeMap::from([
                ("list", Figure::Text(names.clone())),
                ("entry", Figure::Text(mark.into())),
                ("seen_in", Figure::Texts(vec![what.key().into()])),
                ("count", Figure::Whole(hit.count)),
            ]),
            summary: what.summary(host, mark, hit, &names),
        };
        detection.evidence.extend(label);
        detection
    }
}

impl What {
    fn weight(self) -> (Severity, f64) {
        match self {
            Self::Certificate | Self::Url => (Severity::High, 0.9),
            Self::UserAgent => (Severity::Medium, 0.7),
            Self::Ja3 | Self::Ja4 => (Severity::Medium, 0.5),
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Ja3 => "ja3",
            Self::Ja4 => "ja4",
            Self::Certificate => "certificate",
            Self::UserAgent => "user_agent",
            Self::Url => "url",
        }
    }

    fn summary(self, host: IpAddr, mark: &str, hit: &Hit, list: &str) -> Text {
        let place = hit.remote.domain.clone().or_else(|| hit.remote.ip.map(|ip| ip.to_string())).unwrap_or_default();
        let times = words::times(hit.count);
        let (nl, en) = match self {
            Self::Certificate => (
                format!(
                    "{host} praatte {} versleuteld met {place}, dat zich meldde met een certificaat van aanvallers",
                    times.nl
                ),
                format!("{host} spoke encrypted {} with {place}, which showed a certificate of attackers", times.en),
            ),
            Self::Url => (
                format!("{host} vroeg {} een pagina van aanvallers op ({mark})", times.nl),
                format!("{host} asked for a page of attackers {} ({mark})", times.en),
            ),
            Self::UserAgent => (
                format!(
                    "Op {host} meldt een programma zich {} bij {place} met een naam die kwaadaardige software gebruikt ({mark})",
                    times.nl
                ),
                format!(
                    "On {host} a program introduces itself to {place} {} by a name that malicious software uses ({mark})",
                    times.en
                ),
            ),
            Self::Ja3 | Self::Ja4 => (
                format!(
                    "Op {host} praat een programma {} met {place} zoals bekende kwaadaardige software dat doet; er kunnen ook \
                     gewone programma's zijn die zo praten",
                    times.nl
                ),
                format!(
                    "On {host} a program speaks {} with {place} as known malicious software does; ordinary programs may \
                     speak so too",
                    times.en
                ),
            ),
        };
        Text::made(
            format!("{nl}. Het staat op de lijst {list}. Zoek op het apparaat welk programma dit is."),
            format!("{en}. It is on the list {list}. Find out on the device which program this is."),
        )
    }
}
