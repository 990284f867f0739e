//! pfSense and OPNsense: `filterlog`, one line for a packet that a logging rule passed (a connection's first) or blocked.
//!
//! A connection passes such a firewall twice: into it, with its host's address, and out of it, where addresses are
//! translated with the firewall's own. Told is its way in; its way out where nothing logged the way in.

use std::collections::VecDeque;
use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use wire::event::{Endpoint, Event, Transport, Volume};

use super::{Read, Stamp, Told, Verdict};
use crate::conversation::{Numbers, transport};
use crate::unused::Unused;

/// How long after the way in the way out is taken for the same connection: lines have whole seconds.
const WITHIN: SignedDuration = SignedDuration::from_secs(2);
/// Ways in that are remembered for so long.
const WAYS_IN: usize = 4_096;

/// Actions that neither let through nor turn away (pf.conf(5)).
const OTHER_ACTIONS: [&str; 10] =
    ["rdr", "nordr", "nat", "nonat", "binat", "nobinat", "scrub", "noscrub", "match", "defer"];

#[derive(Debug, Default)]
pub(crate) struct Filterlog {
    /// When, and where to: where addresses are translated, ports are as well, but never the other side's.
    ways_in: VecDeque<(Timestamp, Transport, Endpoint)>,
}

impl Filterlog {
    /// One message. None: it is none that is read here.
    pub(crate) fn line(
        &mut self,
        message: &str,
        stamp: Stamp,
        numbers: &mut Numbers,
        is_home: impl Fn(IpAddr) -> bool,
        sink: &mut dyn FnMut(Event),
    ) -> Option<Read> {
        // Rule, subrule, anchor, tracker, interface, reason, action, direction, IP version; then by version.
        let fields: Vec<&str> = message.splitn(40, ',').collect();
        let field = |at: usize| fields.get(at).copied();
        let verdict = match field(6)? {
            "pass" => Verdict::Passed,
            "block" | "reject" => Verdict::Denied,
            // What else the packet filter did to a packet that another line tells of.
            action if OTHER_ACTIONS.contains(&action) => return Some(Ok(())),
            _ => return None,
        };
        let is_out = match field(7)? {
            "in" => false,
            "out" => true,
            _ => return None,
        };
        let (protocol, length, next) = match field(8)? {
            // TOS, ECN, TTL, id, offset, flags, protocol's number and name, length, source, destination.
            "4" => (field(15)?, field(17)?, 18),
            // Class, flow label, hop limit, protocol's name and number, length, source, destination.
            "6" => (field(13)?, field(14)?, 15),
            _ => return None,
        };
        let transport = transport(protocol.parse().ok()?);
        let (source, destination): (IpAddr, IpAddr) = (field(next)?.parse().ok()?, field(next + 1)?.parse().ok()?);
        let port = |at: usize| field(at).and_then(|port| port.parse().ok()).unwrap_or(0);
        let (from, to, is_ping) = match transport {
            Transport::Tcp | Transport::Udp => (port(next + 2), port(next + 3), false),
            Transport::Icmp => (0, 0, field(next + 2) == Some("request")),
            Transport::Other(_) => (0, 0, false),
        };
        // A packet that belongs to a connection known no more (no SYN among its flags) begins none.
        let is_late = transport == Transport::Tcp
            && field(next + 5).is_some_and(|flags| !flags.is_empty() && !flags.contains('S'));
        if is_late {
            return Some(Err(Unused::Midway));
        }
        let server = Endpoint { ip: destination, port: to };
        if verdict == Verdict::Passed {
            if is_out && self.came_in(stamp.at, transport, server) {
                return Some(Err(Unused::ToldBefore));
            }
            if is_out && !is_home(source) && !is_home(destination) {
                return Some(Err(Unused::Translated));
            }
            if !is_out {
                self.remember(stamp.at, transport, server);
            }
        }
        // On IPv6 the length is the payload's (RFC 8200 §3).
        let bytes = length.parse::<u64>().ok()? + if source.is_ipv6() { 40 } else { 0 };
        let told = Told {
            sent: Volume { packets: 1, bytes },
            is_ping,
            ..Told::new(stamp, transport, Endpoint { ip: source, port: from }, server, verdict)
        };
        Some(told.tell(is_home, numbers, sink))
    }

    fn remember(&mut self, at: Timestamp, transport: Transport, server: Endpoint) {
        if self.ways_in.len() >= WAYS_IN {
            self.ways_in.pop_front();
        }
        self.ways_in.push_back((at, transport, server));
    }

    /// Whether one with that other side came in a moment ago, which is this one then.
    fn came_in(&mut self, at: Timestamp, transport: Transport, server: Endpoint) -> bool {
        while self.ways_in.front().is_some_and(|(came, ..)| at.duration_since(*came) > WITHIN) {
            self.ways_in.pop_front();
        }
        let is_this = |(came, over, to): &(Timestamp, Transport, Endpoint)| {
            (*over, *to) == (transport, server) && at.duration_since(*came).abs() <= WITHIN
        };
        let place = self.ways_in.iter().position(is_this);
        place.and_then(|place| self.ways_in.remove(place)).is_some()
    }
}
