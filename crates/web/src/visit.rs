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

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
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
            signed_in: session::read(&session).await?,
            session,
        })
    }
}

impl Visit {
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
