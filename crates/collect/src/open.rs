//! A log file that is open, and read on as it grows.

use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};

use jiff::{SignedDuration, Timestamp};

use crate::left::{self, Identity, Left};
use crate::split::Split;

pub(crate) const PIECE: usize = 64 * 1024;
/// Who writes a log is told some time after it was renamed, and writes on in it until then.
const WRITTEN_ON: SignedDuration = SignedDuration::from_secs(10);

pub(crate) struct Open {
    file: File,
    pub(crate) identity: Identity,
    at: u64,
    /// Its first bytes, and the last that were read.
    beginning: Vec<u8>,
    ending: Vec<u8>,
    /// Its length and when it was written, when its first bytes were last compared.
    seen: (u64, u64),
}

impl Open {
    /// A file of which so much was read, or is passed over.
    pub(crate) fn new(mut file: File, at: u64) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let beginning = left::beginning(&mut file, at)?;
        let ending = left::ending(&mut file, at)?;
        file.seek(SeekFrom::Start(at))?;
        Ok(Self { file, identity: Identity::of(&metadata), at, beginning, ending, seen: seen(&metadata) })
    }

    /// How far it was read, but for so many bytes.
    pub(crate) fn left(&self, pending: u64) -> Left {
        let written = self.file.metadata().map(|known| left::written(&known)).unwrap_or_default();
        let kept = self.ending.len().saturating_sub(usize::try_from(pending).unwrap_or(usize::MAX));
        let last = self.ending.get(..kept).unwrap_or_default();
        Left::new(self.identity, self.at - pending, (&self.beginning, last), written)
    }

    /// Whether it was cut short since, however much was written to it after that.
    pub(crate) fn is_cut_short(&mut self) -> io::Result<bool> {
        let metadata = self.file.metadata()?;
        if metadata.len() < self.at {
            return Ok(true);
        }
        if seen(&metadata) == self.seen {
            return Ok(false);
        }
        let first = left::beginning(&mut self.file, self.beginning.len() as u64)?;
        self.file.seek(SeekFrom::Start(self.at))?;
        self.seen = seen(&metadata);
        Ok(first != self.beginning)
    }

    /// Reads on. True: there may be more.
    pub(crate) fn read(
        &mut self,
        split: &mut Split,
        budget: &mut usize,
        line: &mut dyn FnMut(&[u8]),
    ) -> io::Result<bool> {
        let mut piece = vec![0; PIECE];
        while *budget > 0 {
            let length = self.file.read(&mut piece)?;
            if length == 0 {
                return Ok(false);
            }
            self.at += length as u64;
            *budget = budget.saturating_sub(length);
            let bytes = piece.get(..length).unwrap_or_default();
            let room = left::BEGINNING.saturating_sub(self.beginning.len());
            self.beginning.extend(bytes.iter().take(room));
            self.ending.extend_from_slice(bytes.get(length.saturating_sub(left::ENDING)..).unwrap_or_default());
            self.ending.drain(..self.ending.len().saturating_sub(left::ENDING));
            split.bytes(bytes, line);
        }
        Ok(true)
    }
}

fn seen(metadata: &Metadata) -> (u64, u64) {
    (metadata.len(), left::written(metadata))
}

/// A file whose name another one took, and that is read on for a while.
pub(crate) struct Renamed {
    open: Open,
    split: Split,
    until: Timestamp,
}

impl Renamed {
    pub(crate) fn new(open: Open, split: Split, now: Timestamp) -> Self {
        Self { open, split, until: now.saturating_add(WRITTEN_ON).unwrap_or(Timestamp::MAX) }
    }

    pub(crate) fn identity(&self) -> Identity {
        self.open.identity
    }

    /// How far it was read.
    pub(crate) fn left(&self) -> Left {
        self.open.left(self.split.pending())
    }

    /// Reads on. True: more may come.
    pub(crate) fn read(&mut self, now: Timestamp, budget: &mut usize, line: &mut dyn FnMut(&[u8])) -> bool {
        matches!(self.open.read(&mut self.split, budget, line), Ok(true)) || now < self.until
    }

    /// What is left of it is its last line.
    pub(crate) fn finish(&mut self, line: &mut dyn FnMut(&[u8])) {
        self.split.finish(line);
    }

    pub(crate) fn too_long(&self) -> u64 {
        self.split.too_long
    }
}
