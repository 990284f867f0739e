//! Verdicts as JSON (`contract/facts.md`, Output): the keys in the contract's order, times in the Dutch zone.

use facts::{Text, Truth};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use law::verdict::{Advice, Decisive, Duty, DutyVerdict, Form, LawUsed, Outcome, Reason, Risk, Verdict};
use serde_json::{Map, Value as Json, json};

use crate::facts::value_json;

/// The verdict as JSON, on one line.
#[must_use]
pub fn to_json(verdict: &Verdict) -> String {
    value(verdict).to_string()
}

/// The verdict as a JSON value.
#[must_use]
pub fn value(verdict: &Verdict) -> Json {
    json!({
        "id": verdict.id,
        "law": law(&verdict.law),
        "breach": breach(verdict.breach),
        "risk": verdict.risk.map(risk),
        "duties": duties(verdict),
        "reasons": verdict.reasons.iter().map(reason).collect::<Vec<_>>(),
        "decisive": verdict.decisive.iter().map(decisive).collect::<Vec<_>>(),
        "missing": verdict.missing.iter().map(|fact| fact.key()).collect::<Vec<_>>(),
        "advice": verdict.advice.iter().map(advice).collect::<Vec<_>>(),
    })
}

fn law(used: &LawUsed) -> Json {
    let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    json!({"id": used.id, "version": used.version, "in_force": [day(used.in_force_from), day(used.in_force_until)]})
}

fn breach(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "unknown",
    }
}

/// A risk's public name.
#[must_use]
pub fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::Unlikely => "unlikely",
        Risk::Risk => "risk",
        Risk::High => "high",
        Risk::Undetermined => "undetermined",
    }
}

fn duties(verdict: &Verdict) -> Json {
    let mut duties = Map::new();
    for duty in Duty::ALL {
        let mut answer = plain(verdict.duty(duty));
        match duty {
            Duty::NotifyAuthority => {
                answer.insert("target".into(), json!(verdict.deadline.map(|deadline| time(deadline.target))));
                answer.insert("limit".into(), json!(verdict.deadline.map(|deadline| time(deadline.limit))));
                answer.insert("provisional".into(), json!(verdict.is_provisional));
                answer.insert("to".into(), json!(verdict.authority));
            }
            Duty::InformSubjects => {
                let form = verdict.form.map(|form| match form {
                    Form::Direct => "direct",
                    Form::Public => "public",
                });
                answer.insert("form".into(), json!(form));
            }
            Duty::NotifyCsirt => {
                // The Cyberbeveiligingswet has its own pack; this one counts no steps.
                answer.insert("steps".into(), json!([]));
            }
            Duty::Document | Duty::NotifyControllers => {}
        }
        duties.insert(duty.key().into(), answer.into());
    }
    duties.into()
}

fn plain(answer: &DutyVerdict) -> Map<String, Json> {
    let mut map = Map::new();
    map.insert("outcome".into(), json!(answer.outcome.key()));
    map.insert("basis".into(), json!(answer.basis));
    map
}

fn reason(reason: &Reason) -> Json {
    let because: Map<String, Json> =
        reason.because.iter().map(|(fact, value)| (fact.key().to_owned(), value_json(value))).collect();
    json!({
        "duty": reason.duty.key(),
        "rule": reason.rule,
        "outcome": reason.outcome.key(),
        "cites": reason.cites,
        "because": because,
        "text": text(&reason.text),
    })
}

fn decisive(decisive: &Decisive) -> Json {
    let then: Map<String, Json> = decisive
        .then
        .iter()
        .map(|(duty, outcome): &(Duty, Outcome)| (duty.key().to_owned(), json!(outcome.key())))
        .collect();
    json!({"fact": decisive.fact.key(), "if": value_json(&decisive.other), "then": then})
}

fn advice(advice: &Advice) -> Json {
    json!({"text": text(&advice.text), "cites": advice.cites})
}

fn text(text: &Text) -> Json {
    json!({"nl": text.nl, "en": text.en})
}

/// RFC 3339 with the Dutch offset of that moment.
fn time(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
