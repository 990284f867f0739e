//! Organisations, providers, people, their roles, and invitations.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::FromRow;
use sqlx::types::Text;

use app::{Directory, Invitation, Organisation, Profile, Provider, Scope, StoreError, TakenUp, User};
use facts::{Country, Fact, OrganisationId, ProviderId, UserId};
use incident::Role;

use crate::convert::{choice, kept, moment, role, terms, terms_text, unsigned};
use crate::engine::{Arguments, Db, Store, is_refused_by_trigger, lock_journal, lock_people};
use crate::error::{Fault, failed};
use crate::sql::{directory as sql, invitations, people};

#[async_trait]
impl Directory for Store {
    async fn add_provider(&self, provider: &Provider) -> Result<(), StoreError> {
        kept(&[&provider.name])?;
        let query = sqlx::query(sql::INSERT_PROVIDER).bind(Text(provider.id)).bind(provider.name.as_str());
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn provider(&self, id: ProviderId) -> Result<Provider, StoreError> {
        let query = sqlx::query_as::<_, ProviderColumns>(sql::PROVIDER).bind(Text(id));
        Ok(query.fetch_one(&self.readers).await.map_err(failed)?.into())
    }

    async fn add_organisation(&self, organisation: &Organisation) -> Result<(), StoreError> {
        let query = insert_organisation(organisation)?;
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn update_profile(&self, scope: &Scope, profile: &Profile, seen: Option<&Profile>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        lock_journal(&mut tx, scope.id()).await?;
        if let Some(seen) = seen {
            let query = sqlx::query_as::<_, OrganisationColumns>(sql::ORGANISATION).bind(Text(scope.id()));
            let now = Organisation::try_from(query.fetch_one(&mut *tx).await.map_err(failed)?)?;
            if now.profile != *seen {
                return Err(StoreError::Conflict);
            }
        }
        let query = bind_profile(sqlx::query(sql::UPDATE_PROFILE).bind(Text(scope.id())), profile)?;
        if query.execute(&mut *tx).await.map_err(failed)?.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        tx.commit().await.map_err(failed)
    }

    async fn organisation(&self, id: OrganisationId) -> Result<Organisation, StoreError> {
        let query = sqlx::query_as::<_, OrganisationColumns>(sql::ORGANISATION).bind(Text(id));
        query.fetch_one(&self.readers).await.map_err(failed)?.try_into()
    }

    async fn organisation_by_slug(&self, slug: &str) -> Result<Organisation, StoreError> {
        let query = sqlx::query_as::<_, OrganisationColumns>(sql::ORGANISATION_BY_SLUG).bind(slug);
        query.fetch_one(&self.readers).await.map_err(failed)?.try_into()
    }

    async fn organisation_by_report_code(&self, code: &str) -> Result<Organisation, StoreError> {
        let query = sqlx::query_as::<_, OrganisationColumns>(sql::ORGANISATION_BY_REPORT_CODE).bind(code);
        query.fetch_one(&self.readers).await.map_err(failed)?.try_into()
    }

    async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        let query = sqlx::query_as::<_, OrganisationColumns>(sql::ORGANISATIONS);
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(Organisation::try_from).collect()
    }

    async fn organisations_of(&self, user: UserId) -> Result<Vec<Organisation>, StoreError> {
        let query = sqlx::query_as::<_, OrganisationColumns>(sql::ORGANISATIONS_OF).bind(Text(user));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(Organisation::try_from).collect()
    }

    async fn providers_of(&self, user: UserId) -> Result<Vec<Provider>, StoreError> {
        let query = sqlx::query_as::<_, ProviderColumns>(sql::PROVIDERS_OF).bind(Text(user));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        Ok(rows.into_iter().map(Provider::from).collect())
    }

    async fn add_user(&self, user: &User, password: &str) -> Result<(), StoreError> {
        kept(&[&user.name, &user.email])?;
        let query =
            sqlx::query(people::INSERT_USER).bind(Text(user.id)).bind(&user.name).bind(&user.email).bind(password);
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn user_by_email(&self, email: &str) -> Result<(User, String), StoreError> {
        let query = sqlx::query_as::<_, UserColumns>(people::USER_BY_EMAIL).bind(email);
        let row = query.fetch_one(&self.readers).await.map_err(failed)?;
        let UserColumns { id, name, email, password } = row;
        Ok((User { id: id.into_inner(), name, email }, password))
    }

    async fn user(&self, id: UserId) -> Result<User, StoreError> {
        let query = sqlx::query_as::<_, UserColumns>(people::USER).bind(Text(id));
        let UserColumns { id, name, email, .. } = query.fetch_one(&self.readers).await.map_err(failed)?;
        Ok(User { id: id.into_inner(), name, email })
    }

    async fn count_users(&self) -> Result<u64, StoreError> {
        let count = sqlx::query_scalar(people::COUNT_USERS).fetch_one(&self.readers).await.map_err(failed)?;
        unsigned(count, "a count")
    }

    async fn add_membership(&self, user: UserId, organisation: OrganisationId, role: Role) -> Result<(), StoreError> {
        let query = sqlx::query(people::INSERT_MEMBERSHIP).bind(Text(user)).bind(Text(organisation)).bind(role.key());
        query.execute(&self.writer).await.map_err(not_both)?;
        Ok(())
    }

    async fn add_provider_membership(&self, user: UserId, provider: ProviderId, role: Role) -> Result<(), StoreError> {
        let query =
            sqlx::query(people::INSERT_PROVIDER_MEMBERSHIP).bind(Text(user)).bind(Text(provider)).bind(role.key());
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn roles(&self, user: UserId, organisation: OrganisationId) -> Result<Vec<Role>, StoreError> {
        let query = sqlx::query_scalar(people::ROLES).bind(Text(user)).bind(Text(organisation));
        let words: Vec<String> = query.fetch_all(&self.readers).await.map_err(failed)?;
        let mut roles = words.iter().map(|word| role(word)).collect::<Result<Vec<_>, _>>()?;
        roles.sort_unstable();
        Ok(roles)
    }

    async fn all_roles(&self, user: UserId) -> Result<Vec<(OrganisationId, Role)>, StoreError> {
        let query = sqlx::query_as(people::ALL_ROLES).bind(Text(user));
        let rows: Vec<(Text<OrganisationId>, String)> = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(|(organisation, word)| Ok((organisation.into_inner(), role(&word)?))).collect()
    }

    async fn members(&self, scope: &Scope) -> Result<Vec<(User, Role)>, StoreError> {
        let query = sqlx::query_as(people::MEMBERS).bind(Text(scope.id()));
        let rows: Vec<(Text<UserId>, String, String, String)> = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter()
            .map(|(id, name, email, word)| Ok((User { id: id.into_inner(), name, email }, role(&word)?)))
            .collect()
    }

    async fn add_invitation(&self, invitation: &Invitation) -> Result<(), StoreError> {
        let Invitation { token_sha256, organisation, provider, roles, name, email, expires_at } = invitation;
        kept(&[name, email])?;
        let roles: serde_json::Value = roles.iter().map(|role| role.key()).collect();
        sqlx::query(invitations::INSERT_INVITATION)
            .bind(token_sha256)
            .bind(organisation.map(Text))
            .bind(provider.map(Text))
            .bind(roles.to_string())
            .bind(name)
            .bind(email)
            .bind(expires_at.as_microsecond())
            .execute(&self.writer)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn invitation(&self, token_sha256: &str, now: Timestamp) -> Result<Invitation, StoreError> {
        let query = sqlx::query_as::<_, InvitationColumns>(invitations::INVITATION);
        let query = query.bind(token_sha256).bind(now.as_microsecond());
        query.fetch_one(&self.readers).await.map_err(failed)?.try_into()
    }

    async fn use_invitation(&self, token_sha256: &str, now: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(invitations::USE_INVITATION).bind(token_sha256).bind(now.as_microsecond());
        if query.execute(&self.writer).await.map_err(failed)?.rows_affected() > 0 {
            return Ok(());
        }
        let query = sqlx::query_scalar(invitations::IS_INVITATION_USED).bind(token_sha256);
        let is_used: bool = query.fetch_one(&self.writer).await.map_err(failed)?;
        Err(if is_used { StoreError::Conflict } else { StoreError::NotFound })
    }

    async fn take_up(&self, taken: &TakenUp, now: Timestamp) -> Result<(), StoreError> {
        let TakenUp { token_sha256, user, password, organisation, memberships, provider_memberships } = taken;
        kept(&[&user.name, &user.email])?;
        let mut tx = self.begin().await?;
        // Each server that starts on an empty database makes a first invitation: one of them, and one alone, is taken up.
        if organisation.is_some() {
            lock_people(&mut tx).await?;
            let people: i64 = sqlx::query_scalar(people::COUNT_USERS).fetch_one(&mut *tx).await.map_err(failed)?;
            if people > 0 {
                return Err(StoreError::NotFound);
            }
        }
        let query = sqlx::query(invitations::USE_INVITATION).bind(token_sha256).bind(now.as_microsecond());
        // Of two people behind one link, one gets in.
        if query.execute(&mut *tx).await.map_err(failed)?.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        let query = sqlx::query(people::INSERT_USER).bind(Text(user.id)).bind(&user.name);
        query.bind(&user.email).bind(password).execute(&mut *tx).await.map_err(failed)?;
        if let Some(organisation) = organisation {
            insert_organisation(organisation)?.execute(&mut *tx).await.map_err(failed)?;
        }
        for (organisation, role) in memberships {
            let query = sqlx::query(people::INSERT_MEMBERSHIP).bind(Text(user.id));
            query.bind(Text(*organisation)).bind(role.key()).execute(&mut *tx).await.map_err(not_both)?;
        }
        for (provider, role) in provider_memberships {
            let query = sqlx::query(people::INSERT_PROVIDER_MEMBERSHIP).bind(Text(user.id));
            query.bind(Text(*provider)).bind(role.key()).execute(&mut *tx).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }
}

/// What a trigger says of a role: the person has the other one already.
fn not_both(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(cause) if is_refused_by_trigger(cause.as_ref()) => StoreError::Conflict,
        _ => failed(error),
    }
}

fn insert_organisation(organisation: &Organisation) -> Result<Query<'_>, StoreError> {
    let Organisation { id, slug, name, provider, report_code, zone, jurisdiction, profile } = organisation;
    kept(&[slug, name, report_code, zone])?;
    let query = sqlx::query(sql::INSERT_ORGANISATION)
        .bind(Text(*id))
        .bind(slug)
        .bind(name)
        .bind(provider.map(Text))
        .bind(report_code)
        .bind(zone)
        .bind(jurisdiction.code());
    bind_profile(query, profile)
}

type Query<'a> = sqlx::query::Query<'a, Db, Arguments>;

/// The details, in the order in which both statements have them.
fn bind_profile<'a>(query: Query<'a>, profile: &'a Profile) -> Result<Query<'a>, StoreError> {
    let terms = terms_text(&profile.terms);
    kept(&[
        &profile.address,
        &profile.postcode,
        &profile.town,
        &profile.kvk,
        &profile.sector,
        &profile.dpo_number,
        &profile.dpo_name,
        &profile.dpo_email,
        &profile.contact_name,
        &profile.contact_function,
        &profile.contact_email,
        &profile.contact_phone,
        &profile.cbw_reason,
    ])?;
    let query = query
        .bind(&profile.address)
        .bind(&profile.postcode)
        .bind(&profile.town)
        .bind(&profile.kvk)
        .bind(&profile.sector)
        .bind(&profile.dpo_number)
        .bind(&profile.dpo_name)
        .bind(&profile.dpo_email)
        .bind(&profile.contact_name)
        .bind(&profile.contact_function)
        .bind(&profile.contact_email)
        .bind(&profile.contact_phone)
        .bind(&profile.register_email)
        .bind(profile.uses_enisa)
        .bind(profile.role)
        .bind(profile.cbw_entity)
        .bind(&profile.cbw_reason)
        .bind(profile.financial_undertaking)
        .bind(profile.trust_service)
        .bind(terms);
    Ok(query)
}

#[derive(FromRow)]
struct ProviderColumns {
    id: Text<ProviderId>,
    name: String,
}

impl From<ProviderColumns> for Provider {
    fn from(row: ProviderColumns) -> Self {
        Self { id: row.id.into_inner(), name: row.name }
    }
}

#[derive(FromRow)]
struct OrganisationColumns {
    id: Text<OrganisationId>,
    slug: String,
    name: String,
    provider: Option<Text<ProviderId>>,
    report_code: String,
    zone: String,
    jurisdiction: String,
    address: String,
    postcode: String,
    town: String,
    kvk: String,
    sector: String,
    dpo_number: String,
    dpo_name: String,
    dpo_email: String,
    contact_name: String,
    contact_function: String,
    contact_email: String,
    contact_phone: String,
    register_email: String,
    uses_enisa: bool,
    role: Option<String>,
    cbw_entity: Option<String>,
    cbw_reason: String,
    financial_undertaking: Option<bool>,
    trust_service: Option<bool>,
    terms: String,
}

impl TryFrom<OrganisationColumns> for Organisation {
    type Error = StoreError;

    fn try_from(row: OrganisationColumns) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into_inner(),
            slug: row.slug,
            name: row.name,
            provider: row.provider.map(Text::into_inner),
            report_code: row.report_code,
            zone: row.zone,
            jurisdiction: Country::from_code(&row.jurisdiction).ok_or(Fault::Unreadable("a country"))?,
            profile: Profile {
                address: row.address,
                postcode: row.postcode,
                town: row.town,
                kvk: row.kvk,
                sector: row.sector,
                dpo_number: row.dpo_number,
                dpo_name: row.dpo_name,
                dpo_email: row.dpo_email,
                contact_name: row.contact_name,
                contact_function: row.contact_function,
                contact_email: row.contact_email,
                contact_phone: row.contact_phone,
                register_email: row.register_email,
                uses_enisa: row.uses_enisa,
                role: row.role.as_deref().map(|word| choice(Fact::Role, word)).transpose()?,
                cbw_entity: row.cbw_entity.as_deref().map(|word| choice(Fact::CbwEntity, word)).transpose()?,
                cbw_reason: row.cbw_reason,
                financial_undertaking: row.financial_undertaking,
                trust_service: row.trust_service,
                terms: terms(&row.terms)?,
            },
        })
    }
}

#[derive(FromRow)]
struct UserColumns {
    id: Text<UserId>,
    name: String,
    email: String,
    password: String,
}

#[derive(FromRow)]
struct InvitationColumns {
    token_sha256: String,
    organisation: Option<Text<OrganisationId>>,
    provider: Option<Text<ProviderId>>,
    roles: String,
    name: String,
    email: String,
    expires_at: i64,
}

impl TryFrom<InvitationColumns> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationColumns) -> Result<Self, StoreError> {
        let words: Vec<String> = serde_json::from_str(&row.roles).map_err(|_| Fault::Unreadable("a list of roles"))?;
        Ok(Self {
            token_sha256: row.token_sha256,
            organisation: row.organisation.map(Text::into_inner),
            provider: row.provider.map(Text::into_inner),
            roles: words.iter().map(|word| role(word)).collect::<Result<_, _>>()?,
            name: row.name,
            email: row.email,
            expires_at: moment(row.expires_at)?,
        })
    }
}
