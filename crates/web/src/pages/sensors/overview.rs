//! All customers' sensors at a glance, for who serves several: those that need somebody on top, with what they saw that does.

use app::Organisation;
use askama::Template;
use axum::response::Response;
use jiff::tz::TimeZone;

use crate::address::{sensors_of, urgent_of};
use crate::desk::Member;
use crate::failure::{Failure, onward, page};
use crate::frame::{Frame, Place};
use crate::view::sensor::{StateChip, chips, let_go};
use crate::view::time::When;
use crate::words::Words;

#[derive(Template)]
#[template(path = "sensors/overview.html")]
struct OverviewPage {
    frame: Frame,
    w: Words,
    lead: String,
    rows: Vec<Row>,
    /// Customers that have none: slug and name.
    without: Vec<(String, String)>,
}

struct Row {
    href: String,
    customer: String,
    name: String,
    version: String,
    states: Vec<StateChip>,
    /// How many lines it let go before the server had them, where it did.
    let_go: Option<String>,
    heard: When,
    /// How many cases of this customer ask for attention now, and where they stand.
    urgent: Option<(String, String)>,
    /// Whether this person may see any.
    reads: bool,
}

/// `GET /bord/sensoren`
pub(crate) async fn show(member: Member) -> Result<Response, Failure> {
    if !member.seat.has_board {
        return onward("/");
    }
    let (visit, w) = (&member.visit, member.visit.w);
    let all = visit.app().sensors_of_all(&member.seat.who, visit.now).await?;
    let mut rows = Vec::new();
    let lead = w.sensors_lead(all.sensors.iter().map(|(_, standing)| standing));
    let urgent = |organisation: &Organisation| {
        let count = all.urgent.get(&organisation.id)?;
        Some((urgent_of(&organisation.slug), w.urgent_count(*count)))
    };
    for (organisation, standing) in all.sensors {
        let zone = TimeZone::get(&organisation.zone).map_err(app::Error::internal)?;
        let heard = When::new(standing.sensor.heard_at, &zone, w.0);
        rows.push(Row {
            href: format!("{}/{}", sensors_of(&organisation.slug), standing.sensor.id),
            states: chips(&standing, &heard.words, w),
            let_go: let_go(&standing, w),
            urgent: urgent(&organisation),
            reads: all.readable.contains(&organisation.id),
            customer: organisation.name,
            name: standing.sensor.name,
            version: standing.sensor.version,
            heard,
        });
    }
    page(&OverviewPage {
        frame: member.frame(w.overview_heading(), Place::Board),
        w,
        lead,
        rows,
        without: all.without.into_iter().map(|organisation| (organisation.slug, organisation.name)).collect(),
    })
}
