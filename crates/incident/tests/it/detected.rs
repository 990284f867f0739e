//! What a sensor saw more of the same: it stands beside what was known, and is added once.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Fact, OrganisationId, Text, Value};
use incident::{Actor, Command, DetectionsAdded, Event, GrownDetection, Incident, Refusal, Urgency, Waiting};
use jiff::SignedDuration;

use crate::support::{carry_out, carry_out_as, detected, opened_at, reported, uuid};

fn more(urgency: Urgency, ids: &[&str], hours_later: i64) -> Command {
    Command::AddDetections(added(urgency, ids, hours_later))
}

fn added(urgency: Urgency, ids: &[&str], hours_later: i64) -> DetectionsAdded {
    let at = opened_at() + SignedDuration::from_hours(hours_later);
    DetectionsAdded {
        urgency,
        summary: Text::new("Nog meer", "Even more"),
        detections: ids.iter().map(|id| ((*id).to_owned(), "00".repeat(32))).collect(),
        grown: Vec::new(),
        first_at: at - SignedDuration::from_hours(20),
        last_at: at,
    }
}

#[test]
fn what_is_added_raises_what_is_known_and_never_lowers_it() {
    let mut incident = detected();
    let opening = incident.opening.clone();
    let at_first = incident.seen_in_all().expect("a sensor opened it");
    assert_eq!((at_first.urgency, at_first.raised_at), (Urgency::High, None));
    carry_out(&mut incident, more(Urgency::Medium, &["d7"], 1)).expect("milder, and more of it all the same");
    carry_out(&mut incident, more(Urgency::Critical, &["d8", "d9"], 0)).expect("worse");
    let seen = incident.seen_in_all().expect("seen");
    let (hour, recorded) = (SignedDuration::from_hours(1), opened_at() + SignedDuration::from_hours(1));
    assert_eq!((seen.urgency, seen.raised_at), (Urgency::Critical, Some(recorded)));
    assert_eq!((seen.first_at, seen.last_at), (opened_at() - hour * 20, opened_at() + hour));
    assert_eq!(seen.detections, at_first.detections + 3);
    assert_eq!(incident.opening, opening, "what was there is not rewritten");
    assert_eq!(incident.waits_for(), [Waiting::Check], "nor is it said to be looked at");
    assert!(incident.rests_on("d8") && incident.detection_added_at("d7") == Some(recorded) && !incident.rests_on("d1"));
    let replayed = Incident::replay(OrganisationId(uuid(2)), &incident.timeline).expect("a history");
    assert_eq!(replayed.seen_in_all(), Some(seen));
}

#[test]
fn a_detection_is_added_once_and_only_to_what_a_sensor_opened() {
    let mut incident = detected();
    carry_out(&mut incident, more(Urgency::High, &["d8"], 1)).expect("added");
    for (urgency, ids) in [(Urgency::High, vec!["d8"]), (Urgency::Low, vec!["d8"]), (Urgency::High, Vec::new())] {
        let again = carry_out(&mut incident, more(urgency, &ids, 2));
        assert_eq!(again, Err(Refusal::NothingChanges), "{urgency:?} {ids:?}");
    }
    let partly = carry_out(&mut incident, more(Urgency::Low, &["d8", "d9"], 2)).expect("one of them is new");
    let [Event::DetectionsAdded(added)] = partly.as_slice() else { panic!("{partly:?}") };
    assert_eq!(added.detections.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["d9"]);
    carry_out(&mut incident, more(Urgency::Critical, &["d8"], 3)).expect("known, and it weighs more");
    assert_eq!(incident.seen_in_all().map(|seen| seen.urgency), Some(Urgency::Critical));
    assert_eq!(carry_out(&mut reported(), more(Urgency::High, &["d8"], 1)), Err(Refusal::NoDetection));
}

/// What grew of one detection.
fn grown(id: &str, sent: u64) -> Command {
    let figures = BTreeMap::from([("sent_bytes".to_owned(), sent)]);
    let grown = vec![GrownDetection { id: id.into(), urgency: Urgency::Medium, figures }];
    Command::AddDetections(DetectionsAdded { grown, ..added(Urgency::Low, &[], 1) })
}

#[test]
fn what_grows_is_told_now_and_then_and_so_often_at_most() {
    let (mut incident, minute) = (detected(), SignedDuration::from_mins(1));
    carry_out(&mut incident, more(Urgency::High, &["d8"], 1)).expect("added");
    let at_first = incident.seen_in_all().expect("seen");
    let mut told = |id: &str, sent, minutes: i32| {
        let now = opened_at() + SignedDuration::from_hours(2) + minute * minutes;
        carry_out_as(&mut incident, grown(id, sent), &Actor::Program, now)
    };
    assert_eq!(told("d1", 9, 0), Err(Refusal::NothingChanges), "it does not rest on that one");
    told("d8", 9, 0).expect("told");
    assert_eq!(told("d8", 99, 19), Err(Refusal::NothingChanges), "too soon");
    told("d8", 99, 20).expect("told");
    let last = (2..1_000).filter(|round| told("d8", 1_000, 20 * round).is_ok()).count();
    assert_eq!(last, 48, "fifty in all");
    assert_eq!(incident.last_grown("d8").map(|one| one.figures["sent_bytes"]), Some(1_000));
    assert_eq!(incident.last_grown("d9"), None);
    let seen = incident.seen_in_all().expect("seen");
    assert_eq!((seen.detections, seen.urgency), (at_first.detections, Urgency::High), "no more of them, nor worse");
    let late = opened_at() + SignedDuration::from_hours(9_000);
    carry_out_as(&mut incident, more(Urgency::High, &["d9"], 2), &Actor::Program, late)
        .expect("others are added still");
}

#[test]
fn what_grew_is_told_with_what_is_told_anyway() {
    let mut incident = detected();
    carry_out(&mut incident, more(Urgency::High, &["d8"], 1)).expect("added");
    let mut told = |urgency, ids: &[&str], sent, minutes: i64| {
        let (Command::AddDetections(added), Command::AddDetections(beside)) =
            (grown("d8", sent), more(urgency, ids, 1))
        else {
            panic!("they add")
        };
        let command = Command::AddDetections(DetectionsAdded { grown: added.grown, ..beside });
        let now = opened_at() + SignedDuration::from_hours(2) + SignedDuration::from_mins(minutes);
        match carry_out_as(&mut incident, command, &Actor::Program, now).as_deref() {
            Ok([Event::DetectionsAdded(added)]) => Some(added.grown.len()),
            _ => None,
        }
    };
    for (urgency, ids, sent, minutes, expected, why) in [
        (Urgency::Low, vec![], 9, 0, Some(1), "by itself"),
        (Urgency::Low, vec![], 99, 1, None, "too soon"),
        (Urgency::Low, vec!["d9"], 99, 2, Some(1), "beside a new one"),
        (Urgency::Critical, vec![], 999, 3, Some(1), "beside that it is graver"),
        (Urgency::Low, vec![], 9_999, 22, None, "too soon after that"),
        (Urgency::Low, vec!["d10"], 9_999, 23, Some(1), "beside a new one"),
        (Urgency::Low, vec![], 99_999, 24, Some(1), "which puts off nothing"),
    ] {
        assert_eq!(told(urgency, &ids, sent, minutes), expected, "{why}");
    }
}

#[test]
fn what_a_sensor_proposes_takes_the_place_of_nobodys_word() {
    let leak = || {
        let data = Value::Many(BTreeSet::from(["national_id"]));
        let facts = [(Fact::PersonalData, Value::Truth(true)), (Fact::Data, data)];
        Command::ProposeFacts { facts: facts.into_iter().collect() }
    };
    let said = |fact, value| Command::RecordFacts { changes: BTreeMap::from([(fact, value)]), note: None };
    let truth = |truth| Some(Value::Truth(truth));
    for (before, personal, has_data) in [
        (vec![], Some(true), true),
        (vec![Command::NotKnownYet { facts: BTreeSet::from([Fact::PersonalData]) }], Some(true), true),
        (vec![said(Fact::PersonalData, truth(true))], Some(true), true),
        // What would contradict it is left out.
        (vec![said(Fact::PersonalData, truth(false))], Some(false), false),
        // Somebody took it back.
        (vec![said(Fact::PersonalData, truth(true)), said(Fact::PersonalData, None)], None, true),
    ] {
        let (mut incident, shown) = (detected(), format!("{before:?}"));
        for command in before {
            carry_out(&mut incident, command).expect("said before");
        }
        carry_out_as(&mut incident, leak(), &Actor::Program, opened_at()).expect("proposed");
        assert_eq!(incident.facts.truth(Fact::PersonalData), personal, "{shown}");
        assert_eq!(incident.facts.is_known(Fact::Data), has_data, "{shown}");
        let again = carry_out_as(&mut incident, leak(), &Actor::Program, opened_at()).expect("nothing to say");
        assert_eq!(again, [], "{shown}");
    }
}

#[test]
fn what_a_sensor_proposed_it_proposes_anew_and_what_somebody_said_stays() {
    let one = Value::One;
    let readable = [
        (Fact::Cause, one("internal_accidental")),
        (Fact::IncidentType, one("misconfiguration")),
        (Fact::Exfiltration, one("not_applicable")),
    ];
    let taken = [
        (Fact::Cause, one("external_malicious")),
        (Fact::IncidentType, one("data_exfiltration")),
        (Fact::Exfiltration, one("likely")),
    ];
    let propose = |incident: &mut Incident, facts: &[(Fact, Value)]| {
        let command = Command::ProposeFacts { facts: facts.iter().cloned().collect() };
        carry_out_as(incident, command, &Actor::Program, opened_at()).expect("proposed").len()
    };
    for (said, cause) in [(None, "external_malicious"), (Some("internal_malicious"), "internal_malicious")] {
        let mut incident = detected();
        assert_eq!(propose(&mut incident, &readable), 1);
        if let Some(said) = said {
            let changes = BTreeMap::from([(Fact::Cause, Some(one(said)))]);
            carry_out(&mut incident, Command::RecordFacts { changes, note: None }).expect("said");
        }
        assert_eq!((propose(&mut incident, &taken), propose(&mut incident, &taken)), (1, 0), "once");
        assert_eq!(incident.facts.one(Fact::Cause), Some(cause));
        assert_eq!(incident.facts.one(Fact::IncidentType), Some("data_exfiltration"));
        assert_eq!(incident.facts.one(Fact::Exfiltration), Some("likely"), "somebody may have broken in");
    }
    // Which each by itself would contradict what stands there.
    let mut incident = detected();
    let data = |personal, kinds: &[&'static str]| {
        [(Fact::PersonalData, Value::Truth(personal)), (Fact::Data, Value::Many(kinds.iter().copied().collect()))]
    };
    propose(&mut incident, &data(true, &["contact"]));
    assert_eq!(propose(&mut incident, &data(false, &[])), 1);
    assert_eq!(incident.facts.truth(Fact::PersonalData), Some(false));
}

#[test]
fn what_was_added_since_anybody_did_something_is_told_apart() {
    let mut incident = detected();
    let since = |incident: &Incident| -> Vec<String> {
        let added = incident.detections_added_since().flat_map(|(_, added)| &added.detections);
        added.map(|(id, _)| id.clone()).collect()
    };
    let by_itself = |incident: &mut Incident, id: &str| {
        carry_out_as(incident, more(Urgency::High, &[id], 1), &Actor::Program, opened_at()).expect("added");
    };
    by_itself(&mut incident, "d7");
    by_itself(&mut incident, "d8");
    assert_eq!(since(&incident), ["d7", "d8"]);
    carry_out(&mut incident, Command::Note { text: "Gezien.".into() }).expect("noted");
    assert_eq!(since(&incident), [""; 0]);
    by_itself(&mut incident, "d9");
    assert_eq!(since(&incident), ["d9"]);
    carry_out(&mut incident, more(Urgency::High, &["d10"], 1)).expect("a person put it there");
    assert_eq!(since(&incident), [""; 0]);
}

#[test]
fn nothing_is_added_to_what_people_are_done_with() {
    let mut incident = detected();
    let nothing = Command::CheckDetection { is_real: false, note: Some("Een scanner.".into()) };
    carry_out(&mut incident, nothing).expect("a false alarm");
    for closes in [false, true] {
        if closes {
            carry_out(&mut incident, Command::Close { lessons: "niets".into() }).expect("closed");
        }
        assert_eq!(carry_out(&mut incident, more(Urgency::Critical, &["d8"], 1)), Err(Refusal::Closed));
    }
}
