//! Journal bodies: events as JSON, version 1. A version once shipped never changes; a new one comes beside it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use facts::{Fact, IncidentId, Kind, Text, UserId, Value};
use incident::{Actor, Assessment, Decided, Event, Narrative, Opening, Stamped, Urgency};
use law::verdict::{Duty, Outcome, Risk};

/// Why a body of the journal could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    #[error("the body is no journal body: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the body has version {0}; this program reads version 1")]
    Version(u32),
    #[error("the body says `{word}` where {place} was expected")]
    Word { place: &'static str, word: String },
}

#[derive(Serialize, Deserialize)]
struct BodyV1 {
    v: u32,
    incident: Uuid,
    by: ActorV1,
    event: EventV1,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum ActorV1 {
    Person { id: Uuid, name: String },
    Reporter { name: Option<String> },
    Program,
}

#[derive(Serialize, Deserialize)]
struct TextV1 {
    nl: String,
    en: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum OpeningV1 {
    Reported {
        what: String,
        when_said: Option<String>,
        whose_said: Option<String>,
        done_said: Option<String>,
        contact: Option<String>,
    },
    Detected {
        case: String,
        urgency: String,
        host: String,
        summary: TextV1,
        detections: Vec<DetectionV1>,
        first_at: Timestamp,
        last_at: Timestamp,
    },
}

#[derive(Serialize, Deserialize)]
struct DetectionV1 {
    id: String,
    sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum EventV1 {
    Opened {
        number: u64,
        title: String,
        opening: OpeningV1,
    },
    FactsRecorded {
        changes: BTreeMap<String, serde_json::Value>,
        note: Option<String>,
    },
    NarrativeRecorded {
        description: Option<String>,
        measures_taken: Option<String>,
        measures_planned: Option<String>,
        late_reason: Option<String>,
    },
    DetectedAtSet {
        at: Timestamp,
    },
    AwarenessSet {
        at: Timestamp,
        is_estimated: bool,
        reason: String,
    },
    Assessed {
        law: String,
        law_version: String,
        outcomes: BTreeMap<String, String>,
        risk: Option<String>,
        verdict_json: String,
        situation_json: String,
    },
    Decided {
        duties: BTreeMap<String, bool>,
        departs: Vec<String>,
        motivation: String,
    },
    DocumentMade {
        document: String,
        title: TextV1,
        sha256: String,
        size_bytes: u64,
    },
    AuthorityNotified {
        at: Timestamp,
        receipt: String,
    },
    SubjectsInformed {
        at: Timestamp,
        count: u64,
        channel: String,
    },
    Noted {
        text: String,
    },
    Closed {
        lessons: String,
    },
    Reopened {
        reason: String,
    },
}

/// The body of an event, as it is committed to. The keys stand in a fixed order, so the same event gives the same bytes.
pub fn write_event(incident: IncidentId, by: &Actor, event: &Event) -> Result<Vec<u8>, PayloadError> {
    Ok(serde_json::to_vec(&BodyV1 { v: 1, incident: incident.0, by: actor_out(by), event: event_out(event) })?)
}

/// The event of a body.
pub fn read_event(body: &[u8], index: u64, recorded_at: Timestamp) -> Result<Stamped, PayloadError> {
    let body: BodyV1 = serde_json::from_slice(body)?;
    if body.v != 1 {
        return Err(PayloadError::Version(body.v));
    }
    Ok(Stamped {
        incident: IncidentId(body.incident),
        index: Some(index),
        recorded_at,
        by: actor_in(body.by),
        event: event_in(body.event)?,
    })
}

fn actor_out(actor: &Actor) -> ActorV1 {
    match actor {
        Actor::Person { id, name } => ActorV1::Person { id: id.0, name: name.clone() },
        Actor::Reporter { name } => ActorV1::Reporter { name: name.clone() },
        Actor::Program => ActorV1::Program,
    }
}

fn actor_in(actor: ActorV1) -> Actor {
    match actor {
        ActorV1::Person { id, name } => Actor::Person { id: UserId(id), name },
        ActorV1::Reporter { name } => Actor::Reporter { name },
        ActorV1::Program => Actor::Program,
    }
}

fn text_out(text: &Text) -> TextV1 {
    TextV1 { nl: text.nl.to_string(), en: text.en.to_string() }
}

fn text_in(text: TextV1) -> Text {
    Text::made(text.nl, text.en)
}

fn event_out(event: &Event) -> EventV1 {
    match event.clone() {
        Event::Opened { number, title, opening } => EventV1::Opened { number, title, opening: opening_out(opening) },
        Event::FactsRecorded { changes, note } => EventV1::FactsRecorded {
            changes: changes.iter().map(|(fact, value)| (fact.key().to_owned(), value_out(value.as_ref()))).collect(),
            note,
        },
        Event::NarrativeRecorded(Narrative { description, measures_taken, measures_planned, late_reason }) => {
            EventV1::NarrativeRecorded { description, measures_taken, measures_planned, late_reason }
        }
        Event::DetectedAtSet { at } => EventV1::DetectedAtSet { at },
        Event::AwarenessSet { at, is_estimated, reason } => EventV1::AwarenessSet { at, is_estimated, reason },
        Event::Assessed(assessment) => EventV1::Assessed {
            law: assessment.law,
            law_version: assessment.law_version,
            outcomes: assessment
                .outcomes
                .iter()
                .map(|(duty, outcome)| (duty.key().to_owned(), outcome.key().to_owned()))
                .collect(),
            risk: assessment.risk.map(|risk| risk_key(risk).to_owned()),
            verdict_json: assessment.verdict_json,
            situation_json: assessment.situation_json,
        },
        Event::Decided(decided) => EventV1::Decided {
            duties: decided.duties.iter().map(|(duty, is_to_do)| (duty.key().to_owned(), *is_to_do)).collect(),
            departs: decided.departs.iter().map(|duty| duty.key().to_owned()).collect(),
            motivation: decided.motivation,
        },
        Event::DocumentMade { kind, title, sha256, size_bytes } => {
            EventV1::DocumentMade { document: kind, title: text_out(&title), sha256, size_bytes }
        }
        Event::AuthorityNotified { at, receipt } => EventV1::AuthorityNotified { at, receipt },
        Event::SubjectsInformed { at, count, channel } => EventV1::SubjectsInformed { at, count, channel },
        Event::Noted { text } => EventV1::Noted { text },
        Event::Closed { lessons } => EventV1::Closed { lessons },
        Event::Reopened { reason } => EventV1::Reopened { reason },
    }
}

fn event_in(event: EventV1) -> Result<Event, PayloadError> {
    Ok(match event {
        EventV1::Opened { number, title, opening } => Event::Opened { number, title, opening: opening_in(opening)? },
        EventV1::FactsRecorded { changes, note } => Event::FactsRecorded {
            changes: changes.into_iter().map(|(key, value)| fact_in(&key, &value)).collect::<Result<_, _>>()?,
            note,
        },
        EventV1::NarrativeRecorded { description, measures_taken, measures_planned, late_reason } => {
            Event::NarrativeRecorded(Narrative { description, measures_taken, measures_planned, late_reason })
        }
        EventV1::DetectedAtSet { at } => Event::DetectedAtSet { at },
        EventV1::AwarenessSet { at, is_estimated, reason } => Event::AwarenessSet { at, is_estimated, reason },
        EventV1::Assessed { law, law_version, outcomes, risk, verdict_json, situation_json } => {
            Event::Assessed(Box::new(Assessment {
                law,
                law_version,
                outcomes: outcomes
                    .into_iter()
                    .map(|(duty, outcome)| Ok((duty_in(duty)?, outcome_in(outcome)?)))
                    .collect::<Result<_, PayloadError>>()?,
                risk: risk.map(risk_in).transpose()?,
                verdict_json,
                situation_json,
            }))
        }
        EventV1::Decided { duties, departs, motivation } => Event::Decided(Decided {
            duties: duties
                .into_iter()
                .map(|(duty, is_to_do)| Ok((duty_in(duty)?, is_to_do)))
                .collect::<Result<_, PayloadError>>()?,
            departs: departs.into_iter().map(duty_in).collect::<Result<_, _>>()?,
            motivation,
        }),
        EventV1::DocumentMade { document, title, sha256, size_bytes } => {
            Event::DocumentMade { kind: document, title: text_in(title), sha256, size_bytes }
        }
        EventV1::AuthorityNotified { at, receipt } => Event::AuthorityNotified { at, receipt },
        EventV1::SubjectsInformed { at, count, channel } => Event::SubjectsInformed { at, count, channel },
        EventV1::Noted { text } => Event::Noted { text },
        EventV1::Closed { lessons } => Event::Closed { lessons },
        EventV1::Reopened { reason } => Event::Reopened { reason },
    })
}

fn opening_out(opening: Opening) -> OpeningV1 {
    match opening {
        Opening::Reported { what, when_said, whose_said, done_said, contact } => {
            OpeningV1::Reported { what, when_said, whose_said, done_said, contact }
        }
        Opening::Detected { case, urgency, host, summary, detections, first_at, last_at } => OpeningV1::Detected {
            case,
            urgency: urgency_key(urgency).to_owned(),
            host,
            summary: text_out(&summary),
            detections: detections.into_iter().map(|(id, sha256)| DetectionV1 { id, sha256 }).collect(),
            first_at,
            last_at,
        },
    }
}

fn opening_in(opening: OpeningV1) -> Result<Opening, PayloadError> {
    Ok(match opening {
        OpeningV1::Reported { what, when_said, whose_said, done_said, contact } => {
            Opening::Reported { what, when_said, whose_said, done_said, contact }
        }
        OpeningV1::Detected { case, urgency, host, summary, detections, first_at, last_at } => Opening::Detected {
            case,
            urgency: urgency_in(urgency)?,
            host,
            summary: text_in(summary),
            detections: detections.into_iter().map(|detection| (detection.id, detection.sha256)).collect(),
            first_at,
            last_at,
        },
    })
}

fn value_out(value: Option<&Value>) -> serde_json::Value {
    match value {
        None => serde_json::Value::Null,
        Some(Value::Truth(truth)) => (*truth).into(),
        Some(Value::One(word)) => (*word).into(),
        Some(Value::Many(words)) => words.iter().copied().collect(),
        Some(Value::Whole(count)) => (*count).into(),
        Some(Value::Number(number)) => (*number).into(),
    }
}

fn fact_in(key: &str, value: &serde_json::Value) -> Result<(Fact, Option<Value>), PayloadError> {
    let unreadable = || PayloadError::Word { place: "a fact and its value", word: format!("{key}: {value}") };
    let fact = Fact::from_key(key).map_err(|_| unreadable())?;
    if value.is_null() {
        return Ok((fact, None));
    }
    let read = match fact.kind() {
        Kind::Truth => value.as_bool().map(Value::Truth),
        Kind::Whole => value.as_u64().map(Value::Whole),
        Kind::Number => value.as_f64().map(Value::Number),
        Kind::One(_) => value.as_str().and_then(|word| fact.word(word).ok()).map(Value::One),
        Kind::Many(_) | Kind::Countries => value.as_array().and_then(|words| {
            let words: Option<_> =
                words.iter().map(|word| word.as_str().and_then(|word| fact.word(word).ok())).collect();
            words.map(Value::Many)
        }),
    };
    Ok((fact, Some(read.ok_or_else(unreadable)?)))
}

fn duty_in(word: String) -> Result<Duty, PayloadError> {
    Duty::from_key(&word).ok_or(PayloadError::Word { place: "a duty", word })
}

fn outcome_in(word: String) -> Result<Outcome, PayloadError> {
    Outcome::from_key(&word).ok_or(PayloadError::Word { place: "an outcome", word })
}

fn risk_key(risk: Risk) -> &'static str {
    match risk {
        Risk::Unlikely => "unlikely",
        Risk::Risk => "risk",
        Risk::High => "high",
        Risk::Undetermined => "undetermined",
    }
}

fn risk_in(word: String) -> Result<Risk, PayloadError> {
    [Risk::Unlikely, Risk::Risk, Risk::High, Risk::Undetermined]
        .into_iter()
        .find(|risk| risk_key(*risk) == word)
        .ok_or(PayloadError::Word { place: "a risk", word })
}

/// The name of an urgency, as in the contract's severities.
pub(crate) fn urgency_key(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Low => "low",
        Urgency::Medium => "medium",
        Urgency::High => "high",
        Urgency::Critical => "critical",
    }
}

fn urgency_in(word: String) -> Result<Urgency, PayloadError> {
    [Urgency::Low, Urgency::Medium, Urgency::High, Urgency::Critical]
        .into_iter()
        .find(|urgency| urgency_key(*urgency) == word)
        .ok_or(PayloadError::Word { place: "an urgency", word })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a literal time")
    }

    fn incident() -> IncidentId {
        IncidentId(Uuid::from_u128(7))
    }

    /// One event of every kind, with everything filled in.
    fn every_event() -> Vec<Event> {
        let when = at("2026-03-27T14:20:00.000001Z");
        vec![
            Event::Opened {
                number: 1,
                title: "Mail".into(),
                opening: Opening::Reported {
                    what: "Mail naar de verkeerde".into(),
                    when_said: Some("gisteren".into()),
                    whose_said: None,
                    done_said: Some("gebeld".into()),
                    contact: Some("a@b.example".into()),
                },
            },
            Event::Opened {
                number: 2,
                title: "Besmet".into(),
                opening: Opening::Detected {
                    case: "c1".into(),
                    urgency: Urgency::Critical,
                    host: "10.0.0.5".into(),
                    summary: Text::new("Besmet", "Infected"),
                    detections: vec![("d1".into(), "ab".into())],
                    first_at: when,
                    last_at: when,
                },
            },
            Event::FactsRecorded {
                changes: BTreeMap::from([
                    (Fact::PersonalData, Some(Value::Truth(true))),
                    (Fact::Backup, Some(Value::One("none"))),
                    (Fact::Data, Some(Value::Many(["name", "health"].into()))),
                    (Fact::Countries, Some(Value::Many(["NL", "BE"].into()))),
                    (Fact::SubjectsMin, Some(Value::Whole(3))),
                    (Fact::RestoreHours, Some(Value::Number(0.2))),
                    (Fact::Vulnerable, None),
                ]),
                note: Some("uit het logboek".into()),
            },
            Event::NarrativeRecorded(Narrative {
                description: Some("Wat er gebeurde".into()),
                measures_taken: None,
                measures_planned: Some("Beter opletten".into()),
                late_reason: None,
            }),
            Event::DetectedAtSet { at: when },
            Event::AwarenessSet { at: when, is_estimated: true, reason: "zeker".into() },
            Event::Assessed(Box::new(Assessment {
                law: "avg".into(),
                law_version: "1".into(),
                outcomes: BTreeMap::from([
                    (Duty::Document, Outcome::Required),
                    (Duty::InformSubjects, Outcome::Undetermined),
                ]),
                risk: Some(Risk::High),
                verdict_json: "{}".into(),
                situation_json: "{}".into(),
            })),
            Event::Decided(Decided {
                duties: BTreeMap::from([(Duty::NotifyAuthority, true)]),
                departs: vec![Duty::NotifyAuthority],
                motivation: "daarom".into(),
            }),
            Event::DocumentMade {
                kind: "brief".into(),
                title: Text::new("Brief", "Letter"),
                sha256: "00".into(),
                size_bytes: 12,
            },
            Event::AuthorityNotified { at: when, receipt: "AP-1".into() },
            Event::SubjectsInformed { at: when, count: 3, channel: "brief".into() },
            Event::Noted { text: "let op".into() },
            Event::Closed { lessons: "geleerd".into() },
            Event::Reopened { reason: "nieuw".into() },
        ]
    }

    #[test]
    fn every_event_reads_back_as_it_was_written() {
        let actors = [
            Actor::Person { id: UserId(Uuid::from_u128(9)), name: "Anna".into() },
            Actor::Reporter { name: None },
            Actor::Program,
        ];
        for (event, by) in every_event().into_iter().zip(actors.into_iter().cycle()) {
            let body = write_event(incident(), &by, &event).expect("writes");
            let read = read_event(&body, 4, at("2026-03-28T00:00:00Z")).expect("reads");
            assert_eq!((read.incident, read.index, &read.by, &read.event), (incident(), Some(4), &by, &event));
        }
    }

    /// The bytes that version 1 has shipped with: they are under signatures and must never change.
    #[test]
    fn version_1_keeps_its_bytes() {
        let event = Event::FactsRecorded {
            changes: BTreeMap::from([
                (Fact::PersonalData, Some(Value::Truth(true))),
                (Fact::Data, Some(Value::Many(["name", "health"].into()))),
                (Fact::Vulnerable, None),
            ]),
            note: None,
        };
        let body = write_event(incident(), &Actor::Program, &event).expect("writes");
        assert_eq!(
            str::from_utf8(&body).expect("text"),
            r#"{"v":1,"incident":"00000000-0000-0000-0000-000000000007","by":{"kind":"program"},"event":{"type":"facts_recorded","changes":{"data":["health","name"],"personal_data":true,"vulnerable":null},"note":null}}"#
        );
    }

    #[test]
    fn a_body_of_another_version_or_with_a_strange_word_is_refused_with_its_name() {
        let body = |event: &str| {
            format!(r#"{{"v":1,"incident":"{}","by":{{"kind":"program"}},"event":{event}}}"#, Uuid::nil()).into_bytes()
        };
        let problem = |body: &[u8]| read_event(body, 0, Timestamp::UNIX_EPOCH).expect_err("refused").to_string();
        let strange = body(r#"{"type":"facts_recorded","changes":{"colour":"red"},"note":null}"#);
        assert!(problem(&strange).contains("colour"), "{}", problem(&strange));
        let newer =
            String::from_utf8(body(r#"{"type":"noted","text":"x"}"#)).expect("text").replace("\"v\":1", "\"v\":2");
        assert!(problem(newer.as_bytes()).contains("version 2"));
    }
}
