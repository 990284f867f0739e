//! Sensors and what they saw, as lists and pages show them.

use app::{CaseStanding, Health, SeenCase, SeenDetection, SensorStanding, is_one_of_many};
use contract::detection::{DetectionLine, Host, Kind, Remote, Severity};
use contract::sensor::SourceKind;
use incident::Permission;
use jiff::{SignedDuration, Timestamp};

use crate::address::{Tab, of_incident, sensors_of};
use crate::desk::Desk;
use crate::view::time::When;
use crate::words::Words;

/// Within so long after it was seen a finding is told, as sensors go: a rhythm is waited for, and an hour is counted.
const SOON: SignedDuration = SignedDuration::from_hours(3);

/// How a sensor is, in a word and its colour.
pub(crate) struct StateChip {
    pub(crate) label: String,
    pub(crate) tone: &'static str,
}

/// A sensor in a list.
pub(crate) struct SensorView {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) version: String,
    /// How it is; several where several things are wrong.
    pub(crate) states: Vec<StateChip>,
    pub(crate) heard: When,
    /// Empty until it said something; the same for those below.
    pub(crate) sources: Vec<String>,
    pub(crate) hosts: String,
    pub(crate) packets: String,
    pub(crate) drops: String,
    pub(crate) has_drops: bool,
    /// How many lines it let go before the server had them, where it did.
    pub(crate) let_go: Option<String>,
}

impl SensorView {
    pub(crate) fn new(standing: &SensorStanding, desk: &Desk) -> Self {
        let (w, sensor) = (desk.visit.w, &standing.sensor);
        let state = standing.state.as_ref();
        let sources = state.map(|state| state.sources.as_slice()).unwrap_or_default();
        let sum = |count: fn(&contract::sensor::SourceState) -> u64| {
            sources.iter().fold(0_u64, |sum, one| sum.saturating_add(count(one)))
        };
        let drops = sum(|source| source.kernel_drops);
        let read = sum(|source| match source.kind {
            SourceKind::Interface | SourceKind::Netflow | SourceKind::FirewallLog => source.packets,
            _ => 0,
        });
        // Lines and flow records are no packets: the page of the sensor counts them by source.
        let packets = sum(|source| match source.kind {
            SourceKind::Interface | SourceKind::File => source.packets,
            _ => 0,
        });
        Self {
            href: of_sensor(desk, &sensor.id.to_string()),
            name: sensor.name.clone(),
            version: sensor.version.clone(),
            states: chips(standing, &desk.when(sensor.heard_at).words, w),
            heard: desk.when(sensor.heard_at),
            sources: sources.iter().map(|source| w.sensor_source(source)).collect(),
            hosts: state.map(|state| grouped(state.hosts, w)).unwrap_or_default(),
            packets: state.map(|_| grouped(packets, w)).unwrap_or_default(),
            drops: state.map(|_| w.sensor_drops(&grouped(drops, w), &share(drops, read))).unwrap_or_default(),
            has_drops: drops > 0,
            let_go: let_go(standing, w),
        }
    }
}

/// How many lines a sensor let go before the server had them, in the words of lists; absent where it let none go.
pub(crate) fn let_go(standing: &SensorStanding, w: Words) -> Option<String> {
    let count = standing.state.as_ref().map(|state| state.let_go).filter(|count| *count > 0)?;
    Some(w.sensor_lines_let_go(count, &grouped(count, w)))
}

/// How many hundredths of a per cent of what came was lost, of the sources at which the system can lose any.
fn share(drops: u64, packets: u64) -> String {
    let all = drops.saturating_add(packets);
    if all == 0 { String::new() } else { format!("{:.2}", drops as f64 / all as f64 * 100.0) }
}

/// How a sensor is, in the words of lists. `heard`: when it was last heard.
pub(crate) fn chips(standing: &SensorStanding, heard: &str, w: Words) -> Vec<StateChip> {
    let one = |label: &str, tone: &'static str| vec![StateChip { label: label.to_owned(), tone }];
    match &standing.health {
        Health::Removed => one(w.sensor_removed(), ""),
        Health::Replayed => one(w.sensor_replayed(), ""),
        Health::ClockAhead => one(w.sensor_clock_ahead(), "alarm"),
        Health::NeverHeard => one(w.sensor_waits(), "amber"),
        Health::Silent => one(&w.sensor_silent_since(heard), "amber"),
        Health::Troubled(troubles) => {
            let mut chips: Vec<StateChip> = Vec::new();
            for trouble in troubles {
                let label = trouble.name().in_language(w.0).to_owned();
                if !chips.iter().any(|chip| chip.label == label) {
                    chips.push(StateChip { label, tone: "amber" });
                }
            }
            chips
        }
        Health::Well => one(w.sensor_well(), "dike"),
    }
}

/// A case or a detection in a list.
pub(crate) struct FindingView {
    pub(crate) href: String,
    pub(crate) severity: StateChip,
    pub(crate) kind: String,
    pub(crate) host: String,
    /// The same in two parts, so that its address is not broken off; its name is empty where it has none.
    pub(crate) host_name: String,
    pub(crate) host_address: String,
    pub(crate) remote: String,
    pub(crate) said: String,
    /// By the traffic, not by when it came in here.
    pub(crate) last: When,
    /// When it came in, where that is long after it was last seen, or before.
    pub(crate) received: Option<String>,
    /// Of a case in no incident, and that no exception covers: whether it needs attention now, or can
    /// wait for the weekly digest. Not whether anybody was told.
    pub(crate) alarm: Option<StateChip>,
    /// The incident that it is in.
    pub(crate) incident: Option<(String, String)>,
}

impl FindingView {
    pub(crate) fn of_case(case: &SeenCase, desk: &Desk) -> Self {
        let w = desk.visit.w;
        Self {
            href: format!("{}/zaken/{}", of_sensor(desk, &case.sensor.to_string()), case.line.id),
            severity: severity(case.line.severity, w),
            kind: w.case_size(case.line.detections.len()),
            host: host(&case.line.host),
            host_name: case.line.host.name.clone().unwrap_or_default(),
            host_address: case.line.host.ip.to_string(),
            remote: String::new(),
            said: w.pick(&case.line.summary.nl, &case.line.summary.en).clone(),
            last: desk.when(case.last_seen()),
            received: received(case.last_at, case.changed_at, desk),
            // In an incident it is people's already, and what is excepted is nobody's: no list counts either among what waits.
            alarm: (case.incident.is_none() && !case.is_covered).then(|| {
                let (label, tone) =
                    if case.is_urgent { (w.case_alarm_now(), "alarm") } else { (w.case_alarm_digest(), "") };
                StateChip { label: label.to_owned(), tone }
            }),
            incident: incident(case.incident, desk),
        }
    }

    pub(crate) fn of_detection(seen: &SeenDetection, desk: &Desk) -> Self {
        let w = desk.visit.w;
        Self {
            href: of_detection(desk, seen),
            severity: severity(seen.line.severity, w),
            kind: w.detection_kind(seen.line.kind).to_owned(),
            host: host(&seen.line.host),
            host_name: seen.line.host.name.clone().unwrap_or_default(),
            host_address: seen.line.host.ip.to_string(),
            remote: many_sides(&seen.line, w).unwrap_or_else(|| remote(&seen.line.remote)),
            said: w.pick(&seen.line.summary.nl, &seen.line.summary.en).clone(),
            last: desk.when(seen.line.last_at),
            received: received(Some(seen.line.last_at), seen.received_at, desk),
            alarm: None,
            incident: incident(seen.incident, desk),
        }
    }
}

/// The incident that a finding is in, and what can be done from there.
pub(crate) struct IncidentOffer {
    pub(crate) incident: Option<(String, String)>,
    /// Why there is something to do.
    pub(crate) why: Option<&'static str>,
    /// The button, and what it does; absent where there is nothing to do, or not by this person.
    pub(crate) press: Option<(String, &'static str)>,
}

impl IncidentOffer {
    pub(crate) fn new(standing: CaseStanding, desk: &Desk) -> Self {
        let w = desk.visit.w;
        let (number, why, press) = match standing {
            CaseStanding::Nowhere => (None, None, Some((w.open_incident().to_owned(), w.open_incident_why()))),
            CaseStanding::In(number) => (Some(number), None, None),
            CaseStanding::PartlyIn(number) => {
                (Some(number), Some(w.case_has_more()), Some((w.add_to_incident(number), w.add_to_incident_why())))
            }
            CaseStanding::After(number) => {
                let press = (w.open_another_incident().to_owned(), w.open_incident_why());
                (Some(number), Some(w.case_after()), Some(press))
            }
        };
        let press = press.filter(|_| desk.allows(Permission::HandleIncident));
        Self { incident: incident(number, desk), why, press }
    }
}

/// When something came in, where that says anything beside when it was seen: after an outage, or of a clock that is off.
fn received(seen_at: Option<Timestamp>, received_at: Timestamp, desk: &Desk) -> Option<String> {
    let is_late = seen_at.is_none_or(|seen_at| received_at.duration_since(seen_at).abs() > SOON);
    is_late.then(|| desk.visit.w.finding_received(&desk.when(received_at).words))
}

pub(crate) fn of_sensor(desk: &Desk, sensor: &str) -> String {
    format!("{}/{sensor}", sensors_of(desk.slug()))
}

pub(crate) fn of_detection(desk: &Desk, seen: &SeenDetection) -> String {
    detection_of(&seen.sensor.to_string(), &seen.line.id, desk)
}

/// Where a detection of a sensor stands, by their ids.
pub(crate) fn detection_of(sensor: &str, id: &str, desk: &Desk) -> String {
    format!("{}/waarnemingen/{id}", of_sensor(desk, sensor))
}

pub(crate) fn incident(number: Option<u64>, desk: &Desk) -> Option<(String, String)> {
    number.map(|number| (of_incident(desk.slug(), number, Tab::Overview), desk.visit.w.in_incident(number)))
}

pub(crate) fn severity(severity: Severity, w: Words) -> StateChip {
    let tone = match severity {
        Severity::Low => "",
        Severity::Medium => "water",
        Severity::High => "amber",
        Severity::Critical => "alarm",
    };
    StateChip { label: w.severity(severity).to_owned(), tone }
}

/// What people call a host: its name with its address, or that alone.
pub(crate) fn host(host: &Host) -> String {
    match host.name.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => format!("{name} ({})", host.ip),
        None => host.ip.to_string(),
    }
}

/// How many other sides there were, and at which port, where the one that a detection names is one of them: that one stands
/// for nothing.
pub(crate) fn many_sides(line: &DetectionLine, w: Words) -> Option<String> {
    let figure = |key: &str| line.evidence.get(key).and_then(serde_json::Value::as_u64);
    let count = ["targets", "other_hosts", "target_count"].into_iter().find_map(figure);
    let count = count.filter(|count| *count > 1 && is_one_of_many(line))?;
    let places = w.addresses_count(&grouped(count, w));
    Some(match line.remote.port {
        Some(port) => w.place_and_port(&places, port),
        None => places,
    })
}

/// What people call the other side.
pub(crate) fn remote(remote: &Remote) -> String {
    let place = remote.domain.clone().or_else(|| remote.ip.map(|ip| ip.to_string())).unwrap_or_default();
    match remote.port.filter(|_| !place.is_empty()) {
        Some(port) if place.contains(':') => format!("[{place}]:{port}"),
        Some(port) => format!("{place}:{port}"),
        None => place,
    }
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64, w: Words) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(w.pick('.', ','));
        }
        text.push(digit);
    }
    text
}

/// The public name of a kind, as forms send it.
pub(crate) fn kind_key(kind: Kind) -> String {
    serde_json::to_value(kind).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use facts::Language;

    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let dutch = |number| grouped(number, Words(Language::Dutch));
        assert_eq!(
            (dutch(0), dutch(999), dutch(1_000), dutch(1_234_567)),
            ("0".into(), "999".into(), "1.000".into(), "1.234.567".into())
        );
        assert_eq!(grouped(12_345, Words(Language::English)), "12,345");
    }

    #[test]
    fn another_side_is_called_by_its_name_first() {
        let of = |json: &str| remote(&serde_json::from_str(json).unwrap());
        assert_eq!(of(r#"{"ip":"192.0.2.1","port":443,"domain":"a.example"}"#), "a.example:443");
        assert_eq!(of(r#"{"ip":"2001:db8::1","port":53}"#), "[2001:db8::1]:53");
        assert_eq!(of(r#"{"ip":"192.0.2.1"}"#), "192.0.2.1");
        assert_eq!(of("{}"), "");
    }

    #[test]
    fn one_of_many_other_sides_is_not_named_as_the_other_side() {
        let of = |kind: &str, evidence: &str, port: &str| {
            let line: DetectionLine = serde_json::from_str(&format!(
                r#"{{"type":"detection","id":"d1","first_at":"2026-11-28T08:00:00Z","last_at":"2026-11-29T09:30:00Z","host":{{"ip":"10.0.0.5"}},"kind":"{kind}","severity":"low","confidence":0.9,"technique":[],"remote":{{"ip":"203.0.113.100"{port}}},"evidence":{evidence},"summary":{{"nl":"","en":""}}}}"#
            ))
            .unwrap();
            (many_sides(&line, Words(Language::Dutch)), many_sides(&line, Words(Language::English)))
        };
        for (kind, evidence, port, nl, en) in [
            ("scan", r#"{"targets":40}"#, r#","port":445"#, "40 adressen, poort 445", "40 addresses, port 445"),
            ("scan", r#"{"targets":1024}"#, "", "1.024 adressen", "1,024 addresses"),
            ("bruteforce", r#"{"other_hosts":12}"#, r#","port":22"#, "12 adressen, poort 22", "12 addresses, port 22"),
            ("lateral_movement", r#"{"targets":["10.0.0.6"],"target_count":3}"#, "", "3 adressen", "3 addresses"),
        ] {
            assert_eq!(of(kind, evidence, port), (Some(nl.to_owned()), Some(en.to_owned())), "{kind} {evidence}");
        }
        for (kind, evidence) in [
            ("scan", r#"{"ports":40}"#),
            ("bruteforce", r#"{"other_hosts":1}"#),
            ("dga", "{}"),
            ("beacon", r#"{"targets":9}"#),
        ] {
            assert_eq!(of(kind, evidence, ""), (None, None), "{kind} {evidence}");
        }
    }
}
