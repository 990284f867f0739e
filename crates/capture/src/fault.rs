//! What can be wrong with a capture.

use std::io;

/// Why nothing of an input could be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("it is no capture: it begins like neither pcap nor pcapng, nor like gzip or zstd of one")]
    NotACapture,
    #[error("nothing of it could be read: {0}; copy it again, or record it anew")]
    Nothing(Fault),
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
}

/// Something in a capture that could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {byte_offset}{}: {fault}", if *.is_packed { " of the unpacked capture" } else { "" })]
pub struct Warning {
    /// In the unpacked capture, from 0: where the record begins that is meant.
    pub byte_offset: u64,
    /// The capture was packed: the place is not one in the file as it lies there.
    pub is_packed: bool,
    pub fault: Fault,
}

/// What could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("it is empty: there is not a byte in it")]
    Empty,
    #[error("the capture is whole, and holds no packet")]
    NoPacket,
    #[error("the capture ends in the middle of a record")]
    CutShort,
    #[error("the packed file itself is cut off; the capture in it is read up to here")]
    PackedCutShort,
    #[error("a packet is not what it claims to be ({what}); what can be read of it is read")]
    Frame { what: &'static str },
    #[error("what was left of the connections at the end is not what it claims to be ({what})")]
    AtEnd { what: &'static str },
    #[error("reading stopped here: {0}")]
    Unreadable(String),
    #[error("a packet claims {length} bytes, more than any link carries; it and the rest are not read")]
    PacketTooLong { length: u32 },
    #[error("a block claims {length} bytes, which no block can have; it and the rest are not read")]
    BlockLength { length: u32 },
    #[error("a block of type {kind:#x} is not what it claims to be; it is left out")]
    Block { kind: u32 },
    #[error("a packet names interface {interface}, which the capture does not describe; it is left out")]
    Interface { interface: u32 },
    #[error("a packet's time lies outside all calendars; it is left out")]
    Time,
    #[error("link type {number} is not one that is read here; its frames are counted as malformed")]
    LinkType { number: u32 },
    #[error("and {count} more such place{} further on", if *.count == 1 { "" } else { "s" })]
    More { count: u64 },
}
