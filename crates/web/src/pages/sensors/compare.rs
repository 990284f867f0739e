//! Comparing with other customers of the provider: what is compared, and the organisation's own decision about it.

use askama::Template;
use axum::response::Response;
use incident::Permission;

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page};
use crate::forms::Sent;
use crate::frame::{Frame, Place};
use crate::words::Words;

#[derive(Template)]
#[template(path = "sensors/compare.html")]
struct ComparePage {
    frame: Frame,
    w: Words,
    base: String,
    address: String,
    saved: Option<&'static str>,
    has_provider: bool,
    is_on: bool,
    standing: &'static str,
    rule: String,
    may_switch_on: bool,
    may_switch_off: bool,
    history: Vec<String>,
}

/// `GET /o/{slug}/sensoren/vergelijken`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let (w, app) = (desk.visit.w, desk.visit.app());
    let decided = app.comparisons(&desk.scope).await?;
    let is_on = app.compares(&desk.scope).await?;
    let base = sensors_of(desk.slug());
    let line = |one: &app::Comparison| w.compare_decided(one.is_on, &one.decided_by, &desk.when(one.decided_at).words);
    page(&ComparePage {
        frame: desk.frame(w.compare_heading(), Place::Sensors),
        w,
        address: format!("{base}/vergelijken"),
        base,
        saved: desk.saved.as_ref().map(|_| w.compare_saved()),
        has_provider: desk.scope.organisation().provider.is_some(),
        is_on,
        standing: w.compare_standing(is_on),
        rule: w.compare_rule(),
        may_switch_on: desk.scope.is_own_administrator(),
        may_switch_off: desk.allows(Permission::Administer),
        history: decided.iter().map(line).collect(),
    })
}

/// `POST /o/{slug}/sensoren/vergelijken`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    desk.visit.app().set_comparing(&desk.scope, sent.text("doe") == "aan", desk.visit.now).await?;
    onward(&format!("{}/vergelijken?bewaard=ja", sensors_of(desk.slug())))
}
