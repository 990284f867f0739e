//! From bytes to frames, whichever of the two formats they are in.

mod pcap;
mod pcapng;
pub(crate) mod pieces;
mod records;

use std::io::Read;

use wire::{Frame, LinkType, Malformed};

use crate::unpack::unpacked;
use crate::{Error, Fault, Warning};
use pieces::{Alone, Pieces};
use records::Records;

/// The longest packet that is taken for one: libpcap's own bound on what a capture may keep.
const MAX_PACKET: u32 = 262_144;

/// Places named one by one; what goes beyond is counted.
pub(crate) const MAX_WARNINGS: usize = 50;

/// What came of reading an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Frames handed on.
    pub frames: u64,
    /// Records that could not be, because they were cut short or no packets. Frames are not among them.
    pub malformed: u64,
    pub warnings: Vec<Warning>,
    /// The capture came packed.
    pub is_packed: bool,
    /// How much was read, unpacked.
    pub bytes: u64,
}

impl Reading {
    /// Adds frames that turned out to be malformed after they were handed on, by where they stood, and how many more were.
    pub(crate) fn add_faults(&mut self, faults: Vec<(u64, Malformed)>, mut more: u64) {
        let is_packed = self.is_packed;
        // The count of those that are not named stands at the end.
        if let Some(Warning { fault: Fault::More { count }, .. }) =
            self.warnings.pop_if(|last| matches!(last.fault, Fault::More { .. }))
        {
            more += count;
        }
        let faults = faults.into_iter().map(|(byte_offset, Malformed(what))| Warning {
            byte_offset,
            is_packed,
            fault: Fault::Frame { what },
        });
        self.warnings.extend(faults);
        self.warnings.sort_by_key(|warning| warning.byte_offset);
        more += self.warnings.len().saturating_sub(MAX_WARNINGS) as u64;
        self.warnings.truncate(MAX_WARNINGS);
        if more > 0 {
            self.warnings.push(Warning { byte_offset: self.bytes, is_packed, fault: Fault::More { count: more } });
        }
    }
}

/// Whether a file that begins with these bytes, unpacked, is taken for a capture.
#[must_use]
pub fn begins_as_capture(beginning: &[u8]) -> bool {
    beginning.first_chunk().is_some_and(|magic| is_capture(*magic))
}

/// Reads a capture, packed or not, and hands on its frames in their order. What `on_frame` says is malformed becomes a
/// warning that names the place. Captures put behind each other in one file are read one after the other.
///
/// # Errors
/// When the first bytes are no capture's, or it ends before its first packet could be read. What goes wrong later is a
/// warning, and so is that there is nothing in it.
pub fn read_frames(
    input: impl Read,
    on_frame: &mut dyn FnMut(Frame<'_>) -> Option<Malformed>,
) -> Result<Reading, Error> {
    read_placed_frames(input, &mut |frame, _| on_frame(frame))
}

/// As [`read_frames`], with the byte of the unpacked capture at which each frame's record begins.
pub(crate) fn read_placed_frames(input: impl Read, on_frame: &mut OnFrame<'_>) -> Result<Reading, Error> {
    let (bytes, is_packed) = unpacked(input)?;
    read_unpacked_frames(Alone(bytes), is_packed, on_frame)
}

/// As [`read_placed_frames`], of what is unpacked already.
pub(crate) fn read_unpacked_frames(
    pieces: impl Pieces,
    is_packed: bool,
    on_frame: &mut OnFrame<'_>,
) -> Result<Reading, Error> {
    let mut records = Records::new(pieces);
    let magic = records.magic()?;
    let mut sink = Sink { on_frame, reading: Reading { is_packed, ..Reading::default() }, more: 0 };
    let Some(magic) = magic.filter(|magic| is_capture(*magic)) else {
        if records.is_empty() {
            sink.warn(0, Fault::Empty);
            return Ok(sink.finish(0));
        }
        return Err(Error::NotACapture);
    };
    match read_all(&mut records, magic, &mut sink) {
        Err(Stop { fault, .. }) if sink.has_nothing() => return Err(Error::Nothing(fault)),
        Err(Stop { at, fault }) => sink.malformed(at, fault),
        Ok(()) if sink.has_nothing() => sink.warn(records.offset(), Fault::NoPacket),
        Ok(()) => {}
    }
    Ok(sink.finish(records.offset()))
}

/// Takes a frame and where it stands; absent: nothing about it is malformed.
type OnFrame<'a> = dyn FnMut(Frame<'_>, u64) -> Option<Malformed> + 'a;

fn read_all(records: &mut Records<impl Pieces>, first: [u8; 4], sink: &mut Sink<'_>) -> Result<(), Stop> {
    let mut magic = first;
    loop {
        let next = match magic {
            pcapng::SECTION_HEADER => pcapng::read(records, sink)?,
            _ => pcap::read(records, sink)?,
        };
        match next {
            Next::End => return Ok(()),
            Next::Capture(next) => magic = next,
        }
    }
}

/// What follows a capture that was read to its end.
enum Next {
    End,
    /// Another one, which begins with these bytes.
    Capture([u8; 4]),
}

fn is_capture(magic: [u8; 4]) -> bool {
    magic == pcapng::SECTION_HEADER || pcap::is_magic(magic)
}

/// Where and why nothing more can be read.
struct Stop {
    at: u64,
    fault: Fault,
}

/// Takes what the readers of the two formats find.
struct Sink<'a> {
    on_frame: &'a mut OnFrame<'a>,
    reading: Reading,
    more: u64,
}

impl Sink<'_> {
    fn frame(&mut self, at: u64, mut frame: Frame<'_>) {
        // Some writers state a length on the wire that is below what they kept.
        let kept = u32::try_from(frame.bytes.len()).unwrap_or(u32::MAX);
        frame.wire_length = frame.wire_length.max(kept);
        self.reading.frames += 1;
        // A link type that is not read is named once, where it is stated.
        let is_read = !matches!(frame.link, LinkType::Unsupported(_));
        if let Some(Malformed(what)) = (self.on_frame)(frame, at)
            && is_read
        {
            self.warn(at, Fault::Frame { what });
        }
    }

    /// Not one packet came, nor anything that was meant for one.
    fn has_nothing(&self) -> bool {
        self.reading.frames == 0 && self.reading.malformed == 0
    }

    /// A record that is no packet.
    fn malformed(&mut self, byte_offset: u64, fault: Fault) {
        self.reading.malformed += 1;
        self.warn(byte_offset, fault);
    }

    fn warn(&mut self, byte_offset: u64, fault: Fault) {
        if self.reading.warnings.len() < MAX_WARNINGS {
            self.reading.warnings.push(Warning { byte_offset, is_packed: self.reading.is_packed, fault });
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
            let fault = Fault::More { count: self.more };
            self.reading.warnings.push(Warning { byte_offset, is_packed: self.reading.is_packed, fault });
        }
        self.reading.bytes = byte_offset;
        self.reading
    }
}
