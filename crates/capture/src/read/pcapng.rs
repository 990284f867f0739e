//! The newer format: blocks of many kinds, several interfaces, sections in either byte order
//! (draft-ietf-opsawg-pcapng).
//!
//! Blocks are cut out here, so that a broken one can be stepped over, and read by `pcap-parser`.

use std::io::Read;

use jiff::Timestamp;
use pcap_parser::pcapng::{
    Block, EPB_MAGIC, EnhancedPacketBlock, IDB_MAGIC, InterfaceDescriptionBlock, OptionCode, SHB_MAGIC, SPB_MAGIC,
    UnknownBlock, parse_block_be, parse_block_le,
};
use pcap_parser::traits::PcapNGPacketBlock;
use wire::{Frame, LinkType};

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

pub(super) fn read(records: &mut Records<impl Read>, sink: &mut Sink<'_>) -> Result<Next, Stop> {
    let mut section = Section::default();
    let mut block = Vec::new();
    loop {
        let at = records.offset();
        let kind = match section.next_block(records, at, &mut block)? {
            Place::Block(kind) => kind,
            Place::Next(next) => return Ok(next),
        };
        if !block.is_empty() && section.block(&block, at, sink).is_none() {
            sink.malformed(at, Fault::Block { kind });
        }
    }
}

/// What stands at a block's place.
enum Place {
    Block(u32),
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
    /// Takes the next block: its kind, and in `block` all its bytes, if they are of a kind that is read.
    fn next_block(&mut self, records: &mut Records<impl Read>, at: u64, block: &mut Vec<u8>) -> Result<Place, Stop> {
        block.clear();
        let Some(header) = records.take(8, at)? else { return Ok(Place::Next(Next::End)) };
        if let Some(magic) = header.first_chunk().copied()
            && pcap::is_header(header)
        {
            records.put_back();
            return Ok(Place::Next(Next::Capture(magic)));
        }
        block.extend_from_slice(header);
        if block.starts_with(&SECTION_HEADER) {
            let order = records.take_rest(4, at)?;
            match <[u8; 4]>::try_from(order) {
                Ok(LITTLE_ENDIAN) => self.is_big_endian = false,
                Ok(BIG_ENDIAN) => self.is_big_endian = true,
                _ => return Err(Stop { at, fault: Fault::Block { kind: SHB_MAGIC } }),
            }
            block.extend_from_slice(order);
        }
        let (kind, length) = (self.number(block, 0), self.number(block, 4));
        // Lengths are said to be padded to four bytes; some writers forget it.
        let left = length.checked_sub(block.len() as u32).filter(|left| *left >= 4);
        let Some(left) = left else { return Err(Stop { at, fault: Fault::BlockLength { length } }) };
        let is_read = matches!(kind, SHB_MAGIC | IDB_MAGIC | EPB_MAGIC | SPB_MAGIC | OLD_PACKET);
        if !is_read {
            block.clear();
            records.skip(left.into(), at)?;
        } else if length > MAX_BLOCK {
            return Err(Stop { at, fault: Fault::BlockLength { length } });
        } else {
            block.extend_from_slice(records.take_rest(left as usize, at)?);
        }
        Ok(Place::Block(kind))
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
        let since_offset = (u128::from(ticks) * NANOSECONDS).checked_div(self.units_per_second)?;
        let offset = i128::from(self.offset_seconds) * NANOSECONDS as i128;
        Timestamp::from_nanosecond(i128::try_from(since_offset).ok()?.checked_add(offset)?).ok()
    }
}
