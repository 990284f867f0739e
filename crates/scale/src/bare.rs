//! The bare insert that an append is held against: one row, one transaction, brought to the disk as the stores bring theirs.

use anyhow::Context;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;

use crate::place::Place;

const TABLE: &str = "CREATE TABLE bare (id BIGINT NOT NULL PRIMARY KEY, body TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO bare (id, body) VALUES ($1, $2)";
/// About as long as the body of a note.
const BODY_BYTES: usize = 300;

/// An empty table, beside the store that is measured.
pub(crate) enum Bare {
    /// With a write-ahead log and `synchronous = FULL`, in a folder of its own.
    Sqlite {
        connection: SqliteConnection,
        /// Is removed when this is dropped.
        _folder: TempDir,
    },
    /// In the same database, with `synchronous_commit` on.
    Postgres(PgConnection),
}

impl Bare {
    pub(crate) async fn beside(place: &Place) -> anyhow::Result<Self> {
        let Some(address) = &place.address else {
            let folder = tempfile::Builder::new().prefix("bare-").tempdir_in(&place.folder)?;
            let options = SqliteConnectOptions::new()
                .filename(folder.path().join("bare.db"))
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            let mut connection = SqliteConnection::connect_with(&options).await?;
            sqlx::query(TABLE).execute(&mut connection).await?;
            return Ok(Self::Sqlite { connection, _folder: folder });
        };
        let mut connection = PgConnection::connect(address).await?;
        for statement in ["SET synchronous_commit = on", "DROP TABLE IF EXISTS bare", TABLE] {
            sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.context(statement)?;
        }
        Ok(Self::Postgres(connection))
    }

    pub(crate) async fn insert(&mut self, id: u32) -> anyhow::Result<()> {
        let body = "x".repeat(BODY_BYTES);
        match self {
            Self::Sqlite { connection, .. } => {
                sqlx::query(INSERT).bind(i64::from(id)).bind(body).execute(connection).await?;
            }
            Self::Postgres(connection) => {
                sqlx::query(INSERT).bind(i64::from(id)).bind(body).execute(connection).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn end(self) -> anyhow::Result<()> {
        if let Self::Postgres(mut connection) = self {
            sqlx::query("DROP TABLE bare").execute(&mut connection).await?;
        }
        Ok(())
    }
}
