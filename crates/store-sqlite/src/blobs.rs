//! Documents: one file each, named by the SHA-256 of its bytes, in a folder an organisation.
//!
//! A file appears whole or not at all: it is written beside its place, brought to the disk, and then renamed. Reading
//! checks it against its name, so what comes back is what was stored.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use app::{Blobs, Scope, StoreError};
use async_trait::async_trait;

use crate::SqliteStore;
use crate::convert::{hashes_to, is_sha256};
use crate::error::Fault;
use crate::open::{file, make_folder, owner_only};

#[async_trait]
impl Blobs for SqliteStore {
    async fn put_blob(&self, scope: &Scope, sha256: &str, bytes: &[u8]) -> Result<(), StoreError> {
        if !hashes_to(bytes, sha256) {
            return Err(Fault::WrongBlob(sha256.to_owned()).into());
        }
        let folder = self.blobs.join(scope.id().to_string());
        let place = folder.join(sha256);
        let number = self.written.fetch_add(1, Ordering::Relaxed);
        let beside = folder.join(format!("{sha256}.{}-{number}.new", std::process::id()));
        let bytes = bytes.to_vec();
        in_background(move || write(&folder, &beside, &place, &bytes).map_err(|source| file("writing", &place, source)))
            .await
    }

    async fn blob(&self, scope: &Scope, sha256: &str) -> Result<Vec<u8>, StoreError> {
        // Nothing but a hash is ever a name, least of all one that leads out of the folder.
        if !is_sha256(sha256) {
            return Err(StoreError::NotFound);
        }
        let place: PathBuf = self.blobs.join(scope.id().to_string()).join(sha256);
        let name = sha256.to_owned();
        in_background(move || match fs::read(&place) {
            Ok(bytes) if hashes_to(&bytes, &name) => Ok(bytes),
            Ok(_) => Err(Fault::DamagedBlob(name).into()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(StoreError::NotFound),
            Err(source) => Err(file("reading", &place, source)),
        })
        .await
    }
}

/// Files would keep a thread that serves others; they get one of their own.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Unavailable(Box::new(error)))?
}

fn write(folder: &Path, beside: &Path, place: &Path, bytes: &[u8]) -> io::Result<()> {
    make_folder(folder)?;
    let written = place_file(beside, place, bytes);
    if written.is_err() {
        // The failure that is told is the one of writing; what is left beside it does no harm.
        let _ = fs::remove_file(beside);
    }
    written?;
    // The renaming, too, has to be on the disk before anybody is told that the document is kept.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn place_file(beside: &Path, place: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut new = owner_only(OpenOptions::new().write(true).create(true).truncate(true)).open(beside)?;
    new.write_all(bytes)?;
    new.sync_all()?;
    drop(new);
    fs::rename(beside, place)
}
