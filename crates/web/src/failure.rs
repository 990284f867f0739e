//! What goes wrong, as HTTP: the one place where errors become status codes and pages.

use std::any::Any;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};

use facts::{Language, Text};

use crate::address;
use crate::frame::Frame;
use crate::words::Words;

/// Why a page was not shown.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    App(Arc<app::Error>),
    /// Nobody is signed in; where they wanted to be.
    SignIn {
        wanted: String,
        /// A form was sent, and not taken in.
        is_unsaved: bool,
    },
    /// A form that another site sent.
    ElsewhereForm,
    TooMany,
    /// A form that could not be read: too large, or broken on its way.
    Form(StatusCode),
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Self {
        Self::App(Arc::new(error))
    }
}

impl From<askama::Error> for Failure {
    fn from(error: askama::Error) -> Self {
        app::Error::internal(error).into()
    }
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } => StatusCode::SEE_OTHER,
            Self::ElsewhereForm => StatusCode::FORBIDDEN,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Form(status) => *status,
            Self::App(error) => match error.as_ref() {
                app::Error::Refused(_) | app::Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
                app::Error::NotFound => StatusCode::NOT_FOUND,
                app::Error::Forbidden => StatusCode::FORBIDDEN,
                app::Error::Conflict => StatusCode::CONFLICT,
                app::Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
                app::Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::App(error) => error.text(),
            Self::SignIn { .. } => Text::new("Meld u eerst aan.", "Sign in first."),
            Self::ElsewhereForm => Text::new(
                "Dit formulier kwam niet van onze eigen pagina. Er is niets gewijzigd. Open de pagina opnieuw en probeer het daar.",
                "This form did not come from our own page. Nothing was changed. Open the page again and try it there.",
            ),
            Self::TooMany => Text::new(
                "Te veel pogingen achter elkaar. Wacht een minuut en probeer het dan opnieuw.",
                "Too many tries in a row. Wait a minute, then try again.",
            ),
            Self::Form(StatusCode::PAYLOAD_TOO_LARGE) => plain(StatusCode::PAYLOAD_TOO_LARGE),
            Self::Form(_) => Text::new(
                "Dit formulier kwam beschadigd aan. Er is niets gewijzigd. Ga terug en verstuur het opnieuw.",
                "This form arrived damaged. Nothing was changed. Go back and send it again.",
            ),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if let Self::SignIn { wanted, is_unsaved } = &self {
            let unsaved = if *is_unsaved { "&onbewaard=ja" } else { "" };
            return Redirect::to(&format!("/aanmelden?terug={}{unsaved}", address::encoded(wanted))).into_response();
        }
        let mut response = self.status().into_response();
        if matches!(self, Self::TooMany) || response.status() == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("60"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// What is told of a form that was sent while the store could not be reached.
const UNSURE: Text = Text::new(
    "De gegevens zijn nu niet te bereiken. Wat eerder bewaard was, is veilig; wat u net verstuurde is misschien niet bewaard. \
     Ga over een minuut terug, kijk of het er staat, en verstuur het anders opnieuw.",
    "The data cannot be reached right now. What was saved before is safe; what you sent just now may not have been saved. \
     Go back in a minute, look whether it is there, and otherwise send it again.",
);

/// The page of an error.
#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    frame: Frame,
    w: Words,
    heading: &'static str,
    text: String,
    code: u16,
}

/// Turns every answer that is an error without a page of its own into one, in the reader's language, and writes to the
/// log what only the log may know.
pub(crate) async fn show(request: Request, next: Next) -> Response {
    let language = request.extensions().get::<Language>().copied().unwrap_or_default();
    let place = request.uri().clone();
    let sent_something = !request.method().is_safe();
    let response = next.run(request).await;
    let status = response.status();
    let is_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if is_page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let failure = response.extensions().get::<Failure>().cloned();
    if status.is_server_error() {
        match &failure {
            Some(Failure::App(error)) => tracing::error!(%status, path = place.path(), %error, "a page failed"),
            _ => tracing::error!(%status, path = place.path(), "a page failed"),
        }
    }
    let w = Words(language);
    let text = match failure {
        // Whether it was kept is not known: the answer of the store may be what was lost.
        Some(Failure::App(error)) if sent_something && matches!(error.as_ref(), app::Error::Unavailable(_)) => UNSURE,
        Some(failure) => failure.text(),
        None => plain(status),
    };
    let page = FailurePage {
        frame: Frame::bare(w, &place, w.failure_heading(status.as_u16())),
        w,
        heading: w.failure_heading(status.as_u16()),
        text: text.in_language(language).to_owned(),
        code: status.as_u16(),
    };
    let (mut parts, _) = response.into_parts();
    let html = page.render().unwrap_or_else(|_| page.text.clone());
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(parts, Body::from(html))
}

/// What axum itself refused: a body too large, a method that a page does not take, a number that is none.
fn plain(status: StatusCode) -> Text {
    match status {
        StatusCode::METHOD_NOT_ALLOWED => Text::new(
            "Deze pagina is niet zo te openen. Ga terug en gebruik de knop op de pagina.",
            "This page cannot be opened like this. Go back and use the button on the page.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => Text::new(
            "Dit formulier is te groot. Ga terug en maak de tekst korter; wat eerder bewaard was, is veilig.",
            "This form is too large. Go back and shorten the text; what was saved before is safe.",
        ),
        status if status.is_server_error() => app::Error::internal("").text(),
        // A number that is none, a form that is none: whatever it was, nothing stands there.
        _ => app::Error::NotFound.text(),
    }
}

/// `*`: what no route answers.
pub(crate) async fn nowhere() -> Failure {
    app::Error::NotFound.into()
}

/// A page that panicked: the rest goes on, and the log knows.
#[expect(clippy::needless_pass_by_value, reason = "the shape that the layer asks for")]
pub(crate) fn caught(panic: Box<dyn Any + Send + 'static>) -> Response {
    let why = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a word");
    Failure::from(app::Error::internal(format!("panicked: {why}"))).into_response()
}

/// A page, ready to be sent.
pub(crate) fn page(template: &impl Template) -> Result<Response, Failure> {
    Ok(Html(template.render()?).into_response())
}

/// The page of a form that needs another look.
pub(crate) fn page_again(template: &impl Template) -> Result<Response, Failure> {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(template.render()?)).into_response())
}

/// On to another page after a form was taken in.
pub(crate) fn onward(to: &str) -> Result<Response, Failure> {
    Ok(Redirect::to(to).into_response())
}
