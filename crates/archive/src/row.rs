//! The two kinds of rows, as they are kept and as they are found again.

use std::borrow::Cow;
use std::net::IpAddr;

use jiff::Timestamp;
use wire::event::{Dns, DnsData, Flow, Handshake, Transport, Volume};

/// Answers kept of one question.
pub(crate) const MAX_ANSWERS: usize = 16;

/// One conversation, when it is over.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowRow {
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// `tcp`, `udp`, `icmp`, or the IP protocol's number.
    pub transport: Cow<'static, str>,
    /// Who spoke first.
    pub client_ip: IpAddr,
    /// Absent where the protocol has none.
    pub client_port: Option<u16>,
    pub server_ip: IpAddr,
    pub server_port: Option<u16>,
    /// What it spoke: `tls`, `dns`, `http`…
    pub application: Option<Cow<'static, str>>,
    /// How far a TCP connection came: `established`, `refused`, `attempted`; absent: no TCP, or not seen.
    pub handshake: Option<Cow<'static, str>>,
    /// From client to server.
    pub sent: Volume,
    pub received: Volume,
    /// The server name that was asked for in TLS or QUIC.
    pub tls_name: Option<String>,
    /// The host that was asked for over HTTP.
    pub http_host: Option<String>,
    /// The name under which this client, or else anybody, last looked up the server's address.
    pub dns_name: Option<String>,
    pub ja3: Option<String>,
    pub ja4: Option<String>,
    /// Fingerprints of the server's certificate, in hexadecimal.
    pub certificate_sha1: Option<String>,
    pub certificate_sha256: Option<String>,
}

/// One DNS question, when its answer came or its waiting ended.
#[derive(Clone, Debug, PartialEq)]
pub struct DnsRow {
    /// When it was asked.
    pub at: Timestamp,
    pub client_ip: IpAddr,
    /// Who was asked.
    pub resolver_ip: IpAddr,
    pub name: String,
    /// `A`, `AAAA`, `TXT`…
    pub kind: String,
    /// `NOERROR`, `NXDOMAIN`…; absent: no answer was seen.
    pub code: Option<String>,
    /// Addresses and names that were answered; other data are not kept.
    pub answers: Vec<String>,
}

/// A row of either kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    Flow(Box<FlowRow>),
    Dns(Box<DnsRow>),
}

impl Row {
    /// When it was over, or asked: what rows are put in order by.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Flow(row) => row.last_at,
            Self::Dns(row) => row.at,
        }
    }
}

impl FlowRow {
    /// What a flow's record says; names and fingerprints beside [`Flow::name`] are told by other events.
    pub(crate) fn new(flow: &Flow) -> Self {
        let transport = flow.conversation.transport;
        let has_ports = matches!(transport, Transport::Tcp | Transport::Udp);
        let (client, server) = (flow.conversation.client, flow.conversation.server);
        let name = flow.name.clone();
        let (tls_name, http_host) = if flow.application == Some("http") { (None, name) } else { (name, None) };
        Self {
            first_at: flow.first_at,
            last_at: flow.last_at,
            transport: match transport {
                Transport::Tcp => Cow::Borrowed("tcp"),
                Transport::Udp => Cow::Borrowed("udp"),
                Transport::Icmp => Cow::Borrowed("icmp"),
                Transport::Other(number) => Cow::Owned(number.to_string()),
            },
            client_ip: client.ip.to_canonical(),
            client_port: has_ports.then_some(client.port),
            server_ip: server.ip.to_canonical(),
            server_port: has_ports.then_some(server.port),
            application: flow.application.map(Cow::Borrowed),
            handshake: match flow.handshake {
                Handshake::NotSeen => None,
                Handshake::Attempted => Some(Cow::Borrowed("attempted")),
                Handshake::Refused => Some(Cow::Borrowed("refused")),
                Handshake::Established => Some(Cow::Borrowed("established")),
            },
            sent: flow.sent,
            received: flow.received,
            tls_name,
            http_host,
            dns_name: None,
            ja3: None,
            ja4: None,
            certificate_sha1: None,
            certificate_sha256: None,
        }
    }
}

impl DnsRow {
    pub(crate) fn new(at: Timestamp, client_ip: IpAddr, resolver_ip: IpAddr, dns: &Dns) -> Self {
        let answers = dns.answers.iter().filter_map(|answer| match &answer.data {
            DnsData::Address(ip) => Some(ip.to_canonical().to_string()),
            DnsData::Name(name) => Some(name.clone()),
            DnsData::Other(_) => None,
        });
        Self {
            at,
            client_ip: client_ip.to_canonical(),
            resolver_ip: resolver_ip.to_canonical(),
            name: dns.name.clone(),
            kind: dns.kind.clone(),
            code: dns.code.clone(),
            answers: answers.take(MAX_ANSWERS).collect(),
        }
    }
}
