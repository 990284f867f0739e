//! What the application needs from outside. Stores fill the first four, the binary the rest.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use facts::{IncidentId, OrganisationId, ProviderId, UserId};
use incident::Role;

use crate::{
    Append, Error, IncidentRow, Invitation, Organisation, Profile, Provider, Scope, StoreError, StoredDetection,
    StoredEntry, TakenUp, User,
};

/// The append-only journal of each organisation, and the projections written with it.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Appends entries, projection and detections in one transaction, and signs the new checkpoint.
    /// `Conflict`: the incident has other entries than expected, or its number is taken.
    async fn append(&self, scope: &Scope, append: Append, signer: &dyn Signer) -> Result<(), StoreError>;
    /// The entries of one incident, in order; `NotFound` where the organisation has no such incident.
    async fn history(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<StoredEntry>, StoreError>;
    /// All entries of the organisation, in order of index.
    async fn entries(&self, scope: &Scope) -> Result<Vec<StoredEntry>, StoreError>;
    /// The newest signed checkpoint; absent while the journal is empty.
    async fn checkpoint(&self, scope: &Scope) -> Result<Option<String>, StoreError>;
    /// The incidents of the organisation, newest first.
    async fn incidents(&self, scope: &Scope) -> Result<Vec<IncidentRow>, StoreError>;
    /// The incident of a number.
    async fn incident_by_number(&self, scope: &Scope, number: u64) -> Result<IncidentRow, StoreError>;
    /// One more than the highest number in use.
    async fn next_number(&self, scope: &Scope) -> Result<u64, StoreError>;
    /// Replaces the projection of every incident, as rebuilt from the journal.
    async fn replace_projection(&self, scope: &Scope, rows: Vec<IncidentRow>) -> Result<(), StoreError>;
    /// The detections that an incident rests on.
    async fn detections(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<StoredDetection>, StoreError>;
}

/// Organisations, providers, people and their roles.
#[async_trait]
pub trait Directory: Send + Sync {
    async fn add_provider(&self, provider: &Provider) -> Result<(), StoreError>;
    async fn provider(&self, id: ProviderId) -> Result<Provider, StoreError>;
    /// `Conflict`: the slug or report code is taken.
    async fn add_organisation(&self, organisation: &Organisation) -> Result<(), StoreError>;
    /// Replaces the details of the organisation of this scope, and nothing else of it.
    async fn update_profile(&self, scope: &Scope, profile: &Profile) -> Result<(), StoreError>;
    async fn organisation_by_slug(&self, slug: &str) -> Result<Organisation, StoreError>;
    async fn organisation_by_report_code(&self, code: &str) -> Result<Organisation, StoreError>;
    /// All organisations, by name; for the command line on the server's own machine.
    async fn organisations(&self) -> Result<Vec<Organisation>, StoreError>;
    /// The organisations in which this person has a role, by name.
    async fn organisations_of(&self, user: UserId) -> Result<Vec<Organisation>, StoreError>;
    /// The providers this person works for.
    async fn providers_of(&self, user: UserId) -> Result<Vec<Provider>, StoreError>;
    /// `Conflict`: the e-mail address is in use. The password is an Argon2id PHC string.
    async fn add_user(&self, user: &User, password: &str) -> Result<(), StoreError>;
    /// The person and their Argon2id PHC string.
    async fn user_by_email(&self, email: &str) -> Result<(User, String), StoreError>;
    async fn user(&self, id: UserId) -> Result<User, StoreError>;
    async fn count_users(&self) -> Result<u64, StoreError>;
    /// `Conflict`: the person advises there as FG and the role decides, or the other way round.
    async fn add_membership(&self, user: UserId, organisation: OrganisationId, role: Role) -> Result<(), StoreError>;
    async fn add_provider_membership(&self, user: UserId, provider: ProviderId, role: Role) -> Result<(), StoreError>;
    /// The roles of a person in an organisation: their own, and those their provider's grant gives them.
    async fn roles(&self, user: UserId, organisation: OrganisationId) -> Result<Vec<Role>, StoreError>;
    async fn add_invitation(&self, invitation: &Invitation) -> Result<(), StoreError>;
    /// The invitation of a token's hash, if it is unused and has not expired.
    async fn invitation(&self, token_sha256: &str, now: Timestamp) -> Result<Invitation, StoreError>;
    /// Marks it used; `Conflict` when somebody was first.
    async fn use_invitation(&self, token_sha256: &str, now: Timestamp) -> Result<(), StoreError>;
    /// Takes up an invitation whole or not at all: marks it used, makes the person and what comes with them.
    /// `NotFound`: it is unknown, used or expired; `Conflict`: the e-mail address, slug or report code is taken.
    async fn take_up(&self, taken: &TakenUp, now: Timestamp) -> Result<(), StoreError>;
}

/// Web sessions: opaque data under the hash of their id.
#[async_trait]
pub trait Sessions: Send + Sync {
    async fn save_session(&self, id_sha256: &str, data: &[u8], expires_at: Timestamp) -> Result<(), StoreError>;
    /// The data, unless expired or unknown.
    async fn load_session(&self, id_sha256: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError>;
    async fn delete_session(&self, id_sha256: &str) -> Result<(), StoreError>;
}

/// Documents by the SHA-256 of their bytes, apart per organisation.
#[async_trait]
pub trait Blobs: Send + Sync {
    async fn put_blob(&self, scope: &Scope, sha256: &str, bytes: &[u8]) -> Result<(), StoreError>;
    async fn blob(&self, scope: &Scope, sha256: &str) -> Result<Vec<u8>, StoreError>;
}

/// Everything a store does.
pub trait Store: Journal + Directory + Sessions + Blobs {}

impl<T: Journal + Directory + Sessions + Blobs> Store for T {}

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
