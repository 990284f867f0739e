//! A network watched without an end: a healthy office stays silent, and what goes wrong is told in time.

use std::{collections::BTreeMap, path::Path};

use detect::{Case, Detection, Figure, Kind, Settings, Severity, Watch};
use jiff::{SignedDuration, Timestamp};
use office::{Healthy, Infection, Plan};
use wire::{Frame, Limits, LinkType, Tracker};

use super::{corpus::CORPUS, reader};

/// A Monday, midnight in Amsterdam.
const MONDAY: &str = "2026-10-18T22:00:00Z";
/// How often news is asked for, in packet time.
const ROUND: SignedDuration = SignedDuration::from_mins(5);

/// A sensor as it runs: frames in, news out now and then.
struct Sensor {
    tracker: Tracker,
    watch: Watch,
    next: Option<Timestamp>,
    /// By id, when it was told first; and as it was told last.
    told: BTreeMap<String, (Timestamp, Detection)>,
    cases: BTreeMap<String, (Timestamp, Case)>,
    packets: u64,
    /// How often it is asked for news, in packet time.
    round: SignedDuration,
}

impl Sensor {
    fn new() -> Self {
        Self {
            round: ROUND,
            tracker: Tracker::new(Limits::default()),
            watch: Watch::new(Settings::default()),
            next: None,
            told: BTreeMap::new(),
            cases: BTreeMap::new(),
            packets: 0,
        }
    }

    fn frame(&mut self, frame: Frame<'_>) {
        let at = frame.at;
        let next = *self.next.get_or_insert(at + self.round);
        if at >= next {
            self.news(at);
            self.next = Some(at + self.round);
        }
        self.packets += 1;
        self.tracker.frame(frame, &mut |event| self.watch.event(&event));
    }

    fn news(&mut self, now: Timestamp) {
        let news = self.watch.news(now);
        for one in news.detections {
            let first = self.told.get(&one.id).map_or(now, |(first, _)| *first);
            self.told.insert(one.id.clone(), (first, one));
        }
        for case in news.cases {
            let first = self.cases.get(&case.id).map_or(now, |(first, _)| *first);
            self.cases.insert(case.id.clone(), (first, case));
        }
    }

    /// A healthy month, or the beginning of one.
    fn healthy(&mut self, seed: u64, days: u32) {
        let mut office = Healthy::new(seed, MONDAY.parse().unwrap());
        for _ in 0..days * 24 {
            office.hour(&mut |at, bytes, wire_length| {
                self.frame(Frame { at, link: LinkType::from_number(1), bytes, wire_length });
            });
        }
    }

    fn lines(&self) -> Vec<String> {
        let about = |one: &Detection| one.remote.domain.clone().or(one.remote.ip.map(|ip| ip.to_string()));
        let told = self.told.values().map(|(at, one)| {
            format!(
                "{at} {} {} {} {:?} {:?}",
                one.kind.key(),
                one.severity.key(),
                one.host.ip,
                about(one),
                one.evidence.get("signs")
            )
        });
        told.collect()
    }
}

/// Months are for the example `month`.
#[test]
fn the_first_days_of_a_healthy_office_open_no_case() {
    let mut sensor = Sensor { round: SignedDuration::from_mins(30), ..Sensor::new() };
    sensor.healthy(1, 2);
    assert!(sensor.packets > 50_000, "{}", sensor.packets);
    assert!(sensor.cases.is_empty(), "{:#?}", sensor.lines());
}

#[test]
fn beacons_are_told_within_two_hours_or_twelve_connections() {
    for (period_seconds, jitter_percent, hours) in [(60, 20, 5), (300, 0, 5), (600, 50, 6), (1800, 10, 9)] {
        let infection = Infection { period_seconds, jitter_percent, upload_bytes: 0, ..Infection::default() };
        let plan = Plan { hours, infection: Some(infection), ..Plan::default() };
        let infected = office::truth(&plan).infected.unwrap();
        let mut sensor = Sensor::new();
        reader::frames(&office::capture(&plan), |frame| sensor.frame(frame));
        let (at, beacon) = sensor
            .told
            .values()
            .find(|(_, one)| one.kind == Kind::Beacon)
            .unwrap_or_else(|| panic!("{period_seconds} s ± {jitter_percent} %: {:#?}", sensor.lines()));
        // By its own beats: the twelfth, or two hours after the first.
        let Some(Figure::Texts(times)) = beacon.evidence.get("times") else { panic!("{beacon:#?}") };
        let twelfth: Timestamp = times.get(11).unwrap_or(&times[times.len() - 1]).parse().unwrap();
        let due = twelfth.max(infected.first_at + SignedDuration::from_hours(2));
        let late = at.duration_since(due);
        assert!(late <= ROUND * 2, "{period_seconds} s ± {jitter_percent} %: {late:#} too late");
        assert_eq!(beacon.host.ip, infected.ip);
    }
}

/// The generated 24-hour office of the corpus: what is planted, as its truth file has it, in a live sensor.
#[test]
fn what_is_planted_in_a_day_is_told_while_it_goes_on() {
    let generator = Path::new(CORPUS).join("gen_synth.py");
    let folder = std::env::temp_dir().join(format!("dijkwacht-office-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (pcap, truth) = (folder.join("office.pcap"), folder.join("office.json"));
    let made =
        std::process::Command::new("python3").arg(&generator).args(["office", "11"]).arg(&pcap).arg(&truth).output();
    if !made.is_ok_and(|made| made.status.success()) {
        println!("skipped: no generator at {}, or no python3 to run it", generator.display());
        return;
    }
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(truth).unwrap()).unwrap();
    let file = std::fs::read(pcap).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    let mut sensor = Sensor::new();
    reader::frames(&file, |frame| sensor.frame(frame));
    let labels = truth["expect"].as_array().unwrap();
    let mut accused = 0;
    for label in labels.iter().filter(|label| label["verdict"] == "malicious") {
        let host = label["host"].as_str().unwrap();
        let found =
            sensor.told.values().filter(|(_, one)| one.host.ip.to_string() == host && one.severity >= Severity::Medium);
        let first = found.map(|(at, _)| *at).min();
        let first = first.unwrap_or_else(|| panic!("{label}: {:#?}", sensor.lines()));
        accused += 1;
        let started = label["first_ts"].as_f64();
        let period = label["period_s"].as_f64().unwrap_or(0.0);
        if let Some(started) = started.filter(|_| period > 0.0) {
            let took = first.as_millisecond() as f64 / 1000.0 - started;
            assert!(took <= (12.0 * period).max(7200.0) + 300.0, "told {took} s after it began: {label}");
        }
    }
    assert!(accused >= 5, "{accused} planted");
    let hosts: Vec<&str> = labels
        .iter()
        .filter(|label| label["verdict"] != "benign_hard_negative")
        .filter_map(|label| label["host"].as_str())
        .collect();
    let innocent: Vec<_> = sensor
        .told
        .values()
        .filter(|(_, one)| !hosts.contains(&one.host.ip.to_string().as_str()) && one.severity >= Severity::Medium)
        .collect();
    assert!(innocent.len() <= 1, "{innocent:#?}");
    assert!(innocent.iter().all(|(_, one)| one.severity < Severity::High), "{innocent:#?}");
}
