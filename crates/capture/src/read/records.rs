//! The unpacked bytes, taken record by record, with the place of each.

use std::io::{self, ErrorKind, Read};

use super::Stop;
use crate::Fault;

/// So much is read at once, where a record does not need more.
const BLOCK: usize = 256 * 1024;

/// The input and how far it was read.
pub(super) struct Records<R> {
    input: R,
    /// Bytes that were read; those from `start` to `end` are still to be taken.
    block: Vec<u8>,
    start: usize,
    end: usize,
    /// How many bytes were taken.
    offset: u64,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, block: vec![0; BLOCK], start: 0, end: 0, offset: 0 }
    }

    /// How many bytes were taken.
    pub(super) fn offset(&self) -> u64 {
        self.offset
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
        let waiting = self.end - self.start;
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
        let from = self.start;
        self.advance(length);
        Ok(self.block.get(from..from + length))
    }

    /// As [`Self::take`], within a record that has begun.
    pub(super) fn take_rest(&mut self, length: usize, at: u64) -> Result<&[u8], Stop> {
        self.take(length, at)?.ok_or(Stop { at, fault: Fault::CutShort })
    }

    /// Steps over bytes without keeping them.
    pub(super) fn skip(&mut self, mut length: u64, at: u64) -> Result<(), Stop> {
        while length > 0 {
            let piece = usize::try_from(length).unwrap_or(BLOCK).min(BLOCK);
            self.take_rest(piece, at)?;
            length -= piece as u64;
        }
        Ok(())
    }

    fn waiting(&self) -> &[u8] {
        self.block.get(self.start..self.end).unwrap_or_default()
    }

    fn advance(&mut self, length: usize) {
        self.start += length;
        self.offset += length as u64;
    }

    /// Reads until so many bytes wait, or the input ends.
    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        if self.end - self.start >= wanted {
            return Ok(());
        }
        self.block.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        if self.block.len() < wanted {
            self.block.resize(wanted, 0);
        }
        while self.end < wanted {
            match self.input.read(self.block.get_mut(self.end..).unwrap_or_default()) {
                Ok(0) => return Ok(()),
                Ok(length) => self.end += length,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
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
