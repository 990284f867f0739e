//! What a watch remembers over a restart, as bytes: the places this network knows, and what was told.
//!
//! `DWMEM`, a version, then numbers in big-endian order and texts after their lengths, and at the end the first eight
//! bytes of SHA-256 over all before. What is broken or of a later version is refused whole: a watch without a memory
//! learns again, one with half of it would judge wrongly. Version 1 is still read: its moments are cut to microseconds.

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::Severity;

const MAGIC: &[u8; 5] = b"DWMEM";
const VERSION: u8 = 2;
/// The first version, which cut moments to microseconds.
const CUT: u8 = 1;
const CHECK: usize = 8;
/// The longest text in it.
const MAX_TEXT: usize = 1_000;

/// Why bytes are no memory of a watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMemory {
    #[error("this is no memory of a sensor")]
    NotOne,
    #[error("this memory is of version {0}; this program reads versions {CUT} to {VERSION}")]
    Version(u8),
    #[error("the memory is damaged: its check does not hold")]
    Damaged,
    #[error("the memory holds something impossible")]
    Impossible,
}

/// Writes; [`Writer::finish`] gives the bytes.
pub(crate) struct Writer(Vec<u8>);

impl Writer {
    pub(crate) fn new() -> Self {
        let mut bytes = MAGIC.to_vec();
        bytes.push(VERSION);
        Self(bytes)
    }

    pub(crate) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn u64(&mut self, value: u64) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn i32(&mut self, value: i32) {
        self.0.extend(value.to_be_bytes());
    }

    pub(crate) fn moment(&mut self, moment: Timestamp) {
        self.0.extend(moment.as_nanosecond().to_be_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        let length = text.floor_char_boundary(MAX_TEXT);
        let text = text.get(..length).unwrap_or_default();
        self.u32(u32::try_from(text.len()).unwrap_or_default());
        self.0.extend(text.as_bytes());
    }

    pub(crate) fn severity(&mut self, severity: Severity) {
        self.u8(Severity::ALL
            .iter()
            .position(|one| *one == severity)
            .and_then(|at| u8::try_from(at).ok())
            .unwrap_or(0));
    }

    pub(crate) fn count(&mut self, count: usize) {
        self.u32(u32::try_from(count).unwrap_or(u32::MAX));
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        let check = Sha256::digest(&self.0);
        self.0.extend(check.iter().take(CHECK));
        self.0
    }
}

/// Reads what [`Writer`] wrote. Everything is checked; nothing is reserved on the word of a count.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
    version: u8,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, InvalidMemory> {
        let body = bytes.strip_prefix(MAGIC).ok_or(InvalidMemory::NotOne)?;
        let (version, rest) = body.split_first().ok_or(InvalidMemory::NotOne)?;
        if !(CUT..=VERSION).contains(version) {
            return Err(InvalidMemory::Version(*version));
        }
        let (content, check) = rest.split_at_checked(rest.len().wrapping_sub(CHECK)).ok_or(InvalidMemory::Damaged)?;
        let checked = bytes.get(..bytes.len() - CHECK).ok_or(InvalidMemory::Damaged)?;
        if !Sha256::digest(checked).starts_with(check) {
            return Err(InvalidMemory::Damaged);
        }
        Ok(Self { rest: content, version: *version })
    }

    /// Whether it is of the version that cut moments to microseconds.
    pub(crate) fn is_cut(&self) -> bool {
        self.version == CUT
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], InvalidMemory> {
        let (first, rest) = self.rest.split_first_chunk().ok_or(InvalidMemory::Impossible)?;
        self.rest = rest;
        Ok(*first)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, InvalidMemory> {
        Ok(self.take::<1>()?[0])
    }

    pub(crate) fn u32(&mut self) -> Result<u32, InvalidMemory> {
        Ok(u32::from_be_bytes(self.take()?))
    }

    pub(crate) fn u64(&mut self) -> Result<u64, InvalidMemory> {
        Ok(u64::from_be_bytes(self.take()?))
    }

    pub(crate) fn i32(&mut self) -> Result<i32, InvalidMemory> {
        Ok(i32::from_be_bytes(self.take()?))
    }

    pub(crate) fn moment(&mut self) -> Result<Timestamp, InvalidMemory> {
        let moment = if self.is_cut() {
            Timestamp::from_microsecond(i64::from_be_bytes(self.take()?))
        } else {
            Timestamp::from_nanosecond(i128::from_be_bytes(self.take()?))
        };
        moment.map_err(|_| InvalidMemory::Impossible)
    }

    pub(crate) fn text(&mut self) -> Result<String, InvalidMemory> {
        let length = self.count(MAX_TEXT)?;
        let (text, rest) = self.rest.split_at_checked(length).ok_or(InvalidMemory::Impossible)?;
        self.rest = rest;
        String::from_utf8(text.to_vec()).map_err(|_| InvalidMemory::Impossible)
    }

    pub(crate) fn severity(&mut self) -> Result<Severity, InvalidMemory> {
        Severity::ALL.get(usize::from(self.u8()?)).copied().ok_or(InvalidMemory::Impossible)
    }

    /// How many follow, at most `most`.
    pub(crate) fn count(&mut self, most: usize) -> Result<usize, InvalidMemory> {
        usize::try_from(self.u32()?).ok().filter(|count| *count <= most).ok_or(InvalidMemory::Impossible)
    }

    /// Nothing may follow.
    pub(crate) fn end(&self) -> Result<(), InvalidMemory> {
        if self.rest.is_empty() { Ok(()) } else { Err(InvalidMemory::Impossible) }
    }
}
