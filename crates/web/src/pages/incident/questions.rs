//! The questions of the facts form: one for each fact of the vocabulary, with what was typed or is known.

use std::collections::BTreeMap;

use facts::{Fact, Facts, InvalidFact, Kind, Section, Value};

use crate::forms::{Sent, whole};
use crate::view::value::words_of;
use crate::words::Words;

/// "None of these", where a set can be empty and known.
pub(crate) const NONE: &str = "geen";
/// Above this many choices a list to pick from is easier to survey than a row of buttons.
const MOST_BUTTONS: usize = 8;

/// More hours than eleven years: a slip of the keyboard.
const MOST_HOURS: f64 = 100_000.0;

/// What stands in the form: the words of each fact, as typed.
pub(crate) type Typed = BTreeMap<Fact, Vec<String>>;

pub(crate) struct SectionView {
    pub(crate) title: String,
    pub(crate) known: String,
    pub(crate) questions: Vec<Question>,
}

pub(crate) struct Question {
    /// The fact's public name: the field's name and its anchor.
    pub(crate) id: &'static str,
    pub(crate) text: String,
    pub(crate) hint: &'static str,
    pub(crate) widget: Widget,
    /// It can still turn the outcome.
    pub(crate) is_telling: bool,
    pub(crate) wrong: Option<String>,
    /// What somebody else made of it in the meantime.
    pub(crate) theirs: Option<String>,
    /// What is known, for who may only read.
    pub(crate) value_words: String,
}

pub(crate) enum Widget {
    Radio(Vec<Choice>),
    Select(Vec<Choice>),
    Checks(Vec<Choice>),
    Text { value: String, is_figures: bool },
}

pub(crate) struct Choice {
    pub(crate) key: &'static str,
    pub(crate) label: String,
    pub(crate) is_chosen: bool,
}

impl Question {
    /// Several controls under one question.
    pub(crate) fn is_group(&self) -> bool {
        matches!(self.widget, Widget::Radio(_) | Widget::Checks(_))
    }
}

/// What the facts look like when typed.
pub(crate) fn typed(facts: &Facts) -> Typed {
    facts.iter().map(|(fact, value)| (fact, words(value, fact.kind()))).collect()
}

fn words(value: &Value, kind: Kind) -> Vec<String> {
    match value {
        Value::Truth(truth) => vec![truth.to_string()],
        Value::One(key) => vec![(*key).to_owned()],
        Value::Many(keys) if kind == Kind::Countries => vec![keys.iter().copied().collect::<Vec<_>>().join(", ")],
        Value::Many(keys) if keys.is_empty() => vec![NONE.to_owned()],
        Value::Many(keys) => keys.iter().map(|key| (*key).to_owned()).collect(),
        Value::Whole(count) => vec![count.to_string()],
        Value::Number(number) => vec![number.to_string().replace('.', ",")],
    }
}

/// What was sent, fact by fact.
pub(crate) fn sent(sent: &Sent) -> Typed {
    let said = |fact: &Fact| -> Vec<String> {
        let words = sent.all(fact.key()).into_iter().map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    Fact::ALL.iter().map(|fact| (*fact, said(fact))).filter(|(_, words)| !words.is_empty()).collect()
}

/// The facts that these words stand for, and what is wrong with the rest.
pub(crate) fn read(typed: &Typed, w: Words) -> (Facts, Vec<(Fact, String)>) {
    let mut facts = Facts::new();
    let mut wrong = Vec::new();
    for (fact, words) in typed {
        match value(*fact, words).and_then(|value| facts.set(*fact, value)) {
            Ok(()) => {}
            Err(invalid) => wrong.push((*fact, problem(*fact, &invalid, w))),
        }
    }
    (facts, wrong)
}

fn value(fact: Fact, words: &[String]) -> Result<Value, InvalidFact> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match fact.kind() {
        Kind::Many(_) if words == [NONE] => Ok(Value::Many(Default::default())),
        Kind::Countries => {
            let codes = words.join(" ").to_uppercase();
            let codes: Vec<_> = codes.split([',', ';', ' ']).filter(|code| !code.is_empty()).collect();
            fact.read(&codes)
        }
        // "1.200" and "1 200" are how people write twelve hundred.
        Kind::Whole => {
            let typed = words.concat();
            fact.read(&[&whole(&typed).ok_or_else(|| fact.wrong_type(&typed))?])
        }
        Kind::Number => match fact.read(&words)? {
            Value::Number(hours) if hours > MOST_HOURS => Err(fact.wrong_type(&words.concat())),
            value => Ok(value),
        },
        _ => fact.read(&words),
    }
}

fn problem(fact: Fact, invalid: &InvalidFact, w: Words) -> String {
    match (fact.kind(), invalid) {
        (Kind::Whole, _) => w.wrong_whole().to_owned(),
        (Kind::Number, _) => w.wrong_hours().to_owned(),
        (Kind::Countries, InvalidFact::UnknownValue { value, .. }) => w.wrong_country(value),
        (Kind::Many(_), InvalidFact::UnknownValue { value, .. }) if value == NONE => w.wrong_none_and_some().to_owned(),
        _ => w.wrong_choice().to_owned(),
    }
}

/// What the page knows beside the facts themselves.
pub(crate) struct About<'a> {
    pub(crate) typed: &'a Typed,
    pub(crate) known: &'a Facts,
    pub(crate) telling: &'a [Fact],
    pub(crate) wrong: &'a BTreeMap<Fact, String>,
    pub(crate) theirs: &'a BTreeMap<Fact, String>,
}

/// The form, section by section.
pub(crate) fn sections(about: &About<'_>, w: Words) -> Vec<SectionView> {
    let section = |section: Section| {
        let of_section: Vec<Fact> = Fact::ALL.iter().copied().filter(|fact| fact.section() == section).collect();
        let known = of_section.iter().filter(|fact| about.known.is_known(**fact)).count();
        SectionView {
            title: section.title().in_language(w.0).to_owned(),
            known: w.facts_known(known, of_section.len()),
            questions: of_section.into_iter().map(|fact| question(fact, about, w)).collect(),
        }
    };
    Section::ALL.into_iter().map(section).collect()
}

fn question(fact: Fact, about: &About<'_>, w: Words) -> Question {
    let typed = about.typed.get(&fact).map(Vec::as_slice).unwrap_or_default();
    let is = |key: &str| typed.iter().any(|word| word == key);
    let unknown = || Choice { key: "", label: w.unknown_yet().to_owned(), is_chosen: typed.is_empty() };
    let choices = || {
        fact.choices().iter().map(|choice| Choice {
            key: choice.key,
            label: choice.label.in_language(w.0).to_owned(),
            is_chosen: is(choice.key),
        })
    };
    let widget = match fact.kind() {
        Kind::Truth => Widget::Radio(vec![
            Choice { key: "true", label: w.yes().to_owned(), is_chosen: is("true") },
            Choice { key: "false", label: w.no().to_owned(), is_chosen: is("false") },
            unknown(),
        ]),
        Kind::One(list) if list.len() > MOST_BUTTONS => {
            Widget::Select([unknown()].into_iter().chain(choices()).collect())
        }
        Kind::One(_) => Widget::Radio(choices().chain([unknown()]).collect()),
        Kind::Many(_) => {
            let none = Choice { key: NONE, label: w.none_of_these().to_owned(), is_chosen: is(NONE) };
            Widget::Checks(choices().chain([none]).collect())
        }
        Kind::Countries => Widget::Text { value: typed.join(", "), is_figures: false },
        Kind::Whole | Kind::Number => Widget::Text { value: typed.join(" "), is_figures: true },
    };
    Question {
        id: fact.key(),
        text: fact.question().in_language(w.0).to_owned(),
        hint: match fact.kind() {
            Kind::Countries => w.hint_countries(),
            Kind::Whole => w.hint_whole(),
            Kind::Number => w.hint_hours(),
            _ => w.hint_select(),
        },
        widget,
        is_telling: about.telling.contains(&fact),
        wrong: about.wrong.get(&fact).cloned(),
        theirs: about.theirs.get(&fact).cloned(),
        value_words: about.known.value(fact).map(|value| words_of(fact, value, w)).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use facts::{COUNTRIES, Language};

    use super::*;

    const W: Words = Words(Language::Dutch);

    fn typed_as(pairs: &[(Fact, &[&str])]) -> Typed {
        pairs.iter().map(|(fact, words)| (*fact, words.iter().map(|word| (*word).to_owned()).collect())).collect()
    }

    #[test]
    fn what_is_shown_reads_back_as_the_same() {
        let mut facts = Facts::new();
        for fact in Fact::ALL {
            let value = match fact.kind() {
                Kind::Truth => Value::Truth(false),
                Kind::One(list) => Value::One(list[0].key),
                Kind::Many(list) => Value::Many(list.iter().take(2).map(|choice| choice.key).collect()),
                Kind::Countries => Value::Many(COUNTRIES.iter().copied().take(2).collect()),
                Kind::Whole => Value::Whole(1200),
                Kind::Number => Value::Number(1.5),
            };
            facts.set(*fact, value).unwrap();
        }
        assert_eq!(read(&typed(&facts), W), (facts, vec![]));
        let mut none = Facts::new();
        none.set(Fact::Data, Value::Many(Default::default())).unwrap();
        assert_eq!(read(&typed(&none), W), (none, vec![]));
    }

    #[test]
    fn people_write_numbers_and_countries_their_own_way() {
        let (facts, wrong) = read(
            &typed_as(&[
                (Fact::SubjectsMin, &["1.200"]),
                (Fact::ExposureHours, &["2,5"]),
                (Fact::Countries, &["nl, be"]),
            ]),
            W,
        );
        assert!(wrong.is_empty(), "{wrong:?}");
        assert_eq!(facts.whole(Fact::SubjectsMin), Some(1200));
        assert_eq!(facts.number(Fact::ExposureHours), Some(2.5));
        assert_eq!(facts.many(Fact::Countries).unwrap().len(), 2);
    }

    #[test]
    fn a_slip_of_the_keyboard_is_no_number() {
        let (facts, wrong) = read(&typed_as(&[(Fact::SubjectsMin, &["1.5"]), (Fact::ExposureHours, &["100001"])]), W);
        assert!(facts.is_empty(), "{facts:?}");
        assert_eq!(wrong.len(), 2);
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let (facts, wrong) = read(
            &typed_as(&[
                (Fact::SubjectsMin, &["veel"]),
                (Fact::Countries, &["XX"]),
                (Fact::Data, &["name", NONE]),
                (Fact::PersonalData, &["true"]),
            ]),
            W,
        );
        assert_eq!(
            wrong.iter().map(|(fact, _)| *fact).collect::<Vec<_>>(),
            [Fact::Data, Fact::SubjectsMin, Fact::Countries]
        );
        assert_eq!(facts.truth(Fact::PersonalData), Some(true), "what is right is read all the same");
    }
}
