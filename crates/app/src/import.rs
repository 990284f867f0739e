//! Taking over a register that was kept elsewhere: a file's rows become incidents that say where they come from.
//!
//! Promises: all rows or none, in one transaction under one checkpoint; the same row is taken over once, however often its
//! file is; each row's own words are kept exactly, but for the columns that are left out; nothing is decided, and no law judges it, by taking it over. Deliberately
//! not here: reading a file's bytes ([`crate::Sheets`]).

mod field;
mod mapping;
mod moment;
mod row;
mod table;
mod words;

use std::collections::BTreeMap;

use documents::register_table;
use facts::{IncidentId, Language, Text};
use incident::{Event, Incident, Opening, Permission, Stamped};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::append::{listing, project};
use crate::handle::require;
use crate::{App, Append, Error, FieldProblem, MOST_AT_ONCE, NewEntry, Scope, StoreError, write_event};

pub use field::Field;
pub use mapping::{Column, LEFT_OUT, Mapping, SameNumber, Unsaid};
pub use moment::Slashes;
pub use row::{ReadRow, RowProblem};
pub use table::{
    Cell, LARGEST_FILE, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, MOST_TEXT, Merged, Table, Unreadable, column_letters,
    too_many_rows,
};
pub use words::whole;

/// How many other rows a note names.
const MOST_NAMED: usize = 5;

/// A file that is taken over: what it is called, what it is, what stands in it.
#[derive(Clone, Copy, Debug)]
pub struct ImportFile<'a> {
    pub name: &'a str,
    pub sha256: &'a str,
    pub table: &'a Table,
}

/// What taking a file over would do, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImportPlan {
    pub rows: Vec<PlannedRow>,
    /// That rows will be erased soon after, how many and when.
    pub erasing: Option<Text>,
}

/// What would become of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedRow {
    pub id: IncidentId,
    pub read: ReadRow,
    /// The incident that has its number in that register, where it was not itself taken over before: a row with other words.
    pub same_number: Option<u64>,
    /// What becomes of it.
    pub fate: Fate,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    New,
    /// It was taken over before.
    There,
    /// Its number stands here already.
    Skipped,
    /// It is no breach: it adds up the rows above.
    Totals,
    /// Something is the matter with it.
    Wrong,
}

/// What was taken over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenOver {
    pub taken: usize,
    /// How many rows were there already.
    pub there: usize,
    /// How many were left out because their number is there already.
    pub skipped: usize,
    /// The numbers that the new incidents got.
    pub numbers: Option<(u64, u64)>,
}

impl ImportPlan {
    /// How many rows something is the matter with.
    #[must_use]
    pub fn wrong(&self) -> usize {
        self.count(Fate::Wrong)
    }

    /// How many rows are there already.
    #[must_use]
    pub fn there(&self) -> usize {
        self.count(Fate::There)
    }

    /// How many rows are left out because their number is there already.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.count(Fate::Skipped)
    }

    /// How many rows would be taken over.
    #[must_use]
    pub fn new_rows(&self) -> usize {
        self.count(Fate::New)
    }

    /// How many rows are left out because they add up the others.
    #[must_use]
    pub fn totals(&self) -> usize {
        self.count(Fate::Totals)
    }

    fn count(&self, fate: Fate) -> usize {
        self.rows.iter().filter(|row| row.fate == fate).count()
    }
}

impl App {
    /// What taking this file over would do. Changes nothing.
    pub async fn plan_import(
        &self,
        scope: &Scope,
        file: ImportFile<'_>,
        mapping: &Mapping,
        now: Timestamp,
    ) -> Result<ImportPlan, Error> {
        require(scope, Permission::HandleIncident)?;
        let mut problems = mapping.problems(file.table);
        let count = file.table.rows.iter().filter(|(row, _)| *row > mapping.heading_row).count();
        if count > MOST_AT_ONCE {
            problems.push(FieldProblem { field: "bestand".into(), text: too_many_rows() });
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let zone = TimeZone::get(&scope.organisation().zone).map_err(Error::internal)?;
        let headings = mapping.headings(file.table);
        let rows = row::Rows {
            file: file.name,
            file_sha256: file.sha256,
            sheet: file.table.sheet.as_deref(),
            headings: &headings,
            merged: &file.table.merged,
            mapping,
            reading: moment::Reading { zone: &zone, now, slashes: mapping.slashes },
        };
        let secret = self.signer.key(scope.id()).secret_for("imported-row");
        let mut seen: BTreeMap<Vec<(String, String)>, usize> = BTreeMap::new();
        let mut planned = Vec::new();
        for (row, cells) in file.table.rows.iter().filter(|(row, _)| *row > mapping.heading_row) {
            let read = rows.read(*row, cells);
            // What is left out tells rows apart too: the same file is known again, whatever is chosen for its columns.
            let words = rows.all_words(cells);
            let like_it = seen.entry(words.clone()).or_default();
            let [id @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] = row::identity(&secret, &words, *like_it);
            *like_it += 1;
            // RFC 9562 version 8: an id made from what it names.
            let id = IncidentId(uuid::Builder::from_custom_bytes(id).into_uuid());
            planned.push(PlannedRow { id, read, same_number: None, fate: Fate::New });
        }
        let ids: Vec<_> = planned.iter().map(|row| row.id).collect();
        let there = self.store.are_written(scope, &ids).await?;
        let numbers = planned.iter().filter_map(|row| row.read.imported.number_to_find()).collect();
        let numbers = self.store.numbers_there(scope, &numbers).await?;
        // A file of our own names our own numbers.
        let mut own = BTreeMap::new();
        if register_table::is_ours(&headings) {
            let row = |row: crate::IncidentRow| (row.number, (row.title, row.keeping.erased_at.is_some()));
            own.extend(self.store.incidents(scope).await?.into_iter().map(row));
        }
        let is_own = |number: &str, title: &str| {
            let number: u64 = number.parse().ok()?;
            // What was erased here has no title left to tell it by, and an older file of ours would bring it back.
            own.get(&number).filter(|(own, is_erased)| *is_erased || own == title).map(|_| number)
        };
        for row in &mut planned {
            let is_there = there.contains(&row.id);
            let number = row.read.imported.number_to_find().filter(|_| !is_there);
            row.same_number =
                number.and_then(|number| numbers.get(&number).copied().or_else(|| is_own(&number, &row.read.title)));
            row.fate = match (is_there, row.same_number, mapping.same_number) {
                (true, ..) => Fate::There,
                (false, Some(_), SameNumber::Skip) => Fate::Skipped,
                _ if row.read.adds_up => Fate::Totals,
                _ if !row.read.problems.is_empty() => Fate::Wrong,
                _ => Fate::New,
            };
        }
        note_numbers_twice(&mut planned);
        let erasing = self.note_erasures(scope, &mut planned, now).await?;
        Ok(ImportPlan { rows: planned, erasing })
    }

    /// Says of every new row whether it will be erased within the days of notice, and of all of them together.
    async fn note_erasures(
        &self,
        scope: &Scope,
        planned: &mut [PlannedRow],
        now: Timestamp,
    ) -> Result<Option<Text>, Error> {
        let terms = self.retention_terms(scope).await?;
        let zone = TimeZone::get(&scope.organisation().zone).map_err(Error::internal)?;
        let (mut first, mut count) = (None, 0_usize);
        for row in planned.iter_mut().filter(|row| row.fate == Fate::New && row.read.imported.is_closed) {
            let (_, incident) = opened(scope, 0, row.id, row.read.clone(), now)?;
            let Some(at) = self.soon_erased(scope, &project(&incident), &terms, now)? else { continue };
            count += 1;
            first = first.into_iter().chain([at]).min();
            let (nl, en) = days(at, &zone);
            row.read.notes.push(RowProblem::of_row(Text::made(
                format!("De bewaartermijn is voorbij: dit wordt op {nl} gewist."),
                format!("The retention term has ended: this will be erased on {en}."),
            )));
        }
        Ok(first.map(|at| erasing(count, &days(at, &zone))))
    }

    /// Takes a file over: every row that is not there yet, in one transaction. `Invalid` where something is the matter with a
    /// row; nothing is taken over then.
    pub async fn import(
        &self,
        scope: &Scope,
        file: ImportFile<'_>,
        mapping: &Mapping,
        now: Timestamp,
    ) -> Result<TakenOver, Error> {
        // Others may open incidents meanwhile, and take the numbers; or take the same file over.
        for _ in 0..20 {
            let now = self.not_before(scope, now).await?;
            let plan = self.plan_import(scope, file, mapping, now).await?;
            if plan.wrong() > 0 {
                return Err(Error::Invalid(vec![FieldProblem { field: "rijen".into(), text: wrong_rows(&plan) }]));
            }
            let (there, skipped) = (plan.there(), plan.skipped());
            let first = self.store.next_number(scope).await?;
            let fresh = plan.rows.into_iter().filter(|row| row.fate == Fate::New);
            let appends = (first..).zip(fresh).map(|(number, row)| self.take_over(scope, number, row, now));
            let appends = appends.collect::<Result<Vec<_>, _>>()?;
            let taken = appends.len();
            if taken == 0 {
                return Ok(TakenOver { taken, there, skipped, numbers: None });
            }
            match self.store.append_all(scope, appends, self.signer.as_ref()).await {
                Err(StoreError::Conflict) => {}
                done => {
                    done?;
                    let numbers = Some((first, first + taken as u64 - 1));
                    return Ok(TakenOver { taken, there, skipped, numbers });
                }
            }
        }
        Err(Error::Conflict)
    }

    fn take_over(&self, scope: &Scope, number: u64, row: PlannedRow, now: Timestamp) -> Result<Append, Error> {
        let id = row.id;
        let (event, incident) = opened(scope, number, id, row.read, now)?;
        let body = write_event(id, scope.actor(), &event).map_err(Error::internal)?;
        let kind = event.kind();
        Ok(Append {
            incident: id,
            expected: 0,
            entries: vec![NewEntry { kind, recorded_at: now, body, salt: self.chance.bytes()? }],
            row: project(&incident),
            listing: listing(&incident)?,
            detections: Vec::new(),
            letters: Vec::new(),
            erase: Vec::new(),
            forget: Vec::new(),
            files: Vec::new(),
        })
    }
}

/// The incident that a row becomes, and the event that opens it.
fn opened(
    scope: &Scope,
    number: u64,
    id: IncidentId,
    read: ReadRow,
    now: Timestamp,
) -> Result<(Event, Incident), Error> {
    let opening = Opening::Imported(Box::new(read.imported));
    let event = Event::Opened { number, title: read.title, opening };
    let by = scope.actor().clone();
    let first = Stamped { incident: id, index: None, recorded_at: now, by, event: event.clone() };
    let incident = Incident::open(scope.id(), &first).ok_or(Error::NotFound)?;
    Ok((event, incident))
}

/// In which rows something is the matter.
fn wrong_rows(plan: &ImportPlan) -> Text {
    let wrong = plan.rows.iter().filter(|row| row.fate == Fate::Wrong);
    let mut rows: Vec<_> = wrong.take(MOST_NAMED + 1).map(|row| row.read.imported.row.to_string()).collect();
    if rows.len() > MOST_NAMED {
        rows.pop();
        rows.push("…".into());
    }
    let rows = rows.join(", ");
    Text::made(
        format!("Er is niets overgenomen: in rij {rows} klopt iets niet. Verbeter het bestand of de keuzes hieronder."),
        format!(
            "Nothing was taken over: something is the matter in row {rows}. Correct the file or the choices below."
        ),
    )
}

/// Says of rows with the same number which others have it.
fn note_numbers_twice(planned: &mut [PlannedRow]) {
    let mut rows: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for row in planned.iter() {
        if let Some(number) = row.read.imported.number_to_find() {
            rows.entry(number).or_default().push(row.read.imported.row);
        }
    }
    for row in planned {
        let Some(number) = row.read.imported.number_to_find() else { continue };
        let others = rows.get(&number).into_iter().flatten().filter(|other| **other != row.read.imported.row);
        let others: Vec<_> = others.take(MOST_NAMED).map(u64::to_string).collect();
        if !others.is_empty() {
            let (nl, en) = (others.join(", "), others.join(", "));
            row.read.notes.push(RowProblem::of_row(Text::made(
                format!("Nummer {number} staat ook in rij {nl}. Kijk na of dit niet twee keer hetzelfde is."),
                format!("Number {number} stands in row {en} too. Check that this is not the same twice."),
            )));
        }
    }
}

/// A day in both languages.
fn days(at: Timestamp, zone: &TimeZone) -> (String, String) {
    (documents::day(at, zone, Language::Dutch), documents::day(at, zone, Language::English))
}

fn erasing(count: usize, (nl, en): &(String, String)) -> Text {
    let (rows_nl, rows_en) = match count {
        1 => ("1 rij is".to_owned(), "1 row was".to_owned()),
        _ => (format!("{count} rijen zijn"), format!("{count} rows were")),
    };
    Text::made(
        format!(
            "Let op: {rows_nl} zo lang geleden gesloten dat de bewaartermijn voorbij is. Dat wordt op {nl} gewist, dertig dagen na het overnemen. Wilt u het langer bewaren, verleng dan eerst de bewaartermijn bij de instellingen, of leg na het overnemen een wisverbod op."
        ),
        format!(
            "Mind: {rows_en} closed so long ago that the retention term has ended. That will be erased on {en}, thirty days after it is taken over. To keep it longer, first lengthen the retention term in the settings, or hold it once it is taken over."
        ),
    )
}
