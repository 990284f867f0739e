//! Web sessions.

use std::sync::atomic::Ordering;

use async_trait::async_trait;
use jiff::Timestamp;

use app::{Sessions, StoreError};

use crate::engine::Store;
use crate::error::failed;
use crate::sql::sessions as sql;

/// How often expired sessions are deleted, in microseconds: once an hour.
const SWEEP_EVERY: i64 = 3_600_000_000;

#[async_trait]
impl Sessions for Store {
    async fn save_session(&self, id_sha256: &str, data: &[u8], expires_at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::SAVE_SESSION).bind(id_sha256).bind(data).bind(expires_at.as_microsecond());
        // Somebody waits at the door: for one turn to write, and no longer.
        let mut tx = self.begin().await?;
        query.execute(&mut *tx).await.map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn load_session(&self, id_sha256: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        self.sweep(now);
        let query = sqlx::query_scalar(sql::SESSION).bind(id_sha256).bind(now.as_microsecond());
        query.fetch_optional(&self.readers).await.map_err(failed)
    }

    async fn delete_session(&self, id_sha256: &str) -> Result<(), StoreError> {
        let query = sqlx::query(sql::DELETE_SESSION).bind(id_sha256);
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }
}

impl Store {
    /// Deletes expired sessions, when that was not done for a while. It is done on loading: that is when we are told
    /// what time it is.
    ///
    /// Nobody waits for it, and where it cannot be done now (a full disk, a database that is held) nobody is kept from reading:
    /// an expired session is not found anyway, and goes the next time.
    fn sweep(&self, now: Timestamp) {
        let now = now.as_microsecond();
        let swept_at = self.swept_at.load(Ordering::Relaxed);
        let is_due = now >= swept_at.saturating_add(SWEEP_EVERY);
        // Of several at once, one does it.
        let is_ours =
            is_due && self.swept_at.compare_exchange(swept_at, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if is_ours {
            let writer = self.writer.clone();
            tokio::spawn(async move { sqlx::query(sql::DELETE_EXPIRED_SESSIONS).bind(now).execute(&writer).await });
        }
    }
}
