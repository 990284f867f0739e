//! The interview (vraaggesprek): which question comes next, in what words, and when no question matters any more.
//!
//! Two roads. [`Road::Whole`] asks the facts that can still turn an outcome, the most telling first, exceptions last and
//! in one answer; it ends when a verdict has nothing missing. [`Road::Emergency`] is a fixed list of at most twelve
//! answers that make a first report to the authority (AVG art. 33(4): what is not known yet follows later); it ends
//! early where nothing is to be reported, or nobody reports any more. *Don't know yet* is an answer on both: such a fact
//! is passed over, and named at the end if outcomes hang on it. Every answer can be asked again: the next question
//! depends on what is known, not on the order in which it came.
//!
//! Promises: on the whole road no fact is asked that could not turn an outcome at that moment; the same knowledge gives the
//! same question. Deliberately not here: the answers' recording (crate `incident`), the screen and the terminal, the clock.

mod aids;
mod bands;
mod implied;
mod item;
mod questions;
mod road;

use std::collections::BTreeSet;

use facts::{Fact, Facts};

use crate::verdict::{Duty, LawStatus, Outcome, Verdict};

pub use aids::aids;
pub use bands::{Band, bands};
pub use implied::implied;
pub use item::{EXCEPTIONS, Field, Item, Together, denied};
pub use questions::{InvalidQuestions, QuestionFlaw, QuestionProblem, Questions, Wording, question, wording};
pub use road::{EMERGENCY, Stop};

/// Which questions are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Road {
    /// All that can still turn an outcome.
    Whole,
    /// What a first report needs, in at most twelve answers.
    Emergency,
}

/// An interview as it stands: what is known, what nobody knows yet, and the verdict on it.
#[derive(Clone, Copy, Debug)]
pub struct Interview<'a> {
    pub road: Road,
    /// The verdict on these very facts.
    pub verdict: &'a Verdict,
    pub facts: &'a Facts,
    /// Asked, and nobody knows yet: not asked again by itself.
    pub not_known_yet: &'a BTreeSet<Fact>,
    /// Fields of the case that hold something, or that are not to be asked here.
    pub settled: &'a BTreeSet<Field>,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Ask(Ask),
    Done(Done),
}

/// A question to ask now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub item: Item,
    /// The duties whose outcome the answer can still turn; empty for what only the report needs.
    pub can_turn: Vec<Duty>,
    /// Questions that have an answer, *don't know yet* included.
    pub answered: usize,
    /// Questions that can still come, this one included. Answers make it smaller; an established exception may add some.
    pub at_most_left: usize,
}

/// Nothing is left to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Facts that nobody knows yet and on which outcomes still hang, the most telling first; empty when all is settled.
    pub hangs_on: Vec<Fact>,
    /// Questions that have an answer, *don't know yet* included.
    pub answered: usize,
}

/// The duties that the answer to a question can turn: while it is open, what it can still settle; once answered, what
/// another answer would turn.
#[must_use]
pub fn can_turn(verdict: &Verdict, item: &Item) -> Vec<Duty> {
    let is_missing = |missing: &[Fact]| item.facts().iter().any(|fact| missing.contains(fact));
    let decides = |duty: &Duty| {
        let of_item = verdict.decisive.iter().filter(|decisive| item.facts().contains(&decisive.fact));
        of_item.flat_map(|decisive| &decisive.then).any(|(turned, _)| turned == duty)
    };
    let turning = verdict.missing_for.iter().filter(|(duty, missing)| is_missing(missing) || decides(duty));
    turning.map(|(duty, _)| *duty).collect()
}

impl Interview<'_> {
    /// The next question, or that there is none.
    #[must_use]
    pub fn step(&self) -> Step {
        let answered = self.answered().len();
        let open = self.open();
        match open.first() {
            Some(item) => Step::Ask(Ask {
                item: item.clone(),
                can_turn: can_turn(self.verdict, item),
                answered,
                at_most_left: open.len(),
            }),
            None => Step::Done(Done { hangs_on: self.hangs_on(), answered }),
        }
    }

    /// Every question that may still be asked, the next one first. On the whole road each later one only if the answers
    /// before it leave it mattering.
    #[must_use]
    pub fn open(&self) -> Vec<Item> {
        match self.road {
            Road::Whole => self.still_telling(),
            // Under a law that is history nobody reports any more.
            Road::Emergency if self.verdict.law.status == LawStatus::Historical => Vec::new(),
            // Nothing is to be reported to the authority; what else is to be done, the verdict says.
            Road::Emergency if self.verdict.notify_authority.outcome == Outcome::NotRequired => Vec::new(),
            Road::Emergency => {
                EMERGENCY.iter().map(|stop| &stop.item).filter(|item| !self.is_answered(item)).cloned().collect()
            }
        }
    }

    /// The questions that have an answer, *don't know yet* included: each can be asked again. In the road's order; on the
    /// whole road in the vocabulary's. (In which order they were asked, the case's journal tells.)
    #[must_use]
    pub fn answered(&self) -> Vec<Item> {
        match self.road {
            Road::Whole => {
                let aware = [Field::AwareAt].into_iter().filter(|field| self.settled.contains(field)).map(Item::Field);
                let facts = Fact::ALL.iter().copied().filter(|fact| self.has_answer(*fact)).map(Item::of);
                let mut items: Vec<Item> = aware.chain(facts).collect();
                items.dedup();
                items
            }
            Road::Emergency => {
                EMERGENCY.iter().map(|stop| &stop.item).filter(|item| self.is_answered(item)).cloned().collect()
            }
        }
    }

    /// The facts that nobody knows yet and on which an outcome still hangs.
    #[must_use]
    pub fn hangs_on(&self) -> Vec<Fact> {
        self.verdict.missing.iter().copied().filter(|fact| self.not_known_yet.contains(fact)).collect()
    }

    /// What is missing and not passed over: single facts as ranked, the exceptions last and together. The moment of
    /// awareness comes first: it picks the law that judges.
    fn still_telling(&self) -> Vec<Item> {
        let mut items = Vec::new();
        if !self.settled.contains(&Field::AwareAt) {
            items.push(Item::Field(Field::AwareAt));
        }
        let mut exceptions = Vec::new();
        for fact in self.verdict.missing.iter().copied().filter(|fact| !self.not_known_yet.contains(fact)) {
            if EXCEPTIONS.contains(&fact) {
                exceptions.push(fact);
            } else if !items.contains(&Item::of(fact)) {
                items.push(Item::of(fact));
            }
        }
        match exceptions.as_slice() {
            [] => {}
            [one] => items.push(Item::Fact(*one)),
            _ => items.push(Item::Exceptions(exceptions)),
        }
        items
    }

    fn has_answer(&self, fact: Fact) -> bool {
        self.facts.is_known(fact) || self.not_known_yet.contains(&fact)
    }

    fn is_answered(&self, item: &Item) -> bool {
        match item {
            Item::Field(field) => self.settled.contains(field),
            // Of a number of persons one bound is an answer: "a thousand or more" has no highest.
            Item::Together(Together::Persons) => item.facts().iter().any(|fact| self.has_answer(*fact)),
            item => item.facts().iter().all(|fact| self.has_answer(*fact)),
        }
    }
}
