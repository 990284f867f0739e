//! What was sent: the report entered in the AP's own form, and the persons told. A person says so; we never claim it.

use axum::response::Response;

use app::NewReport;
use incident::{Refusal, ReportKind};

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent, whole};
use crate::moment_fields::MomentFields;
use crate::pages::incident::documents::{Again, documents_page};

/// `POST …/documenten/gemeld`
pub(crate) async fn notified(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let receipt = sent.text("meldingsnummer").to_owned();
    if receipt.is_empty() {
        problems.add("meldingsnummer", Refusal::ReceiptNeeded.text().in_language(w.0));
    }
    let (mut fields, at) = MomentFields::read("gemeld", &sent, &case.desk.zone, w, &mut problems);
    if let (Some(at), true) = (at, problems.is_empty()) {
        // What follows a report that stands supplements it; the same moment again corrects its number.
        let is_first = case.incident.authority_notified.as_ref().is_none_or(|(first, _)| at <= *first);
        let kind = if is_first { ReportKind::First } else { ReportKind::Supplement };
        let reporter = visit.app().person(&case.desk.seat.who).await?;
        let report = NewReport { kind, at, receipt, reason: None };
        let (scope, number) = (&case.desk.scope, case.number());
        match visit.app().record_report(scope, number, None, report, Some(&reporter), visit.now).await {
            Ok(_) => return onward(&format!("{}#ap", case.saved(Tab::Documents, "gemeld"))),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture => "gemeld-tijd",
                    Refusal::ReceiptNeeded => "meldingsnummer",
                    _ => "",
                })?;
                fields.blame(problems.at("gemeld-tijd"));
            }
        }
    }
    let filled = Filled::from_sent(&sent, &["meldingsnummer"]);
    page_again(&documents_page(&case, Again { problems, filled, notified: Some(fields), informed: None }).await?)
}

/// `POST …/documenten/ingelicht`
pub(crate) async fn informed(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let count = whole(sent.text("aantal")).and_then(|digits| digits.parse::<u64>().ok());
    if count.is_none() {
        problems.add("aantal", w.wrong_whole());
    }
    let channel = sent.text("kanaal").to_owned();
    if channel.is_empty() {
        problems.add("kanaal", w.channel_needed());
    }
    let (mut fields, at) = MomentFields::read("ingelicht", &sent, &case.desk.zone, w, &mut problems);
    if let (Some(at), Some(count), true) = (at, count, problems.is_empty()) {
        let recorded =
            visit.app().record_subjects_informed(&case.desk.scope, case.number(), at, count, channel, visit.now).await;
        match recorded {
            Ok(_) => return onward(&format!("{}#brief", case.saved(Tab::Documents, "ingelicht"))),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture => "ingelicht-tijd",
                    Refusal::ReasonNeeded => "kanaal",
                    _ => "",
                })?;
                fields.blame(problems.at("ingelicht-tijd"));
            }
        }
    }
    let filled = Filled::from_sent(&sent, &["aantal", "kanaal"]);
    page_again(&documents_page(&case, Again { problems, filled, notified: None, informed: Some(fields) }).await?)
}
