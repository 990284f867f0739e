//! Form files read and checked: a form that loads has every text in both languages, asks only what exists, and has a place
//! for every word that its questions can be answered with.
//!
//! A mistake is refused with the question it stands at; a file that is no TOML with line and column.

use serde::Deserialize;

use facts::{Fact, Kind as FactKind, Text, nearest};

use super::asks::Asks;
use super::form::{Condition, Form, Kind, Limit, Mark, Question, Section, Tickbox};
use super::purpose::Purpose;

/// Why a file is no form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidForm {
    #[error("the form file cannot be read: {0}")]
    Unreadable(String),
    #[error("{at}: the text `{field}` is missing in {language}")]
    TextMissing { at: String, field: &'static str, language: &'static str },
    #[error("{at}: there is no {what} `{name}`{}", did_you_mean(.nearest))]
    Unknown { at: String, what: &'static str, name: String, nearest: Option<&'static str> },
    #[error("{at}: `{asks}` cannot say `{word}`; it says one of: {}", .known.join(", "))]
    UnknownWord { at: String, asks: &'static str, word: String, known: Vec<String> },
    #[error("{at}: `{asks}` can say `{word}`, and no box stands for it; map it, or name it under `omit`")]
    WordWithoutBox { at: String, asks: &'static str, word: String },
    #[error("{at}: `{word}` ticks more than one box of a question that takes one")]
    TwoBoxes { at: String, word: String },
    #[error("{at}: {why}")]
    Wrong { at: String, why: &'static str },
    #[error("the key `{key}` stands twice, at {first} and at {second}; give one of them a `key` of its own")]
    KeyTwice { key: String, first: String, second: String },
}

fn did_you_mean(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |word| format!(" (did you mean `{word}`?)"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawForm {
    id: String,
    document_kind: String,
    title: RawText,
    heading: RawText,
    edition: RawText,
    status: RawText,
    instruction: RawText,
    credit: Option<RawText>,
    authority: Option<String>,
    address: String,
    late_after_hours: i64,
    #[serde(default)]
    bilingual: bool,
    section: Vec<RawSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSection {
    number: String,
    title: RawText,
    #[serde(default)]
    check: bool,
    #[serde(default)]
    shown: Vec<RawCondition>,
    question: Vec<RawQuestion>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawQuestion {
    number: String,
    key: Option<String>,
    text: RawText,
    part: Option<RawText>,
    kind: String,
    asks: String,
    mark: Option<String>,
    #[serde(default)]
    optional: bool,
    #[serde(default)]
    needed: bool,
    limit: Option<RawLimit>,
    #[serde(default)]
    shown: Vec<RawCondition>,
    note: Option<RawText>,
    #[serde(default)]
    note_if_missing: bool,
    /// Words that need no box on this form.
    #[serde(default)]
    omit: Vec<String>,
    #[serde(default)]
    options: Vec<RawBox>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBox {
    nl: String,
    en: String,
    #[serde(default)]
    exact: Vec<String>,
    #[serde(default)]
    near: Vec<String>,
    #[serde(default)]
    other: Vec<String>,
    #[serde(default)]
    unknown: bool,
    #[serde(default)]
    shown: Vec<RawCondition>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLimit {
    chars: usize,
    /// `known` or `proposal`.
    mark: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawText {
    nl: String,
    en: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCondition {
    purpose: Option<Vec<String>>,
    flag: Option<String>,
    fact: Option<String>,
    source: Option<String>,
    is: Option<Vec<String>>,
    is_not: Option<Vec<String>>,
    known: Option<bool>,
}

impl Form {
    /// Reads a form from the text of its file, and checks it.
    pub fn read(text: &str) -> Result<Self, InvalidForm> {
        let raw: RawForm = toml::from_str(text).map_err(|error| InvalidForm::Unreadable(error.to_string()))?;
        let at = raw.id.clone();
        let form = Self {
            title: text_of(raw.title, &at, "title")?,
            heading: text_of(raw.heading, &at, "heading")?,
            edition: text_of(raw.edition, &at, "edition")?,
            status: text_of(raw.status, &at, "status")?,
            instruction: text_of(raw.instruction, &at, "instruction")?,
            credit: raw.credit.map(|credit| text_of(credit, &at, "credit")).transpose()?,
            id: raw.id,
            document_kind: raw.document_kind,
            authority: raw.authority,
            address: raw.address,
            late_after_hours: raw.late_after_hours,
            is_bilingual: raw.bilingual,
            sections: raw.section.into_iter().map(section).collect::<Result<_, _>>()?,
        };
        if form.id.is_empty() || form.document_kind.is_empty() || form.late_after_hours <= 0 {
            return Err(wrong(&at, "a form has an id, a document kind and a positive number of hours"));
        }
        unique_keys(&form)?;
        Ok(form)
    }
}

fn unique_keys(form: &Form) -> Result<(), InvalidForm> {
    let questions: Vec<_> = form.questions().map(|(_, question)| question).collect();
    for (index, question) in questions.iter().enumerate() {
        if let Some(first) = questions.iter().take(index).find(|first| first.key == question.key) {
            let (key, first, second) = (question.key.clone(), first.number.clone(), question.number.clone());
            return Err(InvalidForm::KeyTwice { key, first, second });
        }
    }
    Ok(())
}

fn section(raw: RawSection) -> Result<Section, InvalidForm> {
    let at = format!("section {}", raw.number);
    Ok(Section {
        title: text_of(raw.title, &at, "title")?,
        needs_check: raw.check,
        shown: conditions(raw.shown, &at)?,
        questions: raw.question.into_iter().map(question).collect::<Result<_, _>>()?,
        number: raw.number,
    })
}

fn question(raw: RawQuestion) -> Result<Question, InvalidForm> {
    let at = format!("question {} ({})", raw.number, raw.asks);
    let asks = source(&raw.asks, &at)?;
    let kind = Kind::from_key(&raw.kind)
        .ok_or_else(|| unknown(&at, "kind", &raw.kind, Kind::ALL.into_iter().map(Kind::key)))?;
    let mark = match raw.mark.as_deref() {
        None => Mark::Sourced,
        Some("unverified") => Mark::Unverified,
        Some(other) => return Err(unknown(&at, "mark", other, ["unverified"].into_iter())),
    };
    let boxes = boxes(raw.options, kind, &at)?;
    check_boxes(asks, kind, &boxes, &raw.omit, &at)?;
    if raw.optional && raw.needed {
        return Err(wrong(&at, "a question is not both optional and needed"));
    }
    Ok(Question {
        text: text_of(raw.text, &at, "text")?,
        part: raw.part.map(|part| text_of(part, &at, "part")).transpose()?,
        key: raw.key.unwrap_or(raw.asks),
        kind,
        boxes,
        mark,
        is_optional: raw.optional,
        is_needed: raw.needed,
        limit: raw.limit.map(|limit| limit_of(&limit, &at)).transpose()?,
        shown: conditions(raw.shown, &at)?,
        asks,
        note: raw.note.map(|note| text_of(note, &at, "note")).transpose()?,
        is_note_for_gap: raw.note_if_missing,
        number: raw.number,
    })
}

fn boxes(raw: Vec<RawBox>, kind: Kind, at: &str) -> Result<Vec<Tickbox>, InvalidForm> {
    if raw.is_empty() && kind == Kind::YesNo {
        let plain = |nl: &str, en: &str, word: &str| Tickbox {
            nl: nl.into(),
            en: en.into(),
            exact: vec![word.into()],
            ..Tickbox::default()
        };
        return Ok(vec![plain("Ja", "Yes", "yes"), plain("Nee", "No", "no")]);
    }
    raw.into_iter()
        .map(|raw| {
            let label = text_of(RawText { nl: raw.nl, en: raw.en }, at, "option")?;
            Ok(Tickbox {
                nl: label.nl.into_owned(),
                en: label.en.into_owned(),
                exact: raw.exact,
                near: raw.near,
                other: raw.other,
                is_unknown: raw.unknown,
                shown: conditions(raw.shown, at)?,
            })
        })
        .collect()
}

/// Every word of the source has a box or is left out on purpose, and every word of a box is the source's.
fn check_boxes(asks: Asks, kind: Kind, boxes: &[Tickbox], omit: &[String], at: &str) -> Result<(), InvalidForm> {
    if kind.has_boxes() == boxes.is_empty() {
        return Err(wrong(at, "boxes stand at a question of the kind one, many or yes_no, and only there"));
    }
    if !kind.has_boxes() {
        return Ok(());
    }
    let known: Vec<String> = asks.vocabulary().into_iter().map(|word| word.name.into_owned()).collect();
    if known.is_empty() {
        return Err(wrong(at, "what it asks is free text, a moment or a number, and ticks no boxes"));
    }
    let mapped = || boxes.iter().flat_map(Tickbox::words);
    let asks_key = asks.key();
    // A plain yes and no may offer one that the source never says.
    if kind != Kind::YesNo
        && let Some(word) = mapped().chain(omit).find(|word| !known.contains(word))
    {
        return Err(InvalidForm::UnknownWord { at: at.into(), asks: asks_key, word: word.clone(), known });
    }
    for word in &known {
        let ticked = boxes.iter().filter(|tickbox| tickbox.words().any(|mapped| mapped == word)).count();
        if ticked == 0 && !omit.contains(word) {
            return Err(InvalidForm::WordWithoutBox { at: at.into(), asks: asks_key, word: word.clone() });
        }
        if ticked > 1 && kind != Kind::Many {
            return Err(InvalidForm::TwoBoxes { at: at.into(), word: word.clone() });
        }
    }
    let labels: Vec<_> = boxes.iter().map(|tickbox| tickbox.nl.as_str()).collect();
    if (1..labels.len()).any(|index| labels.iter().take(index).any(|label| labels.get(index) == Some(label))) {
        return Err(wrong(at, "two boxes have the same label"));
    }
    Ok(())
}

impl Tickbox {
    /// Every word that ticks it.
    pub(super) fn words(&self) -> impl Iterator<Item = &String> {
        self.exact.iter().chain(&self.near).chain(&self.other)
    }
}

fn limit_of(raw: &RawLimit, at: &str) -> Result<Limit, InvalidForm> {
    if raw.chars == 0 {
        return Err(wrong(at, "a length limit is at least one character"));
    }
    match raw.mark.as_str() {
        "known" => Ok(Limit { chars: raw.chars, is_known: true }),
        "proposal" => Ok(Limit { chars: raw.chars, is_known: false }),
        other => Err(unknown(at, "mark of a limit", other, ["known", "proposal"].into_iter())),
    }
}

fn conditions(raw: Vec<RawCondition>, at: &str) -> Result<Vec<Condition>, InvalidForm> {
    raw.into_iter().map(|raw| condition(raw, at)).collect()
}

fn condition(raw: RawCondition, at: &str) -> Result<Condition, InvalidForm> {
    let subjects = [raw.purpose.is_some(), raw.flag.is_some(), raw.fact.is_some(), raw.source.is_some()];
    if subjects.into_iter().filter(|is_there| *is_there).count() != 1 {
        return Err(wrong(at, "a condition is about one of: purpose, flag, fact, source"));
    }
    if let Some(purposes) = raw.purpose {
        let read = |name: &String| {
            Purpose::from_key(name)
                .ok_or_else(|| unknown(at, "purpose", name, Purpose::ALL.into_iter().map(Purpose::key)))
        };
        return Ok(Condition::Purpose(purposes.iter().map(read).collect::<Result<_, _>>()?));
    }
    if let Some(flag) = raw.flag {
        return match flag.as_str() {
            "late" => Ok(Condition::Late),
            "incomplete" => Ok(Condition::Incomplete),
            other => Err(unknown(at, "flag", other, ["late", "incomplete"].into_iter())),
        };
    }
    if let (Some(fact), Some(is_known)) = (&raw.fact, raw.known) {
        return Ok(Condition::Known { fact: known_fact(fact, at)?, is_known });
    }
    let (words, is_negated) = match (raw.is, raw.is_not) {
        (Some(words), None) => (words, false),
        (None, Some(words)) => (words, true),
        _ => return Err(wrong(at, "a condition on a fact or a source says `is` or `is_not`")),
    };
    if let Some(fact) = raw.fact {
        let fact = known_fact(&fact, at)?;
        let known: Vec<String> = match fact.kind() {
            FactKind::Truth => vec!["true".into(), "false".into()],
            _ => fact.choices().iter().map(|choice| choice.key.to_owned()).collect(),
        };
        only_known(fact.key(), &words, known, at)?;
        return Ok(Condition::Fact { fact, words, is_negated });
    }
    let asks = source(&raw.source.unwrap_or_default(), at)?;
    let known = asks.vocabulary().into_iter().map(|word| word.name.into_owned()).collect();
    only_known(asks.key(), &words, known, at)?;
    Ok(Condition::Source { asks, words, is_negated })
}

fn only_known(asks: &'static str, words: &[String], known: Vec<String>, at: &str) -> Result<(), InvalidForm> {
    match words.iter().find(|word| !known.contains(word)) {
        Some(word) => Err(InvalidForm::UnknownWord { at: at.into(), asks, word: word.clone(), known }),
        None => Ok(()),
    }
}

fn known_fact(key: &str, at: &str) -> Result<Fact, InvalidForm> {
    Fact::from_key(key).map_err(|_| unknown(at, "fact", key, Fact::ALL.iter().map(|fact| fact.key())))
}

fn source(key: &str, at: &str) -> Result<Asks, InvalidForm> {
    Asks::from_key(key).ok_or_else(|| unknown(at, "source", key, Asks::ALL.iter().map(|asks| asks.key())))
}

fn unknown(at: &str, what: &'static str, name: &str, known: impl Iterator<Item = &'static str>) -> InvalidForm {
    InvalidForm::Unknown { at: at.into(), what, name: name.into(), nearest: nearest(name, known) }
}

fn wrong(at: &str, why: &'static str) -> InvalidForm {
    InvalidForm::Wrong { at: at.into(), why }
}

fn text_of(raw: RawText, at: &str, field: &'static str) -> Result<Text, InvalidForm> {
    for (text, language) in [(&raw.nl, "Dutch"), (&raw.en, "English")] {
        if text.trim().is_empty() {
            return Err(InvalidForm::TextMissing { at: at.into(), field, language });
        }
    }
    Ok(Text::made(raw.nl, raw.en))
}
