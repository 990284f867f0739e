//! The dossier as JSON, for pages and other programs. The names are stable; an edition of the form has its own `form`.

use serde::Serialize;

use facts::{Language, Text};

use super::{
    Dossier, Field,
    form::{Kind, Label},
};
use crate::{FieldState, moment::moment};

#[derive(Serialize)]
struct DossierJson<'a> {
    form: &'static str,
    form_edition: Pair<'a>,
    form_address: &'static str,
    case: CaseJson<'a>,
    organisation: &'a str,
    made_at: String,
    report_before: Option<Before>,
    fields: Vec<FieldJson<'a>>,
    missing: Vec<MissingJson<'a>>,
}

#[derive(Serialize)]
struct CaseJson<'a> {
    number: u64,
    title: &'a str,
}

#[derive(Serialize)]
struct Before {
    at: String,
    provisional: bool,
    words: String,
}

#[derive(Serialize)]
struct Pair<'a> {
    nl: &'a str,
    en: &'a str,
}

#[derive(Serialize)]
struct FieldJson<'a> {
    no: &'static str,
    id: &'static str,
    section: &'static str,
    question: &'a str,
    question_en: &'a str,
    part: Option<Pair<'a>>,
    kind: &'static str,
    options: &'static [&'static str],
    optional: bool,
    status: FieldState,
    /// The boxes to tick, or the text to type; null where it is missing.
    answer: Option<AnswerJson<'a>>,
    /// What belongs beside the ticked boxes.
    explanation: Option<&'a str>,
    copy: Option<String>,
    note: Option<Pair<'a>>,
    mark: &'static str,
    check: bool,
    facts: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AnswerJson<'a> {
    Boxes(&'a [&'static str]),
    Text(&'a str),
}

#[derive(Serialize)]
struct MissingJson<'a> {
    no: &'static str,
    id: &'static str,
    question: &'a str,
    part: Option<&'a str>,
}

impl<'a> From<&'a Text> for Pair<'a> {
    fn from(text: &'a Text) -> Self {
        Self { nl: &text.nl, en: &text.en }
    }
}

impl From<Label> for Pair<'static> {
    fn from(label: Label) -> Self {
        Self { nl: label.nl, en: label.en }
    }
}

impl Dossier {
    /// The dossier as JSON, indented, in the form's order.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let zone = self.made_at.time_zone();
        serde_json::to_string_pretty(&DossierJson {
            form: self.form.id,
            form_edition: self.form.edition.into(),
            form_address: self.form.address,
            case: CaseJson { number: self.number, title: &self.title },
            organisation: &self.organisation,
            made_at: self.made_at.to_string(),
            report_before: self.report_before.map(|(at, provisional)| Before {
                at: at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
                provisional,
                words: moment(at, zone, Language::Dutch),
            }),
            fields: self.fields.iter().map(field).collect(),
            missing: self
                .missing()
                .map(|field| MissingJson {
                    no: field.question.number,
                    id: field.question.asks.key(),
                    question: field.question.text.nl,
                    part: field.question.part.map(|part| part.nl),
                })
                .collect(),
        })
    }
}

fn field(field: &Field) -> FieldJson<'_> {
    let question = field.question;
    let has_boxes = matches!(question.kind, Kind::One | Kind::Many);
    let content = field.content();
    let text = content.and_then(|content| content.text.as_deref());
    let answer = content.map(|content| match has_boxes {
        true => AnswerJson::Boxes(&content.ticks),
        false => AnswerJson::Text(text.unwrap_or_default()),
    });
    FieldJson {
        no: question.number,
        id: question.asks.key(),
        section: field.section.number,
        question: question.text.nl,
        question_en: question.text.en,
        part: question.part.map(Pair::from),
        kind: question.kind.key(),
        options: question.boxes,
        optional: question.is_optional,
        status: field.state(),
        answer,
        explanation: text.filter(|_| has_boxes),
        copy: field.copy_text(),
        note: field.note.as_ref().map(Pair::from),
        mark: question.mark.key(),
        check: field.needs_check(),
        facts: field.facts.iter().map(|fact| fact.key()).collect(),
    }
}
