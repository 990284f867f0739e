//! What a sensor can and cannot do to those it reports to: when something counts as discovered, what may not be kept, how much
//! it may bring about by itself, and what many mild things push aside.

use jiff::{SignedDuration, Timestamp};

use app::{LetterKind, MOST_MAILS, NewException, Opens, SensorSettings};
use incident::{Permission, Role};

use crate::bench::{Bench, NOW};
use crate::sensors::{case, detection, enrol, report, settle};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// What is in an incident of a sensor was discovered when the server had the case, whenever the traffic began and whoever
/// opened it later.
pub async fn what_a_sensor_saw_is_discovered_when_it_came_in(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let ada = bench.permit(person, Permission::Close, "zorg").await.unwrap();
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let take = async |lines: &[String], at| bench.app.take_report(&sensor, &report(lines), at).await.unwrap();
    let discovered = async |number| {
        let incident = bench.app.incident(&scope, number).await.unwrap();
        (incident.seen_in_all().unwrap().first_at, incident.first_signal())
    };
    let seen =
        |id: &str, last_at| [detection("d1", "10.0.0.23", "high", last_at), case(id, "10.0.0.23", "high", &["d1"])];
    // Told twice under two ids before somebody presses, days later.
    take(&seen("c1", NOW), NOW).await;
    take(&seen("c2", NOW + DAY), NOW + DAY).await;
    let opened = bench.app.open_sensor_case(&scope, sensor.id, "c2", NOW + DAY * 3).await.unwrap();
    assert_eq!(discovered(opened.number).await, (NOW - DAY, NOW));

    // What comes back after people were done with it came in anew.
    bench.app.check_detection(&ada, opened.number, None, false, Some("een proef".into()), NOW + DAY * 3).await.unwrap();
    bench.app.close(&ada, opened.number, "niets".into(), NOW + DAY * 4).await.unwrap();
    take(&seen("c3", NOW + DAY * 12), NOW + DAY * 12).await;
    let again = bench.app.open_sensor_case(&scope, sensor.id, "c3", NOW + DAY * 13).await.unwrap();
    assert_ne!(again.number, opened.number);
    assert_eq!(discovered(again.number).await.1, NOW + DAY * 12);

    // A detection by itself.
    take(&[detection("alone", "10.0.0.7", "low", NOW)], NOW + HOUR).await;
    take(&[detection("alone", "10.0.0.7", "low", NOW + HOUR)], NOW + HOUR * 2).await;
    let alone = bench.app.open_sensor_detection(&scope, sensor.id, "alone", NOW + DAY).await.unwrap();
    assert_eq!(discovered(alone.number).await, (NOW - DAY, NOW + HOUR));
}

pub async fn a_case_says_nothing_that_may_not_be_kept(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    settle(&bench, &scope, SensorSettings { opens: Opens::Every, ..Default::default() }, NOW).await.unwrap();
    let content = |id: &str, last_at| {
        let line = detection(id, "10.0.0.23", "high", last_at).replace("beacon", "cleartext_credentials");
        line.replace("belt naar huis", "meldt zich aan als d…@…").replace("calls home", "signs in as d…@…")
    };
    let told = |id: &str, severity: &str, of: &[&str]| {
        case(id, "10.0.0.23", severity, of).replace("is waarschijnlijk besmet", "meldt zich aan als d…@…")
    };
    let counts = async || {
        let seen = bench.app.seen_by_sensors(&scope, None, Timestamp::MIN).await.unwrap();
        let letters = bench.store.letters(&scope, 99).await.unwrap().len();
        (seen.cases.len(), seen.detections.len(), bench.store.next_number(&scope).await.unwrap() - 1, letters)
    };
    let answer =
        bench.app.take_report(&sensor, &report(&[content("p1", NOW), told("c1", "high", &["p1"])]), NOW).await.unwrap();
    assert_eq!((answer.accepted, answer.known), (2, 0), "it need not be sent again");
    assert_eq!(counts().await, (0, 0, 0, 0), "neither shown, nor told, nor opened");
    // Nor when the case is told again without the detection.
    bench.app.take_report(&sensor, &report(&[told("c1", "critical", &["p1"])]), NOW + HOUR).await.unwrap();
    assert_eq!(counts().await, (0, 0, 0, 0));
    let gone = bench.app.seen_case(&scope, sensor.id, "c1").await;
    assert!(matches!(gone, Err(app::Error::NotFound)));

    // What is left of a case says what may be said.
    let lines = [detection("d1", "10.0.0.23", "medium", NOW), told("c2", "critical", &["p1", "d1"])];
    bench.app.take_report(&sensor, &report(&lines), NOW + HOUR).await.unwrap();
    assert_eq!(counts().await, (1, 1, 1, 0), "medium is told to nobody at once");
    let (left, all) = bench.app.seen_case(&scope, sensor.id, "c2").await.unwrap();
    assert_eq!((left.line.detections.join(" "), all.len(), left.is_urgent), ("d1".to_owned(), 1, false));
    let said = format!("{:?}", bench.store.sensor_case(&scope, sensor.id, "c2").await.unwrap());
    assert!(!said.contains("meldt zich aan") && !said.contains("critical"), "not even stored: {said}");
    let incident = bench.app.incident(&scope, 1).await.unwrap();
    assert!(!incident.title.contains("meldt zich aan"), "{}", incident.title);

    // Once the staff was told, it is kept; and what was kept stays when that is taken back.
    bench.app.record_staff_informed(&scope, "2026-11-20", "in het werkoverleg", NOW + HOUR).await.unwrap();
    let lines = [content("p1", NOW + HOUR), told("c1", "high", &["p1"])];
    bench.app.take_report(&sensor, &report(&lines), NOW + HOUR * 2).await.unwrap();
    let (whole, _) = bench.app.seen_case(&scope, sensor.id, "c1").await.unwrap();
    assert!(whole.line.summary.nl.contains("meldt zich aan"));
    bench.app.take_back_staff_informed(&scope, "niet iedereen", NOW + HOUR * 3).await.unwrap();
    bench.app.take_report(&sensor, &report(&[content("p2", NOW), told("c9", "high", &["p2"])]), NOW).await.unwrap();
    assert!(bench.app.seen_detection(&scope, sensor.id, "p1").await.is_ok());
    assert!(bench.app.seen_case(&scope, sensor.id, "c9").await.is_err());
    let forgotten = bench.app.forget_sensor_data(&scope, NOW + DAY * 400).await.unwrap();
    assert_eq!(forgotten.detections + forgotten.cases, 0, "both are in incidents");
    assert_eq!(bench.store.withheld(&scope, sensor.id, &["p2".into()]).await.unwrap(), [""; 0], "its id goes in time");
}

pub async fn what_waits_for_somebody_is_not_pushed_aside(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let real = [detection("real", "10.0.0.23", "high", NOW), case("real", "10.0.0.23", "high", &["real"])];
    bench.app.take_report(&sensor, &report(&real), NOW).await.unwrap();
    let mild: Vec<_> = (0..1_100).map(|n| case(&format!("m{n}"), "10.0.0.9", "low", &[&format!("d{n}")])).collect();
    bench.app.take_report(&sensor, &report(&mild), NOW + HOUR).await.unwrap();
    let first = bench.app.seen_by_sensors(&scope, None, Timestamp::MIN).await.unwrap();
    assert_eq!((first.cases[0].line.id.as_str(), first.cases.len(), first.is_cut), ("real", 1_000, true));
    let rest = bench.app.seen_after(&scope, None, Timestamp::MIN, 1_000).await.unwrap();
    assert_eq!((rest.cases.len(), rest.is_cut), (101, false), "all of them are reached");
    let mut ids: Vec<_> = first.cases.iter().chain(&rest.cases).map(|case| case.line.id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 1_101);
    let opened = bench.app.seen_case(&scope, sensor.id, "real").await.unwrap().0;
    assert!(opened.waits());
}

/// Also where an exception covers all that is milder, and newer.
pub async fn what_is_critical_comes_before_a_thousand_that_are_high(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let grave = [detection("grave", "10.0.0.23", "critical", NOW), case("grave", "10.0.0.23", "critical", &["grave"])];
    bench.app.take_report(&sensor, &report(&grave), NOW).await.unwrap();
    let later = NOW + HOUR;
    let high: Vec<_> = (0..1_001)
        .flat_map(|n| {
            let (id, of) = (format!("h{n}"), format!("d{n}"));
            [detection(&of, "10.0.0.9", "high", later), case(&id, "10.0.0.9", "high", &[&of])]
        })
        .collect();
    bench.app.take_report(&sensor, &report(&high), later).await.unwrap();
    let seen = bench.app.seen_by_sensors(&scope, None, Timestamp::MIN).await.unwrap();
    let first: Vec<_> = seen.cases.iter().map(|case| case.line.id.as_str()).take(2).collect();
    assert_eq!((first[0], seen.cases.len(), seen.is_cut), ("grave", 1_000, true));
    assert!(first[1].starts_with('h'), "and of those the last seen");
    let noise = NewException { host: "10.0.0.9".into(), reason: "de printer".into(), ..NewException::default() };
    bench.app.except(&scope, noise, later).await.unwrap();
    assert_eq!(bench.app.urgent_cases(&scope).await.unwrap(), 1);
}

/// A list or a correction may make more of the same traffic; an older line, or a milder one, changes nothing.
pub async fn what_is_graver_of_the_same_traffic_replaces_what_was_said(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    for (severity, said, last_at, expected) in [
        ("high", "eerst", NOW, "High eerst"),
        ("critical", "erger", NOW, "Critical erger"),
        ("medium", "milder", NOW, "Critical erger"),
        ("critical", "hetzelfde", NOW, "Critical erger"),
        ("critical", "ouder", NOW - HOUR, "Critical erger"),
        ("high", "later", NOW + HOUR, "High later"),
        ("critical", "ouder", NOW, "High later"),
    ] {
        let line = detection("d1", "10.0.0.23", severity, last_at).replace("belt naar huis", said);
        bench.app.take_report(&sensor, &report(&[line]), NOW + HOUR).await.unwrap();
        let (kept, _) = bench.app.seen_detection(&scope, sensor.id, "d1").await.unwrap();
        let (severity, summary) = (kept.line.severity, &kept.line.summary.nl);
        assert_eq!(format!("{severity:?} {summary}"), expected.replace(' ', " kassa-2 ") + ".");
    }
}

pub async fn a_sensor_floods_neither_the_register_nor_mailboxes(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    for (name, role) in [("ada", Role::Officer), ("bas", Role::Handler)] {
        let person = bench.person(&format!("{name}@zorg.example")).await;
        bench.join(person, scope.id(), role).await;
    }
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    settle(&bench, &scope, SensorSettings { opens: Opens::FromHigh, ..Default::default() }, NOW).await.unwrap();
    let flood = |from: usize, to: usize, at: Timestamp| {
        let lines = (from..to).flat_map(|n| {
            let (id, host) = (format!("x{n}"), format!("10.1.{}.{}", n / 250, n % 250));
            [detection(&id, &host, "critical", at), case(&id, &host, "critical", &[&id])]
        });
        report(&lines.collect::<Vec<_>>())
    };
    let so_far = async || {
        let letters = bench.store.letters(&scope, 9_999).await.unwrap();
        let of = |kind| letters.iter().filter(|letter| letter.kind == kind).count();
        (bench.store.next_number(&scope).await.unwrap() - 1, of(LetterKind::SensorCase), of(LetterKind::SensorMore))
    };
    let each = usize::try_from(MOST_MAILS).unwrap();
    bench.app.take_report(&sensor, &flood(0, 30, NOW), NOW).await.unwrap();
    assert_eq!(so_far().await, (5, 2 * each, 2));
    bench.app.take_report(&sensor, &flood(30, 60, NOW), NOW + HOUR / 2).await.unwrap();
    assert_eq!(so_far().await, (5, 2 * each, 2), "and one mail to each for all the rest");
    let letters = bench.store.letters(&scope, 9_999).await.unwrap();
    let more = letters.iter().find(|letter| letter.kind == LetterKind::SensorMore).unwrap();
    assert!(more.data.contains("\"cases\":20"), "{}", more.data);
    // Nothing is lost, and what is held back says so.
    let seen = bench.app.seen_by_sensors(&scope, None, Timestamp::MIN).await.unwrap();
    assert_eq!(seen.cases.iter().filter(|case| case.waits()).count(), 55);
    let held_back = |rule, at| seen.cases.iter().filter(|case| case.is_held_back(rule, at)).count();
    assert_eq!(held_back(Opens::FromHigh, NOW + HOUR), 55);
    let is_over = (held_back(Opens::Never, NOW + HOUR), held_back(Opens::FromHigh, NOW + DAY * 2));
    assert_eq!(is_over, (0, 0), "neither of a rule that is off, nor of days ago");
    let pressed = seen.cases[0].line.id.clone();
    bench.app.open_sensor_case(&scope, sensor.id, &pressed, NOW + HOUR / 2).await.unwrap();
    assert_eq!(so_far().await.0, 6, "people open what they like");

    // An hour later there is room again, for a day's worth.
    for hour in 2..10 {
        let from = 100 * usize::try_from(hour).unwrap();
        let at = NOW + HOUR * hour;
        bench.app.take_report(&sensor, &flood(from, from + 9, at), at).await.unwrap();
    }
    assert_eq!(so_far().await.0, 21, "twenty of the rule, and one that somebody opened");
    // Another sensor has its own.
    let (other, _) = enrol(&bench, &scope, "tweede").await;
    bench.app.take_report(&other, &flood(2_000, 2_001, NOW + HOUR * 9), NOW + HOUR * 9).await.unwrap();
    assert_eq!(so_far().await.0, 22);
}

pub async fn a_critical_case_is_told_and_opened_after_a_burst_of_milder_ones(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    settle(&bench, &scope, SensorSettings { opens: Opens::FromHigh, ..Default::default() }, NOW).await.unwrap();
    for (severity, count, incidents, mails) in [("high", 12, 4, 8), ("critical", 1, 5, 9), ("critical", 3, 5, 10)] {
        let lines = (0..count).flat_map(|n| {
            let (id, host) = (format!("{severity}{count}-{n}"), format!("10.1.{mails}.{n}"));
            [detection(&id, &host, severity, NOW), case(&id, &host, severity, &[&id])]
        });
        bench.app.take_report(&sensor, &report(&lines.collect::<Vec<_>>()), NOW).await.unwrap();
        let letters = bench.store.letters(&scope, 99).await.unwrap();
        let told = letters.iter().filter(|letter| letter.kind == LetterKind::SensorCase).count();
        assert_eq!(
            (bench.store.next_number(&scope).await.unwrap() - 1, told),
            (incidents, mails),
            "{severity} {count}"
        );
    }
}

pub async fn the_digest_counts_what_is_medium_and_in_no_incident(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Handler).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let both =
        |id: &str, host: &str, severity: &str| [detection(id, host, severity, NOW), case(id, host, severity, &[id])];
    let lines = [
        both("low", "10.0.0.1", "low"),
        both("medium", "10.0.0.2", "medium"),
        both("opened", "10.0.0.3", "medium"),
        both("covered", "10.0.0.4", "medium"),
        both("waits", "10.0.0.5", "critical"),
    ];
    bench.app.take_report(&sensor, &report(&lines.concat()), NOW).await.unwrap();
    bench.app.open_sensor_case(&scope, sensor.id, "opened", NOW).await.unwrap();
    let ours = NewException { host: "10.0.0.4".into(), reason: "de printer".into(), ..Default::default() };
    bench.app.except(&scope, ours, NOW).await.unwrap();
    // NOW is Saturday 21 November 2026.
    let monday: Timestamp = "2026-11-23T07:00:00Z".parse().unwrap();
    let digest = async |at| {
        bench.app.send_sensor_digests(at).await.unwrap();
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        letters.into_iter().find(|letter| letter.kind == LetterKind::SensorDigest).unwrap().data
    };
    let data = digest(monday).await;
    assert!(data.contains(r#""cases":1,"high":0,"critical":1,"is_at_least":false"#), "{data}");

    let many: Vec<_> = (0..1_102).map(|n| case(&format!("m{n}"), "10.0.0.9", "medium", &[&format!("d{n}")])).collect();
    bench.app.take_report(&sensor, &report(&many), monday + DAY).await.unwrap();
    let data = digest(monday + DAY * 7).await;
    assert!(data.contains(r#""cases":1102,"#), "all of them: {data}");
}

pub async fn a_week_with_nothing_for_the_digest_is_not_counted_again(bench: Bench) {
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Handler).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    let take = async |id: &str, at| {
        let lines = [detection(id, "10.0.0.4", "medium", at), case(id, "10.0.0.4", "medium", &[id])];
        bench.app.take_report(&sensor, &report(&lines), at).await.unwrap();
    };
    let monday: Timestamp = "2026-11-23T07:00:00Z".parse().unwrap();
    let digests = async |at| {
        bench.app.send_sensor_digests(at).await.unwrap();
        let letters = bench.store.letters(&scope, 100).await.unwrap();
        letters.iter().filter(|letter| letter.kind == LetterKind::SensorDigest).count()
    };
    take("covered", NOW).await;
    let ours = NewException { host: "10.0.0.4".into(), reason: "de printer".into(), ..Default::default() };
    let made = bench.app.except(&scope, ours, NOW).await.unwrap();
    assert_eq!(digests(monday).await, 0);
    bench.app.take_back_exception(&scope, made.id, monday + HOUR).await.unwrap();
    assert_eq!(digests(monday + HOUR).await, 0, "it was nothing on Monday morning");
    take("new", monday + DAY).await;
    assert_eq!(digests(monday + DAY * 7).await, 1, "another week is counted");
}

/// Every line counts once and every case is judged, however many come at once.
pub async fn a_report_of_many_cases_is_followed_up_as_several_small_ones(bench: Bench) {
    let bench = bench.with_law();
    let scope = bench.organisation("zorg").await;
    let person = bench.person("ada@zorg.example").await;
    bench.join(person, scope.id(), Role::Officer).await;
    let (sensor, _) = enrol(&bench, &scope, "doos").await;
    settle(&bench, &scope, SensorSettings { opens: Opens::Every, ..Default::default() }, NOW).await.unwrap();
    let mut lines: Vec<_> = (0..1_200)
        .flat_map(|n| {
            let (id, host) = (format!("x{n}"), format!("10.1.{}.{}", n / 250, n % 250));
            [detection(&id, &host, "medium", NOW), case(&id, &host, "medium", &[&id])]
        })
        .collect();
    let ahead = NOW + DAY * 3;
    lines.push(detection("ahead", "10.0.0.7", "critical", ahead));
    let answer = bench.app.take_report(&sensor, &report(&lines), NOW).await.unwrap();
    assert_eq!((answer.accepted, answer.known, answer.set_aside), (2_400, 0, vec![2_401]), "one bad line alone");
    assert_eq!(bench.store.next_number(&scope).await.unwrap() - 1, 4, "one opening is kept for what is critical");
    let seen = async || {
        let mut seen = bench.app.seen_by_sensors(&scope, None, Timestamp::MIN).await.unwrap().cases;
        seen.extend(bench.app.seen_after(&scope, None, Timestamp::MIN, 1_000).await.unwrap().cases);
        let held_back = seen.iter().filter(|case| case.is_held_back(Opens::Every, NOW)).count();
        (seen.len(), held_back, seen.iter().filter(|case| case.incident.is_some()).count())
    };
    assert_eq!(seen().await, (1_200, 1_196, 4), "all others are held back");

    // The same again: nothing is new, and an hour later there is room for four more.
    lines.pop();
    let answer = bench.app.take_report(&sensor, &report(&lines), NOW + HOUR * 2).await.unwrap();
    assert_eq!((answer.accepted, answer.known), (0, 2_400));
    assert_eq!(bench.store.next_number(&scope).await.unwrap() - 1, 8);
}
