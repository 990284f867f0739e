//! Protocol events and threat lists to detections and cases.
//!
//! Promises: packet time is the only clock, so the same events give the same findings, ids and order; any events in, in
//! any order, no panic out; every table is bounded and counts what it let go; nothing of what people wrote or read is
//! kept, only who spoke to whom, when, how much, and the names asked for.
//! Deliberately not here: reading packets (crate `wire`), JSON (crate `contract`), deciding what a case means in law.

mod case;
mod cidr;
mod detectors;
mod finding;
mod intel;
mod names;
mod network;
mod table;
mod words;

pub use cidr::{Cidr, InvalidCidr, private_ranges};
pub use finding::{Case, Detection, Evidence, Figure, Findings, Host, Kind, Remote, Severity};
pub use intel::{Breadth, InvalidLine, LineFault, ListedAddress, Mark, ReadList, ThreatList};
use wire::event::Event;

use crate::{
    detectors::{Detector, all},
    network::Network,
};

/// What a watch needs to know beforehand.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which addresses are ours. Default: [`private_ranges`].
    pub home: Vec<Cidr>,
    /// Lists of what is known to be bad. Default: none.
    pub intel: Vec<ThreatList>,
    /// Whether detectors may look into what people send: clear-text log-ins and personal data. In a live sensor not before
    /// the staff was told; reading a capture is its reader's own act. Default: yes.
    pub looks_into_content: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { home: private_ranges(), intel: Vec::new(), looks_into_content: true }
    }
}

/// All detectors, watching one stream of events.
pub struct Watch {
    network: Network,
    detectors: Vec<Box<dyn Detector>>,
}

impl Watch {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { network: Network::new(settings.home), detectors: all(settings.intel, settings.looks_into_content) }
    }

    /// Takes in one event. Order matters little: an answer seen before its question is only a name less.
    pub fn event(&mut self, event: &Event) {
        self.network.event(event);
        for detector in &mut self.detectors {
            detector.event(event, &self.network);
        }
    }

    /// What was found.
    #[must_use]
    pub fn finish(self) -> Findings {
        let mut detections: Vec<Detection> =
            self.detectors.iter().flat_map(|detector| detector.findings(&self.network)).collect();
        detections.sort_by(|a, b| (a.first_at, &a.host, &a.id).cmp(&(b.first_at, &b.host, &b.id)));
        let cases = case::open(&detections);
        let dropped = self.detectors.iter().map(|detector| detector.dropped()).sum::<u64>() + self.network.dropped();
        Findings { detections, cases, dropped }
    }
}

#[cfg(test)]
mod tests;
