//! The unpacked bytes, taken record by record, with the place of each.

use std::io::{self, ErrorKind, Read};

use super::Stop;
use crate::Fault;

/// The input and how far it was read.
pub(super) struct Records<R> {
    input: R,
    offset: u64,
    /// Bytes looked at and not yet taken.
    peeked: Vec<u8>,
    buffer: Vec<u8>,
}

impl<R: Read> Records<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, offset: 0, peeked: Vec::new(), buffer: Vec::new() }
    }

    /// How many bytes were taken.
    pub(super) fn offset(&self) -> u64 {
        self.offset
    }

    /// The first four bytes, which stay to be taken. Absent: there are not so many.
    pub(super) fn magic(&mut self) -> io::Result<Option<[u8; 4]>> {
        self.input.by_ref().take(4).read_to_end(&mut self.peeked)?;
        Ok(self.peeked.as_slice().try_into().ok())
    }

    /// Takes a record's next bytes. Absent: the input ends exactly here.
    ///
    /// `at` is where the record begins, for saying where it was cut short.
    pub(super) fn take(&mut self, length: usize, at: u64) -> Result<Option<&[u8]>, Stop> {
        self.buffer.clear();
        let from_peeked = length.min(self.peeked.len());
        self.buffer.extend(self.peeked.drain(..from_peeked));
        let missing = (length - from_peeked) as u64;
        let taken = self.input.by_ref().take(missing).read_to_end(&mut self.buffer);
        self.offset += self.buffer.len() as u64;
        match taken {
            Ok(_) if self.buffer.len() == length => Ok(Some(&self.buffer)),
            Ok(_) if self.buffer.is_empty() => Ok(None),
            Ok(_) => Err(Stop { at, fault: Fault::CutShort }),
            Err(error) => Err(Stop { at, fault: stopped(&error) }),
        }
    }

    /// Gives back what was last taken, to be taken again.
    pub(super) fn put_back(&mut self) {
        self.offset -= self.buffer.len() as u64;
        self.peeked.clone_from(&self.buffer);
    }

    /// As [`Self::take`], within a record that has begun.
    pub(super) fn take_rest(&mut self, length: usize, at: u64) -> Result<&[u8], Stop> {
        self.take(length, at)?.ok_or(Stop { at, fault: Fault::CutShort })
    }

    /// Steps over bytes without keeping them.
    pub(super) fn skip(&mut self, length: u64, at: u64) -> Result<(), Stop> {
        let skipped = io::copy(&mut self.input.by_ref().take(length), &mut io::sink());
        let skipped = skipped.map_err(|error| Stop { at, fault: stopped(&error) })?;
        self.offset += skipped;
        if skipped < length { Err(Stop { at, fault: Fault::CutShort }) } else { Ok(()) }
    }
}

fn stopped(error: &io::Error) -> Fault {
    match error.kind() {
        // What unpacking says of a packed file that was cut off.
        ErrorKind::UnexpectedEof => Fault::PackedCutShort,
        _ => Fault::Unreadable(error.to_string()),
    }
}
