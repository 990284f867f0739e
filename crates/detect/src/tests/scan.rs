//! Who looks around, the innocent first.

use wire::event::{IcmpEcho, Transport};

use super::{check, findings, office, stream::Stream};

const OK: Option<u64> = Some(200);

#[test]
fn discovery_monitoring_and_peers_are_silent() {
    let mut stream = office();
    for host in 1..=200u8 {
        let target = format!("10.0.0.{host}");
        // Printers are sought, names asked for.
        if host <= 50 {
            stream.probe(100.0 + f64::from(host), "10.0.0.2", &target, Transport::Udp, 161, None);
        }
        stream.probe(100.0 + f64::from(host), "10.0.0.2", &target, Transport::Udp, 137, None);
        stream.probe(400.0 + f64::from(host), "10.0.0.2", &target, Transport::Tcp, 9100, None);
        // A peer-to-peer program tries many strangers at many ports, most of them gone.
        let peer = format!("198.18.{host}.7");
        stream.probe(50.0 + f64::from(host), "10.0.0.3", &peer, Transport::Tcp, 20_000 + u16::from(host) * 7, None);
        stream.probe(50.0 + f64::from(host), "10.0.0.3", &peer, Transport::Udp, 6881, None);
    }
    for hour in 0..10 {
        for server in 1..=40u8 {
            let at = f64::from(hour) * 3600.0 + f64::from(server);
            let target = format!("10.0.1.{server}");
            // A monitor sees the same servers, nearly all of them up.
            stream.probe(at, "10.0.0.9", &target, Transport::Icmp, 0, (server != 3).then_some(64));
            stream.probe(at, "10.0.0.9", &target, Transport::Tcp, 443, (server != 3).then_some(64));
        }
    }
    // Traffic with a file server that uses many ports; a path looked up; a server that is down.
    for port in 0..80u16 {
        stream.probe(900.0 + f64::from(port), "10.0.0.4", "10.0.1.1", Transport::Tcp, 49_152 + port, OK);
        stream.probe(900.0, "10.0.0.4", "198.18.0.1", Transport::Udp, 33_434 + port, None);
        stream.probe(f64::from(port) * 5.0, "10.0.0.4", "10.0.1.3", Transport::Tcp, 445, None);
    }
    check(&stream, "", &[]);
}

#[test]
fn a_monitor_whose_servers_are_down_is_low() {
    let mut stream = Stream::default();
    for round in 0..12 {
        for server in 1..=20u8 {
            let at = f64::from(round) * 1800.0 + f64::from(server);
            let target = format!("10.0.1.{server}");
            stream.probe(at, "10.0.0.9", &target, Transport::Icmp, 0, (server > 10).then_some(64));
        }
    }
    check(&stream, "", &["scan low 10.0.0.9 10.0.1.1"]);
}

#[test]
fn a_sweep_of_pings_is_found() {
    let mut stream = office();
    for host in 1..=18u8 {
        let target = format!("10.0.0.{}", u16::from(host) * 10);
        stream.probe(50.0 + f64::from(host) / 10.0, "10.0.0.7", &target, Transport::Icmp, 0, (host < 11).then_some(28));
    }
    check(&stream, "", &["scan medium 10.0.0.7 10.0.0.10", "case medium 10.0.0.7 1"]);
}

#[test]
fn a_sweep_for_one_port_and_one_of_many_ports_are_found() {
    let mut stream = office();
    for host in 1..=100u8 {
        let target = format!("10.0.0.{host}");
        let answer = (host % 10 == 0).then_some(100);
        stream.probe(50.0 + f64::from(host), "10.0.0.7", &target, Transport::Tcp, 445, answer);
    }
    for port in 1..=30u16 {
        stream.probe(500.0 + f64::from(port), "10.0.0.7", "10.0.0.20", Transport::Tcp, port * 3, None);
    }
    check(&stream, "", &["scan high 10.0.0.7 10.0.0.1", "scan medium 10.0.0.7 10.0.0.20", "case high 10.0.0.7 2"]);
}

#[test]
fn a_whole_network_asked_for_snmp_is_low() {
    let mut stream = office();
    for host in 1..=250u8 {
        let answer = (host % 10 == 0).then_some(100);
        stream.probe(50.0 + f64::from(host), "10.0.0.7", &format!("10.0.1.{host}"), Transport::Udp, 161, answer);
    }
    check(&stream, "", &["scan low 10.0.0.7 10.0.1.1"]);
}

/// Ten minutes hold a tenth of it, and say so.
#[test]
fn a_slow_sweep_tells_of_all_its_stretches() {
    let mut stream = Stream::default();
    for number in 0..200u8 {
        let target = format!("10.0.{}.{}", 1 + number / 100, 1 + number % 100);
        stream.probe(f64::from(number) * 25.0, "10.0.0.7", &target, Transport::Tcp, 445, None);
    }
    let found = findings(&stream, "");
    assert_eq!(super::lines(&found), ["scan medium 10.0.0.7 10.0.1.1", "case medium 10.0.0.7 1"]);
    let [sweep] = found.detections.as_slice() else { panic!("{found:#?}") };
    assert_eq!(sweep.evidence["targets"], crate::Figure::Whole(25));
    assert_eq!(sweep.evidence["distinct_in_all"], crate::Figure::Whole(200));
    assert!(sweep.summary.nl.contains("niet. In 83 minuten waren het er samen 200. Zo"), "{}", sweep.summary.nl);
    assert!(sweep.summary.en.contains("answer. Over 83 minutes it was 200 in all. That"), "{}", sweep.summary.en);
}

/// The host that was probed is used as well, and one of those connections stays open.
#[test]
fn how_long_was_tried_is_told_by_what_was_not_answered() {
    let mut stream = Stream::default();
    for port in 1..=300u16 {
        stream.probe(500.0 + f64::from(port) / 100.0, "10.0.0.7", "10.0.0.20", Transport::Tcp, port, None);
    }
    stream.probe(900.0, "10.0.0.7", "10.0.0.20", Transport::Tcp, 22, OK);
    let found = findings(&stream, "");
    let [sweep] = found.detections.as_slice() else { panic!("{found:#?}") };
    let said = &sweep.summary;
    assert!(said.nl.starts_with("10.0.0.7 probeerde in 3,1 seconden 300 poorten van 10.0.0.20; 299"), "{}", said.nl);
    assert!(!said.nl.contains("samen"), "{}", said.nl);
}

#[test]
fn a_worm_is_found_also_where_it_is_answered() {
    for answer in [None, OK] {
        let mut stream = office();
        for host in 1..=80u8 {
            let target = format!("{}.{host}.7.9", 20 + host);
            stream.probe(50.0 + f64::from(host), "10.0.0.7", &target, Transport::Tcp, 445, answer);
        }
        check(&stream, "", &["scan high 10.0.0.7 21.1.7.9", "case high 10.0.0.7 1"]);
        // That nobody kept silent is not worth a word.
        let said = findings(&stream, "").detections[0].summary.clone();
        assert_eq!(said.nl.contains("; 80 daarvan antwoordden niet."), answer.is_none(), "{}", said.nl);
        assert_eq!(said.en.contains("; 80 of them did not answer."), answer.is_none(), "{}", said.en);
        assert_eq!(said.nl.contains("daarvan"), answer.is_none(), "{}", said.nl);
    }
}

#[test]
fn an_administrator_who_reaches_many_servers_is_low() {
    let mut stream = office();
    for host in 1..=30u8 {
        stream.probe(f64::from(host), "10.0.0.7", &format!("198.18.{host}.1"), Transport::Tcp, 22, OK);
    }
    check(&stream, "", &["scan low 10.0.0.7 198.18.1.1"]);
}

/// One of many addresses outside.
fn stranger(n: u16) -> String {
    format!("{}.{}.7.9", 20 + n / 250, n % 250)
}

/// How severe the first sweep is, and its summary.
fn sweep(stream: &Stream) -> Option<(&'static str, String)> {
    let found = findings(stream, "");
    let sweep = found.detections.into_iter().find(|one| one.kind == crate::Kind::Scan)?;
    Some((sweep.severity.key(), sweep.summary.nl.to_string()))
}

#[test]
fn the_internet_is_swept_by_who_finds_silence_at_addresses_without_names() {
    use Transport::{Tcp, Udp};
    // How many, of ten how many answer, and whether they were looked up by name.
    for (transport, port, count, answering, is_named, expected) in [
        (Tcp, 8080, 150, 0, false, Some("medium")),
        (Tcp, 27_017, 150, 0, false, Some("medium")),
        (Tcp, 8080, 150, 0, true, Some("low")),
        (Tcp, 8333, 150, 0, false, Some("low")),
        (Tcp, 9_735, 150, 0, false, Some("low")),
        (Tcp, 6_346, 150, 0, false, Some("low")),
        (Tcp, 853, 150, 0, false, None),
        (Tcp, 8080, 90, 0, false, None),
        (Tcp, 8080, 150, 10, false, None),
        (Tcp, 6379, 30, 0, false, Some("high")),
        (Tcp, 52_869, 30, 0, false, Some("high")),
        (Tcp, 6379, 30, 10, false, Some("low")),
        (Tcp, 27_017, 30, 10, false, None),
        (Udp, 1434, 250, 0, false, Some("medium")),
        (Udp, 16_464, 250, 0, false, Some("medium")),
        (Udp, 16_464, 150, 0, false, None),
        (Udp, 16_464, 250, 0, true, None),
        // A game's servers, most of them up; calls, the web and shared files by their ports; time.
        (Udp, 27_960, 400, 6, false, None),
        (Udp, 27_015, 400, 0, false, None),
        (Udp, 27_962, 400, 0, false, None),
        (Udp, 9_308, 400, 0, false, None),
        (Udp, 33_440, 400, 0, false, None),
        (Udp, 3478, 400, 0, false, None),
        (Udp, 443, 400, 0, false, None),
        (Udp, 6881, 400, 0, false, None),
        (Udp, 123, 400, 0, false, None),
    ] {
        let mut stream = Stream::default();
        for n in 0..count {
            let (at, target) = (50.0 + f64::from(n), stranger(n));
            if is_named {
                stream.dns(at - 0.5, "10.0.0.7", &format!("www{n}.site{n}.example"), &[&target]);
            }
            let answer = (n % 10 < answering).then_some(64);
            stream.probe(at, "10.0.0.7", &target, transport, port, answer);
        }
        let told = sweep(&stream).map(|(severity, _)| severity);
        assert_eq!(told, expected, "{transport:?} {port} {count} {answering} {is_named}");
    }
}

/// A program that shares files tries strangers at whatever ports they chose, many at the same.
#[test]
fn who_tries_strangers_at_many_ports_sweeps_nothing() {
    for (ports, tcp, udp) in [(10, Some("medium"), Some("medium")), (60, Some("low"), None)] {
        for (transport, expected) in [(Transport::Tcp, tcp), (Transport::Udp, udp)] {
            let mut stream = Stream::default();
            for n in 0..250 {
                stream.probe(50.0 + f64::from(n), "10.0.0.7", &stranger(n), transport, 9_998, None);
            }
            for n in 0..ports {
                let port = 20_000 + n * 7;
                stream.probe(60.0 + f64::from(n), "10.0.0.7", &stranger(300 + n), transport, port, None);
            }
            assert_eq!(sweep(&stream).map(|(severity, _)| severity), expected, "{ports} {transport:?}");
        }
    }
}

#[test]
fn a_sweep_of_the_internet_is_told_in_other_words_than_one_at_home() {
    for (is_outside, port, count, words) in [
        (true, 8080, 150, "antwoordden niet. Naar een naam vroeg het niet. Zo zoekt"),
        (true, 445, 150, "Zo verspreidt kwaadaardige software zich."),
        (true, 8333, 150, "Zo doet wie een lijst van adressen nagaat"),
        (false, 445, 150, "Zo zoekt een indringer"),
    ] {
        let mut stream = Stream::default();
        stream.dns(1.0, "10.0.0.7", "www.example", &["198.51.100.1"]);
        for n in 0..count {
            let target = if is_outside { stranger(n) } else { format!("10.0.1.{n}") };
            stream.probe(50.0 + f64::from(n), "10.0.0.7", &target, Transport::Tcp, port, None);
        }
        let (_, told) = sweep(&stream).unwrap();
        assert!(told.contains(words), "{told}");
    }
}

/// Names are asked over IPv4 or from the address that counts within the network alone, and some way that is not seen.
#[test]
fn ipv6_that_leads_nowhere_is_no_sweep() {
    const SIX: &str = "2001:db8:7::50";
    for (asks_from, is_same_device, host, port, severity, says_nameless) in [
        (Some("10.0.0.7"), true, SIX, 443, "low", false),
        (Some("fe80::50"), true, SIX, 443, "low", false),
        (Some("10.0.0.7"), false, SIX, 443, "low", false),
        (Some("10.0.0.7"), false, SIX, 8080, "medium", false),
        (None, true, SIX, 443, "low", false),
        (None, true, SIX, 8080, "medium", false),
        (None, true, "10.0.0.7", 80, "medium", false),
    ] {
        let mut stream = Stream::default();
        for n in 0..150u8 {
            let (at, target) = (50.0 + f64::from(n), format!("2a00:1450:{n}::1"));
            if let Some(asks_from) = asks_from {
                stream.dns(at - 0.5, asks_from, &format!("www{n}.example"), &[&target]);
            }
            let target = if host == SIX { target } else { stranger(u16::from(n)) };
            stream.probe(at, host, &target, Transport::Tcp, port, None);
        }
        let mut watch = crate::Watch::new(crate::Settings::default());
        for mut event in stream.events() {
            if let wire::event::Kind::FlowEnded(flow) = &mut event.kind {
                let is_six = flow.conversation.client.ip.to_string() == SIX;
                flow.client_mac = Some([2, 0, 0, 0, 0, u8::from(is_six && !is_same_device)]);
            }
            watch.event(&event);
        }
        let found = watch.finish();
        let sweep = found.detections.iter().find(|one| one.kind == crate::Kind::Scan).unwrap();
        let told = (sweep.severity.key(), sweep.summary.en.contains("asked for no name"));
        assert_eq!(told, (severity, says_nameless), "{asks_from:?} {is_same_device} {host} {port}");
    }
}

#[test]
fn odd_pings_are_weighed_by_how_many_and_how_much() {
    let echo = IcmpEcho { requests: 500, replies: 500, data_bytes: 60_000, ..IcmpEcho::default() };
    for (echo, expected) in [
        (IcmpEcho { altered: 3, ..echo }, None),
        (IcmpEcho { varying: 20, ..echo }, None),
        (IcmpEcho { carrying_ip: 4, ..echo }, Some("medium")),
        (IcmpEcho { carrying_ip: 400, ..echo }, Some("high")),
        (IcmpEcho { altered: 20, varying: 20, ..echo }, Some("medium")),
        (IcmpEcho { altered: 400, varying: 400, ..echo }, Some("high")),
        (IcmpEcho { altered: 400, varying: 400, data_bytes: 100, ..echo }, None),
        (IcmpEcho { varying: 400, ..echo }, Some("medium")),
    ] {
        let mut stream = Stream::default();
        stream.echo(1.0, "10.0.0.7", "203.0.113.66", echo);
        let lines = expected.map(|severity| {
            [format!("malware_protocol {severity} 10.0.0.7 203.0.113.66"), format!("case {severity} 10.0.0.7 1")]
        });
        let expected: Vec<&str> = lines.iter().flatten().map(String::as_str).collect();
        check(&stream, "", &expected);
    }
}
