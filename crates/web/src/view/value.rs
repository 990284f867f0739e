//! Facts in words.

use facts::{Fact, Facts, Kind, Value};

use crate::words::Words;

/// A value as people say it; nothing for one of another kind than its fact's.
pub(crate) fn words_of(fact: Fact, value: &Value, w: Words) -> String {
    let label = |key: &str| fact.label(key).map_or_else(|| key.to_owned(), |label| label.in_language(w.0).to_owned());
    match value {
        Value::Truth(true) => w.yes().to_owned(),
        Value::Truth(false) => w.no().to_owned(),
        Value::One(key) => label(key),
        Value::Many(keys) if keys.is_empty() => w.none_of_these().to_owned(),
        // In the order of the vocabulary, not of the alphabet.
        Value::Many(keys) if fact.kind() != Kind::Countries => fact
            .choices()
            .iter()
            .filter(|choice| keys.contains(choice.key))
            .map(|choice| choice.label.in_language(w.0))
            .collect::<Vec<_>>()
            .join(", "),
        Value::Many(keys) => keys.iter().copied().collect::<Vec<_>>().join(", "),
        Value::Whole(count) => count.to_string(),
        Value::Number(number) => w.decimal(*number),
    }
}

/// How many persons, as far as known: "12 personen", "10 tot 20", "ten minste 10"; nothing where nothing is known.
pub(crate) fn persons(facts: &Facts, w: Words) -> Option<String> {
    match (facts.whole(Fact::SubjectsMin), facts.whole(Fact::SubjectsMax)) {
        (Some(min), Some(max)) if min == max => Some(w.persons_exactly(min)),
        (Some(min), Some(max)) => Some(w.persons_between(min, max)),
        (Some(min), None) => Some(w.persons_at_least(min)),
        (None, Some(max)) => Some(w.persons_at_most(max)),
        (None, None) => None,
    }
}

/// The value of a fact in words, where it is known.
pub(crate) fn known(facts: &Facts, fact: Fact, w: Words) -> Option<String> {
    facts.value(fact).map(|value| words_of(fact, value, w))
}
