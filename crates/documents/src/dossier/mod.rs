//! The dossier for a supervisory authority: every field of its form in its own order, filled from the case, with what is
//! missing marked; for a first report, for a supplement, and for taking one back.
//!
//! Promises: a field is *recorded* (the case or the profile says so), *derived* (a proposal that a person must check) or
//! *missing*; the order and the boxes are the form's, and the form is data (`forms/*.toml`, see `docs/forms.md`). Nothing is
//! cut to a length: what is too long says so. A person types it over: the AP takes its own web form only.
//! Deliberately not here: deciding whether to report, and recording that it was done.

pub mod asks;
mod change;
mod fill;
pub mod form;
mod forms;
mod json;
mod page;
mod purpose;
mod read;
mod shape;

use std::collections::BTreeMap;

use jiff::{Timestamp, Zoned};

use facts::{Fact, Text};
use law::verdict::{Duty, Outcome};

use crate::{Case, FieldState};
use asks::Asks;
use fill::Request;
use form::{Form, Kind, Mark, Question, Section, Tickbox};

pub use change::Change;
pub use forms::{AP, EDPB, form, forms};
pub use purpose::Purpose;
pub use read::InvalidForm;

/// The kind under which the case file records a dossier on the AP's form.
pub const KIND: &str = "ap_dossier";
/// The kind under which it records one on the EDPB's template.
pub const KIND_EDPB: &str = "edpb_dossier";

/// What the case can say for one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<'f> {
    /// It is on file, or in the organisation's profile.
    Recorded(Content<'f>),
    /// Inferred from what is on file: a person checks it before it is sent.
    Derived(Content<'f>),
    Missing,
}

/// The content of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content<'f> {
    /// Boxes to tick, in the form's own words and order; none for a question without boxes.
    pub ticks: Vec<&'f str>,
    /// What to type: the answer, or what belongs beside the ticked boxes.
    pub text: Option<String>,
}

/// One field of the dossier.
#[derive(Clone, Debug)]
pub struct Field<'f> {
    pub section: &'f Section,
    pub question: &'f Question,
    pub answer: Answer<'f>,
    /// What the person who fills in the form should know or do here.
    pub note: Option<Text>,
    /// The facts that fill it, for a link to where they are asked.
    pub facts: &'static [Fact],
    /// The box that says that it is not known yet: what a first report may tick while the answer is missing.
    pub unknown: Option<&'f Tickbox>,
}

/// The dossier of one case on one form.
#[derive(Clone, Debug)]
pub struct Dossier<'f> {
    pub form: &'f Form,
    pub purpose: Purpose,
    pub number: u64,
    pub title: String,
    pub organisation: String,
    pub made_at: Zoned,
    /// When the report must be in at the latest (awareness + the form's elapsed hours), and whether that runs provisionally
    /// because nobody has set awareness yet. Absent while no clock runs.
    pub report_before: Option<(Timestamp, bool)>,
    /// What the assessment says about notifying the authority.
    pub outcome: Option<Outcome>,
    /// The authority's number of the report that this one follows.
    pub earlier_number: Option<String>,
    /// The answers of the last report on this form, as they were told; in a supplement, where they were kept.
    pub earlier: Option<BTreeMap<String, String>>,
    pub fields: Vec<Field<'f>>,
}

/// How far a dossier is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    pub recorded: usize,
    /// Proposals, still to be checked.
    pub derived: usize,
    /// To be filled in.
    pub missing: usize,
    /// Empty, and may stay so.
    pub optional_open: usize,
}

/// Fills a form from a case.
#[must_use]
pub fn dossier_for<'f>(case: &Case<'_>, form: &'f Form, purpose: Purpose) -> Dossier<'f> {
    let (mut fields, is_incomplete) = filled(case, form, purpose, true);
    // Some questions, and what is said at the end, hang on whether anything is missing.
    if !is_incomplete {
        (fields, _) = filled(case, form, purpose, false);
    }
    let standing = case.incident.authority_notified.as_ref();
    Dossier {
        form,
        purpose,
        number: case.incident.number,
        title: case.incident.title.clone(),
        organisation: case.organisation.name.clone(),
        made_at: case.made_at.clone(),
        report_before: case.report_before(form.late_after_hours),
        outcome: case.outcome(Duty::NotifyAuthority),
        earlier_number: standing.filter(|_| purpose != Purpose::First).map(|(_, receipt)| receipt.clone()),
        earlier: case.earlier_answers(&form.id).filter(|_| purpose == Purpose::Supplement).cloned(),
        fields,
    }
}

/// The fields that the form asks, and whether one of them misses its answer.
fn filled<'f>(case: &Case<'_>, form: &'f Form, purpose: Purpose, is_incomplete: bool) -> (Vec<Field<'f>>, bool) {
    let request = Request { case, purpose, late_after_hours: form.late_after_hours, is_incomplete };
    let fields: Vec<_> = form
        .questions()
        .filter(|(section, question)| {
            shape::is_shown(request, &section.shown) && shape::is_shown(request, &question.shown)
        })
        .map(|(section, question)| {
            let shape::Shaped { answer, note, unknown } = shape::shape(request, question);
            Field { section, question, answer, note, facts: question.asks.facts(), unknown }
        })
        .collect();
    let misses = fields.iter().any(Field::is_missing);
    (fields, misses)
}

impl<'f> Dossier<'f> {
    /// What must still be filled in, in the form's order.
    pub fn missing(&self) -> impl Iterator<Item = &Field<'f>> {
        self.fields.iter().filter(|field| field.is_missing())
    }

    /// What even a first, incomplete report must have and has not: who reports, what happened, when it became known, and what
    /// kind of breach it is. Everything else may follow (AVG art. 33(4)). An answer too long for a limit that the form is known
    /// to have stands in the way as well.
    pub fn blocking(&self) -> impl Iterator<Item = &Field<'f>> {
        self.fields.iter().filter(|field| {
            (field.question.is_needed && field.answer == Answer::Missing)
                || (field.too_long().is_some() && field.question.limit.is_some_and(|limit| limit.is_known))
        })
    }

    /// Whether it can be filed as it stands, if need be as an incomplete first report.
    #[must_use]
    pub fn is_filable(&self) -> bool {
        self.blocking().next().is_none()
    }

    /// How many fields are answered, proposed and open.
    #[must_use]
    pub fn completeness(&self) -> Completeness {
        let mut completeness = Completeness::default();
        for field in &self.fields {
            let counter = match (field.state(), field.question.is_optional) {
                (FieldState::Recorded, _) => &mut completeness.recorded,
                (FieldState::Derived, _) => &mut completeness.derived,
                (FieldState::Missing, false) => &mut completeness.missing,
                (FieldState::Missing, true) => &mut completeness.optional_open,
            };
            *counter += 1;
        }
        completeness
    }

    /// The field of a key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&Field<'f>> {
        self.fields.iter().find(|field| field.question.key == key)
    }

    /// The field of a source.
    #[must_use]
    pub fn asked(&self, asks: Asks) -> Option<&Field<'f>> {
        self.fields.iter().find(|field| field.question.asks == asks)
    }
}

impl Question {
    /// The number with the part: `3.2.1 naam`.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.part {
            Some(part) => format!("{} {}", self.number, part.nl),
            None => self.number.clone(),
        }
    }
}

impl Field<'_> {
    /// Whether it must be filled in and is not.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.answer == Answer::Missing && !self.question.is_optional
    }

    #[must_use]
    pub fn state(&self) -> FieldState {
        match self.answer {
            Answer::Recorded(_) => FieldState::Recorded,
            Answer::Derived(_) => FieldState::Derived,
            Answer::Missing => FieldState::Missing,
        }
    }

    #[must_use]
    pub fn content(&self) -> Option<&Content<'_>> {
        match &self.answer {
            Answer::Recorded(content) | Answer::Derived(content) => Some(content),
            Answer::Missing => None,
        }
    }

    /// How many characters too many its text has, by the form's limit or by our proposal for one. Nothing is cut.
    #[must_use]
    pub fn too_long(&self) -> Option<usize> {
        let limit = self.question.limit?;
        let text = self.content()?.text.as_deref()?;
        text.chars().count().checked_sub(limit.chars).filter(|over| *over > 0)
    }

    /// Whether the question itself must be checked in the form: its wording is not verified, or it stands in a part that may
    /// have changed.
    #[must_use]
    pub fn needs_check(&self) -> bool {
        self.question.mark == Mark::Unverified || self.section.needs_check
    }

    /// The number with the part: `3.2.1 naam`.
    #[must_use]
    pub fn label(&self) -> String {
        self.question.label()
    }

    /// The answer as plain text to copy into the form; nothing where it is missing.
    #[must_use]
    pub fn copy_text(&self) -> Option<String> {
        let content = self.content()?;
        let mut lines: Vec<&str> = content.ticks.clone();
        lines.extend(content.text.as_deref());
        if lines.is_empty() && matches!(self.question.kind, Kind::Many) {
            return Some("Niets aankruisen".into());
        }
        Some(lines.join("\n"))
    }
}
