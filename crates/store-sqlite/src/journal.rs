//! The journal: appending in one transaction, and reading back.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::types::Text;
use sqlx::{FromRow, Transaction};

use app::{
    Append, IncidentRow, Journal, MOST_AT_ONCE, MovedTo, NewEntry, Scope, Sealed, Signer, StoreError, StoredDetection,
    StoredEntry, Trouble, seal,
};
use facts::{IncidentId, OrganisationId};
use register::Frontier;

use crate::convert::{bytes_32, moment, signed, unsigned};
use crate::copies::moved;
use crate::engine::{Db, Store, lock_journal};
use crate::error::{Fault, failed};
use crate::sql::journal as sql;
use crate::{files, incidents, outbox, retention};

#[async_trait]
impl Journal for Store {
    async fn append_all(&self, scope: &Scope, appends: Vec<Append>, signer: &dyn Signer) -> Result<(), StoreError> {
        match append_all(self, scope, &appends, signer).await {
            // Whoever runs a server that was left here is told where everything went.
            Err(StoreError::Unavailable(Trouble::Moved, cause)) => Err(match moved(&self.readers).await? {
                Some(MovedTo { place: to, at }) => Fault::MovedMeanwhile { to, at }.into(),
                None => StoreError::Unavailable(Trouble::Moved, cause),
            }),
            appended => appended,
        }
    }

    async fn are_written(&self, scope: &Scope, incidents: &[IncidentId]) -> Result<BTreeSet<IncidentId>, StoreError> {
        let mut written = BTreeSet::new();
        for incident in incidents {
            let query = sqlx::query_scalar::<_, i64>(sql::COUNT_ENTRIES).bind(Text(*incident)).bind(Text(scope.id()));
            if query.fetch_one(&self.readers).await.map_err(failed)? > 0 {
                written.insert(*incident);
            }
        }
        Ok(written)
    }

    async fn history(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<StoredEntry>, StoreError> {
        let query = sqlx::query_as::<_, EntryColumns>(sql::HISTORY).bind(Text(incident)).bind(Text(scope.id()));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        if rows.is_empty() {
            return Err(StoreError::NotFound);
        }
        rows.into_iter().map(StoredEntry::try_from).collect()
    }

    async fn entries_from(&self, scope: &Scope, index: u64, most: u32) -> Result<Vec<StoredEntry>, StoreError> {
        // An index that no column can hold is beyond all.
        let Ok(index) = i64::try_from(index) else { return Ok(Vec::new()) };
        let query = sqlx::query_as::<_, EntryColumns>(sql::ENTRIES_FROM).bind(Text(scope.id())).bind(index);
        let rows = query.bind(i64::from(most)).fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(StoredEntry::try_from).collect()
    }

    async fn leaf_hashes(&self, scope: &Scope, size: u64) -> Result<Vec<[u8; 32]>, StoreError> {
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let query = sqlx::query_scalar::<_, Vec<u8>>(sql::LEAF_HASHES).bind(Text(scope.id())).bind(size);
        let hashes = query.fetch_all(&self.readers).await.map_err(failed)?;
        hashes.iter().map(|hash| bytes_32(hash, "the hash of a leaf")).collect()
    }

    async fn entries(&self, scope: &Scope) -> Result<Vec<StoredEntry>, StoreError> {
        let query = sqlx::query_as::<_, EntryColumns>(sql::ENTRIES).bind(Text(scope.id()));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(StoredEntry::try_from).collect()
    }

    async fn last_recorded(&self, scope: &Scope) -> Result<Option<Timestamp>, StoreError> {
        let query = sqlx::query_scalar::<_, i64>(sql::LAST_RECORDED).bind(Text(scope.id()));
        query.fetch_optional(&self.readers).await.map_err(failed)?.map(moment).transpose()
    }

    async fn checkpoint(&self, scope: &Scope) -> Result<Option<String>, StoreError> {
        let query = sqlx::query_scalar(sql::CHECKPOINT).bind(Text(scope.id()));
        query.fetch_optional(&self.readers).await.map_err(failed)
    }

    async fn checkpoint_at(&self, scope: &Scope, size: u64) -> Result<String, StoreError> {
        // A size that no column can hold is no checkpoint's.
        let size = i64::try_from(size).map_err(|_| StoreError::NotFound)?;
        let query = sqlx::query_scalar(sql::CHECKPOINT_AT).bind(Text(scope.id())).bind(size);
        query.fetch_one(&self.readers).await.map_err(failed)
    }

    async fn incidents(&self, scope: &Scope) -> Result<Vec<IncidentRow>, StoreError> {
        incidents::all(&self.readers, scope.id()).await
    }

    async fn incident_by_number(&self, scope: &Scope, number: u64) -> Result<IncidentRow, StoreError> {
        incidents::by_number(&self.readers, scope.id(), number).await
    }

    async fn next_number(&self, scope: &Scope) -> Result<u64, StoreError> {
        incidents::next_number(&self.readers, scope.id()).await
    }

    async fn detections(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<StoredDetection>, StoreError> {
        let query = sqlx::query_scalar(sql::COUNT_ENTRIES).bind(Text(incident)).bind(Text(scope.id()));
        let entries: i64 = query.fetch_one(&self.readers).await.map_err(failed)?;
        if entries == 0 {
            return Err(StoreError::NotFound);
        }
        incidents::detections(&self.readers, scope.id(), incident).await
    }

    async fn incidents_on(
        &self,
        scope: &Scope,
        detection: &str,
    ) -> Result<Vec<(IncidentId, StoredDetection)>, StoreError> {
        incidents::on(&self.readers, scope.id(), detection).await
    }
}

async fn append_all(store: &Store, scope: &Scope, appends: &[Append], signer: &dyn Signer) -> Result<(), StoreError> {
    if appends.len() > MOST_AT_ONCE {
        return Err(Fault::Unreadable("more incidents than go into one transaction").into());
    }
    let organisation = scope.id();
    let mut tx = store.begin().await?;
    lock_journal(&mut tx, organisation).await?;
    let mut tree = tree(&mut tx, organisation).await?;
    let mut grown_at = None;
    for append in appends {
        check(&mut tx, organisation, append.incident, append.expected).await?;
        grow(&mut tx, organisation, append.incident, &append.entries, &mut tree).await?;
        write_beside(&mut tx, organisation, append).await?;
        for sha256 in &append.files {
            files::note_use(store, &mut tx, organisation, append.incident, sha256).await?;
        }
        grown_at = append.entries.last().map(|last| last.recorded_at).or(grown_at);
    }
    if let Some(at) = grown_at {
        keep(&mut tx, organisation, &tree, &signer.sign(scope.organisation(), &tree, at)).await?;
    }
    // Once the tree is signed, so that a letter knows which.
    for letter in appends.iter().flat_map(|append| &append.letters) {
        outbox::queue(&mut tx, organisation, letter).await?;
    }
    tx.commit().await.map_err(failed)
}

/// That the incident is as the writer saw it, and is nobody else's.
async fn check(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    expected: u64,
) -> Result<(), StoreError> {
    let here = count(tx, sql::COUNT_ENTRIES, incident, organisation).await?;
    if here == 0 {
        let is_elsewhere = count(tx, sql::COUNT_ENTRIES_ELSEWHERE, incident, organisation).await? > 0;
        if expected > 0 || is_elsewhere {
            return Err(StoreError::NotFound);
        }
    }
    if here == expected { Ok(()) } else { Err(StoreError::Conflict) }
}

async fn count(
    tx: &mut Transaction<'_, Db>,
    statement: &'static str,
    incident: IncidentId,
    organisation: OrganisationId,
) -> Result<u64, StoreError> {
    let query = sqlx::query_scalar(statement).bind(Text(incident)).bind(Text(organisation));
    unsigned(query.fetch_one(&mut **tx).await.map_err(failed)?, "a count")
}

/// Puts the entries on the tree, and writes them.
async fn grow(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    entries: &[NewEntry],
    tree: &mut Frontier,
) -> Result<(), StoreError> {
    for entry in entries {
        let sealed = seal(organisation, tree, entry)
            .map_err(|error| StoreError::Unavailable(Trouble::Other, Box::new(error)))?;
        write(tx, organisation, incident, entry, &sealed).await?;
    }
    Ok(())
}

/// What is written with the entries of one incident: its line, its detections, what is erased and what is sent.
async fn write_beside(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    append: &Append,
) -> Result<(), StoreError> {
    let incident = append.incident;
    if append.row.keeping.erased_at.is_some() {
        retention::forget_beside(tx, organisation, incident).await?;
    }
    incidents::save(tx, organisation, incident, &append.row, &append.listing).await?;
    for detection in &append.detections {
        incidents::save_detection(tx, organisation, incident, detection).await?;
    }
    retention::forget_detections(tx, organisation, incident, &append.forget).await?;
    if let Some(last) = append.entries.last() {
        erase_bodies(tx, organisation, incident, &append.erase, last.recorded_at).await?;
        let open_since = append.row.closed_at.is_none().then_some(last.recorded_at);
        outbox::plan(tx, organisation, incident, open_since).await?;
    }
    Ok(())
}

/// Keeps the tree and its signed head.
async fn keep(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    tree: &Frontier,
    checkpoint: &str,
) -> Result<(), StoreError> {
    let size = signed(tree.size(), "a journal")?;
    let head = sqlx::query(sql::SAVE_HEAD).bind(Text(organisation)).bind(size).bind(tree.to_bytes());
    head.execute(&mut **tx).await.map_err(failed)?;
    let checkpoint = sqlx::query(sql::INSERT_CHECKPOINT).bind(Text(organisation)).bind(size).bind(checkpoint);
    checkpoint.execute(&mut **tx).await.map_err(failed)?;
    Ok(())
}

/// Erases bodies of an incident: recorded first, without which the database refuses.
async fn erase_bodies(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    indices: &[u64],
    at: Timestamp,
) -> Result<(), StoreError> {
    for index in indices {
        let index = signed(*index, "an index")?;
        let query = sqlx::query_scalar::<_, i64>(sql::IS_ENTRY_OF).bind(Text(organisation)).bind(index);
        if query.bind(Text(incident)).fetch_one(&mut **tx).await.map_err(failed)? == 0 {
            return Err(StoreError::NotFound);
        }
        let record = sqlx::query(sql::RECORD_ERASURE).bind(Text(organisation)).bind(index).bind(at.as_microsecond());
        record.execute(&mut **tx).await.map_err(failed)?;
        let erase = sqlx::query(sql::ERASE_BODY).bind(Text(organisation)).bind(index);
        erase.execute(&mut **tx).await.map_err(failed)?;
    }
    Ok(())
}

/// The organisation's tree as it stands.
async fn tree(tx: &mut Transaction<'_, Db>, organisation: OrganisationId) -> Result<Frontier, StoreError> {
    let query = sqlx::query_scalar::<_, Vec<u8>>(sql::HEAD).bind(Text(organisation));
    match query.fetch_optional(&mut **tx).await.map_err(failed)? {
        Some(bytes) => {
            Frontier::from_bytes(&bytes).map_err(|error| StoreError::Unavailable(Trouble::Damaged, Box::new(error)))
        }
        None => Ok(Frontier::default()),
    }
}

async fn write(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    entry: &NewEntry,
    sealed: &Sealed,
) -> Result<(), StoreError> {
    let index = signed(sealed.index, "a journal")?;
    sqlx::query(sql::INSERT_ENTRY)
        .bind(Text(organisation))
        .bind(index)
        .bind(Text(incident))
        .bind(entry.kind)
        .bind(entry.recorded_at.as_microsecond())
        .bind(sealed.leaf.as_bytes())
        .bind(sealed.leaf_hash.as_slice())
        .bind(sealed.commitment.as_slice())
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
    sqlx::query(sql::INSERT_BODY)
        .bind(Text(organisation))
        .bind(index)
        .bind(entry.salt.as_slice())
        .bind(entry.body.as_slice())
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
    Ok(())
}

#[derive(FromRow)]
struct EntryColumns {
    idx: i64,
    incident: Text<IncidentId>,
    kind: String,
    recorded_at: i64,
    leaf_hash: Vec<u8>,
    commitment: Vec<u8>,
    salt: Option<Vec<u8>>,
    body: Option<Vec<u8>>,
    erased_at: Option<i64>,
}

impl TryFrom<EntryColumns> for StoredEntry {
    type Error = StoreError;

    fn try_from(row: EntryColumns) -> Result<Self, StoreError> {
        Ok(Self {
            index: unsigned(row.idx, "an index")?,
            incident: row.incident.into_inner(),
            kind: row.kind,
            recorded_at: moment(row.recorded_at)?,
            leaf_hash: bytes_32(&row.leaf_hash, "a hash of a leaf")?,
            commitment: bytes_32(&row.commitment, "a commitment")?,
            salt_and_body: match (row.salt, row.body) {
                (Some(salt), Some(body)) => Some((bytes_32(&salt, "a salt")?, body)),
                (None, None) => None,
                _ => return Err(Fault::Unreadable("half a body").into()),
            },
            is_erased: row.erased_at.is_some(),
        })
    }
}
