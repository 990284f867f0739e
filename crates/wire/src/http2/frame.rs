//! One frame's header, and what stands around a part of a header block in its payload (RFC 9113 §4, §6).

/// What stands before a frame's payload: length, kind, flags, stream (RFC 9113 §4.1).
pub(super) const HEADER: usize = 9;

/// The largest frame that everybody must take (RFC 9113 §4.2); one of a kind that we do not know is no larger.
const USUAL_FRAME: usize = 16_384;

/// Frames' kinds (RFC 9113 §6).
pub(super) mod kind {
    pub(in crate::http2) const DATA: u8 = 0;
    pub(in crate::http2) const HEADERS: u8 = 1;
    pub(in crate::http2) const PRIORITY: u8 = 2;
    pub(in crate::http2) const RST_STREAM: u8 = 3;
    pub(in crate::http2) const SETTINGS: u8 = 4;
    pub(in crate::http2) const PUSH_PROMISE: u8 = 5;
    pub(in crate::http2) const PING: u8 = 6;
    pub(in crate::http2) const GOAWAY: u8 = 7;
    pub(in crate::http2) const WINDOW_UPDATE: u8 = 8;
    pub(in crate::http2) const CONTINUATION: u8 = 9;
}

pub(super) const END_STREAM: u8 = 0x1;
pub(super) const END_HEADERS: u8 = 0x4;
pub(super) const PADDED: u8 = 0x8;
const WITH_PRIORITY: u8 = 0x20;

/// A frame's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) length: usize,
    pub(super) kind: u8,
    flags: u8,
    pub(super) stream: u32,
}

impl Frame {
    pub(super) fn of(header: [u8; HEADER]) -> Self {
        let [high, middle, low, kind, flags, rest @ ..] = header;
        let length = u32::from_be_bytes([0, high, middle, low]) as usize;
        Self { length, kind, flags, stream: u32::from_be_bytes(rest) & 0x7fff_ffff }
    }

    pub(super) fn has(self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Whether it holds all of a head, as far as its own header says.
    pub(super) fn is_whole_head(self) -> bool {
        self.is_plausible()
            && self.length <= USUAL_FRAME
            && self.has(END_HEADERS)
            && self.flags & !(END_STREAM | END_HEADERS | PADDED | WITH_PRIORITY) == 0
    }

    /// Whether a frame of this kind can have this length and stream (RFC 9113 §6).
    pub(super) fn is_plausible(self) -> bool {
        let is_of_stream = self.stream != 0;
        match self.kind {
            kind::DATA | kind::HEADERS | kind::PUSH_PROMISE | kind::CONTINUATION => is_of_stream,
            kind::PRIORITY => is_of_stream && self.length == 5,
            kind::RST_STREAM => is_of_stream && self.length == 4,
            kind::SETTINGS => !is_of_stream && self.length.is_multiple_of(6),
            kind::PING => !is_of_stream && self.length == 8,
            kind::GOAWAY => !is_of_stream && self.length >= 8,
            kind::WINDOW_UPDATE => self.length == 4,
            _ => self.length <= USUAL_FRAME,
        }
    }

    /// The part of a header block in its payload, without padding, priority and promised stream.
    pub(super) fn block(self, mut payload: &[u8]) -> Option<&[u8]> {
        if self.kind != kind::CONTINUATION && self.has(PADDED) {
            let (padding, rest) = payload.split_first()?;
            payload = rest.get(..rest.len().checked_sub(usize::from(*padding))?)?;
        }
        match self.kind {
            kind::HEADERS if self.has(WITH_PRIORITY) => payload.get(5..),
            kind::PUSH_PROMISE => payload.get(4..),
            _ => Some(payload),
        }
    }
}
