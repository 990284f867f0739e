//! The database refuses to change the journal, whoever asks.

use app::Before;
use store_conformance::blobs::store_in_pieces;

use crate::filled;

#[tokio::test]
async fn the_journal_cannot_be_changed_or_deleted_with_sql() {
    let Some((bench, scope, database)) = filled().await else { return };
    let entries = bench.store.entries(&scope).await.unwrap();
    bench.open(&scope, 2, 1).await;
    let mut raw = database.connect().await;
    let erase = "INSERT INTO erasures SELECT organisation, 2, 0 FROM heads; DELETE FROM journal_bodies WHERE idx = 2";
    sqlx::raw_sql(erase).execute(&mut raw).await.unwrap();
    for statement in [
        "UPDATE journal SET kind = 'other' WHERE idx = 1",
        "UPDATE journal SET idx = idx + 10",
        "DELETE FROM journal WHERE idx = 1",
        "DELETE FROM journal",
        "TRUNCATE journal CASCADE",
        "INSERT INTO journal SELECT * FROM journal WHERE idx = 0 ON CONFLICT (organisation, idx) DO UPDATE SET leaf = ''",
        "INSERT INTO journal SELECT organisation, 5, incident, kind, 0, leaf, leaf_hash, commitment FROM journal LIMIT 1",
        "MERGE INTO journal USING heads ON heads.organisation = journal.organisation WHEN MATCHED THEN DELETE",
        "UPDATE journal_bodies SET body = '' WHERE idx = 1",
        "DELETE FROM journal_bodies WHERE idx = 1",
        "TRUNCATE journal_bodies",
        "INSERT INTO journal_bodies SELECT organisation, idx, salt, '' FROM journal_bodies
            ON CONFLICT (organisation, idx) DO UPDATE SET body = excluded.body",
        "INSERT INTO journal_bodies SELECT organisation, 2, salt, body FROM journal_bodies WHERE idx = 0",
        "UPDATE erasures SET idx = 1",
        "DELETE FROM erasures",
        "TRUNCATE erasures",
        "INSERT INTO erasures SELECT organisation, idx, 1 FROM erasures
            ON CONFLICT (organisation, idx) DO UPDATE SET erased_at = 1",
        "UPDATE checkpoints SET note = ''",
        "DELETE FROM checkpoints",
        "TRUNCATE checkpoints CASCADE",
        "INSERT INTO checkpoints SELECT organisation, size, '' FROM checkpoints",
        "INSERT INTO checkpoints SELECT organisation, size - 1, '' FROM checkpoints",
        "UPDATE heads SET size = size - 1",
        "UPDATE heads SET frontier = ''",
        "DELETE FROM heads",
        "TRUNCATE heads",
        "TRUNCATE organisations CASCADE",
    ] {
        let refused = sqlx::raw_sql(statement).execute(&mut raw).await;
        let cause = refused.as_ref().err().and_then(|error| error.as_database_error());
        assert_eq!(cause.and_then(|cause| cause.code()).as_deref(), Some("P0001"), "{statement}: {refused:?}");
    }
    assert_eq!(bench.store.entries(&scope).await.unwrap()[..2], entries);
    assert_eq!(bench.register_holds(&scope).await, 3);
}

#[tokio::test]
async fn an_erased_body_is_gone_and_the_proof_stays() {
    let Some((bench, scope, database)) = filled().await else { return };
    let before = bench.store.entries(&scope).await.unwrap();
    let mut raw = database.connect().await;
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

#[tokio::test]
async fn a_document_that_was_changed_is_not_given_out() {
    let Some((bench, scope, database)) = filled().await else { return };
    let bytes: Vec<u8> = (0..2_500_000_u32).map(|place| (place % 251) as u8).collect();
    let name = store_conformance::blobs::sha256(&bytes);
    bench.store.put_blob(&scope, &name, &bytes).await.unwrap();
    assert_eq!(bench.store.blob(&scope, &name).await.unwrap(), bytes);
    let mut raw = database.connect().await;
    let refused = sqlx::raw_sql("UPDATE document_parts SET bytes = ''").execute(&mut raw).await;
    assert!(refused.is_err());
    sqlx::raw_sql("DELETE FROM document_parts WHERE part = 1").execute(&mut raw).await.unwrap();
    let damaged = bench.store.blob(&scope, &name).await;
    assert!(damaged.as_ref().is_err_and(|error| error.to_string().contains("not what it was")), "{:?}", damaged.err());
    // Storing it again heals it, which is told; it once stayed as it was.
    assert_eq!(store_in_pieces(&bench, &scope, &bytes, 700_000).await.before, Before::Damaged);
    assert!(bench.store.blob(&scope, &name).await.unwrap() == bytes);
    sqlx::raw_sql("DELETE FROM document_parts WHERE part = 0").execute(&mut raw).await.unwrap();
    bench.store.put_blob(&scope, &name, &bytes).await.unwrap();
    assert!(bench.store.blob(&scope, &name).await.unwrap() == bytes);
}
