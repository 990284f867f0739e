//! What Suricata itself says of the office, read.

use std::path::Path;
use std::process::Command;

use logs::lines::{Lines, Settings};
use office::Plan;
use wire::event::{Event, Kind};

use crate::round_trip::{events, told, watch};

const PROGRAM: &str = "/usr/bin/suricata";
const CONFIGURATION: &str = "/etc/suricata/suricata.yaml";

/// Suricata's own log of a capture.
fn eve(capture: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("office.pcap");
    std::fs::write(&path, capture).unwrap();
    let ran = Command::new(PROGRAM)
        .args(["-c", CONFIGURATION, "-k", "none", "-S", "/dev/null", "--runmode", "single"])
        .args([
            "--set",
            "app-layer.protocols.tls.ja3-fingerprints=yes",
            "--set",
            "outputs.1.eve-log.types.1.tls.extended=yes",
        ])
        .arg("-r")
        .arg(&path)
        .arg("-l")
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    std::fs::read_to_string(folder.path().join("eve.json")).unwrap()
}

#[test]
fn suricatas_own_log_of_the_office_gives_its_story() {
    if !Path::new(PROGRAM).exists() || !Path::new(CONFIGURATION).exists() {
        println!("skipped: suricata is not installed");
        return;
    }
    let plan = Plan { hours: 5, ..Plan::default() };
    let capture = office::capture(&plan);
    let list = office::threat_list(&plan);
    let log = eve(&capture);
    let mut theirs: Vec<Event> = Vec::new();
    let mut reader = Lines::new(Settings::default());
    for line in log.lines() {
        reader.line(0, line.as_bytes(), crate::RECEIVED.parse().unwrap(), &mut |event| theirs.push(event));
    }
    reader.finish(&mut |event| theirs.push(event));
    assert_eq!(reader.counters().unknown, 0, "{:?}", reader.counters());
    let ours = events(&capture);
    let count =
        |events: &[Event], is_such: fn(&Kind) -> bool| events.iter().filter(|event| is_such(&event.kind)).count();
    let questions = |kind: &Kind| matches!(kind, Kind::Dns(dns) if dns.answered_at.is_some());
    assert_eq!(count(&theirs, questions), count(&ours, questions), "every question with its answer");
    let bytes = |events: &[Event]| -> u64 {
        let of = |event: &Event| match &event.kind {
            Kind::FlowEnded(flow) => flow.sent.bytes + flow.received.bytes,
            _ => 0,
        };
        events.iter().map(of).sum()
    };
    let (told_by_them, seen) = (bytes(&theirs), bytes(&ours));
    println!("bytes by Suricata {told_by_them}, by us {seen}; detections {:?}", told(&watch(&theirs, &list)));
    let found = told(&watch(&theirs, &list));
    for kind in ["beacon", "indicator"] {
        assert!(found.iter().any(|line| line.starts_with(kind)), "{kind}: {found:?}");
    }
}
