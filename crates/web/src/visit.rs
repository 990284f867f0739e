//! A visit: one request, who it is from, in which language, at what time.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::{Method, Uri, request::Parts};
use jiff::Timestamp;
use tower_sessions::Session;

use facts::Language;

use crate::failure::Failure;
use crate::session::{self, SignedIn};
use crate::words::Words;
use crate::{Web, frame::Frame, frame::Place};

/// What every page starts from.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) web: Arc<Web>,
    pub(crate) w: Words,
    pub(crate) now: Timestamp,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) session: Session,
    pub(crate) signed_in: Option<SignedIn>,
}

/// Whose session could not be read: the guard asks for it, and then the page, and nobody waits for the store twice.
#[derive(Clone)]
struct Unread(Failure);

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        if let Some(Unread(failure)) = parts.extensions.get().cloned() {
            return Err(failure);
        }
        let session = parts.extensions.get::<Session>().cloned();
        let signed_in = match &session {
            Some(session) => session::read(session).await,
            None => Ok(None),
        };
        if let Err(failure) = &signed_in {
            parts.extensions.insert(Unread(failure.clone()));
        }
        Self::of(parts, signed_in?)
    }
}

/// A visit to a page that needs nothing of the data. Where they cannot be reached, whoever asks is nobody in particular: help
/// is wanted most when something fails.
pub(crate) struct AnyVisit(pub(crate) Visit);

impl<S: Send + Sync> FromRequestParts<S> for AnyVisit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        match Visit::from_request_parts(parts, state).await {
            Err(failure) if failure.trouble().is_some() => Visit::of(parts, None).map(Self),
            read => read.map(Self),
        }
    }
}

impl Visit {
    fn of(parts: &Parts, signed_in: Option<SignedIn>) -> Result<Self, Failure> {
        let web = parts.extensions.get::<Arc<Web>>().cloned();
        let session = parts.extensions.get::<Session>().cloned();
        let (Some(web), Some(session)) = (web, session) else {
            return Err(app::Error::internal("a page was asked outside the router's layers").into());
        };
        let language = parts.extensions.get::<Language>().copied().unwrap_or_default();
        Ok(Self {
            now: (web.state.clock)(),
            web,
            w: Words(language),
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            signed_in,
            session,
        })
    }

    pub(crate) fn app(&self) -> &app::App {
        &self.web.state.app
    }

    pub(crate) fn language(&self) -> Language {
        self.w.0
    }

    /// The frame of a page that belongs to no organisation.
    pub(crate) fn frame(&self, title: &str) -> Frame {
        Frame::of(self, title, Place::Nowhere)
    }
}
