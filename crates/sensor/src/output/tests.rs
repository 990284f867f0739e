//! What other tools get to read, with names that strangers chose.

use std::collections::BTreeMap;
use std::io::Read;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use contract::detection::{Host, Remote, Text};
use proptest::prelude::*;

use super::*;

fn detection(name: &str, domain: &str) -> DetectionLine {
    DetectionLine {
        id: "0123456789abcdef".into(),
        first_at: "2026-11-29T10:00:00Z".parse().unwrap(),
        last_at: "2026-11-29T11:00:00.25Z".parse().unwrap(),
        host: Host {
            ip: [10, 0, 0, 5].into(),
            mac: Some("02:00:0a:00:00:05".into()),
            name: Some(name.into()),
            maker: None,
            kind: None,
        },
        kind: Kind::Beacon,
        severity: Severity::High,
        confidence: 0.9,
        technique: vec!["T1071".into(), "T1573".into()],
        remote: Remote { ip: Some([203, 0, 113, 9].into()), port: Some(443), domain: Some(domain.into()) },
        evidence: BTreeMap::new(),
        summary: Text { nl: "Belt naar huis.".into(), en: "Calls home.".into() },
    }
}

fn told(detection: DetectionLine) -> Told {
    Told::new(Report::Detection(detection)).unwrap()
}

#[test]
fn a_detection_as_an_eve_alert() {
    let line = eve(&detection("balie", "evil.example"), "kantoor");
    let json: serde_json::Value = serde_json::from_str(&line).unwrap();
    for (key, value) in [
        ("timestamp", "2026-11-29T11:00:00.250000+0000"),
        ("event_type", "alert"),
        ("host", "kantoor"),
        ("src_ip", "10.0.0.5"),
        ("dest_ip", "203.0.113.9"),
    ] {
        assert_eq!(json[key], value);
    }
    assert_eq!(json["dest_port"], 443);
    assert_eq!(
        json["alert"],
        serde_json::json!({
            "action": "allowed", "gid": 1, "signature_id": 9_700_002, "rev": 1, "signature": "DIJKWACHT Beacon",
            "category": "Beacon", "severity": 1,
            "metadata": { "mitre_technique_id": ["T1071", "T1573"], "kind": ["beacon"] },
        })
    );
    assert_eq!(json["dijkwacht"]["summary"]["nl"], "Belt naar huis.");
    assert!(!line.contains('\n'));
}

#[test]
fn a_detection_as_a_syslog_message() {
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        rfc5424(&detection("balie", "evil.example"), "kantoor"),
        format!(
            "<83>1 2026-11-29T11:00:00.250Z kantoor dijkwacht - beacon - \
             CEF:0|Dijkwacht|sensor|{version}|beacon|Beacon|8|externalId=0123456789abcdef start=1795946400000 \
             end=1795950000250 src=10.0.0.5 smac=02:00:0a:00:00:05 shost=balie dst=203.0.113.9 dpt=443 \
             dhost=evil.example cs1Label=techniques cs1=T1071 T1573 msg=Calls home."
        )
    );
}

#[test]
fn what_a_stranger_wrote_is_escaped() {
    for (name, written) in [
        ("a=b", r"shost=a\=b "),
        (r"a\b", r"shost=a\\b "),
        ("a\nCEF:0|x", r"shost=a\nCEF:0|x "),
        ("a\r\tb\0", r"shost=a\r b  "),
    ] {
        let text = cef(&detection(name, "x.example"));
        assert!(text.contains(written), "{name:?}: {text}");
    }
    assert!(rfc5424(&detection("a", "b"), "mijn kantoor\n").contains(" mijnkantoor dijkwacht "));
    assert!(rfc5424(&detection("a", "b"), "\u{e9}").contains("Z - dijkwacht "));
}

proptest! {
    /// Whatever a name is: one line, and as many fields as there would be with an innocent one.
    #[test]
    fn no_name_makes_a_line_or_a_field(name in "[a=|\\\\\n\r é]{0,9}", domain in ".{0,20}") {
        let detection = detection(&name, &domain);
        let text = rfc5424(&detection, "kantoor");
        prop_assert!(!text.contains(['\n', '\r']));
        let bare = text.replace("\\\\", "").replace("\\=", "");
        prop_assert_eq!(bare.matches('=').count(), 12);
        prop_assert_eq!(eve(&detection, &name).lines().count(), 1);
    }
}

#[test]
fn a_collector_gets_each_message_over_udp() {
    let collector = UdpSocket::bind("127.0.0.1:0").unwrap();
    collector.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut syslog = Syslog::new(collector.local_addr().unwrap().to_string().parse().unwrap(), "kantoor".into());
    let mut long = detection("b", "c");
    long.summary.en = "é".repeat(3_000);
    syslog.take(&[told(detection("a", "b")), told(long)]).unwrap();
    let mut buffer = [0; 4_096];
    let length = collector.recv(&mut buffer).unwrap();
    assert_eq!(String::from_utf8_lossy(&buffer[..length]), rfc5424(&detection("a", "b"), "kantoor"));
    let length = collector.recv(&mut buffer).unwrap();
    assert!(length <= 2_048 && std::str::from_utf8(&buffer[..length]).is_ok(), "{length}");
}

#[test]
fn a_collector_that_was_away_gets_what_waited_over_tcp() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut syslog = Syslog::new(format!("tcp://{address}").parse().unwrap(), "kantoor".into());
    let error = syslog.take(&[told(detection("a", "b"))]).unwrap_err();
    assert!(error.en.contains("; 1 message waits"), "{error:?}");
    let listener = TcpListener::bind(address).unwrap();
    syslog.take(&[told(detection("c", "d"))]).unwrap();
    drop(syslog);
    let mut text = String::new();
    listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
    let expected: String = [("a", "b"), ("c", "d")]
        .map(|(name, domain)| rfc5424(&detection(name, domain), "kantoor"))
        .iter()
        .map(|message| format!("{} {message}", message.len()))
        .collect();
    assert_eq!(text, expected);
}

#[test]
fn what_was_written_just_before_a_collector_went_away_is_sent_again() {
    let framed = |names: &[&str]| -> String {
        let message = |name: &&str| rfc5424(&detection(name, "x.example"), "kantoor");
        names.iter().map(message).map(|message| format!("{} {message}", message.len())).collect()
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let read = |stream: &mut TcpStream, expected: &str| {
        let mut bytes = vec![0; expected.len()];
        stream.read_exact(&mut bytes).unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
    };
    let target = format!("tcp://{}", listener.local_addr().unwrap());
    let mut syslog = Syslog::new(target.parse().unwrap(), "kantoor".into());
    syslog.take(&[told(detection("a", "x.example"))]).unwrap();
    drop(listener.accept().unwrap());
    syslog.take(&[told(detection("b", "x.example"))]).unwrap();
    let mut second = listener.accept().unwrap().0;
    read(&mut second, &framed(&["a", "b"]));
    drop(second);
    // No connection stayed open since it was written: a balancer without a collector behind it takes and closes. That is said.
    let error = syslog.take(&[told(detection("c", "x.example"))]).unwrap_err();
    assert!(error.en.contains("it closes each connection at once; 3 messages wait"), "{error:?}");
    let mut third = listener.accept().unwrap().0;
    read(&mut third, &framed(&["a", "b", "c"]));
    // What a connection that stays has carried is there.
    (0..3).for_each(|_| syslog.take(&[]).unwrap());
    drop(third);
    syslog.take(&[told(detection("d", "x.example"))]).unwrap();
    drop(syslog);
    let mut text = String::new();
    listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
    assert_eq!(text, framed(&["d"]));
}

#[test]
fn alerts_are_added_to_a_file_that_may_be_rotated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("eve.json");
    let mut file = EveFile::new(path.clone(), "kantoor".into());
    file.take(&[told(detection("a", "b"))]).unwrap();
    std::fs::rename(&path, folder.path().join("eve.json.1")).unwrap();
    file.take(&[]).unwrap();
    file.take(&[told(detection("c", "d")), told(detection("e", "f"))]).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
    let mut nowhere = EveFile::new(folder.path().join("no/eve.json"), "kantoor".into());
    let said = nowhere.take(&[told(detection("a", "b"))]).unwrap_err();
    assert!(said.en.contains("eve.json") && said.en.contains("1 finding waits, lost: 0"), "{}", said.en);
    nowhere.take(&[told(detection("c", "d"))]).unwrap_err();
    std::fs::create_dir(folder.path().join("no")).unwrap();
    nowhere.take(&[]).unwrap();
    nowhere.take(&[]).unwrap();
    assert_eq!(
        std::fs::read_to_string(folder.path().join("no/eve.json")).unwrap().lines().count(),
        2,
        "nothing is lost"
    );
}

#[test]
fn a_collectors_address_is_a_host_and_a_port() {
    for good in ["collector:514", "udp://192.0.2.7:514", "tcp://[2001:db8::1]:601"] {
        assert!(good.parse::<Target>().is_ok(), "{good}");
    }
    for bad in ["", "collector", ":514", "collector:0", "collector:port", "http://collector:514", "tcp://a/b:1"] {
        assert!(bad.parse::<Target>().is_err(), "{bad}");
    }
}
