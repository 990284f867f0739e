//! One network's frames followed by several trackers at once, each on a thread of its own, as if they were one.
//!
//! One thread reads the input and lends what it read to the others. Each goes through all of it and follows the frames that
//! are its own, by who speaks with whom: nothing is copied for another, and nobody waits for what another has to look up
//! first. The thread that reads also puts in order what all tell, and hands it on.
//!
//! Promises: the events are those that one tracker tells, in the same order and with the same numbers, as long as no table
//! is full: each tracker has its part of the [`Limits`]. What waits is bounded: a few pieces of the input and a few rounds of
//! what was told.

mod follow;
mod lend;
mod merge;
mod parts;
mod round;

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use wire::event::{Event, Stats};
use wire::{Limits, Malformed, Tracker};

use crate::read::MAX_WARNINGS;
use crate::run::Counted;
use crate::unpack::unpacked;
use crate::{Error, Input, Reading};

use self::follow::Follower;
use self::lend::{Borrower, lend};
use self::merge::merge;
use self::parts::{parts, parts_of};
use self::round::Round;

/// Rounds that may wait for the slowest tracker's.
const ROUNDS_AHEAD: usize = 128;

/// Several trackers of one network.
pub(crate) struct Shards {
    first: Follower,
    others: Vec<Follower>,
}

impl Shards {
    /// So many trackers, waiting for frames.
    pub(crate) fn new(limits: &Limits, count: NonZeroUsize) -> Self {
        let count = count.get();
        let follower = |place| {
            let part = |whole: usize| (whole / parts(count) * parts_of(place)).max(1);
            let limits = Limits {
                flows: part(limits.flows),
                questions: part(limits.questions),
                fragments: part(limits.fragments),
                buffered_bytes: part(limits.buffered_bytes),
                ..limits.clone()
            };
            Follower::new(Tracker::new(limits), place, count)
        };
        Self { first: follower(0), others: (1..count).map(follower).collect() }
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
        let Self { first, others } = self;
        let (bytes, is_packed) = unpacked(Counted { input: input.open()?, bytes_read: Arc::clone(bytes_read) })?;
        let mut faults = Faults::default();
        let mut reading = thread::scope(|scope| {
            let (lender, borrowers) = lend(bytes, others.len(), input.size_bytes().is_some());
            let mut voices = Vec::new();
            for (follower, borrower) in others.iter_mut().zip(borrowers) {
                let (tell, told) = channel();
                let (back, again) = channel();
                scope.spawn(move || follow(follower, borrower, is_packed, &tell, &again));
                voices.push(Voice { told, back, waiting: VecDeque::new() });
            }
            let mut own = VecDeque::new();
            let mut spare = Vec::new();
            let mut hand_on = |own: &mut VecDeque<Round>, spare: &mut Vec<Round>, most: usize| {
                while let Some(mut rounds) = next_rounds(own, &mut voices, most) {
                    merge(&mut rounds, &mut |fault| faults.add(fault), sink);
                    let mut rounds = rounds.into_iter();
                    spare.extend(rounds.next());
                    // A tracker that has ended takes nothing back.
                    rounds.zip(&voices).for_each(|(round, voice)| _ = voice.back.send(round));
                    faults.let_go();
                    progress(bytes_read.load(Ordering::Relaxed));
                }
            };
            let reading = first.read(lender, is_packed, &mut |round| {
                own.push_back(round);
                hand_on(&mut own, &mut spare, ROUNDS_AHEAD);
                let mut next = spare.pop().unwrap_or_default();
                next.clear();
                next
            });
            // The lender is gone: the others come to their ends, and tell their last.
            hand_on(&mut own, &mut spare, 0);
            reading
        })?;
        reading.add_faults(faults.first, faults.more);
        Ok(reading)
    }

    /// The input has ended: tells what is still open. What was counted, and what was malformed at the very end.
    pub(crate) fn finish(mut self, sink: &mut dyn FnMut(&Event)) -> (Stats, Option<Malformed>) {
        let mut rounds: Vec<_> =
            std::iter::once(&mut self.first).chain(&mut self.others).map(Follower::last_round).collect();
        let mut malformed = None;
        merge(&mut rounds, &mut |(_, what)| malformed = Some(what), sink);
        let mut all = Stats::default();
        for follower in std::iter::once(&self.first).chain(&self.others) {
            let stats = follower.tracker.stats();
            all.packets += stats.packets;
            all.bytes += stats.bytes;
            all.flows += stats.flows;
            all.malformed += stats.malformed;
            all.dropped += stats.dropped;
            all.copies += stats.copies;
            all.first_at = all.first_at.into_iter().chain(stats.first_at).min();
            all.last_at = all.last_at.max(stats.last_at);
        }
        (all, malformed)
    }
}

/// Another thread's tracker, as the thread that reads hears it.
struct Voice {
    told: Receiver<Round>,
    /// Rounds that were heard go back, so that each thread frees what it allocated: between threads that is dear.
    back: Sender<Round>,
    /// What was told and is not handed on yet.
    waiting: VecDeque<Round>,
}

impl Voice {
    /// Whether a round waits. It is waited for if it must be there.
    fn has_told(&mut self, must: bool) -> bool {
        self.waiting.extend(self.told.try_iter());
        if must && self.waiting.is_empty() {
            self.waiting.extend(self.told.recv().ok());
        }
        !self.waiting.is_empty()
    }
}

/// Follows what is borrowed, and tells it round by round.
fn follow(follower: &mut Follower, input: Borrower, is_packed: bool, tell: &Sender<Round>, again: &Receiver<Round>) {
    // What could not be read is said by who reads.
    let _ = follower.read(input, is_packed, &mut |round| {
        // Nobody takes it only where nobody listens any more.
        let _ = tell.send(round);
        let mut next = again.try_recv().unwrap_or_default();
        next.clear();
        next
    });
}

/// What all trackers told of the same frames, the reading thread's own first. Absent: not all have told it yet, and no more than
/// `most` of its own rounds wait for another's.
fn next_rounds(own: &mut VecDeque<Round>, voices: &mut [Voice], most: usize) -> Option<Vec<Round>> {
    let must = own.len() > most;
    if own.is_empty() || !voices.iter_mut().all(|voice| voice.has_told(must)) {
        return None;
    }
    own.pop_front().into_iter().map(Some).chain(voices.iter_mut().map(|voice| voice.waiting.pop_front())).collect()
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
