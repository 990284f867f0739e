//! Values as the columns hold them: words, numbers, moments, hashes.

use jiff::Timestamp;

use app::StoreError;
use incident::{Phase, Role, Urgency};
use law::verdict::Outcome;

use crate::error::Fault;

/// A moment of a column, which holds microseconds since 1970.
pub(crate) fn moment(micros: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(micros).map_err(|_| Fault::Unreadable("a moment").into())
}

/// A number for a column.
pub(crate) fn signed(number: u64, what: &'static str) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| Fault::TooLarge(what).into())
}

/// A number of a column.
pub(crate) fn unsigned(number: i64, what: &'static str) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| Fault::Unreadable(what).into())
}

/// Thirty-two bytes of a column: a hash or a salt.
pub(crate) fn bytes_32(bytes: &[u8], what: &'static str) -> Result<[u8; 32], StoreError> {
    bytes.try_into().map_err(|_| Fault::Unreadable(what).into())
}

pub(crate) fn role(word: &str) -> Result<Role, StoreError> {
    Role::from_key(word).ok_or_else(|| Fault::Unreadable("a role").into())
}

pub(crate) fn outcome(word: &str) -> Result<Outcome, StoreError> {
    Outcome::from_key(word).ok_or_else(|| Fault::Unreadable("an outcome").into())
}

pub(crate) fn urgency(word: &str) -> Result<Urgency, StoreError> {
    [Urgency::Low, Urgency::Medium, Urgency::High, Urgency::Critical]
        .into_iter()
        .find(|urgency| urgency_word(*urgency) == word)
        .ok_or_else(|| Fault::Unreadable("an urgency").into())
}

pub(crate) fn urgency_word(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Low => "low",
        Urgency::Medium => "medium",
        Urgency::High => "high",
        Urgency::Critical => "critical",
    }
}

pub(crate) fn phase(word: &str) -> Result<Phase, StoreError> {
    [Phase::Investigating, Phase::AwaitingDecision, Phase::Acting, Phase::Done, Phase::Closed]
        .into_iter()
        .find(|phase| phase_word(*phase) == word)
        .ok_or_else(|| Fault::Unreadable("a phase").into())
}

pub(crate) fn phase_word(phase: Phase) -> &'static str {
    match phase {
        Phase::Investigating => "investigating",
        Phase::AwaitingDecision => "awaiting_decision",
        Phase::Acting => "acting",
        Phase::Done => "done",
        Phase::Closed => "closed",
    }
}
