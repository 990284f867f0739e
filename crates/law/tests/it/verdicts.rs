//! Verdicts in detail: what each says beside its outcomes.

use facts::{Country, Fact, Situation, Truth, Value};
use jiff::Timestamp;
use law::verdict::{Duty, Form, Outcome, Risk};

use crate::support::{assess, avg, facts, keys, outcomes, packs};

const STOLEN: &str = r#""security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
    "integrity": "none", "availability": "none", "incident_type": "hacking", "cause": "external_malicious", "exfiltration": "confirmed",
    "recipient": "malicious", "data": ["name", "national_id"], "subjects_max": 80, "groups": ["customers"], "vulnerable": false,
    "cbw_entity": "none""#;

fn stolen(more: &str) -> Situation {
    facts(&format!("{{{STOLEN}{more}}}"))
}

fn cites(situation: &Situation, duty: Duty) -> Vec<String> {
    assess(situation).duty(duty).basis.clone()
}

#[test]
fn one_unknown_key_is_all_that_is_missing() {
    let verdict = assess(&stolen(r#", "protection": "intact""#));
    assert_eq!(verdict.notify_authority.outcome, Outcome::Undetermined);
    assert_eq!(verdict.missing.first(), Some(&Fact::KeyCompromised));
    assert!(verdict.missing[1..].iter().all(|fact| fact.class() == facts::Class::Gate), "{:?}", keys(&verdict.missing));
    assert!(verdict.advice.iter().any(|advice| advice.cites.contains(&"AVG art. 33(4)".to_owned())));
}

#[test]
fn how_the_data_were_protected_is_asked_where_passwords_stand_among_readable_data() {
    let hashed = |kind: &str, data: &str| {
        let facts = r#", "protection": "intact", "key_compromised": false, "identification": "maximum""#;
        let mut situation = stolen(&format!("{facts}{kind}"));
        let words = data.split(' ').map(|word| Fact::Data.word(word).expect("a word")).collect();
        situation.facts.set(Fact::Data, Value::Many(words)).expect("data");
        assess(&situation)
    };
    let open = hashed("", "name password_hash");
    assert_eq!(open.notify_authority.outcome, Outcome::Undetermined, "unknown never counts as no");
    assert!(open.missing.contains(&Fact::ProtectionKind));
    let told =
        |kind| hashed(&format!(r#", "protection_kind": "{kind}""#), "name password_hash").notify_authority.outcome;
    assert_eq!((told("encryption"), told("hashing")), (Outcome::NotRequired, Outcome::Required));
    assert_eq!(hashed("", "name health").notify_authority.outcome, Outcome::NotRequired);
}

#[test]
fn the_score_stands_beside_the_verdict_and_another_regime_has_no_clock_of_the_avg() {
    let verdict = assess(&stolen(r#", "protection": "none", "identification": "maximum""#));
    assert!(verdict.enisa.is_some() && verdict.deadline.is_some());
    assert_eq!(assess(&stolen(r#", "regime": "tw""#)).deadline, None);
}

#[test]
fn what_holds_for_processors_is_no_ground_where_nobody_said_who_one_is() {
    let verdict = assess(&facts(r#"{"security_incident": false}"#));
    assert_eq!(verdict.document.basis, ["AVG art. 33(5)"]);
    assert!(
        verdict
            .reasons
            .iter()
            .all(|reason| !reason.rule.contains("processor") || reason.rule.ends_with("not-processor"))
    );
}

#[test]
fn protection_is_decisive_where_it_would_lift_the_duty() {
    let verdict = assess(&stolen(r#", "protection": "none", "key_compromised": false"#));
    let protection = verdict.decisive.iter().find(|decisive| decisive.fact == Fact::Protection).expect("decisive");
    assert_eq!(protection.other, Value::One("intact"));
    let then = [(Duty::NotifyAuthority, Outcome::NotRequired), (Duty::InformSubjects, Outcome::NotRequired)];
    assert_eq!(protection.then, then);
}

#[test]
fn a_reason_names_the_facts_that_carry_it_and_no_others() {
    let verdict = assess(&stolen(r#", "protection": "none""#));
    let reason = verdict.reasons.iter().find(|reason| reason.rule == "avg-34-1").expect("the rule that asks it");
    let carried: Vec<_> = reason.because.iter().map(|(fact, _)| fact.key()).collect();
    assert_eq!(carried, ["security_incident", "personal_data", "role", "exfiltration", "data", "protection"]);
    // Each of them is needed: without it the duty is no longer sure.
    for (fact, _) in &reason.because {
        let mut without = Situation { facts: facts::Facts::new(), ..stolen("") };
        for (kept, value) in reason.because.iter().filter(|(kept, _)| kept != fact) {
            without.facts.set(*kept, value.clone()).expect("a valid value");
        }
        assert_eq!(assess(&without).inform_subjects.outcome, Outcome::Undetermined, "without {}", fact.key());
    }
}

#[test]
fn nothing_known_asks_first_whether_it_is_one() {
    let verdict = assess(&facts("{}"));
    assert_eq!((verdict.breach, verdict.risk), (Truth::Unknown, Some(Risk::Undetermined)));
    assert!(outcomes(&verdict).values().all(|outcome| *outcome == "undetermined"));
    assert_eq!(verdict.missing[..2], [Fact::SecurityIncident, Fact::PersonalData]);
}

#[test]
fn what_matters_to_the_authority_and_the_persons_is_asked_first_and_the_csirt_last() {
    let missing = assess(&facts("{}")).missing;
    let place = |wanted: Fact| missing.iter().position(|fact| *fact == wanted).expect("missing");
    assert!(place(Fact::Confidentiality) < place(Fact::ServiceImpact), "{:?}", keys(&missing));
    let mut ordinary = missing.iter().filter(|fact| fact.class() == facts::Class::Ordinary);
    assert_eq!(ordinary.next_back(), Some(&Fact::CbwEntity), "{:?}", keys(&missing));
}

#[test]
fn a_wipe_of_a_lost_device_is_asked_only_last() {
    let lost = facts(
        r#"{"security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "possible",
            "integrity": "none", "availability": "none", "incident_type": "device_lost_or_stolen", "recipient": "unknown",
            "cause": "internal_accidental", "exfiltration": "not_applicable", "protection": "none", "vulnerable": false,
            "groups": ["customers"], "data": ["name", "communication"], "subjects_max": 300, "cbw_entity": "none"}"#,
    );
    let verdict = assess(&lost);
    assert_eq!(verdict.notify_authority.outcome, Outcome::Required);
    assert!(verdict.missing.contains(&Fact::RemoteWipe), "{:?}", keys(&verdict.missing));
    assert!(verdict.missing.iter().all(|fact| fact.class() == facts::Class::Gate), "{:?}", keys(&verdict.missing));
}

#[test]
fn grave_consequences_beside_an_unlikely_risk_are_pointed_out() {
    let advised = |more: &str| {
        let swapped = format!(
            r#"{{"security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
                "integrity": "none", "availability": "none", "incident_type": "misdelivered_post", "recipient": "known_untrusted",
                "cause": "internal_accidental", "exfiltration": "not_applicable", "protection": "none", "vulnerable": false,
                "groups": ["customers"], "data": ["name", "address"], "subjects_max": 2{more}}}"#
        );
        let verdict = assess(&facts(&swapped));
        assert_eq!(verdict.risk, Some(Risk::Unlikely), "{more}");
        verdict.advice.iter().any(|advice| advice.text.nl.starts_with("Twee antwoorden passen niet bij elkaar"))
    };
    assert!(advised(r#", "consequences": ["physical_harm"]"#));
    assert!(!advised(r#", "consequences": ["distress"]"#));
    assert!(!advised(""));
}

#[test]
fn why_not_to_notify_is_asked_only_where_the_article_applies() {
    let advised = |more: &str| {
        let verdict = assess(&stolen(more));
        assert_eq!(verdict.notify_authority.outcome, Outcome::NotRequired, "{more}");
        verdict.advice.iter().any(|advice| advice.text.nl.starts_with("Leg vast waarom u niet meldt"))
    };
    assert!(advised(r#", "protection": "intact", "key_compromised": false"#));
    for elsewhere in [r#", "journalistic_use": true"#, r#", "regime": "wpg""#, r#", "regime": "tw""#] {
        assert!(!advised(elsewhere), "{elsewhere}");
    }
}

#[test]
fn a_processor_warns_without_weighing_and_is_told_to_record() {
    let verdict = assess(&facts(
        r#"{"security_incident": true, "personal_data": true, "role": "processor", "confidentiality": "possible"}"#,
    ));
    assert_eq!((verdict.risk, verdict.breach), (None, Truth::True));
    assert_eq!(
        outcomes(&verdict).into_iter().filter(|(duty, _)| *duty != "notify_csirt").collect::<Vec<_>>(),
        [
            ("document", "not_required"),
            ("inform_subjects", "not_required"),
            ("notify_authority", "not_required"),
            ("notify_controllers", "required")
        ]
    );
    assert!(verdict.advice.iter().any(|advice| advice.cites.contains(&"AVG art. 28(3)".to_owned())));
    let for_avg = verdict.missing_for.iter().filter(|(duty, _)| *duty != Duty::NotifyCsirt);
    assert!(for_avg.flat_map(|(_, facts)| facts).all(|fact| fact.class() == facts::Class::Gate));
}

#[test]
fn another_regime_gives_no_reasons_of_the_avg() {
    for (regime, cite) in [("wpg", "Wpg art. 33a"), ("wjsg", "Wjsg"), ("tw", "Tw art. 11.3a")] {
        let verdict = assess(&stolen(&format!(r#", "regime": "{regime}""#)));
        assert_eq!(verdict.risk, None);
        let duties = [Duty::Document, Duty::NotifyAuthority, Duty::InformSubjects, Duty::NotifyControllers];
        for duty in duties {
            assert_eq!(
                (verdict.duty(duty).outcome, verdict.duty(duty).basis.clone()),
                (Outcome::NotRequired, vec![cite.to_owned()])
            );
        }
        let of_avg =
            verdict.reasons.iter().filter(|reason| duties.contains(&reason.duty)).flat_map(|reason| &reason.cites);
        assert!(of_avg.into_iter().all(|cite| !cite.starts_with("AVG")));
        assert!(verdict.advice.iter().any(|advice| advice.text.nl.contains("hetzelfde formulier van de AP")));
    }
}

#[test]
fn each_exception_to_informing_rests_on_its_own_article() {
    let table = [
        (r#", "financial_undertaking": true"#, "UAVG art. 42", Outcome::NotRequired, None),
        (r#", "withholding_ground": "d""#, "UAVG art. 41(1)", Outcome::NotRequired, None),
        (r#", "risk_removed": true"#, "AVG art. 34(3)(b)", Outcome::NotRequired, None),
        (r#", "disproportionate_effort": true"#, "AVG art. 34(3)(c)", Outcome::Required, Some(Form::Public)),
        ("", "AVG art. 34(1)", Outcome::Required, Some(Form::Direct)),
        (
            r#", "likelihood": "likely", "severity": "very_large""#,
            "AVG art. 34(1)",
            Outcome::Required,
            Some(Form::Direct),
        ),
    ];
    for (more, cite, outcome, form) in table {
        let situation = stolen(&format!(r#", "protection": "none"{more}"#));
        let verdict = assess(&situation);
        assert_eq!((verdict.inform_subjects.outcome, verdict.form), (outcome, form), "{more}");
        assert!(cites(&situation, Duty::InformSubjects).contains(&cite.to_owned()), "{more}");
        assert_eq!(verdict.notify_authority.outcome, Outcome::Required, "{more}");
    }
    let protected = stolen(r#", "protection": "intact", "key_compromised": false, "likelihood": "likely""#);
    assert_eq!(cites(&protected, Duty::InformSubjects), ["AVG art. 34(3)(a)"]);
}

#[test]
fn gates_that_could_still_lift_are_named_last() {
    let verdict = assess(&stolen(r#", "protection": "none""#));
    assert_eq!(
        keys(&verdict.missing),
        [
            "household_use",
            "journalistic_use",
            "regime",
            "risk_removed",
            "disproportionate_effort",
            "financial_undertaking",
            "withholding_ground"
        ]
    );
    let told = assess(&stolen(r#", "protection": "none", "financial_undertaking": true"#));
    assert_eq!(keys(&told.missing), ["household_use", "journalistic_use", "regime"]);
}

#[test]
fn a_given_view_replaces_the_derived_one_and_is_never_missing() {
    let verdict = assess(&stolen(r#", "protection": "none""#));
    assert_eq!(
        verdict.proposed,
        [(Fact::DataSensitivity, "sensitive"), (Fact::Severity, "very_large"), (Fact::Likelihood, "likely")]
    );
    let lighter = assess(&stolen(r#", "protection": "none", "severity": "negligible""#));
    assert_eq!((lighter.risk, lighter.notify_authority.outcome), (Some(Risk::Unlikely), Outcome::NotRequired));
    let severity = lighter.decisive.iter().find(|decisive| decisive.fact == Fact::Severity).expect("decisive");
    assert_eq!(severity.other, Value::One("limited"));
}

#[test]
fn the_uavg_lifts_nothing_for_a_controller_elsewhere() {
    let abroad = |code: &str| Situation {
        jurisdiction: Country::from_code(code),
        ..stolen(r#", "protection": "none", "financial_undertaking": true"#)
    };
    assert_eq!(assess(&abroad("NL")).inform_subjects.outcome, Outcome::NotRequired);
    assert_eq!(assess(&abroad("DE")).inform_subjects.outcome, Outcome::Required);
}

#[test]
fn the_authority_is_that_of_the_main_establishment() {
    let named = |jurisdiction: Option<&str>, establishments: &str| {
        let mut situation = stolen(establishments);
        situation.jurisdiction = jurisdiction.and_then(Country::from_code);
        assess(&situation).authority
    };
    assert_eq!(named(Some("NL"), "").as_deref(), Some("NL-AP"));
    assert_eq!(named(Some("DE"), r#", "establishments": ["NL", "DE"]"#).as_deref(), Some("DE-SA"));
    assert_eq!(named(Some("US"), ""), None);
    assert_eq!(named(None, r#", "establishments": ["BE"]"#).as_deref(), Some("BE-SA"));
    assert_eq!(named(None, r#", "establishments": ["BE", "FR"]"#), None);
    assert_eq!(named(None, "").as_deref(), Some("NL-AP"));
}

#[test]
fn the_clock_runs_from_awareness_or_provisionally_from_the_first_signal() {
    let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
    let mut situation = stolen("");
    situation.aware_at = Some(at("2026-03-27T15:20:00+01:00"));
    situation.detected_at = Some(at("2026-03-26T09:00:00+01:00"));
    let verdict = assess(&situation);
    let clock = verdict.deadline.expect("a clock");
    assert_eq!((clock.target, clock.limit), (at("2026-03-30T16:20:00+02:00"), at("2026-03-30T17:00:00+02:00")));
    assert!(!verdict.is_provisional);

    situation.aware_at = None;
    let verdict = assess(&situation);
    assert_eq!(verdict.deadline.map(|clock| clock.target), Some(at("2026-03-29T10:00:00+02:00")));
    assert!(verdict.is_provisional);

    situation.detected_at = None;
    let verdict = assess(&situation);
    assert_eq!((verdict.deadline, verdict.is_provisional), (None, false));
}

#[test]
fn the_pack_in_force_is_chosen_by_date_and_before_2016_there_is_none() {
    let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
    assert_eq!(packs().in_force(at("2018-05-25T00:00:00+02:00")).map(law::Pack::id).ok(), Some("avg"));
    assert_eq!(packs().in_force(at("2018-05-24T23:59:59+02:00")).map(law::Pack::id).ok(), Some("wbp"));
    assert_eq!(packs().in_force(at("2016-01-01T00:00:00+01:00")).map(law::Pack::id).ok(), Some("wbp"));
    let before =
        packs().in_force(at("2015-12-31T23:59:59+01:00")).map(law::Pack::id).expect_err("nothing was in force");
    let text = before.to_string();
    assert!(["2015-12-31", "2016-01-01", "wbp", "avg"].iter().all(|word| text.contains(word)), "{text}");
    assert!(packs().by_id("gdpr").map(law::Pack::id).expect_err("no such pack").to_string().contains("avg"));
    // The same rules for a publisher before and after the act of 2026, each by its own version.
    for (day, rule) in [("2026-08-31T12:00:00+02:00", "avg-uavg-43"), ("2026-09-01T12:00:00+02:00", "avg-uavg-43-2026")]
    {
        let mut situation = stolen(r#", "journalistic_use": true"#);
        situation.aware_at = Some(at(day));
        let verdict = assess(&situation);
        assert!(verdict.reasons.iter().any(|reason| reason.rule == rule), "{day}");
    }
}

#[test]
fn every_rule_names_a_source_and_every_topic_says_what_it_leaves_out() {
    for rule in avg().rules() {
        assert!(rule.id.starts_with("avg-") && !rule.source.is_empty() && !rule.cites.is_empty());
    }
    assert!(avg().topics().iter().filter(|topic| !topic.not_modelled.is_empty()).count() >= 8);
    assert!(avg().parameters().iter().all(|parameter| parameter.mark == law::pack::Mark::Proposal));
}

#[test]
fn a_duty_that_is_lifted_does_not_claim_that_there_is_no_breach() {
    for more in
        [r#", "protection": "intact", "key_compromised": false"#, r#", "regime": "tw""#, r#", "household_use": true"#]
    {
        let verdict = assess(&stolen(more));
        assert_eq!(verdict.notify_authority.outcome, Outcome::NotRequired);
        let says = |rule: &str| verdict.reasons.iter().any(|reason| reason.rule == rule);
        assert!(!says("avg-33-1-no-breach") && !says("avg-4-12-no-effect"), "{more}");
    }
}

#[test]
fn reasons_tell_the_road_to_the_outcome_and_leave_out_what_does_not_bear_on_it() {
    let rules = |more: &str, duty: Duty| -> Vec<String> {
        let verdict = assess(&stolen(more));
        verdict.reasons.into_iter().filter(|reason| reason.duty == duty).map(|reason| reason.rule).collect()
    };
    assert_eq!(
        rules(r#", "protection": "none""#, Duty::InformSubjects),
        [
            "avg-34-1",
            "avg-4-12",
            "avg-risk-high",
            "avg-risk-disclosure-high",
            "avg-likelihood-hostile",
            "avg-severity-unknown-hands",
            "avg-disclosure-established",
            "avg-hostile-hands",
            "avg-data-confidential",
        ]
    );
    assert_eq!(rules(r#", "protection": "none""#, Duty::NotifyControllers), ["avg-33-2-not-processor"]);
    let protected = rules(r#", "protection": "intact", "key_compromised": false"#, Duty::NotifyAuthority);
    assert!(protected.contains(&"avg-likelihood-protected".to_owned()), "{protected:?}");
}
