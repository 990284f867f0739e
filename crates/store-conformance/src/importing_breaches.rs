//! Whether a row that was taken over is a breach: by what was found of it, never by what the law of its time asked.

use std::collections::BTreeMap;

use app::import::{ImportFile, Mapping};
use facts::{Fact, Facts, Truth};
use incident::RetentionKind;
use law::verdict::{Duty, Outcome};

use crate::bench::{Bench, NOW};

const REGISTER: &str = "Nr;Omschrijving;Datum ontdekking;Gemeld aan AP\n\
    1;Van voor de Wbp;1-5-2015;nee\n\
    2;Onder de drempel van de Wbp;1-5-2017;nee\n\
    3;Van nu;1-5-2026;nee\n\
    4;Alleen een zwakke plek;2-5-2026;nee\n";

/// Under Wbp art. 34a(8) only what was above its threshold had to be recorded, and before it nothing had to be: such rows
/// once stood as no breach, and were kept for the term of a false alarm.
pub async fn a_breach_of_which_nothing_was_asked_stands_and_is_kept_as_one(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let table = sheets::read(REGISTER.as_bytes(), None).unwrap();
    let file = ImportFile { name: "oud.csv", sha256: "ab", table: &table };
    bench.app.import(&scope, file, &Mapping::guess(&table), NOW).await.unwrap();
    let found = [
        ("security_incident", "true"),
        ("personal_data", "true"),
        ("confidentiality", "confirmed"),
        ("recipient", "trusted"),
        ("severity", "negligible"),
        ("integrity", "none"),
        ("availability", "none"),
        ("data", "name"),
        ("subjects_max", "3"),
    ];
    for number in 1..=4 {
        let mut facts = Facts::new();
        for (key, word) in if number == 4 { &[("security_incident", "false")][..] } else { &found[..] } {
            let fact = Fact::from_key(key).unwrap();
            facts.set(fact, fact.read(&[*word]).unwrap()).unwrap();
        }
        let changes: BTreeMap<_, _> = facts.iter().map(|(fact, value)| (fact, Some(value.clone()))).collect();
        bench.app.record_facts(&scope, number, None, changes, None, NOW).await.unwrap();
    }
    let lines = bench.app.register(&scope).await.unwrap();
    let mut told: Vec<_> =
        lines.iter().map(|line| (line.row.number, line.extract.breach, line.row.keeping.kind)).collect();
    told.sort_by_key(|(number, ..)| *number);
    let expected = [
        (1, Some(Truth::Unknown), RetentionKind::NotNotified),
        (2, Some(Truth::True), RetentionKind::NotNotified),
        (3, Some(Truth::True), RetentionKind::NotNotified),
        (4, Some(Truth::False), RetentionKind::NoBreach),
    ];
    assert_eq!(told, expected);
    // The same from the journal alone, where only the verdict's own words say it.
    bench.app.rebuild(&scope).await.unwrap();
    assert_eq!(bench.app.register(&scope).await.unwrap(), lines);
    for (number, _, kind) in expected {
        let incident = bench.app.incident(&scope, number).await.unwrap();
        assert_eq!(incident.retention_kind(), kind);
        // What the column was once taken from.
        let document = incident.assessment.as_ref().unwrap().1.outcomes[&Duty::Document];
        assert_eq!(document == Outcome::NotRequired, number != 3, "{number}: {document:?}");
    }
}
