//! A desk: a visit by somebody who signed in and may see this page of this organisation. Only the guard seats people.

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use jiff::tz::TimeZone;

use app::{Scope, Who};
use incident::Permission;

use crate::failure::Failure;
use crate::frame::{Frame, Place};
use crate::pages::sign_in::form_value;
use crate::view::time::When;
use crate::visit::Visit;

/// Somebody who signed in, and whether a board over several organisations is of use to them.
#[derive(Clone, Debug)]
pub(crate) struct Seat {
    pub(crate) who: Who,
    pub(crate) token: String,
    pub(crate) has_board: bool,
}

/// A visit with a seat, not in any organisation.
pub(crate) struct Member {
    pub(crate) visit: Visit,
    pub(crate) seat: Seat,
}

/// A visit with a seat in one organisation.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) visit: Visit,
    pub(crate) seat: Seat,
    pub(crate) scope: Scope,
    /// The zone in which the organisation reads times.
    pub(crate) zone: TimeZone,
    /// The form that was saved just before, by the name in the address.
    pub(crate) saved: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let seat = parts.extensions.get::<Seat>().cloned().ok_or_else(unguarded)?;
        Ok(Self { visit, seat })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Member { visit, seat } = Member::from_request_parts(parts, state).await?;
        let scope = parts.extensions.get::<Scope>().cloned().ok_or_else(unguarded)?;
        let zone = TimeZone::get(&scope.organisation().zone).map_err(app::Error::internal)?;
        Ok(Self { saved: saved(parts), visit, seat, scope, zone })
    }
}

impl Member {
    pub(crate) fn frame(&self, title: &str, place: Place) -> Frame {
        Frame::of(&self.visit, title, place).for_seat(&self.seat)
    }
}

impl Desk {
    pub(crate) fn frame(&self, title: &str, place: Place) -> Frame {
        Frame::of(&self.visit, title, place).for_seat(&self.seat).in_organisation(&self.scope)
    }

    /// Which entries are known to be damaged, for the pages that read none and would show their incidents as if all were well.
    pub(crate) async fn damage(&self) -> Result<Vec<String>, app::Error> {
        let found = self.visit.app().known_damage(&self.scope).await?;
        Ok(found.iter().map(|entry| entry.text().in_language(self.visit.language()).to_owned()).collect())
    }

    pub(crate) fn slug(&self) -> &str {
        &self.scope.organisation().slug
    }

    pub(crate) fn allows(&self, permission: Permission) -> bool {
        self.scope.allows(permission)
    }

    /// A moment for showing, in the organisation's zone.
    pub(crate) fn when(&self, at: jiff::Timestamp) -> When {
        When::new(at, &self.zone, self.visit.language())
    }

    /// A day for showing.
    pub(crate) fn day(&self, at: jiff::Timestamp) -> String {
        documents::day(at, &self.zone, self.visit.language())
    }
}

/// What the address says was saved. A link on another site cannot say it: the browser would throw a draft away.
fn saved(parts: &Parts) -> Option<String> {
    let is_ours = parts.headers.get("sec-fetch-site").is_none_or(|site| site.as_bytes() == b"same-origin");
    let form = form_value(parts.uri.query().unwrap_or_default(), "bewaard");
    (is_ours && parts.method == Method::GET && !form.is_empty()).then_some(form)
}

fn unguarded() -> Failure {
    app::Error::internal("a page was reached around its guard").into()
}
