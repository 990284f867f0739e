//! More of everything than an office has: flows, names or hosts, each one new.

use std::net::Ipv4Addr;

use detect::{Settings, ThreatList, Watch};
use etherparse::PacketBuilder;
use jiff::{SignedDuration, Timestamp};
use wire::{Frame, Limits, LinkType, Tracker};

/// What comes in masses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Flood {
    /// One host opens connections to ever other places, and closes none.
    Flows,
    /// One host asks for ever other domains, and half of them exist.
    Names,
    /// Ever other hosts at home ask for a name and open a connection.
    Hosts,
}

/// Between two of them: a hundred thousand a second.
const APART_US: i64 = 10;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Cases that the office's day gave by itself, and those of them that were told after the flood.
    pub cases: usize,
    pub cases_kept: usize,
    pub packets: u64,
    pub flows: u64,
    /// How much was let go because a table was full: by the tracker, and by the detectors.
    pub flows_dropped: u64,
    pub findings_dropped: u64,
}

/// The office's day with its infection, and then the flood, through one tracker and one watch.
#[must_use]
pub fn after_an_infection(kind: Flood, count: u32, limits: Limits) -> Outcome {
    let plan = office::Plan::default();
    let list = || ThreatList::read("list", office::threat_list(&plan).as_bytes()).list;
    let settings = || Settings { intel: [list()].into(), ..Settings::default() };
    let day = office::capture(&plan);
    let alone = {
        let (mut tracker, mut watch) = (Tracker::new(limits.clone()), Watch::new(settings()));
        read(&day, &mut tracker, &mut watch);
        tracker.finish(&mut |event| watch.event(&event));
        watch.finish()
    };
    let (mut tracker, mut watch) = (Tracker::new(limits), Watch::new(settings()));
    let last = read(&day, &mut tracker, &mut watch);
    frames(kind, count, last, &mut |frame| {
        tracker.frame(frame, &mut |event| watch.event(&event));
    });
    tracker.finish(&mut |event| watch.event(&event));
    let after = watch.finish();
    let is_kept = |host| after.cases.iter().any(|case| case.host.ip == host);
    Outcome {
        cases: alone.cases.len(),
        cases_kept: alone.cases.iter().filter(|case| is_kept(case.host.ip)).count(),
        packets: tracker.stats().packets,
        flows: tracker.stats().flows,
        flows_dropped: tracker.stats().dropped,
        findings_dropped: after.dropped,
    }
}

fn read(day: &[u8], tracker: &mut Tracker, watch: &mut Watch) -> Timestamp {
    let mut last = Timestamp::UNIX_EPOCH;
    let read = capture::read_frames(day, &mut |frame| {
        last = last.max(frame.at);
        tracker.frame(frame, &mut |event| watch.event(&event))
    });
    debug_assert!(read.is_ok(), "the office's day is a capture");
    last
}

/// The flood's frames, beginning a second after `after`.
pub fn frames(kind: Flood, count: u32, after: Timestamp, each: &mut dyn FnMut(Frame<'_>)) {
    for number in 0..count {
        let micros = 1_000_000 + i64::from(number) * APART_US;
        let at = after.saturating_add(SignedDuration::from_micros(micros)).unwrap_or(after);
        let mut tell = |bytes: Vec<u8>| {
            let wire_length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            each(Frame { at, link: LinkType::Ethernet, bytes: &bytes, wire_length });
        };
        let host = match kind {
            Flood::Flows | Flood::Names => Ipv4Addr::new(192, 168, 99, 9),
            Flood::Hosts => Ipv4Addr::from_bits(Ipv4Addr::new(10, 0, 0, 0).to_bits() + number % (1 << 24)),
        };
        if kind != Flood::Flows {
            let question = question(number);
            let response = response(&question, (number % 2 == 0).then(|| outside(number)));
            tell(udp(host, RESOLVER, [ephemeral(number), 53], &question));
            tell(udp(RESOLVER, host, [53, ephemeral(number)], &response));
        }
        if kind != Flood::Names {
            let (server, ports) = (outside(number), [ephemeral(number), 443]);
            tell(syn(host, server, ports, None));
            tell(syn(server, host, [443, ephemeral(number)], Some(1)));
        }
    }
}

const RESOLVER: Ipv4Addr = Ipv4Addr::new(192, 168, 99, 1);
const MACS: ([u8; 6], [u8; 6]) = ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);

/// The domain with that number; none of them is anybody's (RFC 2606 has `.example`, where every domain is a site's own).
fn name(number: u32) -> String {
    // Multiplied, so that neighbours look different (Knuth's constant); one to one.
    format!("a.n{:08x}.example", number.wrapping_mul(2_654_435_761))
}

/// A line of a threat list: four names and one address of five.
#[must_use]
pub fn listed(number: u32) -> String {
    if number % 5 == 4 {
        // 240.0.0.0/4 is nobody's (RFC 1112 §4).
        Ipv4Addr::from_bits(0xf000_0000 | number.wrapping_mul(2_654_435_761) >> 4).to_string()
    } else {
        format!("x{:08x}.kwaad.example", number.wrapping_mul(2_654_435_761))
    }
}

/// An address that is neither home's nor a group's: of 32.0.0.0/3.
fn outside(number: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(0x2000_0000 | number.wrapping_mul(2_654_435_761) >> 3)
}

fn ephemeral(number: u32) -> u16 {
    49_152 + (number % 16_384) as u16
}

fn question(number: u32) -> Vec<u8> {
    let mut bytes = (number as u16).to_be_bytes().to_vec();
    bytes.extend([1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    for label in name(number).split('.') {
        bytes.push(u8::try_from(label.len()).unwrap_or(0));
        bytes.extend(label.as_bytes());
    }
    bytes.extend([0, 0, 1, 0, 1]);
    bytes
}

/// An address, or that there is no such name.
fn response(question: &[u8], address: Option<Ipv4Addr>) -> Vec<u8> {
    let mut bytes = question.to_vec();
    let flags = [0x81, if address.is_some() { 0x80 } else { 0x83 }, 0, 1, 0, u8::from(address.is_some())];
    bytes.splice(2..8, flags);
    if let Some(address) = address {
        bytes.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        bytes.extend(address.octets());
    }
    bytes
}

fn udp(from: Ipv4Addr, to: Ipv4Addr, [source, destination]: [u16; 2], payload: &[u8]) -> Vec<u8> {
    let packet = PacketBuilder::ethernet2(MACS.0, MACS.1).ipv4(from.octets(), to.octets(), 64).udp(source, destination);
    let mut bytes = Vec::with_capacity(packet.size(payload.len()));
    let written = packet.write_to_vec(&mut bytes, payload);
    debug_assert!(written.is_ok(), "a datagram longer than IPv4 carries");
    bytes
}

fn syn(from: Ipv4Addr, to: Ipv4Addr, [source, destination]: [u16; 2], acknowledges: Option<u32>) -> Vec<u8> {
    let packet = PacketBuilder::ethernet2(MACS.0, MACS.1).ipv4(from.octets(), to.octets(), 64);
    let packet = packet.tcp(source, destination, 0, 64_240).syn();
    let packet = match acknowledges {
        Some(number) => packet.ack(number),
        None => packet,
    };
    let mut bytes = Vec::with_capacity(packet.size(0));
    let written = packet.write_to_vec(&mut bytes, &[]);
    debug_assert!(written.is_ok(), "a segment longer than IPv4 carries");
    bytes
}
