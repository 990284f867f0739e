//! From what the database says to the three answers of the ports.

use jiff::Timestamp;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

use app::{StoreError, Trouble};

use crate::engine::{
    WHEN_NO_TURN_CAME, is_overtaken, is_refused_by_trigger, is_unheard_of, plain, plain_migration, trouble_of_code,
    trouble_of_connection,
};

/// What is wrong with the database or a document in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(
        "database holds {0} that this program cannot read: restore a back-up, or start the newer program that wrote it"
    )]
    Unreadable(&'static str),
    #[error("{0} is too large for the database")]
    TooLarge(&'static str),
    #[error(
        "database at {place} was made by a newer program (it has migration {migration}): start that one, or restore a back-up"
    )]
    Newer { place: String, migration: i64 },
    #[error("the copy is of a newer program (it has migration {migration}): use that one, or a newer one")]
    NewerCopy { migration: i64 },
    #[error(
        "what is in {place} is not whole: a restore or a move into it was stopped. Run the same `restore` or `migrate` \
         again, which goes on where it was, or empty it (move what is in the folder elsewhere; `dropdb` and `createdb` for a database) \
         and begin anew"
    )]
    Unfinished { place: String },
    #[error(
        "what is in {place} was moved to {to} at {at}, and goes on there: use that. (If that move was stopped before its end, \
         run the same `migrate` again.) To use {place} after all, without what was written in {to} since: \
         `dijkwacht migrate --reopen {place}`"
    )]
    Moved { place: String, to: String, at: Timestamp },
    #[error("everything here was moved to {to} at {at}, and goes on there: use that, and end this server")]
    MovedMeanwhile { to: String, at: Timestamp },
    #[error("database at {place} cannot be brought up to date")]
    Migration { place: String, source: MigrateError },
    #[error("document {0} is not what it was when it was stored: restore it from a back-up")]
    DamagedBlob(String),
    #[error("bytes do not hash to the name {0} that they were to be stored under")]
    WrongBlob(String),
}

impl Fault {
    fn trouble(&self) -> Trouble {
        match self {
            Self::Unreadable(_) | Self::DamagedBlob(_) => Trouble::Damaged,
            Self::MovedMeanwhile { .. } => Trouble::Moved,
            Self::Migration {
                source: MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _), ..
            } => trouble(cause),
            _ => Trouble::Other,
        }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        Self::Unavailable(fault.trouble(), Box::new(fault))
    }
}

/// What keeps the database from doing its work.
pub(crate) fn trouble(error: &sqlx::Error) -> Trouble {
    match error {
        sqlx::Error::Database(cause) if is_moved(cause.as_ref()) => Trouble::Moved,
        sqlx::Error::Database(cause) if is_out_of_step(cause.as_ref()) => Trouble::Damaged,
        sqlx::Error::Database(cause) => trouble_of_code(cause.as_ref()),
        sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Trouble::Damaged,
        sqlx::Error::PoolTimedOut => WHEN_NO_TURN_CAME,
        sqlx::Error::Io(cause) => trouble_of_connection(cause),
        sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) => Trouble::Unreachable,
        _ => Trouble::Other,
    }
}

/// Whether the journal takes no entry more, since everything was moved: in the words of the trigger that refuses it.
fn is_moved(cause: &dyn DatabaseError) -> bool {
    is_refused_by_trigger(cause) && cause.message().contains("was moved to another place, and goes on there")
}

/// Whether an entry does not follow the last one that is there, so that others before it are gone: in the words of the trigger
/// that refuses it.
fn is_out_of_step(cause: &dyn DatabaseError) -> bool {
    is_refused_by_trigger(cause) && cause.message().contains("only grows, one entry after the other")
}

/// Why a database could not be brought to this program's schema.
pub(crate) fn not_migrated(place: String, error: MigrateError) -> StoreError {
    match error {
        MigrateError::VersionMissing(migration) => Fault::Newer { place, migration },
        MigrateError::VersionNotPresent(migration) => Fault::NewerCopy { migration },
        source => Fault::Migration { place, source: plain_migration(source) },
    }
    .into()
}

/// What a statement's failure means: something stands there already, something it refers to does not, or the database
/// cannot be used.
pub(crate) fn failed(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::RowNotFound => StoreError::NotFound,
        sqlx::Error::Database(cause) if cause.is_unique_violation() => StoreError::Conflict,
        // What is written was looked at before (`convert::kept`), so it was asked for: no row has it.
        sqlx::Error::Database(cause) if is_unheard_of(cause.as_ref()) => StoreError::NotFound,
        sqlx::Error::Database(cause) if is_overtaken(cause.as_ref()) => StoreError::Conflict,
        sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => StoreError::NotFound,
        other => StoreError::Unavailable(trouble(&other), Box::new(plain(other))),
    }
}
