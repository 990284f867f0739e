//! Log-ins that are readable, and log-ins tried again and again: the innocent first.

use jiff::{SignedDuration, Timestamp};
use wire::event::{Conversation, Endpoint, Event, FlowId, Kind as Seen, Login, LoginOutcome, Transport};

use super::{Findings, Settings, Watch, findings, lines, stream::Stream};
use LoginOutcome::{Accepted, Refused, Unknown};

const OUTSIDE: &str = "203.0.113.9";

/// One log-in: seconds, from, to, protocol, account's number, outcome.
type Try<'a> = (u32, &'a str, &'a str, &'static str, u64, LoginOutcome);

fn event((seconds, client, server, protocol, account, outcome): Try<'_>, change: &dyn Fn(&mut Login)) -> Event {
    let start: Timestamp = "2026-10-19T06:00:00Z".parse().unwrap();
    let conversation = Conversation {
        transport: Transport::Tcp,
        client: Endpoint { ip: client.parse().unwrap(), port: 50_000 },
        server: Endpoint { ip: server.parse().unwrap(), port: 21 },
    };
    let mut login = Login {
        protocol,
        mechanism: "USER/PASS",
        name: None,
        account: (account > 0).then(|| "j…".to_owned()),
        account_key: account,
        is_readable: protocol != "ssh" && protocol != "rdp",
        has_secret: true,
        tries: 1,
        outcome,
    };
    change(&mut login);
    let at = start + SignedDuration::from_secs(seconds.into());
    Event { at, flow: FlowId(seconds.into()), conversation, kind: Seen::Login(login) }
}

fn watch(tries: &[Try<'_>], settings: Settings, change: &dyn Fn(&mut Login)) -> Findings {
    let mut watch = Watch::new(settings);
    tries.iter().for_each(|one| watch.event(&event(*one, change)));
    watch.finish()
}

/// What was found, without the cases.
fn found(tries: &[Try<'_>]) -> Vec<String> {
    let lines = lines(&watch(tries, Settings::default(), &|_| {}));
    lines.into_iter().filter(|line| !line.starts_with("case")).collect()
}

fn attacks(tries: &[Try<'_>]) -> Vec<String> {
    found(tries).into_iter().filter(|line| line.starts_with("bruteforce")).collect()
}

#[test]
fn what_nobody_can_read_or_everybody_knows_is_no_finding() {
    let ours = (1, "10.0.0.5", OUTSIDE, "imap", 1, Accepted);
    let changes: [&dyn Fn(&mut Login); 2] = [&|login| login.is_readable = false, &|login| login.has_secret = false];
    for change in changes {
        assert_eq!(lines(&watch(&[ours], Settings::default(), change)), [""; 0]);
    }
    // Nor where content may not be looked into.
    let settings = Settings { looks_into_content: false, ..Settings::default() };
    assert_eq!(lines(&watch(&[ours], settings, &|_| {})), [""; 0]);
}

/// The day on which the staff was told comes while it watches, and may be taken back.
#[test]
fn content_is_looked_into_from_when_it_may_be_until_it_may_not() {
    let one = |seconds: u32, protocol| event((seconds, "10.0.0.5", OUTSIDE, protocol, 1, Accepted), &|_| {});
    let mut watch = Watch::new(Settings { looks_into_content: false, ..Settings::default() });
    let mut told = Vec::new();
    for (may, login) in [(false, one(1, "imap")), (true, one(600, "ftp")), (false, one(1_200, "pop3"))] {
        watch.look_into_content(may);
        watch.look_into_content(may);
        watch.event(&login);
        told.push(watch.news(login.at).detections.len());
    }
    assert_eq!(told, [0, 1, 0]);
}

#[test]
fn a_readable_login_weighs_by_where_it_goes() {
    for (client, server, protocol, outcome, expected) in [
        ("10.0.0.5", OUTSIDE, "ftp", Accepted, "cleartext_credentials medium 10.0.0.5 203.0.113.9"),
        ("10.0.0.5", OUTSIDE, "http", Unknown, "cleartext_credentials medium 10.0.0.5 203.0.113.9"),
        ("10.0.0.5", OUTSIDE, "ftp", Refused, "cleartext_credentials low 10.0.0.5 203.0.113.9"),
        ("10.0.0.5", OUTSIDE, "snmp", Unknown, "cleartext_credentials low 10.0.0.5 203.0.113.9"),
        (OUTSIDE, "10.0.0.5", "pop3", Accepted, "cleartext_credentials medium 10.0.0.5 203.0.113.9"),
        ("10.0.0.5", "10.0.0.1", "telnet", Accepted, "cleartext_credentials low 10.0.0.5 10.0.0.1"),
    ] {
        assert_eq!(found(&[(1, client, server, protocol, 1, outcome)]), [expected]);
    }
}

/// Where no DNS was seen, as of a camera that asked before the capture began.
#[test]
fn a_log_in_is_at_the_name_that_was_asked_for() {
    let at = |client: &'static str, server: &'static str, names: &[&str]| {
        let mut watch = Watch::new(Settings::default());
        for (n, name) in (0..30u32).zip(names.iter().cycle()) {
            let change = |login: &mut Login| login.name = Some((*name).to_owned());
            watch.event(&event((n * 2, client, server, "http", 1, Refused), &change));
        }
        lines(&watch.finish()).into_iter().filter(|line| !line.starts_with("case")).collect::<Vec<_>>()
    };
    for (client, server, names, place) in [
        ("10.0.0.5", OUTSIDE, &["dyn.example"][..], "10.0.0.5 dyn.example"),
        ("10.0.0.5", OUTSIDE, &[OUTSIDE], "10.0.0.5 203.0.113.9"),
        ("10.0.0.5", OUTSIDE, &["not a name"], "10.0.0.5 203.0.113.9"),
        ("10.0.0.5", OUTSIDE, &["dyn.example", "www.example"], "10.0.0.5 203.0.113.9"),
        (OUTSIDE, "10.0.0.5", &["ours.example"], "10.0.0.5 203.0.113.9"),
    ] {
        let told = at(client, server, names);
        assert!(told.len() == 2 && told.iter().all(|line| line.ends_with(place)), "{names:?}: {told:?}");
    }
}

#[test]
fn a_token_is_no_password() {
    let try_it = (1, "10.0.0.5", OUTSIDE, "smtp", 1, Accepted);
    for (mechanism, is_password) in [("PLAIN", true), ("XOAUTH2", false), ("OAUTHBEARER", false)] {
        let found = watch(&[try_it], Settings::default(), &|login| login.mechanism = mechanism);
        let said = [&found.detections[0].summary, &found.cases[0].summary];
        for text in said {
            assert_eq!((text.nl.contains("wachtwoord"), text.en.contains("password")), (is_password, is_password));
            assert_eq!((text.nl.contains("token"), text.en.contains("token")), (!is_password, !is_password));
        }
    }
}

#[test]
fn one_place_is_one_finding_with_counts() {
    let tries: Vec<Try<'_>> = (0..50)
        .map(|n| (n * 600, "10.0.0.5", OUTSIDE, "pop3", 1 + u64::from(n % 2), if n == 0 { Refused } else { Accepted }))
        .collect();
    let findings = watch(&tries, Settings::default(), &|_| {});
    let [detection] = findings.detections.as_slice() else { panic!("{findings:#?}") };
    for (name, count) in [("logins", 50), ("accepted", 49), ("refused", 1), ("accounts", 2)] {
        assert_eq!(detection.evidence[name], crate::Figure::Whole(count), "{name}");
    }
    insta::assert_snapshot!(detection.summary.nl, @"10.0.0.5 meldt zich bij 203.0.113.9 aan over POP3 zonder versleuteling (50 keer, met 2 namen). Het wachtwoord gaat leesbaar over internet. Verander het wachtwoord, en zet bij deze dienst versleuteling (TLS) aan of kies een dienst die dat kan.");
    insta::assert_snapshot!(detection.summary.en, @"10.0.0.5 logs in to 203.0.113.9 over POP3 without encryption (50 times, with 2 names). The password crosses the internet readable. Change the password, and switch on encryption (TLS) for this service or choose one that has it.");
    let [case] = findings.cases.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(case.proposed_facts.one(facts::Fact::IncidentType), Some("misconfiguration"));
    assert_eq!(case.proposed_facts.one(facts::Fact::Cause), Some("internal_accidental"));
}

/// Somebody goes by a whole network with one word: that is one thing, not 254.
#[test]
fn many_destinations_that_weigh_the_same_are_one_finding() {
    let servers: Vec<String> = (1..=254).map(|n| format!("10.0.2.{n}")).collect();
    let first = |count: usize| -> Vec<Try<'_>> {
        servers.iter().take(count).zip(0..).map(|(to, n)| (n, "10.0.0.5", to.as_str(), "snmp", 0, Unknown)).collect()
    };
    assert_eq!(found(&first(5)).len(), 5);
    assert_eq!(found(&first(6)), ["cleartext_credentials low 10.0.0.5 "]);
    let findings = watch(&first(254), Settings::default(), &|_| {});
    let [detection] = findings.detections.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(detection.evidence["destinations"], crate::Figure::Whole(254));
    assert_eq!(detection.evidence["logins"], crate::Figure::Whole(254));
    let crate::Figure::Texts(examples) = &detection.evidence["examples"] else { panic!("{detection:#?}") };
    assert_eq!((examples.len(), examples[0].as_str()), (10, "10.0.2.1"));
    insta::assert_snapshot!(detection.summary.nl, @"10.0.0.5 meldt zich bij 254 adressen aan over SNMP zonder versleuteling, binnen het eigen netwerk (254 keer). Wie op het netwerk meeluistert leest het wachtwoord. Zet daar versleuteling aan.");
    // What weighs more is told by itself.
    let mut all = first(6);
    all.push((300, "10.0.0.5", OUTSIDE, "ftp", 1, Accepted));
    let expected = ["cleartext_credentials low 10.0.0.5 ", "cleartext_credentials medium 10.0.0.5 203.0.113.9"];
    assert_eq!(found(&all), expected);
}

#[test]
fn mistakes_and_stale_passwords_are_no_attack() {
    // Somebody who forgot theirs, and then remembers.
    let mut forgetful: Vec<Try<'_>> = (0..6).map(|n| (n * 15, "10.0.0.5", "10.0.0.1", "ftp", 1, Refused)).collect();
    forgetful.push((100, "10.0.0.5", "10.0.0.1", "ftp", 1, Accepted));
    assert_eq!(attacks(&forgetful), [""; 0]);
    // A telephone with last year's password, all day.
    let telephone: Vec<Try<'_>> = (0..1000).map(|n| (n * 60, "10.0.0.6", OUTSIDE, "imap", 1, Refused)).collect();
    assert_eq!(attacks(&telephone), [""; 0]);
    // Ten telephones, each with its own account.
    let telephones: Vec<Try<'_>> =
        (0..200).map(|n| (n * 30, "10.0.0.6", OUTSIDE, "imap", 1 + u64::from(n % 4), Refused)).collect();
    assert_eq!(attacks(&telephones), [""; 0]);
    // Somebody with fifteen keys, twice; and a script that logs in every few seconds, rightly.
    let keys = [(0, "10.0.0.7", OUTSIDE, "ssh", 0, Refused), (200, "10.0.0.7", OUTSIDE, "ssh", 0, Refused)];
    assert_eq!(lines(&watch(&keys, Settings::default(), &|login| login.tries = 15)), [""; 0]);
    let script: Vec<Try<'_>> = (0..500).map(|n| (n * 3, "10.0.0.7", "10.0.0.1", "ssh", 0, Accepted)).collect();
    assert_eq!(attacks(&script), [""; 0]);
    // A web page that asks often, and screens that come back after a pause.
    let pages: Vec<Try<'_>> = (0..100).map(|n| (n * 20, "10.0.0.7", "10.0.0.1", "rdp", 1, Unknown)).collect();
    assert_eq!(attacks(&pages), [""; 0]);
}

#[test]
fn many_refusals_in_a_short_time_are_an_attack() {
    let tries = |count: u32,
                 client: &'static str,
                 server: &'static str,
                 protocol: &'static str,
                 accounts: u64|
     -> Vec<Try<'static>> {
        (0..count).map(|n| (n * 2, client, server, protocol, 1 + u64::from(n) % accounts, Refused)).collect()
    };
    assert_eq!(attacks(&tries(30, "10.0.0.5", "10.0.0.1", "ftp", 1)), ["bruteforce medium 10.0.0.5 10.0.0.1"]);
    assert_eq!(attacks(&tries(12, "10.0.0.5", "10.0.0.1", "smtp", 12)), ["bruteforce medium 10.0.0.5 10.0.0.1"]);
    assert_eq!(attacks(&tries(150, "10.0.0.5", OUTSIDE, "ssh", 1)), ["bruteforce high 10.0.0.5 203.0.113.9"]);
    // What every server on the internet sees.
    assert_eq!(attacks(&tries(500, OUTSIDE, "10.0.0.1", "ssh", 1)), ["bruteforce low 10.0.0.1 203.0.113.9"]);
    // And then it worked.
    let mut guessed = tries(40, OUTSIDE, "10.0.0.1", "ftp", 1);
    guessed.push((90, OUTSIDE, "10.0.0.1", "ftp", 1, Accepted));
    assert_eq!(attacks(&guessed), ["bruteforce high 10.0.0.1 203.0.113.9"]);
    let screens: Vec<Try<'_>> = (0..60).map(|n| (n * 2, "10.0.0.5", "10.0.0.1", "rdp", 1, Unknown)).collect();
    assert_eq!(attacks(&screens), ["bruteforce medium 10.0.0.5 10.0.0.1"]);
}

#[test]
fn many_servers_or_many_places_are_one_finding() {
    let targets: Vec<String> = (1..=12).map(|n| format!("10.0.0.{n}")).collect();
    let sweep: Vec<Try<'_>> =
        targets.iter().zip(0..).map(|(to, n)| (n, "10.0.0.50", to.as_str(), "ssh", 0, Refused)).collect();
    assert_eq!(attacks(&sweep).len(), 1);
    let sources: Vec<String> = (1..=40).map(|n| format!("203.0.113.{n}")).collect();
    let slow: Vec<Try<'_>> =
        sources.iter().zip(0..).map(|(from, n)| (n * 1200, from.as_str(), "10.0.0.1", "imap", 1, Refused)).collect();
    assert_eq!(attacks(&slow), ["bruteforce low 10.0.0.1 "]);
}

/// Refusals one after the other, so many of them a minute.
fn refused(count: u32, a_minute: u32, from: &'static str, protocol: &'static str, accounts: u64) -> Vec<Try<'static>> {
    let one = |n: u32| (n * 60 / a_minute, from, "10.0.0.1", protocol, 1 + u64::from(n) % accounts, Refused);
    (0..count).map(one).collect()
}

#[test]
fn windows_machines_with_an_old_password_are_at_most_low() {
    for protocol in ["smb", "kerberos"] {
        // A printer that scans to a folder, a drive that is mapped: for hours, up to every second; then somebody puts it right.
        assert_eq!(attacks(&refused(300, 3, "10.0.0.5", protocol, 1)), [""; 0]);
        for a_minute in [6, 30, 60] {
            let mut drive = refused(a_minute * 60, a_minute, "10.0.0.5", protocol, 1);
            assert_eq!(attacks(&drive), ["bruteforce low 10.0.0.5 10.0.0.1"], "{protocol} {a_minute}");
            drive.push((60 * 60, "10.0.0.5", "10.0.0.1", protocol, 1, Accepted));
            assert_eq!(attacks(&drive), ["bruteforce low 10.0.0.5 10.0.0.1"], "{protocol} {a_minute}");
        }
        // A few names that the directory no longer knows.
        assert_eq!(attacks(&refused(60, 60, "10.0.0.5", protocol, 4)), ["bruteforce low 10.0.0.5 10.0.0.1"]);
    }
    // Twenty people mistype theirs in the course of a day, at one server.
    let hosts: Vec<String> = (1..=20).map(|n| format!("10.0.0.{}", 10 + n)).collect();
    let all = (0..100u32).map(|n| (n * 300, hosts[n as usize % 20].as_str(), "10.0.0.1", "kerberos", 7, Refused));
    assert_eq!(attacks(&all.collect::<Vec<_>>()), [""; 0]);
    // Somebody's machine opens every other on the network with the one password that it has.
    let others: Vec<String> = (1..=9).map(|n| format!("10.0.0.{}", 10 + n)).collect();
    let looks: Vec<Try<'_>> =
        others.iter().zip(0..).map(|(to, n)| (n * 5, "10.0.0.5", to.as_str(), "smb", 1, Refused)).collect();
    assert_eq!(attacks(&looks), [""; 0]);
}

#[test]
fn guessing_in_a_windows_network_is_found() {
    for protocol in ["smb", "kerberos"] {
        let found = |count, a_minute, accounts| attacks(&refused(count, a_minute, "10.0.0.5", protocol, accounts));
        // One password on many accounts; a few on those of a small office; one account as fast as it goes.
        assert_eq!(found(120, 30, 120), ["bruteforce high 10.0.0.5 10.0.0.1"], "{protocol}");
        assert_eq!(found(12, 30, 12), ["bruteforce medium 10.0.0.5 10.0.0.1"], "{protocol}");
        assert_eq!(found(30, 30, 6), ["bruteforce medium 10.0.0.5 10.0.0.1"], "{protocol}");
        assert_eq!(found(400, 120, 1), ["bruteforce high 10.0.0.5 10.0.0.1"], "{protocol}");
    }
    let mut outside = refused(299, 30, OUTSIDE, "smb", 1);
    assert_eq!(attacks(&outside), ["bruteforce low 10.0.0.1 203.0.113.9"]);
    outside.push((600, OUTSIDE, "10.0.0.1", "smb", 1, Accepted));
    assert_eq!(attacks(&outside), ["bruteforce high 10.0.0.1 203.0.113.9"]);
}

#[test]
fn a_long_session_after_many_tries_is_a_break_in() {
    let session = |stream: &mut Stream, at: f64, client: &str, protocol: &'static str, seconds: f64, received: u64| {
        let (outcome, tries) = if protocol == "rdp" { (Unknown, 1) } else { (Refused, 3) };
        let login = event((0, client, "10.0.0.1", protocol, 0, outcome), &|login| login.tries = tries).kind;
        stream.talk(at, client, ("10.0.0.1", 3389), vec![(seconds, login)], Some(protocol), 4_000, received);
    };
    let found = |client: &str, protocol: &'static str, tries: u32, last: (f64, u64)| {
        let mut stream = Stream::default();
        for n in 0..tries {
            session(&mut stream, f64::from(n) * 2.0, client, protocol, 0.5, 4_000);
        }
        session(&mut stream, 4_000.0, client, protocol, last.0, last.1);
        let lines = lines(&findings(&stream, ""));
        lines.into_iter().filter(|line| line.starts_with("bruteforce")).collect::<Vec<_>>()
    };
    let worked = (1_200.0, 5_000_000);
    for (client, protocol, tries, last, expected) in [
        (OUTSIDE, "rdp", 600, worked, Some("bruteforce high 10.0.0.1 203.0.113.9")),
        (OUTSIDE, "ssh", 600, worked, Some("bruteforce high 10.0.0.1 203.0.113.9")),
        (OUTSIDE, "rdp", 600, (0.5, 4_000), Some("bruteforce low 10.0.0.1 203.0.113.9")),
        (OUTSIDE, "rdp", 600, (1_200.0, 20_000), Some("bruteforce low 10.0.0.1 203.0.113.9")),
        // Somebody who works from home, and whose connection was lost a few times.
        (OUTSIDE, "rdp", 6, worked, None),
        // A program at home that looks whether the machine is there, and its user.
        ("10.0.0.5", "rdp", 40, worked, Some("bruteforce medium 10.0.0.5 10.0.0.1")),
        ("10.0.0.5", "rdp", 600, worked, Some("bruteforce high 10.0.0.5 10.0.0.1")),
    ] {
        assert_eq!(
            found(client, protocol, tries, last),
            expected.into_iter().collect::<Vec<_>>(),
            "{protocol} {tries}"
        );
    }
}

/// A server that is open to the internet is knocked at by all, and its owner works on it from elsewhere.
#[test]
fn a_long_session_is_a_break_in_of_who_guessed_or_came_from_beside_them() {
    for (who, owner, known, expected) in [
        ("the owner, away from home", "198.51.100.20", false, "low"),
        ("who guessed, from the address beside", "203.0.113.200", false, "high"),
        ("the owner, beside who guessed, who came before", "203.0.113.200", true, "low"),
        ("who guessed", OUTSIDE, false, "high"),
    ] {
        let mut stream = Stream::default();
        let mut session = |at: f64, client: &str, seconds: f64, received: u64| {
            let login = event((0, client, "10.0.0.1", "rdp", 0, Unknown), &|_| {}).kind;
            stream.talk(at, client, ("10.0.0.1", 3389), vec![(seconds, login)], Some("rdp"), 4_000, received);
        };
        if known {
            session(1.0, owner, 0.5, 4_000);
        }
        for n in 0..600u32 {
            session(100.0 + f64::from(n) * 2.0, OUTSIDE, 0.5, 4_000);
        }
        session(4_000.0, owner, 1_200.0, 5_000_000);
        let told = lines(&findings(&stream, ""));
        let told: Vec<_> = told.into_iter().filter(|line| line.starts_with("bruteforce")).collect();
        assert_eq!(told, [format!("bruteforce {expected} 10.0.0.1 {OUTSIDE}")], "{who}");
    }
}

#[test]
fn a_windows_log_in_that_goes_outside_is_told_and_rented_storage_is_not() {
    let proves = |stream: &mut Stream, at: f64, client: &str, server: &str, protocol: &'static str, account: u64| {
        let change = |login: &mut Login| (login.mechanism, login.is_readable) = ("NTLM", false);
        let login = event((0, client, server, protocol, account, Refused), &change).kind;
        stream.talk(at, client, (server, 445), vec![(0.1, login)], Some(protocol), 900, 900);
    };
    let found = |stream: &Stream| {
        let lines = lines(&findings(stream, ""));
        lines.into_iter().filter(|line| line.starts_with("lateral_movement")).collect::<Vec<_>>()
    };
    let mut stream = Stream::default();
    // Within home, from outside, by nobody, in another protocol; and to storage.
    proves(&mut stream, 1.0, "10.0.0.5", "10.0.0.1", "smb", 1);
    proves(&mut stream, 2.0, OUTSIDE, "10.0.0.1", "smb", 1);
    proves(&mut stream, 3.0, "10.0.0.5", "203.0.113.10", "smb", 0);
    proves(&mut stream, 4.0, "10.0.0.5", "203.0.113.11", "smtp", 1);
    stream.dns(5.0, "10.0.0.5", "kantoor.file.core.windows.net", &["203.0.113.12"]);
    proves(&mut stream, 6.0, "10.0.0.5", "203.0.113.12", "smb", 1);
    assert_eq!(found(&stream), [""; 0]);
    proves(&mut stream, 7.0, "10.0.0.5", OUTSIDE, "smb", 1);
    proves(&mut stream, 8.0, "10.0.0.6", OUTSIDE, "http", 1);
    let both = ["lateral_movement medium 10.0.0.5 203.0.113.9", "lateral_movement medium 10.0.0.6 203.0.113.9"];
    assert_eq!(found(&stream), both);
    // Many places are one finding, which is the one that was told of the first.
    let id = |stream: &Stream| {
        let mut found = findings(stream, "").detections.into_iter();
        let is_it =
            |one: &crate::Detection| one.kind == crate::Kind::LateralMovement && one.host.ip.to_string() == "10.0.0.5";
        found.find(is_it).unwrap().id
    };
    let first = id(&stream);
    for n in 1..60 {
        proves(&mut stream, 20.0 + f64::from(n), "10.0.0.5", &format!("203.0.113.1{n:02}"), "smb", 1);
        if n > 5 {
            assert_eq!(
                (found(&stream), id(&stream)),
                (vec!["lateral_movement medium 10.0.0.5 ".to_owned(), both[1].to_owned()], first.clone()),
                "{n}"
            );
        }
    }
}

#[test]
fn where_nobody_ever_was_a_windows_log_in_weighs_more_than_where_it_is_a_habit() {
    let at = |stream: &mut Stream, hour: u32, server: &str, protocol: &'static str| {
        let change = |login: &mut Login| (login.mechanism, login.is_readable) = ("NTLM", false);
        let login = event((0, "10.0.0.5", server, protocol, 1, Accepted), &change).kind;
        stream.talk(f64::from(hour) * 3600.0, "10.0.0.5", (server, 80), vec![(0.1, login)], Some(protocol), 900, 900);
    };
    let mut stream = Stream::default();
    for hour in 0..60 {
        stream.tls(f64::from(hour) * 3600.0, "10.0.0.6", "192.0.2.1", Some("mail.example"), "system", 900, 900);
    }
    stream.dns(0.0, "10.0.0.5", "portal.example", &["203.0.113.20"]);
    at(&mut stream, 1, "203.0.113.20", "http");
    at(&mut stream, 61, OUTSIDE, "smb");
    let lines = lines(&findings(&stream, ""));
    let told = lines.iter().filter(|line| line.starts_with("lateral_movement")).collect::<Vec<_>>();
    let expected = ["lateral_movement low 10.0.0.5 portal.example", "lateral_movement high 10.0.0.5 203.0.113.9"];
    assert_eq!(told, expected.iter().collect::<Vec<_>>());
}

/// Storage that was mounted then: its name was asked for before.
#[test]
fn what_is_opened_soon_after_a_restart_is_low_until_it_is_opened_without_a_name_again() {
    const HOUR: f64 = 3_600.0;
    let mut before = Stream::default();
    for hour in 0..60 {
        before.tls(f64::from(hour) * HOUR, "10.0.0.6", "192.0.2.1", Some("mail.example"), "system", 900, 900);
    }
    let mut watch = Watch::new(Settings::default());
    before.events().iter().for_each(|event| watch.event(event));
    let memory = watch.memory();
    for (is_restarted, opened, is_named, expected) in [
        (true, &[0.5][..], false, Some("low")),
        (true, &[0.5, 2.5][..], false, Some("high")),
        (true, &[2.5][..], false, Some("high")),
        (true, &[0.5, 2.5][..], true, None),
        (false, &[0.5][..], false, Some("medium")),
    ] {
        let mut stream = Stream::default();
        stream.dns(61.0 * HOUR, "10.0.0.5", "www.example", &["192.0.2.9"]);
        if is_named {
            stream.dns(63.4 * HOUR, "10.0.0.5", "kantoor.file.core.windows.net", &[OUTSIDE]);
        }
        for hour in opened {
            let change = |login: &mut Login| (login.mechanism, login.is_readable) = ("NTLM", false);
            let login = event((0, "10.0.0.5", OUTSIDE, "smb", 1, Accepted), &change).kind;
            let at = (61.0 + hour) * HOUR;
            stream.talk(at, "10.0.0.5", (OUTSIDE, 445), vec![(0.1, login)], Some("smb"), 900, 900);
        }
        let new = || Watch::new(Settings::default());
        let again = || Watch::with_memory(Settings::default(), &memory).unwrap();
        let mut watch = if is_restarted { again() } else { new() };
        stream.events().iter().for_each(|event| watch.event(event));
        let told = lines(&watch.finish());
        let told: Vec<_> = told.into_iter().filter(|line| line.starts_with("lateral_movement")).collect();
        let expected: Vec<_> =
            expected.map(|it| format!("lateral_movement {it} 10.0.0.5 {OUTSIDE}")).into_iter().collect();
        assert_eq!(told, expected, "{is_restarted} {opened:?} {is_named}");
    }
}

#[test]
fn who_works_from_behind_one_address_or_beside_others_has_broken_in_nowhere() {
    // A branch: half of the connections are somebody's day at work.
    let mut branch = Stream::default();
    for n in 0..60u32 {
        let at = f64::from(n) * 4.0;
        let login = event((0, OUTSIDE, "10.0.0.1", "rdp", 0, Unknown), &|_| {}).kind;
        let (seconds, received) = if n % 2 == 0 { (3_600.0, 5_000_000) } else { (1.0, 4_000) };
        branch.talk(at, OUTSIDE, ("10.0.0.1", 3389), vec![(seconds, login)], Some("rdp"), 4_000, received);
    }
    assert!(lines(&findings(&branch, "")).contains(&"bruteforce low 10.0.0.1 203.0.113.9".to_owned()));
    // A terminal server: accounts that nobody has any more, and then one of which none was refused.
    for (accounts, expected) in [(30, "bruteforce medium 10.0.0.5 10.0.0.1"), (1, "bruteforce low 10.0.0.5 10.0.0.1")] {
        let mut server = refused(30, 30, "10.0.0.5", "kerberos", accounts);
        server.push((70, "10.0.0.5", "10.0.0.1", "kerberos", 999, Accepted));
        assert_eq!(attacks(&server), [expected], "{accounts}");
    }
}
