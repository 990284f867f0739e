//! The proposal: it shows what would change, and is never law.

use facts::{Fact, Situation};
use jiff::{Timestamp, ToSpan};
use law::pack::Standing;
use law::verdict::{Duty, LawStatus, Outcome, Risk, Verdict};

use crate::support::{facts, packs};

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn proposed(situation: &Situation) -> Verdict {
    packs().assess(situation, at("2026-11-30T12:00:00Z"), Some("omnibus")).expect("chosen by name")
}

const STOLEN: &str = r#""security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
    "integrity": "none", "availability": "none", "incident_type": "hacking", "cause": "external_malicious", "exfiltration": "confirmed",
    "recipient": "malicious", "data": ["name", "national_id"], "subjects_max": 80, "groups": ["customers"], "vulnerable": false,
    "protection": "none", "cbw_entity": "none""#;

#[test]
fn no_date_chooses_it() {
    let omnibus = packs().by_id("omnibus").expect("there");
    assert_eq!((omnibus.standing(), omnibus.status(None)), (Standing::Proposal, LawStatus::Proposal));
    assert!(omnibus.title().nl.starts_with("VOORSTEL") && omnibus.title().en.starts_with("PROPOSAL"));
    for day in ["2018-05-25", "2026-11-21", "2030-01-01", "2099-12-31"] {
        let pack = packs().in_force(at(&format!("{day}T12:00:00Z"))).map(law::Pack::id);
        assert_eq!(pack.ok(), Some("avg"), "{day}");
        assert!(!omnibus.is_in_force(day.parse().expect("a date")));
    }
}

#[test]
fn only_a_high_risk_would_be_notified_within_ninety_six_hours() {
    let high = facts(&format!("{{{STOLEN}}}"));
    let verdict = proposed(&high);
    assert_eq!((verdict.risk, verdict.notify_authority.outcome), (Some(Risk::High), Outcome::Required));
    let aware = high.aware_at.expect("a moment");
    assert_eq!(verdict.deadline.map(|clock| clock.target), Some(aware + 96.hours()));
    assert_eq!(verdict.law.status, LawStatus::Proposal);

    let lower = facts(&format!(r#"{{{STOLEN}, "severity": "limited"}}"#));
    assert_eq!(crate::support::assess(&lower).notify_authority.outcome, Outcome::Required);
    let verdict = proposed(&lower);
    assert_eq!((verdict.risk, verdict.notify_authority.outcome), (Some(Risk::Risk), Outcome::NotRequired));
    // Every reason of the changed duty's own rules says what it is; the rest of the AVG stays.
    let own = verdict.reasons.iter().filter(|reason| reason.rule.starts_with("omnibus-")).collect::<Vec<_>>();
    assert!(!own.is_empty() && own.iter().all(|reason| reason.text.nl.starts_with("VOORSTEL, geen wet")));
    assert!(verdict.advice.iter().any(|advice| advice.text.nl.starts_with("Dit is een voorstel en geen wet")));
    assert_eq!(verdict.document.outcome, Outcome::Required);
}

#[test]
fn what_it_does_not_change_is_the_avgs() {
    let (avg, omnibus) = (crate::support::avg(), packs().by_id("omnibus").expect("there"));
    for table in avg.tables().iter().filter(|table| table.id != "notify_authority") {
        assert!(omnibus.tables().contains(table), "{}", table.id);
    }
    assert!(omnibus.rules().iter().all(|rule| !rule.id.starts_with("avg-33-1")));
    assert_eq!(omnibus.deadline_rules().len(), avg.deadline_rules().len());
    for facts_of in [r#""role": "processor""#, r#""regime": "wpg""#, r#""household_use": true"#] {
        let key = facts_of.split('"').nth(1).expect("a key").to_owned();
        let base = if key == "role" { STOLEN.replace(r#""role": "controller", "#, "") } else { STOLEN.to_owned() };
        let situation = facts(&format!("{{{base}, {facts_of}}}"));
        let (law, proposal) = (crate::support::assess(&situation), proposed(&situation));
        for duty in Duty::ALL {
            assert_eq!(law.duty(duty).outcome, proposal.duty(duty).outcome, "{facts_of}: {}", duty.key());
        }
    }
    assert!(proposed(&facts("{}")).missing.contains(&Fact::SecurityIncident));
}
