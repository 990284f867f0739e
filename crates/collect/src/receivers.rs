//! Sockets that routers and firewalls send to, and log files that are followed: one source of events that never waits.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::PathBuf;

use detect::Cidr;
use jiff::{SignedDuration, Timestamp};
use logs::netflow::Collector;
use logs::{Lines, Settings};
use socket2::{Domain, Protocol, Socket, Type};
use wire::event::Event;

use crate::follow::Follow;
use crate::split::Messages;

/// Asked of the kernel: packets that come while nobody reads wait there.
const SOCKET_BYTES: usize = 4 * 1024 * 1024;
/// Packets taken in one go.
const AT_ONCE: usize = 4_096;
/// Connections that send syslog at the same time, and for how long a silent one is kept.
const CONNECTIONS: usize = 64;
const SILENCE: SignedDuration = SignedDuration::from_hours(6);
/// Files of one folder.
const FILES: usize = 64;

/// What to listen to and follow; all empty: nothing.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where NetFlow and IPFIX come in (UDP).
    pub netflow: Vec<SocketAddr>,
    /// Where syslog comes in (UDP and TCP, RFC 5426 and 6587).
    pub syslog: Vec<SocketAddr>,
    /// Who may send; empty: whoever is at home.
    pub senders: Vec<Cidr>,
    /// Logs to follow: a resolver's, Suricata's `eve.json`, a firewall's file.
    pub files: Vec<PathBuf>,
    /// Folders of Zeek's current logs.
    pub folders: Vec<PathBuf>,
    /// How lines are read.
    pub lines: Settings,
}

/// What cannot be listened to.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot listen at {address} for {what}: {error}; another program may use that port, or it needs rights (below 1024)"
)]
pub struct ReceiveError {
    pub address: SocketAddr,
    pub what: &'static str,
    #[source]
    pub error: io::Error,
}

/// What was counted, in the order of the sensor's status line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub netflow: logs::netflow::Counters,
    pub lines: logs::lines::Counters,
    /// Packets and connections of senders that are not on the list.
    pub strangers: u64,
    /// Lines longer than any log's, and connections beyond the bound.
    pub refused: u64,
    /// How often a followed file was made anew or cut short.
    pub rotations: u64,
    /// Files that could not be read, with why.
    pub faults: BTreeMap<PathBuf, String>,
}

/// All that is listened to and followed.
pub struct Receivers {
    netflow: Vec<UdpSocket>,
    syslog: Vec<UdpSocket>,
    doors: Vec<TcpListener>,
    connections: Vec<Connection>,
    files: Vec<(u32, Follow)>,
    folders: Vec<PathBuf>,
    senders: Vec<Cidr>,
    collector: Collector,
    lines: Lines,
    buffer: Vec<u8>,
    streams: u32,
    is_first: bool,
    counted: Counted,
}

struct Connection {
    stream: TcpStream,
    messages: Messages,
    heard_at: Timestamp,
}

impl Receivers {
    /// Opens all sockets. Files need not be there yet.
    ///
    /// # Errors
    /// When a socket cannot be opened.
    pub fn open(options: &Options) -> Result<Self, ReceiveError> {
        let udp =
            |address: &SocketAddr, what| udp(*address).map_err(|error| ReceiveError { address: *address, what, error });
        let tcp = |address: &SocketAddr| {
            tcp(*address).map_err(|error| ReceiveError { address: *address, what: "syslog over TCP", error })
        };
        let home = &options.lines.home;
        let source = options.lines.source;
        let mut receivers = Self {
            netflow: options.netflow.iter().map(|at| udp(at, "NetFlow")).collect::<Result<_, _>>()?,
            syslog: options.syslog.iter().map(|at| udp(at, "syslog")).collect::<Result<_, _>>()?,
            doors: options.syslog.iter().map(tcp).collect::<Result<_, _>>()?,
            connections: Vec::new(),
            files: Vec::new(),
            folders: options.folders.clone(),
            senders: if options.senders.is_empty() { home.clone() } else { options.senders.clone() },
            // Numbers of their own: flows of the one are not those of the other.
            collector: Collector::new(source.wrapping_add(1)),
            lines: Lines::new(options.lines.clone()),
            buffer: vec![0; 65_535],
            streams: 0,
            is_first: true,
            counted: Counted::default(),
        };
        for path in &options.files {
            let stream = receivers.next_stream();
            receivers.files.push((stream, Follow::new(path, false)));
        }
        Ok(receivers)
    }

    /// Whether there is anything to listen to or follow.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.netflow.is_empty() && self.syslog.is_empty() && self.files.is_empty() && self.folders.is_empty()
    }

    /// Where it listens: NetFlow, then syslog over UDP, then over TCP.
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let udp = self.netflow.iter().chain(&self.syslog).filter_map(|socket| socket.local_addr().ok());
        udp.chain(self.doors.iter().filter_map(|door| door.local_addr().ok())).collect()
    }

    /// Takes what came since the last call and never waits; to be called a few times a second. `now` is the moment of
    /// receipt. Returns how many events there were.
    pub fn read(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) -> u64 {
        let mut events = 0;
        let mut counting = |event: Event| {
            events += 1;
            sink(event);
        };
        self.packets(now, &mut counting);
        self.syslog_packets(now, &mut counting);
        self.accept(now);
        self.connections(now, &mut counting);
        self.files(now, &mut counting);
        self.collector.quiet(now, &mut counting);
        events
    }

    /// Tells what still waits.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Event)) {
        self.lines.finish(sink);
        self.collector.finish(sink);
    }

    #[must_use]
    pub fn counted(&self) -> Counted {
        let rotations = self.files.iter().map(|(_, file)| file.rotations).sum();
        Counted { netflow: self.collector.counters(), lines: self.lines.counters(), rotations, ..self.counted.clone() }
    }

    fn next_stream(&mut self) -> u32 {
        self.streams += 1;
        self.streams
    }

    fn may_send(senders: &[Cidr], ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        ip.is_loopback() || senders.iter().any(|range| range.contains(ip))
    }

    fn packets(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        for socket in &self.netflow {
            for _ in 0..AT_ONCE {
                let Ok((length, from)) = socket.recv_from(&mut self.buffer) else { break };
                if !Self::may_send(&self.senders, from.ip()) {
                    self.counted.strangers += 1;
                    continue;
                }
                let packet = self.buffer.get(..length).unwrap_or_default();
                self.collector.packet(from.ip().to_canonical(), packet, now, sink);
            }
        }
    }

    fn syslog_packets(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        for socket in &self.syslog {
            for _ in 0..AT_ONCE {
                let Ok((length, from)) = socket.recv_from(&mut self.buffer) else { break };
                if !Self::may_send(&self.senders, from.ip()) {
                    self.counted.strangers += 1;
                    continue;
                }
                let packet = self.buffer.get(..length).unwrap_or_default();
                for line in packet.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                    self.lines.line(0, line, now, sink);
                }
            }
        }
    }

    fn accept(&mut self, now: Timestamp) {
        for door in &self.doors {
            while let Ok((stream, from)) = door.accept() {
                if !Self::may_send(&self.senders, from.ip()) {
                    self.counted.strangers += 1;
                } else if self.connections.len() >= CONNECTIONS || stream.set_nonblocking(true).is_err() {
                    self.counted.refused += 1;
                } else {
                    self.connections.push(Connection { stream, messages: Messages::default(), heard_at: now });
                }
            }
        }
    }

    fn connections(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        let mut open = std::mem::take(&mut self.connections);
        open.retain_mut(|connection| {
            for _ in 0..64 {
                match connection.stream.read(&mut self.buffer) {
                    Ok(0) => {
                        connection.messages.finish(&mut |line| self.lines.line(0, line, now, sink));
                        self.counted.refused += connection.messages.too_long;
                        return false;
                    }
                    Ok(length) => {
                        connection.heard_at = now;
                        let bytes = self.buffer.get(..length).unwrap_or_default();
                        connection.messages.bytes(bytes, &mut |line| self.lines.line(0, line, now, sink));
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                    Err(_) => return false,
                }
            }
            now.duration_since(connection.heard_at) < SILENCE
        });
        self.connections = open;
    }

    fn files(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        self.look_for_files();
        let mut came: Vec<(Timestamp, u32, Vec<u8>)> = Vec::new();
        for (stream, file) in &mut self.files {
            let mut at = Timestamp::MIN;
            let read = file.read(&mut |line| {
                // What says what the others mean comes before them; a line that does not say when stays behind the last.
                if line.starts_with(b"#") {
                    self.lines.line(*stream, line, now, sink);
                } else {
                    at = self.lines.moment(*stream, line, now).unwrap_or(at).max(at);
                    came.push((at, *stream, line.to_vec()));
                }
            });
            match read {
                Ok(()) => drop(self.counted.faults.remove(file.path())),
                Err(error) => drop(self.counted.faults.insert(file.path().to_owned(), error.to_string())),
            }
        }
        // A connection's record after what was said in it, whichever file was read first.
        came.sort_by_key(|(at, stream, _)| (*at, *stream));
        for (_, stream, line) in &came {
            self.lines.line(*stream, line, now, sink);
        }
        self.is_first = false;
    }

    /// Logs that stand in a folder now and are not followed yet; those made later are read from their first line on.
    fn look_for_files(&mut self) {
        let mut found = Vec::new();
        for folder in &self.folders {
            let entries = match std::fs::read_dir(folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.counted.faults.insert(folder.clone(), error.to_string());
                    continue;
                }
            };
            self.counted.faults.remove(folder);
            let logs = entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|end| end == "log"));
            found.extend(logs.filter(|path| !self.files.iter().any(|(_, file)| file.path() == path)).take(FILES));
        }
        found.sort();
        for path in found {
            if self.files.len() < FILES {
                let stream = self.next_stream();
                self.files.push((stream, Follow::new(&path, !self.is_first)));
            }
        }
    }
}

fn udp(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    // As much as the kernel gives.
    let _ = socket.set_recv_buffer_size(SOCKET_BYTES);
    socket.bind(&address.into())?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

fn tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let door = TcpListener::bind(address)?;
    door.set_nonblocking(true)?;
    Ok(door)
}
