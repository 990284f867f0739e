//! The lists that are read from: whole, in order, and the same when made again from the journal.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use app::lists::{Filter, Start};
use app::{IncidentRow, Listing, RegisterLine, Report, Scope, StoreError, StoredDetection};
use facts::{Fact, Value};
use incident::{Order, Phase, ToldThere, Urgency, Waiting};
use law::verdict::{Duty, Outcome};

use crate::bench::{Bench, NOW, further, line, opening};

pub async fn every_field_of_a_line_comes_back(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let full = IncidentRow {
        title: "Regel één\nen \"twee\"".to_owned(),
        opened_at: NOW - SignedDuration::from_hours(1),
        urgency: Some(Urgency::Critical),
        phase: Phase::Closed,
        clock_start: Some(NOW - SignedDuration::from_hours(2)),
        is_provisional: false,
        waits_for: Some(Waiting::Report),
        notify_authority: Some(Outcome::Required),
        inform_subjects: Some(Outcome::NotRequired),
        is_notify_decided: Some(false),
        authority_notified_at: Some(NOW - SignedDuration::from_micros(1)),
        told_there: Some(ToldThere::Unsaid),
        number_there: Some("2019-01".to_owned()),
        closed_at: Some(NOW),
        ..line(bench.new_incident(), 1, 1)
    };
    let urgencies = [None, Some(Urgency::Low), Some(Urgency::Medium), Some(Urgency::High)];
    let phases = [Phase::Investigating, Phase::AwaitingDecision, Phase::Acting, Phase::Done];
    let mut rows = vec![full];
    for (number, (urgency, phase)) in (2..).zip(urgencies.into_iter().zip(phases)) {
        let notify_authority = urgency.map(|_| Outcome::Undetermined);
        rows.push(IncidentRow { urgency, phase, notify_authority, ..line(bench.new_incident(), number, 1) });
    }
    for row in &rows {
        let append = app::Append { row: row.clone(), ..opening(row.id, row.number, 1) };
        bench.append(&scope, append).await.unwrap();
        assert_eq!(&bench.store.incident_by_number(&scope, row.number).await.unwrap(), row);
    }
    // And over the line that stood there.
    let changed = IncidentRow { id: rows[1].id, number: rows[1].number, entries: 2, ..rows[0].clone() };
    let append = app::Append { row: changed.clone(), ..further(changed.id, changed.number, 1, 1) };
    bench.append(&scope, append).await.unwrap();
    assert_eq!(bench.store.incident_by_number(&scope, changed.number).await.unwrap(), changed);
}

pub async fn incidents_are_listed_newest_first(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    for (number, hours) in [(1, 0), (2, 5), (3, 5), (4, 2)] {
        let mut append = opening(bench.new_incident(), number, 1);
        append.row.opened_at = NOW + SignedDuration::from_hours(hours);
        bench.append(&scope, append).await.unwrap();
    }
    let numbers: Vec<_> = bench.store.incidents(&scope).await.unwrap().iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 2, 4, 1]);
}

pub async fn numbers_count_up_per_organisation(bench: Bench) {
    let (zorg, school) = (bench.organisation("zorg").await, bench.organisation("school").await);
    assert_eq!(bench.store.next_number(&zorg).await.unwrap(), 1);
    bench.open(&zorg, 1, 1).await;
    bench.open(&zorg, 7, 1).await;
    assert_eq!(bench.store.next_number(&zorg).await.unwrap(), 8);
    assert_eq!(bench.store.next_number(&school).await.unwrap(), 1);
    bench.open(&school, 1, 1).await;
    assert!(matches!(bench.store.incident_by_number(&zorg, u64::MAX).await, Err(StoreError::NotFound)));
}

pub async fn a_rebuilt_projection_equals_the_live_one(bench: Bench) {
    let bench = bench.with_law();
    let (app, store) = (&bench.app, &bench.store);
    let scope = bench.organisation("zorg").await;
    let report = |what: &str| Report { what: what.to_owned(), ..Report::default() };
    // Clocks tick finer than a journal does; that must not make a difference.
    let now = NOW + SignedDuration::from_nanos(789);
    for what in ["Laptop gestolen", "Mail naar de verkeerde", "Inlog van een vreemde"] {
        app.report(&scope, report(what), now).await.unwrap();
    }
    let changes = BTreeMap::from([(Fact::SubjectsMin, Some(Value::Whole(40)))]);
    app.record_facts(&scope, 1, None, changes, None, now).await.unwrap();
    let aware = now - SignedDuration::from_hours(3);
    app.set_awareness(&scope, 1, None, aware, false, "De melder zei het".to_owned(), now).await.unwrap();
    app.note(&scope, 2, "Gebeld".to_owned(), now).await.unwrap();
    let seen = store.incident_by_number(&scope, 2).await.unwrap().entries;
    let duties = [Duty::NotifyAuthority, Duty::InformSubjects, Duty::NotifyControllers].map(|duty| (duty, false));
    let motivation = "Geen risico: versleuteld".to_owned();
    let order = Order { duties: duties.into(), motivation, ..Order::default() };
    app.decide(&scope, 2, seen, order, now).await.unwrap();

    let live = store.incidents(&scope).await.unwrap();
    let journal = store.entries(&scope).await.unwrap();
    let (pages, found) = (lists(&bench, &scope).await, found(&bench, &scope, "laptop").await);
    assert_eq!(found, [1]);
    // Everything wrong that can be: titles, numbers that others have, words, a line of no incident.
    let mut wrong = live.clone();
    let numbers: Vec<_> = wrong.iter().map(|row| row.number).collect();
    let listing = Listing { words: ["vergeten".to_owned()].into(), ..Listing::default() };
    for (row, number) in wrong.iter_mut().zip(numbers.into_iter().map(|number| number + 100)) {
        (row.title, row.number, row.phase) = ("Vergeten".to_owned(), number, Phase::Done);
    }
    let lines = wrong.iter().map(|row| (row.clone(), listing.clone())).collect();
    store.rewrite(&scope, lines).await.unwrap();
    let stray = (line(bench.new_incident(), 999, 0), listing.clone());
    store.rewrite(&scope, vec![stray]).await.unwrap();
    assert_eq!(self::found(&bench, &scope, "laptop").await, [0; 0]);
    assert_eq!(self::found(&bench, &scope, "vergeten").await.len(), 4);
    assert_ne!(lists(&bench, &scope).await, pages);

    let rebuilt = app.rebuild(&scope).await.unwrap();
    assert_eq!((rebuilt.incidents, rebuilt.entries, rebuilt.strays), (3, journal.len() as u64, 1));
    assert_eq!(lists(&bench, &scope).await, pages);
    assert_eq!(self::found(&bench, &scope, "vergeten").await, [0; 0]);
    assert_eq!(self::found(&bench, &scope, "laptop").await, found);
    assert_eq!(store.incidents(&scope).await.unwrap(), live);
    assert_eq!(store.entries(&scope).await.unwrap(), journal, "the journal is not touched");
}

pub async fn a_line_that_misses_entries_is_a_conflict(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let incident = bench.open(&scope, 1, 2).await;
    let old = bench.store.incident_by_number(&scope, 1).await.unwrap();
    let other = bench.open(&scope, 2, 1).await;
    bench.append(&scope, further(incident, 1, 2, 1)).await.unwrap();
    let live = bench.store.incidents(&scope).await.unwrap();
    let lines = vec![(line(other, 2, 1), Listing::default()), (old, Listing::default())];
    let outcome = bench.store.rewrite(&scope, lines).await;
    assert!(matches!(outcome, Err(StoreError::Conflict)), "{outcome:?}");
    assert_eq!(bench.store.incidents(&scope).await.unwrap(), live);
}

pub async fn lines_of_another_edition_are_told(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    bench.open(&scope, 1, 1).await;
    assert_eq!(bench.store.outdated().await.unwrap(), [""; 0], "an append writes lines of this edition");
}

/// What the lists show: the counts, and the register.
async fn lists(bench: &Bench, scope: &Scope) -> (BTreeMap<Phase, u64>, Vec<RegisterLine>) {
    let mut counts = bench.store.counts(scope).await.unwrap();
    counts.retain(|_, count| *count > 0);
    (counts, bench.app.register(scope).await.unwrap())
}

async fn found(bench: &Bench, scope: &Scope, search: &str) -> Vec<u64> {
    let filter = Filter { search: search.to_owned(), ..Filter::default() };
    let page = bench.app.incidents(scope, &filter, Start::Top).await.unwrap();
    page.lines.iter().map(|line| line.row.number).collect()
}

pub async fn detections_come_back_byte_for_byte(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let detection = |id: &str| StoredDetection {
        id: id.to_owned(),
        sha256: "0".repeat(64),
        json: format!("{{ \"id\":\"{id}\",  \"count\":1.0e0 }}"),
    };
    let mut append = opening(bench.new_incident(), 1, 1);
    append.detections = vec![detection("b"), detection("a")];
    let incident = append.incident;
    bench.append(&scope, append).await.unwrap();
    // The same detection again is the same detection; another incident may rest on it too.
    let mut more = further(incident, 1, 1, 1);
    more.detections = vec![detection("a"), detection("c")];
    bench.append(&scope, more).await.unwrap();
    let mut second = opening(bench.new_incident(), 2, 1);
    second.detections = vec![detection("a")];
    let second_incident = second.incident;
    bench.append(&scope, second).await.unwrap();

    let found = bench.store.detections(&scope, incident).await.unwrap();
    assert_eq!(found, [detection("a"), detection("b"), detection("c")]);
    assert_eq!(bench.store.detections(&scope, second_incident).await.unwrap(), [detection("a")]);
    let none = bench.open(&scope, 3, 1).await;
    assert_eq!(bench.store.detections(&scope, none).await.unwrap(), []);
}
