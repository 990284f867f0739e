//! Evidence: files that people add to an incident, seen, handed over, checked and withdrawn, each on file.
//!
//! Promises: a file passes in pieces and is never whole in memory; what it is follows from its content; nobody gets to see
//! one without that standing in the journal. Deliberately not here: erasing (that is retention's), the pages.

mod check;
mod kind;

use jiff::{SignedDuration, Timestamp};

use facts::Text;
use incident::{Access, Command, Custody, Event, Evidence, EvidenceFile, Incident, Permission, Refusal};

use crate::handle::require;
use crate::{App, Before, BlobReader, BlobWriter, DamagedFile, Error, FieldProblem, Recorded, Scope, StoredBlob};

use check::Unless;
pub use check::{FilesChecked, LostFile};
pub(crate) use check::{Found, read_through};
pub use kind::{FileKind, Look, is_raster};

/// Who looked at a picture less than this ago is not noted again for looking at it once more.
const SAME_LOOK: SignedDuration = SignedDuration::from_hours(1);

/// How much evidence may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceLimits {
    /// The largest file, in bytes.
    pub file_bytes: u64,
    /// All files of one incident together, in bytes.
    pub incident_bytes: u64,
    /// The most files of one incident.
    pub files: usize,
}

impl Default for EvidenceLimits {
    fn default() -> Self {
        Self { file_bytes: 50 << 20, incident_bytes: 500 << 20, files: 500 }
    }
}

/// A file on its way in.
pub struct Upload {
    writer: Box<dyn BlobWriter>,
    /// As it is shown where the file is refused.
    shown_name: String,
    look: Look,
    size_bytes: u64,
    most: u64,
    limits: EvidenceLimits,
}

/// A file that is stored, and of no incident yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub sha256: String,
    pub size_bytes: u64,
    pub name: String,
    pub kind: FileKind,
    /// What the store had of it.
    pub before: Before,
}

impl Received {
    /// Whether the store's own copy was damaged or gone, and this one took its place: of a file that the incident has, or
    /// another one.
    #[must_use]
    pub fn put_right(&self, incident: &Incident) -> bool {
        match self.before {
            Before::Intact => false,
            Before::Damaged => true,
            Before::Nothing => incident.evidence_of(&self.sha256).is_some(),
        }
    }
}

impl Upload {
    /// Takes in a piece. What is larger than it may be is refused here, and nothing of it stays.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        self.size_bytes += piece.len() as u64;
        if self.size_bytes > self.limits.file_bytes {
            return Err(too_large(&self.shown_name, self.limits.file_bytes));
        }
        if self.size_bytes > self.most {
            return Err(full(&self.shown_name, &self.limits));
        }
        self.look.see(piece);
        Ok(self.writer.write(piece).await?)
    }

    /// The file, stored under its hash. An empty one is refused.
    pub async fn finish(self, name: &str) -> Result<Received, Error> {
        if self.size_bytes == 0 {
            return Err(empty(&self.shown_name));
        }
        let stored = self.writer.finish().await?;
        let kind = self.look.kind(name);
        let StoredBlob { sha256, size_bytes, before } = stored;
        Ok(Received { sha256, size_bytes, name: name.to_owned(), kind, before })
    }
}

/// Refuses new files for which an incident has no room left.
fn fits(incident: &Incident, new: &[&Received], limits: &EvidenceLimits) -> Result<(), Error> {
    let Some(last) = new.last() else { return Ok(()) };
    // One that was withdrawn and comes back takes its own place.
    let others = incident.evidence.iter().filter(|one| new.iter().all(|file| file.sha256 != one.file.sha256));
    let (mut files, mut bytes) = (new.len(), new.iter().map(|file| file.size_bytes).sum::<u64>());
    for other in others {
        files += 1;
        bytes = bytes.saturating_add(other.file.size_bytes);
    }
    if files > limits.files {
        return Err(too_many(limits));
    }
    if bytes > limits.incident_bytes { Err(full(&last.name, limits)) } else { Ok(()) }
}

impl App {
    /// Begins to take in a file for an incident, beside those that were taken in just before it. What will be refused
    /// afterwards (a closed incident, one that is full) is refused here already, as far as that is known: the very file that
    /// the incident has takes no more room, and mends what is damaged.
    pub async fn begin_evidence(
        &self,
        scope: &Scope,
        incident: &Incident,
        before: &[Received],
        shown_name: &str,
        limits: EvidenceLimits,
    ) -> Result<Upload, Error> {
        require(scope, Permission::HandleIncident)?;
        if incident.closed_at.is_some() {
            return Err(Refusal::Closed.into());
        }
        if before.len() >= limits.files {
            return Err(too_many(&limits));
        }
        let used = incident.evidence_bytes() + before.iter().map(|one| one.size_bytes).sum::<u64>();
        let largest = incident.evidence.iter().map(|one| one.file.size_bytes).max().unwrap_or_default();
        let most = limits.incident_bytes.saturating_sub(used).max(largest);
        let writer = self.store.new_blob(scope).await?;
        Ok(Upload { writer, shown_name: shown_name.to_owned(), look: Look::default(), size_bytes: 0, most, limits })
    }

    /// Lets go of files that were taken in and led to nothing; those that an incident uses stay.
    pub async fn discard_evidence(&self, scope: &Scope, files: &[Received]) -> Result<(), Error> {
        for file in files {
            self.store.delete_unused_blob(scope, &file.sha256).await?;
        }
        Ok(())
    }

    /// Adds files that were taken in to an incident, under one description. Those that are there already are passed over,
    /// but for saying so where the stored copy was damaged or gone and this one took its place, of every incident that has it;
    /// where all are, that is refused, and so is the same file twice: it would stand there under one of its names.
    pub async fn add_evidence(
        &self,
        scope: &Scope,
        number: u64,
        files: Vec<Received>,
        (description, origin): (&str, &str),
        limits: EvidenceLimits,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::HandleIncident)?;
        let recorded = self.carry_with(scope, number, None, now, |incident| {
            let (mut new, mut put_right): (Vec<&Received>, Vec<&Received>) = (Vec::new(), Vec::new());
            for file in &files {
                let is_there = incident.evidence_of(&file.sha256).is_some_and(|one| one.withdrawn.is_none());
                if let Some(same) = new.iter().chain(&put_right).find(|one| one.sha256 == file.sha256) {
                    return Err(twice(&same.name, &file.name));
                }
                match is_there {
                    false => new.push(file),
                    true if file.put_right(incident) => put_right.push(file),
                    true => {}
                }
            }
            if new.is_empty() && put_right.is_empty() {
                return Err(Refusal::AlreadyEvidence.into());
            }
            fits(incident, &new, &limits)?;
            let put_right = put_right.into_iter().map(|file| Custody::PutRight { sha256: file.sha256.clone() });
            let added = new.into_iter().map(|file| EvidenceFile {
                sha256: file.sha256.clone(),
                size_bytes: file.size_bytes,
                name: file.name.clone(),
                media_type: file.kind.media_type.to_owned(),
                caution: file.kind.caution,
                description: description.to_owned(),
                origin: origin.to_owned(),
            });
            Ok(put_right.chain(added.map(Custody::Added)).map(Command::Custody).collect())
        });
        let recorded = recorded.await?;
        // What was lost here was so for every incident that has the same file.
        for file in files.iter().filter(|file| file.before != Before::Intact) {
            self.tell_put_right(scope, &file.sha256, Unless::Is(number), now).await?;
        }
        Ok(recorded)
    }

    /// A file of an incident, to be shown or taken away: it is read through, and that it was seen is recorded, before any of it
    /// goes out. One that is damaged or gone is `Unavailable`, as [`crate::Trouble::Damaged`]. The same picture shown again to the
    /// same person within the hour is not.
    pub async fn open_evidence(
        &self,
        scope: &Scope,
        incident: &Incident,
        sha256: &str,
        access: Access,
        now: Timestamp,
    ) -> Result<(Evidence, Box<dyn BlobReader>), Error> {
        require(scope, Permission::ReadIncident)?;
        let evidence = incident.evidence_of(sha256).ok_or(Error::NotFound)?.clone();
        let lost = |is_missing| {
            let (sha256, name) = (sha256.to_owned(), evidence.file.name.clone());
            Error::from(DamagedFile { sha256, name, incident: incident.number, is_missing })
        };
        // What is not whole is not recorded as seen, nor is anything of it handed out.
        match self.read_through(scope, sha256).await? {
            (Found::Intact, _) => {}
            (Found::Damaged, _) => return Err(lost(false)),
            (Found::Missing, _) => return Err(lost(true)),
        }
        let reader = self.store.open_blob(scope, sha256).await?;
        let is_seen = access == Access::Shown
            && incident.custody_of(sha256).any(|(stamped, custody)| {
                matches!(custody, Custody::Opened { .. })
                    && stamped.by.user().is_some()
                    && stamped.by.user() == scope.actor().user()
                    && now < stamped.recorded_at + SAME_LOOK
            });
        if !is_seen {
            let command = Command::Custody(Custody::Opened { sha256: sha256.to_owned(), access });
            self.carry(scope, incident.number, None, vec![command], now).await?;
        }
        Ok((evidence, reader))
    }

    /// Records that a file was handed over to somebody outside, and why.
    pub async fn hand_over_evidence(
        &self,
        scope: &Scope,
        number: u64,
        sha256: &str,
        to: String,
        reason: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::HandleIncident)?;
        let command = Command::Custody(Custody::HandedOver { sha256: sha256.to_owned(), to, reason });
        self.carry(scope, number, None, vec![command], now).await
    }

    /// Takes a file that was added by mistake out of view; its hash and the file itself stay.
    pub async fn withdraw_evidence(
        &self,
        scope: &Scope,
        number: u64,
        sha256: &str,
        reason: String,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::HandleIncident)?;
        let command = Command::Custody(Custody::Withdrawn { sha256: sha256.to_owned(), reason });
        self.carry(scope, number, None, vec![command], now).await
    }
}

/// The files that events make an incident use.
pub(crate) fn files_of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    for event in events {
        match event {
            Event::DocumentMade { sha256, .. } => files.push(sha256.clone()),
            Event::Custody(Custody::Added(file)) => files.push(file.sha256.clone()),
            _ => {}
        }
    }
    files
}

fn too_large(name: &str, most: u64) -> Error {
    let most = most >> 20;
    invalid(
        format!("“{name}” is groter dan {most} MB. Er is niets toegevoegd. Deel het op of maak het kleiner."),
        format!("“{name}” is larger than {most} MB. Nothing was added. Split it or make it smaller."),
    )
}

fn too_many(limits: &EvidenceLimits) -> Error {
    let most = limits.files;
    invalid(
        format!(
            "Bij een incident kunnen {most} bestanden, en met deze erbij worden het er meer. Er is niets toegevoegd. Voeg ze samen in een archief."
        ),
        format!(
            "An incident can have {most} files, and with these there would be more. Nothing was added. Join them in an archive."
        ),
    )
}

fn full(name: &str, limits: &EvidenceLimits) -> Error {
    let most = limits.incident_bytes >> 20;
    invalid(
        format!(
            "Met “{name}” erbij zijn alle bestanden van dit incident samen groter dan {most} MB. Er is niets toegevoegd."
        ),
        format!("With “{name}” all files of this incident together would be larger than {most} MB. Nothing was added."),
    )
}

fn empty(name: &str) -> Error {
    invalid(
        format!("“{name}” is leeg. Er is niets toegevoegd. Kijk of u het juiste bestand koos."),
        format!("“{name}” is empty. Nothing was added. Check that you chose the right file."),
    )
}

fn twice(one: &str, other: &str) -> Error {
    invalid(
        format!("“{one}” en “{other}” zijn precies hetzelfde bestand. Er is niets toegevoegd. Kies het één keer."),
        format!("“{one}” and “{other}” are exactly the same file. Nothing was added. Choose it once."),
    )
}

fn invalid(nl: String, en: String) -> Error {
    Error::Invalid(vec![FieldProblem { field: "bestanden".into(), text: Text::made(nl, en) }])
}
