//! Verdicts as JSON (`contract/facts.md`, Output): the keys in the contract's order, times in the Dutch zone.
//!
//! Beside the contract's keys stand `law.version`, `basis` at each duty and `proposed` (the views as the rules derive
//! them). Promises: the same verdict gives the same bytes. Deliberately not here: reading a verdict back.

use facts::{Fact, Text, Truth, Value};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use law::enisa::Score;
use law::verdict::{CsirtStep, CsirtStepKind, Duty, Form, Outcome, Risk};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::facts::value_json;

/// What `assess` answers.
#[derive(Debug, Serialize)]
pub struct Verdict<'a> {
    id: Option<&'a str>,
    law: Law<'a>,
    breach: &'static str,
    risk: Option<&'static str>,
    duties: Duties<'a>,
    /// Decision support; null while its factors are unknown.
    enisa: Option<Enisa>,
    reasons: Vec<Reason<'a>>,
    decisive: Vec<Decisive<'a>>,
    missing: Vec<&'static str>,
    proposed: Known<'a>,
    advice: Vec<Advice<'a>>,
}

/// The verdict as JSON, on one line.
#[must_use]
pub fn to_json(verdict: &law::verdict::Verdict) -> String {
    // Strings, numbers and lists alone: nothing in it can fail to be written.
    serde_json::to_string(&Verdict::from(verdict)).unwrap_or_default()
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

#[derive(Debug, Serialize)]
struct Law<'a> {
    id: &'a str,
    version: &'a str,
    in_force: [Option<String>; 2],
    status: &'static str,
}

/// One step of telling the CSIRT.
#[derive(Debug, Serialize)]
struct Step {
    what: &'static str,
    /// Null without a moment to count from.
    target: Option<String>,
    /// Null where it counts from awareness.
    after: Option<&'static str>,
}

impl From<&CsirtStep> for Step {
    fn from(step: &CsirtStep) -> Self {
        Self { what: step.what.key(), target: step.target.map(time), after: step.after.map(CsirtStepKind::key) }
    }
}

/// ENISA's score in its own points.
#[derive(Debug, Serialize)]
struct Enisa {
    dpc: u8,
    ei: f64,
    cb: f64,
    se: f64,
    level: &'static str,
}

impl From<Score> for Enisa {
    fn from(score: Score) -> Self {
        let points = |quarters: u8| f64::from(quarters) / 4.0;
        Self {
            dpc: score.dpc,
            ei: points(score.ei4),
            cb: points(score.cb4()),
            se: points(score.se4()),
            level: score.level().key(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Duties<'a> {
    document: Plain<'a>,
    notify_authority: NotifyAuthority<'a>,
    inform_subjects: InformSubjects<'a>,
    notify_controllers: Plain<'a>,
    notify_csirt: NotifyCsirt<'a>,
}

#[derive(Debug, Serialize)]
struct Plain<'a> {
    outcome: &'static str,
    basis: &'a [String],
}

#[derive(Debug, Serialize)]
struct NotifyAuthority<'a> {
    outcome: &'static str,
    /// Null without a moment to count from.
    target: Option<String>,
    limit: Option<String>,
    /// The target runs from the first signal, because nobody has set awareness.
    provisional: bool,
    to: Option<&'a str>,
    basis: &'a [String],
}

#[derive(Debug, Serialize)]
struct InformSubjects<'a> {
    outcome: &'static str,
    /// Null where informing is not required.
    form: Option<&'static str>,
    basis: &'a [String],
}

#[derive(Debug, Serialize)]
struct NotifyCsirt<'a> {
    outcome: &'static str,
    steps: Vec<Step>,
    basis: &'a [String],
}

#[derive(Debug, Serialize)]
struct Reason<'a> {
    duty: &'static str,
    rule: &'a str,
    outcome: &'static str,
    cites: &'a [String],
    because: Known<'a>,
    text: Both<'a>,
}

#[derive(Debug, Serialize)]
struct Decisive<'a> {
    fact: &'static str,
    r#if: serde_json::Value,
    then: Then<'a>,
}

#[derive(Debug, Serialize)]
struct Advice<'a> {
    text: Both<'a>,
    cites: &'a [String],
}

#[derive(Debug, Serialize)]
struct Both<'a> {
    nl: &'a str,
    en: &'a str,
}

/// Facts and their values, in the order given.
#[derive(Debug)]
struct Known<'a>(Vec<(Fact, std::borrow::Cow<'a, Value>)>);

impl Serialize for Known<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (fact, value) in &self.0 {
            map.serialize_entry(fact.key(), &value_json(value))?;
        }
        map.end()
    }
}

/// Duties and what they would turn into.
#[derive(Debug)]
struct Then<'a>(&'a [(Duty, Outcome)]);

impl Serialize for Then<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (duty, outcome) in self.0 {
            map.serialize_entry(duty.key(), outcome.key())?;
        }
        map.end()
    }
}

impl<'a> From<&'a law::verdict::Verdict> for Verdict<'a> {
    fn from(verdict: &'a law::verdict::Verdict) -> Self {
        let proposed = verdict.proposed.iter().map(|(fact, word)| (*fact, std::borrow::Cow::Owned(Value::One(word))));
        Self {
            id: verdict.id.as_deref(),
            law: Law::from(&verdict.law),
            breach: breach(verdict.breach),
            risk: verdict.risk.map(risk),
            duties: Duties::from(verdict),
            enisa: verdict.enisa.map(Enisa::from),
            reasons: verdict.reasons.iter().map(Reason::from).collect(),
            decisive: verdict.decisive.iter().map(Decisive::from).collect(),
            missing: verdict.missing.iter().map(|fact| fact.key()).collect(),
            proposed: Known(proposed.collect()),
            advice: verdict
                .advice
                .iter()
                .map(|advice| Advice { text: Both::from(&advice.text), cites: &advice.cites })
                .collect(),
        }
    }
}

impl<'a> From<&'a law::verdict::LawUsed> for Law<'a> {
    fn from(used: &'a law::verdict::LawUsed) -> Self {
        let day = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
        let in_force = [day(used.in_force_from), day(used.in_force_until)];
        Self { id: &used.id, version: &used.version, in_force, status: used.status.key() }
    }
}

impl<'a> From<&'a law::verdict::Verdict> for Duties<'a> {
    fn from(verdict: &'a law::verdict::Verdict) -> Self {
        let (outcome, basis) = (|duty| verdict.duty(duty).outcome.key(), |duty| verdict.duty(duty).basis.as_slice());
        let plain = |duty| Plain { outcome: outcome(duty), basis: basis(duty) };
        Self {
            document: plain(Duty::Document),
            notify_authority: NotifyAuthority {
                outcome: outcome(Duty::NotifyAuthority),
                target: verdict.deadline.map(|deadline| time(deadline.target)),
                // A law without such a limit has none, rather than the target once more.
                limit: verdict
                    .deadline
                    .filter(|deadline| deadline.limit != deadline.target)
                    .map(|deadline| time(deadline.limit)),
                provisional: verdict.is_provisional,
                to: verdict.authority.as_deref(),
                basis: basis(Duty::NotifyAuthority),
            },
            inform_subjects: InformSubjects {
                outcome: outcome(Duty::InformSubjects),
                form: verdict.form.map(|form| match form {
                    Form::Direct => "direct",
                    Form::Public => "public",
                }),
                basis: basis(Duty::InformSubjects),
            },
            notify_controllers: plain(Duty::NotifyControllers),
            notify_csirt: NotifyCsirt {
                outcome: outcome(Duty::NotifyCsirt),
                steps: verdict.csirt_steps.iter().map(Step::from).collect(),
                basis: basis(Duty::NotifyCsirt),
            },
        }
    }
}

impl<'a> From<&'a law::verdict::Reason> for Reason<'a> {
    fn from(reason: &'a law::verdict::Reason) -> Self {
        let because = reason.because.iter().map(|(fact, value)| (*fact, std::borrow::Cow::Borrowed(value)));
        Self {
            duty: reason.duty.key(),
            rule: &reason.rule,
            outcome: reason.outcome.key(),
            cites: &reason.cites,
            because: Known(because.collect()),
            text: Both::from(&reason.text),
        }
    }
}

impl<'a> From<&'a law::verdict::Decisive> for Decisive<'a> {
    fn from(decisive: &'a law::verdict::Decisive) -> Self {
        Self { fact: decisive.fact.key(), r#if: value_json(&decisive.other), then: Then(&decisive.then) }
    }
}

impl<'a> From<&'a Text> for Both<'a> {
    fn from(text: &'a Text) -> Self {
        Self { nl: &text.nl, en: &text.en }
    }
}

/// The public name of whether it is a breach.
#[must_use]
pub fn breach(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "yes",
        Truth::False => "no",
        Truth::Unknown => "unknown",
    }
}

/// RFC 3339 with the Dutch offset of that moment.
fn time(at: Timestamp) -> String {
    let zone = TimeZone::get("Europe/Amsterdam").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
