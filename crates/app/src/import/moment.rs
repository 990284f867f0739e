//! Dates as people write them in a register, in the organisation's zone. What can be read in two ways is refused.

use facts::Text;
use incident::SaidAt;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::field::plain;
use super::table::Cell;

/// Nothing that a register of data breaches holds is older.
const EARLIEST_YEAR: i16 = 1990;
/// Day numbers of spreadsheets that can be meant: 1990 to 2099. Day 0 is 30 December 1899, as they count since March 1900.
const SERIALS: std::ops::RangeInclusive<f64> = 32_874.0..=73_050.0;
const MONTHS: [[&str; 4]; 12] = [
    ["januari", "january", "jan", "jan"],
    ["februari", "february", "feb", "febr"],
    ["maart", "march", "mrt", "mar"],
    ["april", "april", "apr", "apr"],
    ["mei", "may", "mei", "may"],
    ["juni", "june", "jun", "jun"],
    ["juli", "july", "jul", "jul"],
    ["augustus", "august", "aug", "aug"],
    ["september", "september", "sep", "sept"],
    ["oktober", "october", "okt", "oct"],
    ["november", "november", "nov", "nov"],
    ["december", "december", "dec", "dec"],
];

/// Spaces at which a line is not broken; what is copied from a page or a letter has them.
const NO_BREAK: [char; 2] = ['\u{a0}', '\u{202f}'];

/// What stands behind a day: `1e april`, `3rd of March`.
const ORDINALS: [&str; 7] = ["ste", "de", "e", "st", "nd", "rd", "th"];

/// What `3/4/2024` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Slashes {
    /// Refused where both can be a month.
    #[default]
    Ask,
    DayFirst,
    MonthFirst,
}

impl Slashes {
    pub const ALL: [Self; 3] = [Self::Ask, Self::DayFirst, Self::MonthFirst];

    /// The name in a mapping file and on the form.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::DayFirst => "day_first",
            Self::MonthFirst => "month_first",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

/// How dates are read.
#[derive(Clone, Debug)]
pub(super) struct Reading<'a> {
    pub(super) zone: &'a TimeZone,
    pub(super) now: Timestamp,
    pub(super) slashes: Slashes,
}

impl Reading<'_> {
    /// The moment of a cell; nothing for an empty one.
    pub(super) fn moment(&self, cell: &Cell) -> Result<Option<SaidAt>, Text> {
        let (date, time) = match cell {
            _ if cell.is_empty() => return Ok(None),
            Cell::Empty => return Ok(None),
            Cell::Moment(at) => (at.date(), Some(at.time()).filter(|time| *time != Time::midnight())),
            // `20210403` that a spreadsheet took for a number.
            Cell::Number(serial) => {
                let read = from_serial(*serial).or_else(|| Some((self.alone(&cell.words())?, None)));
                read.ok_or_else(|| unreadable(&cell.words()))?
            }
            Cell::Truth(_) | Cell::Formula(_) => return Err(unreadable(&cell.words())),
            Cell::Text(text) => match instant(text) {
                Some(at) => return self.in_range(SaidAt { at, is_day: false }, text).map(Some),
                None => self.written(&text.replace(NO_BREAK, " "))?,
            },
        };
        let words = cell.words();
        let at = self.in_zone(date.to_datetime(time.unwrap_or(Time::midnight())), time.is_none(), &words)?;
        self.in_range(SaidAt { at, is_day: time.is_none() }, &words).map(Some)
    }

    /// Whether one lies before another; of a day alone nobody knows which hour.
    pub(super) fn is_before(&self, one: SaidAt, other: SaidAt) -> bool {
        let day = |said: SaidAt| said.at.to_zoned(self.zone.clone()).date();
        if one.is_day || other.is_day { day(one) < day(other) } else { one.at < other.at }
    }

    fn in_range(&self, said: SaidAt, words: &str) -> Result<SaidAt, Text> {
        if said.at > self.now {
            return Err(Text::made(
                format!("“{words}” ligt in de toekomst. Kijk de datum na."),
                format!("“{words}” lies in the future. Check the date."),
            ));
        }
        if said.at.to_zoned(self.zone.clone()).year() < EARLIEST_YEAR {
            return Err(Text::made(
                format!("“{words}” ligt voor {EARLIEST_YEAR}. Kijk het jaar na."),
                format!("“{words}” lies before {EARLIEST_YEAR}. Check the year."),
            ));
        }
        Ok(said)
    }

    fn in_zone(&self, local: DateTime, is_day: bool, words: &str) -> Result<Timestamp, Text> {
        let ambiguous = self.zone.to_ambiguous_timestamp(local);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => {}
            _ if is_day => {}
            AmbiguousOffset::Gap { .. } => {
                return Err(Text::made(
                    format!("“{words}” bestaat niet: toen ging de klok een uur vooruit. Kijk de tijd na."),
                    format!("“{words}” does not exist: the clock went forward an hour. Check the time."),
                ));
            }
            AmbiguousOffset::Fold { .. } => {
                return Err(Text::made(
                    format!(
                        "“{words}” kwam twee keer voor: toen ging de klok een uur terug. Schrijf het met het verschil met UTC, zoals 2024-10-27T02:30+02:00."
                    ),
                    format!(
                        "“{words}” happened twice: the clock went back an hour. Write it with its offset from UTC, as in 2024-10-27T02:30+02:00."
                    ),
                ));
            }
        }
        ambiguous.compatible().map_err(|_| unreadable(words))
    }

    /// `31-12-2024`, `31 december 2024 14:30`, `2024-12-31`, `20241231`, `vrijdag 3 mei 2024 om 9.05 uur`.
    fn written(&self, text: &str) -> Result<(Date, Option<Time>), Text> {
        let text = text.trim();
        let failed = || unreadable(text);
        let (day_part, time) = split_time(text).ok_or_else(failed)?;
        let parts: Vec<&str> = day_part.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty()).collect();
        // A weekday in front says nothing that the date does not.
        let parts = match parts.split_first() {
            Some((first, rest))
                if rest.len() == 3 && first.chars().all(char::is_alphabetic) && month(first).is_none() =>
            {
                rest
            }
            _ => &parts,
        };
        let date = match parts {
            [one] => self.alone(one),
            [day, name, year] if month(name).is_some() => named(year, name, day),
            [name, day, year] if month(name).is_some() => named(year, name, day),
            [year, name, day] if year.len() == 4 && month(name).is_some() => named(year, name, day),
            [one, two, three] => return self.numbers(text, day_part, [one, two, three]).map(|date| (date, time)),
            _ => None,
        };
        date.map(|date| (date, time)).ok_or_else(failed)
    }

    /// A number alone: `20241231`, or a spreadsheet's day number that lost its form on the way through CSV.
    fn alone(&self, text: &str) -> Option<Date> {
        if text.len() == 8 {
            let (year, rest) = text.split_at_checked(4)?;
            let (month, day) = rest.split_at_checked(2)?;
            return date(year, month.parse().ok()?, day);
        }
        from_serial(text.parse().ok()?).map(|(date, _)| date)
    }

    fn numbers(&self, text: &str, day_part: &str, [one, two, three]: [&str; 3]) -> Result<Date, Text> {
        let month = |text: &str| text.parse::<i8>().ok();
        if one.len() == 4 {
            return month(two).and_then(|month| date(one, month, three)).ok_or_else(|| unreadable(text));
        }
        let day_first = month(two).and_then(|month| date(three, month, one));
        let month_first = month(one).and_then(|month| date(three, month, two));
        let has_slashes = day_part.contains('/');
        if three.len() == 2 {
            return self.short_year(text, [one, two, three]);
        }
        let read = match (day_first, month_first) {
            (day_first, month_first) if has_slashes => match (self.slashes, day_first, month_first) {
                // What can only be the other way round is no reason to doubt the one that was chosen, but to look.
                (Slashes::DayFirst, ..) => day_first,
                (Slashes::MonthFirst, ..) => month_first,
                (Slashes::Ask, Some(one), Some(other)) if one != other => return Err(two_ways(text, one, other)),
                (Slashes::Ask, ..) => day_first.or(month_first),
            },
            // With hyphens or dots the day stands first, as people write here.
            (day_first, _) => day_first,
        };
        read.ok_or_else(|| unreadable(text))
    }

    /// `31-12-24`: read only where the year can be no other part.
    fn short_year(&self, text: &str, [one, two, three]: [&str; 3]) -> Result<Date, Text> {
        let today = self.now.to_zoned(self.zone.clone()).date();
        let full = |year: &str| format!("20{year}");
        let month = two.parse::<i8>().map_err(|_| unreadable(text))?;
        let is_likely = |read: &Date| *read <= today && read.year() >= 2016;
        let day_first = date(&full(three), month, one).filter(is_likely);
        let year_first = date(&full(one), month, three).filter(|_| one.len() == 2).filter(is_likely);
        match (day_first, year_first) {
            (Some(one), Some(other)) if one != other => Err(two_ways(text, one, other)),
            (one, other) => one.or(other).ok_or_else(|| unreadable(text)),
        }
    }
}

fn two_ways(text: &str, one: Date, other: Date) -> Text {
    Text::made(
        format!(
            "“{text}” kan {one} zijn en {other}. Kies hoe datums gelezen worden, of schrijf de datum als jjjj-mm-dd."
        ),
        format!("“{text}” can be {one} and {other}. Choose how dates are read, or write the date as yyyy-mm-dd."),
    )
}

fn unreadable(text: &str) -> Text {
    Text::made(
        format!(
            "“{text}” is geen datum die wij kunnen lezen. Schrijf bijvoorbeeld 31-12-2024, 31 december 2024 14:30 of 2024-12-31."
        ),
        format!(
            "“{text}” is no date that we can read. Write for instance 31-12-2024, 31 December 2024 14:30 or 2024-12-31."
        ),
    )
}

/// A moment with its offset: RFC 3339 and what looks like it.
fn instant(text: &str) -> Option<Timestamp> {
    text.trim().parse().ok()
}

/// The day, and the time behind it if one stands there. Nothing where there is something else.
fn split_time(text: &str) -> Option<(&str, Option<Time>)> {
    let without = text.strip_suffix("uur").or_else(|| text.strip_suffix('u')).map_or(text, str::trim_end);
    let said_hour = without.len() != text.len();
    let Some((day, clock)) = without.trim().rsplit_once([' ', 'T']) else { return Some((text, None)) };
    let has_colon = clock.contains(':');
    let is_clock = has_colon || (said_hour && clock.chars().all(|letter| letter.is_ascii_digit() || letter == '.'));
    if !is_clock {
        return if said_hour { None } else { Some((text, None)) };
    }
    let mut parts = clock.split([':', '.']).map(|part| part.parse::<i8>().ok());
    let hour = parts.next()??;
    let mut next = || match parts.next() {
        None => Some(0),
        Some(part) => part,
    };
    let (minute, second) = (next()?, next()?);
    let time = Time::new(hour, minute, second, 0).ok()?;
    let is_joined = without.trim().get(day.len()..).is_some_and(|rest| rest.starts_with('T'));
    let day = day.trim_end();
    let bare = day.strip_suffix(" om").or_else(|| day.strip_suffix(','));
    // Excel writes a day as `3-4-2021 0:00` into CSV.
    let is_day = time == Time::midnight() && bare.is_none() && !said_hour && !is_joined;
    Some((bare.unwrap_or(day), Some(time).filter(|_| !is_day)))
}

fn month(name: &str) -> Option<i8> {
    let name = plain(name);
    let place = MONTHS.iter().position(|names| names.contains(&name.as_str()))?;
    i8::try_from(place + 1).ok()
}

fn named(year: &str, name: &str, day: &str) -> Option<Date> {
    let day = ORDINALS.iter().find_map(|behind| day.strip_suffix(behind)).unwrap_or(day);
    let year = year.strip_prefix(['\'', '’', '‘', '`']).unwrap_or(year);
    // With the month as a word the day stands first: a year of two digits is the last.
    if year.len() == 2 { date(&format!("20{year}"), month(name)?, day) } else { date(year, month(name)?, day) }
}

fn date(year: &str, month: i8, day: &str) -> Option<Date> {
    let year: i16 = year.parse().ok().filter(|_| year.len() == 4)?;
    Date::new(year, month, day.parse().ok()?).ok()
}

/// The day of a spreadsheet's number, and the time in its fraction.
fn from_serial(serial: f64) -> Option<(Date, Option<Time>)> {
    if !SERIALS.contains(&serial) {
        return None;
    }
    let start = Date::constant(1899, 12, 30).to_datetime(Time::midnight());
    // Within the range just checked, so nothing is cut off.
    let seconds = (serial * 86_400.0).round() as i64;
    let at = start.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()?;
    Some((at.date(), Some(at.time()).filter(|time| *time != Time::midnight())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &Cell, slashes: Slashes) -> Result<String, String> {
        let zone = TimeZone::get("Europe/Amsterdam").expect("a zone of the database");
        let now = "2026-11-20T09:00:00Z".parse().expect("a literal time");
        let reading = Reading { zone: &zone, now, slashes };
        match reading.moment(cell) {
            Ok(None) => Ok(String::new()),
            Ok(Some(said)) if said.is_day => Ok(said.at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string()),
            Ok(Some(said)) => Ok(said.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %:z").to_string()),
            Err(text) => Err(text.en.to_string()),
        }
    }

    fn check(text: &str, expected: &str) {
        assert_eq!(read(&Cell::Text(text.into()), Slashes::Ask).as_deref(), Ok(expected), "{text}");
    }

    fn refused(text: &str, because: &str) {
        let error = read(&Cell::Text(text.into()), Slashes::Ask).expect_err(text);
        assert!(error.contains(because), "{text}: {error}");
    }

    #[test]
    fn dates_as_people_write_them() {
        check("", "");
        check("   ", "");
        check("31-12-2024", "2024-12-31");
        check("3-4-2024", "2024-04-03");
        check("03.04.2024", "2024-04-03");
        check("31/12/2024", "2024-12-31");
        check("12/31/2024", "2024-12-31");
        check("2024-12-31", "2024-12-31");
        check("20241231", "2024-12-31");
        check("45657", "2024-12-31");
        check("31-12-24", "2024-12-31");
        check("31 december 2024", "2024-12-31");
        check("31 dec. 2024", "2024-12-31");
        check("31-dec-2024", "2024-12-31");
        check("December 31, 2024", "2024-12-31");
        check("vrijdag 3 mei 2024", "2024-05-03");
        check("31 december 2024 14:30", "2024-12-31 14:30 +01:00");
        check("31-12-2024 14:30", "2024-12-31 14:30 +01:00");
        check("31-12-2024 14.30 uur", "2024-12-31 14:30 +01:00");
        check("31-12-2024 om 9:05 uur", "2024-12-31 09:05 +01:00");
        check("1-7-2024, 9:05:59", "2024-07-01 09:05 +02:00");
        check("2024-12-31T14:30", "2024-12-31 14:30 +01:00");
        check("3-4-2021 0:00", "2021-04-03");
        check("2021-04-03 00:00:00", "2021-04-03");
        check("3 OKTOBER 2021 0:00", "2021-10-03");
        check("2021-04-03T00:00", "2021-04-03 00:00 +02:00");
        check("3-4-2021 om 0.00 uur", "2021-04-03 00:00 +02:00");
        check("03-apr-21", "2021-04-03");
        check("1e april 2021", "2021-04-01");
        check("1ste april 2021", "2021-04-01");
        check("April 3rd, 2021", "2021-04-03");
        check("3 maart '21", "2021-03-03");
        check("3 maart ’21", "2021-03-03");
        check("3-4-2021\u{a0}14:30", "2021-04-03 14:30 +02:00");
        check("3\u{a0}april\u{a0}2021", "2021-04-03");
        check("2024-12-31T14:30:00Z", "2024-12-31 15:30 +01:00");
        check("2024-10-27T02:30+02:00", "2024-10-27 02:30 +02:00");
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        refused("03/04/2024", "can be 2024-04-03 and 2024-03-04");
        refused("18-12-19", "can be 2019-12-18 and 2018-12-19");
        refused("27-10-2024 02:30", "happened twice");
        for (other_way, slashes) in [("12/31/2022", Slashes::DayFirst), ("31/12/2022", Slashes::MonthFirst)] {
            assert!(read(&Cell::Text(other_way.into()), slashes).is_err(), "{other_way}");
            assert!(read(&Cell::Text(other_way.into()), Slashes::Ask).is_ok(), "{other_way}");
        }
        let chosen = |slashes| read(&Cell::Text("03/04/2024".into()), slashes);
        assert_eq!(chosen(Slashes::DayFirst).as_deref(), Ok("2024-04-03"));
        assert_eq!(chosen(Slashes::MonthFirst).as_deref(), Ok("2024-03-04"));
        check("04/04/2024", "2024-04-04");
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "gisteren",
            "31-13-2024",
            "31-02-2024",
            "31-12",
            "2024",
            "1-2-3-4",
            "12:30",
            "99-99-9999",
            "31-12-2024 25:00",
            "31-12-2024 14:30 uur ongeveer",
            "31-12-2024 uur",
            "-",
            "?",
        ] {
            refused(text, "no date that we can read");
        }
        refused("03-apr-98", "future");
        refused("31-12-2027", "future");
        refused("31-12-0024", "before 1990");
        refused("31-03-2024 02:30", "does not exist");
    }

    #[test]
    fn a_spreadsheets_own_dates_are_read() {
        let at = |text: &str| Cell::Moment(text.parse().expect("a literal time"));
        assert_eq!(read(&at("2024-12-31T00:00:00"), Slashes::Ask).as_deref(), Ok("2024-12-31"));
        assert_eq!(read(&at("2024-12-31T14:30:00"), Slashes::Ask).as_deref(), Ok("2024-12-31 14:30 +01:00"));
        assert_eq!(read(&Cell::Number(45_657.5), Slashes::Ask).as_deref(), Ok("2024-12-31 12:00 +01:00"));
        assert_eq!(read(&Cell::Number(20_210_403.0), Slashes::Ask).as_deref(), Ok("2021-04-03"));
        assert!(read(&Cell::Number(20_211_403.0), Slashes::Ask).is_err());
        assert!(read(&Cell::Number(12.0), Slashes::Ask).is_err());
        assert!(read(&Cell::Number(f64::NAN), Slashes::Ask).is_err());
        assert!(read(&Cell::Truth(true), Slashes::Ask).is_err());
    }
}
