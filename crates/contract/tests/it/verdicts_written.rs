//! Verdicts as they are written, whole.

use contract::facts::read_situation;
use contract::verdict::{Verdict, to_json};

/// The verdict of the built-in packs, for a call at the end of 2026.
fn assess(situation: &facts::Situation) -> law::verdict::Verdict {
    let packs = law::Packs::builtin().expect("the built-in packs");
    let now = "2026-11-30T12:00:00Z".parse().expect("a moment");
    packs.assess(situation, now, None).expect("a law in force")
}

fn verdict(facts: &str) -> String {
    let situation = read_situation(facts).expect("good facts");
    let verdict = assess(&situation);
    assert!(!to_json(&verdict).contains('\n'), "one verdict, one line");
    serde_json::to_string_pretty(&Verdict::from(&verdict)).expect("JSON")
}

#[test]
fn a_stolen_laptop_whose_key_is_not_sure() {
    insta::assert_snapshot!(verdict(
        r#"{"id": "laptop", "aware_at": "2026-03-27T15:20:00+01:00", "jurisdiction": "NL", "facts": {
            "security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "likely", "integrity": "none",
            "availability": "temporary", "incident_type": "device_lost_or_stolen", "cause": "external_malicious", "exfiltration": "not_applicable",
            "recipient": "unknown", "data": ["name", "national_id", "financial"], "groups": ["customers"], "subjects_max": 60,
            "vulnerable": false, "protection": "intact", "backup": "complete", "restore_hours": 2, "service_impact": "none",
            "remote_wipe": "none", "cbw_entity": "none"}}"#
    ));
}

#[test]
fn a_letter_to_the_wrong_customer_provisionally() {
    insta::assert_snapshot!(verdict(
        r#"{"detected_at": "2026-10-23T15:20:00+02:00", "facts": {
            "security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed", "integrity": "none",
            "availability": "none", "incident_type": "misdelivered_post", "cause": "internal_accidental", "recipient": "known_untrusted",
            "recipient_count": 1, "data": ["name", "address", "account"], "groups": ["customers"], "subjects_min": 1, "subjects_max": 1,
            "vulnerable": false, "protection": "none"}}"#
    ));
}

#[test]
fn a_significant_incident_at_a_managed_service_provider_without_personal_data() {
    let json: serde_json::Value = serde_json::from_str(&verdict(
        r#"{"aware_at": "2026-11-20T16:47:00+01:00", "facts": {"security_incident": true, "personal_data": false,
            "cbw_entity": "important", "significant_incident": true, "trust_service": false}}"#,
    ))
    .expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&json["duties"]["notify_csirt"]).expect("JSON"), @r#"
    {
      "basis": [
        "Cbw art. 25",
        "Cbw art. 26"
      ],
      "outcome": "required",
      "steps": [
        {
          "after": null,
          "target": "2026-11-21T16:47:00+01:00",
          "what": "early_warning"
        },
        {
          "after": null,
          "target": "2026-11-23T16:47:00+01:00",
          "what": "notification"
        },
        {
          "after": "notification",
          "target": null,
          "what": "final_report"
        }
      ]
    }
    "#);
    assert_eq!((&json["law"]["id"], &json["law"]["status"]), (&"avg".into(), &"in_force".into()));
}

#[test]
fn history_says_what_it_is() {
    let json = verdict(r#"{"aware_at": "2017-03-01T10:00:00+01:00", "facts": {}}"#);
    assert!(json.contains(r#""status": "historical""#), "{json}");
}

#[test]
fn keys_stand_in_the_contracts_order() {
    let json = to_json(&assess(&facts::Situation::default()));
    let places: Vec<_> = [
        "\"id\":",
        "\"law\":",
        "\"breach\":",
        "\"risk\":",
        "\"duties\":",
        "\"enisa\":",
        "\"reasons\":",
        "\"decisive\":",
        "\"missing\":",
        "\"advice\":",
    ]
    .iter()
    .map(|key| json.find(key).expect("the key"))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(json.contains(r#""target":null,"limit":null,"provisional":false"#));
}
