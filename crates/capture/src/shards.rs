//! One network's frames followed by several trackers at once, each on a thread of its own, as if they were one.
//!
//! Every thread reads the whole input, cuts it into frames and follows its own share: handing over frames one by one would
//! cost more than looking at them twice. An ordinary file each opens for itself; of anything else the bytes are read and
//! unpacked once, and handed to all.
//!
//! Promises: the events are those that one tracker tells, in the same order and with the same numbers, as long as no table
//! is full: each tracker has its part of the [`Limits`]. What waits is bounded: a few blocks of the input and a few rounds of
//! what was told.

mod blocks;
mod merge;
mod round;

use std::io;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use wire::event::{Event, FlowId, Stats};
use wire::frame::Share;
use wire::{Frame, Limits, LinkType, Malformed, Tracker};

use crate::read::{Alone, MAX_WARNINGS, Source, read_blocks};
use crate::run::Counted;
use crate::{Error, Input, Reading};

use self::blocks::{Handed, feed};
use self::merge::Merge;
use self::round::{Moment, Round};

/// What is told is handed over in rounds, each of so many frames of the input.
const ROUND_FRAMES: u64 = 1024;
/// Rounds that may wait for another tracker's.
const ROUNDS_AHEAD: usize = 16;
/// Blocks of the input that may wait for a tracker.
const BLOCKS_AHEAD: usize = 4;

/// Several trackers of one network.
pub(crate) struct Shards {
    followers: Vec<Follower>,
    merge: Merge,
}

/// One of them, and how far it came.
struct Follower {
    tracker: Tracker,
    share: Share,
    /// The number of the next frame, and the second of the last one.
    number: u64,
    second: Option<i64>,
}

impl Shards {
    /// So many trackers, waiting for frames.
    pub(crate) fn new(limits: &Limits, count: NonZeroUsize) -> Self {
        let part = |whole: usize| (whole / count).max(1);
        let limits = Limits {
            flows: part(limits.flows),
            questions: part(limits.questions),
            fragments: part(limits.fragments),
            buffered_bytes: part(limits.buffered_bytes),
            ..limits.clone()
        };
        let of = count.get();
        let follower = |index| Follower {
            tracker: Tracker::new(limits.clone()),
            share: Share { index, of },
            number: 0,
            second: None,
        };
        Self { followers: (0..of).map(follower).collect(), merge: Merge::default() }
    }

    /// Reads an input to its end, and tells what its frames brought to light. `bytes_read` counts its bytes, packed as they
    /// are; `progress` is called now and then.
    ///
    /// # Errors
    /// When nothing of it could be read.
    pub(crate) fn read(
        &mut self,
        input: &Input,
        bytes_read: &Arc<AtomicU64>,
        sink: &mut dyn FnMut(Event),
        progress: &mut dyn FnMut(u64),
    ) -> Result<Reading, Error> {
        let Self { followers, merge } = self;
        let mut faults = Faults::default();
        let (is_packed, reading) = thread::scope(|scope| {
            let (sources, feeding) = sources(input, followers.len(), bytes_read);
            let (tell, told): (Vec<_>, Vec<_>) = followers.iter().map(|_| sync_channel(ROUNDS_AHEAD)).unzip();
            let feeder = feeding.map(|to| scope.spawn(move || feed(input, Arc::clone(bytes_read), &to)));
            let work = followers.iter_mut().zip(sources).zip(tell);
            let following: Vec<_> =
                work.map(|((follower, source), tell)| scope.spawn(move || follower.follow(source, &tell))).collect();
            while let Some(rounds) = next_rounds(&told) {
                merge.round(rounds, &mut |fault| faults.add(fault), sink);
                faults.let_go();
                progress(bytes_read.load(Ordering::Relaxed));
            }
            // Who would still tell something is not waited for.
            drop(told);
            // All read the same bytes, and say the same of them.
            let mut readings = following.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(gone().into())));
            let reading = readings.next().unwrap_or_else(|| Err(gone().into()));
            (feeder.map_or(Ok(false), |feeder| feeder.join().unwrap_or_else(|_| Err(gone()))), reading)
        });
        let mut reading = reading_of(is_packed?, reading?);
        reading.add_faults(faults.first, faults.more);
        Ok(reading)
    }

    /// The input has ended: tells what is still open. What was counted, and what was malformed at the very end.
    pub(crate) fn finish(mut self, sink: &mut dyn FnMut(Event)) -> (Stats, Option<Malformed>) {
        let rounds = self.followers.iter_mut().map(Follower::finish).collect();
        let mut malformed = None;
        self.merge.round(rounds, &mut |(_, what)| malformed = Some(what), sink);
        let mut all = Stats::default();
        for Follower { tracker, .. } in &self.followers {
            let stats = tracker.stats();
            all.packets += stats.packets;
            all.bytes += stats.bytes;
            all.flows += stats.flows;
            all.malformed += stats.malformed;
            all.dropped += stats.dropped;
            all.first_at = all.first_at.into_iter().chain(stats.first_at).min();
            all.last_at = all.last_at.max(stats.last_at);
        }
        (all, malformed)
    }
}

impl Follower {
    /// Follows its share of the input's frames. Every tracker tells as many rounds.
    fn follow(&mut self, source: Bytes, tell: &SyncSender<Round>) -> Result<Reading, Error> {
        let mut round = Round::default();
        let reading = read_blocks(source, false, &mut |frame, place| {
            self.frame(frame, place, &mut round);
            if self.number.is_multiple_of(ROUND_FRAMES) {
                // Nobody takes it only where nobody listens any more.
                let next = Round::as_long_as(&round);
                let _ = tell.send(std::mem::replace(&mut round, next));
            }
            None
        });
        let _ = tell.send(round);
        reading
    }

    fn frame(&mut self, frame: Frame<'_>, place: u64, round: &mut Round) {
        let Self { tracker, share, number, second } = self;
        let Round { events, faults } = round;
        let (at, now) = (*number, frame.at.as_second());
        if second.replace(now) != Some(now) {
            let fault = tracker.clock(frame.at, &mut |event| events.push((Moment::over(at, &event), event)));
            faults.extend(fault.map(|what| (place, what)));
        }
        // A link that is not read is named where it is stated.
        let is_read = !matches!(frame.link, LinkType::Unsupported(_));
        let fault = tracker.shared(FlowId(at), *share, frame, &mut |event| events.push((Moment::at(at), event)));
        faults.extend(fault.filter(|_| is_read).map(|what| (place, what)));
        *number += 1;
    }

    fn finish(&mut self) -> Round {
        let Round { mut events, mut faults } = Round::default();
        let fault = self.tracker.finish(&mut |event| events.push((Moment::over(u64::MAX, &event), event)));
        faults.extend(fault.map(|what| (u64::MAX, what)));
        Round { events, faults }
    }
}

/// An input's bytes for one of its readers.
type Bytes = Box<dyn Source + Send>;

/// The input's bytes for so many readers; and where to feed them from, unless each has opened it.
fn sources(
    input: &Input,
    readers: usize,
    bytes_read: &Arc<AtomicU64>,
) -> (Vec<Bytes>, Option<Vec<SyncSender<Handed>>>) {
    if let Some(files) = input.opened(readers) {
        // All come equally far: the first counts.
        let uncounted = Arc::new(AtomicU64::new(0));
        let counters = std::iter::once(bytes_read).chain(std::iter::repeat(&uncounted));
        let counted = files
            .into_iter()
            .zip(counters)
            .map(|(input, counter)| -> Bytes { Box::new(Alone(Counted { input, bytes_read: Arc::clone(counter) })) });
        return (counted.collect(), None);
    }
    let (feeding, fed): (Vec<_>, Vec<_>) = (0..readers).map(|_| sync_channel(BLOCKS_AHEAD)).unzip();
    (fed.into_iter().map(|fed: Receiver<Handed>| -> Bytes { Box::new(fed) }).collect(), Some(feeding))
}

/// What all trackers told of the same frames; absent once they have ended.
fn next_rounds(told: &[Receiver<Round>]) -> Option<Vec<Round>> {
    told.iter().map(|told| told.recv().ok()).collect()
}

fn reading_of(is_packed: bool, mut reading: Reading) -> Reading {
    reading.is_packed = is_packed;
    reading.warnings.iter_mut().for_each(|warning| warning.is_packed = is_packed);
    reading
}

/// A thread that follows or feeds never panics; if one did, its input counts as unreadable.
fn gone() -> io::Error {
    io::Error::other("reading broke off")
}

/// Malformed frames by where they stood: the first few, and how many there were beside.
#[derive(Default)]
struct Faults {
    first: Vec<(u64, Malformed)>,
    more: u64,
}

impl Faults {
    fn add(&mut self, fault: (u64, Malformed)) {
        self.first.push(fault);
    }

    fn let_go(&mut self) {
        self.first.sort_by_key(|(place, _)| *place);
        self.more += self.first.len().saturating_sub(MAX_WARNINGS) as u64;
        self.first.truncate(MAX_WARNINGS);
    }
}
