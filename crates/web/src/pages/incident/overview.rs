//! An incident at a glance: what happened, on which detections it rests, the times, the advice and the decision.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;

use app::{DetectionRow, StoredDetection};
use contract::detection::{DetectionLine, Severity};
use contract::sensor::Exception;
use incident::{Opening, Permission, SeenInAll, Urgency};
use law::verdict::{Duty, Outcome};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, page};
use crate::forms::{Filled, Problems};
use crate::frame::Frame;
use crate::pages::incident::check::{self, CheckView};
use crate::pages::incident::standing::DecisionView;
use crate::pages::incident::still::{self, RestView};
use crate::pages::incident::turned::{self, TurnedView};
use crate::pages::sensors::figures;
use crate::view::sensor::{detection_of, many_sides};
use crate::view::span::Span;
use crate::view::verdict::{DutyView, duties, sentence};
use crate::words::Words;

#[derive(Template)]
#[template(path = "incident/overview.html")]
pub(crate) struct OverviewPage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    problems: Problems,
    filled: Filled,
    check: Option<CheckView>,
    /// Whether who looks can still say that it was a false alarm, which nobody said.
    may_reject: bool,
    /// Whether everything on which it rests was called ordinary, and not a part of it.
    is_all_ordinary: bool,
    turned: Option<TurnedView>,
    /// Another register closed it: what that says, in the place of advice.
    rest: Option<RestView>,
    clocks_href: String,
    /// A person's own words, where one reported it.
    said: Option<String>,
    /// The sensor's summary, where it opened the incident; whence it comes, where it was taken over.
    summary: Option<String>,
    /// That the sensor saw worse since it was opened, and when.
    raised: Option<String>,
    /// That the sensor saw more since anybody last did something here, and not only what made it more urgent: how much and when,
    /// and the gravest of the newest.
    added: Option<(String, String)>,
    pairs: Vec<(String, String)>,
    detections: Vec<DetectionView>,
    span: Option<Span>,
    sentence: String,
    duties: Vec<DutyView>,
    verdict_href: String,
    decision: Option<DecisionView>,
    decide_href: Option<String>,
    times: Vec<(&'static str, String)>,
}

struct DetectionView {
    /// Absent where it is what the page says already.
    summary: Option<String>,
    /// Where it stands as the sensor has it now.
    href: Option<String>,
    /// Who called it ordinary since, when and why.
    ordinary: Option<String>,
    pairs: Vec<(&'static str, String)>,
    evidence: Vec<(String, String)>,
}

/// What the form on this page sent, when it has to be shown again.
#[derive(Default)]
pub(crate) struct Again {
    pub(crate) problems: Problems,
    pub(crate) filled: Filled,
}

/// `GET …/incidenten/{number}`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    match still::erased_instead(&case, Tab::Overview)? {
        Some(page) => Ok(page),
        None => page(&overview_page(&case, Again::default()).await?),
    }
}

pub(crate) async fn overview_page(case: &CaseFile, again: Again) -> Result<OverviewPage, Failure> {
    let w = case.w();
    let head = case.head(Tab::Overview);
    let verdict = case.verdict()?;
    let visit = &case.desk.visit;
    let mut stored = visit.app().detections(&case.desk.scope, &case.incident).await?;
    let newest = visit.app().newest_detections(&case.desk.scope, &case.incident).await?;
    let ordinary = match case.desk.allows(Permission::ReadDetections) {
        true => visit.app().called_ordinary(&case.desk.scope, &newest).await?,
        false => BTreeMap::new(),
    };
    let is_all_ordinary = stored.iter().all(|one| ordinary.contains_key(&one.id));
    let ordinary = |id: &str| ordinary.get(id).map(|(exception, at)| called_ordinary(exception, *at, case));
    // What it was opened with first, then what was added, as it came.
    stored.sort_by_key(|one| case.incident.detection_added_at(&one.id));
    let clock = app::IncidentLine::of(&case.incident).clock;
    let (said, summary, pairs) = opening(case);
    // What the page says of it already holds for the one detection with which it was opened, and not for more.
    let is_added_to = case.incident.detections_added().next().is_some();
    let told = summary.as_deref().filter(|_| !is_added_to);
    let frame = case.frame(Tab::Overview);
    let check = check::view(case, &stored);
    Ok(OverviewPage {
        frame: if again.problems.is_empty() { frame } else { frame.with_problems() },
        w,
        detections: stored
            .iter()
            .filter_map(|one| {
                let view = detection(one, newest.get(&one.id), told, case)?;
                Some(DetectionView { ordinary: ordinary(&one.id), ..view })
            })
            .collect(),
        span: clock.map(|clock| Span::new(&case.incident, &clock, visit.now, &case.desk.zone, w)),
        sentence: sentence(&verdict, head.clock.as_ref().map(|clock| &clock.target), w),
        duties: duties(&verdict, head.clock.as_ref().map(|clock| &clock.target), w)
            .into_iter()
            .filter(|view| view.duty != Duty::Document && verdict.duty(view.duty).outcome != Outcome::Undetermined)
            .collect(),
        verdict_href: case.page(Tab::Verdict),
        decision: DecisionView::of(&case.incident, &case.desk),
        decide_href: case.desk.allows(Permission::Decide).then(|| case.page(Tab::Decision)),
        times: times(case),
        base: case.base(),
        problems: again.problems,
        filled: again.filled,
        may_reject: check.as_ref().is_some_and(|check| check.may_check) && !case.incident.is_false_alarm(),
        is_all_ordinary,
        check,
        turned: turned::notice(case, &verdict),
        rest: RestView::of(case),
        clocks_href: case.page(Tab::Clocks),
        raised: raised(case),
        added: added(case),
        said,
        summary,
        pairs,
        head,
    })
}

type Told = (Option<String>, Option<String>, Vec<(String, String)>);

fn opening(case: &CaseFile) -> Told {
    let w = case.w();
    match &case.incident.opening {
        Opening::Reported { what, when_said, whose_said, done_said, contact } => {
            let asked = [
                (w.said_when(), when_said),
                (w.said_whose(), whose_said),
                (w.said_done(), done_said),
                (w.said_contact(), contact),
            ];
            let mut pairs: Vec<_> =
                asked.into_iter().filter_map(|(name, said)| said.clone().map(|said| (name.to_owned(), said))).collect();
            if contact.is_none() {
                // Who left it and had it erased did not report anonymously.
                let first = case.incident.timeline.first().and_then(|stamped| stamped.index);
                let none = if case.incident.is_told_anew(first) { w.told_erased() } else { w.anonymous() };
                pairs.push((w.said_contact().to_owned(), none.to_owned()));
            }
            (Some(what.clone()), None, pairs)
        }
        Opening::Detected { urgency, host, summary, .. } => {
            let mut pairs = vec![(w.host().to_owned(), host.clone())];
            if let Some(seen) = case.incident.seen_in_all() {
                pairs.push((w.urgency().to_owned(), urgency_since(&seen, *urgency, w)));
                pairs.push((w.seen_from().to_owned(), case.desk.when(seen.first_at).words));
                pairs.push((w.seen_until().to_owned(), case.desk.when(seen.last_at).words));
            }
            (None, Some(summary.in_language(w.0).to_owned()), pairs)
        }
        Opening::Imported(imported) => {
            let from = w.imported_from(&imported.file, imported.row);
            (None, Some(from), imported.cells.clone())
        }
        Opening::Erased => (None, None, Vec::new()),
    }
}

/// How urgent it is now, and what it was when it was opened where that is something else.
fn urgency_since(seen: &SeenInAll, opened: Urgency, w: Words) -> String {
    match seen.raised_at {
        Some(_) => w.urgency_since(&urgency_words(seen.urgency, w), &urgency_words(opened, w)),
        None => urgency_words(seen.urgency, w),
    }
}

/// That it became more urgent while people handle it.
fn raised(case: &CaseFile) -> Option<String> {
    let (w, incident) = (case.w(), &case.incident);
    let Opening::Detected { urgency: opened, .. } = &incident.opening else { return None };
    let seen = incident.seen_in_all().filter(|_| incident.closed_at.is_none())?;
    let at = case.desk.when(seen.raised_at?).words;
    Some(w.urgency_raised_text(&at, &urgency_words(*opened, w), &urgency_words(seen.urgency, w)))
}

/// What came since anybody did something here.
fn added(case: &CaseFile) -> Option<(String, String)> {
    let (w, incident) = (case.w(), &case.incident);
    let added: Vec<_> = incident.detections_added_since().filter(|_| incident.closed_at.is_none()).collect();
    // What made it more urgent is told with that.
    let raised_at = incident.seen_in_all().and_then(|seen| seen.raised_at);
    if added.iter().all(|(at, _)| Some(*at) == raised_at) {
        return None;
    }
    let new: BTreeSet<&str> = added.iter().flat_map(|(_, one)| &one.detections).map(|(id, _)| id.as_str()).collect();
    let grown: BTreeSet<&str> = added.iter().flat_map(|(_, one)| &one.grown).map(|one| one.id.as_str()).collect();
    // What is new and grew since is new.
    let (new, grown) = (new.len(), grown.difference(&new).count());
    let (at, newest) = added.last().filter(|_| new + grown > 0)?;
    let said = newest.summary.in_language(w.0).lines().next().unwrap_or_default().to_owned();
    Some((w.sensor_saw_more(new, grown, &case.desk.when(*at).words), said))
}

/// A stored detection; nothing for one that this version cannot read (its hash still proves it). While the incident is open it
/// is told as the sensor said it last.
fn detection(
    stored: &StoredDetection,
    newest: Option<&DetectionRow>,
    said: Option<&str>,
    case: &CaseFile,
) -> Option<DetectionView> {
    let w = case.w();
    let at_first: DetectionLine = serde_json::from_str(&stored.json).ok()?;
    let is_open = case.incident.closed_at.is_none();
    let now = newest.filter(|_| is_open).and_then(|newest| serde_json::from_str::<DetectionLine>(&newest.json).ok());
    let now = now.filter(|now| now.last_at > at_first.last_at || now.severity > at_first.severity);
    let newest_said = now.as_ref().map(|now| match now.last_at > at_first.last_at {
        true => w.detection_newest_since(&case.desk.when(at_first.last_at).words),
        false => w.detection_newest_graver().to_owned(),
    });
    let line = now.unwrap_or(at_first);
    let host = match &line.host.name {
        Some(name) => format!("{name} ({})", line.host.ip),
        None => line.host.ip.to_string(),
    };
    let remote = &line.remote;
    let place = remote.domain.clone().or_else(|| remote.ip.map(|ip| ip.to_string()));
    let place = place.map(|place| match remote.port {
        Some(port) => w.place_and_port(&place, port),
        None => place,
    });
    let place = many_sides(&line, w).or(place);
    let summary = match w.0 {
        facts::Language::Dutch => line.summary.nl,
        facts::Language::English => line.summary.en,
    };
    let is_told = newest_said.is_none() && said == Some(summary.as_str());
    let mut pairs = vec![(w.host(), host)];
    pairs.extend(place.map(|place| (w.other_side(), place)));
    pairs.push((w.confidence(), w.percent((line.confidence * 100.0).round())));
    if !is_told {
        pairs.push((w.urgency(), urgency_words(urgency(line.severity), w)));
        pairs.push((w.seen_from(), case.desk.when(line.first_at).words));
        pairs.push((w.seen_until(), case.desk.when(line.last_at).words));
    }
    pairs.extend(newest_said.map(|said| (w.detection_newest(), said)));
    if let Some(at) = case.incident.detection_added_at(&stored.id) {
        pairs.push((w.detection_added(), case.desk.when(at).words));
    }
    if !line.technique.is_empty() {
        pairs.push((w.technique(), line.technique.join(", ")));
    }
    let evidence = figures::in_words(&line.evidence, &figures::IN_PICTURES, w);
    let newest = newest.filter(|_| case.desk.allows(Permission::ReadDetections));
    let href = newest.map(|newest| detection_of(&newest.sensor.to_string(), &stored.id, &case.desk));
    Some(DetectionView { summary: (!is_told).then_some(summary), href, ordinary: None, pairs, evidence })
}

/// That somebody made an exception that covers a detection.
fn called_ordinary(exception: &Exception, at: Timestamp, case: &CaseFile) -> String {
    let w = case.w();
    w.detection_ordinary(&exception.author, &case.desk.day(at), w.reason_of(exception))
}

fn urgency(severity: Severity) -> Urgency {
    match severity {
        Severity::Low => Urgency::Low,
        Severity::Medium => Urgency::Medium,
        Severity::High => Urgency::High,
        Severity::Critical => Urgency::Critical,
    }
}

fn urgency_words(urgency: Urgency, w: Words) -> String {
    urgency.name().in_language(w.0).to_owned()
}

fn times(case: &CaseFile) -> Vec<(&'static str, String)> {
    let (w, incident) = (case.w(), &case.incident);
    let when = |at| case.when(at).words;
    let aware = match &incident.aware {
        Some(aware) if incident.is_day_only(aware.at) => when(aware.at),
        Some(aware) if aware.is_estimated => w.roughly(&when(aware.at)),
        Some(aware) => when(aware.at),
        None if incident.is_imported_at_rest() => w.not_said().to_owned(),
        None => w.aware_not_set().to_owned(),
    };
    let opened = if incident.imported().is_some() { w.mark_taken_over() } else { w.mark_opened() };
    let mut times = vec![
        (w.mark_signal(), incident.known_signal().map_or_else(|| w.not_said().to_owned(), when)),
        (opened, when(incident.opened_at)),
        (w.mark_aware(), aware),
    ];
    if let Some(at) = incident.informed_by_processor_at {
        times.insert(1, (w.mark_processor(), when(at)));
    }
    if let Some((at, receipt)) = &incident.authority_notified {
        let told = if receipt.is_empty() { when(*at) } else { w.with_receipt(&when(*at), receipt) };
        times.push((w.mark_notified(), told));
    }
    for one in &incident.subjects_informed {
        times.push((w.mark_informed(), w.informed_line(&when(one.at), one.count, &one.channel)));
    }
    if let Some(at) = incident.closed_at {
        let unsaid = || documents::register_extract::closing_unsaid(at).in_language(w.0).to_owned();
        times.push((w.mark_closed(), if incident.is_closing_unsaid() { unsaid() } else { when(at) }));
    }
    times
}
