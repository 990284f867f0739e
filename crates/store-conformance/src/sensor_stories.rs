//! Cases of sensors as people see them: one host's story told once, and without what exceptions cover.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use app::{LetterKind, NewException, Opens, SensorSettings};
use facts::{Fact, Value};
use incident::{Permission, Role, Urgency};

use crate::bench::{Bench, NOW};
use crate::sensors::{case, detection, enrol, report, settle};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

pub async fn what_is_told_again_under_another_id_is_one_story_and_one_incident(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let ada = bench.permit(person, Permission::Close, "zorg").await.unwrap();
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let take = async |lines: &[String]| bench.app.take_report(&sensor, &report(lines), NOW).await.unwrap();
    let incidents = async || bench.store.next_number(&scope).await.unwrap() - 1;
    let told = async || {
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        letters.iter().filter(|letter| letter.kind == LetterKind::SensorCase).count()
    };
    let every = SensorSettings { opens: Opens::Every, ..SensorSettings::default() };
    settle(&bench, &scope, every, NOW).await.unwrap();
    // The same capture: by itself, with a list, and without it again.
    let beacon = detection("d1", "10.0.0.23", "high", NOW);
    let listed = detection("d2", "10.0.0.23", "high", NOW).replace("beacon", "indicator");
    let again = [
        vec![beacon.clone(), case("c1", "10.0.0.23", "high", &["d1"])],
        vec![beacon.clone(), listed.clone(), case("c2", "10.0.0.23", "critical", &["d2", "d1"])],
        vec![beacon.clone(), case("c3", "10.0.0.23", "high", &["d1"])],
    ];
    for (lines, letters) in again.iter().zip([1, 2, 2]) {
        take(lines).await;
        assert_eq!((incidents().await, told().await), (1, letters), "told once more when it is worse");
    }
    let timeline = bench.app.incident(&scope, 1).await.unwrap().timeline;
    let added = timeline.iter().filter(|one| matches!(one.event, incident::Event::DetectionsAdded(_))).count();
    assert_eq!(added, 1, "what came with the list");
    let seen = bench.app.seen_by_sensors(&scope, None, NOW - DAY).await.unwrap();
    let cases: Vec<_> = seen.cases.iter().map(|one| (one.line.id.as_str(), one.incident, one.has_more)).collect();
    assert_eq!(cases, [("c2", Some(1), false)], "one host, one case, and all of it in the incident");
    for id in ["c1", "c2", "c3"] {
        let (one, all) = bench.app.seen_case(&scope, sensor.id, id).await.unwrap();
        assert_eq!((one.ids.len(), one.line.detections.len(), all.len()), (3, 2, 2), "{id}");
        assert_eq!(bench.app.open_sensor_case(&scope, sensor.id, id, NOW).await.unwrap().number, 1, "{id}");
    }
    let whole = bench.app.case_told(&scope, sensor.id, &["c1".into(), "c2".into(), "c3".into()]).await.unwrap();
    assert_eq!(whole.waiting, 1, "one person, by the newest letter");

    // What is closed stays so: the rule opens nothing of a case that it opened, a person does, once.
    bench.app.check_detection(&ada, 1, None, false, Some("een vals alarm".into()), NOW).await.unwrap();
    bench.app.close(&ada, 1, "niets aan de hand".into(), NOW).await.unwrap();
    let more = [detection("d3", "10.0.0.23", "high", NOW), case("c2", "10.0.0.23", "critical", &["d2", "d1", "d3"])];
    for _ in 0..2 {
        take(&more).await;
        assert_eq!((incidents().await, told().await), (1, 3), "what is new is told, and once");
    }
    let (one, _) = bench.app.seen_case(&scope, sensor.id, "c2").await.unwrap();
    assert_eq!((one.incident, one.has_more), (Some(1), true));
    for id in ["c2", "c2", "c1"] {
        let opened = bench.app.open_sensor_case(&scope, sensor.id, id, NOW + HOUR).await.unwrap();
        assert_eq!(opened.number, 2, "{id}: another time is another incident");
    }
    assert_eq!(bench.app.open_sensor_detection(&scope, sensor.id, "d3", NOW).await.unwrap().number, 2);
}

pub async fn what_is_seen_later_is_added_to_the_open_incident_with_its_figures(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let take = async |lines: &[String], at| bench.app.take_report(&sensor, &report(lines), at).await.unwrap();
    let first = detection("d1", "10.0.0.23", "medium", NOW);
    take(&[first.clone(), case("c1", "10.0.0.23", "medium", &["d1"])], NOW).await;
    let opened = bench.app.open_sensor_case(&scope, sensor.id, "c1", NOW).await.unwrap();
    let urgency = async || bench.store.incident_by_number(&scope, 1).await.unwrap().urgency;
    let letters = async || {
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        letters.iter().filter(|letter| letter.kind == LetterKind::SensorCase).count()
    };
    assert_eq!((urgency().await, letters().await), (Some(Urgency::Medium), 0));

    // Hours later: a list has it, under a name longer than any line; and something mild beside it.
    let (name, later) = (format!("{}.example", "lange-naam-".repeat(20)), NOW + HOUR * 3);
    let listed = detection("d2", "10.0.0.23", "high", later).replace("beacon", "indicator");
    let listed = listed.replace("belt naar huis", &format!("belt naar {name}"));
    let mild = detection("d3", "10.0.0.23", "low", later).replace("beacon", "scan");
    let grown = detection("d1", "10.0.0.23", "medium", later);
    let lines = [grown, listed.clone(), mild.clone(), case("c2", "10.0.0.23", "critical", &["d1", "d2", "d3"])];
    for _ in 0..2 {
        take(&lines, later).await;
        assert_eq!(bench.store.next_number(&scope).await.unwrap(), 2, "it is the same incident");
    }
    let kept = bench.store.detections(&scope, opened.id).await.unwrap();
    let said: Vec<_> = kept.iter().map(|one| one.json.as_str()).collect();
    assert_eq!(said, [first.as_str(), listed.as_str(), mild.as_str()], "what stood there is as it was");
    let incident = bench.app.incident(&scope, 1).await.unwrap();
    let added: Vec<_> = incident.detections_added().collect();
    assert_eq!(added.len(), 1, "once");
    let (at, one) = added[0];
    assert_eq!((at, one.urgency, one.first_at, one.last_at), (later, Urgency::Critical, NOW - DAY, later));
    let hashes = |of: &[&str]| -> Vec<String> {
        kept.iter().filter(|one| of.contains(&one.id.as_str())).map(|one| one.sha256.clone()).collect()
    };
    assert_eq!(one.detections.iter().map(|(_, hash)| hash.clone()).collect::<Vec<_>>(), hashes(&["d2", "d3"]));
    assert!(one.summary.nl.contains(&name), "no name is cut: {}", one.summary.nl);
    assert_eq!((urgency().await, letters().await), (Some(Urgency::Critical), 1), "and who must act is told");
    let seen = incident.seen_in_all().unwrap();
    assert_eq!((seen.raised_at, seen.last_at, seen.detections), (Some(later), later, 3));
    assert_eq!(incident.detection_added_at("d2"), Some(later));

    // The rest of the story may weigh more without anything new in it.
    let calm = [detection("d9", "10.0.0.9", "low", NOW), case("c9", "10.0.0.9", "low", &["d9"])];
    take(&calm, NOW).await;
    let other = bench.app.open_sensor_case(&scope, sensor.id, "c9", NOW).await.unwrap();
    for _ in 0..2 {
        take(&[case("c9", "10.0.0.9", "medium", &["d9"])], later).await;
    }
    let incident = bench.app.incident(&scope, other.number).await.unwrap();
    let added: Vec<_> = incident.detections_added().map(|(_, one)| (one.urgency, one.detections.len())).collect();
    assert_eq!(added, [(Urgency::Medium, 0)]);
}

/// What is reported under the same id comes to more: the incident says so where that matters, and shows the newest.
pub async fn what_becomes_much_more_is_told_to_the_open_incident(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let ada = bench.permit(person, Permission::Close, "zorg").await.unwrap();
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let sent = |megabytes: u64, at: Timestamp| {
        let line =
            detection("d1", "10.0.0.23", "high", at).replace("belt naar huis", &format!("stuurde {megabytes} MB"));
        line.replace(
            r#"{"connections":212}"#,
            &format!(r#"{{"connections":{megabytes},"sent_bytes":{megabytes}000000}}"#),
        )
    };
    let take = async |megabytes, at| {
        let lines = [sent(megabytes, at), case("c1", "10.0.0.23", "high", &["d1"])];
        bench.app.take_report(&sensor, &report(&lines), at).await.unwrap();
    };
    let told = async || -> Vec<(Timestamp, u64)> {
        let incident = bench.app.incident(&scope, 1).await.unwrap();
        let grown = incident.detections_added().filter(|(_, added)| added.detections.is_empty());
        grown.map(|(at, added)| (at, added.grown[0].figures["sent_bytes"] / 1_000_000)).collect()
    };
    let newest = async || {
        let incident = bench.app.incident(&scope, 1).await.unwrap();
        bench.app.newest_detections(&scope, &incident).await.unwrap()
    };
    take(10, NOW).await;
    let opened = bench.app.open_sensor_case(&scope, sensor.id, "c1", NOW).await.unwrap();
    let at = |hours: i32| NOW + HOUR * hours;
    for (megabytes, hours) in [(10, 1), (19, 2), (20, 3), (39, 4), (100, 5)] {
        take(megabytes, at(hours)).await;
    }
    assert_eq!(told().await, [(at(3), 20), (at(5), 100)], "each time that it is twice what was told");
    let incident = bench.app.incident(&scope, 1).await.unwrap();
    let (_, added) = incident.detections_added().last().unwrap();
    assert_eq!((&*added.summary.nl, added.last_at), ("kassa-2 stuurde 100 MB.", at(5)));
    let kept = bench.store.detections(&scope, opened.id).await.unwrap();
    assert_eq!((kept.len(), kept[0].json.as_str()), (1, sent(10, NOW).as_str()), "what it was opened with stays");
    let shown = newest().await;
    assert_eq!((shown.len(), shown["d1"].sensor, shown["d1"].json.as_str()), (1, sensor.id, sent(100, at(5)).as_str()));

    // Within minutes it is not told again by itself, and what people are done with is told nothing.
    take(1_000, at(5) + HOUR / 12).await;
    assert_eq!(told().await.len(), 2);
    let soon = at(5) + HOUR / 6;
    let beside = detection("d2", "10.0.0.23", "high", soon).replace("beacon", "scan");
    let lines = [sent(1_000, soon), beside, case("c1", "10.0.0.23", "high", &["d1", "d2"])];
    bench.app.take_report(&sensor, &report(&lines), soon).await.unwrap();
    let incident = bench.app.incident(&scope, 1).await.unwrap();
    let (_, added) = incident.detections_added().last().unwrap();
    assert_eq!((added.detections.len(), added.grown.len()), (1, 1), "beside what is new it is");
    bench.app.check_detection(&ada, 1, None, false, Some("een vals alarm".into()), at(6)).await.unwrap();
    take(9_000, at(7)).await;
    assert_eq!(told().await.len(), 2);
    assert_eq!(newest().await["d1"].json, sent(9_000, at(7)), "which the sensor's own record has");
}

pub async fn what_is_added_while_somebody_writes_is_in_their_way_where_it_is_more_urgent(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let ada = bench.permit(person, Permission::HandleIncident, "zorg").await.unwrap();
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let first = [detection("d1", "10.0.0.23", "medium", NOW), case("c1", "10.0.0.23", "medium", &["d1"])];
    bench.app.take_report(&sensor, &report(&first), NOW).await.unwrap();
    bench.app.open_sensor_case(&scope, sensor.id, "c1", NOW).await.unwrap();
    // Somebody has the form open, and the sensor sees more of the same: mild, or far worse.
    for (id, severity, of_story, is_in_the_way) in [("d2", "low", "medium", false), ("d3", "high", "critical", true)] {
        let seen = bench.app.incident(&scope, 1).await.unwrap().timeline.len() as u64;
        let more = detection(id, "10.0.0.23", severity, NOW).replace("beacon", "scan");
        let lines = [more, case("c1", "10.0.0.23", of_story, &["d1", "d2", id])];
        bench.app.take_report(&sensor, &report(&lines), NOW + HOUR).await.unwrap();
        assert!(bench.app.incident(&scope, 1).await.unwrap().rests_on(id), "{id}");
        let written = bench.app.set_detected_at(&ada, 1, Some(seen), NOW - HOUR, NOW + HOUR).await;
        assert_eq!(matches!(written, Err(app::Error::Conflict)), is_in_the_way, "{id}: {written:?}");
        assert!(is_in_the_way || written.is_ok(), "{id}: {written:?}");
    }
}

/// A leak beside what was as grave as can be once reached nobody, and the incident asked what the sensor had seen.
pub async fn data_that_leave_in_an_open_incident_are_proposed_and_told(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let ada = bench.permit(person, Permission::HandleIncident, "zorg").await.unwrap();
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let every = SensorSettings { opens: Opens::Every, ..SensorSettings::default() };
    settle(&bench, &scope, every, NOW).await.unwrap();
    let take = async |lines: &[String], at| bench.app.take_report(&sensor, &report(lines), at).await.unwrap();
    let letters = async || {
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        letters.iter().filter(|letter| letter.kind == LetterKind::SensorCase).count()
    };
    let listed = detection("d1", "10.0.0.23", "critical", NOW).replace("beacon", "indicator");
    take(&[listed.clone(), case("c1", "10.0.0.23", "critical", &["d1"])], NOW).await;
    let facts = async || bench.app.incident(&scope, 1).await.unwrap().facts;
    assert_eq!((letters().await, facts().await.truth(Fact::PersonalData)), (1, None));
    let cause = BTreeMap::from([(Fact::Cause, Some(Value::One("internal_malicious")))]);
    bench.app.record_facts(&ada, 1, None, cause, None, NOW).await.unwrap();

    // As grave as it was, and a trifle that leaves is none.
    let later = NOW + HOUR;
    let said = case("c1", "10.0.0.23", "critical", &["d1", "d2"]);
    let trifle = detection("d2", "10.0.0.23", "low", later).replace("beacon", "exfiltration");
    take(&[trifle, said.clone()], later).await;
    assert_eq!(letters().await, 1);
    let leak = detection("d3", "10.0.0.23", "high", later).replace("beacon", "exfiltration");
    let proposed = r#""personal_data":true,"data":["national_id"],"of_later""#;
    let said = said.replace(r#""d2"]"#, r#""d2","d3"]"#).replace("external_malicious", "internal_accidental");
    let said = said.replace(r#""of_later""#, proposed);
    for _ in 0..2 {
        take(&[leak.clone(), said.clone()], later).await;
        assert_eq!(letters().await, 2, "once more, to the same person");
    }
    let incident = bench.app.incident(&scope, 1).await.unwrap();
    assert_eq!(incident.facts.truth(Fact::PersonalData), Some(true));
    assert!(incident.facts.many(Fact::Data).is_some_and(|data| data.contains("national_id")));
    assert_eq!(incident.facts.one(Fact::Cause), Some("internal_malicious"), "what somebody said stays");
    let by = incident.timeline.iter().filter_map(|one| match &one.event {
        incident::Event::FactsRecorded { changes, .. } => changes.contains_key(&Fact::Data).then_some(&one.by),
        _ => None,
    });
    let proposals: Vec<_> = by.collect();
    assert_eq!(proposals, [&incident::Actor::Program], "once");
    assert!(!incident.is_assessment_stale, "and the law was asked again");
}

/// What crossed the network readable, and then much that left: that nobody broke in is said no more.
pub async fn what_a_sensor_proposed_it_proposes_anew_where_it_saw_more(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let take = async |lines: &[String], at| bench.app.take_report(&sensor, &report(lines), at).await.unwrap();
    let means = |case: String, cause: &str, kind: &str, taken: &str| {
        let case = case.replace("external_malicious", cause).replace("hacking", kind);
        case.replace(r#""of_later":1"#, &format!(r#""exfiltration":"{taken}""#))
    };
    let readable = case("c1", "10.0.0.23", "medium", &["d1"]);
    let readable = means(readable, "internal_accidental", "misconfiguration", "not_applicable");
    take(&[detection("d1", "10.0.0.23", "medium", NOW), readable], NOW).await;
    bench.app.open_sensor_case(&scope, sensor.id, "c1", NOW).await.unwrap();
    let proposed = async || {
        let facts = bench.app.incident(&scope, 1).await.unwrap().facts;
        let of = |fact| facts.one(fact).map(str::to_owned).unwrap_or_default();
        [of(Fact::Cause), of(Fact::IncidentType), of(Fact::Exfiltration)]
    };
    assert_eq!(proposed().await, ["internal_accidental", "misconfiguration", "not_applicable"]);
    let leak = detection("d2", "10.0.0.23", "high", NOW + HOUR).replace("beacon", "exfiltration");
    let taken = case("c1", "10.0.0.23", "critical", &["d1", "d2"]);
    let taken = means(taken, "external_malicious", "data_exfiltration", "likely");
    take(&[leak, taken.clone()], NOW + HOUR).await;
    assert_eq!(proposed().await, ["external_malicious", "data_exfiltration", "likely"]);

    // Also where nothing of it is told, and once.
    let entries = async || bench.app.incident(&scope, 1).await.unwrap().timeline.len();
    let before = entries().await;
    let surely = taken.replace("likely", "confirmed");
    for _ in 0..2 {
        take(std::slice::from_ref(&surely), NOW + HOUR).await;
        assert_eq!(proposed().await, ["external_malicious", "data_exfiltration", "confirmed"]);
        assert_eq!(entries().await, before + 2, "what is proposed, and what the law says of it");
    }
}

/// Two devices, and something that both cases rest on: the rule opens an incident of one, and the other is in it at once.
pub async fn what_went_into_an_incident_just_now_takes_in_what_rests_on_it(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let from_high = SensorSettings { opens: Opens::FromHigh, ..SensorSettings::default() };
    settle(&bench, &scope, from_high, NOW).await.unwrap();
    let mild = case("c2", "10.0.0.9", "medium", &["d1", "d2"]);
    let lines = [
        detection("d1", "10.0.0.23", "critical", NOW),
        detection("d2", "10.0.0.9", "medium", NOW),
        mild.replace(r#""detections""#, r#""alarm":"now","detections""#),
        case("c1", "10.0.0.23", "critical", &["d1"]),
    ];
    bench.app.take_report(&sensor, &report(&lines), NOW).await.unwrap();
    for id in ["c1", "c2"] {
        assert_eq!(bench.store.sensor_case(&scope, sensor.id, id).await.unwrap().incident, Some(1), "{id}");
    }
    assert!(bench.app.incident(&scope, 1).await.unwrap().rests_on("d2"));
    assert_eq!(bench.store.next_number(&scope).await.unwrap(), 2, "one");
}

/// A password that can be read and a machine that was taken are as grave, and ask for something else.
pub async fn what_becomes_more_than_readable_is_told_once_more(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    bench.app.record_staff_informed(&scope, "2026-11-01", "in het werkoverleg", NOW).await.unwrap();
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let mut lines = Vec::new();
    for (id, kind, severity, letters) in [
        ("d1", "cleartext_credentials", "high", 1),
        ("d2", "cleartext_credentials", "high", 1),
        ("d3", "scan", "low", 1),
        ("d4", "lateral_movement", "medium", 2),
        ("d5", "beacon", "high", 2),
    ] {
        lines.push(detection(id, "10.0.0.23", severity, NOW).replace("beacon", kind));
        let ids: Vec<_> = ["d1", "d2", "d3", "d4", "d5"].into_iter().take(lines.len()).collect();
        let told = [lines.clone(), vec![case("c1", "10.0.0.23", "high", &ids)]].concat();
        bench.app.take_report(&sensor, &report(&told), NOW + HOUR).await.unwrap();
        let all = bench.store.letters(&scope, 100).await.unwrap();
        let of_cases = all.iter().filter(|letter| letter.kind == LetterKind::SensorCase).count();
        assert_eq!(of_cases, letters, "{id} {kind}");
    }
}

pub async fn what_was_added_is_erased_with_what_the_sensor_said_of_it(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let first = [detection("d1", "10.0.0.23", "high", NOW), case("c1", "10.0.0.23", "high", &["d1"])];
    bench.app.take_report(&sensor, &report(&first), NOW).await.unwrap();
    let opened = bench.app.open_sensor_case(&scope, sensor.id, "c1", NOW).await.unwrap();
    let named = detection("d2", "10.0.0.23", "low", NOW).replace("beacon", "scan").replace("kassa-2", "laptop-piet");
    let more = [named, case("c1", "10.0.0.23", "high", &["d1", "d2"])];
    bench.app.take_report(&sensor, &report(&more), NOW).await.unwrap();
    let incident = bench.app.incident(&scope, 1).await.unwrap();
    let added = incident.timeline.iter().find(|one| matches!(one.event, incident::Event::DetectionsAdded(_))).unwrap();
    let (seen, index) = (incident.timeline.len() as u64, added.index.unwrap());
    let (ground, reason) = (incident::ErasureGround::Request, "Verzoek 2026-17".to_owned());
    let entries = vec![(index, Some("Nog een apparaat".to_owned()))];
    bench.app.erase_entries(&scope, 1, seen, ground, reason, entries, NOW).await.unwrap();

    let kept = async || bench.store.detections(&scope, opened.id).await.unwrap();
    let said = async || {
        let history = bench.store.history(&scope, opened.id).await.unwrap();
        let bodies = history.iter().filter_map(|entry| entry.salt_and_body.as_ref());
        bodies.map(|(_, body)| String::from_utf8_lossy(body).into_owned()).collect::<String>()
    };
    assert!(matches!(bench.app.seen_detection(&scope, sensor.id, "d2").await, Err(app::Error::NotFound)));
    // Nor does it come back with what the sensor says of it later; the case weighs as much as what is left of it.
    let worse = case("c1", "10.0.0.23", "critical", &["d1", "d2"]).replace("kassa-2 is", "laptop-piet is");
    let worse = [more[0].clone(), worse];
    for lines in [&more, &worse] {
        bench.app.take_report(&sensor, &report(lines), NOW + HOUR).await.unwrap();
        assert_eq!(kept().await.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["d1"]);
        assert!(matches!(bench.app.seen_detection(&scope, sensor.id, "d2").await, Err(app::Error::NotFound)));
        let (one, _) = bench.app.seen_case(&scope, sensor.id, "c1").await.unwrap();
        assert_eq!(one.line.detections, ["d1"]);
        assert!(!one.line.summary.nl.contains("piet"), "{}", one.line.summary.nl);
        let said = said().await;
        assert!(!said.contains("piet") && said.contains("Nog een apparaat"), "{said}");
    }
    let incident = bench.app.incident(&scope, 1).await.unwrap();
    assert_eq!(incident.seen_in_all().map(|seen| (seen.urgency, seen.detections)), Some((Urgency::High, 2)));
    bench.register_holds(&scope).await;
}

pub async fn what_comes_beside_a_false_alarm_is_no_part_of_it(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let ada = bench.permit(person, Permission::Close, "zorg").await.unwrap();
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let every = SensorSettings { opens: Opens::Every, ..SensorSettings::default() };
    settle(&bench, &scope, every, NOW).await.unwrap();
    let take = async |lines: &[String]| bench.app.take_report(&sensor, &report(lines), NOW).await.unwrap();
    let beacon = detection("d1", "10.0.0.23", "high", NOW);
    take(&[beacon.clone(), case("c1", "10.0.0.23", "high", &["d1"])]).await;
    bench.app.check_detection(&ada, 1, None, false, Some("een vals alarm".into()), NOW).await.unwrap();
    // The same alone changes nothing; a place on a list beside it is news.
    take(&[beacon.clone(), case("c2", "10.0.0.23", "high", &["d1"])]).await;
    assert_eq!(bench.store.next_number(&scope).await.unwrap(), 2);
    let listed = detection("d2", "10.0.0.23", "high", NOW).replace("beacon", "indicator");
    take(&[beacon, listed, case("c3", "10.0.0.23", "critical", &["d1", "d2"])]).await;
    assert_eq!(bench.store.next_number(&scope).await.unwrap(), 3);
}

/// A detection keeps its id for a month, and a story its own for a week: what comes back after people were done with it is
/// told and opened as if it were new.
pub async fn what_comes_back_after_it_was_closed_is_another_time(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let ada = bench.permit(person, Permission::Close, "zorg").await.unwrap();
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let take = async |lines: &[String], at| bench.app.take_report(&sensor, &report(lines), at).await.unwrap();
    let so_far = async || {
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        let told = letters.iter().filter(|letter| letter.kind == LetterKind::SensorCase).count();
        (bench.store.next_number(&scope).await.unwrap() - 1, told)
    };
    let every = SensorSettings { opens: Opens::Every, ..SensorSettings::default() };
    settle(&bench, &scope, every, NOW).await.unwrap();
    let seen =
        |case_id: &str, at| [detection("d1", "10.0.0.23", "high", at), case(case_id, "10.0.0.23", "high", &["d1"])];
    take(&seen("c1", NOW), NOW).await;
    assert_eq!(so_far().await, (1, 1));
    bench.app.check_detection(&ada, 1, None, false, Some("een vals alarm".into()), NOW).await.unwrap();
    bench.app.close(&ada, 1, "niets aan de hand".into(), NOW).await.unwrap();
    // What goes on as it went stays closed.
    take(&seen("c1", NOW + HOUR), NOW + HOUR).await;
    assert_eq!(so_far().await, (1, 1));
    let later = NOW + DAY * 12;
    for _ in 0..2 {
        take(&seen("c2", later), later).await;
        assert_eq!(so_far().await, (2, 2));
    }
}

pub async fn an_exception_for_a_part_of_a_case_leaves_the_rest(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let lines = [
        detection("d1", "10.0.0.23", "high", NOW),
        detection("d2", "10.0.0.23", "medium", NOW).replace("beacon", "scan"),
        case("c1", "10.0.0.23", "critical", &["d1", "d2", "never-sent"]),
    ];
    let stands = async || {
        let seen = bench.app.seen_by_sensors(&scope, None, NOW - DAY).await.unwrap();
        let one = seen.cases.first().unwrap().clone();
        (format!("{:?}", one.line.severity), one.is_urgent, one.line.detections.join(" "), one.line.summary.nl)
    };
    bench.app.take_report(&sensor, &report(&lines[..2]), NOW).await.unwrap();
    let ordinary = NewException { kind: "beacon".into(), reason: "de leverancier".into(), ..Default::default() };
    let made = bench.app.except(&scope, ordinary, NOW).await.unwrap();
    settle(&bench, &scope, SensorSettings { opens: Opens::FromHigh, ..Default::default() }, NOW).await.unwrap();
    bench.app.take_report(&sensor, &report(&lines[2..]), NOW).await.unwrap();
    let (severity, is_urgent, detections, said) = stands().await;
    assert_eq!((severity.as_str(), is_urgent, detections.as_str()), ("Medium", false, "d2 never-sent"));
    assert!(said.contains("doet iets verdachts") && !said.contains("waarschijnlijk besmet"), "{said}");
    assert_eq!(bench.store.next_number(&scope).await.unwrap(), 1, "no rule opens what is left");
    assert_eq!(bench.store.letters(&scope, 9).await.unwrap(), [], "nor is anybody told at once");
    let monday: Timestamp = "2026-11-23T07:00:00Z".parse().unwrap();
    bench.app.send_sensor_digests(monday).await.unwrap();
    assert_eq!(bench.store.letters(&scope, 9).await.unwrap().len(), 1, "it can wait for the digest");

    let opened = bench.app.open_sensor_case(&scope, sensor.id, "c1", NOW).await.unwrap();
    let kept = bench.store.detections(&scope, opened.id).await.unwrap();
    assert_eq!(kept.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["d2"], "what is ordinary is no evidence");
    let alone = bench.app.open_sensor_detection(&scope, sensor.id, "d1", NOW).await.unwrap();
    assert_ne!(alone.number, opened.number, "who asks for it gets it by itself");

    bench.app.take_back_exception(&scope, made.id, NOW).await.unwrap();
    let (severity, is_urgent, detections, said) = stands().await;
    assert_eq!((severity.as_str(), is_urgent, detections.as_str()), ("Critical", true, "d1 d2 never-sent"));
    assert_eq!(said, "kassa-2 is waarschijnlijk besmet.");
}

pub async fn a_page_further_back_tells_cases_as_the_first_does(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let host = |n: usize| format!("10.1.{}.{}", n / 250, n % 250);
    // In one order the cases, in the other what they rest on: of many on a page the detections are on another.
    let at = |n: usize| NOW - HOUR * i32::try_from(n).unwrap() / 3_600;
    let lines: Vec<_> = (0..1_020)
        .flat_map(|n| {
            let (id, of) = (format!("x{n:04}"), format!("d{:04}", 1_019 - n));
            [detection(&of, &host(n), "low", at(n)), case(&id, &host(n), "low", &[&of])]
        })
        .collect();
    bench.app.take_report(&sensor, &report(&lines), NOW).await.unwrap();
    for n in [3, 1_003, 1_004] {
        let ours = NewException { host: host(n), reason: "de printer".into(), ..NewException::default() };
        bench.app.except(&scope, ours, NOW).await.unwrap();
    }
    let mut ids = Vec::new();
    for (after, shown, hidden) in [(0, 999, 1), (1_000, 18, 2)] {
        let seen = bench.app.seen_after(&scope, None, NOW - DAY * 2, after).await.unwrap();
        assert_eq!((seen.cases.len(), seen.hidden_cases.len()), (shown, hidden), "after {after}");
        assert!(seen.cases.iter().all(|case| case.last_at.is_some()), "by their own detections");
        assert!(seen.cases.is_sorted_by_key(|case| std::cmp::Reverse(case.last_seen())), "the last seen first");
        ids.extend(seen.cases.iter().map(|case| case.line.id.clone()));
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 1_017, "each once");
}
