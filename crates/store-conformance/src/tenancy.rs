//! What one organisation owns does not exist for another.

use app::{Listing, StoreError, StoredDetection};

use crate::bench::{Bench, further, opening};
use crate::blobs::sha256;

pub async fn another_organisation_sees_nothing(bench: Bench) {
    let (ours, theirs) = (bench.organisation("zorg").await, bench.organisation("school").await);
    let mut append = opening(bench.new_incident(), 1, 2);
    append.detections = vec![StoredDetection { id: "a".into(), sha256: sha256(b"{}"), json: "{}".into() }];
    let incident = append.incident;
    bench.append(&ours, append).await.unwrap();
    let document = b"dossier";
    bench.store.put_blob(&ours, &sha256(document), document).await.unwrap();

    let store = &bench.store;
    assert!(store.history(&ours, incident).await.is_ok());
    assert!(matches!(store.history(&theirs, incident).await, Err(StoreError::NotFound)));
    assert!(matches!(store.detections(&theirs, incident).await, Err(StoreError::NotFound)));
    assert!(matches!(store.incident_by_number(&theirs, 1).await, Err(StoreError::NotFound)));
    assert!(matches!(store.blob(&theirs, &sha256(document)).await, Err(StoreError::NotFound)));
    assert_eq!(store.entries(&theirs).await.unwrap(), []);
    assert_eq!(store.incidents(&theirs).await.unwrap(), []);
    assert_eq!(store.checkpoint(&theirs).await.unwrap(), None);
    assert_eq!(store.next_number(&theirs).await.unwrap(), 1);
}

pub async fn an_incident_of_another_organisation_cannot_be_written(bench: Bench) {
    let (ours, theirs) = (bench.organisation("zorg").await, bench.organisation("school").await);
    let incident = bench.open(&ours, 1, 2).await;
    for expected in [0, 2] {
        let outcome = bench.append(&theirs, further(incident, 1, expected, 1)).await;
        assert!(matches!(outcome, Err(StoreError::NotFound)), "{outcome:?}");
    }
    assert_eq!(bench.register_holds(&theirs).await, 0);
    assert_eq!(bench.store.incidents(&theirs).await.unwrap(), []);
    assert_eq!(bench.register_holds(&ours).await, 2);
}

pub async fn two_organisations_have_registers_of_their_own(bench: Bench) {
    let (ours, theirs) = (bench.organisation("zorg").await, bench.organisation("school").await);
    bench.open(&ours, 1, 2).await;
    bench.open(&theirs, 1, 3).await;
    bench.open(&ours, 2, 2).await;
    assert_eq!(bench.register_holds(&ours).await, 4);
    assert_eq!(bench.register_holds(&theirs).await, 3);
    // Making one's lists anew leaves the other's as they are.
    let lists = bench.store.incidents(&theirs).await.unwrap();
    let own = bench.store.incidents(&ours).await.unwrap();
    let own = own.into_iter().map(|row| (row, Listing::default())).collect();
    bench.store.rewrite(&ours, own).await.unwrap();
    bench.store.drop_strays(&ours).await.unwrap();
    assert_eq!(bench.store.incidents(&theirs).await.unwrap(), lists);
}
