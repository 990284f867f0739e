//! What somebody typed, kept beside the request while it is answered: when that fails, the page of the error gives it back.
//!
//! Passwords are never kept, nor forms with files: those are read in pieces and may be large.

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode};

use facts::{Fact, Language, Text};

use crate::LARGEST_FORM;
use crate::failure::Failure;
use crate::forms::Sent;

/// No word that somebody writes is longer; a hash or token is.
const LONGEST_WORD: usize = 32;
/// What boxes and buttons of our forms send in one word.
const KEYS: [&str; 24] = [
    "ja",
    "nee",
    "true",
    "false",
    "on",
    "eerste",
    "tweede",
    "terug",
    "verzoek",
    "eigen",
    "plaats",
    "hef-op",
    "withdrawal",
    "supplement",
    "first",
    "gemandateerd",
    "directie",
    "erasure",
    "access",
    "uren",
    "werkdagen",
    "neem-over",
    "bekijk",
    "none",
];

const KIND: &str = "application/x-www-form-urlencoded";

/// A form as it came, kept beside its request.
#[derive(Clone)]
pub(crate) struct Kept(pub(crate) Bytes);

/// The fields of a form that was not taken in.
pub(crate) struct Typed {
    /// All of them, to be sent again.
    pub(crate) fields: Vec<(String, String)>,
}

impl Typed {
    /// What a person wrote, and what they answered about the facts, for reading; not the marks and keys that our own pages
    /// put in their forms.
    pub(crate) fn words(&self, language: Language) -> Vec<String> {
        let is_ours = |name: &str| name.starts_with('_') || name.starts_with("gezien");
        let sent = self.fields.iter().filter(|(name, value)| !is_ours(name) && !value.trim().is_empty());
        let in_words = |(name, value): &(String, String)| match Fact::from_key(name) {
            Ok(fact) => answered(fact, value, language),
            Err(_) => (!is_key(value)).then(|| value.clone()),
        };
        sent.filter_map(in_words).collect()
    }
}

/// The answer to a question about the facts, with the question.
fn answered(fact: Fact, value: &str, language: Language) -> Option<String> {
    let (yes, no) = (Text::new("ja", "yes"), Text::new("nee", "no"));
    let known = match value {
        "true" => Some(&yes),
        "false" => Some(&no),
        word => fact.label(word),
    };
    let answer = known.map_or(value, |text| text.in_language(language));
    (known.is_some() || !is_key(value)).then(|| format!("{} {answer}", fact.question().in_language(language)))
}

/// Whether a value is one that a form chose, and nobody wrote: a key of several words, a hash, or one of [`KEYS`].
fn is_key(value: &str) -> bool {
    let is_token =
        value.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || b"_-".contains(&sign));
    is_token && (value.contains('_') || value.len() >= LONGEST_WORD || KEYS.contains(&value))
}

/// The request again, with what was typed in it where it is a form of ours.
pub(crate) async fn keep(request: Request) -> Result<(Request, Option<Bytes>), Failure> {
    if *request.method() != Method::POST || !is_small_form(&request) {
        return Ok((request, None));
    }
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, LARGEST_FORM).await.map_err(|_| Failure::Form(StatusCode::BAD_REQUEST))?;
    let mut request = Request::from_parts(parts, Body::from(bytes.clone()));
    request.extensions_mut().insert(Kept(bytes.clone()));
    Ok((request, Some(bytes)))
}

/// Whether it is a form with files, of which nothing is kept here.
pub(crate) fn has_files(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// Forms of unknown or too great a length are left to who refuses them.
fn is_small_form(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let length = request.body().size_hint().upper();
    kind.is_some_and(|kind| kind.starts_with(KIND)) && length.is_some_and(|length| length <= LARGEST_FORM as u64)
}

/// What was typed, read; nothing where there was a password in it, or nothing.
pub(crate) async fn read(bytes: Bytes) -> Option<Typed> {
    let request = Request::builder().method(Method::POST).header(CONTENT_TYPE, KIND).body(Body::from(bytes)).ok()?;
    let fields = Sent::from_request(request, &()).await.ok()?.into_pairs();
    let typed = Typed { fields };
    let has_password = typed.fields.iter().any(|(name, _)| name == "password");
    (!has_password && !typed.words(Language::default()).is_empty()).then_some(typed)
}
