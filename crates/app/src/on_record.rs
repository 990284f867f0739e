//! Whether what has no text was erased on record: by an entry of its incident that names it, and by the store's own list.
//!
//! Promises: a text that went in any other way is damage, and no erasure.

use std::collections::{BTreeMap, BTreeSet};

use facts::{IncidentId, OrganisationId};

use crate::{Error, StoredEntry};

/// What entries say was erased, and which of them have no text.
#[derive(Default)]
pub(crate) struct OnRecord {
    named: BTreeSet<(IncidentId, u64)>,
    /// Incidents that were erased whole by an entry that names none, and its index: all before it.
    whole: BTreeMap<IncidentId, u64>,
    gone: Vec<StoredEntry>,
}

impl OnRecord {
    pub(crate) fn take_in(&mut self, entry: &StoredEntry) -> Result<(), Error> {
        let Some((_, body)) = &entry.salt_and_body else {
            self.gone.push(entry.clone());
            return Ok(());
        };
        let is_whole = entry.kind == "incident.erased";
        if !is_whole && entry.kind != "incident.entries_erased" {
            return Ok(());
        }
        let body: serde_json::Value = serde_json::from_slice(body).map_err(Error::internal)?;
        let named = body.pointer(if is_whole { "/event/indices" } else { "/event/entries" });
        let index = |one: &serde_json::Value| if is_whole { one.as_u64() } else { one.get("index")?.as_u64() };
        let named: Vec<_> = named.and_then(|all| all.as_array()).into_iter().flatten().filter_map(index).collect();
        if is_whole && named.is_empty() {
            self.whole.insert(entry.incident, entry.index);
        }
        self.named.extend(named.into_iter().map(|index| (entry.incident, index)));
        Ok(())
    }

    /// The first entry of which the text is gone without a word.
    pub(crate) fn damaged(&self) -> Option<&StoredEntry> {
        let is_told = |entry: &StoredEntry| {
            self.named.contains(&(entry.incident, entry.index))
                || self.whole.get(&entry.incident).is_some_and(|whole| entry.index < *whole)
        };
        self.gone.iter().find(|entry| !is_told(entry))
    }
}

/// The first entry of an incident's whole history that is not what was written, if any.
pub(crate) fn damaged(organisation: OrganisationId, history: &[StoredEntry]) -> Result<Option<&StoredEntry>, Error> {
    if let Some(entry) = history.iter().find(|entry| entry.is_as_written(organisation).is_err()) {
        return Ok(Some(entry));
    }
    let mut on_record = OnRecord::default();
    history.iter().try_for_each(|entry| on_record.take_in(entry))?;
    let index = on_record.damaged().map(|entry| entry.index);
    Ok(history.iter().find(|entry| Some(entry.index) == index))
}

/// That a whole history is what was written.
pub(crate) fn are_as_written(organisation: OrganisationId, history: &[StoredEntry]) -> Result<(), Error> {
    match damaged(organisation, history)? {
        Some(entry) => Err(entry.is_not_as_written(organisation)),
        None => Ok(()),
    }
}
