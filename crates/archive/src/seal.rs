//! The checksum of a whole file: a bit that fell over in a page would else be another address, and nobody would know.
//!
//! The Parquet library verifies checksums of pages and writes none, and those would leave the list of pages uncovered. So
//! ours stands between the last page and that list, where readers expect nothing and other tools pass over: [`MARK`], then
//! the CRC-32 of all other bytes, least significant first.
//!
//! Promises: of a sealed file nothing is read before all of it was checked. It is no proof against whoever means to
//! deceive.

use parquet::file::reader::ChunkReader;

use crate::read::Unreadable;

const MARK: &[u8; 16] = b"\ndijkwacht crc32";
const LENGTH: usize = MARK.len() + 4;

/// The length of the list and its mark, which end a file.
const END: usize = 8;

/// How much is read at once.
const WINDOW: u64 = 256 << 10;

/// Whether a file carries a checksum, which then fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seal {
    Whole,
    /// It was written before there were any.
    Absent,
}

/// Puts the checksum into a whole file. None: it is no Parquet file.
pub(crate) fn seal(file: &mut Vec<u8>) -> Option<()> {
    let at = list_of(file.len() as u64, file.last_chunk()?)?;
    let at = usize::try_from(at).ok()?;
    let sum = crc32fast::hash(file);
    drop(file.splice(at..at, MARK.iter().copied().chain(sum.to_le_bytes())));
    Some(())
}

/// Looks whether all bytes are those that were written.
pub(crate) fn check(source: &impl ChunkReader) -> Result<Seal, Unreadable> {
    let length = source.len();
    let end = source.get_bytes(length.checked_sub(END as u64).ok_or(Unreadable::NotParquet)?, END)?;
    let list = end.first_chunk().and_then(|end| list_of(length, end)).ok_or(Unreadable::Damaged)?;
    let Some(at) = list.checked_sub(LENGTH as u64) else { return Ok(Seal::Absent) };
    let seal = source.get_bytes(at, LENGTH)?;
    let Some(sum) = seal.strip_prefix(MARK) else { return Ok(Seal::Absent) };
    let mut hasher = crc32fast::Hasher::new();
    for (from, to) in [(0, at), (list, length)] {
        let mut from = from;
        while from < to {
            let window = (to - from).min(WINDOW);
            hasher.update(&source.get_bytes(from, usize::try_from(window).map_err(|_| Unreadable::TooLarge)?)?);
            from += window;
        }
    }
    if hasher.finalize().to_le_bytes() == *sum { Ok(Seal::Whole) } else { Err(Unreadable::Checksum) }
}

/// Where the list of what is in a file begins, by its length and its last bytes.
fn list_of(length: u64, end: &[u8; END]) -> Option<u64> {
    let (list, _) = end.split_first_chunk::<4>()?;
    length.checked_sub(END as u64)?.checked_sub(u32::from_le_bytes(*list).into())
}
