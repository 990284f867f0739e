//! The detectors: one file each, and one line in [`all`].
//!
//! To add one: copy the shape of `indicator.rs`; its module doc says what it sees, what fools it, and what it never
//! stores; write its tests with streams of events made in `tests.rs`, the innocent ones first.

mod anonymiser;
mod asked;
mod beacon;
mod bruteforce;
mod cleartext_credentials;
mod cleartext_personal_data;
mod dga;
mod direct_mail;
mod dns_tunnel;
mod exfiltration;
mod forced_authentication;
mod foreign_alert;
mod http_malware;
mod icmp_tunnel;
mod indicator;
mod known_mark;
mod lateral_movement;
mod long_connection;
mod miner;
mod raw_stream;
mod scan;
mod suspicious_tls;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use wire::event::{Event, Flow};

use crate::{Detection, ThreatList, network::Network};

/// For how long what is no longer touched is remembered, in hours of watching (see [`Detector::age`]).
pub(crate) const DAY: usize = 24;
pub(crate) const WEEK: usize = 7 * DAY;
pub(crate) const MONTH: usize = 31 * DAY;

/// Whether a moment lies more than so many hours before now.
fn is_past(moment: Timestamp, now: Timestamp, hours: usize) -> bool {
    now.duration_since(moment) > SignedDuration::from_hours(i64::try_from(hours).unwrap_or(i64::MAX / 3600))
}

/// Whether a conversation at the port of time can be that: a message has 48 bytes, with its keys some hundreds (RFC 5905,
/// RFC 8915).
fn is_time(flow: &Flow) -> bool {
    flow.conversation.server.port == 123 && flow.sent.bytes <= flow.sent.packets.saturating_mul(600)
}

/// Watches events and says what it found.
pub(crate) trait Detector: Send {
    /// One event; the network already knows of it.
    fn event(&mut self, event: &Event, network: &Network);

    /// What was found so far; asking changes nothing. A detection's id says here what it is about (kind, host, subject)
    /// and nothing that still changes; [`crate::told::Told`] makes the lasting one of it.
    fn findings(&self, network: &Network) -> Vec<Detection>;

    /// An hour went by for who watches without an end: what lies too long ago is forgotten, and what adds up begins anew.
    /// What was found was told before. Not called over a capture, which is judged as a whole.
    fn age(&mut self, now: Timestamp);

    /// Whether a table that findings rest on will soon let go of some of it.
    fn is_nearly_full(&self) -> bool;

    /// Entries let go because a table was full.
    fn dropped(&self) -> u64;

    /// Other threat lists from now on; of interest to those who look things up.
    fn lists(&mut self, _lists: &Arc<[ThreatList]>) {}
}

/// The detectors that look at who speaks to whom, and how.
pub(crate) fn all(intel: Arc<[ThreatList]>) -> Vec<Box<dyn Detector>> {
    vec![
        Box::new(indicator::Indicator::new(Arc::clone(&intel))),
        Box::new(beacon::Beacon::new()),
        Box::new(scan::Scan::new()),
        Box::new(direct_mail::DirectMail::new()),
        Box::new(icmp_tunnel::IcmpTunnel::new()),
        Box::new(known_mark::KnownMark::new(intel)),
        Box::new(http_malware::HttpMalware::new()),
        Box::new(raw_stream::RawStreams::new()),
        Box::new(miner::Miner::new()),
        Box::new(lateral_movement::LateralMovement::new()),
        Box::new(anonymiser::Anonymiser::new()),
        Box::new(suspicious_tls::SuspiciousTls::new()),
        Box::new(bruteforce::Bruteforce::new()),
        Box::new(forced_authentication::ForcedAuthentication::new()),
        Box::new(dns_tunnel::DnsTunnel::new()),
        Box::new(dga::Dga::new()),
        Box::new(exfiltration::Exfiltration::new()),
        Box::new(long_connection::LongConnection::new()),
        Box::new(foreign_alert::ForeignAlert::new()),
    ]
}

/// The detectors that look into what people send: only where they may.
pub(crate) fn of_content() -> Vec<Box<dyn Detector>> {
    vec![
        Box::new(cleartext_credentials::CleartextCredentials::new()),
        Box::new(cleartext_personal_data::CleartextPersonalData::new()),
    ]
}
