//! Time stamps of checkpoints.

use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::types::Text;

use app::{Scope, Stamp, Stamps, StoreError, Unstamped};
use facts::OrganisationId;

use crate::convert::{moment, signed, unsigned};
use crate::engine::Store;
use crate::error::failed;
use crate::sql::stamps as sql;

#[async_trait]
impl Stamps for Store {
    async fn unstamped(&self, limit: u32) -> Result<Vec<Unstamped>, StoreError> {
        let query = sqlx::query_as::<_, (Text<OrganisationId>, i64, String, Option<i64>)>(sql::UNSTAMPED)
            .bind(i64::from(limit));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        let read = |(organisation, size, checkpoint, recorded_at): (Text<OrganisationId>, _, _, Option<i64>)| {
            Ok(Unstamped {
                organisation: organisation.into_inner(),
                size: unsigned(size, "a journal")?,
                checkpoint,
                recorded_at: recorded_at.map(moment).transpose()?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    async fn keep_stamp(&self, of: &Unstamped, answer: &[u8], at: Timestamp) -> Result<bool, StoreError> {
        let query = sqlx::query(sql::KEEP).bind(Text(of.organisation)).bind(signed(of.size, "a journal")?);
        let query = query.bind(answer).bind(at.as_microsecond());
        Ok(query.execute(&self.writer).await.map_err(failed)?.rows_affected() > 0)
    }

    async fn stamp(&self, scope: &Scope, size: u64) -> Result<Option<Stamp>, StoreError> {
        let query = sqlx::query_as::<_, (String, Vec<u8>)>(sql::NEWEST).bind(Text(scope.id()));
        let query = query.bind(signed(size, "a journal")?);
        let row = query.fetch_optional(&self.readers).await.map_err(failed)?;
        Ok(row.map(|(checkpoint, answer)| Stamp { checkpoint, answer }))
    }
}
