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

    /// The person themselves, with the address at which they can be reached.
    pub async fn person(&self, who: &Who) -> Result<User, Error> {
        Ok(self.store.user(who.user).await?)
    }

    /// The detections that an incident rests on; none for one that a person reported.
    pub async fn detections(&self, scope: &Scope, incident: &Incident) -> Result<Vec<StoredDetection>, Error> {
        Ok(self.store.detections(scope, incident.id).await?)
    }
}
