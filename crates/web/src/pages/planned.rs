//! What will be erased, announced thirty days ahead, and what is held from it.

use askama::Template;
use axum::response::Response;

use app::IncidentRow;

use crate::address::{Tab, of_incident};
use crate::desk::Desk;
use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::words::Words;

#[derive(Template)]
#[template(path = "planned.html")]
struct PlannedPage {
    frame: Frame,
    w: Words,
    planned: Vec<PlannedView>,
    held: Vec<PlannedView>,
}

struct PlannedView {
    number: u64,
    title: String,
    href: String,
    kind: String,
    closed: String,
    /// When it will be erased, or since when it is held.
    at: String,
}

/// `GET /o/{slug}/bewaren`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let (w, app) = (desk.visit.w, desk.visit.app());
    let planned = app.planned_erasures(&desk.scope, desk.visit.now).await?;
    let held = app.held_incidents(&desk.scope).await?;
    let view = |row: &IncidentRow, at| PlannedView {
        number: row.number,
        title: row.title.clone(),
        href: format!("{}/bewaren", of_incident(desk.slug(), row.number, Tab::Overview)),
        kind: row.keeping.kind.name().in_language(w.0).to_owned(),
        closed: row.closed_at.map(|at| desk.day(at)).unwrap_or_default(),
        at: desk.day(at),
    };
    page(&PlannedPage {
        frame: desk.frame(w.planned_heading(), Place::Register),
        w,
        planned: planned.iter().map(|one| view(&one.row, one.at)).collect(),
        held: held.iter().map(|row| view(row, row.keeping.held_at.unwrap_or(row.opened_at))).collect(),
    })
}
