//! Rhythms while they are watched: told within two hours or twelve connections, whichever is later.

use jiff::SignedDuration;

use super::*;

/// A way to call home: the moments of its calls in seconds, by a number from 0 to 1.
type Calls = fn(&mut dyn FnMut() -> f64) -> Vec<f64>;

fn rows(mut next: impl FnMut(usize) -> f64, count: usize) -> Vec<f64> {
    let mut at = 600.0;
    (0..count)
        .map(|number| {
            at += next(number);
            at
        })
        .collect()
}

#[test]
fn each_way_of_calling_home_is_told_in_time_by_name_and_by_address() {
    let ways: [(&str, Calls); 7] = [
        ("exact, every minute", |_| rows(|_| 60.0, 400)),
        ("a minute give or take a fifth", |chance| rows(|_| 60.0 * (0.8 + 0.4 * chance()), 400)),
        ("ten minutes give or take half", |chance| rows(|_| 600.0 * (0.5 + chance()), 60)),
        ("two intervals in turn", |chance| {
            rows(|n| if n % 3 == 2 { 900.0 } else { 60.0 } * (0.95 + 0.1 * chance()), 200)
        }),
        ("every hour", |chance| rows(|_| 3600.0 * (0.9 + 0.2 * chance()), 20)),
        ("every four hours", |chance| rows(|_| 14_400.0 * (0.95 + 0.1 * chance()), 20)),
        ("a nap now and then", |chance| {
            rows(|n| if n % 40 == 39 { 2_400.0 } else { 60.0 } * (0.9 + 0.2 * chance()), 300)
        }),
    ];
    for (way, calls) in ways {
        for name in [Some(EVIL), None] {
            let mut state = 7u64;
            let mut chance = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 11) as f64 / (1u64 << 53) as f64
            };
            let moments = calls(&mut chance);
            let mut stream = office();
            for at in &moments {
                stream.tls(*at, "10.0.0.7", EVIL_IP, name, "malware", 520, 190);
            }
            let mut watch = Watch::new(Settings::default());
            let start: Timestamp = "2026-10-19T06:00:00Z".parse().unwrap();
            let due = moments[11].max(moments[0] + 7200.0);
            let mut told = None;
            let mut round = 1.0;
            for event in stream.events() {
                let now = event.at.duration_since(start).as_secs_f64();
                while told.is_none() && now >= round * 300.0 {
                    let news = watch.news(start + SignedDuration::from_secs((round * 300.0) as i64));
                    told = news.detections.iter().any(|one| one.kind == Kind::Beacon).then_some(round * 300.0);
                    round += 1.0;
                }
                watch.event(&event);
            }
            let told = told.unwrap_or_else(|| panic!("{way}, {name:?}: never told; {:?}", lines(&watch.finish())));
            assert!(
                told <= due + 600.0,
                "{way}, {name:?}: told after {} s, due after {} s",
                told - moments[0],
                due - moments[0]
            );
        }
    }
}

/// Programs with an old control in them call themselves Internet Explorer 11 as well, but keep time exactly, or have their page
/// at a place where others are, or get all of it each time.
#[test]
fn internet_explorer_11_counts_where_its_moments_are_drawn_by_lot() {
    let beacon = |stream: &Stream| lines(&findings(stream, "")).into_iter().find(|line| line.starts_with("beacon"));
    let agent = "Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0) like Gecko";
    for (jitter, hosts, received, expected) in [
        (0.37, 1..=1, 3_400, Some("beacon medium 10.0.0.1 evil.example")),
        (0.37, 1..=1, 60_000, Some("beacon low 10.0.0.1 evil.example")),
        (0.37, 1..=2, 3_400, Some("beacon low 10.0.0.2 evil.example")),
        (0.01, 1..=1, 3_400, Some("beacon low 10.0.0.1 evil.example")),
        (0.37, 1..=6, 3_400, None),
    ] {
        let mut stream = office();
        for host in hosts {
            let ip = format!("10.0.0.{host}");
            stream.every(50.0, jitter, 100, |s, at| s.http(at, &ip, EVIL_IP, EVIL, agent, 400, received));
        }
        assert_eq!(beacon(&stream).as_deref(), expected, "{jitter} {received}");
    }
    // Elsewhere as well, and exact: a program with a page in it.
    let mut stream = office();
    stream.every(300.0, 0.01, 96, |s, at| s.http(at, "10.0.0.1", EVIL_IP, EVIL, agent, 400, 3_400));
    for page in 0..6u8 {
        let name = format!("page{page}.example");
        stream.http(f64::from(page) * 900.0, "10.0.0.1", &format!("198.18.1.{page}"), &name, agent, 400, 30_000);
    }
    assert_eq!(beacon(&stream), None);
}

/// A newsletter through the provider's server, and a shop's database.
#[test]
fn a_connection_every_two_seconds_is_customary_for_letters_and_databases() {
    for (port, is_named, expected) in [
        (587, true, None),
        (25, true, None),
        (587, false, Some("beacon medium 10.0.0.7 203.0.113.66")),
        (3306, true, None),
        (3306, false, Some("beacon high 10.0.0.7 203.0.113.66")),
        (7443, true, Some("beacon medium 10.0.0.7 evil.example")),
    ] {
        let mut stream = office();
        if is_named {
            stream.dns(0.5, "10.0.0.7", EVIL, &[EVIL_IP]);
        }
        stream.every(2.0, 0.05, 300, |s, at| s.talk(at, "10.0.0.7", (EVIL_IP, port), vec![], None, 300, 900));
        let told = lines(&findings(&stream, "")).into_iter().find(|line| line.starts_with("beacon"));
        assert_eq!(told.as_deref(), expected, "{port} {is_named}");
    }
}

#[test]
fn connections_in_which_nobody_says_a_word_are_low() {
    for (received, expected) in [(0, "beacon low 10.0.0.7 203.0.113.66"), (40, "beacon medium 10.0.0.7 203.0.113.66")] {
        let mut stream = office();
        stream.every(60.0, 0.05, 120, |s, at| s.talk(at, "10.0.0.7", (EVIL_IP, 80), vec![], None, 0, received));
        let told = lines(&findings(&stream, ""));
        assert_eq!(told.first().map(String::as_str), Some(expected));
    }
}

/// The port of time hides nothing that time's messages are too small for.
#[test]
fn beats_at_the_port_of_time_that_carry_more_than_time_are_told() {
    for (bytes, is_told) in [(4 * 48, false), (4 * 900, true)] {
        let mut stream = office();
        stream.every(60.0, 0.1, 400, |s, at| s.udp(at, "10.0.0.7", EVIL_IP, 123, bytes, 400));
        let told = lines(&findings(&stream, ""));
        assert_eq!(told.iter().any(|line| line.starts_with("beacon")), is_told, "{bytes}: {told:?}");
    }
}

/// Names come from the handshakes alone where the office asks its resolver by another way: what depends on having seen questions
/// then says nothing, and all else weighs what it does.
#[test]
fn a_beacon_by_name_is_as_severe_where_no_dns_is_seen() {
    let mut stream = office();
    stream.every(60.0, 0.1, 400, |s, at| s.tls(at, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190));
    for sees_dns in [true, false] {
        let mut watch = Watch::new(Settings::default());
        let events = stream.events();
        events
            .iter()
            .filter(|event| sees_dns || event.conversation.server.port != 53)
            .for_each(|event| watch.event(event));
        let told = lines(&watch.finish());
        assert!(told.contains(&format!("beacon high 10.0.0.7 {EVIL}")), "{sees_dns}: {told:?}");
    }
}
