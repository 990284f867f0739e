//! Journal entries between the application and the stores: what is appended, how it is sealed, what comes back.

use jiff::Timestamp;

use facts::{IncidentId, OrganisationId};

use crate::{Error, IncidentRow, NewLetter, StoredDetection};

/// One entry to append: its body, and the salt under which the tree commits to it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEntry {
    pub kind: &'static str,
    pub recorded_at: Timestamp,
    /// JSON, kept byte for byte.
    pub body: Vec<u8>,
    pub salt: [u8; 32],
}

/// Everything that one use case writes about one incident, in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Append {
    pub incident: IncidentId,
    /// How many entries the incident had when it was loaded; 0 for a new one.
    pub expected: u64,
    pub entries: Vec<NewEntry>,
    pub row: IncidentRow,
    pub detections: Vec<StoredDetection>,
    /// What leaves the program because of it; queued with it or not at all.
    pub letters: Vec<NewLetter>,
    /// Entries of this incident whose bodies are erased with it: the leaves stay.
    pub erase: Vec<u64>,
    /// Files that the incident uses from now on, by hash. `NotFound`: one of them is not stored.
    pub files: Vec<String>,
}

/// An entry as it goes into the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub index: u64,
    /// The canonical text.
    pub leaf: String,
    pub leaf_hash: [u8; 32],
    pub commitment: [u8; 32],
}

/// An entry as stored. Without salt and body it was erased: the proof stays, the personal data are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    pub index: u64,
    pub incident: IncidentId,
    pub kind: String,
    pub recorded_at: Timestamp,
    pub commitment: [u8; 32],
    pub salt_and_body: Option<([u8; 32], Vec<u8>)>,
}

/// Puts one entry on an organisation's tree: its canonical bytes and hash; the tree grows by it. Every store does just
/// this, within its transaction, and signs the checkpoint of the tree that follows.
pub fn seal(organisation: OrganisationId, tree: &mut register::Frontier, entry: &NewEntry) -> Result<Sealed, Error> {
    let index = tree.size();
    let commitment = register::commit(&entry.salt, &entry.body);
    let leaf = register::Entry::new(organisation.0, index, entry.recorded_at, entry.kind, commitment)
        .map_err(Error::internal)?;
    let leaf_hash = leaf.leaf_hash();
    tree.append(leaf_hash);
    Ok(Sealed { index, leaf: leaf.leaf(), leaf_hash, commitment })
}
