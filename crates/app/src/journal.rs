//! Journal entries between the application and the stores: what is appended, how it is sealed, what comes back.

use std::borrow::Cow;

use jiff::Timestamp;

use facts::{IncidentId, OrganisationId};

use crate::payload::incident_named;
use crate::{DamagedEntry, Error, IncidentRow, Listing, NewLetter, StoredDetection, Trouble};

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
    /// What the other lists are read from.
    pub listing: Listing,
    pub detections: Vec<StoredDetection>,
    /// What leaves the program because of it; queued with it or not at all.
    pub letters: Vec<NewLetter>,
    /// Entries of this incident whose bodies are erased with it: the leaves stay.
    pub erase: Vec<u64>,
    /// Detections of this incident that are kept no longer, neither with it nor as their sensor reported them.
    pub forget: Vec<String>,
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

/// An entry as stored. Without salt and body it was erased, where that is on record: the proof stays, the personal data are
/// gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    pub index: u64,
    pub incident: IncidentId,
    pub kind: String,
    pub recorded_at: Timestamp,
    /// The hash of the leaf that was put on the tree.
    pub leaf_hash: [u8; 32],
    pub commitment: [u8; 32],
    pub salt_and_body: Option<([u8; 32], Vec<u8>)>,
    /// That it was erased is on record, as everything that this program erases is.
    pub is_erased: bool,
}

impl StoredEntry {
    /// The leaf that the entry comes to as it is stored now.
    pub fn leaf(&self, organisation: OrganisationId) -> Result<register::Entry, Error> {
        register::Entry::new(organisation.0, self.index, self.recorded_at, &self.kind, self.commitment)
            .map_err(Error::internal)
    }

    /// That it is what went onto the tree: its leaf has the hash that was kept, and its body is the one committed to and names
    /// the incident that it stands under, or was erased on record: one that is gone and was not is no erasure. Whether the
    /// journal says so too is `on_record`'s to look at, and whether the tree is the one that was signed `verify`'s and
    /// `soundness`'s.
    ///
    /// # Errors
    /// [`Trouble::Damaged`], naming the entry.
    pub fn is_as_written(&self, organisation: OrganisationId) -> Result<(), Error> {
        self.wrong(organisation).map_or(Ok(()), |how| Err(is_damaged(organisation, self.index, how)))
    }

    /// In which way it is not what was written, if it is not.
    pub(crate) fn wrong(&self, organisation: OrganisationId) -> Option<&'static str> {
        if !self.leaf(organisation).is_ok_and(|leaf| leaf.leaf_hash() == self.leaf_hash) {
            return Some(CHANGED);
        }
        match &self.salt_and_body {
            Some((salt, body)) if register::commit(salt, body) != self.commitment => Some(CHANGED),
            Some((_, body)) if is_astray(self.incident, body) => Some(ASTRAY),
            None if !self.is_erased => Some(TEXT_GONE),
            _ => None,
        }
    }
}

/// Whether a body is of another incident than the one that it stands under.
pub(crate) fn is_astray(incident: IncidentId, body: &[u8]) -> bool {
    incident_named(body).is_some_and(|named| named != incident)
}

/// In which ways an entry is not what was written.
pub(crate) const CHANGED: &str = "it was changed or damaged";
pub(crate) const TEXT_GONE: &str = "its text is gone, and no erasure of it is on record";
pub(crate) const ASTRAY: &str = "it was moved from one incident to another in the database";
pub(crate) const MISSING: &str = "it is not there";
pub(crate) const UNSIGNED: &str = "it stands behind the newest checkpoint: the one that was signed with it is gone";
pub(crate) const NO_OPENING: &str = "what opened its incident is gone from before it";
/// And in which a register, or an incident, is as a whole.
pub(crate) const NO_CHECKPOINT: &str = "it has entries, and its checkpoint is gone";
pub(crate) const FEWER: &str =
    "the incident has fewer entries than its line in the lists counts: one is gone or was moved";

/// The error of an entry, or of no one entry, that is not what was written.
pub(crate) fn is_damaged(
    organisation: OrganisationId,
    index: impl Into<Option<u64>>,
    how: impl Into<Cow<'static, str>>,
) -> Error {
    let damaged = DamagedEntry { organisation, index: index.into(), of: None, how: how.into() };
    Error::Unavailable(Trouble::Damaged, Box::new(damaged))
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
