//! What several servers agree on.

use crate::bench::Bench;

pub async fn the_first_key_stands(bench: Bench) {
    let store = &bench.store;
    assert_eq!(store.agreed_key().await.unwrap(), None);
    let (one, two) = tokio::join!(store.agree_on_key("one"), store.agree_on_key("two"));
    let stands = one.unwrap();
    assert_eq!(two.unwrap(), stands);
    assert_eq!(store.agree_on_key("three").await.unwrap(), stands);
    assert_eq!(store.agreed_key().await.unwrap(), Some(stands));
}
