//! The detectors together, on made-up streams of events: the innocent first.

mod alerts;
mod beacons;
mod carried;
mod cases;
mod covert;
mod exceptions;
mod http;
mod logins;
mod machines;
mod mail;
mod names;
mod news;
mod personal;
mod raw;
mod restarts;
mod scan;
mod stream;
mod tunnels;
mod volumes;

use proptest::prelude::*;

use self::stream::{Stream, arbitrary_event};
use super::*;

const EVIL: &str = "evil.example";
const EVIL_IP: &str = "203.0.113.66";

fn intel(text: &str) -> Arc<[ThreatList]> {
    [ThreatList::read("demo", text.as_bytes()).list].into()
}

fn findings(stream: &Stream, list: &str) -> Findings {
    let mut watch = Watch::new(Settings { intel: intel(list), ..Settings::default() });
    stream.events().iter().for_each(|event| watch.event(event));
    watch.finish()
}

/// What was found, a line each: `kind severity host about`.
fn lines(found: &Findings) -> Vec<String> {
    let about = |detection: &Detection| match (&detection.remote.domain, detection.remote.ip) {
        (Some(domain), _) => domain.clone(),
        (None, Some(ip)) => ip.to_string(),
        (None, None) => String::new(),
    };
    let detections = found
        .detections
        .iter()
        .map(|one| format!("{} {} {} {}", one.kind.key(), one.severity.key(), one.host.ip, about(one)));
    let cases = found
        .cases
        .iter()
        .map(|case| format!("case {} {} {}", case.severity.key(), case.host.ip, case.detections.len()));
    detections.chain(cases).collect()
}

#[track_caller]
fn check(stream: &Stream, list: &str, expected: &[&str]) {
    assert_eq!(lines(&findings(stream, list)), expected);
}

/// Ten workstations on an ordinary working day: mail, updates and a management agent at fixed times on all of them,
/// browsing on each.
fn office() -> Stream {
    let mut stream = Stream::default();
    for host in 1..=10u8 {
        let ip = format!("10.0.0.{host}");
        stream.every(300.0, 0.05, 96, |s, at| {
            s.tls(at, &ip, "192.0.2.1", Some("agent.rmm.example"), "system", 900, 3000)
        });
        stream.every(420.0, 0.5, 70, |s, at| s.tls(at, &ip, "192.0.2.2", Some("mail.example"), "system", 900, 3000));
        stream.every(1024.0, 0.01, 28, |s, at| s.udp(at, &ip, "192.0.2.3", 123, 48, 48));
        for page in 0..40u8 {
            let server = format!("198.51.100.{page}");
            let name = format!("www{page}.site.example");
            let at = f64::from(page) * 700.0 + f64::from(host) * 13.0;
            stream.dns(at, &ip, &name, &[&server]);
            stream.tls(at + 0.1, &ip, &server, Some(&name), "browser", 1500, 60_000);
        }
    }
    stream
}

#[test]
fn an_ordinary_office_is_silent() {
    check(&office(), "evil.example\n203.0.113.0/24\n", &[]);
}

#[test]
fn one_host_with_an_ordinary_timer_is_silent() {
    let mut stream = office();
    stream.every(1800.0, 0.01, 48, |s, at| {
        s.tls(at, "10.0.0.2", "192.0.2.50", Some("weather.example"), "system", 800, 2400)
    });
    stream.every(300.0, 0.0, 96, |s, at| {
        s.tls(at, "10.0.0.3", "192.0.2.51", Some("print-supplies.example"), "system", 800, 2400)
    });
    stream
        .every(600.0, 0.1, 48, |s, at| s.tls(at, "10.0.0.4", "192.0.2.52", Some("books.example"), "system", 800, 2400));
    stream.every(1800.0, 0.03, 18, |s, at| {
        s.tls(at, "10.0.0.5", "192.0.2.53", Some("backup.example"), "system", 2_500_000, 20_000)
    });
    check(&stream, "", &[]);
}

#[test]
fn a_mail_program_of_its_own_kind_is_silent() {
    let mut stream = office();
    stream.every(300.0, 0.02, 96, |s, at| {
        s.tls_port(at, "10.0.0.5", "192.0.2.60", 993, Some("imap.host.example"), "thunderbird", 900, 800)
    });
    check(&stream, "", &[]);
}

#[test]
fn a_beacon_by_a_program_of_its_own_is_found_at_any_jitter() {
    // By a plain timer it may be an agent of somebody's, and is no alarm.
    for (period, jitter, count, severity) in [
        (60.0, 0.2, 480, "high"),
        (300.0, 0.0, 96, "medium"),
        (60.0, 0.05, 340, "medium"),
        (3600.0, 0.1, 24, "high"),
        (600.0, 0.5, 120, "high"),
        (45.0, 0.35, 138, "high"),
    ] {
        let mut stream = office();
        stream.every(period, jitter, count, |s, at| s.tls(at, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190));
        let told = [format!("beacon {severity} 10.0.0.7 evil.example"), format!("case {severity} 10.0.0.7 1")];
        check(&stream, "", &told.each_ref().map(String::as_str));
    }
}

#[test]
fn a_beacon_to_a_bare_address_is_found() {
    let mut stream = office();
    stream.every(300.0, 0.0, 96, |s, at| s.http(at, "10.0.0.7", EVIL_IP, EVIL_IP, "Mozilla/5.0", 200, 100));
    check(&stream, "", &["beacon high 10.0.0.7 203.0.113.66", "case high 10.0.0.7 1"]);
}

#[test]
fn a_beacon_of_an_old_browser_is_found_and_says_why() {
    let mut stream = office();
    let agent = "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)";
    stream.every(45.0, 0.35, 138, |s, at| s.http(at, "10.0.0.7", EVIL_IP, EVIL, agent, 200, 100));
    let found = findings(&stream, "");
    let beacon = &found.detections[0];
    assert_eq!(beacon.severity, Severity::High);
    assert_eq!(
        beacon.evidence["signs"],
        Figure::Texts(["only_host", "own_program", "old_browser", "little_back"].map(str::to_owned).to_vec())
    );
    insta::assert_snapshot!(beacon.summary.nl, @"10.0.0.7 zoekt ongeveer elke 45 seconden contact met evil.example: 138 keer in 1,7 uur. Zo'n vast ritme komt van een programma, niet van een mens. Geen ander apparaat in het netwerk doet dit. Het programma dat dit doet, praat met niets anders. Het doet zich voor als een browser die al jaren niet meer gebruikt wordt. Er gaat meer heen dan er terugkomt. Zoek het programma op 10.0.0.7 dat dit doet; kent niemand het, haal het apparaat van het netwerk, zet het niet uit, en laat het nakijken.");
}

/// A dashboard on a wall, with the browser that all have: worth a look, no alarm.
#[test]
fn who_watches_a_page_among_others_is_no_alarm() {
    let mut stream = office();
    stream.every(5.0, 0.02, 720, |s, at| {
        s.tls(at, "10.0.0.7", "192.0.2.77", Some("status.example"), "browser", 800, 3_900);
    });
    check(&stream, "", &["beacon medium 10.0.0.7 status.example", "case medium 10.0.0.7 1"]);
}

#[test]
fn requests_within_one_open_connection_are_beats() {
    let mut stream = office();
    let requests: Vec<f64> = (0..200).map(|n| f64::from(n) * 60.0).collect();
    stream.http_kept_open("10.0.0.7", EVIL_IP, EVIL_IP, &requests);
    check(&stream, "", &["beacon high 10.0.0.7 203.0.113.66", "case high 10.0.0.7 1"]);
}

#[test]
fn a_lone_host_calling_every_two_seconds_is_found() {
    let mut stream = Stream::default();
    stream.every(2.2, 0.05, 297, |s, at| s.tls(at, "192.0.2.200", EVIL_IP, Some(EVIL), "curl", 1100, 3900));
    check(&stream, "", &["beacon high 192.0.2.200 evil.example", "case high 192.0.2.200 1"]);
}

#[test]
fn traffic_within_home_and_to_groups_is_no_beacon() {
    let mut stream = office();
    stream.every(60.0, 0.0, 480, |s, at| s.tls(at, "10.0.0.7", "10.0.0.250", None, "own", 500, 100));
    stream.every(60.0, 0.0, 480, |s, at| s.udp(at, "10.0.0.7", "239.255.255.250", 1901, 500, 0));
    stream.every(60.0, 0.0, 480, |s, at| s.udp(at, "203.0.113.9", "10.0.0.7", 8000, 500, 10));
    check(&stream, "", &[]);
}

/// Public addresses that nobody said are ours.
#[test]
fn traffic_within_one_ipv6_network_stays_inside() {
    for (server, is_told) in [("2001:db8:1:2::7", false), ("2001:db8:1:3::7", true)] {
        let mut stream = office();
        stream.every(60.0, 0.0, 480, |s, at| s.tls(at, "2001:db8:1:2::50", server, None, "own", 500, 100));
        let told = lines(&findings(&stream, ""));
        assert_eq!(told.iter().any(|line| line.starts_with("beacon")), is_told, "{told:?}");
    }
}

#[test]
fn looking_up_a_listed_name_is_one_detection_however_often() {
    let mut stream = office();
    stream.every(600.0, 0.9, 50, |s, at| s.dns(at, "10.0.0.7", "a.b.evil.example", &["0.0.0.0"]));
    let found = findings(&stream, EVIL);
    assert_eq!(lines(&found), ["indicator medium 10.0.0.7 a.b.evil.example", "case medium 10.0.0.7 1"]);
    let evidence = &found.detections[0].evidence;
    assert_eq!(evidence["list"], Figure::Text("demo".into()));
    assert_eq!(evidence["entry"], Figure::Text(EVIL.into()));
    assert_eq!(evidence["count"], Figure::Whole(50));
    assert!(found.detections[0].summary.en.contains("without a usable answer"));
}

#[test]
fn connecting_to_a_listed_name_is_severe_wherever_it_is_seen() {
    let mut by_dns = office();
    by_dns.dns(10.0, "10.0.0.7", EVIL, &[EVIL_IP]);
    by_dns.tls(11.0, "10.0.0.7", EVIL_IP, None, "x", 5000, 100);
    check(&by_dns, EVIL, &["indicator high 10.0.0.7 evil.example", "case high 10.0.0.7 1"]);

    let mut by_tls = office();
    by_tls.tls(11.0, "10.0.0.7", EVIL_IP, Some("cdn.evil.example"), "x", 5000, 100);
    check(&by_tls, EVIL, &["indicator high 10.0.0.7 cdn.evil.example", "case high 10.0.0.7 1"]);

    let mut by_http = office();
    by_http.http(11.0, "10.0.0.7", EVIL_IP, EVIL, "Mozilla/5.0", 500, 100);
    check(&by_http, EVIL, &["indicator high 10.0.0.7 evil.example", "case high 10.0.0.7 1"]);

    check(&by_http, "203.0.113.0/26", &[]);
}

/// A list that has a shortener of links means one of its links.
#[test]
fn a_listed_shortener_of_links_is_no_alarm() {
    for (name, entry, severity) in [
        ("lnkd.in", "lnkd.in", "medium"),
        ("evil.lnkd.in", "evil.lnkd.in", "high"),
        ("lnkd.example", "lnkd.example", "high"),
    ] {
        let mut stream = office();
        stream.tls(11.0, "10.0.0.7", EVIL_IP, Some(name), "x", 5000, 100);
        let told = [format!("indicator {severity} 10.0.0.7 {name}"), format!("case {severity} 10.0.0.7 1")];
        check(&stream, entry, &told.each_ref().map(String::as_str));
    }
}

#[test]
fn a_listed_address_weighs_less_the_more_it_is_shared() {
    let mut stream = office();
    stream.http(11.0, "10.0.0.7", EVIL_IP, EVIL_IP, "Mozilla/5.0", 500, 100);
    check(&stream, EVIL_IP, &["indicator high 10.0.0.7 203.0.113.66", "case high 10.0.0.7 1"]);
    check(&stream, "203.0.113.66:80", &["indicator high 10.0.0.7 203.0.113.66", "case high 10.0.0.7 1"]);
    check(&stream, "203.0.113.66:443", &[]);
    check(&stream, "203.0.113.64/26", &["indicator medium 10.0.0.7 203.0.113.66", "case medium 10.0.0.7 1"]);
    check(&stream, "203.0.112.0/20", &["indicator low 10.0.0.7 203.0.113.66"]);

    let mut named = office();
    named.tls(11.0, "10.0.0.7", EVIL_IP, Some("shop.example"), "x", 500, 100);
    check(&named, EVIL_IP, &["indicator medium 10.0.0.7 203.0.113.66", "case medium 10.0.0.7 1"]);
}

#[test]
fn a_resolver_that_passes_questions_on_is_not_accused() {
    let mut stream = office();
    stream.dns(10.0, "10.0.0.7", EVIL, &[EVIL_IP]);
    stream.dns_via(10.0, "10.0.0.7", "10.0.0.53", EVIL, &[EVIL_IP]);
    stream.dns_via(10.01, "10.0.0.53", "198.51.100.53", EVIL, &[EVIL_IP]);
    check(&stream, EVIL, &["indicator medium 10.0.0.7 evil.example", "case medium 10.0.0.7 1"]);

    let mut blind = office();
    blind.dns_via(5.0, "10.0.0.7", "10.0.0.53", "www.site.example", &["192.0.2.9"]);
    blind.dns_via(10.0, "10.0.0.53", "198.51.100.53", EVIL, &[EVIL_IP]);
    check(&blind, EVIL, &["indicator low 10.0.0.53 evil.example"]);

    let mut stranger = office();
    stranger.dns_via(10.0, "203.0.113.9", "10.0.0.53", EVIL, &[EVIL_IP]);
    check(&stranger, EVIL, &[]);
}

#[test]
fn a_resolver_that_asks_for_thousands_of_listed_names_costs_no_square() {
    let walked = |names: usize| {
        let mut stream = Stream::default();
        let mut list = String::new();
        for number in 0..names {
            let name = format!("n{number}.bad.example");
            list += &format!("{name}\n");
            stream.dns_via(number as f64, "10.0.0.21", "10.0.0.53", &name, &["203.0.113.66"]);
            stream.dns_via(number as f64 + 0.1, "10.0.0.53", "9.9.9.9", &name, &["203.0.113.66"]);
        }
        let settings = Settings { intel: intel(&list), ..Settings::default() };
        let mut watch = Watch::new(settings);
        stream.events().iter().for_each(|event| watch.event(event));
        let _ = crate::table::walked::take();
        let found = watch.finish();
        let listed: Vec<_> = found.detections.iter().filter(|one| one.kind == Kind::Indicator).collect();
        assert!(listed.iter().all(|one| one.host.ip.to_string() == "10.0.0.21"), "the resolver passes on");
        assert_eq!(listed.len(), names);
        crate::table::walked::take()
    };
    let (few, many) = (walked(200), walked(2_000));
    assert!(many < few * 15, "{few} entries walked for 200 names, {many} for 2000");
}

#[test]
fn a_listed_stranger_at_the_door_opens_no_case() {
    let mut stream = office();
    stream.tls(10.0, EVIL_IP, "10.0.0.80", Some("our-site.example"), "x", 500, 5000);
    check(&stream, EVIL_IP, &["indicator low 10.0.0.80 203.0.113.66"]);
}

#[test]
fn an_entry_on_two_lists_is_one_detection_naming_both() {
    let mut stream = office();
    stream.tls(11.0, "10.0.0.7", EVIL_IP, Some(EVIL), "x", 5000, 100);
    let lists = ["one", "two"].map(|name| ThreatList::read(name, EVIL.as_bytes()).list).into();
    let mut watch = Watch::new(Settings { intel: lists, ..Settings::default() });
    stream.events().iter().for_each(|event| watch.event(event));
    let found = watch.finish();
    assert_eq!(found.detections.len(), 1);
    assert_eq!(found.detections[0].evidence["list"], Figure::Text("one, two".into()));
}

#[test]
fn one_infected_host_is_one_critical_case_with_facts_to_confirm() {
    let mut stream = office();
    stream.dns(0.0, "10.0.0.7", EVIL, &[EVIL_IP]);
    stream.every(60.0, 0.2, 480, |s, at| s.tls(at + 1.0, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190));
    let found = findings(&stream, EVIL);
    assert_eq!(
        lines(&found),
        ["indicator high 10.0.0.7 evil.example", "beacon high 10.0.0.7 evil.example", "case critical 10.0.0.7 2"]
    );
    let case = &found.cases[0];
    assert_eq!(case.proposed_facts.truth(facts::Fact::SecurityIncident), Some(true));
    assert_eq!(case.proposed_facts.one(facts::Fact::Cause), Some("external_malicious"));
    assert_eq!(case.proposed_facts.one(facts::Fact::IncidentType), Some("hacking"));
    assert_eq!(case.host.mac, Some([2, 0, 10, 0, 0, 7]));
    insta::assert_snapshot!(case.summary.en, @"10.0.0.7 is probably under an attacker's control. Take the device off the network and leave it switched on. 10.0.0.7 was connected 480 times to an address of attackers and sent 288 kB there. evil.example is on the list of known-bad addresses (demo). 10.0.0.7 contacts evil.example about every 59 seconds: 480 times in 7.9 hours. Such a steady rhythm comes from a program, not from a person. No other device on the network does this. The program that does this talks to nothing else. More goes out than comes back. Find the program on 10.0.0.7 that does this; if nobody knows it, take the device off the network, leave it switched on, and have it examined.");
}

/// Free web hosting, a scanner: lists name them, and nobody is an attacker for it.
#[test]
fn what_a_list_only_remarks_on_is_called_so_and_only_what_was_seen_is_said() {
    let list = "web.example,free web hosting (suspicious),(static)\nevil.example,emotet (malware),(static)\n\
                192.0.2.99,emotet (malware),(static)\n";
    type Does<'a> = &'a dyn Fn(&mut Stream);
    let table: [(Does<'_>, &str); 4] = [
        (
            &|stream: &mut Stream| stream.tls(1.0, "10.0.0.7", EVIL_IP, Some("www.web.example"), "x", 500, 100),
            "was connected once to an address that a list remarks on and sent",
        ),
        (
            &|stream: &mut Stream| stream.dns(1.0, "10.0.0.7", EVIL, &[EVIL_IP]),
            "looked up an address of attackers once; no connection was seen. evil.example is on the list of known-bad",
        ),
        (
            &|stream: &mut Stream| stream.udp(1.0, "10.0.0.7", "192.0.2.99", 5_000, 90, 0),
            "tried to reach an address of attackers once; no connection was seen.",
        ),
        (
            &|stream: &mut Stream| {
                stream.dns(1.0, "10.0.0.7", EVIL, &[EVIL_IP]);
                stream.udp(2.0, "10.0.0.7", EVIL_IP, 5_000, 90, 0);
            },
            "looked up and tried to reach an address of attackers once; no connection was seen.",
        ),
    ];
    for (make, expected) in table {
        let mut stream = Stream::default();
        make(&mut stream);
        let found = findings(&stream, list);
        let [one] = found.detections.as_slice() else { panic!("{found:#?}") };
        assert!(one.summary.en.contains(expected), "{}", one.summary.en);
        let is_remark = expected.contains("remarks");
        assert_eq!(one.summary.en.contains("is on a list (demo), as: free web hosting (suspicious)."), is_remark);
    }
}

#[test]
fn home_can_be_named() {
    let mut stream = Stream::default();
    stream.tls(1.0, "203.0.113.7", "10.0.0.1", Some(EVIL), "x", 500, 100);
    let home = vec!["203.0.113.0/24".parse().unwrap()];
    let mut watch = Watch::new(Settings { home, intel: intel(EVIL), ..Settings::default() });
    stream.events().iter().for_each(|event| watch.event(event));
    assert_eq!(lines(&watch.finish()), ["indicator high 203.0.113.7 evil.example", "case high 203.0.113.7 1"]);
}

#[test]
fn the_same_events_give_the_same_findings() {
    let mut stream = office();
    stream.every(60.0, 0.2, 480, |s, at| s.tls(at, "10.0.0.7", EVIL_IP, Some(EVIL), "malware", 520, 190));
    assert_eq!(findings(&stream, EVIL), findings(&stream, EVIL));
}

proptest! {
    #[test]
    fn any_events_in_any_order_never_panic(events in proptest::collection::vec(arbitrary_event(), 0..200)) {
        let run = || {
            let mut watch = Watch::new(Settings { intel: intel("evil.example\n10.0.0.0/8\n::/16\n"), ..Settings::default() });
            events.iter().for_each(|event| watch.event(event));
            watch.finish()
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn any_bytes_are_a_list_or_findings(bytes in proptest::collection::vec(any::<u8>(), 0..2000), name in ".*") {
        let read = ThreatList::read("any", &bytes);
        let _ = read.list.domain(&name);
        prop_assert!(read.invalid.len() as u64 <= read.invalid_count);
    }
}
