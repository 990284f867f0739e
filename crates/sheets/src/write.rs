//! A workbook as XLSX: typed cells, headings that stay in sight, a filter on them. A text is written as text.

use documents::workbook::{Sheet, SheetCell, Workbook};
use facts::Language;
use rust_xlsxwriter as xlsx;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Worksheet, XlsxError};

/// What a cell of Excel holds at most, in UTF-16 units; longer texts end in an ellipsis there, and stand whole in CSV and JSON.
const LONGEST: usize = 32_000;

pub(crate) fn xlsx(workbook: &Workbook) -> Result<Vec<u8>, XlsxError> {
    let mut file = xlsx::Workbook::new();
    // A fixed date: the same workbook gives the same bytes.
    let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
    file.set_properties(
        &DocProperties::new().set_title(&workbook.title).set_author(&workbook.author).set_creation_datetime(&date),
    );
    let formats = Formats::of(workbook.language);
    for sheet in &workbook.sheets {
        fill(file.add_worksheet(), sheet, &formats)?;
    }
    file.save_to_buffer()
}

struct Formats {
    heading: Format,
    text: Format,
    moment: Format,
    day: Format,
}

impl Formats {
    fn of(language: Language) -> Self {
        let base = || Format::new().set_align(FormatAlign::Top);
        let (day, moment) = match language {
            Language::Dutch => ("dd-mm-yyyy", "dd-mm-yyyy hh:mm"),
            Language::English => ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"),
        };
        Self {
            heading: base().set_bold().set_text_wrap().set_background_color(0x00ea_f3f6),
            text: base().set_text_wrap(),
            moment: base().set_num_format(moment),
            day: base().set_num_format(day),
        }
    }
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet, formats: &Formats) -> Result<(), XlsxError> {
    worksheet.set_name(&sheet.name)?;
    worksheet.set_freeze_panes(1, sheet.kept_columns)?;
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    worksheet.set_repeat_rows(0, 0)?;
    for (place, column) in (0_u16..).zip(&sheet.columns) {
        worksheet.set_column_width(place, f64::from(column.width))?;
        worksheet.write_string_with_format(0, place, &column.heading, &formats.heading)?;
    }
    for (row, cells) in (1_u32..).zip(&sheet.rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            put(worksheet, row, column, cell, formats)?;
        }
    }
    if let (Ok(rows), Some(last)) = (u32::try_from(sheet.rows.len()), sheet.columns.len().checked_sub(1)) {
        worksheet.autofilter(0, 0, rows, u16::try_from(last).unwrap_or(u16::MAX))?;
    }
    Ok(())
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: &SheetCell, formats: &Formats) -> Result<(), XlsxError> {
    match cell {
        SheetCell::Empty => {}
        SheetCell::Text(text) if text.is_empty() => {}
        SheetCell::Text(text) => {
            sheet.write_string_with_format(row, column, fitting(text), &formats.text)?;
        }
        // Whole numbers up to 2^53 are exact there; larger counts of persons there are none.
        SheetCell::Number(number) => {
            sheet.write_number_with_format(row, column, *number as f64, &formats.text)?;
        }
        SheetCell::Day(date) => match day(*date) {
            Some(at) => {
                sheet.write_datetime_with_format(row, column, &at, &formats.day)?;
            }
            None => {
                sheet.write_string_with_format(row, column, date.to_string(), &formats.text)?;
            }
        },
        SheetCell::Moment(at) => {
            let part = |number: i8| u16::try_from(number).unwrap_or_default();
            let clock = day(at.date()).map(|day| {
                day.and_hms(part(at.hour()), u8::try_from(at.minute()).unwrap_or_default(), f64::from(at.second()))
            });
            match clock {
                Some(clock) => sheet.write_datetime_with_format(row, column, &clock?, &formats.moment)?,
                None => sheet.write_string_with_format(row, column, at.to_string(), &formats.text)?,
            };
        }
    }
    Ok(())
}

/// A date that a spreadsheet knows; those before 1900 it does not.
fn day(date: jiff::civil::Date) -> Option<ExcelDateTime> {
    let part = |number: i8| u8::try_from(number).ok();
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, part(date.month())?, part(date.day())?).ok()
}

fn fitting(text: &str) -> String {
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let mut units = 0;
    let kept = text.chars().take_while(|letter| {
        units += letter.len_utf16();
        units < LONGEST
    });
    kept.chain(['…']).collect()
}
