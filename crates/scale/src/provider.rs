//! The provider, its customers, and the people who work there.

use app::{App, Error, Organisation, Profile, Provider, User, Who, hash_password};
use facts::{Country, OrganisationId, ProviderId, UserId};
use incident::Role;
use jiff::Timestamp;

/// The password of everyone.
pub const PASSWORD: &str = "duizend dijken lang";
/// The provider's engineer, who sees every customer.
pub const ENGINEER: &str = "sanne@provider.example";
/// How the report link of a customer ends, before its short name.
const REPORT: &str = "melden-";

const TRADES: [&str; 8] = [
    "Administratiekantoor",
    "Huisartsenpraktijk",
    "Basisschool",
    "Webwinkel",
    "Stichting",
    "Installatiebedrijf",
    "Makelaardij",
    "Bibliotheek",
];

/// A customer as far as its incidents need it.
#[derive(Clone, Debug)]
pub struct Customer {
    pub slug: String,
    pub report_code: String,
    /// Who decides there.
    pub officer: Who,
    pub engineer: Who,
}

/// The short name of the customer at this place; the first is the large one.
#[must_use]
pub fn slug(place: u32) -> String {
    format!("klant-{place:03}")
}

/// The address at which the person who decides at a customer signs in.
#[must_use]
pub fn officer(slug: &str) -> String {
    format!("beslist@{slug}.example")
}

/// Makes the provider with so many customers.
pub async fn settle(app: &App, customers: u32, now: Timestamp) -> Result<Vec<Customer>, Error> {
    let provider = Provider { id: ProviderId(app.chance.id(now)?), name: "Lantaarn IT-beheer".into() };
    app.store.add_provider(&provider).await?;
    // One hash for all: hashing is slow on purpose.
    let password = hash_password(PASSWORD, &app.chance.bytes()?)?;
    let engineer = person(app, "Sanne Dijkstra", ENGINEER, &password, now).await?;
    app.store.add_provider_membership(engineer.user, provider.id, Role::Engineer).await?;
    let mut made = Vec::new();
    for place in 0..customers {
        let organisation = organisation(app, place, provider.id, now)?;
        app.store.add_organisation(&organisation).await?;
        let officer = person(app, "Anna de Vries", &officer(&organisation.slug), &password, now).await?;
        app.store.add_membership(officer.user, organisation.id, Role::Officer).await?;
        let Organisation { slug, report_code, .. } = organisation;
        made.push(Customer { slug, report_code, officer, engineer: engineer.clone() });
    }
    Ok(made)
}

async fn person(app: &App, name: &str, email: &str, password: &str, now: Timestamp) -> Result<Who, Error> {
    let user = User { id: UserId(app.chance.id(now)?), name: name.into(), email: email.into() };
    app.store.add_user(&user, password).await?;
    Ok(Who { user: user.id, name: user.name })
}

fn organisation(app: &App, place: u32, provider: ProviderId, now: Timestamp) -> Result<Organisation, Error> {
    let slug = slug(place);
    let trade = TRADES.get(place as usize % TRADES.len()).copied().unwrap_or_default();
    Ok(Organisation {
        id: OrganisationId(app.chance.id(now)?),
        name: format!("{trade} {place:03}"),
        provider: Some(provider),
        report_code: format!("{REPORT}{slug}"),
        zone: "Europe/Amsterdam".into(),
        jurisdiction: Country::NL,
        profile: Profile {
            address: "Dijkweg 1".into(),
            postcode: "9999 XA".into(),
            town: "Zeedorp".into(),
            kvk: format!("{place:08}"),
            sector: "overig".into(),
            ..Profile::default()
        },
        slug,
    })
}
