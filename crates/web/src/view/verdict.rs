//! The verdict in words: the sentence for a director (`documents::explanation`), and each duty's answer with what to do.
//!
//! An outcome that the facts do not settle is never shown as such: the page says what to do about it.

use documents::explanation::{director_sentence, duty_answer, is_of_another_regime};
use facts::{Fact, Text, Value};
use law::verdict::{Duty, Form, LawStatus, Outcome, Verdict};

use crate::view::time::When;
use crate::words::Words;

/// One duty, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DutyView {
    pub(crate) duty: Duty,
    pub(crate) name: String,
    pub(crate) outcome: String,
    pub(crate) tone: &'static str,
    pub(crate) basis: String,
    /// What goes with the answer: by when, how, or what to do while it is open.
    pub(crate) more: String,
}

/// The whole verdict in a few short sentences. `until`: the moment before which the authority is told.
pub(crate) fn sentence(verdict: &Verdict, until: Option<&When>, w: Words) -> String {
    // The moment is in the reader's language already; only that language is taken out again.
    let until = until.map(|when| Text::made(when.words.clone(), when.words.clone()));
    director_sentence(verdict, until.as_ref()).in_language(w.0).to_owned()
}

/// The duties that are worth a line: those in play, and the three that every incident is asked about.
pub(crate) fn duties(verdict: &Verdict, until: Option<&When>, w: Words) -> Vec<DutyView> {
    Duty::ALL
        .into_iter()
        .filter(|duty| {
            !matches!(duty, Duty::NotifyControllers | Duty::NotifyCsirt)
                || verdict.duty(*duty).outcome != Outcome::NotRequired
        })
        .map(|duty| view(verdict, duty, until, w))
        .collect()
}

fn view(verdict: &Verdict, duty: Duty, until: Option<&When>, w: Words) -> DutyView {
    let answer = verdict.duty(duty);
    let until = until.map(|when| when.words.as_str());
    let is_in_force = verdict.law.status == LawStatus::InForce;
    let more = match (duty, answer.outcome, until) {
        // Under a law of the past nobody does anything any more.
        _ if !is_in_force => String::new(),
        (Duty::NotifyAuthority, Outcome::Required, Some(until)) => w.duty_until(until),
        (Duty::NotifyAuthority, Outcome::Undetermined, Some(until)) => w.duty_precaution_until(until),
        (Duty::InformSubjects, Outcome::Required, _) => match verdict.form {
            Some(Form::Public) => w.duty_inform_public().to_owned(),
            Some(Form::Direct) | None => w.duty_inform_direct().to_owned(),
        },
        // Nobody need be told under UAVG art. 42, and yet the duty of care may ask it.
        (Duty::InformSubjects, Outcome::NotRequired, _) if is_financial(verdict) => {
            duty_answer(verdict, duty).in_language(w.0).to_owned()
        }
        (Duty::InformSubjects | Duty::NotifyControllers | Duty::NotifyCsirt, Outcome::Undetermined, _) => {
            w.duty_open_facts().to_owned()
        }
        _ => String::new(),
    };
    DutyView {
        duty,
        name: duty.name().in_language(w.0).to_owned(),
        outcome: if is_in_force && !is_of_another_regime(verdict, duty) {
            documents::timeline::outcome(duty, answer.outcome).in_language(w.0).to_owned()
        } else {
            duty_answer(verdict, duty).in_language(w.0).to_owned()
        },
        tone: match answer.outcome {
            Outcome::Required => "water",
            Outcome::NotRequired => "",
            Outcome::Undetermined => "amber",
        },
        basis: answer.basis.join(", "),
        more,
    }
}

/// Whether informing the persons is excepted because the organisation is a financial undertaking.
fn is_financial(verdict: &Verdict) -> bool {
    let of_duty = verdict.reasons.iter().filter(|reason| reason.duty == Duty::InformSubjects);
    of_duty.flat_map(|reason| &reason.because).any(|known| *known == (Fact::FinancialUndertaking, Value::Truth(true)))
}
