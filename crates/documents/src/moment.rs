//! Times in words, in the zone of the reader, always saying which time it is: no locale data, two languages.

use jiff::{Timestamp, Zoned, tz::TimeZone};

use facts::Language;

const DAYS_NL: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS_NL: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The moment in words: `vrijdag 27 maart 2026, 15:20 uur (wintertijd)`.
#[must_use]
pub fn moment(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    let local = at.to_zoned(zone.clone());
    let weekday = word(
        match language {
            Language::Dutch => &DAYS_NL,
            Language::English => &DAYS_EN,
        },
        local.weekday().to_monday_zero_offset(),
    );
    let date = date(&local, language);
    let clock = local.strftime("%H:%M");
    let season = season(at, zone, language);
    match language {
        Language::Dutch => format!("{weekday} {date}, {clock} uur ({season})"),
        Language::English => format!("{weekday} {date}, {clock} ({season})"),
    }
}

/// The day in words: `27 maart 2026`.
#[must_use]
pub fn day(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    date(&at.to_zoned(zone.clone()), language)
}

/// The moment as the AP's form takes it: `27-03-2026 15:20`.
pub(crate) fn stamp(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%d-%m-%Y %H:%M").to_string()
}

/// A day of the calendar in words, without its weekday's moment or zone.
#[must_use]
pub fn date_in_words(day: jiff::civil::Date, language: Language) -> String {
    day.to_zoned(TimeZone::UTC).map(|at| date(&at, language)).unwrap_or_default()
}

fn date(local: &Zoned, language: Language) -> String {
    let month = word(
        match language {
            Language::Dutch => &MONTHS_NL,
            Language::English => &MONTHS_EN,
        },
        local.month() - 1,
    );
    format!("{} {month} {}", local.day(), local.year())
}

fn word(words: &[&'static str], index: i8) -> &'static str {
    usize::try_from(index).ok().and_then(|index| words.get(index)).copied().unwrap_or_default()
}

/// Which time it is: by name where Dutch people have one, else the offset.
fn season(at: Timestamp, zone: &TimeZone, language: Language) -> String {
    if zone.iana_name() != Some("Europe/Amsterdam") {
        return format!("UTC{}", zone.to_offset(at));
    }
    match (zone.to_offset_info(at).dst().is_dst(), language) {
        (true, Language::Dutch) => "zomertijd".into(),
        (false, Language::Dutch) => "wintertijd".into(),
        (true, Language::English) => "Dutch summer time".into(),
        (false, Language::English) => "Dutch winter time".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_moment_says_which_time_it_is() {
        let amsterdam = TimeZone::get("Europe/Amsterdam").unwrap();
        let check = |text: &str, nl: &str, en: &str| {
            assert_eq!(moment(at(text), &amsterdam, Language::Dutch), nl);
            assert_eq!(moment(at(text), &amsterdam, Language::English), en);
        };
        check(
            "2026-03-27T14:20:00Z",
            "vrijdag 27 maart 2026, 15:20 uur (wintertijd)",
            "Friday 27 March 2026, 15:20 (Dutch winter time)",
        );
        check(
            "2026-03-30T14:20:00Z",
            "maandag 30 maart 2026, 16:20 uur (zomertijd)",
            "Monday 30 March 2026, 16:20 (Dutch summer time)",
        );
        // The hour that exists twice: the same clock, told apart by its season.
        check(
            "2026-10-25T00:30:00Z",
            "zondag 25 oktober 2026, 02:30 uur (zomertijd)",
            "Sunday 25 October 2026, 02:30 (Dutch summer time)",
        );
        check(
            "2026-10-25T01:30:00Z",
            "zondag 25 oktober 2026, 02:30 uur (wintertijd)",
            "Sunday 25 October 2026, 02:30 (Dutch winter time)",
        );
        assert_eq!(
            moment(at("2026-01-01T00:00:00Z"), &TimeZone::UTC, Language::Dutch),
            "donderdag 1 januari 2026, 00:00 uur (UTC+00)"
        );
    }
}
