//! The unpacked bytes, taken record by record, with the place of each.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use super::Stop;
use super::pieces::{Pieces, STEP};
use crate::Fault;

/// The input and how far it was read.
pub(super) struct Records<P> {
    input: P,
    /// The input's latest bytes; those from `start` on are still to be taken.
    piece: Arc<Vec<u8>>,
    start: usize,
    /// What lies in more pieces than one, put together; those from `joined_start` on are to be taken before the piece's.
    joined: Vec<u8>,
    joined_start: usize,
    /// How many bytes were taken.
    offset: u64,
}

impl<P: Pieces> Records<P> {
    pub(super) fn new(input: P) -> Self {
        Self { input, piece: Arc::default(), start: 0, joined: Vec::new(), joined_start: 0, offset: 0 }
    }

    /// How many bytes were taken.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether nothing waits to be taken.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting().is_empty()
    }

    /// The first four bytes, which stay to be taken. Absent: there are not so many.
    pub(super) fn magic(&mut self) -> io::Result<Option<[u8; 4]>> {
        self.fill(4)?;
        Ok(self.waiting().first_chunk().copied())
    }

    /// A record's next bytes, which stay to be taken. Absent: the input ends exactly here.
    ///
    /// `at` is where the record begins, for saying where it was cut short.
    pub(super) fn peek(&mut self, length: usize, at: u64) -> Result<Option<&[u8]>, Stop> {
        let filled = self.fill(length);
        let waiting = self.waiting().len();
        if waiting >= length {
            return Ok(self.waiting().get(..length));
        }
        // What there is belongs to the record that was cut short.
        self.advance(waiting);
        match filled {
            Err(error) => Err(Stop { at, fault: stopped(&error) }),
            Ok(()) if waiting == 0 => Ok(None),
            Ok(()) => Err(Stop { at, fault: Fault::CutShort }),
        }
    }

    /// As [`Self::peek`], and takes them.
    pub(super) fn take(&mut self, length: usize, at: u64) -> Result<Option<&[u8]>, Stop> {
        if self.peek(length, at)?.is_none() {
            return Ok(None);
        }
        let (is_joined, from) = (self.is_joined(), if self.is_joined() { self.joined_start } else { self.start });
        self.advance(length);
        let bytes = if is_joined { &self.joined } else { self.piece.as_ref() };
        Ok(bytes.get(from..from + length))
    }

    /// As [`Self::take`], within a record that has begun.
    pub(super) fn take_rest(&mut self, length: usize, at: u64) -> Result<&[u8], Stop> {
        self.take(length, at)?.ok_or(Stop { at, fault: Fault::CutShort })
    }

    /// Steps over bytes without keeping them.
    pub(super) fn skip(&mut self, mut length: u64, at: u64) -> Result<(), Stop> {
        while length > 0 {
            let piece = usize::try_from(length).unwrap_or(STEP).min(STEP);
            self.take_rest(piece, at)?;
            length -= piece as u64;
        }
        Ok(())
    }

    fn is_joined(&self) -> bool {
        self.joined_start < self.joined.len()
    }

    /// What is there to be taken, in one piece.
    fn waiting(&self) -> &[u8] {
        let waiting =
            if self.is_joined() { self.joined.get(self.joined_start..) } else { self.piece.get(self.start..) };
        waiting.unwrap_or_default()
    }

    fn advance(&mut self, length: usize) {
        if self.is_joined() {
            self.joined_start += length;
        } else {
            self.start += length;
        }
        self.offset += length as u64;
    }

    /// Reads until so many bytes wait, or the input ends.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        while self.waiting().len() < wanted {
            if !self.is_joined() {
                self.joined.clear();
                self.joined_start = 0;
            }
            let rest = self.piece.get(self.start..).unwrap_or_default();
            if rest.is_empty() {
                self.start = 0;
                self.piece = self.input.next(std::mem::take(&mut self.piece))?;
                if self.piece.is_empty() {
                    return Ok(());
                }
                continue;
            }
            // What begins in this piece goes on in the next.
            let missing = wanted - (self.joined.len() - self.joined_start);
            let taken = rest.get(..missing).unwrap_or(rest);
            self.joined.extend_from_slice(taken);
            self.start += taken.len();
        }
        Ok(())
    }
}

fn stopped(error: &io::Error) -> Fault {
    match error.kind() {
        // What unpacking says of a packed file that was cut off.
        ErrorKind::UnexpectedEof => Fault::PackedCutShort,
        _ => Fault::Unreadable(error.to_string()),
    }
}
