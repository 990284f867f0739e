//! The Cyberbeveiligingswet beside the AVG.

use facts::{Country, Fact, Situation};
use jiff::Timestamp;
use law::verdict::{CsirtStepKind, Duty, LawStatus, Outcome, Verdict};

use crate::support::{assess, facts, packs};

const AWARE: &str = "2026-11-02T09:00:00+01:00";

/// A situation of these facts about the Cbw alone.
fn entity(more: &str) -> Situation {
    facts(&format!("{{{more}}}"))
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn steps(verdict: &Verdict) -> Vec<(&'static str, Option<Timestamp>, Option<&'static str>)> {
    verdict.csirt_steps.iter().map(|step| (step.what.key(), step.target, step.after.map(CsirtStepKind::key))).collect()
}

#[test]
fn the_duty_follows_from_entity_significance_and_incident_and_is_open_only_where_completions_differ() {
    let entities = [None, Some("none"), Some("important"), Some("essential")];
    let truths = [None, Some(false), Some(true)];
    for entity_kind in entities {
        for significant in truths {
            for incident in truths {
                for trust in truths {
                    let mut parts = Vec::new();
                    parts.extend(entity_kind.map(|kind| format!(r#""cbw_entity": "{kind}""#)));
                    parts.extend(significant.map(|truth| format!(r#""significant_incident": {truth}"#)));
                    parts.extend(incident.map(|truth| format!(r#""security_incident": {truth}"#)));
                    parts.extend(trust.map(|truth| format!(r#""trust_service": {truth}"#)));
                    let verdict = assess(&entity(&parts.join(", ")));
                    let is_lifted =
                        entity_kind == Some("none") || significant == Some(false) || incident == Some(false);
                    let is_open = entity_kind.is_none() || significant.is_none() || incident.is_none();
                    let expected = match (is_lifted, is_open) {
                        (true, _) => Outcome::NotRequired,
                        (false, true) => Outcome::Undetermined,
                        (false, false) => Outcome::Required,
                    };
                    assert_eq!(verdict.notify_csirt.outcome, expected, "{parts:?}");
                    assert_eq!(verdict.csirt_steps.is_empty(), expected != Outcome::Required, "{parts:?}");
                    let why = verdict.reasons.iter().find(|reason| reason.duty == Duty::NotifyCsirt).expect("a reason");
                    assert!(why.rule.starts_with("cbw-") && why.outcome == expected, "{parts:?}: {}", why.rule);
                    let missing = verdict.missing_for.iter().find(|(duty, _)| *duty == Duty::NotifyCsirt);
                    assert_eq!(missing.is_some_and(|(_, facts)| facts.is_empty()), expected != Outcome::Undetermined);
                }
            }
        }
    }
}

#[test]
fn the_steps_have_their_own_terms_and_a_trust_service_its_shorter_one() {
    let required = r#""cbw_entity": "important", "significant_incident": true, "security_incident": true"#;
    let day_later = Some(at("2026-11-03T09:00:00+01:00"));
    let three_days_later = Some(at("2026-11-05T09:00:00+01:00"));
    let table = [
        (", \"trust_service\": false", three_days_later),
        // The general term stands until somebody says that a trust service was hit; the advice asks it.
        ("", three_days_later),
        (", \"trust_service\": true", day_later),
    ];
    for (more, notification) in table {
        let verdict = assess(&entity(&format!("{required}{more}")));
        let expected = [
            ("early_warning", day_later, None),
            ("notification", notification, None),
            ("final_report", None, Some("notification")),
        ];
        assert_eq!(steps(&verdict), expected, "{more}");
        let asks =
            verdict.advice.iter().any(|advice| advice.text.nl.starts_with("Is een vertrouwensdienst van u geraakt"));
        assert_eq!(asks, more.is_empty(), "{more}");
    }
}

#[test]
fn hours_are_exact_over_the_clock_change_and_without_a_moment_there_is_no_target() {
    let mut situation = entity(
        r#""cbw_entity": "essential", "significant_incident": true, "security_incident": true, "trust_service": false"#,
    );
    situation.aware_at = Some(at("2026-10-24T12:30:00+02:00"));
    let verdict = assess(&situation);
    assert_eq!(steps(&verdict)[0].1, Some(at("2026-10-25T11:30:00+01:00")));
    assert_eq!(steps(&verdict)[1].1, Some(at("2026-10-27T11:30:00+01:00")));
    situation.aware_at = None;
    situation.detected_at = None;
    let verdict = assess(&situation);
    assert_eq!(steps(&verdict).iter().filter_map(|(_, target, _)| *target).count(), 0);
    assert_eq!(verdict.csirt_steps.len(), 3);
}

#[test]
fn the_duty_stands_apart_from_personal_data_role_and_regime() {
    let required = r#""cbw_entity": "important", "significant_incident": true, "security_incident": true"#;
    for more in [r#""personal_data": false"#, r#""role": "processor""#, r#""regime": "tw""#, r#""household_use": true"#]
    {
        let verdict = assess(&entity(&format!("{required}, {more}")));
        assert_eq!(verdict.notify_csirt.outcome, Outcome::Required, "{more}");
        assert!(verdict.notify_csirt.basis.contains(&"Cbw art. 26".to_owned()));
    }
    let processor = assess(&entity(&format!(r#"{required}, "role": "processor""#)));
    assert!(processor.advice.iter().any(|advice| advice.text.nl.starts_with("Dit is een eigen plicht")));
}

#[test]
fn the_contents_of_each_step_are_told_with_their_articles_once_required() {
    let told = |more: &str| -> Vec<String> {
        let verdict = assess(&entity(more));
        verdict.advice.into_iter().flat_map(|advice| advice.cites).filter(|cite| cite.starts_with("Cbw")).collect()
    };
    let required = told(r#""cbw_entity": "essential", "significant_incident": true, "security_incident": true"#);
    for cite in ["Cbw art. 26(2)", "Cbw art. 27(1)", "Cbw art. 29(1)"] {
        assert!(required.contains(&cite.to_owned()), "{cite}: {required:?}");
    }
    assert!(told(r#""cbw_entity": "none""#).is_empty());
    // While it is open: find out, and in doubt warn.
    assert!(told("").contains(&"Cbw art. 26(1)".to_owned()));
}

#[test]
fn before_its_first_day_it_is_not_required_and_says_so() {
    let required = r#""cbw_entity": "important", "significant_incident": true, "security_incident": true"#;
    let table = [
        ("2026-08-14T23:59:59+02:00", Outcome::NotRequired, "cbw-before"),
        ("2026-08-15T00:00:00+02:00", Outcome::Required, "cbw-26"),
        (AWARE, Outcome::Required, "cbw-26"),
    ];
    for (aware, outcome, rule) in table {
        let situation = Situation { aware_at: Some(at(aware)), ..entity(required) };
        let verdict = assess(&situation);
        assert_eq!(verdict.notify_csirt.outcome, outcome, "{aware}");
        assert!(!verdict.notify_csirt.basis.is_empty());
        assert!(
            verdict.reasons.iter().any(|reason| reason.rule == rule && reason.duty == Duty::NotifyCsirt),
            "{aware}"
        );
        assert_eq!((verdict.law.id.as_str(), verdict.law.status), ("avg", LawStatus::InForce));
    }
    // Unknown facts cannot turn what was not law.
    let early = Situation { aware_at: Some(at("2026-08-14T12:00:00+02:00")), ..facts("{}") };
    assert!(!assess(&early).missing.contains(&Fact::CbwEntity));
}

#[test]
fn one_change_of_a_fact_turns_the_duties_of_both_packs() {
    let verdict = assess(&facts(
        r#"{"security_incident": true, "personal_data": true, "role": "controller", "confidentiality": "confirmed",
            "incident_type": "hacking", "cause": "external_malicious", "exfiltration": "confirmed", "recipient": "malicious",
            "data": ["name", "national_id"], "subjects_max": 80, "vulnerable": false, "protection": "none",
            "cbw_entity": "important", "significant_incident": true}"#,
    ));
    let incident = verdict.decisive.iter().find(|decisive| decisive.fact == Fact::SecurityIncident).expect("decisive");
    let turned: Vec<_> = incident.then.iter().map(|(duty, _)| *duty).collect();
    assert!(turned.contains(&Duty::NotifyAuthority) && turned.contains(&Duty::NotifyCsirt), "{turned:?}");
}

#[test]
fn it_runs_beside_and_judges_nothing_itself() {
    let refused = packs().assess(&facts("{}"), at(AWARE), Some("cbw")).expect_err("it does not judge").to_string();
    assert!(refused.contains("`cbw`") && refused.contains("avg"), "{refused}");
    let cbw = packs().by_id("cbw").expect("there");
    assert!(cbw.is_beside());
    assert_eq!(cbw.duties().collect::<Vec<_>>(), [Duty::NotifyCsirt]);
    // Alone, the AVG's pack does not guess.
    let alone = law::assess(crate::support::avg(), &facts(r#"{"cbw_entity": "none"}"#));
    assert_eq!(alone.notify_csirt.outcome, Outcome::Undetermined);
    assert!(alone.reasons.iter().any(|reason| reason.rule == "avg-cbw-elsewhere" && !reason.cites.is_empty()));
}

#[test]
fn questions_help_to_tell_whether_it_is_significant_and_whether_the_act_applies() {
    let cbw = packs().by_id("cbw").expect("there");
    let significant: Vec<_> = cbw.aids_for(Fact::SignificantIncident).collect();
    assert!(significant.iter().all(|aid| aid.gives == Some(facts::Value::Truth(true))));
    let cites: Vec<_> = significant.iter().flat_map(|aid| aid.cites.iter().map(String::as_str)).collect();
    for article in ["Cbw art. 25(2)(a)", "Cbw art. 25(2)(b)"] {
        assert!(cites.contains(&article), "{article}");
    }
    let of_regulation =
        |part: &str| cites.iter().filter(|cite| cite.contains("2024/2690") && cite.ends_with(part)).count();
    assert_eq!((of_regulation("art. 4"), of_regulation("art. 10")), (1, 4));
    assert_eq!(cites.iter().filter(|cite| cite.contains("2024/2690 art. 3(1)")).count(), 5);
    assert!(significant.iter().any(|aid| aid.text.nl.contains("30 minuten") && aid.whom.is_some()));
    let size: Vec<_> = cbw.aids_for(Fact::CbwEntity).map(|aid| aid.text.nl.as_ref()).collect();
    for word in ["50 mensen", "10 miljoen", "DNS", "verbonden ondernemingen"] {
        assert!(size.iter().any(|text| text.contains(word)), "{word}");
    }
    assert_eq!(crate::support::avg().aids_for(Fact::WithholdingGround).count(), 8);
}

#[test]
fn with_a_seat_elsewhere_the_dutch_act_asks_nothing_and_the_reason_says_where_to_look() {
    let required = r#""cbw_entity": "essential", "significant_incident": true, "security_incident": true"#;
    for country in ["DE", "US"] {
        let mut situation = entity(required);
        situation.jurisdiction = Country::from_code(country);
        let verdict = assess(&situation);
        assert_eq!(verdict.notify_csirt.outcome, Outcome::NotRequired, "{country}");
        assert!(verdict.csirt_steps.is_empty(), "{country}");
        let own: Vec<_> = verdict.reasons.iter().filter(|reason| reason.duty == Duty::NotifyCsirt).collect();
        assert_eq!(own.first().map(|reason| reason.rule.as_str()), Some("cbw-26-elsewhere"), "{country}");
        assert!(own.iter().flat_map(|reason| &reason.cites).all(|cite| !cite.starts_with("Cbw")), "{country}");
        let says = |start: &str| verdict.advice.iter().any(|advice| advice.text.nl.starts_with(start));
        assert!(says("Uw hoofdvestiging staat niet in Nederland. Meld naar het recht van dat land"), "{country}");
        assert!(!says("Meld via MijnNCSC") && !says("Zoek eerst uit"), "{country}");
    }
    // Establishments abroad alone say nothing of the main one.
    let abroad = entity(&format!(r#"{required}, "establishments": ["DE", "BE"]"#));
    let unsaid = Situation { jurisdiction: None, ..abroad };
    assert_eq!(assess(&unsaid).notify_csirt.outcome, Outcome::Required);
}
