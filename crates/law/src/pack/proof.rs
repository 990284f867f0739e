//! What reading a pack proved: how much of it there is, and over how many combinations it was looked at.

use super::Pack;

/// The size of a proof. A pack that was read holds in all of these: no gap, no conflict, exactly and not by sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    pub tables: usize,
    pub rules: usize,
    /// Stretches of time in each of which the same rules are in force.
    pub stretches: usize,
    /// Every combination of facts, known in full, that some rule of the pack could tell apart; at most `u128::MAX`.
    pub combinations: u128,
}

impl Pack {
    /// What reading it proved: in each stretch of time, every table has one value for each of these combinations.
    #[must_use]
    pub fn proof(&self) -> Proof {
        Proof {
            tables: self.tables.len(),
            rules: self.rules.len(),
            stretches: self.models.len(),
            combinations: self.space.combinations(),
        }
    }
}
