//! Rows to a Parquet file.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::ColumnPath;

use crate::columns::{Column, Record};
use crate::row::{DnsRow, FlowRow};
use crate::seal::seal;

/// Rows of one group: what has to be in memory at once, of who writes and of who reads.
pub(crate) const GROUP_ROWS: usize = 8_192;

/// What stands in each file as its maker. Who reads goes by its beginning and its end: 1 had no checksum.
pub(crate) const MADE_BY: &str = concat!("dijkwacht ", env!("CARGO_PKG_VERSION"), " archive 2");

/// A file of conversations.
///
/// # Errors
/// `out` takes it not.
pub fn write_flows<W: Write>(out: W, rows: &[FlowRow]) -> Result<W> {
    write(out, rows)
}

/// A file of DNS questions.
///
/// # Errors
/// `out` takes it not.
pub fn write_dns<W: Write>(out: W, rows: &[DnsRow]) -> Result<W> {
    write(out, rows)
}

/// A whole file with its checksum; returns what it was written to, all of it handed over.
pub(crate) fn write<R: Record, W: Write>(mut out: W, rows: &[R]) -> Result<W> {
    let mut file = unsealed(rows)?;
    seal(&mut file).ok_or_else(|| ParquetError::General("the file has no end".to_owned()))?;
    out.write_all(&file)?;
    out.flush()?;
    Ok(out)
}

fn unsealed<R: Record>(rows: &[R]) -> Result<Vec<u8>> {
    let schema = Arc::new(parse_message_type(R::SCHEMA)?);
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties::<R>()))?;
    for rows in rows.chunks(GROUP_ROWS) {
        let mut group = writer.next_row_group()?;
        for column in R::COLUMNS {
            write_column(&mut group, column, rows)?;
        }
        group.close()?;
    }
    writer.into_inner()
}

fn properties<R: Record>() -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_created_by(MADE_BY.to_owned())
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        // Groups are small: an index of pages within them would only be longer.
        .set_offset_index_disabled(true);
    for column in R::COLUMNS {
        if let Column::Time(name, _) = column {
            // Moments differ, and little: the steps between them are what is kept.
            let path = ColumnPath::from(*name);
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        }
    }
    properties.build()
}

fn write_column<R, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    column: &Column<R>,
    rows: &[R],
) -> Result<()> {
    let missing = || ParquetError::General("the schema has fewer columns than the table of columns".to_owned());
    let mut out = group.next_column()?.ok_or_else(missing)?;
    match column {
        Column::Time(_, of) => {
            let values: Vec<i64> = rows.iter().map(|row| of(row).as_microsecond()).collect();
            out.typed::<Int64Type>().write_batch(&values, None, None)?;
        }
        Column::Number(_, of) => {
            let (levels, values) = known(rows.iter().map(of));
            out.typed::<Int64Type>().write_batch(&values, Some(&levels), None)?;
        }
        Column::Text(_, of) => {
            let texts = rows.iter().map(|row| of(row).map(|text| ByteArray::from(text.into_owned().into_bytes())));
            let (levels, values) = known(texts);
            out.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
        }
        Column::Texts(_, of) => {
            let (mut levels, mut repeats, mut values) = (Vec::new(), Vec::new(), Vec::new());
            for row in rows {
                let texts = of(row);
                if texts.is_empty() {
                    levels.push(0);
                    repeats.push(0);
                }
                for (place, text) in texts.iter().enumerate() {
                    levels.push(1);
                    repeats.push(i16::from(place > 0));
                    values.push(ByteArray::from(text.as_bytes().to_vec()));
                }
            }
            out.typed::<ByteArrayType>().write_batch(&values, Some(&levels), Some(&repeats))?;
        }
    }
    out.close()
}

/// Which of them are known, and those.
fn known<T>(values: impl Iterator<Item = Option<T>>) -> (Vec<i16>, Vec<T>) {
    let (mut levels, mut present) = (Vec::new(), Vec::new());
    for value in values {
        levels.push(i16::from(value.is_some()));
        present.extend(value);
    }
    (levels, present)
}
