//! The sensors of all customers at a glance.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use facts::OrganisationId;
use incident::Permission;

use super::{Health, SensorStanding};
use crate::{App, Error, Organisation, Scope, Who};

/// The sensors of every organisation in which somebody may see them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SensorsOfAll {
    /// The silent ones first, the longest silent on top; then those with which something else is wrong; then by organisation.
    pub sensors: Vec<(Organisation, SensorStanding)>,
    /// Organisations without a sensor. Who had a capture read alone has one above, which says so.
    pub without: Vec<Organisation>,
    /// How many cases ask for attention now and are in no incident, where there are any that this person may see; at most
    /// [`crate::MOST_URGENT`] of each.
    pub urgent: BTreeMap<OrganisationId, u64>,
    /// Where this person may see what was seen; of any other nothing is counted.
    pub readable: BTreeSet<OrganisationId>,
}

impl App {
    /// The sensors of all organisations in which this person may see them.
    pub async fn sensors_of_all(&self, who: &Who, now: Timestamp) -> Result<SensorsOfAll, Error> {
        let organisations = self.store.organisations_of(who.user).await?;
        let reading = self.permit_each(who, Permission::ReadDetections, &organisations).await?;
        let urgent = self.urgent_in(&reading).await?;
        let readable = reading.iter().map(Scope::id).collect();
        let mut all = SensorsOfAll { urgent, readable, ..SensorsOfAll::default() };
        for scope in self.permit_each(who, Permission::SeeSensors, &organisations).await? {
            let standing = self.sensors(&scope, now).await?;
            if standing.is_empty() {
                all.without.push(scope.organisation().clone());
            }
            all.sensors.extend(standing.into_iter().map(|one| (scope.organisation().clone(), one)));
        }
        all.sensors.sort_by_cached_key(|(organisation, one)| {
            let silent_since = one.is_silent.then_some(one.sensor.heard_at);
            let is_well = matches!(one.health, Health::Well | Health::Replayed);
            (silent_since.is_none(), silent_since, is_well, organisation.name.to_lowercase(), one.sensor.name.clone())
        });
        Ok(all)
    }
}
