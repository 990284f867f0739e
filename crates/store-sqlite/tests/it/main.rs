//! The store from outside: what every store must do, and what only a database file can do wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod append_only;
mod erased;
mod folder;
mod tampered;
mod upgrades;
mod whole;

use std::sync::Arc;

use app::Store;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use store_conformance::Bench;
use store_sqlite::SqliteStore;
use tempfile::TempDir;

store_conformance::conformance!(fresh);

/// A store in a folder that goes when the test is done.
async fn fresh() -> Option<(Arc<dyn Store>, TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    Some((open(&folder).await, folder))
}

async fn open(folder: &TempDir) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(folder.path()).await.unwrap())
}

/// A store with one organisation (`zorg`) and one incident of two entries in it.
async fn filled() -> (Bench, app::Scope, TempDir) {
    let (store, folder) = fresh().await.unwrap();
    let bench = Bench::new(store);
    let scope = bench.organisation("zorg").await;
    bench.open(&scope, 1, 2).await;
    (bench, scope, folder)
}

/// The database itself, as anybody with the file can open it.
async fn raw(folder: &TempDir) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(folder.path().join("dijkwacht.db")).foreign_keys(false);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// An empty place for the database, for what is shared with the other store's tests.
struct Place(TempDir);

type Raw = SqliteConnection;

/// Takes away what keeps bodies from being changed: whoever has the file can.
const UNGUARDED: &str = "DROP TRIGGER bodies_are_not_updated; DROP TRIGGER bodies_are_deleted_by_erasure_alone";

impl Place {
    async fn new() -> Option<Self> {
        tempfile::tempdir().ok().map(Self)
    }

    async fn raw(&self) -> Raw {
        let options = SqliteConnectOptions::new().filename(self.0.path().join("dijkwacht.db")).create_if_missing(true);
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    async fn open(&self) -> Arc<dyn Store> {
        open(&self.0).await
    }

    /// The database of a store that was opened, in which nothing is refused any more.
    async fn unguarded(&self) -> Raw {
        let mut raw = raw(&self.0).await;
        let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'";
        for name in sqlx::query_scalar::<_, String>(triggers).fetch_all(&mut raw).await.unwrap() {
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("DROP TRIGGER {name}"))).execute(&mut raw).await.unwrap();
        }
        raw
    }

    /// A store that takes in a copy.
    async fn intake(&self, schema: i64) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open_for_intake(self.0.path(), schema).await.unwrap())
    }
}
