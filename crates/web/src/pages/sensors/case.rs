//! A case: what one host's detections come to, and from there to an incident in one press.

use app::SeenCase;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use incident::Permission;

use crate::address::{Tab, of_incident, sensors_of};
use crate::desk::Desk;
use crate::failure::{Failure, onward, page};
use crate::frame::{Frame, Place};
use crate::pages::sensors::except;
use crate::view::sensor::{FindingView, IncidentOffer, of_sensor};
use crate::words::Words;

#[derive(Template)]
#[template(path = "sensors/case.html")]
struct CasePage {
    frame: Frame,
    w: Words,
    base: String,
    address: String,
    case: FindingView,
    /// What is known of the host beside its name.
    host: Vec<(&'static str, String)>,
    /// Whether people were told, sentence by sentence.
    told: Vec<String>,
    detections: Vec<FindingView>,
    hidden: Vec<FindingView>,
    /// Detections that the case names and that are here no more, or not yet.
    missing: Option<String>,
    offer: IncidentOffer,
    /// Where to make the one exception that covers all of it, filled in already; and what to know of that.
    except: Option<(String, &'static str)>,
}

/// `GET /o/{slug}/sensoren/{sensor}/zaken/{id}`
pub(crate) async fn show(
    desk: Desk,
    Path((_, sensor, id)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let w = desk.visit.w;
    let sensor_id = sensor.parse().map_err(|_| app::Error::NotFound)?;
    let (case, all) = desk.visit.app().seen_case(&desk.scope, sensor_id, &id).await?;
    let mut told = told(&case, &desk).await?;
    let rule = desk.visit.app().sensor_settings(&desk.scope).await?.opens;
    if case.is_held_back(rule, desk.visit.now) {
        told.push(w.rule_held_back());
    }
    let is_here = |id: &&String| all.iter().any(|one| one.line.id == **id);
    let missing = case.line.detections.iter().filter(|id| !is_here(id)).count();
    let (hidden, detections): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.exception.is_some());
    let except = if desk.allows(Permission::HandleIncident) { except::of_case(&detections, &desk)? } else { None };
    let views =
        |all: Vec<&app::SeenDetection>| all.into_iter().map(|one| FindingView::of_detection(one, &desk)).collect();
    page(&CasePage {
        frame: desk.frame(w.case_heading(), Place::Sensors),
        w,
        base: sensors_of(desk.slug()),
        address: format!("{}/zaken/{id}", of_sensor(&desk, &sensor)),
        host: w.host_facts(&case.line.host),
        told,
        detections: views(detections),
        hidden: views(hidden),
        except,
        missing: (missing > 0).then(|| w.case_missing(missing)),
        offer: IncidentOffer::new(desk.visit.app().case_standing(&desk.scope, &case).await?, &desk),
        case: FindingView::of_case(&case, &desk),
    })
}

/// What became of telling people, as the outbox has it: what a case asks for is one thing, what was sent another.
async fn told(case: &SeenCase, desk: &Desk) -> Result<Vec<String>, Failure> {
    let (w, told) = (desk.visit.w, desk.visit.app().case_told(&desk.scope, case.sensor, &case.ids).await?);
    let mut said = Vec::new();
    if let Some(at) = told.sent_at {
        said.push(w.case_told(&desk.when(at).words, told.sent));
    }
    if told.waiting > 0 {
        said.push(w.case_told_waiting(told.waiting));
        if !desk.visit.web.state.sends_mail {
            said.push(w.outgoing_no_mail().to_owned());
        }
    }
    if told.given_up > 0 {
        said.push(w.case_told_given_up(told.given_up));
    }
    said.push(match (case.is_covered, case.is_urgent) {
        // What waits was made before, and goes.
        (true, _) if told.is_made() => w.case_told_covered_since().to_owned(),
        (true, _) => w.case_told_covered().to_owned(),
        (false, _) if told.is_made() => return Ok(said),
        (false, _) if !told.is_anybody_told => w.case_told_nobody().to_owned(),
        (false, true) => w.case_told_not().to_owned(),
        (false, false) => w.case_digest().to_owned(),
    });
    Ok(said)
}

/// `POST /o/{slug}/sensoren/{sensor}/zaken/{id}/incident`
pub(crate) async fn open(
    desk: Desk,
    Path((_, sensor, id)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let sensor = sensor.parse().map_err(|_| app::Error::NotFound)?;
    let opened = desk.visit.app().open_sensor_case(&desk.scope, sensor, &id, desk.visit.now).await?;
    onward(&of_incident(desk.slug(), opened.number, Tab::Overview))
}
