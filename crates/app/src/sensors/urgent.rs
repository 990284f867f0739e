//! Cases that ask for attention now, and with which nobody did anything: they are in no incident, and no exception covers them.

use std::collections::BTreeMap;

use contract::detection::Severity;
use facts::OrganisationId;
use incident::Permission;

use super::CaseRow;
use super::read::rank;
use super::seen::MOST_SEEN;
use super::stories::{Told, in_stories};
use crate::handle::require;
use crate::{App, Error, Organisation, Scope, Who};

/// How many of an organisation are counted at most.
pub const MOST_URGENT: u64 = 50;
/// What sensors have people told of at once is as grave as this.
const LEAST: Severity = Severity::High;
/// The cases of how many organisations are read at a time.
const AT_A_TIME: usize = 20;

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

    /// One statement tells where there may be any; only there cases are looked at, those of many organisations together. What
    /// is in an incident, or milder, is not read: a case of which a detection is in one counts no more, whoever told that.
    pub(super) async fn urgent_in(&self, scopes: &[Scope]) -> Result<BTreeMap<OrganisationId, u64>, Error> {
        let mut urgent = BTreeMap::new();
        let having = self.store.having_open_cases(scopes, rank(LEAST)).await?;
        let having: Vec<&Scope> = scopes.iter().filter(|scope| having.contains(&scope.id())).collect();
        for some in having.chunks(AT_A_TIME) {
            let exceptions = self.held_exceptions_of_each(some).await?;
            let mut rows: BTreeMap<OrganisationId, Vec<CaseRow>> = BTreeMap::new();
            for (organisation, row) in self.store.open_cases_of_each(some, rank(LEAST), MOST_SEEN).await? {
                rows.entry(organisation).or_default().push(row);
            }
            let mut stories = Vec::new();
            for scope in some.iter().copied() {
                let Some(exceptions) = exceptions.get(&scope.id()) else { continue };
                let of_it = in_stories(rows.remove(&scope.id()).unwrap_or_default())?;
                let of_it = of_it.into_iter().filter(|story| story.is_urgent);
                stories.extend(of_it.map(|story| Told { scope, exceptions, story }));
            }
            let organisations: Vec<_> = stories.iter().map(|told| told.scope.id()).collect();
            for (organisation, case) in organisations.into_iter().zip(self.as_they_stand(stories).await?) {
                if case.is_urgent && !case.is_covered && case.incident.is_none() {
                    let count: &mut u64 = urgent.entry(organisation).or_default();
                    *count = MOST_URGENT.min(*count + 1);
                }
            }
        }
        Ok(urgent)
    }
}
