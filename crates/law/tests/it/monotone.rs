//! Where the law is monotone, so are the rules: what can only be better for the persons never makes a duty appear.
//!
//! Each step is tried on situations near a quiet one and on situations made wholly at random, with some facts left unknown;
//! both sides of a step differ in nothing else. A duty that is not required must then stay not required. That persons are to
//! be told in another form is no new duty.
//!
//! Exceptions: none. What is left out, because neither side of the step is less harm: another incident type (what happened,
//! not how bad it is; which ones rules read at all is tried in `labels.rs`), another cause, `recipient = none` (a
//! contradiction where readers are counted), and facts that say which law applies.

use facts::{Fact, Situation, Value};
use law::verdict::{Duty, Outcome};
use proptest::prelude::*;

use crate::sampling::{all_facts, check, is_sound, likely_breach, situation};
use crate::support::{assess, facts};

/// A small mistake with everyday data, of which nothing follows.
const QUIET: &str = r#"{"security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
    "integrity": "none", "availability": "none", "incident_type": "sent_by_mistake", "cause": "internal_accidental",
    "exfiltration": "not_applicable", "recipient": "known_untrusted", "recipient_count": 1, "deletion_confirmed": false,
    "exposure_hours": 2, "systemic": false, "data": ["name", "contact"], "subjects_min": 0, "subjects_max": 2,
    "groups": ["customers"], "vulnerable": false, "identification": "maximum", "protection": "none",
    "protection_kind": "encryption", "remote_wipe": "none", "key_compromised": false, "backup": "complete", "restore_hours": 1,
    "service_impact": "none"}"#;

const DUTIES: [Duty; 3] = [Duty::Document, Duty::NotifyAuthority, Duty::InformSubjects];

/// Worse, then better.
type Step = (Vec<(Fact, Value)>, Vec<(Fact, Value)>);

fn one(fact: Fact, worse: &'static str, better: &'static str) -> Step {
    (vec![(fact, Value::One(worse))], vec![(fact, Value::One(better))])
}

fn truth(fact: Fact, worse: bool) -> Step {
    (vec![(fact, Value::Truth(worse))], vec![(fact, Value::Truth(!worse))])
}

fn persons(worse: u64, better: u64) -> Step {
    let number = |most| vec![(Fact::SubjectsMin, Value::Whole(0)), (Fact::SubjectsMax, Value::Whole(most))];
    (number(worse), number(better))
}

fn whole(fact: Fact, worse: u64, better: u64) -> Step {
    (vec![(fact, Value::Whole(worse))], vec![(fact, Value::Whole(better))])
}

fn hours(fact: Fact, worse: f64, better: f64) -> Step {
    (vec![(fact, Value::Number(worse))], vec![(fact, Value::Number(better))])
}

fn protected(worse: &'static str) -> Step {
    let better = vec![(Fact::Protection, Value::One("intact")), (Fact::KeyCompromised, Value::Truth(false))];
    (vec![(Fact::Protection, Value::One(worse))], better)
}

/// Protection, deletion, numbers of persons and readers.
fn protection_deletion_and_numbers() -> Vec<Step> {
    vec![
        protected("none"),
        protected("partial"),
        protected("subverted"),
        one(Fact::Protection, "none", "partial"),
        one(Fact::Protection, "subverted", "partial"),
        truth(Fact::KeyCompromised, true),
        one(Fact::ProtectionKind, "hashing", "encryption"),
        one(Fact::RemoteWipe, "none", "before_access"),
        one(Fact::RemoteWipe, "unproven", "before_access"),
        truth(Fact::DeletionConfirmed, false),
        persons(50, 49),
        persons(1000, 999),
        persons(1000, 49),
        persons(100_000, 1),
        whole(Fact::RecipientCount, 50, 49),
        whole(Fact::RecipientCount, 100, 99),
        whole(Fact::RecipientCount, 1000, 1),
    ]
}

/// What else can only be better.
fn other_steps() -> Vec<Step> {
    vec![
        truth(Fact::Vulnerable, true),
        truth(Fact::Systemic, true),
        one(Fact::Identification, "maximum", "negligible"),
        one(Fact::Confidentiality, "confirmed", "possible"),
        one(Fact::Recipient, "malicious", "known_untrusted"),
        one(Fact::Recipient, "public", "known_untrusted"),
        one(Fact::Recipient, "known_untrusted", "trusted"),
        one(Fact::Recipient, "malicious", "unknown"),
        one(Fact::Recipient, "public", "unknown"),
        one(Fact::Recipient, "unknown", "known_untrusted"),
        one(Fact::Recipient, "unknown", "trusted"),
        one(Fact::Exfiltration, "confirmed", "likely"),
        one(Fact::Exfiltration, "confirmed", "unlikely"),
        one(Fact::Exfiltration, "likely", "excluded"),
        one(Fact::Exfiltration, "likely", "not_applicable"),
        one(Fact::Exfiltration, "unlikely", "excluded"),
        one(Fact::Backup, "none", "complete"),
        one(Fact::ServiceImpact, "safety", "major"),
        one(Fact::ServiceImpact, "major", "minor"),
        one(Fact::ServiceImpact, "minor", "none"),
        one(Fact::Availability, "permanent", "temporary"),
        one(Fact::Integrity, "unrecoverable", "recoverable"),
        hours(Fact::RestoreHours, 24.0, 23.0),
        hours(Fact::ExposureHours, 720.0, 719.0),
        one(Fact::Severity, "considerable", "limited"),
        one(Fact::Likelihood, "likely", "possible"),
        one(Fact::DataSensitivity, "sensitive", "ordinary"),
        truth(Fact::RiskRemoved, false),
        truth(Fact::DisproportionateEffort, false),
        truth(Fact::FinancialUndertaking, false),
        one(Fact::WithholdingGround, "none", "e"),
    ]
}

fn with(base: &Situation, values: &[(Fact, Value)]) -> Situation {
    let mut other = base.clone();
    for (fact, value) in values {
        other.facts.set(*fact, value.clone()).expect("a valid value");
    }
    other
}

/// The quiet situation with some facts at random (a few, or nearly all), and a few left out.
fn near_quiet() -> impl Strategy<Value = Situation> {
    let mostly = prop_oneof![3 => Just(0.15), 1 => Just(0.9)];
    let chosen =
        mostly.prop_flat_map(|chance| proptest::collection::vec(proptest::bool::weighted(chance), Fact::ALL.len()));
    let left_out = proptest::collection::vec(proptest::bool::weighted(0.05), Fact::ALL.len());
    (all_facts(), chosen, left_out).prop_map(|(all, chosen, left_out)| {
        let random = situation(&all, |place, _| chosen[place]);
        let mut mixed = facts(QUIET);
        for (place, fact) in Fact::ALL.iter().enumerate() {
            if let Some(value) = random.facts.value(*fact) {
                mixed.facts.set(*fact, value.clone()).expect("a valid value");
            }
            if left_out[place] {
                mixed.facts.forget(*fact);
            }
        }
        likely_breach(&mut mixed.facts);
        mixed
    })
}

fn never_appears(cases: u32, steps: &[Step]) {
    check(cases, (near_quiet(), 0..steps.len()), |(base, step)| {
        let (worse, better) = &steps[step];
        let (worse, better_situation) = (with(&base, worse), with(&base, better));
        prop_assume!(is_sound(&worse) && is_sound(&better_situation));
        let (before, after) = (assess(&worse), assess(&better_situation));
        for duty in DUTIES {
            let (before, after) = (before.duty(duty).outcome, after.duty(duty).outcome);
            let appears = before == Outcome::NotRequired && after != Outcome::NotRequired;
            prop_assert!(!appears, "{} appears by {better:?}", duty.key());
        }
        Ok(())
    });
}

/// 1 200 pairs.
#[test]
fn protection_deletion_and_fewer_persons_never_make_a_duty_appear() {
    never_appears(1200, &protection_deletion_and_numbers());
}

/// 1 200 pairs.
#[test]
fn less_harm_never_makes_a_duty_appear() {
    never_appears(1200, &other_steps());
}

/// 600 pairs: a kind of data more never lifts a duty.
#[test]
fn more_kinds_of_data_never_lift_a_duty() {
    let words: Vec<&'static str> = Fact::Data.choices().iter().map(|choice| choice.key).collect();
    check(600, (near_quiet(), proptest::sample::select(words)), |(base, word)| {
        let Some(Value::Many(data)) = base.facts.value(Fact::Data) else { return Ok(()) };
        let mut more = data.clone();
        more.insert(word);
        let more = with(&base, &[(Fact::Data, Value::Many(more))]);
        prop_assume!(is_sound(&base) && is_sound(&more));
        let (less, more) = (assess(&base), assess(&more));
        for duty in DUTIES {
            let lifted =
                less.duty(duty).outcome != Outcome::NotRequired && more.duty(duty).outcome == Outcome::NotRequired;
            prop_assert!(!lifted, "{} is lifted by {word}", duty.key());
        }
        Ok(())
    });
}
