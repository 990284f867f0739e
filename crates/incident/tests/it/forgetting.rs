//! Holding and erasing: what is refused, what is left, and that replaying finds the same.

use facts::{IncidentId, OrganisationId, Truth};
use incident::{
    Actor, Command, Custody, DetectionsAdded, ErasureGround, Event, EvidenceFile, HeldFor, Incident, Opening, Refusal,
    RetentionKind, Stamped, Urgency,
};
use jiff::{SignedDuration, Timestamp};
use law::verdict::{Duty, Outcome};

use crate::support::{assessed, carry_out, officer, opened_at, stamped, uuid};

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A report by somebody who left their name and number, judged and closed as no breach.
fn closed() -> (Incident, Vec<Stamped>) {
    let opening = Opening::Reported {
        what: "Laptop van Piet weg".into(),
        when_said: Some("gisteren".into()),
        whose_said: None,
        done_said: None,
        contact: Some("06 12345678".into()),
    };
    let first = Event::Opened { number: 1, title: "Laptop van Piet weg".into(), opening };
    let mut history =
        vec![Stamped { by: Actor::Reporter { name: Some("Piet Bos".into()) }, ..stamped(first, opened_at()) }];
    history.push(stamped(Event::Noted { text: "Piet gebeld".into() }, opened_at()));
    history.push(stamped(Event::Closed { lessons: "Versleutelen".into() }, opened_at()));
    for (index, stamped) in (10..).zip(&mut history) {
        stamped.index = Some(index);
    }
    (Incident::replay(OrganisationId(uuid(2)), &history).expect("it opens"), history)
}

fn erase(ground: ErasureGround, reason: &str) -> Command {
    Command::Erase { ground, years: 5, reason: reason.into() }
}

#[test]
fn what_keeps_an_incident_from_being_erased() {
    let (incident, _) = closed();
    let late = opened_at() + DAY * 400;
    let check = |incident: &Incident, command: Command, at: Timestamp, refusal: Refusal| {
        assert_eq!(incident.decide(command, &officer(), at), Err(refusal));
    };
    check(&incident, erase(ErasureGround::TermEnded, ""), opened_at() + DAY * 364, Refusal::TooEarlyToErase);
    assert!(
        incident.decide(erase(ErasureGround::TermEnded, ""), &officer(), opened_at() + DAY * 365).is_ok(),
        "a year"
    );
    for named in ["Verzoek van piet  BOS", "bel 06 12345678", "mail van p.bos@voorbeeld.nl"] {
        check(&incident, erase(ErasureGround::Request, named), late, Refusal::ReasonNamesSomebody);
    }
    check(&incident, erase(ErasureGround::Request, "verzoek"), opened_at() + DAY * 30, Refusal::TooEarlyToErase);
    check(&incident, erase(ErasureGround::Officer, " "), late, Refusal::ReasonNeeded);
    let mut held = incident.clone();
    carry_out(&mut held, Command::PlaceHold { reason: "Claim".into() }).expect("held");
    check(&held, erase(ErasureGround::TermEnded, ""), late, Refusal::Held);
    check(&held, Command::PlaceHold { reason: "Nog een".into() }, late, Refusal::NothingChanges);
    let entry = Command::EraseEntries { ground: ErasureGround::Request, reason: "x".into(), entries: vec![(11, None)] };
    check(&held, entry, late, Refusal::Held);
    carry_out(&mut held, Command::ReleaseHold { reason: "Geschikt".into() }).expect("released");
    let erased = held.decide(erase(ErasureGround::TermEnded, ""), &officer(), late).expect("may go");
    let Event::Erased(erasure) = &erased[0] else { panic!("{erased:?}") };
    assert!(matches!(erasure.holds.as_slice(), [HeldFor { released_at: Some(_), .. }]), "that it was held stays");
    let mut open = incident.clone();
    carry_out(&mut open, Command::Reopen { reason: "Nieuw".into() }).expect("open");
    check(&open, erase(ErasureGround::Officer, "weg"), late, Refusal::NotClosed);
}

#[test]
fn of_an_erased_incident_its_frame_is_left_however_it_is_read() {
    let (mut incident, mut history) = closed();
    let late = opened_at() + DAY * 400;
    let events = incident.decide(erase(ErasureGround::Officer, "Niet meer nodig"), &officer(), late).expect("may go");
    let last = Stamped { index: Some(13), ..stamped(events[0].clone(), late) };
    incident.apply(&last);
    // As the store gives it back: bodies gone, kinds left.
    for stamped in &mut history {
        stamped.by = Actor::Program;
        stamped.event = Event::Gone { kind: stamped.event.kind().to_owned() };
    }
    history.push(last);
    let replayed = Incident::replay(OrganisationId(uuid(2)), &history).expect("it is still there");
    assert_eq!(replayed, incident);
    assert_eq!((replayed.number, replayed.opened_at, replayed.closed_at), (1, opened_at(), Some(opened_at())));
    assert_eq!(replayed.timeline.len(), 4);
    let left = format!("{replayed:?}");
    assert!(!left.contains("Piet") && !left.contains("0612") && !left.contains("Versleutelen"), "{left}");
    let erased = replayed.erased.as_ref().expect("it says so");
    assert_eq!((erased.erasure.entries, erased.erasure.kind), (3, RetentionKind::NotNotified));
    assert_eq!(
        replayed.decide(Command::Note { text: "Nog iets".into() }, &officer(), late),
        Err(Refusal::Erased),
        "nothing is added to it"
    );
    assert!(Incident::replay(OrganisationId(uuid(2)), &history[..3]).is_none(), "bodies that are lost are no erasure");
}

#[test]
fn an_entry_that_is_erased_is_told_again_without_the_person() {
    let (incident, history) = closed();
    let request = |index, words: Option<&str>| Command::EraseEntries {
        ground: ErasureGround::Request,
        reason: "Verzoek 2026-17".into(),
        entries: vec![(index, words.map(str::to_owned))],
    };
    let now = opened_at() + DAY;
    let refused =
        |index, refusal: Refusal| assert_eq!(incident.decide(request(index, None), &officer(), now), Err(refusal));
    refused(12, Refusal::KeptForAccount);
    refused(99, Refusal::NoSuchEntry);

    let mut told = incident.clone();
    let events = incident.decide(request(10, Some("Laptop van een medewerker weg")), &officer(), now).expect("may go");
    let last = Stamped { index: Some(13), ..stamped(events[0].clone(), now) };
    told.apply(&last);
    let note = told.decide(request(11, None), &officer(), now).expect("a note may go whole");
    let second = Stamped { index: Some(14), ..stamped(note[0].clone(), now) };
    told.apply(&second);

    let mut stored = history;
    for stamped in stored.iter_mut().take(2) {
        stamped.by = Actor::Program;
        stamped.event = Event::Gone { kind: stamped.event.kind().to_owned() };
    }
    stored.extend([last, second]);
    let replayed = Incident::replay(OrganisationId(uuid(2)), &stored).expect("it opens");
    assert_eq!(replayed, told);
    assert_eq!(replayed.title, "Laptop van een medewerker weg");
    assert!(matches!(&replayed.opening, Opening::Reported { contact: None, when_said: Some(_), .. }));
    assert_eq!(replayed.opened_by, Actor::Reporter { name: None });
    assert!(matches!(&replayed.timeline[1].event, Event::Gone { kind } if kind == "incident.noted"));
    assert!(replayed.closed_at.is_some(), "what else happened is as it was");
    assert!(!format!("{replayed:?}").contains("Piet"));
    assert_eq!(replayed.id, IncidentId(uuid(1)));
}

/// What somebody wrote of who was told, or of a file, once stayed for ever; and what was made of the case as well.
#[test]
fn what_stands_beside_the_case_is_told_anew_without_the_person() {
    let (_, mut history) = closed();
    let file = EvidenceFile {
        sha256: "ab".repeat(32),
        size_bytes: 3,
        name: "klacht Piet Bos.pdf".into(),
        media_type: "application/pdf".into(),
        caution: None,
        description: "Van Piet".into(),
        origin: "Piet".into(),
    };
    let at = opened_at();
    let made = Event::DocumentMade {
        kind: "letter".into(),
        title: facts::Text::new("Brief", "Letter"),
        sha256: "cd".repeat(32),
        size_bytes: 9,
    };
    let more = [
        Event::SubjectsInformed { at, count: 1, channel: "telefoon, Piet Bos".into(), is_correction: false },
        Event::Custody(Custody::Added(file)),
        made,
        Event::DetectionsAdded(DetectionsAdded {
            urgency: Urgency::High,
            summary: facts::Text::new("laptop-piet belt naar huis", "laptop-piet calls home"),
            detections: vec![("d2".into(), "ef".repeat(32))],
            grown: Vec::new(),
            first_at: at,
            last_at: at,
        }),
    ];
    for (index, event) in (13..).zip(more) {
        history.push(Stamped { index: Some(index), ..stamped(event, opened_at()) });
    }
    let incident = Incident::replay(OrganisationId(uuid(2)), &history).expect("it opens");
    let erase = |index, words: Option<&str>| {
        let entries = vec![(index, words.map(str::to_owned))];
        let command =
            Command::EraseEntries { ground: ErasureGround::Request, reason: "Verzoek 2026-17".into(), entries };
        let events = incident.decide(command, &officer(), at + DAY)?;
        let mut after = incident.clone();
        after.apply(&Stamped { index: Some(17), ..stamped(events[0].clone(), at + DAY) });
        Ok::<_, Refusal>(after)
    };
    for index in [13, 14, 16] {
        assert_eq!(erase(index, None).map(drop), Err(Refusal::WordsNeeded), "{index}");
    }
    assert_eq!(erase(13, Some(&"x".repeat(201))).map(drop), Err(Refusal::TooLong { most: 200 }));
    let told = erase(13, Some("telefoon")).expect("may go");
    assert_eq!((told.informed_count(), told.subjects_informed[0].channel.as_str()), (Some(1), "telefoon"));
    let kept = &erase(14, Some("Een klacht")).expect("may go").evidence[0];
    assert_eq!((kept.file.name.as_str(), kept.file.origin.as_str()), ("gewist-erased.pdf", ""));
    assert_eq!((kept.file.description.as_str(), kept.file.sha256.len()), ("Een klacht", 64));
    let without = erase(15, None).expect("may go");
    assert!(without.documents.is_empty() && incident.documents.len() == 1);
    assert!(matches!(&without.timeline[5].event, Event::Gone { kind } if kind == "incident.document_made"));
    assert_eq!((incident.detections_of(&[16]), incident.detections_of(&[13])), (vec!["d2".to_owned()], Vec::new()));
    let told = erase(16, Some("een laptop")).expect("may go");
    let (_, added) = told.detections_added().next().expect("it is still there");
    assert_eq!((&*added.summary.nl, &*added.summary.en), ("een laptop", "een laptop"));
    assert!(told.rests_on("d2") && added.urgency == Urgency::High, "what was seen, and how grave it was, stays");
}

/// As the store gives a history back: those without bodies have their kinds left.
fn without_bodies(history: &mut [Stamped], gone: &[u64]) {
    for stamped in history.iter_mut().filter(|one| one.index.is_some_and(|index| gone.contains(&index))) {
        stamped.by = Actor::Program;
        stamped.event = Event::Gone { kind: stamped.event.kind().to_owned() };
    }
}

#[test]
fn an_entry_that_was_told_anew_is_told_anew_again_and_the_words_between_are_gone() {
    let (mut incident, mut history) = closed();
    let now = opened_at() + DAY;
    let mut reworded = Vec::new();
    for (index, entries) in [
        (13, vec![(10, "Laptop van Piet B. weg"), (11, "Met P. gebeld")]),
        (14, vec![(10, "Laptop van P. weg")]),
        (15, vec![(10, "Laptop van een medewerker weg")]),
    ] {
        let entries = entries.into_iter().map(|(index, words)| (index, Some(words.to_owned()))).collect();
        let reason = "Verzoek 2026-17".to_owned();
        let command = Command::EraseEntries { ground: ErasureGround::Request, reason, entries };
        let kept = incident.kept_entries();
        let events = incident.decide(command, &officer(), now).expect("may go");
        let Event::EntriesErased { entries, .. } = &events[0] else { panic!("{events:?}") };
        reworded.push(entries.iter().map(|one| one.index).collect::<Vec<_>>());
        let gone: Vec<u64> = entries.iter().map(|one| one.index).filter(|index| kept.contains(index)).collect();
        let last = Stamped { index: Some(index), ..stamped(events[0].clone(), now) };
        incident.apply(&last);
        history.push(last);
        without_bodies(&mut history, &gone);
        assert_eq!(Incident::replay(OrganisationId(uuid(2)), &history).as_ref(), Some(&incident), "{index}");
    }
    assert_eq!(reworded, [vec![10, 11], vec![10, 13, 11], vec![10, 14, 13, 11]], "each says what it erased");
    assert_eq!(incident.title, "Laptop van een medewerker weg");
    assert_eq!(
        incident.timeline[1].event,
        Event::Noted { text: "Met P. gebeld".into() },
        "nobody asked about that one"
    );
    assert_eq!(incident.kept_entries(), [12, 15], "those that have a body");
    let left = format!("{history:?}");
    assert!(!left.contains("Piet") && !left.contains("Laptop van P."), "{left}");

    let same = Command::EraseEntries {
        ground: ErasureGround::Request,
        reason: "Verzoek".into(),
        entries: vec![(10, Some("Laptop van een medewerker weg".into()))],
    };
    assert_eq!(incident.decide(same, &officer(), now), Err(Refusal::NothingChanges));
}

#[test]
fn each_incident_has_one_rule() {
    let check = |breach: Truth, outcomes: &[(Duty, Outcome)], expected: RetentionKind| {
        let (mut incident, _) = closed();
        carry_out(&mut incident, Command::Reopen { reason: "x".into() }).expect("open");
        let Command::RecordAssessment(mut assessment) = assessed(&[]) else { return };
        assessment.breach = breach;
        assessment.outcomes = outcomes.iter().copied().collect();
        carry_out(&mut incident, Command::RecordAssessment(assessment)).expect("assessed");
        assert_eq!(incident.retention_kind(), expected, "{breach:?} {outcomes:?}");
    };
    check(Truth::False, &[(Duty::Document, Outcome::NotRequired)], RetentionKind::NoBreach);
    check(Truth::True, &[(Duty::Document, Outcome::Required)], RetentionKind::NotNotified);
    check(Truth::Unknown, &[(Duty::Document, Outcome::Undetermined)], RetentionKind::NotNotified);
    // Below the Wbp's threshold, of another's duty, and from before any: nothing had to be recorded, and it is none the less.
    check(Truth::True, &[(Duty::Document, Outcome::NotRequired)], RetentionKind::NotNotified);
    check(Truth::Unknown, &[(Duty::Document, Outcome::NotRequired)], RetentionKind::NotNotified);
}
