//! What all sensors saw: cases first, then every detection; what exceptions hide is counted, and can be seen.

use askama::Template;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, page};
use crate::frame::{Frame, Place};
use crate::pages::sign_in::form_value;
use crate::view::sensor::FindingView;
use crate::words::Words;

/// How many hours back the page looks, by what its address says; absent: to where anything began.
const SPANS: [(&str, Option<i64>); 3] = [("dag", Some(24)), ("week", Some(7 * 24)), ("alles", None)];

#[derive(Template)]
#[template(path = "sensors/findings.html")]
struct FindingsPage {
    frame: Frame,
    w: Words,
    base: String,
    saved: Option<&'static str>,
    spans: Vec<(&'static str, &'static str, bool)>,
    span: &'static str,
    cases: Vec<FindingView>,
    detections: Vec<FindingView>,
    count: String,
    /// How many are hidden, where any are.
    hidden: Option<String>,
    shows_hidden: bool,
    hidden_cases: Vec<FindingView>,
    hidden_detections: Vec<FindingView>,
    is_cut: bool,
}

/// `GET /o/{slug}/sensoren/bevindingen`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let (w, now) = (desk.visit.w, desk.visit.now);
    let query = desk.visit.uri.query().unwrap_or_default();
    let asked = form_value(query, "duur");
    let (span, hours) = SPANS.into_iter().find(|(key, _)| *key == asked).unwrap_or(SPANS[1]);
    let since = hours.map_or(Timestamp::MIN, |hours| now - SignedDuration::from_hours(hours));
    let seen = desk.visit.app().seen_by_sensors(&desk.scope, None, since).await?;
    let cases = |cases: &[app::SeenCase]| cases.iter().map(|case| FindingView::of_case(case, &desk)).collect();
    let detections = |all: &[app::SeenDetection]| all.iter().map(|one| FindingView::of_detection(one, &desk)).collect();
    let hidden = seen.hidden_detections.len() + seen.hidden_cases.len();
    page(&FindingsPage {
        frame: desk.frame(w.findings_heading(), Place::Sensors),
        w,
        base: sensors_of(desk.slug()),
        saved: desk.saved.as_deref().and_then(|form| w.sensors_saved(form)),
        spans: SPANS.map(|(key, _)| (key, w.findings_span(key), key == span)).into(),
        span,
        cases: cases(&seen.cases),
        detections: detections(&seen.detections),
        count: w.findings_count(seen.cases.len(), seen.detections.len()),
        hidden: (hidden > 0).then(|| w.findings_hidden(seen.hidden_cases.len(), seen.hidden_detections.len())),
        shows_hidden: form_value(query, "verborgen") == "ja",
        hidden_cases: cases(&seen.hidden_cases),
        hidden_detections: detections(&seen.hidden_detections),
        is_cut: seen.is_cut,
    })
}
