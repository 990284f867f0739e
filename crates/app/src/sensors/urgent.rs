//! Cases that ask for attention now, and with which nobody did anything: they are in no incident, and no exception covers them.

use std::collections::BTreeMap;

use contract::detection::Severity;
use facts::OrganisationId;
use incident::Permission;

use super::read::rank;
use crate::handle::require;
use crate::{App, Error, Organisation, Scope, Who};

/// How many of an organisation are counted at most.
pub const MOST_URGENT: u64 = 50;
/// What sensors have people told of at once is as grave as this.
const LEAST: Severity = Severity::High;

impl App {
    /// How many there are here, at most [`MOST_URGENT`].
    pub async fn urgent_cases(&self, scope: &Scope) -> Result<u64, Error> {
        require(scope, Permission::ReadDetections)?;
        Ok(self.urgent_in(std::slice::from_ref(scope)).await?.into_values().sum())
    }

    /// How many there are in each of these organisations where this person may see them; none stands for none.
    pub(crate) async fn urgent_in_each(
        &self,
        who: &Who,
        organisations: &[Organisation],
    ) -> Result<BTreeMap<OrganisationId, u64>, Error> {
        let scopes = self.permit_each(who, Permission::ReadDetections, organisations).await?;
        self.urgent_in(&scopes).await
    }

    /// One statement tells where there may be any; only there cases are looked at.
    pub(super) async fn urgent_in(&self, scopes: &[Scope]) -> Result<BTreeMap<OrganisationId, u64>, Error> {
        let mut urgent = BTreeMap::new();
        let having = self.store.having_open_cases(scopes, rank(LEAST)).await?;
        for scope in scopes.iter().filter(|scope| having.contains(&scope.id())) {
            let exceptions = self.held_exceptions(scope).await?;
            let mut count = 0;
            for story in self.stories(scope).await? {
                if !story.is_urgent || story.incident.is_some() {
                    continue;
                }
                let (case, _) = self.as_it_stands(scope, story, &exceptions).await?;
                count += u64::from(case.is_urgent && !case.is_covered && case.incident.is_none());
                if count >= MOST_URGENT {
                    break;
                }
            }
            if count > 0 {
                urgent.insert(scope.id(), count);
            }
        }
        Ok(urgent)
    }
}
