//! Making the projections again from the journal alone, while others go on working.
//!
//! Promises: holds the ids of one organisation's incidents and a handful of their histories, never the whole journal; what
//! somebody appends meanwhile is not taken back. Deliberately not here: how a line is made (`append`).

use std::collections::BTreeSet;

use facts::IncidentId;

use crate::append::{listing, project, replay_as_it_is};
use crate::{App, Error, IncidentRow, Listing, Scope, StoreError};

/// How many lines are written in one transaction, so that others are not kept waiting for long.
const AT_ONCE: usize = 200;
/// How often a line is made again because somebody writes at that moment.
const ATTEMPTS: usize = 50;

/// What was made again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    pub incidents: u64,
    pub entries: u64,
    /// Lines that the journal knew nothing of, and that are gone.
    pub strays: u64,
}

impl App {
    /// Rebuilds the projection of an organisation from its journal alone.
    pub async fn rebuild(&self, scope: &Scope) -> Result<Rebuilt, Error> {
        self.rebuild_telling(scope, |_| ()).await
    }

    /// The same, saying after each step how far it is.
    pub async fn rebuild_telling(&self, scope: &Scope, mut tell: impl FnMut(Rebuilt) + Send) -> Result<Rebuilt, Error> {
        let mut rebuilt = Rebuilt::default();
        let mut seen: BTreeSet<IncidentId> = BTreeSet::new();
        let mut index = 0;
        while let Some((incidents, next)) = self.store.incidents_from(scope, index).await? {
            let fresh: Vec<_> = incidents.into_iter().filter(|incident| seen.insert(*incident)).collect();
            for incidents in fresh.chunks(AT_ONCE) {
                let entries = self.rewrite(scope, incidents).await?;
                rebuilt.incidents += incidents.len() as u64;
                rebuilt.entries += entries;
                tell(rebuilt);
            }
            index = next;
        }
        rebuilt.strays = self.store.drop_strays(scope).await?;
        Ok(rebuilt)
    }

    /// Makes the lines of these incidents again; how many entries they rest on.
    async fn rewrite(&self, scope: &Scope, incidents: &[IncidentId]) -> Result<u64, Error> {
        for _ in 0..ATTEMPTS {
            let mut lines = Vec::with_capacity(incidents.len());
            for incident in incidents {
                lines.push(self.line_again(scope, *incident).await?);
            }
            let entries = lines.iter().map(|(row, _)| row.entries).sum();
            match self.store.rewrite(scope, lines).await {
                Err(StoreError::Conflict) => {}
                done => return done.map(|()| entries).map_err(Error::from),
            }
        }
        Err(Error::Conflict)
    }

    async fn line_again(&self, scope: &Scope, incident: IncidentId) -> Result<(IncidentRow, Listing), Error> {
        let history = self.store.history(scope, incident).await?;
        let incident = replay_as_it_is(scope.id(), &history)?;
        // Erased entries are entries too.
        let row = IncidentRow { entries: history.len() as u64, ..project(&incident) };
        Ok((row, listing(&incident)?))
    }

    /// The short names of the organisations whose lines another edition of this program made.
    pub async fn outdated(&self) -> Result<Vec<String>, Error> {
        Ok(self.store.outdated().await?)
    }
}
