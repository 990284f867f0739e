//! What files have in common in every store: which incident uses which, and reading one so that a damaged file never
//! passes for whole. Where their bytes lie is each store's own (`blobs`).

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use sqlx::Transaction;
use sqlx::types::Text;

use app::{Before, BlobReader, StoreError, Trouble};
use facts::{IncidentId, OrganisationId};

use crate::blobs::is_stored;
use crate::convert::unsigned;
use crate::engine::{Db, Pool, Store};
use crate::error::{Fault, failed};
use crate::sql::files as sql;

/// Notes, within the transaction of what causes it, that an incident uses a file; `NotFound`: it is not stored.
pub(crate) async fn note_use(
    store: &Store,
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    sha256: &str,
) -> Result<(), StoreError> {
    if !is_stored(store, tx, organisation, sha256).await? {
        return Err(StoreError::NotFound);
    }
    let query = sqlx::query(sql::USE).bind(Text(organisation)).bind(sha256).bind(Text(incident));
    query.execute(&mut **tx).await.map_err(failed)?;
    Ok(())
}

/// Ends an incident's use of a file. `NotFound`: the incident does not use it.
pub(crate) async fn release(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    sha256: &str,
) -> Result<(), StoreError> {
    let query = sqlx::query(sql::RELEASE).bind(Text(organisation)).bind(sha256).bind(Text(incident));
    let released = query.execute(&mut **tx).await.map_err(failed)?.rows_affected();
    if released == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// Whether no incident uses a file.
pub(crate) async fn is_unused(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    sha256: &str,
) -> Result<bool, StoreError> {
    let query = sqlx::query_scalar::<_, i64>(sql::COUNT_USES).bind(Text(organisation)).bind(sha256);
    Ok(query.fetch_one(&mut **tx).await.map_err(failed)? == 0)
}

/// The files that any incident uses.
pub(crate) async fn used(readers: &Pool, organisation: OrganisationId) -> Result<Vec<String>, StoreError> {
    sqlx::query_scalar(sql::USED).bind(Text(organisation)).fetch_all(readers).await.map_err(failed)
}

/// The numbers of the incidents that use a file.
pub(crate) async fn users(readers: &Pool, organisation: OrganisationId, sha256: &str) -> Result<Vec<u64>, StoreError> {
    let query = sqlx::query_scalar::<_, i64>(sql::USERS).bind(Text(organisation)).bind(sha256);
    let numbers = query.fetch_all(readers).await.map_err(failed)?;
    let mut numbers: Vec<u64> =
        numbers.into_iter().map(|number| unsigned(number, "an incident's number")).collect::<Result<_, _>>()?;
    // Not by the database, which would take the index of numbers, and go past every incident.
    numbers.sort_unstable();
    Ok(numbers)
}

/// The files that an incident uses.
pub(crate) async fn of_incident(
    readers: &Pool,
    organisation: OrganisationId,
    incident: IncidentId,
) -> Result<Vec<String>, StoreError> {
    let query = sqlx::query_scalar(sql::FILES_OF).bind(Text(organisation)).bind(Text(incident));
    query.fetch_all(readers).await.map_err(failed)
}

/// A whole file.
pub(crate) async fn whole(mut reader: Box<dyn BlobReader>) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    while let Some(piece) = reader.next().await? {
        bytes.extend(piece);
    }
    Ok(bytes)
}

/// What stands under a file's name, read to its end.
pub(crate) async fn before(opened: Result<impl BlobReader, StoreError>) -> Result<Before, StoreError> {
    let read = async {
        let mut reader = opened?;
        while reader.next().await?.is_some() {}
        Ok(())
    };
    match read.await {
        Ok(()) => Ok(Before::Intact),
        Err(StoreError::NotFound) => Ok(Before::Nothing),
        // A store that is away or busy is no damage.
        Err(error @ StoreError::Unavailable(Trouble::Unreachable | Trouble::Held, _)) => Err(error),
        // A disk that cannot read it any more has lost it just as well.
        Err(_) => Ok(Before::Damaged),
    }
}

/// The hash of what was written or read, as files are named by it.
pub(crate) fn name_of(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the pieces of a file come from.
#[async_trait]
pub(crate) trait Pieces: Send {
    /// The next piece; nothing, or an empty one, at the end.
    async fn piece(&mut self) -> Result<Option<Vec<u8>>, StoreError>;
}

/// A file's pieces, hashed as they pass. The last is held back until all of them have been found to be what was stored.
pub(crate) struct Checked<P> {
    pieces: P,
    sha256: String,
    size_bytes: u64,
    hash: Sha256,
    read: u64,
    held: Option<Vec<u8>>,
    is_done: bool,
}

impl<P: Pieces> Checked<P> {
    pub(crate) fn new(pieces: P, sha256: &str, size_bytes: u64) -> Self {
        Self { pieces, sha256: sha256.to_owned(), size_bytes, hash: Sha256::new(), read: 0, held: None, is_done: false }
    }
}

#[async_trait]
impl<P: Pieces> BlobReader for Checked<P> {
    fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        while !self.is_done {
            match self.pieces.piece().await?.filter(|piece| !piece.is_empty()) {
                Some(piece) => {
                    self.hash.update(&piece);
                    self.read += piece.len() as u64;
                    if let Some(before) = self.held.replace(piece) {
                        return Ok(Some(before));
                    }
                }
                None => {
                    self.is_done = true;
                    let found = name_of(std::mem::take(&mut self.hash));
                    if found != self.sha256 || self.read != self.size_bytes {
                        self.held = None;
                        return Err(Fault::DamagedBlob(self.sha256.clone()).into());
                    }
                }
            }
        }
        Ok(self.held.take())
    }
}
