//! Documents by the hash of their bytes.

use app::StoreError;
use sha2::{Digest, Sha256};

use crate::bench::Bench;

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
