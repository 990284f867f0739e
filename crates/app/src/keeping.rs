//! What the stores keep about forgetting: terms that were set, marks of what was erased, what persons asked.

use std::str::FromStr;

use jiff::Timestamp;
use uuid::Uuid;

use facts::{IncidentId, OrganisationId, Text};
use incident::RetentionKind;

/// A term that somebody set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetentionChange {
    pub kind: RetentionKind,
    pub years: u32,
    pub years_before: u32,
    pub set_at: Timestamp,
    /// Their name as it was then.
    pub set_by: String,
    pub reason: String,
}

/// That the body of one entry was erased. It goes into the list that is kept outside the database, so that a restored
/// backup can be made to forget again; nothing in it is about a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ErasureMark {
    pub organisation: OrganisationId,
    pub incident: IncidentId,
    /// The journal's index.
    pub index: u64,
    /// What the tree says of the body: that entry and no other.
    pub commitment: [u8; 32],
    pub erased_at: Timestamp,
    /// The whole incident was erased with it.
    pub is_whole: bool,
}

/// Why a line of the list of erasures cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a line of a list of erasures: organisation, incident, index, commitment, moment and `whole` or `entry`, with spaces between"
)]
pub struct InvalidMark;

impl std::fmt::Display for ErasureMark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { organisation, incident, index, commitment, erased_at, is_whole } = self;
        let commitment = crate::open::hex(commitment);
        let what = if *is_whole { "whole" } else { "entry" };
        write!(f, "{} {} {index} {commitment} {erased_at} {what}", organisation.0, incident.0)
    }
}

impl FromStr for ErasureMark {
    type Err = InvalidMark;

    fn from_str(line: &str) -> Result<Self, InvalidMark> {
        let parts: Vec<&str> = line.split(' ').collect();
        let [organisation, incident, index, commitment, erased_at, what] = parts[..] else { return Err(InvalidMark) };
        Ok(Self {
            organisation: OrganisationId(Uuid::try_parse(organisation).map_err(|_| InvalidMark)?),
            incident: IncidentId(Uuid::try_parse(incident).map_err(|_| InvalidMark)?),
            index: index.parse().map_err(|_| InvalidMark)?,
            commitment: unhex(commitment).ok_or(InvalidMark)?,
            erased_at: erased_at.parse().map_err(|_| InvalidMark)?,
            is_whole: match what {
                "whole" => true,
                "entry" => false,
                _ => return Err(InvalidMark),
            },
        })
    }
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high * 16 + low).collect();
    bytes.try_into().ok()
}

/// What a person asks about their data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestKind {
    /// To see them (AVG art. 15).
    Access,
    /// To have them erased (AVG art. 17).
    Erasure,
}

impl RequestKind {
    pub const ALL: [Self; 2] = [Self::Access, Self::Erasure];

    /// The name in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Erasure => "erasure",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Access => Text::new("Inzage (AVG art. 15)", "Access (GDPR art. 15)"),
            Self::Erasure => Text::new("Wissen (AVG art. 17)", "Erasure (GDPR art. 17)"),
        }
    }
}

/// That a person asked, and what was found. Who they are is in the organisation's own file, under its reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRequest {
    pub id: Uuid,
    pub asked_at: Timestamp,
    pub kind: RequestKind,
    pub reference: String,
    pub handled_by: String,
    pub incidents_searched: u64,
    pub places_found: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_read_as_it_was_written_and_nothing_else_is() {
        let mark = ErasureMark {
            organisation: OrganisationId(Uuid::from_u128(7)),
            incident: IncidentId(Uuid::from_u128(8)),
            index: 41,
            commitment: [0xab; 32],
            erased_at: Timestamp::constant(1_795_249_800, 123_456_000),
            is_whole: true,
        };
        let line = mark.to_string();
        assert_eq!(line.parse(), Ok(mark));
        let refused = |line: &str| assert_eq!(line.parse::<ErasureMark>(), Err(InvalidMark), "{line}");
        refused("");
        refused(&line.replace("whole", "half"));
        refused(&line.replace("abab", "ab"));
        refused(&line.replace("abab", "xyxy"));
        refused(&line.replace(" 41 ", " -1 "));
        refused(&format!("{line} more"));
        refused(line.get(..line.len() - 1).unwrap());
    }
}
