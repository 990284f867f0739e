//! What was sent: the report entered in the AP's own form, the steps to the CSIRT, the controllers warned, the persons told.
//! A person says so; we never claim it.

use axum::response::Response;
use jiff::Timestamp;

use app::{Error, NewReport};
use incident::{Incident, Informed, Refusal, ReportKind};
use law::verdict::CsirtStepKind;

use crate::address::Tab;
use crate::case_file::CaseFile;
use crate::failure::{Failure, onward, page_again};
use crate::forms::{Filled, Problems, Sent, whole};
use crate::moment_fields::MomentFields;
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::documents::{Again, documents_page, is_late, key_of};

/// `POST …/documenten/gemeld`: the first report, a supplement to it, its withdrawal, or its number once more.
pub(crate) async fn notified(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let w = case.w();
    let mut problems = Problems::new();
    let receipt = sent.text("meldingsnummer").to_owned();
    let (mut fields, at) = moment(&case, &sent, &mut problems);
    let kind = at.and_then(|at| kind_of(&sent, &case.incident, at));
    if at.is_some() && kind.is_none() {
        problems.add("soort-melding", w.record_kind_needed());
    }
    if receipt.is_empty() && kind.is_none_or(|kind| kind == ReportKind::First) {
        problems.add("meldingsnummer", Refusal::ReceiptNeeded.text().in_language(w.0));
    }
    let reason = Some(sent.text("reden").to_owned()).filter(|reason| !reason.is_empty());
    if kind == Some(ReportKind::Withdrawal) && reason.is_none() {
        problems.add("reden", Refusal::ReasonNeeded.text().in_language(w.0));
    }
    let late = sent.text("te-laat");
    let is_first = kind == Some(ReportKind::First) && case.incident.authority_notified.is_none();
    if let Some(at) = at.filter(|_| is_first && case.incident.aware.is_some() && late.is_empty()) {
        let is_said = case.incident.narrative.late_reason.is_some();
        if !is_said && is_late(&case.verdict()?, at) {
            problems.add("te-laat", w.record_late_needed());
        }
    }
    if let (Some(at), Some(kind), true) = (at, kind, problems.is_empty()) {
        let late_reason = Some(late.to_owned()).filter(|late| !late.is_empty());
        let report = NewReport { kind, at, receipt, reason, late_reason };
        let visit = &case.desk.visit;
        let reporter = visit.app().person(&case.desk.seat.who).await?;
        let (scope, number) = (&case.desk.scope, case.number());
        match visit.app().record_report(scope, number, Some(seen(&sent)), report, Some(&reporter), visit.now).await {
            Ok(_) => return onward(&format!("{}#ap", case.saved(Tab::Documents, "gemeld"))),
            Err(Error::Conflict) => {
                let filled = Filled::from_sent(&sent, &NOTIFIED);
                return conflict(case, &sent, Again { filled, notified: Some(fields), ..Again::default() }).await;
            }
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture
                    | Refusal::BeforeTheSignal
                    | Refusal::BeforeTheReport
                    | Refusal::BeforeTheLaw => "gemeld-tijd",
                    Refusal::ReceiptNeeded => "meldingsnummer",
                    Refusal::ReasonNeeded => "reden",
                    Refusal::AlreadyReported | Refusal::NothingReported => "soort-melding",
                    _ => "",
                })?;
                fields.blame(problems.at("gemeld-tijd"));
            }
        }
    }
    let again =
        Again { problems, filled: Filled::from_sent(&sent, &NOTIFIED), notified: Some(fields), ..Again::default() };
    page_again(&documents_page(&case, Again { seen: Some(seen(&sent)), ..again }).await?)
}

/// The fields of the form that records a report, besides its moment's.
const NOTIFIED: [&str; 4] = ["meldingsnummer", "soort-melding", "reden", "te-laat"];

/// How many entries whoever sends a form had seen. Who sends no number has not seen the page.
fn seen(sent: &Sent) -> u64 {
    sent.text("gezien").parse().unwrap_or_default()
}

/// The page once more, with what another recorded in the meantime and what was typed.
async fn conflict(case: CaseFile, sent: &Sent, again: Again) -> Result<Response, Failure> {
    let case = case.open_anew().await?;
    let since = usize::try_from(seen(sent)).ok();
    page_again(&documents_page(&case, Again { since, ..again }).await?)
}

/// When it was reported. Who only corrects the first report's number leaves its moment as it was.
fn moment(case: &CaseFile, sent: &Sent, problems: &mut Problems) -> (MomentFields, Option<Timestamp>) {
    match &case.incident.authority_notified {
        Some((first, _)) if sent.text("soort-melding") == key_of(ReportKind::First) => {
            (case.fields("gemeld", Some(*first)), Some(*first))
        }
        _ => MomentFields::read("gemeld", sent, &case.desk.zone, case.w(), problems),
    }
}

/// What kind of report it is. Where nothing was chosen, what follows a report that stands supplements it.
fn kind_of(sent: &Sent, incident: &Incident, at: Timestamp) -> Option<ReportKind> {
    let Some((first, _)) = &incident.authority_notified else { return Some(ReportKind::First) };
    let asked = sent.text("soort-melding");
    if asked.is_empty() {
        return Some(if at <= *first { ReportKind::First } else { ReportKind::Supplement });
    }
    let kinds = [ReportKind::First, ReportKind::Supplement, ReportKind::Withdrawal];
    kinds.into_iter().find(|kind| key_of(*kind) == asked)
}

/// `POST …/documenten/gewaarschuwd`: a processor warned its controllers.
pub(crate) async fn warned(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let count = whole(sent.text("opdrachtgevers")).and_then(|digits| digits.parse::<u64>().ok());
    if count.is_none() {
        problems.add("opdrachtgevers", w.wrong_whole());
    }
    let channel = sent.text("hoe").to_owned();
    if channel.is_empty() {
        problems.add("hoe", w.controllers_channel_needed());
    }
    let (mut fields, at) = MomentFields::read("gewaarschuwd", &sent, &case.desk.zone, w, &mut problems);
    if let (Some(at), Some(count), true) = (at, count, problems.is_empty()) {
        let (scope, number) = (&case.desk.scope, case.number());
        match visit.app().record_controllers_warned(scope, number, None, at, count, channel, visit.now).await {
            Ok(_) => return onward(&format!("{}#opdrachtgever", case.saved(Tab::Documents, "gewaarschuwd"))),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture | Refusal::BeforeTheSignal | Refusal::BeforeTheLaw => "gewaarschuwd-tijd",
                    Refusal::NobodyWarned => "opdrachtgevers",
                    Refusal::ReasonNeeded => "hoe",
                    _ => "",
                })?;
                fields.blame(problems.at("gewaarschuwd-tijd"));
            }
        }
    }
    let filled = Filled::from_sent(&sent, &["opdrachtgevers", "hoe"]);
    page_again(&documents_page(&case, Again { problems, filled, warned: Some(fields), ..Again::default() }).await?)
}

/// `POST …/documenten/csirt`: a step of telling the CSIRT.
pub(crate) async fn csirt(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let step = CsirtStepKind::from_key(sent.text("stap"));
    if step.is_none() {
        problems.add("stap", w.csirt_which_needed());
    }
    let (mut fields, at) = MomentFields::read("csirt", &sent, &case.desk.zone, w, &mut problems);
    if let (Some(at), Some(step), true) = (at, step, problems.is_empty()) {
        let receipt = sent.text("kenmerk").to_owned();
        let (scope, number) = (&case.desk.scope, case.number());
        match visit.app().record_csirt_notified(scope, number, None, step, at, receipt, visit.now).await {
            Ok(_) => return onward(&format!("{}#csirt", case.saved(Tab::Documents, "csirt"))),
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture | Refusal::BeforeTheSignal | Refusal::BeforeTheLaw => "csirt-tijd",
                    Refusal::CsirtNotificationFirst => "stap",
                    _ => "",
                })?;
                fields.blame(problems.at("csirt-tijd"));
            }
        }
    }
    let filled = Filled::from_sent(&sent, &["stap", "kenmerk"]);
    page_again(&documents_page(&case, Again { problems, filled, csirt: Some(fields), ..Again::default() }).await?)
}

/// `POST …/documenten/ingelicht`
pub(crate) async fn informed(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let (w, visit) = (case.w(), &case.desk.visit);
    let mut problems = Problems::new();
    let count = whole(sent.text("aantal")).and_then(|digits| digits.parse::<u64>().ok());
    // More persons than there are on earth is a slip.
    let count = count.filter(|count| *count <= 10_000_000_000);
    if count.is_none() {
        problems.add("aantal", w.wrong_whole());
    }
    let channel = sent.text("kanaal").to_owned();
    if channel.is_empty() {
        problems.add("kanaal", w.channel_needed());
    }
    let (mut fields, at) = MomentFields::read("ingelicht", &sent, &case.desk.zone, w, &mut problems);
    if let (Some(at), Some(count), true) = (at, count, problems.is_empty()) {
        let informed = Informed { at, count, channel };
        let (scope, number, is_correction) = (&case.desk.scope, case.number(), sent.text("verbetert") == "ja");
        let seen = Some(seen(&sent));
        match visit.app().record_subjects_informed(scope, number, seen, informed, is_correction, visit.now).await {
            Ok(_) => return onward(&format!("{}#brief", case.saved(Tab::Documents, "ingelicht"))),
            Err(Error::Conflict) => {
                let filled = Filled::from_sent(&sent, &INFORMED);
                return conflict(case, &sent, Again { filled, informed: Some(fields), ..Again::default() }).await;
            }
            Err(error) => {
                problems = Problems::from_error(error, w, |refusal| match refusal {
                    Refusal::InTheFuture => "ingelicht-tijd",
                    Refusal::ReasonNeeded => "kanaal",
                    Refusal::NobodyInformed | Refusal::NothingChanges => "aantal",
                    _ => "",
                })?;
                fields.blame(problems.at("ingelicht-tijd"));
            }
        }
    }
    let again =
        Again { problems, filled: Filled::from_sent(&sent, &INFORMED), informed: Some(fields), ..Again::default() };
    page_again(&documents_page(&case, Again { seen: Some(seen(&sent)), ..again }).await?)
}

/// The fields of the form that records who was told, besides its moment's.
const INFORMED: [&str; 3] = ["aantal", "kanaal", "verbetert"];
