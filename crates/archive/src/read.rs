//! Rows out of a Parquet file of ours.
//!
//! Any bytes may stand under our names: the checksum and sizes are looked at before anything is unpacked, the file's own
//! idea of its columns is not read, and where the library beneath should give up in the middle it costs this file alone.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::Timestamp;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::file::statistics::Statistics;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::SchemaDescriptor;

use crate::columns::{Cell, Cells, Column, Record};
use crate::guard;
use crate::row::{DnsRow, FlowRow};
use crate::seal::{self, Seal};

/// The largest file that is read, in bytes; ours stay far below it.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// Rows that are in memory at once.
const BATCH: usize = 1_024;

/// Why a file is not read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("it cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("it is no Parquet file, or its end is missing")]
    NotParquet,
    #[error("it is a Parquet file that no sensor of this version wrote")]
    Foreign,
    #[error("it claims to hold more than any file of a sensor does")]
    TooLarge,
    #[error("it is damaged")]
    Damaged,
    #[error("it is damaged: its checksum does not fit what is in it")]
    Checksum,
    #[error("it is damaged: {0}")]
    Parquet(#[from] ParquetError),
}

/// The conversations in a file, in their order, handed to `each`. What was handed over before an error stands.
///
/// # Errors
/// It is no file of conversations that a sensor wrote, or it is damaged.
pub fn read_flows(source: impl ChunkReader + 'static, each: &mut dyn FnMut(FlowRow)) -> Result<(), Unreadable> {
    read(source, &|_| true, each)
}

/// The DNS questions in a file, as [`read_flows`] has it.
///
/// # Errors
/// It is no file of DNS questions that a sensor wrote, or it is damaged.
pub fn read_dns(source: impl ChunkReader + 'static, each: &mut dyn FnMut(DnsRow)) -> Result<(), Unreadable> {
    read(source, &|_| true, each)
}

/// From when to when something in a group of rows lasted, as the file says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) first_at: Timestamp,
    pub(crate) last_at: Timestamp,
}

/// The rows of the groups that are wanted, of a file of one kind. A group that does not say when it was is wanted always.
pub(crate) fn read<R: Record>(
    source: impl ChunkReader + 'static,
    is_wanted: &dyn Fn(Span) -> bool,
    each: &mut dyn FnMut(R),
) -> Result<(), Unreadable> {
    catch_unwind(AssertUnwindSafe(|| read_checked(source, is_wanted, each))).unwrap_or(Err(Unreadable::Damaged))
}

/// How many rows a file of one kind has.
pub(crate) fn count<R: Record>(file: &File) -> Result<usize, Unreadable> {
    let counted = catch_unwind(AssertUnwindSafe(|| {
        let groups = groups::<R>(file)?;
        groups.iter().try_fold(0_usize, |sum, group| {
            usize::try_from(group.num_rows()).ok().and_then(|rows| sum.checked_add(rows)).ok_or(Unreadable::Damaged)
        })
    }));
    counted.unwrap_or(Err(Unreadable::Damaged))
}

fn groups<R: Record>(source: &impl ChunkReader) -> Result<Vec<RowGroupMetaData>, Unreadable> {
    if source.len() > MAX_FILE_BYTES {
        return Err(Unreadable::TooLarge);
    }
    guard::footer(source)?;
    let seal = seal::check(source)?;
    let schema = Arc::new(SchemaDescriptor::new(Arc::new(parse_message_type(R::SCHEMA)?)));
    let options = ParquetMetaDataOptions::new().with_schema(schema);
    let metadata = ParquetMetaDataReader::new().with_metadata_options(Some(options)).parse_and_finish(source);
    let metadata = metadata.map_err(|error| match error {
        // Its columns are counted before it says who made it.
        ParquetError::General(why) if why.contains("Column count mismatch") => Unreadable::Foreign,
        other => Unreadable::Parquet(other),
    })?;
    let made_by = metadata.file_metadata().created_by().unwrap_or_default();
    match made_by.strip_prefix("dijkwacht ").and_then(|made_by| made_by.split_once(" archive ")) {
        // Files of before there were checksums.
        Some((_, "1")) => Ok(metadata.row_groups().to_vec()),
        Some((_, "2")) if seal == Seal::Whole => Ok(metadata.row_groups().to_vec()),
        Some((_, "2")) => Err(Unreadable::Checksum),
        _ => Err(Unreadable::Foreign),
    }
}

fn read_checked<R: Record>(
    source: impl ChunkReader + 'static,
    is_wanted: &dyn Fn(Span) -> bool,
    each: &mut dyn FnMut(R),
) -> Result<(), Unreadable> {
    let groups = groups::<R>(&source)?;
    let source = Arc::new(source);
    for group in groups {
        if span::<R>(&group).is_some_and(|span| !is_wanted(span)) {
            continue;
        }
        let rows = guard::row_group(source.as_ref(), &group)?;
        let columns = R::COLUMNS.iter().zip(group.columns());
        let mut readers = columns
            .map(|(column, chunk)| Reader::open(column, chunk, &source, rows))
            .collect::<Result<Vec<_>, ParquetError>>()?;
        if readers.len() != R::COLUMNS.len() {
            return Err(Unreadable::Foreign);
        }
        let mut left = rows;
        while left > 0 {
            let batch = left.min(BATCH);
            let cells = readers.iter_mut().map(|reader| reader.read(batch)).collect::<Result<Vec<_>, _>>()?;
            for row in 0..batch {
                each(R::from_cells(&mut Cells::new(&cells, row))?);
            }
            left -= batch;
        }
    }
    Ok(())
}

fn span<R: Record>(group: &RowGroupMetaData) -> Option<Span> {
    let of = |column: usize| match group.columns().get(column)?.statistics()? {
        Statistics::Int64(statistics) => Some(statistics),
        _ => None,
    };
    let (first, last) = R::SPAN;
    Some(Span {
        first_at: Timestamp::from_microsecond(*of(first)?.min_opt()?).ok()?,
        last_at: Timestamp::from_microsecond(*of(last)?.max_opt()?).ok()?,
    })
}

/// One column of a group, from its top to its bottom.
enum Reader {
    Time(ColumnReaderImpl<Int64Type>),
    Number(ColumnReaderImpl<Int64Type>),
    Text(ColumnReaderImpl<ByteArrayType>),
    Texts(ColumnReaderImpl<ByteArrayType>),
}

impl Reader {
    fn open<R, C: ChunkReader + 'static>(
        column: &Column<R>,
        chunk: &ColumnChunkMetaData,
        source: &Arc<C>,
        rows: usize,
    ) -> Result<Self, ParquetError> {
        Ok(match column {
            Column::Time(..) => Self::Time(typed(chunk, source, rows)?),
            Column::Number(..) => Self::Number(typed(chunk, source, rows)?),
            Column::Text(..) => Self::Text(typed(chunk, source, rows)?),
            Column::Texts(..) => Self::Texts(typed(chunk, source, rows)?),
        })
    }

    /// So many rows, no fewer.
    fn read(&mut self, rows: usize) -> Result<Cell, Unreadable> {
        Ok(match self {
            Self::Time(reader) => {
                let mut values = Vec::new();
                let (read, ..) = reader.read_records(rows, None, None, &mut values)?;
                whole(read, rows)?;
                Cell::Times(values)
            }
            Self::Number(reader) => Cell::Numbers(optional(reader, rows)?),
            Self::Text(reader) => Cell::Texts(optional(reader, rows)?),
            Self::Texts(reader) => Cell::Lists(lists(reader, rows)?),
        })
    }
}

fn typed<T: DataType, C: ChunkReader + 'static>(
    chunk: &ColumnChunkMetaData,
    source: &Arc<C>,
    rows: usize,
) -> Result<ColumnReaderImpl<T>, ParquetError> {
    let pages = SerializedPageReader::new(Arc::clone(source), chunk, rows, None)?;
    Ok(ColumnReaderImpl::new(chunk.column_descr_ptr(), Box::new(pages)))
}

fn whole(read: usize, wanted: usize) -> Result<(), Unreadable> {
    if read == wanted { Ok(()) } else { Err(Unreadable::Damaged) }
}

fn optional<T: DataType>(reader: &mut ColumnReaderImpl<T>, rows: usize) -> Result<Vec<Option<T::T>>, Unreadable> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (read, ..) = reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    whole(read, rows)?;
    let mut values = values.into_iter();
    Ok(levels.iter().map(|level| if *level > 0 { values.next() } else { None }).collect())
}

fn lists(reader: &mut ColumnReaderImpl<ByteArrayType>, rows: usize) -> Result<Vec<Vec<ByteArray>>, Unreadable> {
    let (mut levels, mut repeats, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let (read, ..) = reader.read_records(rows, Some(&mut levels), Some(&mut repeats), &mut values)?;
    whole(read, rows)?;
    let mut values = values.into_iter();
    let mut lists: Vec<Vec<ByteArray>> = Vec::with_capacity(rows);
    for (level, repeat) in levels.iter().zip(&repeats) {
        if *repeat == 0 {
            lists.push(Vec::new());
        }
        if *level > 0 {
            lists.last_mut().ok_or(Unreadable::Damaged)?.extend(values.next());
        }
    }
    Ok(lists)
}
