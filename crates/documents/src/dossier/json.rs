//! The dossier as JSON, for pages and other programs. The names are stable; an edition of the form has its own `form`.

use serde::Serialize;

use facts::{Language, Text};
use law::verdict::Outcome;

use super::{Change, Dossier, Field};
use crate::{FieldState, moment::moment};

#[derive(Serialize)]
struct DossierJson<'a> {
    form: &'a str,
    form_edition: Pair<'a>,
    form_status: Pair<'a>,
    form_credit: Option<Pair<'a>>,
    form_address: &'a str,
    purpose: &'static str,
    /// The authority's number of the report that this one follows.
    earlier_number: Option<&'a str>,
    case: CaseJson<'a>,
    organisation: &'a str,
    made_at: String,
    report_before: Option<Before>,
    /// What the assessment says of notifying.
    outcome: Option<&'static str>,
    completeness: CompletenessJson,
    /// Whether it can be filed as it stands, if need be as an incomplete first report.
    filable: bool,
    fields: Vec<FieldJson<'a>>,
    missing: Vec<MissingJson<'a>>,
    /// What differs from the last report; null where that is not on file, or where this is no supplement.
    changes: Option<Vec<ChangeJson>>,
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
struct CompletenessJson {
    recorded: usize,
    derived: usize,
    missing: usize,
    optional_open: usize,
}

#[derive(Serialize)]
struct Pair<'a> {
    nl: &'a str,
    en: &'a str,
}

#[derive(Serialize)]
struct FieldJson<'a> {
    no: &'a str,
    /// The stable name of the answer.
    id: &'a str,
    /// What it asks of the case, the same in every form.
    asks: &'static str,
    section: &'a str,
    question: &'a str,
    question_en: &'a str,
    part: Option<Pair<'a>>,
    kind: &'static str,
    options: Vec<&'a str>,
    optional: bool,
    /// Even a first, incomplete report must have it.
    needed: bool,
    status: FieldState,
    /// The boxes to tick, or the text to type; null where it is missing.
    answer: Option<AnswerJson<'a>>,
    /// What belongs beside the ticked boxes.
    explanation: Option<&'a str>,
    copy: Option<String>,
    /// The box that says that it is not known yet, where the form has one.
    not_known_box: Option<&'a str>,
    max_chars: Option<usize>,
    /// Whether `max_chars` is the form's own limit; else our cautious proposal.
    max_chars_known: Option<bool>,
    /// How many characters too many.
    too_long: Option<usize>,
    note: Option<Pair<'a>>,
    mark: &'static str,
    check: bool,
    facts: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum AnswerJson<'a> {
    Boxes(&'a [&'a str]),
    Text(&'a str),
}

#[derive(Serialize)]
struct MissingJson<'a> {
    no: &'a str,
    id: &'a str,
    question: &'a str,
    part: Option<&'a str>,
}

#[derive(Serialize)]
struct ChangeJson {
    id: String,
    field: String,
    question: String,
    before: Option<String>,
    now: Option<String>,
}

impl<'a> From<&'a Text> for Pair<'a> {
    fn from(text: &'a Text) -> Self {
        Self { nl: &text.nl, en: &text.en }
    }
}

impl From<Change> for ChangeJson {
    fn from(change: Change) -> Self {
        let Change { key, field, question, before, now } = change;
        Self { id: key, field, question: question.nl.into_owned(), before, now }
    }
}

impl Dossier<'_> {
    /// The dossier as JSON, indented, in the form's order.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let zone = self.made_at.time_zone();
        let completeness = self.completeness();
        serde_json::to_string_pretty(&DossierJson {
            form: &self.form.id,
            form_edition: (&self.form.edition).into(),
            form_status: (&self.form.status).into(),
            form_credit: self.form.credit.as_ref().map(Pair::from),
            form_address: &self.form.address,
            purpose: self.purpose.key(),
            earlier_number: self.earlier_number.as_deref(),
            case: CaseJson { number: self.number, title: &self.title },
            organisation: &self.organisation,
            made_at: self.made_at.to_string(),
            report_before: self.report_before.map(|(at, provisional)| Before {
                at: at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
                provisional,
                words: moment(at, zone, Language::Dutch),
            }),
            outcome: self.outcome.map(Outcome::key),
            completeness: CompletenessJson {
                recorded: completeness.recorded,
                derived: completeness.derived,
                missing: completeness.missing,
                optional_open: completeness.optional_open,
            },
            filable: self.is_filable(),
            fields: self.fields.iter().map(field).collect(),
            missing: self
                .missing()
                .map(|field| MissingJson {
                    no: &field.question.number,
                    id: &field.question.key,
                    question: &field.question.text.nl,
                    part: field.question.part.as_ref().map(|part| part.nl.as_ref()),
                })
                .collect(),
            changes: self.changes().map(|changes| changes.into_iter().map(ChangeJson::from).collect()),
        })
    }
}

fn field<'a>(field: &'a Field<'_>) -> FieldJson<'a> {
    let question = field.question;
    let has_boxes = question.kind.has_boxes();
    let content = field.content();
    let text = content.and_then(|content| content.text.as_deref());
    let answer = content.map(|content| match has_boxes {
        true => AnswerJson::Boxes(&content.ticks),
        false => AnswerJson::Text(text.unwrap_or_default()),
    });
    FieldJson {
        no: &question.number,
        id: &question.key,
        asks: question.asks.key(),
        section: &field.section.number,
        question: &question.text.nl,
        question_en: &question.text.en,
        part: question.part.as_ref().map(Pair::from),
        kind: question.kind.key(),
        options: question.boxes.iter().map(|tickbox| tickbox.nl.as_str()).collect(),
        optional: question.is_optional,
        needed: question.is_needed,
        status: field.state(),
        answer,
        explanation: text.filter(|_| has_boxes),
        copy: field.copy_text(),
        not_known_box: field.unknown.map(|tickbox| tickbox.nl.as_str()),
        max_chars: question.limit.map(|limit| limit.chars),
        max_chars_known: question.limit.map(|limit| limit.is_known),
        too_long: field.too_long(),
        note: field.note.as_ref().map(Pair::from),
        mark: question.mark.key(),
        check: field.needs_check(),
        facts: field.facts.iter().map(|fact| fact.key()).collect(),
    }
}
