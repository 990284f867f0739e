//! What will be erased, announced thirty days ahead, and what is held from it.

use askama::Template;
use axum::response::Response;

use app::IncidentRow;
use app::lists::PAGE;

use crate::address::{Tab, of_incident};
use crate::desk::Desk;
use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::pages::sign_in::form_value;
use crate::words::Words;

#[derive(Template)]
#[template(path = "planned.html")]
struct PlannedPage {
    frame: Frame,
    w: Words,
    planned: Part,
    held: Part,
}

/// A page of one of the two lists, with the ways on.
struct Part {
    count: String,
    lines: Vec<PlannedView>,
    list: Ways,
}

/// The ways to what lies before and after.
struct Ways {
    above: Option<String>,
    below: Option<String>,
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
        title: w.title(&row.title).to_owned(),
        href: format!("{}/bewaren", of_incident(desk.slug(), row.number, Tab::Overview)),
        kind: row.keeping.kind.name().in_language(w.0).to_owned(),
        closed: row.closed_at.map(|at| desk.day(at)).unwrap_or_default(),
        at: desk.day(at),
    };
    let planned = planned.iter().map(|one| view(&one.row, one.at)).collect();
    let held = held.iter().map(|row| view(row, row.keeping.held_at.unwrap_or(row.opened_at))).collect();
    page(&PlannedPage {
        frame: desk.frame(w.planned_heading(), Place::Register),
        w,
        planned: Part::of(planned, "vanaf", &desk),
        held: Part::of(held, "verbod-vanaf", &desk),
    })
}

impl Part {
    /// The page that the address asks for, by how many lines lie before it. What lies beyond the end begins anew.
    fn of(all: Vec<PlannedView>, name: &str, desk: &Desk) -> Self {
        let count = all.len();
        let asked = form_value(desk.visit.uri.query().unwrap_or_default(), name).parse().unwrap_or(0);
        let from: usize = if asked < count { asked } else { 0 };
        let lines: Vec<_> = all.into_iter().skip(from).take(PAGE as usize).collect();
        let to = |place: usize| format!("?{name}={place}");
        let next = from + lines.len();
        Self {
            count: desk.visit.w.planned_count(lines.len(), count),
            list: Ways {
                above: (from > 0).then(|| to(from.saturating_sub(PAGE as usize))),
                below: (next < count).then(|| to(next)),
            },
            lines,
        }
    }
}
