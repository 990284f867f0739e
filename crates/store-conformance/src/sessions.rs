//! Web sessions.

use jiff::SignedDuration;

use crate::bench::{Bench, NOW};

pub async fn a_session_is_kept_replaced_and_deleted(bench: Bench) {
    let store = &bench.store;
    let later = NOW + SignedDuration::from_hours(1);
    assert_eq!(store.load_session("one", NOW).await.unwrap(), None);
    store.save_session("one", b"\x00first\xff", later).await.unwrap();
    store.save_session("two", b"", later).await.unwrap();
    assert_eq!(store.load_session("one", NOW).await.unwrap().as_deref(), Some(&b"\x00first\xff"[..]));
    store.save_session("one", b"second", later).await.unwrap();
    assert_eq!(store.load_session("one", NOW).await.unwrap().as_deref(), Some(&b"second"[..]));
    store.delete_session("one").await.unwrap();
    store.delete_session("one").await.unwrap();
    assert_eq!(store.load_session("one", NOW).await.unwrap(), None);
    assert_eq!(store.load_session("two", NOW).await.unwrap().as_deref(), Some(&b""[..]));
}

pub async fn a_session_expires(bench: Bench) {
    let store = &bench.store;
    let (short, long) = (NOW + SignedDuration::from_mins(10), NOW + SignedDuration::from_hours(10));
    store.save_session("short", b"s", short).await.unwrap();
    store.save_session("long", b"l", long).await.unwrap();
    let just = short - SignedDuration::from_micros(1);
    assert!(store.load_session("short", just).await.unwrap().is_some());
    assert_eq!(store.load_session("short", short).await.unwrap(), None);
    let hours_later = NOW + SignedDuration::from_hours(5);
    assert!(store.load_session("long", hours_later).await.unwrap().is_some());
    // Saved again, it lives on.
    store.save_session("short", b"s", long).await.unwrap();
    assert!(store.load_session("short", hours_later).await.unwrap().is_some());
}
