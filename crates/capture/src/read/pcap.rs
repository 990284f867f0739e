//! The classic format: a header, then one record a packet (draft-ietf-opsawg-pcap).

use jiff::Timestamp;
use pcap_parser::{PcapHeader, parse_pcap_header};
use wire::{Frame, LinkType};

use super::pieces::Pieces;
use super::records::Records;
use super::{MAX_PACKET, Next, Sink, Stop, pcapng};
use crate::Fault;

const HEADER: usize = 24;

/// Both byte orders of: microseconds, nanoseconds, and Kuznetzov's variant with longer records.
const MAGICS: [u32; 5] = [0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1, 0xa1b2_cd34];

pub(super) fn is_magic(magic: [u8; 4]) -> bool {
    MAGICS.contains(&u32::from_le_bytes(magic))
}

/// Whether a header begins here: the magic and version 2.4. No record does, unless it is of the year 2055 or 2078, to
/// the microsecond.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    let Some((magic, rest)) = bytes.split_first_chunk() else { return false };
    is_magic(*magic) && (rest.starts_with(&[2, 0, 4, 0]) || rest.starts_with(&[0, 2, 0, 4]))
}

pub(super) fn read(records: &mut Records<impl Pieces>, sink: &mut Sink<'_>) -> Result<Next, Stop> {
    let start = records.offset();
    let cut_short = || Stop { at: start, fault: Fault::CutShort };
    let bytes = records.take(HEADER, start)?.ok_or_else(cut_short)?;
    let (_, header) = parse_pcap_header(bytes).map_err(|_| cut_short())?;
    // The upper half says whether frames carry a check sum at their end.
    let link = sink.link(start + 20, header.network.0.cast_unsigned() & 0xffff);
    let record_header = if header.is_modified_format() { 24 } else { 16 };
    loop {
        let at = records.offset();
        let Some(bytes) = records.peek(record_header, at)? else { return Ok(Next::End) };
        if let Some(magic) = bytes.first_chunk().copied()
            && (is_header(bytes) || pcapng::is_header(bytes))
        {
            return Ok(Next::Capture(magic));
        }
        let Some(record) = Record::parse(bytes, &header) else { return Err(cut_short()) };
        if record.captured > MAX_PACKET {
            return Err(Stop { at, fault: Fault::PacketTooLong { length: record.captured } });
        }
        let whole = records.take_rest(record_header + record.captured as usize, at)?;
        record.tell(whole.get(record_header..).unwrap_or_default(), link, at, sink);
    }
}

/// The fields before a packet's bytes.
struct Record {
    seconds: u32,
    nanoseconds: u64,
    captured: u32,
    wire_length: u32,
}

impl Record {
    fn parse(bytes: &[u8], header: &PcapHeader) -> Option<Self> {
        let field = |index: usize| {
            let four = bytes.get(index * 4..index * 4 + 4)?.try_into().ok()?;
            Some(if header.is_bigendian() { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) })
        };
        let unit = if header.is_nanosecond_precision() { 1 } else { 1000 };
        Some(Self {
            seconds: field(0)?,
            nanoseconds: u64::from(field(1)?) * unit,
            captured: field(2)?,
            wire_length: field(3)?,
        })
    }

    fn tell(&self, bytes: &[u8], link: LinkType, at: u64, sink: &mut Sink<'_>) {
        // Some writers let the fraction grow beyond a second.
        let (seconds, fraction) = (self.nanoseconds / 1_000_000_000, self.nanoseconds % 1_000_000_000);
        let seconds = i64::from(self.seconds).saturating_add_unsigned(seconds);
        match Timestamp::new(seconds, i32::try_from(fraction).unwrap_or_default()) {
            Ok(time) => sink.frame(at, Frame { at: time, link, bytes, wire_length: self.wire_length }),
            Err(_) => sink.malformed(at, Fault::Time),
        }
    }
}
