//! Detections to a syslog collector, over UDP (RFC 5426) or TCP (RFC 6587, counted).
//!
//! Over TCP what the collector does not take now waits, within a bound, and is sent when it is back. A collector does not say
//! what it read: what was written shortly before its connection was found closed is sent once more, for repeating is better
//! than losing. Over UDP nobody knows what arrives.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::str::FromStr;
use std::time::Duration;

use facts::Text;

use super::{Output, detections, rfc5424};
use crate::hold::Told;

/// The longest message over UDP, in bytes: what every collector should take (RFC 5424 §6.1).
const MAX_DATAGRAM: usize = 2_048;

/// Messages that wait for a collector that is away; the oldest makes room.
const MAX_WAITING: usize = 10_000;

/// A connection that was found open so often after a message was written has brought it there.
const LOOKS: u8 = 3;
/// So many connections that break at once are no accident: a balancer without a collector behind it.
const BREAKS: u8 = 2;
/// So often a message is written over new connections: for one that reads and closes after each it must end.
const TRIES: u8 = 100;
/// What a collector says meanwhile is passed over, so many pieces at a time.
const PIECES: usize = 64;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const WRITE_WITHIN: Duration = Duration::from_secs(5);

/// Where a collector listens: `host:514`, `udp://host:514`, `tcp://host:601`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    is_tcp: bool,
    address: String,
}

/// What is no collector's address.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no collector's address; write collector.example:514, or tcp://collector.example:601")]
pub struct InvalidTarget(String);

impl FromStr for Target {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (is_tcp, address) = match text.split_once("://") {
            None => (false, text),
            Some(("udp", address)) => (false, address),
            Some(("tcp", address)) => (true, address),
            Some(_) => return Err(InvalidTarget(text.to_owned())),
        };
        let is_address = address.rsplit_once(':').is_some_and(|(host, port)| {
            !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0) && !host.contains(['/', ' '])
        });
        if !is_address {
            return Err(InvalidTarget(text.to_owned()));
        }
        Ok(Self { is_tcp, address: address.to_owned() })
    }
}

/// A collector.
#[derive(Debug)]
pub struct Syslog {
    target: Target,
    sensor: String,
    stream: Option<TcpStream>,
    waiting: VecDeque<Message>,
    /// Written over this connection, and perhaps not read.
    written: VecDeque<Message>,
    /// Connections that broke one after the other, none of which was seen open after something was written.
    broken: u8,
}

#[derive(Debug)]
struct Message {
    text: String,
    /// How often the connection was found open since it was written.
    looks: u8,
    /// How often it was written, over connections that are gone.
    tries: u8,
}

impl Syslog {
    /// `sensor` is what this machine is called in the messages.
    #[must_use]
    pub fn new(target: Target, sensor: String) -> Self {
        Self { target, sensor, stream: None, waiting: VecDeque::new(), written: VecDeque::new(), broken: 0 }
    }

    fn send(&mut self) -> io::Result<()> {
        if self.target.is_tcp { self.send_stream() } else { self.send_datagrams() }
    }

    fn send_datagrams(&mut self) -> io::Result<()> {
        let address = resolve(&self.target.address)?;
        let from = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let socket = UdpSocket::bind(from)?;
        while let Some(message) = self.waiting.front() {
            socket.send_to(cut(&message.text, MAX_DATAGRAM).as_bytes(), address)?;
            self.waiting.pop_front();
        }
        Ok(())
    }

    fn send_stream(&mut self) -> io::Result<()> {
        while let Some(message) = self.waiting.front() {
            let stream = match &mut self.stream {
                Some(stream) => stream,
                None => {
                    let stream = TcpStream::connect_timeout(&resolve(&self.target.address)?, CONNECT_WITHIN)?;
                    stream.set_write_timeout(Some(WRITE_WITHIN))?;
                    self.stream.insert(stream)
                }
            };
            let framed = format!("{} {}", message.text.len(), message.text);
            if let Err(error) = stream.write_all(framed.as_bytes()) {
                // What was cut off in the middle is sent whole over a new connection.
                self.gone();
                return Err(error);
            }
            self.written.extend(self.waiting.pop_front());
        }
        Ok(())
    }

    /// Whether the connection is still there: the first write into one that the collector closed is taken, and lost.
    fn look(&mut self) {
        let Some(stream) = &mut self.stream else { return };
        if is_open(stream).unwrap_or(false) {
            self.broken = 0;
            self.written.iter_mut().for_each(|message| message.looks += 1);
            self.written.retain(|message| message.looks < LOOKS);
        } else {
            self.gone();
        }
    }

    fn gone(&mut self) {
        self.stream = None;
        self.broken = self.broken.saturating_add(1);
        for message in self.written.drain(..).rev().filter(|message| message.tries < TRIES) {
            self.waiting.push_front(Message { looks: 0, tries: message.tries + 1, ..message });
        }
    }
}

impl Output for Syslog {
    fn take(&mut self, told: &[Told]) -> Result<(), Text> {
        let message = |text| Message { text, looks: 0, tries: 0 };
        self.waiting.extend(detections(told).map(|detection| message(rfc5424(detection, &self.sensor))));
        self.look();
        while self.waiting.len() > MAX_WAITING {
            self.waiting.pop_front();
        }
        let mut sent = if self.waiting.is_empty() { Ok(()) } else { self.send() };
        let (address, mut waiting) = (&self.target.address, self.waiting.len());
        if self.broken >= BREAKS && !self.written.is_empty() && sent.is_ok() {
            sent = Err(io::Error::new(io::ErrorKind::ConnectionAborted, "it closes each connection at once"));
            waiting = self.written.len();
        }
        sent.map_err(|error| {
            let waiting = match waiting {
                1 => Text::new("1 bericht wacht", "1 message waits"),
                _ => Text::made(format!("{waiting} berichten wachten"), format!("{waiting} messages wait")),
            };
            Text::made(
                format!("de syslog-ontvanger {address} neemt niets aan: {error}; {}", waiting.nl),
                format!("the syslog collector {address} takes nothing: {error}; {}", waiting.en),
            )
        })
    }
}

/// What it says meanwhile is passed over.
fn is_open(stream: &mut TcpStream) -> io::Result<bool> {
    stream.set_nonblocking(true)?;
    let mut said = [0; 512];
    let mut is_open = true;
    for _ in 0..PIECES {
        match stream.read(&mut said) {
            Ok(0) => is_open = false,
            Ok(_) => continue,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => is_open = error.kind() == io::ErrorKind::WouldBlock,
        }
        break;
    }
    stream.set_nonblocking(false)?;
    Ok(is_open)
}

fn resolve(address: &str) -> io::Result<SocketAddr> {
    let not_found = || io::Error::new(io::ErrorKind::NotFound, "its name has no address");
    address.to_socket_addrs()?.next().ok_or_else(not_found)
}

/// The beginning that fits in, without half a letter at its end.
fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
