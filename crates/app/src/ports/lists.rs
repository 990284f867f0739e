//! The port of the lists: pages of incidents, the register's rows, and making them again from the journal.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use facts::{IncidentId, OrganisationId};
use incident::Phase;

use crate::lists::{Asked, Found, Summary};
use crate::{IncidentRow, Listing, Scope, StoreError};

/// What is read from the projections, at a cost that does not grow with what they hold; and their making again.
#[async_trait]
pub trait Lists: Send + Sync {
    /// A page of the organisation's incidents, in the order that is asked.
    async fn page(&self, scope: &Scope, asked: &Asked) -> Result<Vec<IncidentRow>, StoreError>;
    /// The same with the register's row of each, as it was kept; empty where none was.
    async fn register_page(&self, scope: &Scope, asked: &Asked) -> Result<Vec<(IncidentRow, String)>, StoreError>;
    /// How many incidents are in each phase; a phase without any may be left out.
    async fn counts(&self, scope: &Scope) -> Result<BTreeMap<Phase, u64>, StoreError>;
    /// How many incidents fit what is asked, wherever a page begins. At most `limit` of the newest in the period are looked at, so
    /// that it costs no more with history; where a word that is looked for is rare, all that have it.
    async fn found(&self, scope: &Scope, asked: &Asked) -> Result<Found, StoreError>;
    /// Of each of these organisations: its most pressing open incident, and how many there are. One without open incidents
    /// is left out.
    async fn summaries(&self, scopes: &[Scope]) -> Result<BTreeMap<OrganisationId, Summary>, StoreError>;
    /// Which of these numbers of another register ([`IncidentRow::number_there`]) stand here already, each with the incident
    /// that has it; the oldest where several have.
    async fn numbers_there(
        &self,
        scope: &Scope,
        numbers: &BTreeSet<String>,
    ) -> Result<BTreeMap<String, u64>, StoreError>;
    /// The incidents that entries from this index on are of, and where to go on; nothing when the journal ends here. An
    /// incident may be named again further on.
    async fn incidents_from(&self, scope: &Scope, index: u64) -> Result<Option<(Vec<IncidentId>, u64)>, StoreError>;
    /// Writes lines that were made again from the journal, each over the one that stood there. `Conflict`: an incident has
    /// got other entries since, and nothing is written.
    async fn rewrite(&self, scope: &Scope, lines: Vec<(IncidentRow, Listing)>) -> Result<(), StoreError>;
    /// Deletes the lines of incidents of which the journal knows nothing; how many.
    async fn drop_strays(&self, scope: &Scope) -> Result<u64, StoreError>;
    /// The organisations with lines of another edition than this program's, by short name.
    async fn outdated(&self) -> Result<Vec<String>, StoreError>;
}
