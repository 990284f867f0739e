//! CSV as spreadsheets of several makes write it: the separator and the encoding are found out, or the file is refused.

use std::borrow::Cow;

use app::import::{Cell, Table, Unreadable};

use crate::Taking;

const SEPARATORS: [(u8, &str); 3] = [(b';', ";"), (b',', ","), (b'\t', "tab")];
/// How many rows are looked at to find the separator.
const LOOKED_AT: usize = 50;
/// Bytes that windows-1252 has no letter for.
const NO_LETTERS: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

pub(crate) fn read(bytes: &[u8]) -> Result<Table, Unreadable> {
    let (text, encoding) = decode(bytes)?;
    let (text, said) = separator_line(&text);
    let (separator, name) = match said {
        Some(said) => said,
        None => SEPARATORS.into_iter().max_by_key(|(byte, _)| likeness(text, *byte)).unwrap_or((b';', ";")),
    };
    let numbers = numbers(text, char::from(separator)).map_err(|line| {
        Unreadable::new(
            format!("Op regel {line} begint een tekst met een dubbel aanhalingsteken, en dat wordt nergens gesloten. Zet er een achter, of haal het weg."),
            format!("On line {line} a text begins with a double quote that is closed nowhere. Put one behind it, or take it out."),
        )
    })?;
    let mut taking = Taking::default();
    // The line that names the separator is a row of the file all the same.
    let before = u64::from(said.is_some());
    for (place, record) in reader(text, separator).into_records().enumerate() {
        let row = numbers.get(place).copied().unwrap_or(place as u64 + 1) + before;
        let record = record.map_err(|_| {
            Unreadable::new(
                format!("Rij {row} is geen CSV. Bewaar het bestand opnieuw."),
                format!("Row {row} is no CSV. Save the file again."),
            )
        })?;
        for (column, cell) in record.iter().enumerate() {
            taking.take(row, column, Cell::Text(cell.to_owned()))?;
        }
    }
    Ok(Table {
        sheet: None,
        sheets: Vec::new(),
        read_as: format!("CSV, {name}, {encoding}"),
        rows: taking.rows,
        merged: Vec::new(),
    })
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// The text, and how it was written. What is no text is refused.
fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), Unreadable> {
    let refused = || {
        Unreadable::new(
            "Dit is geen tekst die wij kunnen lezen. Bewaar het bestand in Excel als “CSV UTF-8 (door komma’s gescheiden)”, of als .xlsx.",
            "This is no text that we can read. Save the file in Excel as “CSV UTF-8 (comma delimited)”, or as .xlsx.",
        )
    };
    // As Excel's “Unicode text” is: UTF-16 with a mark in front.
    let wide = match bytes {
        [0xff, 0xfe, ..] => Some(encoding_rs::UTF_16LE),
        [0xfe, 0xff, ..] => Some(encoding_rs::UTF_16BE),
        _ => None,
    };
    if let Some(encoding) = wide {
        let (text, _, is_broken) = encoding.decode(bytes);
        return if is_broken || text.contains('\0') { Err(refused()) } else { Ok((text, encoding.name())) };
    }
    if bytes.contains(&0) {
        return Err(refused());
    }
    let unmarked = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    if let Ok(text) = str::from_utf8(unmarked) {
        return Ok((Cow::Borrowed(text), "UTF-8"));
    }
    if unmarked.len() != bytes.len() || bytes.iter().any(|byte| NO_LETTERS.contains(byte)) {
        return Err(refused());
    }
    Ok((encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0, "windows-1252"))
}

type Said = (u8, &'static str);

/// Excel's own first line `sep=;`, if it stands there.
fn separator_line(text: &str) -> (&str, Option<Said>) {
    let Some((line, rest)) = text.split_once('\n') else { return (text, None) };
    let said = line.trim_end_matches('\r').strip_prefix("sep=");
    let known = said.and_then(|said| {
        SEPARATORS.into_iter().find(|(byte, _)| said.len() == 1 && said.as_bytes().first() == Some(byte))
    });
    if known.is_some() { (rest, known) } else { (text, None) }
}

/// How well a separator parts the first rows: how many have as many cells as most, and how many that is.
fn likeness(text: &str, separator: u8) -> (usize, usize) {
    let widths: Vec<usize> = reader(text, separator)
        .into_records()
        .take(LOOKED_AT)
        .map_while(Result::ok)
        .map(|record| record.len())
        .collect();
    let like = |width: usize| widths.iter().filter(|other| **other == width).count();
    let usual = widths.iter().copied().filter(|width| *width > 1).max_by_key(|width| (like(*width), *width));
    usual.map_or((0, 0), |width| (like(width), width))
}

/// The number of each row that is not empty, as a spreadsheet counts: an empty line is a row, a line break in a quoted text
/// is none (RFC 4180). Else the line on which a quoted text begins that never ends.
fn numbers(text: &str, separator: char) -> Result<Vec<u64>, usize> {
    let (mut line, mut opened) = (1, None);
    let (mut row, mut is_filled, mut at_start) = (1, false, true);
    let mut numbers = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let is_end = letter == '\n' || (letter == '\r' && letters.peek() != Some(&'\n'));
        line += usize::from(is_end);
        match (opened, letter) {
            (Some(_), '"') if letters.peek() == Some(&'"') => {
                letters.next();
            }
            (Some(_), '"') => opened = None,
            (None, '"') if at_start => opened = Some(line),
            _ => {}
        }
        if opened.is_none() && is_end {
            numbers.extend(is_filled.then_some(row));
            (row, is_filled) = (row + 1, false);
        } else {
            is_filled |= letter != '\r' && letter != '\n';
        }
        at_start = opened.is_none() && (letter == separator || letter == '\n' || letter == '\r');
    }
    numbers.extend(is_filled.then_some(row));
    opened.map_or(Ok(numbers), Err)
}
