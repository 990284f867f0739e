//! The register extract as CSV and JSON.

use facts::{Language, Truth};
use incident::{Incident, Opening, SaidAt};
use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;

use documents::register_extract::{RegisterRow, Told, csv, json};
use documents::register_table::Entry;
use documents::workbook::SheetCell;
use documents::{case_bundle, register_table};

use crate::fixture::{at, closed, detected, erased, imported, reported, zoned};

fn rows() -> Vec<RegisterRow> {
    vec![RegisterRow::of(&detected()), RegisterRow::of(&reported())]
}

#[test]
fn as_csv() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let text = csv(&rows(), &zone, Language::Dutch);
    assert_eq!(text.matches("\r\n").count(), 3);
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
    // A mark in front and semicolons: so Excel opens it in the Netherlands.
    assert!(csv(&rows(), &zone, Language::English).starts_with("\u{feff}number;title;opened;detected;aware;breach;"));
}

#[test]
fn as_json() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    insta::assert_snapshot!(json(&rows(), &zone).unwrap());
}

/// A register that named a day was once said to have named its first second, in UTC: the evening before.
#[test]
fn of_a_day_no_time_is_said() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let told = json(&[RegisterRow::of(&imported())], &zone).unwrap();
    for day in ["\"at\": \"2019-01-04\"", "\"closed_at\": \"2019-02-01\""] {
        assert!(told.contains(day), "{day}: {told}");
    }
    assert!(!told.contains("T23:00:00Z"), "{told}");
}

/// Once "not decided yet" and "0 persons", and closed the day before it was.
#[test]
fn of_an_erased_incident_nothing_untrue_is_said() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let incident = erased(imported());
    let row = RegisterRow::of(&incident);
    assert_eq!((&row.authority, &row.persons), (&Told::Erased, &Told::Erased));
    assert!(row.facts.nl.contains("gesloten 1 februari 2019; "), "{}", row.facts.nl);
    assert!(row.facts.nl.ends_with("ingelichte personen: 12"), "{}", row.facts.nl);
    let text = csv(std::slice::from_ref(&row), &zone, Language::Dutch).replace(';', ",");
    assert!(text.contains("gewist,gewist,gewist,") && text.ends_with(",2019-02-01,\r\n"), "{text}");
    let unknown = erased(closed(reported()));
    assert!(RegisterRow::of(&unknown).facts.en.ends_with("persons told: not recorded"));
    for (heading, entry) in register_table::fields(&incident) {
        let said = register_table::in_words(&entry, &zone, Language::Dutch).unwrap_or_default();
        assert!(!said.contains("nog niet besloten") && !said.contains("nog geen"), "{}: {said}", heading.nl);
        if heading.nl == "Gesloten" {
            assert_eq!(said, "1 februari 2019");
        }
    }
}

/// Once both languages stood in the cell, whatever the file's own was.
#[test]
fn who_decided_elsewhere_is_said_in_the_language_of_the_file() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let mut incident = imported();
    let Opening::Imported(there) = &mut incident.opening else { panic!("it is imported") };
    there.decided_by = Some("De directie".into());
    let row = RegisterRow::of(&incident);
    let (nl, en) =
        ("De directie (volgens het overgenomen register)", "De directie (according to the imported register)");
    for (language, said, not_said) in [(Language::Dutch, nl, "according"), (Language::English, en, "volgens")] {
        let text = csv(std::slice::from_ref(&row), &zone, language);
        assert!(text.contains(&format!(";{said};")) && !text.contains(not_said), "{text}");
        let fields = register_table::fields(&incident).into_iter();
        let words = fields.filter_map(|(_, entry)| register_table::in_words(&entry, &zone, language));
        let words: Vec<_> = words.collect();
        assert!(
            words.iter().any(|word| word == said) && !words.iter().any(|word| word.contains(not_said)),
            "{words:?}"
        );
    }
    // A program has no language: it is given the name, and that it was not here.
    let told = json(&[row], &zone).unwrap();
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(
        (&told[0]["decided_by"], &told[0]["decided_by_imported_register"]),
        (&"De directie".into(), &true.into()),
        "{told}"
    );
}

/// The page said once that it was not settled, and the file that it could not be determined.
#[test]
fn whether_it_is_a_breach_reads_the_same_everywhere() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let old: jiff::Timestamp = "2015-12-31T22:00:00Z".parse().unwrap();
    for (breach, known_at, words) in [
        (None, None, "nog geen oordeel"),
        (Some(Truth::True), None, "ja"),
        (Some(Truth::False), None, "nee"),
        (Some(Truth::Unknown), None, "nog niet vast"),
        (Some(Truth::Unknown), Some(old), "niet te bepalen"),
    ] {
        let mut row = RegisterRow::of(&imported());
        row.breach = breach;
        (row.aware_at, row.detected_at) = (None, None);
        if let Some(at) = known_at {
            row.aware_at = Some(SaidAt { at, is_day: true });
        }
        assert_eq!(row.breach_in_words().nl, words);
        let text = csv(&[row], &zone, Language::Dutch);
        assert!(text.contains(&format!(";{words};")), "{words}: {text}");
    }
}

/// Without a name the parentheses once stood alone, and the hour of the import stood as when it was closed.
#[test]
fn what_an_imported_register_leaves_out_is_said_to_be_left_out() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let mut incident = imported();
    let Opening::Imported(there) = &mut incident.opening else { panic!("it is imported") };
    (there.motivation, there.decided_by, there.closed_at) = (Some("Laag risico".into()), None, None);
    incident.closed_at = Some(incident.opened_at);
    let row = RegisterRow::of(&incident);
    let (nl, en) = (csv(std::slice::from_ref(&row), &zone, Language::Dutch), csv(&[row], &zone, Language::English));
    for said in [";niet vermeld (volgens het overgenomen register);", "niet vermeld; overgenomen op 20 november 2026"] {
        assert!(nl.contains(said), "{said}: {nl}");
    }
    for said in
        [";not mentioned (according to the imported register);", "not mentioned; taken over on 20 November 2026"]
    {
        assert!(en.contains(said), "{said}: {en}");
    }
    let fields = register_table::fields(&incident).into_iter();
    let words: Vec<_> = fields
        .filter_map(|(heading, entry)| {
            Some((heading.nl.to_string(), register_table::in_words(&entry, &zone, Language::Dutch)?))
        })
        .collect();
    for (heading, said) in [
        ("Besloten door", "niet vermeld (volgens het overgenomen register)"),
        ("Gesloten", "niet vermeld; overgenomen op 20 november 2026"),
        ("Overgenomen uit", "register.xlsx, rij 7"),
    ] {
        assert!(words.contains(&(heading.into(), said.into())), "{heading}: {words:?}");
    }
}

/// In the night that the clock goes back two moments an hour apart were once the same in a cell.
#[test]
fn the_hour_that_comes_twice_is_kept_apart_in_a_workbook() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let check = |moments: [&str; 2], expected: [SheetCell; 2]| {
        let rows = moments.map(|moment| vec![Entry::Moment(at(moment))]);
        let workbook = register_table::workbook(&rows, None, "Bakkerij", &zone, Language::Dutch);
        assert_eq!(workbook.sheets[0].rows, expected.map(|cell| vec![cell]));
    };
    let (text, moment) = (|text: &str| SheetCell::Text(text.into()), |at: DateTime| SheetCell::Moment(at));
    check(
        ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"],
        [text("2026-10-25T02:30:00+02:00"), text("2026-10-25T02:30:00+01:00")],
    );
    // The hours around it are there once, and so are those around the one that is left out in spring.
    check(
        ["2026-10-24T23:59:59Z", "2026-10-25T02:00:00Z"],
        [moment(date(2026, 10, 25).at(1, 59, 59, 0)), moment(date(2026, 10, 25).at(3, 0, 0, 0))],
    );
    check(
        ["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"],
        [moment(date(2026, 3, 29).at(1, 59, 59, 0)), moment(date(2026, 3, 29).at(3, 0, 0, 0))],
    );
}

/// The file for the authority once said of an erased incident that nothing had been decided and nothing reported.
#[test]
fn the_file_of_an_erased_case_says_that_it_is_erased() {
    let made_at = zoned("2031-06-02T10:00:00+02:00[Europe/Amsterdam]");
    let check = |incident: &Incident, language, said: &[&str], untrue: &[&str]| {
        let document = case_bundle::document(incident, "Bakkerij", &[], &made_at, language);
        let told = document.to_text();
        assert!(said.iter().all(|words| told.contains(words)), "{said:?}: {told}");
        assert!(!untrue.iter().any(|words| told.contains(words)), "{untrue:?}: {told}");
    };
    let (nothing_nl, nothing_en) =
        (["Hier is niets besloten", "Er is niets gemeld"], ["Nothing was decided", "Nothing was reported"]);
    let known = ["Brief", "AP-1", "2019-3", "P. de Wit", "register.xlsx"];
    for case in [imported(), closed(detected())] {
        let erased = erased(case);
        let said_nl = [
            "incident: (gewist)",
            "Gewist op 1 juni 2031",
            "Wat besloten was, is gewist.",
            "Wat gemeld was, is gewist.",
        ];
        check(&erased, Language::Dutch, &said_nl, &[&nothing_nl[..], &known, &["(gewist / erased)"]].concat());
        let said_en = [
            "incident: (erased)",
            "Erased on 1 June 2031",
            "What was decided was erased.",
            "What was reported was erased.",
        ];
        check(&erased, Language::English, &said_en, &[&nothing_en[..], &known, &["gewist"]].concat());
    }
    // Of one that is not erased, what was done is told, or that it was not.
    check(&reported(), Language::Dutch, &nothing_nl, &["is gewist", "Gewist op"]);
}

/// The file for the authority once said who imported it had recorded the report, at midnight.
#[test]
fn a_report_of_an_imported_register_is_said_to_be_that() {
    let made_at = zoned("2026-11-21T10:00:00+01:00[Europe/Amsterdam]");
    let document = case_bundle::document(&imported(), "Bakkerij", &[], &made_at, Language::Dutch);
    let told = format!("{:?}", document.blocks);
    let report = told.split("Meldingen bij de AP").nth(1).unwrap();
    assert!(report.contains("4 januari 2019\"") && report.contains("Volgens het overgenomen register"), "{report}");
    assert!(!report.contains("Vastgelegd door") && !told.contains("00:00"), "{told}");
}
