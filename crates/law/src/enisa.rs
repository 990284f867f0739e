//! ENISA's severity of a breach (Recommendations for a methodology of the assessment of severity of personal data breaches,
//! working document v1.0, December 2013): `SE = DPC × EI + CB`, in quarter points.
//!
//! Promises: decision support beside the verdict, never the ground of an outcome: no rule can read it, for it is no fact.
//! Every step says how far it was checked: the formula, the bands and the points against secondary sources (V2), which
//! circumstances earn them from knowledge (K), and how our vocabulary stands for them is our own proposal (P).
//! Deliberately not here: adjusting it by hand (an event of the case), whether it is shown (the organisation's choice).

mod compute;

pub use compute::{missing, score};

use facts::{Fact, Text};

use crate::pack::Mark;

/// How severe, by ENISA's bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// SE below 2.
    Low,
    /// SE from 2, below 3.
    Medium,
    /// SE from 3, below 4.
    High,
    /// SE from 4.
    VeryHigh,
}

impl Level {
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::VeryHigh];

    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::VeryHigh => "very_high",
        }
    }

    /// The level of a public name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Low => Text::new("laag", "low"),
            Self::Medium => Text::new("gemiddeld", "medium"),
            Self::High => Text::new("hoog", "high"),
            Self::VeryHigh => Text::new("zeer hoog", "very high"),
        }
    }

    /// What it means for the persons, in the method's own terms.
    #[must_use]
    pub fn meaning(self) -> Text {
        match self {
            Self::Low => Text::new(
                "Geen of weinig ongemak, dat zonder moeite overgaat.",
                "No or a few inconveniences, overcome without any problem.",
            ),
            Self::Medium => Text::new(
                "Duidelijk ongemak, zoals kosten, angst of stress, dat met enige moeite overgaat.",
                "Significant inconveniences, such as cost, fear or stress, overcome with some difficulty.",
            ),
            Self::High => Text::new(
                "Ernstige gevolgen, zoals verlies van geld of werk, die met veel moeite overgaan.",
                "Significant consequences, such as loss of money or work, overcome with serious difficulty.",
            ),
            Self::VeryHigh => {
                Text::new("Zeer ernstige of blijvende gevolgen.", "Very serious or irreversible consequences.")
            }
        }
    }

    /// The word of the AP's and the EDPB's forms for how severe the consequences are (a value of `severity`): a suggestion
    /// to whoever fills in the form, for neither form knows this score (P).
    #[must_use]
    pub fn suggested_severity(self) -> &'static str {
        match self {
            Self::Low => "negligible",
            Self::Medium => "limited",
            Self::High => "considerable",
            Self::VeryHigh => "very_large",
        }
    }
}

/// A part of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Factor {
    /// DPC: which data, in their context.
    DataContext,
    /// EI: how easily a holder can tell who it is about.
    Identification,
    /// CB, who may have seen them.
    Confidentiality,
    /// CB, whether they were altered.
    Integrity,
    /// CB, whether they were lost.
    Availability,
    /// CB, whether somebody meant it.
    MaliciousIntent,
}

impl Factor {
    pub const ALL: [Self; 6] = [
        Self::DataContext,
        Self::Identification,
        Self::Confidentiality,
        Self::Integrity,
        Self::Availability,
        Self::MaliciousIntent,
    ];

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::DataContext => Text::new("Context van de gegevens (DPC)", "Data processing context (DPC)"),
            Self::Identification => Text::new("Herkenbaarheid (EI)", "Ease of identification (EI)"),
            Self::Confidentiality => Text::new("Vertrouwelijkheid (CB)", "Confidentiality (CB)"),
            Self::Integrity => Text::new("Juistheid (CB)", "Integrity (CB)"),
            Self::Availability => Text::new("Beschikbaarheid (CB)", "Availability (CB)"),
            Self::MaliciousIntent => Text::new("Opzet (CB)", "Malicious intent (CB)"),
        }
    }
}

/// One step of the computation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub factor: Factor,
    /// In quarter points; negative where it lowers the factor. The steps of a factor add up to it.
    pub quarters: i8,
    /// How far the step was checked against the method's text.
    pub mark: Mark,
    pub text: Text,
    /// The facts that it reads.
    pub facts: Vec<Fact>,
}

/// What the method shows beside the score, outside the formula (K).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flags {
    /// Whether more than 100 persons are concerned; absent while the numbers do not tell.
    pub more_than_100: Option<bool>,
    /// The data were unintelligible to whoever holds them, and the key is safe.
    pub unintelligible: bool,
}

/// A score with how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    pub score: Score,
    /// In the order of the formula.
    pub because: Vec<Step>,
    pub flags: Flags,
}

/// The circumstances of the breach, in quarter points each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    pub confidentiality: u8,
    pub integrity: u8,
    pub availability: u8,
    pub malicious_intent: u8,
}

/// A score with its factors. Quarter points keep it exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Score {
    /// Data processing context, 1 to 4, in whole points.
    pub dpc: u8,
    /// Ease of identification in quarter points, 1 to 4.
    pub ei4: u8,
    pub cb: Circumstances,
}

impl Score {
    /// A score whose factors are within the method's ranges; nothing else is one.
    #[must_use]
    pub fn checked(dpc: u8, ei4: u8, cb: Circumstances) -> Option<Self> {
        let Circumstances { confidentiality, integrity, availability, malicious_intent } = cb;
        let is_cb = [confidentiality, integrity, availability].iter().all(|points| *points <= 2);
        let is_score = (1..=4).contains(&dpc) && (1..=4).contains(&ei4) && is_cb && matches!(malicious_intent, 0 | 2);
        is_score.then_some(Self { dpc, ei4, cb })
    }

    /// The circumstances together, in quarter points (0 to 8).
    #[must_use]
    pub fn cb4(self) -> u8 {
        let Circumstances { confidentiality, integrity, availability, malicious_intent } = self.cb;
        confidentiality.saturating_add(integrity).saturating_add(availability).saturating_add(malicious_intent)
    }

    /// The score in quarter points (1 to 24).
    #[must_use]
    pub fn se4(self) -> u8 {
        self.dpc.saturating_mul(self.ei4).saturating_add(self.cb4())
    }

    #[must_use]
    pub fn level(self) -> Level {
        match self.se4() {
            0..8 => Level::Low,
            8..12 => Level::Medium,
            12..16 => Level::High,
            16.. => Level::VeryHigh,
        }
    }
}
