//! The Wbp: history, by the scheme of the whitepaper and the policy rules.

use facts::Situation;
use jiff::Timestamp;
use law::pack::Mark;
use law::verdict::{Duty, LawStatus, Outcome, Verdict};

use crate::support::{assess, facts, outcomes, packs};

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// Mail with contact details of three customers to somebody who is not trusted, in 2017.
fn in_2017(more: &str) -> Verdict {
    let base = r#""security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
        "integrity": "none", "availability": "none", "incident_type": "sent_by_mistake", "exfiltration": "not_applicable"
        "#;
    let defaults = [
        ("\"recipient\"", r#""recipient": "known_untrusted""#),
        ("\"data\"", r#""data": ["name", "contact"]"#),
        ("\"subjects_max\"", r#""subjects_max": 3"#),
        ("\"groups\"", r#""groups": ["customers"]"#),
        ("\"vulnerable\"", r#""vulnerable": false"#),
        ("\"consequences\"", r#""consequences": []"#),
        ("\"protection\"", r#""protection": "none""#),
        ("\"remote_wipe\"", r#""remote_wipe": "none""#),
    ];
    let rest: Vec<_> = defaults.iter().filter(|(key, _)| !more.contains(key)).map(|(_, text)| *text).collect();
    let base = if more.contains("\"role\"") { base.replace(r#""role": "controller", "#, "") } else { base.to_owned() };
    let situation = facts(&format!("{{{base}, {}{more}}}", rest.join(", ")));
    assess(&Situation { aware_at: Some(at("2017-03-01T10:00:00+01:00")), ..situation })
}

#[test]
fn the_scheme_of_the_policy_rules() {
    use Outcome::{NotRequired as No, Required as Yes};
    let table = [
        // what, facts, AP, persons, overview
        ("a few contact details", "", No, No, No),
        ("sensitive data: both", r#", "data": ["name", "health"]"#, Yes, Yes, Yes),
        ("log-ins are sensitive", r#", "data": ["credentials"]"#, Yes, Yes, Yes),
        ("much data to a stranger: the AP alone", r#", "subjects_max": 1000"#, Yes, No, Yes),
        ("just under", r#", "subjects_max": 999"#, No, No, No),
        ("much data to somebody trusted", r#", "subjects_max": 5000, "recipient": "trusted""#, No, No, No),
        (
            "much data, fraud to be expected",
            r#", "subjects_max": 1000, "consequences": ["identity_fraud"]"#,
            Yes,
            Yes,
            Yes,
        ),
        ("fraud feared, but under the threshold", r#", "consequences": ["identity_fraud"]"#, No, No, No),
        ("children, in unknown hands", r#", "groups": ["children"], "recipient": "unknown""#, Yes, No, Yes),
        (
            "well encrypted: the AP all the same",
            r#", "data": ["name", "health"], "protection": "intact", "key_compromised": false"#,
            Yes,
            No,
            Yes,
        ),
        (
            "the key went with it",
            r#", "data": ["name", "health"], "protection": "intact", "key_compromised": true"#,
            Yes,
            Yes,
            Yes,
        ),
        ("wiped before anybody looked", r#", "data": ["health"], "remote_wipe": "before_access""#, Yes, No, Yes),
        ("wiped, perhaps too late", r#", "data": ["health"], "remote_wipe": "unproven""#, Yes, Yes, Yes),
        ("a financial undertaking", r#", "data": ["financial"], "financial_undertaking": true"#, Yes, No, Yes),
        ("weighty reasons", r#", "data": ["health"], "withholding_ground": "d""#, Yes, No, Yes),
    ];
    for (what, more, authority, persons, document) in table {
        let verdict = in_2017(more);
        let found =
            [Duty::NotifyAuthority, Duty::InformSubjects, Duty::Document].map(|duty| verdict.duty(duty).outcome);
        assert_eq!(found, [authority, persons, document], "{what}");
        assert_eq!((verdict.law.id.as_str(), verdict.risk), ("wbp", None), "{what}");
        let own = verdict.reasons.iter().filter(|reason| reason.duty != Duty::NotifyCsirt);
        assert!(own.into_iter().all(|reason| reason.rule.starts_with("wbp-")), "{what}");
    }
}

#[test]
fn a_processor_enables_its_controller_and_no_more() {
    let verdict = in_2017(r#", "role": "processor", "data": ["health"]"#);
    assert_eq!(
        outcomes(&verdict).into_iter().collect::<Vec<_>>(),
        [
            ("document", "not_required"),
            ("inform_subjects", "not_required"),
            ("notify_authority", "not_required"),
            ("notify_controllers", "required"),
            ("notify_csirt", "not_required"),
        ]
    );
    assert_eq!(verdict.notify_controllers.basis, ["Wbp art. 14"]);
}

#[test]
fn the_day_of_awareness_picks_it_and_it_is_marked_as_history() {
    let sensitive = r#"{"security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
        "data": ["health"]}"#;
    for (aware, law, status) in [
        ("2016-01-01T00:00:00+01:00", "wbp", LawStatus::Historical),
        ("2018-05-24T23:59:59+02:00", "wbp", LawStatus::Historical),
        ("2018-05-25T00:00:00+02:00", "avg", LawStatus::InForce),
    ] {
        let verdict = assess(&Situation { aware_at: Some(at(aware)), ..facts(sensitive) });
        assert_eq!((verdict.law.id.as_str(), verdict.law.status), (law, status), "{aware}");
        let is_told = verdict.advice.iter().any(|advice| advice.text.nl.starts_with("Dit is vervallen recht"));
        assert_eq!(is_told, law == "wbp", "{aware}");
    }
    let early = Situation { aware_at: Some(at("2015-12-31T12:00:00+01:00")), ..facts("{}") };
    assert!(packs().assess(&early, at("2026-11-30T12:00:00Z"), None).is_err());
    // At the time itself it was law.
    let wbp = packs().by_id("wbp").expect("there");
    assert_eq!(wbp.status(Some(at("2018-05-24T23:00:00+02:00"))), LawStatus::InForce);
    assert_eq!(wbp.status(Some(at("2018-05-25T00:00:00+02:00"))), LawStatus::Historical);
    assert_eq!(wbp.status(None), LawStatus::Historical);
}

#[test]
fn seventy_two_hours_run_from_the_discovery() {
    let situation = Situation {
        detected_at: Some(at("2017-03-01T08:00:00+01:00")),
        aware_at: Some(at("2017-03-02T10:00:00+01:00")),
        ..facts("{}")
    };
    let deadline = assess(&situation).deadline.expect("a clock");
    assert_eq!(deadline.target, at("2017-03-04T08:00:00+01:00"));
}

#[test]
fn the_flaws_of_the_whitepaper_are_told_and_no_rule_reads_its_two_days() {
    let wbp = packs().by_id("wbp").expect("there");
    let told = |word: &str| wbp.notes().iter().any(|note| note.text.nl.contains(word) && !note.cites.is_empty());
    for word in ["820.000", "niet bij veel gegevens", "twee werkdagen", "op afstand is gewist"] {
        assert!(told(word), "{word}");
    }
    let days = wbp.parameters().iter().find(|parameter| parameter.id == "whitepaper_days_to_inform").expect("there");
    assert!(days.value == 2.0 && days.set_by.contains("source=whitepaper") && days.mark == Mark::Knowledge);
    assert!(wbp.rules().iter().all(|rule| !rule.when.contains("whitepaper_days_to_inform")));
    let subjects = wbp.deadline_rules().iter().filter(|rule| rule.duty == Duty::InformSubjects);
    assert!(subjects.into_iter().all(|rule| rule.term == law::pack::Term::WithoutDelay));
}

#[test]
fn another_regime_gives_no_reasons_of_the_wbp() {
    for regime in ["wpg", "wjsg", "tw"] {
        let verdict = in_2017(&format!(r#", "regime": "{regime}", "data": ["health"]"#));
        for duty in Duty::ALL.into_iter().filter(|duty| *duty != Duty::NotifyCsirt) {
            assert_eq!(verdict.duty(duty).outcome, Outcome::NotRequired, "{regime}");
            let of_duty = verdict.reasons.iter().filter(|reason| reason.duty == duty);
            assert!(of_duty.into_iter().all(|reason| reason.rule == format!("wbp-regime-{regime}")), "{regime}");
        }
    }
}
