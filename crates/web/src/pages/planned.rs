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

/// The names by which an address asks for a page of each list.
const PLANNED: &str = "vanaf";
const HELD: &str = "verbod-vanaf";

#[derive(Template)]
#[template(path = "planned.html")]
struct PlannedPage {
    frame: Frame,
    w: Words,
    /// That the clock is not believed, and nothing is erased meanwhile.
    leap: Option<String>,
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
    let (planned_from, held_from) = (from(&desk, PLANNED), from(&desk, HELD));
    let mut planned = app.planned_erasures(&desk.scope, planned_from, desk.visit.now).await?;
    // What lies beyond the end begins anew.
    if planned.lines.is_empty() && planned_from > 0 {
        planned = app.planned_erasures(&desk.scope, 0, desk.visit.now).await?;
    }
    let mut held = app.held_incidents(&desk.scope, held_from).await?;
    if held.lines.is_empty() && held_from > 0 {
        held = app.held_incidents(&desk.scope, 0).await?;
    }
    let view = |row: &IncidentRow, at, is_closing_unsaid| PlannedView {
        number: row.number,
        title: w.title(&row.title, row.keeping.erased_at.is_some()).to_owned(),
        href: format!("{}/bewaren", of_incident(desk.slug(), row.number, Tab::Overview)),
        kind: row.keeping.kind.name().in_language(w.0).to_owned(),
        closed: match row.closed_at.map(|at| desk.day(at)) {
            Some(day) if is_closing_unsaid => w.keep_closing_unsaid(&day),
            day => day.unwrap_or_default(),
        },
        at: desk.day(at),
    };
    let planned_lines = planned.lines.iter().map(|one| view(&one.row, one.at, one.is_closing_unsaid)).collect();
    let held_lines =
        held.lines.iter().map(|row| view(row, row.keeping.held_at.unwrap_or(row.opened_at), false)).collect();
    page(&PlannedPage {
        frame: desk.frame(w.planned_heading(), Place::Register).with_damage(desk.damage().await?),
        w,
        leap: app
            .clock_leap(desk.visit.now)
            .await?
            .map(|leap| w.planned_leap(&desk.day(leap.now), &desk.day(leap.seen))),
        planned: Part::of(planned_lines, planned.all, (PLANNED, planned_from), w),
        held: Part::of(held_lines, held.all, (HELD, held_from), w),
    })
}

/// How many lines lie before the page that the address asks for.
fn from(desk: &Desk, name: &str) -> u64 {
    form_value(desk.visit.uri.query().unwrap_or_default(), name).parse().unwrap_or(0)
}

impl Part {
    /// A page of `all` lines, asked for by a name in the address and how many lie before it.
    fn of(lines: Vec<PlannedView>, all: u64, (name, asked): (&str, u64), w: Words) -> Self {
        let from = if asked < all { asked } else { 0 };
        let to = |place: u64| format!("?{name}={place}");
        let next = from + lines.len() as u64;
        Self {
            count: w.planned_count(lines.len() as u64, all),
            list: Ways {
                above: (from > 0).then(|| to(from.saturating_sub(PAGE.into()))),
                below: (next < all).then(|| to(next)),
            },
            lines,
        }
    }
}
