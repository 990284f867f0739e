//! Every clock of an incident: what, by when at the latest, on which ground, and how it stands; and the same as a calendar
//! file.
//!
//! Promises: nothing counts down where the law gives no number; the limit of Regulation 1182/71 stands in a detail for who
//! decides, and nobody steers on it; it reads the same without script.

use askama::Template;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;

use app::Error;
use incident::{Permission, Refusal};
use law::deadline::{ClockKind, ClockState, PlannedClock, TermKind};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Problems, Sent};
use crate::frame::Frame;
use crate::moment_fields::MomentFields;
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::still;
use crate::view::clock::{figures, mood};
use crate::view::time::When;
use crate::words::Words;

/// Up to here hours are counted; what is further off is told in days.
const IN_HOURS: SignedDuration = SignedDuration::from_hours(96);

#[derive(Template)]
#[template(path = "incident/clocks.html")]
struct ClocksPage {
    frame: Frame,
    w: Words,
    head: Head,
    calendar_href: String,
    groups: Vec<Group>,
    is_empty: bool,
    has_calendar: bool,
    unchecked: bool,
    base: String,
    problems: Problems,
    /// The agreed terms that somebody can say were met: short name, with whom, and whether it is chosen.
    terms: Vec<(String, String, bool)>,
    at: MomentFields,
}

struct Group {
    id: &'static str,
    heading: &'static str,
    hint: &'static str,
    clocks: Vec<PlannedView>,
}

/// One clock, in words.
struct PlannedView {
    what: String,
    basis: String,
    state: String,
    tone: &'static str,
    /// By when, in words; the moment for machines beside it where there is one.
    by: String,
    machine: Option<String>,
    left: Option<Left>,
    started: Option<String>,
    waits: Option<String>,
    done: Option<String>,
    is_provisional: bool,
    is_estimated: bool,
    limit: Option<String>,
}

/// What is left of a clock that counts.
struct Left {
    mood: &'static str,
    /// For the script; absent where days are told, which do not run while one reads.
    seconds: Option<i64>,
    words: String,
}

/// `GET …/klokken`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    if let Some(page) = still::instead(&case, Tab::Clocks)? {
        return Ok(page);
    }
    page(&clocks_page(&case, Problems::new(), MomentFields::new("gehaald"), "")?)
}

/// `POST …/klokken`: an agreed term was met.
pub(crate) async fn term_met(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let (mut fields, at) = MomentFields::read("gehaald", &sent, &case.desk.zone, w, &mut problems);
    let term = sent.text("termijn");
    if !open_terms(&case).any(|known| known.id == term) {
        problems.add("termijn", w.term_unchosen());
    }
    if let (Some(at), true) = (at, problems.is_empty()) {
        match visit.app().record_term_met(&case.desk.scope, case.number(), None, term, at, visit.now).await {
            Ok(_) => return onward(&format!("{}#contract", case.saved(Tab::Clocks, "klokken"))),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture | Refusal::BeforeTheSignal => "gehaald-tijd",
                    _ => "",
                })?;
                fields.blame(problems.at("gehaald-tijd"));
            }
        }
    }
    page_again(&clocks_page(&case, problems, fields, term)?)
}

/// The terms of the settings that nothing else meets. Warning the controllers meets a processor's term.
fn open_terms(case: &CaseFile) -> impl Iterator<Item = &law::deadline::ContractTerm> {
    let met = &case.incident.terms_met;
    let terms = case.desk.scope.organisation().profile.terms.iter();
    terms.filter(|term| term.kind != TermKind::ProcessorContract && !met.contains_key(&term.id))
}

fn clocks_page(case: &CaseFile, problems: Problems, at: MomentFields, chosen: &str) -> Result<ClocksPage, Failure> {
    let (w, desk) = (case.w(), &case.desk);
    let clocks = desk.visit.app().clocks(&desk.scope, &case.incident, desk.visit.now)?;
    let group = |kind, id, heading, hint| {
        let of_kind = clocks.iter().filter(|clock| clock.kind == kind);
        Group { id, heading, hint, clocks: of_kind.map(|clock| view(clock, case)).collect() }
    };
    let mut groups = vec![
        group(ClockKind::Law, "wet", w.clocks_law(), ""),
        group(ClockKind::Contract, "contract", w.clocks_contract(), w.clocks_contract_hint()),
        group(ClockKind::Reminder, "herinneringen", w.clocks_reminders(), w.clocks_reminders_hint()),
    ];
    groups.retain(|group| !group.clocks.is_empty());
    let may_record = desk.allows(Permission::HandleIncident) && case.incident.closed_at.is_none();
    let frame = case.frame(Tab::Clocks);
    Ok(ClocksPage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        head: case.head(Tab::Clocks),
        calendar_href: format!("{}/klokken.ics", case.base()),
        is_empty: groups.is_empty(),
        has_calendar: clocks.iter().any(|clock| clock.target.is_some() && !clock.state.is_done()),
        groups,
        unchecked: case.incident.is_unchecked_detection(),
        base: case.base(),
        problems,
        terms: open_terms(case)
            .filter(|_| may_record)
            .map(|term| (term.id.clone(), term.with.clone(), term.id == chosen))
            .collect(),
        at,
    })
}

/// `GET …/klokken.ics`: the clocks that still run, for a calendar.
pub(crate) async fn calendar(case: CaseFile) -> Result<Response, Failure> {
    let (desk, visit) = (&case.desk, &case.desk.visit);
    let file = visit.app().calendar(&desk.scope, &case.incident, visit.now, visit.language())?;
    let name = format!("attachment; filename=\"incident-{}.ics\"", case.number());
    let name = HeaderValue::from_str(&name).map_err(Error::internal)?;
    let headers =
        [(CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")), (CONTENT_DISPOSITION, name)];
    Ok((headers, file).into_response())
}

fn view(clock: &PlannedClock, case: &CaseFile) -> PlannedView {
    let (w, desk) = (case.w(), &case.desk);
    let when = |at| desk.when(at);
    let is_reminder = clock.kind == ClockKind::Reminder;
    let moment = if is_reminder { clock.alarms.first().copied().or(clock.target) } else { clock.target };
    let by = match (moment.map(when), is_reminder, clock.is_without_delay) {
        (Some(When { words, .. }), true, _) => w.clocks_remind(&words),
        (Some(When { words, .. }), false, _) => w.clocks_before(&words),
        // While it waits nobody knows its moment; that is not to say that the law names none.
        (None, false, true) if clock.starts_at.is_some() => w.clocks_no_number().to_owned(),
        (None, ..) => String::new(),
    };
    let waits = clock.starts_at.is_none() && !clock.state.is_done();
    PlannedView {
        what: clock.what.in_language(w.0).to_owned(),
        basis: clock.basis.join(", "),
        state: clock.state.name().in_language(w.0).to_owned(),
        tone: tone(clock.state),
        by,
        machine: moment.map(|at| when(at).machine),
        left: (!is_reminder).then(|| left(clock, case)).flatten(),
        started: clock.starts_at.map(|at| w.clocks_started(&when(at).words)).filter(|_| !clock.state.is_done()),
        waits: waits.then(|| match clock.after {
            Some(step) => w.clocks_waits_for(&step.name().in_language(w.0).to_lowercase()),
            None => w.clocks_waits().to_owned(),
        }),
        done: clock.done_at.map(|at| w.clocks_done(&when(at).words)),
        is_provisional: clock.is_provisional && !clock.state.is_done(),
        is_estimated: clock.is_estimated && !clock.state.is_done(),
        limit: clock.limit.filter(|_| desk.allows(Permission::Decide)).map(|at| w.clocks_limit_at(&when(at).words)),
    }
}

/// What is left; nothing for a clock that does not count, or counts no more.
fn left(clock: &PlannedClock, case: &CaseFile) -> Option<Left> {
    let w = case.w();
    let target = clock.target.filter(|_| !clock.state.is_done() && clock.starts_at.is_some())?;
    let left = target.duration_since(case.desk.visit.now);
    if left > IN_HOURS {
        return Some(Left { mood: "calm", seconds: None, words: w.days_left(left.as_hours() / 24) });
    }
    let (count, unit) = figures(left, w);
    Some(Left { mood: mood(left), seconds: Some(left.as_secs()), words: format!("{count} {unit}") })
}

fn tone(state: ClockState) -> &'static str {
    match state {
        ClockState::Waiting => "",
        ClockState::Open => "water",
        ClockState::DueSoon => "amber",
        ClockState::PastTarget | ClockState::PastLimit => "alarm",
        ClockState::DoneInTime => "dike",
        ClockState::DoneAfterTarget | ClockState::DoneLate => "amber",
    }
}
