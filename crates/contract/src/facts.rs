//! Facts as JSON (`contract/facts.md`, Input): read with every problem named at once, and written back.
//!
//! Promises: what cannot be read is refused with its place, its value and the nearest valid word; nothing is dropped or
//! guessed. A missing or null fact is unknown.

use std::collections::BTreeSet;

use facts::{Country, Fact, Facts, Kind, Situation, Value, nearest};
use jiff::Timestamp;
use law::deadline::read_instant;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json, json};

/// What stands beside the facts.
const KEYS: [&str; 6] = ["id", "detected_at", "informed_by_processor_at", "aware_at", "jurisdiction", "facts"];

/// The deepest nesting that facts need; more is refused before it is read.
const DEEPEST: usize = 8;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Problem {
    /// A path into the JSON: `facts.protection`, `[2].aware_at`.
    pub place: String,
    pub what: String,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    pub situations: Vec<Situation>,
    /// Whether it was one object alone, rather than an array or lines.
    pub is_single: bool,
}

/// Reads one object, an array of objects, or one object a line (JSON Lines).
pub fn read_many(text: &str) -> Result<Read, Vec<Problem>> {
    let mut problems = Vec::new();
    let (values, is_single) = split(text).map_err(|problem| vec![problem])?;
    let mut situations = Vec::with_capacity(values.len());
    for (place, value) in values {
        situations.push(situation(&place, &value, &mut problems));
    }
    if problems.is_empty() { Ok(Read { situations, is_single }) } else { Err(problems) }
}

/// Reads one object.
pub fn read_situation(text: &str) -> Result<Situation, Vec<Problem>> {
    let value = parse("", text).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let read = situation("", &value, &mut problems);
    if problems.is_empty() { Ok(read) } else { Err(problems) }
}

/// The situation as JSON, on one line; unknown facts are left out.
#[must_use]
pub fn to_json(situation: &Situation) -> String {
    let known: Map<String, Json> =
        situation.facts.iter().map(|(fact, value)| (fact.key().to_owned(), value_json(value))).collect();
    json!({
        "id": situation.id,
        "detected_at": situation.detected_at.map(|at| at.to_string()),
        "informed_by_processor_at": situation.informed_by_processor_at.map(|at| at.to_string()),
        "aware_at": situation.aware_at.map(|at| at.to_string()),
        "jurisdiction": situation.jurisdiction.map(Country::code),
        "facts": known,
    })
    .to_string()
}

/// A fact's value as JSON.
#[must_use]
pub fn value_json(value: &Value) -> Json {
    match value {
        Value::Truth(truth) => (*truth).into(),
        Value::One(word) => (*word).into(),
        Value::Many(words) => words.iter().copied().collect(),
        Value::Whole(count) => (*count).into(),
        // Half an hour is 0.5; a day is 24, not 24.0.
        Value::Number(number) if number.fract() == 0.0 && *number < 1e15 => (*number as u64).into(),
        Value::Number(number) => (*number).into(),
    }
}

/// The objects of a text with their places, and whether it was one alone.
fn split(text: &str) -> Result<(Vec<(String, Json)>, bool), Problem> {
    let text = text.trim_start_matches('\u{feff}');
    match parse("", text) {
        Ok(Json::Array(items)) => {
            Ok((items.into_iter().enumerate().map(|(index, item)| (format!("[{index}]"), item)).collect(), false))
        }
        Ok(value) => Ok((vec![(String::new(), value)], true)),
        Err(whole) => {
            let lines: Vec<_> = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
            // A file whose first line is no object of its own is one broken object, not a list of lines.
            let is_lines = lines.len() > 1
                && lines.first().is_some_and(|(_, line)| serde_json::from_str::<Map<String, Json>>(line).is_ok());
            if !is_lines {
                return Err(whole);
            }
            let values = lines
                .into_iter()
                .map(|(index, line)| {
                    let place = format!("line {}", index + 1);
                    parse(&place, line).map(|value| (place, value))
                })
                .collect::<Result<_, _>>()?;
            Ok((values, false))
        }
    }
}

fn parse(place: &str, text: &str) -> Result<Json, Problem> {
    let place = || if place.is_empty() { "facts file".to_owned() } else { place.to_owned() };
    if depth(text) > DEEPEST + 1 {
        return Err(Problem {
            place: place(),
            what: format!("is nested deeper than {DEEPEST} levels; facts are flat"),
        });
    }
    let read: Result<Once, _> = serde_json::from_str(text);
    read.map(|once| once.0).map_err(|error| Problem { place: place(), what: format!("is not JSON of facts: {error}") })
}

/// JSON in which no object has a key twice: of two values for one fact, neither may be dropped in silence.
struct Once(Json);

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OnceVisitor).map(Self)
    }
}

struct OnceVisitor;

impl<'de> Visitor<'de> for OnceVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(Once(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut map = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            let Once(value) = object.next_value()?;
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("`{key}` stands twice; keep one")));
            }
            map.insert(key, value);
        }
        Ok(map.into())
    }
}

/// How deep brackets are nested, outside strings.
fn depth(text: &str) -> usize {
    let (mut now, mut deepest, mut is_string, mut is_escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            b'{' | b'[' if !is_string => {
                now += 1;
                deepest = deepest.max(now);
            }
            b'}' | b']' if !is_string => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn situation(place: &str, value: &Json, problems: &mut Vec<Problem>) -> Situation {
    let mut reader = Reader { place, problems };
    let Some(object) = value.as_object() else {
        reader.problem("", format!("is {}; it takes an object with `facts`", shape(value)));
        return Situation::default();
    };
    for key in object.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        let hint = match Fact::from_key(key) {
            Ok(_) => "; it belongs within `facts`".to_owned(),
            Err(_) => did_you_mean(nearest(key, KEYS.into_iter())),
        };
        reader.problem(key, format!("is no key that is known here{hint}"));
    }
    let known = |key: &str| object.get(key).filter(|value| !value.is_null());
    let mut read = Situation {
        id: known("id").and_then(|value| reader.text("id", value)),
        detected_at: known("detected_at").and_then(|value| reader.moment("detected_at", value)),
        informed_by_processor_at: known("informed_by_processor_at")
            .and_then(|value| reader.moment("informed_by_processor_at", value)),
        aware_at: known("aware_at").and_then(|value| reader.moment("aware_at", value)),
        jurisdiction: known("jurisdiction").and_then(|value| reader.country(value)),
        facts: Facts::new(),
    };
    match known("facts") {
        None => {}
        Some(Json::Object(facts)) => read.facts = reader.facts(facts),
        Some(other) => reader.problem("facts", format!("is {}; it takes an object of facts", shape(other))),
    }
    for contradiction in read.contradictions() {
        reader.problem("", contradiction.to_string());
    }
    read
}

/// Collects problems under one object's place.
struct Reader<'a> {
    place: &'a str,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, key: &str, what: String) {
        let place = match (self.place, key) {
            ("", "") => "facts file".to_owned(),
            (place, "") => place.to_owned(),
            ("", key) => key.to_owned(),
            (place, key) => format!("{place}.{key}"),
        };
        self.problems.push(Problem { place, what });
    }

    fn text(&mut self, key: &str, value: &Json) -> Option<String> {
        match value {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            other => {
                self.problem(key, format!("is {}; it takes text", shape(other)));
                None
            }
        }
    }

    fn moment(&mut self, key: &str, value: &Json) -> Option<Timestamp> {
        let read = match value {
            Json::String(text) => read_instant(text).map_err(|error| error.to_string()),
            other => Err(format!("is {}; it takes a time such as \"2026-03-27T15:20:00+01:00\"", shape(other))),
        };
        read.map_err(|what| self.problem(key, what)).ok()
    }

    fn country(&mut self, value: &Json) -> Option<Country> {
        let read = value.as_str().and_then(Country::from_code);
        if read.is_none() {
            let hint = value.as_str().and_then(|text| nearest(text, facts::COUNTRIES.iter().copied()));
            let what = format!("cannot be {value}{}; it takes two capitals of ISO 3166-1", did_you_mean(hint));
            self.problem("jurisdiction", what);
        }
        read
    }

    fn facts(&mut self, object: &Map<String, Json>) -> Facts {
        let mut facts = Facts::new();
        for (key, value) in object {
            let place = format!("facts.{key}");
            let fact = match Fact::from_key(key) {
                Ok(fact) => fact,
                Err(error) => {
                    self.problem(&place, error.to_string());
                    continue;
                }
            };
            if value.is_null() {
                continue;
            }
            if let Some(read) = self.value(&place, fact, value)
                && let Err(error) = facts.set(fact, read)
            {
                self.problem(&place, error.to_string());
            }
        }
        facts
    }

    fn value(&mut self, place: &str, fact: Fact, value: &Json) -> Option<Value> {
        let read = match (fact.kind(), value) {
            (Kind::Truth, Json::Bool(truth)) => Some(Value::Truth(*truth)),
            (Kind::Whole, Json::Number(number)) => number.as_u64().map(Value::Whole),
            (Kind::Number, Json::Number(number)) => {
                number.as_f64().filter(|hours| hours.is_finite() && *hours >= 0.0).map(Value::Number)
            }
            (Kind::One(_), Json::String(word)) => return self.word(place, fact, word).map(Value::One),
            (Kind::Many(_) | Kind::Countries, Json::Array(words)) => return self.words(place, fact, words),
            _ => None,
        };
        if read.is_none() {
            self.problem(place, fact.wrong_type(&shape(value)).to_string());
        }
        read
    }

    fn words(&mut self, place: &str, fact: Fact, words: &[Json]) -> Option<Value> {
        let mut read = BTreeSet::new();
        let mut is_whole = true;
        for word in words {
            let known = match word {
                Json::String(word) => self.word(place, fact, word),
                other => {
                    self.problem(place, fact.wrong_type(&format!("a list with {}", shape(other))).to_string());
                    None
                }
            };
            is_whole &= known.is_some();
            read.extend(known);
        }
        is_whole.then_some(Value::Many(read))
    }

    fn word(&mut self, place: &str, fact: Fact, word: &str) -> Option<&'static str> {
        fact.word(word).map_err(|error| self.problem(place, error.to_string())).ok()
    }
}

fn did_you_mean(word: Option<&'static str>) -> String {
    word.map_or_else(String::new, |word| format!(" (did you mean `{word}`?)"))
}

/// What a JSON value is, in words.
fn shape(value: &Json) -> String {
    match value {
        Json::Null => "null".into(),
        Json::Bool(truth) => format!("`{truth}`"),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) => format!("the text \"{}\"", text.chars().take(60).collect::<String>()),
        Json::Array(_) => "a list".into(),
        Json::Object(_) => "an object".into(),
    }
}
