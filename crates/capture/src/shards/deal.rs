//! An input read once, and its frames dealt out to several trackers, one of which follows them as they come.

use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender};

use wire::Frame;
use wire::frame::part_of;

use super::Follower;
use super::batch::{Batch, Heard};
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

/// Into how many parts frames are dealt. Who reads has as much to do beside as a tracker has with one part: it follows one,
/// each other two.
pub(super) fn parts(trackers: usize) -> usize {
    2 * trackers - 1
}

/// How many parts are this tracker's.
pub(super) fn parts_of(tracker: usize) -> usize {
    if tracker == 0 { 1 } else { 2 }
}

/// Whose a part is.
fn tracker_of(part: usize) -> usize {
    part.div_ceil(2)
}

/// Reads an input to its end, follows one part of its frames, and deals out the others: each so many, every other tracker is
/// handed a batch, also an empty one.
///
/// # Errors
/// When nothing of it could be read.
pub(super) fn deal(
    input: impl Read,
    position: &mut Position,
    mut own: Follower<'_>,
    hands: &mut [Hand],
    batch_frames: u64,
) -> Result<Reading, Error> {
    let parts = parts(1 + hands.len());
    let reading = read_placed_frames(input, &mut |frame: Frame<'_>, place| {
        let Position { number, second } = position;
        if second.replace(frame.at.as_second()) != Some(frame.at.as_second()) {
            own.hear(Heard::Second { number: *number, at: frame.at, place });
            hands.iter_mut().for_each(|hand| hand.next.second(*number, frame.at, place));
        }
        let tracker = tracker_of(part_of(&frame, parts));
        match tracker.checked_sub(1).and_then(|other| hands.get_mut(other)) {
            Some(hand) => hand.next.frame(*number, place, &frame),
            None => own.hear(Heard::Frame { number: *number, place, frame }),
        }
        *number += 1;
        if number.is_multiple_of(batch_frames) {
            over(&mut own, hands);
        }
        None
    });
    over(&mut own, hands);
    reading
}

/// A round is over, for all.
fn over(own: &mut Follower<'_>, hands: &mut [Hand]) {
    // Nobody hears it only where nobody listens any more.
    let _ = own.tell();
    hands.iter_mut().for_each(Hand::over);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tracker_has_as_many_parts_as_it_should() {
        for trackers in 1..8 {
            let mut dealt = vec![0; trackers];
            (0..parts(trackers)).for_each(|part| dealt[tracker_of(part)] += 1);
            assert_eq!(dealt, (0..trackers).map(parts_of).collect::<Vec<_>>());
        }
    }
}
