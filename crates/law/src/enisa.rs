//! ENISA's severity of a breach (Recommendations for a methodology of the assessment of severity of personal data breaches,
//! working document v1.0, December 2013): `SE = DPC × EI + CB`, in quarter points.
//!
//! Promises: decision support beside the verdict, never the ground of an outcome.

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
