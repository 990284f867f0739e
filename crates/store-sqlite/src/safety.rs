//! The memory of backups and drills.

use async_trait::async_trait;
use sqlx::FromRow;
use sqlx::types::Text;
use uuid::Uuid;

use app::{Backups, SafetyKind, SafetyNote, StoreError};

use crate::convert::moment;
use crate::engine::Store;
use crate::error::failed;
use crate::sql::copies as sql;

#[async_trait]
impl Backups for Store {
    async fn note_safety(&self, note: &SafetyNote) -> Result<(), StoreError> {
        let query = sqlx::query(sql::NOTE).bind(Text(note.id)).bind(note.kind.key());
        let query = query.bind(note.held_at.as_microsecond()).bind(note.is_sound).bind(note.remark.as_str());
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn last_safety(&self, kind: SafetyKind) -> Result<Option<SafetyNote>, StoreError> {
        let query = sqlx::query_as::<_, SafetyColumns>(sql::LAST).bind(kind.key());
        let last = query.fetch_optional(&self.readers).await.map_err(failed)?;
        last.map(|row| {
            let held_at = moment(row.held_at)?;
            Ok(SafetyNote { id: row.id.into_inner(), kind, held_at, is_sound: row.is_sound, remark: row.remark })
        })
        .transpose()
    }
}

#[derive(FromRow)]
struct SafetyColumns {
    id: Text<Uuid>,
    held_at: i64,
    is_sound: bool,
    remark: String,
}
