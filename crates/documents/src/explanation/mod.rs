//! The verdict in words: one place for what pages, the terminal and paper say of it.
//!
//! A sentence for a director, reasons for an officer, rule and article for a lawyer, what would change it, what is still
//! asked, and what changed. Promises: both languages, always; an outcome that the facts do not settle is never named as
//! such: it reads as what to do about it. Deliberately not here: layout, and any judgement (crate `law`).

mod change;
mod director;
mod lawyer;
mod officer;
mod open;

pub use change::{change_sentence, proposal_sentence, turned_sentence};
pub use director::director_sentence;
pub use lawyer::{LawyerLine, lawyer_lines, mark_in_words};
pub use officer::{
    DutyReasons, FactWords, ReasonWords, duty_answer, is_of_another_regime, known_facts, officer_reasons,
};
pub use open::{Question, WhatIf, open_questions, what_ifs};

use facts::{Fact, Text, Value};
use law::verdict::{Duty, Verdict};

pub use crate::fact_words::answer;

/// A duty as it stands in a sentence: `melden bij de AP`.
#[must_use]
pub fn duty_in_words(duty: Duty) -> Text {
    match duty {
        Duty::Document => Text::new("vastleggen in het register", "recording it in the register"),
        Duty::NotifyAuthority => Text::new("melden bij de AP", "notifying the AP"),
        Duty::InformSubjects => Text::new("de mensen inlichten", "informing the people"),
        Duty::NotifyControllers => Text::new("uw opdrachtgevers waarschuwen", "warning your clients"),
        Duty::NotifyCsirt => Text::new("melden bij het CSIRT", "notifying the CSIRT"),
    }
}

/// The value of a fact that carries some reason of the verdict.
pub(crate) fn carried_by(verdict: &Verdict, fact: Fact) -> Option<&Value> {
    verdict.reasons.iter().flat_map(|reason| &reason.because).find(|(known, _)| *known == fact).map(|(_, value)| value)
}

/// Whether this fact, being so, carries the outcome of this duty.
pub(crate) fn rests_on(verdict: &Verdict, duty: Duty, fact: Fact) -> bool {
    let of_duty = verdict.reasons.iter().filter(|reason| reason.duty == duty);
    of_duty.flat_map(|reason| &reason.because).any(|(known, value)| *known == fact && *value != Value::Truth(false))
}
