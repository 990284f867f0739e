//! Situations made at random, for the tests of what holds always. The generator is seeded: a failure repeats.

use facts::{COUNTRIES, Fact, Facts, Kind, Situation, Value};
use jiff::Timestamp;
use law::verdict::{Duty, Outcome, Verdict};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Any value of a fact; numbers on and around the places where rules may draw a line.
pub(crate) fn any_value(fact: Fact) -> BoxedStrategy<Value> {
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
pub(crate) fn likely_breach(facts: &mut Facts) {
    let sure = [
        (Fact::SecurityIncident, Value::Truth(true)),
        (Fact::PersonalData, Value::Truth(true)),
        (Fact::Role, Value::One("controller")),
    ];
    for (fact, value) in sure {
        facts.set(fact, value).expect("a valid value");
    }
}

pub(crate) fn at(moment: &str) -> Timestamp {
    moment.parse().expect("a moment")
}

pub(crate) fn situation(known: &[(Fact, Value)], keep: impl Fn(usize, Fact) -> bool) -> Situation {
    let mut situation = Situation { aware_at: Some(at("2026-11-02T09:00:00Z")), ..Situation::default() };
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

pub(crate) fn outcomes(verdict: &Verdict) -> [Outcome; 5] {
    Duty::ALL.map(|duty| verdict.duty(duty).outcome)
}

pub(crate) fn check<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, max_global_rejects: cases * 20, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(config, rng).run(&strategy, test).unwrap_or_else(|error| panic!("{error}"));
}

/// Which facts are known (a chance each), and whether it is made a breach.
pub(crate) fn with_known(chance: f64) -> impl Strategy<Value = (Vec<(Fact, Value)>, Vec<bool>, bool)> {
    (all_facts(), proptest::collection::vec(proptest::bool::weighted(chance), Fact::ALL.len()), any::<bool>())
}
