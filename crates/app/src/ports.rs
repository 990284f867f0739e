//! What the application needs from outside. Stores fill the first eight, the binary the rest.

mod backups;
mod blobs;
mod copies;
mod directory;
mod jobs;
mod journal;
mod outbox;
mod sessions;
mod sheets;

use jiff::Timestamp;
use uuid::Uuid;

use facts::OrganisationId;

use crate::Error;

pub use backups::{Backups, SafetyKind, SafetyNote};
pub use blobs::{BlobReader, BlobWriter, Blobs, StoredBlob};
pub use copies::{Cell, Copies, Row, Shape, Snapshot};
pub use directory::Directory;
pub use jobs::Jobs;
pub use journal::{Journal, MOST_AT_ONCE};
pub use outbox::Outbox;
pub use sessions::Sessions;
pub use sheets::Sheets;

/// Everything a store does.
pub trait Store: Journal + Directory + Sessions + Blobs + Outbox + Jobs + Copies + Backups {}

impl<T: Journal + Directory + Sessions + Blobs + Outbox + Jobs + Copies + Backups> Store for T {}

/// Signs checkpoints; the keys never leave it.
pub trait Signer: Send + Sync {
    /// The signing key of an organisation's register.
    fn key(&self, organisation: OrganisationId) -> register::SigningKey;
}

/// Where chance enters.
pub trait Chance: Send + Sync {
    /// Thirty-two bytes from the operating system's generator.
    fn bytes(&self) -> Result<[u8; 32], Error>;

    /// A new id: UUID version 7 (RFC 9562) at this moment.
    fn id(&self, now: Timestamp) -> Result<Uuid, Error> {
        let random = self.bytes()?;
        let mut tail = [0; 10];
        tail.iter_mut().zip(random).for_each(|(to, from)| *to = from);
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        Ok(uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid())
    }
}

/// Turns a document tree into PDF.
pub trait Press: Send + Sync {
    /// The PDF's bytes; the same document and moment give the same bytes.
    fn print(&self, document: &documents::Document, made_at: &jiff::Zoned) -> Result<Vec<u8>, Error>;
}
