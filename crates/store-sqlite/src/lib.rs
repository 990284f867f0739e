//! The storage ports in SQLite: one folder with a database (`dijkwacht.db`) and a folder of documents (`blobs/`).
//!
//! Promises: what a method wrote is on the disk when it returns; an append is written whole or not at all; the database
//! itself refuses to change or delete what the journal holds; a database of a newer program is refused, not guessed at.
//! Moments are kept to the microsecond, as the register's leaves have them.
//!
//! Most of these files are `store-postgres`'s too, which compiles them against an `engine` of its own.
//!
//! Deliberately not here: permissions (a [`app::Scope`] proves one), what entries mean, the clock.

mod blobs;
mod convert;
mod copies;
mod directory;
mod engine;
mod error;
mod files;
mod incidents;
mod jobs;
mod journal;
mod lists;
mod open;
mod outbox;
mod retention;
mod safety;
mod sensor_choices;
mod sensor_findings;
mod sensors;
mod servers;
mod sessions;
mod sql;
mod stamps;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use sqlx::{Sqlite, SqlitePool, Transaction};

use app::StoreError;

use crate::error::failed;

/// The store in one folder. Share it in an `Arc`; several processes may open the same folder.
#[derive(Debug)]
pub struct SqliteStore {
    /// One connection, so that writers wait for each other here and not in the database.
    writer: SqlitePool,
    /// How long somebody waits for a turn to write, all those before them included.
    patience: Duration,
    readers: SqlitePool,
    /// Keeps everybody else away where the database is read as it is, on a full disk.
    alone: Option<SqlitePool>,
    database: PathBuf,
    blobs: PathBuf,
    /// When expired sessions were last deleted, in microseconds since 1970.
    swept_at: AtomicI64,
    /// How many documents this process wrote; tells their temporary files apart.
    written: AtomicU64,
}

impl SqliteStore {
    /// Finishes what is under way and closes the database. What is asked of it afterwards fails.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
        if let Some(alone) = &self.alone {
            alone.close().await;
        }
    }

    /// A transaction that has the right to write from its beginning, so that it never fails half-way for want of it.
    ///
    /// Its turn comes within the store's patience, or not: who waits in a row behind others that wait for another program would
    /// otherwise wait as long as all of them together.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        let turn = self.writer.begin_with("BEGIN IMMEDIATE");
        match tokio::time::timeout(self.patience, turn).await {
            Ok(begun) => begun.map_err(failed),
            Err(_) => Err(failed(sqlx::Error::PoolTimedOut)),
        }
    }
}
