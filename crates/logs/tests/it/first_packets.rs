//! What comes of a firewall that tells the first packet alone: neither answers nor what is spoken.

use detect::{Kind, Severity};
use jiff::{SignedDuration, Timestamp};
use logs::lines::{Lines, Settings};

use crate::round_trip::watch;

/// Twelve hosts at work, and one of them that calls a bare address at that port every minute, give or take three seconds.
fn lines(port: u16) -> Vec<String> {
    let start: Timestamp = "2026-10-19T06:00:00Z".parse().unwrap();
    let line = |seconds: i64, host: u8, to: &str, port: u16, number: usize| {
        let at = start + SignedDuration::from_secs(seconds);
        let from = 40_000 + number;
        format!(
            "<134>1 {at} pf filterlog 1 - - 5,,,1,igb1,match,pass,in,4,0x0,,64,1,0,DF,6,tcp,60,192.168.1.{host},{to},{from},{port},0,S,1,,64240,,mss"
        )
    };
    let mut all = Vec::new();
    for number in 0..360usize {
        let seconds = number as i64 * 60;
        all.push(line(seconds + (number * 5 % 7) as i64 - 3, 60, "203.0.113.66", port, number));
        let host = 51 + (number % 12) as u8;
        all.push(line(seconds + (number * 31 % 59) as i64, host, "198.51.100.7", 443, number));
    }
    all.sort();
    all
}

fn beacon(lines: &[String]) -> Option<Severity> {
    let mut events = Vec::new();
    let mut reader = Lines::new(Settings::default());
    for line in lines {
        reader.line(0, line.as_bytes(), crate::RECEIVED.parse().unwrap(), &mut |event| events.push(event));
    }
    reader.finish(&mut |event| events.push(event));
    let findings = watch(&events, "");
    findings.detections.iter().find(|one| one.kind == Kind::Beacon).map(|one| one.severity)
}

#[test]
fn a_rhythm_at_a_port_where_nothing_lives_is_seen_without_answers() {
    for port in [4443, 31_337, 6667, 1] {
        assert_eq!(beacon(&lines(port)), Some(Severity::Medium), "{port}");
    }
    for port in
        [443, 80, 853, 993, 587, 465, 5228, 3478, 22, 8883, 8080, 8443, 25_565, 10_050, 10_051, 5938, 1194, 51_820]
    {
        assert_eq!(beacon(&lines(port)), None, "{port}");
    }
    // What the firewall turns away has no answer, and that it says.
    let refused: Vec<String> = lines(31_337).iter().map(|line| line.replace("match,pass", "match,block")).collect();
    assert_eq!(beacon(&refused), None);
}

/// One of many strangers is called at a machine's rhythm now and then.
#[test]
fn who_shares_files_with_many_strangers_is_no_beacon_and_who_calls_a_few_is() {
    for (strangers, expected) in [(40, None), (5, Some(Severity::Medium))] {
        let mut all = lines(31_337);
        let calls: Vec<String> =
            all.iter().filter(|line| line.contains("203.0.113.66")).take(strangers).cloned().collect();
        let others =
            calls.iter().zip(100..).map(|(line, last)| line.replace("203.0.113.66", &format!("203.0.113.{last}")));
        all.extend(others);
        all.sort();
        assert_eq!(beacon(&all), expected, "{strangers}");
    }
}
