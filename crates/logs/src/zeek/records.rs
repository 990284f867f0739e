//! One record of each log as events.

use jiff::{SignedDuration, Timestamp};
use wire::event::{
    Content, Conversation, Dns, DnsAnswer, DnsData, Endpoint, Event, Flow, FlowEnd, FlowId, Handshake, HostName,
    HttpBody, HttpRequest, HttpResponse, Kind, NameSource, QueryHash, Ssh, TlsCertificate, TlsClient, TlsServer,
    Transport, Volume,
};

use super::table::Row;
use crate::conversation::{Numbers, payload, transport_named};
use crate::dns::{asked, kind, question};
use crate::eve::referer;
use crate::fields::{asked as said, dhcp_message, mac, name};
use crate::json::kept;
use crate::names::{application, fingerprint, part, tls_version};

/// A connection's own name as a number (FNV-1a, 64 bits).
fn number(uid: &str) -> u64 {
    uid.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

struct Seen {
    at: Timestamp,
    flow: FlowId,
    conversation: Conversation,
}

impl Seen {
    fn event(&self, kind: Kind) -> Event {
        Event { at: self.at, flow: self.flow, conversation: self.conversation, kind }
    }
}

fn seen(row: &Row<'_>, at: Timestamp, numbers: &Numbers, transport: Transport) -> Option<Seen> {
    let has_ports = matches!(transport, Transport::Tcp | Transport::Udp);
    let end = |ip: &str, port: &str| {
        let port = row.number(port).and_then(|port| u16::try_from(port).ok()).filter(|_| has_ports).unwrap_or(0);
        Some(Endpoint { ip: row.text(ip)?.parse().ok()?, port })
    };
    let (client, server) = (end("id.orig_h", "id.orig_p")?, end("id.resp_h", "id.resp_p")?);
    Some(Seen {
        at,
        flow: numbers.given(number(row.text("uid").unwrap_or_default())),
        conversation: Conversation { transport, client, server },
    })
}

pub(super) fn conn(row: &Row<'_>, at: Timestamp, numbers: &Numbers) -> Option<Event> {
    let transport = transport_named(row.text("proto")?).unwrap_or(Transport::Other(255));
    let mut seen = seen(row, at, numbers, transport)?;
    let lasted = SignedDuration::try_from_secs_f64(row.seconds("duration").unwrap_or_default()).ok()?;
    let count = |key: &str| row.number(key).unwrap_or_default();
    let sent = Volume { packets: count("orig_pkts"), bytes: count("orig_ip_bytes") };
    let received = Volume { packets: count("resp_pkts"), bytes: count("resp_ip_bytes") };
    let client_ip = seen.conversation.client.ip;
    let (handshake, end) = match row.text("conn_state").unwrap_or_default() {
        "S0" | "SH" | "RSTOS0" => (Handshake::Attempted, FlowEnd::Idle),
        "REJ" => (Handshake::Refused, FlowEnd::Reset),
        "S1" | "S2" | "S3" => (Handshake::Established, FlowEnd::Idle),
        "SF" => (Handshake::Established, FlowEnd::Finished),
        "RSTO" | "RSTR" => (Handshake::Established, FlowEnd::Reset),
        _ => (Handshake::NotSeen, FlowEnd::Idle),
    };
    // Of ICMP the ports are type and code.
    let is_ping = transport == Transport::Icmp && matches!(row.number("id.orig_p"), Some(8 | 128));
    let payload_of = |key: &str, volume| row.number(key).unwrap_or_else(|| payload(volume, transport, client_ip));
    let flow = Flow {
        id: seen.flow,
        conversation: seen.conversation,
        client_mac: row.text("orig_l2_addr").and_then(mac),
        server_mac: row.text("resp_l2_addr").and_then(mac),
        vlan: row.number("vlan").and_then(|id| u16::try_from(id).ok()),
        first_at: at,
        last_at: at.checked_add(lasted).ok()?,
        is_timed: true,
        sent,
        received,
        sent_payload: payload_of("orig_bytes", sent),
        received_payload: payload_of("resp_bytes", received),
        handshake: if transport == Transport::Tcp { handshake } else { Handshake::NotSeen },
        end,
        application: if is_ping { Some("ping") } else { row.text("service").and_then(service) },
        name: None,
    };
    seen.at = flow.last_at;
    Some(seen.event(Kind::FlowEnded(Box::new(flow))))
}

/// `ssl,http`: the first that has a name here. Mail that began in the clear and went on encrypted (STARTTLS) is encrypted.
fn service(services: &str) -> Option<&'static str> {
    let has = |name| services.split(',').any(|one| one == name);
    if has("smtp") && has("ssl") {
        return application("ssl");
    }
    application(services).or_else(|| services.split(',').find_map(application))
}

pub(super) fn dns(row: &Row<'_>, at: Timestamp, numbers: &Numbers) -> Option<Event> {
    let transport = row.text("proto").and_then(transport_named).unwrap_or(Transport::Udp);
    let seen = seen(row, at, numbers, transport)?;
    let (wanted, kind) = (asked(row.text("query").unwrap_or_default())?, kind(row.text("qtype_name").unwrap_or("A"))?);
    let code = row.text("rcode_name").map(|code| code.to_ascii_uppercase().chars().take(16).collect());
    let took = row.seconds("rtt").and_then(|seconds| SignedDuration::try_from_secs_f64(seconds).ok());
    let answers = row.list("answers");
    let is_answered = code.is_some() || !answers.is_empty();
    let lifetimes = row.numbers("TTLs");
    let record = |(number, value): (usize, &&str)| {
        let ttl = lifetimes.get(number).map_or(0, |ttl| *ttl as u32);
        let (kind, data) = data(value, &kind);
        DnsAnswer { name: wanted.clone(), kind, ttl, data }
    };
    let answers = answers.iter().enumerate().map(record).take(128).collect();
    let dns = Dns {
        transaction: row.number("trans_id").and_then(|id| u16::try_from(id).ok()).unwrap_or_default(),
        answered_at: is_answered.then(|| at.saturating_add(took.unwrap_or_default()).unwrap_or(at)),
        code,
        answers,
        ..question(wanted.clone(), kind.clone())
    };
    Some(seen.event(Kind::Dns(dns)))
}

/// An answer as Zeek writes it: an address, a name, or `TXT 5 value`.
fn data(value: &str, asked: &str) -> (String, DnsData) {
    if let Ok(ip) = value.parse::<std::net::IpAddr>() {
        return (if ip.is_ipv4() { "A" } else { "AAAA" }.to_owned(), DnsData::Address(ip));
    }
    // `TXT 5 value`: the kind and the length before what we do not keep.
    let mut words = value.splitn(3, ' ');
    if let (Some(kind), Some(Ok(length))) = (words.next(), words.next().map(str::parse::<usize>))
        && kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    {
        return (kind.to_owned(), DnsData::Other(length));
    }
    match asked {
        "TXT" | "NULL" | "HTTPS" | "SVCB" => (asked.to_owned(), DnsData::Other(value.len())),
        "A" | "AAAA" => ("CNAME".to_owned(), name(value).map_or(DnsData::Other(value.len()), DnsData::Name)),
        _ => (asked.to_owned(), name(value).map_or(DnsData::Other(value.len()), DnsData::Name)),
    }
}

/// What `ssl` says of one handshake.
pub(super) struct Handshook {
    pub(super) events: Vec<Event>,
    pub(super) name: Option<String>,
    pub(super) fingerprint: Option<String>,
    /// As far as this log says it.
    pub(super) certificate: Option<TlsCertificate>,
}

pub(super) fn ssl(row: &Row<'_>, at: Timestamp, numbers: &Numbers) -> Option<Handshook> {
    let version = row.text("version").map(tls_version).unwrap_or_default();
    let is_quic = row.text("version").is_some_and(|version| version.to_ascii_lowercase().contains("quic"));
    let seen = seen(row, at, numbers, if is_quic { Transport::Udp } else { Transport::Tcp })?;
    let sni = row.text("server_name").and_then(name);
    let hello = TlsClient {
        sni: sni.clone(),
        alpn: Vec::new(),
        version: version.clone(),
        ja3: row.kept("ja3").unwrap_or_default(),
        ja3_text: String::new(),
        ja4: row.kept("ja4").unwrap_or_default(),
    };
    let mut events = vec![seen.event(Kind::TlsClient(hello))];
    if let Some(cipher) = row.kept("cipher") {
        let alpn = row.kept("next_protocol");
        events.push(seen.event(Kind::TlsServer(TlsServer { version, cipher, alpn })));
    }
    let chain = row.list("cert_chain_fps");
    let (subject, issuer) = (row.kept("subject"), row.kept("issuer"));
    let fingerprint = chain.first().map(|print| fingerprint(print)).filter(|print| !print.is_empty());
    let certificate = (subject.is_some() || fingerprint.is_some()).then(|| {
        let (subject, issuer) = (subject.unwrap_or_default(), issuer.unwrap_or_default());
        with_print(fingerprint.clone(), named(&subject, &issuer, chain.len().max(1)))
    });
    Some(Handshook { events, name: sni, fingerprint, certificate })
}

fn named(subject: &str, issuer: &str, chain: usize) -> TlsCertificate {
    TlsCertificate {
        is_self_signed: !subject.is_empty() && subject == issuer,
        subject: part(subject, "CN"),
        subject_organisation: part(subject, "O"),
        issuer: part(issuer, "CN"),
        issuer_organisation: part(issuer, "O"),
        names: Vec::new(),
        not_before: None,
        not_after: None,
        chain,
        sha1: String::new(),
        sha256: String::new(),
    }
}

/// Zeek's fingerprint is SHA-256 by default, SHA-1 where somebody chose so.
fn with_print(print: Option<String>, certificate: TlsCertificate) -> TlsCertificate {
    match print {
        Some(sha1) if sha1.len() == 40 => TlsCertificate { sha1, ..certificate },
        Some(sha256) if sha256.len() == 64 => TlsCertificate { sha256, ..certificate },
        _ => certificate,
    }
}

pub(super) fn x509(row: &Row<'_>) -> Option<(String, TlsCertificate)> {
    let print = fingerprint(row.text("fingerprint")?);
    let (subject, issuer) = (row.text("certificate.subject")?, row.text("certificate.issuer").unwrap_or_default());
    let names = [row.list("san.dns"), row.list("san.ip")].concat();
    let certificate = TlsCertificate {
        names: names.into_iter().filter_map(name).take(wire::tls::MAX_NAMES).collect(),
        not_before: row.moment("certificate.not_valid_before"),
        not_after: row.moment("certificate.not_valid_after"),
        ..named(&kept(subject), &kept(issuer), 1)
    };
    Some((print.clone(), with_print(Some(print), certificate)))
}

pub(super) fn http(row: &Row<'_>, at: Timestamp, numbers: &Numbers) -> Option<(Option<String>, Vec<Event>)> {
    let seen = seen(row, at, numbers, Transport::Tcp)?;
    let host = row.text("host").map(|host| {
        host.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(host, |(host, _)| host)
    });
    let target = row.text("uri").unwrap_or("/");
    let method = row.kept("method").unwrap_or_else(|| "GET".into());
    let (host, path) = said(&method, target, host);
    let mut events = vec![seen.event(Kind::HttpRequest(HttpRequest {
        stream: 0,
        method,
        path: kept(&path),
        query: QueryHash::of_target(target),
        user_agent: row.kept("user_agent"),
        content_type: row.list("orig_mime_types").first().map(|kind| kept(kind)),
        content_length: row.number("request_body_len").filter(|length| *length > 0),
        has_accept: true,
        referer: referer(row.text("referrer"), host.as_deref(), &path),
        host: host.clone(),
    }))];
    if let Some(status) = row.number("status_code").and_then(|status| u16::try_from(status).ok()) {
        let mime = row.list("resp_mime_types").first().map(|kind| (*kind).to_owned());
        events.push(seen.event(Kind::HttpResponse(HttpResponse {
            stream: 0,
            status,
            server: None,
            content_type: None,
            content_length: row.number("response_body_len"),
            is_encoded: false,
        })));
        if let Some(content) = mime.as_deref().and_then(content) {
            events.push(seen.event(Kind::HttpBody(HttpBody { stream: 0, content, is_from_client: false })));
        }
    }
    Some((host, events))
}

/// What Zeek found a body to begin with.
fn content(mime: &str) -> Option<Content> {
    let programs = [
        "application/x-dosexec",
        "application/x-executable",
        "application/x-mach-o-executable",
        "application/vnd.android.package-archive",
    ];
    let archives = [
        "application/zip",
        "application/gzip",
        "application/x-gzip",
        "application/x-rar",
        "application/x-7z-compressed",
        "application/x-xz",
    ];
    if programs.contains(&mime) {
        return Some(Content::Program);
    }
    if archives.contains(&mime) {
        return Some(Content::Archive);
    }
    match mime.split('/').next()? {
        "text" => Some(Content::Text),
        "image" | "audio" | "video" | "font" => Some(Content::Media),
        _ if mime == "application/pdf" || mime.contains("officedocument") || mime == "application/msword" => {
            Some(Content::Document)
        }
        _ => None,
    }
}

pub(super) fn ssh(row: &Row<'_>, at: Timestamp, numbers: &Numbers) -> Option<Event> {
    let versions =
        Ssh { client: row.kept("client").unwrap_or_default(), server: row.kept("server").unwrap_or_default() };
    Some(seen(row, at, numbers, Transport::Tcp)?.event(Kind::Ssh(versions)))
}

pub(super) fn dhcp(row: &Row<'_>, at: Timestamp, numbers: &Numbers) -> Option<Event> {
    // A row tells a whole exchange: an address that was offered, and no more, stands there as one that was given.
    let messages: Vec<&str> = row.list("msg_types").into_iter().filter_map(dhcp_message).collect();
    let given = if messages.contains(&"ack") { "assigned_addr" } else { "client_addr" };
    let told = HostName {
        source: NameSource::Dhcp,
        ip: [given, "client_addr"].iter().find_map(|key| row.text(key)?.parse().ok()),
        mac: Some(mac(row.text("mac")?)?),
        name: row.text("host_name").and_then(name).and_then(|name| name.split('.').next().map(str::to_owned)),
        kind: None,
        message: messages.last().copied(),
    };
    let client = Endpoint { ip: told.ip.unwrap_or(std::net::Ipv4Addr::UNSPECIFIED.into()), port: 68 };
    let server = row.text("server_addr").and_then(|ip| ip.parse().ok()).unwrap_or(client.ip);
    let server = Endpoint { ip: server, port: 67 };
    let conversation = Conversation { transport: Transport::Udp, client, server };
    Some(Event { at, flow: numbers.given(0), conversation, kind: Kind::HostName(told) })
}
