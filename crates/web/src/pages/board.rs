//! The provider's board: all customers, the least time left on top.

use askama::Template;
use axum::response::Response;
use jiff::tz::TimeZone;

use app::BoardRow;

use crate::address::urgent_of;
use crate::desk::Member;
use crate::failure::{Failure, onward, page};
use crate::frame::{Frame, Place};
use crate::pages::line::LineView;
use crate::words::Words;

#[derive(Template)]
#[template(path = "board.html")]
struct BoardPage {
    frame: Frame,
    w: Words,
    lead: String,
    first: Option<WetRow>,
    /// Customers with something open.
    wet: Vec<WetRow>,
    /// Customers whose sensors saw what nobody did anything with yet: name, where that stands, how much.
    urgent: Vec<(String, String, String)>,
    /// Customers with nothing open: slug and name.
    dry: Vec<(String, String)>,
}

struct WetRow {
    slug: String,
    name: String,
    line: LineView,
    /// How many more are open, where there are more.
    others: Option<String>,
}

/// `GET /bord`
pub(crate) async fn show(member: Member) -> Result<Response, Failure> {
    if !member.seat.has_board {
        return onward("/");
    }
    let visit = &member.visit;
    let w = visit.w;
    let rows = visit.app().board(&member.seat.who).await?;
    let mut wet = Vec::new();
    let mut dry = Vec::new();
    let mut running = 0;
    for row in &rows {
        let wet_row = || wet_row(row, &member);
        match wet_row()? {
            Some(one) => {
                running += row.running;
                wet.push(one);
            }
            None if row.urgent > 0 => {}
            None => dry.push((row.organisation.slug.clone(), row.organisation.name.clone())),
        }
    }
    // On top and large, while its clock runs; it stands in the list as well, which is complete.
    let first = match rows.first() {
        Some(row) if running > 0 => wet_row(row, &member)?,
        _ => None,
    };
    let urgent = rows.iter().filter(|row| row.urgent > 0).map(|row| {
        let organisation = &row.organisation;
        (organisation.name.clone(), urgent_of(&organisation.slug), w.urgent_said(row.urgent))
    });
    page(&BoardPage {
        frame: member.frame(w.board_heading(), Place::Board),
        w,
        lead: w.board_lead(rows.len(), rows.len() - dry.len(), running),
        urgent: urgent.collect(),
        first,
        wet,
        dry,
    })
}

fn wet_row(row: &BoardRow, member: &Member) -> Result<Option<WetRow>, Failure> {
    let Some(pressing) = &row.first else { return Ok(None) };
    let organisation = &row.organisation;
    let zone = TimeZone::get(&organisation.zone).map_err(app::Error::internal)?;
    Ok(Some(WetRow {
        slug: organisation.slug.clone(),
        name: organisation.name.clone(),
        line: LineView::new(pressing, &organisation.slug, &zone, member.visit.now, member.visit.w),
        others: Some(row.open.saturating_sub(1)).filter(|more| *more > 0).map(|more| member.visit.w.and_more(more)),
    }))
}
