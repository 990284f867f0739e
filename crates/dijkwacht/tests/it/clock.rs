//! `dijkwacht clock`: moments as people type them, through weekends, holidays and clock changes.

use crate::program::run;

/// Target and limit of the report to the authority.
fn deadline(aware: &str) -> (String, String) {
    let ran = run(&["clock", "--aware", aware, "--format", "json"]);
    assert_eq!(ran.code, 0, "{aware}: {}", ran.stderr);
    let said: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let report = said["deadlines"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|deadline| deadline["duty"] == "notify_authority")
        .expect("the report to the authority has a deadline");
    let text = |key: &str| report[key].as_str().expect("a time").to_owned();
    (text("target"), text("limit"))
}

#[test]
fn seventy_two_hours_run_through_weekends_holidays_and_clock_changes() {
    let vectors = [
        ("2026-11-20T16:47", "2026-11-23T16:47:00+01:00", "2026-11-23T17:00:00+01:00"),
        ("2026-11-24T12:00:00", "2026-11-27T12:00:00+01:00", "2026-11-27T13:00:00+01:00"),
        ("2026-12-24T17:05", "2026-12-27T17:05:00+01:00", "2026-12-27T18:00:00+01:00"),
        ("2026-04-02T18:30", "2026-04-05T18:30:00+02:00", "2026-04-05T19:00:00+02:00"),
        ("2020-12-22T12:17", "2020-12-25T12:17:00+01:00", "2020-12-25T13:00:00+01:00"),
        ("2028-02-27T09:00", "2028-03-01T09:00:00+01:00", "2028-03-01T10:00:00+01:00"),
        ("2026-03-27T15:20", "2026-03-30T16:20:00+02:00", "2026-03-30T17:00:00+02:00"),
        ("2026-10-23T15:20", "2026-10-26T14:20:00+01:00", "2026-10-26T15:00:00+01:00"),
        ("2026-10-25T02:30+02:00", "2026-10-28T01:30:00+01:00", "2026-10-28T02:00:00+01:00"),
        ("2026-10-25T02:30+01:00", "2026-10-28T02:30:00+01:00", "2026-10-28T03:00:00+01:00"),
        ("2026-03-27T15:20:00[Europe/Amsterdam]", "2026-03-30T16:20:00+02:00", "2026-03-30T17:00:00+02:00"),
    ];
    for (aware, target, limit) in vectors {
        assert_eq!(deadline(aware), (target.to_owned(), limit.to_owned()), "{aware}");
    }
}

#[test]
fn an_hour_that_does_not_exist_is_refused_and_one_that_exists_twice_is_asked_about() {
    let missing = run(&["clock", "--aware", "2026-03-29T02:30"]);
    assert_eq!((missing.code, missing.stdout.as_str()), (2, ""));
    assert!(missing.stderr.contains("bestaat niet"), "{}", missing.stderr);
    let twice = run(&["clock", "--aware", "2026-10-25T02:30"]);
    assert_eq!((twice.code, twice.stdout.as_str()), (2, ""));
    for choice in ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"] {
        assert!(twice.stderr.contains(choice), "{}", twice.stderr);
    }
}

#[test]
fn a_moment_from_which_no_term_can_be_counted_is_refused() {
    let late = run(&["clock", "--aware", "9999-12-30T16:47"]);
    assert_eq!((late.code, late.stdout.as_str()), (2, ""));
    assert!(late.stderr.contains("einde van de kalender"), "{}", late.stderr);
    let english = run(&["clock", "--aware", "9999-12-30T16:47", "--language", "en"]);
    assert!(english.stderr.contains("end of the calendar"), "{}", english.stderr);
}

/// The names of the events in a calendar, and those of their alarms.
fn names(more: &[&str]) -> Vec<String> {
    let all = [&["clock", "--format", "ics"], more].concat();
    let file = run(&all).stdout.replace("\r\n ", "");
    let found: Vec<_> = file.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect();
    assert!(!found.is_empty(), "{file}");
    found
}

#[test]
fn a_calendar_keeps_incidents_apart_and_follows_the_one_of_a_name() {
    let at = ["--aware", "2026-11-20T16:47"];
    let moved = ["--aware", "2026-11-20T15:47"];
    let smit = |at: [&str; 2]| names(&[at.as_slice(), &["--case", "Smit"]].concat());
    assert_eq!(smit(at), smit(moved), "its moments move, its names do not");
    assert!(smit(at).iter().all(|name| !names(&[at.as_slice(), &["--case", "Jansen"]].concat()).contains(name)));
    assert_eq!(names(&at), names(&at));
    assert!(names(&at).iter().all(|name| !names(&moved).contains(name)), "without a name nothing tells them to be one");
}

#[test]
fn the_terms_of_a_law_beside_say_for_whom_they_hold() {
    let at = ["clock", "--aware", "2026-11-20T16:47"];
    for (more, said_of) in [
        (&[][..], "Valt u onder de Cyberbeveiligingswet"),
        (&["--language", "en"][..], "If you fall under the Cyberbeveiligingswet"),
        (&["--format", "json"][..], "Valt u onder de Cyberbeveiligingswet"),
        (&["--format", "ics"][..], "Valt u onder de Cyberbeveiligingswet"),
    ] {
        let text = said(&at, more).replace("\r\n ", "");
        assert!(text.matches(said_of).count() > 2, "{more:?}: {text}");
    }
    assert!(!said(SPRING, &[]).contains("Valt u onder"), "no such law then");
}

const SPRING: &[&str] = &["clock", "--aware", "2026-03-27T15:20"];

/// What it prints for these arguments after the others.
fn said(arguments: &[&str], more: &[&str]) -> String {
    let ran = run(&[arguments, more].concat());
    assert_eq!(ran.code, 0, "{more:?}: {}", ran.stderr);
    ran.stdout
}

fn refused(more: &[&str]) -> String {
    let ran = run(&[SPRING, more].concat());
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{more:?}");
    ran.stderr
}

#[test]
fn what_people_read_says_the_weekday_and_which_clock() {
    let dutch = said(SPRING, &[]);
    assert!(dutch.contains("uiterlijk maandag 30 maart 2026, 16:20 uur (zomertijd)"), "{dutch}");
    let english = said(SPRING, &["--language", "en"]);
    assert!(english.contains("Monday 30 March 2026"), "{english}");
}

#[test]
fn people_read_the_target_alone_and_the_officer_the_limit_too() {
    for language in ["nl", "en"] {
        let plain = said(SPRING, &["--language", language]);
        assert!(!plain.contains("1182/71") && !plain.contains("17:00"), "{plain}");
        let detailed = said(SPRING, &["--language", language, "--detail"]);
        assert!(detailed.contains("1182/71") && detailed.contains("17:00"), "{detailed}");
    }
}

/// Everything at once: a moment under the Cbw over the end of summer time, the notification made, two contracts.
const AUTUMN: &[&str] = &[
    "clock",
    "--aware",
    "2026-10-23T15:20",
    "--notified",
    "2026-10-24T10:00",
    "--contract",
    "Bakkerij Smit=24h",
    "--contract",
    "verzekeraar=2wd",
];

#[test]
fn every_deadline_in_dutch() {
    insta::assert_snapshot!(said(AUTUMN, &["--detail"]));
}

#[test]
fn every_deadline_in_english() {
    insta::assert_snapshot!(said(AUTUMN, &["--language", "en"]));
}

#[test]
fn every_deadline_as_json() {
    let line = said(AUTUMN, &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&json).expect("JSON"));
}

#[test]
fn every_deadline_as_a_calendar() {
    let file = said(AUTUMN, &["--format", "ics"]);
    insta::assert_snapshot!(file.replace("\r\n", "\n"));
}

#[test]
fn a_calendar_gets_the_moment_in_utc_with_alarms() {
    let file = said(SPRING, &["--format", "ics"]);
    for line in ["BEGIN:VCALENDAR", "DTSTART:20260330T142000Z", "BEGIN:VALARM", "TRIGGER"] {
        assert!(file.contains(line), "{line} in\n{file}");
    }
    assert_eq!(file, said(SPRING, &["--format", "ics"]));
}

#[test]
fn the_final_report_waits_for_the_notification() {
    let steps = |more: &[&str]| -> Vec<(String, serde_json::Value, serde_json::Value)> {
        let said = said(&["clock", "--aware", "2026-11-20T16:47", "--format", "json"], more);
        let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(said["beside"], serde_json::json!(["cbw"]));
        let list = said["deadlines"].as_array().expect("a list");
        let steps = list.iter().filter(|deadline| deadline["duty"] == "notify_csirt");
        steps.map(|step| (step["step"].to_string(), step["target"].clone(), step["after"].clone())).collect()
    };
    let last = |more: &[&str]| steps(more).pop().map(|(_, target, after)| (target, after)).expect("a step");
    assert_eq!(last(&[]), (serde_json::Value::Null, "notification".into()));
    let notified = ["--notified", "2026-12-01T10:00"];
    assert_eq!(last(&notified), ("2027-01-04T23:59:59+01:00".into(), "notification".into()));
    let early = steps(&[]).into_iter().find(|(step, ..)| step == "\"early_warning\"").expect("a step");
    assert_eq!((early.1, early.2), ("2026-11-21T16:47:00+01:00".into(), serde_json::Value::Null));
    let before = run(&["clock", "--aware", "2026-08-14T23:59", "--format", "json"]);
    assert!(!before.stdout.contains("notify_csirt"), "the Cbw was not law yet");
}

#[test]
fn what_cannot_be_is_refused_with_what_to_do() {
    for (more, told) in [
        (&["--contract", "Smit"][..], "24h"),
        (&["--contract", "=24h"], "name whom"),
        (&["--contract", "Smit=1d"], "2wd"),
        (&["--contract", "Smit=0h"], "24h"),
        (&["--notified", "2026-03-27T15:19:59"], "vóór --aware"),
        (&["--detected", "2026-03-27T15:20:01"], "na --aware"),
        (&["--notified", "2026-03-29T02:30"], "--notified: "),
        (&["--law", "nope"], "nope"),
        (&["--law", "cbw"], "geldt naast"),
        (&["--law-dir", "/nowhere"], "/nowhere"),
    ] {
        let error = refused(more);
        assert!(error.contains(told), "{more:?}: {error}");
    }
}

#[test]
fn a_date_alone_is_its_first_moment_and_marked_as_estimated() {
    let dutch = said(&["clock", "--aware", "2026-03-27"], &[]);
    assert!(dutch.contains("geschat") && dutch.contains("maandag 30 maart 2026, 01:00 uur"), "{dutch}");
    let json = said(&["clock", "--aware", "2026-03-27"], &["--format", "json"]);
    assert!(json.contains("\"estimated\":true"), "{json}");
}

#[test]
fn a_moment_under_the_wbp_counts_from_the_discovery() {
    let target = |more: &[&str]| {
        let said = said(&["clock", "--aware", "2017-05-01T12:00", "--format", "json"], more);
        let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(said["law"], "wbp");
        said["deadlines"][0]["target"].clone()
    };
    assert_eq!(target(&[]), "2017-05-04T12:00:00+02:00");
    assert_eq!(target(&["--detected", "2017-04-30T09:00"]), "2017-05-03T09:00:00+02:00");
    let before = run(&["clock", "--aware", "2015-12-31T12:00"]);
    assert_eq!(before.code, 2);
    assert!(before.stderr.contains("2016-01-01"), "{}", before.stderr);
}

#[test]
fn a_proposal_is_counted_when_it_is_asked_for() {
    let said = said(SPRING, &["--law", "omnibus"]);
    assert!(said.contains("VOORSTEL") && said.contains("dinsdag 31 maart 2026, 16:20 uur"), "{said}");
}
