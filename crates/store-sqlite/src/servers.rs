//! What several servers on this database agree on.

use async_trait::async_trait;

use app::{Servers, StoreError};

use crate::engine::Store;
use crate::error::failed;
use crate::sql::servers as sql;

#[async_trait]
impl Servers for Store {
    async fn agreed_key(&self) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar(sql::KEY).fetch_optional(&self.readers).await.map_err(failed)
    }

    async fn agree_on_key(&self, fingerprint: &str) -> Result<String, StoreError> {
        sqlx::query(sql::SET_KEY).bind(fingerprint).execute(&self.writer).await.map_err(failed)?;
        sqlx::query_scalar(sql::KEY).fetch_one(&self.writer).await.map_err(failed)
    }

    async fn close(&self) {
        Self::close(self).await;
    }
}
