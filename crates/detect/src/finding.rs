//! What comes out: detections and cases (`contract/detections.md`), with ids that are their content's hash.

use std::{collections::BTreeMap, net::IpAddr};

use facts::{Facts, Text};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $key:literal;)*) => {
        /// What kind of thing was seen; the contract's list, also those for which there is no detector yet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The public name, as in JSON.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)* }
            }
        }
    };
}

kinds! {
    /// A known-bad domain, address, URL or fingerprint.
    Indicator "indicator";
    /// A host calls home at a machine's rhythm.
    Beacon "beacon";
    /// Data carried in DNS names or answers.
    DnsTunnel "dns_tunnel";
    /// A host tries algorithmically made names.
    Dga "dga";
    /// Far more going out to one place than this network sends.
    Exfiltration "exfiltration";
    /// A connection held open for hours.
    LongConnection "long_connection";
    /// A log-in that crosses the network readable.
    CleartextCredentials "cleartext_credentials";
    /// BSN, IBAN and the like going out readable.
    CleartextPersonalData "cleartext_personal_data";
    /// Tor, I2P, an anonymising VPN or proxy.
    Anonymiser "anonymiser";
    /// Crypto-mining protocol.
    Miner "miner";
    /// One host probing many hosts or ports.
    Scan "scan";
    /// One host trying log-ins again and again.
    Bruteforce "bruteforce";
    /// A protocol that only malware speaks, and the like.
    MalwareProtocol "malware_protocol";
    /// A certificate or handshake that is odd together with other signs.
    SuspiciousTls "suspicious_tls";
    /// Admin shares, remote service creation and the like between workstations.
    LateralMovement "lateral_movement";
}

/// How much it matters. From [`Severity::Medium`] on, a case is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// The host at home that it is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Host {
    pub ip: IpAddr,
    /// As seen on the sensor's own network segment: behind a router this is the router's.
    pub mac: Option<[u8; 6]>,
    /// What the host calls itself, where it said so.
    pub name: Option<String>,
    /// Who made its network card, by the address' registered prefix; none for an address drawn by lot.
    pub maker: Option<String>,
    /// What kind of device it is, as far as it shows.
    pub kind: Option<HostKind>,
}

/// What kind of device a host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HostKind {
    Workstation,
    /// A mobile telephone or tablet.
    Mobile,
    /// A desk telephone.
    Telephone,
    Printer,
    Camera,
    /// Storage on the network.
    Nas,
    Server,
    /// A router, switch or access point.
    Router,
    /// A television, loudspeaker or receiver.
    Media,
}

impl HostKind {
    pub const ALL: [Self; 9] = [
        Self::Workstation,
        Self::Mobile,
        Self::Telephone,
        Self::Printer,
        Self::Camera,
        Self::Nas,
        Self::Server,
        Self::Router,
        Self::Media,
    ];

    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Workstation => "workstation",
            Self::Mobile => "mobile",
            Self::Telephone => "telephone",
            Self::Printer => "printer",
            Self::Camera => "camera",
            Self::Nas => "nas",
            Self::Server => "server",
            Self::Router => "router",
            Self::Media => "media",
        }
    }
}

/// The other side, as far as known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remote {
    pub ip: Option<IpAddr>,
    pub port: Option<u16>,
    /// Lower case, without the final dot.
    pub domain: Option<String>,
}

/// One figure of the evidence.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    Text(String),
    Texts(Vec<String>),
    Whole(u64),
    Wholes(Vec<u64>),
    /// Finite.
    Number(f64),
    Flag(bool),
}

/// The figures a judgement rests on, by name; units are in the name.
pub type Evidence = BTreeMap<&'static str, Figure>;

/// One thing seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Detection {
    /// 32 hexadecimal digits: a hash of what it is about (kind, host, subject, beginning). The same thing in the same
    /// input has the same id at every run.
    pub id: String,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub host: Host,
    pub kind: Kind,
    pub severity: Severity,
    /// From 0 to 1, in hundredths: for ranking; not a probability.
    pub confidence: f64,
    /// MITRE ATT&CK technique ids.
    pub technique: Vec<&'static str>,
    pub remote: Remote,
    pub evidence: Evidence,
    /// One or a few sentences for somebody who is no expert.
    pub summary: Text,
}

/// Whether somebody must look now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alarm {
    /// It can wait for the weekly digest.
    Digest,
    Now,
}

impl Alarm {
    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Digest => "digest",
            Self::Now => "now",
        }
    }
}

/// Detections that belong to one story on one host, as it would be opened as an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    pub id: String,
    pub host: Host,
    pub severity: Severity,
    pub alarm: Alarm,
    /// Other hosts of ours with a case of their own against one of the same places outside.
    pub others: Vec<IpAddr>,
    /// Ids of detections, the most severe first.
    pub detections: Vec<String>,
    pub summary: Text,
    /// What a person would be asked to confirm.
    pub proposed_facts: Facts,
}

/// All that was found, in an order that depends on the input alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// By first moment, then by host and id.
    pub detections: Vec<Detection>,
    /// The most severe first, then by host.
    pub cases: Vec<Case>,
    /// How many detections exceptions hold back.
    pub excepted: u64,
    /// Entries of detectors' tables let go because a table was full; belongs in the `dropped` of the statistics.
    pub dropped: u64,
}

/// An id from parts: the first 16 bytes of SHA-256 over them, each preceded by its length, in hexadecimal.
pub(crate) fn id_of(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Rounds a confidence to hundredths between 0 and 1.
pub(crate) fn hundredths(value: f64) -> f64 {
    (value.clamp(0.0, 1.0) * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_depends_on_every_part_and_on_where_parts_end() {
        let id = id_of(&["beacon", "10.0.0.5", "evil.example"]);
        assert_eq!(id.len(), 32);
        assert_eq!(id, id_of(&["beacon", "10.0.0.5", "evil.example"]));
        assert_ne!(id, id_of(&["beacon", "10.0.0.5", "evil.exampl", "e"]));
        assert_ne!(id, id_of(&["beacon", "10.0.0.6", "evil.example"]));
    }
}
