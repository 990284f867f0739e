//! Facts as JSON (`contract/facts.md`, Input): read with every problem named at once, and written back.
//!
//! Promises: what cannot be read is refused with its place, its value and the nearest valid word; nothing is dropped or
//! guessed. A missing or null fact is unknown.

use std::collections::BTreeSet;

use facts::{Country, Fact, Facts, Kind, Situation, Text, Value, nearest};
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
#[error("{}: {}", place.en, what.en)]
pub struct Problem {
    /// A path into the JSON: `facts.protection`, `[2].aware_at`, `line 3`; the same in both languages but for its words.
    pub place: Text,
    pub what: Text,
}

impl Problem {
    /// The whole for people, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::made(format!("{}: {}", self.place.nl, self.what.nl), self.to_string())
    }
}

/// What was read, of which each part stands by itself: an unreadable one takes none of the others along.
#[derive(Clone, Debug, PartialEq)]
pub struct Each {
    /// In the order in which they were written.
    pub read: Vec<Result<Situation, Vec<Problem>>>,
    /// Whether it was one object alone, rather than an array or lines.
    pub is_single: bool,
}

/// What was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Read {
    pub situations: Vec<Situation>,
    /// Whether it was one object alone, rather than an array or lines.
    pub is_single: bool,
}

/// Reads one object, an array of objects, or one object a line (JSON Lines), all or nothing.
pub fn read_many(text: &str) -> Result<Read, Vec<Problem>> {
    let Each { read, is_single } = read_each(text);
    let (mut situations, mut problems) = (Vec::with_capacity(read.len()), Vec::new());
    for one in read {
        match one {
            Ok(situation) => situations.push(situation),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(Read { situations, is_single }) } else { Err(problems) }
}

/// Reads one object, an array of objects, or one object a line (JSON Lines), each by itself.
#[must_use]
pub fn read_each(text: &str) -> Each {
    let (values, is_single) = split(text);
    let read = values.into_iter().map(|(place, value)| {
        let mut problems = Vec::new();
        let read = situation(&place, &value.map_err(|problem| vec![problem])?, &mut problems);
        if problems.is_empty() { Ok(read) } else { Err(problems) }
    });
    Each { read: read.collect(), is_single }
}

/// Reads one object.
pub fn read_situation(text: &str) -> Result<Situation, Vec<Problem>> {
    let value = parse(&NOWHERE, text).map_err(|problem| vec![problem])?;
    let mut problems = Vec::new();
    let read = situation(&NOWHERE, &value, &mut problems);
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

/// The place of an object that stands alone.
const NOWHERE: Text = Text::new("", "");

/// A place whose words are the same in both languages.
fn at(place: String) -> Text {
    Text::made(place.clone(), place)
}

/// The place where nothing nearer can be named.
fn or_file(place: &Text) -> Text {
    if place.en.is_empty() { Text::new("feitenbestand", "facts file") } else { place.clone() }
}

/// One object of a text: its place, and what stands there.
type Part = (Text, Result<Json, Problem>);

/// The objects of a text with their places, and whether it was one alone.
fn split(text: &str) -> (Vec<Part>, bool) {
    let text = text.trim_start_matches('\u{feff}');
    match parse(&NOWHERE, text) {
        Ok(Json::Array(items)) => {
            let items = items.into_iter().enumerate();
            (items.map(|(index, item)| (at(format!("[{index}]")), Ok(item))).collect(), false)
        }
        Ok(value) => (vec![(NOWHERE, Ok(value))], true),
        Err(whole) => {
            let parts = if text.trim_start().starts_with('[') { items(text) } else { lines(text) };
            parts.map_or_else(|| (vec![(NOWHERE, Err(whole))], true), |parts| (parts, false))
        }
    }
}

/// The items of an array of which one cannot be read; nothing where its brackets do not close.
fn items(text: &str) -> Option<Vec<Part>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let (mut found, mut from, mut depth, mut is_string, mut is_escaped) = (Vec::new(), 0, 0_i64, false, false);
    for (place, letter) in inner.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if is_string => is_escaped = true,
            '"' => is_string = !is_string,
            '{' | '[' if !is_string => depth += 1,
            '}' | ']' if !is_string => depth -= 1,
            ',' if !is_string && depth == 0 => {
                found.push(inner.get(from..place)?);
                from = place + 1;
            }
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    found.push(inner.get(from..)?);
    let is_whole = depth == 0 && !is_string && found.len() > 1;
    let read = found.into_iter().enumerate().map(|(index, item)| {
        let place = at(format!("[{index}]"));
        let value = parse(&place, item);
        (place, value)
    });
    is_whole.then(|| read.collect())
}

/// One object a line. A text of which no line is an object of its own is one broken object, not a list of lines.
fn lines(text: &str) -> Option<Vec<Part>> {
    let lines: Vec<_> = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
    let is_object = |line: &str| serde_json::from_str::<Map<String, Json>>(line).is_ok();
    if lines.len() < 2 || !lines.iter().any(|(_, line)| is_object(line)) {
        return None;
    }
    let read = lines.into_iter().map(|(index, line)| {
        let place = Text::made(format!("regel {}", index + 1), format!("line {}", index + 1));
        let value = parse(&place, line);
        (place, value)
    });
    Some(read.collect())
}

fn parse(place: &Text, text: &str) -> Result<Json, Problem> {
    let problem = |what: Text| Problem { place: or_file(place), what };
    if depth(text) > DEEPEST + 1 {
        return Err(problem(Text::made(
            format!("heeft meer dan {DEEPEST} lagen in elkaar; feiten zijn plat"),
            format!("is nested deeper than {DEEPEST} levels; facts are flat"),
        )));
    }
    let read: Result<Once, _> = serde_json::from_str(text);
    read.map(|once| once.0).map_err(|error| {
        problem(Text::made(format!("is geen JSON van feiten: {error}"), format!("is not JSON of facts: {error}")))
    })
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

fn situation(place: &Text, value: &Json, problems: &mut Vec<Problem>) -> Situation {
    let mut reader = Reader { place, problems };
    let Some(object) = value.as_object() else {
        reader.problem("", wrong(value, "een object met `facts`", "an object with `facts`"));
        return Situation::default();
    };
    for key in object.keys().filter(|key| !KEYS.contains(&key.as_str())) {
        let hint = match Fact::from_key(key) {
            Ok(_) => Text::new("; het hoort binnen `facts`", "; it belongs within `facts`"),
            Err(_) => did_you_mean(nearest(key, KEYS.into_iter())),
        };
        let what = Text::made(
            format!("is hier geen bekende sleutel{}", hint.nl),
            format!("is no key that is known here{}", hint.en),
        );
        reader.problem(key, what);
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
        Some(other) => reader.problem("facts", wrong(other, "een object met feiten", "an object of facts")),
    }
    for contradiction in read.contradictions() {
        reader.problem("", contradiction.text());
    }
    read
}

/// Collects problems under one object's place.
struct Reader<'a> {
    place: &'a Text,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn problem(&mut self, key: &str, what: Text) {
        let place = match (self.place, key) {
            (place, "") => or_file(place),
            (place, key) if place.en.is_empty() => at(key.to_owned()),
            (place, key) => Text::made(format!("{}.{key}", place.nl), format!("{}.{key}", place.en)),
        };
        self.problems.push(Problem { place, what });
    }

    fn text(&mut self, key: &str, value: &Json) -> Option<String> {
        match value {
            Json::String(text) => Some(text.clone()),
            Json::Number(number) => Some(number.to_string()),
            other => {
                self.problem(key, wrong(other, "tekst", "text"));
                None
            }
        }
    }

    fn moment(&mut self, key: &str, value: &Json) -> Option<Timestamp> {
        let read = match value {
            Json::String(text) => read_instant(text).map_err(|error| error.text()),
            other => Err(wrong(
                other,
                "een tijd zoals \"2026-03-27T15:20:00+01:00\"",
                "a time such as \"2026-03-27T15:20:00+01:00\"",
            )),
        };
        read.map_err(|what| self.problem(key, what)).ok()
    }

    fn country(&mut self, value: &Json) -> Option<Country> {
        let read = value.as_str().and_then(Country::from_code);
        if read.is_none() {
            let hint = value.as_str().and_then(|text| nearest(text, facts::COUNTRIES.iter().copied()));
            let hint = did_you_mean(hint);
            let what = Text::made(
                format!("kan niet {value} zijn{}; verwacht: twee hoofdletters van ISO 3166-1", hint.nl),
                format!("cannot be {value}{}; it takes two capitals of ISO 3166-1", hint.en),
            );
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
                    self.problem(&place, error.text());
                    continue;
                }
            };
            if value.is_null() {
                continue;
            }
            if let Some(read) = self.value(&place, fact, value)
                && let Err(error) = facts.set(fact, read)
            {
                self.problem(&place, error.text());
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
            self.problem(place, fact.wrong_shape(shape(value)).text());
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
                    let found = shape(other);
                    let found = Text::made(format!("een lijst met {}", found.nl), format!("a list with {}", found.en));
                    self.problem(place, fact.wrong_shape(found).text());
                    None
                }
            };
            is_whole &= known.is_some();
            read.extend(known);
        }
        is_whole.then_some(Value::Many(read))
    }

    fn word(&mut self, place: &str, fact: Fact, word: &str) -> Option<&'static str> {
        fact.word(word).map_err(|error| self.problem(place, error.text())).ok()
    }
}

fn did_you_mean(word: Option<&'static str>) -> Text {
    word.map_or(NOWHERE, |word| Text::made(format!(" (bedoelt u `{word}`?)"), format!(" (did you mean `{word}`?)")))
}

/// A value of another shape than it should have.
fn wrong(found: &Json, nl: &str, en: &str) -> Text {
    let found = shape(found);
    Text::made(format!("is {}; verwacht: {nl}", found.nl), format!("is {}; it takes {en}", found.en))
}

/// What a JSON value is, in words.
fn shape(value: &Json) -> Text {
    match value {
        Json::Null => at("null".into()),
        Json::Bool(truth) => at(format!("`{truth}`")),
        Json::Number(number) => Text::made(format!("het getal {number}"), format!("the number {number}")),
        Json::String(text) => {
            let start = text.chars().take(60).collect::<String>();
            Text::made(format!("de tekst \"{start}\""), format!("the text \"{start}\""))
        }
        Json::Array(_) => Text::new("een lijst", "a list"),
        Json::Object(_) => Text::new("een object", "an object"),
    }
}
