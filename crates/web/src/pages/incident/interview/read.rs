//! Reading an answer: what was sent for a question, as facts, or what needs another look.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Fact, Kind, Value};
use law::interview::{EXCEPTIONS, Item, Together, bands, denied};
use law::pack::Pack;

use crate::forms::{Problems, Sent, whole};
use crate::pages::incident::interview::control::NOT_KNOWN;
use crate::pages::incident::questions::{self, Typed};
use crate::words::Words;

/// An answer, read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// What is known now; a `None` makes one unknown again.
    pub(crate) changes: BTreeMap<Fact, Option<Value>>,
    /// Asked, and not known yet.
    pub(crate) unknown: BTreeSet<Fact>,
}

impl Read {
    fn known(values: impl IntoIterator<Item = (Fact, Value)>) -> Self {
        let changes = values.into_iter().map(|(fact, value)| (fact, Some(value))).collect();
        Self { changes, ..Self::default() }
    }
}

/// The question as the form asked it: of the exceptions, those that stood on it.
pub(crate) fn asked(item: Item, sent: &Sent) -> Item {
    match item {
        Item::Exceptions(all) => {
            let keys: Vec<&str> = sent.text("gevraagd").split(',').collect();
            Item::Exceptions(all.into_iter().filter(|fact| keys.contains(&fact.key())).collect())
        }
        item => item,
    }
}

/// What was sent for this question.
pub(crate) fn read(item: &Item, sent: &Sent, pack: Option<&Pack>, w: Words) -> Result<Read, Problems> {
    if sent.has(NOT_KNOWN) {
        return Ok(Read { unknown: item.facts().iter().copied().collect(), ..Read::default() });
    }
    match item {
        Item::Fact(fact) => Ok(Read::known([(*fact, one(*fact, sent, w).map_err(|text| at(fact.key(), text))?)])),
        Item::Together(Together::Persons) => persons(sent, pack, w),
        Item::Together(_) => parts(item.facts(), sent, w),
        Item::Exceptions(facts) => exceptions(facts, sent, w),
        // A field of the case is read where it is recorded.
        Item::Field(_) => Ok(Read::default()),
    }
}

fn at(field: &str, text: impl Into<String>) -> Problems {
    let mut problems = Problems::new();
    problems.add(field, text);
    problems
}

fn one(fact: Fact, sent: &Sent, w: Words) -> Result<Value, String> {
    let mut typed = questions::sent(sent);
    typed.retain(|sent, _| *sent == fact);
    if typed.is_empty() {
        return Err(match fact.kind() {
            Kind::Truth | Kind::One(_) => w.asking_one_needed(),
            Kind::Many(_) => w.asking_some_needed(),
            Kind::Countries | Kind::Whole | Kind::Number => w.asking_text_needed(),
        }
        .to_owned());
    }
    let (facts, wrong) = questions::read(&typed, w);
    match (facts.value(fact), wrong.into_iter().next()) {
        (_, Some((_, text))) => Err(text),
        (Some(value), None) => Ok(value.clone()),
        (None, None) => Err(w.wrong_choice().to_owned()),
    }
}

fn parts(facts: &[Fact], sent: &Sent, w: Words) -> Result<Read, Problems> {
    let (mut read, mut problems) = (Read::default(), Problems::new());
    for fact in facts {
        if sent.text(fact.key()) == NOT_KNOWN {
            read.unknown.insert(*fact);
            continue;
        }
        match one(*fact, sent, w) {
            Ok(value) => drop(read.changes.insert(*fact, Some(value))),
            Err(text) => problems.add(fact.key(), text),
        }
    }
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}

/// One number, two bounds, or a band; a bound that nobody gave is not known yet.
fn persons(sent: &Sent, pack: Option<&Pack>, w: Words) -> Result<Read, Problems> {
    let (least, most) = (Fact::SubjectsMin, Fact::SubjectsMax);
    if sent.has("orde") {
        let chosen = |from: u64| sent.text("orde").parse() == Ok(from);
        let band = pack.map(bands).unwrap_or_default().into_iter().find(|band| chosen(band.from));
        let band = band.ok_or_else(|| at("personen", w.persons_needed()))?;
        return Ok(bounds(band.answers()));
    }
    let mut problems = Problems::new();
    let mut number = |name: &str| {
        let typed = sent.text(name);
        if typed.is_empty() {
            return None;
        }
        let read = whole(typed).and_then(|digits| digits.parse::<u64>().ok());
        if read.is_none() {
            problems.add(name, w.wrong_whole());
        }
        read
    };
    let (exact, min, max) = (number("personen"), number("personen-min"), number("personen-max"));
    if !problems.is_empty() {
        return Err(problems);
    }
    match (exact, min, max) {
        (None, None, None) => Err(at("personen", w.persons_needed())),
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => Err(at("personen", w.persons_either())),
        (Some(count), None, None) => Ok(bounds(vec![(least, Value::Whole(count)), (most, Value::Whole(count))])),
        (None, Some(min), Some(max)) if min > max => Err(at("personen-min", w.persons_wrong_order())),
        (None, min, max) => {
            let min = min.map(|min| (least, Value::Whole(min)));
            Ok(bounds(min.into_iter().chain(max.map(|max| (most, Value::Whole(max)))).collect()))
        }
    }
}

fn bounds(known: Vec<(Fact, Value)>) -> Read {
    let mut read = Read::known(known);
    for fact in Together::Persons.facts() {
        if !read.changes.contains_key(fact) {
            read.changes.insert(*fact, None);
            read.unknown.insert(*fact);
        }
    }
    read
}

fn exceptions(facts: &[Fact], sent: &Sent, w: Words) -> Result<Read, Problems> {
    let mut read = Read::default();
    let mut applies = false;
    for fact in facts.iter().filter(|fact| EXCEPTIONS.contains(fact)) {
        let Some(no) = denied(*fact) else { continue };
        let value = if sent.text(fact.key()).is_empty() {
            no.clone()
        } else {
            one(*fact, sent, w).map_err(|text| at(fact.key(), text))?
        };
        applies |= value != no;
        read.changes.insert(*fact, Some(value));
    }
    match (applies, sent.has("geen")) {
        (true, true) => Err(at("geen", w.wrong_none_and_some())),
        (false, false) => Err(at("geen", w.asking_exceptions_needed())),
        _ if read.changes.is_empty() => Err(at("", w.form_not_whole())),
        _ => Ok(read),
    }
}

/// What was typed for this question, for the same form once more.
pub(crate) fn typed(item: &Item, sent: &Sent) -> Typed {
    let mut typed = questions::sent(sent);
    typed.retain(|fact, _| item.facts().contains(fact));
    typed
}

#[cfg(test)]
mod tests {
    use facts::Language;

    use super::*;

    const W: Words = Words(Language::Dutch);

    fn read_of(item: &Item, pairs: &[(&str, &str)]) -> Result<Read, String> {
        read(item, &Sent::of(pairs), None, W).map_err(|problems| problems.all()[0].1.clone())
    }

    #[test]
    fn a_number_of_persons_is_one_number_or_two_bounds() {
        let persons = Item::Together(Together::Persons);
        let bound = |read: &Read, fact| read.changes.get(&fact).cloned().flatten();
        let check = |pairs: &[(&str, &str)], min: Option<u64>, max: Option<u64>| {
            let read = read_of(&persons, pairs).unwrap();
            assert_eq!(bound(&read, Fact::SubjectsMin), min.map(Value::Whole), "{pairs:?}");
            assert_eq!(bound(&read, Fact::SubjectsMax), max.map(Value::Whole), "{pairs:?}");
            assert_eq!(read.unknown.contains(&Fact::SubjectsMax), max.is_none());
        };
        check(&[("personen", "1.200")], Some(1200), Some(1200));
        check(&[("personen-min", "20"), ("personen-max", "60")], Some(20), Some(60));
        check(&[("personen-min", "20"), ("personen-max", "")], Some(20), None);
        for wrong in [
            &[][..],
            &[("personen", "veel")],
            &[("personen", "3"), ("personen-max", "4")],
            &[("personen-min", "60"), ("personen-max", "20")],
            &[("orde", "7")],
        ] {
            assert!(read_of(&persons, wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn exceptions_that_are_not_chosen_are_denied_and_nothing_else_is() {
        let item = asked(
            Item::Exceptions(EXCEPTIONS.to_vec()),
            &Sent::of(&[("gevraagd", "risk_removed,withholding_ground,backup")]),
        );
        assert_eq!(item.facts(), [Fact::RiskRemoved, Fact::WithholdingGround]);
        let none = read_of(&item, &[("geen", "ja"), ("withholding_ground", "")]).unwrap();
        assert_eq!(none.changes, Read::known(item.none_of_these()).changes);
        let one = read_of(&item, &[("withholding_ground", "i")]).unwrap();
        assert_eq!(one.changes[&Fact::RiskRemoved], Some(Value::Truth(false)));
        assert_eq!(one.changes[&Fact::WithholdingGround], Some(Value::One("i")));
        assert!(read_of(&item, &[]).is_err(), "no answer is no denial");
        assert!(read_of(&item, &[("geen", "ja"), ("risk_removed", "true")]).is_err());
        assert_eq!(read_of(&item, &[(NOT_KNOWN, "ja")]).unwrap().unknown.len(), 2);
    }

    #[test]
    fn an_answer_in_parts_may_leave_a_part_unknown_but_not_unsaid() {
        let nature = Item::Together(Together::Nature);
        let read =
            read_of(&nature, &[("confidentiality", "confirmed"), ("integrity", NOT_KNOWN), ("availability", "none")])
                .unwrap();
        assert_eq!(read.unknown, BTreeSet::from([Fact::Integrity]));
        assert_eq!(read.changes.len(), 2);
        assert!(read_of(&nature, &[("confidentiality", "confirmed")]).is_err());
    }
}
