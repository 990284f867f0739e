//! XLSX, cell by cell: never the whole rectangle that a far-away cell would span.

use std::io::{Cursor, Read, copy, sink};

use app::import::{Cell, Table, Unreadable};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError, open_workbook_from_rs};
use jiff::civil::Date;
use zip::ZipArchive;

use crate::Taking;

/// How far an archive is unpacked, in bytes of all its members together.
const MOST_UNPACKED: u64 = 64 << 20;
const MOST_MEMBERS: usize = 1_000;
/// How many cells are looked at, empty ones included.
const MOST_CELLS: usize = 2_000_000;

pub(crate) fn read(bytes: &[u8], sheet: Option<&str>) -> Result<Table, Unreadable> {
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
    while let Some(cell) = cells.next_cell().map_err(|error| refused(&error))? {
        count += 1;
        let (row, column) = cell.get_position();
        let row = u64::from(row) + 1;
        if count > MOST_CELLS || row < last {
            return Err(Unreadable::new(
                "Dit blad is te groot of door elkaar geraakt. Kopieer alleen het register naar een nieuw bestand.",
                "This sheet is too large, or out of order. Copy the register alone to a new file.",
            ));
        }
        last = row;
        taking.take(row, column as usize, value(cell.get_value()))?;
    }
    Ok(Table { sheet: Some(name), sheets, read_as: "XLSX".into(), rows: taking.rows })
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
