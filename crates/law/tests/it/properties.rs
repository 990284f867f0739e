//! What holds for every situation, tried on many made at random (the generator is seeded: a failure repeats).

use std::collections::BTreeSet;

use facts::{COUNTRIES, Class, Fact, Facts, Kind, Situation, Value};
use jiff::Timestamp;
use law::verdict::{Duty, Outcome, Risk, Verdict};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::support::assess;

/// Any value of a fact; numbers on and around the places where rules may draw a line.
fn any_value(fact: Fact) -> BoxedStrategy<Value> {
    let numbers = [0_u64, 1, 2, 23, 24, 25, 49, 50, 51, 99, 100, 719, 720, 999, 1000, 1001, 100_000];
    match fact.kind() {
        Kind::Truth => any::<bool>().prop_map(Value::Truth).boxed(),
        Kind::One(choices) => (0..choices.len()).prop_map(|place| Value::One(choices[place].key)).boxed(),
        Kind::Many(choices) => {
            let words: Vec<&'static str> = choices.iter().map(|choice| choice.key).collect();
            proptest::sample::subsequence(words, 0..=3)
                .prop_map(|words| Value::Many(words.into_iter().collect()))
                .boxed()
        }
        Kind::Countries => {
            let words = proptest::sample::subsequence(COUNTRIES.to_vec(), 0..=2);
            words.prop_map(|words| Value::Many(words.into_iter().collect())).boxed()
        }
        Kind::Whole => proptest::sample::select(numbers.to_vec()).prop_map(Value::Whole).boxed(),
        Kind::Number => proptest::sample::select(numbers.to_vec()).prop_map(|n| Value::Number(n as f64)).boxed(),
    }
}

/// Every fact, with a value each; from these a test takes what it needs.
pub(crate) fn all_facts() -> BoxedStrategy<Vec<(Fact, Value)>> {
    let each: Vec<BoxedStrategy<(Fact, Value)>> =
        Fact::ALL.iter().map(|fact| any_value(*fact).prop_map(|value| (*fact, value)).boxed()).collect();
    each.boxed()
}

/// As the first, but mostly a real breach: otherwise nearly every random situation stops at the first gate.
fn likely_breach(facts: &mut Facts) {
    let sure = [
        (Fact::SecurityIncident, Value::Truth(true)),
        (Fact::PersonalData, Value::Truth(true)),
        (Fact::Role, Value::One("controller")),
    ];
    for (fact, value) in sure {
        facts.set(fact, value).expect("a valid value");
    }
}

fn situation(known: &[(Fact, Value)], keep: impl Fn(usize, Fact) -> bool) -> Situation {
    let mut situation =
        Situation { aware_at: Some(Timestamp::from_second(1_793_600_000).expect("a moment")), ..Situation::default() };
    for (place, (fact, value)) in known.iter().enumerate() {
        if keep(place, *fact) {
            situation.facts.set(*fact, value.clone()).expect("a valid value");
        }
    }
    situation
}

pub(crate) fn is_sound(situation: &Situation) -> bool {
    situation.contradictions().is_empty()
}

fn outcomes(verdict: &Verdict) -> [Outcome; 5] {
    Duty::ALL.map(|duty| verdict.duty(duty).outcome)
}

fn check<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, max_global_rejects: cases * 20, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(config, rng).run(&strategy, test).unwrap_or_else(|error| panic!("{error}"));
}

/// Which facts are known (a chance each), and whether it is made a breach.
fn with_known(chance: f64) -> impl Strategy<Value = (Vec<(Fact, Value)>, Vec<bool>, bool)> {
    (all_facts(), proptest::collection::vec(proptest::bool::weighted(chance), Fact::ALL.len()), any::<bool>())
}

#[test]
fn every_outcome_has_a_cited_reason_on_known_facts() {
    check(250, with_known(0.6), |(all, known, breach)| {
        let mut situation = situation(&all, |place, _| known[place]);
        if breach {
            likely_breach(&mut situation.facts);
        }
        prop_assume!(is_sound(&situation));
        let verdict = assess(&situation);
        for duty in Duty::ALL {
            let outcome = verdict.duty(duty).outcome;
            prop_assert!(!verdict.duty(duty).basis.is_empty(), "{} rests on nothing", duty.key());
            let own = verdict.reasons.iter().filter(|reason| reason.duty == duty).collect::<Vec<_>>();
            prop_assert!(own.iter().any(|reason| reason.outcome == outcome), "{} has no reason", duty.key());
            for reason in own {
                prop_assert!(!reason.cites.is_empty() && !reason.text.nl.is_empty() && !reason.text.en.is_empty());
                for (fact, value) in &reason.because {
                    prop_assert_eq!(situation.facts.value(*fact), Some(value));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn more_knowledge_never_makes_an_outcome_less_determined_or_another() {
    check(200, with_known(0.5), |(all, known, breach)| {
        let mut less = situation(&all, |place, fact| known[place] && fact.class() == Class::Ordinary);
        let mut more = situation(&all, |_, fact| fact.class() == Class::Ordinary);
        if breach {
            likely_breach(&mut less.facts);
            likely_breach(&mut more.facts);
        }
        prop_assume!(is_sound(&less) && is_sound(&more));
        let (less, more) = (assess(&less), assess(&more));
        for (duty, (before, after)) in Duty::ALL.into_iter().zip(outcomes(&less).into_iter().zip(outcomes(&more))) {
            if before != Outcome::Undetermined {
                prop_assert_eq!(before, after, "{}", duty.key());
            }
        }
        Ok(())
    });
}

#[test]
fn what_is_undetermined_has_two_completions_that_differ_and_they_differ_in_a_missing_fact() {
    check(60, with_known(0.75), |(all, known, _)| {
        let mut partly = situation(&all, |place, fact| known[place] && fact.class() == Class::Ordinary);
        likely_breach(&mut partly.facts);
        prop_assume!(is_sound(&partly));
        let verdict = assess(&partly);
        let ordinary = |fact: &&Fact| fact.class() == Class::Ordinary;
        let missing: Vec<Fact> = verdict.missing.iter().filter(ordinary).copied().collect();
        prop_assert!(missing.iter().all(|fact| !partly.facts.is_known(*fact)));
        let is_open = outcomes(&verdict).contains(&Outcome::Undetermined);
        prop_assert!(!is_open || !missing.is_empty());
        // Filling in what is not missing changes nothing.
        let mut filled = partly.clone();
        for (fact, value) in &all {
            if !filled.facts.is_known(*fact) && fact.class() == Class::Ordinary && !missing.contains(fact) {
                filled.facts.set(*fact, value.clone()).expect("a valid value");
            }
        }
        prop_assume!(is_sound(&filled));
        let after = assess(&filled);
        prop_assert_eq!(outcomes(&verdict), outcomes(&after));
        Ok(())
    });
}

#[test]
fn with_everything_known_nothing_is_missing_or_undetermined() {
    check(200, all_facts(), |all| {
        let whole = situation(&all, |_, fact| fact.class() != Class::View);
        prop_assume!(is_sound(&whole));
        let verdict = assess(&whole);
        prop_assert_eq!(&verdict.missing, &Vec::new());
        prop_assert!(!outcomes(&verdict).contains(&Outcome::Undetermined));
        prop_assert!(verdict.risk != Some(Risk::Undetermined));
        Ok(())
    });
}

#[test]
fn a_decisive_fact_turns_the_outcomes_it_says() {
    check(60, with_known(0.9), |(all, known, _)| {
        let mut partly = situation(&all, |place, _| known[place]);
        likely_breach(&mut partly.facts);
        prop_assume!(is_sound(&partly));
        let verdict = assess(&partly);
        for decisive in &verdict.decisive {
            let mut other = partly.clone();
            other.facts.set(decisive.fact, decisive.other.clone()).expect("a valid value");
            let turned = assess(&other);
            for (duty, outcome) in &decisive.then {
                prop_assert_eq!(turned.duty(*duty).outcome, *outcome);
                prop_assert!(verdict.duty(*duty).outcome != *outcome);
            }
        }
        Ok(())
    });
}

#[test]
fn an_unknown_gate_lifts_nothing_and_is_missing_only_last() {
    check(150, with_known(0.8), |(all, known, _)| {
        let mut open = situation(&all, |place, fact| known[place] && fact.class() != Class::Gate);
        likely_breach(&mut open.facts);
        prop_assume!(is_sound(&open));
        let verdict = assess(&open);
        let mut closed = open.clone();
        for gate in Fact::ALL.iter().filter(|fact| fact.class() == Class::Gate) {
            let nothing = match gate.kind() {
                Kind::One(choices) => Value::One(choices[0].key),
                _ => Value::Truth(false),
            };
            closed.facts.set(*gate, nothing).expect("a valid value");
        }
        let with_gates_closed = assess(&closed);
        prop_assert_eq!(outcomes(&verdict), outcomes(&with_gates_closed));
        prop_assert!(with_gates_closed.missing.iter().all(|fact| fact.class() == Class::Ordinary));
        let first_gate =
            verdict.missing.iter().position(|fact| fact.class() == Class::Gate).unwrap_or(verdict.missing.len());
        prop_assert!(verdict.missing[first_gate..].iter().all(|fact| fact.class() == Class::Gate));
        prop_assert!(verdict.missing.iter().all(|fact| fact.class() != Class::View));
        Ok(())
    });
}

/// Where the law is monotone, so are we: each of these steps can only lift duties.
#[test]
fn less_harm_never_makes_a_duty_appear() {
    check(100, with_known(1.0), |(all, _, gates)| {
        let mut worse =
            situation(&all, |_, fact| fact.class() == Class::Ordinary || gates && fact.class() == Class::Gate);
        likely_breach(&mut worse.facts);
        prop_assume!(is_sound(&worse));
        let steps: Vec<Vec<(Fact, Value)>> = vec![
            vec![(Fact::Protection, Value::One("intact")), (Fact::KeyCompromised, Value::Truth(false))],
            vec![(Fact::DeletionConfirmed, Value::Truth(true))],
            vec![(Fact::SubjectsMin, Value::Whole(0)), (Fact::SubjectsMax, Value::Whole(1))],
            vec![(Fact::Vulnerable, Value::Truth(false))],
            vec![(Fact::Backup, Value::One("complete"))],
            vec![(Fact::ServiceImpact, Value::One("none"))],
            vec![(Fact::Identification, Value::One("negligible"))],
            vec![(Fact::RiskRemoved, Value::Truth(true))],
            vec![(Fact::FinancialUndertaking, Value::Truth(true))],
        ];
        let before = assess(&worse);
        for step in steps {
            let mut better = worse.clone();
            for (fact, value) in step.clone() {
                better.facts.set(fact, value).expect("a valid value");
            }
            if !is_sound(&better) {
                continue;
            }
            let after = assess(&better);
            for duty in [Duty::Document, Duty::NotifyAuthority, Duty::InformSubjects] {
                let appeared =
                    before.duty(duty).outcome == Outcome::NotRequired && after.duty(duty).outcome == Outcome::Required;
                prop_assert!(!appeared, "{} appears by {step:?}", duty.key());
            }
        }
        Ok(())
    });
}

#[test]
fn any_set_of_facts_is_assessed_and_twice_the_same() {
    check(100, with_known(0.3), |(all, known, _)| {
        let situation = situation(&all, |place, _| known[place]);
        let verdict = assess(&situation);
        prop_assert_eq!(&verdict, &assess(&situation));
        let unique: BTreeSet<_> = verdict.missing.iter().collect();
        prop_assert_eq!(unique.len(), verdict.missing.len());
        Ok(())
    });
}
