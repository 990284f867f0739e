//! What one source of a sensor gives, and what it cannot show.

use app::{BlindSpot, blind_spots};
use contract::sensor::{ClockFault, ClockState, SourceKind, SourceState};

use crate::desk::Desk;
use crate::view::sensor::grouped;
use crate::words::Words;

/// A source on the page of its sensor.
pub(crate) struct SourceView {
    pub(crate) name: String,
    /// What came of it, a part each.
    pub(crate) counted: Vec<String>,
    pub(crate) fault: Option<&'static str>,
    /// Of routers whose clock is not believed: what they say, and what to do.
    pub(crate) clocks: Vec<String>,
    /// What it does not show, and what it shows in part: why, and what that keeps from being found.
    pub(crate) not: Vec<(String, String)>,
    pub(crate) partly: Vec<(String, String)>,
    /// Where it is not known, or not in the table: what to know instead.
    pub(crate) note: Option<&'static str>,
}

impl SourceView {
    pub(crate) fn new(source: &SourceState, desk: &Desk) -> Self {
        let w = desk.visit.w;
        let spots = blind_spots(source);
        let note = match (source.kind, &spots) {
            (SourceKind::Interface, _) => Some(w.source_mirror_blind()),
            (SourceKind::File, _) => None,
            (_, None) => Some(w.source_unknown_yet()),
            _ => None,
        };
        let spots = spots.unwrap_or_default();
        Self {
            name: w.sensor_source(source),
            counted: counted(source, desk),
            fault: source.fault.map(|fault| w.source_fault(fault)),
            clocks: source.clocks.iter().map(|clock| clock_said(clock, desk)).collect(),
            not: said(&spots.not, w),
            partly: said(&spots.partly, w),
            note,
        }
    }
}

fn clock_said(clock: &ClockState, desk: &Desk) -> String {
    let w = desk.visit.w;
    let exporter = clock.exporter.to_string();
    let said = clock.said.map(|said| desk.when(said).words);
    let what = match (clock.fault, &said) {
        (ClockFault::Off, Some(said)) => w.source_clock_off(&exporter, said),
        (ClockFault::Still, Some(said)) => w.source_clock_still(&exporter, said),
        (_, Some(said)) => w.source_clock_records_said(&exporter, said),
        (_, None) => w.source_clock_records(&exporter),
    };
    let to_do = if clock.fault == ClockFault::Records { w.source_clock_records_do() } else { w.source_clock_do() };
    format!("{what} {} {to_do}", w.source_clock_counts(clock.records))
}

fn counted(source: &SourceState, desk: &Desk) -> Vec<String> {
    let w = desk.visit.w;
    let count = |number| grouped(number, w);
    let is_packets = matches!(source.kind, SourceKind::Interface | SourceKind::Netflow | SourceKind::File);
    let mut parts = vec![
        if is_packets { w.source_packets(source.packets) } else { w.source_lines(source.packets) },
        w.source_flows(source.flows),
    ];
    // Those of an interface stand with the sensor's own figures.
    if source.kernel_drops > 0 && !matches!(source.kind, SourceKind::Interface | SourceKind::File) {
        parts.push(w.source_drops(&count(source.kernel_drops)));
    }
    if source.unread > 0 {
        parts.push(w.source_unread(&count(source.unread)));
    }
    if !source.unused.is_empty() {
        let why: Vec<_> = source.unused.iter().map(|(why, lines)| w.source_unused_why(why, &count(*lines))).collect();
        let all = source.unused.values().fold(0_u64, |all, lines| all.saturating_add(*lines));
        parts.push(w.source_unused(&count(all), &why.join("; ")));
    }
    if source.strangers > 0 {
        parts.push(w.source_strangers(&count(source.strangers)));
    }
    if !matches!(source.kind, SourceKind::Interface | SourceKind::File) {
        parts.push(match source.heard_at {
            Some(at) => w.source_heard(&desk.when(at).words),
            None => w.source_silent().to_owned(),
        });
    }
    parts
}

fn said(spots: &[BlindSpot], w: Words) -> Vec<(String, String)> {
    let kinds = |spot: &BlindSpot| spot.kinds.iter().map(|kind| w.detection_kind(*kind)).collect::<Vec<_>>().join("; ");
    spots.iter().map(|spot| (w.pick(&spot.why.nl, &spot.why.en).to_string(), kinds(spot))).collect()
}
