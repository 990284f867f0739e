//! Frames in, reports out: the tracker, the watch and the counting of traffic, with packet time as their clock.
//!
//! Promises: what is seen does not depend on how often it is asked for; no clock, no file, no network.

use std::collections::HashSet;
use std::net::IpAddr;

use archive::Recorder;
use contract::detection::{CaseLine, DetectionLine};
use contract::sensor::{Report, TrafficLine};
use detect::{Cidr, Findings, InvalidMemory, Settings, Watch};
use jiff::{SignedDuration, Timestamp};
use wire::event::{Event, Kind, Stats};
use wire::{Frame, Limits, Malformed, Tracker};

use crate::traffic::Traffic;

/// Hosts at home that are counted.
const MAX_HOSTS: usize = 65_536;

/// A device's clock that is so far off is not believed. What stands longer in a log is not read on from, either: its
/// moments would not be believed.
pub const CLOCK_OFF: SignedDuration = SignedDuration::from_hours(24);

/// What sees.
pub struct Engine {
    tracker: Tracker,
    seen: Seen,
    looks_into_content: bool,
}

/// What events are handed to.
struct Seen {
    watch: Watch,
    traffic: Traffic,
    home: Vec<Cidr>,
    hosts: HashSet<IpAddr>,
    /// Let go by the detectors, as last asked.
    dropped: u64,
    now: Timestamp,
    /// Absent: no metadata are kept.
    recorder: Option<Recorder>,
}

impl Engine {
    /// Something that has seen nothing yet. Content is looked into where `settings` says so, by parsers and detectors alike.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let (home, looks_into_content) = (settings.home.clone(), settings.looks_into_content);
        Self::with(Watch::new(settings), home, looks_into_content)
    }

    /// Something that goes on where another left off: `memory` is what [`Engine::memory`] gave.
    ///
    /// # Errors
    /// It is not that, or of a version that is not read.
    pub fn with_memory(settings: Settings, memory: &[u8]) -> Result<Self, InvalidMemory> {
        let (home, looks_into_content) = (settings.home.clone(), settings.looks_into_content);
        Ok(Self::with(Watch::with_memory(settings, memory)?, home, looks_into_content))
    }

    fn with(watch: Watch, home: Vec<Cidr>, looks_into_content: bool) -> Self {
        Self {
            tracker: Tracker::new(Limits { looks_into_content, ..Limits::default() }),
            seen: Seen {
                watch,
                traffic: Traffic::new(home.clone()),
                home,
                hosts: HashSet::new(),
                dropped: 0,
                now: Timestamp::UNIX_EPOCH,
                recorder: None,
            },
            looks_into_content,
        }
    }

    /// Takes the next frame. Says what was malformed about it, which is counted, too.
    pub fn frame(&mut self, frame: Frame<'_>) -> Option<Malformed> {
        let Self { tracker, seen, .. } = self;
        seen.now = frame.at;
        tracker.frame(frame, &mut |event| seen.event(&event))
    }

    /// Takes what another device said of the traffic, received `now`. It has a time of its own, which may lie long before:
    /// a router tells of a conversation when it is over. A clock that is a day off, or more, is not believed: what it says
    /// then happened now.
    pub fn event(&mut self, mut event: Event, now: Timestamp) {
        let seen = &mut self.seen;
        seen.now = now;
        let off = now.duration_since(event.at);
        if off.abs() >= CLOCK_OFF {
            redate(&mut event, off);
        }
        for end in [event.conversation.client.ip, event.conversation.server.ip] {
            seen.host_spoke(end.to_canonical());
        }
        seen.event(&event);
    }

    /// Counts a record of a capture that is no packet.
    pub fn count_malformed(&mut self) {
        self.tracker.count_malformed();
    }

    /// Nothing came, and it is `now`: conversations that went silent are over.
    pub fn quiet(&mut self, now: Timestamp) {
        let Self { tracker, seen, .. } = self;
        seen.now = now;
        tracker.idle(now, &mut |event| seen.event(&event));
        if let Some(recorder) = &mut seen.recorder {
            recorder.turn(now);
        }
    }

    /// Metadata of what is seen from here on are kept there as well.
    pub fn record(&mut self, recorder: Recorder) {
        self.seen.recorder = Some(recorder);
    }

    /// For how many days metadata are kept, where they are.
    pub(crate) fn keep_days(&mut self, days: u16) {
        if let Some(recorder) = &mut self.seen.recorder {
            recorder.keep_days(days);
        }
    }

    /// What is new, or has grown, since this was last asked.
    pub fn news(&mut self) -> Vec<Report> {
        let seen = &mut self.seen;
        let findings = seen.watch.news(seen.now);
        seen.dropped = findings.dropped;
        let traffic = seen.traffic.over(seen.now, &|ip| (&seen.watch.host(ip)).into());
        reports(&findings, traffic)
    }

    /// Asks the archive to write what it was given until now, and never waits for it. Absent: it cannot be asked now.
    pub fn flush(&mut self) -> Option<u64> {
        self.seen.recorder.as_mut().map_or(Some(0), Recorder::flush)
    }

    /// Whether what the archive was given before that flush waits no more; without an archive nothing does.
    #[must_use]
    pub fn is_written(&self, flush: u64) -> bool {
        self.seen.recorder.as_ref().is_none_or(|recorder| recorder.is_written(flush))
    }

    /// Whether the archive wrote something since the last flush.
    #[must_use]
    pub fn is_archive_ahead(&self) -> bool {
        self.seen.recorder.as_ref().is_some_and(Recorder::is_ahead)
    }

    /// From here on the archive's disk is waited for: what ends tells all at once, and nothing of it is let go.
    pub fn wait_for_archive(&mut self) {
        if let Some(recorder) = &mut self.seen.recorder {
            recorder.wait();
        }
    }

    /// Watching ends in the middle of things: what is new, conversations that are still open counted in.
    pub fn stop(&mut self) -> Vec<Report> {
        self.wait_for_archive();
        let Self { tracker, seen, .. } = self;
        let _ = tracker.finish(&mut |event| seen.event(&event));
        let mut reports = self.news();
        let seen = &mut self.seen;
        let rest = seen.traffic.finish(&|ip| (&seen.watch.host(ip)).into());
        reports.extend(rest.into_iter().map(Report::Traffic));
        reports
    }

    /// The input has ended: everything that was seen, judged over all of it, and what was counted, with what the detectors let
    /// go. Not for who asked for [`Engine::news`].
    #[must_use]
    pub fn finish(mut self) -> (Vec<Report>, Stats) {
        let Self { tracker, seen, .. } = &mut self;
        let _ = tracker.finish(&mut |event| seen.event(&event));
        let Seen { watch, traffic, .. } = &mut self.seen;
        let traffic = traffic.finish(&|ip| (&watch.host(ip)).into());
        let findings = self.seen.watch.finish();
        let mut stats = self.tracker.stats().clone();
        stats.dropped = stats.dropped.saturating_add(findings.dropped);
        (reports(&findings, traffic), stats)
    }

    /// What must outlive a restart: what is usual here, and what was told under which id.
    #[must_use]
    pub fn memory(&self) -> Vec<u8> {
        self.seen.watch.memory()
    }

    /// What was counted so far.
    #[must_use]
    pub fn stats(&self) -> &Stats {
        self.tracker.stats()
    }

    /// What tables let go because they were full: while reading, and in the detectors.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.stats().dropped.saturating_add(self.seen.dropped)
    }

    /// Hosts at home that spoke.
    #[must_use]
    pub fn hosts(&self) -> u64 {
        self.seen.hosts.len() as u64
    }

    /// Whether it may look into what people send from here on.
    pub fn look_into_content(&mut self, may: bool) {
        self.tracker.look_into_content(may);
        self.seen.watch.look_into_content(may);
        self.looks_into_content = may;
    }

    /// What the detectors go by may be changed here while they work: lists taken up anew, say.
    pub fn watch_mut(&mut self) -> &mut Watch {
        &mut self.seen.watch
    }

    /// Whether it looks into what people send.
    #[must_use]
    pub fn looks_into_content(&self) -> bool {
        self.looks_into_content
    }
}

impl Seen {
    fn event(&mut self, event: &Event) {
        if let Kind::FlowStarted = event.kind {
            for end in [event.conversation.client.ip, event.conversation.server.ip] {
                self.host_spoke(end.to_canonical());
            }
        }
        self.traffic.event(event, self.now);
        if let Some(recorder) = &mut self.recorder {
            recorder.event(event, self.now);
        }
        self.watch.event(event);
    }

    fn host_spoke(&mut self, ip: IpAddr) {
        let is_home = self.home.iter().any(|range| range.contains(ip));
        if is_home && !ip.is_multicast() && self.hosts.len() < MAX_HOSTS {
            self.hosts.insert(ip);
        }
    }
}

/// All its moments later by so much, as far as there is a time so late. They are of receipt then, and have its rhythm.
fn redate(event: &mut Event, by: SignedDuration) {
    let later = |at: &mut Timestamp| *at = at.saturating_add(by).unwrap_or(*at);
    later(&mut event.at);
    match &mut event.kind {
        Kind::FlowEnded(flow) => {
            later(&mut flow.first_at);
            later(&mut flow.last_at);
            flow.is_timed = false;
        }
        Kind::Dns(dns) => dns.answered_at.iter_mut().for_each(later),
        _ => {}
    }
}

fn reports(findings: &Findings, traffic: Vec<TrafficLine>) -> Vec<Report> {
    let detections = findings.detections.iter().map(|detection| Report::Detection(DetectionLine::from(detection)));
    let cases = findings.cases.iter().map(|case| Report::Case(CaseLine::from(case)));
    detections.chain(cases).chain(traffic.into_iter().map(Report::Traffic)).collect()
}
