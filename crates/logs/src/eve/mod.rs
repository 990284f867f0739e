//! Suricata's EVE JSON, versions 4 to 8, read.
//!
//! Read are `flow`, `dns` (both shapes), `tls`, `quic`, `http`, `ssh`, `dhcp` and `alert`. A flow's bytes count Ethernet's
//! header there; here they do not. What EVE does not say of a request (whether it had an `Accept`) counts as innocent.

mod dns;
mod write;

use std::net::IpAddr;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use wire::event::{
    Alert, AlertSource, Conversation, Endpoint, Event, Flow, FlowEnd, FlowId, Handshake, HostName, HttpRequest,
    HttpResponse, Kind, NameSource, QueryHash, Referer, Ssh, TlsCertificate, TlsClient, TlsServer, Transport, Volume,
};

use self::dns::Questions;
pub use self::write::EveOut;
pub(crate) use self::write::distinguished;
use crate::conversation::{Numbers, payload, transport_named};
use crate::fields::{asked, dhcp_message, mac, name};
use crate::json::{Object, kept};
use crate::names::{application, fingerprint, part, tls_version};
use crate::waiting::Waiting;

/// Bytes that Suricata counts with each packet and the IP packet does not have.
pub(crate) const ETHERNET_BYTES: u64 = 14;
/// Flows whose server's name is remembered until they end.
const NAMES: usize = 65_536;
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// The kinds of events of which something is told.
const READ: [&str; 8] = ["flow", "dns", "tls", "quic", "http", "ssh", "dhcp", "alert"];

#[derive(Debug)]
pub(crate) struct Eve {
    questions: Questions,
    /// Flow → the name that its client asked for.
    names: Waiting<u64, String>,
    pub(crate) dropped: u64,
}

impl Default for Eve {
    fn default() -> Self {
        Self { questions: Questions::default(), names: Waiting::new(NAMES), dropped: 0 }
    }
}

/// What every event says.
#[derive(Clone, Copy, Debug)]
struct Seen {
    at: Timestamp,
    number: u64,
    conversation: Conversation,
}

impl Seen {
    fn event(self, numbers: &Numbers, kind: Kind) -> Event {
        Event { at: self.at, flow: numbers.given(self.number), conversation: self.conversation, kind }
    }
}

impl Eve {
    /// One line. None: it is none that is read here.
    pub(crate) fn line(
        &mut self,
        text: &str,
        numbers: &Numbers,
        is_home: impl Fn(IpAddr) -> bool,
        sink: &mut dyn FnMut(Event),
    ) -> Option<()> {
        let value: Value = serde_json::from_str(text).ok()?;
        let object = Object(&value);
        let kind = object.text("event_type")?;
        if matches!(kind, "stats" | "netflow" | "fileinfo" | "anomaly") {
            return Some(());
        }
        let Some(seen) = seen(object) else {
            // What is not read anyway, or goes over something that bears no conversation (ARP, VRRP), is not damaged.
            let is_read =
                READ.contains(&kind) && object.text("proto").is_none_or(|over| transport_named(over).is_some());
            return (!is_read).then_some(());
        };
        self.quiet(seen.at, numbers, sink);
        match kind {
            "flow" => {
                let flow = self.flow(object, seen, numbers.given(seen.number))?;
                let seen = Seen { at: flow.last_at, conversation: flow.conversation, ..seen };
                sink(seen.event(numbers, Kind::FlowEnded(Box::new(flow))));
            }
            "dns" => self.questions.line(object.within("dns")?, seen, numbers, sink)?,
            "tls" | "quic" => self.hello(object.within(kind)?, seen, numbers, sink),
            "http" => self.http(object.within("http")?, seen, numbers, sink)?,
            "ssh" => {
                let version = |side: &str| {
                    let side = object.within("ssh")?.within(side)?;
                    Some(format!("SSH-{}-{}", side.text("proto_version")?, side.kept("software_version")?))
                };
                let (client, server) = (version("client").unwrap_or_default(), version("server").unwrap_or_default());
                sink(seen.event(numbers, Kind::Ssh(Ssh { client, server })));
            }
            "dhcp" => {
                if let Some(told) = dhcp(object.within("dhcp")?) {
                    sink(seen.event(numbers, Kind::HostName(told)));
                }
            }
            "alert" => {
                let (client, server) = (seen.conversation.client.ip, seen.conversation.server.ip);
                if is_home(client) || is_home(server) {
                    sink(seen.event(numbers, Kind::Alert(alert(object.within("alert")?)?)));
                }
            }
            _ => {}
        }
        Some(())
    }

    /// It is `at`: questions that waited long enough get no answer.
    pub(crate) fn quiet(&mut self, at: Timestamp, numbers: &Numbers, sink: &mut dyn FnMut(Event)) {
        self.questions.due(at, numbers, sink);
        while self.names.due(at).is_some() {}
    }

    pub(crate) fn is_waiting(&self) -> bool {
        !self.questions.is_empty()
    }

    pub(crate) fn finish(&mut self, numbers: &Numbers, sink: &mut dyn FnMut(Event)) {
        self.questions.finish(numbers, sink);
    }

    fn remember(&mut self, seen: Seen, name: Option<&String>) {
        if let Some(name) = name {
            let until = seen.at.saturating_add(LIFETIME).unwrap_or(seen.at);
            if self.names.put(seen.number, until, name.clone()).is_some() {
                self.dropped += 1;
            }
        }
    }

    fn flow(&mut self, object: Object<'_>, seen: Seen, id: FlowId) -> Option<Flow> {
        let flow = object.within("flow")?;
        let volume = |packets: &str, bytes: &str| {
            let packets = flow.number(packets).unwrap_or_default();
            let bytes = flow.number(bytes).unwrap_or_default();
            Volume { packets, bytes: bytes.saturating_sub(packets.saturating_mul(ETHERNET_BYTES)) }
        };
        let (sent, received) = (volume("pkts_toserver", "bytes_toserver"), volume("pkts_toclient", "bytes_toclient"));
        let tcp = object.within("tcp");
        let flags = |key: &str| u8::from_str_radix(tcp?.text(key)?, 16).ok();
        let (out, back) = (flags("tcp_flags_ts").unwrap_or_default(), flags("tcp_flags_tc").unwrap_or_default());
        let has = |flags: u8, flag: u8| flags & flag != 0;
        let transport = seen.conversation.transport;
        let handshake = match transport {
            Transport::Tcp if has(out, 2) && has(back, 2) => Handshake::Established,
            Transport::Tcp if has(out, 2) && has(back, 4) => Handshake::Refused,
            Transport::Tcp if has(out, 2) && received.packets == 0 => Handshake::Attempted,
            _ => Handshake::NotSeen,
        };
        let end = match flow.text("reason") {
            _ if has(out | back, 4) => FlowEnd::Reset,
            _ if has(out, 1) && has(back, 1) => FlowEnd::Finished,
            Some("shutdown") => FlowEnd::EndOfInput,
            Some("forced") => FlowEnd::Evicted,
            _ => FlowEnd::Idle,
        };
        let first_at = flow.moment("start").unwrap_or(seen.at);
        let is_ping = transport == Transport::Icmp && matches!(object.number("icmp_type"), Some(8 | 128));
        let ether = object.within("ether");
        let host = |key: &str| mac(ether?.list(key).first()?.as_str()?);
        Some(Flow {
            id,
            conversation: seen.conversation,
            client_mac: host("src_macs"),
            server_mac: host("dest_macs"),
            vlan: object.list("vlan").first().and_then(Value::as_u64).and_then(|id| u16::try_from(id).ok()),
            first_at,
            last_at: flow.moment("end").unwrap_or(first_at).max(first_at),
            is_timed: true,
            sent,
            received,
            sent_payload: payload(sent, transport, seen.conversation.client.ip),
            received_payload: payload(received, transport, seen.conversation.server.ip),
            handshake,
            end,
            application: if is_ping { Some("ping") } else { object.text("app_proto").and_then(application) },
            name: self.names.take(&seen.number),
        })
    }

    fn hello(&mut self, tls: Object<'_>, seen: Seen, numbers: &Numbers, sink: &mut dyn FnMut(Event)) {
        let sni = tls.text("sni").and_then(name);
        self.remember(seen, sni.as_ref());
        let ja3 = tls.within("ja3");
        let ja3_of = |key: &str| ja3.and_then(|ja3| ja3.kept(key)).unwrap_or_default();
        let alpn = |key: &str| tls.list(key).iter().filter_map(Value::as_str).take(16).map(kept).collect();
        // Of QUIC it is QUIC's own version.
        let is_tls = seen.conversation.transport == Transport::Tcp;
        let version = tls.text("version").filter(|_| is_tls).map(tls_version).unwrap_or_default();
        // What the server chose says what the client could at least.
        sink(seen.event(
            numbers,
            Kind::TlsClient(TlsClient {
                sni,
                alpn: alpn("client_alpns"),
                version: version.clone(),
                ja3: ja3_of("hash"),
                ja3_text: ja3_of("string"),
                ja4: tls.kept("ja4").unwrap_or_default(),
            }),
        ));
        if is_tls && !version.is_empty() {
            let alpn = tls.list("server_alpns").first().and_then(Value::as_str).map(kept);
            sink(seen.event(numbers, Kind::TlsServer(TlsServer { version, cipher: String::new(), alpn })));
        }
        let (subject, issuer) = (tls.kept("subject"), tls.kept("issuerdn"));
        if let (Some(subject), Some(issuer)) = (subject, issuer) {
            let certificate = TlsCertificate {
                is_self_signed: subject == issuer,
                subject: part(&subject, "CN"),
                subject_organisation: part(&subject, "O"),
                issuer: part(&issuer, "CN"),
                issuer_organisation: part(&issuer, "O"),
                names: tls
                    .list("subjectaltname")
                    .iter()
                    .filter_map(Value::as_str)
                    .filter_map(name)
                    .take(wire::tls::MAX_NAMES)
                    .collect(),
                not_before: tls.moment("notbefore"),
                not_after: tls.moment("notafter"),
                chain: tls.list("chain").len().max(1),
                sha1: tls.text("fingerprint").map(fingerprint).filter(|print| print.len() == 40).unwrap_or_default(),
                sha256: String::new(),
            };
            sink(seen.event(numbers, Kind::TlsCertificate(Box::new(certificate))));
        }
    }

    fn http(&mut self, http: Object<'_>, seen: Seen, numbers: &Numbers, sink: &mut dyn FnMut(Event)) -> Option<()> {
        let target = http.text("url").unwrap_or("/");
        let method = http.kept("http_method").unwrap_or_else(|| "GET".into());
        let (host, path) = asked(&method, target, http.text("hostname"));
        self.remember(seen, host.as_ref());
        let headers = http.list("request_headers");
        let header = |wanted: &str| {
            let is_so =
                |header: &&Value| Object(header).text("name").is_some_and(|name| name.eq_ignore_ascii_case(wanted));
            headers.iter().find(is_so)
        };
        sink(seen.event(
            numbers,
            Kind::HttpRequest(HttpRequest {
                // A line tells a request with its answer: they follow each other, whatever else is on the connection.
                stream: 0,
                method,
                path: kept(&path),
                query: QueryHash::of_target(target),
                user_agent: http.kept("http_user_agent"),
                content_type: header("content-type").and_then(|header| Object(header).kept("value")),
                content_length: header("content-length").and_then(|header| Object(header).text("value")?.parse().ok()),
                has_accept: headers.is_empty() || header("accept").is_some(),
                referer: referer(http.text("http_refer"), host.as_deref(), &path),
                host,
            }),
        ));
        if let Some(status) = http.number("status").and_then(|status| u16::try_from(status).ok()) {
            sink(seen.event(
                numbers,
                Kind::HttpResponse(HttpResponse {
                    stream: 0,
                    status,
                    server: None,
                    content_type: http.kept("http_content_type"),
                    content_length: http.number("length"),
                    is_encoded: false,
                }),
            ));
        }
        Some(())
    }
}

/// Whether a request says that it came from the very page it asks for.
pub(crate) fn referer(said: Option<&str>, host: Option<&str>, path: &str) -> Referer {
    let Some(said) = said else { return Referer::Absent };
    let rest = said.split_once("://").map_or(said, |(_, rest)| rest);
    let own = format!("{}{path}", host.unwrap_or_default());
    if rest.split(['?', '#']).next() == Some(own.as_str()) { Referer::Own } else { Referer::Other }
}

fn seen(object: Object<'_>) -> Option<Seen> {
    let transport = transport_named(object.text("proto")?)?;
    let has_ports = matches!(transport, Transport::Tcp | Transport::Udp);
    let end = |ip: &str, port: &str| {
        Some(Endpoint { ip: object.ip(ip)?, port: if has_ports { object.port(port) } else { 0 } })
    };
    let (client, server) = (end("src_ip", "src_port")?, end("dest_ip", "dest_port")?);
    Some(Seen {
        at: object.moment("timestamp")?,
        number: object.number("flow_id").unwrap_or_default(),
        conversation: Conversation { transport, client, server },
    })
}

/// An address is a client's where it was given, or where it renews it: a wish says nothing, nor does an offer.
fn dhcp(dhcp: Object<'_>) -> Option<HostName> {
    let message = dhcp.text("dhcp_type").and_then(dhcp_message);
    let ip = match message {
        Some("ack") => dhcp.ip("assigned_ip"),
        Some("request" | "inform") => dhcp.ip("client_ip"),
        _ => None,
    };
    let told = HostName {
        source: NameSource::Dhcp,
        ip: ip.filter(|ip| !ip.is_unspecified()),
        mac: dhcp.text("client_mac").and_then(mac),
        name: dhcp.text("hostname").and_then(name).and_then(|name| name.split('.').next().map(str::to_owned)),
        kind: dhcp.kept("vendor_class_identifier"),
        message,
    };
    told.mac.is_some().then_some(told)
}

fn alert(alert: Object<'_>) -> Option<Alert> {
    Some(Alert {
        source: AlertSource::Suricata,
        signature: alert.text("signature")?.chars().take(200).collect(),
        id: alert.number("signature_id").unwrap_or_default().to_string(),
        category: alert.text("category").map(|text| text.chars().take(100).collect()),
        severity: alert.number("severity").and_then(|severity| u8::try_from(severity).ok()).unwrap_or(3),
        is_blocked: alert.text("action") == Some("blocked"),
    })
}
