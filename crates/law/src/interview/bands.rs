//! The number of persons as rules see it: by their thresholds, for who does not know the number itself.
//!
//! A band sets the lowest and the highest number, so nothing is recorded that nobody knows, and rules that read only
//! thresholds lose nothing. Deliberately not for other numbers: hours and recipients have no lowest and highest to set, and a
//! made-up figure in the register would be one that somebody seems to have measured.

use facts::{Fact, Text, Value};

use crate::pack::Pack;

/// A range of numbers that rules do not tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    pub from: u64,
    /// The last one in it; absent where there is no end.
    pub to: Option<u64>,
}

/// The bands that a pack sees in the number of persons, from low to high; empty where no rule reads that number.
#[must_use]
pub fn bands(pack: &Pack) -> Vec<Band> {
    // A breach of personal data concerns one person at the least.
    let starts: Vec<u64> = pack
        .space
        .levels(Fact::SubjectsMax)
        .iter()
        .map(|level| level.ceil().max(1.0) as u64)
        .filter(|level| *level > 1)
        .collect();
    if starts.is_empty() {
        return Vec::new();
    }
    let ends = starts.iter().map(|start| Some(start - 1)).chain([None]);
    [1].into_iter().chain(starts.iter().copied()).zip(ends).map(|(from, to)| Band { from, to }).collect()
}

impl Band {
    #[must_use]
    pub fn label(self) -> Text {
        let Self { from, to } = self;
        match to {
            Some(to) if from <= 1 => Text::made(format!("Minder dan {}", to + 1), format!("Fewer than {}", to + 1)),
            Some(to) => Text::made(format!("{from} tot en met {to}"), format!("{from} to {to}")),
            None => Text::made(format!("{from} of meer"), format!("{from} or more")),
        }
    }

    /// What choosing it records: both bounds, or the lowest alone where there is no end.
    #[must_use]
    pub fn answers(self) -> Vec<(Fact, Value)> {
        let least = [(Fact::SubjectsMin, Value::Whole(self.from))];
        let most = self.to.map(|to| (Fact::SubjectsMax, Value::Whole(to)));
        least.into_iter().chain(most).collect()
    }
}
