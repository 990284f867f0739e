//! What an incident is called decides nothing where the facts are the same.

use std::collections::BTreeSet;

use facts::{Fact, Situation, Value};
use law::verdict::{Duty, Outcome, Risk};

use crate::support::{assess, facts};

/// The outcomes and the risk of the same facts under every incident type.
fn by_label(situation: &Situation) -> BTreeSet<([Outcome; 5], Option<Risk>)> {
    let labels = Fact::IncidentType.choices().iter().map(|choice| choice.key);
    labels
        .map(|label| {
            let mut named = situation.clone();
            named.facts.set(Fact::IncidentType, Value::One(label)).expect("a valid value");
            let verdict = assess(&named);
            (Duty::ALL.map(|duty| verdict.duty(duty).outcome), verdict.risk)
        })
        .collect()
}

fn alike(json: &str, authority: Outcome, persons: Outcome) {
    let found = by_label(&facts(json));
    assert_eq!(found.len(), 1, "{json}: {found:?}");
    for (outcomes, _) in found {
        let of = |wanted: Duty| {
            Duty::ALL.iter().zip(outcomes).find(|(duty, _)| **duty == wanted).map(|(_, outcome)| outcome)
        };
        assert_eq!(of(Duty::NotifyAuthority), Some(authority), "{json}");
        assert_eq!(of(Duty::InformSubjects), Some(persons), "{json}");
    }
}

#[test]
fn one_customers_account_in_hostile_hands_is_alike_under_every_name() {
    alike(
        r#"{"security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
            "integrity": "none", "availability": "none", "cause": "external_malicious", "exfiltration": "confirmed",
            "recipient": "malicious", "recipient_count": 1, "data": ["name", "contact", "account"], "groups": ["customers"],
            "subjects_max": 1, "vulnerable": false, "identification": "maximum", "protection": "none", "cbw_entity": "none"}"#,
        Outcome::Required,
        Outcome::Required,
    );
}

#[test]
fn established_malice_is_not_undone_by_what_the_mistake_is_called() {
    for malice in [
        r#""cause": "external_malicious", "exfiltration": "likely", "recipient": "unknown""#,
        r#""cause": "internal_accidental", "exfiltration": "not_applicable", "recipient": "malicious""#,
        r#""cause": "internal_malicious", "exfiltration": "not_applicable", "recipient": "known_untrusted""#,
    ] {
        alike(
            &format!(
                r#"{{"security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "likely",
                    "integrity": "none", "availability": "none", {malice}, "recipient_count": 1, "data": ["name", "contact"],
                    "groups": ["customers"], "subjects_max": 3, "vulnerable": false, "identification": "maximum",
                    "protection": "none", "cbw_entity": "none"}}"#
            ),
            Outcome::Required,
            Outcome::NotRequired,
        );
    }
}

#[test]
fn health_data_before_hundreds_of_readers_are_alike_under_every_name() {
    alike(
        r#"{"security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
            "integrity": "none", "availability": "none", "cause": "internal_accidental", "exfiltration": "not_applicable",
            "recipient": "known_untrusted", "recipient_count": 500, "data": ["name", "contact", "health"],
            "groups": ["customers"], "subjects_max": 200, "vulnerable": false, "identification": "maximum",
            "protection": "none", "cbw_entity": "none"}"#,
        Outcome::Required,
        Outcome::Required,
    );
}

/// Something on health told in passing is the one place where the kind of accident counts: a list or message, not a letter or
/// a file about one person. Accidents of the same kind are alike.
#[test]
fn something_in_passing_is_alike_for_messages_lists_and_screens() {
    let with = |label: &str, more: &str| {
        let verdict = assess(&facts(&format!(
            r#"{{"security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
                "integrity": "none", "availability": "none", "cause": "internal_accidental", "exfiltration": "not_applicable",
                "incident_type": "{label}", "recipient": "known_untrusted", "recipient_count": 15,
                "data": ["name", "contact", "health"], "subjects_max": 15, "vulnerable": false,
                "identification": "maximum", "protection": "none", {more}}}"#
        )));
        verdict.notify_authority.outcome
    };
    let customers = r#""groups": ["customers"]"#;
    for label in ["sent_by_mistake", "open_distribution_list", "shown_to_wrong_recipient"] {
        assert_eq!(with(label, customers), Outcome::NotRequired, "{label}");
        for more in [
            r#""groups": ["members"]"#,
            r#""groups": ["employees"]"#,
            r#""groups": ["patients"]"#,
            r#""groups": ["customers"], "data_sensitivity": "sensitive""#,
        ] {
            assert_eq!(with(label, more), Outcome::Required, "{label} {more}");
        }
    }
    assert_eq!(with("misdelivered_post", customers), Outcome::Required);
}
