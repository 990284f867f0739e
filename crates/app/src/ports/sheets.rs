//! The port of spreadsheets: files of tables in, and out.

use documents::workbook::Workbook;

use crate::Error;
use crate::import::{Table, Unreadable};

/// Reads and writes files of tables.
pub trait Sheets: Send + Sync {
    /// The table of a file: CSV (separated by semicolons, commas or tabs) or XLSX, told by its bytes. `sheet`: which sheet of a
    /// workbook; the first one where nothing is said. Bounded: see [`crate::import`].
    fn read(&self, bytes: &[u8], sheet: Option<&str>) -> Result<Table, Unreadable>;
    /// The workbook as XLSX; the same workbook gives the same bytes.
    fn write(&self, workbook: &Workbook) -> Result<Vec<u8>, Error>;
}
