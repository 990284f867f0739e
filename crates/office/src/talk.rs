//! Conversations: names looked up, TLS and HTTP connections, clocks set; each a handful of frames on the tape.

use std::{collections::BTreeMap, net::Ipv4Addr};

use crate::{
    chance::Chance,
    frame::{End, Segment, Tape},
    hello::{self, Program},
};

pub(crate) const MILLI: u64 = 1_000;
pub(crate) const SECOND: u64 = 1_000_000;
pub(crate) const MINUTE: u64 = 60 * SECOND;

/// The router's inside address: the way out, and who looks up names.
const ROUTER: Ipv4Addr = Ipv4Addr::new(192, 168, 20, 1);
/// How long a looked-up name is remembered.
const TTL_SECONDS: u32 = 3600;
/// The longest piece of uncaptured payload in one segment.
const PIECE: u64 = 32_768;

/// The office's wire: the tape, and what conversations need to remember.
pub(crate) struct Wire {
    pub(crate) tape: Tape,
    pub(crate) chance: Chance,
    addresses: BTreeMap<String, Ipv4Addr>,
    /// Who looked up what, until when it is remembered.
    remembered: BTreeMap<(Ipv4Addr, String), u64>,
    next_port: u16,
}

/// What goes over one connection, and how long that takes in microseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) up: u64,
    pub(crate) down: u64,
    pub(crate) takes: u64,
}

impl Wire {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            tape: Tape::new(),
            chance: Chance::new(seed),
            addresses: BTreeMap::new(),
            remembered: BTreeMap::new(),
            next_port: 0,
        }
    }

    /// The address of an honest name: the next free one of 192.0.2.0/24 and 198.51.100.0/24.
    pub(crate) fn address(&mut self, name: &str) -> Ipv4Addr {
        if let Some(known) = self.addresses.get(name) {
            return *known;
        }
        let number = self.addresses.len() as u16;
        let last = (number % 250) as u8 + 2;
        let address = if number < 250 { Ipv4Addr::new(192, 0, 2, last) } else { Ipv4Addr::new(198, 51, 100, last) };
        self.addresses.insert(name.to_owned(), address);
        address
    }

    /// Gives a name an address of its own.
    pub(crate) fn name(&mut self, name: &str, address: Ipv4Addr) {
        self.addresses.insert(name.to_owned(), address);
    }

    /// A connection over TLS to a name, looked up first where it is not remembered. Returns when it ends.
    pub(crate) fn tls(&mut self, at: u64, host: Ipv4Addr, name: &str, port: u16, program: Program, load: Load) -> u64 {
        let at = self.look_up(at, host, name);
        let server = outside(self.address(name), port);
        let client = self.client(host);
        let mut connection = Connection::open(self, at, client, server);
        let greeting = hello::client(program, name, &mut self.chance);
        connection.say(&mut self.tape, true, &greeting);
        let answer = hello::server(program, &mut self.chance);
        connection.say(&mut self.tape, false, &answer);
        connection.carry(&mut self.tape, load);
        connection.close(&mut self.tape)
    }

    /// A plain HTTP request and its answer.
    pub(crate) fn http(&mut self, at: u64, host: Ipv4Addr, name: &str, path: &str, agent: &str, down: u64) -> u64 {
        let at = self.look_up(at, host, name);
        let server = outside(self.address(name), 80);
        let client = self.client(host);
        let mut connection = Connection::open(self, at, client, server);
        let request = format!("GET {path} HTTP/1.1\r\nHost: {name}\r\nUser-Agent: {agent}\r\nAccept: */*\r\n\r\n");
        connection.say(&mut self.tape, true, request.as_bytes());
        let answer =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: {down}\r\n\r\n");
        connection.say(&mut self.tape, false, answer.as_bytes());
        connection.carry(&mut self.tape, Load { up: 0, down, takes: 50 * MILLI });
        connection.close(&mut self.tape)
    }

    /// A connection within the office whose content is not captured.
    pub(crate) fn inside(&mut self, at: u64, host: Ipv4Addr, server: Ipv4Addr, port: u16, load: Load) {
        let client = self.client(host);
        let mut connection = Connection::open(self, at, client, inside(server, port));
        connection.carry(&mut self.tape, load);
        connection.close(&mut self.tape);
    }

    /// A datagram out and one back.
    pub(crate) fn datagrams(&mut self, at: u64, host: End, server: End, ask: &[u8], answer: &[u8]) {
        self.tape.udp(at, host, server, ask);
        let back = at + self.chance.between(8 * MILLI, 25 * MILLI);
        self.tape.udp(back, server, host, answer);
    }

    /// Asks for a name that nobody has (or that the router's block list keeps to itself: 0.0.0.0).
    pub(crate) fn ask_in_vain(&mut self, at: u64, host: Ipv4Addr, name: &str, is_blocked: bool) {
        let client = self.client(host);
        let transaction = self.chance.bytes::<2>();
        let (question, mut answer) = dns(transaction, name, Ipv4Addr::UNSPECIFIED);
        if !is_blocked {
            // NXDOMAIN (RFC 1035 §4.1.1): the code, no answer.
            answer.truncate(question.len());
            for (at, value) in [(3, 0x83), (7, 0)] {
                if let Some(byte) = answer.get_mut(at) {
                    *byte = value;
                }
            }
        }
        self.datagrams(at, client, inside(ROUTER, 53), &question, &answer);
    }

    /// A TCP connection that nobody answers.
    pub(crate) fn knock(&mut self, at: u64, host: Ipv4Addr, server: Ipv4Addr, port: u16) {
        let client = self.client(host);
        let sequence = self.chance.draw() as u32;
        let syn = Segment { sequence, acknowledges: None, syn: true, fin: false };
        self.tape.tcp(at, client, inside(server, port), syn, &[]);
    }

    /// Sound and pictures both ways over UDP, a datagram of 32 kB at a time (as cards put them together).
    pub(crate) fn call(&mut self, at: u64, host: Ipv4Addr, name: &str, load: Load) {
        let at = self.look_up(at, host, name);
        let (client, server) = (self.client(host), outside(self.address(name), 3480));
        let pieces = load.up.max(load.down).div_ceil(PIECE).max(1);
        for piece in 0..pieces {
            let moment = at + load.takes / pieces * piece;
            self.tape.udp_uncaptured(moment, client, server, (load.up / pieces) as u16);
            self.tape.udp_uncaptured(moment + MILLI, server, client, (load.down / pieces) as u16);
        }
    }

    /// Asks the router for a name's address, unless it is remembered. Returns when the answer is there.
    pub(crate) fn look_up(&mut self, at: u64, host: Ipv4Addr, name: &str) -> u64 {
        let key = (host, name.to_owned());
        if self.remembered.get(&key).is_some_and(|until| at < *until) {
            return at;
        }
        self.remembered.insert(key, at + u64::from(TTL_SECONDS) * SECOND);
        let address = self.address(name);
        let client = self.client(host);
        let transaction = self.chance.bytes::<2>();
        let (question, answer) = dns(transaction, name, address);
        let resolver = inside(ROUTER, 53);
        self.tape.udp(at, client, resolver, &question);
        let back = at + self.chance.between(4 * MILLI, 30 * MILLI);
        self.tape.udp(back, resolver, client, &answer);
        back + MILLI
    }

    /// Forgets look-ups that are no longer remembered at that moment.
    pub(crate) fn forget(&mut self, now: u64) {
        self.remembered.retain(|_, until| *until > now);
    }

    /// This host's end of a new conversation.
    pub(crate) fn client(&mut self, host: Ipv4Addr) -> End {
        self.next_port = (self.next_port + 1) % 16_000;
        inside(host, 49_152 + self.next_port)
    }
}

/// An end within the office: its Ethernet address is its own.
pub(crate) fn inside(ip: Ipv4Addr, port: u16) -> End {
    End { mac: mac(ip), ip, port }
}

/// An end outside: on this wire it has the router's Ethernet address.
pub(crate) fn outside(ip: Ipv4Addr, port: u16) -> End {
    End { mac: mac(ROUTER), ip, port }
}

/// A locally administered Ethernet address that shows the IP address.
pub(crate) fn mac(ip: Ipv4Addr) -> [u8; 6] {
    let [a, b, c, d] = ip.octets();
    [2, 0, a, b, c, d]
}

/// One TCP connection in progress.
struct Connection {
    client: End,
    server: End,
    at: u64,
    round_trip: u64,
    client_next: u32,
    server_next: u32,
}

impl Connection {
    fn open(wire: &mut Wire, at: u64, client: End, server: End) -> Self {
        let round_trip = wire.chance.between(8 * MILLI, 35 * MILLI);
        let (client_next, server_next) = (wire.chance.draw() as u32, wire.chance.draw() as u32);
        let mut new = Self { client, server, at, round_trip, client_next, server_next };
        let tape = &mut wire.tape;
        tape.tcp(at, client, server, Segment { sequence: client_next, acknowledges: None, syn: true, fin: false }, &[]);
        new.client_next = client_next.wrapping_add(1);
        new.at += round_trip;
        let answer = Segment { sequence: server_next, acknowledges: Some(new.client_next), syn: true, fin: false };
        tape.tcp(new.at, server, client, answer, &[]);
        new.server_next = server_next.wrapping_add(1);
        new.at += MILLI / 2;
        new.send(tape, true, false, &[]);
        new
    }

    /// Sends captured payload.
    fn say(&mut self, tape: &mut Tape, is_up: bool, payload: &[u8]) {
        self.at += if is_up { MILLI } else { self.round_trip };
        self.send(tape, is_up, false, payload);
        self.advance(is_up, payload.len() as u32);
    }

    /// Sends payload that is not captured: first up, then down.
    fn carry(&mut self, tape: &mut Tape, load: Load) {
        let pieces = load.up.div_ceil(PIECE) + load.down.div_ceil(PIECE);
        let pause = load.takes / pieces.max(1);
        for (is_up, total) in [(true, load.up), (false, load.down)] {
            let mut left = total;
            while left > 0 {
                let piece = left.min(PIECE);
                left -= piece;
                self.at += pause;
                let (from, to, segment) = self.segment(is_up, false);
                tape.tcp_uncaptured(self.at, from, to, segment, piece as u16);
                self.advance(is_up, piece as u32);
            }
        }
    }

    fn close(mut self, tape: &mut Tape) -> u64 {
        self.at += MILLI;
        self.send(tape, true, true, &[]);
        self.advance(true, 1);
        self.at += self.round_trip;
        self.send(tape, false, true, &[]);
        self.advance(false, 1);
        self.at += MILLI / 2;
        self.send(tape, true, false, &[]);
        self.at
    }

    fn send(&self, tape: &mut Tape, is_up: bool, fin: bool, payload: &[u8]) {
        let (from, to, segment) = self.segment(is_up, fin);
        tape.tcp(self.at, from, to, segment, payload);
    }

    fn segment(&self, is_up: bool, fin: bool) -> (End, End, Segment) {
        let (from, to, sequence, acknowledges) = if is_up {
            (self.client, self.server, self.client_next, self.server_next)
        } else {
            (self.server, self.client, self.server_next, self.client_next)
        };
        (from, to, Segment { sequence, acknowledges: Some(acknowledges), syn: false, fin })
    }

    fn advance(&mut self, is_up: bool, by: u32) {
        let next = if is_up { &mut self.client_next } else { &mut self.server_next };
        *next = next.wrapping_add(by);
    }
}

/// A question for a name's IPv4 address and its answer (RFC 1035 §4.1).
fn dns(transaction: [u8; 2], name: &str, address: Ipv4Addr) -> (Vec<u8>, Vec<u8>) {
    let mut asked = Vec::new();
    for label in name.split('.') {
        asked.push(label.len() as u8);
        asked.extend(label.as_bytes());
    }
    // The root, type A, class IN.
    asked.extend([0, 0, 1, 0, 1]);
    let message = |flags: [u8; 2], answers: u8| {
        let mut bytes = transaction.to_vec();
        bytes.extend(flags);
        bytes.extend([0, 1, 0, answers, 0, 0, 0, 0]);
        bytes.extend(&asked);
        bytes
    };
    let question = message([0x01, 0x00], 0);
    let mut answer = message([0x81, 0x80], 1);
    // The name by pointer to the question, type A, class IN.
    answer.extend([0xc0, 0x0c, 0, 1, 0, 1]);
    answer.extend(TTL_SECONDS.to_be_bytes());
    answer.extend([0, 4]);
    answer.extend(address.octets());
    (question, answer)
}
