//! One row of another register, read as the mapping says: what we make of it, and what is the matter with it.

use facts::{Facts, Text, Value};
use incident::{Imported, Narrative, SaidAt, SaidTold};
use sha2::{Digest, Sha256};

use super::field::{Field, Shape, plain};
use super::mapping::{Mapping, Unsaid};
use super::moment::Reading;
use super::table::{Cell, Merged, column_letters};
use super::words::{self, is_silent};
use crate::open::headline;

const OPEN: &[&str] = &[
    "open",
    "lopend",
    "loopt",
    "in behandeling",
    "in onderzoek",
    "nieuw",
    "nee",
    "n",
    "no",
    "ongoing",
    "in progress",
    "new",
];
/// In characters.
const LONGEST_TITLE: usize = 80;

const CLOSED: &[&str] = &[
    "gesloten",
    "afgesloten",
    "afgehandeld",
    "afgerond",
    "gereed",
    "klaar",
    "ja",
    "j",
    "yes",
    "y",
    "x",
    "closed",
    "done",
    "complete",
    "completed",
];

/// Something in a row that needs another look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// As a spreadsheet calls the column; absent where it is about the row.
    pub column: Option<String>,
    pub heading: String,
    pub text: Text,
}

impl RowProblem {
    pub(super) fn of_row(text: Text) -> Self {
        Self { column: None, heading: String::new(), text }
    }
}

/// What a row comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadRow {
    pub title: String,
    pub imported: Imported,
    /// What keeps it from being taken over.
    pub problems: Vec<RowProblem>,
    /// What was not recognised, and stays text.
    pub notes: Vec<RowProblem>,
    /// It says “Totaal” and holds nothing but numbers: a row that adds up others.
    pub adds_up: bool,
}

/// How rows of one file are read.
pub(super) struct Rows<'a> {
    pub(super) file: &'a str,
    pub(super) file_sha256: &'a str,
    pub(super) sheet: Option<&'a str>,
    pub(super) headings: &'a [String],
    pub(super) merged: &'a [Merged],
    pub(super) mapping: &'a Mapping,
    pub(super) reading: Reading<'a>,
}

impl Rows<'_> {
    pub(super) fn read(&self, row: u64, cells: &[Cell]) -> ReadRow {
        let mut read = ReadRow {
            title: String::new(),
            imported: Imported {
                file: self.file.to_owned(),
                file_sha256: self.file_sha256.to_owned(),
                sheet: self.sheet.map(str::to_owned),
                row,
                cells: self.own_words(cells),
                is_closed: self.mapping.unsaid == Unsaid::Closed,
                ..Imported::default()
            },
            problems: Vec::new(),
            notes: Vec::new(),
            adds_up: words::adds_up(cells),
        };
        if read.adds_up {
            read.title = cells.iter().find(|cell| !cell.is_empty()).map(Cell::words).unwrap_or_default();
            return read;
        }
        self.note_cells(&mut read, cells);
        let columns = self.mapping.columns.iter();
        for (place, field, cell) in columns.filter_map(|(place, field)| Some((*place, *field, cells.get(*place)?))) {
            // Nothing can be read in it.
            if matches!(cell, Cell::Formula(_)) {
                continue;
            }
            if let Err(text) = self.take(&mut read, place, field, &words::unguarded(cell)) {
                read.problems.push(self.at(place, text));
            }
        }
        self.check_whole(&mut read, cells);
        read
    }

    /// Says of cells that something is missing in them, which nobody sees who looks at the spreadsheet.
    fn note_cells(&self, read: &mut ReadRow, cells: &[Cell]) {
        let asked = cells.iter().enumerate().filter(|(place, _)| !self.mapping.left_out.contains(place));
        for (place, cell) in asked {
            if matches!(cell, Cell::Formula(_)) {
                read.notes.push(self.at(place, no_result()));
            } else if words::is_error(cell) && self.mapping.columns.contains_key(&place) {
                read.notes.push(self.at(place, error_shown(&cell.words())));
            }
        }
        let row = read.imported.row;
        for merged in self.merged.iter().filter(|merged| merged.rows.0 < row && row <= merged.rows.1) {
            let is_read = self.mapping.columns.contains_key(&merged.column);
            if is_read && cells.get(merged.column).is_none_or(Cell::is_empty) {
                read.notes.push(
                    self.at(merged.column, part_of(&format!("{}{}", column_letters(merged.column), merged.rows.0))),
                );
            }
        }
    }

    fn at(&self, place: usize, text: Text) -> RowProblem {
        let heading = self.headings.get(place).cloned().unwrap_or_default();
        RowProblem { column: Some(column_letters(place)), heading, text }
    }

    /// Heading and cell, whatever the mapping takes them for, and whatever it leaves out: what tells one row from another.
    pub(super) fn all_words(&self, cells: &[Cell]) -> Vec<(String, String)> {
        self.words_of(cells, |_| true)
    }

    /// Heading and cell of the columns that are taken over.
    fn own_words(&self, cells: &[Cell]) -> Vec<(String, String)> {
        self.words_of(cells, |place| !self.mapping.left_out.contains(&place))
    }

    fn words_of(&self, cells: &[Cell], is_asked: impl Fn(usize) -> bool) -> Vec<(String, String)> {
        let named = |(place, cell): (usize, &Cell)| {
            let heading = self.headings.get(place).filter(|heading| !heading.trim().is_empty());
            (heading.cloned().unwrap_or_else(|| column_letters(place)), cell.words())
        };
        let asked = cells.iter().enumerate().filter(|(place, cell)| !cell.is_empty() && is_asked(*place));
        asked.map(named).collect()
    }

    fn take(&self, read: &mut ReadRow, place: usize, field: Field, cell: &Cell) -> Result<(), Text> {
        match field.shape() {
            Shape::Moment => {
                if field == Field::ClosedAt && words::is_closing_unsaid(cell) {
                    read.imported.is_closed = true;
                    return Ok(());
                }
                let said = if is_silent(cell) { None } else { self.reading.moment(cell)? };
                self.take_moment(&mut read.imported, field, said);
            }
            Shape::Count => {
                if let Some((from, to)) = words::count(cell)? {
                    take_count(&mut read.imported, field, from, to)?;
                }
            }
            Shape::YesNo => {
                let cell = &words::without_source(cell);
                if words::is_to_do(cell) {
                    read.notes.push(self.at(
                        place,
                        Text::made(
                            format!(
                                "“{}”: er staat niet dat het is gebeurd. Kijk na of het intussen is gedaan.",
                                cell.words()
                            ),
                            format!(
                                "“{}”: it does not say that it was done. Check whether it has been since.",
                                cell.words()
                            ),
                        ),
                    ));
                } else if words::is_undecided(cell) {
                    read.notes.push(self.at(place, undecided(&cell.words())));
                } else if let Some((was_told, rest)) = self.yes_no_or_day(cell)? {
                    self.take_told(&mut read.imported, field, was_told, &rest);
                }
            }
            Shape::Vocabulary(fact) => {
                let text = cell.words();
                let (value, unknown) = words::vocabulary(fact, &text);
                if let Some(value) = value {
                    take_value(&mut read.imported.facts, fact, value);
                }
                if !unknown.is_empty() {
                    let unknown = unknown.join(", ");
                    read.notes.push(self.at(
                        place,
                        Text::made(
                            format!("“{unknown}” herkennen wij niet. Het blijft als tekst bij het incident staan."),
                            format!("“{unknown}” is not recognised. It stays with the incident as text."),
                        ),
                    ));
                }
            }
            Shape::Text if field == Field::State && cell.words().contains('?') => {
                read.notes.push(self.at(place, undecided(&cell.words())));
            }
            Shape::Text => self.take_text(read, field, cell)?,
        }
        Ok(())
    }

    fn take_moment(&self, imported: &mut Imported, field: Field, said: Option<SaidAt>) {
        match field {
            Field::OccurredFrom => imported.occurred_from = said,
            Field::OccurredTo => imported.occurred_to = said,
            Field::DetectedAt => imported.detected_at = said,
            Field::AwareAt => imported.aware_at = said,
            Field::AuthorityAt => told_at(&mut imported.authority, said),
            Field::SubjectsAt => told_at(&mut imported.subjects, said),
            Field::ClosedAt => {
                imported.closed_at = said.or(imported.closed_at);
                imported.is_closed |= said.is_some();
            }
            _ => {}
        }
    }

    /// A day in a column of yes and no says yes, on that day.
    fn yes_no_or_day(&self, cell: &Cell) -> Result<Option<(bool, String)>, Text> {
        let refused = match words::yes_no(cell) {
            Ok(said) => return Ok(said),
            Err(text) => text,
        };
        match self.reading.moment(cell) {
            Ok(Some(_)) => Ok(Some((true, cell.words()))),
            _ if self.day_and_rest(&cell.words()).is_some() => Ok(Some((true, cell.words()))),
            _ => Err(refused),
        }
    }

    /// The moment that a text begins with, and what stands behind it: "op 4-4-2019", "4-4-2019 (AP-1)", "4-4-2019, AP-1".
    fn day_and_rest<'t>(&self, text: &'t str) -> Option<(SaidAt, &'t str)> {
        let text = text.strip_prefix("op ").or_else(|| text.strip_prefix("on ")).unwrap_or(text);
        let in_brackets = text.strip_suffix(')').and_then(|text| text.split_once(" ("));
        let parted = [Some((text, "")), in_brackets, text.split_once(", ")];
        parted.into_iter().flatten().find_map(|(day, rest)| {
            let said = self.reading.moment(&Cell::Text(day.to_owned())).ok()??;
            Some((said, rest.trim()))
        })
    }

    fn take_told(&self, imported: &mut Imported, field: Field, was_told: bool, rest: &str) {
        let told = if field == Field::AuthorityTold { &mut imported.authority } else { &mut imported.subjects };
        told.was_told = Some(was_told);
        if !was_told {
            if !rest.is_empty() {
                add(&mut imported.motivation, rest);
            }
            return;
        }
        let (said, rest) = self.day_and_rest(rest).map_or((None, rest), |(said, rest)| (Some(said), rest));
        told.at = told.at.or(said);
        match field {
            _ if rest.is_empty() => {}
            Field::SubjectsTold => take_channel(told, rest),
            _ => add(&mut told.what, rest),
        }
    }

    fn take_text(&self, read: &mut ReadRow, field: Field, cell: &Cell) -> Result<(), Text> {
        let words = cell.words();
        let text = words.trim();
        if text.is_empty() {
            return Ok(());
        }
        let ReadRow { title, imported, .. } = read;
        let Narrative { description, measures_taken, measures_planned, late_reason } = &mut imported.narrative;
        match field {
            Field::Title if title.is_empty() => *title = titled(text),
            Field::Title => {}
            Field::Number => add(&mut imported.number, text),
            Field::Description => add(description, text),
            Field::Protection | Field::Effects => add(&mut imported.effects, &self.named(field, text)),
            Field::MeasuresTaken => add(measures_taken, text),
            Field::MeasuresPlanned => add(measures_planned, text),
            Field::LateReason => add(late_reason, text),
            Field::AuthorityNumber if !is_silent(cell) => add(&mut imported.authority.what, text),
            Field::SubjectsChannel if !is_silent(cell) => take_channel(&mut imported.subjects, text),
            Field::Motivation => add(&mut imported.motivation, text),
            Field::DecidedBy => {
                let by = words::without_source(cell).words();
                if !by.is_empty() {
                    add(&mut imported.decided_by, by.trim());
                }
            }
            Field::DpoAdvice => add(&mut imported.dpo_advice, text),
            Field::Lessons => add(&mut imported.lessons, text),
            Field::State => return self.take_state(imported, cell),
            _ => {}
        }
        Ok(())
    }

    /// The protection beforehand has no field of words of its own; it stands with the effects, under its own heading.
    fn named(&self, field: Field, text: &str) -> String {
        if field == Field::Protection { format!("{}: {text}", field.name().nl) } else { text.to_owned() }
    }

    fn take_state(&self, imported: &mut Imported, cell: &Cell) -> Result<(), Text> {
        let word = plain(&cell.words());
        if OPEN.contains(&word.as_str()) {
            imported.is_closed = imported.closed_at.is_some();
        } else if CLOSED.contains(&word.as_str()) {
            imported.is_closed = true;
        } else if let Ok(Some(said)) = self.reading.moment(cell) {
            (imported.is_closed, imported.closed_at) = (true, imported.closed_at.or(Some(said)));
        } else {
            let words = cell.words();
            return Err(Text::made(
                format!(
                    "“{words}” is geen status die wij kennen. Schrijf open of gesloten, of neem deze kolom niet over."
                ),
                format!("“{words}” is no status that we know. Write open or closed, or do not take this column over."),
            ));
        }
        Ok(())
    }

    /// What is only seen with the whole row at hand.
    fn check_whole(&self, read: &mut ReadRow, cells: &[Cell]) {
        let about_row = |nl: &'static str, en: &'static str| RowProblem::of_row(Text::new(nl, en));
        let ReadRow { title, imported, problems, notes, .. } = read;
        if title.is_empty() {
            *title = imported.narrative.description.as_deref().map(headline).unwrap_or_default();
        }
        let filled = cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        if let ([(place, cell)], true) = (filled.collect::<Vec<_>>().as_slice(), title.is_empty()) {
            problems
                .push(self.at(*place, alone(&cell.words(), &format!("{}{}", column_letters(*place), imported.row))));
        } else if title.is_empty() {
            problems.push(about_row(
                "Deze rij zegt niet wat er gebeurde: titel en omschrijving zijn leeg. Vul er een in, of haal de rij weg.",
                "This row does not say what happened: title and description are empty. Fill one in, or take the row out.",
            ));
        }
        let named = self.headings.iter().rposition(|heading| !heading.trim().is_empty()).map_or(0, |last| last + 1);
        if cells.iter().skip(named).any(|cell| !cell.is_empty()) {
            problems.push(about_row(
                "Deze rij heeft meer cellen dan er koppen zijn. Staat er een scheidingsteken in een tekst? Zet die tekst tussen dubbele aanhalingstekens.",
                "This row has more cells than there are headings. Does a text hold a separator? Put that text in double quotes.",
            ));
        }
        for told in [&mut imported.authority, &mut imported.subjects] {
            if told.was_told.is_none() && told.at.is_some() {
                told.was_told = Some(true);
            }
        }
        if imported.authority.was_told == Some(false) && imported.authority.at.is_some() {
            problems.push(about_row(
                "Er staat dat dit niet bij de AP is gemeld, en toch een datum van de melding. Haal een van de twee weg.",
                "It says that this was not reported to the authority, and yet a date of the report. Take one of the two out.",
            ));
        }
        for contradiction in imported.facts.contradictions() {
            problems.push(RowProblem::of_row(contradiction.text()));
        }
        let Imported { occurred_from: began, occurred_to: ended, detected_at, aware_at, closed_at, .. } = imported;
        for (early, late, nl, en) in [
            (
                &*began,
                &*ended,
                "Het einde ligt voor het begin. Zo staat het er; kijk het na.",
                "The end lies before the beginning. So it stands there; check it.",
            ),
            (
                began,
                aware_at,
                "De kennisname ligt voor het begin. Zo staat het er; kijk het na.",
                "Awareness lies before the beginning. So it stands there; check it.",
            ),
            (
                began,
                closed_at,
                "De sluiting ligt voor het begin. Zo staat het er; kijk het na.",
                "The closing lies before the beginning. So it stands there; check it.",
            ),
            (
                detected_at,
                closed_at,
                "De sluiting ligt voor de ontdekking. Zo staat het er; kijk het na.",
                "The closing lies before the discovery. So it stands there; check it.",
            ),
            (
                aware_at,
                closed_at,
                "De sluiting ligt voor de kennisname. Zo staat het er; kijk het na.",
                "The closing lies before awareness. So it stands there; check it.",
            ),
        ] {
            if early.zip(*late).is_some_and(|(early, late)| self.reading.is_before(late, early)) {
                notes.push(about_row(nl, en));
            }
        }
    }
}

/// That nobody said yes or no.
fn undecided(words: &str) -> Text {
    Text::made(
        format!(
            "“{words}” zegt niet wat het is. Het blijft onbekend; de cel blijft zoals hij is. Kijk na wat het moet zijn."
        ),
        format!(
            "“{words}” does not say which it is. It stays unknown, and the cell as it is. Check what it should be."
        ),
    )
}

fn no_result() -> Text {
    Text::new(
        "Deze cel heeft een formule zonder uitkomst. Open het bestand in Excel of LibreOffice, bewaar het en neem het dan over; nu blijft alleen de formule bewaard.",
        "This cell has a formula without a result. Open the file in Excel or LibreOffice, save it, and then take it over; now the formula alone is kept.",
    )
}

fn error_shown(words: &str) -> Text {
    Text::made(
        format!("“{words}” is een fout van het spreadsheet: wat hier hoort te staan, staat er niet. Kijk het na."),
        format!("“{words}” is an error of the spreadsheet: what should stand here does not. Check it."),
    )
}

fn part_of(cell: &str) -> Text {
    Text::made(
        format!(
            "Deze cel is samengevoegd met {cell}; wat daar staat, telt alleen voor die rij, en hier staat niets. Splits de cellen en vul ze elk in als het ook hier geldt."
        ),
        format!(
            "This cell is merged with {cell}; what stands there counts for that row alone, and nothing stands here. Unmerge the cells and fill in each, where it holds here too."
        ),
    )
}

fn alone(words: &str, cell: &str) -> Text {
    Text::made(
        format!(
            "In deze rij staat alleen iets in cel {cell}: “{words}”. Maak die cel leeg, of vul de rij aan met wat er gebeurde."
        ),
        format!(
            "In this row something stands in cell {cell} alone: “{words}”. Empty that cell, or complete the row with what happened."
        ),
    )
}

/// A title as it stands, where it is as short as one of ours; else what it begins with.
fn titled(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST_TITLE { line } else { headline(text) }
}

/// By which channel, and before it how many persons: "41, brief", and where it was not all at once "8: 3 brief (2026-03-27), 5 …".
fn take_channel(told: &mut SaidTold, text: &str) {
    let in_all = text.split_once(": ").filter(|(first, _)| words::whole(first).is_some());
    let (first, channel) = in_all.or_else(|| text.split_once(", ")).unwrap_or((text, ""));
    match words::whole(first).and_then(|digits| digits.parse().ok()) {
        Some(count) => {
            told.count = told.count.or(Some(count));
            if !channel.is_empty() {
                add(&mut told.what, channel);
            }
        }
        None => add(&mut told.what, text),
    }
}

fn told_at(told: &mut SaidTold, said: Option<SaidAt>) {
    told.at = said.or(told.at);
}

fn take_count(imported: &mut Imported, field: Field, from: u64, to: u64) -> Result<(), Text> {
    use facts::Fact;
    if from != to && field != Field::Subjects {
        return Err(Text::new(
            "Hier hoort één getal, geen bereik. Gebruik voor een bereik de kolom “Aantal personen”.",
            "One number belongs here, not a range. For a range use the column “Number of persons”.",
        ));
    }
    let facts = &mut imported.facts;
    match field {
        Field::Subjects => {
            take_value(facts, Fact::SubjectsMin, Value::Whole(from));
            take_value(facts, Fact::SubjectsMax, Value::Whole(to));
        }
        Field::SubjectsMin => take_value(facts, Fact::SubjectsMin, Value::Whole(from)),
        Field::SubjectsMax => take_value(facts, Fact::SubjectsMax, Value::Whole(to)),
        Field::Records => take_value(facts, Fact::Records, Value::Whole(from)),
        Field::SubjectsCount => imported.subjects.count = Some(from),
        _ => {}
    }
    Ok(())
}

/// Puts a value with what another column gave already.
fn take_value(facts: &mut Facts, fact: facts::Fact, value: Value) {
    let value = match (facts.value(fact), value) {
        (Some(Value::Many(before)), Value::Many(more)) => Value::Many(before.union(&more).copied().collect()),
        (_, value) => value,
    };
    // A value of the vocabulary is a value of its fact.
    let _ = facts.set(fact, value);
}

/// Puts a text behind what another column gave already.
fn add(to: &mut Option<String>, text: &str) {
    match to {
        Some(before) => {
            before.push('\n');
            before.push_str(text);
        }
        None => *to = Some(text.to_owned()),
    }
}

/// What makes a row the same row: its own words, and how many like it stand above it. So the same file gives the same
/// incidents again, saved anew or with rows added. Under a secret: this stays when the row is erased, and whoever guessed
/// its words could else find them confirmed.
pub(super) fn identity(secret: &[u8; 32], cells: &[(String, String)], like_it: usize) -> [u8; 32] {
    let mut hash = Sha256::new().chain_update(b"dijkwacht/imported-row/v2\n").chain_update(secret);
    for text in cells.iter().flat_map(|(heading, cell)| [heading, cell]) {
        hash = hash.chain_update((text.len() as u64).to_be_bytes()).chain_update(text.as_bytes());
    }
    hash.chain_update((like_it as u64).to_be_bytes()).finalize().into()
}
