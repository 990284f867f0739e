//! Sophos Firewall (XG, XGS; SFOS 17 and later): firewall, web-filter, intrusion-prevention and botnet logs as `key=value`, in both of its formats.

use std::cmp::Ordering;
use std::net::IpAddr;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use wire::event::{Alert, AlertSource, Conversation, Endpoint, Event, FlowEnd, Kind, Transport, Volume};

use super::{Read, Stamp, Told, Verdict, concerns, web::Asked};
use crate::conversation::{Numbers, called_by_port, transport_named};
use crate::fields::{Fields, mac};
use crate::moment;
use crate::unused::Unused;

/// One line's pairs. None: no line that is read here.
pub(crate) fn line(
    fields: &Fields<'_>,
    zone: &TimeZone,
    numbers: &mut Numbers,
    is_home: impl Fn(IpAddr) -> bool,
    sink: &mut dyn FnMut(Event),
) -> Option<Read> {
    let at = at(fields, zone)?;
    let end = |ip: &str, port: &str| Some(Endpoint { ip: fields.parsed(ip)?, port: fields.parsed(port).unwrap_or(0) });
    let (client, server) = (end("src_ip", "src_port")?, end("dst_ip", "dst_port")?);
    // Where a port is forwarded, who is really spoken to stands behind the firewall's own address.
    let behind = fields.any(&["tran_dst_ip", "dst_trans_ip"]).and_then(|ip| ip.parse::<IpAddr>().ok());
    let behind = behind.filter(|ip| !ip.is_unspecified()).map(|ip| Endpoint {
        ip,
        port: fields
            .any(&["tran_dst_port", "dst_trans_port"])
            .and_then(|port| port.parse::<u16>().ok())
            .filter(|port| *port != 0)
            .unwrap_or(server.port),
    });
    let server = behind.unwrap_or(server);
    let transport = fields.get("protocol").and_then(transport_named);
    match fields.get("log_type")? {
        "Firewall" => {
            let event = fields.any(&["con_event", "connevent"]).unwrap_or_default();
            let is_denied = fields
                .any(&["log_subtype", "status"])
                .is_some_and(|word| word.starts_with("Den") || word.starts_with("Drop"));
            // A beginning counts nothing, and what was counted in between its end tells again.
            if !is_denied && matches!(event, "Start" | "Interim") {
                return Some(Err(Unused::Unfinished));
            }
            let count =
                |key: &str, other: &str| fields.number(key).or_else(|| fields.number(other)).unwrap_or_default();
            let seconds = fields.parsed::<u32>("duration").unwrap_or_default();
            let verdict = if is_denied { Verdict::Denied } else { Verdict::Ended(FlowEnd::Finished) };
            let told = Told {
                first_at: at.checked_sub(SignedDuration::from_secs(seconds.into())).ok()?,
                sent: Volume { packets: count("sent_pkts", "packets_sent"), bytes: count("sent_bytes", "bytes_sent") },
                received: Volume {
                    packets: count("recv_pkts", "packets_received"),
                    bytes: count("recv_bytes", "bytes_received"),
                },
                client_mac: fields.any(&["src_mac"]).and_then(mac),
                server_mac: fields.any(&["dst_mac"]).and_then(mac),
                is_ping: fields.get("icmp_type").is_some_and(|kind| matches!(kind, "8" | "128")),
                ..Told::new(Stamp::own(at), transport?, client, server, verdict)
            };
            Some(told.tell(is_home, numbers, sink))
        }
        kind @ ("Content Filtering" | "SSL") => {
            let asked = Asked {
                url: fields.get("url"),
                host: fields.any(&["domain", "sni", "server_name"]),
                // Its part that filters is called HTTP whatever it filters.
                service: (kind == "SSL").then_some("HTTPS"),
                port: server.port,
                method: None,
                agent: fields.get("user_agent"),
            };
            let host = asked.host()?;
            if !is_home(client.ip) {
                return Some(Err(Unused::Elsewhere));
            }
            let conversation = Conversation { transport: transport.unwrap_or(Transport::Tcp), client, server };
            let Some(kind) = asked.kind(host) else { return Some(Err(Unused::Midway)) };
            sink(Event { at, flow: numbers.passing(), conversation, kind });
            Some(Ok(()))
        }
        "IDP" | "IPS" | "ATP" => {
            let conversation = Conversation { transport: transport.unwrap_or(Transport::Tcp), client, server };
            Some(alarm(fields, at, conversation, numbers, is_home, sink))
        }
        _ => None,
    }
}

/// What its intrusion prevention and its watch for botnets raise.
fn alarm(
    fields: &Fields<'_>,
    at: Timestamp,
    mut conversation: Conversation,
    numbers: &mut Numbers,
    is_home: impl Fn(IpAddr) -> bool,
    sink: &mut dyn FnMut(Event),
) -> Read {
    // The source is who attacked, and that may be the server with its answer.
    if called_by_port(conversation.client, conversation.server) == Some(Ordering::Less) {
        std::mem::swap(&mut conversation.client, &mut conversation.server);
    }
    let signature = fields.any(&["signature_msg", "threatname", "threat", "malware"]).unwrap_or("-");
    let done = fields.any(&["log_subtype", "status"]).unwrap_or_default();
    let alert = Alert {
        source: AlertSource::Cef,
        signature: signature.chars().take(200).collect(),
        id: fields.get("signature_id").unwrap_or(signature).chars().take(64).collect(),
        category: fields.any(&["classification", "log_component"]).map(|text| text.chars().take(100).collect()),
        // Of a botnet it says none: there is none that is less than bad.
        severity: match fields.parsed::<u8>("rule_priority") {
            None | Some(..=1) => 1,
            Some(2) => 2,
            Some(_) => 3,
        },
        is_blocked: ["Drop", "Den", "Block", "Reject"].iter().any(|word| done.starts_with(word)),
    };
    let concerns = concerns(is_home(conversation.client.ip), is_home(conversation.server.ip), alert.is_blocked);
    if concerns.is_ok() {
        sink(Event { at, flow: numbers.next(), conversation, kind: Kind::Alert(alert) });
    }
    concerns
}

/// `timestamp` in the newer format; a date, a time and a zone's name, which is no zone, in the older.
fn at(fields: &Fields<'_>, zone: &TimeZone) -> Option<Timestamp> {
    match fields.get("timestamp") {
        Some(stamp) => moment::iso(stamp, zone),
        None => moment::iso(&format!("{}T{}", fields.get("date")?, fields.get("time")?), zone),
    }
}
