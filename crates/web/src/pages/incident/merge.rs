//! Two people at one form: what each changed since both saw the same, so that the second is shown both versions.

use std::collections::BTreeMap;

use facts::{Fact, Facts, Value};
use incident::Incident;

use crate::failure::Failure;
use crate::forms::Sent;

/// What somebody wants to change, against what they saw.
pub(crate) type Changes = BTreeMap<Fact, Option<Value>>;

/// The incident as whoever sends this form saw it, by the number of entries it had then. Nothing where the form does not
/// say so, or names a number that it never had: then nobody knows what the sender wants to change.
pub(crate) fn seen(incident: &Incident, sent: &Sent) -> Option<Incident> {
    let entries: usize = sent.text("gezien").parse().ok()?;
    let history = incident.timeline.get(..entries)?;
    Incident::replay(incident.organisation, history)
}

/// Whether somebody else's entry came between reading the incident and adding to it: then it is read and merged again.
pub(crate) fn came_between<T>(outcome: &Result<T, Failure>) -> bool {
    matches!(outcome, Err(Failure::App(error)) if matches!(error.as_ref(), app::Error::Conflict))
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
