//! Stories: whose they are, how severe, what they propose; and who a host is.

use jiff::SignedDuration;
use wire::event::{HostName, Kind as Seen, NameSource};

use super::*;

fn told(
    source: NameSource,
    ip: Option<[u8; 4]>,
    mac: Option<[u8; 6]>,
    name: Option<&str>,
    kind: Option<&str>,
) -> (f64, Seen) {
    let (name, kind) = (name.map(str::to_owned), kind.map(str::to_owned));
    (0.1, Seen::HostName(HostName { source, ip: ip.map(Into::into), mac, name, kind, message: None }))
}

/// A device asks for an address, and gets it.
fn lease(stream: &mut Stream, at: f64, ip: [u8; 4], mac: [u8; 6], name: Option<&str>) {
    let said = vec![
        told(NameSource::Dhcp, None, Some(mac), name, None),
        told(NameSource::Dhcp, Some(ip), Some(mac), None, None),
    ];
    stream.talk(at, "0.0.0.0", ("255.255.255.255", 67), said, None, 300, 0);
}

fn call(stream: &mut Stream, at: f64, ip: &str) {
    stream.tls(at, ip, EVIL_IP, Some(EVIL), "malware", 520, 190);
}

#[test]
fn two_hosts_against_one_place_are_two_cases_that_name_each_other() {
    let mut stream = office();
    call(&mut stream, 10.0, "10.0.0.7");
    call(&mut stream, 20.0, "10.0.0.8");
    let found = findings(&stream, EVIL);
    let others: Vec<_> =
        found.cases.iter().map(|case| (case.host.ip.to_string(), case.others[0].to_string())).collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(others, [pair("10.0.0.7", "10.0.0.8"), pair("10.0.0.8", "10.0.0.7")]);
    assert!(
        found.cases[0].summary.nl.contains("Met dezelfde plek hebben ook contact: 10.0.0.8."),
        "{}",
        found.cases[0].summary.nl
    );
}

#[test]
fn one_device_with_several_addresses_is_one_story() {
    // A lease that changed, and an address drawn by lot whose owner keeps its name.
    let fixed = [0x00, 0x11, 0x32, 1, 2, 3];
    let (first, second) = ([0x3a, 1, 1, 1, 1, 1], [0x3e, 2, 2, 2, 2, 2]);
    for (macs, name) in [([fixed, fixed], None), ([first, second], Some("telefoon-van-jan"))] {
        let mut stream = office();
        lease(&mut stream, 1.0, [10, 0, 0, 50], macs[0], name);
        call(&mut stream, 10.0, "10.0.0.50");
        lease(&mut stream, 100.0, [10, 0, 0, 51], macs[1], name);
        call(&mut stream, 110.0, "10.0.0.51");
        let found = findings(&stream, EVIL);
        assert_eq!((found.detections.len(), found.cases.len()), (2, 1), "{name:?}");
    }
    // Without a name, another address drawn by lot is another device; so is a name that anybody bears.
    for name in [None, Some("iphone")] {
        let mut stream = office();
        lease(&mut stream, 1.0, [10, 0, 0, 50], first, name);
        call(&mut stream, 10.0, "10.0.0.50");
        lease(&mut stream, 100.0, [10, 0, 0, 51], second, name);
        call(&mut stream, 110.0, "10.0.0.51");
        assert_eq!(findings(&stream, EVIL).cases.len(), 2, "{name:?}");
    }
}

#[test]
fn a_case_calls_its_device_by_name_where_it_has_one() {
    for (name, called) in [(Some("kassa-pc"), "kassa-pc (10.0.0.50) is"), (None, "10.0.0.50 is")] {
        let mut stream = office();
        lease(&mut stream, 1.0, [10, 0, 0, 50], [2, 0, 10, 0, 0, 50], name);
        call(&mut stream, 10.0, "10.0.0.50");
        let said = findings(&stream, EVIL).cases[0].summary.clone();
        assert!(said.nl.starts_with(called) && said.en.starts_with(called), "{said:?}");
    }
}

#[test]
fn a_wish_for_an_address_is_no_address() {
    let (owner, visitor) = ([2, 0, 10, 0, 0, 60], [2, 0xbb, 0, 0, 0, 2]);
    let wish = |stream: &mut Stream, at: f64, mac: [u8; 6], name: &str| {
        let said = vec![told(NameSource::Dhcp, None, Some(mac), Some(name), None)];
        stream.talk(at, "0.0.0.0", ("255.255.255.255", 67), said, None, 300, 0);
    };
    let mut stream = office();
    lease(&mut stream, 1.0, [10, 0, 0, 60], owner, Some("victim-pc"));
    // A visitor asks, also by a relay at an address of ours, and is refused or not heard.
    wish(&mut stream, 2.0, visitor, "visitor-laptop");
    let relayed = vec![told(NameSource::Dhcp, None, Some(visitor), Some("visitor-laptop"), None)];
    stream.talk(3.0, "10.0.0.60", ("10.0.0.1", 67), relayed, None, 300, 0);
    call(&mut stream, 10.0, "10.0.0.60");
    let host = findings(&stream, EVIL).cases[0].host.clone();
    assert_eq!((host.mac, host.name.as_deref()), (Some(owner), Some("victim-pc")));

    // Where answers are never seen, a device has its name once its own frames show its address.
    let mut stream = office();
    wish(&mut stream, 1.0, owner, "victim-pc");
    wish(&mut stream, 2.0, visitor, "visitor-laptop");
    call(&mut stream, 10.0, "10.0.0.60");
    let host = findings(&stream, EVIL).cases[0].host.clone();
    assert_eq!((host.mac, host.name.as_deref()), (Some(owner), Some("victim-pc")));
}

#[test]
fn mild_things_are_for_the_digest_and_many_of_them_are_not() {
    let mut stream = office();
    stream.tls(10.0, "10.0.0.7", "203.0.113.70", Some("one.example"), "x", 500, 100);
    let mild = findings(&stream, "203.0.113.64/26");
    assert_eq!((mild.cases[0].severity, mild.cases[0].alarm), (Severity::Medium, Alarm::Digest));
    assert_eq!(mild.cases[0].proposed_facts.one(facts::Fact::Confidentiality), None);
    let high = findings(&stream, "one.example");
    assert_eq!((high.cases[0].severity, high.cases[0].alarm), (Severity::High, Alarm::Now));
    assert_eq!(high.cases[0].proposed_facts.one(facts::Fact::Confidentiality), Some("possible"));
}

#[test]
fn a_mild_list_and_a_rhythm_against_one_place_confirm_each_other() {
    let mut stream = office();
    stream.every(300.0, 0.0, 96, |s, at| s.http(at, "10.0.0.7", EVIL_IP, EVIL_IP, "Mozilla/5.0", 200, 100));
    let found = findings(&stream, "203.0.113.64/26");
    assert_eq!(found.cases[0].severity, Severity::Critical, "{:?}", lines(&found));
}

#[test]
fn what_was_carried_off_is_proposed_and_whose_data_it_was_is_not() {
    let mut stream = office();
    call(&mut stream, 5000.0, "10.0.0.7");
    stream.talk(9000.0, "10.0.0.7", ("203.0.113.99", 22), vec![], Some("ssh"), 2_000_000_000, 900_000);
    let found = findings(&stream, EVIL);
    let facts = &found.cases[0].proposed_facts;
    assert_eq!(facts.one(facts::Fact::IncidentType), Some("data_exfiltration"), "{:?}", lines(&found));
    assert_eq!(facts.one(facts::Fact::Exfiltration), Some("likely"));
    assert_eq!(facts.truth(facts::Fact::PersonalData), None);
    assert_eq!(facts.one(facts::Fact::Availability), None);
    assert_eq!(found.cases[0].severity, Severity::Critical, "a list and a volume, both high");
}

/// Days of an ordinary office, so that its places are known.
fn days(stream: &mut Stream, from: f64, days: usize) {
    for hour in 0..days * 24 {
        for host in 1..=8 {
            let at = from + hour as f64 * 3600.0 + f64::from(host) * 97.0;
            stream.tls(at, &format!("10.0.0.{host}"), "192.0.2.9", Some("mail.example"), "system", 900, 3000);
        }
    }
}

#[test]
fn who_never_was_anywhere_weighs_more_once_the_network_is_known_and_after_a_restart() {
    const DAY: f64 = 86_400.0;
    let own_program = |stream: &mut Stream, from: f64, count: usize| {
        for beat in 0..count {
            stream.tls(from + beat as f64 * 600.0, "10.0.0.7", EVIL_IP, Some(EVIL), "own", 900, 9_000);
        }
        for place in 0..4 {
            let server = format!("198.51.100.{place}");
            stream.tls(
                from + f64::from(place),
                "10.0.0.7",
                &server,
                Some(&format!("p{place}.example")),
                "browser",
                900,
                9_000,
            );
        }
    };
    let run = |watch: &mut Watch, stream: &Stream| stream.events().iter().for_each(|event| watch.event(event));
    let beacon = |watch: Watch| watch.finish().detections.into_iter().find(|one| one.kind == Kind::Beacon).unwrap();

    // From the first day on: what most software does.
    let mut early = Stream::default();
    days(&mut early, 1.0, 4);
    own_program(&mut early, 7200.0, 300);
    let mut watch = Watch::new(Settings::default());
    run(&mut watch, &early);
    assert_eq!(beacon(watch).severity, Severity::Low);

    // On the fifth day, in a network that is known.
    let mut known = Stream::default();
    days(&mut known, 1.0, 4);
    let mut watch = Watch::new(Settings::default());
    run(&mut watch, &known);
    let memory = watch.memory();
    let mut late = Stream::default();
    days(&mut late, 4.0 * DAY, 1);
    own_program(&mut late, 4.2 * DAY, 60);
    run(&mut watch, &late);
    let found = beacon(watch);
    assert_eq!(found.severity, Severity::Medium);
    assert!(matches!(&found.evidence["signs"], Figure::Texts(signs) if signs.contains(&"first_contact".into())));

    // The same after a restart with its memory; without, nothing is known.
    let mut restarted = Watch::with_memory(Settings::default(), &memory).unwrap();
    run(&mut restarted, &late);
    assert_eq!(beacon(restarted).severity, Severity::Medium);
    let mut forgetful = Watch::new(Settings::default());
    run(&mut forgetful, &late);
    assert_eq!(beacon(forgetful).severity, Severity::Low);
}

/// A call home through the system's own library looks like everybody's: what tells it is that nobody was ever there.
#[test]
fn calls_by_everybodys_program_are_told_where_nobody_ever_was() {
    const DAY: f64 = 86_400.0;
    let found = |known: usize| {
        let mut stream = Stream::default();
        days(&mut stream, 1.0, known + 1);
        let mut chance = 0.0_f64;
        let mut at = known as f64 * DAY + 7_200.0;
        for _ in 0..200 {
            chance = (chance + 0.381_966).fract();
            at += 300.0 * (0.7 + 0.6 * chance);
            stream.tls(at, "10.0.0.7", EVIL_IP, Some(EVIL), "system", 900, 4_000);
        }
        lines(&findings(&stream, ""))
    };
    assert_eq!(found(0), [""; 0], "what most software does");
    assert_eq!(found(4), [format!("beacon low 10.0.0.7 {EVIL}")]);
}

/// A till at an address, and what asks for work every few seconds: the same look as a call home, but not at a place where
/// nobody ever was.
#[test]
fn everyday_ways_of_calling_are_an_alarm_where_nobody_ever_was() {
    const DAY: f64 = 86_400.0;
    for (known, severity) in [(0, "medium"), (4, "high")] {
        for (name, place, period) in [(Some(EVIL), EVIL, 3.0), (None, EVIL_IP, 300.0)] {
            let mut stream = Stream::default();
            days(&mut stream, 1.0, known + 1);
            let from = known as f64 * DAY + 7_200.0;
            for page in 0..14u8 {
                let server = format!("198.51.100.{page}");
                let name = format!("p{page}.example");
                stream.tls(from + f64::from(page), "10.0.0.7", &server, Some(&name), "browser", 900, 9_000);
            }
            for beat in 0..190u8 {
                stream.tls(from + 60.0 + f64::from(beat) * period, "10.0.0.7", EVIL_IP, name, "malware", 520, 190);
            }
            let told = lines(&findings(&stream, ""));
            assert_eq!(told, [format!("beacon {severity} 10.0.0.7 {place}"), format!("case {severity} 10.0.0.7 1")]);
        }
    }
}

#[test]
fn one_act_is_no_second_witness_of_itself() {
    let mut stream = office();
    // A script with an old password.
    let refused = || wire::event::Login {
        protocol: "ftp",
        mechanism: "USER/PASS",
        name: None,
        account: None,
        account_key: 1,
        is_readable: true,
        has_secret: true,
        tries: 1,
        outcome: wire::event::LoginOutcome::Refused,
    };
    for attempt in 0..120 {
        let said = vec![(0.5, wire::event::Kind::Login(refused()))];
        stream.talk(600.0 + f64::from(attempt) * 4.0, "10.0.0.7", (EVIL_IP, 21), said, Some("ftp"), 300, 400);
    }
    let found = findings(&stream, "");
    for kind in [Kind::Beacon, Kind::Bruteforce] {
        let one = found.detections.iter().find(|one| one.kind == kind);
        assert!(one.is_some_and(|one| one.severity >= Severity::Medium), "{kind:?}: {:?}", lines(&found));
    }
    let [case] = found.cases.as_slice() else { panic!("{:?}", lines(&found)) };
    let worst = found.detections.iter().map(|one| one.severity).max();
    assert_eq!(Some(case.severity), worst, "{:?}", lines(&found));
}

#[test]
fn after_a_restart_the_same_finding_keeps_its_id_and_its_case() {
    let mut stream = office();
    call(&mut stream, 10.0, "10.0.0.7");
    let start: Timestamp = "2026-10-19T06:30:00Z".parse().unwrap();
    let settings = || Settings { intel: intel(EVIL), ..Settings::default() };
    let mut watch = Watch::new(settings());
    stream.events().iter().for_each(|event| watch.event(event));
    let before = watch.news(start);
    let mut restarted = Watch::with_memory(settings(), &watch.memory()).unwrap();
    let mut again = Stream::default();
    call(&mut again, 7200.0, "10.0.0.7");
    again.events().iter().for_each(|event| restarted.event(event));
    let after = restarted.news(start + SignedDuration::from_hours(2));
    assert_eq!(after.detections[0].id, before.detections[0].id);
    assert_eq!(after.cases[0].id, before.cases[0].id);
    assert_eq!(restarted.memory(), Watch::with_memory(settings(), &restarted.memory()).unwrap().memory());
}

#[test]
fn bytes_that_are_no_memory_say_so() {
    let fresh = Watch::new(Settings::default()).memory();
    let read = |bytes: &[u8]| Watch::with_memory(Settings::default(), bytes).err();
    assert_eq!(read(&fresh), None);
    assert_eq!(read(b""), Some(InvalidMemory::NotOne));
    assert_eq!(read(b"something else"), Some(InvalidMemory::NotOne));
    let mut newer = fresh.clone();
    newer[5] = 9;
    assert_eq!(read(&newer), Some(InvalidMemory::Version(9)));
    for cut in 6..fresh.len() {
        assert_eq!(read(&fresh[..cut]), Some(InvalidMemory::Damaged), "{cut}");
    }
    let mut flipped = fresh;
    flipped[7] ^= 1;
    assert_eq!(read(&flipped), Some(InvalidMemory::Damaged));
}

#[test]
fn a_device_is_known_by_what_it_says_and_who_made_it() {
    let by = |mac: [u8; 6], kind: Option<&str>| {
        let mut stream = Stream::default();
        lease(&mut stream, 1.0, [10, 0, 0, 50], mac, Some("apparaat"));
        if let Some(kind) = kind {
            let source = if kind.starts_with("urn:") { NameSource::Ssdp } else { NameSource::MulticastDns };
            stream.talk(
                2.0,
                "10.0.0.50",
                ("224.0.0.251", 5353),
                vec![told(source, None, None, None, Some(kind))],
                None,
                60,
                0,
            );
        }
        call(&mut stream, 10.0, "10.0.0.50");
        let host = findings(&stream, EVIL).detections[0].host.clone();
        (host.maker, host.kind.map(HostKind::key))
    };
    let synology = [0x00, 0x11, 0x32, 1, 2, 3];
    let drawn = [0x02, 0x11, 0x32, 1, 2, 3];
    assert_eq!(by(synology, None), (Some("Synology Incorporated".into()), Some("nas")));
    assert_eq!(by(drawn, None), (None, None));
    for (kind, known) in [
        ("_ipp._tcp", "printer"),
        ("MacBookPro18,3", "workstation"),
        ("options 1,121,3,6,15,108,114,119,252", "mobile"),
        ("urn:schemas-upnp-org:device:InternetGatewayDevice:1", "router"),
    ] {
        assert_eq!(by(drawn, Some(kind)).1, Some(known), "{kind}");
    }
}
