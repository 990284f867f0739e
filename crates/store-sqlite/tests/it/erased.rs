//! That what was erased is gone from the files, and that a restored older copy can be made to forget again.

use std::fs;
use std::path::Path;

use app::Append;
use incident::ErasureGround;
use store_conformance::Bench;
use store_conformance::bench::{NOW, further, note, opening};
use store_conformance::forgetting::{ran_until, report_and_close};
use tempfile::TempDir;

use crate::{fresh, open};

/// A word that no other row holds.
const SECRET: &str = "Geertruida-van-den-Heuvel-0612345678";

fn files_hold(folder: &Path, word: &str) -> bool {
    ["dijkwacht.db", "dijkwacht.db-wal"].into_iter().any(|name| {
        let bytes = fs::read(folder.join(name)).unwrap_or_default();
        bytes.windows(word.len()).any(|window| window == word.as_bytes())
    })
}

/// A store with an incident whose second entry and title hold the word.
async fn with_secret() -> (Bench, app::Scope, facts::IncidentId, TempDir) {
    let (store, folder) = fresh().await.unwrap();
    let bench = Bench::new(store);
    let scope = bench.organisation("zorg").await;
    let incident = bench.new_incident();
    let mut append = opening(incident, 1, 2);
    append.entries.pop();
    append.entries.push(note(SECRET));
    append.row.title = SECRET.to_owned();
    bench.append(&scope, append).await.unwrap();
    for number in 2..20 {
        bench.open(&scope, number, 3).await;
    }
    (bench, scope, incident, folder)
}

fn erasing(incident: facts::IncidentId) -> Append {
    let mut append = further(incident, 1, 2, 1);
    append.entries.iter_mut().for_each(|entry| entry.kind = "incident.erased");
    append.row.keeping.erased_at = Some(NOW);
    append.row.title = "(gewist / erased)".to_owned();
    append.erase = vec![0, 1];
    append
}

#[tokio::test]
async fn what_was_erased_is_gone_from_the_files() {
    let (bench, scope, incident, folder) = with_secret().await;
    bench.store.settle().await.unwrap();
    assert!(files_hold(folder.path(), SECRET), "it was written");
    bench.append(&scope, erasing(incident)).await.unwrap();
    bench.store.settle().await.unwrap();
    assert!(!files_hold(folder.path(), SECRET), "not in the database, not in its log");
    assert!(bench.store.history(&scope, incident).await.unwrap()[1].salt_and_body.is_none());
}

#[tokio::test]
async fn a_restored_older_copy_is_told_what_was_erased() {
    let (bench, scope, incident, folder) = with_secret().await;
    bench.store.settle().await.unwrap();
    let backup = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join("dijkwacht.db"), backup.path().join("dijkwacht.db")).unwrap();
    bench.append(&scope, erasing(incident)).await.unwrap();
    let marks = bench.store.erasures(jiff::Timestamp::UNIX_EPOCH, 100).await.unwrap();
    assert_eq!(marks.len(), 2);
    let read: Vec<app::ErasureMark> = marks.iter().map(|mark| mark.to_string().parse().unwrap()).collect();
    assert_eq!(read, marks, "as the list outside the database holds them");

    let restored = Bench::new(open(&backup).await);
    let undone = restored.store.undone(scope.id(), &marks).await.unwrap();
    assert_eq!(undone, marks, "the copy knows nothing of it");
    assert_eq!(bench.store.undone(scope.id(), &marks).await.unwrap(), []);
}

#[tokio::test]
async fn a_restored_older_copy_forgets_again_and_still_holds() {
    let (store, folder) = fresh().await.unwrap();
    let bench = Bench::new(store).with_law();
    let scope = bench.organisation("zorg").await;
    for what in ["Laptop van Geertruida weg", "Mail van Geertruida", "Blijft zoals het is"] {
        report_and_close(&bench, &scope, what, NOW).await;
    }
    bench.store.settle().await.unwrap();
    let backup = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join("dijkwacht.db"), backup.path().join("dijkwacht.db")).unwrap();

    let later = NOW + jiff::SignedDuration::from_hours(24 * 400);
    let whole = bench.app.incident(&scope, 1).await.unwrap();
    let reason = "Niet meer nodig".to_owned();
    let entries = whole.timeline.len() as u64;
    ran_until(&bench.app, later).await;
    bench.app.erase(&scope, 1, entries, ErasureGround::Officer, reason, later).await.unwrap();
    let part = bench.app.incident(&scope, 2).await.unwrap();
    let (entries, opened) = (part.timeline.len() as u64, part.timeline[0].index.unwrap());
    let words = vec![(opened, Some("Mail van een medewerker".to_owned()))];
    bench
        .app
        .erase_entries(&scope, 2, entries, ErasureGround::Request, "Verzoek".to_owned(), words, later)
        .await
        .unwrap();
    let marks = bench.app.erasures(jiff::Timestamp::UNIX_EPOCH, 1_000).await.unwrap();
    assert_eq!(marks.iter().filter(|mark| !mark.is_whole).count(), 1);

    let restored = Bench::new(open(&backup).await).with_law();
    let again = restored.app.erase_again(&marks, later).await.unwrap();
    assert!(again.failures.is_empty(), "{again:?}");
    assert_eq!(again.entries, marks.len() as u64);
    assert_eq!(restored.app.erase_again(&marks, later).await.unwrap().entries, 0, "once");
    let scope = restored.app.permit_program("zorg").await.unwrap();
    let erased = restored.app.incident(&scope, 1).await.unwrap().erased.unwrap();
    assert_eq!(erased.erasure.ground, ErasureGround::Restored);
    let told = restored.app.incident(&scope, 2).await.unwrap();
    assert!(matches!(told.opening, incident::Opening::Reported { contact: None, .. }));
    assert!(restored.app.incident(&scope, 3).await.unwrap().erased.is_none());
    restored.register_holds(&scope).await;
    restored.app.export(&scope, later).await.unwrap();
}

#[tokio::test]
async fn a_copy_from_between_two_wordings_forgets_the_first_again() {
    let (store, folder) = fresh().await.unwrap();
    let bench = Bench::new(store).with_law();
    let scope = bench.organisation("zorg").await;
    report_and_close(&bench, &scope, "Laptop van Geertruida weg", NOW).await;
    let tell_anew = async |words: &str| {
        let incident = bench.app.incident(&scope, 1).await.unwrap();
        let (seen, opened) = (incident.timeline.len() as u64, incident.timeline[0].index.unwrap());
        let (reason, entries) = ("Verzoek".to_owned(), vec![(opened, Some(words.to_owned()))]);
        bench.app.erase_entries(&scope, 1, seen, ErasureGround::Request, reason, entries, NOW).await.unwrap();
        bench.store.settle().await.unwrap();
    };
    tell_anew("Laptop van Geer weg").await;
    let backup = tempfile::tempdir().unwrap();
    fs::copy(folder.path().join("dijkwacht.db"), backup.path().join("dijkwacht.db")).unwrap();
    tell_anew("Laptop weg").await;
    let marks = bench.app.erasures(jiff::Timestamp::UNIX_EPOCH, 1_000).await.unwrap();
    assert_eq!(marks.len(), 2, "what was reported, and the words that took its place");

    let restored = Bench::new(open(&backup).await).with_law();
    assert!(files_hold(backup.path(), "Laptop van Geer weg"), "it came back");
    let again = restored.app.erase_again(&marks, NOW).await.unwrap();
    assert!(again.failures.is_empty(), "{again:?}");
    assert_eq!(again.entries, 1);
    assert_eq!(restored.app.erase_again(&marks, NOW).await.unwrap().entries, 0, "once");
    assert!(!files_hold(backup.path(), "Geer"));
    let scope = restored.app.permit_program("zorg").await.unwrap();
    assert_eq!(restored.app.incident(&scope, 1).await.unwrap().title, "[gewist / erased]");
    restored.register_holds(&scope).await;
}
