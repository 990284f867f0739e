//! Moments as people in the Netherlands type them: `20-11-2026 16:47`, `20 nov 2026 om 16.47 uur`, beside the world's own
//! `2026-11-20T16:47`; and an hour that exists twice with the word that tells which: `25-10-2026 02:30 zomertijd`.
//!
//! Promises: the day comes before the month, as is written here; nothing is guessed where both readings could be meant in
//! one language only by chance (a month is a word, or stands second). What is none of these, the law's own reader refuses.

use facts::Text;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use law::deadline::{InvalidMoment, read_instant, read_moment};

/// The beginnings of the months' names in Dutch and English; three letters tell them apart.
const MONTHS: [&[&str]; 12] = [
    &["jan"],
    &["feb"],
    &["maa", "mrt", "mar"],
    &["apr"],
    &["mei", "may"],
    &["jun"],
    &["jul"],
    &["aug"],
    &["sep"],
    &["okt", "oct"],
    &["nov"],
    &["dec"],
];

/// Words that tell nothing.
const EMPTY: [&str; 4] = ["om", "at", "uur", "u"];

/// The moment that a line tells.
pub(super) fn read(line: &str, zone: &TimeZone) -> Result<Timestamp, InvalidMoment> {
    let words: Vec<String> = line.split_whitespace().map(str::to_lowercase).collect();
    let says = |season: [&str; 2]| words.iter().any(|word| season.contains(&word.as_str()));
    let (is_summer, is_winter) = (says(["zomertijd", "zomer"]), says(["wintertijd", "winter"]));
    let mut left: Vec<&str> = words.iter().map(String::as_str).collect();
    left.retain(|word| !EMPTY.contains(word) && !["zomertijd", "zomer", "wintertijd", "winter"].contains(word));
    let written = rewritten(&left).unwrap_or_else(|| {
        let plain = line.split_whitespace().filter(|word| !word.to_lowercase().ends_with("tijd"));
        plain.collect::<Vec<_>>().join(" ")
    });
    match read_moment(&written, zone) {
        Ok(moment) => Ok(moment.at.timestamp()),
        Err(InvalidMoment::ExistsTwice { earlier, .. }) if is_summer => read_instant(&earlier),
        Err(InvalidMoment::ExistsTwice { later, .. }) if is_winter => read_instant(&later),
        Err(InvalidMoment::Unreadable { .. }) => Err(InvalidMoment::Unreadable { text: line.trim().to_owned() }),
        Err(invalid) => Err(invalid),
    }
}

/// A Dutch way of writing as ISO 8601; nothing where it is none.
fn rewritten(words: &[&str]) -> Option<String> {
    let first = words.first()?;
    let numbers: Vec<&str> = first.split(['-', '/', '.']).collect();
    let (day, month, year, rest) = match numbers.as_slice() {
        [day, month, year] => (*day, month_number(month)?, *year, words.get(1..)?),
        _ => (*first, month_number(words.get(1)?)?, *words.get(2)?, words.get(3..)?),
    };
    let day: u8 = day.trim_end_matches('.').parse().ok()?;
    let year: u16 = year.trim_end_matches(',').parse().ok().filter(|year| *year >= 1000)?;
    let date = format!("{year:04}-{month:02}-{day:02}");
    match rest {
        [] => Some(date),
        [time] => {
            let (hours, minutes) = time.split_once([':', '.'])?;
            let hours: u8 = hours.parse().ok()?;
            Some(format!("{date}T{hours:02}:{}", minutes.replace('.', ":")))
        }
        _ => None,
    }
}

fn month_number(word: &str) -> Option<usize> {
    if let Ok(number) = word.parse::<usize>() {
        return (1..=12).contains(&number).then_some(number);
    }
    let is_it = |names: &&[&str]| word.chars().count() >= 3 && names.iter().any(|name| word.starts_with(name));
    MONTHS.iter().position(is_it).map(|place| place + 1)
}

/// Why it is no moment, and how to write it.
pub(super) fn refused(invalid: &InvalidMoment) -> Text {
    match invalid {
        InvalidMoment::ExistsTwice { civil, .. } => {
            let (day, time) = (civil.strftime("%-d-%-m-%Y"), civil.strftime("%H:%M"));
            Text::made(
                format!(
                    "Om {time} gaat de klok die nacht terug: dat uur was er twee keer. Was het zomertijd of wintertijd? Typ het erbij: {day} {time} zomertijd (de eerste keer) of {day} {time} wintertijd (de tweede keer)."
                ),
                format!(
                    "At {time} the clock goes back that night: that hour came twice. Was it summer or winter time? Type it too: {day} {time} zomertijd (the first time) or {day} {time} wintertijd (the second)."
                ),
            )
        }
        InvalidMoment::DoesNotExist { civil, .. } => {
            let (day, time) = (civil.strftime("%-d-%-m-%Y"), civil.strftime("%H:%M"));
            Text::made(
                format!(
                    "Die nacht gaat de klok vooruit: {time} op {day} bestond niet. Hoe laat was het een uur eerder of later?"
                ),
                format!(
                    "The clock goes forward that night: {time} on {day} did not exist. Was it an hour earlier or later?"
                ),
            )
        }
        InvalidMoment::TooLate { .. }
        | InvalidMoment::UnknownZone { .. }
        | InvalidMoment::OffsetConflict { .. }
        | InvalidMoment::NoOffset { .. } => {
            let why = invalid.text();
            Text::made(
                format!("Deze tijd is niet te gebruiken: {}.", why.nl),
                format!("This time cannot be used: {}.", why.en),
            )
        }
        InvalidMoment::Unreadable { text } => Text::made(
            format!("“{text}” is niet als dag en tijd te lezen. Schrijf het als 27-3-2026 15:20."),
            format!(
                "“{text}” cannot be read as a day and a time. Write it as 27 March 2026 15:20 or 2026-03-27T15:20."
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amsterdam() -> TimeZone {
        TimeZone::get("Europe/Amsterdam").expect("a zone")
    }

    fn told(line: &str) -> Result<String, InvalidMoment> {
        read(line, &amsterdam()).map(|at| at.to_string())
    }

    #[test]
    fn a_moment_is_read_as_people_write_it_here() {
        for line in [
            "20-11-2026 16:47",
            "20/11/2026 16.47",
            "20.11.2026 16:47",
            "20 nov 2026 16:47",
            "20 november 2026 om 16.47 uur",
            "20 Nov. 2026, 16:47",
            "2026-11-20T16:47",
            "2026-11-20 16:47",
            "2026-11-20T16:47+01:00",
            "2026-11-20T15:47:00Z",
        ] {
            assert_eq!(told(line), Ok("2026-11-20T15:47:00Z".to_owned()), "{line}");
        }
        assert_eq!(told("3 mrt 2026"), Ok("2026-03-02T23:00:00Z".to_owned()), "a day alone is its first moment");
        assert_eq!(told("1 maart 2026 9:05"), Ok("2026-03-01T08:05:00Z".to_owned()));
    }

    #[test]
    fn what_is_no_moment_is_refused_with_what_was_typed() {
        for line in
            ["gisteren", "31-2-2026 10:00", "20-13-2026", "20-11-26 10:00", "20 nov", "20-11-2026 25:00", "1-2-3-4"]
        {
            let Err(invalid) = told(line) else { panic!("{line} was read") };
            assert!(refused(&invalid).nl.contains(line), "{line}: {}", refused(&invalid).nl);
        }
    }

    #[test]
    fn an_hour_that_exists_twice_is_asked_about_and_told_by_a_word() {
        let Err(twice) = told("25-10-2026 02:30") else { panic!("which of the two?") };
        assert!(refused(&twice).nl.contains("zomertijd of wintertijd?"), "{}", refused(&twice).nl);
        assert_eq!(told("25-10-2026 02:30 zomertijd"), Ok("2026-10-25T00:30:00Z".to_owned()));
        assert_eq!(told("25 okt 2026 02:30 wintertijd"), Ok("2026-10-25T01:30:00Z".to_owned()));
        assert_eq!(told("2026-10-25T02:30 wintertijd"), Ok("2026-10-25T01:30:00Z".to_owned()));
        let Err(missing) = told("29-3-2026 02:30") else { panic!("there was no such hour") };
        assert!(refused(&missing).nl.contains("bestond niet"), "{}", refused(&missing).nl);
    }
}
