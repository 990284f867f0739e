//! The documents: the dossier for the AP field by field, the letter to the persons, their PDFs, and what was sent.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

use app::{Error, PaperKind};
use documents::dossier::{self, Answer, Dossier, Field, Purpose};
use documents::{Block, Run};
use facts::Language;
use incident::Permission;

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, onward, page};
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::moment_fields::MomentFields;
use crate::pages::settings;
use crate::pages::sign_in::form_value;
use crate::words::Words;

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
    missing: String,
    edition: String,
    opens_dossier: bool,
    dossier: Vec<SectionView>,
    made_dossiers: Vec<MadeView>,
    notified: Option<String>,
    notified_at: MomentFields,
    letter: Vec<Block>,
    letter_tag: &'static str,
    other_letter: &'static str,
    made_letters: Vec<MadeView>,
    informed: Option<String>,
    informed_at: MomentFields,
}

struct SectionView {
    title: String,
    fields: Vec<FieldView>,
}

struct FieldView {
    id: String,
    number: String,
    question: String,
    /// The question in the reader's language, where the form's own is another.
    gloss: String,
    ticks: Vec<String>,
    text: String,
    copy: Option<String>,
    state: &'static str,
    tone: &'static str,
    is_missing: bool,
    links: Vec<(String, String)>,
    notes: Vec<String>,
}

struct MadeView {
    href: String,
    label: String,
}

/// What a form on this page sent, when it has to be shown again.
#[derive(Default)]
pub(crate) struct Again {
    pub(crate) problems: Problems,
    pub(crate) filled: Filled,
    pub(crate) notified: Option<MomentFields>,
    pub(crate) informed: Option<MomentFields>,
}

/// `GET …/documenten`
pub(crate) async fn show(case: CaseFile) -> Result<Response, Failure> {
    page(&documents_page(&case, Again::default()).await?)
}

/// `POST …/documenten`: makes a PDF. Printing takes a noticeable part of a second: it does not hold up the others.
pub(crate) async fn make(case: CaseFile, sent: Sent) -> Result<Response, Failure> {
    let kind = PaperKind::from_key(sent.text("soort")).ok_or(Error::NotFound)?;
    let desk = &case.desk;
    let reporter = desk.visit.app().person(&desk.seat.who).await?;
    let (app, scope, number, now) = (desk.visit.app().clone(), desk.scope.clone(), case.number(), desk.visit.now);
    let runtime = Handle::current();
    let purpose = Purpose::next(&case.incident);
    spawn_blocking(move || runtime.block_on(app.make_paper(&scope, number, kind, purpose, Some(&reporter), now)))
        .await
        .map_err(Error::internal)??;
    let anchor = match kind {
        PaperKind::Dossier | PaperKind::DossierEdpb => "ap",
        PaperKind::Letter => "brief",
        PaperKind::Reasoning => "motivering",
    };
    onward(&format!("{}#{anchor}", case.page(Tab::Documents)))
}

/// `GET …/documenten/{file}`: a PDF by the hash of its content.
pub(crate) async fn file(
    case: CaseFile,
    Path((_, _, file)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let sha256 = file.strip_suffix(".pdf").ok_or(Error::NotFound)?;
    let made = case.incident.documents.iter().find(|document| document.sha256 == sha256).ok_or(Error::NotFound)?;
    let pdf = case.desk.visit.app().stored_paper(&case.desk.scope, &case.incident, sha256).await?;
    let name = format!("attachment; filename=\"incident-{}-{}.pdf\"", case.number(), made.kind);
    let name = HeaderValue::from_str(&name).map_err(Error::internal)?;
    let headers = [(CONTENT_TYPE, HeaderValue::from_static("application/pdf")), (CONTENT_DISPOSITION, name)];
    Ok((headers, pdf).into_response())
}

pub(crate) async fn documents_page(case: &CaseFile, again: Again) -> Result<DocumentsPage, Failure> {
    let (w, desk, incident) = (case.w(), &case.desk, &case.incident);
    let visit = &desk.visit;
    let reporter = visit.app().person(&desk.seat.who).await?;
    let dossier = visit.app().dossier(
        &desk.scope,
        incident,
        dossier::AP,
        Purpose::next(incident),
        Some(&reporter),
        visit.now,
    )?;
    let asked = form_value(visit.uri.query().unwrap_or_default(), "brief");
    let language = Language::from_tag(&asked).unwrap_or_default();
    let letter = visit.app().letter(&desk.scope, incident, language, visit.now)?;
    let frame = case.frame(Tab::Documents);
    let when = |at| desk.when(at).words;
    Ok(DocumentsPage {
        frame: if again.problems.is_empty() { frame } else { frame.with_problems() },
        w,
        head: case.head(Tab::Documents),
        base: case.base(),
        may_handle: desk.allows(Permission::HandleIncident) && incident.closed_at.is_none(),
        missing: w.dossier_missing(dossier.missing().count()),
        edition: dossier.form.edition.in_language(w.0).to_owned(),
        opens_dossier: incident.is_to_do(law::verdict::Duty::NotifyAuthority) == Some(true)
            && incident.authority_notified.is_none(),
        dossier: sections(&dossier, case),
        made_dossiers: made(case, PaperKind::Dossier),
        notified: incident.authority_notified.as_ref().map(|(at, receipt)| w.with_receipt(&when(*at), receipt)),
        notified_at: again.notified.unwrap_or_else(|| MomentFields::new("gemeld")),
        letter: letter.document.blocks,
        letter_tag: language.tag(),
        other_letter: match language {
            Language::Dutch => Language::English.tag(),
            Language::English => Language::Dutch.tag(),
        },
        made_letters: made(case, PaperKind::Letter),
        informed: incident
            .subjects_informed
            .as_ref()
            .map(|(at, count, channel)| w.informed_line(&when(*at), *count, channel)),
        informed_at: again.informed.unwrap_or_else(|| MomentFields::new("ingelicht")),
        problems: again.problems,
        filled: again.filled,
    })
}

/// What was made before, the newest first.
fn made(case: &CaseFile, kind: PaperKind) -> Vec<MadeView> {
    let of_kind = case.incident.documents.iter().rev().filter(|document| document.kind == kind.key());
    of_kind
        .map(|document| MadeView {
            href: format!("{}/{}.pdf", case.page(Tab::Documents), document.sha256),
            label: case.w().pdf_of(&case.desk.when(document.made_at).words),
        })
        .collect()
}

fn sections(dossier: &Dossier<'_>, case: &CaseFile) -> Vec<SectionView> {
    let w = case.w();
    let mut sections: Vec<(&str, SectionView)> = Vec::new();
    for (at, field) in dossier.fields.iter().enumerate() {
        let number = field.section.number.as_str();
        if sections.last().is_none_or(|(last, _)| *last != number) {
            let title = field.section.title.in_language(w.0);
            // What comes last has no number that we know.
            let is_numbered = number.starts_with(|first: char| first.is_ascii_digit());
            let title = if is_numbered { format!("{number} {title}") } else { title.to_owned() };
            sections.push((number, SectionView { title, fields: Vec::new() }));
        }
        if let Some((_, section)) = sections.last_mut() {
            section.fields.push(field_view(field, at, case));
        }
    }
    sections.into_iter().map(|(_, section)| section).collect()
}

fn field_view(field: &Field<'_>, at: usize, case: &CaseFile) -> FieldView {
    let w = case.w();
    let question = field.question;
    let asked = |language| {
        let text = question.text.in_language(language);
        match &question.part {
            Some(part) => format!("{text} – {}", part.in_language(language)),
            None => text.to_owned(),
        }
    };
    let content = field.content();
    let (state, tone) = match (&field.answer, field.is_missing()) {
        (Answer::Recorded(_), _) => (w.field_recorded(), "dike"),
        (Answer::Derived(_), _) => (w.field_derived(), "water"),
        (Answer::Missing, true) => (w.field_missing(), "amber"),
        (Answer::Missing, false) => (w.field_optional(), ""),
    };
    let is_to_fill = matches!(field.answer, Answer::Missing | Answer::Derived(_));
    let asks = field.facts.iter().filter(|fact| is_to_fill && !case.incident.facts.is_known(**fact)).take(2);
    let mut notes: Vec<String> = field.note.iter().map(|note| note.in_language(w.0).to_owned()).collect();
    if field.needs_check() {
        notes.push(w.field_check().to_owned());
    }
    FieldView {
        id: format!("veld-{at}"),
        number: question.number.clone(),
        question: asked(Language::Dutch),
        gloss: match w.0 {
            Language::Dutch => String::new(),
            Language::English => asked(Language::English),
        },
        ticks: content.map(|content| content.ticks.iter().map(|tick| (*tick).to_owned()).collect()).unwrap_or_default(),
        text: content.and_then(|content| content.text.clone()).unwrap_or_default(),
        copy: field.copy_text().filter(|text| !text.is_empty()),
        state,
        tone,
        is_missing: field.is_missing(),
        links: asks
            .map(|fact| (case.question(*fact), fact.question().in_language(w.0).to_owned()))
            .chain(settings::way_to(field, &case.desk))
            .collect(),
        notes,
    }
}
