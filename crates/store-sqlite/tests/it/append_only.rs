//! The database refuses to change the journal, whoever asks.

use crate::{filled, raw};

#[tokio::test]
async fn the_journal_cannot_be_changed_or_deleted_with_sql() {
    let (bench, scope, folder) = filled().await;
    let entries = bench.store.entries(&scope).await.unwrap();
    let mut raw = raw(&folder).await;
    sqlx::raw_sql("INSERT INTO erasures SELECT organisation, 7, 0 FROM heads").execute(&mut raw).await.unwrap();
    for statement in [
        "UPDATE journal SET kind = 'other' WHERE idx = 1",
        "UPDATE journal SET idx = idx + 10",
        "DELETE FROM journal WHERE idx = 1",
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE idx = 0",
        "INSERT INTO journal SELECT organisation, 5, incident, kind, 0, leaf, leaf_hash, commitment FROM journal LIMIT 1",
        "UPDATE journal_bodies SET body = x'00' WHERE idx = 1",
        "DELETE FROM journal_bodies WHERE idx = 1",
        "INSERT OR REPLACE INTO journal_bodies SELECT organisation, idx, salt, x'00' FROM journal_bodies",
        "INSERT INTO journal_bodies SELECT organisation, 7, salt, body FROM journal_bodies WHERE idx = 0",
        "UPDATE erasures SET idx = 1",
        "DELETE FROM erasures",
        "INSERT OR REPLACE INTO erasures SELECT organisation, idx, 1 FROM erasures",
        "UPDATE checkpoints SET note = ''",
        "DELETE FROM checkpoints",
        "INSERT OR REPLACE INTO checkpoints SELECT organisation, size, '' FROM checkpoints",
        "INSERT INTO checkpoints SELECT organisation, size - 1, '' FROM checkpoints",
        "UPDATE heads SET size = size - 1",
        "UPDATE heads SET frontier = x'00'",
        "DELETE FROM heads",
    ] {
        let refused = sqlx::raw_sql(statement).execute(&mut raw).await;
        let text = refused.as_ref().err().and_then(|error| error.as_database_error()).map(|error| error.message());
        let by_trigger = ["never", "once", "only", "more entries"];
        assert!(text.is_some_and(|text| by_trigger.iter().any(|word| text.contains(word))), "{statement}: {refused:?}");
    }
    assert_eq!(bench.store.entries(&scope).await.unwrap(), entries);
    assert_eq!(bench.register_holds(&scope).await, 2);
}

#[tokio::test]
async fn an_erased_body_is_gone_and_the_proof_stays() {
    let (bench, scope, folder) = filled().await;
    let before = bench.store.entries(&scope).await.unwrap();
    let mut raw = raw(&folder).await;
    let erase = "INSERT INTO erasures SELECT organisation, 1, 0 FROM heads; DELETE FROM journal_bodies WHERE idx = 1";
    sqlx::raw_sql(erase).execute(&mut raw).await.unwrap();
    let after = bench.store.entries(&scope).await.unwrap();
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].salt_and_body, None);
    assert_eq!(after[1].commitment, before[1].commitment);
    assert_eq!(bench.register_holds(&scope).await, 2);
    let again = "INSERT INTO journal_bodies SELECT organisation, 1, salt, body FROM journal_bodies";
    assert!(sqlx::raw_sql(again).execute(&mut raw).await.is_err(), "what was erased does not come back");
}
