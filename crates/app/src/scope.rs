//! Who is asking, and the proof that they may: a [`Scope`] names one organisation, and only a permission check makes it.

use std::collections::BTreeMap;

use facts::{OrganisationId, UserId};
use incident::{Actor, Permission, Role, may};

use crate::{App, Error, Organisation};

/// Somebody who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub user: UserId,
    pub name: String,
}

/// Proof of permission in one organisation. No store method works without one, so no query can forget the tenant.
#[derive(Clone, Debug)]
pub struct Scope {
    organisation: Organisation,
    actor: Actor,
    roles: Vec<Role>,
}

impl Scope {
    /// The program's own, in an organisation that the store gave.
    pub(crate) fn of_program(organisation: Organisation) -> Self {
        Self { organisation, actor: Actor::Program, roles: Vec::new() }
    }

    #[must_use]
    pub fn organisation(&self) -> &Organisation {
        &self.organisation
    }

    #[must_use]
    pub fn id(&self) -> OrganisationId {
        self.organisation.id
    }

    /// Under whose name things are written.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether one of the actor's own roles permits something: what the program itself never has.
    #[must_use]
    pub fn has_role_for(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| may(*role, permission))
    }

    /// Whether an administrator of the organisation itself asks, and not its provider's.
    #[must_use]
    pub fn is_own_administrator(&self) -> bool {
        self.roles.contains(&Role::Administrator)
    }

    /// Whether the actor may do something else as well; for showing or hiding a button, never instead of `permit`.
    #[must_use]
    pub fn allows(&self, permission: Permission) -> bool {
        self.actor == Actor::Program || self.roles.iter().any(|role| may(*role, permission))
    }
}

impl App {
    /// Proof that this person may do this in the organisation of this slug. Who has no role there is told that it does
    /// not exist; who has one that does not permit it, that it is forbidden.
    pub async fn permit(&self, who: &Who, permission: Permission, slug: &str) -> Result<Scope, Error> {
        let organisation = self.store.organisation_by_slug(slug).await?;
        let roles = self.store.roles(who.user, organisation.id).await?;
        if roles.is_empty() {
            return Err(Error::NotFound);
        }
        if !roles.iter().any(|role| may(*role, permission)) {
            return Err(Error::Forbidden);
        }
        Ok(Scope { organisation, actor: Actor::Person { id: who.user, name: who.name.clone() }, roles })
    }

    /// The same for many organisations at once: proof for those in which they may, in the same order.
    pub(crate) async fn permit_each(
        &self,
        who: &Who,
        permission: Permission,
        organisations: &[Organisation],
    ) -> Result<Vec<Scope>, Error> {
        let mut roles: BTreeMap<OrganisationId, Vec<Role>> = BTreeMap::new();
        for (organisation, role) in self.store.all_roles(who.user).await? {
            roles.entry(organisation).or_default().push(role);
        }
        let scope = |organisation: &Organisation| {
            let roles = roles.get(&organisation.id).filter(|roles| roles.iter().any(|role| may(*role, permission)))?;
            let actor = Actor::Person { id: who.user, name: who.name.clone() };
            Some(Scope { organisation: organisation.clone(), actor, roles: roles.clone() })
        };
        Ok(organisations.iter().filter_map(scope).collect())
    }

    /// The scope of the public report form: whoever knows the link may report, and nothing else.
    pub async fn permit_reporter(&self, report_code: &str, name: Option<String>) -> Result<Scope, Error> {
        let organisation = self.store.organisation_by_report_code(report_code).await?;
        Ok(Scope { organisation, actor: Actor::Reporter { name }, roles: Vec::new() })
    }

    /// The scope of the program itself: a sensor's case, the command line on the server's own machine.
    pub async fn permit_program(&self, slug: &str) -> Result<Scope, Error> {
        let organisation = self.store.organisation_by_slug(slug).await?;
        Ok(Scope::of_program(organisation))
    }
}
