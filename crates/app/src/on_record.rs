//! Whether what has no text was erased on record: by an entry of its incident that names it, and by the store's own list.
//!
//! Promises: a text that went in any other way is damage, and no erasure; of what was erased no body says to which incident it
//! belongs, and the entry that names it does.

use std::collections::{BTreeMap, BTreeSet};

use facts::{IncidentId, OrganisationId};

use crate::journal::{ASTRAY, TEXT_GONE, is_damaged};
use crate::payload::incident_named;
use crate::{App, Error, Scope, StoredEntry};

/// How many entries are in memory at once while they are looked through.
const AT_ONCE: u32 = 500;

/// What entries say was erased, and which of them have no text.
#[derive(Default)]
pub(crate) struct OnRecord {
    named: BTreeSet<(IncidentId, u64)>,
    /// Incidents that were erased whole by an entry that names none, and its index: all before it.
    whole: BTreeMap<IncidentId, u64>,
    gone: Vec<(IncidentId, u64)>,
}

impl OnRecord {
    /// The next entry, without a body where that is gone.
    pub(crate) fn take_in(
        &mut self,
        incident: IncidentId,
        index: u64,
        kind: &str,
        body: Option<&[u8]>,
    ) -> Result<(), serde_json::Error> {
        let Some(body) = body else {
            self.gone.push((incident, index));
            return Ok(());
        };
        let is_whole = kind == "incident.erased";
        if !is_whole && kind != "incident.entries_erased" {
            return Ok(());
        }
        let body: serde_json::Value = serde_json::from_slice(body)?;
        let named = body.pointer(if is_whole { "/event/indices" } else { "/event/entries" });
        let of = |one: &serde_json::Value| if is_whole { one.as_u64() } else { one.get("index")?.as_u64() };
        let named: Vec<_> = named.and_then(|all| all.as_array()).into_iter().flatten().filter_map(of).collect();
        if is_whole && named.is_empty() {
            self.whole.insert(incident, index);
        }
        self.named.extend(named.into_iter().map(|index| (incident, index)));
        Ok(())
    }

    /// The same of an entry as it is stored.
    pub(crate) fn take_in_stored(&mut self, entry: &StoredEntry) -> Result<(), Error> {
        let body = entry.salt_and_body.as_ref().map(|(_, body)| body.as_slice());
        self.take_in(entry.incident, entry.index, &entry.kind, body).map_err(Error::internal)
    }

    /// The entries of which the text is gone without a word, in order.
    pub(crate) fn untold(&self) -> impl Iterator<Item = (IncidentId, u64)> {
        let is_told = |(incident, index): &(IncidentId, u64)| {
            self.named.contains(&(*incident, *index)) || self.whole.get(incident).is_some_and(|whole| index < whole)
        };
        self.gone.iter().filter(move |one| !is_told(one)).copied()
    }
}

/// What a whole register shows, and the histories of its incidents do not: a history by itself does not tell what was taken
/// from it.
pub(crate) struct Astray {
    /// The first entry that is not there though others follow it. Nobody knows of which incident it was.
    pub(crate) missing: Option<u64>,
    /// The incidents of which an entry stands under another one, or that have another's, each with the first such entry.
    pub(crate) incidents: BTreeMap<IncidentId, u64>,
    /// The number behind that of the last entry.
    pub(crate) end: u64,
}

impl App {
    /// Looks through all entries of a register, a page of them at a time.
    pub(crate) async fn astray(&self, scope: &Scope) -> Result<Astray, Error> {
        let mut found = Astray { missing: None, incidents: BTreeMap::new(), end: 0 };
        loop {
            let entries = self.store.entries_from(scope, found.end, AT_ONCE).await?;
            if entries.is_empty() {
                return Ok(found);
            }
            for entry in entries {
                if entry.index != found.end {
                    found.missing.get_or_insert(found.end);
                }
                found.end = entry.index + 1;
                let named = entry.salt_and_body.as_ref().and_then(|(_, body)| incident_named(body));
                if let Some(named) = named.filter(|named| *named != entry.incident) {
                    for incident in [named, entry.incident] {
                        found.incidents.entry(incident).or_insert(entry.index);
                    }
                }
            }
        }
    }
}

/// The first entry of an incident's whole history that is not what was written, if any, and in which way.
pub(crate) fn damaged(
    organisation: OrganisationId,
    history: &[StoredEntry],
) -> Result<Option<(u64, &'static str)>, Error> {
    if let Some(found) = history.iter().find_map(|entry| Some((entry.index, entry.wrong(organisation)?))) {
        return Ok(Some(found));
    }
    let mut on_record = OnRecord::default();
    history.iter().try_for_each(|entry| on_record.take_in_stored(entry))?;
    if let Some((_, index)) = on_record.untold().next() {
        return Ok(Some((index, TEXT_GONE)));
    }
    // One that was erased on record, and stands under another incident now.
    let there: BTreeSet<u64> = history.iter().map(|entry| entry.index).collect();
    let away = on_record.named.iter().map(|(_, index)| *index).find(|index| !there.contains(index));
    Ok(away.map(|index| (index, ASTRAY)))
}

/// That a whole history is what was written.
pub(crate) fn are_as_written(organisation: OrganisationId, history: &[StoredEntry]) -> Result<(), Error> {
    match damaged(organisation, history)? {
        Some((index, how)) => Err(is_damaged(organisation, index, how)),
        None => Ok(()),
    }
}
