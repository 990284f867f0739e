//! The interview, walked by assessors who know a case in full, in part, or at random.

use std::collections::BTreeSet;
use std::path::Path;

use facts::{Class, Fact, Facts, Situation, Value};
use jiff::Timestamp;
use law::interview::{Ask, EMERGENCY, Field, Interview, Item, Road, Step, Together, bands};
use law::verdict::{Duty, Outcome, Verdict};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value as Json;

use crate::sampling::{all_facts, is_sound};
use crate::support::{packs, situation};

/// More questions than there are: an interview that asks so many never ends.
const ENDLESS: usize = 100;

fn now() -> Timestamp {
    Timestamp::from_second(1_793_600_000).expect("a moment")
}

fn assess(situation: &Situation) -> Verdict {
    packs().assess(situation, now(), None).expect("a pack is in force")
}

fn outcomes(verdict: &Verdict) -> [Outcome; 5] {
    Duty::ALL.map(|duty| verdict.duty(duty).outcome)
}

/// What came of an interview.
struct Walk {
    asked: Vec<Ask>,
    end: Situation,
    not_known_yet: BTreeSet<Fact>,
    verdict: Verdict,
}

impl Walk {
    fn keys(&self) -> Vec<&'static str> {
        self.asked.iter().map(|ask| ask.item.key()).collect()
    }
}

/// Walks a road from what is known at first, answering from `knows`; what stands there neither, nobody knows yet.
fn walk(road: Road, first: &Situation, knows: &Facts, settled: &[Field]) -> Walk {
    let mut end = first.clone();
    let mut settled: BTreeSet<Field> = settled.iter().copied().collect();
    let (mut asked, mut not_known_yet) = (Vec::new(), BTreeSet::new());
    loop {
        let verdict = assess(&end);
        let interview =
            Interview { road, verdict: &verdict, facts: &end.facts, not_known_yet: &not_known_yet, settled: &settled };
        let ask = match interview.step() {
            Step::Ask(ask) => ask,
            Step::Done(done) => {
                assert_eq!(done.hangs_on, interview.hangs_on());
                return Walk { asked, end, not_known_yet, verdict };
            }
        };
        assert!(asked.len() < ENDLESS, "the interview does not end: {:?}", ask.item);
        if road == Road::Whole {
            check_it_matters(&ask, &verdict);
        }
        match &ask.item {
            Item::Field(field) => {
                settled.insert(*field);
            }
            item => {
                for fact in item.facts() {
                    match knows.value(*fact) {
                        Some(value) => end.facts.set(*fact, value.clone()).expect("a valid value"),
                        None => {
                            not_known_yet.insert(*fact);
                        }
                    }
                }
            }
        }
        asked.push(ask);
    }
}

/// No question is asked that cannot turn an outcome. (The lowest number of persons is asked with the highest, in one answer.)
fn check_it_matters(ask: &Ask, verdict: &Verdict) {
    let missing = |fact: &Fact| verdict.missing.contains(fact);
    match &ask.item {
        Item::Field(field) => assert_eq!(*field, Field::AwareAt),
        Item::Together(Together::Persons) => assert!(missing(&Fact::SubjectsMax)),
        item => assert!(item.facts().iter().all(missing), "{item:?}"),
    }
    assert_eq!(ask.can_turn.is_empty(), matches!(ask.item, Item::Field(_)));
}

/// Every case of our own table.
fn cases() -> Vec<(String, Situation)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/cases"));
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the folder of cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file of cases");
        let file: Json = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for case in file["case"].as_array().expect("cases") {
            found.push((case["id"].as_str().expect("an id").to_owned(), situation(case.get("input").unwrap_or(case))));
        }
    }
    assert!(found.len() >= 50);
    found
}

/// Nothing known but the times, the place and the assessor's own views, which no question asks for.
fn nothing_known(case: &Situation) -> Situation {
    let views = case.facts.iter().filter(|(fact, _)| fact.class() == Class::View);
    let mut first = Situation { facts: Facts::new(), ..case.clone() };
    for (fact, value) in views {
        first.facts.set(fact, value.clone()).expect("a valid value");
    }
    first
}

/// What an organisation says of itself once: its role, and which acts apply to it.
fn with_profile(case: &Situation) -> Situation {
    let mut first = nothing_known(case);
    let usual = [
        (Fact::Role, Value::One("controller")),
        (Fact::CbwEntity, Value::One("none")),
        (Fact::TrustService, Value::Truth(false)),
        (Fact::FinancialUndertaking, Value::Truth(false)),
    ];
    for (fact, value) in usual {
        first.facts.set(fact, case.facts.value(fact).cloned().unwrap_or(value)).expect("a valid value");
    }
    first
}

fn median_and_most(mut counts: Vec<usize>) -> (usize, usize) {
    counts.sort_unstable();
    (counts[counts.len() / 2], *counts.last().expect("some"))
}

#[expect(clippy::print_stdout, reason = "the questions of every case, for who runs it with --nocapture")]
fn figures(from: impl Fn(&Situation) -> Situation) -> (usize, usize) {
    let mut counts = Vec::new();
    for (id, case) in cases() {
        let walked = walk(Road::Whole, &from(&case), &case.facts, &[Field::AwareAt]);
        let hanging: Vec<Fact> = walked.verdict.missing.clone();
        assert!(hanging.iter().all(|fact| walked.not_known_yet.contains(fact)), "{id}: {hanging:?} was never asked");
        // What was not asked cannot matter: the whole case gives no other outcome.
        let mut whole = walked.end.clone();
        for (fact, value) in case.facts.iter() {
            whole.facts.set(fact, value.clone()).expect("a valid value");
        }
        assert_eq!(outcomes(&walked.verdict), outcomes(&assess(&whole)), "{id}");
        check_it_shrinks(&id, &walked.asked);
        println!("{id}: {} ({})", walked.asked.len(), walked.keys().join(" "));
        counts.push(walked.asked.len());
    }
    median_and_most(counts)
}

/// Run with `--nocapture` for the questions of every case. A worse figure is a worse interview: look before raising one.
#[test]
fn the_number_of_questions_over_all_cases() {
    let (median, most) = figures(nothing_known);
    let (median_with_profile, most_with_profile) = figures(with_profile);
    println!("from nothing known: median {median}, most {most}");
    println!("with the organisation's profile: median {median_with_profile}, most {most_with_profile}");
    assert!(median <= 15 && median_with_profile <= 15);
    assert!(median_with_profile <= median && most_with_profile <= most);
}

fn check<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, max_global_rejects: cases * 40, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[11; 32]);
    TestRunner::new_with_rng(config, rng).run(&strategy, test).unwrap_or_else(|error| panic!("{error}"));
}

/// A case with everything that it does not say filled in, where that contradicts nothing.
fn completed(case: &Situation, others: &[(Fact, Value)]) -> Situation {
    let mut whole = case.clone();
    for (fact, value) in others.iter().filter(|(fact, _)| fact.class() != Class::View) {
        if !whole.facts.is_known(*fact) {
            whole.facts.set(*fact, value.clone()).expect("a valid value");
            if !is_sound(&whole) {
                whole.facts.forget(*fact);
            }
        }
    }
    whole
}

fn ends_with_nothing_missing(whole: &Situation) -> Result<(), TestCaseError> {
    let walked = walk(Road::Whole, &nothing_known(whole), &whole.facts, &[Field::AwareAt]);
    prop_assert_eq!(outcomes(&walked.verdict), outcomes(&assess(whole)), "{:?}", walked.keys());
    let unsaid = |fact: &Fact| !whole.facts.is_known(*fact);
    prop_assert!(walked.verdict.missing.iter().all(unsaid), "{:?}", walked.verdict.missing);
    prop_assert_eq!(&walked.not_known_yet.iter().copied().filter(|fact| !unsaid(fact)).collect::<Vec<_>>(), &vec![]);
    Ok(())
}

#[test]
fn an_answered_interview_has_nothing_missing_and_the_outcomes_of_all_the_facts() {
    let cases = cases();
    check(40, (0..cases.len(), all_facts()), |(place, others)| {
        ends_with_nothing_missing(&completed(&cases[place].1, &others))
    });
    check(40, all_facts(), |all| {
        let nothing = Situation { aware_at: Some(now()), ..Situation::default() };
        ends_with_nothing_missing(&completed(&nothing, &all))
    });
}

/// What can still come only shrinks, until an exception is established.
fn check_it_shrinks(id: &str, asked: &[Ask]) {
    let is_exception = |item: &Item| item.facts().iter().any(|fact| fact.class() == Class::Gate);
    for pair in asked.windows(2) {
        let [before, after] = pair else { continue };
        let shrinks = after.at_most_left < before.at_most_left;
        assert!(is_exception(&before.item) || shrinks, "{id}: {} then {}", before.item.key(), after.item.key());
    }
}

#[test]
fn a_processor_is_asked_nothing_about_risk() {
    let mut first = Situation { aware_at: Some(now()), ..Situation::default() };
    let mut knows = Facts::new();
    let said = [
        (Fact::Role, "processor"),
        (Fact::SecurityIncident, "true"),
        (Fact::PersonalData, "true"),
        (Fact::Confidentiality, "confirmed"),
        (Fact::CbwEntity, "none"),
    ];
    for (fact, word) in said {
        knows.set(fact, fact.read(&[word]).expect("a value")).expect("a valid value");
    }
    first.facts.set(Fact::Role, Value::One("processor")).expect("a valid value");
    let walked = walk(Road::Whole, &first, &knows, &[Field::AwareAt]);
    for asked in walked.asked.iter().flat_map(|ask| ask.item.facts()) {
        assert!(!matches!(asked, Fact::Identification | Fact::Consequences | Fact::SubjectsMax), "{}", asked.key());
    }
    assert_eq!(walked.verdict.notify_controllers.outcome, Outcome::Required);
}

#[test]
fn every_answer_can_be_asked_again() {
    let (_, case) = cases().swap_remove(0);
    let walked = walk(Road::Whole, &nothing_known(&case), &case.facts, &[]);
    let settled = BTreeSet::from([Field::AwareAt]);
    let interview = Interview {
        road: Road::Whole,
        verdict: &walked.verdict,
        facts: &walked.end.facts,
        not_known_yet: &walked.not_known_yet,
        settled: &settled,
    };
    let answered = interview.answered();
    let given: BTreeSet<Fact> = answered.iter().flat_map(|item| item.facts().to_vec()).collect();
    for ask in &walked.asked {
        assert!(ask.item.facts().iter().all(|fact| given.contains(fact)), "{}", ask.item.key());
    }
    assert_eq!(answered.first(), Some(&Item::Field(Field::AwareAt)));
}

#[test]
fn the_emergency_road_is_at_most_twelve_answers_to_a_report_or_to_none() {
    assert!(EMERGENCY.len() <= 12);
    let fills: Vec<_> = EMERGENCY.iter().flat_map(|stop| stop.fills).collect();
    assert_eq!(fills.len(), fills.iter().collect::<BTreeSet<_>>().len(), "no field of the form is filled twice");
    for (id, case) in cases() {
        let whole = assess(&case);
        let walked = walk(Road::Emergency, &nothing_known(&case), &case.facts, &[]);
        assert!(walked.asked.len() <= 12, "{id}: {:?}", walked.keys());
        let (early, late) = (walked.verdict.notify_authority.outcome, whole.notify_authority.outcome);
        // Fewer facts never say less than more do: what is to be reported is reported, for sure or as a precaution.
        let agrees = match early {
            Outcome::Undetermined => true,
            settled => settled == late || case.facts.iter().any(|(fact, _)| fact.class() == Class::Gate),
        };
        assert!(agrees, "{id}: {early:?} after twelve answers, {late:?} with all");
        if early != Outcome::NotRequired {
            let stops: Vec<_> = EMERGENCY.iter().map(|stop| stop.item.clone()).collect();
            let asked: Vec<_> = walked.asked.iter().map(|ask| ask.item.clone()).collect();
            assert_eq!(asked, stops, "{id}: every answer that the report needs");
        }
    }
}

#[test]
fn what_is_known_already_is_not_asked_on_the_emergency_road() {
    let (_, case) = cases().swap_remove(0);
    let walked = walk(Road::Emergency, &case, &case.facts, &[Field::AwareAt, Field::DetectedAt, Field::Description]);
    for ask in &walked.asked {
        assert!(ask.item.facts().iter().any(|fact| !case.facts.is_known(*fact)) || matches!(ask.item, Item::Field(_)));
    }
    assert!(walked.asked.len() < 9, "{:?}", walked.keys());
}

#[test]
fn a_band_of_persons_tells_rules_as_much_as_the_number() {
    let pack = packs().by_id("avg").expect("the pack");
    let bands = bands(pack);
    assert!(bands.len() >= 2);
    assert_eq!(bands[0].from, 1);
    assert_eq!(bands.last().expect("one").to, None);
    for pair in bands.windows(2) {
        assert_eq!(pair[0].to, Some(pair[1].from - 1), "no number is left out or in two bands");
    }
    for (id, case) in cases().into_iter().filter(|(_, case)| case.facts.is_known(Fact::SubjectsMax)) {
        let number = case.facts.whole(Fact::SubjectsMax).expect("a number").max(1);
        let band = bands.iter().find(|band| band.from <= number && band.to.is_none_or(|to| number <= to));
        let mut banded = case.clone();
        banded.facts.forget(Fact::SubjectsMin);
        banded.facts.forget(Fact::SubjectsMax);
        for (fact, value) in band.expect("every number lies in a band").answers() {
            banded.facts.set(fact, value).expect("a valid value");
        }
        let (verdict, exact) = (assess(&banded), assess(&case));
        assert_eq!(outcomes(&verdict), outcomes(&exact), "{id}");
        assert!(!verdict.missing.contains(&Fact::SubjectsMax), "{id}");
    }
}
