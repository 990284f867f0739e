//! The page of one question: what is asked, why, what it can turn, and what stands there already.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use app::Error;
use facts::Fact;
use incident::Permission;
use law::interview::{EMERGENCY, EXCEPTIONS, Field, Item, Road, Step, Together, can_turn, wording};
use law::verdict::Verdict;

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, page};
use crate::forms::{Filled, Problems};
use crate::frame::{Frame, Place};
use crate::pages::incident::interview::asked;
use crate::pages::incident::interview::control::{Again, Control, control};
use crate::pages::incident::interview::standing::Hurry;
use crate::pages::incident::interview::walk::Walk;
use crate::pages::incident::still;
use crate::view::clock::ClockView;
use crate::view::value::words_of;
use crate::words::Words;

#[derive(Template)]
#[template(path = "incident/interview/question.html")]
pub(crate) struct QuestionPage {
    frame: Frame,
    w: Words,
    base: String,
    number: u64,
    title: String,
    clock: Option<ClockView>,
    back: String,
    hurry: Option<Hurry>,
    /// The answer that was given just before, with the way back to it.
    before: Option<Before>,
    progress: Option<String>,
    problems: Problems,
    theirs: Vec<String>,
    /// Other answers that this one contradicts.
    change: Vec<(String, String)>,
    may_handle: bool,
    action: String,
    draft: Option<String>,
    seen: usize,
    id: &'static str,
    question: &'static str,
    hint: Option<&'static str>,
    control: Control,
    filled: Filled,
    is_field: bool,
    /// The button that saves stands beside the fields, because others follow it.
    saves_above: bool,
    known: Option<String>,
    known_by: String,
    why: Why,
    standing: String,
    all_facts: String,
}

struct Before {
    question: &'static str,
    value: String,
    href: String,
}

/// Why it is asked, on which ground, and what hangs on it.
struct Why {
    text: &'static str,
    cites: String,
    mark: &'static str,
    can_turn: Vec<String>,
    turns_nothing: bool,
    fills: Option<String>,
    aids_heading: &'static str,
    aids: Vec<AidView>,
}

struct AidView {
    text: String,
    whom: Option<String>,
    gives: Option<String>,
    cites: String,
    mark: &'static str,
}

/// What a form on this page sent, when it has to be shown again.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) problems: Problems,
    pub(crate) theirs: Vec<String>,
    pub(crate) change: Vec<(String, String)>,
    pub(crate) control: Again,
    pub(crate) seen: Option<usize>,
}

/// `GET …/vragen/{item}`
pub(crate) async fn show(
    case: CaseFile,
    Path((_, _, key)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    if let Some(page) = still::instead(&case, Tab::Interview)? {
        return Ok(page);
    }
    let walk = Walk::of(&case.desk.visit.uri);
    page(&question_page(&case, &find(&key)?, &walk, Shown::default())?)
}

/// The question of a name in an address; the bounds of a number of persons are asked as one.
pub(crate) fn find(key: &str) -> Result<Item, Error> {
    match Item::from_key(key) {
        Some(Item::Fact(fact)) => Ok(Item::of(fact)),
        Some(item) => Ok(item),
        None => Err(Error::NotFound),
    }
}

pub(crate) fn question_page(case: &CaseFile, item: &Item, walk: &Walk, shown: Shown) -> Result<QuestionPage, Failure> {
    let (w, desk) = (case.w(), &case.desk);
    let verdict = case.verdict()?;
    let settled = walk.settled(&case.incident);
    let interview = walk.interview(case, &verdict, &settled);
    let item = &on_form(case, item, &interview.open());
    let step = interview.step();
    let wording = wording(item);
    let pack = case.pack(&verdict);
    let (control, filled) = control(case, item, pack, shown.control);
    let question = wording.question.in_language(w.0);
    let href = walk.href(case, Some(item));
    let clock = case.clock();
    let title = format!("{question} – {}. {}", case.number(), case.incident.title);
    let saved = desk.saved.as_ref().map(|form| format!("{}/{form}", case.base()));
    let frame = desk.frame(&title, Place::Incidents).standing_at(&href).with_draft_done(saved);
    let is_typed = matches!(control, Control::Text { .. } | Control::Codes(_) | Control::Figure { .. })
        || matches!(control, Control::Persons(_) | Control::Moment { .. });
    Ok(QuestionPage {
        frame: if shown.problems.is_empty() { frame } else { frame.with_problems() },
        w,
        base: case.base(),
        number: case.number(),
        title: case.incident.title.clone(),
        back: back(case, walk, item),
        hurry: (!walk.is_emergency()).then(|| Hurry::of(case, &verdict, clock.as_ref())).flatten(),
        before: walk.after.as_ref().filter(|after| *after != item).map(|after| before(case, walk, after)),
        progress: match step {
            Step::Ask(ask) if interview.open().contains(item) => {
                Some(w.asking_progress(ask.answered + 1, ask.at_most_left.saturating_sub(1)))
            }
            _ => None,
        },
        problems: shown.problems,
        theirs: shown.theirs,
        change: shown.change,
        may_handle: desk.allows(Permission::HandleIncident) && case.incident.closed_at.is_none(),
        action: href,
        draft: is_typed.then(|| format!("{}/vragen/{}", case.base(), item.key())),
        seen: shown.seen.unwrap_or(case.incident.timeline.len()),
        id: item.key(),
        question,
        hint: match item {
            // The fields show by themselves how a moment or a number is written.
            Item::Field(Field::AwareAt) => Some(w.asking_aware_hint()),
            Item::Together(Together::Persons) => None,
            _ => wording.hint.as_ref().map(|hint| hint.in_language(w.0)),
        },
        saves_above: matches!(control, Control::Persons(_)),
        control,
        filled,
        is_field: matches!(item, Item::Field(_)),
        known: known(case, item),
        known_by: asked::told(case, item),
        why: why(case, item, walk, &verdict),
        standing: Walk { after: None, ..walk.clone() }.href(case, None),
        all_facts: case.page(crate::address::Tab::Facts),
        clock,
    })
}

/// The exceptions that are asked now; opened again, those that have an answer.
fn on_form(case: &CaseFile, item: &Item, open: &[Item]) -> Item {
    let Item::Exceptions(all) = item else { return item.clone() };
    if all.len() < EXCEPTIONS.len() {
        return item.clone();
    }
    if let Some(asked) = open.iter().find(|open| matches!(open, Item::Exceptions(_))) {
        return asked.clone();
    }
    let incident = &case.incident;
    let has_answer = |fact: &&Fact| incident.facts.is_known(**fact) || incident.not_known_yet.contains(fact);
    let answered: Vec<Fact> = all.iter().filter(has_answer).copied().collect();
    if answered.is_empty() { item.clone() } else { Item::Exceptions(answered) }
}

/// To the question before; where none was before, to where the interview stands.
fn back(case: &CaseFile, walk: &Walk, item: &Item) -> String {
    let without = Walk { after: None, ..walk.clone() };
    without.href(case, walk.after.as_ref().filter(|after| *after != item))
}

fn before(case: &CaseFile, walk: &Walk, after: &Item) -> Before {
    let w = case.w();
    Before {
        question: wording(after).question.in_language(w.0),
        value: asked::value(case, after).unwrap_or_else(|| w.asking_not_known_short().to_owned()),
        href: Walk { after: None, ..walk.clone() }.href(case, Some(after)),
    }
}

/// What stands there already, in words, or that nobody knew.
fn known(case: &CaseFile, item: &Item) -> Option<String> {
    let unknown = item.facts().iter().any(|fact| case.incident.not_known_yet.contains(fact));
    let words = match item {
        // Several answers stand in the form itself.
        Item::Exceptions(_) | Item::Together(Together::Nature) => None,
        item => asked::value(case, item),
    };
    words.or_else(|| unknown.then(|| case.w().asking_not_known_short().to_owned()))
}

fn why(case: &CaseFile, item: &Item, walk: &Walk, verdict: &Verdict) -> Why {
    let w = case.w();
    let wording = wording(item);
    let can_turn: Vec<String> =
        can_turn(verdict, item).into_iter().map(|duty| duty.name().in_language(w.0).to_owned()).collect();
    let stop = EMERGENCY.iter().find(|stop| stop.item == *item && walk.road == Road::Emergency);
    let aids = aids(case, item, verdict);
    Why {
        text: wording.why.in_language(w.0),
        cites: wording.cites.join(", "),
        mark: w.asking_mark(wording.mark),
        turns_nothing: can_turn.is_empty() && stop.is_none() && !matches!(item, Item::Field(_)),
        can_turn,
        fills: stop.filter(|stop| !stop.fills.is_empty()).map(|stop| w.asking_fills(stop.fills)),
        aids_heading: if aids.iter().all(|aid| aid.gives.is_some()) { w.asking_aids() } else { w.asking_aids_more() },
        aids,
    }
}

/// The packs' aids to answering, from the one that judges and those beside it.
fn aids(case: &CaseFile, item: &Item, verdict: &Verdict) -> Vec<AidView> {
    let (w, Item::Fact(fact)) = (case.w(), item) else { return Vec::new() };
    let packs = case.desk.visit.app().packs.iter().filter(|pack| pack.is_beside() || pack.id() == verdict.law.id);
    packs
        .flat_map(|pack| pack.aids_for(*fact))
        .map(|aid| AidView {
            text: aid.text.in_language(w.0).to_owned(),
            whom: aid.whom.as_ref().map(|whom| w.asking_aid_whom(whom.in_language(w.0))),
            gives: aid.gives.as_ref().map(|value| w.asking_aid_gives(&words_of(*fact, value, w))),
            cites: aid.cites.join(", "),
            mark: w.asking_mark(aid.mark),
        })
        .collect()
}
