//! The frames of an Initial packet, and the handshake's bytes put in order from them (RFC 9000 §19.6).

use std::collections::BTreeMap;

use super::packet::integer;
use crate::bytes::take;

/// A hello with post-quantum keys is about 2 KB.
const MAX_HELLO: usize = 16 * 1024;
/// Pieces that wait for earlier ones.
const MAX_PIECES: usize = 64;
/// Ranges of an ACK frame.
const MAX_RANGES: u64 = 256;

const PADDING: u64 = 0;
const PING: u64 = 1;
const ACK: u64 = 2;
const ACK_WITH_COUNTS: u64 = 3;
const CRYPTO: u64 = 6;

#[derive(Debug, Default)]
pub(super) struct Crypto {
    /// From the first byte on, without a hole.
    message: Vec<u8>,
    /// By where they belong: pieces that wait for earlier ones.
    waiting: BTreeMap<usize, Vec<u8>>,
    waiting_bytes: usize,
    is_hopeless: bool,
}

impl Crypto {
    /// Takes a packet's frames, as far as they are of the kinds that a client's first packets hold.
    pub(super) fn frames(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let Some(rest) = self.frame(bytes) else { return };
            bytes = rest;
        }
    }

    fn frame<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let (kind, mut rest) = integer(bytes)?;
        match kind {
            PADDING => Some(rest.trim_prefix_zeros()),
            PING => Some(rest),
            ACK | ACK_WITH_COUNTS => {
                // The largest number, the delay, how many ranges follow, the first; then pairs, then three counters.
                let mut numbers = |many: u64| {
                    let mut last = 0;
                    for _ in 0..many {
                        (last, rest) = integer(rest)?;
                    }
                    Some(last)
                };
                let ranges = numbers(3)?.min(MAX_RANGES);
                numbers(1 + 2 * ranges + if kind == ACK_WITH_COUNTS { 3 } else { 0 })?;
                Some(rest)
            }
            CRYPTO => {
                let (offset, rest) = integer(rest)?;
                let (length, rest) = integer(rest)?;
                let (piece, rest) = take(rest, usize::try_from(length).ok()?)?;
                self.piece(usize::try_from(offset).ok()?, piece);
                Some(rest)
            }
            _ => None,
        }
    }

    fn piece(&mut self, offset: usize, piece: &[u8]) {
        let end = offset.saturating_add(piece.len());
        if end > MAX_HELLO {
            self.is_hopeless = true;
            return;
        }
        if offset > self.message.len() {
            if self.waiting.len() >= MAX_PIECES || self.waiting_bytes + piece.len() > MAX_HELLO {
                return;
            }
            if self.waiting.get(&offset).is_none_or(|known| known.len() < piece.len()) {
                self.waiting_bytes += piece.len();
                let replaced = self.waiting.insert(offset, piece.to_vec());
                self.waiting_bytes -= replaced.map_or(0, |known| known.len());
            }
            return;
        }
        self.append(offset, piece);
        while let Some(entry) = self.waiting.first_entry() {
            if *entry.key() > self.message.len() {
                break;
            }
            let (offset, piece) = entry.remove_entry();
            self.waiting_bytes -= piece.len();
            self.append(offset, &piece);
        }
    }

    fn append(&mut self, offset: usize, piece: &[u8]) {
        let fresh = self.message.len().checked_sub(offset).and_then(|known| piece.get(known..));
        self.message.extend_from_slice(fresh.unwrap_or_default());
    }

    /// The first handshake message, once it is complete.
    pub(super) fn hello(&self) -> Option<&[u8]> {
        let [_, high, middle, low, ..] = *self.message.as_slice() else { return None };
        self.message.get(..4 + u32::from_be_bytes([0, high, middle, low]) as usize)
    }

    /// It is longer than any hello.
    pub(super) fn is_hopeless(&self) -> bool {
        self.is_hopeless
    }

    pub(super) fn buffered(&self) -> usize {
        self.message.len() + self.waiting_bytes
    }
}

trait Padded {
    fn trim_prefix_zeros(&self) -> &Self;
}

impl Padded for [u8] {
    fn trim_prefix_zeros(&self) -> &Self {
        let content = self.iter().position(|byte| *byte != 0).unwrap_or(self.len());
        self.get(content..).unwrap_or_default()
    }
}
