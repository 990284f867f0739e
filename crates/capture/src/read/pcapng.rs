//! The newer format: blocks of many kinds, several interfaces, sections in either byte order
//! (draft-ietf-opsawg-pcapng).
//!
//! Blocks are cut out here, so that a broken one can be stepped over, and read by `pcap-parser`.

use jiff::Timestamp;
use pcap_parser::pcapng::{
    Block, EPB_MAGIC, EnhancedPacketBlock, IDB_MAGIC, InterfaceDescriptionBlock, OptionCode, SHB_MAGIC, SPB_MAGIC,
    UnknownBlock, parse_block_be, parse_block_le,
};
use pcap_parser::traits::PcapNGPacketBlock;
use wire::{Frame, LinkType};

use super::pieces::Pieces;
use super::records::Records;
use super::{MAX_PACKET, Next, Sink, Stop, pcap};
use crate::Fault;

/// The first four bytes of every section, the same in both byte orders.
pub(super) const SECTION_HEADER: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

/// What tells a section's byte order.
const LITTLE_ENDIAN: [u8; 4] = [0x4d, 0x3c, 0x2b, 0x1a];
const BIG_ENDIAN: [u8; 4] = [0x1a, 0x2b, 0x3c, 0x4d];

/// The packet block of old files.
const OLD_PACKET: u32 = 2;

/// A packet of [`MAX_PACKET`] bytes with 64 KB of options.
const MAX_BLOCK: u32 = MAX_PACKET + 65_536 + 64;

const MAX_INTERFACES: usize = 65_536;

/// Whether a section begins here.
pub(super) fn is_header(bytes: &[u8]) -> bool {
    bytes.starts_with(&SECTION_HEADER)
        && matches!(bytes.get(8..12), Some(order) if order == LITTLE_ENDIAN || order == BIG_ENDIAN)
}

pub(super) fn read(records: &mut Records<impl Pieces>, sink: &mut Sink<'_>) -> Result<Next, Stop> {
    let mut section = Section::default();
    loop {
        let at = records.offset();
        let (kind, block) = match section.next_block(records, at)? {
            Place::Block(kind, block) => (kind, block),
            Place::Passed => continue,
            Place::Next(next) => return Ok(next),
        };
        if section.block(block, at, sink).is_none() {
            sink.malformed(at, Fault::Block { kind });
        }
    }
}

/// What stands at a block's place.
enum Place<'a> {
    /// One of a kind that is read: the kind, and all its bytes.
    Block(u32, &'a [u8]),
    /// Another.
    Passed,
    Next(Next),
}

/// What holds for the blocks of one section.
#[derive(Default)]
struct Section {
    is_big_endian: bool,
    interfaces: Vec<Interface>,
    /// For blocks that say no time: the last that was said.
    time: Timestamp,
}

/// What an interface description says of the packets after it.
struct Interface {
    link: LinkType,
    /// 0: unlimited.
    snap_length: u32,
    /// 0: a resolution that cannot be.
    units_per_second: u128,
    offset_seconds: i64,
}

/// One packet, whichever block it came in.
struct Found<'a> {
    interface: u32,
    /// In the interface's units since 1970.
    ticks: Option<u64>,
    bytes: &'a [u8],
    wire_length: u32,
}

impl Section {
    /// Takes the next block.
    fn next_block<'a>(&mut self, records: &'a mut Records<impl Pieces>, at: u64) -> Result<Place<'a>, Stop> {
        let Some(header) = records.peek(8, at)? else { return Ok(Place::Next(Next::End)) };
        if let Some(magic) = header.first_chunk().copied()
            && pcap::is_header(header)
        {
            return Ok(Place::Next(Next::Capture(magic)));
        }
        let mut least = 12;
        if header.starts_with(&SECTION_HEADER) {
            least = 16;
            let header = records.peek(12, at)?.and_then(|header| header.last_chunk().copied());
            match header {
                Some(LITTLE_ENDIAN) => self.is_big_endian = false,
                Some(BIG_ENDIAN) => self.is_big_endian = true,
                Some(_) => return Err(Stop { at, fault: Fault::Block { kind: SHB_MAGIC } }),
                None => return Err(Stop { at, fault: Fault::CutShort }),
            }
        }
        let header = records.peek(8, at)?.unwrap_or_default();
        let (kind, length) = (self.number(header, 0), self.number(header, 4));
        // Lengths are said to be padded to four bytes; some writers forget it.
        if length < least {
            return Err(Stop { at, fault: Fault::BlockLength { length } });
        }
        if !matches!(kind, SHB_MAGIC | IDB_MAGIC | EPB_MAGIC | SPB_MAGIC | OLD_PACKET) {
            records.skip(length.into(), at)?;
            return Ok(Place::Passed);
        }
        if length > MAX_BLOCK {
            return Err(Stop { at, fault: Fault::BlockLength { length } });
        }
        Ok(Place::Block(kind, records.take_rest(length as usize, at)?))
    }

    fn number(&self, bytes: &[u8], at: usize) -> u32 {
        let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).unwrap_or_default();
        if self.is_big_endian { u32::from_be_bytes(four) } else { u32::from_le_bytes(four) }
    }

    /// Reads a block. Absent: it is not what it claims to be.
    fn block(&mut self, bytes: &[u8], at: u64, sink: &mut Sink<'_>) -> Option<()> {
        let parsed = if self.is_big_endian { parse_block_be(bytes) } else { parse_block_le(bytes) };
        match parsed.ok()?.1 {
            Block::SectionHeader(_) => self.interfaces.clear(),
            Block::InterfaceDescription(block) if self.interfaces.len() < MAX_INTERFACES => {
                let link = sink.link(at, block.linktype.0.cast_unsigned());
                self.interfaces.push(Interface::new(&block, link, self.is_big_endian));
            }
            Block::EnhancedPacket(block) => self.packet(&enhanced(&block)?, at, sink),
            Block::SimplePacket(block) => {
                let snap_length = self.interfaces.first().map_or(0, |interface| interface.snap_length);
                let kept = if snap_length == 0 { block.origlen } else { block.origlen.min(snap_length) };
                let bytes = block.data.get(..kept as usize)?;
                self.packet(&Found { interface: 0, ticks: None, bytes, wire_length: block.origlen }, at, sink);
            }
            Block::Unknown(block) if self.number(bytes, 0) == OLD_PACKET => {
                self.packet(&self.old_packet(&block)?, at, sink);
            }
            _ => {}
        }
        Some(())
    }

    fn packet(&mut self, found: &Found<'_>, at: u64, sink: &mut Sink<'_>) {
        let interface = found.interface;
        let Some(described) = self.interfaces.get(interface as usize) else {
            return sink.malformed(at, Fault::Interface { interface });
        };
        match found.ticks.map(|ticks| described.time(ticks)) {
            Some(Some(time)) => self.time = time,
            Some(None) => return sink.malformed(at, Fault::Time),
            None => {}
        }
        let (bytes, wire_length) = (found.bytes, found.wire_length);
        sink.frame(at, Frame { at: self.time, link: described.link, bytes, wire_length });
    }

    /// Interface (2), drops (2), time (8), captured length, original length, the packet.
    fn old_packet<'a>(&self, block: &UnknownBlock<'a>) -> Option<Found<'a>> {
        let data = block.data;
        let two = data.get(..2)?.try_into().ok()?;
        let interface = if self.is_big_endian { u16::from_be_bytes(two) } else { u16::from_le_bytes(two) };
        let captured = self.number(data, 12);
        if captured > MAX_PACKET {
            return None;
        }
        Some(Found {
            interface: interface.into(),
            ticks: Some(ticks(self.number(data, 4), self.number(data, 8))),
            bytes: data.get(20..20 + captured as usize)?,
            wire_length: self.number(data, 16),
        })
    }
}

fn enhanced<'a>(block: &EnhancedPacketBlock<'a>) -> Option<Found<'a>> {
    if block.caplen > MAX_PACKET || block.packet_data().len() < block.caplen as usize {
        return None;
    }
    Some(Found {
        interface: block.if_id,
        ticks: Some(ticks(block.ts_high, block.ts_low)),
        bytes: block.data.get(..block.caplen as usize)?,
        wire_length: block.origlen,
    })
}

fn ticks(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

impl Interface {
    fn new(block: &InterfaceDescriptionBlock<'_>, link: LinkType, is_big_endian: bool) -> Self {
        let option = |code: OptionCode| block.options.iter().find(|option| option.code == code);
        // Read here, not by the library: it knows no powers of two, and reads the offset in one byte order only.
        let resolution = option(OptionCode::IfTsresol).and_then(|option| option.value.first().copied()).unwrap_or(6);
        let exponent = u32::from(resolution & 0x7f);
        let units_per_second =
            if resolution & 0x80 == 0 { 10_u128.checked_pow(exponent) } else { 1_u128.checked_shl(exponent) };
        let offset = option(OptionCode::IfTsoffset).and_then(|option| option.value.get(..8)?.try_into().ok());
        let offset =
            offset.map_or(0, |eight| if is_big_endian { i64::from_be_bytes(eight) } else { i64::from_le_bytes(eight) });
        let units_per_second = units_per_second.unwrap_or(0);
        Self { link, snap_length: block.snaplen, units_per_second, offset_seconds: offset }
    }

    fn time(&self, ticks: u64) -> Option<Timestamp> {
        const NANOSECONDS: u128 = 1_000_000_000;
        // What nearly every file has: no offset, and units that are a power of ten.
        if self.offset_seconds == 0
            && let Ok(units @ 1..=1_000_000_000) = u64::try_from(self.units_per_second)
        {
            let fraction = i32::try_from(ticks % units * 1_000_000_000 / units).ok()?;
            return Timestamp::new(i64::try_from(ticks / units).ok()?, fraction).ok();
        }
        let since_offset = (u128::from(ticks) * NANOSECONDS).checked_div(self.units_per_second)?;
        let offset = i128::from(self.offset_seconds) * NANOSECONDS as i128;
        Timestamp::from_nanosecond(i128::try_from(since_offset).ok()?.checked_add(offset)?).ok()
    }
}
