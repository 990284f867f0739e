//! How large the provider is that is made.

/// Each incident has this many entries.
pub const ENTRIES_EACH: u64 = 20;

/// The size of a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub customers: u32,
    /// In all, open and closed.
    pub incidents: u32,
    /// How many of them are open: as many in a provider that just began as in one with years behind it.
    pub open: u32,
}

/// What issue and docs call large: 500 customers, 100,000 incidents, 2,000,000 entries.
pub const FULL: Size = Size { customers: 500, incidents: 100_000, open: 2_500 };
/// The largest of those customers alone: for what each customer's own pages cost, and in minutes.
pub const ONE: Size = Size { customers: 1, incidents: 5_000, open: 125 };
/// For trying out.
pub const SMALL: Size = Size { customers: 10, incidents: 1_000, open: 50 };

impl Size {
    /// The size of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "full" => Some(FULL),
            "one" => Some(ONE),
            "small" => Some(SMALL),
            _ => None,
        }
    }

    /// The same customers and open incidents, without what lies behind them.
    #[must_use]
    pub fn fresh(self) -> Self {
        Self { incidents: self.open, ..self }
    }

    #[must_use]
    pub fn entries(self) -> u64 {
        u64::from(self.incidents) * ENTRIES_EACH
    }

    /// How many closed and open incidents the customer of this place has. The first is large: it has a twentieth of all,
    /// so that its pages are full with history and without; the rest is divided among the others.
    #[must_use]
    pub fn of_customer(self, place: u32) -> (u32, u32) {
        let part = |all: u32| match (place, self.customers.saturating_sub(1)) {
            (_, 0) => all,
            (0, _) => all / 20,
            (place, others) => share(all - all / 20, others, place - 1),
        };
        (part(self.incidents.saturating_sub(self.open)), part(self.open))
    }
}

/// The part of the one at this place when so many are divided among so many, those in front getting what is left over.
fn share(of: u32, among: u32, place: u32) -> u32 {
    of / among + u32::from(place < of % among)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_incident_is_some_customers() {
        for size in [FULL, ONE, SMALL, FULL.fresh(), Size { customers: 1, incidents: 7, open: 3 }] {
            let (mut closed, mut open) = (0, 0);
            for (of_closed, of_open) in (0..size.customers).map(|place| size.of_customer(place)) {
                closed += of_closed;
                open += of_open;
            }
            assert_eq!((closed, open), (size.incidents - size.open, size.open), "{size:?}");
        }
        assert_eq!(FULL.entries(), 2_000_000);
        assert_eq!(FULL.of_customer(0), (4_875, 125));
        assert_eq!(ONE.of_customer(0), FULL.of_customer(0));
    }
}
