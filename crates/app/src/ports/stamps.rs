//! The ports of time stamps: where they are kept, and who gives them.

use async_trait::async_trait;
use jiff::Timestamp;

use facts::OrganisationId;

use crate::{Error, Scope, StoreError};

/// A checkpoint for which there is no time stamp yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unstamped {
    pub organisation: OrganisationId,
    pub size: u64,
    /// The signed checkpoint, of which a stamp is asked byte for byte.
    pub checkpoint: String,
    /// When the newest entry that it covers was recorded.
    pub recorded_at: Option<Timestamp>,
}

/// What an authority answered, and the moment that it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeAnswer {
    pub bytes: Vec<u8>,
    pub at: Timestamp,
}

/// A time stamp and what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub checkpoint: String,
    /// The authority's answer as it came (RFC 3161 `TimeStampResp`).
    pub answer: Vec<u8>,
}

/// Time stamps by register and size of its tree; kept for ever, as the checkpoints are.
#[async_trait]
pub trait Stamps: Send + Sync {
    /// The newest checkpoint of each register, of any organisation, that has no time stamp; at most `limit`.
    async fn unstamped(&self, limit: u32) -> Result<Vec<Unstamped>, StoreError>;
    /// Keeps a stamp of a checkpoint; whether it is the first of it.
    async fn keep_stamp(&self, of: &Unstamped, answer: &[u8], at: Timestamp) -> Result<bool, StoreError>;
    /// The newest stamp of a checkpoint of at most `size` entries.
    async fn stamp(&self, scope: &Scope, size: u64) -> Result<Option<Stamp>, StoreError>;
}

/// A time-stamping authority.
#[async_trait]
pub trait TimeAuthority: Send + Sync {
    /// Its answer on these bytes, seen to be a stamp of them.
    async fn stamp(&self, over: &[u8]) -> Result<TimeAnswer, Error>;
}
