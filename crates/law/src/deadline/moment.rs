//! Reading moments as people and programs write them.
//!
//! Promises: a moment that does not exist is refused, one that exists twice is asked about; nothing is silently moved. A date
//! alone is read as its first moment and marked as such. From every moment that is read, a term can be counted.

use jiff::civil::DateTime;
use jiff::fmt::temporal::{Pieces, PiecesOffset};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

use facts::Text;

/// From this year on no moment is read: the calendar ends with 9999, and every term has to end before it.
const TOO_LATE: i16 = 9990;

/// How exactly a moment was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    Exact,
    /// Only a date: its first moment, the earliest it can have been.
    DateOnly,
}

/// A moment as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub at: Zoned,
    pub precision: Precision,
}

/// Why a text is no moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMoment {
    #[error("`{text}` is no moment; write it like 2026-03-27T15:20:00+01:00 or 2026-03-27T15:20:00[Europe/Amsterdam]")]
    Unreadable { text: String },
    #[error("`{text}` lies too near the end of the calendar to count a term from; write a year before {TOO_LATE}")]
    TooLate { text: String },
    #[error("there is no time zone `{zone}`; write it like Europe/Amsterdam")]
    UnknownZone { zone: String },
    #[error("`{text}` has no offset; write it like {text}+01:00, or with a zone like {text}[Europe/Amsterdam]")]
    NoOffset { text: String },
    #[error(
        "{civil} does not exist in {zone}, because the clock goes forward there; choose {earlier} (before) or {later} (after)"
    )]
    DoesNotExist { civil: DateTime, zone: String, earlier: String, later: String },
    #[error(
        "{civil} exists twice in {zone}, because the clock goes back there; choose {earlier} (the first, summer time) or {later} (the second, winter time)"
    )]
    ExistsTwice { civil: DateTime, zone: String, earlier: String, later: String },
    #[error("the offset in `{text}` is not the one of {zone} then, {expected}; leave one of the two out")]
    OffsetConflict { text: String, zone: String, expected: String },
}

impl InvalidMoment {
    /// The same for people, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::Unreadable { text } => format!(
                "`{text}` is geen tijdstip; schrijf het als 2026-03-27T15:20:00+01:00 of 2026-03-27T15:20:00[Europe/Amsterdam]"
            ),
            Self::TooLate { text } => format!(
                "`{text}` ligt te dicht bij het einde van de kalender om een termijn vanaf te tellen; schrijf een jaar vóór {TOO_LATE}"
            ),
            Self::UnknownZone { zone } => format!("er is geen tijdzone `{zone}`; schrijf haar als Europe/Amsterdam"),
            Self::NoOffset { text } => format!(
                "`{text}` zegt niet in welke tijdzone; schrijf {text}+01:00, of met een zone {text}[Europe/Amsterdam]"
            ),
            Self::DoesNotExist { civil, zone, earlier, later } => format!(
                "{civil} bestaat niet in {zone}, omdat de klok daar vooruit gaat; kies {earlier} (ervoor) of {later} (erna)"
            ),
            Self::ExistsTwice { civil, zone, earlier, later } => format!(
                "{civil} bestaat twee keer in {zone}, omdat de klok daar teruggaat: zomertijd of wintertijd? Kies {earlier} (de eerste, zomertijd) of {later} (de tweede, wintertijd)"
            ),
            Self::OffsetConflict { text, zone, expected } => format!(
                "het tijdsverschil in `{text}` is niet dat van {zone} op dat moment, {expected}; laat een van de twee weg"
            ),
        };
        Text::made(nl, self.to_string())
    }
}

/// Reads RFC 3339, RFC 9557, a civil time in `zone`, or a date alone.
pub fn read_moment(text: &str, zone: &TimeZone) -> Result<Moment, InvalidMoment> {
    read(text, Some(zone))
}

/// Reads RFC 3339 with an offset or RFC 9557 with a zone; nothing is assumed.
pub fn read_instant(text: &str) -> Result<Timestamp, InvalidMoment> {
    read(text, None).map(|moment| moment.at.timestamp())
}

fn read(text: &str, assumed: Option<&TimeZone>) -> Result<Moment, InvalidMoment> {
    let text = text.trim();
    let unreadable = || InvalidMoment::Unreadable { text: text.into() };
    let pieces = Pieces::parse(text).map_err(|_| unreadable())?;
    if pieces.date().year() >= TOO_LATE {
        return Err(InvalidMoment::TooLate { text: text.into() });
    }
    let annotation = pieces.time_zone_annotation().map(|annotation| annotation.to_time_zone());
    let zone = match annotation {
        Some(Ok(zone)) => Some(zone),
        Some(Err(_)) => return Err(InvalidMoment::UnknownZone { zone: annotated_name(text) }),
        None => None,
    };
    let Some(time) = pieces.time() else {
        let zone = zone.as_ref().or(assumed).ok_or_else(unreadable)?;
        let midnight = pieces.date().at(0, 0, 0, 0);
        let at = zone.to_ambiguous_zoned(midnight).compatible().map_err(|_| unreadable())?;
        return Ok(Moment { at, precision: Precision::DateOnly });
    };
    let civil = pieces.date().to_datetime(time);
    let at = match (pieces.offset(), zone.as_ref().or(assumed)) {
        (Some(offset), zone) => {
            let instant = offset.to_numeric_offset().to_timestamp(civil).map_err(|_| unreadable())?;
            let zone = zone.cloned().unwrap_or(TimeZone::UTC);
            let is_told = matches!(offset, PiecesOffset::Numeric(_)) && pieces.time_zone_annotation().is_some();
            let expected = zone.to_offset(instant);
            if is_told && expected != offset.to_numeric_offset() {
                let (text, zone) = (text.into(), name(&zone));
                return Err(InvalidMoment::OffsetConflict { text, zone, expected: expected.to_string() });
            }
            instant.to_zoned(zone)
        }
        (None, Some(zone)) => in_zone(civil, zone).map_err(|invalid| invalid.unwrap_or_else(unreadable))?,
        (None, None) => return Err(InvalidMoment::NoOffset { text: text.into() }),
    };
    Ok(Moment { at, precision: Precision::Exact })
}

/// A civil time in a zone; nothing as the error where it lies outside the calendar.
fn in_zone(civil: DateTime, zone: &TimeZone) -> Result<Zoned, Option<InvalidMoment>> {
    let ambiguous = zone.to_ambiguous_zoned(civil);
    let offset = ambiguous.offset();
    let shown = |zoned: Result<Zoned, jiff::Error>| zoned.map(|zoned| with_offset(&zoned)).map_err(|_| None);
    match offset {
        AmbiguousOffset::Unambiguous { .. } => ambiguous.compatible().map_err(|_| None),
        AmbiguousOffset::Gap { .. } => Err(Some(InvalidMoment::DoesNotExist {
            civil,
            zone: name(zone),
            earlier: shown(ambiguous.clone().earlier())?,
            later: shown(ambiguous.later())?,
        })),
        AmbiguousOffset::Fold { .. } => Err(Some(InvalidMoment::ExistsTwice {
            civil,
            zone: name(zone),
            earlier: shown(ambiguous.clone().earlier())?,
            later: shown(ambiguous.later())?,
        })),
    }
}

fn with_offset(zoned: &Zoned) -> String {
    zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("the given zone").into()
}

fn annotated_name(text: &str) -> String {
    text.split_once('[').map_or(text, |(_, rest)| rest.trim_end_matches(']')).trim_start_matches('!').into()
}
