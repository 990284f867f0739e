//! Looking up the names in a condition: facts, tables, the seat, parameters and sets.

use std::collections::BTreeSet;

use facts::{Class, Fact, InvalidFact, Kind};

use super::condition::{Bound, List, Syntax};
use super::{Condition, Flaw, NamedSet, Parameter, Seat, Table, Test};

/// The names that conditions may use.
pub(super) struct Names<'a> {
    pub(super) tables: &'a [Table],
    pub(super) parameters: &'a [Parameter],
    pub(super) sets: &'a [NamedSet],
}

/// The condition with its names looked up, or the first name that stands for nothing.
pub(super) fn resolve(syntax: &Syntax, names: &Names) -> Result<Condition, Flaw> {
    let several = |parts: &[Syntax]| parts.iter().map(|part| resolve(part, names)).collect::<Result<Vec<_>, _>>();
    match syntax {
        Syntax::Always => Ok(Condition::Always),
        Syntax::Not(inner) => Ok(Condition::Not(Box::new(resolve(inner, names)?))),
        Syntax::All(parts) => Ok(Condition::All(several(parts)?)),
        Syntax::Any(parts) => Ok(Condition::Any(several(parts)?)),
        Syntax::Holds(name) => match names.look_up(name)? {
            Named::Fact(fact) if fact.kind() == Kind::Truth => Ok(Condition::Fact(fact, Test::Holds)),
            _ => Err(wrong_test(name, "only a fact that is yes or no stands alone")),
        },
        Syntax::Is(name, word) => names.one_of(name, std::slice::from_ref(word)),
        Syntax::In(name, List::Words(words)) => names.one_of(name, words),
        Syntax::In(name, List::Named(set)) => {
            let words = names.set(name, set)?.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
            names.one_of(name, &words)
        }
        Syntax::HasAny(name, list) => {
            let (fact, words) = names.set_fact(name, list)?;
            Ok(Condition::Fact(fact, Test::HasAny(words)))
        }
        Syntax::HasAll(name, list) => {
            let (fact, words) = names.set_fact(name, list)?;
            let each = words.into_iter().map(|word| Condition::Fact(fact, Test::HasAny(BTreeSet::from([word]))));
            Ok(Condition::All(each.collect()))
        }
        Syntax::AtLeast(name, bound) => names.at_least(name, bound),
    }
}

/// What a name stands for.
enum Named {
    Fact(Fact),
    Table(usize),
    Seat,
}

impl Names<'_> {
    fn look_up(&self, name: &str) -> Result<Named, Flaw> {
        if name == "seat" {
            return Ok(Named::Seat);
        }
        if let Some(number) = self.tables.iter().position(|table| table.id == name) {
            return Ok(Named::Table(number));
        }
        match Fact::from_key(name) {
            Ok(fact) if fact.class() == Class::View => Err(Flaw::ViewReadDirectly(fact.key())),
            Ok(fact) => Ok(Named::Fact(fact)),
            Err(error) => Err(unknown_name(name, &error)),
        }
    }

    fn set(&self, name: &str, set: &str) -> Result<&BTreeSet<&'static str>, Flaw> {
        let found = self.sets.iter().find(|known| known.id == set);
        let found = found.ok_or_else(|| Flaw::UnknownReference(format!("@{set}")))?;
        match self.look_up(name)? {
            Named::Fact(fact) if fact == found.fact => Ok(&found.words),
            _ => Err(wrong_test(name, "the set is about another fact")),
        }
    }

    fn one_of(&self, name: &str, words: &[String]) -> Result<Condition, Flaw> {
        match self.look_up(name)? {
            Named::Seat => {
                let seats = words.iter().map(|word| {
                    Seat::from_key(word).map(Condition::Seat).ok_or_else(|| unknown_value(name, word, &Seat::KEYS))
                });
                Ok(Condition::Any(seats.collect::<Result<_, _>>()?))
            }
            Named::Table(number) => {
                let mut mask = 0;
                for word in words {
                    mask |= 1 << self.value(number, name, word)?;
                }
                Ok(Condition::Table(number, mask))
            }
            Named::Fact(fact) => match fact.kind() {
                Kind::One(_) => {
                    let known = words.iter().map(|word| known_word(fact, word)).collect::<Result<_, _>>()?;
                    Ok(Condition::Fact(fact, Test::OneOf(known)))
                }
                Kind::Truth => Err(wrong_test(name, "a fact that is yes or no stands alone, or after `not`")),
                Kind::Many(_) | Kind::Countries => Err(wrong_test(name, "a set is tested with `any` or `all`")),
                Kind::Whole | Kind::Number => Err(wrong_test(name, "a number is tested with `>=` or `<`")),
            },
        }
    }

    fn value(&self, table: usize, name: &str, word: &str) -> Result<usize, Flaw> {
        let values = self.tables.get(table).map_or(&[][..], |table| table.values.as_slice());
        values.iter().position(|value| value == word).ok_or_else(|| unknown_value(name, word, values))
    }

    fn set_fact(&self, name: &str, list: &List) -> Result<(Fact, BTreeSet<&'static str>), Flaw> {
        let fact = match self.look_up(name)? {
            Named::Fact(fact) if matches!(fact.kind(), Kind::Many(_) | Kind::Countries) => fact,
            _ => return Err(wrong_test(name, "only a set is tested with `any` or `all`")),
        };
        let words = match list {
            List::Named(set) => self.set(name, set)?.clone(),
            List::Words(words) => words.iter().map(|word| known_word(fact, word)).collect::<Result<_, _>>()?,
        };
        Ok((fact, words))
    }

    fn at_least(&self, name: &str, bound: &Bound) -> Result<Condition, Flaw> {
        match (self.look_up(name)?, bound) {
            (Named::Table(number), Bound::Word(word)) => {
                let first = self.value(number, name, word)?;
                let count = self.tables.get(number).map_or(0, |table| table.values.len());
                Ok(Condition::Table(number, (first..count).fold(0, |mask, value| mask | 1 << value)))
            }
            (Named::Fact(fact), Bound::Word(word)) if matches!(fact.kind(), Kind::One(_)) => {
                let first = known_word(fact, word)?;
                let higher = fact.choices().iter().map(|choice| choice.key).skip_while(|key| *key != first);
                Ok(Condition::Fact(fact, Test::OneOf(higher.collect())))
            }
            (Named::Fact(fact), bound) if matches!(fact.kind(), Kind::Whole | Kind::Number) => {
                let number = match bound {
                    Bound::Number(number) => *number,
                    Bound::Parameter(id) => {
                        let found = self.parameters.iter().find(|parameter| parameter.id == *id);
                        found.ok_or_else(|| Flaw::UnknownReference(format!("${id}")))?.value
                    }
                    Bound::Word(_) => return Err(wrong_test(name, "a number is measured against a number")),
                };
                Ok(Condition::Fact(fact, Test::AtLeast(number)))
            }
            _ => Err(wrong_test(name, "only numbers, tables and choices in order are tested with `>=` or `<`")),
        }
    }
}

fn known_word(fact: Fact, word: &str) -> Result<&'static str, Flaw> {
    fact.word(word).map_err(|error| match error {
        InvalidFact::UnknownValue { allowed, .. } => unknown_value(fact.key(), word, &allowed),
        _ => wrong_test(fact.key(), "it takes no words"),
    })
}

fn unknown_value<S: AsRef<str>>(name: &str, value: &str, allowed: &[S]) -> Flaw {
    let allowed = allowed.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    Flaw::UnknownValue { name: name.into(), value: value.into(), allowed }
}

fn wrong_test(name: &str, hint: &'static str) -> Flaw {
    Flaw::WrongTest { name: name.into(), hint }
}

pub(super) fn unknown_name(name: &str, error: &InvalidFact) -> Flaw {
    let nearest = match error {
        InvalidFact::UnknownKey { nearest, .. } => nearest.map(ToOwned::to_owned),
        _ => None,
    };
    Flaw::UnknownName(name.into(), nearest)
}
