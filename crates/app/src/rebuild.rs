//! Making the projections again from the journal alone, while others go on working.
//!
//! Promises: holds the ids of one organisation's incidents and a handful of their histories, never the whole journal; what
//! somebody appends meanwhile is not taken back; what somebody changed in the database does not get into the lists by it. Deliberately not here: how a line is made (`append`).

use std::collections::{BTreeMap, BTreeSet};

use facts::IncidentId;
use register::Checkpoint;

use crate::append::{listing, project, replay_as_it_is};
use crate::journal::{MISSING, is_damaged};
use crate::on_record::{Astray, damaged};
use crate::proof::is_not_signed;
use crate::{App, Error, IncidentRow, Listing, Scope, StoreError, StoredEntry, Trouble};

/// How many lines are written in one transaction, so that others are not kept waiting for long.
const AT_ONCE: usize = 200;
/// How often a line is made again because somebody writes at that moment.
const ATTEMPTS: usize = 50;

/// What was made again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    pub incidents: u64,
    pub entries: u64,
    /// Lines that the journal knew nothing of, and that are gone. None goes where something is damaged: it may be all that is
    /// left of an incident.
    pub strays: u64,
    /// Of each incident of which an entry is not what was written, the first such entry's place in the register. Its line was
    /// left as it was.
    pub damaged: Vec<u64>,
}

/// What came of some incidents.
#[derive(Default)]
struct Round {
    incidents: u64,
    entries: u64,
    damaged: Vec<u64>,
}

impl App {
    /// Rebuilds the projection of an organisation from its journal alone. [`Trouble::Damaged`]: an entry of it is not there.
    pub async fn rebuild(&self, scope: &Scope) -> Result<Rebuilt, Error> {
        self.rebuild_telling(scope, |_| ()).await
    }

    /// The same, saying after each step how far it is.
    pub async fn rebuild_telling(
        &self,
        scope: &Scope,
        mut tell: impl FnMut(&Rebuilt) + Send,
    ) -> Result<Rebuilt, Error> {
        let mut rebuilt = Rebuilt::default();
        // Before the entries: what is written meanwhile stands behind it.
        let covered = match self.store.checkpoint(scope).await? {
            Some(note) => {
                let opened = Checkpoint::open(&note, &self.signer.key(scope.id()).verifier());
                opened.map_err(|error| is_not_signed(scope, error.into()))?.size
            }
            None => 0,
        };
        let Astray { missing, incidents: astray, end } = self.astray(scope).await?;
        if let Some(missing) = missing.or((end < covered).then_some(end)) {
            return Err(is_damaged(scope.id(), missing, MISSING));
        }
        let mut seen: BTreeSet<IncidentId> = BTreeSet::new();
        let mut index = 0;
        while let Some((incidents, next)) = self.store.incidents_from(scope, index).await? {
            let fresh: Vec<_> = incidents.into_iter().filter(|incident| seen.insert(*incident)).collect();
            for incidents in fresh.chunks(AT_ONCE) {
                let round = self.rewrite(scope, incidents, &astray).await?;
                rebuilt.incidents += round.incidents;
                rebuilt.entries += round.entries;
                rebuilt.damaged.extend(round.damaged);
                tell(&rebuilt);
            }
            index = next;
        }
        rebuilt.damaged.extend(astray.into_values());
        rebuilt.damaged.sort_unstable();
        rebuilt.damaged.dedup();
        if rebuilt.damaged.is_empty() {
            rebuilt.strays = self.store.drop_strays(scope).await?;
        }
        Ok(rebuilt)
    }

    /// Makes the lines of these incidents again, but for those of which an entry was changed or is astray.
    async fn rewrite(
        &self,
        scope: &Scope,
        incidents: &[IncidentId],
        astray: &BTreeMap<IncidentId, u64>,
    ) -> Result<Round, Error> {
        for _ in 0..ATTEMPTS {
            let mut lines = Vec::with_capacity(incidents.len());
            let mut round = Round::default();
            for incident in incidents.iter().filter(|incident| !astray.contains_key(incident)) {
                let history = self.store.history(scope, *incident).await?;
                if let Some((index, _)) = damaged(scope.id(), &history)? {
                    round.damaged.push(index);
                    continue;
                }
                match line_again(scope, &history) {
                    Ok(line) => lines.push(line),
                    // It does not begin with what opened it.
                    Err(Error::Unavailable(Trouble::Damaged, _)) => {
                        round.damaged.extend(history.first().map(|entry| entry.index));
                        continue;
                    }
                    Err(error) => return Err(error),
                }
                round.incidents += 1;
                round.entries += history.len() as u64;
            }
            match self.store.rewrite(scope, lines).await {
                Err(StoreError::Conflict) => {}
                done => return done.map(|()| round).map_err(Error::from),
            }
        }
        Err(Error::Conflict)
    }

    /// The short names of the organisations whose lines another edition of this program made.
    pub async fn outdated(&self) -> Result<Vec<String>, Error> {
        Ok(self.store.outdated().await?)
    }
}

fn line_again(scope: &Scope, history: &[StoredEntry]) -> Result<(IncidentRow, Listing), Error> {
    let incident = replay_as_it_is(scope.id(), history)?;
    // Erased entries are entries too.
    let row = IncidentRow { entries: history.len() as u64, ..project(&incident) };
    Ok((row, listing(&incident)?))
}
