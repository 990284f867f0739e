//! Sessions: an opaque cookie, its data with the stores under the hash of its id.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower_sessions::cookie::{SameSite, time::OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Session, SessionManagerLayer, SessionStore};

use app::ports::Store;
use app::{Trouble, Who};
use facts::UserId;

use crate::failure::Failure;
use crate::{Clock, State};

/// How long one signs in for: a working day.
const LASTS: SignedDuration = SignedDuration::from_hours(12);
const KEY: &str = "person";

/// What a session remembers.
#[derive(Serialize, Deserialize)]
struct Remembered {
    user: String,
    name: String,
    /// Stands in every form, against forms from elsewhere.
    token: String,
}

/// Who is signed in, with the token of their forms.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    pub(crate) who: Who,
    pub(crate) token: String,
}

/// The layer that finds a request's session and keeps it.
pub(crate) fn layer(state: &State) -> SessionManagerLayer<Sessions> {
    let store = Sessions { store: Arc::clone(&state.app.store), clock: Arc::clone(&state.clock) };
    // `__Host-` binds a cookie to this host and to HTTPS; browsers refuse it over plain HTTP.
    let name = if state.is_secure { "__Host-dijkwacht" } else { "dijkwacht" };
    SessionManagerLayer::new(store)
        .with_name(name)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_secure(state.is_secure)
        .with_path("/")
}

/// Who this session belongs to, if anybody.
pub(crate) async fn read(session: &Session) -> std::result::Result<Option<SignedIn>, Failure> {
    let remembered: Option<Remembered> = session.get(KEY).await.map_err(failed)?;
    Ok(remembered.and_then(|Remembered { user, name, token }| {
        let user = user.parse::<UserId>().ok()?;
        Some(SignedIn { who: Who { user, name }, token })
    }))
}

/// Begins a session under a new id, so that one planted before cannot be used after.
pub(crate) async fn begin(session: &Session, who: &Who, token: String) -> std::result::Result<(), Failure> {
    session.clear().await;
    session.cycle_id().await.map_err(failed)?;
    let remembered = Remembered { user: who.user.to_string(), name: who.name.clone(), token };
    session.insert(KEY, remembered).await.map_err(failed)?;
    // The layer keeps it too, and would answer with an empty page where that cannot be done.
    session.save().await.map_err(failed)?;
    Ok(())
}

/// Ends a session, here and in the store.
pub(crate) async fn end(session: &Session) -> std::result::Result<(), Failure> {
    session.flush().await.map_err(failed)?;
    Ok(())
}

/// A store that cannot be reached is no fault of the session.
fn failed(error: tower_sessions::session::Error) -> app::Error {
    match error {
        tower_sessions::session::Error::Store(Error::Backend(why)) => {
            let trouble = why.split(' ').next().and_then(Trouble::of_code).unwrap_or(Trouble::Other);
            app::Error::Unavailable(trouble, why.into())
        }
        other => app::Error::internal(other),
    }
}

/// The sessions of the store port, as the session layer wants them.
#[derive(Clone)]
pub(crate) struct Sessions {
    store: Arc<dyn Store>,
    clock: Clock,
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits do not meet twice.
        self.save(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let data = serde_json::to_vec(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let expires_at = (self.clock)() + LASTS;
        self.store.save_session(&hashed(&record.id), &data, expires_at).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(data) = self.store.load_session(&hashed(id), (self.clock)()).await.map_err(backend)? else {
            return Ok(None);
        };
        let data = serde_json::from_slice(&data).map_err(|error| Error::Decode(error.to_string()))?;
        // The store has looked at the time already, by our clock; the layer does not look again.
        Ok(Some(Record { id: *id, data, expiry_date: OffsetDateTime::UNIX_EPOCH }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        // Who signs in has none yet, mostly: what is not there need not wait for a turn to write.
        let id = hashed(id);
        if self.store.load_session(&id, (self.clock)()).await.map_err(backend)?.is_none() {
            return Ok(());
        }
        self.store.delete_session(&id).await.map_err(backend)
    }
}

fn hashed(id: &Id) -> String {
    Sha256::digest(id.0.to_le_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn backend(error: app::StoreError) -> Error {
    let error = app::Error::from(error);
    // The layer carries text alone: the code before it says what the trouble is.
    Error::Backend(format!("{} {error}", error.code()))
}
