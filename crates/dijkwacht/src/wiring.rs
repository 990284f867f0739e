//! Puts the application together: the store, the keys, chance, the press, the law.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use app::App;
use facts::{OrganisationId, ProviderId};

use crate::edge;
use crate::outcome::Failure;

/// The folder that holds everything: database, documents, the register's key.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct DataFolder {
    /// The folder that holds the database, the documents and the register's key.
    #[arg(long, value_name = "DIR", env = "DIJKWACHT_DATA", default_value = "dijkwacht-data", global = true)]
    pub(crate) data: PathBuf,
}

/// What the store calls its database.
const DATABASE: &str = "dijkwacht.db";

/// The application on a data folder.
pub(crate) async fn open(folder: &Path) -> Result<App, Failure> {
    let is_old = folder.join(DATABASE).exists();
    let store = store_sqlite::SqliteStore::open(folder).await.map_err(|error| {
        let cause = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        Failure::Input(format!(
            "cannot use the data folder {}: {cause}; check the folder and your rights to it",
            folder.display()
        ))
    })?;
    let key = master_key(&folder.join("register.key"), is_old)?;
    Ok(App {
        store: Arc::new(store),
        signer: Arc::new(Keys { master: key }),
        chance: Arc::new(SystemChance),
        press: Arc::new(TypstPress),
        packs: Arc::new(law::Packs::builtin().map_err(anyhow::Error::new)?),
    })
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

/// One master key a data folder, from which every register's own key and every provider's is derived: a backup of one file is a backup of
/// all keys.
struct Keys {
    master: [u8; 32],
}

impl app::Signer for Keys {
    fn key(&self, organisation: OrganisationId) -> register::SigningKey {
        register::SigningKey::of_register(
            organisation.0,
            &self.seed(b"dijkwacht/register-key/v1\n", organisation.0.as_bytes()),
        )
    }

    fn provider_key(&self, provider: ProviderId) -> Option<register::SigningKey> {
        let seed = self.seed(b"dijkwacht/provider-key/v1\n", provider.0.as_bytes());
        Some(register::SigningKey::of_provider(provider.0, &seed))
    }
}

impl Keys {
    fn seed(&self, purpose: &[u8], of: &[u8]) -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update(self.master).chain_update(of).finalize().into()
    }
}

struct TypstPress;

impl app::Press for TypstPress {
    fn print(&self, document: &documents::Document, made_at: &jiff::Zoned) -> Result<Vec<u8>, app::Error> {
        typeset::pdf(document, made_at).map_err(app::Error::internal)
    }
}

/// Reads the master key, or makes it for a new data folder, readable by its owner alone.
fn master_key(path: &Path, is_old: bool) -> Result<[u8; 32], Failure> {
    match std::fs::read(path) {
        Ok(bytes) => <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| {
            Failure::Input(format!(
                "{} is not a key of this program (it holds {} bytes, not 32); put back the one from your backup",
                path.display(),
                bytes.len()
            ))
        }),
        // A new key beside an old register would hide that the old one is lost.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && is_old => Err(Failure::Input(format!(
            "{} is gone, and with it the key that signs the register beside it; put it back from your backup",
            path.display()
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let key = edge::random().map_err(anyhow::Error::new)?;
            let mut options = std::fs::OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            options
                .open(path)
                .and_then(|mut file| file.write_all(&key).and_then(|()| file.sync_all()))
                .map_err(|error| Failure::unwritable(path, &error))?;
            Ok(key)
        }
        Err(error) => Err(Failure::unreadable(path, &error)),
    }
}

/// The application on a data folder that is already there: a mistyped `--data` must not make a new, empty register.
pub(crate) async fn open_existing(folder: &Path) -> Result<App, Failure> {
    if !folder.join(DATABASE).is_file() {
        return Err(Failure::Input(format!(
            "{} holds no data of this program; give the folder with --data",
            folder.display()
        )));
    }
    open(folder).await
}
