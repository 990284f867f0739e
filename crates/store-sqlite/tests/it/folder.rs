//! The folder: kept over restarts and crashes, refused when it is not ours to touch.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::slice::from_ref;

use app::{Before, StoreError};
use sqlx::Connection;
use store_conformance::Bench;
use store_conformance::bench::NOW;
use store_conformance::blobs::{sha256, store_in_pieces};
use store_sqlite::SqliteStore;
use tempfile::TempDir;

use crate::{filled, fresh, open, raw};

#[tokio::test]
async fn reopening_the_folder_finds_everything() {
    let (bench, scope, folder) = filled().await;
    let ada = bench.person("ada@zorg.example").await;
    bench.store.put_blob(&scope, &sha256(b"dossier"), b"dossier").await.unwrap();
    let entries = bench.store.entries(&scope).await.unwrap();
    let incidents = bench.store.incidents(&scope).await.unwrap();
    drop(bench);

    let bench = Bench::new(open(&folder).await);
    let scope = bench.app.permit_program("zorg").await.unwrap();
    assert_eq!(bench.store.entries(&scope).await.unwrap(), entries);
    assert_eq!(bench.store.incidents(&scope).await.unwrap(), incidents);
    assert_eq!(bench.store.blob(&scope, &sha256(b"dossier")).await.unwrap(), b"dossier");
    assert_eq!(bench.store.user(ada).await.unwrap().email, "ada@zorg.example");
    assert_eq!(bench.register_holds(&scope).await, 2);
}

#[tokio::test]
async fn two_stores_in_one_folder_see_each_other() {
    let (one, scope, folder) = filled().await;
    let mut two = Bench::new(open(&folder).await);
    // Its chance would give the same ids again; one and the same application has one chance.
    two.app.chance = one.app.chance.clone();
    two.open(&scope, 2, 1).await;
    one.open(&scope, 3, 1).await;
    assert_eq!(one.register_holds(&scope).await, 4);
    assert_eq!(two.register_holds(&scope).await, 4);
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused() {
    let (bench, _, folder) = filled().await;
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'later', TRUE, x'00', 0)";
    sqlx::raw_sql(later).execute(&mut raw(&folder).await).await.unwrap();
    drop(bench);
    let refused = SqliteStore::open(folder.path()).await;
    let Err(StoreError::Unavailable(_, cause)) = refused else { panic!("{refused:?}") };
    assert!(cause.to_string().contains("newer program"), "{cause}");
}

/// What a power cut leaves: the files as they are at a moment, in a folder of their own.
fn as_left_by_a_crash(folder: &TempDir) -> TempDir {
    let left = tempfile::tempdir().unwrap();
    for name in ["dijkwacht.db", "dijkwacht.db-wal"] {
        fs::copy(folder.path().join(name), left.path().join(name)).unwrap();
    }
    left
}

#[tokio::test]
async fn a_crash_in_the_middle_of_a_transaction_leaves_the_old_state() {
    let (bench, scope, folder) = filled().await;
    let mut raw = raw(&folder).await;
    // So small a cache that the unfinished transaction is written to the log before its end.
    sqlx::raw_sql("PRAGMA cache_size = 1; PRAGMA cache_spill = 1").execute(&mut raw).await.unwrap();
    let log = folder.path().join("dijkwacht.db-wal");
    let length = fs::metadata(&log).unwrap().len();
    let mut transaction = raw.begin_with("BEGIN IMMEDIATE").await.unwrap();
    for index in 2..400 {
        let entry = "INSERT INTO journal
            SELECT organisation, $1, incident, kind, 0, zeroblob(2000), leaf_hash, commitment FROM journal WHERE idx = 0";
        sqlx::query(entry).bind(index).execute(&mut *transaction).await.unwrap();
    }
    let grown = fs::metadata(&log).unwrap().len();
    assert!(grown > length, "the log holds part of the transaction: {length} to {grown} bytes");

    let left = as_left_by_a_crash(&folder);
    let survivor = Bench::new(open(&left).await);
    assert_eq!(survivor.register_holds(&scope).await, 2);

    // Here the process goes on, and only the transaction is given up.
    drop(transaction);
    assert_eq!(bench.register_holds(&scope).await, 2);
    bench.open(&scope, 2, 1).await;
    assert_eq!(bench.register_holds(&scope).await, 3);
}

#[tokio::test]
async fn what_was_appended_survives_a_crash() {
    let (bench, scope, folder) = filled().await;
    let entries = bench.store.entries(&scope).await.unwrap();
    let left = as_left_by_a_crash(&folder);
    let survivor = Bench::new(open(&left).await);
    assert_eq!(survivor.store.entries(&scope).await.unwrap(), entries);
    assert_eq!(survivor.register_holds(&scope).await, 2);
}

#[tokio::test]
async fn a_document_that_was_changed_on_the_disk_is_not_handed_out() {
    let (bench, scope, folder) = filled().await;
    let name = sha256(b"dossier");
    bench.store.put_blob(&scope, &name, b"dossier").await.unwrap();
    let place = folder.path().join("blobs").join(scope.id().to_string()).join(&name);
    fs::write(&place, b"d0ssier").unwrap();
    assert!(matches!(bench.store.blob(&scope, &name).await, Err(StoreError::Unavailable(..))));
    // Storing it again heals it, which is told, and nothing lies beside it.
    assert_eq!(store_in_pieces(&bench, &scope, b"dossier", 3).await.before, Before::Damaged);
    assert_eq!(bench.store.blob(&scope, &name).await.unwrap(), b"dossier");
    fs::write(&place, b"dossie").unwrap();
    bench.store.put_blob(&scope, &name, b"dossier").await.unwrap();
    assert_eq!(bench.store.blob(&scope, &name).await.unwrap(), b"dossier");
    assert_eq!(fs::read_dir(place.parent().unwrap()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_file_that_was_changed_on_the_disk_never_ends_as_if_it_were_whole() {
    let (bench, scope, folder) = filled().await;
    let bytes: Vec<u8> = (0..2_000_000_u32).map(|place| (place % 251) as u8).collect();
    let name = sha256(&bytes);
    bench.store.put_blob(&scope, &name, &bytes).await.unwrap();
    let place = folder.path().join("blobs").join(scope.id().to_string()).join(&name);
    let cut = bytes[..1_500_000].to_vec();
    let longer = [&bytes[..], b"x"].concat();
    let mut flipped = bytes.clone();
    flipped[3] ^= 1;
    for damaged in [cut, longer, flipped, Vec::new()] {
        fs::write(&place, &damaged).unwrap();
        let mut reader = bench.store.open_blob(&scope, &name).await.unwrap();
        let mut read = 0;
        let end = loop {
            match reader.next().await {
                Ok(Some(piece)) => read += piece.len(),
                end => break end,
            }
        };
        assert!(matches!(end, Err(StoreError::Unavailable(..))), "{} bytes passed for whole", damaged.len());
        assert!(read < damaged.len().max(1), "the end was handed out before the check");
    }
}

#[tokio::test]
async fn checking_finds_what_is_damaged_missing_and_of_no_incident() {
    let Some((store, folder)) = fresh().await else { return };
    let bench = Bench::new(store).with_law();
    let (app, now) = (&bench.app, NOW);
    let scope = bench.organisation("zorg").await;
    let report = app::Report { what: "Laptop kwijt".into(), ..app::Report::default() };
    let opened = app.report(&scope, report, now).await.unwrap();
    let mut received = Vec::new();
    for bytes in [&b"een"[..], b"twee", b"drie", b"van niemand"] {
        let incident = app.incident(&scope, opened.number).await.unwrap();
        let mut upload =
            app.begin_evidence(&scope, &incident, &[], "x.bin", app::EvidenceLimits::default()).await.unwrap();
        upload.write(bytes).await.unwrap();
        received.push(upload.finish("log.txt").await.unwrap());
    }
    let extra = received.pop().unwrap();
    app.add_evidence(&scope, opened.number, received.clone(), ("", ""), app::EvidenceLimits::default(), now)
        .await
        .unwrap();
    let own = folder.path().join("blobs").join(scope.id().to_string());
    fs::write(own.join(&received[1].sha256), b"tw3e").unwrap();
    fs::remove_file(own.join(&received[2].sha256)).unwrap();

    let found = app.check_files(&scope).await.unwrap();
    let lost = |list: &[app::LostFile]| list.iter().map(|one| one.sha256.clone()).collect::<Vec<_>>();
    assert_eq!(found.intact, from_ref(&received[0].sha256));
    assert_eq!(lost(&found.damaged), from_ref(&received[1].sha256));
    assert_eq!(lost(&found.missing), from_ref(&received[2].sha256));
    assert_eq!((found.damaged[0].incident, found.damaged[0].name.as_str()), (1, "log.txt"));
    assert_eq!(found.extra, from_ref(&extra.sha256));
    assert!(!found.is_sound());
    let recorded = app.check_evidence(&scope, opened.number, now).await.unwrap();
    let last = recorded.incident.timeline.last().unwrap().event.clone();
    let one = |place: usize| vec![received[place].sha256.clone()];
    assert_eq!(
        last,
        incident::Event::Custody(incident::Custody::Checked { intact: one(0), damaged: one(1), missing: one(2) })
    );
    app.discard_evidence(&scope, &[extra, received[0].clone()]).await.unwrap();
    assert_eq!(bench.store.blobs(&scope).await.unwrap().len(), 2, "only what no incident uses goes");
}

/// Those that begin at once are each within the limit; together they once went beyond it.
#[tokio::test]
async fn files_that_are_sent_at_once_stay_within_the_limit_together() {
    let Some((store, _folder)) = fresh().await else { return };
    let bench = Bench::new(store).with_law();
    let (app, now) = (&bench.app, NOW);
    let scope = bench.organisation("zorg").await;
    let report = app::Report { what: "Laptop kwijt".into(), ..app::Report::default() };
    app.report(&scope, report, now).await.unwrap();
    let check = async |limits: app::EvidenceLimits, texts: [&[u8]; 3], expected: [bool; 3]| {
        let incident = app.incident(&scope, 1).await.unwrap();
        let mut begun = Vec::new();
        for text in texts {
            let mut upload = app.begin_evidence(&scope, &incident, &[], "x.txt", limits).await.unwrap();
            upload.write(text).await.unwrap();
            begun.push(upload.finish("log.txt").await.unwrap());
        }
        let mut taken = Vec::new();
        for file in begun {
            let added = app.add_evidence(&scope, 1, vec![file], ("", ""), limits, now).await;
            assert!(matches!(added, Ok(_) | Err(app::Error::Invalid(_))), "{:?}", added.err());
            taken.push(added.is_ok());
        }
        assert_eq!(taken, expected);
    };
    let usual = app::EvidenceLimits::default();
    check(app::EvidenceLimits { files: 2, ..usual }, [b"een", b"twee", b"drie"], [true, true, false]).await;
    check(app::EvidenceLimits { incident_bytes: 13, ..usual }, [b"vier", b"vijf", b"zes"], [true, false, false]).await;
}

/// Pages once went on saying that a file was damaged after it was put back, until somebody had all of them checked.
#[tokio::test]
async fn a_file_that_came_back_is_put_right_on_the_timeline_of_every_incident_that_has_it() {
    let Some((store, folder)) = fresh().await else { return };
    let bench = Bench::new(store).with_law();
    let (app, now) = (&bench.app, NOW);
    let scope = bench.organisation("zorg").await;
    let sent = async |number: u64| {
        let incident = app.incident(&scope, number).await.unwrap();
        let upload = app.begin_evidence(&scope, &incident, &[], "x.txt", app::EvidenceLimits::default()).await;
        let mut upload = upload.unwrap();
        upload.write(b"een").await.unwrap();
        vec![upload.finish("log.txt").await.unwrap()]
    };
    for _ in 0..3 {
        let report = app::Report { what: "Laptop kwijt".into(), ..app::Report::default() };
        app.report(&scope, report, now).await.unwrap();
    }
    for number in 1..3 {
        let file = sent(number).await;
        app.add_evidence(&scope, number, file, ("", ""), app::EvidenceLimits::default(), now).await.unwrap();
    }
    let sha256 = sha256(b"een");
    let place = folder.path().join("blobs").join(scope.id().to_string()).join(&sha256);
    // How often it says so, and whether the page still calls the file lost.
    let stands = async |number: u64| {
        let incident = app.incident(&scope, number).await.unwrap();
        let is_it = |one: &&incident::Stamped| {
            matches!(one.event, incident::Event::Custody(incident::Custody::PutRight { .. }))
        };
        (incident.timeline.iter().filter(is_it).count(), incident.lost(&sha256).is_some())
    };
    let check = async |expected: [(usize, bool); 3]| {
        assert_eq!([stands(1).await, stands(2).await, stands(3).await], expected);
    };
    let spoil = async || {
        fs::write(&place, b"e3n").unwrap();
        for number in 1..3 {
            app.check_evidence(&scope, number, now).await.unwrap();
        }
    };
    let lost = |found: Vec<app::LostFile>| found.into_iter().map(|one| one.incident).collect::<BTreeSet<_>>();
    spoil().await;
    check([(0, true), (0, true), (0, false)]).await;
    assert_eq!(lost(app.put_back(&scope, b"een", now).await.unwrap()), BTreeSet::from([1, 2]));
    check([(1, false), (1, false), (0, false)]).await;
    assert_eq!(app.put_back(&scope, b"een", now).await.unwrap(), [], "it was whole");
    assert_eq!(app.put_back(&scope, b"twee", now).await.unwrap(), [], "of nobody");
    check([(1, false), (1, false), (0, false)]).await;
    // The same file sent to one of them.
    spoil().await;
    let file = sent(1).await;
    app.add_evidence(&scope, 1, file, ("", ""), app::EvidenceLimits::default(), now).await.unwrap();
    check([(2, false), (2, false), (0, false)]).await;
    // And to another, which has it from now on, and was never without.
    spoil().await;
    let file = sent(3).await;
    app.add_evidence(&scope, 3, file, ("", ""), app::EvidenceLimits::default(), now).await.unwrap();
    check([(3, false), (3, false), (0, false)]).await;
    // Killed between the file and the timeline.
    spoil().await;
    bench.store.put_blob(&scope, &sha256, b"een").await.unwrap();
    assert_eq!(lost(app.put_back(&scope, b"een", now).await.unwrap()), BTreeSet::from([1, 2]));
    check([(4, false), (4, false), (0, false)]).await;
}

#[tokio::test]
async fn what_a_crash_left_of_an_upload_goes_at_the_next_start_but_one_that_may_be_under_way_stays() {
    let (bench, scope, folder) = filled().await;
    bench.store.put_blob(&scope, &sha256(b"dossier"), b"dossier").await.unwrap();
    let own = folder.path().join("blobs").join(scope.id().to_string());
    let (old, new) = (own.join("4711-0.new"), own.join("4711-1.new"));
    for left in [&old, &new] {
        fs::write(left, b"half of").unwrap();
    }
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_hours(24);
    fs::File::options().write(true).open(&old).unwrap().set_modified(long_ago).unwrap();
    open(&folder).await;
    assert_eq!((old.exists(), new.exists()), (false, true));
    assert_eq!(bench.store.blobs(&scope).await.unwrap(), [sha256(b"dossier")]);
}

#[tokio::test]
async fn expired_sessions_do_not_stay_behind() {
    let (store, folder) = fresh().await.unwrap();
    let now = NOW;
    let hour = jiff::SignedDuration::from_hours(1);
    store.save_session("short", b"", now + hour).await.unwrap();
    store.save_session("long", b"", now + hour * 5).await.unwrap();
    let count = async || {
        let query = sqlx::query_scalar::<_, i64>("SELECT COUNT(*) FROM sessions");
        query.fetch_one(&mut raw(&folder).await).await.unwrap()
    };
    store.load_session("long", now).await.unwrap();
    assert_eq!(count().await, 2);
    store.load_session("long", now + hour * 2).await.unwrap();
    // Nobody waits for the sweep, so it may be a moment later.
    let mut left = count().await;
    for _ in 0..200 {
        if left == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        left = count().await;
    }
    assert_eq!(left, 1);
}

#[tokio::test]
async fn a_place_that_is_no_folder_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("file");
    fs::write(&place, b"").unwrap();
    let refused = SqliteStore::open(&place).await;
    let Err(StoreError::Unavailable(_, cause)) = refused else { panic!("{refused:?}") };
    assert!(cause.to_string().contains(place.to_str().unwrap()), "{cause}");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_but_the_owner_may_read_the_folder() {
    use std::os::unix::fs::PermissionsExt;

    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("data");
    let store = SqliteStore::open(&folder).await.unwrap();
    let bench = Bench::new(std::sync::Arc::new(store));
    let scope = bench.organisation("zorg").await;
    let name = sha256(b"dossier");
    bench.store.put_blob(&scope, &name, b"dossier").await.unwrap();
    let rights = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let blobs = folder.join("blobs");
    let own = blobs.join(scope.id().to_string());
    for folder in [&folder, &blobs, &own] {
        assert_eq!(rights(folder), 0o700, "{}", folder.display());
    }
    let database = folder.join("dijkwacht.db");
    for file in [database.clone(), database.with_extension("db-wal"), own.join(name)] {
        assert_eq!(rights(&file), 0o600, "{}", file.display());
    }
}
