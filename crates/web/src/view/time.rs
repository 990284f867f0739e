//! Moments for showing.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use facts::Language;

/// A moment: for machines, and in words with its zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct When {
    /// RFC 3339, as `<time datetime>` takes it.
    pub(crate) machine: String,
    pub(crate) words: String,
}

impl When {
    pub(crate) fn new(at: Timestamp, zone: &TimeZone, language: Language) -> Self {
        Self {
            machine: at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            words: documents::moment(at, zone, language),
        }
    }
}

impl When {
    /// A day of which the time is not known.
    pub(crate) fn day(at: Timestamp, zone: &TimeZone, language: Language) -> Self {
        Self {
            machine: at.to_zoned(zone.clone()).strftime("%Y-%m-%d").to_string(),
            words: documents::day(at, zone, language),
        }
    }
}

/// The parts in which people enter a moment: the fields `date` and `time` of a form.
pub(crate) fn for_fields(at: Timestamp, zone: &TimeZone) -> (String, String) {
    let local = at.to_zoned(zone.clone());
    (local.strftime("%Y-%m-%d").to_string(), local.strftime("%H:%M").to_string())
}
