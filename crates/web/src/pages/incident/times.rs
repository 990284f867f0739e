//! The times that count: the first signal, when the organisation knew, and when a processor's notice came in. Set by a person, never silently moved: not
//! by the program, and not by somebody who had not seen that another set them.

use axum::response::Response;

use incident::{Event, Incident, Refusal};

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::moment_fields::MomentFields;
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::facts::{Again, facts_page};
use crate::pages::incident::merge;
use crate::words::Words;

/// `POST …/feiten/kennis`
pub(crate) async fn aware(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let outcome = record_aware(&case, &sent).await;
    if merge::came_between(&outcome) { record_aware(&case.open_anew().await?, &sent).await } else { outcome }
}

async fn record_aware(case: &CaseFile, sent: &Sent) -> Result<Response, Failure> {
    match set_aware(case, sent).await? {
        None => onward(&case.saved(Tab::Facts, "kennis")),
        Some(TimeAgain { problems, fields, filled }) => {
            page_again(&facts_page(case, Again { problems, aware: Some((fields, filled)), ..Again::default() })?)
        }
    }
}

/// What was sent for a time that needs another look.
pub(crate) struct TimeAgain {
    pub(crate) problems: Problems,
    pub(crate) fields: MomentFields,
    pub(crate) filled: Filled,
}

/// Sets when the organisation knew, as a form says; nothing comes back once that is on file.
pub(crate) async fn set_aware(case: &CaseFile, sent: &Sent) -> Result<Option<TimeAgain>, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let (mut fields, at) = MomentFields::read("kennis", sent, &case.desk.zone, w, &mut problems);
    let reason = sent.text("kennis-reden").to_owned();
    if reason.is_empty() {
        problems.add("kennis-reden", Refusal::ReasonNeeded.text().in_language(w.0));
    }
    let seen = seen(case, sent, w, &mut problems);
    let set = case.incident.aware.as_ref();
    let is_estimated = sent.has("kennis-geschat");
    if let (Some(then), Some(set)) = (&seen, set)
        && then.aware.as_ref() != Some(set)
    {
        // The same twice: a button pressed twice.
        if (Some(set.at), set.is_estimated, &set.reason) == (at, is_estimated, &reason) {
            return Ok(None);
        }
        problems.add("kennis-tijd", w.set_meanwhile(set.set_by.name(), &case.desk.when(set.at).words));
    }
    if let (Some(at), true) = (at, problems.is_empty()) {
        let (scope, entries) = (&case.desk.scope, Some(case.incident.timeline.len() as u64));
        match visit.app().set_awareness(scope, case.number(), entries, at, is_estimated, reason, visit.now).await {
            Ok(_) => return Ok(None),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::ReasonNeeded => "kennis-reden",
                    Refusal::InTheFuture | Refusal::AwareBeforeDetected | Refusal::BeforeTheLaw => "kennis-tijd",
                    _ => "",
                })?;
            }
        }
    }
    fields.blame(problems.at("kennis-tijd"));
    let filled = Filled::from_sent(sent, &["kennis-reden", "kennis-geschat"]);
    Ok(Some(TimeAgain { problems, fields, filled }))
}

/// `POST …/feiten/ontdekt`
pub(crate) async fn detected(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let outcome = record_detected(&case, &sent).await;
    if merge::came_between(&outcome) { record_detected(&case.open_anew().await?, &sent).await } else { outcome }
}

async fn record_detected(case: &CaseFile, sent: &Sent) -> Result<Response, Failure> {
    match set_detected(case, sent).await? {
        None => onward(&case.saved(Tab::Facts, "ontdekt")),
        Some(TimeAgain { problems, fields, .. }) => {
            page_again(&facts_page(case, Again { problems, detected: Some(fields), ..Again::default() })?)
        }
    }
}

/// Sets the first signal, as a form says; nothing comes back once that is on file.
pub(crate) async fn set_detected(case: &CaseFile, sent: &Sent) -> Result<Option<TimeAgain>, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let (mut fields, at) = MomentFields::read("ontdekt", sent, &case.desk.zone, w, &mut problems);
    let signal = case.incident.first_signal();
    if seen(case, sent, w, &mut problems).is_some_and(|then| then.first_signal() != signal) {
        if at == Some(signal) {
            return Ok(None);
        }
        problems.add("ontdekt-tijd", w.set_meanwhile(mover(&case.incident), &case.desk.when(signal).words));
    }
    if let (Some(at), true) = (at, problems.is_empty()) {
        let entries = Some(case.incident.timeline.len() as u64);
        match visit.app().set_detected_at(&case.desk.scope, case.number(), entries, at, visit.now).await {
            Ok(_) => return Ok(None),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture | Refusal::AwareBeforeDetected => "ontdekt-tijd",
                    _ => "",
                })?;
            }
        }
    }
    fields.blame(problems.at("ontdekt-tijd"));
    Ok(Some(TimeAgain { problems, fields, filled: Filled::default() }))
}

/// `POST …/feiten/verwerker`: a processor's notice. Each is an entry of its own, and the earliest counts: none replaces
/// another.
pub(crate) async fn processor(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let (mut fields, at) = MomentFields::read("verwerker", &sent, &case.desk.zone, w, &mut problems);
    let by = sent.text("verwerker-naam").to_owned();
    if by.is_empty() {
        problems.add("verwerker-naam", Refusal::ProcessorUnnamed.text().in_language(w.0));
    }
    if let (Some(at), true) = (at, problems.is_empty()) {
        match visit.app().record_processor_informed(&case.desk.scope, case.number(), None, at, by, visit.now).await {
            Ok(_) => return onward(&format!("{}#verwerker", case.saved(Tab::Facts, "verwerker"))),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::ProcessorUnnamed => "verwerker-naam",
                    Refusal::InTheFuture | Refusal::BeforeTheLaw => "verwerker-tijd",
                    _ => "",
                })?;
                fields.blame(problems.at("verwerker-tijd"));
            }
        }
    }
    let filled = Filled::from_sent(&sent, &["verwerker-naam"]);
    page_again(&facts_page(&case, Again { problems, processor: Some((fields, filled)), ..Again::default() })?)
}

/// The incident as the sender saw it; without it nobody knows whether they saw the time that stands now.
fn seen(case: &CaseFile, sent: &Sent, w: Words, problems: &mut Problems) -> Option<Incident> {
    let seen = merge::seen(&case.incident, sent);
    if seen.is_none() {
        problems.add("", w.form_not_whole());
    }
    seen
}

/// Who moved the first signal last: by setting it, or by saying that the organisation knew before.
pub(crate) fn mover(incident: &Incident) -> &str {
    let moved = |event: &Event| matches!(event, Event::DetectedAtSet { .. } | Event::AwarenessSet { .. });
    let last = incident.timeline.iter().rev().find(|stamped| moved(&stamped.event));
    last.map_or("Dijkwacht", |stamped| stamped.by.name())
}
