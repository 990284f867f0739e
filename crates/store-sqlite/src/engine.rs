//! What is SQLite's own. Everything else of the store is written once and compiled for each database: the other files of
//! this crate are `store-postgres`'s too, and name the database by this file's words alone.

use sqlx::Transaction;
use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

use app::{StoreError, Trouble};
use facts::OrganisationId;

use crate::error::failed;

pub(crate) use crate::SqliteStore as Store;

pub(crate) type Db = sqlx::Sqlite;
pub(crate) type DbRow = sqlx::sqlite::SqliteRow;
pub(crate) type Pool = sqlx::SqlitePool;
pub(crate) type Arguments = sqlx::sqlite::SqliteArguments;

/// The texts of a JSON list that is bound, as a table: `each.value`.
macro_rules! each {
    ($list:literal) => {
        concat!("json_each(", $list, ") AS each")
    };
}
pub(crate) use each;

/// Whether a column is among what a statement finds.
macro_rules! among {
    ($column:literal, $statement:expr) => {
        concat!($column, " IN (", $statement, ")")
    };
}
pub(crate) use among;

/// Whether a column's words, with a space on both sides of each, hold a text that is bound. Nothing is in all of them.
macro_rules! has_text {
    ($column:literal, $text:literal) => {
        concat!("instr(' ' || ", $column, " || ' ', ", $text, ") > 0")
    };
}
pub(crate) use has_text;

/// SQLITE_CONSTRAINT_TRIGGER, the extended result code of a RAISE.
const BY_TRIGGER: &str = "1811";

/// Whether it asked for text that no row can hold. SQLite takes any, and finds none.
pub(crate) fn is_unheard_of(_: &dyn DatabaseError) -> bool {
    false
}

/// Whether a trigger of ours refused it.
pub(crate) fn is_refused_by_trigger(cause: &dyn DatabaseError) -> bool {
    cause.code().as_deref() == Some(BY_TRIGGER)
}

/// Whether it failed because somebody else changed the same at the same moment. Here writers wait for each other.
pub(crate) fn is_overtaken(_: &dyn DatabaseError) -> bool {
    false
}

/// Who waits for a turn to write and does not get it waits for another program: what is under way here is short.
pub(crate) const WHEN_NO_TURN_CAME: Trouble = Trouble::Held;

/// What a result code means (<https://www.sqlite.org/rescode.html>). The low byte is the kind, the rest its detail.
pub(crate) fn trouble_of_code(cause: &dyn DatabaseError) -> Trouble {
    let code = cause.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default();
    match (code & 0xff, code) {
        // FULL; and an IOERR of the shared memory's file that could not grow (SHMSIZE), which is a full disk by another name.
        (13, _) | (_, 4874) => Trouble::Full,
        // READONLY, PERM, AUTH, CANTOPEN.
        (8 | 3 | 23 | 14, _) => Trouble::ReadOnly,
        // BUSY, LOCKED, PROTOCOL (a lock of the write-ahead log that was never free).
        (5 | 6 | 15, _) => Trouble::Held,
        // CORRUPT, NOTADB.
        (11 | 26, _) => Trouble::Damaged,
        // IOERR.
        (10, _) => Trouble::Failing,
        _ => Trouble::Other,
    }
}

/// There is no connection: what fails is a file.
pub(crate) fn trouble_of_connection(cause: &std::io::Error) -> Trouble {
    Trouble::of_file(cause.kind())
}

/// An error as it is shown: the driver's own words say what is wrong.
pub(crate) fn plain(error: sqlx::Error) -> sqlx::Error {
    error
}

/// The same of one that kept the schema from being brought up to date.
pub(crate) fn plain_migration(error: MigrateError) -> MigrateError {
    error
}

/// Keeps others from appending to this journal until the transaction ends. Nothing to do here: who writes to an SQLite
/// database is alone in it from the transaction's beginning.
pub(crate) async fn lock_journal(_: &mut Transaction<'_, Db>, _: OrganisationId) -> Result<(), StoreError> {
    Ok(())
}

/// A transaction that sees one moment, fixed by its first statement, and writes nothing.
pub(crate) async fn snapshot(readers: &Pool) -> Result<Transaction<'static, Db>, StoreError> {
    readers.begin().await.map_err(failed)
}

/// The columns of a table, each with its type; none where there is no such table.
pub(crate) async fn columns(tx: &mut Transaction<'_, Db>, table: &str) -> Result<Vec<(String, String)>, StoreError> {
    let query = sqlx::query_as("SELECT name, type FROM pragma_table_info($1)").bind(table);
    query.fetch_all(&mut **tx).await.map_err(failed)
}

/// Tables that this database alone has, and that are not copied as such.
#[cfg(test)]
pub(crate) const ALSO_LEFT_OUT: &[(&str, &str)] = &[];

/// Every table of the schema.
pub(crate) const TABLES: &str =
    r"SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'";

/// Writes what was deleted over in the database's own files: SQLite zeroes it in its pages (`secure_delete`), and the
/// write-ahead log, which holds the pages of before, is emptied once nobody reads from it.
pub(crate) async fn settle(store: &Store) -> Result<(), StoreError> {
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&store.writer).await.map_err(failed)?;
    Ok(())
}

/// The first mark of a copy that is taken in gives way to the one in the database (`open`).
pub(crate) async fn first_mark_is_taken_over(store: &Store) -> Result<(), StoreError> {
    store.remove_first_mark()
}

/// Lets the journal take in entries between which others are gone, until `let_no_gaps_in` or the end of the transaction; what
/// that needs.
pub(crate) async fn let_gaps_in(tx: &mut Transaction<'_, Db>) -> Result<String, StoreError> {
    let guard = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'journal_only_grows'";
    let guard = sqlx::query_scalar::<_, String>(guard).fetch_one(&mut **tx).await.map_err(failed)?;
    sqlx::query("DROP TRIGGER journal_only_grows").execute(&mut **tx).await.map_err(failed)?;
    Ok(guard)
}

/// Puts back what keeps the journal without gaps.
pub(crate) async fn let_no_gaps_in(tx: &mut Transaction<'_, Db>, guard: String) -> Result<(), StoreError> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(guard)).execute(&mut **tx).await.map(drop).map_err(failed)
}

/// Keeps others from becoming the first administrator until the transaction ends; as with the journal.
pub(crate) async fn lock_people(_: &mut Transaction<'_, Db>) -> Result<(), StoreError> {
    Ok(())
}

/// A store for the tests that stand in the shared files, and what must live as long as it.
#[cfg(test)]
pub(crate) async fn for_a_test() -> Option<(Store, impl Sized)> {
    let folder = tempfile::tempdir().ok()?;
    let store = Store::open(folder.path()).await.ok()?;
    Some((store, folder))
}

/// The tables of which a statement would read all, or all that one organisation has in it, whatever it then does with it.
#[cfg(test)]
pub(crate) async fn reads_much_of(store: &Store, statement: &'static str) -> Vec<String> {
    use sqlx::{AssertSqlSafe, Row};

    let plan = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}")));
    let plan = plan.fetch_all(&store.writer).await.expect("SQLite explains it");
    let steps = plan.iter().map(|step| step.get::<String, _>("detail"));
    let table = |step: String| {
        let (how, rest) = step.split_once(' ')?;
        let is_much = how == "SCAN" || (how == "SEARCH" && rest.ends_with("(organisation=?)"));
        let table = rest.split(' ').next()?;
        is_much.then(|| table.to_owned())
    };
    steps.filter_map(table).collect()
}
