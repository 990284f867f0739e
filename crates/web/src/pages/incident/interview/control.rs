//! The control of a question: what somebody chooses from or fills in, with what stands there already.

use facts::{Fact, Kind, Value};
use incident::Opening;
use law::interview::{Field, Item, Together, Wording, bands, denied, question};
use law::pack::Pack;

use crate::case_file::CaseFile;
use crate::forms::Filled;
use crate::moment_fields::MomentFields;
use crate::pages::incident::narrative;
use crate::pages::incident::questions::{self, NONE, Typed};
use crate::words::Words;

/// Said at a part of a question that one does not know.
pub(crate) const NOT_KNOWN: &str = "weet-niet";

pub(crate) enum Control {
    /// One of several, as radio buttons.
    One(Vec<Answer>),
    /// Any of several, as boxes; the last may be *none of these*.
    Many(Vec<Answer>),
    /// A number, with what it counts.
    Figure {
        value: String,
        unit: &'static str,
    },
    Codes(String),
    /// A moment; of awareness also whether it is an estimate, and the reason.
    Moment {
        at: MomentFields,
        asks_reason: bool,
    },
    /// Own words, with what the reporter wrote about it.
    Text {
        rows: u8,
        said: Option<String>,
    },
    Persons(Vec<BandView>),
    /// A few questions in one answer.
    Parts(Vec<Part>),
    /// Exceptions, each to be chosen or not.
    Exceptions {
        gates: Vec<Gate>,
        asked: String,
        is_none: bool,
    },
}

pub(crate) struct Answer {
    pub(crate) key: &'static str,
    pub(crate) label: String,
    pub(crate) help: String,
    pub(crate) is_chosen: bool,
}

pub(crate) struct BandView {
    pub(crate) key: String,
    pub(crate) label: String,
}

pub(crate) struct Part {
    pub(crate) id: &'static str,
    pub(crate) question: &'static str,
    pub(crate) answers: Vec<Answer>,
}

pub(crate) struct Gate {
    pub(crate) id: &'static str,
    pub(crate) question: &'static str,
    pub(crate) why: &'static str,
    pub(crate) cites: String,
    /// What it says when it does not apply, where more than yes can be chosen.
    pub(crate) denied: &'static str,
    /// Empty where the only answer is yes.
    pub(crate) answers: Vec<Answer>,
    pub(crate) is_chosen: bool,
}

/// What was typed before, for the same form once more.
#[derive(Default)]
pub(crate) struct Again {
    pub(crate) typed: Option<Typed>,
    pub(crate) moment: Option<MomentFields>,
    pub(crate) filled: Option<Filled>,
    pub(crate) is_none: bool,
}

/// The control, and what stands in its own fields.
pub(crate) fn control(case: &CaseFile, item: &Item, pack: Option<&Pack>, again: Again) -> (Control, Filled) {
    let (w, incident) = (case.w(), &case.incident);
    let typed = again.typed.unwrap_or_else(|| {
        let mut typed = questions::typed(&incident.facts);
        let unknown = incident.not_known_yet.iter().filter(|fact| !incident.facts.is_known(**fact));
        typed.extend(unknown.map(|fact| (*fact, vec![NOT_KNOWN.to_owned()])));
        typed
    });
    let filled = again.filled;
    match item {
        Item::Fact(fact) => (single(case, *fact, &typed), Filled::default()),
        Item::Together(Together::Nature) => {
            let part = |fact: &Fact| {
                let mut answers = choices(*fact, &typed, w);
                let is_chosen = words(&typed, *fact) == [NOT_KNOWN];
                answers.push(plain(NOT_KNOWN, w.asking_not_known(), is_chosen));
                Part { id: fact.key(), question: question(*fact).question.in_language(w.0), answers }
            };
            (Control::Parts(item.facts().iter().map(part).collect()), Filled::default())
        }
        Item::Together(Together::Persons) => {
            let view = |band: &law::interview::Band| BandView {
                key: band.from.to_string(),
                label: band.label().in_language(w.0).to_owned(),
            };
            let bands = pack.map(bands).unwrap_or_default().iter().map(view).collect();
            (Control::Persons(bands), filled.unwrap_or_else(|| persons(&typed)))
        }
        Item::Exceptions(facts) => {
            let gates: Vec<Gate> = facts.iter().map(|fact| gate(*fact, &typed, w)).collect();
            let keys: Vec<&str> = facts.iter().map(|fact| fact.key()).collect();
            let all_denied = facts.iter().all(|fact| incident.facts.value(*fact).cloned() == denied(*fact));
            let is_none = again.is_none || (all_denied && gates.iter().all(|gate| !gate.is_chosen));
            (Control::Exceptions { gates, asked: keys.join(","), is_none }, Filled::default())
        }
        Item::Field(field) => of_field(case, *field, again.moment, filled),
    }
}

fn of_field(case: &CaseFile, field: Field, moment: Option<MomentFields>, filled: Option<Filled>) -> (Control, Filled) {
    let incident = &case.incident;
    match field {
        Field::AwareAt => {
            let at = moment.unwrap_or_else(|| case.fields("kennis", incident.aware.as_ref().map(|aware| aware.at)));
            (Control::Moment { at, asks_reason: true }, filled.unwrap_or_default())
        }
        Field::DetectedAt => {
            let at = moment.unwrap_or_else(|| case.fields("ontdekt", incident.known_signal()));
            (Control::Moment { at, asks_reason: false }, Filled::default())
        }
        Field::Description | Field::MeasuresTaken => {
            let said = match (&incident.opening, field) {
                (Opening::Reported { what, .. }, Field::Description) => Some(what.clone()),
                (Opening::Reported { done_said, .. }, _) => done_said.clone(),
                (Opening::Detected { .. } | Opening::Imported(_) | Opening::Erased, _) => None,
            };
            let known = || Filled::default().with(field.key(), narrative::text(&incident.narrative, field.key()));
            (Control::Text { rows: 5, said }, filled.unwrap_or_else(known))
        }
    }
}

fn single(case: &CaseFile, fact: Fact, typed: &Typed) -> Control {
    let w = case.w();
    let words = words(typed, fact);
    let is = |key: &str| words.iter().any(|word| word == key);
    match fact.kind() {
        Kind::Truth => Control::One(vec![plain("true", w.yes(), is("true")), plain("false", w.no(), is("false"))]),
        Kind::One(_) => Control::One(choices(fact, typed, w)),
        Kind::Many(_) => {
            let mut answers = choices(fact, typed, w);
            if can_be_none(case, fact) {
                answers.push(plain(NONE, w.none_of_these(), is(NONE)));
            }
            Control::Many(answers)
        }
        Kind::Countries => Control::Codes(plain_words(words)),
        Kind::Whole => Control::Figure { value: plain_words(words), unit: "" },
        Kind::Number => Control::Figure { value: plain_words(words), unit: w.asking_unit_hours() },
    }
}

fn words(typed: &Typed, fact: Fact) -> &[String] {
    typed.get(&fact).map(Vec::as_slice).unwrap_or_default()
}

fn plain_words(words: &[String]) -> String {
    let said: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != NOT_KNOWN).collect();
    said.join(", ")
}

/// Whether *none of these* would contradict what is known already.
fn can_be_none(case: &CaseFile, fact: Fact) -> bool {
    let mut facts = case.incident.facts.clone();
    facts.set(fact, Value::Many(Default::default())).is_ok() && facts.contradictions().is_empty()
}

fn plain(key: &'static str, label: &str, is_chosen: bool) -> Answer {
    Answer { key, label: label.to_owned(), help: String::new(), is_chosen }
}

fn choices(fact: Fact, typed: &Typed, w: Words) -> Vec<Answer> {
    let words = words(typed, fact);
    let Wording { choices: helps, .. } = question(fact);
    let answer = |choice: &facts::Choice| Answer {
        key: choice.key,
        label: choice.label.in_language(w.0).to_owned(),
        help: helps.get(choice.key).map(|help| help.in_language(w.0).to_owned()).unwrap_or_default(),
        is_chosen: words.iter().any(|word| word == choice.key),
    };
    fact.choices().iter().map(answer).collect()
}

fn gate(fact: Fact, typed: &Typed, w: Words) -> Gate {
    let Wording { question, why, cites, .. } = question(fact);
    let denied_key = match denied(fact) {
        Some(Value::One(key)) => key,
        _ => "false",
    };
    let answers: Vec<Answer> = choices(fact, typed, w).into_iter().filter(|answer| answer.key != denied_key).collect();
    let is_chosen =
        words(typed, fact).iter().any(|word| word == "true") || answers.iter().any(|answer| answer.is_chosen);
    Gate {
        id: fact.key(),
        question: question.in_language(w.0),
        why: why.in_language(w.0),
        cites: cites.join(", "),
        denied: fact.label(denied_key).map_or("", |label| label.in_language(w.0)),
        answers,
        is_chosen,
    }
}

/// A number of persons as its fields show it: one number where the bounds are the same.
fn persons(typed: &Typed) -> Filled {
    let bound = |fact: Fact| plain_words(words(typed, fact));
    let (least, most) = (bound(Fact::SubjectsMin), bound(Fact::SubjectsMax));
    if least == most && !least.is_empty() {
        Filled::default().with("personen", least)
    } else {
        Filled::default().with("personen-min", least).with("personen-max", most)
    }
}
