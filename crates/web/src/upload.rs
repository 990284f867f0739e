//! Forms with files (`multipart/form-data`), read as they arrive.
//!
//! Promises: a file is never whole in memory, whatever is sent and however fast: what waits to be read is bounded, and so are
//! the fields that are no files. Deliberately not here: how large a file may be (`app` says), what it is.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::multipart::{Field, Multipart};
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use futures_util::Stream;

use crate::failure::Failure;

/// What may wait to be read: the headers of a part, and pieces of a file.
const MOST_WAITING: usize = 1024 * 1024;
/// The longest field that is no file, in bytes.
const LONGEST_FIELD: usize = 256 * 1024;
/// What is read and thrown away of a form that was refused, so that a browser gets to see why.
const MOST_IGNORED: u64 = 1024 * 1024 * 1024;

/// A form with files, part by part.
pub(crate) struct Uploads {
    multipart: Multipart,
    allowed: Arc<AtomicUsize>,
}

/// A part of it.
pub(crate) struct Part<'a> {
    field: Field<'a>,
    allowed: Arc<AtomicUsize>,
}

impl<S: Send + Sync> FromRequest<S> for Uploads {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let allowed = Arc::new(AtomicUsize::new(0));
        let (parts, body) = request.into_parts();
        let metered = Metered { body: body.into_data_stream(), allowed: Arc::clone(&allowed), has_given: false };
        let request = Request::from_parts(parts, Body::from_stream(metered));
        match Multipart::from_request(request, state).await {
            Ok(multipart) => Ok(Self { multipart, allowed }),
            Err(rejection) => Err(Failure::Form(rejection.into_response().status())),
        }
    }
}

impl Uploads {
    /// The next part; nothing at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Part<'_>>, Failure> {
        self.allowed.store(MOST_WAITING, Ordering::Relaxed);
        let field = self.multipart.next_field().await.map_err(broken)?;
        Ok(field.map(|field| Part { field, allowed: Arc::clone(&self.allowed) }))
    }

    /// Reads on without keeping anything. A form that does not end is left alone at some point.
    pub(crate) async fn ignore_rest(&mut self) {
        let mut ignored = 0;
        while let Ok(Some(part)) = self.next().await {
            ignored += part.ignore().await;
            if ignored > MOST_IGNORED {
                return;
            }
        }
    }
}

impl Part<'_> {
    pub(crate) fn name(&self) -> &str {
        self.field.name().unwrap_or_default()
    }

    /// The file's name as whoever sent it had it; nothing for a field that is no file, or in which none was chosen.
    pub(crate) fn file_name(&self) -> Option<String> {
        let sent = self.field.file_name().filter(|name| !name.is_empty())?;
        // What browsers write for the three characters that cannot stand in this header (HTML, "multipart/form-data").
        Some(sent.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"))
    }

    pub(crate) async fn piece(&mut self) -> Result<Option<Bytes>, Failure> {
        self.allowed.store(MOST_WAITING, Ordering::Relaxed);
        self.field.chunk().await.map_err(broken)
    }

    /// Reads to its end without keeping anything; how much that was.
    pub(crate) async fn ignore(mut self) -> u64 {
        let mut ignored = 0;
        while let Ok(Some(piece)) = self.piece().await {
            ignored += piece.len() as u64;
            if ignored > MOST_IGNORED {
                break;
            }
        }
        ignored
    }

    /// The text of a field.
    pub(crate) async fn text(mut self) -> Result<String, Failure> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.piece().await? {
            if bytes.len() + piece.len() > LONGEST_FIELD {
                return Err(Failure::Form(StatusCode::PAYLOAD_TOO_LARGE));
            }
            bytes.extend_from_slice(&piece);
        }
        String::from_utf8(bytes).map_err(|_| Failure::Form(StatusCode::BAD_REQUEST))
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn broken(error: axum::extract::multipart::MultipartError) -> Failure {
    // A stream that breaks off is no fault of ours, whatever the reader of parts makes of it.
    let status = error.status();
    Failure::Form(if status.is_server_error() { StatusCode::BAD_REQUEST } else { status })
}

/// A body that is handed on piece by piece: after each its reader gets to do something with it, and who reads on without
/// finding the end of a header is stopped.
struct Metered {
    body: BodyDataStream,
    allowed: Arc<AtomicUsize>,
    has_given: bool,
}

impl Stream for Metered {
    type Item = Result<Bytes, axum::BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // The reader of parts takes all that is ready before it looks at any of it: so one piece is ready at a time.
        if std::mem::take(&mut self.has_given) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(piece) = ready!(Pin::new(&mut self.body).poll_next(context)) else { return Poll::Ready(None) };
        self.has_given = true;
        let piece = piece.map_err(axum::BoxError::from)?;
        let left = self.allowed.load(Ordering::Relaxed);
        if left == 0 {
            return Poll::Ready(Some(Err("a part of a form has no end to its header".into())));
        }
        self.allowed.store(left.saturating_sub(piece.len()), Ordering::Relaxed);
        Poll::Ready(Some(Ok(piece)))
    }
}
