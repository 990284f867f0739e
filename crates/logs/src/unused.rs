//! Lines that were understood, and tell nothing that is used: why, and how many.

/// Why a line of a firewall is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unused {
    /// Somebody outside was turned away, as happens all the time.
    Knocking,
    /// Neither end is at home.
    Elsewhere,
    /// It left with an address of the firewall's own: from which host is not said.
    Translated,
    /// The same was told on its way into the firewall.
    ToldBefore,
    /// A packet in the middle of a connection, which begins none, or what the firewall saw in one without its name.
    Midway,
    /// A beginning, or what was counted so far: the end tells all of it.
    Unfinished,
}

impl Unused {
    pub const ALL: [Self; 6] =
        [Self::Knocking, Self::Elsewhere, Self::Translated, Self::ToldBefore, Self::Midway, Self::Unfinished];

    /// For programs.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Knocking => "knocking",
            Self::Elsewhere => "elsewhere",
            Self::Translated => "translated",
            Self::ToldBefore => "told_before",
            Self::Midway => "midway",
            Self::Unfinished => "unfinished",
        }
    }
}

/// How many, by why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnusedCounts([u64; Unused::ALL.len()]);

impl UnusedCounts {
    pub(crate) fn count(&mut self, why: Unused) {
        self.add(why, 1);
    }

    fn add(&mut self, why: Unused, lines: u64) {
        if let Some(count) = self.0.get_mut(why as usize) {
            *count = count.saturating_add(lines);
        }
    }

    /// Those of which there are any.
    pub fn all(self) -> impl Iterator<Item = (Unused, u64)> {
        Unused::ALL.into_iter().zip(self.0).filter(|(_, count)| *count > 0)
    }

    /// All together.
    #[must_use]
    pub fn sum(self) -> u64 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Both.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        more.all().for_each(|(why, count)| self.add(why, count));
        self
    }

    /// What came since then.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        let mut new = self;
        new.0.iter_mut().zip(before.0).for_each(|(count, before)| *count = count.saturating_sub(before));
        new
    }
}
