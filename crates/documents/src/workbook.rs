//! A workbook before it is a file: sheets of typed cells, without a word about bytes.

use facts::Language;
use jiff::civil::{Date, DateTime};

/// A workbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Workbook {
    pub title: String,
    /// In whose name it speaks.
    pub author: String,
    pub language: Language,
    pub sheets: Vec<Sheet>,
}

/// One sheet: a row of headings, which stays in sight, and rows below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub name: String,
    pub columns: Vec<SheetColumn>,
    /// How many columns stay in sight on the left.
    pub kept_columns: u16,
    pub rows: Vec<Vec<SheetCell>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetColumn {
    pub heading: String,
    /// In characters.
    pub width: u16,
}

/// One cell. A text is a text, whatever it begins with: it never runs as a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum SheetCell {
    Empty,
    Text(String),
    Number(u64),
    /// In the zone of the reader.
    Moment(DateTime),
    Day(Date),
}
