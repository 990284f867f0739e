//! The port of files: documents that the program made, and evidence that people added.
//!
//! A file has the SHA-256 of its bytes as its name, so the same file is stored once an organisation, whoever stores it and
//! how often. Which incidents use a file is kept with the journal ([`crate::Append::files`]); a file goes when the last of
//! them lets go of it. Files come and go in pieces, so that none has to fit in memory.
//!
//! A store of objects elsewhere (S3 and what speaks like it) fits behind this port: an upload in parts under a name of its
//! own, copied to its hash when all is there; the uses stay in the database.

use async_trait::async_trait;

use facts::IncidentId;

use crate::{Scope, StoreError};

/// Files by the SHA-256 of their bytes (64 lower-case hexadecimal digits), apart per organisation.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Stores a file that is at hand as a whole, under the hash of its bytes.
    async fn put_blob(&self, scope: &Scope, sha256: &str, bytes: &[u8]) -> Result<(), StoreError>;
    /// A whole file, checked against its name; for those that the program made itself, which are small.
    async fn blob(&self, scope: &Scope, sha256: &str) -> Result<Vec<u8>, StoreError>;
    /// Begins a file whose hash is known only at its end.
    async fn new_blob(&self, scope: &Scope) -> Result<Box<dyn BlobWriter>, StoreError>;
    /// Opens a file for reading in pieces; `NotFound` where the organisation has no such file.
    async fn open_blob(&self, scope: &Scope, sha256: &str) -> Result<Box<dyn BlobReader>, StoreError>;
    /// Takes a file from an incident whose retention ended; when no other incident uses it, its bytes are erased. Whether they
    /// are gone. `NotFound`: this incident does not use it.
    async fn delete_blob(&self, scope: &Scope, incident: IncidentId, sha256: &str) -> Result<bool, StoreError>;
    /// Erases a file that no incident uses: an upload that led to nothing. Whether it was erased.
    async fn delete_unused_blob(&self, scope: &Scope, sha256: &str) -> Result<bool, StoreError>;
    /// The files that an incident uses, by hash.
    async fn blobs_of(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<String>, StoreError>;
    /// The numbers of the incidents that use a file, in order.
    async fn blob_uses(&self, scope: &Scope, sha256: &str) -> Result<Vec<u64>, StoreError>;
    /// The files that any incident uses, by hash, in order.
    async fn used_blobs(&self, scope: &Scope) -> Result<Vec<String>, StoreError>;
    /// The hash of every file that the organisation has stored, in order; for checking them against the journal.
    async fn blobs(&self, scope: &Scope) -> Result<Vec<String>, StoreError>;
}

/// A file on its way in. Nobody sees it before [`Self::finish`]; one that is dropped before that was never there.
#[async_trait]
pub trait BlobWriter: Send {
    async fn write(&mut self, piece: &[u8]) -> Result<(), StoreError>;
    /// Stores what was written under its hash; it is on the disk when this returns. A damaged copy that stands there is
    /// replaced.
    async fn finish(self: Box<Self>) -> Result<StoredBlob, StoreError>;
}

/// A file on its way out.
#[async_trait]
pub trait BlobReader: Send {
    /// How many bytes it has, as it was stored.
    fn size_bytes(&self) -> u64;
    /// The next piece; nothing at its end. A file that is not what its name says ends in an error instead, before the last
    /// piece is handed out: who got the end got the whole file as it was stored.
    async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError>;
}

/// A file that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlob {
    pub sha256: String,
    pub size_bytes: u64,
    pub before: Before,
}

/// What stood under the name of a file before it was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    Nothing,
    /// The same file, whole.
    Intact,
    /// What is left of the same file: it is replaced.
    Damaged,
}
