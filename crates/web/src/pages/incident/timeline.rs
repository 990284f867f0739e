//! Everything that happened to an incident, by whom, when it was recorded and when it happened; notes; closing.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;

use incident::{Actor, ErasedEntry, Event, Opening, Permission, Phase, Reassessment, Refusal, ReportKind, Stamped};
use law::verdict::Duty;

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::pages::incident::enisa::score_view;
use crate::pages::incident::{evidence, turned};
use crate::view::time::When;
use crate::view::value::words_of;
use crate::view::verdict::outcome;
use crate::words::Words;

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
    may_handle: bool,
    may_close: bool,
    may_bundle: bool,
    is_closed: bool,
    is_done: bool,
}

struct Item {
    /// `program`, `decided`, or nothing for a person's deed.
    kind: &'static str,
    icon: &'static str,
    recorded: When,
    by: String,
    what: String,
    happened: Option<When>,
    pairs: Vec<(String, String)>,
    /// Whether what was recorded stands open: a decision, and what is short.
    is_open: bool,
    words: String,
}

/// `GET …/tijdlijn`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    page(&timeline_page(&case, Problems::new(), Filled::default()))
}

/// `POST …/tijdlijn`: a note.
pub(crate) async fn note(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let visit = &case.desk.visit;
    let noted = visit.app().note(&case.desk.scope, case.number(), sent.text("notitie").to_owned(), visit.now).await;
    let problem = match noted {
        Ok(_) => return onward(&case.saved(Tab::Timeline, "notitie")),
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
        may_handle: desk.allows(Permission::HandleIncident) && incident.erased.is_none(),
        may_close: desk.allows(Permission::Close) && incident.erased.is_none(),
        may_bundle: desk.allows(Permission::ReadRegister),
        is_closed: incident.closed_at.is_some(),
        is_done: incident.phase() == Phase::Done,
    }
}

fn item(place: usize, stamped: &Stamped, turns: &[(usize, Reassessment)], case: &CaseFile) -> Item {
    let w = case.w();
    let mut item = Item {
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
            (_, Event::Gone { .. }) => w.erased_author().to_owned(),
            (Actor::Reporter { name: None }, _) if case.incident.is_told_anew(stamped.index) => {
                w.erased_author().to_owned()
            }
            (Actor::Reporter { name: None }, _) => w.somebody_anonymous().to_owned(),
            (actor, _) => actor.name().to_owned(),
        },
        what: String::new(),
        happened: None,
        pairs: Vec::new(),
        is_open: matches!(stamped.event, Event::Decided(_)),
        words: String::new(),
    };
    tell(place, &stamped.event, &mut item, case);
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
        Event::DpoAdvised { .. } => "i-advice",
        Event::EnisaAdjusted { .. } => "i-weigh",
        Event::Custody(_) => "i-file",
        Event::HoldPlaced { .. } | Event::HoldReleased { .. } => "i-person",
        Event::Erased(_) | Event::EntriesErased { .. } | Event::Gone { .. } => "i-unknown",
    }
}

/// What an event says, in words. Flat, because there is one line a kind.
fn tell(place: usize, event: &Event, item: &mut Item, case: &CaseFile) {
    let w = case.w();
    let when = |at| Some(case.desk.when(at));
    match event {
        Event::Opened { title, opening, .. } => {
            item.what =
                if matches!(opening, Opening::Imported(_)) { w.event_imported() } else { w.event_opened() }.to_owned();
            item.words.clone_from(title);
        }
        Event::FactsRecorded { changes, note } => {
            item.what = w.event_facts(changes.len());
            item.pairs = changes
                .iter()
                .map(|(fact, value)| {
                    let value =
                        value.as_ref().map_or_else(|| w.unknown().to_owned(), |value| words_of(*fact, value, w));
                    (fact.question().in_language(w.0).to_owned(), value)
                })
                .collect();
            item.is_open = changes.len() <= 3;
            item.words = note.clone().unwrap_or_default();
        }
        Event::NarrativeRecorded(_) => item.what = w.event_narrative().to_owned(),
        Event::DetectedAtSet { at } => {
            item.what = w.event_detected().to_owned();
            item.happened = when(*at);
        }
        Event::AwarenessSet { at, is_estimated, reason } => {
            item.what = if *is_estimated { w.event_aware_about() } else { w.event_aware() }.to_owned();
            item.happened = when(*at);
            let earlier = case.incident.timeline.iter().take(place).rev().find_map(|stamped| match &stamped.event {
                Event::AwarenessSet { at, .. } => Some(*at),
                _ => None,
            });
            item.words = match earlier.and_then(when) {
                Some(before) => format!("{}. {reason}", w.aware_moved(&before.words)),
                None => reason.clone(),
            };
        }
        Event::Assessed(assessment) => {
            item.what = w.event_assessed(&assessment.law.to_uppercase(), &assessment.law_version);
            item.pairs = assessment
                .outcomes
                .iter()
                .map(|(duty, turned)| (duty.name().in_language(w.0).to_owned(), outcome(*duty, *turned, w).to_owned()))
                .collect();
        }
        Event::Decided(decided) => {
            item.what = w.event_decided().to_owned();
            item.pairs = answers(&decided.duties, w);
            if let Some(mandate) = &decided.mandate {
                item.pairs.push((w.event_mandate().to_owned(), mandate.clone()));
            }
            if let Some(followed) = decided.dpo_followed {
                let said = if followed { w.yes() } else { w.no() };
                let said = match &decided.dpo_departure {
                    Some(why) => format!("{said}: {why}"),
                    None => said.to_owned(),
                };
                item.pairs.push((w.event_follows_dpo().to_owned(), said));
            }
            item.words.clone_from(&decided.motivation);
        }
        Event::DocumentMade { title, .. } => item.what = w.event_document(title.in_language(w.0)),
        Event::AuthorityNotified { at, receipt, kind, reason, .. } => {
            item.what = match kind {
                ReportKind::First => w.event_notified(receipt),
                ReportKind::Supplement => w.event_supplemented(receipt),
                ReportKind::Withdrawal => w.event_withdrawn(receipt),
            };
            item.happened = when(*at);
            item.words = reason.clone().unwrap_or_default();
        }
        Event::ControllersWarned { at, count, channel } => {
            item.what = w.event_controllers_warned(*count, channel);
            item.happened = when(*at);
        }
        Event::TermMet { with, at, .. } => {
            item.what = w.event_term_met(with);
            item.happened = when(*at);
        }
        Event::CsirtNotified { step, at, receipt } => {
            let step = step.name();
            let step = step.in_language(w.0);
            item.what = if receipt.is_empty() { w.event_csirt_plain(step) } else { w.event_csirt(step, receipt) };
            item.happened = when(*at);
        }
        Event::ProcessorInformed { at, by } => {
            item.what = w.event_processor_informed(by);
            item.happened = when(*at);
        }
        Event::DetectionChecked { is_real, note } => {
            item.what = if *is_real { w.event_detection_real() } else { w.event_false_alarm() }.to_owned();
            item.words = note.clone().unwrap_or_default();
        }
        Event::DpoAdvised { by_name, advised_at, advice, advises } => {
            item.what = w.event_advised(by_name);
            item.happened = when(*advised_at);
            item.pairs = answers(advises, w);
            item.words.clone_from(advice);
        }
        Event::NotKnownYet { facts } => {
            item.what = w.event_not_known_yet(facts.len());
            item.pairs = facts
                .iter()
                .map(|fact| (fact.question().in_language(w.0).to_owned(), w.unknown().to_owned()))
                .collect();
        }
        Event::EnisaAdjusted { score, reason } => {
            item.what = if score.is_some() { w.event_enisa_adjusted() } else { w.event_enisa_taken_back() }.to_owned();
            if let Some(score) = score {
                let score = score_view(*score, w);
                item.pairs = vec![(score.level, score.formula)];
            }
            item.words.clone_from(reason);
        }
        Event::SubjectsInformed { at, count, channel } => {
            item.what = w.event_informed(*count, channel);
            item.happened = when(*at);
        }
        Event::Custody(custody) => {
            let told = evidence::told(custody, case);
            (item.what, item.pairs, item.words) = (told.what, told.pairs, told.words);
        }
        Event::Noted { text } => {
            item.what = w.event_noted().to_owned();
            item.words.clone_from(text);
        }
        Event::Closed { lessons } => {
            item.what = w.event_closed().to_owned();
            item.words.clone_from(lessons);
        }
        Event::Reopened { reason } => {
            item.what = w.event_reopened().to_owned();
            item.words.clone_from(reason);
        }
        Event::HoldPlaced { reason } => {
            item.what = w.event_held().to_owned();
            item.words.clone_from(reason);
        }
        Event::HoldReleased { reason } => {
            item.what = w.event_released().to_owned();
            item.words.clone_from(reason);
        }
        Event::Erased(erasure) => {
            item.what = w.event_erased(erasure.entries, erasure.ground.because().in_language(w.0));
            item.words.clone_from(&erasure.reason);
        }
        Event::EntriesErased { ground, reason, entries } => {
            let because = ground.because();
            // What an earlier erasure took is not erased twice: it was told anew, and the words between went.
            let earlier =
                || case.incident.timeline.iter().take(place).filter_map(|one| one.index.zip(erased(&one.event)));
            let is_new =
                |index: u64| !earlier().any(|(own, taken)| own == index || taken.iter().any(|one| one.index == index));
            item.what = match entries.iter().filter(|one| is_new(one.index)).count() as u64 {
                0 => w.event_told_anew(because.in_language(w.0)),
                count => w.event_erased(count, because.in_language(w.0)),
            };
            item.words.clone_from(reason);
        }
        Event::Gone { kind } => item.what = w.event_gone(incident::kind_name(kind).in_language(w.0)),
    }
}

/// The entries that an event erased by themselves.
fn erased(event: &Event) -> Option<&[ErasedEntry]> {
    match event {
        Event::EntriesErased { entries, .. } => Some(entries),
        _ => None,
    }
}

/// Each duty with yes or no.
fn answers(duties: &BTreeMap<Duty, bool>, w: Words) -> Vec<(String, String)> {
    let answer = |is_to_do: bool| if is_to_do { w.decision_yes() } else { w.decision_no() }.to_owned();
    duties.iter().map(|(duty, is_to_do)| (duty.name().in_language(w.0).to_owned(), answer(*is_to_do))).collect()
}
