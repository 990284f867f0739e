//! One tracker, and its part of all inputs' frames.

use wire::event::FlowId;
use wire::{Frame, LinkType, Tracker};

use super::parts::tracker_of;
use super::round::{Moment, Round};
use crate::read::pieces::Pieces;
use crate::read::read_unpacked_frames;
use crate::{Error, Reading};

/// What is told is handed over in rounds, each of so many frames of the input: as much as a core's own cache holds until it is
/// put in order.
const ROUND_FRAMES: u64 = 256;

/// Follows its own frames of everything that is read.
pub(super) struct Follower {
    pub(super) tracker: Tracker,
    /// Which it is, of how many.
    place: usize,
    trackers: usize,
    /// The number of the next frame of all inputs, whoever's, and the second of the last one.
    number: u64,
    second: Option<i64>,
    /// What it told since the last round.
    round: Round,
}

impl Follower {
    pub(super) fn new(tracker: Tracker, place: usize, trackers: usize) -> Self {
        Self { tracker, place, trackers, number: 0, second: None, round: Round::default() }
    }

    /// Reads an unpacked input to its end. Each so many frames of it, and at its end, `over` takes what was told, also nothing,
    /// and gives an empty round.
    ///
    /// # Errors
    /// When nothing of it could be read.
    pub(super) fn read(
        &mut self,
        input: impl Pieces,
        is_packed: bool,
        over: &mut dyn FnMut(Round) -> Round,
    ) -> Result<Reading, Error> {
        let reading = read_unpacked_frames(input, is_packed, &mut |frame, place| {
            self.hear(frame, place);
            if self.number.is_multiple_of(ROUND_FRAMES) {
                self.round = over(std::mem::take(&mut self.round));
            }
            None
        });
        self.round = over(std::mem::take(&mut self.round));
        reading
    }

    /// Hears a frame that stands at this place of its input; whoever's it is, it tells what time it is.
    fn hear(&mut self, frame: Frame<'_>, place: u64) {
        let Round { events, faults } = &mut self.round;
        let number = self.number;
        self.number += 1;
        if self.second.replace(frame.at.as_second()) != Some(frame.at.as_second()) {
            let fault = self.tracker.clock(frame.at, &mut |event| events.push((Moment::over(number, &event), event)));
            faults.extend(fault.map(|what| (place, what)));
        }
        if tracker_of(&frame, self.trackers) != self.place {
            return;
        }
        // A link that is not read is named where it is stated.
        let is_read = !matches!(frame.link, LinkType::Unsupported(_));
        let mut tell = |event| events.push((Moment::at(number), event));
        let fault = self.tracker.numbered(FlowId(number), &frame, &mut tell);
        faults.extend(fault.filter(|_| is_read).map(|what| (place, what)));
    }

    /// What is still open at the very end.
    pub(super) fn last_round(&mut self) -> Round {
        let Round { mut events, mut faults } = std::mem::take(&mut self.round);
        let fault = self.tracker.finish(&mut |event| events.push((Moment::over(u64::MAX, &event), event)));
        faults.extend(fault.map(|what| (u64::MAX, what)));
        Round { events, faults }
    }
}
