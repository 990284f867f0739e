//! Puts the application together: the store, the keys, chance, the press, the law.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::{App, Store, StoreError, Trouble};
use store_postgres::{PostgresStore, Waiting};
use store_sqlite::SqliteStore;

use crate::edge;
use crate::master_key::MasterKey;
use crate::outcome::{Failure, Outcome, chain};

pub(crate) use crate::place::DataFolder;

/// What the store calls its database.
const DATABASE: &str = "dijkwacht.db";
/// How long a verb waits for a database that is not there. A server waits until it comes.
const PATIENCE: Duration = Duration::from_secs(30);
/// The largest database whose pages are checked before anything is served, in bytes; of a larger one beside the serving.
const CHECKED_FIRST: u64 = 256 << 20;

/// What a store is opened for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Verb,
    Serving,
    /// Nothing is written: it may be a place where nothing can be, or that was moved.
    Reading,
}

/// The application on its data.
pub(crate) async fn open(place: &DataFolder) -> Result<App, Failure> {
    open_for(place, Use::Verb).await
}

/// The same for a server: it waits for its database for as long as it takes, and looks whether its pages fit together.
pub(crate) async fn open_to_serve(place: &DataFolder) -> Result<App, Failure> {
    open_for(place, Use::Serving).await
}

async fn open_for(place: &DataFolder, reason: Use) -> Result<App, Failure> {
    refuse_begun(place)?;
    refuse_lost_database(place)?;
    let is_old = place.database.is_none() && place.data.join(DATABASE).exists();
    let store = store(place, reason).await?;
    with_store(store, place, is_old).await
}

/// The application on data that are already there: a mistyped `--data` must not make a new, empty register.
pub(crate) async fn open_existing(place: &DataFolder) -> Result<App, Failure> {
    open_known(place, Use::Verb).await
}

/// The same for a verb that only reads: also where nothing may be written, and of what was moved.
pub(crate) async fn open_to_read(place: &DataFolder) -> Result<App, Failure> {
    open_known(place, Use::Reading).await
}

async fn open_known(place: &DataFolder, reason: Use) -> Result<App, Failure> {
    let store = known(place, reason).await?;
    with_store(store, place, true).await
}

/// The store alone, of data that are already there, also of what was moved.
pub(crate) async fn known_store(place: &DataFolder) -> Result<Arc<dyn Store>, Failure> {
    known(place, Use::Reading).await
}

async fn known(place: &DataFolder, reason: Use) -> Result<Arc<dyn Store>, Failure> {
    let nothing = || {
        Failure::Input(format!(
            "{place} holds no data of this program; give the folder with --data, or a database with --database"
        ))
    };
    refuse_begun(place)?;
    if place.database.is_none() && length(&place.data.join(DATABASE))?.is_none() {
        return Err(nothing());
    }
    refuse_lost_database(place)?;
    let store = store(place, reason).await?;
    if place.database.is_some() && store.agreed_key().await?.is_none() {
        return Err(nothing());
    }
    Ok(store)
}

/// A restore or a move into this folder that was stopped before there was a database, which is neither a new place nor a lost
/// register.
fn refuse_begun(place: &DataFolder) -> Result<(), Failure> {
    let looked = place.database.as_ref().map_or_else(|| SqliteStore::refuse_begun(&place.data), |_| Ok(()));
    looked.map_err(|error| unusable(&format!("cannot use the data folder {}", place.data.display()), error))
}

/// A key, or a write-ahead log, beside no database or an empty one: the register is lost, and a new one in its place would
/// hide that. (A key is only made once the database has its schema, so a first start that was killed is no such case.)
/// SQLite would throw the log away unread.
fn refuse_lost_database(place: &DataFolder) -> Result<(), Failure> {
    if place.database.is_some() {
        return Ok(());
    }
    let is_empty = |file: &Path| Ok::<_, Failure>(length(file)?.unwrap_or_default() == 0);
    let (database, log, key) = (place.data.join(DATABASE), place.data.join("dijkwacht.db-wal"), place.key());
    if !is_empty(&database)? {
        return Ok(());
    }
    let (what, left) = match (is_empty(&key)?, is_empty(&log)?) {
        (false, _) => ("the key of its registers", key),
        (_, false) => ("its write-ahead log", log),
        _ => return Ok(()),
    };
    Err(Failure::Input(format!(
        "the database {} is gone or empty, and {what} is still there: is its disk mounted? Put it back from your backup into \
         an empty folder (`dijkwacht restore`), or, to begin anew without it, move {} away first",
        database.display(),
        left.display()
    )))
}

/// How long a file is; absent where there is none. A folder that this user may not enter is no empty one.
fn length(file: &Path) -> Result<Option<u64>, Failure> {
    match std::fs::metadata(file) {
        Ok(file) => Ok(Some(file.len())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::unreadable(file, &error)),
    }
}

/// An application on a store that is not whole yet, with the key that comes along.
pub(crate) fn app_on(store: Arc<dyn Store>, key: [u8; 32]) -> Result<App, Failure> {
    assembled(store, MasterKey::of_bytes(key))
}

async fn with_store(store: Arc<dyn Store>, place: &DataFolder, is_old: bool) -> Result<App, Failure> {
    let key = MasterKey::of(store.as_ref(), place, is_old).await?;
    assembled(store, key)
}

fn assembled(store: Arc<dyn Store>, key: MasterKey) -> Result<App, Failure> {
    Ok(App {
        store,
        signer: Arc::new(key),
        chance: Arc::new(SystemChance),
        press: Arc::new(TypstPress),
        sheets: Arc::new(sheets::Files),
        packs: Arc::new(law::Packs::builtin().map_err(anyhow::Error::new)?),
        damage: app::DamageSeen::default(),
        quiet: app::QuietWeeks::default(),
    })
}

async fn store(place: &DataFolder, reason: Use) -> Result<Arc<dyn Store>, Failure> {
    let Some(address) = &place.database else {
        let store = match reason {
            Use::Reading => SqliteStore::open_to_read(&place.data).await,
            Use::Verb => SqliteStore::open(&place.data).await,
            Use::Serving => to_serve(place).await,
        };
        let what = || format!("cannot use the data folder {}", place.data.display());
        let store = Arc::new(store.map_err(|error| unusable(&what(), error))?);
        if reason == Use::Serving {
            check_pages(&store).await.map_err(|error| unusable(&what(), error))?;
        }
        return Ok(store);
    };
    let told = |why: &str| edge::say(&format!("waiting for the database at {address}: {why}"));
    let waiting = Waiting { most: (reason != Use::Serving).then_some(PATIENCE), told: &told };
    let store = match reason {
        Use::Reading => PostgresStore::open_to_read(address.whole()?, waiting).await,
        Use::Verb | Use::Serving => PostgresStore::open_waiting(address.whole()?, waiting).await,
    };
    Ok(Arc::new(store.map_err(|error| unusable("cannot use the database", error))?))
}

/// The store for a server. On a full disk it is better to show what is there than nothing: whoever has to report within the
/// clock reads it there.
async fn to_serve(place: &DataFolder) -> Result<SqliteStore, StoreError> {
    match SqliteStore::open(&place.data).await {
        Err(full @ StoreError::Unavailable(Trouble::Full, _)) => {
            let store = SqliteStore::open_while_full(&place.data, full).await?;
            edge::say(&format!(
                "warning: the disk of {place} is full: this server shows what is there, and nobody can sign in or write anything. \
                 Make room, and start it again"
            ));
            Ok(store)
        }
        opened => opened,
    }
}

/// Whether the pages of the database fit together. A large one is checked while it is served from: reading all of it takes
/// a second for every few hundred megabytes, and nobody should wait for that after a failure.
async fn check_pages(store: &Arc<SqliteStore>) -> Result<(), StoreError> {
    if store.size_bytes() <= CHECKED_FIRST {
        return store.check_pages().await;
    }
    let store = Arc::clone(store);
    tokio::spawn(async move {
        if let Err(error) = store.check_pages().await {
            let failure = unusable("the database is being served from, but", error);
            tracing::error!(%failure, "the database was checked after the start");
        }
    });
    Ok(())
}

/// Why a store cannot be used, and what to do about it.
pub(crate) fn unusable(what: &str, error: StoreError) -> Failure {
    match error {
        // What is there is not for this program as it is (newer, not whole, moved), and the cause says what to do.
        StoreError::Unavailable(Trouble::Other, cause) => Failure::Input(format!("{what}: {}", chain(cause.as_ref()))),
        StoreError::Unavailable(trouble, cause) => Failure::unusable(what, trouble, cause.as_ref()),
        other => Failure::Input(format!("{what}: {other}")),
    }
}

/// A runtime for the verbs that talk to a store.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| Failure::Fault(error.into()))
}

/// Runs a verb that makes copies of the data while it works. Asked to stop, it clears them away first: what stands in a folder
/// for temporary files is nobody's to look after.
pub(crate) fn until_stopped(work: impl Future<Output = Result<Outcome, Failure>>) -> Result<Outcome, Failure> {
    let runtime = runtime()?;
    let ended = runtime.block_on(async {
        tokio::select! {
            ended = work => ended,
            () = asked_to_stop() => {
                Err(Failure::Input("stopped before it was done; what was not finished is cleared away".to_owned()))
            }
        }
    });
    // Nor is it waited for a thread that still reads a backup, to which nobody listens.
    runtime.shutdown_background();
    ended
}

/// Until whoever runs it wants it to end: Ctrl-C, or what a service manager sends.
pub(crate) async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            let _ = interrupt.await;
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}

struct SystemChance;

impl app::Chance for SystemChance {
    fn bytes(&self) -> Result<[u8; 32], app::Error> {
        edge::random().map_err(app::Error::internal)
    }
}

struct TypstPress;

impl app::Press for TypstPress {
    fn print(&self, document: &documents::Document, made_at: &jiff::Zoned) -> Result<Vec<u8>, app::Error> {
        typeset::pdf(document, made_at).map_err(app::Error::internal)
    }
}
