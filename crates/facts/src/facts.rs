//! A set of facts about one incident: a value for what is known, nothing for what is not.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Choice, Fact, Kind, Text, nearest};

/// A value of a fact. Its shape is that of the fact's [`Kind`]; choices are the vocabulary's own words.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Truth(bool),
    One(&'static str),
    Many(BTreeSet<&'static str>),
    Whole(u64),
    /// Finite and not negative.
    Number(f64),
}

/// Why a value cannot be that fact's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFact {
    #[error("there is no fact `{key}`{}", did_you_mean(.nearest))]
    UnknownKey { key: String, nearest: Option<&'static str> },
    #[error("`{key}` cannot be `{value}`{}; it takes one of: {}", did_you_mean(.nearest), .allowed.join(", "))]
    UnknownValue { key: &'static str, value: String, nearest: Option<&'static str>, allowed: Vec<&'static str> },
    #[error("`{key}` cannot be {}; it takes {}", found.en, expected.en)]
    WrongType { key: &'static str, found: Text, expected: Text },
}

impl InvalidFact {
    /// The same for people, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let meant =
            |nearest: &Option<&'static str>| nearest.map_or_else(String::new, |word| format!(" (bedoelt u `{word}`?)"));
        let nl = match self {
            Self::UnknownKey { key, nearest } => format!("er is geen feit `{key}`{}", meant(nearest)),
            Self::UnknownValue { key, value, nearest, allowed } => {
                format!("`{key}` kan niet `{value}` zijn{}; kies uit: {}", meant(nearest), allowed.join(", "))
            }
            Self::WrongType { key, found, expected } => {
                format!("`{key}` kan niet {} zijn; verwacht: {}", found.nl, expected.nl)
            }
        };
        Text::made(nl, self.to_string())
    }
}

fn did_you_mean(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |word| format!(" (did you mean `{word}`?)"))
}

/// Two facts that cannot both be so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{first}` and `{second}` contradict each other: {}", why.en)]
pub struct Contradiction {
    pub first: &'static str,
    pub second: &'static str,
    pub why: Text,
}

impl Contradiction {
    /// The same for people, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let Self { first, second, why } = self;
        Text::made(format!("`{first}` en `{second}` gaan niet samen: {}", why.nl), self.to_string())
    }
}

/// What `exfiltration` says of data that were (probably) taken.
pub const TAKEN: [&str; 2] = ["likely", "confirmed"];
/// Whom `recipient` names where somebody surely holds or saw the data.
const HOLDERS: [&str; 4] = ["trusted", "known_untrusted", "malicious", "public"];

/// What is known about an incident. Absent means *unknown*, and unknown never counts as no.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    known: BTreeMap<Fact, Value>,
}

impl Facts {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Records a value of the fact's own kind and vocabulary.
    pub fn set(&mut self, fact: Fact, value: Value) -> Result<(), InvalidFact> {
        check(fact, &value)?;
        self.known.insert(fact, value);
        Ok(())
    }

    /// Makes a fact unknown again.
    pub fn forget(&mut self, fact: Fact) {
        self.known.remove(&fact);
    }

    #[must_use]
    pub fn value(&self, fact: Fact) -> Option<&Value> {
        self.known.get(&fact)
    }

    #[must_use]
    pub fn is_known(&self, fact: Fact) -> bool {
        self.known.contains_key(&fact)
    }

    /// The known facts, in the vocabulary's order.
    pub fn iter(&self) -> impl Iterator<Item = (Fact, &Value)> {
        self.known.iter().map(|(fact, value)| (*fact, value))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    #[must_use]
    pub fn truth(&self, fact: Fact) -> Option<bool> {
        match self.value(fact) {
            Some(Value::Truth(value)) => Some(*value),
            _ => None,
        }
    }

    #[must_use]
    pub fn one(&self, fact: Fact) -> Option<&'static str> {
        match self.value(fact) {
            Some(Value::One(value)) => Some(value),
            _ => None,
        }
    }

    #[must_use]
    pub fn many(&self, fact: Fact) -> Option<&BTreeSet<&'static str>> {
        match self.value(fact) {
            Some(Value::Many(values)) => Some(values),
            _ => None,
        }
    }

    #[must_use]
    pub fn whole(&self, fact: Fact) -> Option<u64> {
        match self.value(fact) {
            Some(Value::Whole(value)) => Some(*value),
            _ => None,
        }
    }

    #[must_use]
    pub fn number(&self, fact: Fact) -> Option<f64> {
        match self.value(fact) {
            Some(Value::Number(value)) => Some(*value),
            _ => None,
        }
    }

    /// Every contradiction among the known facts, all at once.
    #[must_use]
    pub fn contradictions(&self) -> Vec<Contradiction> {
        let mut found = Vec::new();
        if let (Some(min), Some(max)) = (self.whole(Fact::SubjectsMin), self.whole(Fact::SubjectsMax))
            && min > max
        {
            found.push(Contradiction {
                first: Fact::SubjectsMin.key(),
                second: Fact::SubjectsMax.key(),
                why: Text::made(
                    format!("het minimum, {min}, ligt boven het maximum, {max}"),
                    format!("the minimum, {min}, is above the maximum, {max}"),
                ),
            });
        }
        let none_saw_it = self.one(Fact::Recipient) == Some("none");
        if none_saw_it && self.whole(Fact::RecipientCount).is_some_and(|count| count > 0) {
            found.push(Contradiction {
                first: Fact::Recipient.key(),
                second: Fact::RecipientCount.key(),
                why: Text::new(
                    "er is geen ontvanger, en toch zijn er ontvangers geteld",
                    "there is no recipient, yet recipients are counted",
                ),
            });
        }
        found.extend(self.disclosure_contradictions());
        found.extend(self.data_contradictions());
        found
    }

    /// Nobody could see the data, and yet somebody has them. Data that were unintelligible to whoever holds them may well be
    /// in somebody's hands unseen; in whose hands a stolen carrier is, may be unknown.
    fn disclosure_contradictions(&self) -> Vec<Contradiction> {
        let mut found = Vec::new();
        if self.one(Fact::Confidentiality) != Some("none") {
            return found;
        }
        if self.one(Fact::Exfiltration).is_some_and(|taken| TAKEN.contains(&taken)) {
            found.push(Contradiction {
                first: Fact::Confidentiality.key(),
                second: Fact::Exfiltration.key(),
                why: Text::new(
                    "niemand kon de gegevens zien, en toch zijn ze (waarschijnlijk) meegenomen",
                    "nobody could see the data, yet they were (probably) taken",
                ),
            });
        }
        let held = self.one(Fact::Recipient).filter(|recipient| HOLDERS.contains(recipient));
        if let Some(recipient) = held
            && self.one(Fact::Protection) != Some("intact")
        {
            found.push(Contradiction {
                first: Fact::Confidentiality.key(),
                second: Fact::Recipient.key(),
                why: Text::made(
                    format!(
                        "niemand kon de gegevens zien, en toch heeft of zag een ontvanger ({recipient}) ze, en `protection` is niet `intact`"
                    ),
                    format!(
                        "nobody could see the data, yet a recipient ({recipient}) holds or saw them and `protection` is not `intact`"
                    ),
                ),
            });
        }
        found
    }

    fn data_contradictions(&self) -> Vec<Contradiction> {
        let (Some(personal), Some(data)) = (self.truth(Fact::PersonalData), self.many(Fact::Data)) else {
            return Vec::new();
        };
        let why = match (personal, data.is_empty()) {
            (false, false) => Text::new(
                "het gaat niet om persoonsgegevens, en toch zijn soorten persoonsgegevens genoemd",
                "no personal data is involved, yet kinds of personal data are named",
            ),
            (true, true) => Text::new(
                "het gaat om persoonsgegevens, en toch is geen soort genoemd; laat `data` weg zolang het onbekend is, of noem de soort die er het meest op lijkt",
                "personal data is involved, yet no kind is named; leave `data` out while it is unknown, or name the nearest kind",
            ),
            _ => return Vec::new(),
        };
        vec![Contradiction { first: Fact::PersonalData.key(), second: Fact::Data.key(), why }]
    }
}

/// Reads one value as people and forms write it: `true`/`false`, a choice's key, a number.
/// For a fact that takes several values, each call reads one of them.
pub(crate) fn choice(fact: Fact, choices: &'static [Choice], word: &str) -> Result<&'static str, InvalidFact> {
    choices.iter().map(|choice| choice.key).find(|key| *key == word).ok_or_else(|| InvalidFact::UnknownValue {
        key: fact.key(),
        value: word.into(),
        nearest: nearest(word, choices.iter().map(|choice| choice.key)),
        allowed: choices.iter().map(|choice| choice.key).collect(),
    })
}

fn check(fact: Fact, value: &Value) -> Result<(), InvalidFact> {
    match (fact.kind(), value) {
        (Kind::Truth, Value::Truth(_)) | (Kind::Whole, Value::Whole(_)) => Ok(()),
        (Kind::Number, Value::Number(number)) if number.is_finite() && *number >= 0.0 => Ok(()),
        (Kind::One(choices), Value::One(word)) => choice(fact, choices, word).map(drop),
        (Kind::Many(choices), Value::Many(words)) => {
            words.iter().try_for_each(|word| choice(fact, choices, word).map(drop))
        }
        (Kind::Countries, Value::Many(words)) => words.iter().try_for_each(|word| fact.country(word).map(drop)),
        (_, value) => Err(fact.wrong_type(&format!("{value:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(fact: Fact, words: &[&str]) -> String {
        fact.read(words).expect_err("should be refused").to_string()
    }

    #[test]
    fn every_key_and_value_reads_back_as_itself() {
        for fact in Fact::ALL {
            assert_eq!(Fact::from_key(fact.key()), Ok(*fact));
            for choice in fact.choices() {
                let read = fact.read(&[choice.key]).expect("a word of the vocabulary");
                let mut facts = Facts::new();
                facts.set(*fact, read).expect("a value that was read is a value of the fact");
                assert!(facts.is_known(*fact));
            }
        }
    }

    #[test]
    fn every_fact_and_choice_has_its_words_in_both_languages() {
        for fact in Fact::ALL {
            let question = fact.question();
            assert!(question.nl.ends_with(['?', ')']) && question.en.ends_with(['?', ')']), "{}", fact.key());
            for choice in fact.choices() {
                assert!(!choice.label.nl.is_empty() && !choice.label.en.is_empty(), "{} {}", fact.key(), choice.key);
            }
        }
    }

    #[test]
    fn a_wrong_key_or_value_names_the_nearest_right_one() {
        assert_eq!(
            Fact::from_key("protecton").expect_err("no such fact").to_string(),
            "there is no fact `protecton` (did you mean `protection`?)"
        );
        assert!(Fact::from_key("zzz").expect_err("no such fact").to_string().ends_with("no fact `zzz`"));
        assert!(problem(Fact::Backup, &["complet"]).contains("did you mean `complete`?"));
        assert!(problem(Fact::Countries, &["nl"]).contains("did you mean `NL`?"));
    }

    #[test]
    fn a_value_of_another_type_is_refused_with_what_is_expected() {
        let cases = [
            (Fact::Vulnerable, "yes", "true or false"),
            (Fact::SubjectsMin, "-1", "a whole number, 0 or more"),
            (Fact::SubjectsMin, "1.5", "a whole number, 0 or more"),
            (Fact::RestoreHours, "-1", "a number of hours, 0 or more"),
            (Fact::RestoreHours, "NaN", "a number of hours, 0 or more"),
        ];
        for (fact, written, expected) in cases {
            assert!(problem(fact, &[written]).contains(expected), "{} {written}", fact.key());
        }
        assert!(Facts::new().set(Fact::RestoreHours, Value::Number(f64::INFINITY)).is_err());
        assert!(Facts::new().set(Fact::Backup, Value::Truth(true)).is_err());
        assert!(Facts::new().set(Fact::Backup, Value::One("gone")).is_err());
    }

    #[test]
    fn a_dutch_decimal_comma_is_read() {
        assert_eq!(Fact::RestoreHours.read(&["1,5"]), Ok(Value::Number(1.5)));
    }

    #[test]
    fn contradictions_are_all_named_at_once() {
        let mut facts = Facts::new();
        for (fact, word) in [
            (Fact::SubjectsMin, "10"),
            (Fact::SubjectsMax, "3"),
            (Fact::Recipient, "none"),
            (Fact::RecipientCount, "2"),
        ] {
            facts.set(fact, fact.read(&[word]).expect("valid")).expect("valid");
        }
        let firsts: Vec<_> = facts.contradictions().iter().map(|found| found.first).collect();
        assert_eq!(firsts, ["subjects_min", "recipient"]);
    }

    fn contradicting(written: &[(Fact, &[&str])]) -> Vec<(&'static str, &'static str)> {
        let mut facts = Facts::new();
        for (fact, words) in written {
            let value = match fact.kind() {
                Kind::Many(_) if words.is_empty() => Value::Many(BTreeSet::new()),
                _ => fact.read(words).expect("valid"),
            };
            facts.set(*fact, value).expect("valid");
        }
        facts.contradictions().into_iter().map(|found| (found.first, found.second)).collect()
    }

    #[test]
    fn data_that_nobody_could_see_are_in_nobodys_hands() {
        let unseen: (Fact, &[&str]) = (Fact::Confidentiality, &["none"]);
        for taken in TAKEN {
            assert_eq!(contradicting(&[unseen, (Fact::Exfiltration, &[taken])]), [("confidentiality", "exfiltration")]);
        }
        for holder in HOLDERS {
            let held: (Fact, &[&str]) = (Fact::Recipient, &[holder]);
            let contradiction = [("confidentiality", "recipient")];
            assert_eq!(contradicting(&[unseen, held]), contradiction);
            assert_eq!(contradicting(&[unseen, held, (Fact::Protection, &["partial"])]), contradiction);
            assert_eq!(contradicting(&[unseen, held, (Fact::Protection, &["intact"])]), []);
        }
        // A stolen carrier: who holds it is unknown, and so whether anybody could look.
        assert_eq!(contradicting(&[unseen, (Fact::Recipient, &["unknown"]), (Fact::Protection, &["none"])]), []);
    }

    #[test]
    fn kinds_of_data_go_with_personal_data() {
        let contradiction = [("personal_data", "data")];
        assert_eq!(contradicting(&[(Fact::PersonalData, &["false"]), (Fact::Data, &["health"])]), contradiction);
        assert_eq!(contradicting(&[(Fact::PersonalData, &["true"]), (Fact::Data, &[])]), contradiction);
        assert_eq!(contradicting(&[(Fact::PersonalData, &["false"]), (Fact::Data, &[])]), []);
        assert_eq!(contradicting(&[(Fact::PersonalData, &["true"]), (Fact::Data, &["health"])]), []);
    }
}
