//! The list of incidents: in pages, filtered, searched; the most pressing on top.

use askama::Template;
use axum::response::Response;

use app::lists::State;

use crate::desk::Desk;
use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::pages::line::LineView;
use crate::pages::listed::{Asked, ListView};
use crate::words::Words;

#[derive(Template)]
#[template(path = "incidents.html")]
struct IncidentsPage {
    frame: Frame,
    w: Words,
    code: String,
    list: ListView,
    why_empty: &'static str,
    lines: Vec<LineView>,
}

/// `GET /o/{slug}/incidenten`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let app = desk.visit.app();
    let asked = Asked::read(desk.visit.uri.query().unwrap_or_default(), State::Open, &desk.zone);
    let counts = app.counts(&desk.scope).await?;
    let shown = app.incidents(&desk.scope, &asked.filter, asked.start).await?;
    let found = app.found(&desk.scope, &asked.filter, &counts).await?;
    let lines: Vec<_> =
        shown.lines.iter().map(|line| LineView::new(line, desk.slug(), &desk.zone, desk.visit.now, w)).collect();
    let all = State::All.count_in(&counts);
    page(&IncidentsPage {
        frame: desk.frame(w.incidents_heading(), Place::Incidents).with_damage(desk.damage().await?),
        w,
        code: desk.scope.organisation().report_code.clone(),
        why_empty: match (all, asked.filter.is_narrowed()) {
            (0, _) => w.incidents_none(),
            (_, false) => w.incidents_none_in_state(),
            (_, true) => w.incidents_none_found(),
        },
        list: asked.view(&shown, found, &counts, w),
        lines,
    })
}
