//! What is PostgreSQL's own, under the names by which the shared files speak of their database.

use sqlx::Transaction;
use sqlx::error::DatabaseError;

use app::{StoreError, Trouble};
use facts::OrganisationId;

use crate::error::failed;
pub(crate) use crate::said::{plain, plain_migration};

pub(crate) use crate::PostgresStore as Store;

pub(crate) type Db = sqlx::Postgres;
pub(crate) type DbRow = sqlx::postgres::PgRow;
pub(crate) type Pool = sqlx::PgPool;
pub(crate) type Arguments = sqlx::postgres::PgArguments;

/// The texts of a JSON list that is bound, as a table: `each.value`.
macro_rules! each {
    ($list:literal) => {
        concat!("jsonb_array_elements_text(CAST(", $list, " AS JSONB)) AS each (value)")
    };
}
pub(crate) use each;

/// Whether a column is among what a statement finds. Found once, as a list: as a table it would be joined, and for all that
/// a plan made beforehand knows, by going past it for every row.
macro_rules! among {
    ($column:literal, $statement:expr) => {
        concat!($column, " = ANY (ARRAY(", $statement, "))")
    };
}
pub(crate) use among;

/// Whether a column's words, with a space on both sides of each, hold a text that is bound. Nothing is in all of them.
macro_rules! has_text {
    ($column:literal, $text:literal) => {
        concat!("strpos(' ' || ", $column, " || ' ', ", $text, ") > 0")
    };
}
pub(crate) use has_text;

/// `raise_exception`: a RAISE in one of our functions.
const BY_TRIGGER: &str = "P0001";
/// `serialization_failure` and `deadlock_detected`: of two, the other one was let through.
const OVERTAKEN: [&str; 2] = ["40001", "40P01"];

/// The lock of who becomes the first; an organisation's is its id's.
const PEOPLE: i64 = 1;
/// The lock lasts as long as the transaction, whatever becomes of it.
const LOCK: &str = "SELECT pg_advisory_xact_lock($1)";

/// `character_not_in_repertoire`: text with a NUL, which PostgreSQL's TEXT never holds.
const NO_TEXT: &str = "22021";

/// Whether it asked for text that no row can hold.
pub(crate) fn is_unheard_of(cause: &dyn DatabaseError) -> bool {
    cause.code().as_deref() == Some(NO_TEXT)
}

/// Whether a trigger of ours refused it.
pub(crate) fn is_refused_by_trigger(cause: &dyn DatabaseError) -> bool {
    cause.code().as_deref() == Some(BY_TRIGGER)
}

/// Whether it failed because somebody else changed the same at the same moment.
pub(crate) fn is_overtaken(cause: &dyn DatabaseError) -> bool {
    cause.code().is_some_and(|code| OVERTAKEN.contains(&code.as_ref()))
}

/// Who gets no connection in time cannot reach the server.
pub(crate) const WHEN_NO_TURN_CAME: Trouble = Trouble::Unreachable;

/// What an SQLSTATE means (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
pub(crate) fn trouble_of_code(cause: &dyn DatabaseError) -> Trouble {
    let code = cause.code().unwrap_or_default();
    match code.as_ref() {
        // disk_full
        "53100" => Trouble::Full,
        // read_only_sql_transaction (a standby, or `default_transaction_read_only`)
        "25006" => Trouble::ReadOnly,
        // insufficient_privilege: since PostgreSQL 15 a role makes nothing in a database that is not its own
        "42501" => Trouble::NoRights,
        // lock_not_available, query_canceled (by our own limit of time)
        "55P03" | "57014" => Trouble::Held,
        // data_corrupted, index_corrupted
        "XX001" | "XX002" => Trouble::Damaged,
        // io_error
        "58030" => Trouble::Failing,
        // too_many_connections, idle_in_transaction_session_timeout
        "53300" | "25P03" => Trouble::Unreachable,
        // Connection exceptions, operator intervention (shutting down, starting).
        code if ["08", "57"].iter().any(|class| code.starts_with(class)) => Trouble::Unreachable,
        _ => Trouble::Other,
    }
}

/// The connection is a network's: whatever ails it, the server is not reached.
pub(crate) fn trouble_of_connection(_: &std::io::Error) -> Trouble {
    Trouble::Unreachable
}

/// Keeps others from appending to this journal until the transaction ends. Two organisations whose ids end alike would
/// wait for each other, and nothing worse.
pub(crate) async fn lock_journal(tx: &mut Transaction<'_, Db>, organisation: OrganisationId) -> Result<(), StoreError> {
    let (_, key) = organisation.0.as_u64_pair();
    lock(tx, key.cast_signed()).await
}

/// Keeps others from becoming the first administrator until the transaction ends.
pub(crate) async fn lock_people(tx: &mut Transaction<'_, Db>) -> Result<(), StoreError> {
    lock(tx, PEOPLE).await
}

/// Lets the journal take in entries between which others are gone, until `let_no_gaps_in` or the end of the transaction; what
/// that needs.
pub(crate) async fn let_gaps_in(tx: &mut Transaction<'_, Db>) -> Result<(), StoreError> {
    let guard = "ALTER TABLE journal DISABLE TRIGGER journal_only_grows";
    sqlx::query(guard).execute(&mut **tx).await.map(drop).map_err(failed)
}

/// Puts back what keeps the journal without gaps.
pub(crate) async fn let_no_gaps_in(tx: &mut Transaction<'_, Db>, (): ()) -> Result<(), StoreError> {
    let guard = "ALTER TABLE journal ENABLE TRIGGER journal_only_grows";
    sqlx::query(guard).execute(&mut **tx).await.map(drop).map_err(failed)
}

async fn lock(tx: &mut Transaction<'_, Db>, key: i64) -> Result<(), StoreError> {
    sqlx::query(LOCK).bind(key).execute(&mut **tx).await.map_err(failed)?;
    Ok(())
}

/// A transaction that sees one moment, fixed by its first statement, and writes nothing. Whoever reads it may be slower
/// than the server is patient with others.
pub(crate) async fn snapshot(readers: &Pool) -> Result<Transaction<'static, Db>, StoreError> {
    let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    let mut tx = readers.begin_with(begin).await.map_err(failed)?;
    let patient = "SET LOCAL idle_in_transaction_session_timeout = 0";
    sqlx::query(patient).execute(&mut *tx).await.map_err(failed)?;
    Ok(tx)
}

/// The columns of a table, each with its type; none where there is no such table.
pub(crate) async fn columns(tx: &mut Transaction<'_, Db>, table: &str) -> Result<Vec<(String, String)>, StoreError> {
    let text = "
        SELECT column_name::TEXT, data_type::TEXT FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER'";
    sqlx::query_as(text).bind(table).fetch_all(&mut **tx).await.map_err(failed)
}

/// Tables that this database alone has, and that are not copied as such.
#[cfg(test)]
pub(crate) const ALSO_LEFT_OUT: &[(&str, &str)] = &[
    ("documents", "files are copied by their own port"),
    ("document_parts", "files are copied by their own port"),
    ("uploads", "files on their way in"),
    ("upload_parts", "files on their way in"),
];

/// Every table of the schema.
pub(crate) const TABLES: &str = "
    SELECT table_name::TEXT FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'";

/// A table that stands there before any other while a copy is taken in, until `intake` says so. That it is there is all it
/// says. Not of the schema: it has to be there before that.
const FIRST_MARK: &str = "taking_in";

/// Whether the first mark is there.
pub(crate) async fn has_first_mark(pool: &Pool) -> Result<bool, StoreError> {
    let mut tx = pool.begin().await.map_err(failed)?;
    Ok(!columns(&mut tx, FIRST_MARK).await?.is_empty())
}

/// Marks a database as one that takes in a copy.
pub(crate) async fn put_first_mark(pool: &Pool) -> Result<(), StoreError> {
    let made = sqlx::query("CREATE TABLE IF NOT EXISTS taking_in (one SMALLINT)").execute(pool).await;
    made.map(drop).map_err(failed)
}

/// The first mark of a copy that is taken in gives way to the one in `intake`.
pub(crate) async fn first_mark_is_taken_over(store: &Store) -> Result<(), StoreError> {
    let dropped = sqlx::query("DROP TABLE IF EXISTS taking_in").execute(&store.writer).await;
    dropped.map(drop).map_err(failed)
}

/// Nothing can be told to the server here: it gives the room of deleted rows back by itself (autovacuum), and what its
/// own log still holds ages out with that (docs/retention.md).
pub(crate) async fn settle(_: &Store) -> Result<(), StoreError> {
    Ok(())
}

/// A store for the tests that stand in the shared files, and what must live as long as it.
#[cfg(test)]
pub(crate) async fn for_a_test() -> Option<(Store, impl Sized)> {
    let database = store_conformance::Throwaway::new().await?;
    let store = Store::open(database.address()).await.ok()?;
    Some((store, database))
}

/// The tables of which a statement would read all: where no index serves, so that even a server told to avoid it
/// (`enable_seqscan`) reads the table. Which of several indices it takes says nothing while the tables are empty; the plans of
/// SQLite, which do not depend on that, say it for both.
#[cfg(test)]
pub(crate) async fn reads_much_of(store: &Store, statement: &'static str) -> Vec<String> {
    use sqlx::{AssertSqlSafe, Executor, Row};

    let mut connection = store.writer.acquire().await.expect("a connection");
    let values = (1..99).take_while(|place| statement.contains(&format!("${place}"))).map(|_| "NULL");
    let values = values.collect::<Vec<_>>().join(", ");
    let values = if values.is_empty() { values } else { format!("({values})") };
    // Of an empty table it would read all to join it; one with a history is joined row by row.
    let settings = ["enable_seqscan = off", "enable_hashjoin = off", "enable_mergejoin = off"];
    let settings = settings.map(|setting| format!("SET {setting}"));
    for before in
        settings.iter().map(String::as_str).chain(["SET plan_cache_mode = force_generic_plan", "DEALLOCATE ALL"])
    {
        let before = AssertSqlSafe(before.to_owned());
        connection.execute(sqlx::raw_sql(before)).await.expect("PostgreSQL is set so");
    }
    let prepare = AssertSqlSafe(format!("PREPARE asked AS {statement}"));
    connection.execute(sqlx::raw_sql(prepare)).await.expect("PostgreSQL takes it");
    let explain = AssertSqlSafe(format!("EXPLAIN (FORMAT JSON, COSTS OFF) EXECUTE asked{values}"));
    let plan = connection.fetch_one(sqlx::raw_sql(explain)).await.expect("PostgreSQL explains it");
    let mut much = Vec::new();
    walk(&plan.get::<serde_json::Value, _>(0), &mut much);
    much
}

/// Every step of a plan that reads a table without a condition that an index takes.
#[cfg(test)]
fn walk(step: &serde_json::Value, much: &mut Vec<String>) {
    match step {
        serde_json::Value::Array(steps) => steps.iter().for_each(|step| walk(step, much)),
        serde_json::Value::Object(parts) => {
            let text = |name: &str| parts.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
            let reads = ["Seq Scan", "Index Scan", "Index Only Scan"].contains(&text("Node Type"));
            if reads && text("Index Cond").is_empty() {
                much.push(text("Relation Name").to_owned());
            }
            parts.values().for_each(|part| walk(part, much));
        }
        _ => {}
    }
}
