//! The sensor in the demo: really reads the bundled capture, as `dijkwacht sensor --read` does, and reports what it saw to the
//! demo's server.

use app::{App, Sensor};
use contract::detection::{Line, StatsLine};
use contract::sensor::{ListState, Report, SourceKind, SourceState, StateLine};
use detect::{Settings, ThreatList};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Unit};
use sensor::Engine;
use wire::event::Stats;

use crate::demo::People;
use crate::outcome::Failure;

/// What the sensor says.
pub(crate) struct Seen {
    reports: Vec<Report>,
    pub(crate) stats: Stats,
}

impl Seen {
    /// The lines of `dijkwacht scan --format json`.
    pub(crate) fn lines(&self) -> Result<String, Failure> {
        let found = self.reports.iter().filter_map(|report| match report {
            Report::Detection(detection) => Some(Line::Detection(detection.clone())),
            Report::Case(case) => Some(Line::Case(case.clone())),
            Report::State(_) | Report::Traffic(_) => None,
        });
        let mut text = String::new();
        for line in found.chain([Line::Stats(StatsLine::new(&self.stats, 0))]) {
            text.push_str(&line.to_json().map_err(anyhow::Error::new)?);
            text.push('\n');
        }
        Ok(text)
    }

    /// The worst case's id: the first one.
    pub(crate) fn first_case(&self) -> Option<&str> {
        self.reports.iter().find_map(|report| match report {
            Report::Case(case) => Some(case.id.as_str()),
            _ => None,
        })
    }
}

/// Watches the made-up office's working day, which ended shortly before `now`.
pub(crate) fn watch(now: Timestamp) -> Result<Seen, Failure> {
    let plan = office::Plan::default();
    let whole_hour = now.round(Unit::Hour).map_err(anyhow::Error::new)?;
    let start = whole_hour - SignedDuration::from_hours(i64::from(plan.hours) + 1);
    let plan = office::Plan { start, ..plan };
    let capture = office::capture(&plan);
    let list = ThreatList::read("demo.txt", office::threat_list(&plan).as_bytes()).list;
    let lists = vec![ListState { name: list.name().to_owned(), entries: list.len() as u64, fetched_at: None }];
    let mut engine = Engine::new(Settings { intel: [list].into(), ..Settings::default() });
    capture::read_frames(capture.as_slice(), &mut |frame| engine.frame(frame)).map_err(anyhow::Error::new)?;
    let (malformed, hosts) = (engine.stats().malformed, engine.hosts());
    let (mut reports, stats) = engine.finish();
    let source = SourceState {
        packets: stats.packets,
        bytes: stats.bytes,
        flows: stats.flows,
        ..SourceState::new(SourceKind::File, "demo.pcap".to_owned(), false)
    };
    reports.push(Report::State(StateLine {
        at: now,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: now,
        sources: vec![source],
        malformed,
        dropped: stats.dropped,
        hosts,
        lists,
        spooled: 0,
        looks_into_content: true,
        disk: None,
        let_go: 0,
        copies: stats.copies,
    }));
    Ok(Seen { reports, stats })
}

/// Enrols the sensor at a customer, whose staff was told of it, and reports what it saw there; gives the sensor.
pub(crate) async fn report(
    app: &App,
    people: &People,
    slug: &str,
    seen: &Seen,
    now: Timestamp,
) -> Result<Sensor, Failure> {
    let scope = people.deciding(app, slug).await?;
    let day =
        now.to_zoned(TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC)).date() - jiff::Span::new().days(30);
    let how = "In het werkoverleg verteld en op papier gezet; er is geen OR.";
    app.record_staff_informed(&scope, &day.to_string(), how, now).await?;
    let token = app.new_sensor_token(&scope, "Kantoor (demo)", now).await?.token;
    let enrolled =
        app.enrol_sensor(&token, "demo", env!("CARGO_PKG_VERSION"), now).await.map_err(anyhow::Error::new)?;
    let mut text = String::new();
    for report in &seen.reports {
        text.push_str(&report.to_json().map_err(anyhow::Error::new)?);
        text.push('\n');
    }
    let read = app::read_report(&text).map_err(anyhow::Error::new)?;
    app.take_report(&enrolled.sensor, &read, now).await.map_err(anyhow::Error::new)?;
    Ok(enrolled.sensor)
}
