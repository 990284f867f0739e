//! What answers on the emergency road say of themselves, so that it need not be asked there.
//!
//! Promises: only what is unknown is implied, never against an answer. Deliberately not here: what the law makes of it.

use facts::{Fact, Facts, Value};

/// Facts that follow from what was just said: who names kinds of personal data says that personal data are concerned, and who
/// says that data were seen, altered or lost says that security was breached. (Of *possibly seen* too: the road leads to a
/// report as a precaution, which may be withdrawn; on the whole road it is asked.)
#[must_use]
pub fn implied(facts: &Facts) -> Vec<(Fact, Value)> {
    let hit = |fact: Fact| facts.one(fact).is_some_and(|degree| degree != "none");
    let is_hit = [Fact::Confidentiality, Fact::Integrity, Fact::Availability].into_iter().any(hit);
    let are_named = facts.many(Fact::Data).is_some_and(|kinds| !kinds.is_empty());
    [(Fact::SecurityIncident, is_hit), (Fact::PersonalData, are_named)]
        .into_iter()
        .filter(|(fact, follows)| *follows && !facts.is_known(*fact))
        .map(|(fact, _)| (fact, Value::Truth(true)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(values: &[(Fact, Value)]) -> Facts {
        let mut facts = Facts::new();
        for (fact, value) in values {
            facts.set(*fact, value.clone()).expect("valid");
        }
        facts
    }

    #[test]
    fn data_that_are_named_are_personal_and_harm_done_is_an_incident() {
        let data = (Fact::Data, Value::Many(["name"].into()));
        let lost = (Fact::Availability, Value::One("temporary"));
        let both = [(Fact::SecurityIncident, Value::Truth(true)), (Fact::PersonalData, Value::Truth(true))];
        assert_eq!(implied(&known(&[data.clone(), lost.clone()])), both);
        assert_eq!(implied(&known(&[data.clone(), (Fact::PersonalData, Value::Truth(true))])), []);
        assert_eq!(
            implied(&known(&[lost, (Fact::SecurityIncident, Value::Truth(false))])),
            [],
            "never against an answer"
        );
    }

    #[test]
    fn nothing_hit_and_nothing_named_imply_nothing() {
        let none = |fact| (fact, Value::One("none"));
        let nothing = [none(Fact::Confidentiality), none(Fact::Integrity), none(Fact::Availability)];
        assert_eq!(implied(&known(&nothing)), []);
        assert_eq!(implied(&known(&[(Fact::Data, Value::Many([].into()))])), []);
        assert_eq!(implied(&Facts::new()), []);
    }
}
