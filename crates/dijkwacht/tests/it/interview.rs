//! `dijkwacht interview`, walked by answers from a pipe: what people read, and the facts that come out.

use crate::program::{Ran, run, run_with};

fn interview(arguments: &[&str], answers: &str) -> Ran {
    let all: Vec<&str> = ["interview"].iter().chain(arguments).copied().collect();
    run_with(&all, answers.as_bytes())
}

fn facts(ran: &Ran) -> serde_json::Value {
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("facts as JSON")
}

/// A folder of its own for one test.
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A doctor's letter that went to another practice; who got it is still to be said.
const LETTER: &str = r#"{"aware_at": "2026-03-27T15:20:00+01:00", "jurisdiction": "NL", "facts": {
    "security_incident": true, "personal_data": true, "role": "controller", "cbw_entity": "none", "trust_service": false,
    "financial_undertaking": false, "confidentiality": "confirmed", "integrity": "none", "availability": "none",
    "incident_type": "sent_by_mistake", "cause": "internal_accidental", "exfiltration": "not_applicable",
    "protection": "none", "data": ["name", "health"], "groups": ["patients"], "vulnerable": true, "subjects_min": 1,
    "subjects_max": 1, "recipient_count": 1, "service_impact": "none"}}"#;

#[test]
fn a_letter_to_the_wrong_practice_in_dutch() {
    let folder = folder();
    let known = folder.path().join("letter.json");
    std::fs::write(&known, LETTER).expect("written");
    let ran = interview(&[known.to_str().expect("text")], "?\n2\nja hoor\nj\n?\n0\n");
    insta::assert_snapshot!(ran.stderr);
    let facts = facts(&ran);
    assert_eq!(facts["facts"]["recipient"], "trusted");
    assert_eq!(facts["facts"]["deletion_confirmed"], true);
    assert_eq!(facts["facts"]["regime"], "avg");
}

#[test]
fn a_stolen_laptop_in_english_by_the_short_road() {
    let ran = interview(
        &["--emergency", "--language", "en"],
        "2026-03-27T15:20\n1\n2026-03-27T15:30\n2026-03-27T09:00\n9\n4,1,1\n1,9,29\n9\n20-60\n1\nd\n\n",
    );
    insta::assert_snapshot!(ran.stderr);
    assert_eq!(facts(&ran)["facts"]["subjects_max"], 60);
}

#[test]
fn what_is_known_is_not_asked_and_what_is_answered_is_never_lost() {
    let folder = folder();
    let (known, out) = (folder.path().join("known.json"), folder.path().join("out.json"));
    std::fs::write(&known, r#"{"id":"x","aware_at":"2026-03-27T15:20:00+01:00","facts":{"security_incident":true}}"#)
        .expect("written");
    let (known, out) = (known.to_str().expect("text"), out.to_str().expect("text"));
    let ran = interview(&[known, "--out", out], "j\n");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    assert!(
        !ran.stderr.contains("Sinds wanneer") && !ran.stderr.contains("Is er echt iets misgegaan"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("Gestopt. Uw antwoorden zijn bewaard."), "{}", ran.stderr);
    let written = std::fs::read_to_string(out).expect("the facts");
    let written: serde_json::Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(written["id"], "x");
    assert_eq!(written["facts"], serde_json::json!({"security_incident": true, "personal_data": true}));
    let unchanged = std::fs::read_to_string(known).expect("the facts");
    assert!(!unchanged.contains("personal_data"), "the file given is only read");
    // What was written is what `assess` reads, and a later interview goes on from there.
    assert_eq!(run(&["assess", out]).code, 0);
    let on = interview(&[out], "q\n");
    assert!(!on.stderr.contains("mensen die te herkennen zijn?"), "{}", on.stderr);
}

#[test]
fn back_asks_the_question_before_again() {
    let ran = interview(&[], "\nt\n\nj\nt\nn\nq\n");
    assert_eq!(facts(&ran)["facts"], serde_json::json!({"security_incident": false}));
    let first = interview(&[], "t\nq\n");
    assert!(first.stderr.contains("Dit is de eerste vraag."), "{}", first.stderr);
}

#[test]
fn an_answer_that_contradicts_an_earlier_one_is_refused_with_that_one() {
    let folder = folder();
    let known = folder.path().join("known.json");
    std::fs::write(
        &known,
        r#"{"aware_at":"2026-03-27T15:20:00+01:00","facts":{"security_incident":true,"personal_data":true,"role":"controller",
            "cbw_entity":"none","recipient":"malicious","protection":"none"}}"#,
    )
    .expect("written");
    let ran = interview(&[known.to_str().expect("text")], "1\n4\nq\n");
    assert!(ran.stderr.contains("Dat gaat niet samen met uw eerdere antwoord"), "{}", ran.stderr);
    assert!(ran.stderr.contains("Een kwaadwillende"), "{}", ran.stderr);
    assert_eq!(facts(&ran)["facts"]["confidentiality"], "confirmed");
}

#[test]
fn what_cannot_be_used_is_named() {
    for (arguments, said) in [
        (vec!["-"], "op standaardinvoer komen de antwoorden"),
        (vec!["no-such-facts.json"], "no-such-facts.json"),
        (vec!["--law", "nowhere"], "`nowhere`"),
    ] {
        let ran = interview(&arguments, "");
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    let future = interview(&[], "2999-01-01T10:00\nq\n");
    assert!(future.stderr.contains("Deze tijd ligt in de toekomst."), "{}", future.stderr);
}

#[test]
fn a_date_before_any_law_is_asked_again_and_nothing_is_lost() {
    let ran = interview(&["--emergency"], "2015-11-20T10:00\n20-11-2026 16:47\n1\nq\n");
    assert!(ran.stderr.contains("Op 2015-11-20 vroeg nog geen wet om een datalek te melden"), "{}", ran.stderr);
    let facts = facts(&ran);
    assert_eq!(facts["aware_at"], "2026-11-20T15:47:00Z");
    assert_eq!(facts["facts"]["role"], "controller");
    let stopped = interview(&[], "2015-11-20T10:00\nq\n");
    assert_eq!(stopped.code, 0, "{}", stopped.stderr);
}

#[test]
fn the_short_road_settles_what_its_answers_say() {
    let ran = interview(&["--emergency"], "20 nov 2026 16:47\n1\n\n2\n4,1,2\n1,4\n4\n40\n1\n0\n");
    let facts = facts(&ran);
    assert_eq!(facts["facts"]["security_incident"], true);
    assert_eq!(facts["facts"]["personal_data"], true);
    let verdict = run_with(&["assess", "-"], ran.stdout.as_bytes());
    let verdict: serde_json::Value = serde_json::from_str(&verdict.stdout).expect("a verdict");
    assert_eq!(verdict["duties"]["document"]["outcome"], "required", "{verdict}");
}

#[test]
fn the_short_road_takes_no_breach_without_data() {
    let ran = interview(&["--emergency"], "20 nov 2026 16:47\n1\n\n2\n4,1,2\n0\nq\n");
    assert!(ran.stderr.contains("Zonder persoonsgegevens is er geen datalek om te melden"), "{}", ran.stderr);
    assert!(facts(&ran)["facts"].get("data").is_none());
}

#[test]
fn the_short_road_ends_where_nobody_reports() {
    let old = interview(&["--emergency"], "20-11-2017 10:00\n");
    assert!(old.stderr.contains("Daarnaar meldt niemand meer."), "{}", old.stderr);
    assert!(old.stderr.contains("Een eerste melding is er dus niet te maken"), "{}", old.stderr);
    assert!(!old.stderr.contains("Schrijf zelf nog op"), "{}", old.stderr);
    let nothing = interview(&["--emergency"], "20-11-2026 10:00\n1\n\n2\n1,1,1\n");
    assert!(!nothing.stderr.contains("Schrijf zelf nog op"), "{}", nothing.stderr);
}
