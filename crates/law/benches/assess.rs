//! How fast verdicts come: `make bench` runs this. Measured, never asserted: a busy machine is no failure.
//!
//! A verdict is measured whole, as people get it: outcomes, reasons, what-ifs and what is missing. `nothing_known` is the
//! heaviest for what is missing, `all_known` for the what-ifs.
#![expect(clippy::expect_used, reason = "a benchmark without its material cannot go on")]

use std::sync::LazyLock;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use facts::{Country, Fact, Situation};
use jiff::Timestamp;
use law::Packs;

fn main() {
    divan::main();
}

static PACKS: LazyLock<Packs> = LazyLock::new(|| Packs::builtin().expect("the built-in packs are sound"));

/// An intrusion at a care provider, answered in full, but for the views, which the rules derive.
const KNOWN: &[(&str, &[&str])] = &[
    ("security_incident", &["true"]),
    ("personal_data", &["true"]),
    ("household_use", &["false"]),
    ("journalistic_use", &["false"]),
    ("regime", &["avg"]),
    ("role", &["controller"]),
    ("confidentiality", &["likely"]),
    ("integrity", &["none"]),
    ("availability", &["temporary"]),
    ("incident_type", &["ransomware"]),
    ("cause", &["external_malicious"]),
    ("exfiltration", &["unlikely"]),
    ("recipient", &["malicious"]),
    ("recipient_count", &["1"]),
    ("deletion_confirmed", &["false"]),
    ("exposure_hours", &["30"]),
    ("systemic", &["false"]),
    ("data", &["name", "birth_date", "address", "contact", "national_id", "health"]),
    ("subjects_min", &["300"]),
    ("subjects_max", &["420"]),
    ("records", &["900"]),
    ("groups", &["patients", "employees"]),
    ("vulnerable", &["true"]),
    ("identification", &["maximum"]),
    ("protection", &["partial"]),
    ("protection_kind", &["encryption"]),
    ("remote_wipe", &["none"]),
    ("key_compromised", &["false"]),
    ("backup", &["complete"]),
    ("restore_hours", &["20"]),
    ("service_impact", &["minor"]),
    ("consequences", &["identity_fraud", "distress"]),
    ("risk_removed", &["false"]),
    ("disproportionate_effort", &["false"]),
    ("financial_undertaking", &["false"]),
    ("withholding_ground", &["none"]),
    ("countries", &["NL"]),
    ("establishments", &["NL"]),
    ("cbw_entity", &["important"]),
    ("trust_service", &["false"]),
    ("significant_incident", &["true"]),
];

fn now() -> Timestamp {
    "2026-11-02T09:00:00Z".parse().expect("a moment")
}

/// The situation with every `step`th fact known; none with 0.
fn known(step: usize) -> Situation {
    let mut situation =
        Situation { aware_at: Some(now()), jurisdiction: Country::from_code("NL"), ..Situation::default() };
    for (place, (key, words)) in KNOWN.iter().enumerate() {
        if step > 0 && place % step == 0 {
            let fact = Fact::from_key(key).expect("a fact");
            let value = fact.read(words).expect("a value of it");
            situation.facts.set(fact, value).expect("a value of it");
        }
    }
    situation
}

fn verdict(bencher: Bencher, step: usize) {
    let situation = known(step);
    let packs = &*PACKS;
    bencher
        .counter(ItemsCount::new(1_usize))
        .bench(|| packs.assess(black_box(&situation), now(), None).expect("a law in force"));
}

#[divan::bench(sample_count = 200)]
fn verdict_nothing_known(bencher: Bencher) {
    verdict(bencher, 0);
}

#[divan::bench(sample_count = 200)]
fn verdict_half_known(bencher: Bencher) {
    verdict(bencher, 2);
}

#[divan::bench(sample_count = 200)]
fn verdict_all_known_with_what_ifs(bencher: Bencher) {
    verdict(bencher, 1);
}

#[divan::bench]
fn enisa(bencher: Bencher) {
    let situation = known(1);
    bencher.bench(|| law::enisa::score(black_box(&situation.facts)));
}

#[divan::bench(sample_count = 10)]
fn packs_read_and_proved() -> Packs {
    Packs::builtin().expect("the built-in packs are sound")
}
