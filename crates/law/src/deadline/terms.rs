//! The arithmetic of terms in hours, in months and in working days.

use jiff::civil::Date;
use jiff::{SignedDuration, ToSpan, Zoned};

use super::is_working_day;

/// So many elapsed hours later. Around a clock change that is another hour of the day.
#[must_use]
pub fn hours_target(aware: &Zoned, hours: u32) -> Zoned {
    later(aware, SignedDuration::from_hours(hours.into()))
}

/// The end of a term in hours by Regulation (EEC, Euratom) 1182/71, art. 3(1) and (2)(a): the hour in which the event falls
/// is not counted. Weekends and holidays do not extend it (art. 3(4): otherwise than in hours).
#[must_use]
pub fn hours_limit(aware: &Zoned, hours: u32) -> Zoned {
    let into_hour = SignedDuration::from_secs(i64::from(aware.minute()) * 60 + i64::from(aware.second()))
        + SignedDuration::from_nanos(aware.subsec_nanosecond().into());
    later(&later(aware, -into_hour), SignedDuration::from_hours(i64::from(hours) + 1))
}

/// Beyond the year 9999 nothing is due; the moment itself stands in.
fn later(from: &Zoned, by: SignedDuration) -> Zoned {
    from.checked_add(by).unwrap_or_else(|_| from.clone())
}

/// The last day of a term of months under the Algemene termijnenwet, art. 1: the same day of the month (the last, where that
/// day does not exist), or the next day that is no Saturday, Sunday or holiday. The term ends when that day ends.
#[must_use]
pub fn month_term(from: Date, months: u32) -> Date {
    let end = from.checked_add(i64::from(months).months()).unwrap_or(from);
    next_working_day(end)
}

/// The last second of a day, in the zone of `like`; where the calendar ends, that moment itself.
pub(super) fn end_of_day(day: Date, like: &Zoned) -> Zoned {
    day.at(23, 59, 59, 0).to_zoned(like.time_zone().clone()).unwrap_or_else(|_| like.clone())
}

fn next_working_day(day: Date) -> Date {
    let mut day = day;
    while !is_working_day(day) {
        let Ok(next) = day.tomorrow() else { return day };
        day = next;
    }
    day
}

/// The n-th working day after a day, that day itself not counted.
#[must_use]
pub fn working_days_after(from: Date, days: u32) -> Date {
    let mut day = from;
    for _ in 0..days {
        let Ok(next) = day.tomorrow() else { return day };
        day = next_working_day(next);
    }
    day
}
