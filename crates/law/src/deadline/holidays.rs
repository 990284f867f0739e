//! The holidays of the Algemene termijnenwet (BWBR0002448), art. 3.
//!
//! Promises: right for every year since 1980 as far as the Act's own list goes; Good Friday counts, as art. 3(2) says. Not
//! here: bridge days that a royal decree equates for one year (art. 3(3)).

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use facts::Text;

/// A day that counts as a holiday for terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    pub date: Date,
    pub name: Text,
}

/// The holidays of a year, in order of date; empty for a year without a calendar.
#[must_use]
pub fn holidays(year: i16) -> Vec<Holiday> {
    let Some(easter) = easter_sunday(year) else { return Vec::new() };
    let fixed = |month: i8, day: i8| Date::new(year, month, day).ok();
    let moving = |days: i64| easter.checked_add(days.days()).ok();
    let days = [
        (fixed(1, 1), Text::new("Nieuwjaarsdag", "New Year’s Day")),
        (moving(-2), Text::new("Goede Vrijdag", "Good Friday")),
        (moving(0), Text::new("eerste paasdag", "Easter Sunday")),
        (moving(1), Text::new("tweede paasdag", "Easter Monday")),
        (kings_day(year), Text::new("de viering van Koningsdag", "the King’s birthday as celebrated")),
        (fixed(5, 5), Text::new("Bevrijdingsdag", "Liberation Day")),
        (moving(39), Text::new("Hemelvaartsdag", "Ascension Day")),
        (moving(49), Text::new("eerste pinksterdag", "Whit Sunday")),
        (moving(50), Text::new("tweede pinksterdag", "Whit Monday")),
        (fixed(12, 25), Text::new("eerste kerstdag", "Christmas Day")),
        (fixed(12, 26), Text::new("tweede kerstdag", "Second day of Christmas")),
    ];
    let mut found: Vec<Holiday> =
        days.into_iter().filter_map(|(date, name)| date.map(|date| Holiday { date, name })).collect();
    found.sort_by_key(|holiday| holiday.date);
    found
}

/// Whether a day is no Saturday, Sunday or holiday.
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    let is_weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    !is_weekend && !holidays(day.year()).iter().any(|holiday| holiday.date == day)
}

/// The day on which the King's (until 2013 the Queen's) birthday is celebrated; a Sunday moves it to the Saturday before.
fn kings_day(year: i16) -> Option<Date> {
    let (month, day) = if year >= 2014 { (4, 27) } else { (4, 30) };
    let birthday = Date::new(year, month, day).ok()?;
    if birthday.weekday() == Weekday::Sunday { birthday.yesterday().ok() } else { Some(birthday) }
}

/// Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher).
fn easter_sunday(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let golden = year_number.rem_euclid(19);
    let (century, in_century) = (year_number.div_euclid(100), year_number.rem_euclid(100));
    let (leap_centuries, century_rest) = (century / 4, century % 4);
    let moon_correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - leap_centuries - moon_correction + 15).rem_euclid(30);
    let (leap_years, year_rest) = (in_century / 4, in_century % 4);
    let to_sunday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let days = epact + to_sunday - 7 * late + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}
