//! A detection: what was seen, why it matters, what to do; its figures in words and in a picture; from here an incident, or an
//! exception.

use app::{CaseStanding, is_one_of_many};
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use incident::Permission;

use crate::address::{Tab, of_incident, sensors_of};
use crate::desk::Desk;
use crate::failure::{Failure, onward, page};
use crate::frame::{Frame, Place};
use crate::pages::sensors::except;
use crate::pages::sensors::figures::{self, Technique};
use crate::view::picture::{Bars, Dots};
use crate::view::sensor::{FindingView, IncidentOffer, of_sensor};
use crate::view::time::When;
use crate::words::Words;

#[derive(Template)]
#[template(path = "sensors/detection.html")]
struct DetectionPage {
    frame: Frame,
    w: Words,
    base: String,
    address: String,
    seen: FindingView,
    first: When,
    why: &'static str,
    what_to_do: &'static str,
    host: Vec<(&'static str, String)>,
    figures: Vec<(String, String)>,
    techniques: Vec<Technique>,
    dots: Option<Dots>,
    bars: Option<Bars>,
    /// DNS names that were asked for.
    names: Vec<String>,
    /// The case it belongs to, or out of which it is hidden: which of the two, address and words.
    case: Option<(&'static str, String, String)>,
    /// That other customers found the same, where that was told.
    also_seen: Option<String>,
    offer: IncidentOffer,
    /// The exception that covers it, in words.
    exception: Option<String>,
    /// Where to make one, filled in already; and for what it would hold.
    except: Option<(String, &'static str)>,
}

/// `GET /o/{slug}/sensoren/{sensor}/waarnemingen/{id}`
pub(crate) async fn show(
    desk: Desk,
    Path((_, sensor, id)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let sensor_id = sensor.parse().map_err(|_| app::Error::NotFound)?;
    let (seen, case) = desk.visit.app().seen_detection(&desk.scope, sensor_id, &id).await?;
    let line = &seen.line;
    let handles = desk.allows(Permission::HandleIncident);
    let (kind, names) = (w.detection_kind(line.kind), figures::names(line));
    let standing = match (seen.incident, &case) {
        (Some(number), _) => CaseStanding::In(number),
        // What an exception covers is opened by itself.
        (None, Some(case)) if case.line.detections.contains(&line.id) => {
            desk.visit.app().case_standing(&desk.scope, case).await?
        }
        (None, _) => CaseStanding::Nowhere,
    };
    let offer = IncidentOffer::new(standing, &desk);
    page(&DetectionPage {
        frame: desk.frame(kind, Place::Sensors),
        w,
        base: sensors_of(desk.slug()),
        address: format!("{}/waarnemingen/{id}", of_sensor(&desk, &sensor)),
        first: desk.when(line.first_at),
        why: w.detection_why(line.kind),
        what_to_do: w.detection_do(line.kind),
        host: w.host_facts(&line.host),
        figures: figures::in_words(&line.evidence, shown_elsewhere(&names), w),
        techniques: line.technique.iter().map(|id| figures::technique(id)).collect(),
        dots: Dots::of(&figures::moments(line), &desk.zone, w),
        bars: Bars::of(&figures::by_hour(line), &desk.zone, w),
        names,
        case: case.map(|case| {
            let href = format!("{}/zaken/{}", of_sensor(&desk, &sensor), case.line.id);
            let is_of_it = case.line.detections.contains(&line.id);
            let how = if is_of_it { w.case_of() } else { w.case_hidden_from() };
            (how, href, w.case_size(case.line.detections.len()))
        }),
        also_seen: desk.visit.app().also_seen(&desk.scope, line).await?.map(|at| w.also_seen(&desk.day(at))),
        offer,
        exception: seen.exception.as_ref().map(|one| w.exception_covers(&one.author, w.reason_of(one))),
        except: (handles && seen.exception.is_none())
            .then(|| except::of_detection(line, &desk))
            .transpose()?
            .map(|form| (form, if is_one_of_many(line) { w.except_why_kind() } else { w.except_why() })),
        seen: FindingView::of_detection(&seen, &desk),
    })
}

/// `POST /o/{slug}/sensoren/{sensor}/waarnemingen/{id}/incident`
pub(crate) async fn open(
    desk: Desk,
    Path((_, sensor, id)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let sensor = sensor.parse().map_err(|_| app::Error::NotFound)?;
    let opened = desk.visit.app().open_sensor_detection(&desk.scope, sensor, &id, desk.visit.now).await?;
    onward(&of_incident(desk.slug(), opened.number, Tab::Overview))
}

/// The figures that have a picture; and examples, where they are a list of their own.
fn shown_elsewhere(names: &[String]) -> &'static [&'static str] {
    if names.is_empty() { &figures::IN_PICTURES } else { &["times", "bytes_by_hour", "examples"] }
}
