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
        let fault = found.first().and_then(|one| one.fault.clone()).unwrap_or_default();
        assert!(fault.contains(told), "{tampering}: {fault}");
    };
    check("SELECT 1", "").await;
    check("UPDATE journal SET kind = 'incident.closed' WHERE idx = 1", "entry 1: its leaf").await;
    check("UPDATE journal SET leaf_hash = zeroblob(32) WHERE idx = 1", "entry 1: its hash").await;
    check("UPDATE journal_bodies SET body = x'7b7d' WHERE idx = 2", "entry 2: its body is not").await;
    check("DELETE FROM journal_bodies WHERE idx = 2", "entry 2: its body is gone").await;
    check("INSERT INTO erasures SELECT organisation, 2, 0 FROM heads", "entry 2: its body was erased on record").await;
    check("DELETE FROM journal WHERE idx = 3", "a body of an entry that is not there").await;
    check("DELETE FROM journal WHERE idx = 1", "entry 1: missing").await;
    check("UPDATE heads SET frontier = substr(frontier, 1, 39) || x'00'", "the head that is kept").await;
    check("DELETE FROM heads", "the head that is kept").await;
    check("DELETE FROM checkpoints", "no checkpoint covers it").await;
    check("DELETE FROM checkpoints WHERE size = 4", "the newest checkpoint covers 2").await;
    check("UPDATE checkpoints SET note = replace(note, 'A', 'B') WHERE size = 4", "checkpoint").await;
    check("UPDATE journal SET organisation = 'zzz' WHERE idx >= 2", "a body of an entry that is not there").await;
}
