//! What each column of a file is for us.

use std::collections::{BTreeMap, BTreeSet};

use facts::Text;

use super::field::Field;
use super::moment::Slashes;
use super::table::{Cell, Table, column_letters};
use crate::FieldProblem;

/// What a mapping file and the form call a column that is left out.
pub const LEFT_OUT: &str = "leave_out";
/// How far down the headings are looked for.
const MOST_ABOVE: usize = 20;

/// What to make of a row that does not say whether it is closed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unsaid {
    #[default]
    Open,
    Closed,
}

impl Unsaid {
    pub const ALL: [Self; 2] = [Self::Open, Self::Closed];

    /// The name in a mapping file and on the form.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

/// What to do with a row of which the number in that register stands here already, with other words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SameNumber {
    #[default]
    Skip,
    Take,
}

impl SameNumber {
    pub const ALL: [Self; 2] = [Self::Skip, Self::Take];

    /// The name in a mapping file and on the form.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Take => "take",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

/// How a file is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping {
    /// The row with the headings, as a spreadsheet counts.
    pub heading_row: u64,
    /// What columns are, by their place from 0; the others are kept in their own words alone.
    pub columns: BTreeMap<usize, Field>,
    /// Columns of which nothing is taken over, not even their words: a name that nobody needs here.
    pub left_out: BTreeSet<usize>,
    pub slashes: Slashes,
    pub unsaid: Unsaid,
    pub same_number: SameNumber,
}

/// One column of a file, for who says what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub place: usize,
    /// As a spreadsheet calls it: `A`.
    pub letters: String,
    pub heading: String,
    /// The first things that stand in it.
    pub samples: Vec<String>,
    pub guess: Option<Field>,
}

impl Mapping {
    /// Our guess: the row with the most headings that people write has them; where none has two of those, the first with
    /// texts in more than half as many cells as rows mostly have.
    #[must_use]
    pub fn guess(table: &Table) -> Self {
        let top = || table.rows.iter().take(MOST_ABOVE);
        let known = |cells: &[Cell]| Field::known(&cells.iter().map(Cell::words).collect::<Vec<_>>());
        // Of those that are alike the first.
        let best = top().map(|(row, cells)| (known(cells), *row)).rev().max_by_key(|(known, _)| *known);
        let filled = |cells: &[Cell]| cells.iter().filter(|cell| !cell.is_empty()).count();
        let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
        top().for_each(|(_, cells)| *widths.entry(filled(cells)).or_default() += 1);
        let usual = widths.into_iter().max_by_key(|(_, rows)| *rows).map_or(0, |(width, _)| width);
        let is_heading = |cells: &[Cell]| {
            let texts = cells.iter().filter(|cell| matches!(cell, Cell::Text(_)) && !cell.is_empty()).count();
            texts == filled(cells) && texts * 2 > usual
        };
        let heading_row = match best {
            Some((known, row)) if known > 1 => row,
            _ => top().find(|(_, cells)| is_heading(cells)).or_else(|| table.rows.first()).map_or(1, |(row, _)| *row),
        };
        let mut mapping = Self { heading_row, ..Self::default() };
        let guesses = mapping.columns_of(table).into_iter().filter_map(|column| Some((column.place, column.guess?)));
        mapping.columns = guesses.collect();
        mapping
    }

    /// The columns that these headings name, each with what stands in it and our guess.
    #[must_use]
    pub fn columns_of(&self, table: &Table) -> Vec<Column> {
        let headings = self.headings(table);
        let guesses = Field::guess(&headings);
        let rows = || table.rows.iter().filter(|(row, _)| *row > self.heading_row);
        let column = |(place, (heading, guess)): (usize, (String, Option<Field>))| {
            let filled = rows().filter_map(|(_, cells)| cells.get(place)).filter(|cell| !cell.is_empty());
            let samples: Vec<_> = filled.take(3).map(|cell| shortened(&cell.words())).collect();
            let is_named = !heading.trim().is_empty();
            (is_named || !samples.is_empty()).then(|| Column {
                place,
                letters: column_letters(place),
                heading,
                samples,
                guess,
            })
        };
        headings.into_iter().zip(guesses).enumerate().filter_map(column).collect()
    }

    /// The heading of every column, as wide as the table is.
    #[must_use]
    pub fn headings(&self, table: &Table) -> Vec<String> {
        let width = table.rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
        let named = table.rows.iter().find(|(row, _)| *row == self.heading_row).map(|(_, cells)| cells.as_slice());
        let heading = |place| named.and_then(|cells| cells.get(place)).map(Cell::words).unwrap_or_default();
        (0..width).map(heading).collect()
    }

    /// What is wrong with it, by the name of the field of the form: `kolom-3`.
    #[must_use]
    pub fn problems(&self, table: &Table) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut problem =
            |field: String, nl: String, en: String| problems.push(FieldProblem { field, text: Text::made(nl, en) });
        if !table.rows.iter().any(|(row, _)| *row == self.heading_row) {
            let row = self.heading_row;
            problem(
                "koppen".into(),
                format!("Rij {row} is leeg of bestaat niet. Kies de rij met de koppen."),
                format!("Row {row} is empty or does not exist. Choose the row with the headings."),
            );
        } else if !table.rows.iter().any(|(row, _)| *row > self.heading_row) {
            problem(
                "koppen".into(),
                "Onder de koppen staat niets. Kies de rij met de koppen, of een ander blad.".into(),
                "Nothing stands below the headings. Choose the row with the headings, or another sheet.".into(),
            );
        }
        if !self.columns.values().any(|field| matches!(field, Field::Title | Field::Description)) {
            problem(
                "kolommen".into(),
                "Wijs een kolom aan die zegt wat er gebeurde: een titel of een omschrijving.".into(),
                "Point out a column that says what happened: a title or a description.".into(),
            );
        }
        for place in self.columns.keys().filter(|place| self.left_out.contains(place)) {
            let letters = column_letters(*place);
            problem(
                format!("kolom-{place}"),
                format!("Kolom {letters} wordt overgenomen en ook niet. Kies er een."),
                format!("Column {letters} is both taken over and left out. Choose one."),
            );
        }
        for (place, field) in &self.columns {
            let first = self.columns.iter().find(|(_, other)| *other == field).map(|(first, _)| *first);
            if !field.takes_several() && first != Some(*place) {
                let (one, other) = (column_letters(first.unwrap_or_default()), column_letters(*place));
                let name = field.name();
                problem(
                    format!("kolom-{place}"),
                    format!("Kolom {one} en kolom {other} zijn allebei “{}”. Kies er een.", name.nl),
                    format!("Columns {one} and {other} are both “{}”. Choose one.", name.en),
                );
            }
        }
        problems
    }
}

fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 60 {
        return line;
    }
    format!("{}…", line.chars().take(59).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(rows: &[&str]) -> u64 {
        let cells = |row: &&str| row.split(';').map(|cell| Cell::Text(cell.to_owned())).collect();
        let rows = (1..).zip(rows.iter().map(cells)).collect();
        Mapping::guess(&Table { rows, ..Table::default() }).heading_row
    }

    #[test]
    fn the_row_of_headings_is_found() {
        let check = |expected: u64, rows: &[&str]| assert_eq!(guessed(rows), expected, "{rows:?}");
        check(1, &["Nr;Datum;Omschrijving", "1;3-4-2019;Mail verkeerd"]);
        check(2, &["Register datalekken 2019;;;", "Nr;Datum;Omschrijving", "1;3-4-2019;Mail verkeerd"]);
        // Cells behind the headings, in some rows or in all: once a row of the register was taken for the headings.
        check(1, &["Nr;Datum;Omschrijving", "1;3-4-2019;Mail;;;zie map;nagebeld;klaar", "2;4-4-2019;Post"]);
        check(1, &["Volgnr;Datum;Wat", "1;3-4-2019;Mail;a;b;c;d", "2;4-4-2019;Post;a;b;c;d"]);
        check(2, &["Gemaakt door;Joost;op;3-4-2019", "Nr;Datum;Omschrijving;Status", "1;3-4-2019;Mail;open"]);
        // No heading that anybody else uses: the first row of texts that is wide enough.
        check(2, &["Ons lijstje;;", "Kleur;Maat;Vorm", "rood;groot;rond"]);
        check(1, &["Kleur;Maat;Vorm", "rood;groot;rond;a;b;c;d", "blauw;klein;plat"]);
        check(1, &["4.1.1;4.2;5.3", "3-4-2019;4-4-2019;Mail"]);
    }
}
