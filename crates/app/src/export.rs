//! The register: what art. 33(5) asks to be written down of every incident, and the export that anyone can verify.

use std::collections::BTreeMap;

use jiff::Timestamp;

use incident::Permission;

use documents::register_extract::{self, RegisterRow};
use facts::{IncidentId, Language};

use crate::append::replay;
use crate::handle::require;
use crate::{App, Error, Scope, StoredEntry};

/// An export, ready to hand over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub file_name: String,
    pub zip: Vec<u8>,
    /// How many entries the journal has.
    pub entries: usize,
}

impl App {
    /// The whole journal with its signed checkpoint and everything needed to check it, as a zip archive. Refused when
    /// the journal is not what its checkpoint says.
    pub async fn export(&self, scope: &Scope, now: Timestamp) -> Result<Export, Error> {
        require(scope, Permission::ReadRegister)?;
        let organisation = scope.organisation();
        let key = self.signer.key(organisation.id);
        // The checkpoint first: what is written while this goes on stands behind it, and is left to the next export.
        let signed = self.store.checkpoint(scope).await?;
        let covered = match &signed {
            Some(note) => register::Checkpoint::open(note, &key.verifier()).map_err(Error::internal)?.size,
            None => 0,
        };
        let mut entries = self.store.entries(scope).await?;
        entries.retain(|entry| entry.index < covered);
        let rows = extract(scope, &entries)?;
        let mut tree = register::Frontier::default();
        let mut records = Vec::with_capacity(entries.len());
        for entry in entries {
            let sealed = entry.leaf(organisation.id)?;
            tree.append(sealed.leaf_hash());
            let kept = entry.salt_and_body.map(|(salt, body)| register::Kept { salt, body });
            records.push(register::Record { entry: sealed, kept });
        }
        let checkpoint = match signed {
            Some(checkpoint) => checkpoint,
            // Nothing was ever written: the empty register is exported as such.
            None => self.signer.sign(organisation, &tree, now),
        };
        let moment = self.zoned(scope, now)?;
        let csv = register_extract::csv(&rows, moment.time_zone(), Language::Dutch);
        let json = register_extract::json(&rows).map_err(Error::internal)?;
        let mut extra =
            vec![("register.csv".to_owned(), csv.into_bytes()), ("register.json".to_owned(), json.into_bytes())];
        if let Some(stamp) = self.store.stamp(scope, records.len() as u64).await? {
            extra.push(("timestamp.checkpoint".to_owned(), stamp.checkpoint.into_bytes()));
            extra.push(("timestamp.tsr".to_owned(), stamp.answer));
        }
        let zip = register::export(&register::Export {
            organisation: organisation.id.0,
            name: &organisation.name,
            records: &records,
            checkpoint: &checkpoint,
            extra: &extra,
            key: &key,
        })
        .map_err(Error::internal)?;
        let day = moment.date();
        Ok(Export { file_name: format!("register-{}-{day}.zip", organisation.slug), zip, entries: records.len() })
    }

    /// The public key under which an organisation's register is signed, in the form that `verify --key` takes.
    #[must_use]
    pub fn register_key(&self, scope: &Scope) -> String {
        self.signer.key(scope.id()).verifier().to_string()
    }
}

/// The register's rows as these entries tell them, oldest incident first.
fn extract(scope: &Scope, entries: &[StoredEntry]) -> Result<Vec<RegisterRow>, Error> {
    let mut histories: BTreeMap<IncidentId, Vec<StoredEntry>> = BTreeMap::new();
    for entry in entries {
        histories.entry(entry.incident).or_default().push(entry.clone());
    }
    let mut rows = histories
        .values()
        .map(|history| replay(scope.id(), history).map(|incident| RegisterRow::of(&incident)))
        .collect::<Result<Vec<_>, _>>()?;
    rows.sort_by_key(|row| row.number);
    Ok(rows)
}
