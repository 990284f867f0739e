//! Our events as Suricata 7 writes its own.
//!
//! A `tls` or `http` line tells both sides, which come as events of their own: the client's waits for the server's, or
//! for the flow's end. What EVE has no line for (log-ins, personal data, mining, what pings carry, names by mDNS) is not
//! written; nor is what we do not keep (mail's envelope, FTP's commands).

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use wire::event::{
    Conversation, Dns, DnsData, Event, Flow, FlowEnd, FlowId, Handshake, HostName, HttpRequest, HttpResponse, Kind,
    NameSource, TlsCertificate, TlsClient, TlsServer, Transport,
};

use super::ETHERNET_BYTES;
use crate::community;

/// Handshakes and requests that wait for their other side.
const WAITING: usize = 65_536;

/// Requests of one connection that may wait, each on a stream of its own.
const REQUESTS: usize = 128;

/// Writes events as EVE lines.
#[derive(Debug, Default)]
pub struct EveOut {
    waiting: BTreeMap<FlowId, Half>,
}

/// What one side said.
#[derive(Debug, Default)]
struct Half {
    hello: Option<(Timestamp, Conversation, TlsClient)>,
    server: Option<TlsServer>,
    requests: Vec<(Timestamp, Conversation, HttpRequest)>,
}

impl EveOut {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The lines, without their ends, that an event completes.
    pub fn event(&mut self, event: &Event) -> Vec<String> {
        let mut out = Vec::new();
        if self.waiting.len() >= WAITING
            && let Some((flow, half)) = self.waiting.pop_first()
        {
            half.tell(flow, None, &mut out);
        }
        let head = |kind: &str| head(kind, event.at, event.flow, &event.conversation);
        match &event.kind {
            Kind::FlowEnded(flow) => {
                if let Some(half) = self.waiting.remove(&event.flow) {
                    half.tell(event.flow, None, &mut out);
                }
                out.push(written(flow_line(flow)));
            }
            Kind::Dns(dns) => dns_lines(event, dns, &mut out),
            Kind::TlsClient(hello) => {
                let half = self.waiting.entry(event.flow).or_default();
                if half.hello.is_some() {
                    half.tell_tls(event.flow, None, &mut out);
                }
                half.hello = Some((event.at, event.conversation, hello.clone()));
            }
            Kind::TlsServer(server) => {
                // From 1.3 on the certificate is encrypted: nothing more comes.
                let is_all = server.version == "1.3";
                let half = self.waiting.entry(event.flow).or_default();
                half.server = Some(server.clone());
                if is_all {
                    half.tell_tls(event.flow, None, &mut out);
                }
            }
            Kind::TlsCertificate(certificate) => {
                let half = self.waiting.entry(event.flow).or_default();
                half.tell_tls(event.flow, Some(certificate), &mut out);
            }
            Kind::HttpRequest(request) => {
                let half = self.waiting.entry(event.flow).or_default();
                half.tell_http(event.flow, request.stream, None, &mut out);
                if half.requests.len() >= REQUESTS {
                    half.tell_oldest(event.flow, &mut out);
                }
                half.requests.push((event.at, event.conversation, request.clone()));
            }
            Kind::HttpResponse(response) => {
                if let Some(half) = self.waiting.get_mut(&event.flow) {
                    half.tell_http(event.flow, response.stream, Some(response), &mut out);
                }
            }
            Kind::Ssh(versions) => {
                let side = |version: &str| {
                    let mut parts = version.splitn(3, '-').skip(1);
                    json!({ "proto_version": parts.next().unwrap_or_default(), "software_version": parts.next().unwrap_or_default() })
                };
                let mut line = head("ssh");
                line.insert(
                    "ssh".into(),
                    json!({ "client": side(&versions.client), "server": side(&versions.server) }),
                );
                out.push(written(line));
            }
            Kind::HostName(told) if told.source == NameSource::Dhcp => {
                let mut line = head("dhcp");
                line.insert("dhcp".into(), dhcp(told));
                out.push(written(line));
            }
            Kind::Alert(alert) => {
                let mut line = head("alert");
                line.insert(
                    "alert".into(),
                    json!({
                        "action": if alert.is_blocked { "blocked" } else { "allowed" },
                        "gid": 1,
                        "signature_id": alert.id.parse::<u64>().unwrap_or_default(),
                        "rev": 0,
                        "signature": alert.signature,
                        "category": alert.category.clone().unwrap_or_default(),
                        "severity": alert.severity,
                    }),
                );
                out.push(written(line));
            }
            _ => {}
        }
        out
    }

    /// What still waits.
    pub fn finish(&mut self) -> Vec<String> {
        let mut out = Vec::new();
        while let Some((flow, half)) = self.waiting.pop_first() {
            half.tell(flow, None, &mut out);
        }
        out
    }
}

impl Half {
    fn tell(mut self, flow: FlowId, certificate: Option<&TlsCertificate>, out: &mut Vec<String>) {
        self.tell_tls(flow, certificate, out);
        while !self.requests.is_empty() {
            self.tell_oldest(flow, out);
        }
    }

    fn tell_tls(&mut self, flow: FlowId, certificate: Option<&TlsCertificate>, out: &mut Vec<String>) {
        let server = self.server.take();
        let Some((at, conversation, hello)) = self.hello.take() else { return };
        let kind = if conversation.transport == Transport::Udp { "quic" } else { "tls" };
        let mut tls = Map::new();
        let mut put = |key: &str, value: Value| {
            if !value.is_null() && value != Value::String(String::new()) {
                tls.insert(key.to_owned(), value);
            }
        };
        put("sni", json!(hello.sni));
        if let Some(certificate) = certificate {
            put("subject", json!(distinguished(&certificate.subject, &certificate.subject_organisation)));
            put("issuerdn", json!(distinguished(&certificate.issuer, &certificate.issuer_organisation)));
            put("fingerprint", json!(colons(&certificate.sha1)));
            put("notbefore", json!(certificate.not_before.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string())));
            put("notafter", json!(certificate.not_after.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string())));
            put("subjectaltname", if certificate.names.is_empty() { Value::Null } else { json!(certificate.names) });
        }
        if kind == "tls" {
            put("version", json!(server.as_ref().map(|server| version(&server.version))));
        }
        if !hello.ja3.is_empty() {
            put("ja3", json!({ "hash": hello.ja3, "string": hello.ja3_text }));
        }
        put("ja4", json!(hello.ja4));
        put("client_alpns", if hello.alpn.is_empty() { Value::Null } else { json!(hello.alpn) });
        put("server_alpns", json!(server.and_then(|server| server.alpn).map(|alpn| vec![alpn])));
        let mut line = head(kind, at, flow, &conversation);
        line.insert(kind.into(), Value::Object(tls));
        out.push(written(line));
    }

    fn tell_oldest(&mut self, flow: FlowId, out: &mut Vec<String>) {
        if let Some(stream) = self.requests.first().map(|(.., request)| request.stream) {
            self.tell_http(flow, stream, None, out);
        }
    }

    /// Tells the request that waits on that stream, if one does.
    fn tell_http(&mut self, flow: FlowId, stream: u32, response: Option<&HttpResponse>, out: &mut Vec<String>) {
        let Some(index) = self.requests.iter().position(|(.., request)| request.stream == stream) else { return };
        let (at, conversation, request) = self.requests.remove(index);
        let mut http = Map::new();
        let mut put = |key: &str, value: Value| {
            if !value.is_null() {
                http.insert(key.to_owned(), value);
            }
        };
        put("hostname", json!(request.host));
        put("url", json!(request.path));
        put("http_user_agent", json!(request.user_agent));
        put("http_method", json!(request.method));
        put("protocol", json!(if stream == 0 { "HTTP/1.1" } else { "HTTP/2" }));
        put("http2", if stream == 0 { Value::Null } else { json!({ "stream_id": stream }) });
        let own = format!("http://{}{}", request.host.as_deref().unwrap_or_default(), request.path);
        let said = match request.referer {
            wire::event::Referer::Own => Some(own),
            // Of another only that there is one is kept, which has no place here.
            wire::event::Referer::Absent | wire::event::Referer::Other => None,
        };
        put("http_refer", json!(said));
        // As with `dump-all-headers`, those that we keep: an `Accept` only that it was there.
        let mut headers = Vec::new();
        let mut header = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                headers.push(json!({ "name": name, "value": value }));
            }
        };
        header("Host", request.host.clone());
        header("Content-Type", request.content_type.clone());
        header("Content-Length", request.content_length.map(|length| length.to_string()));
        header("Accept", request.has_accept.then(|| "*/*".to_owned()));
        // An empty list would say nothing about `Accept`.
        header("User-Agent", request.user_agent.clone());
        put("request_headers", json!(headers));
        if let Some(response) = response {
            put("status", json!(response.status));
            put("length", json!(response.content_length));
            put("http_content_type", json!(response.content_type));
        }
        let mut line = head("http", at, flow, &conversation);
        line.insert("http".into(), Value::Object(http));
        out.push(written(line));
    }
}

fn written(line: Map<String, Value>) -> String {
    Value::Object(line).to_string()
}

/// Suricata's own way to write a moment.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6f+0000").to_string()
}

fn head(kind: &str, at: Timestamp, flow: FlowId, conversation: &Conversation) -> Map<String, Value> {
    let mut line = Map::new();
    line.insert("timestamp".into(), stamp(at).into());
    line.insert("flow_id".into(), (flow.0 + 1).into());
    line.insert("event_type".into(), kind.into());
    let has_ports = matches!(conversation.transport, Transport::Tcp | Transport::Udp);
    for (ip, port, end) in [("src_ip", "src_port", conversation.client), ("dest_ip", "dest_port", conversation.server)]
    {
        line.insert(ip.into(), end.ip.to_string().into());
        if has_ports {
            line.insert(port.into(), end.port.into());
        }
    }
    let proto = match conversation.transport {
        Transport::Tcp => "TCP".to_owned(),
        Transport::Udp => "UDP".to_owned(),
        Transport::Icmp if conversation.client.ip.is_ipv4() => "ICMP".to_owned(),
        Transport::Icmp => "IPv6-ICMP".to_owned(),
        Transport::Other(number) => number.to_string(),
    };
    line.insert("proto".into(), proto.into());
    if has_ports && let Some(id) = community::id(conversation, false) {
        line.insert("community_id".into(), id.into());
    }
    line
}

fn flow_line(flow: &Flow) -> Map<String, Value> {
    let mut line = head("flow", flow.last_at, flow.id, &flow.conversation);
    if let Some(vlan) = flow.vlan {
        line.insert("vlan".into(), json!([vlan]));
    }
    let is_ping = flow.application == Some("ping");
    if is_ping {
        let kind = if flow.conversation.client.ip.is_ipv4() { 8 } else { 128 };
        line.insert("icmp_type".into(), kind.into());
        line.insert("icmp_code".into(), 0.into());
        line.insert("community_id".into(), json!(community::id(&flow.conversation, true)));
    } else if let Some(application) = flow.application {
        line.insert("app_proto".into(), if application == "vnc" { "rfb" } else { application }.into());
    }
    let macs = |mac: Option<[u8; 6]>| mac.map(|mac| vec![mac.map(|byte| format!("{byte:02x}")).join(":")]);
    if flow.client_mac.is_some() || flow.server_mac.is_some() {
        line.insert("ether".into(), json!({ "src_macs": macs(flow.client_mac).unwrap_or_default(), "dest_macs": macs(flow.server_mac).unwrap_or_default() }));
    }
    let framed = |volume: wire::event::Volume| volume.bytes + volume.packets * ETHERNET_BYTES;
    let state = match (flow.handshake, flow.end) {
        (_, FlowEnd::Finished | FlowEnd::Reset) => "closed",
        (Handshake::Established, _) => "established",
        _ if flow.received.packets > 0 => "established",
        _ => "new",
    };
    let reason = match flow.end {
        FlowEnd::Evicted => "forced",
        FlowEnd::EndOfInput => "shutdown",
        _ => "timeout",
    };
    line.insert(
        "flow".into(),
        json!({
            "pkts_toserver": flow.sent.packets,
            "pkts_toclient": flow.received.packets,
            "bytes_toserver": framed(flow.sent),
            "bytes_toclient": framed(flow.received),
            "start": stamp(flow.first_at),
            "end": stamp(flow.last_at),
            "age": flow.last_at.duration_since(flow.first_at).as_secs(),
            "state": state,
            "reason": reason,
            "alerted": false,
        }),
    );
    if flow.conversation.transport == Transport::Tcp {
        let (out, back) = flags(flow);
        line.insert(
            "tcp".into(),
            json!({
                "tcp_flags": format!("{:02x}", out | back),
                "tcp_flags_ts": format!("{out:02x}"),
                "tcp_flags_tc": format!("{back:02x}"),
                "syn": (out | back) & 2 != 0,
                "fin": (out | back) & 1 != 0,
                "rst": (out | back) & 4 != 0,
                "ack": (out | back) & 16 != 0,
                "state": state,
            }),
        );
    }
    line
}

/// The flags of each side as far as handshake and end tell them: FIN 1, SYN 2, RST 4, ACK 16.
fn flags(flow: &Flow) -> (u8, u8) {
    let (out, back) = match flow.handshake {
        Handshake::NotSeen => (16, if flow.received.packets > 0 { 16 } else { 0 }),
        Handshake::Attempted => return (2, 0),
        Handshake::Refused => return (2, 4 | 16),
        Handshake::Established => (2 | 16, 2 | 16),
    };
    match flow.end {
        FlowEnd::Finished => (out | 1, back | 1),
        FlowEnd::Reset => (out | 4, back),
        _ => (out, back),
    }
}

fn dns_lines(event: &Event, dns: &Dns, out: &mut Vec<String>) {
    let mut line = head("dns", event.at, event.flow, &event.conversation);
    line.insert(
        "dns".into(),
        json!({ "version": 2, "type": "query", "id": dns.transaction, "rrname": dns.name, "rrtype": dns.kind, "tx_id": 0, "opcode": 0 }),
    );
    out.push(written(line));
    let Some(answered_at) = dns.answered_at else { return };
    let answers: Vec<Value> = dns.answers.iter().map(answer).collect();
    let mut line = head("dns", answered_at.max(event.at), event.flow, &event.conversation);
    let said = json!({
        "version": 2,
        "type": "answer",
        "id": dns.transaction,
        "flags": "8180",
        "qr": true,
        "rd": true,
        "ra": true,
        "opcode": 0,
        "rrname": dns.name,
        "rrtype": dns.kind,
        "rcode": dns.code.as_deref().unwrap_or("NOERROR"),
        "answers": answers,
    });
    line.insert("dns".into(), said);
    out.push(written(line));
}

/// Of what is no address and no name only the length is kept: Suricata has no field for it.
fn answer(answer: &wire::event::DnsAnswer) -> Value {
    let (key, value) = match &answer.data {
        DnsData::Address(ip) => ("rdata", ip.to_string().into()),
        DnsData::Name(name) if answer.kind == "SRV" => ("srv", json!({ "name": name })),
        DnsData::Name(name) => ("rdata", name.as_str().into()),
        DnsData::Other(length) => ("rdata_length", (*length).into()),
    };
    json!({ "rrname": answer.name, "rrtype": answer.kind, "ttl": answer.ttl, key: value })
}

fn dhcp(told: &HostName) -> Value {
    // A message without a type is one of BOOTP, as DHCP's forerunner is called.
    let message = told.message.unwrap_or("unknown");
    let is_reply = matches!(message, "offer" | "ack" | "nak");
    let address = if is_reply { "assigned_ip" } else { "client_ip" };
    json!({
        "type": if is_reply { "reply" } else { "request" },
        "dhcp_type": message,
        "client_mac": told.mac.map(|mac| mac.map(|byte| format!("{byte:02x}")).join(":")),
        address: told.ip.map(|ip| ip.to_string()),
        "hostname": told.name,
        "vendor_class_identifier": told.kind,
    })
}

/// `CN=a.nl, O=B`: what we keep of a distinguished name.
pub(crate) fn distinguished(common: &Option<String>, organisation: &Option<String>) -> Option<String> {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace(',', "\\,");
    let part = |key: &str, value: &Option<String>| value.as_deref().map(|value| format!("{key}={}", escaped(value)));
    let parts: Vec<String> = [part("O", organisation), part("CN", common)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn colons(hex: &str) -> String {
    hex.as_bytes().chunks(2).map(String::from_utf8_lossy).collect::<Vec<_>>().join(":")
}

fn version(ours: &str) -> String {
    match ours {
        "ssl3" => "SSLv3".to_owned(),
        "1.0" => "TLSv1".to_owned(),
        other => format!("TLS {other}"),
    }
}
