//! Hand-made frames, and what a tracker says of them.

use etherparse::PacketBuilder;
use jiff::Timestamp;
use wire::event::{Event, Flow, Kind, Login, Stats};
use wire::{Frame, Limits, LinkType, Tracker};

pub(crate) const CLIENT: [u8; 4] = [10, 0, 0, 5];
pub(crate) const SERVER: [u8; 4] = [203, 0, 113, 9];
pub(crate) const CLIENT_MAC: [u8; 6] = [2, 0, 0, 0, 0, 5];
pub(crate) const SERVER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];

/// A frame with its time in milliseconds.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    pub(crate) at: i64,
    pub(crate) link: LinkType,
    pub(crate) bytes: Vec<u8>,
    pub(crate) wire_length: u32,
}

pub(crate) fn made(at: i64, link: LinkType, bytes: Vec<u8>) -> Made {
    let wire_length = bytes.len() as u32;
    Made { at, link, bytes, wire_length }
}

pub(crate) fn udp(at: i64, to_server: bool, client_port: u16, server_port: u16, payload: &[u8]) -> Made {
    let (macs, ips) = ends(to_server);
    let ports = if to_server { (client_port, server_port) } else { (server_port, client_port) };
    let builder = PacketBuilder::ethernet2(macs.0, macs.1).ipv4(ips.0, ips.1, 64).udp(ports.0, ports.1);
    let mut bytes = Vec::new();
    builder.write(&mut bytes, payload).unwrap();
    made(at, LinkType::Ethernet, bytes)
}

/// From whom to whom.
type Ends<T> = (T, T);

fn ends(to_server: bool) -> (Ends<[u8; 6]>, Ends<[u8; 4]>) {
    if to_server { ((CLIENT_MAC, SERVER_MAC), (CLIENT, SERVER)) } else { ((SERVER_MAC, CLIENT_MAC), (SERVER, CLIENT)) }
}

/// A TCP connection's frames, each with the next sequence number.
pub(crate) struct Tcp {
    pub(crate) frames: Vec<Made>,
    client_port: u16,
    server_port: u16,
    sequence: [u32; 2],
    at: i64,
}

impl Tcp {
    /// Not opened yet: the capture may begin in the middle.
    pub(crate) fn new(at: i64, client_port: u16, server_port: u16) -> Self {
        Self { frames: Vec::new(), client_port, server_port, sequence: [1000, u32::MAX - 5], at }
    }

    pub(crate) fn open(at: i64, client_port: u16, server_port: u16) -> Self {
        let mut tcp = Self::new(at, client_port, server_port);
        tcp.flags(true, "S").flags(false, "SA").flags(true, "A");
        tcp
    }

    pub(crate) fn wait(&mut self, milliseconds: i64) -> &mut Self {
        self.at += milliseconds;
        self
    }

    /// A segment without payload.
    pub(crate) fn flags(&mut self, to_server: bool, flags: &str) -> &mut Self {
        self.push(to_server, flags, b"");
        self.sequence[usize::from(!to_server)] =
            self.next(to_server).wrapping_add(u32::from(flags.contains(['S', 'F'])));
        self
    }

    /// One segment with payload.
    pub(crate) fn send(&mut self, to_server: bool, payload: &[u8]) -> &mut Self {
        self.push(to_server, "A", payload);
        self.skip(to_server, payload.len() as u32)
    }

    /// Bytes that the capture misses.
    pub(crate) fn skip(&mut self, to_server: bool, length: u32) -> &mut Self {
        self.sequence[usize::from(!to_server)] = self.next(to_server).wrapping_add(length);
        self
    }

    pub(crate) fn close(&mut self) -> &mut Self {
        self.flags(true, "FA").flags(false, "FA").flags(true, "A")
    }

    fn next(&self, to_server: bool) -> u32 {
        self.sequence[usize::from(!to_server)]
    }

    fn push(&mut self, to_server: bool, flags: &str, payload: &[u8]) {
        let (macs, ips) = ends(to_server);
        let ports = if to_server { (self.client_port, self.server_port) } else { (self.server_port, self.client_port) };
        let mut builder = PacketBuilder::ethernet2(macs.0, macs.1).ipv4(ips.0, ips.1, 64).tcp(
            ports.0,
            ports.1,
            self.next(to_server),
            64_240,
        );
        for flag in flags.chars() {
            builder = match flag {
                'S' => builder.syn(),
                'A' => builder.ack(self.next(!to_server)),
                'F' => builder.fin(),
                'R' => builder.rst(),
                'P' => builder.psh(),
                'U' => builder.urg(0),
                other => panic!("no such flag: {other}"),
            };
        }
        let mut bytes = Vec::new();
        builder.write(&mut bytes, payload).unwrap();
        self.at += 10;
        self.frames.push(made(self.at, LinkType::Ethernet, bytes));
    }
}

pub(crate) fn run(frames: &[Made]) -> (Vec<Event>, Stats) {
    run_with(Limits::default(), frames)
}

pub(crate) fn run_with(limits: Limits, frames: &[Made]) -> (Vec<Event>, Stats) {
    let mut events = Vec::new();
    let mut tracker = Tracker::new(limits);
    let mut sink = |event| events.push(event);
    for frame in frames {
        let at = Timestamp::from_millisecond(frame.at).unwrap();
        let (link, bytes, wire_length) = (frame.link, frame.bytes.as_slice(), frame.wire_length);
        tracker.frame(Frame { at, link, bytes, wire_length }, &mut sink);
    }
    tracker.finish(&mut sink);
    let stats = tracker.stats().clone();
    (events, stats)
}

/// The flows' records, in the order in which they ended.
pub(crate) fn flows(events: &[Event]) -> Vec<Flow> {
    events
        .iter()
        .filter_map(|event| match &event.kind {
            Kind::FlowEnded(flow) => Some((**flow).clone()),
            _ => None,
        })
        .collect()
}

/// The events in short, one word or two each, for comparing a whole story at once.
pub(crate) fn story(events: &[Event]) -> Vec<String> {
    let short = |event: &Event| match &event.kind {
        Kind::FlowStarted => format!("{} begins", event.flow.0),
        Kind::Carried(carrier) => format!("{} through {}", event.flow.0, carrier.tunnel.key()),
        Kind::Dns(dns) => format!("{} dns {} {}", event.flow.0, dns.name, dns.code.as_deref().unwrap_or("unanswered")),
        Kind::TlsClient(client) => format!("{} hello {}", event.flow.0, client.sni.as_deref().unwrap_or("-")),
        Kind::TlsServer(server) => format!("{} chosen {}", event.flow.0, server.version),
        Kind::HttpRequest(request) => format!("{} {} {}", event.flow.0, request.method, request.path),
        Kind::HttpResponse(response) => format!("{} {}", event.flow.0, response.status),
        Kind::TlsCertificate(one) => format!("{} certificate {}", event.flow.0, one.subject.as_deref().unwrap_or("-")),
        Kind::HostName(told) => format!("{} host {}", event.flow.0, told.name.as_deref().unwrap_or("-")),
        Kind::RemoteAccess(means) => format!("{} {}", event.flow.0, means.key()),
        Kind::Mining(message) => format!("{} mining {}", event.flow.0, message.method),
        Kind::FlowEnded(flow) => format!("{} {:?}", event.flow.0, flow.end),
        Kind::HttpBody(body) => format!("{} body {:?}", event.flow.0, body.content),
        Kind::RawStream(raw) => format!("{} raw {}", event.flow.0, raw.content.key()),
        Kind::IcmpEcho(echo) => format!("{} echo {}", event.flow.0, echo.odd()),
        Kind::Login(login) => format!("{} login {login}", event.flow.0, login = login_in_short(login)),
        Kind::PersonalData(data) => format!("{} {} {:?}", event.flow.0, data.carrier, data.found),
        Kind::Ssh(ssh) => format!("{} {} {}", event.flow.0, ssh.client, ssh.server),
        Kind::Alert(alert) => format!("{} alert {}", event.flow.0, alert.signature),
    };
    events.iter().map(short).collect()
}

/// A log-in: how, as whom, what became of it, and whether it says anything to who listens.
pub(crate) fn login_in_short(login: &Login) -> String {
    let account = login.account.as_deref().unwrap_or("-");
    let secret = match (login.has_secret, login.is_readable) {
        (true, true) => "readable",
        (true, false) => "hidden",
        (false, _) => "none",
    };
    format!("{} {} {account} {secret} {:?} {}", login.protocol, login.mechanism, login.outcome, login.tries)
}

/// A ClientHello for that name, in one record.
pub(crate) fn client_hello(name: &str) -> Vec<u8> {
    let mut extension = vec![0, 0];
    extension.extend((name.len() as u16 + 5).to_be_bytes());
    extension.extend((name.len() as u16 + 3).to_be_bytes());
    extension.push(0);
    extension.extend((name.len() as u16).to_be_bytes());
    extension.extend(name.as_bytes());
    let mut body = vec![3, 3];
    body.extend([9; 32]);
    body.extend([0, 0, 4, 0x13, 0x01, 0x13, 0x02, 1, 0]);
    body.extend((extension.len() as u16).to_be_bytes());
    body.extend(extension);
    record(1, &body)
}

/// A ServerHello for TLS 1.2.
pub(crate) fn server_hello() -> Vec<u8> {
    let mut body = vec![3, 3];
    body.extend([8; 32]);
    body.extend([0, 0xc0, 0x2f, 0]);
    record(2, &body)
}

pub(crate) fn record(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut message = vec![kind];
    message.extend(&(body.len() as u32).to_be_bytes()[1..]);
    message.extend(body);
    let mut record = vec![22, 3, 1];
    record.extend((message.len() as u16).to_be_bytes());
    record.extend(message);
    record
}

/// A DNS question of kind A.
pub(crate) fn question(transaction: u16, name: &str) -> Vec<u8> {
    let mut bytes = transaction.to_be_bytes().to_vec();
    bytes.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in name.split('.') {
        bytes.push(label.len() as u8);
        bytes.extend(label.as_bytes());
    }
    bytes.extend([0, 0, 1, 0, 1]);
    bytes
}

/// Its answer: that code, and one address when it is 0.
pub(crate) fn answer(transaction: u16, name: &str, code: u8) -> Vec<u8> {
    let mut bytes = question(transaction, name);
    bytes[2] = 0x81;
    bytes[3] = 0x80 | code;
    if code == 0 {
        bytes[7] = 1;
        bytes.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 7]);
    }
    bytes
}
