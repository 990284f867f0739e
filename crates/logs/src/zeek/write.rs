//! Our events as Zeek writes its logs: one file a log, TSV with header lines.
//!
//! The columns are those of Zeek 6 with its policies for hardware addresses, community id and JA3/JA4 loaded. A request
//! waits for its response. What Zeek has no log for here (log-ins, personal data, mining, what pings carry) is not written.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use wire::event::{
    Content, Conversation, Dns, DnsData, Event, Flow, FlowEnd, FlowId, Handshake, HostName, HttpRequest, HttpResponse,
    Kind, NameSource, TlsCertificate, TlsClient, TlsServer, Transport,
};

use crate::community;
use crate::eve::distinguished;

/// Handshakes and requests that wait for their other side.
const WAITING: usize = 65_536;

/// Requests of one connection that may wait, each on a stream of its own.
const REQUESTS: usize = 128;

/// One of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ZeekLog {
    Conn,
    Dns,
    Ssl,
    Http,
    X509,
    Files,
    Ssh,
    Dhcp,
}

/// The five fields that begin the record of a connection.
const ID: &str = "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port ";

impl ZeekLog {
    pub const ALL: [Self; 8] =
        [Self::Conn, Self::Dns, Self::Ssl, Self::Http, Self::X509, Self::Files, Self::Ssh, Self::Dhcp];

    /// The file's name without `.log`.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Conn => "conn",
            Self::Dns => "dns",
            Self::Ssl => "ssl",
            Self::Http => "http",
            Self::X509 => "x509",
            Self::Files => "files",
            Self::Ssh => "ssh",
            Self::Dhcp => "dhcp",
        }
    }

    /// Its columns after those of the connection: name and type.
    fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Conn => (
                ID,
                "proto:enum service:string duration:interval orig_bytes:count resp_bytes:count conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string orig_pkts:count orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count tunnel_parents:set[string] vlan:int orig_l2_addr:string resp_l2_addr:string community_id:string",
            ),
            Self::Dns => (
                ID,
                "proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string qtype:count qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count answers:vector[string] TTLs:vector[interval] rejected:bool",
            ),
            Self::Ssl => (
                ID,
                "version:string cipher:string curve:string server_name:string resumed:bool last_alert:string next_protocol:string established:bool ssl_history:string cert_chain_fps:vector[string] client_cert_chain_fps:vector[string] sni_matches_cert:bool ja3:string ja4:string",
            ),
            Self::Http => (
                ID,
                "trans_depth:count method:string host:string uri:string referrer:string version:string user_agent:string origin:string request_body_len:count response_body_len:count status_code:count status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string proxied:set[string] orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string] resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]",
            ),
            Self::X509 => (
                "ts:time ",
                "fingerprint:string certificate.version:count certificate.serial:string certificate.subject:string certificate.issuer:string certificate.not_valid_before:time certificate.not_valid_after:time certificate.key_alg:string certificate.sig_alg:string certificate.key_type:string certificate.key_length:count certificate.exponent:string certificate.curve:string san.dns:vector[string] san.uri:vector[string] san.email:vector[string] san.ip:vector[addr] basic_constraints.ca:bool basic_constraints.path_len:count host_cert:bool client_cert:bool",
            ),
            Self::Files => (
                "ts:time fuid:string uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port ",
                "source:string depth:count analyzers:set[string] mime_type:string filename:string duration:interval local_orig:bool is_orig:bool seen_bytes:count total_bytes:count missing_bytes:count overflow_bytes:count timedout:bool parent_fuid:string md5:string sha1:string sha256:string extracted:string extracted_cutoff:bool extracted_size:count",
            ),
            Self::Ssh => (
                ID,
                "version:count auth_success:bool auth_attempts:count direction:enum client:string server:string cipher_alg:string mac_alg:string compression_alg:string kex_alg:string host_key_alg:string host_key:string",
            ),
            Self::Dhcp => (
                "ts:time uids:set[string] client_addr:addr server_addr:addr ",
                "mac:string host_name:string client_fqdn:string domain:string requested_addr:addr assigned_addr:addr lease_time:interval client_message:string server_message:string msg_types:vector[string] duration:interval",
            ),
        }
    }

    /// The lines that a file begins with.
    #[must_use]
    pub fn header(self, opened: Timestamp) -> String {
        let (first, rest) = self.columns();
        let columns: Vec<(&str, &str)> =
            first.split(' ').chain(rest.split(' ')).filter_map(|column| column.split_once(':')).collect();
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let types: Vec<&str> = columns.iter().map(|(_, kind)| *kind).collect();
        format!(
            "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\t{}\n#open\t{}\n#fields\t{}\n#types\t{}\n",
            self.path(),
            stamp(opened),
            names.join("\t"),
            types.join("\t"),
        )
    }

    /// The line that a file ends with.
    #[must_use]
    pub fn close(at: Timestamp) -> String {
        format!("#close\t{}\n", stamp(at))
    }

    /// A row: these columns, and unset the others.
    fn row(self, values: &[(&str, String)]) -> String {
        let (first, rest) = self.columns();
        let mut out = String::new();
        for column in first.split(' ').chain(rest.split(' ')).filter(|column| !column.is_empty()) {
            let name = column.split(':').next().unwrap_or(column);
            let value = values.iter().find(|(known, _)| *known == name).map_or("-", |(_, value)| value.as_str());
            if !out.is_empty() {
                out.push('\t');
            }
            out.push_str(if value.is_empty() { "-" } else { value });
        }
        out
    }
}

/// `2026-10-19-08-00-00`.
fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d-%H-%M-%S").to_string()
}

/// Writes events as lines of those files.
#[derive(Debug, Default)]
pub struct ZeekOut {
    waiting: BTreeMap<FlowId, Half>,
}

#[derive(Debug, Default)]
struct Half {
    hello: Option<(Timestamp, Conversation, TlsClient)>,
    server: Option<TlsServer>,
    exchanges: Vec<Exchange>,
}

#[derive(Debug)]
struct Exchange {
    at: Timestamp,
    conversation: Conversation,
    request: HttpRequest,
    response: Option<HttpResponse>,
}

type Out = Vec<(ZeekLog, String)>;

impl ZeekOut {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The lines, without their ends, that an event completes, each with its file.
    pub fn event(&mut self, event: &Event) -> Out {
        let mut out = Out::new();
        if self.waiting.len() >= WAITING
            && let Some((flow, half)) = self.waiting.pop_first()
        {
            half.tell(flow, &mut out);
        }
        match &event.kind {
            Kind::FlowEnded(flow) => {
                if let Some(half) = self.waiting.remove(&event.flow) {
                    half.tell(event.flow, &mut out);
                }
                out.push((ZeekLog::Conn, conn(flow)));
            }
            Kind::Dns(dns) => out.push((ZeekLog::Dns, dns_row(event, dns))),
            Kind::TlsClient(hello) => {
                let half = self.waiting.entry(event.flow).or_default();
                if half.hello.is_some() {
                    half.tell_tls(event.flow, None, &mut out);
                }
                half.hello = Some((event.at, event.conversation, hello.clone()));
            }
            Kind::TlsServer(server) => {
                let is_all = server.version == "1.3";
                let half = self.waiting.entry(event.flow).or_default();
                half.server = Some(server.clone());
                if is_all {
                    half.tell_tls(event.flow, None, &mut out);
                }
            }
            Kind::TlsCertificate(certificate) => {
                out.push((ZeekLog::X509, x509(event.at, certificate)));
                let half = self.waiting.entry(event.flow).or_default();
                half.tell_tls(event.flow, Some(certificate), &mut out);
            }
            Kind::HttpRequest(request) => {
                let half = self.waiting.entry(event.flow).or_default();
                half.tell_http(event.flow, request.stream, None, &mut out);
                if half.exchanges.len() >= REQUESTS {
                    half.tell_oldest(event.flow, &mut out);
                }
                let (at, conversation) = (event.at, event.conversation);
                half.exchanges.push(Exchange { at, conversation, request: request.clone(), response: None });
            }
            Kind::HttpResponse(response) => {
                let exchanges = self.waiting.get_mut(&event.flow).map(|half| &mut half.exchanges);
                let mut exchanges = exchanges.into_iter().flatten();
                // The body's kind may follow.
                if let Some(asked) = exchanges.find(|asked| asked.request.stream == response.stream) {
                    asked.response = Some(response.clone());
                }
            }
            Kind::HttpBody(body) if !body.is_from_client => {
                if let Some(half) = self.waiting.get_mut(&event.flow) {
                    half.tell_http(event.flow, body.stream, Some(body.content), &mut out);
                }
            }
            Kind::Ssh(versions) => {
                let mut values = id(event.at, event.flow, &event.conversation, false);
                values.extend([("client", clean(&versions.client)), ("server", clean(&versions.server))]);
                out.push((ZeekLog::Ssh, ZeekLog::Ssh.row(&values)));
            }
            Kind::HostName(told) if told.source == NameSource::Dhcp => out.push((ZeekLog::Dhcp, dhcp(event, told))),
            _ => {}
        }
        out
    }

    /// What still waits.
    pub fn finish(&mut self) -> Out {
        let mut out = Out::new();
        while let Some((flow, half)) = self.waiting.pop_first() {
            half.tell(flow, &mut out);
        }
        out
    }
}

impl Half {
    fn tell(mut self, flow: FlowId, out: &mut Out) {
        self.tell_tls(flow, None, out);
        while !self.exchanges.is_empty() {
            self.tell_oldest(flow, out);
        }
    }

    fn tell_tls(&mut self, flow: FlowId, certificate: Option<&TlsCertificate>, out: &mut Out) {
        let server = self.server.take();
        let Some((at, conversation, hello)) = self.hello.take() else { return };
        let mut values = id(at, flow, &conversation, false);
        let is_quic = conversation.transport == Transport::Udp;
        if let Some(server) = &server {
            values.extend([
                ("version", if is_quic { "QUICv1".into() } else { version(&server.version) }),
                ("cipher", clean(&server.cipher)),
                ("next_protocol", clean(server.alpn.as_deref().unwrap_or_default())),
            ]);
        } else if is_quic {
            values.push(("version", "QUICv1".into()));
        }
        let prints = certificate.map(|certificate| clean(&certificate.sha256)).unwrap_or_default();
        values.extend([
            ("server_name", clean(hello.sni.as_deref().unwrap_or_default())),
            ("established", truth(server.is_some())),
            ("resumed", truth(false)),
            ("cert_chain_fps", prints),
            ("ja3", clean(&hello.ja3)),
            ("ja4", clean(&hello.ja4)),
        ]);
        out.push((ZeekLog::Ssl, ZeekLog::Ssl.row(&values)));
    }

    fn tell_oldest(&mut self, flow: FlowId, out: &mut Out) {
        if let Some(stream) = self.exchanges.first().map(|asked| asked.request.stream) {
            self.tell_http(flow, stream, None, out);
        }
    }

    /// Tells the request that waits on that stream, if one does.
    fn tell_http(&mut self, flow: FlowId, stream: u32, content: Option<Content>, out: &mut Out) {
        let Some(index) = self.exchanges.iter().position(|asked| asked.request.stream == stream) else { return };
        let Exchange { at, conversation, request, response } = self.exchanges.remove(index);
        let mut values = id(at, flow, &conversation, false);
        let host = request.host.as_deref().unwrap_or_default();
        let referrer = match request.referer {
            wire::event::Referer::Own => format!("http://{host}{}", request.path),
            // Of another only that there is one is kept, which has no place here.
            wire::event::Referer::Absent | wire::event::Referer::Other => String::new(),
        };
        values.extend([
            ("trans_depth", "1".into()),
            ("method", clean(&request.method)),
            ("host", clean(host)),
            ("uri", clean(&request.path)),
            ("referrer", clean(&referrer)),
            ("version", if stream == 0 { "1.1" } else { "2" }.into()),
            ("user_agent", clean(request.user_agent.as_deref().unwrap_or_default())),
            ("request_body_len", request.content_length.unwrap_or_default().to_string()),
            ("orig_mime_types", clean(request.content_type.as_deref().unwrap_or_default())),
            ("tags", "(empty)".into()),
        ]);
        if let Some(response) = response {
            let length = response.content_length.unwrap_or_default();
            values.extend([("status_code", response.status.to_string()), ("response_body_len", length.to_string())]);
            if let Some(content) = content {
                let mime = mime(content);
                let fuid = format!("F{}", uid(flow).get(1..).unwrap_or_default());
                values.extend([("resp_mime_types", mime.to_owned()), ("resp_fuids", fuid.clone())]);
                let mut file = id(at, flow, &conversation, false);
                file.extend([
                    ("fuid", fuid),
                    ("source", "HTTP".into()),
                    ("depth", "0".into()),
                    ("analyzers", "(empty)".into()),
                    ("mime_type", mime.to_owned()),
                    ("is_orig", truth(false)),
                    ("total_bytes", response.content_length.map(|length| length.to_string()).unwrap_or_default()),
                    ("timedout", truth(false)),
                ]);
                out.push((ZeekLog::Files, ZeekLog::Files.row(&file)));
            }
        }
        out.push((ZeekLog::Http, ZeekLog::Http.row(&values)));
    }
}

/// Seconds since 1970 with six decimals.
fn time(at: Timestamp) -> String {
    let us = at.as_microsecond();
    format!("{}.{:06}", us.div_euclid(1_000_000), us.rem_euclid(1_000_000))
}

fn truth(is_so: bool) -> String {
    if is_so { "T" } else { "F" }.to_owned()
}

/// A connection's own name: `C` and 17 characters, as Zeek's are.
fn uid(flow: FlowId) -> String {
    let letters = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut rest = flow.0;
    let mut uid = String::from("C");
    for _ in 0..17 {
        uid.push(letters.get((rest % 62) as usize).copied().map_or('0', char::from));
        rest /= 62;
    }
    uid
}

/// Text that breaks no column: what would is written as Zeek writes it, `\x09`.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\x{:02x}", c as u32);
        } else {
            out.push(c);
        }
    }
    if out == "-" { "\\x2d".to_owned() } else { out }
}

/// A member of a set or a vector, in which a comma parts.
fn member(text: &str) -> String {
    clean(text).replace(',', "\\x2c")
}

type Values = Vec<(&'static str, String)>;

fn id(at: Timestamp, flow: FlowId, conversation: &Conversation, is_ping: bool) -> Values {
    let (client, server) = (conversation.client, conversation.server);
    let (asked, answered) = match (is_ping, client.ip.is_ipv4()) {
        (true, true) => (8, 0),
        (true, false) => (128, 129),
        (false, _) => (client.port, server.port),
    };
    vec![
        ("ts", time(at)),
        ("uid", uid(flow)),
        ("id.orig_h", client.ip.to_string()),
        ("id.orig_p", asked.to_string()),
        ("id.resp_h", server.ip.to_string()),
        ("id.resp_p", answered.to_string()),
    ]
}

fn protocol(transport: Transport) -> String {
    match transport {
        Transport::Tcp => "tcp".into(),
        Transport::Udp => "udp".into(),
        Transport::Icmp => "icmp".into(),
        Transport::Other(_) => "unknown_transport".into(),
    }
}

fn conn(flow: &Flow) -> String {
    let is_ping = flow.application == Some("ping");
    let mut values = id(flow.first_at, flow.id, &flow.conversation, is_ping);
    let lasted = flow.last_at.as_microsecond().saturating_sub(flow.first_at.as_microsecond()).max(0);
    let is_tcp = flow.conversation.transport == Transport::Tcp;
    let state = match (flow.handshake, flow.end) {
        (Handshake::Attempted, _) => "S0",
        (Handshake::Refused, _) => "REJ",
        (Handshake::Established, FlowEnd::Finished) => "SF",
        (Handshake::Established, FlowEnd::Reset) => "RSTO",
        (Handshake::Established, _) => "S1",
        (Handshake::NotSeen, _) if is_tcp => "OTH",
        (Handshake::NotSeen, _) if flow.received.packets > 0 => "SF",
        (Handshake::NotSeen, _) => "S0",
    };
    let service = match flow.application {
        Some("tls") => "ssl",
        Some("vnc") => "rfb",
        Some("krb5") => "krb",
        Some("ping") | None => "",
        Some(other) => other,
    };
    let mac = |mac: Option<[u8; 6]>| mac.map(|mac| mac.map(|byte| format!("{byte:02x}")).join(":")).unwrap_or_default();
    values.extend([
        ("proto", protocol(flow.conversation.transport)),
        ("service", service.into()),
        ("duration", format!("{}.{:06}", lasted / 1_000_000, lasted % 1_000_000)),
        ("orig_bytes", flow.sent_payload.to_string()),
        ("resp_bytes", flow.received_payload.to_string()),
        ("conn_state", state.into()),
        ("missed_bytes", "0".into()),
        ("orig_pkts", flow.sent.packets.to_string()),
        ("orig_ip_bytes", flow.sent.bytes.to_string()),
        ("resp_pkts", flow.received.packets.to_string()),
        ("resp_ip_bytes", flow.received.bytes.to_string()),
        ("vlan", flow.vlan.map(|id| id.to_string()).unwrap_or_default()),
        ("orig_l2_addr", mac(flow.client_mac)),
        ("resp_l2_addr", mac(flow.server_mac)),
        ("community_id", community::id(&flow.conversation, is_ping).unwrap_or_default()),
    ]);
    ZeekLog::Conn.row(&values)
}

/// Numbers of types and codes (IANA, DNS parameters).
const TYPES: [(&str, u16); 17] = [
    ("A", 1),
    ("NS", 2),
    ("CNAME", 5),
    ("SOA", 6),
    ("NULL", 10),
    ("PTR", 12),
    ("MX", 15),
    ("TXT", 16),
    ("AAAA", 28),
    ("SRV", 33),
    ("NAPTR", 35),
    ("DS", 43),
    ("RRSIG", 46),
    ("DNSKEY", 48),
    ("SVCB", 64),
    ("HTTPS", 65),
    ("ANY", 255),
];
const CODES: [(&str, u16); 7] =
    [("NOERROR", 0), ("FORMERR", 1), ("SERVFAIL", 2), ("NXDOMAIN", 3), ("NOTIMP", 4), ("REFUSED", 5), ("YXDOMAIN", 6)];

fn number_of(name: &str, known: &[(&str, u16)], prefix: &str) -> String {
    let known = known.iter().find(|(one, _)| *one == name).map(|(_, number)| number.to_string());
    known.or_else(|| name.strip_prefix(prefix).map(str::to_owned)).unwrap_or_default()
}

fn dns_row(event: &Event, dns: &Dns) -> String {
    let mut values = id(event.at, event.flow, &event.conversation, false);
    let code = dns.code.as_deref().unwrap_or_default();
    let answers: Vec<String> = dns.answers.iter().map(answer).collect();
    let lifetimes: Vec<String> = dns.answers.iter().map(|answer| format!("{}.000000", answer.ttl)).collect();
    let rtt = dns.answered_at.map(|at| at.as_microsecond().saturating_sub(event.at.as_microsecond()).max(0));
    values.extend([
        ("proto", protocol(event.conversation.transport)),
        ("trans_id", dns.transaction.to_string()),
        ("rtt", rtt.map(|us| format!("{}.{:06}", us / 1_000_000, us % 1_000_000)).unwrap_or_default()),
        ("query", clean(&dns.name)),
        ("qclass", "1".into()),
        ("qclass_name", "C_INTERNET".into()),
        ("qtype", number_of(&dns.kind, &TYPES, "TYPE")),
        ("qtype_name", clean(&dns.kind)),
        ("rcode", number_of(code, &CODES, "RCODE")),
        ("rcode_name", clean(code)),
        ("answers", answers.join(",")),
        ("TTLs", lifetimes.join(",")),
        ("rejected", truth(code == "REFUSED")),
    ]);
    ZeekLog::Dns.row(&values)
}

/// Of what is no address and no name only the length is kept: written as Zeek writes a text, with its length before it.
fn answer(answer: &wire::event::DnsAnswer) -> String {
    match &answer.data {
        DnsData::Address(ip) => ip.to_string(),
        DnsData::Name(name) => member(name),
        DnsData::Other(length) => format!("{} {length} ?", member(&answer.kind)),
    }
}

fn x509(at: Timestamp, certificate: &TlsCertificate) -> String {
    let name = |common, organisation| {
        distinguished(common, organisation).map(|name| clean(&name.replace(", ", ","))).unwrap_or_default()
    };
    let (addresses, names): (Vec<&String>, Vec<&String>) =
        certificate.names.iter().partition(|name| name.parse::<std::net::IpAddr>().is_ok());
    let joined = |names: &[&String]| names.iter().map(|name| member(name)).collect::<Vec<_>>().join(",");
    let values = [
        ("ts", time(at)),
        ("fingerprint", certificate.sha256.clone()),
        ("certificate.subject", name(&certificate.subject, &certificate.subject_organisation)),
        ("certificate.issuer", name(&certificate.issuer, &certificate.issuer_organisation)),
        ("certificate.not_valid_before", certificate.not_before.map(time).unwrap_or_default()),
        ("certificate.not_valid_after", certificate.not_after.map(time).unwrap_or_default()),
        ("san.dns", joined(&names)),
        ("san.ip", joined(&addresses)),
        ("host_cert", truth(true)),
        ("client_cert", truth(false)),
    ];
    ZeekLog::X509.row(&values)
}

fn dhcp(event: &Event, told: &HostName) -> String {
    let address = if told.message == Some("ack") { "assigned_addr" } else { "client_addr" };
    let values = [
        ("ts", time(event.at)),
        ("uids", uid(event.flow)),
        (address, told.ip.map(|ip| ip.to_string()).unwrap_or_default()),
        ("mac", told.mac.map(|mac| mac.map(|byte| format!("{byte:02x}")).join(":")).unwrap_or_default()),
        ("host_name", clean(told.name.as_deref().unwrap_or_default())),
        ("msg_types", told.message.unwrap_or_default().to_ascii_uppercase()),
    ];
    ZeekLog::Dhcp.row(&values)
}

fn version(ours: &str) -> String {
    match ours {
        "ssl3" => "SSLv3".to_owned(),
        other => format!("TLSv{}", other.replace('.', "")),
    }
}

/// A kind of content by one of its media types: more than the kind is not known.
fn mime(content: Content) -> &'static str {
    match content {
        Content::Program => "application/x-executable",
        Content::Archive => "application/zip",
        Content::Document => "application/pdf",
        Content::Media => "image/jpeg",
        Content::Text | Content::WrittenProgram => "text/plain",
        Content::Packed => "application/zlib",
        Content::MemoryProgram | Content::Other => "application/octet-stream",
    }
}
