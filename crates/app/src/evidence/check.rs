//! Whether the stored files are what the journal says: read whole, hash by hash.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use incident::{Command, Custody, Permission, Refusal};

use crate::handle::require;
use crate::open::hex;
use crate::{App, Error, Recorded, Scope, Store, StoreError, Trouble};

/// What checking an organisation's files found. Each by its hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesChecked {
    pub intact: Vec<String>,
    /// There, but not what was stored: one for each incident that has it.
    pub damaged: Vec<LostFile>,
    /// Not there, in the same way.
    pub missing: Vec<LostFile>,
    /// Stored, and of no incident: an upload that was not finished, or what an erasure left.
    pub extra: Vec<String>,
    /// The numbers of incidents of which an entry is not what was written: which files they have is known, and not what those
    /// are called.
    pub unreadable: Vec<u64>,
    /// How many bytes were read.
    pub bytes: u64,
}

/// A file that is not what it was, or not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostFile {
    pub sha256: String,
    /// The number of an incident that has it.
    pub incident: u64,
    /// The file's name; for a document, its kind; empty where the incident cannot be read.
    pub name: String,
}

impl FilesChecked {
    /// Whether every file of the journal is there as it was stored, as far as the journal itself is what was written.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.damaged.is_empty() && self.missing.is_empty() && self.unreadable.is_empty()
    }
}

pub(crate) enum Found {
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
        let mut known: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
        let mut unreadable = Vec::new();
        for row in self.store.incidents(scope).await? {
            let incident = match self.incident(scope, row.number).await {
                Ok(incident) => incident,
                // Erased: nobody can tell any more which files it had.
                Err(Error::NotFound) => continue,
                // One entry that was changed hides no file of the others, nor its own.
                Err(Error::Unavailable(Trouble::Damaged, _)) => {
                    unreadable.push(row.number);
                    for sha256 in self.store.blobs_of(scope, row.id).await? {
                        known.entry(sha256).or_default().push((row.number, String::new()));
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            for document in &incident.documents {
                known.entry(document.sha256.clone()).or_default().push((row.number, document.kind.clone()));
            }
            for evidence in &incident.evidence {
                let uses = known.entry(evidence.file.sha256.clone()).or_default();
                uses.push((row.number, evidence.file.name.clone()));
            }
        }
        let mut checked = FilesChecked { unreadable, ..FilesChecked::default() };
        for (sha256, uses) in &known {
            let (found, bytes) = self.read_through(scope, sha256).await?;
            checked.bytes += bytes;
            let lost = uses.iter().map(|(incident, name)| LostFile {
                sha256: sha256.clone(),
                incident: *incident,
                name: name.clone(),
            });
            match found {
                Found::Intact => checked.intact.push(sha256.clone()),
                Found::Damaged => checked.damaged.extend(lost),
                Found::Missing => checked.missing.extend(lost),
            }
        }
        let stored = self.store.blobs(scope).await?;
        checked.extra = stored.into_iter().filter(|sha256| !known.contains_key(sha256)).collect();
        Ok(checked)
    }

    /// Reads a stored file to its end. A store that is away or busy is no damage, and fails.
    pub(super) async fn read_through(&self, scope: &Scope, sha256: &str) -> Result<(Found, u64), Error> {
        read_through(self.store.as_ref(), scope, sha256).await
    }

    /// Whether any organisation lacks a file that an incident uses. Nothing is read but what there is.
    pub async fn lacks_files(&self) -> Result<bool, Error> {
        for organisation in self.store.organisations().await? {
            let scope = self.permit_program(&organisation.slug).await?;
            let stored: BTreeSet<String> = self.store.blobs(&scope).await?.into_iter().collect();
            if self.store.used_blobs(&scope).await?.iter().any(|sha256| !stored.contains(sha256)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Puts a file back of which the stored one is damaged or gone; its own hash says which it is. Every incident that has it
    /// as evidence has on file that it was put right, and so has one that still says it was lost, where that was not written
    /// when it came back. The answer: the incidents that have it; none where no file of that hash is lost here, and nothing was
    /// written.
    pub async fn put_back(&self, scope: &Scope, bytes: &[u8], now: Timestamp) -> Result<Vec<LostFile>, Error> {
        require(scope, Permission::HandleIncident)?;
        let sha256 = hex(&Sha256::digest(bytes));
        let FilesChecked { damaged, missing, intact, .. } = self.check_files(scope).await?;
        let lost: Vec<_> = damaged.into_iter().chain(missing).filter(|lost| lost.sha256 == sha256).collect();
        if lost.is_empty() {
            let is_here = intact.contains(&sha256);
            return if is_here {
                self.tell_put_right(scope, &sha256, Unless::KnownIntact, now).await
            } else {
                Ok(lost)
            };
        }
        self.store.put_blob(scope, &sha256, bytes).await?;
        let (Found::Intact, _) = self.read_through(scope, &sha256).await? else {
            let still = format!("file {sha256} was written again, and cannot be read back");
            return Err(Error::Unavailable(Trouble::Damaged, still.into()));
        };
        self.tell_put_right(scope, &sha256, Unless::Never, now).await?;
        Ok(lost)
    }

    /// Puts on file, of every incident that has this file as evidence, that it was put right; the incidents of which that was
    /// written. One that cannot be read tells nothing, and keeps no other from it.
    pub(super) async fn tell_put_right(
        &self,
        scope: &Scope,
        sha256: &str,
        unless: Unless,
        now: Timestamp,
    ) -> Result<Vec<LostFile>, Error> {
        let mut told = Vec::new();
        let users = self.store.blob_uses(scope, sha256).await?;
        for number in users.into_iter().filter(|number| !matches!(unless, Unless::Is(known) if known == *number)) {
            let custody = || Command::Custody(Custody::PutRight { sha256: sha256.to_owned() });
            let carried = self.carry_with(scope, number, None, now, |incident| {
                let is_needed = !matches!(unless, Unless::KnownIntact) || incident.lost(sha256).is_some();
                let is_evidence = incident.evidence_of(sha256).is_some();
                if is_needed && is_evidence { Ok(vec![custody()]) } else { Err(Refusal::NothingChanges.into()) }
            });
            match carried.await {
                Ok(Recorded { incident }) => {
                    let name = incident.evidence_of(sha256).map(|one| one.file.name.clone()).unwrap_or_default();
                    told.push(LostFile { sha256: sha256.to_owned(), incident: number, name });
                }
                // It has nothing to say of this, was erased meanwhile, or cannot be read.
                Err(Error::Refused(_) | Error::NotFound | Error::Unavailable(Trouble::Damaged, _)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(told)
    }
}

/// Of which incidents it is not told that a file was put right.
#[derive(Clone, Copy)]
pub(super) enum Unless {
    Never,
    /// Those that do not say it is lost.
    KnownIntact,
    /// One that has it already.
    Is(u64),
}

pub(crate) async fn read_through(store: &dyn Store, scope: &Scope, sha256: &str) -> Result<(Found, u64), Error> {
    let mut reader = match store.open_blob(scope, sha256).await {
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
