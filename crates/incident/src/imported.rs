//! A row of a register that was kept elsewhere, as it was taken over: its own words, and what we read in them.
//!
//! Promises: nothing in it was decided or lived through here; whoever shows it says where it comes from. It rests in the
//! opening of the incident, so that a row is taken over as one entry, or not at all.

mod anew;

use jiff::Timestamp;

use facts::Facts;

use crate::Narrative;

/// In characters.
const LONGEST_NUMBER: usize = 100;

/// What an imported register says of one incident.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    /// The name of the file it stood in.
    pub file: String,
    /// SHA-256 of that file, in hexadecimal.
    pub file_sha256: String,
    /// The sheet of a workbook; absent for a file that has no sheets.
    pub sheet: Option<String>,
    /// The row as a spreadsheet counts: the first is 1.
    pub row: u64,
    /// Heading and cell, exactly as they stood there; empty cells are left out, and columns that were not wanted. One that
    /// was erased by itself is not there, or in other words.
    pub cells: Vec<(String, String)>,
    /// What it was called there. Our own numbers go on counting.
    pub number: Option<String>,
    pub occurred_from: Option<SaidAt>,
    pub occurred_to: Option<SaidAt>,
    pub detected_at: Option<SaidAt>,
    pub aware_at: Option<SaidAt>,
    /// What we recognised as facts.
    pub facts: Facts,
    pub narrative: Narrative,
    /// The effects in its own words.
    pub effects: Option<String>,
    pub authority: SaidTold,
    pub subjects: SaidTold,
    /// Why it was decided so, in its own words.
    pub motivation: Option<String>,
    pub decided_by: Option<String>,
    /// The FG's advice, in its own words.
    pub dpo_advice: Option<String>,
    pub lessons: Option<String>,
    pub is_closed: bool,
    /// When it was closed there, where it says so.
    pub closed_at: Option<SaidAt>,
}

/// A moment as a register gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SaidAt {
    /// For a day without a time, its beginning.
    pub at: Timestamp,
    /// Only the day is known.
    pub is_day: bool,
}

/// Whether the authority was told, as the register says that an incident was taken over from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToldThere {
    Yes,
    No,
    /// It does not say.
    Unsaid,
}

impl ToldThere {
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Unsaid];

    /// The name in stores.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unsaid => "unsaid",
        }
    }

    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.key() == key)
    }
}

impl Imported {
    /// Every moment that it names.
    fn moments(&self) -> impl Iterator<Item = SaidAt> {
        let Self { occurred_from, occurred_to, detected_at, aware_at, closed_at, authority, subjects, .. } = self;
        [*occurred_from, *occurred_to, *detected_at, *aware_at, *closed_at, authority.at, subjects.at]
            .into_iter()
            .flatten()
    }

    /// What it was called there, on one line and cut where nobody writes a number so long: to find it by.
    #[must_use]
    pub fn number_to_find(&self) -> Option<String> {
        let number = self.number.as_deref()?.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(number.chars().take(LONGEST_NUMBER).collect::<String>()).filter(|number| !number.is_empty())
    }

    /// Whether it names only the day of this moment.
    pub(crate) fn is_day_only(&self, at: Timestamp) -> bool {
        self.moments().any(|said| said.at == at && said.is_day)
    }
}

/// Whether somebody was told, as a register says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidTold {
    /// Absent where it does not say.
    pub was_told: Option<bool>,
    pub at: Option<SaidAt>,
    /// The authority's number, or the channel.
    pub what: Option<String>,
    /// How many persons.
    pub count: Option<u64>,
}
