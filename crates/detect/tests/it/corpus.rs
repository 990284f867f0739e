//! Captures with known answers. They are not part of this repository: where they are missing, these tests say so.

use std::{collections::BTreeMap, fs, path::PathBuf};

use detect::Severity;

use super::scan;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/pcap");

/// File name → verdict, from the labels; None where the corpus is not there.
fn labels() -> Option<BTreeMap<String, String>> {
    let Ok(text) = fs::read_to_string(format!("{CORPUS}/labels.json")) else {
        println!("skipped: no corpus at {CORPUS}");
        return None;
    };
    // Two keys of each entry are all that is needed, in this order: not worth a JSON reader among the dependencies.
    let mut labels = BTreeMap::new();
    let mut file = None;
    for line in text.lines() {
        let value = |key: &str| Some(line.trim().strip_prefix(key)?.trim_matches([' ', ':', '"', ',']).to_owned());
        file = value("\"file\"").or(file);
        if let (Some(verdict), Some(name)) = (value("\"verdict\""), &file) {
            labels.insert(name.clone(), verdict);
        }
    }
    assert!(labels.len() > 100, "the labels could not be read");
    Some(labels)
}

fn capture(name: &str) -> Vec<u8> {
    fs::read(PathBuf::from(CORPUS).join(name)).unwrap()
}

#[test]
fn innocent_captures_raise_no_alarm() {
    let Some(labels) = labels() else { return };
    for (name, _) in labels.iter().filter(|(_, verdict)| *verdict == "benign") {
        let found = scan(&capture(name), "");
        let alarms: Vec<_> = found.detections.iter().filter(|one| one.severity >= Severity::High).collect();
        assert!(alarms.is_empty(), "{name}: {alarms:#?}");
        assert!(found.cases.iter().all(|case| case.severity < Severity::High), "{name}");
    }
}

#[test]
fn a_list_and_a_rhythm_find_what_they_can() {
    let Some(_) = labels() else { return };
    for (name, list, host) in [
        ("mercury__malware_tls.pcap", "mokoshoponline.com", "192.168.1.106"),
        ("zeek__ctu-62604-80.pcap", "45.9.74.78", "192.168.1.108"),
        ("zeek__no_crlf.pcap", "5.2.136.90", "10.1.6.206"),
        ("sv__file76.pcap", "74.120.55.163", "172.16.10.101"),
        ("slips__test-cc-capture-1.pcap", "", "147.32.80.37"),
    ] {
        let found = scan(&capture(name), list);
        let hosts: Vec<_> = found.cases.iter().map(|case| case.host.ip.to_string()).collect();
        assert_eq!(hosts, [host], "{name}");
        assert!(found.cases[0].severity >= Severity::High, "{name}: {:#?}", found.detections);
    }
}

#[test]
fn every_capture_is_read_the_same_way_twice() {
    let Some(labels) = labels() else { return };
    for name in labels.keys() {
        let file = capture(name);
        assert_eq!(scan(&file, "0.0.0.0/8"), scan(&file, "0.0.0.0/8"), "{name}");
    }
}
