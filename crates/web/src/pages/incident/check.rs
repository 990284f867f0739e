//! What the sensor saw, looked at by a person: until then no clock runs, and the page says what to do first.

use axum::response::Response;

use app::StoredDetection;
use contract::detection::{DetectionLine, Kind};
use incident::{Incident, Opening, Permission, Refusal};

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::merge;
use crate::pages::incident::overview::{Again, overview_page};

/// The check of a detection, as the overview shows it.
pub(crate) struct CheckView {
    /// Nobody has looked yet.
    pub(crate) is_open: bool,
    /// Who looked, when, and what they said.
    pub(crate) done: Option<(String, String)>,
    /// What to do before anything else.
    pub(crate) do_first: &'static str,
    pub(crate) may_check: bool,
    pub(crate) seen: usize,
}

/// The check of an incident that a sensor opened; nothing for one that a person reported.
pub(crate) fn view(case: &CaseFile, rests_on: &[StoredDetection]) -> Option<CheckView> {
    let (w, incident) = (case.w(), &case.incident);
    if !matches!(incident.opening, Opening::Detected { .. }) {
        return None;
    }
    let done = incident.detection_checked.as_ref().map(|checked| {
        let (name, at) = (checked.by.name(), case.desk.when(checked.at).words);
        let said = if checked.is_real { w.check_done_real(name, &at) } else { w.check_done_false(name, &at) };
        (said, checked.note.clone().unwrap_or_default())
    });
    Some(CheckView {
        is_open: incident.is_unchecked_detection(),
        done,
        do_first: if is_only_readable(rests_on) { w.check_stop_sending() } else { w.check_do_first() },
        may_check: case.desk.allows(Permission::HandleIncident) && incident.closed_at.is_none(),
        seen: incident.timeline.len(),
    })
}

/// Whether nothing else was seen than that something crossed the network readable: no device is to be taken off it for that.
fn is_only_readable(rests_on: &[StoredDetection]) -> bool {
    let is_readable = |one: &StoredDetection| {
        let line = serde_json::from_str::<DetectionLine>(&one.json);
        line.is_ok_and(|line| matches!(line.kind, Kind::CleartextCredentials | Kind::CleartextPersonalData))
    };
    !rests_on.is_empty() && rests_on.iter().all(is_readable)
}

/// `POST …/waarneming`
pub(crate) async fn take(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let outcome = record(&case, &sent).await;
    if merge::came_between(&outcome) { record(&case.open_anew().await?, &sent).await } else { outcome }
}

async fn record(case: &CaseFile, sent: &Sent) -> Result<Response, Failure> {
    let (w, visit, incident) = (case.w(), &case.desk.visit, &case.incident);
    let mut problems = Problems::new();
    let is_real = match sent.text("waarneming") {
        "ja" => Some(true),
        "nee" => Some(false),
        _ => {
            problems.add("waarneming", w.check_choose());
            None
        }
    };
    let note = Some(sent.text("waarneming-notitie").to_owned()).filter(|note| !note.is_empty());
    if is_real == Some(false) && note.is_none() {
        problems.add("waarneming-notitie", Refusal::ReasonNeeded.text().in_language(w.0));
    }
    match merge::seen(incident, sent) {
        None => problems.add("", w.form_not_whole()),
        Some(then) if then.detection_checked != incident.detection_checked => {
            let checked = incident.detection_checked.as_ref();
            // The same twice: a button pressed twice.
            if checked.map(|checked| (Some(checked.is_real), &checked.note)) == Some((is_real, &note)) {
                return onward(&case.saved(Tab::Overview, "waarneming"));
            }
            let name = checked.map_or("Dijkwacht", |checked| checked.by.name());
            problems.add("waarneming", w.check_meanwhile(name));
        }
        // Who says that it is nothing has seen all that it is. The form that comes back shows it.
        Some(then) if is_real == Some(false) && has_more_than(incident, &then) => {
            problems.add("waarneming", w.check_saw_more());
        }
        Some(_) => {}
    }
    if let (Some(is_real), true) = (is_real, problems.is_empty()) {
        let entries = Some(incident.timeline.len() as u64);
        let scope = &case.desk.scope;
        match visit.app().check_detection(scope, case.number(), entries, is_real, note, visit.now).await {
            Ok(_) => return onward(&case.saved(Tab::Overview, "waarneming")),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::ReasonNeeded => "waarneming-notitie",
                    Refusal::NothingChanges => "waarneming",
                    _ => "",
                })?;
            }
        }
    }
    let filled = Filled::from_sent(sent, &["waarneming", "waarneming-notitie"]);
    page_again(&overview_page(case, Again { problems, filled }).await?)
}

/// Whether the sensor told more of it since.
fn has_more_than(incident: &Incident, then: &Incident) -> bool {
    then.detections_added().count() < incident.detections_added().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_taken_off_the_network_for_more_than_what_is_readable() {
        let stored = |kind: &&str| StoredDetection {
            id: (*kind).to_owned(),
            sha256: String::new(),
            json: format!(
                r#"{{"type":"detection","id":"{kind}","first_at":"2026-11-29T08:00:00Z","last_at":"2026-11-29T09:00:00Z","host":{{"ip":"10.0.0.5"}},"kind":"{kind}","severity":"high","confidence":0.9,"technique":[],"remote":{{}},"evidence":{{}},"summary":{{"nl":"","en":""}}}}"#
            ),
        };
        for (kinds, expected) in [
            (vec!["cleartext_personal_data"], true),
            (vec!["cleartext_personal_data", "cleartext_credentials"], true),
            (vec!["cleartext_personal_data", "malware_protocol"], false),
            (vec!["exfiltration"], false),
            // What this program cannot read may be anything.
            (vec!["cleartext_personal_data", "of_later"], false),
            (vec![], false),
        ] {
            let rests_on: Vec<_> = kinds.iter().map(stored).collect();
            assert_eq!(is_only_readable(&rests_on), expected, "{kinds:?}");
        }
    }
}
