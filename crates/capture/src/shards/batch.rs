//! Some of an input's frames, for the tracker whose they are.

use jiff::Timestamp;
use wire::{Frame, LinkType};

/// In the input's order. Its room is used again.
#[derive(Debug, Default)]
pub(super) struct Batch {
    bytes: Vec<u8>,
    heads: Vec<Head>,
}

/// What a tracker hears.
#[derive(Clone, Copy, Debug)]
enum Head {
    /// A second began, with the frame of this number, whoever's that is.
    Second { number: u64, at: Timestamp, place: u64 },
    Frame {
        /// In all inputs.
        number: u64,
        at: Timestamp,
        /// Where its record stands in its input.
        place: u64,
        link: LinkType,
        wire_length: u32,
        length: usize,
    },
}

/// What a tracker hears, with the frame's bytes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Heard<'a> {
    Second { number: u64, at: Timestamp, place: u64 },
    Frame { number: u64, place: u64, frame: Frame<'a> },
}

impl Batch {
    pub(super) fn second(&mut self, number: u64, at: Timestamp, place: u64) {
        self.heads.push(Head::Second { number, at, place });
    }

    pub(super) fn frame(&mut self, number: u64, place: u64, frame: &Frame<'_>) {
        let Frame { at, link, bytes, wire_length } = *frame;
        self.bytes.extend_from_slice(bytes);
        self.heads.push(Head::Frame { number, at, place, link, wire_length, length: bytes.len() });
    }

    /// All that is in it, in order.
    pub(super) fn heard(&self) -> impl Iterator<Item = Heard<'_>> {
        let mut rest = self.bytes.as_slice();
        self.heads.iter().map(move |head| match *head {
            Head::Second { number, at, place } => Heard::Second { number, at, place },
            Head::Frame { number, at, place, link, wire_length, length } => {
                let (bytes, others) = rest.split_at_checked(length).unwrap_or((rest, &[]));
                rest = others;
                Heard::Frame { number, place, frame: Frame { at, link, bytes, wire_length } }
            }
        })
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.heads.clear();
    }
}
