//! All customers' sensors at a glance, for who serves several: the silent ones on top.

use askama::Template;
use axum::response::Response;
use jiff::tz::TimeZone;

use crate::address::sensors_of;
use crate::desk::Member;
use crate::failure::{Failure, onward, page};
use crate::frame::{Frame, Place};
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
    state: String,
    tone: &'static str,
    heard: When,
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
    for (organisation, standing) in all.sensors {
        let zone = TimeZone::get(&organisation.zone).map_err(app::Error::internal)?;
        let heard = When::new(standing.sensor.heard_at, &zone, w.0);
        let (state, tone) = if standing.sensor.clock_off.is_some() {
            (w.sensor_clock_ahead().to_owned(), "alarm")
        } else if standing.is_replay() {
            (w.sensor_replayed().to_owned(), "")
        } else if standing.is_silent {
            (w.sensor_silent_since(&heard.words), "amber")
        } else {
            (w.sensor_well().to_owned(), "dike")
        };
        rows.push(Row {
            href: format!("{}/{}", sensors_of(&organisation.slug), standing.sensor.id),
            customer: organisation.name,
            name: standing.sensor.name,
            version: standing.sensor.version,
            state,
            tone,
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
