//! Terms: every vector of our sources, as tables.

use jiff::Zoned;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use law::deadline::{
    InvalidMoment, Precision, holidays, hours_limit, hours_target, is_working_day, month_term, read_instant,
    read_moment, seventy_two_hours, working_days_after,
};

fn amsterdam() -> TimeZone {
    TimeZone::get("Europe/Amsterdam").expect("the zone is bundled")
}

fn moment(text: &str) -> Zoned {
    read_moment(text, &amsterdam()).unwrap_or_else(|error| panic!("{error}")).at
}

fn shown(zoned: &Zoned) -> String {
    zoned.strftime("%Y-%m-%dT%H:%M%:z").to_string()
}

#[test]
fn seventy_two_hours_are_elapsed_hours() {
    let vectors = [
        // weekend counts
        ("2026-11-20T16:47", "2026-11-23T16:47+01:00", "2026-11-23T17:00+01:00"),
        // on the hour: that hour is not counted
        ("2026-11-24T12:00", "2026-11-27T12:00+01:00", "2026-11-27T13:00+01:00"),
        // Christmas counts
        ("2026-12-24T17:05", "2026-12-27T17:05+01:00", "2026-12-27T18:00+01:00"),
        // Thursday before Easter
        ("2026-04-02T18:30", "2026-04-05T18:30+02:00", "2026-04-05T19:00+02:00"),
        // a published example
        ("2020-12-22T12:17", "2020-12-25T12:17+01:00", "2020-12-25T13:00+01:00"),
        // leap day
        ("2028-02-27T09:00", "2028-03-01T09:00+01:00", "2028-03-01T10:00+01:00"),
        // the clock goes forward
        ("2026-03-27T15:20", "2026-03-30T16:20+02:00", "2026-03-30T17:00+02:00"),
        // the clock goes back
        ("2026-10-23T15:20", "2026-10-26T14:20+01:00", "2026-10-26T15:00+01:00"),
        // the hour that exists twice, first and second
        ("2026-10-25T02:30+02:00", "2026-10-28T01:30+01:00", "2026-10-28T02:00+01:00"),
        ("2026-10-25T02:30+01:00", "2026-10-28T02:30+01:00", "2026-10-28T03:00+01:00"),
    ];
    for (aware, target, limit) in vectors {
        let aware = moment(aware);
        assert_eq!((shown(&hours_target(&aware, 72)), shown(&hours_limit(&aware, 72))), (target.into(), limit.into()));
        let in_zone = |at: jiff::Timestamp| shown(&at.to_zoned(amsterdam()));
        let both = seventy_two_hours(aware.timestamp());
        assert_eq!((in_zone(both.target), in_zone(both.limit)), (target.into(), limit.into()));
    }
}

#[test]
fn a_moment_that_is_not_one_is_refused_with_the_choices() {
    let refused = |text: &str| read_moment(text, &amsterdam()).expect_err(text);
    let missing = refused("2026-03-29T02:30");
    assert!(matches!(missing, InvalidMoment::DoesNotExist { .. }));
    let text = missing.to_string();
    assert!(text.contains("2026-03-29T01:30:00+01:00") && text.contains("2026-03-29T03:30:00+02:00"), "{text}");

    for twice in ["2026-10-25T02:30", "2026-10-25T02:30:00[Europe/Amsterdam]", "2026-10-25 02:59"] {
        let twice = refused(twice);
        assert!(matches!(twice, InvalidMoment::ExistsTwice { .. }));
        let text = twice.to_string();
        assert!(text.contains("+02:00") && text.contains("+01:00"), "{text}");
    }
    assert!(matches!(refused("2026-03-27T15:20:00+05:00[Europe/Amsterdam]"), InvalidMoment::OffsetConflict { .. }));
    assert!(matches!(refused("2026-03-27T15:20:00[Europe/Atlantis]"), InvalidMoment::UnknownZone { .. }));
    for nonsense in ["", "yesterday", "2026-02-30T10:00", "2026-03-27T25:00", "15:20"] {
        assert!(matches!(refused(nonsense), InvalidMoment::Unreadable { .. }), "{nonsense}");
    }
}

#[test]
fn a_moment_reads_in_every_form() {
    for text in [
        "2026-03-27T15:20:00+01:00",
        "2026-03-27T14:20:00Z",
        "2026-03-27T15:20:00[Europe/Amsterdam]",
        "2026-03-27T15:20:00+01:00[Europe/Amsterdam]",
        "2026-03-27T14:20:00Z[Europe/Amsterdam]",
        "2026-03-27T15:20",
        "2026-03-27 15:20:00",
    ] {
        assert_eq!(shown(&moment(text)), "2026-03-27T15:20+01:00", "{text}");
    }
    let day = read_moment("2026-03-27", &amsterdam()).expect("a date");
    assert_eq!((shown(&day.at), day.precision), ("2026-03-27T00:00+01:00".into(), Precision::DateOnly));
    assert!(matches!(read_instant("2026-03-27T15:20:00"), Err(InvalidMoment::NoOffset { .. })));
    assert!(read_instant("2026-03-27T15:20:00+01:00").is_ok());
}

#[test]
fn terms_in_months_end_on_a_working_day() {
    let vectors = [
        (date(2027, 1, 31), date(2027, 3, 1)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        // Koningsdag
        (date(2026, 3, 27), date(2026, 4, 28)),
        // Bevrijdingsdag
        (date(2026, 4, 5), date(2026, 5, 6)),
        // Goede Vrijdag, a weekend and Easter Monday
        (date(2026, 3, 3), date(2026, 4, 7)),
    ];
    for (from, end) in vectors {
        assert_eq!(month_term(from, 1), end, "one month from {from}");
    }
}

#[test]
fn two_working_days_step_over_easter() {
    assert_eq!(working_days_after(date(2016, 3, 25), 2), date(2016, 3, 30));
}

#[test]
fn the_moving_holidays_are_the_published_ones() {
    let table = [
        (2016, "03-25 03-28 04-27 05-05 05-16"),
        (2017, "04-14 04-17 04-27 05-25 06-05"),
        (2018, "03-30 04-02 04-27 05-10 05-21"),
        (2024, "03-29 04-01 04-27 05-09 05-20"),
        (2025, "04-18 04-21 04-26 05-29 06-09"),
        (2026, "04-03 04-06 04-27 05-14 05-25"),
        (2027, "03-26 03-29 04-27 05-06 05-17"),
        (2028, "04-14 04-17 04-27 05-25 06-05"),
        (2029, "03-30 04-02 04-27 05-10 05-21"),
        (2030, "04-19 04-22 04-27 05-30 06-10"),
        (2031, "04-11 04-14 04-26 05-22 06-02"),
    ];
    let named =
        ["Goede Vrijdag", "tweede paasdag", "de viering van Koningsdag", "Hemelvaartsdag", "tweede pinksterdag"];
    for (year, expected) in table {
        let all = holidays(year);
        let day = |name: &str| -> Date { all.iter().find(|holiday| holiday.name.nl == name).expect(name).date };
        let found: Vec<String> = named.iter().map(|name| day(name).strftime("%m-%d").to_string()).collect();
        assert_eq!(found.join(" "), expected, "{year}");
        for (month, day) in [(1, 1), (5, 5), (12, 25), (12, 26)] {
            assert!(!is_working_day(date(year, month, day)));
        }
    }
    assert!(is_working_day(date(2026, 4, 7)) && !is_working_day(date(2026, 4, 4)));
}
