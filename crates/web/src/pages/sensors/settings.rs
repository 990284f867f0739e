//! What is settled about sensors: the rule for incidents, silence, and how long things are kept; with who changed it when.

use app::{Error, Opens, SensorSettings};
use askama::Template;
use axum::response::Response;
use jiff::Timestamp;

use crate::address::sensors_of;
use crate::desk::Desk;
use crate::failure::{Failure, onward, page, page_again};
use crate::forms::{Filled, Problems, Sent, whole};
use crate::frame::{Frame, Place};
use crate::words::Words;

const NUMBERS: [&str; 4] = ["silent_minutes", "detection_days", "traffic_days", "metadata_days"];

#[derive(Template)]
#[template(path = "sensors/settings.html")]
struct SettingsPage {
    frame: Frame,
    w: Words,
    base: String,
    address: String,
    is_saved: bool,
    problems: Problems,
    filled: Filled,
    seen: String,
    rules: Vec<(&'static str, String, bool)>,
    changes: Vec<String>,
}

/// `GET /o/{slug}/sensoren/instellingen`
pub(crate) async fn show(desk: Desk) -> Result<Response, Failure> {
    let held = desk.visit.app().sensor_settings(&desk.scope).await?;
    let filled = Filled::default()
        .with("opens", held.opens.key())
        .with("silent_minutes", held.silent_minutes.to_string())
        .with("detection_days", held.detection_days.to_string())
        .with("traffic_days", held.traffic_days.to_string())
        .with("metadata_days", held.metadata_days.to_string());
    page(&settings_page(&desk, Problems::new(), filled).await?)
}

/// `POST /o/{slug}/sensoren/instellingen`
pub(crate) async fn take(desk: Desk, sent: Sent) -> Result<Response, Failure> {
    let names: Vec<_> = NUMBERS.into_iter().chain(["opens"]).collect();
    let Some(opens) = Opens::from_key(sent.text("opens")) else {
        let mut problems = Problems::new();
        problems.add("opens", desk.visit.w.sensor_settings_opens_choose());
        return page_again(&settings_page(&desk, problems, Filled::from_sent(&sent, &names)).await?);
    };
    // What is no number is out of every range: the use case says which there is.
    let number = |name: &str| whole(sent.text(name)).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(u32::MAX);
    let wanted = SensorSettings {
        opens,
        silent_minutes: number("silent_minutes"),
        detection_days: number("detection_days"),
        traffic_days: number("traffic_days"),
        metadata_days: u16::try_from(number("metadata_days")).unwrap_or(u16::MAX),
        ..SensorSettings::default()
    };
    // Somebody who had the form open meanwhile would else put back what was there before.
    let seen = sent.text("gezien").parse().ok().and_then(|at| Timestamp::from_microsecond(at).ok());
    match desk.visit.app().set_sensor_settings(&desk.scope, wanted, seen, desk.visit.now).await {
        Ok(()) => onward(&format!("{}/instellingen?bewaard=ja", sensors_of(desk.slug()))),
        Err(Error::Conflict) => {
            let mut problems = Problems::new();
            problems.add("", desk.visit.w.sensor_settings_conflict());
            page_again(&settings_page(&desk, problems, Filled::from_sent(&sent, &names)).await?)
        }
        Err(error) => {
            let problems = Problems::from_error(error, desk.visit.w, |_| "")?;
            page_again(&settings_page(&desk, problems, Filled::from_sent(&sent, &names)).await?)
        }
    }
}

/// Which of the settings that were ever made these are: when they were, in microseconds; empty where nobody made any.
fn seen(settings: &SensorSettings) -> String {
    settings.set_at.map(|at| at.as_microsecond().to_string()).unwrap_or_default()
}

async fn settings_page(desk: &Desk, problems: Problems, filled: Filled) -> Result<SettingsPage, Failure> {
    let w = desk.visit.w;
    let history = desk.visit.app().sensor_settings_history(&desk.scope).await?;
    let base = sensors_of(desk.slug());
    let address = format!("{base}/instellingen");
    let frame = desk.frame(w.sensor_settings_heading(), Place::Sensors).standing_at(&address);
    let changes = history.iter().filter_map(|one| {
        let at = desk.when(one.set_at?).words;
        Some(w.sensor_settings_change(&at, one))
    });
    Ok(SettingsPage {
        seen: seen(&desk.visit.app().sensor_settings(&desk.scope).await?),
        changes: changes.collect(),
        frame: if problems.is_empty() { frame } else { frame.with_problems() },
        w,
        base,
        address,
        is_saved: problems.is_empty() && desk.saved.is_some(),
        rules: Opens::ALL
            .map(|rule| (rule.key(), rule.name().in_language(w.0).to_owned(), filled.is("opens", rule.key())))
            .into(),
        problems,
        filled,
    })
}
