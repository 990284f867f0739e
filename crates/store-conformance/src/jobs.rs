//! Work that comes back: of several servers one does it, and it never stops for good.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use app::StoreError;

use crate::bench::{Bench, NOW};

const LEASE: SignedDuration = SignedDuration::from_mins(10);
const DAY: SignedDuration = SignedDuration::from_hours(24);

const ONE: Uuid = Uuid::from_u128(1);
const TWO: Uuid = Uuid::from_u128(2);

async fn claims(bench: &Bench, holder: Uuid, now: Timestamp) -> bool {
    bench.store.claim_job("sweep", holder, now, now + LEASE, DAY).await.unwrap()
}

async fn done(bench: &Bench, holder: Uuid, at: Timestamp) -> Result<(), StoreError> {
    bench.store.job_done("sweep", holder, at, at + DAY).await
}

pub async fn a_job_is_held_by_one_until_it_is_done(bench: Bench) {
    assert_eq!(bench.store.job_last_done("sweep").await.unwrap(), None);
    assert!(claims(&bench, ONE, NOW).await, "what was never done is due");
    assert!(!claims(&bench, TWO, NOW).await, "somebody has it");
    assert!(!claims(&bench, ONE, NOW).await, "its holder does it once");
    assert!(bench.store.claim_job("another", TWO, NOW, NOW + LEASE, DAY).await.unwrap(), "another is another's");
    assert_eq!(bench.store.job_last_done("sweep").await.unwrap(), None);

    let at = NOW + SignedDuration::from_mins(1);
    done(&bench, ONE, at).await.unwrap();
    assert_eq!(bench.store.job_last_done("sweep").await.unwrap(), Some(at));
    assert_eq!(bench.store.job_last_done("another").await.unwrap(), None);
    let due = at + DAY;
    assert!(!claims(&bench, TWO, due - SignedDuration::from_micros(1)).await, "not due yet");
    assert!(claims(&bench, TWO, due).await, "due again");
    assert_eq!(bench.store.job_last_done("sweep").await.unwrap(), Some(at), "claimed is not done");
}

pub async fn a_job_whose_holder_stopped_goes_to_another(bench: Bench) {
    assert!(claims(&bench, ONE, NOW).await);
    let over = NOW + LEASE;
    assert!(!claims(&bench, TWO, over - SignedDuration::from_micros(1)).await);
    assert!(claims(&bench, TWO, over).await);
    // Whoever lost it cannot say that it was done, however late that comes.
    assert!(matches!(done(&bench, ONE, over).await, Err(StoreError::Conflict)));
    assert!(matches!(bench.store.job_done("never claimed", ONE, over, over).await, Err(StoreError::Conflict)));
    assert_eq!(bench.store.job_last_done("sweep").await.unwrap(), None);
    done(&bench, TWO, over).await.unwrap();
    assert_eq!(bench.store.job_last_done("sweep").await.unwrap(), Some(over));
}

pub async fn a_job_that_takes_long_is_held_on_to(bench: Bench) {
    assert!(claims(&bench, ONE, NOW).await);
    let later = NOW + LEASE;
    bench.store.hold_job("sweep", ONE, later + LEASE).await.unwrap();
    assert!(!claims(&bench, TWO, later).await);
    assert!(matches!(bench.store.hold_job("sweep", TWO, later + LEASE).await, Err(StoreError::Conflict)));
    assert!(claims(&bench, TWO, later + LEASE).await);
    assert!(matches!(bench.store.hold_job("sweep", ONE, later + LEASE * 2).await, Err(StoreError::Conflict)));
}

pub async fn a_job_that_failed_is_due_again_when_its_holder_says(bench: Bench) {
    assert!(claims(&bench, ONE, NOW).await);
    let (at, again) = (NOW + SignedDuration::from_secs(1), NOW + SignedDuration::from_mins(5));
    assert!(matches!(bench.store.job_failed("sweep", TWO, at, again).await, Err(StoreError::Conflict)));
    bench.store.job_failed("sweep", ONE, at, again).await.unwrap();
    assert_eq!(bench.store.job_last_done("sweep").await.unwrap(), None, "failed is not done");
    assert!(!claims(&bench, TWO, again - SignedDuration::from_micros(1)).await);
    assert!(claims(&bench, TWO, again).await);
}

pub async fn a_job_claimed_at_the_same_moment_is_claimed_once(bench: Bench) {
    let mut won = 0;
    let servers: Vec<_> = (0..8_u128)
        .map(|server| {
            let bench = bench.clone();
            tokio::spawn(async move { claims(&bench, Uuid::from_u128(server), NOW).await })
        })
        .collect();
    for server in servers {
        won += usize::from(server.await.unwrap());
    }
    assert_eq!(won, 1);
}

pub async fn a_clock_set_back_stops_no_job_for_ever(bench: Bench) {
    // A clock that was fifty years ahead did the job, and was set right.
    let ahead = NOW + DAY * (50 * 365);
    assert!(claims(&bench, ONE, ahead).await);
    done(&bench, ONE, ahead).await.unwrap();
    assert!(claims(&bench, TWO, NOW).await, "done in the future: the clock was set back");
    done(&bench, TWO, NOW).await.unwrap();
    assert_eq!(bench.store.job_last_done("sweep").await.unwrap(), Some(NOW));

    // The same while somebody held it.
    assert!(claims(&bench, ONE, ahead).await);
    assert!(claims(&bench, TWO, NOW + DAY).await, "held until far in the future: the clock was set back");
    done(&bench, TWO, NOW + DAY).await.unwrap();

    // Servers whose clocks differ a little do not take work from each other.
    let (due, skew) = (NOW + DAY * 2, SignedDuration::from_secs(5));
    assert!(claims(&bench, ONE, due + skew).await);
    assert!(!claims(&bench, TWO, due).await);
    done(&bench, ONE, due + skew).await.unwrap();
    assert!(!claims(&bench, TWO, due).await);
}
