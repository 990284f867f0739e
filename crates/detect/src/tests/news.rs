//! Watching without an end: what is told when, under which id, and what is forgotten.

use jiff::SignedDuration;

use super::*;

/// One round of news.
struct Round {
    at: Timestamp,
    news: Findings,
}

/// Watches the stream and asks for news every five minutes of packet time, and once more at the end.
fn watched(stream: &Stream, list: &str) -> (Vec<Round>, Watch) {
    let mut watch = Watch::new(Settings { intel: intel(list), ..Settings::default() });
    let mut rounds = Vec::new();
    let mut next: Option<Timestamp> = None;
    for event in stream.events() {
        while let Some(at) = next.filter(|next| *next <= event.at) {
            rounds.push(Round { at, news: watch.news(at) });
            next = Some(at + SignedDuration::from_mins(5));
        }
        next.get_or_insert(event.at + SignedDuration::from_mins(5));
        watch.event(&event);
    }
    let at = next.unwrap();
    rounds.push(Round { at, news: watch.news(at) });
    (rounds, watch)
}

fn told(rounds: &[Round]) -> Vec<&Detection> {
    rounds.iter().flat_map(|round| &round.news.detections).collect()
}

fn beacon_and_list() -> Stream {
    let mut stream = office();
    stream.every(60.0, 0.2, 300, |s, at| s.tls(at, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190));
    stream
}

#[test]
fn what_is_told_on_the_way_is_what_the_whole_says() {
    let stream = beacon_and_list();
    let (rounds, _) = watched(&stream, EVIL);
    let whole = findings(&stream, EVIL);
    let ids = |all: Vec<&Detection>| all.iter().map(|one| one.id.clone()).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(ids(told(&rounds)), ids(whole.detections.iter().collect()));
    let cases: Vec<&Case> = rounds.iter().flat_map(|round| &round.news.cases).collect();
    assert_eq!(*cases.last().unwrap(), &whole.cases[0]);
    assert!(cases.iter().all(|case| case.id == whole.cases[0].id), "a growing case keeps its id");
}

#[test]
fn a_round_without_anything_new_is_empty_and_what_grows_is_told_hourly() {
    let (rounds, _) = watched(&beacon_and_list(), EVIL);
    let indicator: Vec<(&Round, &Detection)> = rounds
        .iter()
        .filter_map(|round| Some((round, round.news.detections.iter().find(|one| one.kind == Kind::Indicator)?)))
        .collect();
    assert_eq!(indicator[0].0.at, rounds[0].at, "at once");
    for two in indicator.windows(2) {
        let is_with_its_case = two[1].0.news.cases.iter().any(|case| case.detections.contains(&two[1].1.id));
        assert!(is_with_its_case || two[1].0.at.duration_since(two[0].0.at) >= SignedDuration::from_hours(1));
        assert!(two[1].1.last_at > two[0].1.last_at);
    }
    // Five hours of it: at the beginning, once an hour, and with the rhythm that makes its case worse.
    assert!((6..=8).contains(&indicator.len()), "{}", indicator.len());
    assert!(rounds.iter().filter(|round| round.news == Findings::default()).count() > rounds.len() / 2);
}

#[test]
fn a_case_is_told_at_once_when_it_becomes_worse() {
    let (rounds, _) = watched(&beacon_and_list(), EVIL);
    let severities: Vec<Severity> =
        rounds.iter().flat_map(|round| &round.news.cases).map(|case| case.severity).collect();
    assert_eq!(severities[0], Severity::High, "the list alone");
    let critical = rounds.iter().find(|round| round.news.cases.iter().any(|case| case.severity == Severity::Critical));
    let beacon = rounds.iter().find(|round| round.news.detections.iter().any(|one| one.kind == Kind::Beacon));
    assert_eq!(critical.unwrap().at, beacon.unwrap().at, "with the rhythm, in the same round");
    assert!(severities.is_sorted(), "never milder: {severities:?}");
}

#[test]
fn a_case_is_told_at_once_with_what_it_never_named_and_never_anew_for_what_it_has_no_room_for() {
    let mut list = String::new();
    let mut names = 0..;
    let mut calls = |count: usize| {
        let mut stream = Stream::default();
        for number in names.by_ref().take(count) {
            let name = format!("n{number}.bad.example");
            list += &format!("{name}\n");
            stream.tls(1.0 + f64::from(number), "10.0.0.7", EVIL_IP, Some(&name), "malware", 520, 190);
        }
        stream.events()
    };
    let rounds = [calls(200), calls(1), calls(200), calls(1)];
    let mut watch = Watch::new(Settings { intel: intel(&list), ..Settings::default() });
    let start: Timestamp = "2026-10-19T06:30:00Z".parse().unwrap();
    let mut cases = Vec::new();
    for (minute, events) in (0..).step_by(2).zip(&rounds) {
        events.iter().for_each(|event| watch.event(event));
        let news = watch.news(start + SignedDuration::from_mins(minute));
        assert_eq!(news.detections.len(), events.iter().filter(|event| is_end(event)).count());
        let again = watch.news(start + SignedDuration::from_mins(minute + 1));
        assert!(again.detections.is_empty() && again.cases.is_empty(), "minute {minute}: {again:?}");
        cases.push(news.cases.iter().map(|case| case.detections.len()).collect::<Vec<_>>());
    }
    // Of the last it cannot be said any more that it is new: it comes with what is told hourly.
    assert_eq!(cases, [vec![200], vec![201], vec![401], vec![]]);
}

/// A case says the figures of now, so what it rests on is told anew beside it, and what did not grow is not.
#[test]
fn what_grew_is_told_with_its_case_and_gives_the_same_figures() {
    let list = format!("{EVIL}\nother.example\nstill.example\n");
    let calls = |calls: &[(f64, &str)]| {
        let mut stream = Stream::default();
        for (at, name) in calls {
            stream.tls(*at, "10.0.0.7", EVIL_IP, Some(name), "malware", 520, 190);
        }
        stream.events()
    };
    let rounds = [
        (5, calls(&[(1.0, EVIL), (2.0, "still.example")]), vec![EVIL, "still.example"]),
        (6, calls(&[(301.0, EVIL)]), vec![]),
        (7, calls(&[(361.0, EVIL), (362.0, "other.example")]), vec![EVIL, "other.example"]),
        (8, calls(&[(421.0, EVIL)]), vec![]),
    ];
    let mut watch = Watch::new(Settings { intel: intel(&list), ..Settings::default() });
    let start: Timestamp = "2026-10-19T06:00:00Z".parse().unwrap();
    for (minute, events, expected) in rounds {
        events.iter().for_each(|event| watch.event(event));
        let news = watch.news(start + SignedDuration::from_mins(minute));
        let mut told: Vec<_> = news.detections.iter().filter_map(|one| one.remote.domain.as_deref()).collect();
        told.sort_unstable();
        assert_eq!(told, expected, "minute {minute}");
        assert_eq!(news.cases.len(), usize::from(!expected.is_empty()), "minute {minute}");
    }
}

fn is_end(event: &wire::event::Event) -> bool {
    matches!(event.kind, wire::event::Kind::FlowEnded(_))
}

#[test]
fn an_ordinary_office_is_silent_while_it_is_watched() {
    let (rounds, _) = watched(&office(), "evil.example\n203.0.113.0/24\n");
    let told: Vec<String> = rounds.iter().flat_map(|round| lines(&round.news)).collect();
    assert!(told.is_empty(), "{told:?}");
}

/// Hours go by with a sign of life in each.
fn pass(stream: &mut Stream, from: f64, hours: usize) {
    for hour in 0..hours {
        stream.dns(from + hour as f64 * 3600.0, "10.0.0.1", "www.example.nl", &["192.0.2.9"]);
    }
}

#[test]
fn what_comes_again_within_a_month_is_the_same_and_later_another() {
    const DAY: f64 = 86_400.0;
    for (days, ids) in [(9.0, 1), (45.0, 2)] {
        let mut stream = Stream::default();
        stream.tls(1.0, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190);
        pass(&mut stream, 10.0, (days * 24.0) as usize);
        stream.tls(days * DAY, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190);
        let (rounds, _) = watched(&stream, EVIL);
        let told = told(&rounds);
        assert_eq!(told.len(), 2, "{days} days: told when it began and when it came again");
        let different: std::collections::BTreeSet<_> = told.iter().map(|one| &one.id).collect();
        assert_eq!(different.len(), ids, "{days} days");
        // The story is another after a week, whatever it is made of.
        let cases: std::collections::BTreeSet<_> =
            rounds.iter().flat_map(|round| &round.news.cases).map(|case| &case.id).collect();
        assert_eq!(cases.len(), 2, "{days} days");
    }
}

#[test]
fn a_clock_that_jumps_forgets_nothing_and_starts_no_flood() {
    let mut watch = Watch::new(Settings { intel: intel(EVIL), ..Settings::default() });
    let mut stream = Stream::default();
    stream.tls(1.0, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190);
    stream.events().iter().for_each(|event| watch.event(event));
    let start: Timestamp = "2026-10-19T06:05:00Z".parse().unwrap();
    assert_eq!(watch.news(start).detections.len(), 1);
    for moment in ["2036-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2026-10-19T06:10:00Z", "9999-12-30T00:00:00Z"] {
        let news = watch.news(moment.parse().unwrap());
        assert!(news.detections.is_empty() && news.cases.is_empty(), "{moment}: {news:?}");
    }
    assert_eq!(watch.finish().detections.len(), 1);
}

proptest! {
    #[test]
    fn any_events_and_any_clock_never_hurt(
        events in prop::collection::vec(arbitrary_event(), 0..40),
        seconds in prop::collection::vec(-300_000_000_000i64..250_000_000_000, 1..10),
    ) {
        let mut watch = Watch::new(Settings { intel: intel("evil.example"), ..Settings::default() });
        for (event, second) in events.iter().zip(seconds.iter().cycle()) {
            watch.event(event);
            let _ = watch.news(Timestamp::from_second(*second).unwrap());
        }
        let _ = watch.finish();
    }
}
