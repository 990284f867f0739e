//! Opening the database: waited for when its server is starting, brought to this program's schema.

use std::str::FromStr;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use tokio::time::Instant;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection};

use app::{StoreError, Trouble};

use crate::PostgresStore;
use crate::copies::{refuse_filled, refuse_moved, refuse_unfinished};
use crate::engine::{has_first_mark, plain, put_first_mark};
use crate::error::{Fault, failed, not_migrated, trouble};

/// How long a starting program waits for a server that is starting too.
const PATIENCE_AT_START: Duration = Duration::from_secs(30);
/// How long a request waits for a connection before it answers that the data cannot be reached.
const PATIENCE: Duration = Duration::from_secs(5);
const BETWEEN_TRIES: Duration = Duration::from_millis(250);
/// How long a server may take to answer before somebody wonders, and how often it is said again.
const BEFORE_A_WORD: Duration = Duration::from_secs(2);
const BETWEEN_WORDS: Duration = Duration::from_secs(30);
/// Each server takes at most this many of the connections that PostgreSQL gives out (100, unless told otherwise).
const MOST_CONNECTIONS: u32 = 10;

/// A lock is waited for as long as SQLite waits for another writer; a server that turned `synchronous_commit` off for
/// others keeps what it acknowledges to us.
const SETTINGS: &str = "
    SELECT set_config('lock_timeout', '10s', false),
        set_config('statement_timeout', '60s', false),
        set_config('idle_in_transaction_session_timeout', '60s', false),
        CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', false) END";

const ENCODING: &str = "SELECT current_setting('server_encoding')";

/// Why the database could not be opened. None of these shows a password.
#[derive(Debug, thiserror::Error)]
enum NotOpened {
    #[error("address of the database cannot be read: write postgres://USER:PASSWORD@HOST:PORT/DATABASE")]
    Address { source: sqlx::Error },
    #[error("database at {place} does not let this program in")]
    Refused { place: String, source: sqlx::Error },
    #[error(
        "there is no database {name} at {place}: make it first, owned by the role that signs in (`createdb --owner=ROLE {name}`)"
    )]
    Absent { place: String, name: String, source: sqlx::Error },
    #[error("database at {place} did not answer in {seconds} seconds")]
    Unreachable { place: String, seconds: u64, source: Option<sqlx::Error> },
    #[error("database at {place} holds text as {encoding}: make one with ENCODING 'UTF8'")]
    Encoding { place: String, encoding: String },
}

impl From<NotOpened> for StoreError {
    fn from(fault: NotOpened) -> Self {
        let trouble = match &fault {
            NotOpened::Unreachable { .. } => Trouble::Unreachable,
            NotOpened::Refused { source, .. } => trouble(source),
            NotOpened::Address { .. } | NotOpened::Absent { .. } | NotOpened::Encoding { .. } => Trouble::Other,
        };
        Self::Unavailable(trouble, Box::new(fault))
    }
}

/// How a server that is not there yet is waited for.
#[derive(Clone, Copy)]
pub struct Waiting<'w> {
    /// For how long; nothing: until it comes.
    pub most: Option<Duration>,
    /// Is told why it cannot be reached: after two seconds, when the reason changes, and every half minute.
    pub told: &'w (dyn Fn(&str) + Send + Sync),
}

impl Default for Waiting<'_> {
    fn default() -> Self {
        Self { most: Some(PATIENCE_AT_START), told: &|_| {} }
    }
}

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

impl PostgresStore {
    /// Opens the store at an address (`postgres://user:password@host:port/database?sslmode=verify-full`) and applies the
    /// migrations that its database lacks; of several programs that start at once, one does. What the address leaves out
    /// comes from where PostgreSQL's own programs look for it.
    ///
    /// # Errors
    /// `Unavailable`: the address cannot be read, the server did not answer in half a minute or let nobody in, the database
    /// was made by a newer program, is taking in a copy, or was moved. No message holds the password.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        Self::open_waiting(address, Waiting::default()).await
    }

    /// The same, for who decides how long is waited and wants to hear why.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_waiting(address: &str, waiting: Waiting<'_>) -> Result<Self, StoreError> {
        let (store, place) = Self::reach(address, None, waiting).await?;
        refuse_moved(&store.readers, place).await?;
        Ok(store)
    }

    /// Opens what is there for reading, also what was moved.
    ///
    /// # Errors
    /// As [`Self::open`], but for having been moved.
    pub async fn open_to_read(address: &str, waiting: Waiting<'_>) -> Result<Self, StoreError> {
        Ok(Self::reach(address, None, waiting).await?.0)
    }

    /// The schema of this program: the number of its last migration.
    #[must_use]
    pub fn newest_schema() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    /// Opens it for taking in a copy of this schema, whether or not that has begun already.
    ///
    /// # Errors
    /// As [`Self::open`], and when the copy is of a newer program. `Conflict`: it holds something, and nothing of it is changed.
    pub async fn open_for_intake(address: &str, schema: i64) -> Result<Self, StoreError> {
        Ok(Self::reach(address, Some(schema), Waiting::default()).await?.0)
    }

    async fn reach(address: &str, schema: Option<i64>, waiting: Waiting<'_>) -> Result<(Self, String), StoreError> {
        let options = PgConnectOptions::from_str(address).map_err(|source| NotOpened::Address { source })?;
        let options = options.application_name("dijkwacht");
        let place = place(&options);
        let mut connection = reach(&options, &place, waiting).await?;
        let encoding: String = sqlx::query_scalar(ENCODING).fetch_one(&mut connection).await.map_err(failed)?;
        if encoding != "UTF8" {
            return Err(NotOpened::Encoding { place, encoding }.into());
        }
        connection.close().await.map_err(failed)?;
        // Without the settings below: bringing a large register up to date may take its time.
        let migrating = PgPoolOptions::new().max_connections(1).connect_lazy_with(options.clone());
        let is_marked = has_first_mark(&migrating).await?;
        let migrated = match schema {
            Some(schema) if !MIGRATIONS.version_exists(schema) => Err(MigrateError::VersionNotPresent(schema)),
            Some(schema) => {
                if !is_marked {
                    refuse_filled(&migrating).await?;
                    put_first_mark(&migrating).await?;
                }
                MIGRATIONS.run_to(schema, &migrating).await
            }
            None if is_marked => return Err(Fault::Unfinished { place }.into()),
            None => {
                refuse_unfinished(&migrating, place.clone()).await?;
                MIGRATIONS.run(&migrating).await
            }
        };
        migrated.map_err(|error| not_migrated(place.clone(), error))?;
        migrating.close().await;
        let pool = PgPoolOptions::new().max_connections(MOST_CONNECTIONS).acquire_timeout(PATIENCE);
        let pool = pool.after_connect(|connection, _| {
            Box::pin(async move { sqlx::query(SETTINGS).execute(connection).await.map(drop) })
        });
        let writer = pool.connect_lazy_with(options);
        Ok((Self { readers: writer.clone(), writer, swept_at: AtomicI64::new(i64::MIN) }, place))
    }
}

/// Where the database is, for messages: without user and password.
fn place(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or(options.get_username());
    match options.get_socket() {
        Some(socket) => format!("{}, database {database}", socket.display()),
        None => format!("postgres://{}:{}/{database}", options.get_host(), options.get_port()),
    }
}

/// A first connection. A server that is not there yet is waited for; one that refuses us is not.
async fn reach(options: &PgConnectOptions, place: &str, waiting: Waiting<'_>) -> Result<PgConnection, StoreError> {
    let began = Instant::now();
    let mut last: Option<sqlx::Error> = None;
    // When it was said, and why it was then.
    let mut said: Option<(Instant, String)> = None;
    loop {
        let left = waiting.most.map(|most| most.saturating_sub(began.elapsed()));
        // A server that takes the connection and then is silent is tried anew, so that somebody hears of it.
        let patience = left.map_or(BETWEEN_WORDS, |left| left.min(BETWEEN_WORDS));
        let place = place.to_owned();
        match tokio::time::timeout(patience, options.connect()).await {
            Ok(Ok(connection)) => return Ok(connection),
            Ok(Err(error)) if may_pass(&error) => last = Some(plain(error)),
            Ok(Err(source)) if is_absent(&source) => {
                let name = options.get_database().unwrap_or(options.get_username()).to_owned();
                return Err(NotOpened::Absent { place, name, source: plain(source) }.into());
            }
            Ok(Err(source)) => return Err(NotOpened::Refused { place, source: plain(source) }.into()),
            Err(_) => {}
        }
        if let Some(most) = waiting.most.filter(|most| began.elapsed() + BETWEEN_TRIES >= *most) {
            return Err(NotOpened::Unreachable { place, seconds: most.as_secs(), source: last }.into());
        }
        let why = last.as_ref().map_or_else(|| "no answer".to_owned(), ToString::to_string);
        let is_news = match &said {
            None => began.elapsed() >= BEFORE_A_WORD,
            Some((at, before)) => *before != why || at.elapsed() >= BETWEEN_WORDS,
        };
        if is_news {
            (waiting.told)(&why);
            said = Some((Instant::now(), why));
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
    }
}

/// Whether the server has no such database: `invalid_catalog_name`.
fn is_absent(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(cause) if cause.code().as_deref() == Some("3D000"))
}

/// Whether a server that is starting, or is not there for a moment, may be behind it.
fn may_pass(error: &sqlx::Error) -> bool {
    match error {
        // A certificate that is not to be trusted is no less so in a while.
        sqlx::Error::Io(error) => error.kind() != std::io::ErrorKind::InvalidData,
        // `cannot_connect_now`, `too_many_connections`.
        sqlx::Error::Database(cause) => cause.code().is_some_and(|code| ["57P03", "53300"].contains(&code.as_ref())),
        _ => false,
    }
}
