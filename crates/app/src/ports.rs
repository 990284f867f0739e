//! What the application needs from outside. Stores fill those of `Store`, the binary the rest.

mod backups;
mod blobs;
mod copies;
mod directory;
mod jobs;
mod journal;
mod lists;
mod outbox;
mod post;
mod retention;
mod sensor_choices;
mod sensors;
mod servers;
mod sessions;
mod sheets;
mod stamps;
mod threat_lists;

use jiff::Timestamp;
use uuid::Uuid;

use facts::{OrganisationId, ProviderId};

use crate::{Error, Organisation};

pub use backups::{Backups, SafetyKind, SafetyNote};
pub use blobs::{Before, BlobReader, BlobWriter, Blobs, StoredBlob};
pub use copies::{Cell, Copies, MovedTo, Row, Shape, Snapshot};
pub use directory::Directory;
pub use jobs::Jobs;
pub use journal::{Journal, MOST_AT_ONCE};
pub use lists::Lists;
pub use outbox::{DueAlarm, Outbox};
pub use post::{Post, PostError};
pub use retention::Retention;
pub use sensor_choices::{SensorChoices, Sharing};
pub use sensors::{ReportTaken, SensorDataForgotten, Sensors};
pub use servers::Servers;
pub use sessions::Sessions;
pub use sheets::Sheets;
pub use stamps::{Stamp, Stamps, TimeAnswer, TimeAuthority, Unstamped};
pub use threat_lists::{KeptList, OfferedList, ThreatLists};

/// Everything a store does.
pub trait Store:
    Journal
    + Directory
    + Sessions
    + Blobs
    + Outbox
    + Jobs
    + Servers
    + Copies
    + Backups
    + Lists
    + Retention
    + Stamps
    + Sensors
    + SensorChoices
{
}

impl<T> Store for T where
    T: Journal
        + Directory
        + Sessions
        + Blobs
        + Outbox
        + Jobs
        + Servers
        + Copies
        + Backups
        + Lists
        + Retention
        + Stamps
        + Sensors
        + SensorChoices
{
}

/// Signs checkpoints; the keys never leave it.
pub trait Signer: Send + Sync {
    /// The signing key of an organisation's register.
    fn key(&self, organisation: OrganisationId) -> register::SigningKey;

    /// The key with which a provider countersigns its customers' checkpoints; `None`: it does not.
    fn provider_key(&self, _provider: ProviderId) -> Option<register::SigningKey> {
        None
    }

    /// The signed head of an organisation's tree as of `at`, countersigned by its provider where it has one.
    fn sign(&self, organisation: &Organisation, tree: &register::Frontier, at: Timestamp) -> String {
        let note = register::Checkpoint::of(organisation.id.0, tree).sign(&self.key(organisation.id), at);
        let countersigned = organisation
            .provider
            .and_then(|provider| self.provider_key(provider))
            .and_then(|key| key.countersign(&note, at).ok());
        countersigned.unwrap_or(note)
    }
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
