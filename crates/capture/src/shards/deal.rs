//! An input read once, and its frames dealt out to several trackers.

use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender};

use wire::Frame;
use wire::frame::part_of;

use super::batch::Batch;
use crate::read::read_placed_frames;
use crate::{Error, Reading};

/// How far all inputs were read.
#[derive(Debug, Default)]
pub(super) struct Position {
    /// The number of the next frame, and the second of the last one.
    number: u64,
    second: Option<i64>,
}

/// Where a tracker takes its frames from, and where batches that were followed come back.
pub(super) struct Hand {
    pub(super) to: SyncSender<Batch>,
    pub(super) back: Receiver<Batch>,
    pub(super) next: Batch,
}

impl Hand {
    /// Hands over what there is, and takes an empty one.
    fn over(&mut self) {
        let mut next = self.back.try_recv().unwrap_or_default();
        next.clear();
        // Nobody takes it only where nobody listens any more.
        let _ = self.to.send(std::mem::replace(&mut self.next, next));
    }
}

/// Reads an input to its end, and deals out its frames: each so many, every tracker is handed a batch, also an empty one.
///
/// # Errors
/// When nothing of it could be read.
pub(super) fn deal(
    input: impl Read,
    position: &mut Position,
    hands: &mut [Hand],
    batch_frames: u64,
) -> Result<Reading, Error> {
    let parts = hands.len();
    let reading = read_placed_frames(input, &mut |frame: Frame<'_>, place| {
        let Position { number, second } = position;
        if second.replace(frame.at.as_second()) != Some(frame.at.as_second()) {
            hands.iter_mut().for_each(|hand| hand.next.second(*number, frame.at, place));
        }
        if let Some(hand) = hands.get_mut(part_of(&frame, parts)) {
            hand.next.frame(*number, place, &frame);
        }
        *number += 1;
        if number.is_multiple_of(batch_frames) {
            hands.iter_mut().for_each(Hand::over);
        }
        None
    });
    hands.iter_mut().for_each(Hand::over);
    reading
}
