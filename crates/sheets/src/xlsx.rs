//! XLSX, cell by cell: never the whole rectangle that a far-away cell would span.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, copy, sink};
use std::panic::{AssertUnwindSafe, catch_unwind};

use app::import::{Cell, Merged, Table, Unreadable};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError, XlsxFormulaMetadata, open_workbook_from_rs};
use jiff::civil::Date;
use zip::ZipArchive;

use crate::Taking;

/// How far an archive is unpacked, in bytes of all its members together.
const MOST_UNPACKED: u64 = 64 << 20;
const MOST_MEMBERS: usize = 1_000;
/// How many cells are looked at, empty ones included.
const MOST_CELLS: usize = 2_000_000;

/// The library beneath may panic on what is damaged (it counts a column of seven letters beyond what a number holds): that
/// file is refused as any other that cannot be read.
pub(crate) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Table, Unreadable> {
    let damaged = || Err(refused(&io::Error::other("a cell or a number in it is damaged")));
    catch_unwind(AssertUnwindSafe(|| read_workbook(bytes, sheet))).unwrap_or_else(|_| damaged())
}

fn read_workbook(bytes: &[u8], sheet: Option<&str>) -> Result<Table, Unreadable> {
    check_size(bytes)?;
    let mut workbook: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(bytes)).map_err(|error: XlsxError| refused(&error))?;
    let sheets = workbook.sheet_names().to_owned();
    let Some(name) = sheet.map(str::to_owned).or_else(|| sheets.first().cloned()) else {
        return Err(Unreadable::new(
            "Dit bestand heeft geen bladen. Kies een ander.",
            "This file has no sheets. Choose another.",
        ));
    };
    if !sheets.contains(&name) {
        let all = sheets.join(", ");
        return Err(Unreadable::new(
            format!("Er is geen blad “{name}”. Kies uit: {all}."),
            format!("There is no sheet “{name}”. Choose from: {all}."),
        ));
    }
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| refused(&error))?;
    let mut taking = Taking::default();
    let mut count = 0_usize;
    let mut last = 0;
    // Of those that are shared the text stands at the first.
    let mut shared: BTreeMap<usize, String> = BTreeMap::new();
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| refused(&error))? {
        count += 1;
        let (row, column) = cell.pos;
        let row = u64::from(row) + 1;
        if count > MOST_CELLS || row < last {
            return Err(Unreadable::new(
                "Dit blad is te groot of door elkaar geraakt. Kopieer alleen het register naar een nieuw bestand.",
                "This sheet is too large, or out of order. Copy the register alone to a new file.",
            ));
        }
        last = row;
        let formula = cell.formula.map(|formula| match formula {
            XlsxFormulaMetadata::Shared { shared_index, formula, .. } => {
                shared.insert(shared_index, formula.clone());
                formula
            }
            XlsxFormulaMetadata::SharedDerived { shared_index } => {
                shared.get(&shared_index).cloned().unwrap_or_default()
            }
            XlsxFormulaMetadata::Normal { formula } => formula,
            _ => String::new(),
        });
        let value = match (value(&cell.value), formula) {
            (Cell::Empty, Some(formula)) => Cell::Formula(formula),
            (value, _) => value,
        };
        taking.take(row, column as usize, value)?;
    }
    drop(cells);
    let merged = workbook.merge_cells_by_sheet_name(&name).map_err(|error| refused(&error))?;
    let merged = merged.into_iter().filter_map(|area| {
        let (first, last) = (u64::from(area.start.0) + 1, u64::from(area.end.0) + 1);
        (first < last).then_some(Merged { column: area.start.1 as usize, rows: (first, last) })
    });
    let merged = merged.filter(|area| is_filled(&taking.rows, area.rows.0, area.column)).collect();
    Ok(Table { sheet: Some(name), sheets, read_as: "XLSX".into(), rows: taking.rows, merged })
}

/// Whether something stands in this cell; rows come in order.
fn is_filled(rows: &[(u64, Vec<Cell>)], row: u64, column: usize) -> bool {
    let found = rows.binary_search_by_key(&row, |(row, _)| *row).ok().and_then(|place| rows.get(place));
    found.and_then(|(_, cells)| cells.get(column)).is_some_and(|cell| !cell.is_empty())
}

/// Unpacks everything to nowhere first: what an archive says of its size counts for nothing.
fn check_size(bytes: &[u8]) -> Result<(), Unreadable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
    let too_large = || {
        Unreadable::new(
            "Dit bestand wordt bij het uitpakken te groot. Kopieer alleen het register naar een nieuw bestand, zonder plaatjes.",
            "This file grows too large when it is unpacked. Copy the register alone to a new file, without pictures.",
        )
    };
    if archive.len() > MOST_MEMBERS {
        return Err(too_large());
    }
    let mut left = MOST_UNPACKED;
    for place in 0..archive.len() {
        let member = archive.by_index(place).map_err(|error| refused(&error))?;
        let unpacked = copy(&mut member.take(left + 1), &mut sink()).map_err(|error| refused(&error))?;
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

fn refused(error: &dyn std::error::Error) -> Unreadable {
    Unreadable::new(
        "Dit bestand is geen werkboek (.xlsx) dat wij kunnen lezen. Open het in Excel of LibreOffice en bewaar het opnieuw als .xlsx, of als CSV UTF-8.",
        format!(
            "This file is no workbook (.xlsx) that we can read ({error}). Open it in Excel or LibreOffice and save it again as .xlsx, or as CSV UTF-8."
        ),
    )
}

fn value(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(whole) => Cell::Text(whole.to_string()),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(truth) => Cell::Truth(*truth),
        DataRef::DateTime(at) => moment(at).unwrap_or_else(|| Cell::Number(at.as_f64())),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        // The cell shows an error, as `#REF!`: what the register meant to say is not there.
        DataRef::Error(error) => Cell::Text(error.to_string()),
    }
}

fn moment(at: &ExcelDateTime) -> Option<Cell> {
    if !at.is_datetime() {
        return None;
    }
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let part = |number: u8| i8::try_from(number).ok();
    let date = Date::new(i16::try_from(year).ok()?, part(month)?, part(day)?).ok()?;
    let time = jiff::civil::Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
    Some(Cell::Moment(date.to_datetime(time)))
}
