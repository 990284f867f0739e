//! What all sensors saw: cases first, then every detection, page by page; what exceptions hide is counted, and can be seen.

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

/// How many cases, and how many detections, a page has.
const MOST_ON_PAGE: usize = 100;
/// How many pages are made of what is looked at at a time.
const PAGES_AT_A_TIME: u64 = app::MOST_SEEN as u64 / MOST_ON_PAGE as u64;

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
    /// How many there are, where that is known.
    count: Option<String>,
    /// Why the rule opens nothing more for now.
    held_back: Option<String>,
    /// The number of the next page, where there is one.
    older: Option<u64>,
    is_first: bool,
    /// How many are hidden, where any are.
    hidden: Option<String>,
    shows_hidden: bool,
    hidden_cases: Vec<FindingView>,
    hidden_detections: Vec<FindingView>,
}

/// `GET /o/{slug}/sensoren/bevindingen`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let (w, now) = (desk.visit.w, desk.visit.now);
    let query = desk.visit.uri.query().unwrap_or_default();
    let asked = form_value(query, "duur");
    let (span, hours) = SPANS.into_iter().find(|(key, _)| *key == asked).unwrap_or(SPANS[1]);
    let since = hours.map_or(Timestamp::MIN, |hours| now - SignedDuration::from_hours(hours));
    let shows_hidden = form_value(query, "verborgen") == "ja";
    let number = form_value(query, "blad").parse::<u32>().map_or(0, u64::from);
    let (part, at) = (number / PAGES_AT_A_TIME, number % PAGES_AT_A_TIME);
    let seen = desk.visit.app().seen_after(&desk.scope, None, since, part * u64::from(app::MOST_SEEN)).await?;
    let skipped = usize::try_from(at).unwrap_or_default() * MOST_ON_PAGE;
    let cases = |all: &[app::SeenCase]| {
        all.iter().skip(skipped).take(MOST_ON_PAGE).map(|case| FindingView::of_case(case, &desk)).collect()
    };
    let detections = |all: &[app::SeenDetection]| {
        all.iter().skip(skipped).take(MOST_ON_PAGE).map(|one| FindingView::of_detection(one, &desk)).collect()
    };
    let hidden = seen.hidden_detections.len() + seen.hidden_cases.len();
    let mut longest = seen.cases.len().max(seen.detections.len());
    if shows_hidden {
        longest = longest.max(seen.hidden_cases.len()).max(seen.hidden_detections.len());
    }
    let older = if longest > skipped + MOST_ON_PAGE {
        Some(number + 1)
    } else {
        seen.is_cut.then_some((part + 1) * PAGES_AT_A_TIME)
    };
    let rule = desk.visit.app().sensor_settings(&desk.scope).await?.opens;
    let is_held_back = seen.cases.iter().any(|case| case.is_held_back(rule, now));
    let is_all = part == 0 && !seen.is_cut;
    page(&FindingsPage {
        frame: desk.frame(w.findings_heading(), Place::Sensors),
        w,
        base: sensors_of(desk.slug()),
        saved: desk.saved.as_deref().and_then(|form| w.sensors_saved(form)),
        spans: SPANS.map(|(key, _)| (key, w.findings_span(key), key == span)).into(),
        span,
        cases: cases(&seen.cases),
        detections: detections(&seen.detections),
        count: is_all.then(|| w.findings_count(seen.cases.len(), seen.detections.len())),
        held_back: is_held_back.then(|| w.rule_held_back()),
        older,
        is_first: number == 0,
        hidden: (hidden > 0).then(|| {
            let (cases, detections) = (seen.hidden_cases.len(), seen.hidden_detections.len());
            if is_all { w.findings_hidden(cases, detections) } else { w.findings_hidden_here(cases, detections) }
        }),
        shows_hidden,
        hidden_cases: cases(&seen.hidden_cases),
        hidden_detections: detections(&seen.hidden_detections),
    })
}
