//! The folder: kept over restarts and crashes, refused when it is not ours to touch.

use std::fs;
use std::path::Path;

use app::StoreError;
use sqlx::Connection;
use store_conformance::Bench;
use store_conformance::blobs::sha256;
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
    let Err(StoreError::Unavailable(cause)) = refused else { panic!("{refused:?}") };
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
    assert!(matches!(bench.store.blob(&scope, &name).await, Err(StoreError::Unavailable(_))));
    // Storing it again heals it, and nothing lies beside it.
    bench.store.put_blob(&scope, &name, b"dossier").await.unwrap();
    assert_eq!(bench.store.blob(&scope, &name).await.unwrap(), b"dossier");
    assert_eq!(fs::read_dir(place.parent().unwrap()).unwrap().count(), 1);
}

#[tokio::test]
async fn expired_sessions_do_not_stay_behind() {
    let (store, folder) = fresh().await.unwrap();
    let now = store_conformance::bench::NOW;
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
    assert_eq!(count().await, 1);
}

#[tokio::test]
async fn a_place_that_is_no_folder_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("file");
    fs::write(&place, b"").unwrap();
    let refused = SqliteStore::open(&place).await;
    let Err(StoreError::Unavailable(cause)) = refused else { panic!("{refused:?}") };
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
