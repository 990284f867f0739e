//! Opening the folder: made with rights for its owner alone, brought to this program's schema.

use std::cmp::Ordering;
use std::fs::{DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteLockingMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, SqlitePool};

use app::{StoreError, Trouble};

use crate::SqliteStore;
use crate::blobs::{kept, sweep};
use crate::copies::{refuse_filled, refuse_moved, refuse_unfinished};
use crate::error::{Fault, failed, not_migrated};
use crate::sql::copies;

/// How long one process waits for another that is writing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// What SQLite may take longer than its patience before it says itself that the database is held.
const LEEWAY: Duration = Duration::from_millis(500);
/// How long a database is waited for that is to be had alone, on a full disk.
const PATIENCE_ALONE: Duration = Duration::from_secs(2);
const MOST_READERS: u32 = 4;

/// What stands in the folder.
const DATABASE: &str = "dijkwacht.db";
const BLOBS: &str = "blobs";
/// What SQLite keeps beside a database that is open.
const SIDE_FILES: [&str; 2] = ["dijkwacht.db-wal", "dijkwacht.db-shm"];
/// What stands there before anything else of a copy that is taken in, until the database itself says so (`intake`).
const FIRST_MARK: &str = "dijkwacht.db-taking-in";

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

impl SqliteStore {
    /// Opens the store in a folder, which is made when it is not there, and applies the migrations that it lacks.
    ///
    /// # Errors
    /// `Unavailable`: the folder cannot be made or written, its database was made by a newer program, it is taking in a copy,
    /// or it was moved.
    pub async fn open(folder: &Path) -> Result<Self, StoreError> {
        let store = Self::reach(folder, None).await?;
        refuse_moved(&store.readers, folder.display().to_string()).await?;
        Ok(store)
    }

    /// Opens what is there for reading: also where nothing may be written, on a full disk, and what was moved. In such a folder
    /// the database has to be of this program's schema already.
    ///
    /// # Errors
    /// As [`Self::open`], but for having been moved.
    pub async fn open_to_read(folder: &Path) -> Result<Self, StoreError> {
        match Self::reach(folder, None).await {
            Err(StoreError::Unavailable(Trouble::ReadOnly, _)) => Self::look_into(folder).await,
            Err(full @ StoreError::Unavailable(Trouble::Full, _)) => Self::look_alone(folder, full).await,
            reached => reached,
        }
    }

    /// Opens for reading what [`Self::open`] refused since its disk is `full`.
    ///
    /// # Errors
    /// As [`Self::open`]; `full` itself, where it cannot be read as it is or somebody else has it open.
    pub async fn open_while_full(folder: &Path, full: StoreError) -> Result<Self, StoreError> {
        let store = Self::look_alone(folder, full).await?;
        refuse_moved(&store.readers, folder.display().to_string()).await?;
        Ok(store)
    }

    /// Refuses a folder in which taking in a copy has begun, and in which there may be no database yet.
    ///
    /// # Errors
    /// `Unavailable`: it is marked, or cannot be looked at.
    pub fn refuse_begun(folder: &Path) -> Result<(), StoreError> {
        let mark = folder.join(FIRST_MARK);
        match mark.try_exists() {
            Ok(false) => Ok(()),
            Ok(true) => Err(Fault::Unfinished { place: folder.display().to_string() }.into()),
            Err(source) => Err(file("looking for", &mark, source)),
        }
    }

    /// Takes the first mark away, once the database bears its own.
    pub(crate) fn remove_first_mark(&self) -> Result<(), StoreError> {
        let mark = self.database.with_file_name(FIRST_MARK);
        match std::fs::remove_file(&mark) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(file("removing", &mark, source)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Opens a folder in which nothing may be written, as it is.
    async fn look_into(folder: &Path) -> Result<Self, StoreError> {
        let database = folder.join(DATABASE);
        let options = SqliteConnectOptions::new().filename(&database).read_only(true).busy_timeout(PATIENCE);
        // Beside a database that somebody else works with, or that nobody closed, stand the files of its write-ahead log, and
        // SQLite reads it by them. Without them it would make them, unless told that nothing changes.
        let is_at_rest = !SIDE_FILES.iter().any(|file| folder.join(file).exists());
        let readers = pool(MOST_READERS).connect_lazy_with(options.immutable(is_at_rest));
        let not_as_it_is = || StoreError::Unavailable(Trouble::ReadOnly, Box::new(NotAsItIs(folder.to_owned())));
        let is_old = match Self::is_old(&readers, folder).await {
            Ok(is_old) => is_old,
            Err(StoreError::Unavailable(Trouble::ReadOnly, _)) if !is_at_rest => return Err(not_as_it_is()),
            Err(error) => return Err(error),
        };
        if is_old {
            return Err(not_as_it_is());
        }
        Ok(Self::with(readers.clone(), readers, folder))
    }

    /// Opens a folder on a disk that has no room for the files that SQLite keeps beside a database in use. Who has a database
    /// alone needs none of them: one connection does, and the others read it as something that does not change.
    async fn look_alone(folder: &Path, full: StoreError) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new().filename(folder.join(DATABASE));
        let holding = options.clone().busy_timeout(PATIENCE_ALONE).locking_mode(SqliteLockingMode::Exclusive);
        let Ok(alone) = pool(1).connect_with(holding).await else { return Err(full) };
        // What the last server left in the write-ahead log goes into the database, which has room for what it changes there.
        let emptied = sqlx::query_as::<_, (i64, i64, i64)>("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&alone).await;
        let is_emptied = emptied.is_ok_and(|(is_busy, ..)| is_busy == 0);
        let log = std::fs::metadata(folder.join("dijkwacht.db-wal"));
        if !is_emptied || log.is_ok_and(|log| log.len() > 0) {
            return Err(full);
        }
        let readers = pool(MOST_READERS).connect_lazy_with(options.read_only(true).immutable(true));
        if Self::is_old(&readers, folder).await? {
            return Err(full);
        }
        Ok(Self { alone: Some(alone), ..Self::with(readers.clone(), readers, folder) })
    }

    /// Whether it is of an older program; refuses one of a newer, and one that is not whole.
    async fn is_old(readers: &SqlitePool, folder: &Path) -> Result<bool, StoreError> {
        let schema = sqlx::query_scalar::<_, i64>(copies::SCHEMA).fetch_one(readers).await.map_err(failed)?;
        refuse_unfinished(readers, folder.display().to_string()).await?;
        match schema.cmp(&Self::newest_schema()) {
            Ordering::Greater => Err(Fault::Newer { place: folder.display().to_string(), migration: schema }.into()),
            other => Ok(other == Ordering::Less),
        }
    }

    /// The schema of this program: the number of its last migration.
    #[must_use]
    pub fn newest_schema() -> i64 {
        MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
    }

    /// Opens it for taking in a copy of this schema, whether or not that has begun already.
    ///
    /// # Errors
    /// As [`Self::open`], and when the copy is of a newer program. `Conflict`: it holds something, and nothing of it is changed.
    pub async fn open_for_intake(folder: &Path, schema: i64) -> Result<Self, StoreError> {
        Self::reach(folder, Some(schema)).await
    }

    /// That the database's pages fit together (`PRAGMA quick_check`). Reads all of it, beside whoever works with it.
    ///
    /// # Errors
    /// `Unavailable`, as [`app::Trouble::Damaged`]: they do not; says what was found first.
    pub async fn check_pages(&self) -> Result<(), StoreError> {
        let query = sqlx::query_scalar::<_, String>("PRAGMA quick_check(1)");
        match query.fetch_one(&self.readers).await.map_err(failed)? {
            found if found == "ok" => Ok(()),
            found => Err(StoreError::Unavailable(Trouble::Damaged, Box::new(DamagedPages(found)))),
        }
    }

    /// How large the database is.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        std::fs::metadata(&self.database).map_or(0, |file| file.len())
    }

    async fn reach(folder: &Path, schema: Option<i64>) -> Result<Self, StoreError> {
        let database = folder.join(DATABASE);
        let blobs = folder.join(BLOBS);
        match schema {
            Some(schema) if !MIGRATIONS.version_exists(schema) => {
                let newer = MigrateError::VersionNotPresent(schema);
                return Err(not_migrated(folder.display().to_string(), newer));
            }
            Some(_) => {}
            None => Self::refuse_begun(folder)?,
        }
        make_folder(folder).map_err(|source| file("making the folder", folder, source))?;
        let is_empty = std::fs::metadata(&database).map_or(true, |file| file.len() == 0);
        if schema.is_some() && is_empty {
            put_first_mark(folder)?;
        }
        make_folder(&blobs).map_err(|source| file("making the folder", &blobs, source))?;
        sweep(&blobs);
        // SQLite gives its side files the rights of the database itself.
        let mut options = OpenOptions::new();
        owner_only(options.create(true).append(true))
            .open(&database)
            .map_err(|source| file("opening the database", &database, source))?;

        // What a copy refers to may be what somebody deleted where it was made; it is taken in as it is, and looked through.
        let is_guarded = schema.is_none();
        let options = SqliteConnectOptions::new().filename(&database).foreign_keys(is_guarded).busy_timeout(PATIENCE);
        // What is deleted is written over, not only unlinked: an erased body is gone from the file.
        let options = options.pragma("secure_delete", "ON");
        // With a write-ahead log, FULL is what keeps a committed entry through a power cut.
        let writing = options.clone().journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
        let writer = pool(1).acquire_timeout(PATIENCE).connect_with(writing).await.map_err(failed)?;
        let migrated = if let Some(schema) = schema {
            refuse_filled(&writer).await?;
            put_first_mark(folder)?;
            MIGRATIONS.run_to(schema, &writer).await
        } else {
            refuse_unfinished(&writer, folder.display().to_string()).await?;
            MIGRATIONS.run(&writer).await
        };
        migrated.map_err(|error| not_migrated(folder.display().to_string(), error))?;
        let readers = pool(MOST_READERS).connect_lazy_with(options.pragma("query_only", "ON"));
        Ok(Self::with(writer, readers, folder))
    }

    fn with(writer: SqlitePool, readers: SqlitePool, folder: &Path) -> Self {
        let (database, blobs) = (folder.join(DATABASE), folder.join(BLOBS));
        Self {
            writer,
            patience: PATIENCE + LEEWAY,
            readers,
            alone: None,
            database,
            blobs,
            swept_at: AtomicI64::new(i64::MIN),
            written: AtomicU64::new(0),
        }
    }
}

/// Connections live as long as the store: there is no server that could drop them. But for one whose transaction SQLite itself
/// rolled back (a full disk, a disk that fails): the driver goes on believing that it is in it, and would begin no other.
fn pool(connections: u32) -> SqlitePoolOptions {
    let options = SqlitePoolOptions::new().max_connections(connections).idle_timeout(None).max_lifetime(None);
    options.after_release(|connection, _| {
        Box::pin(async move {
            // Whatever is still to be rolled back is, before the answer.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

/// Marks a folder as one that takes in a copy, and brings that to the disk. That the mark is there is all it says: it holds
/// nothing, so that a full disk cannot leave half of it.
fn put_first_mark(folder: &Path) -> Result<(), StoreError> {
    let mark = folder.join(FIRST_MARK);
    let put = owner_only(OpenOptions::new().create(true).append(true)).open(&mark).and_then(|mark| mark.sync_all());
    put.and_then(|()| kept(folder)).map_err(|source| file("writing", &mark, source))
}

/// Makes a folder, and those above it, that only its owner may enter. One that is there keeps the rights it has.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file made with these options is its owner's alone.
pub(crate) fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// What `quick_check` found first.
#[derive(Debug, thiserror::Error)]
#[error("the database's pages do not fit together: {0}")]
struct DamagedPages(String);

/// A database that has to be written to before it can be read.
#[derive(Debug, thiserror::Error)]
#[error(
    "the database in {0} cannot be read where nothing may be written: an older program made it, or nobody closed it (then \
     what came last stands in `dijkwacht.db-wal`). Copy the whole folder to where this program may write, and give that one"
)]
struct NotAsItIs(PathBuf);

/// What is wrong with the folder or a file in it.
#[derive(Debug, thiserror::Error)]
#[error("{what} {path} failed")]
struct FileFault {
    what: &'static str,
    path: PathBuf,
    source: io::Error,
}

pub(crate) fn file(what: &'static str, path: &Path, source: io::Error) -> StoreError {
    StoreError::Unavailable(
        Trouble::of_file(source.kind()),
        Box::new(FileFault { what, path: path.to_owned(), source }),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use app::Sessions;
    use sqlx::ConnectOptions;

    use super::*;

    /// Their patience is far shorter here than what the database itself would make each of them wait (ten seconds): nobody is
    /// answered within half of that who waits for a turn of the database, be it their own or that of one before them.
    #[tokio::test]
    async fn who_signs_in_while_another_program_writes_waits_for_one_turn_behind_however_many_others() {
        let folder = tempfile::tempdir().unwrap();
        let patience = Duration::from_millis(50);
        let store = Arc::new(SqliteStore { patience, ..SqliteStore::open(folder.path()).await.unwrap() });
        let other = SqliteConnectOptions::new().filename(folder.path().join("dijkwacht.db"));
        let mut other = other.connect().await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
        let now = "2026-03-27T14:20:00Z".parse().unwrap();
        let all = async {
            // The first sweeps as well, and reads at once all the same.
            assert_eq!(store.load_session("nobody", now).await.unwrap(), None);
            let waiting = ["a", "b", "c", "d"].map(|id| {
                let store = Arc::clone(&store);
                tokio::spawn(async move { store.save_session(id, b"{}", now).await })
            });
            for one in waiting {
                let saved = one.await.unwrap();
                assert!(matches!(saved, Err(StoreError::Unavailable(Trouble::Held, _))), "{saved:?}");
            }
        };
        tokio::time::timeout(PATIENCE / 2, all).await.expect("somebody waits for the turns of others too");
        sqlx::query("COMMIT").execute(&mut other).await.unwrap();
    }

    #[tokio::test]
    async fn a_store_whose_disk_was_full_goes_on_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path()).await.unwrap();
        let insert = "INSERT INTO sessions (id_sha256, data, expires_at) VALUES ('a', zeroblob(4000000), 0)";
        sqlx::raw_sql("PRAGMA max_page_count = 1").execute(&store.writer).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let refused = sqlx::query(insert).execute(&mut *tx).await.map_err(failed);
        assert!(matches!(refused, Err(StoreError::Unavailable(Trouble::Full, _))), "{refused:?}");
        drop(tx);
        // Another connection, which has no such limit: there is room.
        let mut tx = store.begin().await.unwrap();
        sqlx::query(insert).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}
