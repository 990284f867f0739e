//! What the wire said: the events that detectors and the flow log read. Metadata only, never content.

use std::{fmt, net::IpAddr};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// A flow's number within one run: that of the frame with which it began, counted from 0. What other devices tell of is counted
/// by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub u64);

/// An address and a port (0 where the protocol has none).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    pub ip: IpAddr,
    pub port: u16,
}

/// What carries the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    Tcp,
    Udp,
    /// ICMP and ICMPv6.
    Icmp,
    /// Another IP protocol, by its IANA number.
    Other(u8),
}

/// Who talks to whom. The client is who spoke first (for TCP: who sent the SYN, where that was seen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Conversation {
    pub transport: Transport,
    pub client: Endpoint,
    pub server: Endpoint,
}

/// A way of packets to travel within packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tunnel {
    /// IPv4 in IP (RFC 2003).
    IpInIp,
    /// IPv6 in IP: 6in4 and its kin (RFC 4213).
    SixInFour,
    Gre,
    Vxlan,
    Geneve,
}

impl Tunnel {
    /// Its name in figures and lines.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::IpInIp => "ip_in_ip",
            Self::SixInFour => "6in4",
            Self::Gre => "gre",
            Self::Vxlan => "vxlan",
            Self::Geneve => "geneve",
        }
    }
}

/// The tunnel that a conversation goes through, between which addresses: of several in each other the outermost that is
/// not between private addresses. A switch's mirror (ERSPAN) is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carrier {
    pub tunnel: Tunnel,
    /// The end on the client's side, and that on the server's.
    pub client: IpAddr,
    pub server: IpAddr,
}

/// Packets and bytes in one direction. Bytes are on the wire (the IP packet's own length), also where the capture
/// kept less of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    pub packets: u64,
    pub bytes: u64,
}

/// Why a flow's record was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlowEnd {
    /// Both sides said goodbye (FIN).
    Finished,
    /// One side broke it off (RST).
    Reset,
    /// Nothing was heard for the idle time.
    Idle,
    /// It made room for another: the table was full.
    Evicted,
    /// The input ended.
    EndOfInput,
}

/// How far a TCP connection came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Handshake {
    /// Not TCP, or the beginning was not captured.
    NotSeen,
    /// A SYN, or a probe that no stack sends (neither SYN nor ACK nor RST), without an answer.
    Attempted,
    /// The server refused (RST in answer to that).
    Refused,
    /// Both sides spoke.
    Established,
}

/// One finished flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    pub id: FlowId,
    pub conversation: Conversation,
    /// The client's Ethernet address, where the link has one.
    pub client_mac: Option<[u8; 6]>,
    pub server_mac: Option<[u8; 6]>,
    /// The outermost VLAN tag (IEEE 802.1Q).
    pub vlan: Option<u16>,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    /// Whether these moments are its own: not where a device told of it without saying when, so that they are those of
    /// receipt.
    pub is_timed: bool,
    /// From client to server.
    pub sent: Volume,
    /// From server to client.
    pub received: Volume,
    /// Bytes of payload (above TCP or UDP) from client to server; retransmissions count again.
    pub sent_payload: u64,
    /// Bytes of payload from server to client.
    pub received_payload: u64,
    pub handshake: Handshake,
    pub end: FlowEnd,
    /// What it spoke, as far as recognised by its content: `dns`, `tls`, `http`, `ping`, `quic`, `ftp`, `ssh`…
    pub application: Option<&'static str>,
    /// The name the client asked for: TLS SNI or HTTP Host, lower case.
    pub name: Option<String>,
}

/// A DNS question with its answer, if one was seen (RFC 1035).
#[derive(Clone, Debug, PartialEq)]
pub struct Dns {
    /// The question's name, lower case, without the final dot; labels that are not text are escaped (`\ddd`).
    pub name: String,
    /// The question's type: `A`, `AAAA`, `TXT`…; `TYPE65534` for one without a name.
    pub kind: String,
    pub transaction: u16,
    /// When the answer came; absent: none was seen (yet).
    pub answered_at: Option<Timestamp>,
    /// The response code's name: `NOERROR`, `NXDOMAIN`…
    pub code: Option<String>,
    pub answers: Vec<DnsAnswer>,
}

/// One record of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct DnsAnswer {
    pub name: String,
    pub kind: String,
    pub ttl: u32,
    pub data: DnsData,
}

/// What an answer's record holds, as far as a detector can use it.
#[derive(Clone, Debug, PartialEq)]
pub enum DnsData {
    Address(IpAddr),
    /// CNAME, NS, PTR, MX, SRV: the name it points to.
    Name(String),
    /// Any other: its length in bytes; content is not kept.
    Other(usize),
}

/// A TLS ClientHello (RFC 8446 §4.1.2), over TCP or QUIC.
#[derive(Clone, Debug, PartialEq)]
pub struct TlsClient {
    /// The server name asked for, lower case.
    pub sni: Option<String>,
    pub alpn: Vec<String>,
    /// The highest version offered: `1.3`, `1.2`, `1.1`, `1.0`, `ssl3`, or hexadecimal for one without a name.
    pub version: String,
    /// JA3's string and its MD5 in hexadecimal.
    pub ja3: String,
    pub ja3_text: String,
    /// JA4 (client) as FoxIO's BSD-licensed definition has it: `t13d1516h2_…`, over QUIC `q13d…`.
    pub ja4: String,
}

/// A TLS ServerHello (RFC 8446 §4.1.3).
#[derive(Clone, Debug, PartialEq)]
pub struct TlsServer {
    /// The version chosen, as in [`TlsClient::version`].
    pub version: String,
    /// The cipher suite's IANA name, or hexadecimal for one without.
    pub cipher: String,
    pub alpn: Option<String>,
}

/// A server's certificate as it showed itself in TLS up to 1.2 (RFC 5280); not checked.
#[derive(Clone, Debug, PartialEq)]
pub struct TlsCertificate {
    /// The subject's common name and organisation; then the issuer's.
    pub subject: Option<String>,
    pub subject_organisation: Option<String>,
    pub issuer: Option<String>,
    pub issuer_organisation: Option<String>,
    /// The names and addresses that it is for (subject alternative names), lower case; at most
    /// [`crate::tls::MAX_NAMES`].
    pub names: Vec<String>,
    pub not_before: Option<Timestamp>,
    pub not_after: Option<Timestamp>,
    /// Subject and issuer are the same.
    pub is_self_signed: bool,
    /// Certificates sent, with those of the authorities above.
    pub chain: usize,
    /// Fingerprints in hexadecimal.
    pub sha1: String,
    pub sha256: String,
}

/// What a host says of itself, or what is said of it, on its own network. Any host can claim anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostName {
    pub source: NameSource,
    /// Whose name it is: by address or Ethernet address; with neither, the sender's.
    pub ip: Option<IpAddr>,
    pub mac: Option<[u8; 6]>,
    /// Lower case, without a domain.
    pub name: Option<String>,
    /// What gives away a device's kind: DHCP's vendor class, a model, in its maker's words; a service that it offers
    /// (`_ipp._tcp`, `urn:schemas-upnp-org:device:MediaRenderer:1`); the options that it asks of DHCP (`options 1,3,6`).
    pub kind: Option<String>,
    /// In which message of DHCP it stood, one of [`DHCP_MESSAGES`].
    pub message: Option<&'static str>,
}

/// The messages of DHCP by their numbers, from 1 on (RFC 2132 §9.6).
pub const DHCP_MESSAGES: [&str; 8] = ["discover", "offer", "request", "decline", "ack", "nak", "release", "inform"];

/// By what one machine takes hold of another (SMB, MS-RPC).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RemoteMeans {
    /// A share that only administrators may open: `admin$`, `c$`.
    AdminShare(String),
    /// The pipe or interface that installs and starts services.
    ServiceControl,
    TaskScheduler,
    Registry,
    /// Windows Management Instrumentation, and the distributed objects below it.
    Wmi,
    Dcom,
    /// A pipe of PsExec or one of its kin.
    RemoteShell,
    /// The interface by which domain controllers copy the directory with all its secrets from each other.
    DirectoryReplication,
}

impl RemoteMeans {
    /// Its name in lines.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::AdminShare(_) => "admin_share",
            Self::ServiceControl => "service_control",
            Self::TaskScheduler => "task_scheduler",
            Self::Registry => "registry",
            Self::Wmi => "wmi",
            Self::Dcom => "dcom",
            Self::RemoteShell => "remote_shell",
            Self::DirectoryReplication => "directory_replication",
        }
    }
}

/// Where a host's name stood; what comes first is believed least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameSource {
    /// Universal Plug and Play's discovery: what a device says it is, never a name.
    Ssdp,
    Llmnr,
    Netbios,
    /// What a Windows machine calls itself when it logs in.
    Ntlm,
    MulticastDns,
    Dhcp,
}

impl NameSource {
    /// Its name in lines.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Ssdp => "ssdp",
            Self::Llmnr => "llmnr",
            Self::Netbios => "netbios",
            Self::Ntlm => "ntlm",
            Self::MulticastDns => "mdns",
            Self::Dhcp => "dhcp",
        }
    }
}

/// One message between a worker that mines crypto-coins and its pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Mining {
    pub dialect: MiningDialect,
    /// `mining.subscribe`, `eth_submitLogin`, `login`, `job`…
    pub method: String,
    /// A worker says such a thing, or a pool.
    pub is_from_worker: bool,
    /// The program's name and version, where it gives them.
    pub agent: Option<String>,
}

/// In which of its dialects a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MiningDialect {
    /// Bitcoin, Zcash and most others.
    Stratum,
    Ethereum,
    /// Monero and its kin.
    Cryptonote,
}

impl MiningDialect {
    /// Its name in figures and lines.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Stratum => "stratum",
            Self::Ethereum => "ethereum",
            Self::Cryptonote => "cryptonote",
        }
    }
}

/// An HTTP request's line and the headers that say who is asked and who asks (RFC 9112, RFC 9113). No cookies, no log-ins.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpRequest {
    /// The stream of HTTP/2 that it is on, by which its answer is found; 0 in HTTP/1, where answers come in the order of
    /// their requests.
    pub stream: u32,
    /// Empty where it could not be read: an HTTP/2 connection that was there before the capture.
    pub method: String,
    /// The host header, or `:authority`, lower case, without a port.
    pub host: Option<String>,
    /// The path without its query: a query may hold personal data.
    pub path: String,
    /// What is left of the query, if there was one that could be read.
    pub query: Option<QueryHash>,
    pub user_agent: Option<String>,
    pub content_type: Option<String>,
    pub content_length: Option<u64>,
    /// Whether it says what it accepts, as browsers do; true where that could not be read.
    pub has_accept: bool,
    /// From where it says it came; another page where that could not be read.
    pub referer: Referer,
}

/// What is left of a query (the part of a target behind `?`): enough to know one that a threat list names, and nothing to read.
/// The first eight bytes of its SHA-256, little-endian, as lists keep them. A short query can be guessed from it: it goes
/// with its event, and neither records, findings, logs nor this type's own `Debug` show it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct QueryHash(u64);

impl QueryHash {
    /// Of a target (`/page.php?id=77`), whose fragment does not count. Absent: nothing stands behind a `?`.
    #[must_use]
    pub fn of_target(target: &str) -> Option<Self> {
        let (_, query) = target.split('#').next()?.split_once('?')?;
        let first = *Sha256::digest(query.as_bytes()).first_chunk()?;
        (!query.is_empty()).then(|| Self(u64::from_le_bytes(first)))
    }

    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for QueryHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryHash")
    }
}

/// What a request's `referer` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Referer {
    #[default]
    Absent,
    /// The very page that is asked for.
    Own,
    Other,
}

/// What a body begins with, whatever its header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// For Windows, Linux, macOS or Android.
    Program,
    /// One for Windows, written down as text: base64, by itself or dressed as a certificate.
    WrittenProgram,
    /// Code without a file's header, made to run from memory.
    MemoryProgram,
    Archive,
    /// Packed by zlib alone, as programs pack what is theirs: no file's format.
    Packed,
    Document,
    /// A picture, sound, film or font.
    Media,
    Text,
    /// None of these: a format of its own, or encrypted.
    Other,
}

/// An HTTP status and the headers that say what was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpResponse {
    /// As in [`HttpRequest::stream`].
    pub stream: u32,
    pub status: u16,
    pub server: Option<String>,
    pub content_type: Option<String>,
    pub content_length: Option<u64>,
    /// Whether the body is packed (`content-encoding`).
    pub is_encoded: bool,
}

/// What the body of a stream's last [`HttpResponse`] begins with; of a [`HttpRequest`] only where that is an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpBody {
    /// As in [`HttpRequest::stream`].
    pub stream: u32,
    pub content: Content,
    pub is_from_client: bool,
}

/// The echo messages of one conversation so far (RFC 792, RFC 4443 §4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IcmpEcho {
    pub requests: u64,
    pub replies: u64,
    /// Bytes of data in both.
    pub data_bytes: u64,
    /// Messages whose data hold an IP packet.
    pub carrying_ip: u64,
    /// Replies with other data than their request's, which they should repeat.
    pub altered: u64,
    /// Requests whose data, but for the time in its first bytes, differ from the request before.
    pub varying: u64,
}

impl IcmpEcho {
    /// How much of it is not what pings carry.
    #[must_use]
    pub fn odd(&self) -> u64 {
        self.carrying_ip.max(self.altered).max(self.varying)
    }
}

/// What became of a log-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoginOutcome {
    Accepted,
    Refused,
    /// No answer was seen, or it says nothing.
    Unknown,
}

/// A log-in, told when its answer came, with the time at which it was sent. The secret is nowhere in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Login {
    /// `ftp`, `pop3`, `http`…: as [`Flow::application`] has it.
    pub protocol: &'static str,
    /// How: `USER/PASS`, `PLAIN`, `basic`, `form`…
    pub mechanism: &'static str,
    /// The name that the client asked for, as [`Flow::name`] has it; it may say anything.
    pub name: Option<String>,
    /// Who, masked: `j…@example.nl`.
    pub account: Option<String>,
    /// The same for the same account, and for no other; 0: none is known.
    pub account_key: u64,
    /// Whether who listens can read the secret.
    pub is_readable: bool,
    /// Whether a secret was sent: not for anonymous log-ins and words that everybody knows.
    pub has_secret: bool,
    /// How often it was tried within this connection: more than once where that is told by its shape alone (SSH).
    pub tries: u32,
    pub outcome: LoginOutcome,
}

/// The versions that both sides of an SSH connection name.
#[derive(Clone, Debug, PartialEq)]
pub struct Ssh {
    pub client: String,
    pub server: String,
}

/// Personal data in something that was sent readable: what kinds and how many, never which.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonalData {
    /// What carried it: `http`, `smtp`, `imap`, or `text` where the protocol is none that we know (a file over FTP).
    pub carrier: &'static str,
    pub is_from_client: bool,
    /// As in [`Login::name`].
    pub name: Option<String>,
    pub found: personal::Found,
}

/// What one side of a TCP connection begins with, where that is no protocol that we read; or what gives it away in one
/// that we do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawStream {
    pub content: RawContent,
    pub is_from_client: bool,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RawContent {
    /// A program for Windows or Linux, as it lies in a file.
    Program,
    /// Chisel: a tunnel within a websocket, through which who is at the other end reaches into this network.
    Chisel,
    /// A program whose header is code: it runs from memory, where it never was a file.
    MemoryProgram,
    /// What a command interpreter writes before it takes an order.
    Shell,
    /// What malware of these families says to whom it obeys.
    Njrat,
    Gh0st,
    /// A name on IRC that a program gave itself, or an order to such programs.
    IrcBot,
    /// A directory's answer that has whoever asked fetch Java code and run it, as a server is had to by a hole (Log4Shell).
    JavaReference,
}

impl RawContent {
    /// Its name in figures and lines.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Program => "bare_program",
            Self::Chisel => "chisel",
            Self::MemoryProgram => "memory_program",
            Self::Shell => "shell",
            Self::Njrat => "njrat",
            Self::Gh0st => "gh0st",
            Self::IrcBot => "irc_bot",
            Self::JavaReference => "java_reference",
        }
    }
}

/// What another sensor's rule says of a conversation, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    pub source: AlertSource,
    /// The rule's name and number.
    pub signature: String,
    pub id: String,
    pub category: Option<String>,
    /// 1 is the worst, as Suricata counts.
    pub severity: u8,
    pub is_blocked: bool,
}

/// Whose rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlertSource {
    Suricata,
    /// Some firewall's, told in the Common Event Format.
    Cef,
}

impl AlertSource {
    /// Its name in lines.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Suricata => "suricata",
            Self::Cef => "cef",
        }
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A new conversation: its first packet.
    FlowStarted,
    /// That first packet came through a tunnel; told next, and once.
    Carried(Carrier),
    /// A DNS question whose answer was seen, or whose waiting ended.
    Dns(Dns),
    TlsClient(TlsClient),
    TlsServer(TlsServer),
    HttpRequest(HttpRequest),
    HttpResponse(HttpResponse),
    /// The flow's record, when it is closed.
    FlowEnded(Box<Flow>),
    /// What pings carry, where it is not what pings carry; told again each time it has doubled.
    IcmpEcho(IcmpEcho),
    /// The server's certificate, after its [`TlsServer`].
    TlsCertificate(Box<TlsCertificate>),
    Mining(Mining),
    Login(Login),
    Ssh(Ssh),
    HostName(HostName),
    RemoteAccess(RemoteMeans),
    PersonalData(PersonalData),
    HttpBody(HttpBody),
    RawStream(RawStream),
    /// Not ours: read from another sensor's log.
    Alert(Alert),
}

/// One event, with the packet time at which it was seen and the flow it belongs to. A DNS question is told when its
/// answer came or its waiting ended, with the time at which it was asked; a flow's end with that of its last packet.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub at: Timestamp,
    pub flow: FlowId,
    pub conversation: Conversation,
    pub kind: Kind,
}

/// What was counted on the way, for the `stats` line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    pub packets: u64,
    /// Bytes on the wire.
    pub bytes: u64,
    pub flows: u64,
    pub first_at: Option<Timestamp>,
    pub last_at: Option<Timestamp>,
    /// Frames, or messages within them, that could not be read as what they claimed to be.
    pub malformed: u64,
    /// How often a flow, a question or a flow's content was let go because a table was full.
    pub dropped: u64,
    /// Packets that were given twice, as a mirror of several ports does: counted once with their flow.
    pub copies: u64,
}
