//! The two times that count: the first signal, and when the organisation knew. Set by a person, never silently moved.

use axum::response::Response;

use incident::Refusal;

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent};
use crate::moment_fields::MomentFields;
use crate::pages::incident::facts::{Again, facts_page};

/// `POST …/feiten/kennis`
pub(crate) async fn aware(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let (mut fields, at) = MomentFields::read("kennis", &sent, &case.desk.zone, w, &mut problems);
    let reason = sent.text("kennis-reden").to_owned();
    if reason.is_empty() {
        problems.add("kennis-reden", Refusal::ReasonNeeded.text().in_language(w.0));
    }
    let filled = Filled::from_sent(&sent, &["kennis-reden", "kennis-geschat"]);
    if let (Some(at), true) = (at, problems.is_empty()) {
        let is_estimated = sent.has("kennis-geschat");
        let set = visit.app().set_awareness(&case.desk.scope, case.number(), at, is_estimated, reason, visit.now).await;
        match set {
            Ok(_) => return onward(&case.page(Tab::Facts)),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::ReasonNeeded => "kennis-reden",
                    Refusal::InTheFuture | Refusal::AwareBeforeDetected => "kennis-tijd",
                    _ => "",
                })?;
                fields.blame(problems.at("kennis-tijd"));
            }
        }
    }
    page_again(&facts_page(&case, Again { problems, aware: Some((fields, filled)), ..Again::default() })?)
}

/// `POST …/feiten/ontdekt`
pub(crate) async fn detected(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let (mut fields, at) = MomentFields::read("ontdekt", &sent, &case.desk.zone, w, &mut problems);
    if let Some(at) = at {
        match visit.app().set_detected_at(&case.desk.scope, case.number(), at, visit.now).await {
            Ok(_) => return onward(&case.page(Tab::Facts)),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture | Refusal::AwareBeforeDetected => "ontdekt-tijd",
                    _ => "",
                })?;
                fields.blame(problems.at("ontdekt-tijd"));
            }
        }
    }
    page_again(&facts_page(&case, Again { problems, detected: Some(fields), ..Again::default() })?)
}
