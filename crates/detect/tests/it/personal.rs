//! A made-up capture with personal data in the clear and decoys beside them, and what must be said of it.

use detect::{Figure, Kind, Severity};

use super::scan;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pcap");

#[test]
fn what_goes_out_is_counted_and_decoys_stay_silent() {
    let (Ok(file), Ok(text)) =
        (std::fs::read(format!("{FOLDER}/dev_pii.pcap")), std::fs::read_to_string(format!("{FOLDER}/dev_pii.json")))
    else {
        println!("skipped: no corpus at {FOLDER}");
        return;
    };
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let found = scan(&file, "");
    for one in expected.pointer("/expect").unwrap().as_array().unwrap() {
        let text = |at: &str| one.get(at).and_then(serde_json::Value::as_str).unwrap_or_default();
        let count = |at: &str| one.get(at).and_then(serde_json::Value::as_u64);
        let of = |kind: Kind| {
            let to =
                found.detections.iter().filter(|one| one.remote.ip.is_some_and(|ip| ip.to_string() == text("dst")));
            to.filter(|one| one.kind == kind).collect::<Vec<_>>()
        };
        let (data, logins) = (of(Kind::CleartextPersonalData), of(Kind::CleartextCredentials));
        let what = text("kind");
        let is_login = text("verdict") == "credential" || one.get("credential").is_some();
        assert_eq!(logins.len(), usize::from(is_login), "{what}: {logins:#?}");
        assert_eq!(data.len(), usize::from(text("verdict") == "expose"), "{what}: {data:#?}");
        for detection in data {
            let is_many = count("count_bsn") >= Some(20);
            let severity = if is_many { Severity::High } else { Severity::Medium };
            assert_eq!(detection.severity, severity, "{what}");
            for (figure, wanted) in [("bsn", count("count_bsn")), ("iban", count("count_iban"))] {
                assert_eq!(detection.evidence.get(figure), wanted.map(Figure::Whole).as_ref(), "{what} {figure}");
            }
        }
    }
    // Nothing of it is repeated.
    let told = format!("{found:?}");
    assert!(!told.contains("Welkom01") && !told.contains("Zomer2024") && !told.contains("Herfst2025"), "{told}");
    let is_number = |part: &str| part.len() == 9 && part.starts_with("999");
    assert!(!told.split(|c: char| !c.is_ascii_digit()).any(is_number), "{told}");
}
