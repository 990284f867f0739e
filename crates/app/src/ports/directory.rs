//! The port of organisations, providers and people.

use async_trait::async_trait;
use jiff::Timestamp;

use facts::{OrganisationId, ProviderId, UserId};
use incident::Role;

use crate::{Invitation, Organisation, Profile, Provider, Scope, StoreError, TakenUp, User};

/// Organisations, providers, people and their roles.
#[async_trait]
pub trait Directory: Send + Sync {
    async fn add_provider(&self, provider: &Provider) -> Result<(), StoreError>;
    async fn provider(&self, id: ProviderId) -> Result<Provider, StoreError>;
    /// `Conflict`: the slug or report code is taken.
    async fn add_organisation(&self, organisation: &Organisation) -> Result<(), StoreError>;
    /// Replaces the details of the organisation of this scope, and nothing else of it. `seen`: what stood there when somebody
    /// began to change it; absent: whatever stands there is replaced. `Conflict`: something else stands there now.
    async fn update_profile(&self, scope: &Scope, profile: &Profile, seen: Option<&Profile>) -> Result<(), StoreError>;
    /// The organisation of an id; for the program itself.
    async fn organisation(&self, id: OrganisationId) -> Result<Organisation, StoreError>;
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
    /// The same for every organisation in which the person has a role.
    async fn all_roles(&self, user: UserId) -> Result<Vec<(OrganisationId, Role)>, StoreError>;
    /// Everybody with a role in the organisation, staff of its provider included.
    async fn members(&self, scope: &Scope) -> Result<Vec<(User, Role)>, StoreError>;
    async fn add_invitation(&self, invitation: &Invitation) -> Result<(), StoreError>;
    /// The invitation of a token's hash, if it is unused and has not expired.
    async fn invitation(&self, token_sha256: &str, now: Timestamp) -> Result<Invitation, StoreError>;
    /// Marks it used; `Conflict` when somebody was first.
    async fn use_invitation(&self, token_sha256: &str, now: Timestamp) -> Result<(), StoreError>;
    /// Takes up an invitation whole or not at all: marks it used, makes the person and what comes with them.
    /// `NotFound`: it is unknown, used or expired, or the first administrator's while there is somebody already; `Conflict`: the e-mail address, slug or report code is taken.
    async fn take_up(&self, taken: &TakenUp, now: Timestamp) -> Result<(), StoreError>;
}
