//! A table as a file holds it, before anybody says what its columns mean; and the limits of what is read at all.

use facts::Text;
use jiff::civil::DateTime;

use crate::MOST_AT_ONCE;

/// The largest file that is taken, in bytes.
pub const LARGEST_FILE: usize = 8 << 20;
/// The most rows, the lines above the headings included. People are told [`MOST_AT_ONCE`].
pub const MOST_ROWS: usize = MOST_AT_ONCE + 50;
/// The most columns.
pub const MOST_COLUMNS: usize = 200;
/// The longest cell, in characters: as long as a text in a case may be.
pub const LONGEST_CELL: usize = 20_000;
/// The most text of all cells together, in bytes.
pub const MOST_TEXT: usize = 16 << 20;

/// Why a file with more rows than go at once is not taken.
#[must_use]
pub fn too_many_rows() -> Text {
    let thousands = MOST_AT_ONCE / 1_000;
    Text::made(
        format!(
            "Dit bestand heeft meer dan {thousands}.000 rijen, en meer gaan er niet in één keer. Deel het in stukken."
        ),
        format!("This file has more than {thousands},000 rows, and no more go at once. Split it."),
    )
}

/// One sheet of a file, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The sheet that was read; absent for a file without sheets.
    pub sheet: Option<String>,
    /// Every sheet there is.
    pub sheets: Vec<String>,
    /// How the file was read, for who looks whether it was read well: its encoding and separator.
    pub read_as: String,
    /// Rows with something in them, with their number as a spreadsheet counts: the first is 1.
    pub rows: Vec<(u64, Vec<Cell>)>,
    /// Cells with something in them that are one with those below.
    pub merged: Vec<Merged>,
}

/// A cell over several rows: what it says stands in the first of them alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its column, from 0.
    pub column: usize,
    /// Its first and its last row, as a spreadsheet counts.
    pub rows: (u64, u64),
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Number(f64),
    /// A date, or a date and time, that the file itself marks as one.
    Moment(DateTime),
    Truth(bool),
    /// A formula of which the file does not hold what it comes to: programs that write files do not reckon.
    Formula(String),
}

impl Cell {
    /// What stands in it, as text.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Moment(at) if at.time() == jiff::civil::Time::midnight() => at.date().to_string(),
            Self::Moment(at) => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Truth(true) => "ja".into(),
            Self::Truth(false) => "nee".into(),
            Self::Formula(formula) => format!("={formula}"),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Number(_) | Self::Moment(_) | Self::Truth(_) | Self::Formula(_) => false,
        }
    }
}

/// Why a file cannot be read at all: what is the matter, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.en)]
pub struct Unreadable(pub Text);

impl Unreadable {
    #[must_use]
    pub fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Text::made(nl.into(), en.into()))
    }
}

/// The letters by which a spreadsheet calls a column: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn column_letters(place: usize) -> String {
    let mut letters = String::new();
    let mut rest = place;
    loop {
        let letter = u8::try_from(rest % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + letter));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => return letters,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_a_spreadsheet_calls_them() {
        for (place, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_letters(place), letters);
        }
    }
}
