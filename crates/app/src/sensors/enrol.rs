//! Enrolling a sensor: a token from a page, used once within a day, for a secret that only the sensor has.
//!
//! Of token and secret only hashes are kept. Both are 256 random bits, looked up by their hash: whoever tries cannot choose
//! how a hash begins, so the time that a look-up takes tells nothing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use facts::Text;
use incident::Permission;

use super::{Sensor, SensorToken, without_signs};
use crate::handle::require;
use crate::open::hex;
use crate::{App, Error, Scope, StoreError};

/// How long a token works.
const TOKEN_LASTS: SignedDuration = SignedDuration::from_hours(24);
/// The longest name of a sensor, in characters.
const LONGEST_NAME: usize = 80;
const LONGEST_VERSION: usize = 80;

/// A token, as it is shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSensorToken {
    pub token: String,
    pub expires_at: Timestamp,
}

/// A sensor that enrolled, with its secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolled {
    pub sensor: Sensor,
    /// The organisation's name.
    pub organisation: String,
    pub secret: String,
}

/// Why a sensor could not enrol.
#[derive(Debug, thiserror::Error)]
pub enum EnrolRefusal {
    #[error("no such token was made")]
    Unknown,
    #[error("a sensor enrolled with it already")]
    Used,
    #[error("it was made longer than 24 hours ago")]
    Expired,
    #[error(transparent)]
    Failed(#[from] Error),
}

impl App {
    /// Makes a token with which one sensor can enrol. `name`: what it is to be called; empty: as it says itself.
    pub async fn new_sensor_token(&self, scope: &Scope, name: &str, now: Timestamp) -> Result<NewSensorToken, Error> {
        require(scope, Permission::ManageSensors)?;
        let name = if name.trim().is_empty() { String::new() } else { checked_name(name)? };
        // Letters and digits alone: it is typed after an option, where a sign at its front would make it another option.
        let token = hex(&self.chance.bytes()?);
        let expires_at = now + TOKEN_LASTS;
        let made_by = scope.actor().name().to_owned();
        let kept = SensorToken {
            token_sha256: hash(&token),
            organisation: scope.id(),
            name,
            made_by,
            made_at: now,
            expires_at,
            used_at: None,
        };
        self.store.add_sensor_token(scope, &kept).await?;
        Ok(NewSensorToken { token, expires_at })
    }

    /// The tokens with which a sensor can enrol still, the newest first: who made them and until when they work, never the
    /// tokens themselves.
    pub async fn open_sensor_tokens(&self, scope: &Scope, now: Timestamp) -> Result<Vec<SensorToken>, Error> {
        require(scope, Permission::ManageSensors)?;
        Ok(self.store.open_sensor_tokens(scope, now).await?)
    }

    /// Withdraws a token with which no sensor enrolled, by its hash: it is unknown from then on. `NotFound`: there is none, or
    /// a sensor enrolled with it.
    pub async fn withdraw_sensor_token(&self, scope: &Scope, token_sha256: &str) -> Result<(), Error> {
        require(scope, Permission::ManageSensors)?;
        Ok(self.store.withdraw_sensor_token(scope, token_sha256).await?)
    }

    /// Enrols a sensor with a token.
    pub async fn enrol_sensor(
        &self,
        token: &str,
        name: &str,
        version: &str,
        now: Timestamp,
    ) -> Result<Enrolled, EnrolRefusal> {
        let kept = match self.store.sensor_token(&hash(token)).await {
            Ok(kept) => kept,
            Err(StoreError::NotFound) => return Err(EnrolRefusal::Unknown),
            Err(other) => return Err(Error::from(other).into()),
        };
        if kept.used_at.is_some() {
            return Err(EnrolRefusal::Used);
        }
        if kept.expires_at <= now {
            return Err(EnrolRefusal::Expired);
        }
        let secret = URL_SAFE_NO_PAD.encode(self.chance.bytes()?);
        let sensor = Sensor {
            id: self.chance.id(now)?,
            organisation: kept.organisation,
            name: if kept.name.is_empty() { checked_name(name)? } else { kept.name },
            version: version.chars().filter(|letter| !letter.is_control()).take(LONGEST_VERSION).collect(),
            enrolled_at: now,
            enrolled_by: kept.made_by,
            heard_at: now,
            state: String::new(),
            progress: String::new(),
            removed_at: None,
            learns_from: now,
            learns_by: String::new(),
            clock_off: None,
        };
        match self.store.enrol_sensor(&kept.token_sha256, &sensor, &hash(&secret)).await {
            Ok(()) => {}
            Err(StoreError::Conflict) => return Err(EnrolRefusal::Used),
            Err(other) => return Err(Error::from(other).into()),
        }
        let organisation = self.store.organisation(sensor.organisation).await.map_err(Error::from)?.name;
        Ok(Enrolled { sensor, organisation, secret })
    }

    /// The sensor of a secret; `NotFound`: there is none, or it was removed.
    pub async fn sensor_of_secret(&self, secret: &str) -> Result<Sensor, Error> {
        Ok(self.store.sensor_by_secret(&hash(secret)).await?)
    }

    /// Gives a sensor another name.
    pub async fn rename_sensor(&self, scope: &Scope, id: Uuid, name: &str) -> Result<(), Error> {
        require(scope, Permission::ManageSensors)?;
        Ok(self.store.rename_sensor(scope, id, &checked_name(name)?).await?)
    }

    /// Takes a sensor's secret from it: it can report no more. What it reported stays until its time is up.
    pub async fn remove_sensor(&self, scope: &Scope, id: Uuid, now: Timestamp) -> Result<(), Error> {
        require(scope, Permission::ManageSensors)?;
        Ok(self.store.remove_sensor(scope, id, now).await?)
    }
}

fn checked_name(name: &str) -> Result<String, Error> {
    let name = without_signs(name);
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Error::Invalid(vec![crate::FieldProblem {
            field: "name".into(),
            text: Text::new(
                "Geef de sensor een naam van één regel, ten hoogste 80 tekens, zoals kantoor-breda.",
                "Give the sensor a name of one line, at most 80 characters, such as office-breda.",
            ),
        }]));
    }
    Ok(name.to_owned())
}

fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}
