//! Puts the application together: the store, the keys, chance, the press, the law.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use app::{App, Store, StoreError};
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;

use crate::edge;
use crate::master_key::MasterKey;
use crate::outcome::Failure;

pub(crate) use crate::place::DataFolder;

/// What the store calls its database.
const DATABASE: &str = "dijkwacht.db";
/// How long a database may take to answer before somebody wonders.
const BEFORE_A_WORD: Duration = Duration::from_secs(2);

/// The application on its data.
pub(crate) async fn open(place: &DataFolder) -> Result<App, Failure> {
    refuse_lost_database(place)?;
    let is_old = place.database.is_none() && place.data.join(DATABASE).exists();
    let store = store(place).await?;
    with_store(store, place, is_old).await
}

/// The application on data that are already there: a mistyped `--data` must not make a new, empty register.
pub(crate) async fn open_existing(place: &DataFolder) -> Result<App, Failure> {
    let nothing = || {
        Failure::Input(format!(
            "{place} holds no data of this program; give the folder with --data, or a database with --database"
        ))
    };
    if place.database.is_none() && !place.data.join(DATABASE).is_file() {
        return Err(nothing());
    }
    refuse_lost_database(place)?;
    let store = store(place).await?;
    if place.database.is_some() && store.agreed_key().await?.is_none() {
        return Err(nothing());
    }
    with_store(store, place, true).await
}

/// A key beside no database, or an empty one: the register that it signed is lost, and a new one in its place would hide
/// that.
fn refuse_lost_database(place: &DataFolder) -> Result<(), Failure> {
    let is_empty = |name: &str| std::fs::metadata(place.data.join(name)).map_or(true, |file| file.len() == 0);
    let is_lost = is_empty(DATABASE) && is_empty("dijkwacht.db-wal") && place.key().exists();
    if place.database.is_some() || place.key_file.is_some() || !is_lost {
        return Ok(());
    }
    Err(Failure::Input(format!(
        "the database {} is gone or empty, and the key of its registers is still there: put it back from your backup \
         (`dijkwacht restore`), or, to begin anew without it, move {} away first",
        place.data.join(DATABASE).display(),
        place.key().display()
    )))
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
    })
}

/// The store alone, brought to this program's schema.
pub(crate) async fn store(place: &DataFolder) -> Result<Arc<dyn Store>, Failure> {
    let Some(address) = &place.database else {
        let store = SqliteStore::open(&place.data).await.map_err(|error| {
            let (folder, why) = (place.data.display(), reasons(&error));
            Failure::Input(format!(
                "cannot use the data folder {folder}: {why}; check the folder and your rights to it"
            ))
        })?;
        return Ok(Arc::new(store));
    };
    let mut opening = pin!(PostgresStore::open(address.whole()?));
    let opened = tokio::select! {
        opened = &mut opening => opened,
        () = tokio::time::sleep(BEFORE_A_WORD) => {
            edge::say(&format!("waiting for the database at {address}"));
            opening.await
        }
    };
    let store = opened.map_err(|error| Failure::Input(format!("cannot use the database: {}", reasons(&error))))?;
    Ok(Arc::new(store))
}

/// Everything that is behind an error, the outermost first.
pub(crate) fn reasons(error: &StoreError) -> String {
    let mut cause = std::error::Error::source(error);
    if cause.is_none() {
        return error.to_string();
    }
    let mut said: Vec<String> = Vec::new();
    while let Some(error) = cause {
        let text = error.to_string();
        // Some errors say their cause themselves.
        if !said.last().is_some_and(|before| before.contains(&text)) {
            said.push(text);
        }
        cause = error.source();
    }
    said.join(": ")
}

/// A runtime for the verbs that talk to a store.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| Failure::Fault(error.into()))
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
