//! `dijkwacht assess`: one verdict a line, and every problem named at once.

use crate::program::{run, run_with};

fn assess(facts: &str) -> crate::program::Ran {
    run_with(&["assess", "-", "--language", "en"], facts.as_bytes())
}

#[test]
fn everything_wrong_with_facts_is_named_at_once_with_the_nearest_right_word() {
    let ran = assess(
        r#"{"aware_at": "2026-03-02T09:00:00+01:00", "detected_at": "2026-03-02T10:00:00+01:00", "aware": 1,
            "facts": {"protecton": "intact", "backup": "complet", "vulnerable": "yes", "subjects_min": 9, "subjects_max": 3,
                      "data": ["name", "helth"], "restore_hours": -1}}"#,
    );
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    for said in [
        "`protecton` (did you mean `protection`?)",
        "did you mean `complete`?",
        "`vulnerable` cannot be",
        "did you mean `health`?",
        "`restore_hours` cannot be",
        "the minimum, 9, is above the maximum, 3",
        "nobody is aware before the first signal",
        "aware",
    ] {
        assert!(ran.stderr.contains(said), "`{said}` in\n{}", ran.stderr);
    }
}

#[test]
fn an_array_or_lines_give_one_verdict_a_line() {
    let one = r#"{"id":"a","facts":{"security_incident":false}}"#;
    let two = r#"{"id":"b","facts":{}}"#;
    for input in [format!("[{one},{two}]"), format!("{one}\n{two}\n")] {
        let ran = assess(&input);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let ids: Vec<_> = ran
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["id"].clone())
            .collect();
        assert_eq!(ids, ["a", "b"], "{input}");
    }
}

#[test]
fn one_contradictory_line_takes_no_other_verdict_along() {
    let one = r#"{"id":"a","facts":{"security_incident":false}}"#;
    let bad = r#"{"id":"b","facts":{"confidentiality":"none","recipient":"malicious"}}"#;
    let old = r#"{"id":"c","aware_at":"2014-01-01T10:00:00Z","facts":{}}"#;
    let two = r#"{"id":"d","facts":{}}"#;
    for (input, place) in [
        (format!("{one}\n{bad}\n{old}\n{two}\n"), "line 2"),
        (format!("[{one},{bad},{old},{two}]"), "[1]"),
        (format!("{one}\nnonsense\n{old}\n{two}"), "line 2"),
    ] {
        let ran = assess(&input);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        let ids: Vec<_> = ran
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["id"].clone())
            .collect();
        assert_eq!(ids, ["a", "d"], "{input}");
        assert!(ran.stderr.contains(place), "{}", ran.stderr);
        assert!(ran.stderr.contains("incident 3 (`c`): no law pack is in force on 2014-01-01"), "{}", ran.stderr);
    }
    let dutch = run_with(&["assess", "-"], bad.as_bytes());
    assert!(dutch.stderr.contains("`confidentiality` en `recipient` gaan niet samen"), "{}", dutch.stderr);
}

#[test]
fn people_read_the_verdict_in_their_language_without_the_word_undetermined() {
    let facts = br#"{"facts":{"security_incident":true,"personal_data":true,"role":"controller"}}"#;
    let dutch = run_with(&["assess", "-", "--format", "text"], facts);
    assert!(dutch.stdout.contains("Melden bij de Autoriteit Persoonsgegevens"), "{}", dutch.stdout);
    assert!(dutch.stdout.contains("meld uit voorzorg"), "{}", dutch.stdout);
    let english = run_with(&["assess", "-", "--format", "text", "--language", "en"], facts);
    assert!(english.stdout.contains("Still to answer:"), "{}", english.stdout);
    assert!(!english.stdout.contains("undetermined") && !dutch.stdout.contains("onbepaald"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let ran = run(&["assess", "no-such-facts.json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no-such-facts.json"), "{}", ran.stderr);
}

#[test]
fn the_verdict_on_a_stolen_laptop_is_this_json() {
    let ran = assess(
        r#"{"id": "laptop", "aware_at": "2026-03-27T15:20:00+01:00", "jurisdiction": "NL", "facts": {
            "security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "likely",
            "integrity": "none", "availability": "none", "incident_type": "device_lost_or_stolen",
            "cause": "external_malicious", "exfiltration": "not_applicable", "recipient": "unknown",
            "data": ["name", "national_id", "health"], "subjects_min": 40, "subjects_max": 40, "groups": ["patients"],
            "vulnerable": true, "identification": "maximum", "protection": "none", "backup": "complete",
            "service_impact": "none", "cbw_entity": "none"}}"#,
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let verdict: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&verdict).expect("writes"));
}
