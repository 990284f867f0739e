//! Which tracker follows which frames.

use wire::Frame;
use wire::frame::part_of;

/// So many parts each tracker has, but for the first: who follows that one also puts in order and judges what all tell.
const PARTS: usize = 20;
const PARTS_OF_FIRST: usize = 4;

/// Into how many parts frames are dealt.
pub(super) fn parts(trackers: usize) -> usize {
    PARTS_OF_FIRST + trackers.saturating_sub(1) * PARTS
}

/// How many parts are this tracker's.
pub(super) fn parts_of(tracker: usize) -> usize {
    if tracker == 0 { PARTS_OF_FIRST } else { PARTS }
}

/// Which tracker follows this frame.
pub(super) fn tracker_of(frame: &Frame<'_>, trackers: usize) -> usize {
    whose(part_of(frame, parts(trackers)))
}

fn whose(part: usize) -> usize {
    part.checked_sub(PARTS_OF_FIRST).map_or(0, |part| 1 + part / PARTS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tracker_has_as_many_parts_as_it_should() {
        for trackers in 1..8 {
            let mut dealt = vec![0; trackers];
            (0..parts(trackers)).for_each(|part| dealt[whose(part)] += 1);
            assert_eq!(dealt, (0..trackers).map(parts_of).collect::<Vec<_>>());
        }
    }
}
