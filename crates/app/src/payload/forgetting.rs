//! The bodies of erasures: what is left to say, and what may still be said in an erased entry's place.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use incident::{ErasedEntry, Erasure, ErasureGround, HeldFor, RetentionKind};

use super::{ActorV1, EventV1, PayloadError, actor_in, actor_out, event_in, event_out};

#[derive(Serialize, Deserialize)]
pub(super) struct ErasureV1 {
    ground: String,
    rule: String,
    years: u32,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
    number: u64,
    opened_at: Timestamp,
    closed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_closed_day: bool,
    entries: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    indices: Vec<u64>,
    persons_told: Option<u64>,
    /// When each hold was placed, and when it was released.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    holds: Vec<(Timestamp, Option<Timestamp>)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ErasedEntryV1 {
    index: u64,
    restated: Option<Box<RestatedV1>>,
}

#[derive(Serialize, Deserialize)]
struct RestatedV1 {
    by: ActorV1,
    event: EventV1,
}

pub(super) fn erasure_out(erasure: Erasure) -> ErasureV1 {
    ErasureV1 {
        ground: erasure.ground.key().to_owned(),
        rule: erasure.kind.key().to_owned(),
        years: erasure.years,
        reason: erasure.reason,
        number: erasure.number,
        opened_at: erasure.opened_at,
        closed_at: erasure.closed_at,
        is_closed_day: erasure.is_closed_day,
        entries: erasure.entries,
        indices: erasure.indices,
        persons_told: erasure.persons_told,
        holds: erasure.holds.iter().map(|hold| (hold.placed_at, hold.released_at)).collect(),
    }
}

pub(super) fn erasure_in(erasure: ErasureV1) -> Result<Erasure, PayloadError> {
    let ErasureV1 {
        ground,
        rule,
        years,
        reason,
        number,
        opened_at,
        closed_at,
        is_closed_day,
        entries,
        indices,
        persons_told,
        holds,
    } = erasure;
    let kind = RetentionKind::from_key(&rule).ok_or(PayloadError::Word { place: "a kind of retention", word: rule })?;
    let ground = ground_in(ground)?;
    Ok(Erasure {
        ground,
        kind,
        years,
        reason,
        number,
        opened_at,
        closed_at,
        is_closed_day,
        entries,
        indices,
        persons_told,
        holds: holds.into_iter().map(|(placed_at, released_at)| HeldFor { placed_at, released_at }).collect(),
    })
}

pub(super) fn entry_out(entry: ErasedEntry) -> ErasedEntryV1 {
    let restated = entry.restated.map(|restated| {
        let (by, event) = *restated;
        Box::new(RestatedV1 { by: actor_out(&by), event: event_out(&event) })
    });
    ErasedEntryV1 { index: entry.index, restated }
}

pub(super) fn entry_in(entry: ErasedEntryV1) -> Result<ErasedEntry, PayloadError> {
    let restated = entry.restated.map(|restated| {
        let RestatedV1 { by, event } = *restated;
        Ok::<_, PayloadError>(Box::new((actor_in(by), event_in(event)?)))
    });
    Ok(ErasedEntry { index: entry.index, restated: restated.transpose()? })
}

pub(super) fn ground_in(word: String) -> Result<ErasureGround, PayloadError> {
    ErasureGround::from_key(&word).ok_or(PayloadError::Word { place: "a ground of erasure", word })
}
