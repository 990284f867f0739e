//! Journal bodies: events as JSON, version 1. What was shipped is read for ever: a field that came later may be left out and
//! is not written while it says nothing; a change of meaning gets a new version beside it.

mod custody;
mod detected;
mod forgetting;
mod imported;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use facts::{Fact, IncidentId, Kind, Text, Truth, UserId, Value};
use incident::{Actor, Assessment, Decided, Event, Narrative, Opening, ReportKind, Stamped, Urgency};
use law::enisa::{Circumstances, Score};
use law::verdict::{CsirtStepKind, Duty, Outcome, Risk};

use custody::{CustodyV1, custody_in, custody_out};
use detected::{DetectionV1, DetectionsAddedV1, added_in, added_out, detections_in, detections_out};
use forgetting::{ErasedEntryV1, ErasureV1, entry_in, entry_out, erasure_in, erasure_out, ground_in};
use imported::{ImportedV1, imported_in, imported_out};

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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        detected_at: Option<Timestamp>,
    },
    Imported(Box<ImportedV1>),
    /// Never written; see [`Opening::Erased`].
    Erased,
}

/// Quarter points, but for `dpc`.
#[derive(Serialize, Deserialize)]
struct ScoreV1 {
    dpc: u8,
    ei4: u8,
    confidentiality: u8,
    integrity: u8,
    availability: u8,
    malicious_intent: u8,
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
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_historical: bool,
        outcomes: BTreeMap<String, String>,
        risk: Option<String>,
        verdict_json: String,
        situation_json: String,
    },
    Decided {
        duties: BTreeMap<String, bool>,
        departs: Vec<String>,
        motivation: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dpo_followed: Option<bool>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dpo_departure: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mandate: Option<String>,
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
        /// Absent in bodies from before supplements were told apart: those read as first reports.
        #[serde(default)]
        kind: Option<String>,
        #[serde(default, skip_serializing_if = "String::is_empty")]
        form: String,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        answers: BTreeMap<String, String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    SubjectsInformed {
        at: Timestamp,
        count: u64,
        channel: String,
        /// Absent in bodies from before it could be one.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_correction: bool,
    },
    CsirtNotified {
        step: String,
        at: Timestamp,
        receipt: String,
    },
    ControllersWarned {
        at: Timestamp,
        count: u64,
        channel: String,
    },
    TermMet {
        term: String,
        with: String,
        at: Timestamp,
    },
    ProcessorInformed {
        at: Timestamp,
        by: String,
    },
    DetectionChecked {
        is_real: bool,
        note: Option<String>,
    },
    DetectionsAdded(DetectionsAddedV1),
    DpoAdvised {
        by_name: String,
        advised_at: Timestamp,
        advice: String,
        advises: BTreeMap<String, bool>,
    },
    NotKnownYet {
        facts: Vec<String>,
    },
    EnisaAdjusted {
        score: Option<ScoreV1>,
        reason: String,
    },
    Custody {
        step: CustodyV1,
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
    HoldPlaced {
        reason: String,
    },
    HoldReleased {
        reason: String,
    },
    Erased(ErasureV1),
    EntriesErased {
        ground: String,
        reason: String,
        entries: Vec<ErasedEntryV1>,
    },
    /// Never written; see [`Event::Gone`].
    Gone {
        was: String,
    },
}

/// The body of an event, as it is committed to. The keys stand in a fixed order, so the same event gives the same bytes.
pub fn write_event(incident: IncidentId, by: &Actor, event: &Event) -> Result<Vec<u8>, PayloadError> {
    Ok(serde_json::to_vec(&BodyV1 { v: 1, incident: incident.0, by: actor_out(by), event: event_out(event) })?)
}

/// What every body says of where it belongs. The rest of it is not read.
#[derive(Deserialize)]
struct OfV1 {
    incident: Option<Uuid>,
}

/// The incident that a body names, as all do that this program wrote: the tree commits to it, and to no column that says it.
pub(crate) fn incident_named(body: &[u8]) -> Option<IncidentId> {
    serde_json::from_slice::<OfV1>(body).ok()?.incident.map(IncidentId)
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
            is_historical: assessment.is_historical,
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
            duties: duties_out(&decided.duties),
            departs: decided.departs.iter().map(|duty| duty.key().to_owned()).collect(),
            motivation: decided.motivation,
            dpo_followed: decided.dpo_followed,
            dpo_departure: decided.dpo_departure,
            mandate: decided.mandate,
        },
        Event::DocumentMade { kind, title, sha256, size_bytes } => {
            EventV1::DocumentMade { document: kind, title: text_out(&title), sha256, size_bytes }
        }
        Event::AuthorityNotified { at, receipt, kind, form, answers, reason } => {
            EventV1::AuthorityNotified { at, receipt, kind: Some(kind.key().to_owned()), form, answers, reason }
        }
        Event::SubjectsInformed { at, count, channel, is_correction } => {
            EventV1::SubjectsInformed { at, count, channel, is_correction }
        }
        Event::CsirtNotified { step, at, receipt } => {
            EventV1::CsirtNotified { step: step.key().to_owned(), at, receipt }
        }
        Event::TermMet { term, with, at } => EventV1::TermMet { term, with, at },
        Event::ControllersWarned { at, count, channel } => EventV1::ControllersWarned { at, count, channel },
        Event::ProcessorInformed { at, by } => EventV1::ProcessorInformed { at, by },
        Event::DetectionChecked { is_real, note } => EventV1::DetectionChecked { is_real, note },
        Event::DetectionsAdded(added) => EventV1::DetectionsAdded(added_out(added)),
        Event::DpoAdvised { by_name, advised_at, advice, advises } => {
            EventV1::DpoAdvised { by_name, advised_at, advice, advises: duties_out(&advises) }
        }
        Event::NotKnownYet { facts } => {
            EventV1::NotKnownYet { facts: facts.iter().map(|fact| fact.key().to_owned()).collect() }
        }
        Event::EnisaAdjusted { score, reason } => EventV1::EnisaAdjusted { score: score.map(score_out), reason },
        Event::Custody(custody) => EventV1::Custody { step: custody_out(custody) },
        Event::Noted { text } => EventV1::Noted { text },
        Event::Closed { lessons } => EventV1::Closed { lessons },
        Event::Reopened { reason } => EventV1::Reopened { reason },
        Event::HoldPlaced { reason } => EventV1::HoldPlaced { reason },
        Event::HoldReleased { reason } => EventV1::HoldReleased { reason },
        Event::Erased(erasure) => EventV1::Erased(erasure_out(erasure)),
        Event::EntriesErased { ground, reason, entries } => EventV1::EntriesErased {
            ground: ground.key().to_owned(),
            reason,
            entries: entries.into_iter().map(entry_out).collect(),
        },
        Event::Gone { kind } => EventV1::Gone { was: kind },
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
        EventV1::Assessed { law, law_version, is_historical, outcomes, risk, verdict_json, situation_json } => {
            Event::Assessed(Box::new(Assessment {
                law,
                law_version,
                is_historical,
                breach: breach_said(&verdict_json),
                outcomes: outcomes
                    .into_iter()
                    .map(|(duty, outcome)| Ok((duty_in(duty)?, outcome_in(outcome)?)))
                    .collect::<Result<_, PayloadError>>()?,
                risk: risk.map(risk_in).transpose()?,
                verdict_json,
                situation_json,
            }))
        }
        EventV1::Decided { duties, departs, motivation, dpo_followed, dpo_departure, mandate } => {
            Event::Decided(Decided {
                duties: duties_in(duties)?,
                departs: departs.into_iter().map(duty_in).collect::<Result<_, _>>()?,
                motivation,
                dpo_followed,
                dpo_departure,
                mandate,
            })
        }
        EventV1::DocumentMade { document, title, sha256, size_bytes } => {
            Event::DocumentMade { kind: document, title: text_in(title), sha256, size_bytes }
        }
        EventV1::AuthorityNotified { at, receipt, kind, form, answers, reason } => Event::AuthorityNotified {
            at,
            receipt,
            kind: kind.map_or(Ok(ReportKind::First), report_kind_in)?,
            form,
            answers,
            reason,
        },
        EventV1::SubjectsInformed { at, count, channel, is_correction } => {
            Event::SubjectsInformed { at, count, channel, is_correction }
        }
        EventV1::CsirtNotified { step, at, receipt } => Event::CsirtNotified { step: step_in(step)?, at, receipt },
        EventV1::TermMet { term, with, at } => Event::TermMet { term, with, at },
        EventV1::ControllersWarned { at, count, channel } => Event::ControllersWarned { at, count, channel },
        EventV1::ProcessorInformed { at, by } => Event::ProcessorInformed { at, by },
        EventV1::DetectionChecked { is_real, note } => Event::DetectionChecked { is_real, note },
        EventV1::DetectionsAdded(added) => Event::DetectionsAdded(added_in(added)?),
        EventV1::DpoAdvised { by_name, advised_at, advice, advises } => {
            Event::DpoAdvised { by_name, advised_at, advice, advises: duties_in(advises)? }
        }
        EventV1::NotKnownYet { facts } => Event::NotKnownYet {
            facts: facts
                .into_iter()
                .map(|key| Fact::from_key(&key).map_err(|_| PayloadError::Word { place: "a fact", word: key }))
                .collect::<Result<_, _>>()?,
        },
        EventV1::EnisaAdjusted { score, reason } => {
            Event::EnisaAdjusted { score: score.as_ref().map(score_in), reason }
        }
        EventV1::Custody { step } => Event::Custody(custody_in(step)?),
        EventV1::Noted { text } => Event::Noted { text },
        EventV1::Closed { lessons } => Event::Closed { lessons },
        EventV1::Reopened { reason } => Event::Reopened { reason },
        EventV1::HoldPlaced { reason } => Event::HoldPlaced { reason },
        EventV1::HoldReleased { reason } => Event::HoldReleased { reason },
        EventV1::Erased(erasure) => Event::Erased(erasure_in(erasure)?),
        EventV1::EntriesErased { ground, reason, entries } => Event::EntriesErased {
            ground: ground_in(ground)?,
            reason,
            entries: entries.into_iter().map(entry_in).collect::<Result<_, _>>()?,
        },
        EventV1::Gone { was } => Event::Gone { kind: was },
    })
}

fn opening_out(opening: Opening) -> OpeningV1 {
    match opening {
        Opening::Reported { what, when_said, whose_said, done_said, contact } => {
            OpeningV1::Reported { what, when_said, whose_said, done_said, contact }
        }
        Opening::Detected { case, urgency, host, summary, detections, first_at, last_at, detected_at } => {
            OpeningV1::Detected {
                case,
                urgency: urgency.key().to_owned(),
                host,
                summary: text_out(&summary),
                detections: detections_out(detections),
                first_at,
                last_at,
                detected_at,
            }
        }
        Opening::Imported(imported) => OpeningV1::Imported(Box::new(imported_out(*imported))),
        Opening::Erased => OpeningV1::Erased,
    }
}

fn opening_in(opening: OpeningV1) -> Result<Opening, PayloadError> {
    Ok(match opening {
        OpeningV1::Reported { what, when_said, whose_said, done_said, contact } => {
            Opening::Reported { what, when_said, whose_said, done_said, contact }
        }
        OpeningV1::Detected { case, urgency, host, summary, detections, first_at, last_at, detected_at } => {
            Opening::Detected {
                case,
                urgency: urgency_in(urgency)?,
                host,
                summary: text_in(summary),
                detections: detections_in(detections),
                first_at,
                last_at,
                detected_at,
            }
        }
        OpeningV1::Imported(imported) => Opening::Imported(Box::new(imported_in(*imported)?)),
        OpeningV1::Erased => Opening::Erased,
    })
}

pub(crate) fn value_out(value: Option<&Value>) -> serde_json::Value {
    match value {
        None => serde_json::Value::Null,
        Some(Value::Truth(truth)) => (*truth).into(),
        Some(Value::One(word)) => (*word).into(),
        Some(Value::Many(words)) => words.iter().copied().collect(),
        Some(Value::Whole(count)) => (*count).into(),
        Some(Value::Number(number)) => (*number).into(),
    }
}

pub(crate) fn fact_in(key: &str, value: &serde_json::Value) -> Result<(Fact, Option<Value>), PayloadError> {
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

fn duties_out(duties: &BTreeMap<Duty, bool>) -> BTreeMap<String, bool> {
    duties.iter().map(|(duty, is_to_do)| (duty.key().to_owned(), *is_to_do)).collect()
}

fn duties_in(duties: BTreeMap<String, bool>) -> Result<BTreeMap<Duty, bool>, PayloadError> {
    duties.into_iter().map(|(duty, is_to_do)| Ok((duty_in(duty)?, is_to_do))).collect()
}

fn score_out(score: Score) -> ScoreV1 {
    let Score { dpc, ei4, cb: Circumstances { confidentiality, integrity, availability, malicious_intent } } = score;
    ScoreV1 { dpc, ei4, confidentiality, integrity, availability, malicious_intent }
}

fn score_in(score: &ScoreV1) -> Score {
    let &ScoreV1 { dpc, ei4, confidentiality, integrity, availability, malicious_intent } = score;
    Score { dpc, ei4, cb: Circumstances { confidentiality, integrity, availability, malicious_intent } }
}

fn report_kind_in(word: String) -> Result<ReportKind, PayloadError> {
    ReportKind::from_key(&word).ok_or(PayloadError::Word { place: "a kind of report", word })
}

fn step_in(word: String) -> Result<CsirtStepKind, PayloadError> {
    CsirtStepKind::from_key(&word).ok_or(PayloadError::Word { place: "a step of telling the CSIRT", word })
}

fn duty_in(word: String) -> Result<Duty, PayloadError> {
    Duty::from_key(&word).ok_or(PayloadError::Word { place: "a duty", word })
}

/// Whether it is a breach, as the verdict on file says it; unknown where it says nothing of that.
fn breach_said(verdict_json: &str) -> Truth {
    #[derive(Deserialize)]
    struct Said {
        breach: String,
    }
    let said: Option<Said> = serde_json::from_str(verdict_json).ok();
    said.and_then(|said| breach_in(said.breach).ok()).unwrap_or(Truth::Unknown)
}

pub(crate) fn breach_in(word: String) -> Result<Truth, PayloadError> {
    let known = [Truth::False, Truth::Unknown, Truth::True];
    let said = known.into_iter().find(|truth| contract::verdict::breach(*truth) == word);
    said.ok_or(PayloadError::Word { place: "whether it is a breach", word })
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

fn urgency_in(word: String) -> Result<Urgency, PayloadError> {
    Urgency::from_key(&word).ok_or(PayloadError::Word { place: "an urgency", word })
}

#[cfg(test)]
mod tests;
