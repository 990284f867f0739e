//! Files: one each, named by the SHA-256 of its bytes, in a folder an organisation.
//!
//! A file appears whole or not at all: it is written beside its place, brought to the disk, and then renamed. Reading
//! checks it against its name, so what comes back is what was stored. What a crash leaves beside its place ends in `.new`.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use sqlx::Transaction;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use app::{BlobReader, BlobWriter, Blobs, Scope, StoreError, StoredBlob, Trouble};
use facts::{IncidentId, OrganisationId};

use crate::SqliteStore;
use crate::convert::{hashes_to, is_sha256};
use crate::engine::Db;
use crate::error::{Fault, failed};
use crate::files::{self, Checked, Pieces, name_of};
use crate::open::{file, make_folder, owner_only};

/// What is read at once.
const PIECE: usize = 256 * 1024;
/// What lies beside its place for so long belongs to a process that is no more.
const ABANDONED: Duration = Duration::from_hours(24);

#[async_trait]
impl Blobs for SqliteStore {
    async fn put_blob(&self, scope: &Scope, sha256: &str, bytes: &[u8]) -> Result<(), StoreError> {
        if !hashes_to(bytes, sha256) {
            return Err(Fault::WrongBlob(sha256.to_owned()).into());
        }
        let mut writer = Incoming::begin(self, scope.id()).await?;
        writer.write(bytes).await?;
        Box::new(writer).finish().await.map(drop)
    }

    async fn blob(&self, scope: &Scope, sha256: &str) -> Result<Vec<u8>, StoreError> {
        files::whole(self.open_blob(scope, sha256).await?).await
    }

    async fn new_blob(&self, scope: &Scope) -> Result<Box<dyn BlobWriter>, StoreError> {
        Ok(Box::new(Incoming::begin(self, scope.id()).await?))
    }

    async fn open_blob(&self, scope: &Scope, sha256: &str) -> Result<Box<dyn BlobReader>, StoreError> {
        Ok(Box::new(opened(self.place(scope.id(), sha256)?, sha256).await?))
    }

    async fn delete_blob(&self, scope: &Scope, incident: IncidentId, sha256: &str) -> Result<bool, StoreError> {
        let place = self.place(scope.id(), sha256)?;
        // Who notes a use writes to the same database, and waits for this to end: no file goes that somebody just took up.
        let mut tx = self.begin().await?;
        files::release(&mut tx, scope.id(), incident, sha256).await?;
        let is_unused = files::is_unused(&mut tx, scope.id(), sha256).await?;
        if is_unused {
            erase(place).await?;
        }
        tx.commit().await.map_err(failed)?;
        Ok(is_unused)
    }

    async fn delete_unused_blob(&self, scope: &Scope, sha256: &str) -> Result<bool, StoreError> {
        let place = self.place(scope.id(), sha256)?;
        let mut tx = self.begin().await?;
        let is_erased = files::is_unused(&mut tx, scope.id(), sha256).await? && erase(place).await?;
        tx.commit().await.map_err(failed)?;
        Ok(is_erased)
    }

    async fn used_blobs(&self, scope: &Scope) -> Result<Vec<String>, StoreError> {
        files::used(&self.readers, scope.id()).await
    }

    async fn blob_uses(&self, scope: &Scope, sha256: &str) -> Result<Vec<u64>, StoreError> {
        files::users(&self.readers, scope.id(), sha256).await
    }

    async fn blobs_of(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<String>, StoreError> {
        files::of_incident(&self.readers, scope.id(), incident).await
    }

    async fn blobs(&self, scope: &Scope) -> Result<Vec<String>, StoreError> {
        let folder = self.blobs.join(scope.id().to_string());
        in_background(move || names(&folder).map_err(|source| file("reading", &folder, source))).await
    }
}

/// Whether a file is there. Who asks writes to the database, so that nobody erases it meanwhile.
pub(crate) async fn is_stored(
    store: &SqliteStore,
    _: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    sha256: &str,
) -> Result<bool, StoreError> {
    let place = store.place(organisation, sha256)?;
    tokio::fs::try_exists(&place).await.map_err(|source| file("reading", &place, source))
}

impl SqliteStore {
    /// Where a file of this name lies. Nothing but a hash is ever a name, least of all one that leads out of the folder.
    fn place(&self, organisation: OrganisationId, sha256: &str) -> Result<PathBuf, StoreError> {
        if is_sha256(sha256) {
            Ok(self.blobs.join(organisation.to_string()).join(sha256))
        } else {
            Err(StoreError::NotFound)
        }
    }
}

/// A file that is being written beside its place.
struct Incoming {
    folder: PathBuf,
    beside: PathBuf,
    /// Absent once it is in its place.
    file: Option<tokio::fs::File>,
    hash: Sha256,
    size_bytes: u64,
}

impl Incoming {
    async fn begin(store: &SqliteStore, organisation: OrganisationId) -> Result<Self, StoreError> {
        let folder = store.blobs.join(organisation.to_string());
        let number = store.written.fetch_add(1, Ordering::Relaxed);
        let beside = folder.join(format!("{}-{number}.new", std::process::id()));
        let (made_in, made) = (folder.clone(), beside.clone());
        let file = in_background(move || {
            make_folder(&made_in).map_err(|source| file("making the folder", &made_in, source))?;
            owner_only(OpenOptions::new().write(true).create(true).truncate(true))
                .open(&made)
                .map_err(|source| file("writing", &made, source))
        })
        .await?;
        Ok(Self { folder, beside, file: Some(tokio::fs::File::from_std(file)), hash: Sha256::new(), size_bytes: 0 })
    }
}

#[async_trait]
impl BlobWriter for Incoming {
    async fn write(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        self.hash.update(piece);
        self.size_bytes += piece.len() as u64;
        match &mut self.file {
            Some(open) => open.write_all(piece).await.map_err(|source| file("writing", &self.beside, source)),
            None => Ok(()),
        }
    }

    async fn finish(mut self: Box<Self>) -> Result<StoredBlob, StoreError> {
        let sha256 = name_of(std::mem::take(&mut self.hash));
        let place = self.folder.join(&sha256);
        let before = files::before(opened(place.clone(), &sha256).await).await?;
        if let Some(mut open) = self.file.take() {
            let stored = async {
                open.flush().await?;
                open.sync_all().await?;
                drop(open);
                tokio::fs::rename(&self.beside, &place).await
            };
            if let Err(source) = stored.await {
                // The failure that is told is the one of writing; what is left beside its place does no harm.
                let _ = fs::remove_file(&self.beside);
                return Err(file("writing", &place, source));
            }
        }
        // The renaming, too, has to be on the disk before anybody is told that the file is kept.
        let folder = self.folder.clone();
        in_background(move || kept(&folder).map_err(|source| file("writing", &folder, source))).await?;
        Ok(StoredBlob { sha256, size_bytes: self.size_bytes, before })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let _ = fs::remove_file(&self.beside);
        }
    }
}

/// Opens a file for reading.
async fn opened(place: PathBuf, sha256: &str) -> Result<Checked<OnDisk>, StoreError> {
    let opened = async {
        let file = tokio::fs::File::open(&place).await?;
        let size = file.metadata().await?.len();
        Ok((file, size))
    };
    match opened.await {
        Ok((file, size)) => Ok(Checked::new(OnDisk { file, place }, sha256, size)),
        Err(source) => Err(unread(&place, source)),
    }
}

struct OnDisk {
    file: tokio::fs::File,
    place: PathBuf,
}

#[async_trait]
impl Pieces for OnDisk {
    async fn piece(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        let mut piece = Vec::with_capacity(PIECE);
        let most = PIECE as u64;
        let read = (&mut self.file).take(most).read_to_end(&mut piece).await;
        read.map_err(|source| unread(&self.place, source))?;
        Ok(Some(piece))
    }
}

/// Removes a file; whether it was there.
async fn erase(place: PathBuf) -> Result<bool, StoreError> {
    in_background(move || match fs::remove_file(&place) {
        Ok(()) => match place.parent().map_or(Ok(()), kept) {
            Ok(()) => Ok(true),
            Err(source) => Err(file("erasing", &place, source)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(source) => Err(file("erasing", &place, source)),
    })
    .await
}

fn unread(place: &Path, source: io::Error) -> StoreError {
    match source.kind() {
        io::ErrorKind::NotFound => StoreError::NotFound,
        _ => file("reading", place, source),
    }
}

/// Files would keep a thread that serves others; they get one of their own.
async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Unavailable(Trouble::Other, Box::new(error)))?
}

/// Brings to the disk what was renamed or removed in a folder.
pub(crate) fn kept(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry?.file_name().into_string().ok().filter(|name| is_sha256(name)));
    }
    names.sort();
    Ok(names)
}

/// Removes what processes left beside its place that ended in the middle of a file. What cannot be removed stays.
pub(crate) fn sweep(blobs: &Path) {
    let folders = fs::read_dir(blobs).into_iter().flatten().flatten();
    let files = folders.filter_map(|folder| fs::read_dir(folder.path()).ok()).flatten().flatten();
    for left in files.filter(|file| file.path().extension().is_some_and(|ending| ending == "new")) {
        let written_at = left.metadata().and_then(|metadata| metadata.modified());
        if written_at.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > ABANDONED)) {
            let _ = fs::remove_file(left.path());
        }
    }
}
