//! What programs are answered: JSON under `/api/v1`. Who asks shows a secret with each request; there are no sessions here.

pub(crate) mod sensors;

use axum::Json;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use contract::detection;
use contract::sensor::{Reason, Refused};
use facts::Text;

use crate::failure::Failure;

/// What all addresses of programs begin with.
pub(crate) const PREFIX: &str = "/api/";

/// How long who comes too often is asked to wait, in seconds.
const WAIT_A_LITTLE: u64 = 10;
/// And whoever comes while the store cannot do its work.
const WAIT: u64 = 60;

/// Why a program was refused: a status, a stable code, and words for people.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    code: &'static str,
    text: Text,
    /// In seconds.
    retry_after: Option<u64>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &'static str, text: Text) -> Self {
        Self { status, code, text, retry_after: None }
    }

    pub(crate) fn too_many() -> Self {
        let text = Text::new("Te veel verzoeken achter elkaar.", "Too many requests in a row.");
        let refusal = Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many", text);
        Self { retry_after: Some(WAIT_A_LITTLE), ..refusal }
    }

    pub(crate) fn too_large(most: usize) -> Self {
        let mebibytes = most / (1024 * 1024);
        let text = Text::made(
            format!("Het bericht is te groot: ten hoogste {mebibytes} MiB, uitgepakt."),
            format!("The report is too large: at most {mebibytes} MiB, unpacked."),
        );
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", text)
    }
}

impl From<app::Error> for Refusal {
    fn from(error: app::Error) -> Self {
        let (code, text) = (error.code(), error.text());
        match error {
            // Whatever the trouble is: what was sent is to be sent again.
            app::Error::Unavailable(..) => {
                tracing::error!(%error, "a program's request failed");
                Self { retry_after: Some(WAIT), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, code, text) }
            }
            error => Self::new(Failure::from(error).status(), code, text),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let message = detection::Text { nl: self.text.nl.into_owned(), en: self.text.en.into_owned() };
        let told = Refused { error: Reason { code: self.code.to_owned(), message } };
        let mut response = (self.status, Json(told)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The secret of a request: `Authorization: Bearer …`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(axum::http::header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}
