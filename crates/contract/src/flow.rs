//! What `dijkwacht flows` says: flows and the metadata in them, one JSON object a line, its `type` first (`flow`, `dns`,
//! `tls`, `http`, `icmp`, `mining`, `login`, `ssh`, `host_name`, `remote_access`, `personal_data`).
//!
//! Promises: metadata only; keys are lower case with underscores; times are UTC with microseconds; what is not known is
//! `null`, never left out. Every line names its flow by the number under which the `flow` line follows at its end.
//! Not here: the `stats` line (module `detection`), other tools' formats.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use wire::event::{
    Content, Conversation, Dns, DnsAnswer, DnsData, Event, Flow, FlowEnd, Handshake, HostName, HttpRequest,
    HttpResponse, IcmpEcho, Kind, Login, LoginOutcome, Mining, PersonalData, RemoteMeans, Ssh, TlsCertificate,
    TlsClient, TlsServer, Transport, Volume,
};

/// The line for an event; absent for a flow's beginning, which its end tells as well.
#[must_use]
pub fn line(event: &Event) -> Option<Line> {
    let seen = Seen {
        flow: event.flow.0,
        at: event.at,
        transport: transport_name(event.conversation.transport),
        client: client(event.conversation, None),
        server: server(event.conversation, None),
    };
    Some(match &event.kind {
        Kind::FlowStarted => return None,
        Kind::FlowEnded(flow) => Line::Flow(flow.as_ref().into()),
        Kind::Dns(dns) => Line::Dns { seen, dns: dns.into() },
        Kind::TlsClient(hello) => Line::Tls { seen, hello: hello.into() },
        Kind::TlsServer(hello) => Line::Tls { seen, hello: hello.into() },
        Kind::HttpRequest(request) => Line::Http { seen, message: request.into() },
        Kind::HttpResponse(response) => Line::Http { seen, message: response.into() },
        Kind::HttpBody(content) => Line::Http { seen, message: HttpFields::Body { content: content_name(*content) } },
        Kind::IcmpEcho(echo) => Line::Icmp { seen, echo: echo.into() },
        Kind::TlsCertificate(certificate) => Line::Tls { seen, hello: certificate.as_ref().into() },
        Kind::HostName(told) => Line::HostName { seen, host: told.into() },
        Kind::RemoteAccess(means) => Line::RemoteAccess { seen, means: means.key(), share: share(means) },
        Kind::Mining(message) => Line::Mining { seen, message: message.into() },
        Kind::Login(login) => Line::Login { seen, login: login.into() },
        Kind::Ssh(versions) => Line::Ssh { seen, versions: versions.into() },
        Kind::PersonalData(data) => Line::PersonalData { seen, data: data.into() },
    })
}

/// One line. Shown ([`fmt::Display`]) it is the JSON itself, without the line's end.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Line {
    Flow(FlowLine),
    Dns {
        #[serde(flatten)]
        seen: Seen,
        #[serde(flatten)]
        dns: DnsFields,
    },
    Tls {
        #[serde(flatten)]
        seen: Seen,
        #[serde(flatten)]
        hello: TlsFields,
    },
    Http {
        #[serde(flatten)]
        seen: Seen,
        #[serde(flatten)]
        message: HttpFields,
    },
    Icmp {
        #[serde(flatten)]
        seen: Seen,
        #[serde(flatten)]
        echo: EchoFields,
    },
    HostName {
        #[serde(flatten)]
        seen: Seen,
        #[serde(flatten)]
        host: HostFields,
    },
    RemoteAccess {
        #[serde(flatten)]
        seen: Seen,
        means: &'static str,
        /// `admin$`, `c$`.
        share: Option<String>,
    },
    Mining {
        #[serde(flatten)]
        seen: Seen,
        #[serde(flatten)]
        message: MiningFields,
    },
    Login {
        #[serde(flatten)]
        seen: Seen,
        #[serde(flatten)]
        login: LoginFields,
    },
    Ssh {
        #[serde(flatten)]
        seen: Seen,
        #[serde(flatten)]
        versions: SshFields,
    },
    PersonalData {
        #[serde(flatten)]
        seen: Seen,
        #[serde(flatten)]
        data: PersonalDataFields,
    },
}

/// Where and when something was seen within a flow.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    pub flow: u64,
    #[serde(serialize_with = "microseconds")]
    pub at: Timestamp,
    pub transport: String,
    pub client: End,
    pub server: End,
}

/// One end of a conversation.
#[derive(Clone, Debug, Serialize)]
pub struct End {
    pub ip: IpAddr,
    /// Null where the protocol has none.
    pub port: Option<u16>,
    /// `02:00:0a:00:00:05`; on a flow's own line, where the link has them.
    #[serde(skip_serializing_if = "Mac::is_elsewhere")]
    pub mac: Mac,
}

/// An Ethernet address, on the lines that carry them.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Mac {
    Known(String),
    Unknown,
    #[serde(skip)]
    Elsewhere,
}

impl Mac {
    fn is_elsewhere(&self) -> bool {
        matches!(self, Self::Elsewhere)
    }
}

/// A flow's record.
#[derive(Clone, Debug, Serialize)]
pub struct FlowLine {
    pub flow: u64,
    #[serde(serialize_with = "microseconds")]
    pub first_at: Timestamp,
    #[serde(serialize_with = "microseconds")]
    pub last_at: Timestamp,
    pub transport: String,
    pub client: End,
    pub server: End,
    pub vlan: Option<u16>,
    /// From client to server.
    pub sent: Amount,
    pub received: Amount,
    pub handshake: &'static str,
    pub end: &'static str,
    pub application: Option<&'static str>,
    /// The name the client asked for.
    pub name: Option<String>,
}

/// What went one way, on the wire.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Amount {
    pub packets: u64,
    pub bytes: u64,
    /// Above TCP or UDP.
    pub payload_bytes: u64,
}

/// A DNS question and, if it was seen, its answer.
#[derive(Clone, Debug, Serialize)]
pub struct DnsFields {
    pub name: String,
    pub kind: String,
    pub transaction: u16,
    #[serde(serialize_with = "microseconds_or_null")]
    pub answered_at: Option<Timestamp>,
    pub code: Option<String>,
    pub answers: Vec<DnsRecord>,
}

/// One record of an answer.
#[derive(Clone, Debug, Serialize)]
pub struct DnsRecord {
    pub name: String,
    pub kind: String,
    pub ttl: u32,
    #[serde(flatten)]
    pub data: DnsContent,
}

/// What a record holds: an address, a name, or only so many bytes of something else.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DnsContent {
    Address(IpAddr),
    Target(String),
    DataBytes(usize),
}

/// What one side of a TLS handshake said.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "side", rename_all = "snake_case")]
pub enum TlsFields {
    Client {
        sni: Option<String>,
        alpn: Vec<String>,
        version: String,
        ja3: String,
        ja3_text: String,
        ja4: String,
    },
    Server {
        version: String,
        cipher: String,
        alpn: Option<String>,
    },
    /// The server's certificate, where it came in the clear.
    Certificate {
        subject: Option<String>,
        subject_organisation: Option<String>,
        issuer: Option<String>,
        issuer_organisation: Option<String>,
        names: Vec<String>,
        not_before: Option<Timestamp>,
        not_after: Option<Timestamp>,
        self_signed: bool,
        chain: usize,
        sha1: String,
        sha256: String,
    },
}

/// What a host says of itself on its own network.
#[derive(Clone, Debug, Serialize)]
pub struct HostFields {
    /// `dhcp`, `mdns`, `netbios`, `llmnr`.
    pub source: &'static str,
    pub host_ip: Option<IpAddr>,
    pub host_mac: Option<String>,
    pub host_name: Option<String>,
    pub host_kind: Option<String>,
}

/// A message between a worker that mines crypto-coins and its pool.
#[derive(Clone, Debug, Serialize)]
pub struct MiningFields {
    pub dialect: &'static str,
    pub method: String,
    pub from_worker: bool,
    pub agent: Option<String>,
}

/// A request or a response.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "side", rename_all = "snake_case")]
pub enum HttpFields {
    Request {
        method: String,
        host: Option<String>,
        path: String,
        user_agent: Option<String>,
        content_type: Option<String>,
        content_length: Option<u64>,
    },
    Response {
        status: u16,
        server: Option<String>,
        content_type: Option<String>,
        content_length: Option<u64>,
    },
    /// What the body of the answer before it begins with.
    Body {
        content: &'static str,
    },
}

/// What a conversation's pings carried so far, where it is not what pings carry.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct EchoFields {
    pub requests: u64,
    pub replies: u64,
    pub data_bytes: u64,
    pub carrying_ip: u64,
    pub altered: u64,
    pub varying: u64,
}

/// A log-in, without its secret.
#[derive(Clone, Debug, Serialize)]
pub struct LoginFields {
    pub protocol: &'static str,
    pub mechanism: &'static str,
    /// Masked.
    pub account: Option<String>,
    pub is_readable: bool,
    pub has_secret: bool,
    pub tries: u32,
    pub outcome: &'static str,
}

/// What both sides of an SSH connection call themselves.
#[derive(Clone, Debug, Serialize)]
pub struct SshFields {
    pub client_version: String,
    pub server_version: String,
}

/// Personal data that was sent readable: by kind, how often and how many different ones.
#[derive(Clone, Debug, Serialize)]
pub struct PersonalDataFields {
    pub carrier: &'static str,
    pub side: &'static str,
    pub found: BTreeMap<&'static str, FoundFields>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct FoundFields {
    pub occurrences: u64,
    pub distinct: u64,
}

impl fmt::Display for Line {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl From<&Flow> for FlowLine {
    fn from(flow: &Flow) -> Self {
        Self {
            flow: flow.id.0,
            first_at: flow.first_at,
            last_at: flow.last_at,
            transport: transport_name(flow.conversation.transport),
            client: client(flow.conversation, Some(flow.client_mac)),
            server: server(flow.conversation, Some(flow.server_mac)),
            vlan: flow.vlan,
            sent: amount(flow.sent, flow.sent_payload),
            received: amount(flow.received, flow.received_payload),
            handshake: handshake_name(flow.handshake),
            end: end_name(flow.end),
            application: flow.application,
            name: flow.name.clone(),
        }
    }
}

impl From<&Dns> for DnsFields {
    fn from(dns: &Dns) -> Self {
        Self {
            name: dns.name.clone(),
            kind: dns.kind.clone(),
            transaction: dns.transaction,
            answered_at: dns.answered_at,
            code: dns.code.clone(),
            answers: dns.answers.iter().map(DnsRecord::from).collect(),
        }
    }
}

impl From<&DnsAnswer> for DnsRecord {
    fn from(answer: &DnsAnswer) -> Self {
        let data = match &answer.data {
            DnsData::Address(address) => DnsContent::Address(*address),
            DnsData::Name(name) => DnsContent::Target(name.clone()),
            DnsData::Other(length) => DnsContent::DataBytes(*length),
        };
        Self { name: answer.name.clone(), kind: answer.kind.clone(), ttl: answer.ttl, data }
    }
}

impl From<&TlsClient> for TlsFields {
    fn from(hello: &TlsClient) -> Self {
        let TlsClient { sni, alpn, version, ja3, ja3_text, ja4 } = hello.clone();
        Self::Client { sni, alpn, version, ja3, ja3_text, ja4 }
    }
}

impl From<&TlsServer> for TlsFields {
    fn from(hello: &TlsServer) -> Self {
        let TlsServer { version, cipher, alpn } = hello.clone();
        Self::Server { version, cipher, alpn }
    }
}

impl From<&TlsCertificate> for TlsFields {
    fn from(certificate: &TlsCertificate) -> Self {
        let TlsCertificate { subject, subject_organisation, issuer, issuer_organisation, names, .. } =
            certificate.clone();
        let TlsCertificate { not_before, not_after, is_self_signed, chain, sha1, sha256, .. } = certificate.clone();
        Self::Certificate {
            subject,
            subject_organisation,
            issuer,
            issuer_organisation,
            names,
            not_before,
            not_after,
            self_signed: is_self_signed,
            chain,
            sha1,
            sha256,
        }
    }
}

impl From<&HostName> for HostFields {
    fn from(told: &HostName) -> Self {
        Self {
            source: told.source.key(),
            host_ip: told.ip,
            host_mac: told.mac.map(mac_text),
            host_name: told.name.clone(),
            host_kind: told.kind.clone(),
        }
    }
}

impl From<&Mining> for MiningFields {
    fn from(message: &Mining) -> Self {
        let Mining { dialect, method, is_from_worker, agent } = message.clone();
        Self { dialect: dialect.key(), method, from_worker: is_from_worker, agent }
    }
}

impl From<&HttpRequest> for HttpFields {
    fn from(request: &HttpRequest) -> Self {
        let HttpRequest { method, host, path, user_agent, content_type, content_length, .. } = request.clone();
        Self::Request { method, host, path, user_agent, content_type, content_length }
    }
}

impl From<&HttpResponse> for HttpFields {
    fn from(response: &HttpResponse) -> Self {
        let HttpResponse { status, server, content_type, content_length, .. } = response.clone();
        Self::Response { status, server, content_type, content_length }
    }
}

impl From<&IcmpEcho> for EchoFields {
    fn from(echo: &IcmpEcho) -> Self {
        let IcmpEcho { requests, replies, data_bytes, carrying_ip, altered, varying } = *echo;
        Self { requests, replies, data_bytes, carrying_ip, altered, varying }
    }
}

impl From<&Login> for LoginFields {
    fn from(login: &Login) -> Self {
        let Login { protocol, mechanism, account, account_key: _, is_readable, has_secret, tries, outcome } =
            login.clone();
        let outcome = match outcome {
            LoginOutcome::Accepted => "accepted",
            LoginOutcome::Refused => "refused",
            LoginOutcome::Unknown => "unknown",
        };
        Self { protocol, mechanism, account, is_readable, has_secret, tries, outcome }
    }
}

impl From<&PersonalData> for PersonalDataFields {
    fn from(data: &PersonalData) -> Self {
        let fields =
            |count: &wire::PersonalCount| FoundFields { occurrences: count.occurrences, distinct: count.distinct };
        Self {
            carrier: data.carrier,
            side: if data.is_from_client { "client" } else { "server" },
            found: data.found.0.iter().map(|(category, count)| (category.key(), fields(count))).collect(),
        }
    }
}

impl From<&Ssh> for SshFields {
    fn from(versions: &Ssh) -> Self {
        Self { client_version: versions.client.clone(), server_version: versions.server.clone() }
    }
}

fn client(conversation: Conversation, mac: Option<Option<[u8; 6]>>) -> End {
    end(conversation.transport, conversation.client, mac)
}

fn server(conversation: Conversation, mac: Option<Option<[u8; 6]>>) -> End {
    end(conversation.transport, conversation.server, mac)
}

fn end(transport: Transport, endpoint: wire::event::Endpoint, mac: Option<Option<[u8; 6]>>) -> End {
    let has_ports = matches!(transport, Transport::Tcp | Transport::Udp);
    let mac = match mac {
        Some(Some(mac)) => Mac::Known(mac_text(mac)),
        Some(None) => Mac::Unknown,
        None => Mac::Elsewhere,
    };
    End { ip: endpoint.ip, port: has_ports.then_some(endpoint.port), mac }
}

fn share(means: &RemoteMeans) -> Option<String> {
    match means {
        RemoteMeans::AdminShare(share) => Some(share.clone()),
        _ => None,
    }
}

fn mac_text(mac: [u8; 6]) -> String {
    mac.map(|byte| format!("{byte:02x}")).join(":")
}

fn amount(volume: Volume, payload_bytes: u64) -> Amount {
    Amount { packets: volume.packets, bytes: volume.bytes, payload_bytes }
}

fn transport_name(transport: Transport) -> String {
    match transport {
        Transport::Tcp => "tcp".to_owned(),
        Transport::Udp => "udp".to_owned(),
        Transport::Icmp => "icmp".to_owned(),
        Transport::Other(number) => format!("protocol_{number}"),
    }
}

fn content_name(content: Content) -> &'static str {
    match content {
        Content::Program => "program",
        Content::Archive => "archive",
        Content::Document => "document",
        Content::Media => "media",
        Content::Text => "text",
        Content::Other => "other",
    }
}

fn handshake_name(handshake: Handshake) -> &'static str {
    match handshake {
        Handshake::NotSeen => "not_seen",
        Handshake::Attempted => "attempted",
        Handshake::Refused => "refused",
        Handshake::Established => "established",
    }
}

fn end_name(end: FlowEnd) -> &'static str {
    match end {
        FlowEnd::Finished => "finished",
        FlowEnd::Reset => "reset",
        FlowEnd::Idle => "idle",
        FlowEnd::Evicted => "evicted",
        FlowEnd::EndOfInput => "end_of_input",
    }
}

fn microseconds<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.6}"))
}

fn microseconds_or_null<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => microseconds(at, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use wire::event::{Endpoint, FlowId};

    use super::*;

    fn event(transport: Transport, kind: Kind) -> Event {
        let conversation = Conversation {
            transport,
            client: Endpoint { ip: [10, 0, 0, 5].into(), port: 40_000 },
            server: Endpoint { ip: "2001:db8::9".parse().unwrap(), port: 443 },
        };
        Event { at: Timestamp::from_millisecond(1_760_000_000_250).unwrap(), flow: FlowId(3), conversation, kind }
    }

    fn shown(transport: Transport, kind: Kind) -> String {
        line(&event(transport, kind)).unwrap().to_string()
    }

    #[test]
    fn a_flow_is_one_line() {
        let Event { at, flow: id, conversation, .. } = event(Transport::Tcp, Kind::FlowStarted);
        let flow = Flow {
            id,
            conversation,
            client_mac: Some([2, 0, 10, 0, 0, 5]),
            server_mac: None,
            vlan: Some(7),
            first_at: at,
            last_at: at,
            sent: Volume { packets: 2, bytes: 90 },
            received: Volume { packets: 1, bytes: 40 },
            sent_payload: 10,
            received_payload: 0,
            handshake: Handshake::Established,
            end: FlowEnd::EndOfInput,
            application: Some("tls"),
            name: Some("example.nl".into()),
        };
        insta::assert_snapshot!(shown(Transport::Tcp, Kind::FlowEnded(Box::new(flow))), @r#"{"type":"flow","flow":3,"first_at":"2025-10-09T08:53:20.250000Z","last_at":"2025-10-09T08:53:20.250000Z","transport":"tcp","client":{"ip":"10.0.0.5","port":40000,"mac":"02:00:0a:00:00:05"},"server":{"ip":"2001:db8::9","port":443,"mac":null},"vlan":7,"sent":{"packets":2,"bytes":90,"payload_bytes":10},"received":{"packets":1,"bytes":40,"payload_bytes":0},"handshake":"established","end":"end_of_input","application":"tls","name":"example.nl"}"#);
        assert!(line(&event(Transport::Tcp, Kind::FlowStarted)).is_none());
    }

    #[test]
    fn dns_is_one_line_with_what_its_records_hold() {
        let record = |kind: &str, data| DnsAnswer { name: "a.nl".into(), kind: kind.into(), ttl: 60, data };
        let dns = Dns {
            name: "a.nl".into(),
            kind: "A".into(),
            transaction: 7,
            answered_at: Some(Timestamp::from_microsecond(1_760_000_000_260_001).unwrap()),
            code: Some("NOERROR".into()),
            answers: vec![
                record("CNAME", DnsData::Name("b.nl".into())),
                record("A", DnsData::Address([192, 0, 2, 7].into())),
                record("TXT", DnsData::Other(9)),
            ],
        };
        insta::assert_snapshot!(shown(Transport::Udp, Kind::Dns(dns)), @r#"{"type":"dns","flow":3,"at":"2025-10-09T08:53:20.250000Z","transport":"udp","client":{"ip":"10.0.0.5","port":40000},"server":{"ip":"2001:db8::9","port":443},"name":"a.nl","kind":"A","transaction":7,"answered_at":"2025-10-09T08:53:20.260001Z","code":"NOERROR","answers":[{"name":"a.nl","kind":"CNAME","ttl":60,"target":"b.nl"},{"name":"a.nl","kind":"A","ttl":60,"address":"192.0.2.7"},{"name":"a.nl","kind":"TXT","ttl":60,"data_bytes":9}]}"#);
    }

    #[test]
    fn tls_and_http_say_which_side_spoke() {
        let client = TlsClient {
            sni: Some("a.nl".into()),
            alpn: vec!["h2".into()],
            version: "1.3".into(),
            ja3: "0".repeat(32),
            ja3_text: "771,,,,".into(),
            ja4: "t13d000000_000000000000_000000000000".into(),
        };
        let response =
            HttpResponse { status: 404, server: None, content_type: None, content_length: Some(3), is_encoded: false };
        insta::assert_snapshot!(shown(Transport::Tcp, Kind::TlsClient(client)), @r#"{"type":"tls","flow":3,"at":"2025-10-09T08:53:20.250000Z","transport":"tcp","client":{"ip":"10.0.0.5","port":40000},"server":{"ip":"2001:db8::9","port":443},"side":"client","sni":"a.nl","alpn":["h2"],"version":"1.3","ja3":"00000000000000000000000000000000","ja3_text":"771,,,,","ja4":"t13d000000_000000000000_000000000000"}"#);
        insta::assert_snapshot!(shown(Transport::Tcp, Kind::HttpResponse(response)), @r#"{"type":"http","flow":3,"at":"2025-10-09T08:53:20.250000Z","transport":"tcp","client":{"ip":"10.0.0.5","port":40000},"server":{"ip":"2001:db8::9","port":443},"side":"response","status":404,"server":null,"content_type":null,"content_length":3}"#);
    }

    #[test]
    fn what_has_no_ports_says_null() {
        let flow = shown(
            Transport::Other(47),
            Kind::TlsServer(TlsServer { version: "1.2".into(), cipher: "0x1234".into(), alpn: None }),
        );
        insta::assert_snapshot!(flow, @r#"{"type":"tls","flow":3,"at":"2025-10-09T08:53:20.250000Z","transport":"protocol_47","client":{"ip":"10.0.0.5","port":null},"server":{"ip":"2001:db8::9","port":null},"side":"server","version":"1.2","cipher":"0x1234","alpn":null}"#);
    }
}
