//! One network's frames followed by several trackers at once, each on a thread of its own, as if they were one.
//!
//! Promises: the events are those that one tracker tells, in the same order and with the same numbers, as long as no table
//! is full: each tracker has its part of the [`Limits`]. What waits is bounded: a few rounds of frames.

mod merge;
mod round;

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use wire::event::{Event, Stats};
use wire::{Frame, Limits, Malformed, Tracker, frame};

use crate::read::MAX_WARNINGS;

use self::merge::Merge;
use self::round::Round;

/// Frames are handed over in rounds of so many, or of so many bytes.
const ROUND_FRAMES: usize = 1024;
const ROUND_BYTES: usize = 512 * 1024;

/// Rounds under way; more wait for the trackers.
const AHEAD: usize = 2;

/// Several trackers of one network.
pub struct Shards {
    workers: Vec<Worker>,
    /// The round that is being filled, for each worker.
    filling: Vec<Round>,
    frames: usize,
    bytes: usize,
    /// The number of the next frame, and the second of the last one.
    number: u64,
    second: Option<i64>,
    under_way: usize,
    merge: Merge,
    faults: Vec<(u64, Malformed)>,
    /// Faults that are not named any more.
    more_faults: u64,
}

struct Worker {
    rounds: SyncSender<Round>,
    told: Receiver<Round>,
    thread: JoinHandle<Stats>,
}

impl Shards {
    /// So many trackers, waiting for frames.
    #[must_use]
    pub fn new(limits: &Limits, count: NonZeroUsize) -> Self {
        let part = |whole: usize| (whole / count).max(1);
        let limits = Limits {
            flows: part(limits.flows),
            questions: part(limits.questions),
            fragments: part(limits.fragments),
            buffered_bytes: part(limits.buffered_bytes),
            ..limits.clone()
        };
        let workers: Vec<_> = (0..count.get()).map(|_| Worker::new(limits.clone())).collect();
        Self {
            filling: workers.iter().map(|_| Round::default()).collect(),
            merge: Merge::default(),
            workers,
            frames: 0,
            bytes: 0,
            number: 0,
            second: None,
            under_way: 0,
            faults: Vec::new(),
            more_faults: 0,
        }
    }

    /// Takes the next frame; `place` is where it stood, for saying what was malformed. Tells what earlier ones brought to
    /// light.
    pub fn frame(&mut self, frame: Frame<'_>, place: u64, sink: &mut dyn FnMut(Event)) {
        let second = frame.at.as_second();
        if self.second.replace(second) != Some(second) {
            self.filling.iter_mut().for_each(|round| round.clock(self.number, place, frame.at));
        }
        let shard = frame::shard(&frame, self.workers.len());
        if let Some(round) = self.filling.get_mut(shard) {
            round.frame(self.number, place, &frame);
        }
        self.number += 1;
        self.frames += 1;
        self.bytes += frame.bytes.len();
        if self.frames >= ROUND_FRAMES || self.bytes >= ROUND_BYTES {
            self.hand_over();
            while self.under_way > AHEAD {
                self.collect(sink);
            }
        }
    }

    /// Waits until all frames so far are followed, and tells what they brought to light.
    pub fn settle(&mut self, sink: &mut dyn FnMut(Event)) {
        self.hand_over();
        while self.under_way > 0 {
            self.collect(sink);
        }
    }

    /// What was malformed since this was last asked, with the place that was given for the frame: the first few, and how many
    /// there were beside.
    pub(crate) fn take_faults(&mut self) -> (Vec<(u64, Malformed)>, u64) {
        (std::mem::take(&mut self.faults), std::mem::take(&mut self.more_faults))
    }

    /// The input has ended: tells what is still open. What was counted, and what was malformed at the very end.
    pub fn finish(mut self, sink: &mut dyn FnMut(Event)) -> (Stats, Option<Malformed>) {
        self.settle(sink);
        self.filling.iter_mut().for_each(|round| round.is_last = true);
        self.hand_over();
        self.collect(sink);
        let malformed = self.faults.pop().map(|(_, what)| what);
        let mut all = Stats::default();
        for Worker { rounds, told, thread } in self.workers {
            drop((rounds, told));
            // A tracker never panics; if one did, what it counted is lost and nothing else.
            let Ok(stats) = thread.join() else { continue };
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

    fn hand_over(&mut self) {
        for (worker, round) in self.workers.iter().zip(&mut self.filling) {
            let spare = self.merge.spare();
            // Nobody takes it only where the worker is gone.
            let _ = worker.rounds.send(std::mem::replace(round, spare));
        }
        (self.frames, self.bytes) = (0, 0);
        self.under_way += 1;
    }

    fn collect(&mut self, sink: &mut dyn FnMut(Event)) {
        self.under_way -= 1;
        let told: Vec<Round> = self.workers.iter().filter_map(|worker| worker.told.recv().ok()).collect();
        self.merge.round(told, &mut self.faults, sink);
        self.faults.sort_by_key(|(place, _)| *place);
        self.more_faults += self.faults.len().saturating_sub(MAX_WARNINGS) as u64;
        self.faults.truncate(MAX_WARNINGS);
    }
}

impl Worker {
    fn new(limits: Limits) -> Self {
        let (rounds, taken) = sync_channel::<Round>(AHEAD + 2);
        let (tell, told) = sync_channel(AHEAD + 2);
        let thread = thread::spawn(move || {
            let mut tracker = Tracker::new(limits);
            for mut round in taken {
                round.follow(&mut tracker);
                if tell.send(round).is_err() {
                    break;
                }
            }
            tracker.stats().clone()
        });
        Self { rounds, told, thread }
    }
}
