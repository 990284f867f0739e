//! The sensor's core from bytes to cases: the made-up office, and the corpus of captures where it is there.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests fail the test, or say why they skip"
)]

mod corpus;
mod month;
mod mutated;
mod office;
mod personal;
mod reader;

use std::sync::Arc;

use detect::{Findings, Settings, ThreatList, Watch};
use wire::{Limits, Tracker};

/// Reads a capture and watches it.
fn scan(file: &[u8], list: &str) -> Findings {
    scan_with(file, [ThreatList::read("test", list.as_bytes()).list].into())
}

fn scan_with(file: &[u8], intel: Arc<[ThreatList]>) -> Findings {
    let mut watch = Watch::new(Settings { intel, ..Settings::default() });
    let mut tracker = Tracker::new(Limits::default());
    reader::frames(file, |frame| {
        tracker.frame(frame, &mut |event| watch.event(&event));
    });
    tracker.finish(&mut |event| watch.event(&event));
    watch.finish()
}
