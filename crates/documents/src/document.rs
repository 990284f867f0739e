//! The document tree: what stands where, without a word about how it looks.

use serde::Serialize;

use facts::Language;

/// A document, ready to be set, read aloud or copied as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Document {
    pub look: Look,
    pub title: String,
    /// The line under the title; empty where there is none.
    pub subtitle: String,
    /// A BCP 47 tag: `nl`, `en`.
    #[serde(serialize_with = "tag")]
    pub language: Language,
    /// The organisation in whose name it speaks.
    pub author: String,
    /// The case it belongs to, as people call it: `Incident 7`.
    pub reference: String,
    /// What stands on every page as long as it is not finished: `Concept`; empty for what can be sent.
    pub draft: String,
    pub blocks: Vec<Block>,
}

/// In whose style a document speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// A working paper of Dijkwacht, with its mark.
    Paper,
    /// A letter of the organisation's own, without any mark of ours.
    Letter,
    /// A table of much: a working paper on its side.
    Sheet,
}

/// A part of a document, top to bottom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// `level` counts from 1 and never skips one.
    Heading {
        level: u8,
        text: String,
    },
    Paragraph {
        line: Line,
    },
    /// Lines that belong together: an address, a signature.
    Lines {
        lines: Vec<Line>,
    },
    /// Names with values.
    Pairs {
        pairs: Vec<(String, Line)>,
    },
    List {
        items: Vec<Line>,
    },
    Notice {
        tone: Tone,
        title: String,
        lines: Vec<Line>,
    },
    Field(FieldBlock),
    /// What follows starts on a new page.
    PageBreak,
}

/// One field of a form: the question, and what to fill in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldBlock {
    pub number: String,
    pub question: String,
    /// The question in the form's own language, where that is another; empty where it is not.
    pub gloss: String,
    /// Which part of the question, where it has several.
    pub part: String,
    pub state: FieldState,
    /// Whether it may stay empty.
    pub is_optional: bool,
    /// The state in words, for the reader.
    pub state_label: String,
    /// The boxes to tick, by their own labels.
    pub ticks: Vec<String>,
    /// What to type, or the explanation beside the ticks; empty where there is none.
    pub text: String,
    pub notes: Vec<String>,
}

/// Where a field's answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldState {
    Recorded,
    Derived,
    Missing,
}

/// What a notice is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// What the program thinks or explains.
    Advice,
    /// What a person still has to do.
    Todo,
}

/// Running text, with what is missing marked as such.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Line {
    pub runs: Vec<Run>,
}

/// A stretch of text of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "run", content = "text", rename_all = "snake_case")]
pub enum Run {
    Plain(String),
    Strong(String),
    /// Still to be filled in; the text says what, brackets and all.
    Missing(String),
}

impl Line {
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { runs: vec![Run::Plain(text.into())] }
    }

    #[must_use]
    pub fn then(mut self, run: Run) -> Self {
        self.runs.push(run);
        self
    }

    /// The text alone.
    #[must_use]
    pub fn text(&self) -> String {
        self.runs.iter().map(Run::text).collect()
    }
}

impl Run {
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Strong(text) | Self::Missing(text) => text,
        }
    }
}

fn tag<S: serde::Serializer>(language: &Language, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(language.tag())
}
