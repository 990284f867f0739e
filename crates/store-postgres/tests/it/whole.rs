//! A whole store in and out: what is not whole is not opened, and what is there is not touched.

use std::sync::Arc;

use app::{Intake, Store, StoreError};
use store_conformance::bench::NOW;
use store_conformance::{Bench, Throwaway, copies};
use store_postgres::{PostgresStore, Waiting};

use crate::fresh;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_moves_whole_however_often_it_is_stopped() {
    let (Some((from, _kept)), Some(database)) = (fresh().await, Throwaway::new().await) else { return };
    let from = Bench::new(from);
    copies::fill(&from).await;
    let schema = from.store.snapshot().await.unwrap().schema();
    let to = PostgresStore::open_for_intake(database.address(), schema).await.unwrap();
    copies::moves(&from, Arc::new(to)).await;
    PostgresStore::open(database.address()).await.unwrap();
}

#[tokio::test]
async fn what_is_not_whole_is_opened_for_nothing_else() {
    let Some(database) = Throwaway::new().await else { return };
    let to: Arc<dyn Store> = Arc::new(PostgresStore::open_for_intake(database.address(), 15).await.unwrap());
    Intake::begin(to, "a", NOW).await.unwrap();
    let refused = PostgresStore::open(database.address()).await.unwrap_err().to_string();
    assert!(refused.contains("is not whole") && refused.contains("again"), "{refused}");
    PostgresStore::open_for_intake(database.address(), 15).await.unwrap();
}

/// Stopped before it could say what it takes in.
#[tokio::test]
async fn what_has_only_begun_is_opened_for_nothing_else() {
    let Some(database) = Throwaway::new().await else { return };
    let check = async || {
        let read = PostgresStore::open_to_read(database.address(), Waiting::default()).await;
        for opened in [PostgresStore::open(database.address()).await, read] {
            let refused = opened.unwrap_err().to_string();
            assert!(refused.contains("is not whole") && refused.contains("again"), "{refused}");
        }
    };
    for _ in 0..2 {
        drop(PostgresStore::open_for_intake(database.address(), 15).await.unwrap());
        check().await;
    }
    // Before there was any table of the schema.
    let mut other = database.connect().await;
    sqlx::raw_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE taking_in (one SMALLINT)")
        .execute(&mut other)
        .await
        .unwrap();
    check().await;
    let to: Arc<dyn Store> = Arc::new(PostgresStore::open_for_intake(database.address(), 15).await.unwrap());
    Intake::begin(Arc::clone(&to), "a", NOW).await.unwrap();
    check().await;
    // The mark in the database is the last that goes, and no other is left then.
    to.end_intake().await.unwrap();
    PostgresStore::open(database.address()).await.unwrap();
}

#[tokio::test]
async fn what_holds_something_is_not_even_brought_up_to_date() {
    let Some(database) = Throwaway::new().await else { return };
    let mut other = database.connect().await;
    sqlx::query("CREATE TABLE songs (title TEXT)").execute(&mut other).await.unwrap();
    let refused = PostgresStore::open_for_intake(database.address(), 15).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict), "{refused:?}");
    let tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = current_schema()";
    let count: i64 = sqlx::query_scalar(tables).fetch_one(&mut other).await.unwrap();
    assert_eq!(count, 1);
}
