//! Two people at one form: what each changed since both saw the same, so that the second is shown both versions.

use std::collections::BTreeMap;

use facts::{Fact, Facts, Value};
use incident::Incident;

/// What somebody wants to change, against what they saw.
pub(crate) type Changes = BTreeMap<Fact, Option<Value>>;

/// The facts as they were when the incident had this many entries; as they are now for a number that it never had.
pub(crate) fn facts_at(incident: &Incident, seen: u64) -> Facts {
    let seen = usize::try_from(seen).unwrap_or(usize::MAX);
    let history = incident.timeline.get(..seen).filter(|history| !history.is_empty());
    let then = history.and_then(|history| Incident::replay(incident.organisation, history));
    then.map_or_else(|| incident.facts.clone(), |then| then.facts)
}

/// What differs between two states of the facts.
pub(crate) fn changes(from: &Facts, to: &Facts) -> Changes {
    Fact::ALL
        .iter()
        .filter(|fact| from.value(**fact) != to.value(**fact))
        .map(|fact| (*fact, to.value(*fact).cloned()))
        .collect()
}

/// The facts that both changed, differently.
pub(crate) fn clashes(mine: &Changes, theirs: &Changes) -> Vec<Fact> {
    mine.iter()
        .filter(|(fact, value)| theirs.get(fact).is_some_and(|other| other != *value))
        .map(|(fact, _)| *fact)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(pairs: &[(Fact, &str)]) -> Facts {
        let mut facts = Facts::new();
        for (fact, word) in pairs {
            facts.set(*fact, fact.read(&[word]).unwrap()).unwrap();
        }
        facts
    }

    #[test]
    fn only_what_both_changed_differently_clashes() {
        let base = facts(&[(Fact::PersonalData, "true"), (Fact::Protection, "none")]);
        let mine = facts(&[(Fact::PersonalData, "true"), (Fact::Protection, "intact"), (Fact::SubjectsMin, "3")]);
        let theirs = facts(&[(Fact::PersonalData, "true"), (Fact::Protection, "partial"), (Fact::SubjectsMin, "3")]);
        let (mine, theirs) = (changes(&base, &mine), changes(&base, &theirs));
        assert_eq!(mine.len(), 2);
        assert_eq!(clashes(&mine, &theirs), [Fact::Protection]);
        assert_eq!(clashes(&mine, &Changes::new()), []);
        let gone = changes(&base, &facts(&[(Fact::PersonalData, "true")]));
        assert_eq!(gone.get(&Fact::Protection), Some(&None), "a fact made unknown again is a change");
    }
}
