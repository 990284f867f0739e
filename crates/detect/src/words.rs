//! Figures in words, in Dutch and English, for summaries that somebody who is no expert reads.

use facts::Text;

const SECOND: f64 = 1.0;
const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;
const DAY: f64 = 86_400.0;

/// Ways to log in, as [`wire::event::Login::mechanism`] has them, with a token in place of a password (RFC 7628).
const TOKENS: [&str; 2] = ["XOAUTH2", "OAUTHBEARER"];

/// Whether no password was among what was sent in these ways.
pub(crate) fn are_tokens<'a>(mut mechanisms: impl Iterator<Item = &'a str>) -> bool {
    mechanisms.all(|mechanism| TOKENS.contains(&mechanism))
}

/// A length of time in seconds: `45 seconden`, `5 minuten`, `22 uur`.
pub(crate) fn duration(seconds: f64) -> Text {
    let (size, nl, en) = match seconds {
        s if s < 100.0 => (SECOND, ("seconde", "seconden"), ("second", "seconds")),
        s if s < 100.0 * MINUTE => (MINUTE, ("minuut", "minuten"), ("minute", "minutes")),
        s if s < 48.0 * HOUR => (HOUR, ("uur", "uur"), ("hour", "hours")),
        _ => (DAY, ("dag", "dagen"), ("day", "days")),
    };
    let amount = seconds / size;
    let (dutch, english) = decimals(amount);
    let word = |(one, many): (&'static str, &'static str)| if english == "1" { one } else { many };
    Text::made(format!("{dutch} {}", word(nl)), format!("{english} {}", word(en)))
}

/// An amount of bytes: `640 MB`, `1,2 GB`.
pub(crate) fn bytes(amount: u64) -> Text {
    const UNITS: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    let mut value = amount as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let (dutch, english) = decimals(value);
    let unit = if amount == 1 { "byte" } else { UNITS.get(unit).copied().unwrap_or("bytes") };
    Text::made(format!("{dutch} {unit}"), format!("{english} {unit}"))
}

/// `1 keer`, `540 keer`; `once`, `540 times`.
pub(crate) fn times(count: u64) -> Text {
    let en = if count == 1 { "once".into() } else { format!("{count} times") };
    Text::made(format!("{count} keer"), en)
}

/// One decimal below ten where it says something, with a comma in Dutch and a point in English.
fn decimals(value: f64) -> (String, String) {
    let tenths = (value * 10.0).round() / 10.0;
    let english = if tenths < 10.0 && tenths.fract() != 0.0 { format!("{tenths:.1}") } else { format!("{value:.0}") };
    (english.replace('.', ","), english)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_read_naturally() {
        let cases = [
            (1.0, "1 seconde", "1 second"),
            (2.2, "2,2 seconden", "2.2 seconds"),
            (60.1, "60 seconden", "60 seconds"),
            (300.0, "5 minuten", "5 minutes"),
            (3590.0, "60 minuten", "60 minutes"),
            (79_000.0, "22 uur", "22 hours"),
            (300_000.0, "3,5 dagen", "3.5 days"),
        ];
        for (seconds, nl, en) in cases {
            assert_eq!(duration(seconds), Text::made(nl.into(), en.into()));
        }
    }

    #[test]
    fn amounts_read_naturally() {
        let cases = [
            (0, "0 bytes", "0 bytes"),
            (1, "1 byte", "1 byte"),
            (999, "999 bytes", "999 bytes"),
            (1_250_000_000, "1,3 GB", "1.3 GB"),
            (640_000_000, "640 MB", "640 MB"),
            (999_900, "1 MB", "1 MB"),
        ];
        for (amount, nl, en) in cases {
            assert_eq!(bytes(amount), Text::made(nl.into(), en.into()));
        }
        assert_eq!(times(1), Text::made("1 keer".into(), "once".into()));
    }
}
