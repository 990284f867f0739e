//! What a report is for: the first one, a supplement to it, or taking it back.

use facts::Text;
use incident::{Incident, ReportKind};

/// What a report is for (AVG art. 33(1), 33(4)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The first report; it may be incomplete.
    First,
    /// What became known, or changed, since the last report.
    Supplement,
    /// The report was not needed after all.
    Withdrawal,
}

impl Purpose {
    pub const ALL: [Self; 3] = [Self::First, Self::Supplement, Self::Withdrawal];

    pub(super) const WORDS: &'static [(&'static str, Text)] = &[
        ("first", Text::new("eerste melding", "first report")),
        ("supplement", Text::new("aanvulling", "supplement")),
        ("withdrawal", Text::new("intrekking", "withdrawal")),
    ];

    /// The public name, as in form files and JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Supplement => "supplement",
            Self::Withdrawal => "withdrawal",
        }
    }

    /// The purpose of a public name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::First => Text::new("Eerste melding", "First report"),
            Self::Supplement => Text::new("Aanvulling", "Supplement"),
            Self::Withdrawal => Text::new("Intrekking", "Withdrawal"),
        }
    }

    /// What the next report would be: the first one, or, once one was made, a supplement to it.
    #[must_use]
    pub fn next(incident: &Incident) -> Self {
        if incident.authority_notified.is_some() { Self::Supplement } else { Self::First }
    }
}

impl From<ReportKind> for Purpose {
    fn from(kind: ReportKind) -> Self {
        match kind {
            ReportKind::First => Self::First,
            ReportKind::Supplement => Self::Supplement,
            ReportKind::Withdrawal => Self::Withdrawal,
        }
    }
}
