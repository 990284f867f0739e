//! The verdict: a sentence, the duties, the reasons with the law they rest on, and what would change it.

use askama::Template;
use axum::response::Response;

use incident::Permission;
use law::verdict::{Decisive, Duty, LawUsed, Verdict};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, page};
use crate::frame::Frame;
use crate::view::value::{question_and_answer, words_of};
use crate::view::verdict::{DutyView, duties, outcome, sentence};
use crate::words::Words;

#[derive(Template)]
#[template(path = "incident/verdict.html")]
struct VerdictPage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    sentence: String,
    advices: Vec<AdviceView>,
    law: String,
    may_decide: bool,
    duties: Vec<DutyView>,
    missing: Vec<(String, String)>,
    reasons: Vec<ReasonGroup>,
    whatifs: Vec<WhatIf>,
}

struct AdviceView {
    text: String,
    cites: String,
}

struct ReasonGroup {
    duty: String,
    /// The rule that gave the outcome.
    first: ReasonView,
    /// What that rests on.
    rest: Vec<ReasonView>,
    more: String,
}

struct ReasonView {
    text: String,
    cites: String,
    because: Vec<(String, String)>,
}

struct WhatIf {
    href: String,
    question: String,
    answer: String,
    then: String,
}

/// `GET …/oordeel`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    let w = case.w();
    let verdict = case.verdict()?;
    let head = case.head(Tab::Verdict);
    let until = head.clock.as_ref().map(|clock| &clock.target);
    page(&VerdictPage {
        frame: case.frame(Tab::Verdict),
        w,
        base: case.base(),
        sentence: sentence(&verdict, until, w),
        advices: verdict
            .advice
            .iter()
            .map(|advice| AdviceView { text: advice.text.in_language(w.0).to_owned(), cites: advice.cites.join(", ") })
            .collect(),
        law: law_words(&verdict.law, w),
        may_decide: case.desk.allows(Permission::Decide),
        duties: duties(&verdict, until, w),
        missing: verdict
            .missing
            .iter()
            .map(|fact| (case.question(*fact), fact.question().in_language(w.0).to_owned()))
            .collect(),
        reasons: reasons(&verdict, w),
        whatifs: verdict.decisive.iter().map(|one| what_if(one, &case)).collect(),
        head,
    })
}

fn law_words(law: &LawUsed, w: Words) -> String {
    let from = law.in_force_from.map(|date| date.to_string()).unwrap_or_default();
    w.verdict_law(&law.id.to_uppercase(), &law.version, &from)
}

fn reasons(verdict: &Verdict, w: Words) -> Vec<ReasonGroup> {
    let of_duty = |duty: Duty| {
        verdict
            .reasons
            .iter()
            .filter(|reason| reason.duty == duty)
            .map(|reason| ReasonView {
                text: reason.text.in_language(w.0).to_owned(),
                cites: reason.cites.join(", "),
                because: reason.because.iter().map(|(fact, value)| question_and_answer(*fact, value, w)).collect(),
            })
            .collect::<Vec<_>>()
    };
    let group = |duty: Duty| {
        let mut reasons = of_duty(duty).into_iter();
        let first = reasons.next()?;
        let rest: Vec<_> = reasons.collect();
        Some(ReasonGroup {
            duty: duty.name().in_language(w.0).to_owned(),
            first,
            more: w.verdict_rests_on(rest.len()),
            rest,
        })
    };
    Duty::ALL.into_iter().filter_map(group).collect()
}

fn what_if(decisive: &Decisive, case: &CaseFile) -> WhatIf {
    let w = case.w();
    let turns: Vec<_> = decisive
        .then
        .iter()
        .map(|(duty, turned)| {
            format!("{}: {}", duty.name().in_language(w.0), outcome(*duty, *turned, w).to_lowercase())
        })
        .collect();
    WhatIf {
        href: case.question(decisive.fact),
        question: decisive.fact.question().in_language(w.0).to_owned(),
        answer: words_of(decisive.fact, &decisive.other, w),
        then: turns.join("; "),
    }
}
