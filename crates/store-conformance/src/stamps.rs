//! Checkpoints: countersigned by a provider, and stamped once.

use jiff::SignedDuration;

use app::{Provider, Scope};
use facts::ProviderId;

use crate::bench::{Bench, NOW, further};

async fn with_provider(bench: &Bench) -> (ProviderId, Scope) {
    let provider = ProviderId(bench.app.chance.id(NOW).unwrap());
    bench.store.add_provider(&Provider { id: provider, name: "ICT Noord".to_owned() }).await.unwrap();
    bench.store.add_organisation(&bench.described("zorg", Some(provider))).await.unwrap();
    (provider, bench.app.permit_program("zorg").await.unwrap())
}

pub async fn a_provider_countersigns_every_checkpoint(bench: Bench) {
    let (provider, scope) = with_provider(&bench).await;
    let incident = bench.open(&scope, 1, 2).await;
    bench.append(&scope, further(incident, 1, 2, 1)).await.unwrap();
    assert_eq!(bench.register_holds(&scope).await, 3);
    let note = bench.store.checkpoint(&scope).await.unwrap().unwrap();
    let by = format!("— dijkwacht/provider/{} ", provider.0.hyphenated());
    assert!(note.lines().last().unwrap().starts_with(&by), "{note}");
    let alone = bench.organisation("alleen").await;
    bench.open(&alone, 1, 1).await;
    let note = bench.store.checkpoint(&alone).await.unwrap().unwrap();
    assert!(!note.contains("dijkwacht/provider/"), "{note}");
}

pub async fn the_newest_checkpoint_is_stamped_once(bench: Bench) {
    let (one, two) = (bench.organisation("een").await, bench.organisation("twee").await);
    let incident = bench.open(&one, 1, 2).await;
    bench.open(&two, 1, 1).await;
    bench.append(&one, further(incident, 1, 2, 1)).await.unwrap();
    let waiting = bench.store.unstamped(10).await.unwrap();
    let mut sizes: Vec<_> = waiting.iter().map(|of| (of.organisation, of.size)).collect();
    sizes.sort_by_key(|(_, size)| *size);
    assert_eq!(sizes, [(two.id(), 1), (one.id(), 3)], "the newest of each, and no older one");
    assert_eq!(bench.store.unstamped(1).await.unwrap().len(), 1);

    let of = waiting.iter().find(|of| of.organisation == one.id()).unwrap();
    assert_eq!(Some(&of.checkpoint), bench.store.checkpoint(&one).await.unwrap().as_ref());
    assert!(bench.store.keep_stamp(of, b"first", NOW).await.unwrap());
    let later = NOW + SignedDuration::from_mins(1);
    assert!(!bench.store.keep_stamp(of, b"second", later).await.unwrap(), "the first stamp stays");
    assert_eq!(bench.store.unstamped(10).await.unwrap().len(), 1);

    bench.append(&one, further(incident, 1, 3, 1)).await.unwrap();
    assert_eq!(bench.store.unstamped(10).await.unwrap().len(), 2, "grown, it waits again");
    let stamp = bench.store.stamp(&one, 4).await.unwrap().unwrap();
    assert_eq!((stamp.answer.as_slice(), &stamp.checkpoint), (&b"first"[..], &of.checkpoint));
    assert_eq!(bench.store.stamp(&one, 2).await.unwrap(), None);
    assert_eq!(bench.store.stamp(&two, 9).await.unwrap(), None);
}
