//! Time stamps: the newest checkpoint of every register is shown to an authority that says when it saw it.

use jiff::{SignedDuration, Timestamp};

use crate::{App, Error, TimeAnswer, TimeAuthority, Unstamped};

/// As many registers in one round; the rest is for the next.
const AT_ONCE: u32 = 1000;
/// After so many refusals a round ends: the authority is away.
const MOST_REFUSED: usize = 3;

/// As much may clocks differ: one that was set back lets entries stand ahead of it for up to so long.
const LEEWAY: SignedDuration = SignedDuration::from_hours(3);

/// A stamp that says nothing: the first of a checkpoint is kept for ever, and this one would contradict it.
#[derive(Debug, thiserror::Error)]
#[error(
    "the time-stamping authority says that it is {at}, and the newest entry that it was to stamp is of {recorded_at}: look at the \
     clock of the authority, and at the one here (`date -u`); the stamp is not kept, and is asked for again"
)]
struct TooEarly {
    at: Timestamp,
    recorded_at: Timestamp,
}

fn too_early(of: &Unstamped, answer: &TimeAnswer) -> Option<TooEarly> {
    let recorded_at = of.recorded_at.filter(|recorded_at| answer.at + LEEWAY < *recorded_at)?;
    Some(TooEarly { at: answer.at, recorded_at })
}

/// What came of a round.
#[derive(Debug, Default)]
pub struct Stamped {
    pub stamped: usize,
    pub refused: Vec<Error>,
}

impl App {
    /// Has the newest checkpoint of every register stamped that has no stamp yet. Two rounds at once do no harm: the first
    /// stamp of a checkpoint is kept.
    pub async fn stamp_checkpoints(&self, authority: &dyn TimeAuthority, now: Timestamp) -> Result<Stamped, Error> {
        let mut round = Stamped::default();
        for checkpoint in self.store.unstamped(AT_ONCE).await? {
            match authority.stamp(checkpoint.checkpoint.as_bytes()).await {
                Ok(answer) => match too_early(&checkpoint, &answer) {
                    Some(early) => round.refused.push(Error::internal(early)),
                    None => {
                        round.stamped += usize::from(self.store.keep_stamp(&checkpoint, &answer.bytes, now).await?);
                    }
                },
                Err(error) => round.refused.push(error),
            }
            if round.refused.len() >= MOST_REFUSED {
                break;
            }
        }
        Ok(round)
    }
}
