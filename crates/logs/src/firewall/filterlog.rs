//! pfSense and OPNsense: `filterlog`, one line for a packet that a logging rule passed (a connection's first) or blocked.

use std::net::IpAddr;

use jiff::Timestamp;
use wire::event::{Endpoint, Event, Transport, Volume};

use super::{Told, Verdict};
use crate::conversation::{Numbers, transport};

/// One message. None: it is none that is read here.
pub(crate) fn line(
    message: &str,
    at: Timestamp,
    numbers: &mut Numbers,
    is_home: impl Fn(IpAddr) -> bool,
    sink: &mut dyn FnMut(Event),
) -> Option<()> {
    // Rule, subrule, anchor, tracker, interface, reason, action, direction, IP version; then by version.
    let fields: Vec<&str> = message.splitn(40, ',').collect();
    let field = |at: usize| fields.get(at).copied();
    let verdict = match field(6)? {
        "pass" => Verdict::Passed,
        "block" | "reject" => Verdict::Denied,
        _ => return None,
    };
    // Out of the firewall goes what came into it, then with the firewall's own address.
    if field(7)? == "out" && verdict == Verdict::Passed {
        return Some(());
    }
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
    let is_late =
        transport == Transport::Tcp && field(next + 5).is_some_and(|flags| !flags.is_empty() && !flags.contains('S'));
    if is_late {
        return Some(());
    }
    // On IPv6 the length is the payload's (RFC 8200 §3).
    let bytes = length.parse::<u64>().ok()? + if source.is_ipv6() { 40 } else { 0 };
    let told = Told {
        sent: Volume { packets: 1, bytes },
        is_ping,
        ..Told::new(at, transport, Endpoint { ip: source, port: from }, Endpoint { ip: destination, port: to }, verdict)
    };
    if told.concerns(is_home) {
        sink(told.event(numbers.next()));
    }
    Some(())
}
