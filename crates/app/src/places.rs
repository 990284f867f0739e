//! What pages ask around an incident: where somebody has a part, who they are, and which detections it rests on.

use incident::Incident;

use crate::{App, Error, Organisation, Provider, Scope, StoredDetection, User, Who};

/// Where somebody has a part.
#[derive(Clone, Debug, PartialEq)]
pub struct Places {
    /// The organisations in which they have a role, by name.
    pub organisations: Vec<Organisation>,
    /// The providers they work for.
    pub providers: Vec<Provider>,
}

impl App {
    /// The organisations and providers in which this person has a part.
    pub async fn places(&self, who: &Who) -> Result<Places, Error> {
        Ok(Places {
            organisations: self.store.organisations_of(who.user).await?,
            providers: self.store.providers_of(who.user).await?,
        })
    }

    /// Whether a board over several organisations is of use to this person. Asked with every page, so it reads no customers.
    pub async fn has_board(&self, who: &Who) -> Result<bool, Error> {
        Ok(!self.store.providers_of(who.user).await?.is_empty()
            || self.store.organisations_of(who.user).await?.len() > 1)
    }

    /// The person themselves, with the address at which they can be reached.
    pub async fn person(&self, who: &Who) -> Result<User, Error> {
        Ok(self.store.user(who.user).await?)
    }

    /// The detections that an incident rests on; none for one that a person reported.
    pub async fn detections(&self, scope: &Scope, incident: &Incident) -> Result<Vec<StoredDetection>, Error> {
        Ok(self.store.detections(scope, incident.id).await?)
    }
}
