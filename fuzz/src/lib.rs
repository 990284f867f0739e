//! What the targets share: bytes made into frames, and frames followed to their events.
//!
//! Promises: the same input makes the same frames, so that a crash can be run again from its file. Checks besides "no
//! panic": the same frames twice give the same events, and no counter runs ahead of what went in.

use std::io::{Cursor, Read, Write};
use std::sync::LazyLock;

use app::Sheets;
use documents::workbook::{Sheet, SheetCell, SheetColumn, Workbook};
use jiff::Timestamp;
use wire::event::Event;
use wire::{Frame, Limits, LinkType, Tracker};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A frame as the fuzzer made it.
#[derive(Clone, Debug)]
pub struct Made {
    pub at: Timestamp,
    pub bytes: Vec<u8>,
}

/// Bounds so small that eviction and giving up are reached by small inputs.
pub fn tight() -> Limits {
    Limits { flows: 4, questions: 4, fragments: 2, reorder_bytes: 2_048, buffered_bytes: 8_192, ..Limits::default() }
}

/// Follows the frames twice: nothing panics, the events are the same, and the counters are true.
pub fn follow(link: LinkType, frames: &[Made], limits: &Limits) {
    let once = run(link, frames, limits.clone());
    assert_eq!(once, run(link, frames, limits.clone()), "the same frames give the same events");
}

fn run(link: LinkType, frames: &[Made], limits: Limits) -> Vec<Event> {
    let mut events = Vec::new();
    let mut tracker = Tracker::new(limits);
    for frame in frames {
        let wire_length = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        let frame = Frame { at: frame.at, link, bytes: &frame.bytes, wire_length };
        tracker.frame(frame, &mut |event| events.push(event));
    }
    tracker.finish(&mut |event| events.push(event));
    let packets = tracker.stats().packets;
    assert_eq!(packets, frames.len() as u64, "every frame is counted once");
    assert!(tracker.stats().flows <= packets, "a flow needs a packet");
    events
}

/// Reads frames from a fuzzer's input: for each a length (two bytes, big-endian), a pause in units of a quarter second
/// (one byte, squared, so that idle times are reached), and its bytes.
pub fn frames(mut input: &[u8]) -> Vec<Made> {
    let mut frames = Vec::new();
    let mut now = moment(0);
    while let [high, low, pause, rest @ ..] = input {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (bytes, after) = rest.split_at(length);
        now += jiff::SignedDuration::from_millis(250 * i64::from(*pause) * i64::from(*pause));
        frames.push(Made { at: now, bytes: bytes.to_vec() });
        input = after;
    }
    frames
}

/// The other way round, for seeds.
pub fn input_of(first: u8, frames: &[Made]) -> Vec<u8> {
    let mut input = vec![first];
    for frame in frames {
        let length = u16::try_from(frame.bytes.len()).expect("a seed's frame is short");
        input.extend(length.to_be_bytes());
        input.push(1);
        input.extend(&frame.bytes);
    }
    input
}

/// What a TCP client and server say, as raw IPv4 packets: a handshake, then pieces of at most `piece` bytes, in turns.
/// With `backwards` every second pair of the client's pieces changes places, so that reassembly has work.
pub fn conversation(server_port: u16, client: &[u8], server: &[u8], piece: usize, backwards: bool) -> Vec<Made> {
    let mut talk = Talk { server_port, sequences: [1_000, 5_000], frames: Vec::new() };
    talk.say(0, SYN, &[]);
    talk.say(1, SYN | ACK, &[]);
    talk.say(0, ACK, &[]);
    let piece = piece.max(1);
    let turns = client.len().div_ceil(piece).max(server.len().div_ceil(piece));
    for turn in 0..turns {
        for (side, bytes) in [client, server].into_iter().enumerate() {
            let from = (turn * piece).min(bytes.len());
            let to = (from + piece).min(bytes.len());
            if from < to {
                talk.say(side, ACK, &bytes[from..to]);
            }
        }
    }
    talk.say(0, FIN | ACK, &[]);
    talk.say(1, FIN | ACK, &[]);
    if backwards {
        for at in (3..talk.frames.len().saturating_sub(3)).step_by(4) {
            talk.frames.swap(at, at + 2);
        }
    }
    for (number, frame) in (0_i64..).zip(&mut talk.frames) {
        frame.at = moment(number * 10);
    }
    talk.frames
}

/// Where the cells of a workbook's first sheet stand.
pub const CELLS: &str = "xl/worksheets/sheet1.xml";

/// A small workbook as our own writer makes it; with other cells where some are given.
pub fn workbook(cells: Option<&[u8]>) -> Vec<u8> {
    static WHOLE: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
        let columns = ["Nr", "Datum", "Omschrijving"];
        let columns = columns.map(|heading| SheetColumn { heading: heading.to_owned(), width: 12 }).to_vec();
        let rows = vec![vec![
            SheetCell::Number(1),
            SheetCell::Day(jiff::civil::date(2019, 4, 3)),
            SheetCell::Text("Laptop kwijt".to_owned()),
        ]];
        let sheets = vec![Sheet { name: "Register".to_owned(), columns, kept_columns: 1, rows }];
        let (title, author) = ("Register".to_owned(), "Jansen".to_owned());
        let book = Workbook { title, author, language: facts::Language::Dutch, sheets };
        unpacked(&sheets::Files.write(&book).expect("it is written"))
    });
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in WHOLE.iter() {
        zip.start_file(name.as_str(), options).expect("memory takes it");
        let bytes = cells.filter(|_| name == CELLS).unwrap_or(bytes);
        zip.write_all(bytes).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

/// The members of an archive that is whole.
pub fn unpacked(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).expect("an archive");
    let members = (0..archive.len()).map(|place| {
        let mut file = archive.by_index(place).expect("a member");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("it unpacks");
        (file.name().expect("a name").into_owned(), bytes)
    });
    members.collect()
}

const FIN: u8 = 0x01;
const SYN: u8 = 0x02;
const ACK: u8 = 0x10;

struct Talk {
    server_port: u16,
    /// The next byte of client and server.
    sequences: [u32; 2],
    frames: Vec<Made>,
}

impl Talk {
    fn say(&mut self, side: usize, flags: u8, payload: &[u8]) {
        let other = 1 - side;
        let (hosts, ports) = ([[10, 0, 0, 5], [192, 0, 2, 9]], [40_000, self.server_port]);
        let mut tcp = Vec::new();
        tcp.extend(u16::to_be_bytes(ports[side]));
        tcp.extend(u16::to_be_bytes(ports[other]));
        tcp.extend(self.sequences[side].to_be_bytes());
        tcp.extend(self.sequences[other].to_be_bytes());
        tcp.extend([0x50, flags, 0xff, 0xff, 0, 0, 0, 0]);
        tcp.extend(payload);
        self.frames.push(Made { at: moment(0), bytes: ipv4(hosts[side], hosts[other], 6, &tcp) });
        let counted = u32::try_from(payload.len()).unwrap_or(0) + u32::from(flags & (SYN | FIN) != 0);
        self.sequences[side] = self.sequences[side].wrapping_add(counted);
    }
}

/// A datagram over UDP, as a raw IPv4 packet.
pub fn datagram(from: ([u8; 4], u16), to: ([u8; 4], u16), payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 8).unwrap_or(u16::MAX);
    let mut udp = Vec::new();
    for field in [from.1, to.1, length, 0] {
        udp.extend(field.to_be_bytes());
    }
    udp.extend(payload);
    ipv4(from.0, to.0, 17, &udp)
}

fn ipv4(source: [u8; 4], destination: [u8; 4], protocol: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 20).unwrap_or(u16::MAX);
    let mut packet = vec![0x45, 0];
    packet.extend(length.to_be_bytes());
    packet.extend([0, 1, 0x40, 0, 64, protocol, 0, 0]);
    packet.extend(source);
    packet.extend(destination);
    packet.extend(payload);
    packet
}

/// A moment of packet time: milliseconds after a fixed one.
pub fn moment(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_774_620_000_000 + milliseconds).expect("a moment in 2026")
}

/// What a fuzzed time stamp would be of.
pub const STAMPED: &[u8] = b"dijkwacht/register/00000000-0000-0000-0000-000000000001\n";

/// The public key of the register whose proofs are the seeds: that of the secret of thirty-two ones.
pub const REGISTER_KEY: &str = "dijkwacht/register/00000000-0000-0000-0000-000000000001+18eec182+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
