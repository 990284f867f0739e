//! Looks at what a file says of its own size before anything of it is unpacked: a few bytes can claim to become gigabytes.
//!
//! Parquet's page headers are Thrift structures in the compact protocol; only sizes and counts are read of them here.

use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::reader::ChunkReader;

use crate::read::Unreadable;

/// The longest list of what is in a file, in bytes.
const MAX_FOOTER: u64 = 4 << 20;

/// Rows of one group, and values of one of its columns.
pub(crate) const MAX_ROWS: usize = 65_536;
const MAX_VALUES: usize = MAX_ROWS * 16;

/// What the columns of a group together may become when they are unpacked, in bytes.
const MAX_UNPACKED: u64 = 64 << 20;

/// The longest header of a page, in bytes.
const MAX_HEADER: u64 = 16 << 10;

const MAGIC: &[u8] = b"PAR1";

/// Whether the end of a file is that of a Parquet file, with a list of bearable length.
pub(crate) fn footer(source: &impl ChunkReader) -> Result<(), Unreadable> {
    let start = source.len().checked_sub(8).ok_or(Unreadable::NotParquet)?;
    let end = source.get_bytes(start, 8)?;
    let (length, magic) = end.split_first_chunk::<4>().ok_or(Unreadable::NotParquet)?;
    if magic != MAGIC {
        return Err(Unreadable::NotParquet);
    }
    if u64::from(u32::from_le_bytes(*length)) > MAX_FOOTER { Err(Unreadable::TooLarge) } else { Ok(()) }
}

/// How many rows a group has, where that and what its columns become is bearable.
pub(crate) fn row_group(source: &impl ChunkReader, group: &RowGroupMetaData) -> Result<usize, Unreadable> {
    let rows = usize::try_from(group.num_rows()).map_err(|_| Unreadable::Damaged)?;
    if rows > MAX_ROWS {
        return Err(Unreadable::TooLarge);
    }
    let mut unpacked = 0;
    group.columns().iter().try_for_each(|column| pages(source, column, &mut unpacked))?;
    Ok(rows)
}

/// Goes through the headers of a column's pages.
fn pages(source: &impl ChunkReader, column: &ColumnChunkMetaData, unpacked: &mut u64) -> Result<(), Unreadable> {
    let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
    let start = u64::try_from(start).map_err(|_| Unreadable::Damaged)?;
    let length = u64::try_from(column.compressed_size()).map_err(|_| Unreadable::Damaged)?;
    let end = start.checked_add(length).filter(|end| *end <= source.len()).ok_or(Unreadable::Damaged)?;
    let (mut at, mut values) = (start, 0_usize);
    while at < end {
        let window = (end - at).min(MAX_HEADER);
        let bytes = source.get_bytes(at, usize::try_from(window).map_err(|_| Unreadable::TooLarge)?)?;
        let mut cursor = Cursor { rest: &bytes };
        let page = cursor.page().ok_or(Unreadable::Damaged)?;
        let header = window - cursor.rest.len() as u64;
        *unpacked = unpacked.saturating_add(page.unpacked);
        values = values.saturating_add(page.values);
        if *unpacked > MAX_UNPACKED || values > MAX_VALUES {
            return Err(Unreadable::TooLarge);
        }
        at = at.saturating_add(header).saturating_add(page.packed);
    }
    if at == end { Ok(()) } else { Err(Unreadable::Damaged) }
}

/// What a page's header says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Page {
    unpacked: u64,
    packed: u64,
    values: usize,
}

/// Thrift's compact protocol, as far as it is needed. Nothing where it is not that, or ends too soon.
struct Cursor<'a> {
    rest: &'a [u8],
}

/// How deep structures may lie in each other: page headers have two levels.
const DEPTH: u8 = 6;

impl Cursor<'_> {
    fn page(&mut self) -> Option<Page> {
        let mut page = Page::default();
        let mut id = 0;
        while let Some(kind) = self.field(&mut id)? {
            match (id, kind) {
                (2, 5) => page.unpacked = page.unpacked.max(u64::try_from(self.zigzag()?).ok()?),
                (3, 5) => page.packed = u64::try_from(self.zigzag()?).ok()?,
                // Data pages of both versions, and dictionaries: their first field counts values.
                (5 | 7 | 8, 12) => {
                    let mut inner = 0;
                    while let Some(kind) = self.field(&mut inner)? {
                        if (inner, kind) == (1, 5) {
                            page.values = page.values.saturating_add(usize::try_from(self.zigzag()?).ok()?);
                        } else {
                            self.skip(kind, DEPTH)?;
                        }
                    }
                }
                (_, kind) => self.skip(kind, DEPTH)?,
            }
        }
        Some(page)
    }

    /// The next field's type, with its number put into `id`; the inner nothing: the structure ends.
    fn field(&mut self, id: &mut i64) -> Option<Option<u8>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *id = match head >> 4 {
            0 => self.zigzag()?,
            delta => id.checked_add(i64::from(delta))?,
        };
        Some(Some(head & 0x0f))
    }

    fn skip(&mut self, kind: u8, depth: u8) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            1 | 2 => {}
            3 => drop(self.byte()?),
            4..=6 => drop(self.zigzag()?),
            7 => drop(self.take(8)?),
            8 => {
                let length = usize::try_from(self.varint()?).ok()?;
                self.take(length)?;
            }
            9 | 10 => {
                let head = self.byte()?;
                let count = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
                for _ in 0..count {
                    match head & 0x0f {
                        // Within a list a truth value takes a byte.
                        1 | 2 => drop(self.byte()?),
                        kind => self.skip(kind, depth)?,
                    }
                }
            }
            12 => {
                let mut id = 0;
                while let Some(kind) = self.field(&mut id)? {
                    self.skip(kind, depth)?;
                }
            }
            // Maps stand in no page header.
            _ => return None,
        }
        Some(())
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn take(&mut self, length: usize) -> Option<()> {
        self.rest = self.rest.get(length..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_what_becomes_of_its_page() {
        // Type 0, 300 bytes from 40, a checksum, a data page of 7 values in encoding 8 with a list beside it; then the page.
        let header =
            [0x15, 0, 0x15, 0xd8, 0x04, 0x15, 80, 0x15, 1, 0x1c, 0x15, 14, 0x15, 16, 0x19, 0x25, 2, 4, 0, 0, 99];
        let mut cursor = Cursor { rest: &header };
        assert_eq!(cursor.page(), Some(Page { unpacked: 300, packed: 40, values: 7 }));
        assert_eq!(cursor.rest, [99]);
        for length in 0..header.len() - 1 {
            assert_eq!(Cursor { rest: &header[..length] }.page(), None, "{length}");
        }
    }

    #[test]
    fn sizes_below_nothing_and_structures_without_end_are_refused() {
        assert_eq!(Cursor { rest: &[0x25, 1, 0] }.page(), None);
        assert_eq!(Cursor { rest: &[0x1c; 64] }.page(), None);
        assert_eq!(Cursor { rest: &[0xff; 64] }.page(), None);
    }
}
