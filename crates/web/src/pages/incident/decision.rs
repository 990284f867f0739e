//! The decision: a person follows the advice or departs from it, and says why under their own name.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;

use app::{Error, LetterState};
use incident::{Order, Permission, Refusal};
use law::verdict::{Duty, LawStatus, Outcome, Verdict};

use crate::address::{Tab, outgoing_of};
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::moment_fields::MomentFields;
use crate::pages::incident::advice::FgView;
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::standing::DecisionView;
use crate::pages::incident::still;
use crate::pages::incident::timeline::{self, Item};
use crate::pages::incident::turned::{self, TurnedView};
use crate::pages::outgoing;
use crate::view::verdict::{DutyView, duties, sentence};
use crate::words::Words;

#[derive(Template)]
#[template(path = "incident/decision.html")]
pub(crate) struct DecisionPage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    seen: u64,
    problems: Problems,
    /// Others recorded something since who decides saw the page, and what.
    is_conflict: bool,
    meanwhile: Vec<Item>,
    is_outdated: bool,
    /// Nobody decides under the law that judges it.
    is_historical: bool,
    /// How the verdict turned since the decision.
    turned: Vec<TurnedView>,
    fg: Option<FgView>,
    decision: Option<DecisionView>,
    sentence: String,
    duties: Vec<DutyView>,
    may_decide: bool,
    name: String,
    asks: Vec<Ask>,
    filled: Filled,
    /// Where the register's signed state goes, and whether it left; empty where something else comes first.
    handover: String,
    outgoing_href: String,
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
pub(crate) struct Again {
    pub(crate) problems: Problems,
    /// After how many entries others recorded something that who decides had not seen.
    pub(crate) since: Option<usize>,
    /// How many entries had been seen, where what was sent still rests on those.
    pub(crate) seen: Option<u64>,
    pub(crate) chosen: BTreeMap<Duty, bool>,
    pub(crate) filled: Filled,
    pub(crate) fg_at: Option<MomentFields>,
}

/// The fields of the form besides those of the duties.
const FIELDS: [&str; 5] = ["motivering", "mandaat", "mandaat-van", "fg-gevolgd", "fg-waarom"];

/// `GET …/besluit`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    if let Some(page) = still::instead(&case, Tab::Decision)? {
        return Ok(page);
    }
    let mut shown = decision_page(&case, Again::default())?;
    shown.handover = handover(&case).await?;
    page(&shown)
}

/// What became of the register's signed state after the newest decision or closing, or where it will go.
async fn handover(case: &CaseFile) -> Result<String, Failure> {
    let (w, desk) = (case.w(), &case.desk);
    let newest = desk.visit.app().newest_handover(&desk.scope, &case.incident).await?;
    Ok(match newest {
        Some(letter) if !desk.visit.web.state.sends_mail && matches!(letter.state, LetterState::Waiting { .. }) => {
            w.outgoing_waits_for_mail(&letter.recipient)
        }
        Some(letter) => {
            let letter = outgoing::view(&letter, desk);
            w.outgoing_handed_over(&letter.what, &letter.to, &letter.state)
        }
        None => match desk.scope.organisation().profile.register_address() {
            Some(address) if desk.visit.web.state.sends_mail => w.outgoing_will_go(address),
            Some(address) => w.outgoing_will_wait(address),
            None => w.outgoing_no_address().to_owned(),
        },
    })
}

/// `POST …/besluit`
pub(crate) async fn take(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
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
    let mandate = Some(sent.text("mandaat-van").to_owned()).filter(|_| sent.text("mandaat") == "gemandateerd");
    if mandate.as_deref() == Some("") {
        problems.add("mandaat-van", w.mandate_needed());
    }
    let mut order = Order { duties: chosen.clone(), motivation, mandate, ..Order::default() };
    if case.incident.dpo_advice.is_some() {
        read_answer_to_advice(&sent, &mut order, &mut problems, w);
    }
    let mut again = Again {
        problems,
        chosen,
        filled: Filled::from_sent(&sent, &FIELDS),
        since: None,
        fg_at: None,
        // Who sends no number of entries has not seen the page.
        seen: Some(sent.text("gezien").parse().unwrap_or_default()),
    };
    if !again.problems.is_empty() {
        return page_again(&decision_page(&case, again)?);
    }
    let seen = again.seen.take().unwrap_or_default();
    match visit.app().decide(&case.desk.scope, case.number(), seen, order, visit.now).await {
        Ok(_) => onward(&case.saved(Tab::Decision, "besluit")),
        Err(Error::Conflict) => {
            again.since = usize::try_from(seen).ok();
            // What is shown now is what stands there now: the number of entries beside it says that it was seen.
            let case = case.open_anew().await?;
            if let Some(page) = still::instead(&case, Tab::Decision)? {
                return Ok(page);
            }
            page_again(&decision_page(&case, again)?)
        }
        Err(error) => {
            again.problems = Problems::from_error(error, w, |refusal| match refusal {
                Refusal::DutyUnanswered(duty) => duty.key(),
                Refusal::MotivationNeeded => "motivering",
                Refusal::DpoUnanswered | Refusal::DpoNotFollowed(_) => "fg-gevolgd",
                Refusal::DpoDepartureNeeded => "fg-waarom",
                _ => "",
            })?;
            page_again(&decision_page(&case, again)?)
        }
    }
}

/// Whether it follows the FG's advice, and if not why.
fn read_answer_to_advice(sent: &Sent, order: &mut Order, problems: &mut Problems, w: Words) {
    order.dpo_followed = match sent.text("fg-gevolgd") {
        "ja" => Some(true),
        "nee" => Some(false),
        _ => None,
    };
    let why = sent.text("fg-waarom");
    match order.dpo_followed {
        None => problems.add("fg-gevolgd", Refusal::DpoUnanswered.text().in_language(w.0)),
        Some(false) if why.is_empty() => {
            problems.add("fg-waarom", Refusal::DpoDepartureNeeded.text().in_language(w.0));
        }
        Some(false) => order.dpo_departure = Some(why.to_owned()),
        Some(true) => {}
    }
}

/// The duties that a decision answers for: the authority and the persons always, the others where the law asks.
pub(crate) fn in_play(verdict: &Verdict) -> Vec<Duty> {
    let is_asked = |duty: &Duty| match duty {
        Duty::Document => false,
        // A processor's authority and persons are its controllers' to decide on.
        Duty::NotifyAuthority | Duty::InformSubjects => {
            verdict.duty(Duty::NotifyControllers).outcome != Outcome::Required
        }
        Duty::NotifyControllers => verdict.duty(*duty).outcome != Outcome::NotRequired,
        Duty::NotifyCsirt => verdict.duty(*duty).outcome == Outcome::Required,
    };
    Duty::ALL.into_iter().filter(is_asked).collect()
}

pub(crate) fn decision_page(case: &CaseFile, again: Again) -> Result<DecisionPage, Failure> {
    let (w, desk) = (case.w(), &case.desk);
    let verdict = case.verdict()?;
    let head = case.head(Tab::Decision);
    let until = head.clock.as_ref().map(|clock| &clock.target);
    let frame = case.frame(Tab::Decision);
    let ask = |duty: Duty| {
        let (yes, no) = match verdict.duty(duty).outcome {
            Outcome::Required => (w.follows(), w.departs()),
            Outcome::NotRequired => (w.departs(), w.follows()),
            Outcome::Undetermined if duty == Duty::NotifyAuthority => (w.follows_precaution(), w.departs()),
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
    let incident = &case.incident;
    let is_historical = verdict.law.status == LawStatus::Historical;
    let since = incident.decision.as_ref().map(|decision| decision.at);
    let turns = incident.reassessments().into_iter().filter(|turn| since.is_some_and(|since| turn.at > since));
    let filled = match desk.scope.organisation().profile.dpo_name.trim() {
        name if again.filled.get("fg-naam").is_empty() && again.problems.is_empty() => {
            again.filled.with("fg-naam", name)
        }
        _ => again.filled,
    };
    Ok(DecisionPage {
        is_historical,
        turned: turns.map(|turn| turned::view(case, &turn)).collect(),
        fg: FgView::of(case, &verdict, &filled, again.fg_at).filter(|_| !is_historical),
        frame: if again.problems.is_empty() && again.since.is_none() { frame } else { frame.with_problems() },
        w,
        base: case.base(),
        seen: again.seen.unwrap_or(case.incident.timeline.len() as u64),
        is_conflict: again.since.is_some(),
        meanwhile: again.since.map(|since| timeline::since(case, since)).unwrap_or_default(),
        is_outdated: case.incident.is_decision_outdated(),
        decision: DecisionView::of(&case.incident, desk),
        sentence: sentence(&verdict, until, w),
        duties: duties(&verdict, until, w).into_iter().filter(|view| view.duty != Duty::Document).collect(),
        may_decide: desk.allows(Permission::Decide) && case.incident.closed_at.is_none() && !is_historical,
        name: desk.seat.who.name.clone(),
        asks: in_play(&verdict).into_iter().map(ask).collect(),
        problems: again.problems,
        filled,
        head,
        handover: String::new(),
        outgoing_href: outgoing_of(desk.slug()),
    })
}
