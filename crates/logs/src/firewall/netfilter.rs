//! Netfilter's own line, as UniFi gateways, OpenWrt and any Linux firewall write it: the first packet of what a logging
//! rule met.

use std::net::IpAddr;

use wire::event::{Endpoint, Event, Transport, Volume};

use super::{Read, Stamp, Told, Verdict};
use crate::conversation::{Numbers, transport_named};
use crate::fields::{Fields, mac};
use crate::unused::Unused;

/// Words of a rule's prefix that say it turned away.
const DENIED: [&str; 5] = ["DROP", "BLOCK", "REJECT", "DENY", "DENIED"];

/// One message. None: it is none that is read here.
pub(crate) fn line(
    message: &str,
    stamp: Stamp,
    numbers: &mut Numbers,
    is_home: impl Fn(IpAddr) -> bool,
    sink: &mut dyn FnMut(Event),
) -> Option<Read> {
    let prefix = message.split("IN=").next()?;
    let fields = Fields::read(message);
    let end = |ip: &str, port: &str| Some(Endpoint { ip: fields.parsed(ip)?, port: fields.parsed(port).unwrap_or(0) });
    let (client, server) = (end("SRC", "SPT")?, end("DST", "DPT")?);
    let transport = transport_named(fields.get("PROTO")?)?;
    let verdict = if is_denied(prefix) { Verdict::Denied } else { Verdict::Passed };
    // A packet of a connection that is known no more begins none.
    let is_late = transport == Transport::Tcp && !message.split_ascii_whitespace().any(|word| word == "SYN");
    if is_late {
        return Some(Err(Unused::Midway));
    }
    // Destination, source, kind of what follows, all in one: the frame's first fourteen bytes.
    let source_mac = fields.get("MAC").and_then(|both| both.get(18..35)).and_then(mac);
    let told = Told {
        sent: Volume { packets: 1, bytes: fields.number("LEN").unwrap_or_default() },
        client_mac: source_mac.filter(|_| is_home(client.ip)),
        is_ping: transport == Transport::Icmp && matches!(fields.get("TYPE"), Some("8" | "128")),
        ..Told::new(stamp, transport, client, server, verdict)
    };
    Some(told.tell(is_home, numbers, sink))
}

/// UniFi's `[LAN_IN-D-3001]` says by one letter (A, D, R), newer `RET`; others name it.
fn is_denied(prefix: &str) -> bool {
    let inside = prefix.trim().trim_matches(['[', ']']);
    let letter = inside.rsplit('-').nth(1);
    match letter {
        Some("D" | "R") => true,
        Some("A" | "RET") => false,
        _ => {
            let upper = inside.to_ascii_uppercase();
            let mut words = upper.split(|c: char| !c.is_ascii_alphanumeric());
            words.any(|word| DENIED.contains(&word))
        }
    }
}
