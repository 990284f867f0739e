//! One network's frames followed by several trackers at once, each on a thread of its own, as if they were one.
//!
//! One thread reads the input, cuts it into frames, follows a part of them, and deals the others out by who speaks with whom,
//! a batch at a time; each other tracker follows its own; what they tell is put in order again.
//!
//! Promises: the events are those that one tracker tells, in the same order and with the same numbers, as long as no table
//! is full: each tracker has its part of the [`Limits`]. What waits is bounded: a few batches of frames and a few rounds of
//! what was told.

mod batch;
mod deal;
mod merge;
mod round;

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::{io, thread};

use wire::event::{Event, FlowId, Stats};
use wire::{Limits, LinkType, Malformed, Tracker};

use crate::read::MAX_WARNINGS;
use crate::run::Counted;
use crate::{Error, Input, Reading};

use self::batch::{Batch, Heard};
use self::deal::{Hand, Position, deal, parts, parts_of};
use self::merge::Merge;
use self::round::{Moment, Round};

/// Frames are dealt out, and what is told is handed over, in rounds, each of so many frames of the input: as much as a core's
/// own cache holds until the other takes it over.
const ROUND_FRAMES: u64 = 256;
/// Batches of frames that may wait for a tracker, of a hundred kilobytes or so each.
const BATCHES_AHEAD: usize = 16;
/// Rounds that may wait for another tracker's.
const ROUNDS_AHEAD: usize = 32;

/// Several trackers of one network.
pub(crate) struct Shards {
    followers: Vec<Tracker>,
    position: Position,
    merge: Merge,
}

impl Shards {
    /// So many trackers, waiting for frames.
    pub(crate) fn new(limits: &Limits, count: NonZeroUsize) -> Self {
        let follower = |place| {
            let part = |whole: usize| (whole / parts(count.get()) * parts_of(place)).max(1);
            Tracker::new(Limits {
                flows: part(limits.flows),
                questions: part(limits.questions),
                fragments: part(limits.fragments),
                buffered_bytes: part(limits.buffered_bytes),
                ..limits.clone()
            })
        };
        let followers = (0..count.get()).map(follower).collect();
        Self { followers, position: Position::default(), merge: Merge::default() }
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
        sink: &mut dyn FnMut(&Event),
        progress: &mut dyn FnMut(u64),
    ) -> Result<Reading, Error> {
        let Self { followers, position, merge } = self;
        let counted = |input| Counted { input, bytes_read: Arc::clone(bytes_read) };
        let mut faults = Faults::default();
        let mut reading = thread::scope(|scope| {
            let (mut following, mut told, mut heard) = (Vec::new(), Vec::new(), Vec::new());
            for tracker in followers {
                let (tell, rounds) = sync_channel(ROUNDS_AHEAD);
                let (back, again) = channel();
                following.push(Follower { tracker, round: Round::default(), tell, again });
                told.push(rounds);
                heard.push(back);
            }
            let mut following = following.into_iter();
            let own = following.next();
            let mut hands = Vec::new();
            for follower in following {
                let (to, batches) = sync_channel(BATCHES_AHEAD);
                let (done, back) = channel();
                scope.spawn(move || follow(follower, &batches, &done));
                hands.push(Hand { to, back, next: Batch::default() });
            }
            let dealing = scope.spawn(move || match own {
                Some(own) => deal(counted(input.open()?), position, own, &mut hands, ROUND_FRAMES),
                None => Ok(Reading::default()),
            });
            while let Some(mut rounds) = next_rounds(&told) {
                merge.round(&mut rounds, &mut |fault| faults.add(fault), sink);
                // A tracker that has ended takes nothing back.
                rounds.into_iter().zip(&heard).for_each(|(round, back)| _ = back.send(round));
                faults.let_go();
                progress(bytes_read.load(Ordering::Relaxed));
            }
            // Who would still tell something is not waited for.
            drop(told);
            dealing.join().unwrap_or_else(|_| Err(gone().into()))
        })?;
        reading.add_faults(faults.first, faults.more);
        Ok(reading)
    }

    /// The input has ended: tells what is still open. What was counted, and what was malformed at the very end.
    pub(crate) fn finish(mut self, sink: &mut dyn FnMut(&Event)) -> (Stats, Option<Malformed>) {
        let mut rounds: Vec<_> = self.followers.iter_mut().map(last_round).collect();
        let mut malformed = None;
        self.merge.round(&mut rounds, &mut |(_, what)| malformed = Some(what), sink);
        let mut all = Stats::default();
        for tracker in &self.followers {
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

/// Who follows one tracker's frames, and what came of them since the last round was told.
struct Follower<'a> {
    tracker: &'a mut Tracker,
    round: Round,
    tell: SyncSender<Round>,
    /// Rounds that were heard come back, so that this thread frees what it allocated: between threads that is dear.
    again: Receiver<Round>,
}

impl Follower<'_> {
    fn hear(&mut self, heard: Heard<'_>) {
        let Round { events, faults } = &mut self.round;
        match heard {
            Heard::Second { number, at, place } => {
                let fault = self.tracker.clock(at, &mut |event| events.push((Moment::over(number, &event), event)));
                faults.extend(fault.map(|what| (place, what)));
            }
            Heard::Frame { number, place, frame } => {
                // A link that is not read is named where it is stated.
                let is_read = !matches!(frame.link, LinkType::Unsupported(_));
                let mut tell = |event| events.push((Moment::at(number), event));
                let fault = self.tracker.numbered(FlowId(number), &frame, &mut tell);
                faults.extend(fault.filter(|_| is_read).map(|what| (place, what)));
            }
        }
    }

    /// Tells what came of it. False: nobody listens any more.
    fn tell(&mut self) -> bool {
        let mut next = self.again.try_recv().unwrap_or_default();
        next.clear();
        self.tell.send(std::mem::replace(&mut self.round, next)).is_ok()
    }
}

/// Follows what is dealt, batch by batch: of each it tells a round.
fn follow(mut follower: Follower<'_>, batches: &Receiver<Batch>, done: &Sender<Batch>) {
    for batch in batches {
        batch.heard().for_each(|heard| follower.hear(heard));
        // Nobody takes either only where nobody listens any more.
        let _ = done.send(batch);
        if !follower.tell() {
            return;
        }
    }
}

/// What is still open at the very end.
fn last_round(tracker: &mut Tracker) -> Round {
    let Round { mut events, mut faults } = Round::default();
    let fault = tracker.finish(&mut |event| events.push((Moment::over(u64::MAX, &event), event)));
    faults.extend(fault.map(|what| (u64::MAX, what)));
    Round { events, faults }
}

/// What all trackers told of the same frames; absent once they have ended.
fn next_rounds(told: &[Receiver<Round>]) -> Option<Vec<Round>> {
    told.iter().map(|told| told.recv().ok()).collect()
}

/// A thread that reads never panics; if one did, its input counts as unreadable.
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
