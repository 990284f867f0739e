//! The numbers that the law leaves open: crossing one turns an outcome only together with another factor.
//!
//! What holds, precisely: in a quiet situation (everyday data; readers known, trusted or none; no bad intent; nobody who
//! needs particular protection; no effect on the persons; no cause that may go on; every other number below its threshold)
//! no number by itself turns any outcome. And each number does turn one together with a factor that is named here.

use facts::{Fact, Situation, Value};
use law::verdict::{Duty, Outcome};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::sampling::{check, is_sound, outcomes, situation};
use crate::support::{assess, avg, facts};

fn level(parameter: &str) -> u64 {
    let found = avg().parameters().iter().find(|known| known.id == parameter);
    found.expect("a parameter of the pack").value as u64
}

fn number(fact: Fact, value: u64) -> Value {
    match fact {
        Fact::RestoreHours | Fact::ExposureHours => Value::Number(value as f64),
        _ => Value::Whole(value),
    }
}

/// Which numbers each parameter is held against.
fn readings() -> Vec<(&'static str, Fact)> {
    vec![
        ("few", Fact::SubjectsMax),
        ("few", Fact::RecipientCount),
        ("large", Fact::SubjectsMax),
        ("many_recipients", Fact::RecipientCount),
        ("short_outage", Fact::RestoreHours),
        ("long_exposure", Fact::ExposureHours),
    ]
}

fn quiet() -> impl Strategy<Value = Situation> {
    let everyday = ["name", "gender", "contact", "address", "customer_number", "purchase_history"];
    let groups =
        ["employees", "former_employees", "applicants", "customers", "prospects", "subscribers", "users", "members"];
    let mistakes = [
        "sent_by_mistake",
        "misdelivered_post",
        "mixed_up_records",
        "wrong_access_permissions",
        "shown_to_wrong_recipient",
        "technical_malfunction",
        "verbal_disclosure",
        "deleted_or_destroyed",
    ];
    let happened = (
        select(vec!["none", "possible", "likely", "confirmed"]),
        select(vec!["none", "recoverable"]),
        select(vec!["none", "temporary"]),
        select(mistakes.to_vec()),
        select(vec!["known_untrusted", "trusted"]),
    );
    let data = (subsequence(everyday.to_vec(), 1..=4), subsequence(groups.to_vec(), 1..=3));
    let protected = (select(vec!["none", "partial", "intact"]), any::<bool>(), any::<bool>());
    (happened, data, protected).prop_map(|(happened, (data, groups), (protection, deleted, key))| {
        let (confidentiality, integrity, availability, incident, recipient) = happened;
        let recipient = if confidentiality == "none" { "none" } else { recipient };
        let known = [
            (Fact::SecurityIncident, Value::Truth(true)),
            (Fact::PersonalData, Value::Truth(true)),
            (Fact::Role, Value::One("controller")),
            (Fact::Confidentiality, Value::One(confidentiality)),
            (Fact::Integrity, Value::One(integrity)),
            (Fact::Availability, Value::One(availability)),
            (Fact::IncidentType, Value::One(incident)),
            (Fact::Cause, Value::One("internal_accidental")),
            (Fact::Exfiltration, Value::One("not_applicable")),
            (Fact::Recipient, Value::One(recipient)),
            (Fact::DeletionConfirmed, Value::Truth(deleted)),
            (Fact::Systemic, Value::Truth(false)),
            (Fact::Data, Value::Many(data.into_iter().collect())),
            (Fact::Groups, Value::Many(groups.into_iter().collect())),
            (Fact::Vulnerable, Value::Truth(false)),
            (Fact::Identification, Value::One("maximum")),
            (Fact::Protection, Value::One(protection)),
            (Fact::KeyCompromised, Value::Truth(key)),
            (Fact::Backup, Value::One("complete")),
            (Fact::ServiceImpact, Value::One("none")),
            (Fact::SubjectsMin, Value::Whole(0)),
            (Fact::SubjectsMax, Value::Whole(2)),
            (Fact::RecipientCount, Value::Whole(u64::from(recipient != "none"))),
            (Fact::RestoreHours, Value::Number(1.0)),
            (Fact::ExposureHours, Value::Number(1.0)),
        ];
        situation(&known, |_, _| true)
    })
}

/// 120 quiet situations, six crossings each, to the threshold and far beyond.
#[test]
fn a_number_alone_turns_nothing() {
    check(120, quiet(), |base| {
        prop_assume!(is_sound(&base));
        let before = assess(&base);
        prop_assert_eq!(before.notify_authority.outcome, Outcome::NotRequired);
        for (parameter, fact) in readings() {
            for value in [level(parameter), level(parameter) * 1000] {
                let mut crossed = base.clone();
                crossed.facts.set(fact, number(fact, value)).expect("a number");
                if is_sound(&crossed) {
                    prop_assert_eq!(outcomes(&before), outcomes(&assess(&crossed)), "{} at {}", fact.key(), value);
                }
            }
        }
        Ok(())
    });
}

/// A mistake that shows data to one known reader, and what is added to it.
fn mistake(more: &str) -> Situation {
    let base = r#""security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
        "integrity": "none", "exfiltration": "not_applicable", "cause": "internal_accidental", "protection": "none",
        "vulnerable": false, "groups": ["customers"], "identification": "maximum", "subjects_min": 0"#;
    facts(&format!("{{{base}, {more}}}"))
}

#[test]
fn each_number_turns_an_outcome_together_with_the_factor_it_names() {
    let known = r#""availability": "none", "incident_type": "sent_by_mistake", "recipient": "known_untrusted""#;
    let crossings = [
        // More than everyday data.
        ("few", Fact::SubjectsMax, Duty::NotifyAuthority, format!(r#"{known}, "data": ["name", "account"], "recipient_count": 1"#)),
        // Strangers as readers.
        (
            "few",
            Fact::SubjectsMax,
            Duty::NotifyAuthority,
            r#""availability": "none", "incident_type": "unintended_publication", "recipient": "unknown", "data": ["name"]"#.into(),
        ),
        // Something on health in passing.
        (
            "few",
            Fact::RecipientCount,
            Duty::NotifyAuthority,
            format!(r#"{known}, "data": ["name", "health"], "subjects_max": 15"#),
        ),
        // Sensitive data.
        (
            "large",
            Fact::SubjectsMax,
            Duty::InformSubjects,
            format!(r#"{known}, "data": ["name", "financial"], "recipient_count": 1"#),
        ),
        // Large scale.
        (
            "many_recipients",
            Fact::RecipientCount,
            Duty::NotifyAuthority,
            format!(r#"{known}, "data": ["contact"], "subjects_max": 5000, "exposure_hours": 1, "systemic": false"#),
        ),
        // Data fit for fraud at once.
        (
            "many_recipients",
            Fact::RecipientCount,
            Duty::InformSubjects,
            format!(r#"{known}, "data": ["name", "national_id"], "subjects_max": 5"#),
        ),
        // An effect on the persons.
        (
            "short_outage",
            Fact::RestoreHours,
            Duty::NotifyAuthority,
            r#""confidentiality": "none", "availability": "temporary", "incident_type": "technical_malfunction", "recipient": "none",
            "data": ["name"], "backup": "complete", "service_impact": "minor", "subjects_max": 5"#
                .into(),
        ),
        // Large scale, again.
        (
            "long_exposure",
            Fact::ExposureHours,
            Duty::NotifyAuthority,
            format!(r#"{known}, "data": ["contact"], "subjects_max": 5000, "recipient_count": 1, "systemic": false"#),
        ),
    ];
    for (parameter, fact, duty, more) in crossings {
        let outcome = |value: u64| {
            let mut situation = mistake(&more);
            situation.facts.set(fact, number(fact, value)).expect("a number");
            assess(&situation).duty(duty).outcome
        };
        let (below, above) = (outcome(level(parameter) - 1), outcome(level(parameter)));
        assert_eq!((below, above), (Outcome::NotRequired, Outcome::Required), "{parameter} on {}: {more}", fact.key());
    }
}
