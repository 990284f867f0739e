//! Values as the columns hold them: words, numbers, moments, hashes.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use app::StoreError;
use facts::Fact;
use incident::{Phase, RetentionKind, Role, ToldThere, Urgency, Waiting};
use law::deadline::{ContractTerm, TermKind};
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

/// That this text can be kept, by either database.
pub(crate) fn kept(texts: &[&str]) -> Result<(), StoreError> {
    if texts.iter().any(|text| text.contains('\0')) { Err(StoreError::Text) } else { Ok(()) }
}

/// Whether these bytes have this name.
pub(crate) fn hashes_to(bytes: &[u8], sha256: &str) -> bool {
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    hash == sha256
}

/// Whether it is a hash as documents are named by.
pub(crate) fn is_sha256(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

pub(crate) fn role(word: &str) -> Result<Role, StoreError> {
    Role::from_key(word).ok_or_else(|| Fault::Unreadable("a role").into())
}

pub(crate) fn outcome(word: &str) -> Result<Outcome, StoreError> {
    Outcome::from_key(word).ok_or_else(|| Fault::Unreadable("an outcome").into())
}

pub(crate) fn urgency(word: &str) -> Result<Urgency, StoreError> {
    Urgency::from_key(word).ok_or_else(|| Fault::Unreadable("an urgency").into())
}

pub(crate) fn retention(word: &str) -> Result<RetentionKind, StoreError> {
    RetentionKind::from_key(word).ok_or_else(|| Fault::Unreadable("a kind of retention").into())
}

pub(crate) fn phase(word: &str) -> Result<Phase, StoreError> {
    Phase::from_key(word).ok_or_else(|| Fault::Unreadable("a phase").into())
}

pub(crate) fn told_there(word: &str) -> Result<ToldThere, StoreError> {
    ToldThere::from_key(word).ok_or_else(|| Fault::Unreadable("what another register says").into())
}

pub(crate) fn waiting(word: &str) -> Result<Waiting, StoreError> {
    Waiting::from_key(word).ok_or_else(|| Fault::Unreadable("what an incident waits for").into())
}

/// The vocabulary's own word for a choice of a fact.
pub(crate) fn choice(fact: Fact, word: &str) -> Result<&'static str, StoreError> {
    fact.word(word).map_err(|_| Fault::Unreadable("a choice of a fact").into())
}

/// Terms as the column holds them: a JSON list of objects of texts.
pub(crate) fn terms_text(terms: &[ContractTerm]) -> String {
    let object = |term: &ContractTerm| {
        serde_json::json!({
            "id": term.id, "kind": term.kind.key(), "with": term.with, "length": term.length.to_string(),
        })
    };
    terms.iter().map(object).collect::<serde_json::Value>().to_string()
}

pub(crate) fn terms(text: &str) -> Result<Vec<ContractTerm>, StoreError> {
    let unreadable = || Fault::Unreadable("a list of terms");
    let objects: Vec<BTreeMap<String, String>> = serde_json::from_str(text).map_err(|_| unreadable())?;
    let read = |object: &BTreeMap<String, String>| {
        Some(ContractTerm {
            id: object.get("id")?.clone(),
            kind: TermKind::from_key(object.get("kind")?)?,
            with: object.get("with")?.clone(),
            length: object.get("length")?.parse().ok()?,
        })
    };
    Ok(objects.iter().map(read).collect::<Option<_>>().ok_or_else(unreadable)?)
}
