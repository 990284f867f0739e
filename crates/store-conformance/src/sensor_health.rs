//! How sensors are, from one state line to the next; and what waits for somebody to look at it.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use app::{Health, LetterKind, MOST_URGENT, NewException, Who, Wrong};
use incident::Role;

use crate::bench::{Bench, NOW};
use crate::sensors::{case, detection, enrol, report};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

fn state(at: Timestamp, packets: u64, drops: u64, is_up: bool) -> String {
    format!(
        r#"{{"type":"state","at":"{at}","version":"0.3.0","started_at":"{NOW}","sources":[{{"kind":"interface","name":"eth1","up":{is_up},"packets":{packets},"bytes":99,"flows":3,"kernel_drops":{drops}}}],"malformed":0,"dropped":0,"hosts":1,"lists":[],"spooled":0,"looks_into_content":false}}"#
    )
}

pub async fn a_blind_sensor_is_not_well_and_those_who_must_act_are_told_once(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let health = async |at| bench.app.sensor(&scope, sensor.id, at).await.unwrap().health;
    let is = |health: Health| match health {
        Health::Troubled(all) => all.into_iter().map(|one| one.what).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let letters = async || {
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        letters.iter().filter(|letter| letter.kind == LetterKind::SensorTrouble).count()
    };
    let take = async |line: String, at| {
        bench.app.take_report(&sensor, &report(&[line]), at).await.unwrap();
        letters().await
    };
    assert_eq!(health(NOW + DAY).await, Health::NeverHeard, "which is not the same as silent");
    assert_eq!(take(state(NOW + MINUTE, 0, 0, true), NOW + MINUTE).await, 0);
    assert_eq!(health(NOW + MINUTE).await, Health::Well, "it has just begun");
    let at = NOW + MINUTE * 16;
    assert_eq!(take(state(at, 0, 0, true), at).await, 0);
    assert_eq!(is(health(at).await), [Wrong::NothingYet]);
    assert_eq!(health(at + HOUR).await, Health::Silent, "what it said last is not how it is now");
    assert_eq!(take(state(NOW + HOUR, 0, 0, true), NOW + HOUR).await, 0);
    let at = NOW + MINUTE * 61;
    assert_eq!(take(state(at, 0, 0, true), at).await, 1, "as long as settled for silence");
    assert_eq!(take(state(NOW + HOUR * 2, 0, 0, true), NOW + HOUR * 2).await, 1, "once");

    let at = NOW + HOUR * 3;
    take(state(at, 1_000, 0, true), at).await;
    assert_eq!(health(at).await, Health::Well);
    let at = at + MINUTE * 15;
    take(state(at, 2_000, 9_000, true), at).await;
    assert_eq!(is(health(at).await), [Wrong::Missed(90)], "of what came lately");
    let at = at + MINUTE * 30;
    take(state(at, 90_000, 9_000, true), at).await;
    take(state(at + MINUTE * 15, 99_000, 9_000, true), at + MINUTE * 15).await;
    assert_eq!(health(at + MINUTE * 15).await, Health::Well, "and not since the beginning");

    let at = NOW + HOUR * 5;
    assert_eq!(take(state(at, 99_500, 9_000, false), at).await, 1);
    assert_eq!(is(health(at).await), [Wrong::Gone(None)]);
    assert_eq!(take(state(at + HOUR, 99_500, 9_000, false), at + HOUR).await, 2, "of another trouble anew");
    // An older line that comes in late says nothing of now.
    take(state(at - MINUTE, 99_400, 9_000, true), at + HOUR).await;
    assert_eq!(is(health(at + HOUR).await), [Wrong::Gone(None)]);

    // What comes in after its clock was set back counts.
    take(state(NOW + HOUR * 10, 99_500, 9_000, true), NOW + HOUR * 7).await;
    assert_eq!(health(NOW + HOUR * 7).await, Health::Well);
    let at = NOW + HOUR * 7 + MINUTE;
    take(state(at, 99_500, 9_000, false), at).await;
    assert_eq!(is(health(at).await), [Wrong::Gone(None)]);
}

pub async fn what_is_wrong_with_a_sensor_is_told_in_few_letters_and_not_once_it_is_over(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    // These sources are gone, as of so many hours.
    let gone = |names: &[&str], hours: i32| {
        let one = |name: &&str| {
            format!(
                r#"{{"kind":"interface","name":"{name}","up":false,"packets":0,"bytes":0,"flows":0,"kernel_drops":0}}"#
            )
        };
        let sources = names.iter().map(one).collect::<Vec<_>>().join(",");
        let whole = state(NOW + HOUR * hours, 0, 0, true);
        let (before, rest) = whole.split_once("[{").unwrap();
        let (_, after) = rest.split_once("}]").unwrap();
        format!("{before}[{sources}]{after}")
    };
    let take = async |lines: &[String], hours: i32| {
        bench.app.take_report(&sensor, &report(lines), NOW + HOUR * hours).await.unwrap();
        let mut letters = bench.store.letters(&scope, 100).await.unwrap();
        letters.retain(|letter| letter.kind == LetterKind::SensorTrouble);
        letters.into_iter().map(|letter| letter.data).collect::<Vec<_>>()
    };
    assert_eq!(take(&[gone(&["a"], 1), gone(&["a"], 3)], 9).await.len(), 0, "it waited on the sensor");
    assert_eq!(take(&[gone(&[], 9)], 9).await.len(), 0, "and is over");

    let name = r"b\n\nhttps://kwaad.example";
    let told = take(&[gone(&[name, "c", "d"], 10), gone(&[name, "c", "d"], 11)], 11).await;
    assert_eq!(told.len(), 1, "in one letter");
    assert!(told[0].contains(r#""name":"b https kwaad.example""#) && told[0].contains(r#""others":2"#), "{told:?}");

    let mut count = Vec::new();
    for round in 1..=8 {
        let (hours, name) = (11 + 2 * round, format!("p{round}"));
        let lines = [hours - 1, hours].map(|at| gone(&[&name], at));
        count.push(take(&lines, hours).await.len());
    }
    assert_eq!(count, [2, 3, 4, 5, 5, 5, 5, 5], "no more in a day");
    assert_eq!(take(&[gone(&["p8"], 36)], 36).await.len(), 6, "what is wrong still is told later");
}

pub async fn a_case_that_nobody_did_anything_with_is_counted_until_somebody_did(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let other = bench.organisation("school").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Handler).await;
    bench.join(person, other.id(), Role::Administrator).await;
    let who = Who { user: person, name: "Ada".into() };
    let counts = async || {
        let board = bench.app.board(&who).await.unwrap();
        let of_zorg = board.iter().find(|row| row.organisation.id == scope.id()).unwrap().urgent;
        let of_all = bench.app.sensors_of_all(&who, NOW).await.unwrap().urgent;
        assert_eq!(board.iter().map(|row| row.urgent).sum::<u64>(), of_zorg, "who may not see them is told of none");
        assert_eq!(of_all.values().sum::<u64>(), of_zorg);
        assert_eq!(bench.app.urgent_cases(&scope).await.unwrap(), of_zorg);
        of_zorg
    };
    assert_eq!(counts().await, 0);
    let readable = bench.app.sensors_of_all(&who, NOW).await.unwrap().readable;
    assert!(
        readable.contains(&scope.id()) && !readable.contains(&other.id()),
        "none is not the same as not to be seen"
    );
    for organisation in [&scope, &other] {
        let (sensor, _) = enrol(&bench, organisation, "doos").await;
        let mut lines = Vec::new();
        for (id, host, severity) in [
            ("1", "10.0.0.1", "high"),
            ("2", "10.0.0.2", "critical"),
            ("3", "10.0.0.3", "high"),
            ("4", "10.0.0.4", "medium"),
        ] {
            let detected = format!("d{id}");
            lines.extend([
                detection(&detected, host, severity, NOW),
                case(&format!("c{id}"), host, severity, &[&detected]),
            ]);
        }
        bench.app.take_report(&sensor, &report(&lines), NOW).await.unwrap();
    }
    assert_eq!(counts().await, 3, "what can wait for the digest is not");
    let standing = bench.app.sensors(&scope, NOW).await.unwrap();
    let sensor = standing[0].sensor.id;
    bench.app.open_sensor_case(&scope, sensor, "c1", NOW).await.unwrap();
    assert_eq!(counts().await, 2);
    bench.app.open_sensor_detection(&scope, sensor, "d2", NOW).await.unwrap();
    assert_eq!(counts().await, 1, "by its detection too");
    let ours = NewException { host: "10.0.0.3".into(), reason: "de beheerder".into(), ..NewException::default() };
    bench.app.except(&scope, ours, NOW).await.unwrap();
    assert_eq!(counts().await, 0);
}

/// A sensor that others made may call a medium case an alarm, and a high one none: there is one rule, wherever it is asked.
pub async fn what_needs_attention_is_counted_shown_and_mailed_by_one_rule(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Handler).await;
    let who = Who { user: person, name: "Ada".into() };
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    for (round, (severity, alarm, is_urgent)) in
        [("medium", "digest", false), ("medium", "now", true), ("high", "digest", true)].into_iter().enumerate()
    {
        let (id, host) = (format!("x{round}"), format!("10.0.0.{round}"));
        let line = case(&id, &host, severity, &[&id])
            .replace(r#""detections""#, &format!(r#""alarm":"{alarm}","detections""#));
        bench.app.take_report(&sensor, &report(&[detection(&id, &host, severity, NOW), line]), NOW).await.unwrap();
        let seen = bench.app.seen_by_sensors(&scope, None, Timestamp::MIN).await.unwrap();
        let of_zorg = bench.app.board(&who).await.unwrap().iter().map(|row| row.urgent).sum::<u64>();
        let of_all = bench.app.sensors_of_all(&who, NOW).await.unwrap().urgent.into_values().sum::<u64>();
        let letters = bench.store.letters(&scope, 9).await.unwrap();
        let counts = [
            seen.cases.iter().filter(|case| case.waits()).count() as u64,
            letters.iter().filter(|one| one.kind == LetterKind::SensorCase && one.data.contains(&id)).count() as u64,
            bench.app.urgent_cases(&scope).await.unwrap(),
            of_zorg,
            of_all,
        ];
        assert_eq!(counts, [u64::from(is_urgent); 5], "{severity} {alarm}");
        if is_urgent {
            assert!(seen.cases[0].waits() && seen.cases[0].is_urgent, "it comes first");
            bench.app.open_sensor_case(&scope, sensor.id, &id, NOW).await.unwrap();
        }
    }
}

pub async fn what_waits_is_counted_at_each_of_many_customers(bench: Bench) {
    let bench = bench.with_law();
    let person = bench.person("ada@zorg.example").await;
    let who = Who { user: person, name: "Ada".into() };
    let mut expected = BTreeMap::new();
    for n in 0..45 {
        let scope = bench.organisation(&format!("klant-{n}")).await;
        bench.join(person, scope.id(), Role::Handler).await;
        let (sensor, _) = enrol(&bench, &scope, "doos").await;
        // The same ids at each of them; at one more than are looked at.
        let count = if n == 44 { 1_010 } else { n % 4 };
        let lines = (1..=count).flat_map(|id| {
            let (host, id) = (format!("10.0.{}.{}", id / 250, id % 250), id.to_string());
            [detection(&id, &host, "high", NOW), case(&id, &host, "high", &[&id])]
        });
        bench.app.take_report(&sensor, &report(&lines.collect::<Vec<_>>()), NOW).await.unwrap();
        let waits = match n {
            44 => MOST_URGENT,
            // What is in an incident of one is in none of the others.
            3 => {
                bench.app.open_sensor_detection(&scope, sensor.id, "2", NOW).await.unwrap();
                2
            }
            // What one excepts is not excepted by the others.
            7 => {
                let host = "10.0.0.1".into();
                let ours = NewException { host, reason: "de beheerder".into(), ..NewException::default() };
                bench.app.except(&scope, ours, NOW).await.unwrap();
                2
            }
            _ => n % 4,
        };
        if waits > 0 {
            expected.insert(scope.id(), waits);
        }
    }
    assert_eq!(bench.app.sensors_of_all(&who, NOW).await.unwrap().urgent, expected);
    let board = bench.app.board(&who).await.unwrap();
    let counted = board.iter().filter(|row| row.urgent > 0).map(|row| (row.organisation.id, row.urgent));
    assert_eq!(counted.collect::<BTreeMap<_, _>>(), expected);
}
