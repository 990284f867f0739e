//! Files of tables: CSV and XLSX in, XLSX out.
//!
//! Promises: any bytes in, no panic out; what is read is bounded ([`app::import`]: bytes, rows, columns, cells), an archive is
//! unpacked only as far as its bound; a file that is read wrongly is refused rather than guessed at; the same workbook gives
//! the same bytes. Deliberately not here: what a column means, and files of the disk.

mod csv;
mod write;
mod xlsx;

use app::import::{
    Cell, LARGEST_FILE, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Table, Unreadable, column_letters,
    too_many_rows,
};
use documents::workbook::Workbook;

/// Reads and writes files of tables.
#[derive(Clone, Copy, Debug, Default)]
pub struct Files;

impl app::Sheets for Files {
    fn read(&self, bytes: &[u8], sheet: Option<&str>) -> Result<Table, Unreadable> {
        read(bytes, sheet)
    }

    fn write(&self, workbook: &Workbook) -> Result<Vec<u8>, app::Error> {
        write::xlsx(workbook).map_err(app::Error::internal)
    }
}

/// The table of a file, told by its first bytes.
pub fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Table, Unreadable> {
    if bytes.len() > LARGEST_FILE {
        let most = LARGEST_FILE >> 20;
        return Err(Unreadable::new(
            format!(
                "Het bestand is groter dan {most} MB. Bewaar alleen het blad met het register, of deel het in stukken."
            ),
            format!("The file is larger than {most} MB. Save the sheet with the register alone, or split it."),
        ));
    }
    match bytes {
        [] => Err(Unreadable::new("Het bestand is leeg. Kies een ander.", "The file is empty. Choose another.")),
        [b'P', b'K', 3, 4, ..] => xlsx::read(bytes, sheet),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Unreadable::new(
            "Dit is een Excel-bestand van voor 2007, of een met een wachtwoord. Open het in Excel en bewaar het als .xlsx zonder wachtwoord.",
            "This is an Excel file from before 2007, or one with a password. Open it in Excel and save it as .xlsx without a password.",
        )),
        [b'%', b'P', b'D', b'F', ..] => Err(Unreadable::new(
            "Dit is een pdf. Neem het register over in een spreadsheet en bewaar dat als .xlsx of .csv.",
            "This is a PDF. Put the register in a spreadsheet and save that as .xlsx or .csv.",
        )),
        _ if is_json(bytes) => Err(Unreadable::new(
            "Dit is JSON, en dat nemen wij niet over. Download het register als Excel of CSV (op de pagina Register, onder “Als bestand”) en kies dat; in de zip van een register heet dat bestand register.csv.",
            "This is JSON, which is not taken over. Download the register as Excel or CSV (on the page Register, under “As a file”) and choose that; in the zip of a register that file is called register.csv.",
        )),
        _ if sheet.is_some() => Err(no_sheets()),
        _ => csv::read(bytes),
    }
}

/// Whether a text begins as JSON does: an object, or a list of them. A cell of CSV does not.
fn is_json(bytes: &[u8]) -> bool {
    let unmarked = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let mut signs = unmarked.iter().filter(|byte| !byte.is_ascii_whitespace());
    matches!((signs.next(), signs.next()), (Some(b'{'), Some(b'"' | b'}')) | (Some(b'['), Some(b'{' | b']')))
}

fn no_sheets() -> Unreadable {
    Unreadable::new(
        "Een CSV-bestand heeft geen bladen. Laat het blad weg.",
        "A CSV file has no sheets. Leave the sheet out.",
    )
}

/// Takes cells in, row by row, within the bounds.
#[derive(Default)]
struct Taking {
    rows: Vec<(u64, Vec<Cell>)>,
    /// Bytes of text so far.
    text: usize,
}

impl Taking {
    /// Puts a cell at its place; `row` counts from 1 and never goes back, `column` from 0.
    fn take(&mut self, row: u64, column: usize, cell: Cell) -> Result<(), Unreadable> {
        if cell.is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(Unreadable::new(
                format!(
                    "Rij {row} heeft iets in kolom {}; wij lezen {MOST_COLUMNS} kolommen. Haal de overige weg.",
                    column_letters(column)
                ),
                format!(
                    "Row {row} holds something in column {}; {MOST_COLUMNS} columns are read. Take the others out.",
                    column_letters(column)
                ),
            ));
        }
        if let Cell::Text(text) | Cell::Formula(text) = &cell {
            self.text += text.len();
            if text.chars().count() > LONGEST_CELL {
                let place = format!("{}{row}", column_letters(column));
                return Err(Unreadable::new(
                    format!(
                        "Cel {place} is langer dan {LONGEST_CELL} tekens. Kort de tekst in, of zet hem in een bijlage."
                    ),
                    format!(
                        "Cell {place} is longer than {LONGEST_CELL} characters. Shorten the text, or put it in an attachment."
                    ),
                ));
            }
            if self.text > MOST_TEXT {
                return Err(Unreadable::new(
                    "Er staat meer tekst in dan wij in één keer lezen. Deel het bestand in stukken.",
                    "It holds more text than is read at once. Split the file.",
                ));
            }
        }
        if self.rows.last().is_none_or(|(last, _)| *last != row) {
            if self.rows.len() >= MOST_ROWS {
                return Err(Unreadable(too_many_rows()));
            }
            self.rows.push((row, Vec::new()));
        }
        if let Some((_, cells)) = self.rows.last_mut() {
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(())
    }
}
