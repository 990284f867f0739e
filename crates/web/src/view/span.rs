//! The 72 hours of one breach as a drawing: from the first signal to the outer moment, with what happened in between.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use app::Clock;
use incident::Incident;

use crate::words::Words;

const WIDTH: f64 = 720.0;
const MARGIN: f64 = 12.0;
const FIRST_ROW: f64 = 20.0;
const ROW: f64 = 24.0;

/// A point on the line, with its label on a row of its own so that labels never meet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) label_x: String,
    /// `start` or `end`: the label stays within the drawing.
    pub(crate) anchor: &'static str,
    pub(crate) label: String,
    pub(crate) kind: &'static str,
}

/// The drawing.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) height: String,
    pub(crate) axis: String,
    pub(crate) from: String,
    pub(crate) to: String,
    /// Until where time has gone, and from where it is over.
    pub(crate) gone: String,
    pub(crate) over: Option<String>,
    pub(crate) points: Vec<Point>,
    /// Every 24 hours from the start.
    pub(crate) days: Vec<String>,
}

impl Span {
    pub(crate) fn new(incident: &Incident, clock: &Clock, now: Timestamp, zone: &TimeZone, w: Words) -> Self {
        let target = clock.deadline.target;
        let reached = if clock.is_stopped { clock.notified_at.unwrap_or(now.min(target)) } else { now };
        let mut marks = vec![(incident.first_signal(), w.mark_signal(), "program")];
        if let Some(aware) = &incident.aware {
            marks.push((aware.at, w.mark_aware(), "person"));
        }
        if let Some(decision) = &incident.decision {
            marks.push((decision.at, w.mark_decided(), "person"));
        }
        if let Some((at, _)) = &incident.authority_notified {
            marks.push((*at, w.mark_notified(), "person"));
        }
        if let Some(at) = incident.first_informed_at() {
            marks.push((at, w.mark_informed(), "person"));
        }
        if !clock.is_stopped {
            marks.push((now, w.mark_now(), "program"));
        }
        marks.push((target, w.mark_target(), "goal"));
        marks.sort_by_key(|(at, _, _)| *at);

        let first = marks.iter().map(|(at, _, _)| *at).min().unwrap_or(clock.started_at);
        let last = marks.iter().map(|(at, _, _)| *at).max().unwrap_or(target);
        let length = last.duration_since(first).as_secs_f64().max(1.0);
        let x = |at: Timestamp| MARGIN + at.duration_since(first).as_secs_f64() / length * (WIDTH - 2.0 * MARGIN);
        let axis = FIRST_ROW + ROW * marks.len() as f64;
        let points = marks
            .iter()
            .enumerate()
            .map(|(row, (moment, label, kind))| {
                let at = x(*moment);
                let short = moment.to_zoned(zone.clone()).strftime("%-d-%-m %H:%M").to_string();
                // On a phone the letters are almost twice as large beside the line: half the width is what a label has.
                let is_right = at > WIDTH * 0.5;
                Point {
                    x: figure(at),
                    y: figure(FIRST_ROW + ROW * row as f64),
                    label_x: figure(if is_right { at - 6.0 } else { at + 6.0 }),
                    anchor: if is_right { "end" } else { "start" },
                    label: format!("{label} · {short}"),
                    kind,
                }
            })
            .collect();
        let days = (1..3).map(|day| clock.started_at + jiff::SignedDuration::from_hours(24 * day));
        Self {
            height: figure(axis + 14.0),
            axis: figure(axis),
            from: figure(MARGIN),
            to: figure(WIDTH - MARGIN),
            gone: figure(x(reached.clamp(first, last))),
            over: (reached > target).then(|| figure(x(target))),
            points,
            days: days.filter(|day| *day < last).map(|day| figure(x(day))).collect(),
        }
    }
}

fn figure(number: f64) -> String {
    format!("{number:.1}")
}
