//! The register: what art. 33(5) asks to be written down of every incident, and the export that anyone can verify.
//!
//! Promises: an export holds the register's rows, a line of every entry in its manifest, and a page of entries in memory,
//! never the whole journal.

use std::collections::BTreeSet;
use std::io::{Cursor, Seek, Write};

use jiff::Timestamp;

use incident::Permission;

use documents::register_extract::{self, RegisterRow};
use facts::{IncidentId, Language};
use register::{Checkpoint, Cover, ExportError, Kept, Listing, Record};

use crate::append::replay_as_it_is;
use crate::handle::require;
use crate::journal::{MISSING, is_damaged};
use crate::on_record::are_as_written;
use crate::proof::is_not_signed;
use crate::{App, Error, Scope, StoredEntry, Trouble};

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

impl App {
    /// The same as [`App::export_to`] in memory; for what is known to be small.
    pub async fn export(&self, scope: &Scope, now: Timestamp) -> Result<Export, Error> {
        let mut zip = Cursor::new(Vec::new());
        let Exported { file_name, entries } = self.export_to(scope, now, &mut zip).await?;
        Ok(Export { file_name, zip: zip.into_inner(), entries })
    }

    /// Writes the whole journal with its signed checkpoint and everything needed to check it, as a zip archive, to where
    /// nothing is yet. Refused when the journal is not what its checkpoint says.
    pub async fn export_to(&self, scope: &Scope, now: Timestamp, out: &mut dyn Destination) -> Result<Exported, Error> {
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
        let mut incidents = BTreeSet::new();
        let mut next = 0;
        while let Some(entries) = self.covered_from(scope, next, covered).await? {
            for entry in entries {
                if entry.index != next {
                    return Err(is_damaged(scope.id(), next, MISSING));
                }
                next += 1;
                incidents.insert(entry.incident);
                let listed = listing.add(&self.record(scope, entry).await?);
                listed.map_err(|error| is_not_signed(scope, error))?;
            }
        }
        if next < covered {
            return Err(is_damaged(scope.id(), next, MISSING));
        }
        let rows = self.rows(scope, &incidents, covered).await?;
        let moment = self.zoned(scope, now)?;
        let csv = register_extract::csv(&rows, moment.time_zone(), Language::Dutch);
        let json = register_extract::json(&rows, moment.time_zone()).map_err(Error::internal)?;
        let mut extra =
            vec![("register.csv".to_owned(), csv.into_bytes()), ("register.json".to_owned(), json.into_bytes())];
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
                let packed = packing.add(&self.record(scope, entry).await?);
                packed.map_err(|error| unwritten(scope, error))?;
            }
        }
        packing.finish().map_err(|error| match error {
            // Somebody erased a body between the two readings.
            ExportError::Changed => Error::Conflict,
            other => unwritten(scope, other),
        })?;
        let day = moment.date();
        Ok(Exported { file_name: format!("register-{}-{day}.zip", organisation.slug), entries: covered })
    }

    /// The next entries that the checkpoint covers; nothing at its end.
    async fn covered_from(&self, scope: &Scope, index: u64, covered: u64) -> Result<Option<Vec<StoredEntry>>, Error> {
        let mut entries = self.store.entries_from(scope, index, AT_ONCE).await?;
        entries.retain(|entry| entry.index < covered);
        Ok((!entries.is_empty()).then_some(entries))
    }

    /// The register's rows as the covered entries tell them, oldest incident first.
    async fn rows(
        &self,
        scope: &Scope,
        incidents: &BTreeSet<IncidentId>,
        covered: u64,
    ) -> Result<Vec<RegisterRow>, Error> {
        let mut rows = Vec::with_capacity(incidents.len());
        for incident in incidents {
            let mut history = self.store.history(scope, *incident).await?;
            // The whole of it: an erasure behind the checkpoint tells of texts before it.
            if let Err(damaged) = are_as_written(scope.id(), &history) {
                return Err(self.naming(scope, *incident, damaged).await);
            }
            history.retain(|entry| entry.index < covered);
            match replay_as_it_is(scope.id(), &history) {
                Ok(incident) => rows.push(RegisterRow::of(&incident)),
                Err(damaged) => return Err(self.naming(scope, *incident, damaged).await),
            }
        }
        rows.sort_by_key(|row| row.number);
        Ok(rows)
    }

    /// The public key under which an organisation's register is signed, in the form that `verify --key` takes.
    #[must_use]
    pub fn register_key(&self, scope: &Scope) -> String {
        self.signer.key(scope.id()).verifier().to_string()
    }
    /// An entry as the export has it; nothing is signed that is not as it was written.
    async fn record(&self, scope: &Scope, entry: StoredEntry) -> Result<Record, Error> {
        if let Err(damaged) = entry.is_as_written(scope.id()) {
            return Err(self.naming(scope, entry.incident, damaged).await);
        }
        Ok(Record { entry: entry.leaf(scope.id())?, kept: entry.salt_and_body.map(|(salt, body)| Kept { salt, body }) })
    }
}
