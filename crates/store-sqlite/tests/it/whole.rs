//! A whole store in and out: what is not whole is not opened, and what is there is not touched.

use std::sync::Arc;

use app::{Intake, Store, StoreError};
use sqlx::{AssertSqlSafe, Connection};
use store_conformance::bench::NOW;
use store_conformance::{Bench, copies};
use store_sqlite::SqliteStore;

use crate::{filled, fresh, raw};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_moves_whole_however_often_it_is_stopped() {
    let (Some((from, _kept)), folder) = (fresh().await, tempfile::tempdir().unwrap()) else { panic!("a folder") };
    let from = Bench::new(from);
    copies::fill(&from).await;
    let schema = from.store.snapshot().await.unwrap().schema();
    let to = SqliteStore::open_for_intake(folder.path(), schema).await.unwrap();
    copies::moves(&from, Arc::new(to)).await;
    SqliteStore::open(folder.path()).await.unwrap();
}

#[tokio::test]
async fn what_is_not_whole_is_opened_for_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let to: Arc<dyn Store> = Arc::new(SqliteStore::open_for_intake(folder.path(), 15).await.unwrap());
    Intake::begin(to, "a", NOW).await.unwrap();
    let refused = SqliteStore::open(folder.path()).await.unwrap_err().to_string();
    assert!(refused.contains("is not whole") && refused.contains("again"), "{refused}");
    SqliteStore::open_for_intake(folder.path(), 15).await.unwrap();
}

/// Stopped before it could say what it takes in, at whatever step: before there was a database, and after.
#[tokio::test]
async fn what_has_only_begun_is_opened_for_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("dijkwacht.db-taking-in"), "").unwrap();
    let check = async || {
        for opened in [SqliteStore::open(folder.path()).await, SqliteStore::open_to_read(folder.path()).await] {
            let refused = opened.unwrap_err().to_string();
            assert!(refused.contains("is not whole") && refused.contains("again"), "{refused}");
        }
    };
    check().await;
    assert!(!folder.path().join("dijkwacht.db").exists(), "it was not even touched");
    for _ in 0..2 {
        drop(SqliteStore::open_for_intake(folder.path(), 15).await.unwrap());
        check().await;
    }
    let to: Arc<dyn Store> = Arc::new(SqliteStore::open_for_intake(folder.path(), 15).await.unwrap());
    Intake::begin(Arc::clone(&to), "a", NOW).await.unwrap();
    check().await;
    // The mark in the database is the last that goes, and no other is left then.
    to.end_intake().await.unwrap();
    SqliteStore::open(folder.path()).await.unwrap();
}

#[tokio::test]
async fn what_holds_something_is_not_even_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::File::create(folder.path().join("dijkwacht.db")).unwrap();
    let mut other = raw(&folder).await;
    sqlx::query("CREATE TABLE songs (title TEXT)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let refused = SqliteStore::open_for_intake(folder.path(), 15).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict), "{refused:?}");
    let tables = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table'";
    let count: i64 = sqlx::query_scalar(tables).fetch_one(&mut raw(&folder).await).await.unwrap();
    assert_eq!(count, 1);
}

#[tokio::test]
async fn a_copy_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = SqliteStore::open_for_intake(folder.path(), 9999).await.unwrap_err().to_string();
    assert!(refused.contains("newer program") && refused.contains("9999"), "{refused}");
}

/// A copy of what was changed has the same faults, none more and none less.
async fn copied(bench: &Bench, found: &[app::Soundness], tampering: &str) {
    let (folder, schema) = (tempfile::tempdir().unwrap(), bench.store.snapshot().await.unwrap().schema());
    let to: Arc<dyn Store> = Arc::new(SqliteStore::open_for_intake(folder.path(), schema).await.unwrap());
    let mut intake = Intake::begin(Arc::clone(&to), "a", NOW).await.unwrap();
    let copy = app::copy_out(bench.store.as_ref(), &mut intake, app::Damaged::Refused, &|_, _| {}).await;
    assert!(copy.is_ok(), "{tampering}: {copy:?}");
    let app = app::App { store: to, ..bench.app.clone() };
    assert_eq!(app.soundness().await.unwrap(), found, "{tampering}");
}

#[tokio::test]
async fn whatever_is_changed_behind_our_back_is_found() {
    let check = async |tampering: &'static str, told: &str| {
        let (bench, scope, folder) = filled().await;
        bench.open(&scope, 2, 2).await;
        let mut raw = raw(&folder).await;
        let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'";
        for name in sqlx::query_scalar::<_, String>(triggers).fetch_all(&mut raw).await.unwrap() {
            sqlx::query(AssertSqlSafe(format!("DROP TRIGGER {name}"))).execute(&mut raw).await.unwrap();
        }
        sqlx::query(tampering).execute(&mut raw).await.unwrap();
        let found = bench.app.soundness().await.unwrap();
        copied(&bench, &found, tampering).await;
        let fault = found.first().and_then(|one| one.faults.first()).map(ToString::to_string).unwrap_or_default();
        assert!(fault.contains(told), "{tampering}: {fault}");
    };
    check("SELECT 1", "").await;
    check("UPDATE journal SET kind = 'incident.closed' WHERE idx = 1", "entry 1: its leaf").await;
    check("UPDATE journal SET leaf_hash = zeroblob(32) WHERE idx = 1", "entry 1: its hash").await;
    check("UPDATE journal_bodies SET body = x'7b7d' WHERE idx = 2", "entry 2: its body is not").await;
    check("DELETE FROM journal_bodies WHERE idx = 2", "entry 2: its body is gone").await;
    check("INSERT INTO erasures SELECT organisation, 2, 0 FROM heads", "entry 2: its body was erased on record").await;
    check("DELETE FROM journal WHERE idx = 3", "entry 3: it is not there").await;
    check("DELETE FROM journal WHERE idx = 1", "entry 1: it is not there").await;
    check("DELETE FROM journal WHERE idx IN (1, 2)", "entry 1: it is not there, nor those up to entry 2").await;
    check("UPDATE heads SET frontier = substr(frontier, 1, 39) || x'00'", "the head that is kept").await;
    check("DELETE FROM heads", "the head that is kept").await;
    check("DELETE FROM checkpoints", "no checkpoint covers it").await;
    check("DELETE FROM checkpoints WHERE size = 4", "the newest checkpoint covers 2").await;
    check("UPDATE checkpoints SET note = replace(note, 'A', 'B') WHERE size = 4", "checkpoint").await;
    check("UPDATE journal SET organisation = 'zzz' WHERE idx >= 2", "entry 2: it is not there").await;
}

#[tokio::test]
async fn a_row_that_was_changed_is_not_shown_as_true() {
    let check = async |what: &str, change: &str, is_found: bool| {
        let (store, folder) = crate::fresh().await.unwrap();
        let bench = Bench::new(store).with_law();
        let now = store_conformance::bench::NOW;
        let scope = bench.organisation("zorg").await;
        let report = |what: &str| app::Report { what: what.into(), ..app::Report::default() };
        let (one, two) = (
            bench.app.report(&scope, report("Laptop kwijt"), now).await.unwrap(),
            bench.app.report(&scope, report("Brief verkeerd"), now).await.unwrap(),
        );
        let mut raw = raw(&folder).await;
        let triggers: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            .fetch_all(&mut raw)
            .await
            .unwrap();
        for name in triggers {
            sqlx::query(AssertSqlSafe(format!("DROP TRIGGER {name}"))).execute(&mut raw).await.unwrap();
        }
        sqlx::raw_sql(AssertSqlSafe(change.to_owned())).execute(&mut raw).await.unwrap();
        let read = bench.app.incident(&scope, one.number).await;
        let is_damaged = matches!(&read, Err(app::Error::Unavailable(app::Trouble::Damaged, _)));
        assert_eq!(is_damaged, is_found, "{what}: {read:?}");
        if let Err(error) = read {
            assert!(error.to_string().contains("entry 0 of the register"), "{what}: {error}");
        }
        // The others are read as ever; no export is made that would not verify.
        assert_eq!(bench.app.incident(&scope, two.number).await.unwrap().title, "Brief verkeerd", "{what}");
        let export = bench.app.export(&scope, now).await.map(drop);
        assert_eq!(
            matches!(export, Err(app::Error::Unavailable(app::Trouble::Damaged, _))),
            is_found,
            "{what}: {export:?}"
        );
    };
    check("nothing", "SELECT 1", false).await;
    check(
        "a body",
        "UPDATE journal_bodies SET body = CAST(replace(body, 'Laptop', 'Lepels') AS BLOB) WHERE idx = 0",
        true,
    )
    .await;
    check("a moment", "UPDATE journal SET recorded_at = recorded_at + 1 WHERE idx = 0", true).await;
    check("a commitment", "UPDATE journal SET commitment = zeroblob(32) WHERE idx = 0", true).await;
    check("a hash", "UPDATE journal SET leaf_hash = zeroblob(32) WHERE idx = 0", true).await;
    check("a salt", "UPDATE journal_bodies SET salt = zeroblob(32) WHERE idx = 0", true).await;
}

#[tokio::test]
async fn pages_that_do_not_fit_together_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(folder.path()).await.unwrap();
    let bench = Bench::new(Arc::new(store));
    let scope = bench.organisation("zorg").await;
    for number in 1..=40 {
        bench.open(&scope, number, 2).await;
    }
    drop(bench);
    let store = SqliteStore::open(folder.path()).await.unwrap();
    store.check_pages().await.unwrap();
    app::Retention::settle(&store).await.unwrap();
    store.close().await;

    let place = folder.path().join("dijkwacht.db");
    let mut bytes = std::fs::read(&place).unwrap();
    // The second half of the file, but for its pages' places: as a disk that lost some of its blocks.
    let from = bytes.len() / 2;
    bytes[from..from + 40_960].fill(0x5a);
    std::fs::write(&place, bytes).unwrap();
    let found = match SqliteStore::open(folder.path()).await {
        Ok(store) => store.check_pages().await,
        Err(error) => Err(error),
    };
    assert!(matches!(found, Err(app::StoreError::Unavailable(app::Trouble::Damaged, _))), "{found:?}");
}
