//! The bare insert that an append is held against: one row, one transaction, brought to the disk as the stores bring theirs.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};

use crate::timed::{Times, now};

const TABLE: &str = "CREATE TABLE bare (id BIGINT NOT NULL PRIMARY KEY, body TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO bare (id, body) VALUES ($1, $2)";
/// About as long as the body of a note.
const BODY_BYTES: usize = 300;

/// Inserts into a new SQLite database in this folder, with a write-ahead log and `synchronous = FULL`.
pub(crate) async fn sqlite(folder: &Path, count: u32) -> anyhow::Result<Times> {
    let file = tempfile::Builder::new().prefix("bare-").tempdir_in(folder)?;
    let options = SqliteConnectOptions::new()
        .filename(file.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    sqlx::query(TABLE).execute(&mut connection).await?;
    let body = "x".repeat(BODY_BYTES);
    let mut times = Vec::new();
    for id in 0..i64::from(count) {
        let began = now();
        sqlx::query(INSERT).bind(id).bind(&body).execute(&mut connection).await?;
        times.push(began.elapsed());
    }
    Ok(Times::of(times))
}

/// Inserts into a new table of a PostgreSQL database, each committed by itself with `synchronous_commit` on.
pub(crate) async fn postgres(address: &str, count: u32) -> anyhow::Result<Times> {
    let mut connection = PgConnection::connect(address).await?;
    for statement in ["SET synchronous_commit = on", "DROP TABLE IF EXISTS bare", TABLE] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.context(statement)?;
    }
    let body = "x".repeat(BODY_BYTES);
    let mut times: Vec<Duration> = Vec::new();
    for id in 0..i64::from(count) {
        let began = now();
        sqlx::query(INSERT).bind(id).bind(&body).execute(&mut connection).await?;
        times.push(began.elapsed());
    }
    sqlx::query("DROP TABLE bare").execute(&mut connection).await?;
    Ok(Times::of(times))
}
