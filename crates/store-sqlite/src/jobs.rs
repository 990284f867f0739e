//! Work that comes back: claimed by one server at a time.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sqlx::types::Text;
use uuid::Uuid;

use app::{Jobs, StoreError};

use crate::convert::moment;
use crate::engine::Store;
use crate::error::failed;
use crate::sql::jobs as sql;

#[async_trait]
impl Jobs for Store {
    async fn claim_job(
        &self,
        name: &str,
        holder: Uuid,
        now: Timestamp,
        until: Timestamp,
        every: SignedDuration,
    ) -> Result<bool, StoreError> {
        let query = sqlx::query(sql::CLAIM).bind(name).bind(Text(holder));
        let query = query.bind(now.as_microsecond()).bind(until.as_microsecond());
        let query = query.bind((now + every).as_microsecond());
        Ok(query.execute(&self.writer).await.map_err(failed)?.rows_affected() > 0)
    }

    async fn hold_job(&self, name: &str, holder: Uuid, until: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::HOLD).bind(name).bind(Text(holder)).bind(until.as_microsecond());
        whose(query.execute(&self.writer).await.map_err(failed)?.rows_affected())
    }

    async fn job_done(&self, name: &str, holder: Uuid, at: Timestamp, due_at: Timestamp) -> Result<(), StoreError> {
        self.let_go(sql::DONE, name, holder, at, due_at).await
    }

    async fn job_failed(&self, name: &str, holder: Uuid, at: Timestamp, due_at: Timestamp) -> Result<(), StoreError> {
        self.let_go(sql::FAILED, name, holder, at, due_at).await
    }

    async fn job_last_done(&self, name: &str) -> Result<Option<Timestamp>, StoreError> {
        let query = sqlx::query_scalar::<_, Option<i64>>(sql::LAST_DONE).bind(name);
        let done_at = query.fetch_optional(&self.readers).await.map_err(failed)?.flatten();
        done_at.map(moment).transpose()
    }
}

impl Store {
    /// Ends a holder's turn: done, or failed.
    async fn let_go(
        &self,
        how: &'static str,
        name: &str,
        holder: Uuid,
        at: Timestamp,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let query = sqlx::query(how).bind(name).bind(Text(holder));
        let query = query.bind(at.as_microsecond()).bind(due_at.as_microsecond());
        whose(query.execute(&self.writer).await.map_err(failed)?.rows_affected())
    }
}

/// A job that is another's by now is not changed.
fn whose(changed: u64) -> Result<(), StoreError> {
    if changed == 0 { Err(StoreError::Conflict) } else { Ok(()) }
}
