//! Forgetting: an erasure is whole or not there, takes what stands beside, and leaves the proof.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use app::{
    App, Append, Forgotten, IncidentRow, Keeping, LetterKind, NewLetter, PersonRequest, PersonSought, Report,
    RequestKind, RetentionChange, Round, Scope, StoreError, StoredDetection,
};
use facts::{IncidentId, UserId};
use incident::{ErasureGround, Opening, Order, Permission, Phase, Refusal, RetentionKind, Role};
use law::verdict::Duty;

use crate::bench::{Bench, NOW, further, line, opening};
use crate::blobs::sha256;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What erases these entries of an incident of two.
fn erasing(incident: IncidentId, number: u64, erase: Vec<u64>) -> Append {
    let mut append = further(incident, number, 2, 1);
    append.entries[0].kind = "incident.erased";
    append.row.keeping.erased_at = Some(NOW);
    append.row.title = "(gewist / erased)".to_owned();
    Append { erase, ..append }
}

/// An incident of two entries, with a detection and a letter.
async fn with_company(bench: &Bench, scope: &Scope, number: u64) -> IncidentId {
    let incident = bench.new_incident();
    let mut append = opening(incident, number, 2);
    let name = sha256(b"dossier");
    bench.store.put_blob(scope, &name, b"dossier").await.unwrap();
    append.files = vec![name];
    append.detections =
        vec![StoredDetection { id: "d1".to_owned(), sha256: "0".repeat(64), json: "{\"host\":\"pc-jan\"}".to_owned() }];
    append.letters = vec![NewLetter {
        id: Uuid::from_u128(u128::from(number)),
        key: format!("alarm/{number}"),
        kind: LetterKind::Alarm,
        incident: Some(incident),
        recipient: "jan@zorg.example".to_owned(),
        data: "{}".to_owned(),
        created_at: NOW,
    }];
    bench.append(scope, append).await.unwrap();
    incident
}

pub async fn an_erasure_takes_what_stands_beside_and_leaves_the_proof(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (gone, stays) = (with_company(&bench, &scope, 1).await, with_company(&bench, &scope, 2).await);
    assert_eq!(bench.store.with_files_left(&scope, 10).await.unwrap(), [], "nothing was erased yet");
    bench.append(&scope, erasing(gone, 1, vec![0, 1])).await.unwrap();

    let history = bench.store.history(&scope, gone).await.unwrap();
    let kept: Vec<_> = history.iter().map(|entry| (entry.index, entry.salt_and_body.is_some())).collect();
    assert_eq!(kept, [(0, false), (1, false), (4, true)]);
    assert_eq!(history[0].kind, "incident.noted", "that it stood there stays");
    assert_eq!(bench.store.detections(&scope, gone).await.unwrap(), []);
    assert_eq!(bench.store.detections(&scope, stays).await.unwrap().len(), 1);
    let letters = bench.store.letters(&scope, 10).await.unwrap();
    assert_eq!(letters.iter().map(|letter| letter.incident).collect::<Vec<_>>(), [Some(stays)], "it never left");
    assert_eq!(bench.store.with_files_left(&scope, 10).await.unwrap(), [(gone, 1)], "its files are for the use case");
    assert_eq!(bench.register_holds(&scope).await, 5);
    assert_eq!(bench.store.next_number(&scope).await.unwrap(), 3);
    let row = bench.store.incident_by_number(&scope, 1).await.unwrap();
    assert_eq!((row.title.as_str(), row.keeping.erased_at, row.entries), ("(gewist / erased)", Some(NOW), 3));

    let marks = bench.store.erasures(NOW, 10).await.unwrap();
    let places: Vec<_> = marks.iter().map(|mark| (mark.incident, mark.index, mark.is_whole)).collect();
    assert_eq!(places, [(gone, 0, true), (gone, 1, true)]);
    assert_eq!(bench.store.erasures(NOW + DAY, 10).await.unwrap(), []);
    assert_eq!(bench.store.undone(scope.id(), &marks).await.unwrap(), [], "nothing came back");
    // Marks of entries that stand there name them alone while they are the same entries.
    let mut of_another = marks[0].clone();
    (of_another.incident, of_another.index) = (stays, 2);
    assert_eq!(bench.store.undone(scope.id(), std::slice::from_ref(&of_another)).await.unwrap(), []);
    of_another.commitment = bench.store.history(&scope, stays).await.unwrap()[0].commitment;
    let found = bench.store.undone(scope.id(), std::slice::from_ref(&of_another)).await.unwrap();
    assert_eq!(found, [of_another]);
}

/// The page once said that nothing had ever been sent, once the incidents were gone that it was sent about.
pub async fn that_something_was_handed_over_stays(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let gone = with_company(&bench, &scope, 1).await;
    bench.store.letter_sent(Uuid::from_u128(1), NOW).await.unwrap();
    let before = bench.store.letters(&scope, 10).await.unwrap();
    bench.append(&scope, erasing(gone, 1, vec![0, 1])).await.unwrap();
    let letters = bench.store.letters(&scope, 10).await.unwrap();
    let bare = app::Letter { recipient: String::new(), data: "{}".to_owned(), ..before[0].clone() };
    assert_eq!(letters, [bare], "when, of which kind and what came of it");
    assert!(bench.store.letters_after(&scope, 1, 10).await.unwrap().is_empty());
    let again = bench.store.send_again(&scope, letters[0].id, NOW).await;
    assert!(matches!(again, Err(StoreError::NotFound)), "there is nobody to send it to: {again:?}");
}

pub async fn an_erasure_that_fails_erases_nothing(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let incident = with_company(&bench, &scope, 1).await;
    let state = async || {
        let store = &bench.store;
        let letters = store.letters(&scope, 10).await.unwrap();
        (store.entries(&scope).await.unwrap(), store.detections(&scope, incident).await.unwrap(), letters)
    };
    let before = state().await;
    let stale = Append { expected: 1, ..erasing(incident, 1, vec![0, 1]) };
    assert!(matches!(bench.append(&scope, stale).await, Err(StoreError::Conflict)));
    let twice = bench.append(&scope, erasing(incident, 1, vec![0, 1, 0])).await;
    assert!(twice.is_err(), "{twice:?}");
    assert_eq!(state().await, before);

    bench.append(&scope, erasing(incident, 1, vec![0])).await.unwrap();
    let mut again = erasing(incident, 1, vec![0]);
    again.expected = 3;
    let again = bench.append(&scope, again).await;
    assert!(again.is_err(), "{again:?}");
    assert_eq!(bench.register_holds(&scope).await, 3);
}

pub async fn entries_of_others_are_not_erased(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let school = bench.organisation("school").await;
    let (one, two) = (bench.open(&scope, 1, 2).await, bench.open(&scope, 2, 2).await);
    let theirs = bench.open(&school, 1, 2).await;
    for (what, scope, append) in [
        ("of another incident", &scope, erasing(one, 1, vec![2])),
        ("of nothing", &scope, erasing(two, 2, vec![99])),
        ("of another organisation", &school, erasing(one, 1, vec![0])),
        ("of nothing there", &school, erasing(theirs, 1, vec![3])),
    ] {
        let outcome = bench.append(scope, append).await;
        assert!(matches!(outcome, Err(StoreError::NotFound)), "{what}: {outcome:?}");
    }
    for scope in [&scope, &school] {
        let entries = bench.store.entries(scope).await.unwrap();
        assert!(entries.iter().all(|entry| entry.salt_and_body.is_some()));
    }
    assert_eq!(bench.register_holds(&scope).await, 4);
}

/// A closed line.
fn closed(bench: &Bench, number: u64, kind: RetentionKind, at: Timestamp) -> IncidentRow {
    IncidentRow {
        phase: Phase::Closed,
        closed_at: Some(at),
        keeping: Keeping { kind, changed_at: at, held_at: None, erased_at: None },
        ..line(bench.new_incident(), number, 1)
    }
}

pub async fn what_ended_is_found_by_kind_and_moment(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    bench.organisation("school").await;
    let mut rows = vec![
        closed(&bench, 1, RetentionKind::NoBreach, NOW),
        closed(&bench, 2, RetentionKind::NoBreach, NOW - DAY),
        closed(&bench, 3, RetentionKind::NoBreach, NOW + DAY),
        closed(&bench, 4, RetentionKind::Notified, NOW - DAY),
        closed(&bench, 5, RetentionKind::NoBreach, NOW - DAY * 2),
        closed(&bench, 6, RetentionKind::NoBreach, NOW - DAY * 3),
        closed(&bench, 7, RetentionKind::NoBreach, NOW - DAY * 4),
        line(bench.new_incident(), 8, 1),
    ];
    rows[4].keeping.held_at = Some(NOW);
    rows[5].keeping.erased_at = Some(NOW);
    rows[6].keeping.changed_at = NOW + DAY;
    for row in rows {
        bench.append(&scope, Append { row: row.clone(), ..opening(row.id, row.number, 1) }).await.unwrap();
    }
    let after = async |slug: &str, kind, changed, after, limit| {
        let scope = bench.app.permit_program(slug).await.unwrap();
        let rows = bench.store.ended(&scope, kind, NOW, changed, after, limit).await.unwrap();
        rows.iter().map(|row| row.number).collect::<Vec<_>>()
    };
    let ended = async |slug: &str, kind, changed, limit| after(slug, kind, changed, None, limit).await;
    assert_eq!(ended("zorg", RetentionKind::NoBreach, NOW, 10).await, [2, 1], "the longest closed first");
    assert_eq!(ended("zorg", RetentionKind::NoBreach, Timestamp::MAX, 10).await, [7, 2, 1]);
    assert_eq!(ended("zorg", RetentionKind::NoBreach, NOW, 1).await, [2]);
    assert_eq!(ended("zorg", RetentionKind::Notified, NOW, 10).await, [4]);
    assert_eq!(ended("school", RetentionKind::NoBreach, NOW, 10).await, [0_u64; 0]);
    let from = async |at, number| after("zorg", RetentionKind::NoBreach, Timestamp::MAX, Some((at, number)), 10).await;
    assert_eq!(from(NOW - DAY * 4, 6).await, [7, 2, 1]);
    assert_eq!(from(NOW - DAY * 4, 7).await, [2, 1]);
    assert_eq!(from(NOW - DAY, 2).await, [1]);
    assert_eq!(from(NOW, 1).await, [0_u64; 0]);
    let held = bench.store.held(&scope, 0, 10).await.unwrap();
    assert_eq!(held.iter().map(|row| row.number).collect::<Vec<_>>(), [5]);
    assert_eq!(
        (bench.store.held(&scope, 1, 10).await.unwrap().len(), bench.store.count_held(&scope).await.unwrap()),
        (0, 1)
    );
    // Of all kinds, each by its own moment: the nearest to its end first, a part at a time.
    let by = [NOW - DAY, NOW, NOW];
    let ending = async |changed, from, limit| {
        let rows = bench.store.ending(&scope, by, changed, from, limit).await.unwrap();
        rows.iter().map(|row| row.number).collect::<Vec<_>>()
    };
    let all = ending(Timestamp::MAX, 0, 10).await;
    assert_eq!(ending(NOW, 0, 10).await, [2, 1, 4], "not changed since");
    assert_eq!(bench.store.count_ending(&scope, by, Timestamp::MAX).await.unwrap(), all.len() as u64);
    assert_eq!(all, [7, 2, 1, 4], "what is held, erased or open is not among them");
    let (one, two, three) =
        (ending(Timestamp::MAX, 0, 2).await, ending(Timestamp::MAX, 2, 2).await, ending(Timestamp::MAX, 4, 2).await);
    assert_eq!([one, two, three].concat(), all);
    let elsewhere = bench.app.permit_program("school").await.unwrap();
    assert_eq!(bench.store.count_ending(&elsewhere, by, Timestamp::MAX).await.unwrap(), 0);
}

pub async fn every_term_that_was_set_is_kept(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let school = bench.organisation("school").await;
    let change = |years, years_before, at| RetentionChange {
        kind: RetentionKind::NoBreach,
        years,
        years_before,
        set_at: at,
        set_by: "Ada".to_owned(),
        reason: "Beleid van 2026".to_owned(),
    };
    let (first, second) = (change(2, 5, NOW), change(3, 2, NOW + DAY));
    let set = async |change: &RetentionChange, seen| {
        bench.store.set_retentions(&scope, std::slice::from_ref(change), seen).await
    };
    set(&first, None).await.unwrap();
    set(&second, Some(NOW)).await.unwrap();
    assert!(matches!(set(&second, Some(NOW + DAY)).await, Err(StoreError::Conflict)), "at the same moment");
    let third = change(4, 3, NOW + DAY * 2);
    assert!(matches!(set(&third, Some(NOW)).await, Err(StoreError::Conflict)), "the second was not seen");
    assert!(set(&change(0, 3, NOW + DAY * 2), Some(NOW + DAY)).await.is_err(), "a term is never nothing");
    assert_eq!(bench.store.retention_changes(&scope).await.unwrap(), [second, first]);
    assert_eq!(bench.store.retention_changes(&school).await.unwrap(), []);

    // A clock that was set back sets no term back.
    let wanted = [(RetentionKind::NoBreach, 7)];
    bench.app.set_retentions(&scope, &wanted, "Terug", Some(NOW + DAY), NOW).await.unwrap();
    let terms = bench.app.retention_terms(&scope).await.unwrap();
    assert_eq!(terms.iter().find(|term| term.kind == RetentionKind::NoBreach).unwrap().years, 7);
}

pub async fn a_request_is_kept_without_who_asked(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let request = |number: u128, kind| PersonRequest {
        id: Uuid::from_u128(number),
        asked_at: NOW + DAY * i32::try_from(number).unwrap(),
        kind,
        reference: format!("2026-{number}"),
        handled_by: "Ada".to_owned(),
        incidents_searched: 12,
        places_found: 2,
    };
    let (one, two) = (request(1, RequestKind::Access), request(2, RequestKind::Erasure));
    bench.store.record_request(&scope, &one).await.unwrap();
    bench.store.record_request(&scope, &two).await.unwrap();
    assert_eq!(bench.store.requests(&scope, 10).await.unwrap(), [two.clone(), one]);
    assert_eq!(bench.store.requests(&scope, 1).await.unwrap(), [two]);
    let school = bench.organisation("school").await;
    assert_eq!(bench.store.requests(&school, 10).await.unwrap(), []);
}

/// Reports an incident by somebody with a name, decides it and closes it.
pub async fn report_and_close(bench: &Bench, scope: &Scope, what: &str, now: Timestamp) -> u64 {
    let reporter = bench.app.permit_reporter(&scope.organisation().report_code, Some("Jan de Vries".to_owned())).await;
    let report = Report { what: what.to_owned(), contact: "06 12345678".to_owned(), ..Report::default() };
    let number = bench.app.report(&reporter.unwrap(), report, now).await.unwrap().number;
    let seen = bench.store.incident_by_number(scope, number).await.unwrap().entries;
    let duties = [Duty::NotifyAuthority, Duty::InformSubjects, Duty::NotifyControllers].map(|duty| (duty, false));
    let motivation = "Geen risico: versleuteld".to_owned();
    let order = Order { duties: duties.into(), motivation, ..Order::default() };
    bench.app.decide(scope, number, seen, order, now).await.unwrap();
    bench.app.close(scope, number, "Beter opletten".to_owned(), now).await.unwrap();
    number
}

/// As if something had run here until then: the clock is believed.
pub async fn ran_until(app: &App, at: Timestamp) {
    was_done(app, "clock seen", at).await;
}

/// As if a job had been done then.
pub async fn was_done(app: &App, job: &str, at: Timestamp) {
    let holder = app.chance.id(at).unwrap();
    assert!(app.store.claim_job(job, holder, at, at, SignedDuration::ZERO).await.unwrap());
    app.store.job_done(job, holder, at, at).await.unwrap();
}

/// All rounds of erasing what ended, to their end, in a store that something served until then.
pub async fn forget(app: &App, scope: &Scope, is_dry: bool, now: Timestamp) -> Forgotten {
    ran_until(app, now).await;
    let (mut all, mut next) = (Forgotten::default(), Some(Round::default()));
    let clock = app.see_clock(now).await.unwrap();
    while let Some(round) = next {
        let forgotten = app.forget_ended(scope, round, is_dry, clock, now).await.unwrap();
        all.incidents.extend(forgotten.incidents);
        all.failures.extend(forgotten.failures);
        next = forgotten.next;
    }
    all
}

pub async fn an_incident_whose_term_ended_is_erased_and_says_so(bench: Bench) {
    let bench = bench.with_law();
    let (app, store) = (&bench.app, &bench.store);
    let scope = bench.organisation("zorg").await;
    let number = report_and_close(&bench, &scope, "Laptop van Jan de Vries weg", NOW).await;
    app.report(&scope, Report { what: "Blijft open".to_owned(), ..Report::default() }, NOW).await.unwrap();
    let entries = store.incident_by_number(&scope, number).await.unwrap().entries;

    let almost = NOW + DAY * (5 * 365);
    assert_eq!(forget(app, &scope, false, almost).await.incidents, [0_u64; 0]);
    let planned = app.planned_erasures(&scope, 0, almost).await.unwrap();
    assert_eq!(
        planned.lines.iter().map(|one| (one.row.number, one.years)).collect::<Vec<_>>(),
        [(number, 5)],
        "announced"
    );
    let ended = NOW + DAY * (5 * 365 + 3);
    assert_eq!(forget(app, &scope, true, ended).await.incidents, [number], "only looking");
    assert!(app.incident(&scope, number).await.unwrap().erased.is_none());
    assert_eq!(forget(app, &scope, false, ended).await.incidents, [number]);
    assert_eq!(forget(app, &scope, false, ended).await.incidents, [0_u64; 0], "once");

    let incident = app.incident(&scope, number).await.unwrap();
    let erasure = &incident.erased.as_ref().unwrap().erasure;
    assert_eq!((erasure.ground, erasure.years, erasure.entries), (ErasureGround::TermEnded, 5, entries));
    let bodies: Vec<_> = store.history(&scope, incident.id).await.unwrap();
    assert_eq!(bodies.iter().filter(|entry| entry.salt_and_body.is_some()).count(), 1, "its own erasure alone");
    bench.register_holds(&scope).await;
    let lines = app.register(&scope).await.unwrap();
    assert!(lines[0].extract.facts.nl.contains("Gewist op"), "{:?}", lines[0].extract.facts);
    assert!(!format!("{lines:?}").contains("Jan de Vries"));
    app.export(&scope, ended).await.unwrap();
    let live = store.incidents(&scope).await.unwrap();
    app.rebuild(&scope).await.unwrap();
    assert_eq!(store.incidents(&scope).await.unwrap(), live);
    assert_eq!(store.next_number(&scope).await.unwrap(), 3);
}

/// What a clock says that leapt ahead is not believed, and looks the same as a store that nobody served for years.
pub async fn a_clock_that_leapt_erases_nothing_until_somebody_says_that_it_is_right(bench: Bench) {
    let bench = bench.with_law();
    let app = &bench.app;
    let scope = bench.organisation("zorg").await;
    let number = report_and_close(&bench, &scope, "Laptop weg", NOW).await;
    let kind = bench.store.incident_by_number(&scope, number).await.unwrap().keeping.kind;
    let place = RetentionKind::ALL.into_iter().position(|one| one == kind).unwrap();
    let round = async |is_dry, at| {
        let (mut all, mut next) = (Forgotten::default(), Some(Round::default()));
        let clock = if is_dry { app.last_seen_clock().await } else { app.see_clock(at).await }.unwrap();
        while let Some(round) = next {
            let forgotten = app.forget_ended(&scope, round, is_dry, clock, at).await.unwrap();
            all.incidents.extend(forgotten.incidents);
            all.leap = all.leap.or(forgotten.leap);
            next = forgotten.next;
        }
        (all.incidents, all.leap.map(|leap| leap.seen))
    };
    assert!(place < 3);
    // In a store of before the clock was watched, what was recorded last tells.
    let ahead = NOW + DAY * 3650;
    assert_eq!(app.clock_leap(ahead).await.unwrap().map(|leap| leap.seen), Some(NOW));
    assert_eq!(round(false, NOW + DAY).await, (vec![], None));
    for at in [ahead, ahead + DAY, ahead + DAY * 60] {
        assert_eq!(round(false, at).await, (vec![], Some(NOW + DAY)), "nothing, however long it stands ahead");
        assert_eq!(round(true, at).await, (vec![number], Some(NOW + DAY)), "what it would be, and that it waits");
    }
    // Nor where it leaps after a round of all organisations began with one that was believed.
    let clock = app.see_clock(NOW + DAY).await.unwrap();
    let forgotten = app.forget_ended(&scope, Round::default(), false, clock, ahead).await.unwrap();
    assert_eq!((forgotten.incidents, forgotten.leap.map(|leap| leap.seen)), (vec![], Some(NOW + DAY)));
    // Nor does what is written meanwhile make it right.
    app.report(&scope, Report { what: "Later".to_owned(), ..Report::default() }, ahead).await.unwrap();
    assert_eq!(round(false, ahead).await, (vec![], Some(NOW + DAY)));
    // Set right, all is as it was.
    assert_eq!(round(false, NOW + DAY * 2).await, (vec![], None));

    // It was right: the store slept. What ended is announced from then on, for as long as always.
    app.confirm_clock(ahead).await.unwrap();
    assert_eq!(round(false, ahead).await, (vec![], None));
    let planned = app.planned_erasures(&scope, 0, ahead).await.unwrap();
    assert_eq!(
        planned.lines.iter().map(|one| (one.row.number, one.at)).collect::<Vec<_>>(),
        [(number, ahead + DAY * 30)]
    );
    for week in 1..=4 {
        assert_eq!(round(false, ahead + DAY * (7 * week)).await, (vec![], None));
    }
    assert_eq!(round(false, ahead + DAY * 30).await, (vec![number], None));

    // It was not right after all, and is set right: nobody waits for years that do not come.
    let second = report_and_close(&bench, &scope, "Usb-stick weg", NOW).await;
    ran_until(app, NOW + DAY * 2000).await;
    assert_eq!(round(false, NOW + DAY * 2000).await, (vec![], None), "announced once more");
    ran_until(app, NOW + DAY * 2030).await;
    assert_eq!(round(false, NOW + DAY * 2030).await, (vec![second], None));
}

pub async fn what_is_held_or_not_announced_is_not_erased(bench: Bench) {
    let bench = bench.with_law();
    let app = &bench.app;
    let scope = bench.organisation("zorg").await;
    let number = report_and_close(&bench, &scope, "Usb-stick kwijt", NOW).await;
    let round = async |at| forget(app, &scope, false, at).await.incidents;
    app.hold(&scope, number, "Claim loopt".to_owned(), NOW + DAY).await.unwrap();
    assert_eq!(round(NOW + DAY * 3000).await, [0_u64; 0], "held");
    app.release(&scope, number, "Geschikt".to_owned(), NOW + DAY * 3000).await.unwrap();
    assert_eq!(round(NOW + DAY * 3029).await, [0_u64; 0], "announced anew");

    // Whoever shortens a term announces what it ends.
    let mut second = report_and_close(&bench, &scope, "Nog een", NOW).await;
    let kind = bench.store.incident_by_number(&scope, second).await.unwrap().keeping.kind;
    let set = async |years, at| app.set_retentions(&scope, &[(kind, years)], "Korter beleid", None, at).await;
    assert!(set(0, NOW).await.is_err());
    assert!(set(21, NOW).await.is_err());
    let later = NOW + DAY * 800;
    set(1, later).await.unwrap();
    assert_eq!(round(later + DAY).await, [0_u64; 0]);
    assert_eq!(app.planned_erasures(&scope, 0, later + DAY).await.unwrap().all, 1);
    assert_eq!(round(later + DAY * 31).await, [second]);
    second = report_and_close(&bench, &scope, "En nog een", later).await;
    assert_eq!(round(later + DAY * 360).await, [0_u64; 0], "never within a year");
    let early = app.erase(&scope, second, 0, ErasureGround::Officer, "Nu".to_owned(), later).await;
    assert!(matches!(early, Err(app::Error::Conflict)), "unseen: {early:?}");
}

pub async fn one_entry_is_erased_and_the_incident_still_tells(bench: Bench) {
    let bench = bench.with_law();
    let (app, store) = (&bench.app, &bench.store);
    let scope = bench.organisation("zorg").await;
    let number = report_and_close(&bench, &scope, "Laptop weg", NOW).await;
    let before = app.incident(&scope, number).await.unwrap();
    let (seen, opened) = (before.timeline.len() as u64, before.timeline[0].index.unwrap());
    let reason = "Verzoek 2026-17".to_owned();
    let done = app.erase_entries(&scope, number, seen, ErasureGround::Request, reason, vec![(opened, None)], NOW).await;
    let live = done.unwrap().incident;
    let read = app.incident(&scope, number).await.unwrap();
    assert!(matches!(&read.opening, Opening::Reported { what, contact: None, .. } if what == "Laptop weg"));
    assert_eq!((read.opened_by.name(), &live.opening), ("", &read.opening));
    assert_eq!((read.decision, read.closed_at), (before.decision, before.closed_at));
    bench.register_holds(&scope).await;
    assert!(store.history(&scope, read.id).await.unwrap()[0].salt_and_body.is_none());
    let lines = store.incidents(&scope).await.unwrap();
    app.rebuild(&scope).await.unwrap();
    assert_eq!(store.incidents(&scope).await.unwrap(), lines);
    // It can be worked with as before.
    app.note(&scope, number, "Nagekomen".to_owned(), NOW).await.unwrap();
    app.reopen(&scope, number, "Toch nog iets".to_owned(), NOW).await.unwrap();
}

/// Tells the opening of an incident anew.
async fn tell_anew(bench: &Bench, scope: &Scope, number: u64, words: &str, now: Timestamp) {
    let incident = bench.app.incident(scope, number).await.unwrap();
    let (seen, opened) = (incident.timeline.len() as u64, incident.timeline[0].index.unwrap());
    let (reason, entries) = ("Verzoek 2026-17".to_owned(), vec![(opened, Some(words.to_owned()))]);
    bench.app.erase_entries(scope, number, seen, ErasureGround::Request, reason, entries, now).await.unwrap();
}

pub async fn words_that_took_the_place_of_an_entry_are_erased_like_it(bench: Bench) {
    let bench = bench.with_law();
    let (app, store) = (&bench.app, &bench.store);
    let scope = bench.organisation("zorg").await;
    let number = report_and_close(&bench, &scope, "Laptop van Jan de Vries weg", NOW).await;
    for words in ["Laptop van Jan weg", "Laptop van J. weg", "Laptop weg"] {
        tell_anew(&bench, &scope, number, words, NOW).await;
        let read = app.incident(&scope, number).await.unwrap();
        assert_eq!(read.title, words);
        let history = store.history(&scope, read.id).await.unwrap();
        let bodies: Vec<_> = history.iter().filter_map(|entry| entry.salt_and_body.as_ref()).collect();
        let holding = bodies.iter().filter(|(_, body)| String::from_utf8_lossy(body).contains("Laptop")).count();
        assert_eq!(holding, 1, "only the newest words are anywhere");
    }
    bench.register_holds(&scope).await;
    let lines = store.incidents(&scope).await.unwrap();
    app.rebuild(&scope).await.unwrap();
    assert_eq!(store.incidents(&scope).await.unwrap(), lines);
}

pub async fn an_incident_with_an_entry_told_anew_is_erased_whole(bench: Bench) {
    let bench = bench.with_law();
    let app = &bench.app;
    let scope = bench.organisation("zorg").await;
    let first = report_and_close(&bench, &scope, "Laptop van Jan de Vries weg", NOW).await;
    let second = report_and_close(&bench, &scope, "Usb-stick van Jan de Vries weg", NOW).await;
    for number in [first, second] {
        tell_anew(&bench, &scope, number, "Iets van Jan weg", NOW).await;
        tell_anew(&bench, &scope, number, "Iets weg", NOW).await;
    }
    let late = NOW + DAY * (5 * 365 + 3);
    let seen = app.incident(&scope, first).await.unwrap().timeline.len() as u64;
    let reason = "Niet meer nodig".to_owned();
    let leapt = app.erase(&scope, first, seen, ErasureGround::Officer, reason.clone(), late).await;
    assert!(matches!(leapt, Err(app::Error::Refused(Refusal::ClockNotBelieved))), "by hand as well: {leapt:?}");
    ran_until(app, late).await;
    app.erase(&scope, first, seen, ErasureGround::Officer, reason, late).await.unwrap();
    let round = forget(app, &scope, false, late).await;
    assert!(round.failures.is_empty(), "{:?}", round.failures);
    assert_eq!(round.incidents, [second]);
    for number in [first, second] {
        let incident = app.incident(&scope, number).await.unwrap();
        let history = bench.store.history(&scope, incident.id).await.unwrap();
        assert_eq!(history.iter().filter(|entry| entry.salt_and_body.is_some()).count(), 1, "its own erasure alone");
    }
    bench.register_holds(&scope).await;
}

const STUCK: u64 = 230;

/// A line that stands for a history which is none: an incident that can never be erased.
pub async fn stuck(bench: &Bench, scope: &Scope, number: u64, closed_at: Timestamp) -> IncidentId {
    let row = closed(bench, number, RetentionKind::NotNotified, closed_at);
    let id = row.id;
    let append = Append { row, ..opening(id, number, 1) };
    bench.store.append(scope, append, bench.app.signer.as_ref()).await.unwrap();
    id
}

pub async fn an_incident_that_cannot_be_erased_keeps_no_other_waiting(bench: Bench) {
    let bench = bench.with_law();
    let app = &bench.app;
    let scope = bench.organisation("zorg").await;
    // More than one round looks at.
    for number in 1..=STUCK {
        stuck(&bench, &scope, number, NOW).await;
    }
    let number = report_and_close(&bench, &scope, "Laptop weg", NOW + DAY).await;
    let late = NOW + DAY * (5 * 365 + 4);
    let round = forget(app, &scope, false, late).await;
    assert_eq!(round.incidents, [number]);
    let named: Vec<_> = round.failures.iter().map(|(number, _)| *number).collect();
    assert_eq!(named, (1..=STUCK).collect::<Vec<_>>(), "and each is named, once");
}

/// Erasing the line with nothing in its place takes the reporter out, and leaves whoever the report is about.
pub async fn a_person_in_the_words_of_a_report_needs_other_words(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let report = Report {
        what: "De map van Truus de Groot ligt op straat".to_owned(),
        contact: "Henk Melder".to_owned(),
        ..Report::default()
    };
    bench.app.report(&scope, report, NOW).await.unwrap();
    let needs_words = async |name: &str| {
        let sought = PersonSought { name: name.to_owned(), ..PersonSought::default() };
        let found = bench.app.find_person(&scope, RequestKind::Erasure, &sought, "2026-17", NOW).await.unwrap();
        found.places.iter().map(|place| place.needs_words).collect::<Vec<_>>()
    };
    assert_eq!(needs_words("Truus de Groot").await, [true]);
    assert_eq!(needs_words("Henk Melder").await, [false]);
    // The law's own words are in the verdict on file, and are nobody's.
    assert_eq!(needs_words("Art").await, [false; 0]);
}

pub async fn a_person_is_found_and_the_request_recorded(bench: Bench) {
    let bench = bench.with_law();
    let app = &bench.app;
    let program = bench.organisation("zorg").await;
    let elsewhere = bench.organisation("school").await;
    for scope in [&program, &elsewhere] {
        report_and_close(&bench, scope, "Laptop weg", NOW).await;
        app.note(scope, 1, "Jan de Vries belde terug".to_owned(), NOW).await.unwrap();
    }
    let ada: UserId = bench.person("ada@zorg.example").await;
    bench.join(ada, program.id(), Role::Officer).await;
    let scope = bench.permit(ada, Permission::Forget, "zorg").await.unwrap();
    let sought = PersonSought { name: "jan de  vries".to_owned(), ..PersonSought::default() };
    let found = app.find_person(&scope, RequestKind::Erasure, &sought, "2026-17", NOW).await.unwrap();
    assert_eq!(found.incidents_searched, 1);
    let kinds: Vec<_> = found.places.iter().map(|place| (place.kind.as_str(), place.kept.is_some())).collect();
    assert_eq!(kinds, [("incident.opened", false), ("incident.noted", false)]);
    let phone = PersonSought { phone: "+31 6 1234 5678".to_owned(), ..PersonSought::default() };
    assert_eq!(app.find_person(&scope, RequestKind::Access, &phone, "2026-18", NOW).await.unwrap().places.len(), 1);
    let named = app.find_person(&scope, RequestKind::Access, &sought, "van Jan de Vries", NOW).await;
    assert!(matches!(named, Err(app::Error::Invalid(_))), "{named:?}");
    let requests = app.person_requests(&scope).await.unwrap();
    assert_eq!(requests.len(), 2);
    assert!(!format!("{requests:?}").to_lowercase().contains("vries"));
}
