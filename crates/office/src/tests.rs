//! The made-up day: repeatable, in order, its own, with checksums that hold and calls that are there.

use std::collections::BTreeSet;

use etherparse::{NetSlice, SlicedPacket, TransportSlice};

use super::*;

/// A frame as it stands in the file: (microseconds since 1970, captured bytes, length on the wire).
fn frames(file: &[u8]) -> Vec<(u64, &[u8], u32)> {
    let word = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
    assert_eq!((word(0), word(20)), (0xa1b2_c3d4, 1), "pcap in microseconds, Ethernet");
    let mut at = 24;
    let mut frames = Vec::new();
    while at < file.len() {
        let captured = word(at + 8) as usize;
        let moment = u64::from(word(at)) * 1_000_000 + u64::from(word(at + 4));
        frames.push((moment, &file[at + 16..at + 16 + captured], word(at + 12)));
        at += 16 + captured;
    }
    assert_eq!(at, file.len());
    frames
}

#[test]
fn the_same_plan_gives_the_same_bytes_and_another_seed_others() {
    let plan = Plan { hours: 2, ..Plan::default() };
    let file = capture(&plan);
    assert_eq!(file, capture(&plan));
    assert_ne!(file, capture(&Plan { seed: 2, ..plan }));
}

#[test]
fn the_day_is_small_in_order_and_all_its_own() {
    let plan = Plan::default();
    let file = capture(&plan);
    assert!(file.len() < 5_000_000, "{} bytes", file.len());
    let frames = frames(&file);
    assert!(frames.is_sorted_by_key(|frame| frame.0));
    let start = plan.start.as_microsecond() as u64;
    let end = start + u64::from(plan.hours) * 3_600_000_000;
    assert!(frames[0].0 >= start && frames[0].0 < start + 60_000_000);
    assert!(frames.last().unwrap().0 > end - 60_000_000);
    let documentation = ["192.168.20.", "192.0.2.", "198.51.100.", "203.0.113."];
    for (_, bytes, on_wire) in &frames {
        assert!(*on_wire as usize >= bytes.len());
        let read = etherparse::LaxSlicedPacket::from_ethernet(bytes).unwrap();
        let Some(etherparse::LaxNetSlice::Ipv4(ip)) = &read.net else { panic!("not IPv4") };
        assert_eq!(u32::from(ip.header().total_len()) + 14, *on_wire);
        for address in [ip.header().source_addr(), ip.header().destination_addr()] {
            let text = address.to_string();
            assert!(documentation.iter().any(|range| text.starts_with(range)), "{text}");
        }
    }
}

#[test]
fn whole_frames_have_right_checksums() {
    let file = capture(&Plan { hours: 1, ..Plan::default() });
    let mut checked = 0;
    for (_, bytes, on_wire) in frames(&file) {
        if bytes.len() as u32 != on_wire {
            continue;
        }
        let read = SlicedPacket::from_ethernet(bytes).unwrap();
        let Some(NetSlice::Ipv4(ip)) = &read.net else { panic!("not IPv4") };
        let header = ip.header();
        assert_eq!(header.to_header().header_checksum, header.to_header().calc_header_checksum());
        match &read.transport {
            Some(TransportSlice::Tcp(tcp)) => {
                assert_eq!(tcp.checksum(), tcp.calc_checksum_ipv4(header.source(), header.destination()).unwrap());
            }
            Some(TransportSlice::Udp(udp)) => assert_ne!(udp.checksum(), 0),
            other => panic!("{other:?}"),
        }
        checked += 1;
    }
    assert!(checked > 1000);
}

/// Connections (SYN without ACK) from a host to an address.
fn calls(file: &[u8], from: Ipv4Addr, to: Ipv4Addr) -> usize {
    let is_call = |bytes: &&[u8]| {
        let read = etherparse::LaxSlicedPacket::from_ethernet(bytes).unwrap();
        let Some(etherparse::LaxNetSlice::Ipv4(ip)) = &read.net else { return false };
        let Some(TransportSlice::Tcp(tcp)) = &read.transport else { return false };
        tcp.syn() && !tcp.ack() && ip.header().source_addr() == from && ip.header().destination_addr() == to
    };
    frames(file).iter().filter(|(_, bytes, _)| is_call(bytes)).count()
}

#[test]
fn the_truth_is_what_is_in_the_capture() {
    for seed in 1..4 {
        let plan = Plan { seed, ..Plan::default() };
        let truth = truth(&plan);
        let infected = truth.infected.unwrap();
        assert!(truth.workstations.contains(&infected.ip));
        let file = capture(&plan);
        assert_eq!(
            calls(&file, infected.ip, infected.address),
            infected.connections as usize + 1,
            "calls and the upload"
        );
        for other in truth.workstations.iter().filter(|host| **host != infected.ip) {
            assert_eq!(calls(&file, *other, infected.address), 0);
        }
        assert!(
            (450..=530).contains(&infected.connections),
            "once a minute for over eight hours: {}",
            infected.connections
        );
        assert!(infected.first_at < infected.last_at);
    }
}

#[test]
fn a_clean_day_knows_no_attacker() {
    let plan = Plan::clean();
    assert_eq!(truth(&plan).infected, None);
    let file = capture(&plan);
    for host in truth(&plan).workstations {
        assert_eq!(calls(&file, host, Ipv4Addr::new(203, 0, 113, 66)), 0);
    }
    assert!(!threat_list(&plan).contains("cdn-statuscheck.example"));
}

#[test]
fn the_list_names_the_attacker_once_among_others() {
    let plan = Plan::default();
    let list = threat_list(&plan);
    let lines: Vec<&str> = list.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(lines.iter().filter(|line| line.ends_with("cdn-statuscheck.example")).count(), 1);
    assert!(lines.len() > 60);
    assert!(lines.iter().collect::<BTreeSet<_>>().len() > 60);
    assert!(!list.contains(&truth(&plan).infected.unwrap().address.to_string()));
}

#[test]
fn odd_plans_are_survived() {
    for plan in [
        Plan { hours: 0, ..Plan::default() },
        Plan { hours: 1, workstations: 0, ..Plan::default() },
        Plan { hours: 1, workstations: 255, ..Plan::default() },
        Plan { hours: 1, start: Timestamp::MIN, ..Plan::default() },
        Plan { hours: 1, start: Timestamp::MAX, ..Plan::default() },
        Plan {
            hours: 1,
            infection: Some(Infection {
                period_seconds: 0,
                jitter_percent: 255,
                upload_bytes: 0,
                ..Infection::default()
            }),
            ..Plan::default()
        },
    ] {
        assert!(capture(&plan).len() >= 24);
    }
}
