//! From what was seen to what is said of it.

use wire::event::{
    Content, Conversation, Dns, DnsAnswer, DnsData, Endpoint, Flow, FlowEnd, Handshake, HostName, HttpRequest,
    HttpResponse, IcmpEcho, Login, LoginOutcome, Mining, PersonalData, RemoteMeans, Ssh, TlsCertificate, TlsClient,
    TlsServer, Transport, Volume,
};

use super::{
    Amount, DnsContent, DnsFields, DnsRecord, EchoFields, End, FlowLine, FoundFields, HostFields, HttpFields,
    LoginFields, Mac, MiningFields, PersonalDataFields, SshFields, TlsFields,
};

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
        let Login { protocol, mechanism, account, is_readable, has_secret, tries, outcome, .. } = login.clone();
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
            side: side(data.is_from_client),
            found: data.found.0.iter().map(|(category, count)| (category.key(), fields(count))).collect(),
        }
    }
}

impl From<&Ssh> for SshFields {
    fn from(versions: &Ssh) -> Self {
        Self { client_version: versions.client.clone(), server_version: versions.server.clone() }
    }
}

pub(super) fn side(is_from_client: bool) -> &'static str {
    if is_from_client { "client" } else { "server" }
}

pub(super) fn client(conversation: Conversation, mac: Option<Option<[u8; 6]>>) -> End {
    end(conversation.transport, conversation.client, mac)
}

pub(super) fn server(conversation: Conversation, mac: Option<Option<[u8; 6]>>) -> End {
    end(conversation.transport, conversation.server, mac)
}

fn end(transport: Transport, endpoint: Endpoint, mac: Option<Option<[u8; 6]>>) -> End {
    let has_ports = matches!(transport, Transport::Tcp | Transport::Udp);
    let mac = match mac {
        Some(Some(mac)) => Mac::Known(mac_text(mac)),
        Some(None) => Mac::Unknown,
        None => Mac::Elsewhere,
    };
    End { ip: endpoint.ip, port: has_ports.then_some(endpoint.port), mac }
}

pub(super) fn share(means: &RemoteMeans) -> Option<String> {
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

pub(super) fn transport_name(transport: Transport) -> String {
    match transport {
        Transport::Tcp => "tcp".to_owned(),
        Transport::Udp => "udp".to_owned(),
        Transport::Icmp => "icmp".to_owned(),
        Transport::Other(number) => format!("protocol_{number}"),
    }
}

pub(super) fn content_name(content: Content) -> &'static str {
    match content {
        Content::Program => "program",
        Content::WrittenProgram => "written_program",
        Content::MemoryProgram => "memory_program",
        Content::Archive => "archive",
        Content::Packed => "packed",
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
