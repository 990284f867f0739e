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
    assert!(missing.stderr.contains("does not exist"), "{}", missing.stderr);
    let twice = run(&["clock", "--aware", "2026-10-25T02:30"]);
    assert_eq!((twice.code, twice.stdout.as_str()), (2, ""));
    for choice in ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"] {
        assert!(twice.stderr.contains(choice), "{}", twice.stderr);
    }
}

#[test]
fn what_people_read_says_the_weekday_and_which_clock() {
    let ran = run(&["clock", "--aware", "2026-03-27T15:20"]);
    assert!(ran.stdout.contains("uiterlijk maandag 30 maart 2026, 16:20 uur (zomertijd)"), "{}", ran.stdout);
    let english = run(&["clock", "--aware", "2026-03-27T15:20", "--language", "en"]);
    assert!(english.stdout.contains("Monday 30 March 2026"), "{}", english.stdout);
}

#[test]
fn a_calendar_gets_the_moment_in_utc_with_alarms() {
    let ran = run(&["clock", "--aware", "2026-03-27T15:20", "--format", "ics"]);
    for line in ["BEGIN:VCALENDAR", "DTSTART:20260330T142000Z", "BEGIN:VALARM", "TRIGGER"] {
        assert!(ran.stdout.contains(line), "{line} in\n{}", ran.stdout);
    }
    assert_eq!(ran.stdout, run(&["clock", "--aware", "2026-03-27T15:20", "--format", "ics"]).stdout);
}

#[test]
fn a_moment_under_the_wbp_says_which_law_it_was() {
    let ran = run(&["clock", "--aware", "2017-05-01T12:00"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("Wet bescherming persoonsgegevens"), "{}", ran.stderr);
}
