//! One file of the evidence: what it is, who did what with it, taking it away, handing it over, withdrawing it.
//!
//! What people sent is never shown as a page: it goes out as an attachment in a sandbox, and only a raster picture is shown,
//! as nothing but that.

use askama::Template;
use axum::body::Body;
use axum::extract::RawPathParams;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use app::{BlobReader, Error, Trouble, is_raster};
use incident::{Access, Event, Evidence, Permission, Refusal};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, failed_page, onward, page, page_again};
use crate::file_name::attachment;
use crate::forms::{Filled, Problems, Sent};
use crate::frame::Frame;
use crate::pages::incident::evidence::{FileLine, line};
use crate::view::time::When;
use crate::words::Words;

/// Nothing runs, nothing loads, nothing frames it, whatever a browser takes it for.
const SANDBOX: &str = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

#[derive(Template)]
#[template(path = "incident/evidence_file.html")]
struct FilePage {
    frame: Frame,
    w: Words,
    head: Head,
    list_href: String,
    problems: Problems,
    filled: Filled,
    file: FileLine,
    caution: Option<String>,
    is_picture: bool,
    steps: Vec<Step>,
    may_handle: bool,
    may_withdraw: bool,
}

struct Step {
    recorded: When,
    by: String,
    what: String,
    words: String,
}

/// The file of the address, which must be this incident's.
fn wanted<'a>(case: &'a CaseFile, params: &RawPathParams) -> Result<&'a Evidence, Failure> {
    let sha256 = params.iter().find(|(name, _)| *name == "file").map(|(_, file)| file).unwrap_or_default();
    Ok(case.incident.evidence_of(sha256).ok_or(Error::NotFound)?)
}

/// `GET …/bewijs/{file}`
pub(crate) async fn show(case: CaseFile, params: RawPathParams) -> Result<Response, Failure> {
    page(&file_page(&case, wanted(&case, &params)?, Problems::new(), Filled::default()))
}

/// `GET …/bewijs/{file}/beeld`: a raster picture, and nothing else. That it was looked at is recorded.
pub(crate) async fn picture(case: CaseFile, params: RawPathParams) -> Result<Response, Failure> {
    let evidence = wanted(&case, &params)?;
    if !is_raster(&evidence.file.media_type) || evidence.withdrawn.is_some() {
        return Err(Error::NotFound.into());
    }
    let kind = HeaderValue::from_str(&evidence.file.media_type).map_err(Error::internal)?;
    send(&case, evidence, Access::Shown, kind, HeaderValue::from_static("inline")).await
}

/// `POST …/bewijs/{file}/download`
pub(crate) async fn download(case: CaseFile, params: RawPathParams) -> Result<Response, Failure> {
    let evidence = wanted(&case, &params)?;
    let disposition = HeaderValue::from_str(&attachment(&evidence.file.name)).map_err(Error::internal)?;
    send(&case, evidence, Access::Downloaded, HeaderValue::from_static("application/octet-stream"), disposition).await
}

/// `POST …/bewijs/{file}/overgedragen`
pub(crate) async fn hand_over(case: CaseFile, params: RawPathParams, sent: Sent) -> Result<Response, Failure> {
    let evidence = wanted(&case, &params)?;
    let visit = &case.desk.visit;
    let (to, reason) = (sent.text("aan").to_owned(), sent.text("reden").to_owned());
    let (scope, sha256) = (&case.desk.scope, &evidence.file.sha256);
    let recorded = visit.app().hand_over_evidence(scope, case.number(), sha256, to, reason, visit.now).await;
    after(&case, evidence, recorded.map(drop), &sent, |refusal| match refusal {
        Refusal::ReceiverUnnamed => "aan",
        _ => "reden",
    })
}

/// `POST …/bewijs/{file}/ingetrokken`
pub(crate) async fn withdraw(case: CaseFile, params: RawPathParams, sent: Sent) -> Result<Response, Failure> {
    let evidence = wanted(&case, &params)?;
    let visit = &case.desk.visit;
    let (scope, sha256) = (&case.desk.scope, &evidence.file.sha256);
    let reason = sent.text("intrekken").to_owned();
    let recorded = visit.app().withdraw_evidence(scope, case.number(), sha256, reason, visit.now).await;
    after(&case, evidence, recorded.map(drop), &sent, |refusal| match refusal {
        Refusal::ReasonNeeded => "intrekken",
        _ => "",
    })
}

fn after(
    case: &CaseFile,
    evidence: &Evidence,
    recorded: Result<(), Error>,
    sent: &Sent,
    field_of: impl Fn(&Refusal) -> &'static str,
) -> Result<Response, Failure> {
    match recorded {
        Ok(()) => onward(&format!("{}/{}", case.page(Tab::Evidence), evidence.file.sha256)),
        Err(error) => {
            let problems = Problems::from_error(error, case.w(), field_of)?;
            page_again(&file_page(case, evidence, problems, Filled::from_sent(sent, &["aan", "reden", "intrekken"])))
        }
    }
}

/// The file itself, in pieces. It was read through just before; should it be damaged in between, it breaks off: its length was
/// announced, so that whoever gets it sees that it is not whole.
async fn send(
    case: &CaseFile,
    evidence: &Evidence,
    access: Access,
    kind: HeaderValue,
    disposition: HeaderValue,
) -> Result<Response, Failure> {
    let visit = &case.desk.visit;
    let (scope, sha256) = (&case.desk.scope, &evidence.file.sha256);
    let opened = visit.app().open_evidence(scope, &case.incident, sha256, access, visit.now).await;
    let reader = match opened {
        Ok((_, reader)) => reader,
        // What the file is, and that it is lost, is more use than a page about the server.
        Err(error @ Error::Unavailable(Trouble::Damaged, _)) => {
            let mut problems = Problems::new();
            problems.add("", case.w().evidence_lost());
            return failed_page(&file_page(case, evidence, problems, Filled::default()), error);
        }
        Err(error) => return Err(error.into()),
    };
    let headers = [
        (CONTENT_TYPE, kind),
        (CONTENT_DISPOSITION, disposition),
        (CONTENT_LENGTH, HeaderValue::from(reader.size_bytes())),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static(SANDBOX)),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    let pieces = stream::try_unfold(reader, |mut reader: Box<dyn BlobReader>| async move {
        Ok::<_, app::StoreError>(reader.next().await?.map(|piece| (piece, reader)))
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}

fn file_page(case: &CaseFile, evidence: &Evidence, problems: Problems, filled: Filled) -> FilePage {
    let (w, desk) = (case.w(), &case.desk);
    let frame = case.frame(Tab::Evidence);
    let list_href = case.page(Tab::Evidence);
    let file = line(case, evidence);
    let frame = frame.standing_at(&file.href);
    let may_handle = desk.allows(Permission::HandleIncident);
    let is_about = |event: &Event| matches!(event, Event::Custody(custody) if custody.is_about(&evidence.file.sha256));
    FilePage {
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        head: case.head(Tab::Evidence),
        list_href,
        problems,
        filled,
        caution: evidence.file.caution.map(|caution| caution.text().in_language(w.0).to_owned()),
        is_picture: is_raster(&evidence.file.media_type) && evidence.withdrawn.is_none(),
        steps: case
            .incident
            .timeline
            .iter()
            .enumerate()
            .filter(|(_, stamped)| is_about(&stamped.event))
            .map(|(place, stamped)| {
                let told = documents::timeline::tell(&case.incident, place, &desk.zone, w.0);
                Step {
                    recorded: desk.when(stamped.recorded_at),
                    by: stamped.by.name().to_owned(),
                    what: told.what,
                    words: told.words,
                }
            })
            .collect(),
        may_handle,
        may_withdraw: may_handle && evidence.withdrawn.is_none() && case.incident.closed_at.is_none(),
        file,
    }
}
