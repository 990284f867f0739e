//! Another sensor's alerts: of whom they are, how much they weigh, and that they are told once.

use wire::event::{Alert, AlertSource, Conversation, Endpoint, Event as Seen, FlowId, Kind as SeenKind, Transport};

use super::*;

const HOST: &str = "10.0.0.7";

fn end(ip: &str, port: u16) -> Endpoint {
    Endpoint { ip: ip.parse().unwrap(), port }
}

/// So many alerts of that severity, each to the next address, of which the first so many were blocked.
fn fired(client: &str, server: &str, severity: u8, count: u64, blocked: u64) -> Vec<Seen> {
    let start: Timestamp = "2026-10-19T06:00:00Z".parse().unwrap();
    let one = |number: u64| Seen {
        at: start + SignedDuration::from_secs(number as i64 * 60),
        flow: FlowId(number),
        conversation: Conversation { transport: Transport::Tcp, client: end(client, 50_000), server: end(server, 443) },
        kind: SeenKind::Alert(Alert {
            source: AlertSource::Suricata,
            signature: "ET MALWARE Example CnC".into(),
            id: "2034631".into(),
            category: Some("Malware Command and Control".into()),
            severity,
            is_blocked: number < blocked,
        }),
    };
    (0..count).map(one).collect()
}

#[track_caller]
fn check_alerts(events: &[Seen], expected: &[&str]) -> Findings {
    let mut watch = Watch::new(Settings::default());
    events.iter().for_each(|event| watch.event(event));
    let found = watch.finish();
    assert_eq!(lines(&found), expected);
    found
}

#[test]
fn a_grave_alert_on_what_goes_out_is_medium_and_a_case() {
    let found = check_alerts(
        &fired(HOST, EVIL_IP, 1, 3, 1),
        &["indicator medium 10.0.0.7 203.0.113.66", "case medium 10.0.0.7 1"],
    );
    let evidence = &found.detections[0].evidence;
    assert_eq!((&evidence["alerts"], &evidence["blocked"]), (&Figure::Whole(3), &Figure::Whole(1)));
    assert_eq!(evidence["source"], Figure::Text("suricata".into()));
    assert_eq!(evidence["category"], Figure::Text("Malware Command and Control".into()));
    assert_eq!(found.detections[0].last_at.to_string(), "2026-10-19T06:02:00Z");
    assert!(found.detections[0].summary.nl.contains("ET MALWARE Example CnC"));
}

#[test]
fn what_was_blocked_every_time_or_is_not_grave_stays_low_and_is_no_case() {
    let blocked = check_alerts(&fired(HOST, EVIL_IP, 1, 2, 2), &["indicator low 10.0.0.7 203.0.113.66"]);
    assert!(blocked.detections[0].summary.nl.contains("tegengehouden"));
    check_alerts(&fired(HOST, EVIL_IP, 2, 50, 0), &["indicator low 10.0.0.7 203.0.113.66"]);
}

#[test]
fn it_is_about_our_own_side_and_between_two_of_ours_about_who_began() {
    check_alerts(&fired(EVIL_IP, HOST, 2, 1, 0), &["indicator low 10.0.0.7 203.0.113.66"]);
    check_alerts(&fired(HOST, "10.0.0.9", 2, 1, 0), &["indicator low 10.0.0.7 10.0.0.9"]);
}

#[test]
fn one_rule_at_one_host_is_one_detection_and_another_rule_another() {
    let mut events = fired(HOST, EVIL_IP, 2, 5, 0);
    events.extend(fired("10.0.0.8", EVIL_IP, 2, 1, 0));
    let mut other = fired(HOST, EVIL_IP, 2, 1, 0);
    if let Some(Seen { kind: SeenKind::Alert(alert), .. }) = other.first_mut() {
        alert.id = "9".into();
    }
    events.extend(other);
    let mut watch = Watch::new(Settings::default());
    events.iter().for_each(|event| watch.event(event));
    assert_eq!(watch.finish().detections.len(), 3);
}
