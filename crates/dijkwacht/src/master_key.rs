//! The key from which every register's own key and every provider's is derived: one file, the same for all servers on one store.
//!
//! Promises: a key is made once, for a store that has none; a key that is lost, or another one than the store's, stops the
//! program before anything is signed with it.

use std::path::Path;

use app::Store;
use facts::{OrganisationId, ProviderId};

use crate::edge;
use crate::outcome::Failure;
use crate::place::DataFolder;

/// A backup of this file is a backup of all keys.
pub(crate) struct MasterKey(register::MasterKey);

impl MasterKey {
    /// The key of this store, made where the store was never signed for.
    pub(crate) async fn of(store: &dyn Store, place: &DataFolder, is_old: bool) -> Result<Self, Failure> {
        let path = place.key();
        let agreed = store.agreed_key().await?;
        let key = read_or_make(&path, is_old || agreed.is_some())?;
        let fingerprint = key.0.fingerprint();
        let agreed = match agreed {
            Some(agreed) => agreed,
            None => store.agree_on_key(&fingerprint).await?,
        };
        if agreed != fingerprint {
            return Err(Failure::Input(format!(
                "{} is not the key that signs the registers in {place}; all servers on one database have the same key \
                 file: copy it from one that runs, or put it back from your backup, and name it with --key-file",
                path.display()
            )));
        }
        Ok(key)
    }

    /// The key itself, where the store cannot say yet which one is its own.
    pub(crate) fn of_bytes(key: [u8; 32]) -> Self {
        Self(register::MasterKey::new(key))
    }
}

impl app::Signer for MasterKey {
    fn key(&self, organisation: OrganisationId) -> register::SigningKey {
        self.0.of_register(organisation.0)
    }

    fn provider_key(&self, provider: ProviderId) -> Option<register::SigningKey> {
        Some(self.0.of_provider(provider.0))
    }
}

/// Reads the key, or makes it for a new store, readable by its owner alone.
fn read_or_make(path: &Path, is_old: bool) -> Result<MasterKey, Failure> {
    if let Some(key) = read(path)? {
        return Ok(key);
    }
    // A new key beside an old register would hide that the old one is lost.
    if is_old {
        return Err(Failure::Input(format!(
            "{} is gone, and with it the key that signs the registers; put it back from your backup, or copy it from \
             another server on this database (--key-file)",
            path.display()
        )));
    }
    let new = edge::random().map_err(anyhow::Error::new)?;
    if edge::write_new(path, &new)? {
        return Ok(MasterKey::of_bytes(new));
    }
    // Another server that starts at the same moment was first.
    read(path)?.ok_or_else(|| Failure::Input(format!("{} was there and is gone; start again", path.display())))
}

fn read(path: &Path) -> Result<Option<MasterKey>, Failure> {
    match std::fs::read(path) {
        Ok(bytes) => <[u8; 32]>::try_from(bytes.as_slice()).map(|key| Some(MasterKey::of_bytes(key))).map_err(|_| {
            Failure::Input(format!(
                "{} is not a key of this program (it holds {} bytes, not 32); put back the one from your backup",
                path.display(),
                bytes.len()
            ))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::unreadable(path, &error)),
    }
}
