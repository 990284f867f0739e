//! Everything that happened to an incident, by whom, when it was recorded and when it happened; notes; closing.

use askama::Template;
use axum::response::Response;

use incident::{Actor, Event, Permission, Phase, Reassessment, Refusal, Stamped};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::pages::incident::turned;
use crate::view::time::When;
use crate::words::Words;

/// The note form's own mark: how many entries there were when it was shown.
const ONCE: &str = "_eenmalig";

#[derive(Template)]
#[template(path = "incident/timeline.html")]
struct TimelinePage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    problems: Problems,
    filled: Filled,
    items: Vec<Item>,
    /// The mark of the note form: the same note sent twice from it is one note.
    once: usize,
    may_handle: bool,
    may_close: bool,
    may_bundle: bool,
    is_closed: bool,
    is_done: bool,
}

/// An event as it is shown.
pub(crate) struct Item {
    /// Its place in the journal, by which addresses name it.
    index: Option<u64>,
    /// `program`, `decided`, or nothing for a person's deed.
    kind: &'static str,
    icon: &'static str,
    pub(crate) recorded: When,
    pub(crate) by: String,
    pub(crate) what: String,
    happened: Option<When>,
    pub(crate) pairs: Vec<(String, String)>,
    /// Whether what was recorded stands open.
    is_open: bool,
    pub(crate) words: String,
}

/// `GET …/tijdlijn`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    page(&timeline_page(&case, Problems::new(), Filled::default()))
}

/// `POST …/tijdlijn`: a note.
pub(crate) async fn note(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let visit = &case.desk.visit;
    let (scope, text) = (&case.desk.scope, sent.text("notitie").to_owned());
    // A form without a mark is always new.
    let noted = match sent.text(ONCE).parse() {
        Ok(seen) => visit.app().note_once(scope, case.number(), seen, text, visit.now).await,
        Err(_) => visit.app().note(scope, case.number(), text, visit.now).await.map(drop),
    };
    let problem = match noted {
        Ok(()) => return onward(&case.saved(Tab::Timeline, "notitie")),
        Err(app::Error::Refused(Refusal::NothingChanges)) => {
            let mut problems = Problems::new();
            problems.add("notitie", case.w().note_empty());
            problems
        }
        Err(error) => Problems::from_error(error, case.w(), |_| "notitie")?,
    };
    page_again(&timeline_page(&case, problem, Filled::from_sent(&sent, &["notitie"])))
}

/// `POST …/sluiten`
pub(crate) async fn close(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let visit = &case.desk.visit;
    let lessons = sent.text("lessen").to_owned();
    match visit.app().close(&case.desk.scope, case.number(), lessons, visit.now).await {
        Ok(_) => onward(&case.saved(Tab::Timeline, "sluiten")),
        Err(error) => {
            let problems = Problems::from_error(error, case.w(), |refusal| match refusal {
                Refusal::ReasonNeeded => "lessen",
                _ => "",
            })?;
            page_again(&timeline_page(&case, problems, Filled::from_sent(&sent, &["lessen"])))
        }
    }
}

/// `POST …/heropenen`
pub(crate) async fn reopen(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let visit = &case.desk.visit;
    match visit.app().reopen(&case.desk.scope, case.number(), sent.text("reden").to_owned(), visit.now).await {
        Ok(_) => onward(&case.saved(Tab::Timeline, "heropenen")),
        Err(error) => {
            let problems = Problems::from_error(error, case.w(), |refusal| match refusal {
                Refusal::ReasonNeeded => "reden",
                _ => "",
            })?;
            page_again(&timeline_page(&case, problems, Filled::from_sent(&sent, &["reden"])))
        }
    }
}

fn timeline_page(case: &CaseFile, problems: Problems, filled: Filled) -> TimelinePage {
    let (w, desk, incident) = (case.w(), &case.desk, &case.incident);
    let frame = case.frame(Tab::Timeline);
    let turns = turned::turns(incident);
    TimelinePage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        head: case.head(Tab::Timeline),
        base: case.base(),
        problems,
        filled,
        items: incident
            .timeline
            .iter()
            .enumerate()
            .rev()
            .map(|(place, stamped)| item(place, stamped, &turns, case))
            .collect(),
        once: incident.timeline.len(),
        may_handle: desk.allows(Permission::HandleIncident) && incident.erased.is_none(),
        may_close: desk.allows(Permission::Close) && incident.erased.is_none(),
        may_bundle: desk.allows(Permission::ReadRegister),
        is_closed: incident.closed_at.is_some(),
        is_done: incident.phase() == Phase::Done,
    }
}

/// What was recorded after so many entries, but for what says nothing of the incident itself.
pub(crate) fn since(case: &CaseFile, entries: usize) -> Vec<Item> {
    let turns = turned::turns(&case.incident);
    let new = case.incident.timeline.iter().enumerate().skip(entries);
    let is_news = |event: &Event| !matches!(event, Event::Custody(custody) if custody.is_handling());
    new.filter(|(_, stamped)| is_news(&stamped.event)).map(|(place, one)| item(place, one, &turns, case)).collect()
}

fn item(place: usize, stamped: &Stamped, turns: &[(usize, Reassessment)], case: &CaseFile) -> Item {
    let w = case.w();
    let erased_author = || documents::timeline::erased_author().in_language(w.0).to_owned();
    let told = documents::timeline::tell(&case.incident, place, &case.desk.zone, w.0);
    let mut item = Item {
        index: stamped.index,
        kind: match (&stamped.by, &stamped.event) {
            (_, Event::Decided(_)) => "decided",
            (_, Event::Gone { .. }) => "",
            (Actor::Program, _) => "program",
            (Actor::Person { .. } | Actor::Reporter { .. }, _) => "",
        },
        icon: icon(&stamped.event),
        recorded: case.desk.when(stamped.recorded_at),
        by: match (&stamped.by, &stamped.event) {
            // Who wrote it went with what they wrote.
            (_, Event::Gone { kind }) => documents::timeline::erased_author_of(kind).in_language(w.0).to_owned(),
            (Actor::Reporter { name: None }, _) if case.incident.is_told_anew(stamped.index) => erased_author(),
            (Actor::Reporter { name: None }, _) => w.somebody_anonymous().to_owned(),
            (actor, _) => actor.name().to_owned(),
        },
        what: told.what,
        happened: told.happened.map(|at| case.desk.when(at)),
        pairs: told.pairs,
        // A decision, and what is short.
        is_open: match &stamped.event {
            Event::Decided(_) => true,
            Event::FactsRecorded { changes, .. } => changes.len() <= 3,
            _ => false,
        },
        words: told.words,
    };
    // That the first answers settle what was open is no news.
    if let Some((_, turn)) = turns.iter().find(|(at, turn)| *at == place && turned::is_reversal(turn)) {
        let turn = turned::view(case, turn);
        item.words = [&[turn.told][..], &turn.because].concat().join("\n");
    }
    item
}

/// The drawing before an event's words.
fn icon(event: &Event) -> &'static str {
    match event {
        Event::Opened { .. } | Event::Reopened { .. } => "i-incidents",
        Event::FactsRecorded { .. } | Event::NarrativeRecorded(_) | Event::Noted { .. } => "i-write",
        Event::NotKnownYet { .. } => "i-unknown",
        Event::DetectedAtSet { .. } | Event::AwarenessSet { .. } => "i-time",
        Event::Assessed(_) => "i-program",
        Event::Decided(_) => "i-person",
        Event::DocumentMade { .. } => "i-paper",
        Event::AuthorityNotified { .. }
        | Event::SubjectsInformed { .. }
        | Event::CsirtNotified { .. }
        | Event::ControllersWarned { .. }
        | Event::TermMet { .. } => "i-sent",
        Event::ProcessorInformed { .. } => "i-received",
        Event::DetectionChecked { .. } | Event::Closed { .. } => "i-checked",
        Event::DetectionsAdded(_) => "i-program",
        Event::DpoAdvised { .. } => "i-advice",
        Event::EnisaAdjusted { .. } => "i-weigh",
        Event::Custody(_) => "i-file",
        Event::HoldPlaced { .. } | Event::HoldReleased { .. } => "i-person",
        Event::Erased(_) | Event::EntriesErased { .. } | Event::Gone { .. } => "i-unknown",
    }
}
