//! The port of what is remembered of backups and of drills.

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use crate::StoreError;

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SafetyKind {
    /// A backup was made, and checked by restoring it.
    Backup,
    /// Restoring was practised.
    Drill,
}

impl SafetyKind {
    /// The word the store keeps.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Drill => "drill",
        }
    }
}

/// A backup or a drill, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafetyNote {
    pub id: Uuid,
    pub kind: SafetyKind,
    pub held_at: Timestamp,
    pub is_sound: bool,
    /// Which file, and what there is to say of it; English, for operators.
    pub remark: String,
}

/// The memory of backups and drills.
#[async_trait]
pub trait Backups: Send + Sync {
    async fn note_safety(&self, note: &SafetyNote) -> Result<(), StoreError>;
    /// The newest of a kind.
    async fn last_safety(&self, kind: SafetyKind) -> Result<Option<SafetyNote>, StoreError>;
}
