//! The dossier for the AP: every field of its form in its own order, filled from the case, with what is missing marked.
//!
//! Promises: a field is *recorded* (the case or the profile says so), *derived* (a proposal that a person must check) or
//! *missing*; the order and the boxes are the form's. A person types it over: the AP takes its own web form only.
//! Deliberately not here: deciding whether to report, and recording that it was done.

mod ap_2022_08;
mod fill;
pub mod form;
mod json;
mod page;
mod vocabulary;

use jiff::{Timestamp, Zoned};

use facts::{Fact, Text};
use law::verdict::{Duty, Outcome};

use crate::{Case, FieldState};
use form::{Asks, Form, Kind, Mark, Question, Section};

pub use ap_2022_08::AP_2022_08;

/// The kind under which the case file records this document.
pub const KIND: &str = "ap_dossier";

/// What the case can say for one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is on file, or in the organisation's profile.
    Recorded(Content),
    /// Inferred from what is on file: a person checks it before it is sent.
    Derived(Content),
    Missing,
}

/// The content of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Boxes to tick, in the form's own words and order; none for a question without boxes.
    pub ticks: Vec<&'static str>,
    /// What to type: the answer, or what belongs beside the ticked boxes.
    pub text: Option<String>,
}

/// One field of the dossier.
#[derive(Clone, Debug)]
pub struct Field {
    pub section: &'static Section,
    pub question: &'static Question,
    pub answer: Answer,
    /// What the person who fills in the form should know or do here.
    pub note: Option<Text>,
    /// The facts that fill it, for a link to where they are asked.
    pub facts: &'static [Fact],
}

/// The dossier of one case.
#[derive(Clone, Debug)]
pub struct Dossier {
    pub form: &'static Form,
    pub number: u64,
    pub title: String,
    pub organisation: String,
    pub made_at: Zoned,
    /// When the report must be in at the latest (awareness + 72 elapsed hours), and whether that runs provisionally from
    /// the first signal because nobody has set awareness yet.
    pub report_before: Option<(Timestamp, bool)>,
    /// What the assessment says about notifying the authority.
    pub outcome: Option<Outcome>,
    pub fields: Vec<Field>,
}

/// Fills the form from a case.
#[must_use]
pub fn dossier(case: &Case<'_>) -> Dossier {
    let form = &AP_2022_08;
    let mut fields = Vec::new();
    for section in form.sections {
        for question in section.questions {
            // Some questions are asked only in some cases (why late, how the persons were told).
            if let Some(filled) = fill::fill(case, form, question) {
                let facts = fill::facts(question.asks);
                fields.push(Field { section, question, answer: filled.answer, note: filled.note, facts });
            }
        }
    }
    let mut dossier = Dossier {
        form,
        number: case.incident.number,
        title: case.incident.title.clone(),
        organisation: case.organisation.name.clone(),
        made_at: case.made_at.clone(),
        report_before: case.report_before(form.late_after_hours),
        outcome: case.outcome(Duty::NotifyAuthority),
        fields,
    };
    dossier.say_whether_complete();
    dossier
}

impl Dossier {
    /// What must still be filled in, in the form's order.
    pub fn missing(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.is_missing())
    }

    /// The form's last question follows from all the others.
    fn say_whether_complete(&mut self) {
        let misses = self.missing().any(|field| field.question.asks != Asks::IsComplete);
        let tick = if misses { ap_2022_08::MORE_FOLLOWS } else { ap_2022_08::COMPLETE };
        if let Some(field) = self.fields.iter_mut().find(|field| field.question.asks == Asks::IsComplete) {
            field.answer = Answer::Derived(Content { ticks: vec![tick], text: None });
        }
    }
}

impl Field {
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
    pub fn content(&self) -> Option<&Content> {
        match &self.answer {
            Answer::Recorded(content) | Answer::Derived(content) => Some(content),
            Answer::Missing => None,
        }
    }

    /// Whether the question itself must be checked in the form: its wording is not verified, or it stands in the part that
    /// may have changed.
    #[must_use]
    pub fn needs_check(&self) -> bool {
        self.question.mark == Mark::Unverified || self.section.number == "10"
    }

    /// The number with the part: `3.2.1 naam`.
    #[must_use]
    pub fn label(&self) -> String {
        match self.question.part {
            Some(part) => format!("{} {}", self.question.number, part.nl),
            None => self.question.number.to_owned(),
        }
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
