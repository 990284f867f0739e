//! The journal: order, conflicts, checkpoints, and writers at the same time.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use jiff::SignedDuration;

use app::{Append, NewEntry, Scope, Signer, StoreError};
use facts::IncidentId;
use register::Checkpoint;

use crate::bench::{Bench, Keys, NOW, further, leaf_hash, line, note, opening};

pub async fn entries_come_back_in_order_byte_for_byte(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (one, two) = (bench.open(&scope, 1, 2).await, bench.open(&scope, 2, 1).await);
    let mut more = further(one, 1, 2, 1);
    more.entries[0].recorded_at = NOW + SignedDuration::from_micros(1);
    bench.append(&scope, more.clone()).await.unwrap();

    let entries = bench.store.entries(&scope).await.unwrap();
    let order: Vec<_> = entries.iter().map(|entry| (entry.index, entry.incident)).collect();
    assert_eq!(order, [(0, one), (1, one), (2, two), (3, one)]);
    let (written, last) = (&more.entries[0], &entries[3]);
    assert_eq!(last.kind, written.kind);
    assert_eq!(last.recorded_at, written.recorded_at);
    assert_eq!(last.salt_and_body, Some((written.salt, written.body.clone())));

    let history = bench.store.history(&scope, one).await.unwrap();
    assert_eq!(history, [entries[0].clone(), entries[1].clone(), entries[3].clone()]);
    assert_eq!(bench.register_holds(&scope).await, 4);
}

pub async fn an_unknown_incident_has_no_history(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let unknown = bench.new_incident();
    assert!(matches!(bench.store.history(&scope, unknown).await, Err(StoreError::NotFound)));
    assert!(matches!(bench.store.detections(&scope, unknown).await, Err(StoreError::NotFound)));
    assert!(matches!(bench.store.incident_by_number(&scope, 1).await, Err(StoreError::NotFound)));
    let late = bench.append(&scope, further(unknown, 1, 3, 1)).await;
    assert!(matches!(late, Err(StoreError::NotFound)), "{late:?}");
    assert_eq!(bench.store.checkpoint(&scope).await.unwrap(), None);
    assert_eq!(bench.register_holds(&scope).await, 0);
}

pub async fn a_stale_expectation_is_a_conflict_and_writes_nothing(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let incident = bench.open(&scope, 1, 2).await;
    for stale in [0, 1, 3] {
        let mut append = further(incident, 1, stale, 1);
        append.row.title = "Overschreven".to_owned();
        assert_unwritten(&bench, &scope, append).await;
    }
    bench.append(&scope, further(incident, 1, 2, 1)).await.unwrap();
    assert_eq!(bench.register_holds(&scope).await, 3);
}

pub async fn a_number_in_use_is_a_conflict_and_writes_nothing(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    bench.open(&scope, 1, 1).await;
    assert_unwritten(&bench, &scope, opening(bench.new_incident(), 1, 2)).await;
}

async fn assert_unwritten(bench: &Bench, scope: &Scope, append: Append) {
    let store = &bench.store;
    let before = (store.entries(scope).await.unwrap(), store.incidents(scope).await.unwrap());
    let outcome = bench.append(scope, append).await;
    assert!(matches!(outcome, Err(StoreError::Conflict)), "{outcome:?}");
    assert_eq!((store.entries(scope).await.unwrap(), store.incidents(scope).await.unwrap()), before);
    bench.register_holds(scope).await;
}

pub async fn a_body_that_the_register_refuses_writes_nothing(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let mut append = opening(bench.new_incident(), 1, 2);
    append.entries[1].kind = "not a kind";
    assert!(matches!(bench.append(&scope, append).await, Err(StoreError::Unavailable(..))));
    assert_eq!(bench.register_holds(&scope).await, 0);
    assert_eq!(bench.store.incidents(&scope).await.unwrap(), []);
}

pub async fn every_append_signs_a_checkpoint_that_continues_the_last(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let verifier = Keys.key(scope.id()).verifier();
    let mut checkpoints = Vec::new();
    for number in 1..=9 {
        bench.open(&scope, number, 1 + number % 3).await;
        let note = bench.store.checkpoint(&scope).await.unwrap().unwrap();
        checkpoints.push(Checkpoint::open(&note, &verifier).unwrap());
        bench.register_holds(&scope).await;
    }
    let leaves: Vec<_> =
        bench.store.entries(&scope).await.unwrap().iter().map(|entry| leaf_hash(&scope, entry)).collect();
    let last = checkpoints.last().unwrap();
    for old in &checkpoints {
        let proof = register::consistency_proof(&leaves, old.size).unwrap();
        assert!(register::consistency_holds(old.size, &old.root, last.size, &last.root, &proof), "{old:?}");
    }
    assert!(checkpoints.is_sorted_by(|one, next| one.size < next.size));
}

pub async fn an_append_without_entries_signs_nothing_new(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let incident = bench.open(&scope, 1, 2).await;
    let before = bench.store.checkpoint(&scope).await.unwrap();
    bench.append(&scope, further(incident, 1, 2, 0)).await.unwrap();
    assert_eq!(bench.store.checkpoint(&scope).await.unwrap(), before);
    assert_eq!(bench.register_holds(&scope).await, 2);
}

pub async fn appends_at_the_same_time_lose_nothing(bench: Bench) {
    const EACH: u64 = 12;
    let scope = bench.organisation("zorg").await;
    let shared = bench.open(&scope, 1, 1).await;
    let task = |name: &'static str| {
        let (bench, scope) = (bench.clone(), scope.clone());
        tokio::spawn(async move {
            for round in 0..EACH {
                open_with_the_next_number(&bench, &scope).await;
                add_to(&bench, &scope, shared, note(&format!("{name} {round}"))).await;
            }
        })
    };
    let (one, two) = (task("one"), task("two"));
    one.await.unwrap();
    two.await.unwrap();

    assert_eq!(bench.register_holds(&scope).await, 1 + 4 * EACH);
    let history = bench.store.history(&scope, shared).await.unwrap();
    for (name, round) in ["one", "two"].into_iter().flat_map(|name| (0..EACH).map(move |round| (name, round))) {
        let body = Some(note(&format!("{name} {round}")).body);
        let found = history.iter().filter(|entry| entry.salt_and_body.as_ref().map(|(_, body)| body) == body.as_ref());
        assert_eq!(found.count(), 1, "{name} {round}");
    }
    let mut numbers: Vec<_> = bench.store.incidents(&scope).await.unwrap().iter().map(|row| row.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, Vec::from_iter(1..=1 + 2 * EACH));
}

/// How often somebody else may be first before the store is at fault.
const TRIES: u32 = 200;

/// Others reach for the same number: who is late takes the next.
async fn open_with_the_next_number(bench: &Bench, scope: &Scope) {
    let incident = bench.new_incident();
    for _ in 0..TRIES {
        let number = bench.store.next_number(scope).await.unwrap();
        if is_written(bench.append(scope, opening(incident, number, 1)).await) {
            return;
        }
    }
    panic!("somebody else was first {TRIES} times");
}

/// Others add to the same incident: who is late reads again.
async fn add_to(bench: &Bench, scope: &Scope, incident: IncidentId, entry: NewEntry) {
    for _ in 0..TRIES {
        let seen = bench.store.history(scope, incident).await.unwrap().len() as u64;
        let row = line(incident, 1, seen + 1);
        let append = Append {
            incident,
            expected: seen,
            entries: vec![entry.clone()],
            row,
            listing: app::Listing::default(),
            detections: Vec::new(),
            letters: Vec::new(),
            erase: Vec::new(),
            forget: Vec::new(),
            files: Vec::new(),
        };
        if is_written(bench.append(scope, append).await) {
            return;
        }
    }
    panic!("somebody else was first {TRIES} times");
}

fn is_written(outcome: Result<(), StoreError>) -> bool {
    match outcome {
        Ok(()) => true,
        Err(StoreError::Conflict) => false,
        Err(other) => panic!("{other}"),
    }
}

pub async fn several_incidents_are_appended_whole_or_not_at_all(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let here = bench.open(&scope, 1, 2).await;
    let state = async || {
        let store = &bench.store;
        (store.entries(&scope).await.unwrap(), store.incidents(&scope).await.unwrap())
    };
    let before = state().await;
    let fresh = |number| opening(bench.new_incident(), number, 2);
    let spoilt: [(&str, Append); 4] = [
        ("an incident that is there", opening(here, 4, 1)),
        ("a stale expectation", further(here, 1, 1, 1)),
        ("a number in use", fresh(1)),
        ("a kind that the register refuses", {
            let mut append = fresh(4);
            append.entries[1].kind = "not a kind";
            append
        }),
    ];
    for (what, append) in spoilt {
        // Wherever it stands among the others, none of them is written.
        for place in 0..3 {
            let mut appends = vec![fresh(2), fresh(3)];
            appends.insert(place, append.clone());
            let ids: Vec<_> = appends.iter().map(|append| append.incident).filter(|id| *id != here).collect();
            let outcome = bench.store.append_all(&scope, appends, &Keys).await;
            assert!(outcome.is_err(), "{what} at {place}");
            assert_eq!(state().await, before, "{what} at {place}");
            assert!(bench.store.are_written(&scope, &ids).await.unwrap().is_empty(), "{what} at {place}");
        }
    }
    let many = (0..=app::MOST_AT_ONCE as u64).map(|number| opening(bench.new_incident(), 10 + number, 0)).collect();
    assert!(bench.store.append_all(&scope, many, &Keys).await.is_err(), "more than is promised");
    assert_eq!(state().await, before);
    assert_eq!(bench.register_holds(&scope).await, 2);
}

pub async fn several_incidents_are_signed_once(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let other = bench.organisation("elders").await;
    let here = bench.open(&scope, 1, 2).await;
    let appends: Vec<_> = (2..=40).map(|number| opening(bench.new_incident(), number, 1 + number % 3)).collect();
    let written: u64 = appends.iter().map(|append| append.entries.len() as u64).sum();
    let ids: Vec<_> = appends.iter().map(|append| append.incident).collect();
    // A further entry of one that is there goes with the new ones.
    let all = appends.into_iter().chain([further(here, 1, 2, 1)]).collect();
    bench.store.append_all(&scope, all, &Keys).await.unwrap();

    assert_eq!(bench.register_holds(&scope).await, 2 + written + 1);
    let unknown = bench.new_incident();
    let asked: Vec<_> = ids.iter().copied().chain([here, unknown]).collect();
    let known = bench.store.are_written(&scope, &asked).await.unwrap();
    assert_eq!(known, ids.iter().copied().chain([here]).collect());
    assert!(bench.store.are_written(&other, &asked).await.unwrap().is_empty(), "of another organisation");
    bench.store.append_all(&scope, Vec::new(), &Keys).await.unwrap();
    assert_eq!(bench.register_holds(&scope).await, 2 + written + 1);
    assert_eq!(bench.store.incidents(&scope).await.unwrap().len(), 40);
}

/// A request that is broken off, a process that is told to stop: whatever has been awaited by then, the next one finds
/// either everything or nothing.
pub async fn an_append_abandoned_at_any_moment_is_whole_or_not_there(bench: Bench) {
    const ENTRIES: u64 = 3;
    let scope = bench.organisation("zorg").await;
    let mut tried = Vec::new();
    for (number, polls) in (1..).zip(0..1_000) {
        let incident = bench.new_incident();
        let append = bench.append(&scope, opening(incident, number, ENTRIES));
        let outcome = Abandoned { work: pin!(append), polls }.await;
        tried.push(incident);
        if let Some(finished) = outcome {
            finished.unwrap();
            break;
        }
    }
    assert!(tried.len() > 2, "nothing was abandoned");
    let last = bench.open(&scope, 5_000, ENTRIES).await;
    tried.push(last);

    let mut written = 0;
    for incident in tried {
        match bench.store.history(&scope, incident).await {
            Ok(history) => {
                assert_eq!(history.len() as u64, ENTRIES);
                written += 1;
            }
            Err(StoreError::NotFound) => {}
            Err(other) => panic!("{other}"),
        }
    }
    assert!(written >= 2);
    assert_eq!(bench.register_holds(&scope).await, written * ENTRIES);
    assert_eq!(bench.store.incidents(&scope).await.unwrap().len() as u64, written);
}

/// Work that is dropped after so many polls; `None` when it was not finished by then.
struct Abandoned<'a, Work> {
    work: Pin<&'a mut Work>,
    polls: u32,
}

impl<Work: Future> Future for Abandoned<'_, Work> {
    type Output = Option<Work::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(left) = self.polls.checked_sub(1) else { return Poll::Ready(None) };
        self.polls = left;
        self.work.as_mut().poll(context).map(Some)
    }
}

/// A journal read a page at a time is the journal, and its leaves are those of the entries.
pub async fn a_journal_is_read_in_pages(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let other = bench.organisation("school").await;
    bench.open(&scope, 1, 3).await;
    bench.open(&other, 1, 2).await;
    bench.open(&scope, 2, 4).await;
    let whole = bench.store.entries(&scope).await.unwrap();
    let mut read = Vec::new();
    loop {
        let page = bench.store.entries_from(&scope, read.len() as u64, 3).await.unwrap();
        assert!(page.len() <= 3);
        if page.is_empty() {
            break;
        }
        read.extend(page);
    }
    assert_eq!(read, whole);
    assert_eq!(bench.store.entries_from(&scope, u64::MAX, 3).await.unwrap(), []);
    let leaves: Vec<_> = whole.iter().map(|entry| leaf_hash(&scope, entry)).collect();
    assert_eq!(bench.store.leaf_hashes(&scope, u64::MAX).await.unwrap(), leaves);
    assert_eq!(bench.store.leaf_hashes(&scope, 5).await.unwrap(), leaves[..5]);
}
