//! What an assessment reads: the facts, and the moments from which the clocks run.

use jiff::Timestamp;

use crate::{Contradiction, Country, Facts, Text};

/// One incident as the assessment sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Situation {
    /// Free text, echoed in the verdict.
    pub id: Option<String>,
    /// The first technical or human signal (ontdekking).
    pub detected_at: Option<Timestamp>,
    /// When the processor's notice reached the controller (AVG art. 33(2)).
    pub informed_by_processor_at: Option<Timestamp>,
    /// When the controller became aware (kennisname, AVG art. 33(1)); set by a person.
    pub aware_at: Option<Timestamp>,
    /// The country of the controller's main establishment.
    pub jurisdiction: Option<Country>,
    pub facts: Facts,
}

/// What cannot be so in a situation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSituation {
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    #[error(
        "`aware_at` ({aware_at}) lies before `detected_at` ({detected_at}): nobody is aware before the first signal"
    )]
    AwareBeforeDetected { aware_at: Timestamp, detected_at: Timestamp },
}

impl InvalidSituation {
    /// The same for people, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Contradiction(found) => found.text(),
            Self::AwareBeforeDetected { aware_at, detected_at } => Text::made(
                format!(
                    "`aware_at` ({aware_at}) ligt vóór `detected_at` ({detected_at}): niemand weet het zeker vóór het eerste signaal"
                ),
                self.to_string(),
            ),
        }
    }
}

impl Situation {
    /// Everything that contradicts itself, all at once; empty when nothing does.
    #[must_use]
    pub fn contradictions(&self) -> Vec<InvalidSituation> {
        let mut found: Vec<_> = self.facts.contradictions().into_iter().map(InvalidSituation::from).collect();
        if let (Some(aware_at), Some(detected_at)) = (self.aware_at, self.detected_at)
            && aware_at < detected_at
        {
            found.push(InvalidSituation::AwareBeforeDetected { aware_at, detected_at });
        }
        found
    }

    /// The moment from which provisional clocks run while nobody has set awareness.
    #[must_use]
    pub fn earliest_signal(&self) -> Option<Timestamp> {
        [self.detected_at, self.informed_by_processor_at].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_aware_before_the_first_signal() {
        let at = |text: &str| Some(text.parse().expect("a literal time"));
        let mut situation = Situation {
            detected_at: at("2026-03-02T09:00:00Z"),
            aware_at: at("2026-03-02T08:59:59Z"),
            ..Situation::default()
        };
        assert_eq!(situation.contradictions().len(), 1);
        situation.aware_at = situation.detected_at;
        assert_eq!(situation.contradictions(), []);
    }
}
