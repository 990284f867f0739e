//! Reading situations from data, and the built-in pack, once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use facts::{Country, Fact, Kind, Situation, Value};
use law::verdict::{Duty, Verdict};
use law::{Pack, Packs};
use serde_json::Value as Json;

pub(crate) fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(|| Packs::builtin().unwrap_or_else(|invalid| panic!("{invalid}")))
}

pub(crate) fn avg() -> &'static Pack {
    packs().by_id("avg").expect("the built-in pack")
}

/// The verdict of the built-in packs together, for a call at the end of 2026.
pub(crate) fn assess(situation: &Situation) -> Verdict {
    let now = "2026-11-30T12:00:00Z".parse().expect("a moment");
    packs().assess(situation, now, None).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn value(fact: Fact, json: &Json) -> Value {
    let text = |json: &Json| json.as_str().unwrap_or_else(|| panic!("{}: {json} is no text", fact.key())).to_owned();
    let words: Vec<String> = match json {
        Json::Bool(truth) => vec![truth.to_string()],
        Json::Number(number) => vec![number.to_string()],
        Json::Array(list) => list.iter().map(text).collect(),
        other => vec![text(other)],
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let words = if matches!(fact.kind(), Kind::Whole) {
        words.iter().map(|word| word.trim_end_matches(".0")).collect()
    } else {
        words
    };
    fact.read(&words).unwrap_or_else(|error| panic!("{error}"))
}

/// A situation from `{"aware_at", "jurisdiction", "facts": {…}}`.
pub(crate) fn situation(json: &Json) -> Situation {
    let time = |key: &str| json.get(key).and_then(Json::as_str).map(|text| text.parse().expect("a moment"));
    let mut situation = Situation {
        id: json.get("id").and_then(Json::as_str).map(ToOwned::to_owned),
        detected_at: time("detected_at"),
        informed_by_processor_at: time("informed_by_processor_at"),
        aware_at: time("aware_at"),
        jurisdiction: json.get("jurisdiction").and_then(Json::as_str).and_then(Country::from_code),
        ..Situation::default()
    };
    for (key, json) in json.get("facts").and_then(Json::as_object).into_iter().flatten() {
        let fact = Fact::from_key(key).unwrap_or_else(|error| panic!("{error}"));
        situation.facts.set(fact, value(fact, json)).unwrap_or_else(|error| panic!("{error}"));
    }
    assert_eq!(situation.contradictions(), [], "the facts contradict each other");
    situation
}

/// A situation of facts alone, written as JSON.
pub(crate) fn facts(json: &str) -> Situation {
    let facts: Json = serde_json::from_str(json).expect("JSON");
    situation(&serde_json::json!({"aware_at": "2026-11-02T09:00:00+01:00", "jurisdiction": "NL", "facts": facts}))
}

pub(crate) fn outcomes(verdict: &Verdict) -> BTreeMap<&'static str, &'static str> {
    Duty::ALL.into_iter().map(|duty| (duty.key(), verdict.duty(duty).outcome.key())).collect()
}

pub(crate) fn keys(facts: &[Fact]) -> Vec<&'static str> {
    facts.iter().map(|fact| fact.key()).collect()
}
