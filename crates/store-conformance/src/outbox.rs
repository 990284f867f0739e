//! Letters: queued once, given to one worker, and never lost on the way.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use app::{Letter, LetterKind, LetterState, NewLetter, Scope, StoreError};

use crate::bench::{Bench, NOW, further, opening};

const LEASE: SignedDuration = SignedDuration::from_mins(5);
const NONE: [Uuid; 0] = [];

fn letter(bench: &Bench, key: &str) -> NewLetter {
    NewLetter {
        id: bench.app.chance.id(NOW).unwrap(),
        key: key.to_owned(),
        kind: LetterKind::Alarm,
        incident: Some(bench.new_incident()),
        recipient: "directie@zorg.example".to_owned(),
        data: r#"{ "clock":"authority" }"#.to_owned(),
        created_at: NOW,
    }
}

/// Queues one and gives its id.
async fn queued(bench: &Bench, scope: &Scope, key: &str) -> Uuid {
    let letter = letter(bench, key);
    assert!(bench.store.queue(scope, &letter).await.unwrap());
    letter.id
}

/// The ids that a worker is given at this moment.
async fn taken(bench: &Bench, now: Timestamp, limit: u32) -> Vec<Uuid> {
    let letters = bench.store.take_letters(now, now + LEASE, limit).await.unwrap();
    letters.into_iter().map(|letter| letter.id).collect()
}

/// The only letter of an organisation.
async fn only(bench: &Bench, scope: &Scope) -> Letter {
    let mut letters = bench.store.letters(scope, 10).await.unwrap();
    assert_eq!(letters.len(), 1);
    letters.remove(0)
}

pub async fn a_letter_comes_back_whole(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let new = letter(&bench, "alarm/1");
    bench.store.queue(&scope, &new).await.unwrap();
    let expected = Letter {
        id: new.id,
        organisation: scope.id(),
        key: new.key,
        kind: new.kind,
        incident: new.incident,
        recipient: new.recipient,
        data: new.data,
        tree_size: 0,
        created_at: NOW,
        state: LetterState::Waiting { due_at: NOW },
        attempts: 0,
        last_error: String::new(),
    };
    assert_eq!(only(&bench, &scope).await, expected);
    let until = NOW + LEASE;
    let given = bench.store.take_letters(NOW, until, 10).await.unwrap();
    assert_eq!(given, [Letter { state: LetterState::Waiting { due_at: until }, attempts: 1, ..expected }]);
}

pub async fn a_letter_is_queued_once_by_its_key(bench: Bench) {
    let (zorg, bakker) = (bench.organisation("zorg").await, bench.organisation("bakker").await);
    let first = letter(&bench, "alarm/1");
    assert!(bench.store.queue(&zorg, &first).await.unwrap());
    let again = NewLetter { recipient: "iemand@zorg.example".to_owned(), ..letter(&bench, "alarm/1") };
    assert!(!bench.store.queue(&zorg, &again).await.unwrap());
    assert_eq!(only(&bench, &zorg).await.recipient, first.recipient, "the first one stands");
    assert!(bench.store.queue(&zorg, &letter(&bench, "alarm/2")).await.unwrap());
    // A key is its organisation's own.
    assert!(bench.store.queue(&bakker, &letter(&bench, "alarm/1")).await.unwrap());
    // Once sent it is still the same letter.
    bench.store.letter_sent(first.id, NOW).await.unwrap();
    assert!(!bench.store.queue(&zorg, &letter(&bench, "alarm/1")).await.unwrap());
}

pub async fn a_letter_queued_at_the_same_moment_is_one(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let writers: Vec<_> = (0..8)
        .map(|_| {
            let (bench, scope) = (bench.clone(), scope.clone());
            tokio::spawn(async move { bench.store.queue(&scope, &letter(&bench, "alarm/1")).await.unwrap() })
        })
        .collect();
    let mut new = 0;
    for writer in writers {
        new += usize::from(writer.await.unwrap());
    }
    assert_eq!(new, 1);
    only(&bench, &scope).await;
}

pub async fn an_append_queues_its_letters_or_nothing(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let mut append = opening(bench.new_incident(), 1, 2);
    append.letters = vec![letter(&bench, "checkpoint/1")];
    let incident = append.incident;
    bench.append(&scope, append).await.unwrap();
    assert_eq!(only(&bench, &scope).await.tree_size, 2, "the entries that caused it are counted in");

    let mut stale = further(incident, 1, 1, 1);
    stale.letters = vec![letter(&bench, "checkpoint/2")];
    assert!(matches!(bench.append(&scope, stale).await, Err(StoreError::Conflict)));
    only(&bench, &scope).await;

    let mut next = further(incident, 1, 2, 3);
    next.letters = vec![letter(&bench, "checkpoint/2"), letter(&bench, "checkpoint/1")];
    bench.append(&scope, next).await.unwrap();
    let mut sizes: Vec<_> = bench
        .store
        .letters(&scope, 10)
        .await
        .unwrap()
        .into_iter()
        .map(|letter| (letter.key, letter.tree_size))
        .collect();
    sizes.sort();
    assert_eq!(sizes, [("checkpoint/1".to_owned(), 2), ("checkpoint/2".to_owned(), 5)]);
}

pub async fn a_letter_is_leased_to_one_worker(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let id = queued(&bench, &scope, "alarm/1").await;
    assert_eq!(taken(&bench, NOW - SignedDuration::from_micros(1), 10).await, NONE, "not due yet");
    assert_eq!(taken(&bench, NOW, 10).await, [id]);
    assert_eq!(taken(&bench, NOW, 10).await, NONE);
    // Whoever had it was stopped in the middle: it is given again, and counted.
    assert_eq!(taken(&bench, NOW + LEASE - SignedDuration::from_micros(1), 10).await, NONE);
    assert_eq!(taken(&bench, NOW + LEASE, 10).await, [id]);
    assert_eq!(only(&bench, &scope).await.attempts, 2);
}

pub async fn letters_taken_at_the_same_moment_are_given_once_each(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let mut all = Vec::new();
    for number in 0..20 {
        all.push(queued(&bench, &scope, &format!("alarm/{number}")).await);
    }
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let bench = bench.clone();
            tokio::spawn(async move { taken(&bench, NOW, 100).await })
        })
        .collect();
    let mut given = Vec::new();
    for worker in workers {
        given.extend(worker.await.unwrap());
    }
    given.sort();
    all.sort();
    assert_eq!(given, all);
}

pub async fn what_waits_longest_is_given_first_up_to_the_limit(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let mut ids = Vec::new();
    for minutes in [2, 0, 1] {
        let at = NOW + SignedDuration::from_mins(minutes);
        let letter = NewLetter { created_at: at, ..letter(&bench, &format!("alarm/{minutes}")) };
        bench.store.queue(&scope, &letter).await.unwrap();
        ids.push(letter.id);
    }
    let now = NOW + SignedDuration::from_mins(10);
    assert_eq!(taken(&bench, now, 2).await, [ids[1], ids[2]]);
    assert_eq!(taken(&bench, now, 2).await, [ids[0]]);
    // On the page the newest stands first.
    let shown: Vec<_> = bench.store.letters(&scope, 2).await.unwrap().into_iter().map(|letter| letter.id).collect();
    assert_eq!(shown, [ids[0], ids[2]]);
}

pub async fn a_letter_that_was_sent_is_not_sent_again(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let id = queued(&bench, &scope, "alarm/1").await;
    taken(&bench, NOW, 1).await;
    bench.store.letter_failed(id, NOW, "the server is away", Some(NOW)).await.unwrap();
    let at = NOW + SignedDuration::from_mins(1);
    bench.store.letter_sent(id, at).await.unwrap();
    let sent = only(&bench, &scope).await;
    assert_eq!((sent.state, sent.last_error.as_str()), (LetterState::Sent { at }, ""));
    // What a slow worker says afterwards changes nothing of it.
    bench.store.letter_sent(id, at + LEASE).await.unwrap();
    bench.store.letter_failed(id, at + LEASE, "late", None).await.unwrap();
    assert_eq!(only(&bench, &scope).await.state, LetterState::Sent { at });
    assert_eq!(taken(&bench, at + LEASE * 1000, 1).await, NONE);
    assert!(matches!(bench.store.send_again(&scope, id, at).await, Err(StoreError::NotFound)));
}

pub async fn a_letter_that_failed_is_tried_later_and_once_given_up_only_when_asked(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let id = queued(&bench, &scope, "alarm/1").await;
    taken(&bench, NOW, 1).await;
    let again_at = NOW + SignedDuration::from_mins(15);
    bench.store.letter_failed(id, NOW, "the server is away", Some(again_at)).await.unwrap();
    let waits = only(&bench, &scope).await;
    assert_eq!(waits.state, LetterState::Waiting { due_at: again_at });
    assert_eq!((waits.attempts, waits.last_error.as_str()), (1, "the server is away"));
    assert_eq!(taken(&bench, again_at - SignedDuration::from_micros(1), 1).await, NONE);
    assert_eq!(taken(&bench, again_at, 1).await, [id]);

    bench.store.letter_failed(id, again_at, "no such mailbox", None).await.unwrap();
    let given_up = only(&bench, &scope).await;
    assert_eq!(given_up.state, LetterState::GivenUp { at: again_at });
    assert_eq!((given_up.attempts, given_up.last_error.as_str()), (2, "no such mailbox"));
    let later = again_at + SignedDuration::from_hours(1000);
    assert_eq!(taken(&bench, later, 1).await, NONE);

    bench.store.send_again(&scope, id, later).await.unwrap();
    assert_eq!(only(&bench, &scope).await.state, LetterState::Waiting { due_at: later });
    assert_eq!(taken(&bench, later, 1).await, [id]);
}

pub async fn letters_of_another_organisation_are_not_found(bench: Bench) {
    let (zorg, bakker) = (bench.organisation("zorg").await, bench.organisation("bakker").await);
    let id = queued(&bench, &zorg, "alarm/1").await;
    bench.store.letter_failed(id, NOW, "no such mailbox", None).await.unwrap();
    assert_eq!(bench.store.letters(&bakker, 10).await.unwrap(), []);
    assert!(matches!(bench.store.send_again(&bakker, id, NOW).await, Err(StoreError::NotFound)));
    assert_eq!(only(&bench, &zorg).await.state, LetterState::GivenUp { at: NOW });
    let nothing = Uuid::from_u128(7);
    assert!(matches!(bench.store.send_again(&zorg, nothing, NOW).await, Err(StoreError::NotFound)));
}

pub async fn a_clock_set_back_holds_no_letter_for_ever(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let ahead = NOW + SignedDuration::from_hours(24 * 365 * 50);
    let letter = NewLetter { created_at: ahead, ..letter(&bench, "alarm/1") };
    bench.store.queue(&scope, &letter).await.unwrap();
    assert_eq!(taken(&bench, NOW, 1).await, [letter.id], "due in fifty years: no letter is made to wait so long");
    assert_eq!(taken(&bench, NOW, 1).await, NONE);
}
