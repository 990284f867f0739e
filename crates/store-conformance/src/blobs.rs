//! Documents by the hash of their bytes.

use std::slice::from_ref;

use app::{Before, BlobReader, Scope, StoreError, StoredBlob};
use sha2::{Digest, Sha256};

use crate::bench::{Bench, further, opening};

/// The name of these bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

pub async fn a_document_comes_back_byte_for_byte(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let large: Vec<u8> = (0..300_000_u32).map(|place| (place % 251) as u8).collect();
    for bytes in [&b"%PDF-1.7 \x00\xff"[..], b"", &large] {
        let name = sha256(bytes);
        assert!(matches!(bench.store.blob(&scope, &name).await, Err(StoreError::NotFound)));
        // Twice is as good as once.
        bench.store.put_blob(&scope, &name, bytes).await.unwrap();
        bench.store.put_blob(&scope, &name, bytes).await.unwrap();
        assert_eq!(bench.store.blob(&scope, &name).await.unwrap(), bytes);
    }
}

pub async fn a_document_under_a_wrong_name_is_refused(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let name = sha256(b"one");
    for wrong in [&name[..], &sha256(b"two").to_uppercase(), "../two", ""] {
        assert!(bench.store.put_blob(&scope, wrong, b"two").await.is_err(), "{wrong}");
    }
    assert!(matches!(bench.store.blob(&scope, &name).await, Err(StoreError::NotFound)));
}

pub async fn a_name_that_is_no_hash_names_nothing(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    bench.store.put_blob(&scope, &sha256(b"one"), b"one").await.unwrap();
    let upper = sha256(b"one").to_uppercase();
    let around = format!("../{}/{}", scope.id(), sha256(b"one"));
    for name in ["", ".", "..", "../../dijkwacht.db", "/etc/passwd", &upper, &around, "one\0"] {
        assert!(matches!(bench.store.blob(&scope, name).await, Err(StoreError::NotFound)), "{name:?}");
    }
}

/// Bytes that repeat nowhere soon, so that no piece can stand in for another.
fn many(count: u32) -> Vec<u8> {
    (0..count).flat_map(|place| place.wrapping_mul(2_654_435_761).to_be_bytes()).collect()
}

/// Stores a file as one comes in.
pub async fn store_in_pieces(bench: &Bench, scope: &Scope, bytes: &[u8], size: usize) -> StoredBlob {
    let mut writer = bench.store.new_blob(scope).await.unwrap();
    for piece in bytes.chunks(size) {
        writer.write(piece).await.unwrap();
    }
    writer.finish().await.unwrap()
}

async fn read_all(mut reader: Box<dyn BlobReader>) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    while let Some(piece) = reader.next().await? {
        bytes.extend(piece);
    }
    Ok(bytes)
}

pub async fn a_file_comes_in_and_goes_out_in_pieces(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let large = many(700_000);
    for (bytes, size) in [(&large[..], 100_003), (&large[..1 << 20], 1 << 20), (&large[..3], 1), (b"", 1)] {
        let stored = store_in_pieces(&bench, &scope, bytes, size).await;
        assert_eq!((stored.sha256.as_str(), stored.size_bytes), (sha256(bytes).as_str(), bytes.len() as u64));
        assert_eq!(stored.before, Before::Nothing);
        let again = store_in_pieces(&bench, &scope, bytes, size).await;
        assert_eq!(again, StoredBlob { before: Before::Intact, ..stored.clone() });
        let reader = bench.store.open_blob(&scope, &stored.sha256).await.unwrap();
        assert_eq!(reader.size_bytes(), bytes.len() as u64);
        assert!(read_all(reader).await.unwrap() == bytes, "{} bytes in pieces of {size}", bytes.len());
        assert!(bench.store.blob(&scope, &stored.sha256).await.unwrap() == bytes);
    }
    assert!(matches!(bench.store.open_blob(&scope, &sha256(b"?")).await.err(), Some(StoreError::NotFound)));
}

pub async fn a_file_that_was_given_up_was_never_there(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let mut writer = bench.store.new_blob(&scope).await.unwrap();
    writer.write(&many(300_000)).await.unwrap();
    drop(writer);
    assert!(bench.store.blobs(&scope).await.unwrap().is_empty());
    let stored = store_in_pieces(&bench, &scope, b"after", 2).await;
    assert_eq!(bench.store.blobs(&scope).await.unwrap(), [stored.sha256]);
}

pub async fn the_same_file_at_the_same_time_is_stored_once(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let bytes = many(400_000);
    let mut tasks = Vec::new();
    for size in [65_536, 70_001, 1 << 20, 333_333] {
        let (bench, scope, bytes) = (bench.clone(), scope.clone(), bytes.clone());
        tasks.push(tokio::spawn(async move { store_in_pieces(&bench, &scope, &bytes, size).await }));
    }
    for task in tasks {
        assert_eq!(task.await.unwrap().sha256, sha256(&bytes));
    }
    assert_eq!(bench.store.blobs(&scope).await.unwrap(), [sha256(&bytes)]);
    assert!(bench.store.blob(&scope, &sha256(&bytes)).await.unwrap() == bytes);
    // Another organisation has its own, and sees nothing of this one.
    let other = bench.organisation("andere").await;
    assert!(bench.store.blobs(&other).await.unwrap().is_empty());
    assert!(matches!(bench.store.open_blob(&other, &sha256(&bytes)).await.err(), Some(StoreError::NotFound)));
}

pub async fn a_file_goes_when_the_last_incident_lets_go_of_it(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let name = store_in_pieces(&bench, &scope, b"foto", 4).await.sha256;
    let (one, two) = (bench.new_incident(), bench.new_incident());
    for (number, incident) in [(1, one), (2, two)] {
        let mut append = opening(incident, number, 1);
        append.files = vec![name.clone()];
        bench.append(&scope, append).await.unwrap();
        assert_eq!(bench.store.blobs_of(&scope, incident).await.unwrap(), from_ref(&name));
    }
    // The same once more is no second use.
    let mut append = further(one, 1, 1, 1);
    append.files = vec![name.clone(), name.clone()];
    bench.append(&scope, append).await.unwrap();

    assert!(!bench.store.delete_blob(&scope, one, &name).await.unwrap(), "the other incident uses it");
    assert!(bench.store.blobs_of(&scope, one).await.unwrap().is_empty());
    assert!(matches!(bench.store.delete_blob(&scope, one, &name).await, Err(StoreError::NotFound)));
    assert_eq!(bench.store.blob(&scope, &name).await.unwrap(), b"foto");
    let other = bench.organisation("andere").await;
    assert!(matches!(bench.store.delete_blob(&other, two, &name).await, Err(StoreError::NotFound)));
    assert!(bench.store.delete_blob(&scope, two, &name).await.unwrap());
    assert!(matches!(bench.store.blob(&scope, &name).await, Err(StoreError::NotFound)));
    assert!(bench.store.blobs(&scope).await.unwrap().is_empty());
    // And it can come back; nobody uses it then.
    assert_eq!(store_in_pieces(&bench, &scope, b"foto", 4).await.sha256, name);
    assert_eq!(bench.store.blob(&scope, &name).await.unwrap(), b"foto");
    let mut append = further(one, 1, 2, 1);
    append.files = vec![name.clone()];
    bench.append(&scope, append).await.unwrap();
    assert!(!bench.store.delete_unused_blob(&scope, &name).await.unwrap(), "an incident uses it");
    assert!(bench.store.delete_blob(&scope, one, &name).await.unwrap());
    assert!(!bench.store.delete_unused_blob(&scope, &name).await.unwrap(), "it is gone");
    store_in_pieces(&bench, &scope, b"foto", 4).await;
    assert!(bench.store.delete_unused_blob(&scope, &name).await.unwrap());
    assert!(bench.store.blobs(&scope).await.unwrap().is_empty());
}

pub async fn an_incident_cannot_use_a_file_that_is_not_stored(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let incident = bench.open(&scope, 1, 1).await;
    for name in [&sha256(b"never stored"), "../../dijkwacht.db", ""] {
        let mut append = further(incident, 1, 1, 1);
        append.files = vec![name.to_owned()];
        assert!(matches!(bench.append(&scope, append).await, Err(StoreError::NotFound)), "{name}");
    }
    assert_eq!(bench.register_holds(&scope).await, 1, "nothing of it was written");
}
