//! Files as they come in real life, and files made to hurt.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is the test failing")]

use std::io::{Cursor, Write};

use app::import::{Cell, MOST_COLUMNS, MOST_ROWS};
use documents::workbook::{Sheet, SheetCell, SheetColumn, Workbook};
use facts::Language;
use zip::write::SimpleFileOptions;

fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let table = sheets::read(bytes, None).unwrap();
    table.rows.iter().map(|(_, cells)| cells.iter().map(Cell::words).collect()).collect()
}

fn refused(bytes: &[u8]) -> String {
    sheets::read(bytes, None).unwrap_err().0.en.into_owned()
}

#[test]
fn csv_of_every_make_is_read() {
    let expected = [vec!["Naam", "Café"], vec!["Zoë; de \"eerste\"", "a\nb"]];
    let body = |separator: &str| format!("Naam{separator}Café\r\n\"Zoë; de \"\"eerste\"\"\"{separator}\"a\nb\"\r\n");
    for separator in [";", ",", "\t"] {
        let text = body(separator);
        let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let marked = format!("\u{feff}{text}");
        for bytes in [text.as_bytes(), marked.as_bytes(), &latin, &wide] {
            assert_eq!(cells(bytes), expected, "{separator:?} {:?}", &bytes[..4]);
        }
    }
    assert_eq!(cells(b"sep=;\r\na;b\r\n"), [["a", "b"]]);
    assert_eq!(sheets::read(b"sep=;\na;b\n", None).unwrap().rows[0].0, 2, "rows as the spreadsheet counts");
    let gaps = sheets::read(b"a;\"b\nb\"\r\n\r\n;\r\nc;d", None).unwrap();
    assert_eq!(gaps.rows.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [1, 4], "empty rows count");
}

#[test]
fn what_cannot_be_read_well_is_refused() {
    assert!(refused(b"a;b\n\"open;c\n").contains("line 2"));
    for json in ["[\n  {\n    \"number\": 1\n  }\n]", "\u{feff}{\"a\": 1}", "[]", "{}"] {
        assert!(refused(json.as_bytes()).contains("This is JSON"), "{json}");
    }
    assert_eq!(cells(b"[concept];{b}\n1;2\n"), [["[concept]", "{b}"], ["1", "2"]]);
    assert!(refused(b"a\0b").contains("no text"));
    assert!(refused(&[b'a', 0x81, 0xff]).contains("no text"));
    assert!(refused("a\n".repeat(MOST_ROWS + 1).as_bytes()).contains("more than 5,000 rows"));
    assert!(refused("a;".repeat(MOST_COLUMNS + 1).as_bytes()).contains("columns"));
    assert!(refused("a".repeat(20_001).as_bytes()).contains("A1"));
}

fn workbook(rows: Vec<Vec<SheetCell>>) -> Vec<u8> {
    let column = |heading: &str| SheetColumn { heading: heading.into(), width: 20 };
    let sheet = Sheet {
        name: "Register".into(),
        columns: vec![column("Nr"), column("Wat"), column("Wanneer")],
        kept_columns: 1,
        rows,
    };
    let workbook = Workbook { title: "T".into(), author: "A".into(), language: Language::Dutch, sheets: vec![sheet] };
    app::Sheets::write(&sheets::Files, &workbook).unwrap()
}

fn one_row() -> Vec<Vec<SheetCell>> {
    vec![vec![
        SheetCell::Number(7),
        SheetCell::Text("=HYPERLINK(\"x\")".into()),
        SheetCell::Moment("2024-12-31T14:30:00".parse().unwrap()),
    ]]
}

#[test]
fn a_workbook_comes_back_typed_and_the_same_each_time() {
    let bytes = workbook(one_row());
    assert_eq!(bytes, workbook(one_row()), "the same workbook gives the same bytes");
    let table = sheets::read(&bytes, Some("Register")).unwrap();
    let (_, row) = &table.rows[1];
    let moment = Cell::Moment("2024-12-31T14:30:00".parse().unwrap());
    assert_eq!(row, &[Cell::Number(7.0), Cell::Text("=HYPERLINK(\"x\")".into()), moment]);
    assert!(sheets::read(&bytes, Some("Blad9")).unwrap_err().0.nl.contains("Register"));
}

#[test]
fn a_text_is_never_a_formula() {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook(one_row()))).unwrap();
    let sheet = std::io::read_to_string(archive.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert!(!sheet.contains("<f>"), "{sheet}");
}

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let zeros = vec![0; 70 << 20];
    let bomb = archive(&[("xl/workbook.xml", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    assert!(refused(&bomb).contains("too large"));
    assert!(refused(&archive(&[("plaatje.png", b"png")])).contains("no workbook"));
    assert!(refused(b"PK\x03\x04").contains("no workbook"));
}

/// A workbook of one sheet, as openpyxl writes it.
fn as_openpyxl(sheet: &str) -> Vec<u8> {
    let workbook = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let relations = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let root = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    archive(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn a_damaged_cell_is_refused_in_words() {
    let cell = |place: &str| {
        as_openpyxl(&format!(
            r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="{place}"><v>3</v></c></row></sheetData></worksheet>"#
        ))
    };
    assert_eq!(cells(&cell("A1")), [["3"]]);
    // The library counts such a column beyond what a number holds.
    assert!(refused(&cell("ZZZZZZZZZZ1")).contains("no workbook"));
}

/// As openpyxl writes it: formulas without what they come to, cells that are one with those below.
#[test]
fn a_formula_without_a_result_keeps_its_words_and_merged_cells_are_told() {
    let sheet = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>Wat</t></is></c></row>
        <row r="2"><c r="A2"><f>B2&amp;" kwijt"</f><v/></c><c r="B2"><v>3</v></c></row>
        <row r="3"><c r="A3"><f>1+1</f><v>2</v></c><c r="B3"><f t="shared" si="0" ref="B3:B4">A3*2</f></c></row>
        <row r="4"><c r="A4"/><c r="B4"><f t="shared" si="0"/></c><c r="C4"><f t="shared" si="99999999999"/></c></row>
        </sheetData><mergeCells count="3"><mergeCell ref="B2:B4"/><mergeCell ref="A4:A9"/><mergeCell ref="A1:B1"/></mergeCells></worksheet>"#;
    let bytes = as_openpyxl(sheet);
    let table = sheets::read(&bytes, None).unwrap();
    let formula = |text: &str| Cell::Formula(text.into());
    assert_eq!(table.rows[1].1, [formula("B2&\" kwijt\""), Cell::Number(3.0)]);
    assert_eq!(table.rows[2].1, [Cell::Number(2.0), formula("A3*2")]);
    assert_eq!(table.rows[3].1, [Cell::Empty, formula("A3*2"), formula("")]);
    assert_eq!(formula("A3*2").words(), "=A3*2");
    assert_eq!(
        table.merged,
        [app::import::Merged { column: 1, rows: (2, 4) }],
        "of cells with something in them alone"
    );
}
