//! The sensors of an organisation: how they are, what they saw, and what people settle about them.

pub(crate) mod case;
pub(crate) mod compare;
pub(crate) mod detection;
pub(crate) mod enrol;
mod except;
pub(crate) mod exceptions;
pub(crate) mod figures;
pub(crate) mod findings;
pub(crate) mod lists;
pub(crate) mod one;
pub(crate) mod overview;
pub(crate) mod privacy;
pub(crate) mod proposals;
pub(crate) mod settings;
pub(crate) mod staff;

use askama::Template;
use axum::response::Response;
use incident::Permission;
use jiff::SignedDuration;

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::view::sensor::{FindingView, SensorView};
use crate::words::Words;

/// How far back lists look unless more is asked.
pub(crate) const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many cases the first page shows.
const MOST_CASES: usize = 10;

#[derive(Template)]
#[template(path = "sensors/list.html")]
struct SensorsPage {
    frame: Frame,
    w: Words,
    base: String,
    sensors: Vec<SensorView>,
    lead: String,
    /// A form that was saved just now said this.
    saved: Option<&'static str>,
    reads: bool,
    manages: bool,
    administers: bool,
    cases: Vec<FindingView>,
    more_cases: Option<String>,
    /// Sensors that still learn, each in a sentence.
    learning: Vec<String>,
    has_provider: bool,
    /// Since when the staff has been informed, in words.
    staff: String,
    is_staff_informed: bool,
}

/// `GET /o/{slug}/sensoren`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let (w, app, now) = (desk.visit.w, desk.visit.app(), desk.visit.now);
    let standing = app.sensors(&desk.scope, now).await?;
    let reads = desk.allows(Permission::ReadDetections);
    let (mut cases, mut is_cut) = (Vec::new(), false);
    if reads {
        let seen = app.seen_by_sensors(&desk.scope, None, now - WEEK).await?;
        (cases, is_cut) = (seen.cases, seen.is_cut);
        cases.sort_by_key(|case| std::cmp::Reverse((case.waits(), case.line.severity, case.last_seen())));
    }
    let more = cases.len().saturating_sub(MOST_CASES);
    let informed = app.staff_informed_on(&desk.scope).await?;
    page(&SensorsPage {
        frame: desk.frame(w.sensors_heading(), Place::Sensors),
        w,
        base: sensors_of(desk.slug()),
        lead: w.sensors_lead(standing.iter()),
        sensors: standing.iter().map(|one| SensorView::new(one, &desk)).collect(),
        learning: standing.iter().filter_map(|one| learning(one, &desk)).collect(),
        has_provider: desk.scope.organisation().provider.is_some(),
        saved: desk.saved.as_deref().and_then(|form| w.sensors_saved(form)),
        reads,
        manages: desk.allows(Permission::ManageSensors),
        administers: desk.allows(Permission::Administer),
        cases: cases.iter().take(MOST_CASES).map(|case| FindingView::of_case(case, &desk)).collect(),
        more_cases: (more > 0).then(|| if is_cut { w.cases_and_more().to_owned() } else { w.and_more(more as u64) }),
        staff: w.staff_standing(informed.map(|day| w.date(day)).as_deref()),
        is_staff_informed: informed.is_some(),
    })
}

/// Until when a sensor learns, while it does.
fn learning(one: &app::SensorStanding, desk: &Desk) -> Option<String> {
    let until = desk.day(one.sensor.learns_until());
    let said = || format!("{}: {}", one.sensor.name, desk.visit.w.learning_until(&until, &one.sensor.learns_by));
    one.is_learning(desk.visit.now).then(said)
}
