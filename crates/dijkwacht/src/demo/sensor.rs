//! The sensor in the demo: really reads the bundled capture, as `dijkwacht scan` reads a file.

use detect::{Findings, Settings, ThreatList, Watch};
use jiff::{SignedDuration, Timestamp, Unit};
use wire::Tracker;
use wire::event::{Event, Stats};

use crate::outcome::Failure;

/// What the sensor saw.
pub(crate) struct Seen {
    pub(crate) findings: Findings,
    pub(crate) stats: Stats,
}

impl Seen {
    /// The lines of `dijkwacht scan --format json`.
    pub(crate) fn lines(&self) -> Result<String, Failure> {
        let mut text = String::new();
        for line in contract::detection::lines(&self.findings, &self.stats) {
            text.push_str(&line.to_json().map_err(anyhow::Error::new)?);
            text.push('\n');
        }
        Ok(text)
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
    let mut watch = Watch::new(Settings { intel: [list].into(), ..Settings::default() });
    let mut tracker = Tracker::default();
    let mut sink = |event: Event| watch.event(&event);
    capture::read_frames(capture.as_slice(), &mut |frame| tracker.frame(frame, &mut sink))
        .map_err(anyhow::Error::new)?;
    tracker.finish(&mut sink);
    Ok(Seen { stats: tracker.stats().clone(), findings: watch.finish() })
}
