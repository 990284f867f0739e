//! Forgetting: terms, what they end, what was erased, what persons asked.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::types::Text;
use sqlx::{FromRow, Transaction};
use uuid::Uuid;

use app::{ErasureMark, IncidentRow, PersonRequest, RequestKind, Retention, RetentionChange, Scope, StoreError};
use facts::{IncidentId, OrganisationId};
use incident::RetentionKind;

use crate::convert::{bytes_32, kept, moment, retention, signed, unsigned};
use crate::engine::{self, Db, Store};
use crate::error::{Fault, failed};
use crate::incidents::IncidentColumns;
use crate::sql::retention as sql;

#[async_trait]
impl Retention for Store {
    async fn retention_changes(&self, scope: &Scope) -> Result<Vec<RetentionChange>, StoreError> {
        let query = sqlx::query_as::<_, ChangeColumns>(sql::CHANGES).bind(Text(scope.id()));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(RetentionChange::try_from).collect()
    }

    async fn set_retentions(
        &self,
        scope: &Scope,
        changes: &[RetentionChange],
        seen: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        engine::lock_journal(&mut tx, scope.id()).await?;
        let newest = sqlx::query_scalar::<_, Option<i64>>(sql::NEWEST_TERM).bind(Text(scope.id()));
        if newest.fetch_one(&mut *tx).await.map_err(failed)? != seen.map(Timestamp::as_microsecond) {
            return Err(StoreError::Conflict);
        }
        for change in changes {
            kept(&[&change.set_by, &change.reason])?;
            sqlx::query(sql::SET)
                .bind(Text(scope.id()))
                .bind(change.kind.key())
                .bind(change.set_at.as_microsecond())
                .bind(i64::from(change.years))
                .bind(i64::from(change.years_before))
                .bind(change.set_by.as_str())
                .bind(change.reason.as_str())
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn ended(
        &self,
        scope: &Scope,
        kind: RetentionKind,
        closed_before: Timestamp,
        changed_before: Timestamp,
        after: Option<(Timestamp, u64)>,
        limit: u32,
    ) -> Result<Vec<IncidentRow>, StoreError> {
        let query = sqlx::query_as::<_, IncidentColumns>(sql::ENDED).bind(Text(scope.id())).bind(kind.key());
        let query = query.bind(closed_before.as_microsecond()).bind(changed_before.as_microsecond());
        let (closed_at, number) = match after {
            Some((closed_at, number)) => (closed_at.as_microsecond(), signed(number, "a number")?),
            None => (i64::MIN, i64::MIN),
        };
        let query = query.bind(closed_at).bind(number).bind(i64::from(limit));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(IncidentRow::try_from).collect()
    }

    async fn ending(
        &self,
        scope: &Scope,
        closed_by: [Timestamp; 3],
        changed_by: Timestamp,
        from: u64,
        limit: u32,
    ) -> Result<Vec<IncidentRow>, StoreError> {
        let mut query = sqlx::query_as::<_, IncidentColumns>(sql::ENDING).bind(Text(scope.id()));
        for at in closed_by {
            query = query.bind(at.as_microsecond());
        }
        let query = query.bind(changed_by.as_microsecond()).bind(i64::from(limit)).bind(signed(from, "a place")?);
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(IncidentRow::try_from).collect()
    }

    async fn count_ending(
        &self,
        scope: &Scope,
        closed_by: [Timestamp; 3],
        changed_by: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut query = sqlx::query_scalar::<_, i64>(sql::COUNT_ENDING).bind(Text(scope.id()));
        for at in closed_by {
            query = query.bind(at.as_microsecond());
        }
        let query = query.bind(changed_by.as_microsecond());
        Ok(unsigned(query.fetch_one(&self.readers).await.map_err(failed)?, "a count")?)
    }

    async fn held(&self, scope: &Scope, from: u64, limit: u32) -> Result<Vec<IncidentRow>, StoreError> {
        let query = sqlx::query_as::<_, IncidentColumns>(sql::HELD).bind(Text(scope.id()));
        let query = query.bind(i64::from(limit)).bind(signed(from, "a place")?);
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(IncidentRow::try_from).collect()
    }

    async fn count_held(&self, scope: &Scope) -> Result<u64, StoreError> {
        let query = sqlx::query_scalar::<_, i64>(sql::COUNT_HELD).bind(Text(scope.id()));
        Ok(unsigned(query.fetch_one(&self.readers).await.map_err(failed)?, "a count")?)
    }

    async fn with_files_left(&self, scope: &Scope, limit: u32) -> Result<Vec<(IncidentId, u64)>, StoreError> {
        let query = sqlx::query_as::<_, (Text<IncidentId>, i64)>(sql::WITH_FILES_LEFT).bind(Text(scope.id()));
        let found = query.bind(i64::from(limit)).fetch_all(&self.readers).await.map_err(failed)?;
        found.into_iter().map(|(id, number)| Ok((id.into_inner(), unsigned(number, "a number")?))).collect()
    }

    async fn erasures(&self, since: Timestamp, limit: u32) -> Result<Vec<ErasureMark>, StoreError> {
        let query = sqlx::query_as::<_, MarkColumns>(sql::ERASURES).bind(since.as_microsecond()).bind(i64::from(limit));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(ErasureMark::try_from).collect()
    }

    async fn undone(
        &self,
        organisation: OrganisationId,
        marks: &[ErasureMark],
    ) -> Result<Vec<ErasureMark>, StoreError> {
        let mut undone = Vec::new();
        for mark in marks.iter().filter(|mark| mark.organisation == organisation) {
            let query = sqlx::query_scalar::<_, i64>(sql::IS_UNDONE).bind(Text(organisation));
            let query = query.bind(signed(mark.index, "an index")?).bind(Text(mark.incident));
            let query = query.bind(mark.commitment.as_slice());
            if query.fetch_one(&self.readers).await.map_err(failed)? > 0 {
                undone.push(mark.clone());
            }
        }
        Ok(undone)
    }

    async fn settle(&self) -> Result<(), StoreError> {
        engine::settle(self).await
    }

    async fn record_request(&self, scope: &Scope, request: &PersonRequest) -> Result<(), StoreError> {
        kept(&[&request.reference, &request.handled_by])?;
        sqlx::query(sql::RECORD_REQUEST)
            .bind(Text(scope.id()))
            .bind(Text(request.id))
            .bind(request.asked_at.as_microsecond())
            .bind(request.kind.key())
            .bind(request.reference.as_str())
            .bind(request.handled_by.as_str())
            .bind(signed(request.incidents_searched, "a count")?)
            .bind(signed(request.places_found, "a count")?)
            .execute(&self.writer)
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn requests(&self, scope: &Scope, limit: u32) -> Result<Vec<PersonRequest>, StoreError> {
        let query = sqlx::query_as::<_, RequestColumns>(sql::REQUESTS).bind(Text(scope.id())).bind(i64::from(limit));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(PersonRequest::try_from).collect()
    }
}

/// What stands beside the journal of an incident that is erased, and says what it said.
pub(crate) async fn forget_beside(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
) -> Result<(), StoreError> {
    for statement in [
        sql::FORGET_DETECTIONS,
        sql::FORGET_WAITING_LETTERS,
        sql::FORGET_LETTERS,
        sql::FORGET_SEEN,
        sql::FORGET_SEEN_CASES,
    ] {
        let query = sqlx::query(statement).bind(Text(organisation)).bind(Text(incident));
        query.execute(&mut **tx).await.map_err(failed)?;
    }
    Ok(())
}

/// Deletes single detections that an incident rests on, and what their sensor reported of them. Of each the id stays, so that
/// what the sensor says of it again is not kept.
pub(crate) async fn forget_detections(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    ids: &[String],
) -> Result<(), StoreError> {
    for id in ids {
        for statement in [sql::FORGET_ONE, sql::FORGOTTEN_ONE, sql::FORGET_ONE_SEEN] {
            let query = sqlx::query(statement).bind(Text(organisation)).bind(Text(incident)).bind(id.as_str());
            query.execute(&mut **tx).await.map_err(failed)?;
        }
    }
    Ok(())
}

#[derive(FromRow)]
struct ChangeColumns {
    kind: String,
    set_at: i64,
    years: i64,
    years_before: i64,
    set_by: String,
    reason: String,
}

impl TryFrom<ChangeColumns> for RetentionChange {
    type Error = StoreError;

    fn try_from(row: ChangeColumns) -> Result<Self, StoreError> {
        let years = |years: i64| u32::try_from(years).map_err(|_| Fault::Unreadable("a retention term"));
        Ok(Self {
            kind: retention(&row.kind)?,
            years: years(row.years)?,
            years_before: years(row.years_before)?,
            set_at: moment(row.set_at)?,
            set_by: row.set_by,
            reason: row.reason,
        })
    }
}

#[derive(FromRow)]
struct MarkColumns {
    organisation: Text<OrganisationId>,
    incident: Text<IncidentId>,
    idx: i64,
    commitment: Vec<u8>,
    erased_at: i64,
    is_whole: bool,
}

impl TryFrom<MarkColumns> for ErasureMark {
    type Error = StoreError;

    fn try_from(row: MarkColumns) -> Result<Self, StoreError> {
        Ok(Self {
            organisation: row.organisation.into_inner(),
            incident: row.incident.into_inner(),
            index: unsigned(row.idx, "an index")?,
            commitment: bytes_32(&row.commitment, "a commitment")?,
            erased_at: moment(row.erased_at)?,
            is_whole: row.is_whole,
        })
    }
}

#[derive(FromRow)]
struct RequestColumns {
    id: Text<Uuid>,
    asked_at: i64,
    kind: String,
    reference: String,
    handled_by: String,
    incidents_searched: i64,
    places_found: i64,
}

impl TryFrom<RequestColumns> for PersonRequest {
    type Error = StoreError;

    fn try_from(row: RequestColumns) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into_inner(),
            asked_at: moment(row.asked_at)?,
            kind: RequestKind::from_key(&row.kind).ok_or(Fault::Unreadable("a kind of request"))?,
            reference: row.reference,
            handled_by: row.handled_by,
            incidents_searched: unsigned(row.incidents_searched, "a count")?,
            places_found: unsigned(row.places_found, "a count")?,
        })
    }
}
