//! The store as a whole: what is read out is everything, of one moment, and can be taken in anywhere.

use std::sync::Arc;

use async_trait::async_trait;

use app::{
    Cell, Damaged, Error, FileHead, Intake, Manifest, MovedTo, Receiver, Row, SafetyKind, SafetyNote, Shape, Store,
    StoreError, Trouble, copy_out, manifest_of,
};
use incident::Role;
use jiff::SignedDuration;

use crate::bench::{Bench, NOW, erasing, further};

/// Fills a store: several organisations and people, more entries than a page holds, bodies that were erased.
pub async fn fill(bench: &Bench) {
    let provider = app::Provider { id: facts::ProviderId(bench.app.chance.id(NOW).unwrap()), name: "Gids IT".into() };
    bench.store.add_provider(&provider).await.unwrap();
    bench.store.add_organisation(&bench.described("school", Some(provider.id))).await.unwrap();
    for slug in ["zorg", "bakkerij", "leeg"] {
        bench.organisation(slug).await;
    }
    let person = bench.person("ada@zorg.example").await;
    bench.store.add_provider_membership(person, provider.id, Role::Engineer).await.unwrap();
    for (slug, incidents) in [("zorg", 3), ("bakkerij", 2), ("school", 1)] {
        let scope = bench.app.permit_program(slug).await.unwrap();
        bench.join(person, scope.id(), Role::Officer).await;
        for number in 1..=incidents {
            let incident = bench.open(&scope, number, 150).await;
            let mut append = further(incident, number, 150, 2);
            append.erase = erasable(bench, &scope, incident).await;
            append.entries[1] = erasing(incident, &append.erase);
            bench.append(&scope, append).await.unwrap();
        }
        bench.store.put_blob(&scope, &sha256(slug.as_bytes()), slug.as_bytes()).await.unwrap();
    }
    let scope = bench.app.permit_program("bakkerij").await.unwrap();
    crate::sensors::fill(bench, &scope).await;
    note(bench, SafetyKind::Backup, true).await;
}

/// Two of the incident's entries.
async fn erasable(bench: &Bench, scope: &app::Scope, incident: facts::IncidentId) -> Vec<u64> {
    let history = bench.store.history(scope, incident).await.unwrap();
    history.iter().skip(3).step_by(70).take(2).map(|entry| entry.index).collect()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn note(bench: &Bench, kind: SafetyKind, is_sound: bool) -> SafetyNote {
    let id = bench.app.chance.id(NOW).unwrap();
    let note = SafetyNote { id, kind, held_at: NOW, is_sound, remark: "monday.backup".into() };
    bench.store.note_safety(&note).await.unwrap();
    note
}

pub async fn of_moves_at_the_same_moment_one_is_first(bench: Bench) {
    let to = |place: String| MovedTo { place, at: NOW };
    let marks: Vec<_> = (0..6).map(|number| to(format!("/elsewhere/{number}"))).collect();
    let marking = marks.iter().map(|mark| {
        let (store, mark) = (Arc::clone(&bench.store), mark.clone());
        tokio::spawn(async move { store.mark_moved(Some(&mark)).await })
    });
    let mut first = Vec::new();
    for (done, mark) in marking.collect::<Vec<_>>().into_iter().zip(&marks) {
        match done.await.unwrap() {
            Ok(()) => first.push(mark.clone()),
            Err(error) => assert!(matches!(error, StoreError::Conflict), "{error:?}"),
        }
    }
    assert_eq!(first.len(), 1);
    let first = first.remove(0);
    assert_eq!(bench.store.moved().await.unwrap(), Some(first.clone()));
    // Whoever goes on with it marks it again, and it stays as it was.
    bench.store.mark_moved(Some(&MovedTo { at: NOW + SignedDuration::from_hours(1), ..first.clone() })).await.unwrap();
    assert_eq!(bench.store.moved().await.unwrap(), Some(first));
    bench.store.mark_moved(None).await.unwrap();
    assert_eq!(bench.store.moved().await.unwrap(), None);
    bench.store.mark_moved(Some(&marks[0])).await.unwrap();
}

/// Whoever goes on writing where everything was moved away was once told to try again in a minute.
pub async fn what_was_moved_takes_no_entry_and_says_where_it_goes_on(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let incident = bench.open(&scope, 1, 1).await;
    let mark = MovedTo { place: "/elsewhere/dijkwacht".into(), at: NOW };
    bench.store.mark_moved(Some(&mark)).await.unwrap();
    let refused = bench.append(&scope, further(incident, 1, 1, 1)).await.err();
    let Some(StoreError::Unavailable(Trouble::Moved, cause)) = &refused else { panic!("{refused:?}") };
    assert!(cause.to_string().contains("moved to /elsewhere/dijkwacht at "), "{cause}");
    assert_eq!(bench.register_holds(&scope).await, 1, "nothing of it was written");
    bench.store.mark_moved(None).await.unwrap();
    bench.append(&scope, further(incident, 1, 1, 1)).await.unwrap();
    assert_eq!(bench.register_holds(&scope).await, 2);
}

pub async fn the_last_backup_and_the_last_drill_are_remembered(bench: Bench) {
    assert_eq!(bench.store.last_safety(SafetyKind::Backup).await.unwrap(), None);
    let backup = note(&bench, SafetyKind::Backup, true).await;
    let drill = note(&bench, SafetyKind::Drill, false).await;
    assert_eq!(bench.store.last_safety(SafetyKind::Backup).await.unwrap(), Some(backup));
    assert_eq!(bench.store.last_safety(SafetyKind::Drill).await.unwrap(), Some(drill.clone()));
    let later =
        SafetyNote { id: bench.app.chance.id(NOW).unwrap(), held_at: NOW + SignedDuration::from_secs(1), ..drill };
    bench.store.note_safety(&later).await.unwrap();
    assert_eq!(bench.store.last_safety(SafetyKind::Drill).await.unwrap(), Some(later));
}

pub async fn a_copy_holds_every_row_and_two_copies_are_equal(bench: Bench) {
    fill(&bench).await;
    let (first, second) = (manifest(&bench.store).await, manifest(&bench.store).await);
    assert_eq!(first, second);
    let count = |table: &str| first.tables.get(table).map_or(0, |tally| tally.count);
    assert_eq!((count("organisations"), count("users"), count("providers")), (4, 1, 1));
    assert_eq!((count("journal"), count("journal_bodies"), count("erasures")), (912, 900, 12));
    assert_eq!((count("heads"), count("incidents"), count("safety")), (3, 6, 1));
    assert_eq!((first.files.count, first.file_bytes), (3, 18), "zorg, bakkerij, school");
}

pub async fn a_snapshot_does_not_see_what_is_written_after_it(bench: Bench) {
    fill(&bench).await;
    let before = manifest(&bench.store).await;
    let mut snapshot = bench.store.snapshot().await.unwrap();
    let shapes = snapshot.shapes();
    let journal = shapes.iter().find(|shape| shape.name == "journal").unwrap();
    let mut count = 0;
    let mut after: Option<Row> = None;
    loop {
        let scope = bench.app.permit_program("zorg").await.unwrap();
        let number = bench.store.next_number(&scope).await.unwrap();
        bench.open(&scope, number, 1).await;
        let rows = snapshot.page(journal, after.as_deref()).await.unwrap();
        let Some(last) = rows.last() else { break };
        after = Some(journal.key_of(last));
        count += rows.len() as u64;
    }
    assert_eq!(Some(count), before.tables.get("journal").map(|tally| tally.count));
}

pub async fn every_register_is_found_sound(bench: Bench) {
    fill(&bench).await;
    let found = bench.app.soundness().await.unwrap();
    let mut told: Vec<_> =
        found.iter().map(|one| (one.slug.as_str(), one.entries, one.erased, one.is_sound())).collect();
    told.sort_unstable();
    let sound = [("bakkerij", 304, 4, true), ("leeg", 0, 0, true), ("school", 152, 2, true), ("zorg", 456, 6, true)];
    assert_eq!(told, sound);
}

pub async fn a_store_that_holds_something_takes_nothing_in(bench: Bench) {
    bench.organisation("zorg").await;
    let refused = bench.store.begin_intake("a", NOW).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
}

pub async fn what_no_copy_can_hold_is_refused(bench: Bench) {
    bench.store.begin_intake("a", NOW).await.unwrap();
    let columns = ["id".to_owned(), "name".to_owned()];
    let text = |word: &str| Cell::Text(word.to_owned());
    let good = vec![text("1"), text("Gids")];
    for (table, columns, row) in [
        ("sqlite_schema", &columns[..], good.clone()),
        ("providers; DROP TABLE users", &columns[..], good.clone()),
        ("intake", &columns[..], good.clone()),
        ("providers", &["id".to_owned(), "name\", \"x".to_owned()][..], good.clone()),
        ("providers", &columns[..1], good.clone()),
        ("providers", &columns[..], vec![text("1"), Cell::Whole(1)]),
        ("providers", &columns[..], vec![text("1"), Cell::Null]),
    ] {
        let refused = bench.store.take_in(table, columns, vec![row]).await;
        assert!(refused.is_err(), "{table} {columns:?}");
    }
    bench.store.take_in("providers", &columns, vec![good.clone()]).await.unwrap();
    let twice = bench.store.take_in("providers", &columns, vec![good]).await;
    assert!(matches!(twice, Err(StoreError::Conflict)), "{twice:?}");
    assert_eq!(bench.store.taken_in("providers").await.unwrap(), Some(vec![text("1")]));
}

async fn manifest(store: &Arc<dyn Store>) -> Manifest {
    manifest_of(store.as_ref(), Damaged::Refused, &|_, _| {}).await.unwrap()
}

/// Moves a filled store into an empty one, stopped again and again, until it is there. For every pair of stores.
pub async fn moves(from: &Bench, to: Arc<dyn Store>) {
    let sent = manifest(&from.store).await;
    let word = sent.fingerprint();
    let mut stops = 0;
    loop {
        let intake = Intake::begin(to.clone(), &word, NOW).await.unwrap();
        let mut stopping = Stopping { intake, left: 2 };
        match copy_out(from.store.as_ref(), &mut stopping, Damaged::Refused, &|_, _| {}).await {
            Ok(copied) => {
                assert_eq!(copied, sent);
                assert_eq!(sent.difference(&manifest(&to).await), None);
                let other = to.begin_intake("another", NOW).await;
                assert!(matches!(other, Err(StoreError::Conflict)), "{other:?}");
                assert!(!stopping.intake.is_all_there());
                stopping.intake.all_is_there().await.unwrap();
                // Whoever goes on now takes nothing in any more, and another copy is none the less refused.
                let again = Intake::begin(to.clone(), &word, NOW).await.unwrap();
                assert!(again.is_all_there());
                let other = Intake::begin(to.clone(), "another", NOW).await;
                assert!(matches!(other, Err(Error::Conflict)), "another copy");
                again.end().await.unwrap();
                break;
            }
            Err(_) => stops += 1,
        }
    }
    assert!(stops > 5, "it was stopped {stops} times");
    let again = to.begin_intake(&word, NOW).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "it is whole: {again:?}");
    assert_eq!(manifest(&to).await, sent);
    let app = app::App { store: to, ..from.app.clone() };
    assert_eq!(app.soundness().await.unwrap(), from.app.soundness().await.unwrap());
}

/// Takes a copy in until it has had enough.
struct Stopping {
    intake: Intake,
    left: u32,
}

impl Stopping {
    fn step(&mut self) -> Result<(), Error> {
        self.left = self.left.checked_sub(1).ok_or_else(|| Error::internal("stopped"))?;
        Ok(())
    }
}

#[async_trait]
impl Receiver for Stopping {
    async fn table(&mut self, table: &Shape) -> Result<Option<Row>, Error> {
        self.intake.table(table).await
    }

    async fn rows(&mut self, rows: Vec<Row>) -> Result<(), Error> {
        self.step()?;
        self.intake.rows(rows).await
    }

    async fn file(&mut self, file: &FileHead) -> Result<bool, Error> {
        self.intake.file(file).await
    }

    async fn piece(&mut self, piece: Vec<u8>) -> Result<(), Error> {
        self.step()?;
        self.intake.piece(piece).await
    }

    async fn file_end(&mut self) -> Result<(), Error> {
        self.intake.file_end().await
    }
}
