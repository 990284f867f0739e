//! From bytes to frames, whichever of the two formats they are in.

mod pcap;
mod pcapng;
mod records;

use std::io::Read;

use wire::{Frame, LinkType};

use crate::unpack::unpacked;
use crate::{Error, Fault, Warning};
use records::Records;

/// The longest packet that is taken for one: libpcap's own bound on what a capture may keep.
const MAX_PACKET: u32 = 262_144;

/// Places named one by one; what goes beyond is counted.
const MAX_WARNINGS: usize = 50;

/// What came of reading an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Frames handed on.
    pub frames: u64,
    /// Records that could not be, because they were cut short or no packets.
    pub malformed: u64,
    pub warnings: Vec<Warning>,
}

/// Reads a capture, packed or not, and hands on its frames in their order.
///
/// # Errors
/// When the first bytes are no capture's, or not even they could be read. What goes wrong later is a warning.
pub fn read_frames(input: impl Read, on_frame: &mut dyn FnMut(Frame<'_>)) -> Result<Reading, Error> {
    let mut records = Records::new(unpacked(input)?);
    let magic = records.magic()?;
    let mut sink = Sink { on_frame, reading: Reading::default(), more: 0 };
    let done = match magic {
        Some(pcapng::SECTION_HEADER) => pcapng::read(&mut records, &mut sink),
        Some(magic) if pcap::is_magic(magic) => pcap::read(&mut records, &mut sink),
        _ => return Err(Error::NotACapture),
    };
    if let Err(Stop { at, fault }) = done {
        sink.malformed(at, fault);
    }
    Ok(sink.finish(records.offset()))
}

/// Where and why nothing more can be read.
struct Stop {
    at: u64,
    fault: Fault,
}

/// Takes what the readers of the two formats find.
struct Sink<'a> {
    on_frame: &'a mut dyn FnMut(Frame<'_>),
    reading: Reading,
    more: u64,
}

impl Sink<'_> {
    fn frame(&mut self, mut frame: Frame<'_>) {
        // Some writers state a length on the wire that is below what they kept.
        let kept = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        frame.wire_length = frame.wire_length.max(kept);
        self.reading.frames += 1;
        (self.on_frame)(frame);
    }

    /// A record that is no packet.
    fn malformed(&mut self, byte_offset: u64, fault: Fault) {
        self.reading.malformed += 1;
        self.warn(byte_offset, fault);
    }

    fn warn(&mut self, byte_offset: u64, fault: Fault) {
        if self.reading.warnings.len() < MAX_WARNINGS {
            self.reading.warnings.push(Warning { byte_offset, fault });
        } else {
            self.more += 1;
        }
    }

    /// Names a link type that `wire` does not read.
    fn link(&mut self, byte_offset: u64, number: u32) -> LinkType {
        let link = LinkType::from_number(number);
        if let LinkType::Unsupported(number) = link {
            self.warn(byte_offset, Fault::LinkType { number });
        }
        link
    }

    fn finish(mut self, byte_offset: u64) -> Reading {
        if self.more > 0 {
            self.reading.warnings.push(Warning { byte_offset, fault: Fault::More { count: self.more } });
        }
        self.reading
    }
}
