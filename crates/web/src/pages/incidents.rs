//! The list of incidents: in pages, filtered, searched; the most pressing on top.

use askama::Template;
use axum::response::Response;

use app::lists::State;

use crate::desk::Desk;
use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::pages::line::LineView;
use crate::pages::listed::{Asked, Counts, ListView};
use crate::words::Words;

#[derive(Template)]
#[template(path = "incidents.html")]
struct IncidentsPage {
    frame: Frame,
    w: Words,
    code: String,
    list: ListView,
    count: String,
    why_empty: &'static str,
    lines: Vec<LineView>,
}

/// `GET /o/{slug}/incidenten`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let app = desk.visit.app();
    let asked = Asked::read(desk.visit.uri.query().unwrap_or_default(), State::Open, &desk.zone);
    let counts = Counts(app.counts(&desk.scope).await?);
    let found = app.incidents(&desk.scope, &asked.filter, asked.start).await?;
    let lines: Vec<_> =
        found.lines.iter().map(|line| LineView::new(line, desk.slug(), &desk.zone, desk.visit.now, w)).collect();
    let all = counts.of(State::All);
    page(&IncidentsPage {
        frame: desk.frame(w.incidents_heading(), Place::Incidents),
        w,
        code: desk.scope.organisation().report_code.clone(),
        count: w.incidents_count(lines.len() as u64, all),
        why_empty: match (all, asked.is_narrowed()) {
            (0, _) => w.incidents_none(),
            (_, false) => w.incidents_none_in_state(),
            (_, true) => w.incidents_none_found(),
        },
        list: asked.view(&found, &counts, w),
        lines,
    })
}
