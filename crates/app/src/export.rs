//! The register: what art. 33(5) asks to be written down of every incident, and the export that anyone can verify.
//!
//! Promises: an export holds the register's rows, a line of every entry in its manifest, and a page of entries in memory,
//! never the whole journal.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Seek, Write};

use jiff::Timestamp;

use incident::Permission;

use documents::register_extract::{self, RegisterRow};
use facts::{IncidentId, Language};
use register::{Checkpoint, Cover, ExportError, Kept, Listing, Record};

use crate::append::replay_as_it_is;
use crate::handle::require;
use crate::journal::{ASTRAY, MISSING, is_damaged};
use crate::on_record::{OnRecord, are_as_written};
use crate::proof::is_not_signed;
use crate::{App, Changed, DamagedEntry, Error, Scope, StoreError, StoredEntry, Trouble};

/// How many entries are in memory at once.
const AT_ONCE: u32 = 500;

/// Where an export is written: a file, or memory.
pub trait Destination: Write + Seek + Send {}

impl<T: Write + Seek + Send> Destination for T {}

/// An export that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    pub file_name: String,
    /// How many entries the journal has.
    pub entries: u64,
    /// The first entry of each incident that is not what was written; none, unless it was asked for.
    pub damaged: Vec<DamagedEntry>,
}

/// An export in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub file_name: String,
    pub zip: Vec<u8>,
    pub entries: u64,
}

/// Why an export could not be written: what the disk says, where it is that; or that the register is not the one that was
/// signed.
fn unwritten(scope: &Scope, error: ExportError) -> Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(one) = cause {
        if let Some(disk) = one.downcast_ref::<std::io::Error>() {
            return Error::Unavailable(Trouble::of_file(disk.kind()), Box::new(error));
        }
        cause = one.source();
    }
    is_not_signed(scope, error)
}

/// Where an export says which of its entries are not what was written.
const NOT_AS_WRITTEN: &str = "LET-OP.txt";

/// Which entries are not what was written, for who opens the archive.
fn not_as_written(damaged: &[DamagedEntry]) -> String {
    let lines = |said: fn(DamagedEntry) -> String| -> String {
        damaged.iter().cloned().map(|entry| format!("- {}\n", said(entry))).collect()
    };
    format!(
        "DIT REGISTER IS NIET WAT ER IS OPGESCHREVEN\n\n{}\nDeze export is gemaakt terwijl dat bekend was (--even-changed), zodat anderen het \
         kunnen nagaan: `dijkwacht verify` noemt elke inschrijving waarvan de tekst niet meer is wat er is vastgelegd. Niet dat een \
         inschrijving onder een ander incident is gezet: bij welk zij hoort, staat in haar eigen tekst. De incidenten waarvan zij zijn, staan niet in \
         register.csv en register.json.\n\nTHIS REGISTER IS NOT WHAT WAS WRITTEN\n\n{}\nThis export was made while that was known \
         (--even-changed), so that others can look into it: `dijkwacht verify` names every entry whose text is not what was recorded any more. Not that an entry was put under \
         another incident: to which it belongs, its own text says. The incidents that they are \
         of do not stand in register.csv and register.json.\n",
        lines(|entry| entry.text().nl.into_owned()),
        lines(|entry| entry.text().en.into_owned()),
    )
}

impl App {
    /// The same as [`App::export_to`] in memory; for what is known to be small.
    pub async fn export(&self, scope: &Scope, now: Timestamp) -> Result<Export, Error> {
        let mut zip = Cursor::new(Vec::new());
        let Exported { file_name, entries, .. } = self.export_to(scope, now, Changed::Refused, &mut zip).await?;
        Ok(Export { file_name, zip: zip.into_inner(), entries })
    }

    /// Writes the whole journal with its signed checkpoint and everything needed to check it, as a zip archive, to where
    /// nothing is yet. Refused when the journal is not what its checkpoint says. An entry that is not what was written is refused
    /// too, or written as it is: then a check names it, and so does a file in the archive.
    pub async fn export_to(
        &self,
        scope: &Scope,
        now: Timestamp,
        changed: Changed,
        out: &mut dyn Destination,
    ) -> Result<Exported, Error> {
        require(scope, Permission::ReadRegister)?;
        let organisation = scope.organisation();
        let key = self.signer.key(organisation.id);
        // The checkpoint first: what is written while this goes on stands behind it, and is left to the next export.
        let (checkpoint, covered) = match self.store.checkpoint(scope).await? {
            Some(note) => {
                let opened = Checkpoint::open(&note, &key.verifier());
                let covered = opened.map_err(|error| is_not_signed(scope, error.into()))?.size;
                (note, covered)
            }
            // Nothing was ever written: the empty register is exported as such.
            None => (self.signer.sign(organisation, &register::Frontier::default(), now), 0),
        };
        self.ends_at(scope, &checkpoint, covered).await?;
        let mut listing = Listing::new(organisation.id.0);
        let (mut incidents, mut on_record) = (BTreeSet::new(), OnRecord::default());
        let mut next = 0;
        while let Some(entries) = self.covered_from(scope, next, covered).await? {
            for entry in entries {
                if entry.index != next {
                    return Err(is_damaged(scope.id(), next, MISSING));
                }
                next += 1;
                incidents.insert(entry.incident);
                // What a damaged one says of erasures is found below, with its incident.
                if entry.is_as_written(scope.id()).is_ok() {
                    on_record.take_in_stored(&entry)?;
                }
                let leaf = entry.leaf_hash;
                let record = self.record(scope, entry, changed).await?;
                match changed {
                    Changed::Refused => listing.add(&record),
                    Changed::Copied => listing.add_as_it_is(&record, &leaf),
                }
                .map_err(|error| is_not_signed(scope, error))?;
            }
        }
        if next < covered {
            return Err(is_damaged(scope.id(), next, MISSING));
        }
        let (rows, damaged) = self.rows(scope, &incidents, covered, changed).await?;
        // Something was erased meanwhile, and what says so stands behind the checkpoint.
        if damaged.is_empty() && on_record.untold().next().is_some() {
            return Err(Error::Conflict);
        }
        let moment = self.zoned(scope, now)?;
        let csv = register_extract::csv(&rows, moment.time_zone(), Language::Dutch);
        let json = register_extract::json(&rows, moment.time_zone()).map_err(Error::internal)?;
        let mut extra =
            vec![("register.csv".to_owned(), csv.into_bytes()), ("register.json".to_owned(), json.into_bytes())];
        if !damaged.is_empty() {
            extra.push((NOT_AS_WRITTEN.to_owned(), not_as_written(&damaged).into_bytes()));
        }
        if let Some(stamp) = self.store.stamp(scope, covered).await? {
            extra.push(("timestamp.checkpoint".to_owned(), stamp.checkpoint.into_bytes()));
            extra.push(("timestamp.tsr".to_owned(), stamp.answer));
        }
        let cover = Cover { name: &organisation.name, checkpoint: &checkpoint, extra: &extra, key: &key };
        let mut packing = listing.pack(&cover, out).map_err(|error| unwritten(scope, error))?;
        next = 0;
        while let Some(entries) = self.covered_from(scope, next, covered).await? {
            for entry in entries {
                next = entry.index + 1;
                let packed = packing.add(&self.record(scope, entry, changed).await?);
                packed.map_err(|error| unwritten(scope, error))?;
            }
        }
        packing.finish().map_err(|error| match error {
            // Somebody erased a body between the two readings.
            ExportError::Changed => Error::Conflict,
            other => unwritten(scope, other),
        })?;
        let day = moment.date();
        Ok(Exported { file_name: format!("register-{}-{day}.zip", organisation.slug), entries: covered, damaged })
    }

    /// The next entries that the checkpoint covers; nothing at its end.
    async fn covered_from(&self, scope: &Scope, index: u64, covered: u64) -> Result<Option<Vec<StoredEntry>>, Error> {
        let mut entries = self.store.entries_from(scope, index, AT_ONCE).await?;
        entries.retain(|entry| entry.index < covered);
        Ok((!entries.is_empty()).then_some(entries))
    }

    /// The rows of these incidents as the checkpoint has them, and what was found of those that are damaged: these have none.
    async fn rows(
        &self,
        scope: &Scope,
        incidents: &BTreeSet<IncidentId>,
        covered: u64,
        changed: Changed,
    ) -> Result<(Vec<RegisterRow>, Vec<DamagedEntry>), Error> {
        // An incident that lost an entry to another shows nothing of that by itself; the other does, and is refused.
        let astray = match changed {
            Changed::Refused => BTreeMap::new(),
            Changed::Copied => self.astray(scope).await?.incidents,
        };
        let (mut rows, mut found) = (Vec::new(), Vec::new());
        for incident in incidents {
            let row = match astray.get(incident) {
                Some(index) => Err(is_damaged(scope.id(), *index, ASTRAY)),
                None => self.row(scope, *incident, covered).await,
            };
            match row {
                Ok(row) => rows.push(row),
                Err(error) => {
                    let error = self.naming(scope, *incident, error).await;
                    match error.damaged_entry().filter(|_| changed == Changed::Copied) {
                        Some(entry) => found.push(entry.clone()),
                        None => return Err(error),
                    }
                }
            }
        }
        rows.sort_by_key(|row| row.number);
        Ok((rows, found))
    }

    async fn row(&self, scope: &Scope, incident: IncidentId, covered: u64) -> Result<RegisterRow, Error> {
        let mut history = match self.store.history(scope, incident).await {
            // Its entries stand under an incident that nobody can name.
            Err(StoreError::NotFound) => return Err(is_damaged(scope.id(), None, ASTRAY)),
            history => history?,
        };
        // The whole of it: an erasure behind the checkpoint tells of texts before it.
        are_as_written(scope.id(), &history)?;
        history.retain(|entry| entry.index < covered);
        Ok(RegisterRow::of(&replay_as_it_is(scope.id(), &history)?))
    }

    /// The public key under which an organisation's register is signed, in the form that `verify --key` takes.
    #[must_use]
    pub fn register_key(&self, scope: &Scope) -> String {
        self.signer.key(scope.id()).verifier().to_string()
    }

    /// An entry as the export has it; nothing is signed that is not as it was written, unless that was asked for.
    async fn record(&self, scope: &Scope, entry: StoredEntry, changed: Changed) -> Result<Record, Error> {
        if let (Changed::Refused, Err(damaged)) = (changed, entry.is_as_written(scope.id())) {
            return Err(self.naming(scope, entry.incident, damaged).await);
        }
        Ok(Record { entry: entry.leaf(scope.id())?, kept: entry.salt_and_body.map(|(salt, body)| Kept { salt, body }) })
    }
}
