//! The list of incidents, with a filter by state and a word to look for.

use askama::Template;
use axum::response::Response;

use app::IncidentLine;
use incident::Phase;

use crate::desk::Desk;
use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::pages::line::LineView;
use crate::pages::sign_in::form_value;
use crate::words::Words;

#[derive(Template)]
#[template(path = "incidents.html")]
struct IncidentsPage {
    frame: Frame,
    w: Words,
    code: String,
    filters: Vec<FilterView>,
    search: String,
    count: String,
    why_empty: &'static str,
    lines: Vec<LineView>,
}

struct FilterView {
    key: &'static str,
    label: &'static str,
    count: usize,
    is_chosen: bool,
}

/// What the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    Open,
    One(Phase),
    All,
}

impl Filter {
    const ALL: [Self; 7] = [
        Self::Open,
        Self::One(Phase::Investigating),
        Self::One(Phase::AwaitingDecision),
        Self::One(Phase::Acting),
        Self::One(Phase::Done),
        Self::One(Phase::Closed),
        Self::All,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::One(Phase::Investigating) => "onderzoek",
            Self::One(Phase::AwaitingDecision) => "besluit",
            Self::One(Phase::Acting) => "uitvoeren",
            Self::One(Phase::Done) => "gedaan",
            Self::One(Phase::Closed) => "gesloten",
            Self::All => "alles",
        }
    }

    fn label(self, w: Words) -> &'static str {
        match self {
            Self::Open => w.filter_open(),
            Self::One(phase) => crate::view::phase::phase(phase, w).label,
            Self::All => w.filter_all(),
        }
    }

    fn shows(self, line: &IncidentLine) -> bool {
        match self {
            Self::Open => line.row.phase != Phase::Closed,
            Self::One(phase) => line.row.phase == phase,
            Self::All => true,
        }
    }
}

/// `GET /o/{slug}/incidenten`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let query = desk.visit.uri.query().unwrap_or_default();
    let asked = form_value(query, "stand");
    let filter = Filter::ALL.into_iter().find(|filter| filter.key() == asked).unwrap_or(Filter::Open);
    let search = form_value(query, "zoek").trim().to_owned();
    let all = desk.visit.app().incidents(&desk.scope).await?;
    let lines: Vec<_> = all
        .iter()
        .filter(|line| filter.shows(line) && matches_search(line, &search))
        .map(|line| LineView::new(line, desk.slug(), &desk.zone, desk.visit.now, w))
        .collect();
    let filters = Filter::ALL.map(|one| FilterView {
        key: one.key(),
        label: one.label(w),
        count: all.iter().filter(|line| one.shows(line)).count(),
        is_chosen: one == filter,
    });
    page(&IncidentsPage {
        frame: desk.frame(w.incidents_heading(), Place::Incidents),
        w,
        code: desk.scope.organisation().report_code.clone(),
        filters: filters.into(),
        count: w.incidents_count(lines.len(), all.len()),
        why_empty: match (all.is_empty(), search.is_empty()) {
            (true, _) => w.incidents_none(),
            (false, true) => w.incidents_none_in_state(),
            (false, false) => w.incidents_none_found(),
        },
        search,
        lines,
    })
}

fn matches_search(line: &IncidentLine, search: &str) -> bool {
    let search = search.to_lowercase();
    line.row.title.to_lowercase().contains(&search) || line.row.number.to_string() == search
}
