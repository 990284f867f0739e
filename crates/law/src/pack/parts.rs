//! What a pack holds beside its rules: notes, aids to an answer, and what it says where it does not judge itself.

use facts::{Fact, Text, Value};

use super::Mark;
use crate::verdict::Duty;

/// Whether a pack is law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Law between its dates.
    Law,
    /// Never was law: no date chooses it, only a person by its name.
    Proposal,
}

/// Something to know about a pack as a whole: a flaw of its source, what became of a proposal.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub id: String,
    pub cites: Vec<String>,
    pub mark: Mark,
    pub source: String,
    pub text: Text,
}

/// A question that helps to answer one fact.
#[derive(Clone, Debug, PartialEq)]
pub struct Aid {
    pub id: String,
    pub fact: Fact,
    /// The answer to the fact that one yes settles; absent where it takes more than one.
    pub gives: Option<Value>,
    /// For whom it is meant; absent where for everybody.
    pub whom: Option<Text>,
    pub cites: Vec<String>,
    pub mark: Mark,
    pub source: String,
    pub text: Text,
}

/// What a judging pack says of a duty that it leaves to another pack, while none answers it: silence is no decision.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Left {
    pub(crate) duty: Duty,
    pub(crate) id: String,
    pub(crate) cites: Vec<String>,
    pub(crate) text: Text,
}

/// What a pack that runs beside another says of its duties before its first day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Before {
    pub(crate) id: String,
    pub(crate) cites: Vec<String>,
    pub(crate) text: Text,
}
