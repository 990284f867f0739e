//! Sockets that routers and firewalls send to, and log files that are followed: one source of events that never waits.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use detect::Cidr;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use logs::netflow::Collector;
use logs::{Format, Lines, Settings};
use socket2::{Domain, Protocol, Socket, Type};
use wire::event::{Event, Handshake, Kind};

use crate::connection::Connection;
use crate::drops;
use crate::follow::{Follow, Place};
use crate::left::Identity;
use crate::source::{Fault, Origin, Source, Tally, is_flow};
use crate::twice::{OF_LINES, Teller, Twice};

/// Asked of the kernel: packets that come while nobody reads wait there.
const SOCKET_BYTES: usize = 4 * 1024 * 1024;
/// Packets taken in one go.
const AT_ONCE: usize = 4_096;
/// The stream of lines that every datagram's sender shares.
const DATAGRAMS: u32 = 0;
/// Files that are followed: of Zeek some thirty, and as many for each hour of its rotation that nobody saw.
const FILES: usize = 256;
const ROTATED: usize = 10_000;
/// Of an answer of dnsmasq's more lines may come for two seconds, and the connection that it was asked for is told by the firewall at
/// once: first packets wait so long, so many of them, that they have their name.
const BEHIND_ANSWERS: SignedDuration = SignedDuration::from_secs(3);
const HELD: usize = 16_384;

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
    pub files: Vec<(Origin, PathBuf)>,
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

/// All that is listened to and followed. Each socket and file stands with the place of its source.
pub struct Receivers {
    sources: Vec<Source>,
    netflow: Vec<(usize, UdpSocket, Collector)>,
    syslog: Vec<(usize, UdpSocket)>,
    /// The UDP sockets' numbers in the system's table.
    numbers: Vec<(usize, u64)>,
    doors: Vec<(usize, TcpListener)>,
    connections: Vec<Connection>,
    files: Vec<Followed>,
    folders: Vec<(usize, PathBuf)>,
    /// Where an earlier run left off in files that are not followed yet.
    left_off: Vec<Place>,
    /// Files of folders that were read under another name, so that they are not looked into each time.
    rotated: BTreeMap<PathBuf, Identity>,
    senders: Vec<Cidr>,
    lines: Lines,
    clock: LineClock,
    /// What was told of late, and by which source.
    twice: Twice,
    /// First packets that firewalls sent, and when they came.
    held: VecDeque<(Timestamp, Event)>,
    buffer: Vec<u8>,
    streams: u32,
    is_first: bool,
}

struct Followed {
    source: usize,
    /// One of a folder's, which may come and go.
    is_found: bool,
    stream: u32,
    file: Follow,
    /// Lines without an end, as far as they are counted.
    too_long: u64,
}

impl Receivers {
    /// Opens all sockets. Files need not be there yet, and are opened with the first reading.
    ///
    /// # Errors
    /// When a socket cannot be opened.
    pub fn open(options: &Options) -> Result<Self, ReceiveError> {
        let home = &options.lines.home;
        let mut receivers = Self {
            sources: Vec::new(),
            netflow: Vec::new(),
            syslog: Vec::new(),
            numbers: Vec::new(),
            doors: Vec::new(),
            connections: Vec::new(),
            files: Vec::new(),
            folders: Vec::new(),
            left_off: Vec::new(),
            rotated: BTreeMap::new(),
            senders: if options.senders.is_empty() { home.clone() } else { options.senders.clone() },
            lines: Lines::new(Settings { is_live: true, ..options.lines.clone() }),
            clock: LineClock::default(),
            twice: Twice::default(),
            held: VecDeque::new(),
            buffer: vec![0; 65_535],
            streams: 0,
            is_first: true,
        };
        // Numbers of their own: flows of the one are not those of the other.
        let mut number = options.lines.source;
        for address in &options.netflow {
            number = number.wrapping_add(1);
            let socket = opened(*address, "NetFlow", udp)?;
            let source = receivers.source(Origin::Netflow, bound(socket.local_addr(), *address).to_string());
            receivers.numbers.extend(drops::number(&socket).map(|number| (source, number)));
            receivers.netflow.push((source, socket, Collector::new(number).with_home(home.clone())));
        }
        for address in &options.syslog {
            let socket = opened(*address, "syslog", udp)?;
            let at = bound(socket.local_addr(), *address);
            let source = receivers.source(Origin::Syslog, at.to_string());
            receivers.numbers.extend(drops::number(&socket).map(|number| (source, number)));
            receivers.syslog.push((source, socket));
            // The same port over TCP, also where the system chose it.
            receivers.doors.push((source, opened(at, "syslog over TCP", tcp)?));
        }
        for (origin, path) in &options.files {
            let source = receivers.source(*origin, path.display().to_string());
            receivers.follow(source, path, false, false);
        }
        for path in &options.folders {
            let source = receivers.source(Origin::Zeek, path.display().to_string());
            receivers.folders.push((source, path.clone()));
        }
        Ok(receivers)
    }

    /// Whether there is anything to listen to or follow.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty()
    }

    /// Each source in the order of [`Options`], with what it gave until now.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Goes on in each file where an earlier run left off, as [`Receivers::places`] said then. To be called before the first
    /// reading.
    pub fn go_on_from(&mut self, places: Vec<Place>) {
        for place in &places {
            self.files.iter_mut().for_each(|followed| followed.file.go_on_from(place));
        }
        self.left_off = places;
    }

    /// How far each file was read, and which folders were looked through.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        let folders = self.folders.iter().filter(|_| !self.is_first).map(|(_, folder)| Place::without_file(folder));
        folders.chain(self.files.iter().filter_map(|followed| followed.file.place())).collect()
    }

    /// Whether there are files that a later run reads on in.
    #[must_use]
    pub fn follows(&self) -> bool {
        !self.files.is_empty() || !self.folders.is_empty()
    }

    /// Whether something of the lines that were read is not told yet, for more may come to it within seconds.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.lines.is_waiting()
    }

    /// Senders whose lines name no zone and were found to be of another than was said, with that.
    pub fn zones(&self) -> impl Iterator<Item = (&str, Offset)> {
        self.lines.zones()
    }

    /// Files of which lines that were written since an earlier run are nowhere to be found.
    pub fn missed(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|followed| &followed.file).filter(|file| file.has_missed()).map(Follow::path)
    }

    /// Where it listens: NetFlow, then syslog (over UDP and TCP alike).
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let sockets = self.netflow.iter().map(|(_, socket, _)| socket);
        sockets.chain(self.syslog.iter().map(|(_, socket)| socket)).filter_map(|one| one.local_addr().ok()).collect()
    }

    /// Entries told before their time, or let go, because a table was full.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.lines.counters().dropped
            + self.netflow.iter().map(|(_, _, collector)| collector.counters().dropped).sum::<u64>()
    }

    /// Looks how much the system let go at our sockets; once a second is often enough.
    pub fn look_at_drops(&mut self) {
        if self.numbers.is_empty() {
            return;
        }
        let all = drops::all();
        for (source, number) in &self.numbers {
            let Some((_, dropped)) = all.iter().find(|(one, _)| one == number) else { continue };
            if let Some(tally) = tally(&mut self.sources, *source) {
                tally.kernel_drops = *dropped;
            }
        }
    }

    /// How often a followed file was made anew or cut short.
    #[must_use]
    pub fn rotations(&self) -> u64 {
        self.files.iter().map(|one| one.file.rotations).sum()
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
        let mut held = std::mem::take(&mut self.held);
        let has_answers = self.sources.iter().any(|source| source.tally.formats.contains(&Format::Dnsmasq));
        let mut holding = |event: Event| {
            if has_answers && held.len() < HELD && is_first_packet(&event) {
                held.push_back((now, event));
            } else {
                counting(event);
            }
        };
        self.syslog_packets(now, &mut holding);
        self.accept(now);
        self.connections(now, &mut holding);
        self.files(now, &mut counting);
        if let Some(at) = self.clock.at(now) {
            let teller = self.twice.teller(OF_LINES);
            self.lines.quiet(at, &mut counting_flows(None, teller, &mut counting));
        }
        // Also where our own clock was set back.
        let is_due = |came: Timestamp| !(SignedDuration::ZERO..BEHIND_ANSWERS).contains(&now.duration_since(came));
        while held.front().is_some_and(|(came, _)| is_due(*came)) {
            held.pop_front().into_iter().for_each(|(_, event)| counting(event));
        }
        self.held = held;
        events
    }

    /// Tells what still waits.
    pub fn finish(&mut self, sink: &mut dyn FnMut(Event)) {
        self.lines.finish(&mut counting_flows(None, self.twice.teller(OF_LINES), sink));
        self.held.drain(..).for_each(|(_, event)| sink(event));
        for (source, _, collector) in &mut self.netflow {
            let teller = self.twice.teller(*source);
            collector.finish(&mut counting_flows(tally(&mut self.sources, *source), teller, sink));
        }
    }

    fn source(&mut self, origin: Origin, name: String) -> usize {
        self.sources.push(Source::new(origin, name));
        self.twice.add_source();
        self.sources.len() - 1
    }

    fn follow(&mut self, source: usize, path: &Path, is_found: bool, from_start: bool) {
        self.streams += 1;
        let mut file = Follow::new(path, from_start);
        if is_found {
            file.of_folder();
        }
        self.left_off.iter().for_each(|place| file.go_on_from(place));
        self.files.push(Followed { source, is_found, stream: self.streams, file, too_long: 0 });
    }

    fn may_send(senders: &[Cidr], ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        ip.is_loopback() || senders.iter().any(|range| range.contains(ip))
    }

    fn packets(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        for (source, socket, collector) in &mut self.netflow {
            let Some(tally) = tally(&mut self.sources, *source) else { continue };
            let before = unread(&collector.counters());
            for _ in 0..AT_ONCE {
                let Ok((length, from)) = socket.recv_from(&mut self.buffer) else { break };
                if !Self::may_send(&self.senders, from.ip()) {
                    tally.strangers += 1;
                    continue;
                }
                tally.heard(length, now);
                let packet = self.buffer.get(..length).unwrap_or_default();
                let from = SocketAddr::new(from.ip().to_canonical(), from.port());
                let sink = &mut counting_flows(Some(&mut *tally), self.twice.teller(*source), sink);
                collector.packet(from, packet, now, sink);
            }
            collector.quiet(now, &mut counting_flows(Some(&mut *tally), self.twice.teller(*source), sink));
            tally.unread += unread(&collector.counters()).saturating_sub(before);
            tally.disbeliefs.extend(collector.disbeliefs());
        }
    }

    fn syslog_packets(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        for (source, socket) in &self.syslog {
            let Some(tally) = tally(&mut self.sources, *source) else { continue };
            for _ in 0..AT_ONCE {
                let Ok((length, from)) = socket.recv_from(&mut self.buffer) else { break };
                if !Self::may_send(&self.senders, from.ip()) {
                    tally.strangers += 1;
                    continue;
                }
                for line in self.buffer.get(..length).unwrap_or_default().split(|byte| *byte == b'\n') {
                    self.clock.heard(self.lines.moment(DATAGRAMS, line, now), now);
                    tally.line(&mut self.lines, DATAGRAMS, line, now, &mut self.twice.teller(*source), sink);
                }
            }
        }
    }

    fn accept(&mut self, now: Timestamp) {
        for (source, door) in &self.doors {
            let Some(tally) = tally(&mut self.sources, *source) else { continue };
            while let Ok((stream, from)) = door.accept() {
                if !Self::may_send(&self.senders, from.ip()) {
                    tally.strangers += 1;
                    continue;
                }
                match Connection::beside(&self.connections, *source, stream, now) {
                    Some(connection) => self.connections.push(connection),
                    None => tally.unread += 1,
                }
            }
        }
    }

    fn connections(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        let Self { connections, sources, lines, clock, twice, buffer, .. } = self;
        connections.retain_mut(|connection| {
            let Some(tally) = tally(sources, connection.source) else { return false };
            let (source, number, too_long) = (connection.source, connection.number, connection.too_long());
            let is_kept = connection.read(buffer, now, &mut |line| {
                clock.heard(lines.moment(number, line, now), now);
                tally.line(lines, number, line, now, &mut twice.teller(source), sink);
            });
            tally.unread += connection.too_long() - too_long;
            if !is_kept {
                lines.closed(number);
            }
            is_kept
        });
    }

    fn files(&mut self, now: Timestamp, sink: &mut dyn FnMut(Event)) {
        self.look_for_files();
        let mut came: Vec<(Timestamp, u32, usize, Vec<u8>)> = Vec::new();
        for Followed { source, is_found, stream, file, too_long } in &mut self.files {
            let Some(tally) = tally(&mut self.sources, *source) else { continue };
            let mut at = Timestamp::MIN;
            let read = file.read(now, &mut |line| {
                // What says what the others mean comes before them; a line that does not say when stays behind the last.
                if line.starts_with(b"#") {
                    self.lines.line(*stream, line, now, sink);
                } else {
                    let moment = self.lines.moment(*stream, line, now);
                    self.clock.heard(moment, now);
                    at = moment.unwrap_or(at).max(at);
                    came.push((at, *stream, *source, line.to_vec()));
                }
            });
            tally.unread += file.too_long().saturating_sub(*too_long);
            *too_long = file.too_long();
            let is_there = *is_found || file.is_there();
            let read = if is_there { read } else { read.and(Err(io::ErrorKind::NotFound.into())) };
            if let Err(error) = read {
                tally.fault.get_or_insert_with(|| fault(file.path(), &error));
            }
        }
        // A connection's record after what was said in it, whichever file was read first.
        came.sort_by_key(|(at, stream, ..)| (*at, *stream));
        for (_, stream, source, line) in &came {
            if let Some(tally) = tally(&mut self.sources, *source) {
                tally.line(&mut self.lines, *stream, line, now, &mut self.twice.teller(*source), sink);
            }
        }
        self.is_first = false;
    }

    /// Logs that stand in a folder now and are not followed yet; those made later are read from their first line on, also
    /// when that was while no sensor ran. So are those of which an earlier run read a part and that are gone now: rotation
    /// gave them another name. What was wrong with files the last time is forgotten: this reading says it anew.
    fn look_for_files(&mut self) {
        self.sources.iter_mut().for_each(|source| source.tally.fault = None);
        let mut found = Vec::new();
        for (source, folder) in &self.folders.clone() {
            let entries = match std::fs::read_dir(folder) {
                Ok(entries) => entries,
                Err(error) => {
                    if let Some(tally) = tally(&mut self.sources, *source) {
                        tally.fault = Some(fault(folder, &error));
                    }
                    continue;
                }
            };
            let logs = entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|end| end == "log"));
            let was_looked_through = !self.is_first || self.left_off.iter().any(|place| place.path == *folder);
            let mut paths: Vec<_> = logs.filter(|path| !self.is_known(path)).collect();
            let gone = self.left_off.iter().map(|place| &place.path);
            paths.extend(gone.filter(|path| self.is_first && path.parent() == Some(folder) && !path.exists()).cloned());
            found.extend(paths.into_iter().map(|path| (last_written(&path), *source, path, was_looked_through)));
        }
        // Where there are more than are followed, those in which something was written last.
        found.sort_by(|one, other| other.0.cmp(&one.0).then_with(|| one.2.cmp(&other.2)));
        for (_, source, path, from_start) in found {
            if self.files.len() < FILES {
                self.follow(source, &path, true, from_start);
            }
        }
    }
}

impl Receivers {
    /// Whether that file is followed, or was read under another name.
    fn is_known(&mut self, path: &Path) -> bool {
        if self.files.iter().any(|one| one.file.path() == path) {
            return true;
        }
        let Some(identity) = Identity::at(path) else { return true };
        if self.rotated.get(path) == Some(&identity) {
            return true;
        }
        let mut before = self.left_off.iter().filter(|place| self.is_first && place.path != path);
        let was_read = self.files.iter().any(|one| one.file.has_read(path, identity))
            || before.any(|place| place.has_read(path, identity));
        if was_read {
            if self.rotated.len() >= ROTATED {
                self.rotated.clear();
            }
            self.rotated.insert(path.to_owned(), identity);
        }
        was_read
    }
}

/// What time it is by the lines' own clock, which need not be ours: by the last line, and how long ago it came.
#[derive(Clone, Copy, Debug, Default)]
struct LineClock(Option<(Timestamp, Timestamp)>);

impl LineClock {
    fn heard(&mut self, at: Option<Timestamp>, now: Timestamp) {
        if let Some(at) = at {
            self.0 = Some((at, now));
        }
    }

    fn at(&self, now: Timestamp) -> Option<Timestamp> {
        let (at, heard_at) = self.0?;
        at.checked_add(now.duration_since(heard_at)).ok()
    }
}

/// Whether it is a connection of which a firewall told the beginning and no more.
fn is_first_packet(event: &Event) -> bool {
    matches!(&event.kind, Kind::FlowEnded(flow) if flow.sent.packets <= 1
        && flow.received.packets == 0
        && flow.handshake == Handshake::NotSeen)
}

fn tally(sources: &mut [Source], at: usize) -> Option<&mut Tally> {
    sources.get_mut(at).map(|source| &mut source.tally)
}

fn counting_flows<'a>(
    mut tally: Option<&'a mut Tally>,
    mut teller: Teller<'a>,
    sink: &'a mut dyn FnMut(Event),
) -> impl FnMut(Event) + 'a {
    move |event| {
        let is_repeated = teller.repeats(&event);
        if let Some(tally) = &mut tally {
            tally.flows += u64::from(is_flow(&event) && !is_repeated);
            tally.told_before += u64::from(is_repeated);
        }
        if !is_repeated {
            sink(event);
        }
    }
}

/// Nothing where that cannot be said.
fn last_written(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|known| known.modified()).ok()
}

fn unread(counters: &logs::netflow::Counters) -> u64 {
    counters.malformed + counters.without_template + counters.empty
}

fn fault(path: &Path, error: &io::Error) -> Fault {
    Fault { kind: error.kind(), place: path.display().to_string(), error: error.to_string() }
}

fn opened<T>(
    address: SocketAddr,
    what: &'static str,
    open: fn(SocketAddr) -> io::Result<T>,
) -> Result<T, ReceiveError> {
    open(address).map_err(|error| ReceiveError { address, what, error })
}

/// Where it really listens: the system chooses where the port is 0.
fn bound(at: io::Result<SocketAddr>, asked: SocketAddr) -> SocketAddr {
    at.unwrap_or(asked)
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
