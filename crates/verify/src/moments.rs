//! Moments that cannot be: a checkpoint signed, or stamped, before what it covers was recorded. Nothing was changed then, and
//! the register holds; but some clock was wrong, or was made to say so, and whoever builds on a moment has to know.

use jiff::Timestamp;

use crate::problem::Problem;

/// As much may clocks differ, in seconds, without a word: one that was set back lets entries stand ahead of it for up to three
/// hours (`docs/torture.md`).
const LEEWAY: i64 = 3 * 3600;

/// When entries were recorded: each that is newer than all before it, with the second.
#[derive(Debug, Default)]
pub(crate) struct Recorded(Vec<(u64, i64)>);

impl Recorded {
    pub(crate) fn take_in(&mut self, index: u64, at: Timestamp) {
        let at = at.as_second();
        if self.0.last().is_none_or(|(_, newest)| at > *newest) {
            self.0.push((index, at));
        }
    }

    /// The newest of the first `size` entries, where it is newer than this moment.
    fn newer_than(&self, size: u64, at: i64) -> Option<(u64, String)> {
        let covered = self.0.partition_point(|(index, _)| *index < size);
        let (index, recorded) = self.0.get(..covered)?.last()?;
        (*recorded > at.saturating_add(LEEWAY)).then(|| Some((*index, said(*recorded)?)))?
    }

    /// What to say of a checkpoint of this size that was signed then; and of which entry.
    pub(crate) fn of_signature(&self, size: u64, at: Option<u64>) -> Option<(u64, Problem)> {
        let at = i64::try_from(at?).ok()?;
        let (index, recorded_at) = self.newer_than(size, at)?;
        Some((index, Problem::SignedBeforeEntry { signed_at: said(at)?, recorded_at }))
    }

    /// The same of one that was stamped: it cannot have been shown to the authority before it was signed, nor before its entries.
    pub(crate) fn of_stamp(&self, size: u64, at: &str, signed_at: Option<u64>) -> Option<(Option<u64>, Problem)> {
        let stamped: i64 = at.parse::<Timestamp>().ok()?.as_second();
        let at = at.to_owned();
        let signed =
            signed_at.and_then(|signed| i64::try_from(signed).ok()).filter(|signed| *signed > stamped + LEEWAY);
        if let Some(signed_at) = signed.and_then(said) {
            return Some((None, Problem::StampedBeforeSignature { at, signed_at }));
        }
        let (index, recorded_at) = self.newer_than(size, stamped)?;
        Some((Some(index), Problem::StampedBeforeEntry { at, recorded_at }))
    }
}

fn said(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|moment| moment.to_string())
}
