//! The documents: which report the case asks for, the forms field by field, who else must be told, the letter to the
//! persons, their PDFs, and what was sent.

mod due;
mod form;
mod others;

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use app::{Error, PaperKind};
use documents::dossier::{self, Purpose};
use documents::{Block, Run};
use facts::Language;
use incident::{Event, Permission, ReportKind};
use law::verdict::{LawStatus, Verdict};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, onward, page};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::moment_fields::MomentFields;
use crate::pages::incident::closed::OpenCase;
use crate::pages::incident::still;
use crate::pages::incident::timeline::{self, Item};
use crate::pages::sign_in::form_value;
use crate::words::Words;
use due::{DueView, ReportView, reports};
use form::FormView;
use others::{ControllersView, CsirtView, controllers, csirt};

pub(crate) use due::key_of;

#[derive(Template)]
#[template(path = "incident/documents.html")]
pub(crate) struct DocumentsPage {
    frame: Frame,
    w: Words,
    head: Head,
    base: String,
    may_handle: bool,
    problems: Problems,
    filled: Filled,
    /// How many entries the incident had when its forms were shown.
    seen: u64,
    /// What another recorded since whoever sent a form saw the page; nothing where that is not so.
    meanwhile: Vec<Item>,
    /// Nothing is reported under the law that judges it: it has no forms.
    is_historical: bool,
    due: DueView,
    forms: Vec<Choice>,
    purposes: Vec<Choice>,
    form: Option<FormView>,
    /// The PDF that is made of the form, for which report.
    kind: &'static str,
    purpose: &'static str,
    json: String,
    made_dossiers: Vec<MadeView>,
    reports: Vec<ReportView>,
    has_report: bool,
    asks_late: bool,
    notified_at: MomentFields,
    controllers: Option<ControllersView>,
    warned_at: MomentFields,
    csirt: Option<CsirtView>,
    csirt_at: MomentFields,
    letter: Vec<Block>,
    letter_tag: &'static str,
    other_letter: &'static str,
    made_letters: Vec<MadeView>,
    informed: Vec<String>,
    informed_in_all: String,
    informed_at: MomentFields,
    made_reasonings: Vec<MadeView>,
}

struct Choice {
    href: String,
    label: String,
    is_here: bool,
}

struct MadeView {
    href: String,
    label: String,
    /// Where it is erased, for who may.
    erase: Option<String>,
}

/// What a form on this page sent, when it has to be shown again.
#[derive(Default)]
pub(crate) struct Again {
    pub(crate) problems: Problems,
    pub(crate) filled: Filled,
    pub(crate) notified: Option<MomentFields>,
    pub(crate) informed: Option<MomentFields>,
    pub(crate) warned: Option<MomentFields>,
    pub(crate) csirt: Option<MomentFields>,
    /// After how many entries another recorded what whoever sent the form had not seen.
    pub(crate) since: Option<usize>,
    /// How many entries had been seen, where what was sent still rests on those.
    pub(crate) seen: Option<u64>,
}

/// `GET …/documenten`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    if let Some(page) = still::erased_instead(&case, Tab::Documents)? {
        return Ok(page);
    }
    page(&documents_page(&case, Again::default()).await?)
}

/// `POST …/documenten`: makes a PDF. Printing takes a noticeable part of a second: it does not hold up the others.
pub(crate) async fn make(OpenCase(case): OpenCase, sent: Sent) -> Result<Response, Failure> {
    let kind = PaperKind::from_key(sent.text("soort")).ok_or(Error::NotFound)?;
    let purpose = Purpose::from_key(sent.text("doel")).unwrap_or_else(|| Purpose::next(&case.incident));
    let purpose = possible(purpose, &case);
    let desk = &case.desk;
    let reporter = desk.visit.app().person(&desk.seat.who).await?;
    let (app, scope, number, now) = (desk.visit.app().clone(), desk.scope.clone(), case.number(), desk.visit.now);
    let runtime = Handle::current();
    spawn_blocking(move || runtime.block_on(app.make_paper(&scope, number, kind, purpose, Some(&reporter), now)))
        .await
        .map_err(Error::internal)??;
    let page = case.page(Tab::Documents);
    onward(&match kind {
        PaperKind::Dossier => format!("{page}?formulier={}&doel={}#formulier", dossier::AP, purpose.key()),
        PaperKind::DossierEdpb => format!("{page}?formulier={}&doel={}#formulier", dossier::EDPB, purpose.key()),
        PaperKind::Letter => format!("{page}#brief"),
        PaperKind::Reasoning => format!("{page}#motivering"),
    })
}

/// `GET …/documenten/{file}`: a PDF by the hash of its content, or a form as JSON by its name.
pub(crate) async fn file(
    case: CaseFile,
    Path((_, _, file)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    if let Some(form) = file.strip_suffix(".json") {
        return json(&case, form).await;
    }
    let sha256 = file.strip_suffix(".pdf").ok_or(Error::NotFound)?;
    let made = case.incident.documents.iter().find(|document| document.sha256 == sha256).ok_or(Error::NotFound)?;
    let pdf = case.desk.visit.app().stored_paper(&case.desk.scope, &case.incident, sha256).await?;
    download("application/pdf", &format!("incident-{}-{}.pdf", case.number(), made.kind), pdf)
}

async fn json(case: &CaseFile, form: &str) -> Result<Response, Failure> {
    if is_historical(&case.verdict()?) {
        return Err(Error::NotFound.into());
    }
    let visit = &case.desk.visit;
    let asked = Purpose::from_key(&form_value(visit.uri.query().unwrap_or_default(), "doel"));
    let purpose = possible(asked.unwrap_or_else(|| Purpose::next(&case.incident)), case);
    let reporter = visit.app().person(&case.desk.seat.who).await?;
    let dossier = visit.app().dossier(&case.desk.scope, &case.incident, form, purpose, Some(&reporter), visit.now)?;
    let name = format!("incident-{}-{form}-{}.json", case.number(), purpose.key());
    download("application/json", &name, dossier.to_json().map_err(Error::internal)?.into_bytes())
}

pub(crate) fn download(kind: &'static str, name: &str, bytes: Vec<u8>) -> Result<Response, Failure> {
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(Error::internal)?;
    Ok(([(CONTENT_TYPE, HeaderValue::from_static(kind)), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

fn is_historical(verdict: &Verdict) -> bool {
    verdict.law.status == LawStatus::Historical
}

/// A first report until one stands; what follows it after that.
fn possible(purpose: Purpose, case: &CaseFile) -> Purpose {
    match (case.incident.authority_notified.is_some(), purpose) {
        (false, _) => Purpose::First,
        (true, Purpose::First) => Purpose::Supplement,
        (true, other) => other,
    }
}

pub(crate) async fn documents_page(case: &CaseFile, again: Again) -> Result<DocumentsPage, Failure> {
    let (w, desk, incident) = (case.w(), &case.desk, &case.incident);
    let visit = &desk.visit;
    let asked = |name| form_value(visit.uri.query().unwrap_or_default(), name);
    let verdict = case.verdict()?;
    let is_historical = is_historical(&verdict);
    let due = DueView::of(case)?;
    let form = dossier::form(&asked("formulier")).or_else(|| dossier::form(dossier::AP)).ok_or(Error::NotFound)?;
    let wanted = Purpose::from_key(&asked("doel")).or(due.purpose);
    let purpose = possible(wanted.unwrap_or_else(|| Purpose::next(incident)), case);
    let reporter = visit.app().person(&desk.seat.who).await?;
    let dossier = visit.app().dossier(&desk.scope, incident, &form.id, purpose, Some(&reporter), visit.now)?;
    let kind = PaperKind::from_key(&form.document_kind);
    let language = Language::from_tag(&asked("brief")).unwrap_or_default();
    let letter = visit.app().letter(&desk.scope, incident, language, visit.now)?;
    let frame = case.frame(Tab::Documents);
    let has_report = incident.authority_notified.is_some();
    let address = case.page(Tab::Documents);
    let to = |form: &str, purpose: Purpose| format!("{address}?formulier={form}&doel={}#formulier", purpose.key());
    let purposes: &[Purpose] = if has_report { &[Purpose::Supplement, Purpose::Withdrawal] } else { &[] };
    let is_fresh = again.problems.is_empty() && again.since.is_none();
    let filled = if is_fresh { fresh(case, &due) } else { again.filled };
    Ok(DocumentsPage {
        frame: if is_fresh { frame } else { frame.with_problems() },
        seen: again.seen.unwrap_or(incident.timeline.len() as u64),
        meanwhile: again.since.map(|since| timeline::since(case, since)).unwrap_or_default(),
        w,
        head: case.head(Tab::Documents),
        base: case.base(),
        may_handle: desk.allows(Permission::HandleIncident) && incident.closed_at.is_none(),
        is_historical,
        forms: dossier::forms()
            .iter()
            .map(|one| Choice {
                href: to(&one.id, purpose),
                label: format!("{}, {}", one.title.in_language(w.0), one.edition.in_language(w.0)),
                is_here: one.id == form.id,
            })
            .collect(),
        purposes: purposes
            .iter()
            .map(|one| Choice {
                href: to(&form.id, *one),
                label: one.name().in_language(w.0).to_owned(),
                is_here: *one == purpose,
            })
            .collect(),
        form: (!is_historical).then(|| FormView::of(&dossier, case)),
        kind: kind.map(PaperKind::key).unwrap_or_default(),
        purpose: purpose.key(),
        json: format!("{address}/{}.json?doel={}", form.id, purpose.key()),
        made_dossiers: kind.map(|kind| made(case, kind)).unwrap_or_default(),
        reports: reports(case),
        has_report,
        asks_late: !has_report && is_late(&verdict, visit.now),
        notified_at: again.notified.unwrap_or_else(|| MomentFields::new("gemeld")),
        controllers: if is_historical { None } else { controllers(case, &verdict)? },
        warned_at: again.warned.unwrap_or_else(|| MomentFields::new("gewaarschuwd")),
        csirt: if is_historical { None } else { csirt(case, &verdict, filled.get("stap")) },
        csirt_at: again.csirt.unwrap_or_else(|| MomentFields::new("csirt")),
        letter: letter.document.blocks,
        letter_tag: language.tag(),
        other_letter: match language {
            Language::Dutch => Language::English.tag(),
            Language::English => Language::Dutch.tag(),
        },
        made_letters: made(case, PaperKind::Letter),
        informed: incident
            .subjects_informed
            .iter()
            .map(|one| w.informed_line(&desk.when(one.at).words, one.count, &one.channel))
            .collect(),
        informed_in_all: w.persons_in_all(incident.informed_count().unwrap_or_default()),
        informed_at: again.informed.unwrap_or_else(|| MomentFields::new("ingelicht")),
        made_reasonings: made(case, PaperKind::Reasoning),
        problems: again.problems,
        due,
        filled,
    })
}

/// Whether the moment before which the authority is told has gone.
pub(crate) fn is_late(verdict: &Verdict, at: jiff::Timestamp) -> bool {
    verdict.deadline.is_some_and(|deadline| at > deadline.target)
}

/// What the fields propose: the first report's number, the kind of report that the case asks for.
fn fresh(case: &CaseFile, due: &DueView) -> Filled {
    let incident = &case.incident;
    let receipt = incident.authority_notified.as_ref().map(|(_, receipt)| receipt.clone());
    let kind = match due.purpose {
        Some(Purpose::Withdrawal) => ReportKind::Withdrawal,
        Some(Purpose::Supplement | Purpose::First) | None => ReportKind::Supplement,
    };
    Filled::default()
        .with("meldingsnummer", receipt.unwrap_or_default())
        .with("soort-melding", key_of(kind))
        .with("te-laat", incident.narrative.late_reason.clone().unwrap_or_default())
}

/// What was made before, the newest first.
fn made(case: &CaseFile, kind: PaperKind) -> Vec<MadeView> {
    let of_kind = case.incident.documents.iter().rev().filter(|document| document.kind == kind.key());
    let may_erase = case.desk.allows(Permission::Forget) && case.incident.held.is_none();
    let place = |sha256: &str| {
        let made = |event: &Event| matches!(event, Event::DocumentMade { sha256: one, .. } if one == sha256);
        case.incident.timeline.iter().find(|stamped| made(&stamped.event))?.index
    };
    of_kind
        .map(|document| MadeView {
            erase: place(&document.sha256)
                .filter(|_| may_erase)
                .map(|index| format!("{}/bewaren?regel={index}#een-regel", case.base())),
            href: format!("{}/{}.pdf", case.page(Tab::Documents), document.sha256),
            label: case.w().pdf_of(&case.desk.when(document.made_at).words),
        })
        .collect()
}
