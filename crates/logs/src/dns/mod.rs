//! Logs of resolvers: who asked for which name, and what came back as far as it is logged.
//!
//! The resolver's own address stands in none of them, so a question is told as put to no address.

pub(crate) mod adguard;
pub(crate) mod dnsmasq;
pub(crate) mod unbound;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use jiff::Timestamp;
use wire::event::{Conversation, Dns, DnsAnswer, DnsData, Endpoint, Event, Kind, Transport};

use crate::conversation::Numbers;

/// One question as an event.
pub(crate) fn event(numbers: &mut Numbers, asker: IpAddr, asked_at: Timestamp, dns: Dns) -> Event {
    let nobody = if asker.is_ipv4() { IpAddr::V4(Ipv4Addr::UNSPECIFIED) } else { IpAddr::V6(Ipv6Addr::UNSPECIFIED) };
    let conversation = Conversation {
        transport: Transport::Udp,
        client: Endpoint { ip: asker, port: 0 },
        server: Endpoint { ip: nobody, port: 53 },
    };
    Event { at: asked_at, flow: numbers.next(), conversation, kind: Kind::Dns(dns) }
}

/// A question's name; empty, or a dot, is the root.
pub(crate) fn asked(text: &str) -> Option<String> {
    if matches!(text, "" | ".") { Some(String::new()) } else { crate::fields::name(text) }
}

/// A question without an answer so far.
pub(crate) fn question(name: String, kind: String) -> Dns {
    Dns { name, kind, transaction: 0, answered_at: None, code: None, answers: Vec::new() }
}

/// An answer's record as a word: an address, a type whose data is left out, or something else of that many bytes.
pub(crate) fn record(name: &str, value: &str) -> DnsAnswer {
    let (kind, data) = match (value.parse::<IpAddr>(), kind_alone(value)) {
        (Ok(ip), _) => ((if ip.is_ipv4() { "A" } else { "AAAA" }).to_owned(), DnsData::Address(ip)),
        (Err(_), Some(kind)) => (kind, DnsData::Other(0)),
        (Err(_), None) => ("TXT".to_owned(), DnsData::Other(value.len())),
    };
    DnsAnswer { name: name.to_owned(), kind, ttl: 0, data }
}

/// `<HTTPS>`: a record of that type, of which nothing more is said.
pub(crate) fn kind_alone(value: &str) -> Option<String> {
    kind(value.strip_prefix('<')?.strip_suffix('>')?)
}

/// `A`, `type=65`, `TYPE65`: as `wire` names types.
pub(crate) fn kind(text: &str) -> Option<String> {
    let kind = text.strip_prefix("type=").map_or_else(|| text.to_ascii_uppercase(), |number| format!("TYPE{number}"));
    let is_kind =
        (1..=16).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_kind.then_some(kind)
}
