//! What files are called: `flows-2026-11-29T10Z.parquet`, and `flows-2026-11-29T10Z-2.parquet` for the next part of that
//! hour.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

const HOUR: i64 = 3_600;

/// What rows a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Flows,
    Dns,
}

impl Kind {
    /// Its name in files and lines.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Flows => "flows",
            Self::Dns => "dns",
        }
    }
}

/// A file's name. In their order they grow older towards the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName {
    /// The hour in which its rows were told, in hours since 1970.
    pub hour: i64,
    /// From 1.
    pub part: u32,
    pub kind: Kind,
}

impl FileName {
    /// When its hour began; absent where no clock says so.
    #[must_use]
    pub fn began(self) -> Option<Timestamp> {
        Timestamp::from_second(self.hour.checked_mul(HOUR)?).ok()
    }

    /// When its hour is over.
    #[must_use]
    pub fn ended(self) -> Option<Timestamp> {
        Timestamp::from_second(self.hour.checked_add(1)?.checked_mul(HOUR)?).ok()
    }
}

/// The hour of a moment, in hours since 1970; a moment before it counts as then.
pub(crate) fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(HOUR).max(0)
}

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let began = self.began().unwrap_or_default().to_zoned(TimeZone::UTC);
        write!(formatter, "{}-{}", self.kind.key(), began.strftime("%Y-%m-%dT%HZ"))?;
        if self.part > 1 {
            write!(formatter, "-{}", self.part)?;
        }
        formatter.write_str(FINISHED)
    }
}

/// How the name of a whole file ends, and that of one that is being written.
pub(crate) const FINISHED: &str = ".parquet";
pub(crate) const UNFINISHED: &str = ".unfinished";

/// It is no name of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOurs;

impl FromStr for FileName {
    type Err = NotOurs;

    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let rest = text.strip_suffix(FINISHED).ok_or(NotOurs)?;
        let (kind, rest) = rest.split_once('-').ok_or(NotOurs)?;
        let kind = [Kind::Flows, Kind::Dns].into_iter().find(|one| one.key() == kind).ok_or(NotOurs)?;
        let (moment, part) = rest.split_once('Z').ok_or(NotOurs)?;
        let part = match part.strip_prefix('-') {
            Some(number) => number.parse().map_err(|_| NotOurs)?,
            None => 1,
        };
        let moment = DateTime::strptime("%Y-%m-%dT%H", moment).map_err(|_| NotOurs)?;
        let began = moment.to_zoned(TimeZone::UTC).map_err(|_| NotOurs)?.timestamp();
        let name = Self { hour: began.as_second().div_euclid(HOUR), part, kind };
        // One file, one name.
        if name.to_string() == text { Ok(name) } else { Err(NotOurs) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_says_kind_hour_and_part() {
        let at: Timestamp = "2026-11-29T10:59:59Z".parse().unwrap();
        let name = FileName { hour: hour_of(at), part: 1, kind: Kind::Flows };
        assert_eq!(name.to_string(), "flows-2026-11-29T10Z.parquet");
        assert_eq!(FileName { part: 12, kind: Kind::Dns, ..name }.to_string(), "dns-2026-11-29T10Z-12.parquet");
        assert_eq!(name.began(), Some("2026-11-29T10:00:00Z".parse().unwrap()));
        assert_eq!(name.ended(), Some("2026-11-29T11:00:00Z".parse().unwrap()));
    }

    #[test]
    fn what_is_not_ours_is_no_name() {
        for text in [
            "",
            "flows-2026-11-29T10Z",
            "flows-2026-11-29T10Z-1.parquet",
            "flows-2026-11-29T10Z-02.parquet",
            "flows-2026-11-29T10Z-0.parquet",
            "flows-2026-11-29T1Z.parquet",
            "flows-2026-11-31T10Z.parquet",
            "flows-2026-11-29T24Z.parquet",
            "FLOWS-2026-11-29T10Z.parquet",
            "x-2026-11-29T10Z.parquet",
            "flows-2026-11-29T10Z.parquet.unfinished",
            "é-2026-11-29T10Z.parquet",
        ] {
            assert_eq!(text.parse::<FileName>(), Err(NotOurs), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_read_as_it_was_written(hour in 0_i64..4_000_000, part in 1_u32.., is_dns: bool) {
            let name = FileName { hour, part, kind: if is_dns { Kind::Dns } else { Kind::Flows } };
            prop_assert_eq!(name.to_string().parse(), Ok(name));
        }
    }
}
