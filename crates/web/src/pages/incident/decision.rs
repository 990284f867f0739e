//! The decision: a person follows the advice or departs from it, and says why under their own name.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;

use app::Error;
use incident::{Order, Permission, Refusal};
use law::verdict::{Duty, Outcome, Verdict};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::pages::incident::standing::DecisionView;
use crate::view::verdict::{DutyView, duties, sentence};
use crate::words::Words;

#[derive(Template)]
#[template(path = "incident/decision.html")]
struct DecisionPage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    seen: u64,
    problems: Problems,
    is_conflict: bool,
    is_outdated: bool,
    decision: Option<DecisionView>,
    sentence: String,
    duties: Vec<DutyView>,
    may_decide: bool,
    name: String,
    asks: Vec<Ask>,
    filled: Filled,
}

/// One duty to decide on.
struct Ask {
    id: &'static str,
    name: String,
    wrong: Option<String>,
    chosen: Option<bool>,
    /// What saying yes, and saying no, means beside the advice.
    yes: &'static str,
    no: &'static str,
}

/// What was sent, when it has to be shown again.
#[derive(Default)]
struct Again {
    problems: Problems,
    is_conflict: bool,
    /// How many entries had been seen, where what was sent still rests on those.
    seen: Option<u64>,
    chosen: BTreeMap<Duty, bool>,
    filled: Filled,
}

/// `GET …/besluit`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    page(&decision_page(&case, Again::default())?)
}

/// `POST …/besluit`
pub(crate) async fn take(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let w = case.w();
    let visit = &case.desk.visit;
    let verdict = case.verdict()?;
    let mut chosen = BTreeMap::new();
    let mut problems = Problems::new();
    for duty in in_play(&verdict) {
        match sent.text(duty.key()) {
            "ja" => drop(chosen.insert(duty, true)),
            "nee" => drop(chosen.insert(duty, false)),
            _ => problems.add(duty.key(), Refusal::DutyUnanswered(duty).text().in_language(w.0)),
        }
    }
    let motivation = sent.text("motivering").to_owned();
    if motivation.is_empty() {
        problems.add("motivering", Refusal::MotivationNeeded.text().in_language(w.0));
    }
    let mut again = Again {
        problems,
        chosen: chosen.clone(),
        filled: Filled::from_sent(&sent, &["motivering"]),
        is_conflict: false,
        // Who sends no number of entries has not seen the page.
        seen: Some(sent.text("gezien").parse().unwrap_or_default()),
    };
    if !again.problems.is_empty() {
        return page_again(&decision_page(&case, again)?);
    }
    let seen = again.seen.take().unwrap_or_default();
    let order = Order { duties: chosen, motivation, ..Order::default() };
    match visit.app().decide(&case.desk.scope, case.number(), seen, order, visit.now).await {
        Ok(_) => onward(&case.saved(Tab::Decision, "besluit")),
        Err(Error::Conflict) => {
            again.is_conflict = true;
            page_again(&decision_page(&case, again)?)
        }
        Err(error) => {
            again.problems = Problems::from_error(error, w, |refusal| match refusal {
                Refusal::DutyUnanswered(duty) => duty.key(),
                Refusal::MotivationNeeded => "motivering",
                _ => "",
            })?;
            page_again(&decision_page(&case, again)?)
        }
    }
}

/// The duties that a decision answers for: the authority and the persons always, the others where the law asks.
fn in_play(verdict: &Verdict) -> Vec<Duty> {
    let is_asked = |duty: &Duty| match duty {
        Duty::Document => false,
        Duty::NotifyAuthority | Duty::InformSubjects => true,
        Duty::NotifyControllers => verdict.duty(*duty).outcome != Outcome::NotRequired,
        Duty::NotifyCsirt => verdict.duty(*duty).outcome == Outcome::Required,
    };
    Duty::ALL.into_iter().filter(is_asked).collect()
}

fn decision_page(case: &CaseFile, again: Again) -> Result<DecisionPage, Failure> {
    let (w, desk) = (case.w(), &case.desk);
    let verdict = case.verdict()?;
    let head = case.head(Tab::Decision);
    let until = head.clock.as_ref().map(|clock| &clock.target);
    let frame = case.frame(Tab::Decision);
    let ask = |duty: Duty| {
        let (yes, no) = match verdict.duty(duty).outcome {
            Outcome::Required => (w.follows(), w.departs()),
            Outcome::NotRequired => (w.departs(), w.follows()),
            Outcome::Undetermined if duty == Duty::NotifyAuthority => (w.follows(), w.departs()),
            Outcome::Undetermined => ("", ""),
        };
        Ask {
            id: duty.key(),
            name: duty.name().in_language(w.0).to_owned(),
            wrong: again.problems.at(duty.key()).map(str::to_owned),
            chosen: again.chosen.get(&duty).copied(),
            yes,
            no,
        }
    };
    Ok(DecisionPage {
        frame: if again.problems.is_empty() { frame } else { frame.with_problems() },
        w,
        base: case.base(),
        seen: again.seen.unwrap_or(case.incident.timeline.len() as u64),
        is_conflict: again.is_conflict,
        is_outdated: case.incident.is_decision_outdated(),
        decision: DecisionView::of(&case.incident, desk),
        sentence: sentence(&verdict, until, w),
        duties: duties(&verdict, until, w).into_iter().filter(|view| view.duty != Duty::Document).collect(),
        may_decide: desk.allows(Permission::Decide) && case.incident.closed_at.is_none(),
        name: desk.seat.who.name.clone(),
        asks: in_play(&verdict).into_iter().map(ask).collect(),
        problems: again.problems,
        filled: again.filled,
        head,
    })
}
