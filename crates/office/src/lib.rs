//! A made-up Dutch office: a working day of its traffic as a capture file, for the demo, the tests and the benches.
//!
//! Promises: the same [`Plan`] gives the same bytes, on any machine (whole-number arithmetic only; no clock, no chance
//! from outside); every address outside the office is of a documentation range (RFC 5737) and every name ends in
//! `.example` (RFC 2606), so nothing in it points at anybody; lengths on the wire are right, also where bulk payload is
//! not captured. In the traffic: workstations, a printer, a file server and telephones that look up names, browse, fetch
//! mail, set their clocks, ask for updates, and answer to a remote-management agent; some single devices with innocent
//! timers of their own; and, unless the plan is clean, one workstation that calls an attacker once a minute and uploads.
//! [`Healthy`] is a larger office in which nothing is wrong, for as long as one likes, an hour at a time.
//! Deliberately not here: judging any of it (crate `detect`), content (all that is encrypted is zeros never captured).

mod chance;
mod day;
mod frame;
mod healthy;
mod hello;
mod intel;
mod talk;

pub use chance::Chance;

use std::net::Ipv4Addr;

use jiff::Timestamp;

pub use self::healthy::Healthy;

/// What office, and what day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Which of all such days: another seed, another day.
    pub seed: u64,
    /// The first moment of the capture; between 1970 and 2106, which is what a capture file can say.
    pub start: Timestamp,
    /// How long the day is.
    pub hours: u8,
    /// How many people work there; at least 3, at most 60.
    pub workstations: u8,
    /// What is wrong. None: nothing.
    pub infection: Option<Infection>,
}

/// One workstation under an attacker's control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Infection {
    /// The attacker's name; also stands in the threat list.
    pub domain: String,
    pub period_seconds: u32,
    /// How far each interval may differ from the period.
    pub jitter_percent: u8,
    /// When it begins.
    pub after_minutes: u32,
    /// How much is uploaded in one go, half-way.
    pub upload_bytes: u64,
}

impl Default for Plan {
    /// Monday 19 October 2026, from 8 o'clock in Amsterdam, nine hours, eight people, one infection.
    fn default() -> Self {
        Self {
            seed: 1,
            start: Timestamp::constant(1_792_389_600, 0),
            hours: 9,
            workstations: 8,
            infection: Some(Infection::default()),
        }
    }
}

impl Default for Infection {
    fn default() -> Self {
        Self {
            domain: "cdn-statuscheck.example".into(),
            period_seconds: 60,
            jitter_percent: 20,
            after_minutes: 47,
            upload_bytes: 18_000_000,
        }
    }
}

impl Plan {
    /// The same office on a day without an attacker.
    #[must_use]
    pub fn clean() -> Self {
        Self { infection: None, ..Self::default() }
    }
}

/// What is in the capture, for who checks an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The office's own addresses.
    pub home: &'static str,
    pub workstations: Vec<Ipv4Addr>,
    pub infected: Option<Infected>,
}

/// The infected workstation, and what it did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Infected {
    pub ip: Ipv4Addr,
    pub mac: [u8; 6],
    pub domain: String,
    pub address: Ipv4Addr,
    pub port: u16,
    /// Calls at the rhythm; the upload comes on top.
    pub connections: u32,
    /// When it first looked the name up.
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub upload_bytes: u64,
}

/// The day as a capture file (pcap, Ethernet, microseconds).
#[must_use]
pub fn capture(plan: &Plan) -> Vec<u8> {
    day::live(plan).0
}

/// What is in that day.
#[must_use]
pub fn truth(plan: &Plan) -> Truth {
    day::live(plan).1
}

/// A list of known-bad domains and addresses, one a line, as such lists are published: the attacker's domain among many
/// that nobody in the office meets.
#[must_use]
pub fn threat_list(plan: &Plan) -> String {
    intel::list(plan)
}

#[cfg(test)]
mod tests;
