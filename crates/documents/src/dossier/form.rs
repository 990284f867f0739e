//! The shape of an authority's form as data: which questions, in which order, with which boxes, and how sure we are of them.
//! What each edition says stands in its own file under `forms/`; how that is read and checked, in `read`.

use facts::{Fact, Text};

pub use super::asks::Asks;
use super::purpose::Purpose;

/// One edition of a form.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// The stable name of this edition: `ap-2022-08`.
    pub id: String,
    /// Under which kind the case file records a dossier made from it.
    pub document_kind: String,
    pub title: Text,
    /// The title of a dossier made from it.
    pub heading: Text,
    pub edition: Text,
    /// What is known of its standing: whether it is in use, and what was not seen.
    pub status: Text,
    /// How to use a dossier made from it.
    pub instruction: Text,
    /// Whose work the field list follows.
    pub credit: Option<Text>,
    /// The authority that takes it, as a verdict names it; absent for a template of several.
    pub authority: Option<String>,
    /// Where the form itself is.
    pub address: String,
    /// After how many hours the form asks why the report is late.
    pub late_after_hours: i64,
    /// Whether its questions are printed in English beside the Dutch: the form's own words are English.
    pub is_bilingual: bool,
    pub sections: Vec<Section>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    pub number: String,
    pub title: Text,
    /// Whether the whole section may have changed and must be checked in the form.
    pub needs_check: bool,
    pub shown: Vec<Condition>,
    pub questions: Vec<Question>,
}

/// One thing that the form asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The form's own number; several parts of one question share it.
    pub number: String,
    /// The stable name of its answer within the form; the source's own unless the file says otherwise.
    pub key: String,
    pub text: Text,
    pub part: Option<Text>,
    pub kind: Kind,
    /// The form's boxes, in its own words and order; empty where it has none or we do not know them.
    pub boxes: Vec<Tickbox>,
    pub mark: Mark,
    pub is_optional: bool,
    /// Whether even a first, incomplete report must have it (AVG art. 33(4) lets the rest follow).
    pub is_needed: bool,
    pub limit: Option<Limit>,
    /// All of them must hold for the form to ask it.
    pub shown: Vec<Condition>,
    pub asks: Asks,
    /// What somebody who fills in this form should know here.
    pub note: Option<Text>,
    /// The note stands there only while the answer is missing.
    pub is_note_for_gap: bool,
}

/// One box, with the words of ours that it stands for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tickbox {
    pub nl: String,
    pub en: String,
    /// The box says the same.
    pub exact: Vec<String>,
    /// The box says something near, or more: a person checks.
    pub near: Vec<String>,
    /// The box is the form's *other*: the word is named in the text beside it.
    pub other: Vec<String>,
    /// The box says that the answer is not known yet.
    pub is_unknown: bool,
    /// All of them must hold for the form to offer it.
    pub shown: Vec<Condition>,
}

/// How long an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub chars: usize,
    /// The form's own limit; else a cautious proposal of ours, because the form's is not known.
    pub is_known: bool,
}

/// When a form asks a question or offers a box. Two-valued: what is unknown *is* none of the words, so a question that
/// hangs on it is not asked yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    Purpose(Vec<Purpose>),
    /// The report comes after the form's hours.
    Late,
    /// Something that is not optional is still missing.
    Incomplete,
    Fact {
        fact: Fact,
        words: Vec<String>,
        is_negated: bool,
    },
    Known {
        fact: Fact,
        is_known: bool,
    },
    Source {
        asks: Asks,
        words: Vec<String>,
        is_negated: bool,
    },
}

/// What the form takes as an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of the boxes.
    One,
    /// Any of the boxes.
    Many,
    /// Yes or no.
    YesNo,
    Text,
    Moment,
    Whole,
    Attachments,
}

/// How sure we are that the form has this question, in these words and under this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// From sources that follow the published form.
    Sourced,
    /// From knowledge, not seen: check it in the form.
    Unverified,
}

impl Form {
    /// Every question with its section, in the form's order.
    pub fn questions(&self) -> impl Iterator<Item = (&Section, &Question)> {
        self.sections.iter().flat_map(|section| section.questions.iter().map(move |question| (section, question)))
    }
}

impl Kind {
    pub const ALL: [Self; 7] =
        [Self::One, Self::Many, Self::YesNo, Self::Text, Self::Moment, Self::Whole, Self::Attachments];

    /// The public name, as in form files and JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Many => "many",
            Self::YesNo => "yes_no",
            Self::Text => "text",
            Self::Moment => "moment",
            Self::Whole => "whole",
            Self::Attachments => "attachments",
        }
    }

    /// The kind of a public name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Whether it is answered by ticking.
    #[must_use]
    pub fn has_boxes(self) -> bool {
        matches!(self, Self::One | Self::Many | Self::YesNo)
    }
}

impl Mark {
    /// The public name, as in form files and JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Sourced => "sourced",
            Self::Unverified => "unverified",
        }
    }
}
