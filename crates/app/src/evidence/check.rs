//! Whether the stored files are what the journal says: read whole, hash by hash.

use std::collections::BTreeMap;

use jiff::Timestamp;

use incident::{Command, Custody, Permission};

use crate::handle::require;
use crate::{App, Error, Recorded, Scope, StoreError, Trouble};

/// What checking an organisation's files found. Each by its hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesChecked {
    pub intact: Vec<String>,
    /// There, but not what was stored.
    pub damaged: Vec<LostFile>,
    /// Not there.
    pub missing: Vec<LostFile>,
    /// Stored, and of no incident that can be read: an upload that was not finished, or what an erasure left.
    pub extra: Vec<String>,
    /// How many bytes were read.
    pub bytes: u64,
}

/// A file that is not what it was, or not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostFile {
    pub sha256: String,
    /// The number of an incident that has it.
    pub incident: u64,
    /// The file's name; for a document, its kind.
    pub name: String,
}

impl FilesChecked {
    /// Whether every file of the journal is there as it was stored.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty() && self.missing.is_empty()
    }
}

pub(super) enum Found {
    Intact,
    Damaged,
    Missing,
}

impl App {
    /// Reads every file of an incident's evidence, compares it with its hash, and puts on file what was found.
    pub async fn check_evidence(&self, scope: &Scope, number: u64, now: Timestamp) -> Result<Recorded, Error> {
        require(scope, Permission::HandleIncident)?;
        let incident = self.incident(scope, number).await?;
        let (mut intact, mut damaged, mut missing) = (Vec::new(), Vec::new(), Vec::new());
        for evidence in &incident.evidence {
            let sha256 = &evidence.file.sha256;
            let (found, _) = self.read_through(scope, sha256).await?;
            let list = match found {
                Found::Intact => &mut intact,
                Found::Damaged => &mut damaged,
                Found::Missing => &mut missing,
            };
            list.push(sha256.clone());
        }
        let command = Command::Custody(Custody::Checked { intact, damaged, missing });
        self.carry(scope, number, None, vec![command], now).await
    }

    /// Reads every stored file of the organisation and compares it with the journal.
    pub async fn check_files(&self, scope: &Scope) -> Result<FilesChecked, Error> {
        let mut known: BTreeMap<String, (u64, String)> = BTreeMap::new();
        for row in self.store.incidents(scope).await? {
            let incident = match self.incident(scope, row.number).await {
                Ok(incident) => incident,
                // Erased: nobody can tell any more which files it had.
                Err(Error::NotFound) => continue,
                Err(error) => return Err(error),
            };
            for document in &incident.documents {
                known.insert(document.sha256.clone(), (row.number, document.kind.clone()));
            }
            for evidence in &incident.evidence {
                known.insert(evidence.file.sha256.clone(), (row.number, evidence.file.name.clone()));
            }
        }
        let mut checked = FilesChecked::default();
        for (sha256, (number, name)) in &known {
            let (found, bytes) = self.read_through(scope, sha256).await?;
            checked.bytes += bytes;
            let lost = || LostFile { sha256: sha256.clone(), incident: *number, name: name.clone() };
            match found {
                Found::Intact => checked.intact.push(sha256.clone()),
                Found::Damaged => checked.damaged.push(lost()),
                Found::Missing => checked.missing.push(lost()),
            }
        }
        let stored = self.store.blobs(scope).await?;
        checked.extra = stored.into_iter().filter(|sha256| !known.contains_key(sha256)).collect();
        Ok(checked)
    }

    /// Reads a stored file to its end. A store that is away or busy is no damage, and fails.
    pub(super) async fn read_through(&self, scope: &Scope, sha256: &str) -> Result<(Found, u64), Error> {
        let mut reader = match self.store.open_blob(scope, sha256).await {
            Ok(reader) => reader,
            Err(StoreError::NotFound) => return Ok((Found::Missing, 0)),
            Err(error) => return Err(error.into()),
        };
        let mut bytes = 0;
        loop {
            match reader.next().await {
                Ok(Some(piece)) => bytes += piece.len() as u64,
                Ok(None) => return Ok((Found::Intact, bytes)),
                Err(StoreError::NotFound) => return Ok((Found::Missing, bytes)),
                Err(error @ StoreError::Unavailable(Trouble::Unreachable | Trouble::Held, _)) => {
                    return Err(error.into());
                }
                // A disk that cannot read it any more has lost it just as well.
                Err(_) => return Ok((Found::Damaged, bytes)),
            }
        }
    }
}
