//! Files in the database itself, in parts: every server that reaches the register reaches them, and one back-up holds
//! both. Reading checks a file against its name, so what comes back is what was stored. What an upload that broke off
//! leaves goes with the first one after a day.

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use sqlx::types::Text;
use sqlx::{PgPool, Transaction};

use app::{Before, BlobReader, BlobWriter, Blobs, Scope, StoreError, StoredBlob, Trouble};
use facts::{IncidentId, OrganisationId};

use crate::PostgresStore;
use crate::convert::{hashes_to, is_sha256, signed, unsigned};
use crate::engine::Db;
use crate::error::{Fault, failed};
use crate::files::{self, Checked, Pieces, name_of};

/// One part: what a statement carries at once.
const PART: usize = 1 << 20;

const INSERT_DOCUMENT: &str = "
    INSERT INTO documents (organisation, sha256, size) VALUES ($1, $2, $3)
    ON CONFLICT (organisation, sha256) DO NOTHING";

const SIZE: &str = "SELECT size FROM documents WHERE organisation = $1 AND sha256 = $2";

const PART_OF: &str = "SELECT bytes FROM document_parts WHERE organisation = $1 AND sha256 = $2 AND part = $3";

const DOCUMENTS: &str = "SELECT sha256 FROM documents WHERE organisation = $1 ORDER BY sha256";

/// Nobody erases it until the transaction ends.
const HOLD: &str = "SELECT size FROM documents WHERE organisation = $1 AND sha256 = $2 FOR KEY SHARE";

/// Nobody takes it up until the transaction ends.
const LOCK: &str = "SELECT size FROM documents WHERE organisation = $1 AND sha256 = $2 FOR UPDATE";

const DELETE: &str = "DELETE FROM documents WHERE organisation = $1 AND sha256 = $2";

const SWEEP_UPLOADS: &str = "DELETE FROM uploads WHERE begun_at < now() - interval '1 day'";

const BEGIN_UPLOAD: &str = "INSERT INTO uploads DEFAULT VALUES RETURNING id";

const INSERT_UPLOAD_PART: &str = "INSERT INTO upload_parts (upload, part, bytes) VALUES ($1, $2, $3)";

const TAKE_PARTS: &str = "
    INSERT INTO document_parts (organisation, sha256, part, bytes)
    SELECT $1, $2, part, bytes FROM upload_parts WHERE upload = $3";

const END_UPLOAD: &str = "DELETE FROM uploads WHERE id = $1";

#[async_trait]
impl Blobs for PostgresStore {
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
        Ok(Box::new(opened(&self.readers, scope.id(), sha256).await?))
    }

    async fn delete_blob(&self, scope: &Scope, incident: IncidentId, sha256: &str) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        lock(&mut tx, scope.id(), sha256).await?;
        files::release(&mut tx, scope.id(), incident, sha256).await?;
        let is_unused = files::is_unused(&mut tx, scope.id(), sha256).await?;
        if is_unused {
            erase(&mut tx, scope.id(), sha256).await?;
        }
        tx.commit().await.map_err(failed)?;
        Ok(is_unused)
    }

    async fn delete_unused_blob(&self, scope: &Scope, sha256: &str) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        lock(&mut tx, scope.id(), sha256).await?;
        let is_unused = files::is_unused(&mut tx, scope.id(), sha256).await?;
        let is_erased = is_unused && erase(&mut tx, scope.id(), sha256).await?;
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
        let query = sqlx::query_scalar(DOCUMENTS).bind(Text(scope.id()));
        query.fetch_all(&self.readers).await.map_err(failed)
    }
}

/// Whether a file is there; it stays until the transaction ends.
pub(crate) async fn is_stored(
    _: &PostgresStore,
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    sha256: &str,
) -> Result<bool, StoreError> {
    if !is_sha256(sha256) {
        return Ok(false);
    }
    let query = sqlx::query_scalar::<_, i64>(HOLD).bind(Text(organisation)).bind(sha256);
    Ok(query.fetch_optional(&mut **tx).await.map_err(failed)?.is_some())
}

async fn lock(tx: &mut Transaction<'_, Db>, organisation: OrganisationId, sha256: &str) -> Result<(), StoreError> {
    let query = sqlx::query_scalar::<_, i64>(LOCK).bind(Text(organisation)).bind(sha256);
    query.fetch_optional(&mut **tx).await.map_err(failed)?;
    Ok(())
}

async fn erase(tx: &mut Transaction<'_, Db>, organisation: OrganisationId, sha256: &str) -> Result<bool, StoreError> {
    let query = sqlx::query(DELETE).bind(Text(organisation)).bind(sha256);
    Ok(query.execute(&mut **tx).await.map_err(failed)?.rows_affected() > 0)
}

#[derive(Debug, thiserror::Error)]
#[error("a file that was being received was lost by a restart of the database: send it again")]
struct LostUpload;

/// A file whose parts wait under a number until its hash is known.
struct Incoming {
    writer: PgPool,
    organisation: OrganisationId,
    upload: i64,
    buffer: Vec<u8>,
    parts: i64,
    hash: Sha256,
    size_bytes: u64,
    is_finished: bool,
}

impl Incoming {
    async fn begin(store: &PostgresStore, organisation: OrganisationId) -> Result<Self, StoreError> {
        sqlx::query(SWEEP_UPLOADS).execute(&store.writer).await.map_err(failed)?;
        let upload = sqlx::query_scalar(BEGIN_UPLOAD).fetch_one(&store.writer).await.map_err(failed)?;
        Ok(Self {
            writer: store.writer.clone(),
            organisation,
            upload,
            buffer: Vec::new(),
            parts: 0,
            hash: Sha256::new(),
            size_bytes: 0,
            is_finished: false,
        })
    }

    async fn send(&mut self, part: &[u8]) -> Result<(), StoreError> {
        let query = sqlx::query(INSERT_UPLOAD_PART).bind(self.upload).bind(self.parts).bind(part);
        query.execute(&self.writer).await.map_err(failed)?;
        self.parts += 1;
        Ok(())
    }
}

#[async_trait]
impl BlobWriter for Incoming {
    async fn write(&mut self, piece: &[u8]) -> Result<(), StoreError> {
        self.hash.update(piece);
        self.size_bytes += piece.len() as u64;
        let mut rest = piece;
        while !rest.is_empty() {
            let (some, more) = rest.split_at(rest.len().min(PART - self.buffer.len()));
            self.buffer.extend_from_slice(some);
            rest = more;
            if self.buffer.len() == PART {
                let part = std::mem::take(&mut self.buffer);
                self.send(&part).await?;
            }
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<StoredBlob, StoreError> {
        let last = std::mem::take(&mut self.buffer);
        if !last.is_empty() {
            self.send(&last).await?;
        }
        let sha256 = name_of(std::mem::take(&mut self.hash));
        let before = files::before(opened(&self.writer, self.organisation, &sha256).await).await?;
        let organisation = Text(self.organisation);
        let mut tx = self.writer.begin().await.map_err(failed)?;
        if before == Before::Damaged {
            erase(&mut tx, self.organisation, &sha256).await?;
        }
        let size = signed(self.size_bytes, "a document")?;
        let query = sqlx::query(INSERT_DOCUMENT).bind(organisation).bind(&sha256).bind(size);
        let is_new = query.execute(&mut *tx).await.map_err(failed)?.rows_affected() > 0;
        if is_new {
            let query = sqlx::query(TAKE_PARTS).bind(organisation).bind(&sha256).bind(self.upload);
            let taken = query.execute(&mut *tx).await.map_err(failed)?.rows_affected();
            // A server that crashed in between has lost what waited.
            if i64::try_from(taken) != Ok(self.parts) {
                return Err(StoreError::Unavailable(Trouble::Other, Box::new(LostUpload)));
            }
        }
        sqlx::query(END_UPLOAD).bind(self.upload).execute(&mut *tx).await.map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        self.is_finished = true;
        Ok(StoredBlob { sha256, size_bytes: self.size_bytes, before })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // What cannot be removed now goes with a later upload.
        if let Ok(runtime) = tokio::runtime::Handle::try_current()
            && !self.is_finished
        {
            let (writer, upload) = (self.writer.clone(), self.upload);
            runtime.spawn(async move { sqlx::query(END_UPLOAD).bind(upload).execute(&writer).await.map(drop) });
        }
    }
}

/// Opens a file for reading.
async fn opened(readers: &PgPool, organisation: OrganisationId, sha256: &str) -> Result<Checked<Parts>, StoreError> {
    if !is_sha256(sha256) {
        return Err(StoreError::NotFound);
    }
    let query = sqlx::query_scalar(SIZE).bind(Text(organisation)).bind(sha256);
    let size = unsigned(query.fetch_one(readers).await.map_err(failed)?, "the size of a document")?;
    let parts = Parts { readers: readers.clone(), organisation, sha256: sha256.to_owned(), next: 0 };
    Ok(Checked::new(parts, sha256, size))
}

struct Parts {
    readers: PgPool,
    organisation: OrganisationId,
    sha256: String,
    next: i64,
}

#[async_trait]
impl Pieces for Parts {
    async fn piece(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        let query = sqlx::query_scalar(PART_OF).bind(Text(self.organisation)).bind(&self.sha256).bind(self.next);
        self.next += 1;
        // A part that is missing shows in the hash.
        query.fetch_optional(&self.readers).await.map_err(failed)
    }
}
