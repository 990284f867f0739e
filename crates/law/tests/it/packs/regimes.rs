//! Where another law than the AVG applies, the verdict rests on that alone.

use facts::{Fact, Value};
use law::verdict::{Duty, Outcome};

use crate::support::{assess, facts};

/// Situations that under the AVG bring out every duty, exception and piece of advice.
const SITUATIONS: [&str; 6] = [
    r#""security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed", "incident_type": "hacking",
       "cause": "external_malicious", "exfiltration": "confirmed", "recipient": "malicious", "data": ["name", "national_id", "credentials"],
       "subjects_max": 80, "protection": "none", "systemic": true, "consequences": ["identity_fraud"]"#,
    r#""security_incident": true, "personal_data": true, "role": "processor", "confidentiality": "possible""#,
    r#""security_incident": true, "personal_data": true, "role": "joint_controller", "confidentiality": "confirmed", "risk_removed": true,
       "financial_undertaking": true, "withholding_ground": "d""#,
    r#""security_incident": false, "personal_data": true"#,
    r#""security_incident": true, "personal_data": false"#,
    "",
];

#[test]
fn every_duty_and_all_advice_name_the_other_law_and_the_form_of_the_ap() {
    for (regime, law) in [("wpg", "Wpg"), ("wjsg", "Wjsg"), ("tw", "Tw")] {
        for situation in SITUATIONS {
            let comma = if situation.is_empty() { "" } else { ", " };
            let verdict =
                assess(&facts(&format!(r#"{{{situation}{comma}"regime": "{regime}", "cbw_entity": "none"}}"#)));
            assert_eq!(verdict.risk, None, "{regime}: {situation}");
            for duty in Duty::ALL.into_iter().filter(|duty| *duty != Duty::NotifyCsirt) {
                assert_eq!(verdict.duty(duty).outcome, Outcome::NotRequired, "{regime}: {}", duty.key());
                let reasons: Vec<_> = verdict.reasons.iter().filter(|reason| reason.duty == duty).collect();
                let rules: Vec<_> = reasons.iter().map(|reason| reason.rule.as_str()).collect();
                assert_eq!(rules, [format!("avg-regime-{regime}")], "{}: {situation}", duty.key());
                assert!(reasons.iter().all(|reason| reason.because == [(Fact::Regime, Value::One(regime))]));
            }
            let advice: Vec<_> = verdict.advice.iter().flat_map(|advice| &advice.cites).collect();
            assert!(advice.iter().all(|cite| !cite.contains("AVG")), "{regime}: {situation}: {advice:?}");
            assert!(advice.iter().any(|cite| cite.starts_with(law)), "{regime}: {advice:?}");
            assert!(verdict.advice.iter().any(|advice| advice.text.nl.contains("hetzelfde formulier van de AP")));
            assert!(verdict.missing.is_empty(), "{regime}: {:?}", crate::support::keys(&verdict.missing));
        }
    }
}
