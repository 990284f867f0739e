//! What is PostgreSQL's own, under the names by which the shared files speak of their database.

use sqlx::Transaction;
use sqlx::error::DatabaseError;

use app::StoreError;
use facts::OrganisationId;

use crate::error::failed;

pub(crate) use crate::PostgresStore as Store;

pub(crate) type Db = sqlx::Postgres;
pub(crate) type Pool = sqlx::PgPool;
pub(crate) type Arguments = sqlx::postgres::PgArguments;

/// `raise_exception`: a RAISE in one of our functions.
const BY_TRIGGER: &str = "P0001";
/// `serialization_failure` and `deadlock_detected`: of two, the other one was let through.
const OVERTAKEN: [&str; 2] = ["40001", "40P01"];

/// The lock lasts as long as the transaction, whatever becomes of it.
const LOCK_JOURNAL: &str = "SELECT pg_advisory_xact_lock($1)";

/// Whether a trigger of ours refused it.
pub(crate) fn is_refused_by_trigger(cause: &dyn DatabaseError) -> bool {
    cause.code().as_deref() == Some(BY_TRIGGER)
}

/// Whether it failed because somebody else changed the same at the same moment.
pub(crate) fn is_overtaken(cause: &dyn DatabaseError) -> bool {
    cause.code().is_some_and(|code| OVERTAKEN.contains(&code.as_ref()))
}

/// Keeps others from appending to this journal until the transaction ends. Two organisations whose ids end alike would
/// wait for each other, and nothing worse.
pub(crate) async fn lock_journal(tx: &mut Transaction<'_, Db>, organisation: OrganisationId) -> Result<(), StoreError> {
    let (_, key) = organisation.0.as_u64_pair();
    sqlx::query(LOCK_JOURNAL).bind(key.cast_signed()).execute(&mut **tx).await.map_err(failed)?;
    Ok(())
}

/// A store for the tests that stand in the shared files, and what must live as long as it.
#[cfg(test)]
pub(crate) async fn for_a_test() -> Option<(Store, impl Sized)> {
    let database = store_conformance::Throwaway::new().await?;
    let store = Store::open(database.address()).await.ok()?;
    Some((store, database))
}
