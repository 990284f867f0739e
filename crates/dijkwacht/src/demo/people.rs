//! Who is in the demo.

use app::{App, Error, Organisation, Profile, Provider, Scope, User, Who, hash_password};
use facts::{Country, OrganisationId, ProviderId, Text, UserId};
use incident::{Permission, Role};
use jiff::Timestamp;

/// The password of everyone in the demo.
pub(crate) const PASSWORD: &str = "lantaarn op de dijk";

/// The demo's people, as far as its stories need them.
pub(crate) struct People {
    pub(crate) log_ins: Vec<LogIn>,
}

/// Somebody who can sign in.
pub(crate) struct LogIn {
    pub(crate) who: Who,
    pub(crate) user: User,
    /// Who this is in the demo.
    pub(crate) part: Text,
}

struct Customer {
    slug: &'static str,
    name: &'static str,
    sector: &'static str,
    street: &'static str,
    place: (&'static str, &'static str),
    kvk: &'static str,
    officer: &'static str,
}

const CUSTOMERS: [Customer; 6] = [
    Customer {
        slug: "de-vries",
        name: "Administratiekantoor De Vries",
        sector: "zakelijke dienstverlening",
        street: "Havenstraat 12",
        place: ("9999 XA", "Zeedorp"),
        kvk: "00000001",
        officer: "Anna de Vries",
    },
    Customer {
        slug: "de-linde",
        name: "Huisartsenpraktijk De Linde",
        sector: "gezondheid en welzijn",
        street: "Lindelaan 3",
        place: ("9999 XB", "Zeedorp"),
        kvk: "00000002",
        officer: "Karim Haddad",
    },
    Customer {
        slug: "de-klaver",
        name: "Basisschool De Klaver",
        sector: "onderwijs",
        street: "Schoolpad 1",
        place: ("9999 XC", "Polderveen"),
        kvk: "00000003",
        officer: "Marijke Bos",
    },
    Customer {
        slug: "zeebries",
        name: "Webwinkel Zeebries",
        sector: "handel",
        street: "Dijkweg 88",
        place: ("9999 XD", "Polderveen"),
        kvk: "00000004",
        officer: "Tom Visser",
    },
    Customer {
        slug: "het-kompas",
        name: "Stichting Het Kompas",
        sector: "gezondheid en welzijn",
        street: "Kerkplein 5",
        place: ("9999 XE", "Zeedorp"),
        kvk: "00000005",
        officer: "Ineke Mulder",
    },
    Customer {
        slug: "kuipers",
        name: "Installatiebedrijf Kuipers",
        sector: "overig",
        street: "Ambachtsweg 21",
        place: ("9999 XF", "Polderveen"),
        kvk: "00000006",
        officer: "Bas Kuipers",
    },
];

/// Makes the provider, its customers and everyone's log-in.
pub(crate) async fn settle(app: &App, now: Timestamp) -> Result<People, Error> {
    let provider = Provider { id: ProviderId(app.chance.id(now)?), name: "Lantaarn IT-beheer".into() };
    app.store.add_provider(&provider).await?;
    // One hash for all: they share a password, and this is a demo on a throw-away folder.
    let password = hash_password(PASSWORD, &app.chance.bytes()?)?;
    let mut log_ins = Vec::new();
    let engineer = add(app, "Sanne Dijkstra", "sanne@lantaarn.example", &password, now).await?;
    app.store.add_provider_membership(engineer.id, provider.id, Role::Engineer).await?;
    log_ins.push(LogIn::of(
        engineer,
        Text::new(
            "behandelaar bij de IT-leverancier, ziet alle klanten",
            "engineer at the provider, sees all customers",
        ),
    ));
    for customer in CUSTOMERS {
        let organisation = organisation(app, &customer, provider.id, now).await?;
        let email = format!("{}@{}.example", first_name(customer.officer), customer.slug);
        let officer = add(app, customer.officer, &email, &password, now).await?;
        for role in [Role::Officer, Role::Administrator] {
            app.store.add_membership(officer.id, organisation.id, role).await?;
        }
        log_ins.push(LogIn::of(
            officer,
            Text::made(format!("beslist bij {}", customer.name), format!("decides at {}", customer.name)),
        ));
    }
    Ok(People { log_ins })
}

impl LogIn {
    fn of(user: User, part: Text) -> Self {
        Self { who: Who { user: user.id, name: user.name.clone() }, user, part }
    }

    /// As the sign-in page of the demo shows it.
    pub(crate) fn shown(&self) -> web::Login {
        web::Login { who: self.part.clone(), email: self.user.email.clone(), password: PASSWORD.into() }
    }
}

impl People {
    /// The provider's engineer at a customer.
    pub(crate) async fn engineer(&self, app: &App, slug: &str) -> Result<Scope, Error> {
        let engineer = self.log_ins.first().ok_or(Error::NotFound)?;
        app.permit(&engineer.who, Permission::HandleIncident, slug).await
    }

    /// The person who decides at a customer.
    pub(crate) fn officer(&self, slug: &str) -> Result<&LogIn, Error> {
        let domain = format!("@{slug}.example");
        self.log_ins.iter().find(|log_in| log_in.user.email.ends_with(&domain)).ok_or(Error::NotFound)
    }

    /// The scope of the person who decides at a customer.
    pub(crate) async fn deciding(&self, app: &App, slug: &str) -> Result<Scope, Error> {
        app.permit(&self.officer(slug)?.who, Permission::Decide, slug).await
    }
}

async fn add(app: &App, name: &str, email: &str, password: &str, now: Timestamp) -> Result<User, Error> {
    let user = User { id: UserId(app.chance.id(now)?), name: name.into(), email: email.into() };
    app.store.add_user(&user, password).await?;
    Ok(user)
}

async fn organisation(
    app: &App,
    customer: &Customer,
    provider: ProviderId,
    now: Timestamp,
) -> Result<Organisation, Error> {
    let (postcode, town) = customer.place;
    let organisation = Organisation {
        id: OrganisationId(app.chance.id(now)?),
        slug: customer.slug.into(),
        name: customer.name.into(),
        provider: Some(provider),
        report_code: format!("demo-{}", customer.slug),
        zone: "Europe/Amsterdam".into(),
        jurisdiction: Country::NL,
        profile: Profile {
            address: customer.street.into(),
            postcode: postcode.into(),
            town: town.into(),
            kvk: customer.kvk.into(),
            sector: customer.sector.into(),
            contact_name: customer.officer.into(),
            contact_function: "directeur".into(),
            contact_email: format!("privacy@{}.example", customer.slug),
            contact_phone: "0100-000 000".into(),
            ..Profile::default()
        },
    };
    app.store.add_organisation(&organisation).await?;
    Ok(organisation)
}

fn first_name(name: &str) -> String {
    name.split_whitespace().next().unwrap_or(name).to_lowercase()
}
