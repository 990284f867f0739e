//! Moments as logs write them.

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;

/// `Oct`.
pub(crate) fn month(name: &str) -> Option<i8> {
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    names.iter().position(|known| known.eq_ignore_ascii_case(name)).and_then(|at| i8::try_from(at + 1).ok())
}

/// `08:00:00`, with or without a fraction.
pub(crate) fn clock(text: &str) -> Option<Time> {
    text.parse().ok()
}

/// `2026-10-19T08:00:00.123+0200`, `…Z`; without a zone it is that one's time.
pub(crate) fn iso(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    // Jiff takes a colon or none in the offset, and a space or `T`.
    text.parse::<Timestamp>().ok().or_else(|| civil(text.parse().ok()?, zone))
}

/// Whether a moment says its zone itself.
pub(crate) fn has_zone(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok()
}

/// A civil time that occurs twice is the first of both, one that does not occur is read as the hour after.
pub(crate) fn civil(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(at).compatible().ok()
}

/// `1792389600.123456`: seconds since 1970, exact to the microsecond.
pub(crate) fn epoch(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds: i64 = whole.parse().ok()?;
    let digits: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let microseconds: i64 = digits.parse().ok()?;
    Timestamp::from_microsecond(seconds.checked_mul(1_000_000)?.checked_add(microseconds)?).ok()
}

/// Seconds since 1970 as a number, as JSON has them.
pub(crate) fn epoch_number(seconds: f64) -> Option<Timestamp> {
    let micros = (seconds * 1e6).round();
    (micros.abs() < 9e18).then(|| Timestamp::from_microsecond(micros as i64).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_written() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let want: Timestamp = "2026-10-19T06:00:00.25Z".parse().unwrap();
        for text in [
            "2026-10-19T08:00:00.25+0200",
            "2026-10-19T06:00:00.25Z",
            "2026-10-19 08:00:00.25",
            "2026-10-19T08:00:00.25",
        ] {
            assert_eq!(iso(text, &zone), Some(want), "{text}");
        }
        assert_eq!(epoch("1792389600.25"), Some(want));
        assert_eq!(epoch_number(1_792_389_600.25), Some(want));
        assert_eq!((epoch("x"), epoch("99999999999999999999"), epoch_number(f64::NAN)), (None, None, None));
    }
}
