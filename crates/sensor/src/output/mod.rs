//! Where else what is found goes, beside the server: other tools' files and collectors.

mod cef;
mod eve;
mod file;
mod syslog;

use contract::detection::{DetectionLine, Kind, Severity};
use contract::sensor::Report;
use facts::Text;

pub use cef::{cef, rfc5424};
pub use eve::eve;
pub use file::EveFile;
pub use syslog::{InvalidTarget, Syslog, Target};

use crate::hold::Told;

/// Takes reports, each once. What goes wrong is told and does not stop anything else.
pub trait Output: Send {
    /// # Errors
    /// It did not work, with what and what to do; it is tried again with the next reports.
    fn take(&mut self, told: &[Told]) -> Result<(), Text>;
}

/// The detections among them.
fn detections(told: &[Told]) -> impl Iterator<Item = &DetectionLine> {
    told.iter().filter_map(|told| match &told.report {
        Report::Detection(detection) => Some(detection),
        _ => None,
    })
}

/// The public name, as in our own JSON.
fn key(kind: Kind) -> String {
    serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What a kind is called in lists of other tools, and its number there.
fn named(kind: Kind) -> (u32, &'static str) {
    match kind {
        Kind::Indicator => (1, "Known-bad destination"),
        Kind::Beacon => (2, "Beacon"),
        Kind::DnsTunnel => (3, "Data carried in DNS"),
        Kind::Dga => (4, "Algorithmically made names"),
        Kind::Exfiltration => (5, "Unusual amount of data going out"),
        Kind::LongConnection => (6, "Connection held open for hours"),
        Kind::CleartextCredentials => (7, "Readable log-in"),
        Kind::CleartextPersonalData => (8, "Readable personal data"),
        Kind::Anonymiser => (9, "Anonymiser"),
        Kind::Miner => (10, "Crypto-mining"),
        Kind::Scan => (11, "Scan"),
        Kind::Bruteforce => (12, "Log-ins tried again and again"),
        Kind::MalwareProtocol => (13, "Malware protocol"),
        Kind::SuspiciousTls => (14, "Suspicious TLS"),
        Kind::LateralMovement => (15, "Lateral movement"),
    }
}

/// From 1 (worst) to 3, as Suricata's priorities.
fn priority(severity: Severity) -> u8 {
    match severity {
        Severity::Critical | Severity::High => 1,
        Severity::Medium => 2,
        Severity::Low => 3,
    }
}

#[cfg(test)]
mod tests;
