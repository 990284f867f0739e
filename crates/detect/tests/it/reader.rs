//! A reader of capture files just good enough for tests (little-endian pcap and pcapng); the real one is crate `capture`,
//! which stands above this one.

use jiff::Timestamp;
use wire::{Frame, LinkType};

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Hands over every whole frame of the file.
pub(crate) fn frames(file: &[u8], each: impl FnMut(Frame<'_>)) {
    match u32_at(file, 0) {
        Some(0xa1b2_c3d4) => drop(pcap(file, each)),
        Some(0x0a0d_0d0a) => drop(pcapng(file, each)),
        other => panic!("not a capture this reader knows: {other:x?}"),
    }
}

fn pcap(file: &[u8], mut each: impl FnMut(Frame<'_>)) -> Option<()> {
    let link = LinkType::from_number(u32_at(file, 20)?);
    let mut at = 24;
    loop {
        let moment = i64::from(u32_at(file, at)?) * 1_000_000 + i64::from(u32_at(file, at + 4)?);
        let (captured, wire_length) = (u32_at(file, at + 8)? as usize, u32_at(file, at + 12)?);
        let bytes = file.get(at + 16..at + 16 + captured)?;
        each(Frame { at: Timestamp::from_microsecond(moment).ok()?, link, bytes, wire_length });
        at += 16 + captured;
    }
}

fn pcapng(file: &[u8], mut each: impl FnMut(Frame<'_>)) -> Option<()> {
    let mut interfaces: Vec<(LinkType, i128)> = Vec::new();
    let mut at = 0;
    loop {
        let (kind, length) = (u32_at(file, at)?, u32_at(file, at + 4)? as usize);
        let block = file.get(at..at + length.max(12))?;
        match kind {
            0x0a0d_0d0a => interfaces.clear(),
            1 => interfaces.push((LinkType::from_number(u16_at(block, 8)?.into()), nanoseconds_per_unit(block))),
            6 => {
                let (link, unit) = *interfaces.get(u32_at(block, 8)? as usize)?;
                let ticks = i128::from(u32_at(block, 12)?) << 32 | i128::from(u32_at(block, 16)?);
                let (captured, wire_length) = (u32_at(block, 20)? as usize, u32_at(block, 24)?);
                let bytes = block.get(28..28 + captured)?;
                each(Frame { at: Timestamp::from_nanosecond(ticks * unit).ok()?, link, bytes, wire_length });
            }
            _ => {}
        }
        at += length.max(12);
    }
}

/// The interface's `if_tsresol` option (powers of ten only); microseconds where it is not given.
fn nanoseconds_per_unit(block: &[u8]) -> i128 {
    let mut at = 16;
    while let (Some(code), Some(length)) = (u16_at(block, at), u16_at(block, at + 2)) {
        if code == 9 {
            let power = block.get(at + 4).copied().unwrap_or(6);
            return 10i128.pow(9u32.saturating_sub(power.into()));
        }
        at += 4 + usize::from(length).next_multiple_of(4);
    }
    1_000
}
