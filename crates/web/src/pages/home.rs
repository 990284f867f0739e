//! An organisation's home: what is asked today, and how its people report. And the door: where to go after signing in.

use askama::Template;
use axum::response::Response;

use app::lists::{Filter, Start, State};
use incident::Permission;

use crate::address::{settings_of, urgent_of};
use crate::desk::{Desk, Member};
use crate::drawing::Qr;
use crate::failure::{Failure, onward, page};
use crate::frame::{Frame, Place};
use crate::pages::line::LineView;
use crate::pages::sensors::enrol;
use crate::report_link;
use crate::words::Words;

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage {
    frame: Frame,
    w: Words,
    today: String,
    /// Absent where what sensors saw is all there is, which stands below.
    lead: Option<String>,
    slug: String,
    code: String,
    report_link: String,
    /// Whether that works on this machine alone.
    is_only_here: bool,
    qr: Option<Qr>,
    reads_incidents: bool,
    /// Where to complete the organisation's details, for who may, while they are not.
    details: Option<String>,
    /// That mail did not leave.
    unsent: Option<String>,
    /// That sensors saw what nobody did anything with yet, and where that stands.
    urgent: Option<(String, String)>,
    first: Option<LineView>,
    others: Vec<LineView>,
}

#[derive(Template)]
#[template(path = "nowhere.html")]
struct NowherePage {
    frame: Frame,
    w: Words,
}

/// `GET /`
pub(crate) async fn door(member: Member) -> Result<Response, Failure> {
    if member.seat.has_board {
        return onward("/bord");
    }
    let places = member.visit.app().places(&member.seat.who).await?;
    match places.organisations.first() {
        Some(organisation) => onward(&format!("/o/{}", organisation.slug)),
        None => {
            let w = member.visit.w;
            page(&NowherePage { frame: member.frame(w.nowhere_heading(), Place::Nowhere), w })
        }
    }
}

/// `GET /o/{slug}`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let organisation = desk.scope.organisation();
    let reads_incidents = desk.allows(Permission::ReadIncident);
    let app = desk.visit.app();
    let filter = Filter { state: State::Open, ..Filter::default() };
    let (lines, count) = if reads_incidents {
        let counts = app.counts(&desk.scope).await?;
        (app.incidents(&desk.scope, &filter, Start::Top).await?.lines, State::Open.count_in(&counts))
    } else {
        (Vec::new(), 0)
    };
    let mut open = lines.iter().map(|line| LineView::new(line, &organisation.slug, &desk.zone, desk.visit.now, w));
    let first = open.next();
    let others: Vec<_> = open.collect();
    let unsent = if reads_incidents { desk.visit.app().unsent_letters(&desk.scope).await? } else { 0 };
    let link = report_link(&desk.visit.web.state.base_url, &organisation.report_code);
    let urgent = if desk.allows(Permission::ReadDetections) { app.urgent_cases(&desk.scope).await? } else { 0 };
    let urgent = (urgent > 0).then(|| (urgent_of(&organisation.slug), w.urgent_said(urgent)));
    let lead = match (&urgent, reads_incidents) {
        (Some(_), true) if count == 0 => None,
        (_, true) => Some(w.home_lead(count)),
        (_, false) => Some(w.home_lead_employee().to_owned()),
    };
    page(&HomePage {
        frame: desk.frame(w.nav_today(), Place::Today).with_damage(desk.damage().await?),
        w,
        // The weekday and the day: the moment without its clock.
        today: desk.when(desk.visit.now).words.split(',').next().unwrap_or_default().to_owned(),
        lead,
        slug: organisation.slug.clone(),
        code: organisation.report_code.clone(),
        qr: Qr::of(&link),
        report_link: link,
        is_only_here: enrol::leads_here(&desk.visit.web.state.base_url),
        reads_incidents,
        details: (desk.allows(Permission::Administer) && !organisation.profile.is_complete())
            .then(|| settings_of(&organisation.slug)),
        urgent,
        unsent: (unsent > 0).then(|| w.outgoing_failed(unsent)),
        first,
        others,
    })
}
