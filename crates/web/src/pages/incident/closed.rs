//! The answer to a form of an incident that somebody closed while it was being filled in: who closed it and when, and what
//! was typed, which stands in no form any more.

use askama::Template;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use incident::{Event, Permission, Refusal};

use crate::address::Tab;
use crate::case_file::{CaseFile, Head};
use crate::failure::{Failure, page_again};
use crate::frame::Frame;
use crate::typed::{self, Kept, Typed};
use crate::words::Words;

#[derive(Template)]
#[template(path = "incident/closed.html")]
struct ClosedPage {
    frame: Frame,
    w: Words,
    head: Head,
    told: String,
    /// Where to open it again, for who may.
    reopen: Option<String>,
    /// What was typed, in words.
    said: Vec<String>,
    /// All of it, to be sent again from this page once the incident is open; nothing where files went with it.
    typed: Option<Typed>,
    again: String,
}

/// An incident that is still open: who sends a form of one that was closed is told so, whatever else the form may lack.
pub(crate) struct OpenCase(pub(crate) CaseFile);

impl<S: Send + Sync> FromRequestParts<S> for OpenCase {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        CaseFile::from_request_parts(parts, state).await?.still_open().map(Self)
    }
}

/// Answers every form that was refused because its incident is closed.
pub(crate) async fn instead(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let mut kept = parts.clone();
    let response = next.run(Request::from_parts(parts, body)).await;
    if !response.extensions().get::<Failure>().is_some_and(|failure| failure.is_refused(&Refusal::Closed)) {
        return response;
    }
    answer(&mut kept).await.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(parts: &mut Parts) -> Result<Response, Failure> {
    let case = CaseFile::from_request_parts(parts, &()).await?;
    let typed = match parts.extensions.get::<Kept>() {
        Some(Kept(bytes)) => typed::read(bytes.clone()).await,
        None => None,
    };
    let said = typed.as_ref().map(|typed| typed.words(case.w().0)).unwrap_or_default();
    page_again(&closed_page(&case, said, typed))
}

/// The same for a form with files, of which only the words are kept.
pub(crate) fn without_files(case: &CaseFile, said: Vec<String>) -> Result<Response, Failure> {
    page_again(&closed_page(case, said.into_iter().filter(|words| !words.trim().is_empty()).collect(), None))
}

fn closed_page(case: &CaseFile, said: Vec<String>, typed: Option<Typed>) -> ClosedPage {
    let (w, desk) = (case.w(), &case.desk);
    let closing = case.incident.timeline.iter().rev().find(|stamped| matches!(stamped.event, Event::Closed { .. }));
    ClosedPage {
        frame: case.frame(Tab::Timeline).with_problems(),
        w,
        head: case.head(Tab::Timeline),
        told: match closing {
            Some(closing) => w.closed_by(closing.by.name(), &desk.when(closing.recorded_at).words),
            None => Refusal::Closed.text().in_language(w.0).to_owned(),
        },
        reopen: desk.allows(Permission::Close).then(|| format!("{}#sluiten", case.page(Tab::Timeline))),
        said,
        typed,
        again: desk.visit.uri.path().to_owned(),
    }
}
