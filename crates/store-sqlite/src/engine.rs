//! What is SQLite's own. Everything else of the store is written once and compiled for each database: the other files of
//! this crate are `store-postgres`'s too, and name the database by this file's words alone.

use sqlx::Transaction;
use sqlx::error::DatabaseError;

use app::StoreError;
use facts::OrganisationId;

pub(crate) use crate::SqliteStore as Store;

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type Pool = sqlx::SqlitePool;
pub(crate) type Arguments = sqlx::sqlite::SqliteArguments;

/// SQLITE_CONSTRAINT_TRIGGER, the extended result code of a RAISE.
const BY_TRIGGER: &str = "1811";

/// Whether a trigger of ours refused it.
pub(crate) fn is_refused_by_trigger(cause: &dyn DatabaseError) -> bool {
    cause.code().as_deref() == Some(BY_TRIGGER)
}

/// Whether it failed because somebody else changed the same at the same moment. Here writers wait for each other.
pub(crate) fn is_overtaken(_: &dyn DatabaseError) -> bool {
    false
}

/// Keeps others from appending to this journal until the transaction ends. Nothing to do here: who writes to an SQLite
/// database is alone in it from the transaction's beginning.
pub(crate) async fn lock_journal(_: &mut Transaction<'_, Db>, _: OrganisationId) -> Result<(), StoreError> {
    Ok(())
}

/// A store for the tests that stand in the shared files, and what must live as long as it.
#[cfg(test)]
pub(crate) async fn for_a_test() -> Option<(Store, impl Sized)> {
    let folder = tempfile::tempdir().ok()?;
    let store = Store::open(folder.path()).await.ok()?;
    Some((store, folder))
}
