//! What good and bad facts get.

use contract::facts::{read_each, read_many, read_situation, to_json};
use facts::{Fact, Value};

fn refused(text: &str) -> Vec<String> {
    read_situation(text).expect_err("a refusal").iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_situation_reads_and_writes_back() {
    let text = r#"{"id": "x", "detected_at": null, "aware_at": "2026-03-27T15:20:00[Europe/Amsterdam]", "jurisdiction": "NL",
        "facts": {"data": ["health", "name"], "restore_hours": 0.2, "exposure_hours": 24, "subjects_min": 3, "protection": "none",
                  "household_use": false, "likelihood": null, "countries": ["NL", "BE"]}}"#;
    let read = read_situation(text).expect("good facts");
    assert_eq!(read.aware_at.map(|at| at.to_string()).as_deref(), Some("2026-03-27T14:20:00Z"));
    assert_eq!(read.facts.value(Fact::RestoreHours), Some(&Value::Number(0.2)));
    assert!(!read.facts.is_known(Fact::Likelihood));
    let written = to_json(&read);
    assert!(written.contains(r#""exposure_hours":24,"#), "{written}");
    assert_eq!(read_situation(&written).expect("our own facts"), read);
}

#[test]
fn everything_wrong_is_told_at_once_with_its_place_and_the_nearest_word() {
    let found = refused(
        r#"{"id": ["x"], "aware": "2026-03-27", "jurisdiction": "nl", "detected_at": "2026-03-29T02:30:00[Europe/Amsterdam]",
            "informed_by_processor_at": "2026-10-25T02:30:00[Europe/Amsterdam]", "aware_at": "2026-03-27T15:20:00", "protection": "none",
            "facts": {"protecton": "none", "recipient": "trustd", "data": ["helth", 3, "name"], "subjects_min": 9, "subjects_max": 2,
                      "personal_data": "yes", "records": 1.5, "restore_hours": -1, "exposure_hours": "long", "groups": "patients"}}"#,
    );
    let expected: [&[&str]; 18] = [
        &["id: is a list"],
        &["aware: ", "did you mean `aware_at`"],
        &["jurisdiction: ", "did you mean `NL`"],
        &["detected_at: ", "does not exist", "2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"],
        &["informed_by_processor_at: ", "exists twice", "+02:00", "+01:00"],
        &["aware_at: ", "no offset"],
        &["protection: ", "belongs within `facts`"],
        &["facts.protecton: ", "did you mean `protection`"],
        &["facts.recipient: ", "did you mean `trusted`", "known_untrusted"],
        &["facts.data: ", "`helth`", "did you mean `health`"],
        &["facts.data: ", "a list with the number 3"],
        &["`subjects_min` and `subjects_max` contradict each other", "9", "2"],
        &["facts.personal_data: ", "the text \"yes\"", "true or false"],
        &["facts.records: ", "1.5", "a whole number"],
        &["facts.restore_hours: ", "-1", "0 or more"],
        &["facts.exposure_hours: ", "\"long\"", "a number of hours"],
        &["facts.groups: ", "a list of its words"],
        &["facts.groups"],
    ];
    for words in expected {
        assert!(
            found.iter().any(|text| words.iter().all(|word| text.contains(word))),
            "{words:?} is not in {found:#?}"
        );
    }
    assert_eq!(found.len(), 17, "{found:#?}");
}

#[test]
fn awareness_before_the_first_signal_is_a_contradiction() {
    let found = refused(r#"{"aware_at": "2026-03-27T09:00:00Z", "detected_at": "2026-03-27T10:00:00Z"}"#);
    assert!(
        matches!(found.as_slice(), [only] if only.contains("aware_at") && only.contains("detected_at")),
        "{found:?}"
    );
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    let found = refused(r#"{"facts": {"protection": "intact", "protection": "none"}}"#);
    assert!(matches!(found.as_slice(), [only] if only.contains("`protection` stands twice")), "{found:?}");
}

#[test]
fn what_is_no_object_of_facts_is_refused() {
    for text in ["", "3", "\"facts\"", "[]", "{", "{\"facts\": []}", "null", "{\"facts\": {}} {}"] {
        assert_eq!(refused(text).len(), 1, "{text}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(refused(&deep).iter().all(|text| text.contains("nested deeper")));
}

#[test]
fn one_many_and_lines_all_read() {
    let one = r#"{"id": "a", "facts": {}}"#;
    let two = r#"{"id": "b", "facts": {"role": "processor"}}"#;
    let ids = |text: &str| -> (Vec<Option<String>>, bool) {
        let read = read_many(text).expect("good facts");
        (read.situations.into_iter().map(|situation| situation.id).collect(), read.is_single)
    };
    let both = vec![Some("a".to_owned()), Some("b".to_owned())];
    assert_eq!(ids(one), (vec![Some("a".into())], true));
    assert_eq!(ids(&format!("[{one}, {two}]")), (both.clone(), false));
    assert_eq!(ids(&format!("{one}\n\n{two}\n")), (both.clone(), false));
    assert_eq!(ids(&format!("\u{feff}{one}\r\n{two}")), (both, false));

    let problems = read_many(&format!("{one}\n{{\"id\": 1, \"fats\": 2}}\nnonsense")).expect_err("a bad line");
    assert!(problems.iter().any(|problem| problem.to_string().starts_with("line ")), "{problems:?}");
    let problems = read_many(&format!("[{one}, {{\"facts\": {{\"role\": \"boss\"}}}}]")).expect_err("a bad item");
    assert!(problems.iter().all(|problem| problem.place.en.starts_with("[1].facts.role")), "{problems:?}");
}

#[test]
fn an_unreadable_part_takes_none_of_the_others_along() {
    let good = |id: &str| format!("{{\"id\": \"{id}\", \"facts\": {{}}}}");
    let bad = r#"{"facts": {"confidentiality": "none", "recipient": "malicious"}}"#;
    let (a, c) = (good("a"), good("c"));
    for text in [
        format!("{a}\n{bad}\n{c}"),
        format!("{bad}\n{a}\n{c}"),
        format!("nonsense\n{a}\n{c}"),
        format!("[{a},{bad},{c}]"),
        format!("[{a},3,{c}]"),
        format!("[{a},{{\"id\": 1, \"id\": 2}},{c}]"),
    ] {
        let read = read_each(&text).read;
        let ids: Vec<_> = read.iter().flatten().filter_map(|situation| situation.id.as_deref()).collect();
        assert_eq!((read.len(), ids), (3, vec!["a", "c"]), "{text}");
        let problem =
            read.iter().find_map(|one| one.as_ref().err()).and_then(|found| found.first()).expect("a problem");
        assert!(problem.place.en.starts_with(['l', '[']), "{problem}");
        assert_eq!(problem.place.nl.starts_with("regel "), problem.place.en.starts_with("line "), "{problem}");
    }
}
