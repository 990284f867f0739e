//! Time stamps: the newest checkpoint of every register is shown to an authority that says when it saw it.

use jiff::Timestamp;

use crate::{App, Error, TimeAuthority};

/// As many registers in one round; the rest is for the next.
const AT_ONCE: u32 = 1000;
/// After so many refusals a round ends: the authority is away.
const MOST_REFUSED: usize = 3;

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
                Ok(answer) => round.stamped += usize::from(self.store.keep_stamp(&checkpoint, &answer, now).await?),
                Err(error) => round.refused.push(error),
            }
            if round.refused.len() >= MOST_REFUSED {
                break;
            }
        }
        Ok(round)
    }
}
