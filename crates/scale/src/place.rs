//! The stores that are measured: a folder each, and a database each on one PostgreSQL server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use app::{App, Intake, Store, copy_out};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;

use crate::fill::{application, leave_key};

/// Where a store is. A folder alone is SQLite; with an address it holds the key, and the rest is in PostgreSQL.
#[derive(Clone, Debug)]
pub struct Place {
    pub folder: PathBuf,
    pub address: Option<String>,
}

impl Place {
    /// What names it on the program's command line.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--data".to_owned(), self.folder.display().to_string()];
        if let Some(address) = &self.address {
            arguments.extend(["--database".to_owned(), address.clone()]);
        }
        arguments
    }

    /// The application over it.
    pub async fn open(&self) -> anyhow::Result<App> {
        leave_key(&self.folder)?;
        let store: Arc<dyn Store> = match &self.address {
            Some(address) => Arc::new(PostgresStore::open(address).await?),
            None => Arc::new(SqliteStore::open(&self.folder).await?),
        };
        application(store)
    }
}

/// Makes an empty database of this name on the server of an address; its own address.
pub async fn new_database(server: &str, name: &str) -> anyhow::Result<String> {
    let (before, _) = server.rsplit_once('/').context("the address of a database ends in /NAME")?;
    let mut connection = PgConnection::connect(server).await?;
    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
    for statement in [drop, create] {
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await?;
    }
    connection.close().await?;
    Ok(format!("{before}/{name}"))
}

/// Copies a whole store into an empty PostgreSQL database, by the way that backup and move take; then has the server count
/// what it got, as it does by itself after a while.
pub async fn copy(from: &Path, address: &str, now: Timestamp) -> anyhow::Result<()> {
    let source = SqliteStore::open(from).await?;
    let schema = app::Copies::snapshot(&source).await?.schema();
    let target = Arc::new(PostgresStore::open_for_intake(address, schema).await?);
    let mut intake = Intake::begin(target, "scale", now).await?;
    copy_out(&source, &mut intake, app::Damaged::Refused, &|_, _| ()).await?;
    intake.end().await?;
    let mut connection = PgConnection::connect(address).await?;
    sqlx::query("VACUUM ANALYZE").execute(&mut connection).await?;
    Ok(())
}
