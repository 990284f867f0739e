//! People: the one-time invitation (the first administrator's, and everybody's after), and signing in.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use facts::{OrganisationId, ProviderId, Text, UserId};
use incident::Role;

use crate::open::hex;
use crate::{App, Error, FieldProblem, StoreError, User, Who};

/// The password of nobody: what an unknown address is checked against, made once.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_password("", &[0; 32]).unwrap_or_default());
/// How long a one-time link works.
const INVITATION_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The shortest password we take (NIST SP 800-63B §3.1.1.2: length, no rules of composition).
const SHORTEST_PASSWORD: usize = 12;
const LONGEST_PASSWORD: usize = 1_000;
const LONGEST_NAME: usize = 200;
/// How many names in addresses are tried for organisations that are called the same.
const SLUG_TRIES: u32 = 20;

/// What a one-time link gives: a place in an organisation or at a provider, or (neither) the first administrator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the token in the link, in hexadecimal; the token itself is never stored.
    pub token_sha256: String,
    pub organisation: Option<OrganisationId>,
    pub provider: Option<ProviderId>,
    pub roles: Vec<Role>,
    /// Filled in beforehand on the form; may be empty.
    pub name: String,
    pub email: String,
    pub expires_at: Timestamp,
}

/// What an invitation is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewInvitation {
    pub organisation: Option<OrganisationId>,
    pub provider: Option<ProviderId>,
    pub roles: Vec<Role>,
    pub name: String,
    pub email: String,
}

/// Everything that taking up an invitation writes, in one transaction.
#[derive(Clone, PartialEq)]
pub struct TakenUp {
    pub token_sha256: String,
    pub user: User,
    /// An Argon2id PHC string.
    pub password: String,
    /// Made with the first administrator; with it the whole is taken up only while there is nobody yet.
    pub organisation: Option<crate::Organisation>,
    pub memberships: Vec<(OrganisationId, Role)>,
    pub provider_memberships: Vec<(ProviderId, Role)>,
}

/// What somebody fills in behind a one-time link.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NewPerson {
    /// The organisation's name; asked only of the first administrator.
    pub organisation: String,
    pub name: String,
    pub email: String,
    pub password: String,
}

impl App {
    /// Makes a one-time link's token.
    pub async fn invite(&self, invitation: NewInvitation, now: Timestamp) -> Result<String, Error> {
        if !invitation.email.trim().is_empty() && !is_email(invitation.email.trim()) {
            return Err(wrong_email());
        }
        if !all_go_together(&invitation.roles) {
            return Err(adviser_decides("roles"));
        }
        let token = URL_SAFE_NO_PAD.encode(self.chance.bytes()?);
        let NewInvitation { organisation, provider, roles, name, email } = invitation;
        let invitation = Invitation {
            token_sha256: token_sha256(&token),
            organisation,
            provider,
            roles,
            name,
            email: email.trim().to_lowercase(),
            expires_at: now + INVITATION_LASTS,
        };
        self.store.add_invitation(&invitation).await?;
        Ok(token)
    }

    /// The first administrator's token, while nobody can sign in yet.
    pub async fn first_invitation(&self, now: Timestamp) -> Result<Option<String>, Error> {
        if self.store.count_users().await? > 0 {
            return Ok(None);
        }
        self.invite(NewInvitation::default(), now).await.map(Some)
    }

    /// The invitation behind a link; `NotFound` when it is unknown, used or expired.
    pub async fn invitation(&self, token: &str, now: Timestamp) -> Result<Invitation, Error> {
        Ok(self.store.invitation(&token_sha256(token), now).await?)
    }

    /// Takes up an invitation: makes the person, with their roles. The first administrator's also makes the organisation,
    /// in which they administer, handle and decide until they give that to others. Hashing the password takes a
    /// noticeable part of a second: call it where that may block.
    pub async fn accept(&self, token: &str, person: NewPerson, now: Timestamp) -> Result<Who, Error> {
        let invitation = self.invitation(token, now).await?;
        let is_first = invitation.organisation.is_none() && invitation.provider.is_none();
        // Every start before the set-up prints a link: with the first one used, the others are void.
        if is_first && self.store.count_users().await? > 0 {
            return Err(Error::NotFound);
        }
        check(&person, is_first)?;
        let user = User {
            id: UserId(self.chance.id(now)?),
            name: person.name.trim().to_owned(),
            email: person.email.trim().to_lowercase(),
        };
        if self.store.user_by_email(&user.email).await.is_ok() {
            return Err(email_in_use());
        }
        let password = hash_password(&person.password, &self.chance.bytes()?)?;
        let Invitation { token_sha256, organisation, provider, roles, .. } = invitation;
        let mut taken = TakenUp {
            token_sha256,
            user,
            password,
            organisation: None,
            memberships: organisation.iter().flat_map(|id| roles.iter().map(|role| (*id, *role))).collect(),
            provider_memberships: provider.iter().flat_map(|id| roles.iter().map(|role| (*id, *role))).collect(),
        };
        // Whoever was first has the name in addresses: the next try takes another.
        for attempt in 0..SLUG_TRIES {
            if is_first {
                let made = self.described(&person.organisation, None, attempt, now)?;
                taken.memberships =
                    [Role::Administrator, Role::Officer, Role::Handler].map(|role| (made.id, role)).into();
                taken.organisation = Some(made);
            }
            match self.store.take_up(&taken, now).await {
                Ok(()) => return Ok(Who { user: taken.user.id, name: taken.user.name }),
                Err(StoreError::Conflict) if self.store.user_by_email(&taken.user.email).await.is_ok() => {
                    return Err(email_in_use());
                }
                Err(StoreError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(Error::Conflict)
    }

    /// Gives somebody a role in an organisation. Who advises there as FG does not decide there, nor the other way round
    /// (AVG art. 38(6)).
    pub async fn add_role(&self, user: UserId, organisation: OrganisationId, role: Role) -> Result<(), Error> {
        let mut roles = self.store.roles(user, organisation).await?;
        roles.push(role);
        if !all_go_together(&roles) {
            return Err(adviser_decides("role"));
        }
        self.store.add_membership(user, organisation, role).await.map_err(|error| match error {
            // The database found it first.
            StoreError::Conflict => adviser_decides("role"),
            other => other.into(),
        })
    }

    /// Makes an organisation with a slug of its own and an unguessable report link.
    pub async fn new_organisation(
        &self,
        name: &str,
        provider: Option<ProviderId>,
        now: Timestamp,
    ) -> Result<crate::Organisation, Error> {
        for attempt in 0..SLUG_TRIES {
            let organisation = self.described(name, provider, attempt, now)?;
            match self.store.add_organisation(&organisation).await {
                Ok(()) => return Ok(organisation),
                Err(StoreError::Conflict) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Err(Error::Conflict)
    }

    /// A new organisation, not yet stored; after an attempt whose slug was taken, with the next one.
    fn described(
        &self,
        name: &str,
        provider: Option<ProviderId>,
        attempt: u32,
        now: Timestamp,
    ) -> Result<crate::Organisation, Error> {
        let length = name.trim().chars().count();
        if length == 0 || length > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(Error::field(
                "organisation",
                "Vul de naam van de organisatie in: één regel, ten hoogste 200 tekens.",
                "Enter the organisation's name: one line, at most 200 characters.",
            ));
        }
        let base = slug(name);
        Ok(crate::Organisation {
            id: OrganisationId(self.chance.id(now)?),
            slug: if attempt == 0 { base } else { format!("{base}-{}", attempt + 1) },
            name: name.trim().to_owned(),
            provider,
            report_code: report_code(&self.chance.bytes()?),
            zone: "Europe/Amsterdam".into(),
            jurisdiction: facts::Country::NL,
            profile: crate::Profile::default(),
        })
    }

    /// Signs somebody in. Unknown address and wrong password cannot be told apart, in words nor in time: an unknown one
    /// is checked against a password that nobody has. Checking takes a noticeable part of a second.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Who, Error> {
        let email = email.trim().to_lowercase();
        let (user, stored) = match self.store.user_by_email(&email).await {
            Ok((user, stored)) => (Some(user), stored),
            Err(StoreError::NotFound) => (None, NOBODY.clone()),
            Err(other) => return Err(other.into()),
        };
        let is_right = PasswordHash::new(&stored)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        match user {
            Some(user) if is_right => Ok(Who { user: user.id, name: user.name }),
            _ => Err(Error::field(
                "email",
                "E-mailadres of wachtwoord klopt niet. Controleer beide en probeer het opnieuw.",
                "E-mail address or password is not right. Check both and try again.",
            )),
        }
    }
}

/// The Argon2id PHC string of a password (RFC 9106, the crate's defaults: 19 MiB, 2 passes).
pub fn hash_password(password: &str, salt: &[u8]) -> Result<String, Error> {
    let salt = salt.get(..16).unwrap_or(salt);
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::internal(error.to_string()))
}

fn all_go_together(roles: &[Role]) -> bool {
    roles.iter().all(|one| roles.iter().all(|other| one.goes_with(*other)))
}

fn adviser_decides(field: &str) -> Error {
    Error::field(
        field,
        "De FG adviseert en beslist niet (AVG art. 38): geef de rollen FG en beslisser aan twee verschillende mensen.",
        "The FG (DPO) advises and does not decide (GDPR art. 38): give the roles of FG and officer to two different people.",
    )
}

fn token_sha256(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn wrong_email() -> Error {
    Error::field(
        "email",
        "Vul een e-mailadres in, zoals naam@voorbeeld.nl.",
        "Enter an e-mail address, such as name@example.nl.",
    )
}

fn email_in_use() -> Error {
    Error::field(
        "email",
        "Met dit e-mailadres kan al iemand aanmelden. Kies een ander adres, of meld u aan.",
        "Somebody already signs in with this address. Choose another, or sign in.",
    )
}

fn check(person: &NewPerson, asks_organisation: bool) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut wrong = |field: &str, nl, en| {
        problems.push(FieldProblem { field: field.into(), text: Text::new(nl, en) });
    };
    if asks_organisation && person.organisation.trim().is_empty() {
        wrong("organisation", "Vul de naam van uw organisatie in.", "Enter the name of your organisation.");
    }
    if person.name.trim().is_empty() {
        wrong("name", "Vul uw naam in.", "Enter your name.");
    }
    if !is_email(person.email.trim()) {
        wrong(
            "email",
            "Vul een e-mailadres in, zoals naam@voorbeeld.nl.",
            "Enter an e-mail address, such as name@example.nl.",
        );
    }
    let length = person.password.chars().count();
    if length < SHORTEST_PASSWORD {
        wrong(
            "password",
            "Kies een wachtwoord van ten minste 12 tekens. Een paar losse woorden achter elkaar werkt goed.",
            "Choose a password of at least 12 characters. A few separate words in a row work well.",
        );
    } else if length > LONGEST_PASSWORD {
        wrong(
            "password",
            "Dit wachtwoord is te lang. Houd het onder de 1000 tekens.",
            "This password is too long. Keep it under 1000 characters.",
        );
    }
    if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
}

/// Whether this can be an e-mail address: something, an @, and a domain with a dot within. Only sending to it proves more.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let has_dot = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    !local.is_empty() && has_dot && !domain.contains('@') && !text.contains(char::is_whitespace)
}

/// A name as it stands in addresses.
fn slug(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .map(|letter| match letter {
            'a'..='z' | '0'..='9' => letter,
            'á' | 'à' | 'ä' | 'â' => 'a',
            'é' | 'è' | 'ë' | 'ê' => 'e',
            'í' | 'ì' | 'ï' | 'î' => 'i',
            'ó' | 'ò' | 'ö' | 'ô' => 'o',
            'ú' | 'ù' | 'ü' | 'û' => 'u',
            'ç' => 'c',
            _ => ' ',
        })
        .collect();
    let slug = plain.split_whitespace().collect::<Vec<_>>().join("-");
    let short: String = slug.chars().take(40).collect();
    let short = short.trim_matches('-');
    if short.is_empty() { "organisatie".into() } else { short.to_owned() }
}

/// Twelve letters and digits that cannot be mistaken for each other when read aloud: 58 bits.
fn report_code(random: &[u8; 32]) -> String {
    const LETTERS: &[u8] = b"23456789abcdefghjkmnpqrstuvwxyz";
    random
        .iter()
        .take(12)
        .filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()))
        .map(|letter| char::from(*letter))
        .collect()
}
