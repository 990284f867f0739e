//! What `dijkwacht flows` says: flows and the metadata in them, one JSON object a line, its `type` first (`flow`, `dns`,
//! `tls`, `http`, `icmp`, `mining`, `login`, `ssh`, `host_name`, `remote_access`, `personal_data`, `raw_stream`,
//! `alert`).
//!
//! Promises: metadata only; keys are lower case with underscores; times are UTC with microseconds; what is not known is
//! `null`, never left out. Every line names its flow by the number under which the `flow` line follows at its end.
//! Not here: the `stats` line (module `detection`), other tools' formats.

mod from;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use wire::event::{Event, Kind};

use from::{client, content_name, server, share, side, transport_name};

/// The line for an event; absent for a flow's beginning, which its end tells as well, and for the tunnel it goes through.
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
        Kind::FlowStarted | Kind::Carried(_) => return None,
        Kind::FlowEnded(flow) => Line::Flow(flow.as_ref().into()),
        Kind::Dns(dns) => Line::Dns { seen, dns: dns.into() },
        Kind::TlsClient(hello) => Line::Tls { seen, hello: hello.into() },
        Kind::TlsServer(hello) => Line::Tls { seen, hello: hello.into() },
        Kind::HttpRequest(request) => Line::Http { seen, message: request.into() },
        Kind::HttpResponse(response) => Line::Http { seen, message: response.into() },
        // A line of a body is of the answer.
        Kind::HttpBody(body) if body.is_from_client => return None,
        Kind::HttpBody(body) => Line::Http { seen, message: HttpFields::Body { content: content_name(body.content) } },
        Kind::IcmpEcho(echo) => Line::Icmp { seen, echo: echo.into() },
        Kind::TlsCertificate(certificate) => Line::Tls { seen, hello: certificate.as_ref().into() },
        Kind::HostName(told) => Line::HostName { seen, host: told.into() },
        Kind::RemoteAccess(means) => Line::RemoteAccess { seen, means: means.key(), share: share(means) },
        Kind::Mining(message) => Line::Mining { seen, message: message.into() },
        Kind::Login(login) => Line::Login { seen, login: login.into() },
        Kind::Ssh(versions) => Line::Ssh { seen, versions: versions.into() },
        Kind::PersonalData(data) => Line::PersonalData { seen, data: data.into() },
        Kind::RawStream(raw) => Line::RawStream { seen, side: side(raw.is_from_client), content: raw.content.key() },
        Kind::Alert(alert) => Line::Alert {
            seen,
            source: alert.source.key(),
            signature: alert.signature.clone(),
            rule: alert.id.clone(),
            category: alert.category.clone(),
            severity: alert.severity,
            blocked: alert.is_blocked,
        },
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
    /// What one side begins with, where it speaks no protocol that is read.
    RawStream {
        #[serde(flatten)]
        seen: Seen,
        side: &'static str,
        content: &'static str,
    },
    /// Another sensor's word, read from its log.
    Alert {
        #[serde(flatten)]
        seen: Seen,
        source: &'static str,
        signature: String,
        rule: String,
        category: Option<String>,
        /// 1 is the worst.
        severity: u8,
        blocked: bool,
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

fn microseconds<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.6}"))
}

fn microseconds_or_null<S: Serializer>(at: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => microseconds(at, serializer),
        None => serializer.serialize_none(),
    }
}
