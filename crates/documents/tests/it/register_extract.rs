//! The register extract as CSV and JSON.

use facts::Language;
use jiff::tz::TimeZone;

use documents::register_extract::{RegisterRow, csv, json};

use crate::fixture::{detected, reported};

fn rows() -> Vec<RegisterRow> {
    vec![RegisterRow::of(&detected()), RegisterRow::of(&reported())]
}

#[test]
fn as_csv() {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    let text = csv(&rows(), &zone, Language::Dutch);
    assert_eq!(text.matches("\r\n").count(), 3);
    insta::assert_snapshot!(text.replace("\r\n", "\n"));
    assert!(csv(&rows(), &zone, Language::English).starts_with("number,title,opened,aware,breach,"));
}

#[test]
fn as_json() {
    insta::assert_snapshot!(json(&rows()).unwrap());
}
