//! The storage ports in PostgreSQL: one database, the documents in it, for as many servers as are started on it.
//!
//! The statements and what is done with them are `store-sqlite`'s own files, compiled here a second time against this
//! crate's `engine`; what differs between the two databases stands in `engine`, `open`, `blobs` and the migrations.
//! Promises, as there: what a method wrote is committed when it returns; an append is written whole or not at all; the
//! database itself refuses to change or delete what the journal holds; a database of a newer program is refused, not
//! guessed at. A connection that is lost is an answer `Unavailable`, and the next call finds a new one by itself.
//!
//! Deliberately not here: permissions (a [`app::Scope`] proves one), what entries mean, the clock.

mod blobs;
mod engine;
mod open;
mod said;

#[path = "../../store-sqlite/src/convert.rs"]
mod convert;
#[path = "../../store-sqlite/src/copies.rs"]
mod copies;
#[path = "../../store-sqlite/src/directory.rs"]
mod directory;
#[path = "../../store-sqlite/src/error.rs"]
mod error;
#[path = "../../store-sqlite/src/files.rs"]
mod files;
#[path = "../../store-sqlite/src/incidents.rs"]
mod incidents;
#[path = "../../store-sqlite/src/jobs.rs"]
mod jobs;
#[path = "../../store-sqlite/src/journal.rs"]
mod journal;
#[path = "../../store-sqlite/src/lists.rs"]
mod lists;
#[path = "../../store-sqlite/src/outbox.rs"]
mod outbox;
#[path = "../../store-sqlite/src/retention.rs"]
mod retention;
#[path = "../../store-sqlite/src/safety.rs"]
mod safety;
#[path = "../../store-sqlite/src/sensor_choices.rs"]
mod sensor_choices;
#[path = "../../store-sqlite/src/sensor_findings.rs"]
mod sensor_findings;
#[path = "../../store-sqlite/src/sensors.rs"]
mod sensors;
#[path = "../../store-sqlite/src/servers.rs"]
mod servers;
#[path = "../../store-sqlite/src/sessions.rs"]
mod sessions;
#[path = "../../store-sqlite/src/sql/mod.rs"]
mod sql;
#[path = "../../store-sqlite/src/stamps.rs"]
mod stamps;

pub use open::Waiting;

use std::sync::atomic::AtomicI64;

use sqlx::{PgPool, Postgres, Transaction};

use app::StoreError;

use crate::error::failed;

/// The store in one database. Share it in an `Arc`; several processes may open the same database.
#[derive(Debug)]
pub struct PostgresStore {
    /// The pool that writes; the same one that reads, since a server of its own keeps writers apart.
    writer: PgPool,
    readers: PgPool,
    /// When expired sessions were last deleted, in microseconds since 1970.
    swept_at: AtomicI64,
}

impl PostgresStore {
    /// Finishes what is under way and closes the connections. What is asked of it afterwards fails.
    pub async fn close(&self) {
        self.writer.close().await;
    }

    /// A transaction in which every statement sees what was committed before it began: so that who had to wait for a
    /// journal finds it as the one before left it.
    async fn begin(&self) -> Result<Transaction<'static, Postgres>, StoreError> {
        self.writer.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await.map_err(failed)
    }
}
