//! The verdict in words: one sentence for a director, and each duty's answer with what to do.
//!
//! An outcome that the facts do not settle is never shown as such: the page says what to do about it.

use facts::Truth;
use law::verdict::{Duty, Form, Outcome, Verdict};

use crate::view::time::When;
use crate::words::Words;

/// One duty, as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DutyView {
    pub(crate) duty: Duty,
    pub(crate) name: String,
    pub(crate) outcome: &'static str,
    pub(crate) tone: &'static str,
    pub(crate) basis: String,
    /// What goes with the answer: by when, how, or what to do while it is open.
    pub(crate) more: String,
}

/// The whole verdict in one sentence. `until`: the moment before which the authority is told.
pub(crate) fn sentence(verdict: &Verdict, until: Option<&When>, w: Words) -> String {
    let notify = verdict.notify_authority.outcome;
    let inform = verdict.inform_subjects.outcome;
    let until = until.map(|when| when.words.as_str());
    if verdict.notify_controllers.outcome == Outcome::Required {
        return w.verdict_warn_controllers().to_owned();
    }
    if verdict.breach == Truth::False {
        return w.verdict_no_breach().to_owned();
    }
    let first = match (notify, until) {
        (Outcome::Required, Some(until)) => w.verdict_notify_until(until),
        (Outcome::Required, None) => w.verdict_notify().to_owned(),
        (Outcome::NotRequired, _) => w.verdict_notify_not().to_owned(),
        (Outcome::Undetermined, Some(until)) => w.verdict_precaution_until(until),
        (Outcome::Undetermined, None) => w.verdict_precaution().to_owned(),
    };
    let second = match (notify, inform) {
        (_, Outcome::Required) => w.verdict_inform(),
        (Outcome::Required, Outcome::NotRequired) => w.verdict_inform_not(),
        (Outcome::Required, Outcome::Undetermined) => w.verdict_inform_open(),
        (Outcome::NotRequired | Outcome::Undetermined, _) => "",
    };
    format!("{first} {second}").trim_end().to_owned()
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
    let more = match (duty, answer.outcome, until) {
        (Duty::NotifyAuthority, Outcome::Required, Some(until)) => w.duty_until(until),
        (Duty::NotifyAuthority, Outcome::Undetermined, Some(until)) => w.duty_precaution_until(until),
        (Duty::InformSubjects, Outcome::Required, _) => match verdict.form {
            Some(Form::Public) => w.duty_inform_public().to_owned(),
            Some(Form::Direct) | None => w.duty_inform_direct().to_owned(),
        },
        (Duty::InformSubjects | Duty::NotifyControllers | Duty::NotifyCsirt, Outcome::Undetermined, _) => {
            w.duty_open_facts().to_owned()
        }
        _ => String::new(),
    };
    DutyView {
        duty,
        name: duty.name().in_language(w.0).to_owned(),
        outcome: outcome(duty, answer.outcome, w),
        tone: match answer.outcome {
            Outcome::Required => "water",
            Outcome::NotRequired => "",
            Outcome::Undetermined => "amber",
        },
        basis: answer.basis.join(", "),
        more,
    }
}

/// An outcome in words that say what to do.
pub(crate) fn outcome(duty: Duty, outcome: Outcome, w: Words) -> &'static str {
    match (duty, outcome) {
        (_, Outcome::Required) => w.outcome_required(),
        (_, Outcome::NotRequired) => w.outcome_not_required(),
        (Duty::NotifyAuthority, Outcome::Undetermined) => w.outcome_precaution(),
        (_, Outcome::Undetermined) => w.outcome_answer_first(),
    }
}
