//! Cases with known answers: the shared corpus where it is at hand, and our own table with a lawyer's line to each.

use std::collections::BTreeSet;
use std::path::Path;

use law::verdict::{Duty, Outcome};
use serde_json::Value as Json;

use crate::support::{assess, situation};

/// Every case that does not come out as expected, in words.
fn wrong(case: &Json) -> Vec<String> {
    let id = case["id"].as_str().unwrap_or("?");
    let input = case.get("input").unwrap_or(case);
    let verdict = assess(&situation(input));
    let mut wrong = Vec::new();
    for duty in Duty::ALL {
        let Some(expected) = case["expect"].get(duty.key()) else { continue };
        let allowed: Vec<&str> = match expected {
            Json::Array(several) => several.iter().filter_map(Json::as_str).collect(),
            one => one.as_str().into_iter().collect(),
        };
        let found = verdict.duty(duty).outcome.key();
        if !allowed.contains(&found) {
            let missing: Vec<_> = verdict.missing.iter().map(|fact| fact.key()).collect();
            wrong.push(format!(
                "{id}: {} is {found}, expected {allowed:?} (risk {:?}, missing {missing:?})",
                duty.key(),
                verdict.risk
            ));
        }
    }
    wrong.extend(
        verdict
            .reasons
            .iter()
            .filter(|reason| reason.cites.is_empty())
            .map(|reason| format!("{id}: {} cites nothing", reason.rule)),
    );
    for duty in Duty::ALL {
        let outcome = verdict.duty(duty).outcome;
        if !verdict.reasons.iter().any(|reason| reason.duty == duty && reason.outcome == outcome) {
            wrong.push(format!("{id}: {} has no reason", duty.key()));
        }
    }
    wrong
}

#[test]
fn the_shared_corpus_comes_out_right() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/law/cases.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: the shared corpus is not at hand");
        return;
    };
    let cases: Vec<Json> = serde_json::from_str(&text).expect("the corpus is JSON");
    assert!(!cases.is_empty());
    let wrong: Vec<_> = cases.iter().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The cases of our own table, over all its files.
fn own_cases() -> Vec<Json> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/cases"));
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of cases") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a file of cases");
        let file: Json = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        cases.extend(file["case"].as_array().expect("cases").clone());
    }
    cases
}

fn assert_told(case: &Json) {
    for key in ["id", "why"] {
        assert!(case[key].as_str().is_some_and(|text| !text.is_empty()), "a case without {key}: {case}");
    }
}

#[test]
fn our_own_cases_come_out_right() {
    let cases = own_cases();
    cases.iter().for_each(assert_told);
    let ids: BTreeSet<_> = cases.iter().map(|case| case["id"].as_str()).collect();
    assert_eq!(ids.len(), cases.len(), "two cases of one name");
    assert!(cases.len() >= 190, "only {} cases were found", cases.len());
    let wrong: Vec<_> = cases.iter().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same situations as another assessor would put them, or one step aside.
#[test]
fn variants_of_a_case_come_out_as_they_should() {
    let file: Json = toml::from_str(include_str!("cases/variants.toml")).expect("variants");
    let cases = own_cases();
    let mut all_wrong = Vec::new();
    for variant in file["variant"].as_array().expect("variants") {
        assert_told(variant);
        let like = cases.iter().find(|case| case["id"] == variant["like"]);
        let mut case = like.unwrap_or_else(|| panic!("no case {}", variant["like"])).clone();
        for part in ["id", "expect"] {
            if let Some(own) = variant.get(part) {
                case[part] = own.clone();
            }
        }
        let facts = case["facts"].as_object_mut().expect("facts");
        for (key, value) in variant.get("with").and_then(Json::as_object).into_iter().flatten() {
            facts.insert(key.clone(), value.clone());
        }
        for key in variant.get("without").and_then(Json::as_array).into_iter().flatten() {
            assert!(facts.remove(key.as_str().expect("a key")).is_some(), "{}: {key} is not there", variant["id"]);
        }
        all_wrong.extend(wrong(&case));
    }
    assert!(all_wrong.is_empty(), "{}", all_wrong.join("\n"));
}

/// Each outcome that a duty can have comes out of some case: no case, no claim to it.
#[test]
fn every_outcome_of_the_table_occurs() {
    let found: BTreeSet<(Duty, Outcome)> = own_cases()
        .iter()
        .flat_map(|case| {
            let verdict = assess(&situation(case.get("input").unwrap_or(case)));
            Duty::ALL.map(|duty| (duty, verdict.duty(duty).outcome))
        })
        .collect();
    let wanted: BTreeSet<(Duty, Outcome)> = Duty::ALL
        .into_iter()
        .flat_map(|duty| {
            [Outcome::Required, Outcome::NotRequired, Outcome::Undetermined].map(|outcome| (duty, outcome))
        })
        .collect();
    assert_eq!(wanted.difference(&found).collect::<Vec<_>>(), Vec::<&(Duty, Outcome)>::new());
}
