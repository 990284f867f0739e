//! What leaves through the application: the checkpoint at a decision, the alarms of clocks, and what becomes of a letter.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use app::ports::{Post, PostError};
use app::{Letter, LetterKind, LetterState, Mail, Profile, Report, Scope, Sending, Signer};
use incident::{Order, Permission, Role};
use law::verdict::Duty;
use register::Checkpoint;

use crate::bench::{Bench, Keys, NOW, further};

const ADDRESS: &str = "register@zorg.example";
const BASE_URL: &str = "https://dijkwacht.example";

/// Keeps what it is handed, and answers as it was told to.
struct Keeping {
    mails: Mutex<Vec<Mail>>,
    answer: Result<(), PostError>,
}

impl Keeping {
    fn that(answer: Result<(), PostError>) -> Self {
        Self { mails: Mutex::default(), answer }
    }

    fn mails(&self) -> Vec<Mail> {
        self.mails.lock().unwrap().clone()
    }
}

#[async_trait]
impl Post for Keeping {
    async fn send(&self, mail: &Mail) -> Result<(), PostError> {
        self.mails.lock().unwrap().push(mail.clone());
        self.answer.clone()
    }
}

/// An organisation that gave this address for its register, with an officer; the officer's scope.
async fn with_address(bench: &Bench, slug: &str, address: &str) -> Scope {
    let profile = Profile { register_email: address.into(), ..Profile::default() };
    let organisation = app::Organisation { profile, ..bench.described(slug, None) };
    bench.store.add_organisation(&organisation).await.unwrap();
    let officer = bench.person(&format!("officer@{slug}.example")).await;
    bench.join(officer, organisation.id, Role::Officer).await;
    bench.permit(officer, Permission::Decide, slug).await.unwrap()
}

async fn report(bench: &Bench, scope: &Scope) -> u64 {
    let report = Report { what: "Laptop gestolen".into(), ..Report::default() };
    bench.app.report(scope, report, NOW).await.unwrap().number
}

async fn decide(bench: &Bench, scope: &Scope, number: u64) {
    let seen = bench.app.incident(scope, number).await.unwrap().timeline.len() as u64;
    let duties: BTreeMap<_, _> = Duty::ALL.into_iter().map(|duty| (duty, true)).collect();
    let order = Order { duties, motivation: "Daarom.".into(), ..Order::default() };
    bench.app.decide(scope, number, seen, order, NOW).await.unwrap();
}

async fn letters(bench: &Bench, scope: &Scope) -> Vec<Letter> {
    bench.store.letters(scope, 100).await.unwrap()
}

async fn send(bench: &Bench, post: &Keeping, now: Timestamp) -> Sending {
    bench.app.send_letters(post, BASE_URL, now).await.unwrap()
}

pub async fn a_decision_hands_over_the_checkpoint_of_just_that_moment(bench: Bench) {
    let bench = bench.with_law();
    let scope = with_address(&bench, "zorg", ADDRESS).await;
    let number = report(&bench, &scope).await;
    assert_eq!(letters(&bench, &scope).await, [], "nothing of weight happened yet");
    decide(&bench, &scope, number).await;
    let size = bench.register_holds(&scope).await;
    let waiting = letters(&bench, &scope).await;
    let [letter] = waiting.as_slice() else { panic!("one letter: {waiting:?}") };
    assert_eq!((letter.kind, letter.recipient.as_str(), letter.tree_size), (LetterKind::Checkpoint, ADDRESS, size));

    // The register grows before the letter leaves; it hands over what it was queued for.
    bench.app.note(&scope, number, "Nagebeld.".into(), NOW).await.unwrap();
    let post = Keeping::that(Ok(()));
    assert_eq!(send(&bench, &post, NOW).await, Sending { sent: 1, ..Sending::default() });
    let mails = post.mails();
    let [mail] = mails.as_slice() else { panic!("one mail: {mails:?}") };
    let [(name, note)] = mail.files.as_slice() else { panic!("one file: {mail:?}") };
    assert_eq!((mail.to.as_str(), name.as_str()), (ADDRESS, format!("checkpoint-zorg-{size}.txt").as_str()));
    let checkpoint = Checkpoint::open(note, &Keys.key(scope.id()).verifier()).unwrap();
    assert_eq!((checkpoint.organisation, checkpoint.size), (scope.id().0, size));
    assert!(!mail.text.contains("Laptop") && !mail.subject.contains("Laptop"), "nothing of what happened: {mail:?}");
    assert!(matches!(letters(&bench, &scope).await[0].state, LetterState::Sent { .. }));
    assert_eq!(send(&bench, &post, NOW + SignedDuration::from_hours(999)).await, Sending::default());
}

pub async fn without_an_address_nothing_is_handed_over(bench: Bench) {
    let bench = bench.with_law();
    let scope = with_address(&bench, "zorg", "").await;
    let number = report(&bench, &scope).await;
    decide(&bench, &scope, number).await;
    assert_eq!(letters(&bench, &scope).await, []);
}

pub async fn a_letter_that_is_refused_is_given_up_and_one_that_is_not_taken_now_waits(bench: Bench) {
    let bench = bench.with_law();
    let scope = with_address(&bench, "zorg", ADDRESS).await;
    let number = report(&bench, &scope).await;
    decide(&bench, &scope, number).await;
    let away = Keeping::that(Err(PostError::Later("nobody there".into())));
    let mut now = NOW;
    let mut tries = 0;
    while let LetterState::Waiting { due_at } = letters(&bench, &scope).await[0].state {
        now = now.max(due_at);
        send(&bench, &away, now).await;
        tries += 1;
        assert!(tries < 100, "it is tried for ever");
    }
    let days = now.duration_since(NOW).as_hours() / 24;
    assert!((2..=4).contains(&days), "given up after {days} days and {tries} tries");
    let given_up = letters(&bench, &scope).await.remove(0);
    assert!(given_up.last_error.contains("nobody there"), "{given_up:?}");
    assert_eq!(bench.app.unsent_letters(&scope).await.unwrap(), 1);

    // Once more, because somebody asked; now the server has its reasons.
    bench.app.send_again(&scope, given_up.id, now).await.unwrap();
    let refusing = Keeping::that(Err(PostError::Refused("no such mailbox".into())));
    assert_eq!(send(&bench, &refusing, now).await, Sending { given_up: 1, ..Sending::default() });
    let id = given_up.id.to_string();
    assert!(away.mails().iter().chain(&refusing.mails()).all(|mail| mail.id == id), "a duplicate can be told");
}

pub async fn an_alarm_rings_once_to_who_must_act(bench: Bench) {
    let bench = bench.with_law();
    let scope = with_address(&bench, "zorg", "").await;
    for (role, email) in [
        (Role::Handler, "handler@zorg.example"),
        (Role::Employee, "employee@zorg.example"),
        (Role::Auditor, "auditor@zorg.example"),
    ] {
        let person = bench.person(email).await;
        bench.join(person, scope.id(), role).await;
    }
    let number = report(&bench, &scope).await;
    let incident = bench.app.incident(&scope, number).await.unwrap();
    let alarms: Vec<_> =
        bench.app.clocks(&scope, &incident, NOW).unwrap().into_iter().flat_map(|clock| clock.alarms).collect();
    let next = alarms.iter().copied().filter(|at| *at > NOW).min().unwrap();

    // Looked at once after the report, when clocks ring that have just begun; then not before the next one does.
    let begun = alarms.iter().filter(|at| **at == NOW).count();
    bench.app.ring_alarms(NOW).await.unwrap();
    assert_eq!(letters(&bench, &scope).await.len(), begun * 2);
    let just = next - SignedDuration::from_secs(1);
    assert_eq!(bench.app.ring_alarms(just).await.unwrap().looked_at, 0, "nothing is replayed for nothing");
    for late in [0, 0, 30] {
        bench.app.ring_alarms(next + SignedDuration::from_secs(late)).await.unwrap();
    }
    let mut to: Vec<_> = letters(&bench, &scope).await.into_iter().map(|letter| letter.recipient).collect();
    assert_eq!(to.len(), (begun + alarms.iter().filter(|at| **at == next).count()) * 2);
    to.sort();
    to.dedup();
    assert_eq!(to, ["handler@zorg.example", "officer@zorg.example"]);
    let rung = letters(&bench, &scope).await;
    assert!(rung.iter().all(|letter| letter.kind == LetterKind::Alarm));
    let mut keys: Vec<_> = rung.iter().map(|letter| letter.key.clone()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), rung.len());

    // Something happens to it: it is looked at again, and what rang rings no more.
    let later = next + SignedDuration::from_mins(1);
    bench.app.note(&scope, number, "Nagebeld.".into(), later).await.unwrap();
    assert_eq!(bench.app.ring_alarms(later).await.unwrap().looked_at, 1);
    assert_eq!(letters(&bench, &scope).await.len(), rung.len());
}

pub async fn a_closed_incident_rings_no_more(bench: Bench) {
    let bench = bench.with_law();
    let scope = with_address(&bench, "zorg", "").await;
    let number = report(&bench, &scope).await;
    bench.app.ring_alarms(NOW).await.unwrap();
    let rung = letters(&bench, &scope).await.len();
    let row = bench.store.incident_by_number(&scope, number).await.unwrap();
    let mut closing = further(row.id, number, row.entries, 1);
    closing.row = app::IncidentRow { closed_at: Some(NOW), ..closing.row };
    bench.append(&scope, closing).await.unwrap();
    let years_later = NOW + SignedDuration::from_hours(24 * 400);
    assert_eq!(bench.app.ring_alarms(years_later).await.unwrap().looked_at, 0);
    assert_eq!(letters(&bench, &scope).await.len(), rung);
}
