//! Netfilter's own line, as UniFi gateways, OpenWrt and any Linux firewall write it: the first packet of what a logging
//! rule met.

use std::net::IpAddr;

use wire::event::{Endpoint, Event, Transport, Volume};

use super::{Read, Stamp, Told, Verdict};
use crate::conversation::{Numbers, transport_named};
use crate::fields::{Fields, mac};
use crate::unused::Unused;

/// How words of a rule's prefix begin that say it turned away: `drop`, `Dropped`, `rejecting`.
const DENIED: [&str; 7] = ["DROP", "BLOCK", "REJECT", "DENY", "DENI", "REFUS", "DISCARD"];

/// One message. None: it is none that is read here.
pub(crate) fn line(
    message: &str,
    stamp: Stamp,
    numbers: &mut Numbers,
    is_home: impl Fn(IpAddr) -> bool,
    sink: &mut dyn FnMut(Event),
) -> Option<Read> {
    let prefix = message.split("IN=").next()?.split("DESCR=").next()?;
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

/// UniFi's `[LAN_IN-D-3001]` and EdgeOS' `[WAN_IN-default-D]` say by one letter (A, D, R), newer `RET`; others name it.
fn is_denied(prefix: &str) -> bool {
    let brackets = prefix.split('[').skip(1).filter_map(|rest| rest.split(']').next());
    let by_letter = |rule: &str| {
        rule.rsplit('-').take(2).find_map(|part| match part {
            "D" | "R" => Some(true),
            "A" | "RET" => Some(false),
            _ => None,
        })
    };
    brackets.filter(|rule| rule.contains('-')).find_map(by_letter).unwrap_or_else(|| {
        let upper = prefix.to_ascii_uppercase();
        let mut words = upper.split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| DENIED.iter().any(|start| word.starts_with(start)))
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use wire::event::{Handshake, Kind};

    use super::*;

    #[test]
    fn a_rules_letter_says_what_was_done_and_its_description_nothing() {
        let table = [
            ("[LAN_IN-A-2000]", false),
            ("[LAN_OUT-D-3001] DESCR=\"no smb\" ", true),
            ("[LAN_LOCAL-D-10001] DESCR=\"IoT-to-LAN\" ", true),
            ("[LAN_LOCAL-A-10001] DESCR=\"Allow NAS, drop-folder\" ", false),
            ("[LAN_LOCAL-RET-10001] DESCR=\"[X-D-1] drop\" ", false),
            ("[WAN_IN-default-D]", true),
            ("[WAN_IN-10-A]", false),
            ("[81.2] [DROP-ZONE-A-7]", false),
            ("[81.2] DROP wan out: ", true),
            ("[81.2] accept wan out: ", false),
            ("[UFW BLOCK] ", true),
            ("[UFW ALLOW] ", false),
            ("[nftables] Inbound Denied: ", true),
            ("[123.4] IPTables-Dropped: ", true),
            ("blocked ", true),
            ("Rejected: ", true),
            ("fw_discarded ", true),
            ("undropped ", false),
            ("DESCR=\"drop\" ", false),
            ("", false),
        ];
        for (prefix, is_turned_away) in table {
            let message = format!("{prefix}IN=br0 OUT= SRC=10.0.0.5 DST=10.0.0.1 LEN=60 PROTO=TCP SPT=1 DPT=2 SYN");
            let stamp = Stamp::own(Timestamp::UNIX_EPOCH);
            let mut told = Vec::new();
            let read = line(&message, stamp, &mut Numbers::new(1), |_| true, &mut |event| told.push(event.kind));
            assert_eq!(read, Some(Ok(())), "{prefix}");
            let Some(Kind::FlowEnded(flow)) = told.first() else { panic!("{prefix}: {told:?}") };
            assert_eq!(flow.handshake == Handshake::Attempted, is_turned_away, "{prefix}");
        }
    }
}
