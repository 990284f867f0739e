//! Protocol events and threat lists to detections and cases.
//!
//! Promises: packet time is the only clock, so the same events give the same findings, ids and order; any events in, in
//! any order, no panic out; every table is bounded and counts what it let go; nothing of what people wrote or read is
//! kept, only who spoke to whom, when, how much, and the names asked for.
//! Deliberately not here: reading packets (crate `wire`), JSON (crate `contract`), deciding what a case means in law.

mod carried;
mod case;
mod destinations;
mod detectors;
mod exception;
mod finding;
mod home;
mod hosts;
mod memory;
mod names;
mod network;
mod remembered;
mod rescued;
pub mod sight;
mod table;
mod told;
mod words;

pub use case::{JUDGED_BY, judge};
pub use exception::{
    Conditions, Exception, ExceptionFault, InvalidException, Proposal, propose, proposed_end, without_exceptions,
};
pub use finding::{Alarm, Case, Detection, Evidence, Figure, Findings, Host, HostKind, Kind, Remote, Severity};
pub use intel::{
    Breadth, Cidr, InvalidCidr, InvalidLine, LineFault, Mark, ReadList, ThreatList, Weight, private_ranges,
};
pub use remembered::{Remembered, remembered};
use std::{net::IpAddr, sync::Arc};

use jiff::{SignedDuration, Timestamp};
pub use memory::InvalidMemory;
use wire::event::Event;

use crate::{
    carried::Carried,
    detectors::{all, of_content},
    network::Network,
    rescued::Guarded,
    told::Told,
};

/// What a watch needs to know beforehand.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which addresses are ours. Default: [`private_ranges`].
    pub home: Vec<Cidr>,
    /// Lists of what is known to be bad, shared by all who watch. Default: none.
    pub intel: Arc<[ThreatList]>,
    /// Whether detectors may look into what people send: clear-text log-ins and personal data. In a live sensor not before
    /// the staff was told; reading a capture is its reader's own act. Default: yes.
    pub looks_into_content: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { home: private_ranges(), intel: Arc::default(), looks_into_content: true }
    }
}

/// All detectors, watching one stream of events: a capture from beginning to end ([`Watch::event`], then
/// [`Watch::finish`]), or a network without an end ([`Watch::news`] now and then).
pub struct Watch {
    network: Network,
    carried: Carried,
    detectors: Vec<Guarded>,
    events: u64,
    /// How many of them do not look into content: the first ones.
    without_content: usize,
    told: Told,
    exceptions: Vec<Exception>,
    /// When things were last forgotten.
    aged_at: Option<Timestamp>,
}

/// A piece of work that may be done beside others.
pub type Work<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Once in so many events it is looked whether a table is nearly full: far fewer than are free then.
const LOOKS: u64 = 64;

/// Things are forgotten once in so long.
const AGES: SignedDuration = SignedDuration::from_hours(1);

impl Watch {
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let detectors: Vec<Guarded> = all(settings.intel).into_iter().map(Guarded::new).collect();
        let mut watch = Self {
            network: Network::new(&settings.home),
            carried: Carried::new(),
            without_content: detectors.len(),
            detectors,
            events: 0,
            told: Told::new(),
            exceptions: Vec::new(),
            aged_at: None,
        };
        watch.look_into_content(settings.looks_into_content);
        watch
    }

    /// Whether detectors may look into what people send from here on (see [`Settings::looks_into_content`]). What they had
    /// seen before they were turned off is forgotten, but for what was told.
    pub fn look_into_content(&mut self, may: bool) {
        let does = self.detectors.len() > self.without_content;
        match (does, may) {
            (false, true) => self.detectors.extend(of_content().into_iter().map(Guarded::new)),
            (true, false) => self.detectors.truncate(self.without_content),
            _ => {}
        }
    }

    /// What is no cause for alarm from now on, instead of what was said before. What an exception took away is told when it
    /// no longer holds.
    pub fn set_exceptions(&mut self, exceptions: Vec<Exception>) {
        self.exceptions = exceptions;
    }

    /// What is known of a host at home.
    #[must_use]
    pub fn host(&self, ip: IpAddr) -> Host {
        self.network.host(ip)
    }

    /// Other threat lists from now on. What was found by the old ones stays found.
    pub fn replace_lists(&mut self, lists: &Arc<[ThreatList]>) {
        for guarded in &mut self.detectors {
            guarded.detector.lists(lists);
        }
    }

    /// Takes in one event. Order matters little: an answer seen before its question is only a name less.
    pub fn event(&mut self, event: &Event) {
        match self.carried.told(event, &self.network) {
            Some(told) => self.take(&told),
            None => self.take(event),
        }
    }

    fn take(&mut self, event: &Event) {
        self.network.event(event);
        for guarded in &mut self.detectors {
            guarded.detector.event(event, &self.network);
        }
        self.events += 1;
        if self.events.is_multiple_of(LOOKS) {
            self.detectors.iter_mut().for_each(|guarded| guarded.rescue(&self.network, event.at));
        }
    }

    /// What is new, or has grown, since this was last asked; `now` is packet time. Ids last: what grows is told again under
    /// its own id, when its severity rises, with a case that names it, or after an hour at the earliest, and never at a lower
    /// severity. A beacon is told once it is watched for an hour and a half, when it shows who else keeps its rhythm.
    ///
    /// Each call walks over everything that is remembered: asked once in one to ten minutes, it costs next to nothing.
    /// Who asks is never at the end, so what lies long ago is forgotten, an hour of watching at a time: days to a month,
    /// as each detector has it. An hour of silence, or a clock that jumps, counts as one hour.
    pub fn news(&mut self, now: Timestamp) -> Findings {
        let (found, excepted) = self.found();
        let mut taken = self.told.take(found, now);
        let current = taken.iter().map(|one| &one.detection).filter(|detection| told::is_current(detection, now));
        let current: Vec<Detection> = current.cloned().collect();
        let cases = self.told.cases(case::open(&current, &self.network), &current, &self.network, now);
        self.told.tell_with(&cases, &mut taken, now);
        let news = taken.into_iter().filter(|one| one.is_news).map(|one| one.detection);
        let news = Findings { detections: in_order(news.collect()), cases, excepted, dropped: self.dropped() };
        self.age(now);
        news
    }

    /// What must outlive a restart: which places this network knows, and what was told under which id. Write it down now and
    /// then, for [`Watch::with_memory`].
    #[must_use]
    pub fn memory(&self) -> Vec<u8> {
        let mut writer = memory::Writer::new();
        self.network.destinations().write(&mut writer);
        self.told.write(&mut writer);
        writer.finish()
    }

    /// A watch that goes on where another left off.
    pub fn with_memory(settings: Settings, memory: &[u8]) -> Result<Self, InvalidMemory> {
        let mut reader = memory::Reader::new(memory)?;
        let destinations = destinations::Destinations::read(&mut reader)?;
        let told = Told::read(&mut reader)?;
        reader.end()?;
        let mut watch = Self::new(settings);
        watch.network.remember(destinations);
        watch.told = told;
        Ok(watch)
    }

    /// All that was found and is not forgotten: over a whole capture everything.
    #[must_use]
    pub fn finish(self) -> Findings {
        self.finish_by(|work| work.into_iter().for_each(|ask| ask()))
    }

    /// As [`Watch::finish`]: asking each detector is a piece of work, and `all` does them all, in any order and as many at once
    /// as it likes. What it leaves undone is not found.
    #[must_use]
    pub fn finish_by(mut self, all: impl FnOnce(Vec<Work<'_>>)) -> Findings {
        let dropped = self.dropped();
        let detectors = std::mem::take(&mut self.detectors);
        let mut found: Vec<Vec<Detection>> = detectors.iter().map(|_| Vec::new()).collect();
        let network = &self.network;
        // Each goes with the work: to free what it holds takes as long as to ask it.
        let asked = detectors.into_iter().zip(&mut found);
        all(asked
            .map(|(guarded, found)| -> Work<'_> { Box::new(move || *found = guarded.findings(network)) })
            .collect());
        let (found, excepted) = self.without_exceptions(found.into_iter().flatten().collect());
        let detections = in_order(self.told.seal(found));
        let cases = case::open(&detections, &self.network);
        Findings { detections, cases, excepted, dropped }
    }

    /// Without what exceptions cover, and without the lasting ids; and how many they cover.
    fn found(&self) -> (Vec<Detection>, u64) {
        self.without_exceptions(self.detectors.iter().flat_map(|guarded| guarded.findings(&self.network)).collect())
    }

    fn without_exceptions(&self, found: Vec<Detection>) -> (Vec<Detection>, u64) {
        let all = found.len();
        let left = without_exceptions(found, &self.exceptions);
        let excepted = all.saturating_sub(left.len()) as u64;
        (left, excepted)
    }

    fn dropped(&self) -> u64 {
        let by_detectors: u64 = self.detectors.iter().map(Guarded::dropped).sum();
        by_detectors + self.network.dropped() + self.carried.dropped() + self.told.dropped()
    }

    fn age(&mut self, now: Timestamp) {
        let since = now.duration_since(*self.aged_at.get_or_insert(now));
        if since.abs() < AGES {
            return;
        }
        self.aged_at = Some(now);
        // A clock that was set back: it counts on from here.
        if since.is_negative() {
            return;
        }
        self.network.age();
        self.carried.age();
        self.told.age();
        for guarded in &mut self.detectors {
            guarded.age(now);
        }
    }
}

/// By first moment, then by host and id.
fn in_order(mut detections: Vec<Detection>) -> Vec<Detection> {
    detections.sort_by(|a, b| (a.first_at, &a.host, &a.id).cmp(&(b.first_at, &b.host, &b.id)));
    detections
}

#[cfg(test)]
mod tests;
