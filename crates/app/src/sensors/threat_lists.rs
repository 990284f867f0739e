//! Threat lists for the sensors of an organisation: chosen by name, fetched by the server, handed to its sensors.
//!
//! Promises: none is fetched before somebody chose it; a sensor is handed what its own organisation chose and nothing else.

use jiff::Timestamp;

use contract::sensor::ServedList;
use facts::Text;
use incident::Permission;

use super::{ListChoice, Sensor};
use crate::handle::require;
use crate::ports::{KeptList, OfferedList, ThreatLists};
use crate::{App, Error, FieldProblem, Scope};

/// A list that can be chosen, and how it stands with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListStanding {
    pub offered: OfferedList,
    /// Who chose it, and when; absent: it is not used here.
    pub choice: Option<ListChoice>,
    /// As the server has it; absent: nobody chose it, or just now.
    pub kept: Option<KeptList>,
}

impl App {
    /// What can be chosen and what was.
    pub async fn threat_lists(&self, scope: &Scope, lists: &dyn ThreatLists) -> Result<Vec<ListStanding>, Error> {
        require(scope, Permission::SeeSensors)?;
        let (kept, choices) = (lists.kept().await?, self.store.chosen_lists(scope).await?);
        let standing = |offered: OfferedList| ListStanding {
            choice: choices.iter().find(|choice| choice.list == offered.name).cloned(),
            kept: kept.iter().find(|kept| kept.name == offered.name).cloned(),
            offered,
        };
        Ok(lists.offered().await?.into_iter().map(standing).collect())
    }

    /// Has the organisation's sensors use these lists. `seen`: those that were chosen as whoever chooses saw it; what they
    /// changed is changed, and what somebody else chose or dropped meanwhile stays so. A new one that is not offered is
    /// refused, with all of it.
    pub async fn choose_lists(
        &self,
        scope: &Scope,
        lists: &dyn ThreatLists,
        wanted: &[String],
        seen: &[String],
        now: Timestamp,
    ) -> Result<(), Error> {
        require(scope, Permission::ManageSensors)?;
        let chosen_by = scope.actor().name();
        let offered = lists.offered().await?;
        let added: Vec<_> = wanted.iter().filter(|list| !seen.contains(list)).collect();
        if let Some(unknown) = added.iter().find(|list| !offered.iter().any(|one| one.name == ***list)) {
            let text = Text::made(
                format!("De lijst {unknown} is er niet (meer). Er is niets gewijzigd: kies op de pagina zelf."),
                format!("There is no list {unknown} (any more). Nothing was changed: choose on the page itself."),
            );
            return Err(Error::Invalid(vec![FieldProblem { field: "list".into(), text }]));
        }
        let choice = |list: &String| ListChoice { list: list.clone(), chosen_at: now, chosen_by: chosen_by.to_owned() };
        let chosen: Vec<_> = added.into_iter().map(choice).collect();
        let dropped: Vec<_> = seen.iter().filter(|list| !wanted.contains(list)).cloned().collect();
        self.store.change_lists(scope, &chosen, &dropped).await?;
        lists.fetch_soon(&[]).await
    }

    /// Has the server ask at once for the lists that the organisation chose.
    pub async fn fetch_lists_now(&self, scope: &Scope, lists: &dyn ThreatLists) -> Result<(), Error> {
        require(scope, Permission::ManageSensors)?;
        let chosen = self.store.chosen_lists(scope).await?;
        lists.fetch_soon(&chosen.into_iter().map(|choice| choice.list).collect::<Vec<_>>()).await
    }

    /// The lists that a sensor is to use, as far as the server has them.
    pub async fn lists_of_sensor(&self, sensor: &Sensor, lists: &dyn ThreatLists) -> Result<Vec<ServedList>, Error> {
        let scope = self.permit_program_in(sensor.organisation).await?;
        let chosen = self.store.chosen_lists(&scope).await?;
        if chosen.is_empty() {
            return Ok(Vec::new());
        }
        let served = |kept: KeptList| Some(ServedList { version: kept.fetched_at?.to_string(), name: kept.name });
        let is_chosen = |kept: &KeptList| chosen.iter().any(|choice| choice.list == kept.name);
        Ok(lists.kept().await?.into_iter().filter(is_chosen).filter_map(served).collect())
    }

    /// A list for a sensor. `NotFound`: its organisation did not choose it, or none came yet.
    pub async fn list_for_sensor(
        &self,
        sensor: &Sensor,
        lists: &dyn ThreatLists,
        name: &str,
    ) -> Result<Vec<u8>, Error> {
        let scope = self.permit_program_in(sensor.organisation).await?;
        if !self.store.chosen_lists(&scope).await?.iter().any(|choice| choice.list == name) {
            return Err(Error::NotFound);
        }
        lists.bytes(name).await?.ok_or(Error::NotFound)
    }
}
