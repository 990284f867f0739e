//! CEF (ArcSight's Common Event Format, version 0 and 1), as UniFi's SIEM export and many firewalls write it. What a
//! FortiGate says in it is given back under FortiOS' own names, and read as its lines of `key=value` are.

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wire::event::{Alert, AlertSource, Conversation, Endpoint, Event, FlowEnd, Kind, Transport, Volume};

use super::{Read, Stamp, Told, Verdict, concerns};
use crate::conversation::{Numbers, transport_named};
use crate::fields::mac;
use crate::moment;

/// Pairs read of one line.
const MOST: usize = 200;
/// Whose `out` is known to be what the source sent.
const COUNTING: [&str; 2] = ["Ubiquiti", "Fortinet"];
/// Stands before FortiOS' own names.
const FORTIOS: &str = "FTNTFGT";

struct Header<'a> {
    vendor: &'a str,
    class: &'a str,
    name: &'a str,
    severity: &'a str,
    extension: &'a str,
}

/// One message. None: it is none that is read here.
pub(crate) fn line(
    message: &str,
    stamp: Stamp,
    zone: &TimeZone,
    numbers: &mut Numbers,
    is_home: impl Fn(IpAddr) -> bool,
    sink: &mut dyn FnMut(Event),
) -> Option<Read> {
    let header = header(message)?;
    let pairs = pairs(header.extension);
    let get = |key: &str| pairs.iter().find(|(known, _)| *known == key).map(|(_, value)| value.as_str());
    let own = ["rt", "end", "UNIFIutcTime", "start"].iter().find_map(|key| moment_of(get(key)?, zone));
    let stamp = own.map_or(stamp, Stamp::own);
    let end = |ip: &str, port: &str| {
        Some(Endpoint { ip: get(ip)?.parse().ok()?, port: get(port).and_then(|port| port.parse().ok()).unwrap_or(0) })
    };
    let (client, server) = (end("src", "spt")?, end("dst", "dpt")?);
    let transport = get("proto").and_then(transport_named).unwrap_or(Transport::Tcp);
    let count = |key: &str| get(key).and_then(|count| count.parse::<u64>().ok());
    let is_denied = get("act").is_some_and(|act| {
        let act = act.to_ascii_lowercase();
        ["block", "drop", "deny", "denied", "reject"].iter().any(|word| act.contains(word))
    });
    // An intrusion prevention system's word on a packet is no conversation of its own.
    if let Some(signature) = get("UNIFIipsSignature").or_else(|| header.class.eq("ips").then_some(header.name)) {
        let conversation = Conversation { transport, client, server };
        let alert = Alert {
            source: AlertSource::Cef,
            signature: signature.chars().take(200).collect(),
            id: get("UNIFIipsSignatureId").unwrap_or(header.class).chars().take(64).collect(),
            category: get("UNIFIipsCategory").or(get("cat")).map(|text| text.chars().take(100).collect()),
            // From 0 to 10, ten the worst; ours as Suricata has them, one the worst.
            severity: match header.severity.parse::<u8>() {
                Ok(9..) => 1,
                Ok(6..9) => 2,
                _ => 3,
            },
            is_blocked: is_denied,
        };
        let concerns = concerns(is_home(client.ip), is_home(server.ip), is_denied);
        if concerns.is_ok() {
            sink(Event { at: stamp.at, flow: numbers.next(), conversation, kind: Kind::Alert(alert) });
        }
        return Some(concerns);
    }
    // Which way `in` is, makers do not agree on; a direction that is wrong is worse than none.
    let is_known = COUNTING.contains(&header.vendor);
    let (sent, received) = (count("out").filter(|_| is_known), count("in").filter(|_| is_known));
    let verdict = match (is_denied, sent.or(received)) {
        (true, _) => Verdict::Denied,
        (false, Some(_)) => Verdict::Ended(FlowEnd::Finished),
        (false, None) => Verdict::Passed,
    };
    // How many packets and how long it does not say: a conversation is of one moment.
    let told = Told {
        sent: Volume { packets: 0, bytes: sent.unwrap_or_default() },
        received: Volume { packets: 0, bytes: received.unwrap_or_default() },
        client_mac: get("smac").and_then(mac),
        server_mac: get("dmac").and_then(mac),
        ..Told::new(stamp, transport, client, server, verdict)
    };
    Some(told.tell(is_home, numbers, sink))
}

/// Whether FortiOS wrote it.
pub(crate) fn is_fortios(line: &str) -> bool {
    header(line).is_some_and(|header| header.vendor == "Fortinet" && header.extension.contains(FORTIOS))
}

/// What FortiOS says in CEF, under the names that it has without (FortiOS Log Message Reference, "FortiOS to CEF log field
/// mapping guidelines"). None: FortiOS did not write it.
pub(crate) fn fortios(message: &str) -> Option<Vec<(&str, String)>> {
    // Behind `key=value` it is something that such a line quotes.
    let before = message.split("CEF:").next()?;
    if before.contains('=') || !is_fortios(message) {
        return None;
    }
    let mut pairs = pairs(header(message)?.extension);
    let category = pairs.iter().find(|(key, _)| *key == "cat").map(|(_, value)| value.clone())?;
    let (kind, subtype) = category.split_once(':')?;
    for (key, _) in &mut pairs {
        *key = match *key {
            "deviceExternalId" => "devid",
            "externalId" => "sessionid",
            "src" => "srcip",
            "spt" => "srcport",
            "smac" => "srcmac",
            "dst" => "dstip",
            "dpt" => "dstport",
            "dmac" => "dstmac",
            "destinationTranslatedAddress" => "tranip",
            "destinationTranslatedPort" => "tranport",
            // The other side's name as the firewall knows it; elsewhere that which the client asked for.
            "dhost" if kind == "traffic" => "dstname",
            "dhost" => "hostname",
            "request" => "url",
            "act" => "action",
            "app" => "service",
            "out" => "sentbyte",
            "in" => "rcvdbyte",
            key => key.strip_prefix(FORTIOS).unwrap_or(key),
        };
    }
    pairs.extend([("type", kind.to_owned()), ("subtype", subtype.to_owned())]);
    Some(pairs)
}

/// `CEF:0|vendor|product|version|class|name|severity|extension`; `\|` within a part is a bar.
fn header(message: &str) -> Option<Header<'_>> {
    let rest = message.get(message.find("CEF:")?..)?;
    let mut parts = [""; 7];
    let mut rest = rest;
    for part in &mut parts {
        let mut is_escaped = false;
        let end = rest.char_indices().find(|(_, c)| {
            let is_bar = *c == '|' && !is_escaped;
            is_escaped = *c == '\\' && !is_escaped;
            is_bar
        })?;
        *part = rest.get(..end.0)?;
        rest = rest.get(end.0 + 1..)?;
    }
    let [_, vendor, _, _, class, name, severity] = parts;
    Some(Header { vendor, class, name, severity, extension: rest })
}

/// `key=value key=value with spaces`: a value ends where the next key begins; `\=` and `\\` within it.
fn pairs(extension: &str) -> Vec<(&str, String)> {
    let mut starts: Vec<(usize, usize)> = Vec::new();
    let mut word = 0;
    let mut is_escaped = false;
    for (at, c) in extension.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ' ' => word = at + 1,
            '=' if at > word && starts.len() < MOST => {
                starts.push((word, at));
                // What stands behind is value until the next space.
                word = extension.len();
            }
            _ => {}
        }
    }
    let ends = starts.iter().skip(1).map(|(word, _)| *word).chain([extension.len()]);
    let value = |from: usize, to: usize| {
        extension.get(from..to).unwrap_or_default().trim().replace("\\=", "=").replace("\\\\", "\\")
    };
    starts
        .iter()
        .zip(ends)
        .filter_map(|((word, at), end)| Some((extension.get(*word..*at)?, value(at + 1, end))))
        .collect()
}

/// Milliseconds since 1970, or a date.
fn moment_of(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    match text.parse::<i64>() {
        Ok(ms) => Timestamp::from_millisecond(ms).ok(),
        Err(_) => moment::iso(text, zone),
    }
}
