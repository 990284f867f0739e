//! The store from outside: what every store must do, and what only a database server can do wrong.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod append_only;
mod server;
#[path = "../../../store-sqlite/tests/it/tampered.rs"]
mod tampered;
#[path = "../../../store-sqlite/tests/it/upgrades.rs"]
mod upgrades;
mod whole;

use std::sync::Arc;

use app::Store;
use store_conformance::{Bench, Throwaway};
use store_postgres::PostgresStore;

store_conformance::conformance!(fresh);

/// A store in a database that goes when the test is done.
async fn fresh() -> Option<(Arc<dyn Store>, Throwaway)> {
    let database = Throwaway::new().await?;
    Some((open(&database).await, database))
}

async fn open(database: &Throwaway) -> Arc<dyn Store> {
    Arc::new(PostgresStore::open(database.address()).await.unwrap())
}

/// A store with one organisation (`zorg`) and one incident of two entries in it.
async fn filled() -> Option<(Bench, app::Scope, Throwaway)> {
    let (store, database) = fresh().await?;
    let bench = Bench::new(store);
    let scope = bench.organisation("zorg").await;
    bench.open(&scope, 1, 2).await;
    Some((bench, scope, database))
}

/// An empty place for the database, for what is shared with the other store's tests.
struct Place(Throwaway);

type Raw = sqlx::PgConnection;

/// Takes away what keeps bodies from being changed: the owner of the database can.
const UNGUARDED: &str = "DROP TRIGGER bodies_are_not_updated ON journal_bodies; \
    DROP TRIGGER bodies_are_deleted_by_erasure_alone ON journal_bodies";

impl Place {
    async fn new() -> Option<Self> {
        Throwaway::new().await.map(Self)
    }

    async fn raw(&self) -> Raw {
        self.0.connect().await
    }

    async fn open(&self) -> Arc<dyn Store> {
        open(&self.0).await
    }

    /// A session in which nothing is refused: no trigger fires, and no reference is looked after.
    async fn unguarded(&self) -> Raw {
        let mut raw = self.raw().await;
        sqlx::raw_sql("SET session_replication_role = replica").execute(&mut raw).await.unwrap();
        raw
    }

    /// A store that takes in a copy.
    async fn intake(&self, schema: i64) -> Arc<dyn Store> {
        Arc::new(PostgresStore::open_for_intake(self.0.address(), schema).await.unwrap())
    }
}
