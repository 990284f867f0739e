//! Documents in the database itself, in parts: every server that reaches the register reaches them, and one back-up
//! holds both. Reading checks a document against its name, so what comes back is what was stored.

use async_trait::async_trait;
use sqlx::types::Text;

use app::{Blobs, Scope, StoreError};

use crate::PostgresStore;
use crate::convert::{hashes_to, is_sha256, signed, unsigned};
use crate::error::{Fault, failed};

/// One part: what a statement carries at once.
const PART: usize = 1 << 20;

const INSERT_DOCUMENT: &str = "
    INSERT INTO documents (organisation, sha256, size) VALUES ($1, $2, $3)
    ON CONFLICT (organisation, sha256) DO NOTHING";

const INSERT_PART: &str = "INSERT INTO document_parts (organisation, sha256, part, bytes) VALUES ($1, $2, $3, $4)";

const SIZE: &str = "SELECT size FROM documents WHERE organisation = $1 AND sha256 = $2";

const PART_OF: &str = "SELECT bytes FROM document_parts WHERE organisation = $1 AND sha256 = $2 AND part = $3";

#[async_trait]
impl Blobs for PostgresStore {
    async fn put_blob(&self, scope: &Scope, sha256: &str, bytes: &[u8]) -> Result<(), StoreError> {
        if !hashes_to(bytes, sha256) {
            return Err(Fault::WrongBlob(sha256.to_owned()).into());
        }
        let organisation = Text(scope.id());
        let size = signed(bytes.len() as u64, "a document")?;
        let mut tx = self.begin().await?;
        let query = sqlx::query(INSERT_DOCUMENT).bind(organisation).bind(sha256).bind(size);
        if query.execute(&mut *tx).await.map_err(failed)?.rows_affected() == 0 {
            return Ok(());
        }
        for (part, bytes) in (0_i64..).zip(bytes.chunks(PART)) {
            let query = sqlx::query(INSERT_PART).bind(organisation).bind(sha256).bind(part).bind(bytes);
            query.execute(&mut *tx).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    async fn blob(&self, scope: &Scope, sha256: &str) -> Result<Vec<u8>, StoreError> {
        if !is_sha256(sha256) {
            return Err(StoreError::NotFound);
        }
        let organisation = Text(scope.id());
        let query = sqlx::query_scalar(SIZE).bind(organisation).bind(sha256);
        let size = unsigned(query.fetch_one(&self.readers).await.map_err(failed)?, "the size of a document")?;
        let mut document = Vec::new();
        for part in 0_i64.. {
            if document.len() as u64 >= size {
                break;
            }
            let query = sqlx::query_scalar::<_, Vec<u8>>(PART_OF).bind(organisation).bind(sha256).bind(part);
            // A part that is missing shows in the hash.
            let Some(bytes) = query.fetch_optional(&self.readers).await.map_err(failed)? else { break };
            document.extend(bytes);
        }
        if hashes_to(&document, sha256) { Ok(document) } else { Err(Fault::DamagedBlob(sha256.to_owned()).into()) }
    }
}
