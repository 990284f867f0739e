//! What would turn the verdict: facts that are known and could be otherwise, and facts that are not known.

use facts::{Fact, Text, Value};
use law::verdict::{Duty, Outcome, Verdict};

use super::{answer, duty_in_words};
use crate::fact_words::listed;

/// A known fact of which another answer would turn the verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    pub fact: Fact,
    pub other: Value,
    pub text: Text,
}

/// The what-ifs as sentences, in the verdict's order.
#[must_use]
pub fn what_ifs(verdict: &Verdict) -> Vec<WhatIf> {
    verdict
        .decisive
        .iter()
        .map(|decisive| {
            let question = decisive.fact.question();
            let other = in_the_words_of(verdict, answer(decisive.fact, &decisive.other));
            let then = effects(&decisive.then);
            let text = Text::made(
                format!("{} Was dat ‘{}’, dan {}.", question.nl, other.nl, then.nl),
                format!("{} If that were ‘{}’, then {}.", question.en, other.en, then.en),
            );
            WhatIf { fact: decisive.fact, other: decisive.other.clone(), text }
        })
        .collect()
}

/// A word as the law that judged had it: the Wbp called a processor *bewerker* (art. 1(e)).
fn in_the_words_of(verdict: &Verdict, word: Text) -> Text {
    if verdict.law.id == "wbp" && word.nl == "Verwerker" {
        Text::made("Bewerker".into(), word.en.into_owned())
    } else {
        word
    }
}

/// What would become of the duties, those that go one way together.
fn effects(then: &[(Duty, Outcome)]) -> Text {
    let parts: Vec<Text> = Outcome::ALL
        .into_iter()
        .filter_map(|outcome| {
            let duties: Vec<Text> =
                then.iter().filter(|(_, to)| *to == outcome).map(|(duty, _)| duty_in_words(*duty)).collect();
            (!duties.is_empty()).then(|| effect(outcome, &listed(&duties, ", ")))
        })
        .collect();
    Text::made(
        parts.iter().map(|part| part.nl.as_ref()).collect::<Vec<_>>().join(" en "),
        parts.iter().map(|part| part.en.as_ref()).collect::<Vec<_>>().join(" and "),
    )
}

fn effect(outcome: Outcome, duties: &Text) -> Text {
    match outcome {
        Outcome::Required => {
            Text::made(format!("moest dit wel: {}", duties.nl), format!("this would be required: {}", duties.en))
        }
        Outcome::NotRequired => {
            Text::made(format!("hoefde dit niet: {}", duties.nl), format!("this would not be needed: {}", duties.en))
        }
        Outcome::Undetermined => Text::made(
            format!("waren er eerst meer antwoorden nodig: {}", duties.nl),
            format!("more answers would be needed first: {}", duties.en),
        ),
    }
}

/// A fact that is not known, and what it could still turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub fact: Fact,
    pub question: Text,
    pub could_turn: Vec<Duty>,
    /// What it could still turn, in words.
    pub matters_for: Text,
}

/// What is still asked, the most telling first.
#[must_use]
pub fn open_questions(verdict: &Verdict) -> Vec<Question> {
    verdict
        .missing
        .iter()
        .map(|fact| {
            let could_turn: Vec<Duty> =
                verdict.missing_for.iter().filter(|(_, facts)| facts.contains(fact)).map(|(duty, _)| *duty).collect();
            let duties: Vec<Text> = could_turn.iter().map(|duty| duty_in_words(*duty)).collect();
            Question { fact: *fact, question: fact.question(), could_turn, matters_for: listed(&duties, ", ") }
        })
        .collect()
}
