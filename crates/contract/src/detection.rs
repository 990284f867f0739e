//! What the sensor says, as `contract/detections.md` shows it: one JSON object a line, its `type` first.
//!
//! Promises: what is written here can be read back into the same value; keys that are added later do not hinder an older
//! reader. Values are kept as they are on the line: ids, kinds and severities as their public names.

use std::{collections::BTreeMap, net::IpAddr};

use detect::Figure;
use facts::{Facts, Value};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// One line of `dijkwacht scan --format json`. Each kind of line writes its own `type`, also where it stands alone: a
/// stored detection is the very line that the sensor said, and so has the same hash.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Line {
    Detection(DetectionLine),
    Case(CaseLine),
    Stats(StatsLine),
}

/// Why a text is no line of a sensor.
#[derive(Debug, thiserror::Error)]
pub enum InvalidLine {
    #[error("the line is not what a sensor says: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the line's `type` is `{0}`, which is none that is said here")]
    Type(String),
}

impl InvalidLine {
    /// The same in Dutch.
    #[must_use]
    pub fn nl(&self) -> String {
        match self {
            Self::Json(error) if error.is_data() => {
                format!("de velden zijn niet die van een regel van een sensor (melding: {error})")
            }
            Self::Json(error) => {
                format!("geen regel van een sensor: geen geldige JSON, fout bij teken {}", error.column())
            }
            Self::Type(kind) => format!("`type` is `{kind}`, en dat is hier onbekend"),
        }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub nl: String,
    pub en: String,
}

/// The host at home that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    pub ip: IpAddr,
    /// `02:00:0a:00:00:05`, or null.
    #[serde(default)]
    pub mac: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    /// Who made its network card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<String>,
    /// `printer`, `nas`, `workstation`…: what kind of device it is, where that shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// The other side, as far as known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remote {
    #[serde(default)]
    pub ip: Option<IpAddr>,
    #[serde(default)]
    pub port: Option<u16>,
    #[serde(default)]
    pub domain: Option<String>,
}

macro_rules! severities {
    ($($name:ident)*) => {
        /// How much it matters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Severity { $($name,)* }

        impl From<detect::Severity> for Severity {
            fn from(severity: detect::Severity) -> Self {
                match severity { $(detect::Severity::$name => Self::$name,)* }
            }
        }

        impl From<Severity> for detect::Severity {
            fn from(severity: Severity) -> Self {
                match severity { $(Severity::$name => Self::$name,)* }
            }
        }
    };
}

severities! { Low Medium High Critical }

macro_rules! kinds {
    ($($name:ident)*) => {
        impl From<Kind> for detect::Kind {
            fn from(kind: Kind) -> Self {
                match kind { $(Kind::$name => Self::$name,)* }
            }
        }

        /// What kind of thing was seen.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Kind { $($name,)* }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }

        impl From<detect::Kind> for Kind {
            fn from(kind: detect::Kind) -> Self {
                match kind { $(detect::Kind::$name => Self::$name,)* }
            }
        }
    };
}

kinds! {
    Indicator Beacon DnsTunnel Dga Exfiltration LongConnection CleartextCredentials CleartextPersonalData Anonymiser Miner
    Scan Bruteforce MalwareProtocol SuspiciousTls LateralMovement
}

/// One thing seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "detection")]
pub struct DetectionLine {
    pub id: String,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
    pub host: Host,
    pub kind: Kind,
    pub severity: Severity,
    /// From 0 to 1.
    pub confidence: f64,
    /// MITRE ATT&CK technique ids.
    pub technique: Vec<String>,
    pub remote: Remote,
    /// The figures the judgement rests on.
    pub evidence: BTreeMap<String, Json>,
    pub summary: Text,
}

/// Whether a case is an alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    #[default]
    Now,
    /// It can wait for the weekly digest.
    Digest,
}

/// Detections that belong to one story on one host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "case")]
pub struct CaseLine {
    pub id: String,
    pub host: Host,
    pub severity: Severity,
    /// Whether somebody must look now; what an older sensor says of none is now.
    #[serde(default)]
    pub alarm: Alarm,
    /// Other hosts with a case of their own against one of the same places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<IpAddr>,
    /// Ids of detections.
    pub detections: Vec<String>,
    pub summary: Text,
    /// In the vocabulary of `contract/facts.md`.
    pub proposed_facts: Map<String, Json>,
}

/// The last line: what was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "stats")]
pub struct StatsLine {
    pub packets: u64,
    /// On the wire.
    pub bytes: u64,
    pub flows: u64,
    pub first_at: Option<Timestamp>,
    pub last_at: Option<Timestamp>,
    pub malformed: u64,
    /// Let go because a table was full.
    pub dropped: u64,
    /// Packets that a mirror port gave twice. Left out: none.
    #[serde(default, skip_serializing_if = "crate::sensor::is_nought")]
    pub copies: u64,
    /// From the first packet to the last, in packet time: the same at every run.
    pub seconds: f64,
}

impl Line {
    /// The line itself, without its end.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string(self)
    }

    /// Reads one line.
    pub fn from_json(line: &str) -> Result<Self, InvalidLine> {
        let json: Json = serde_json::from_str(line)?;
        let kind = json.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
        Ok(match kind.as_str() {
            "detection" => Self::Detection(serde_json::from_value(json)?),
            "case" => Self::Case(serde_json::from_value(json)?),
            "stats" => Self::Stats(serde_json::from_value(json)?),
            _ => return Err(InvalidLine::Type(kind)),
        })
    }
}

/// All lines of a scan, in their order: detections, cases, statistics.
#[must_use]
pub fn lines(findings: &detect::Findings, stats: &wire::event::Stats) -> Vec<Line> {
    let detections = findings.detections.iter().map(|detection| Line::Detection(detection.into()));
    let cases = findings.cases.iter().map(|case| Line::Case(case.into()));
    let stats = StatsLine::new(stats, findings.dropped);
    detections.chain(cases).chain([Line::Stats(stats)]).collect()
}

impl StatsLine {
    /// `dropped` is what the detectors let go, beside what reading the packets did.
    #[must_use]
    pub fn new(stats: &wire::event::Stats, dropped: u64) -> Self {
        let span = |first: Timestamp, last: Timestamp| last.duration_since(first).as_secs_f64();
        Self {
            packets: stats.packets,
            bytes: stats.bytes,
            flows: stats.flows,
            first_at: stats.first_at,
            last_at: stats.last_at,
            malformed: stats.malformed,
            dropped: stats.dropped.saturating_add(dropped),
            copies: stats.copies,
            seconds: stats.first_at.zip(stats.last_at).map_or(0.0, |(first, last)| span(first, last)),
        }
    }
}

impl From<&detect::Detection> for DetectionLine {
    fn from(detection: &detect::Detection) -> Self {
        Self {
            id: detection.id.clone(),
            first_at: detection.first_at,
            last_at: detection.last_at,
            host: (&detection.host).into(),
            kind: detection.kind.into(),
            severity: detection.severity.into(),
            confidence: detection.confidence,
            technique: detection.technique.iter().map(|id| (*id).to_owned()).collect(),
            remote: Remote {
                ip: detection.remote.ip,
                port: detection.remote.port,
                domain: detection.remote.domain.clone(),
            },
            evidence: detection.evidence.iter().map(|(key, figure)| ((*key).to_owned(), json(figure))).collect(),
            summary: (&detection.summary).into(),
        }
    }
}

impl DetectionLine {
    /// As far as cases and proposals are made of it: without techniques, and with those figures alone.
    #[must_use]
    pub fn to_judge(&self) -> detect::Detection {
        let Host { ip, name, maker, .. } = self.host.clone();
        let Remote { ip: remote, port, domain } = self.remote.clone();
        let figures = detect::JUDGED_BY.into_iter();
        detect::Detection {
            id: self.id.clone(),
            first_at: self.first_at,
            last_at: self.last_at,
            host: detect::Host { ip, mac: None, name, maker, kind: None },
            kind: self.kind.into(),
            severity: self.severity.into(),
            confidence: self.confidence,
            technique: Vec::new(),
            remote: detect::Remote { ip: remote, port, domain },
            evidence: figures.filter_map(|name| Some((name, figure(self.evidence.get(name)?)?))).collect(),
            summary: facts::Text::made(self.summary.nl.clone(), self.summary.en.clone()),
        }
    }

    /// Whether this exception takes it away.
    #[must_use]
    pub fn is_covered_by(&self, exception: &detect::Exception) -> bool {
        let Remote { ip, port, domain } = self.remote.clone();
        let day = self.last_at.to_zoned(jiff::tz::TimeZone::UTC).date();
        exception.covers(self.kind.into(), self.host.ip, &detect::Remote { ip, port, domain }, day)
    }
}

impl From<&detect::Case> for CaseLine {
    fn from(case: &detect::Case) -> Self {
        Self {
            id: case.id.clone(),
            host: (&case.host).into(),
            severity: case.severity.into(),
            alarm: match case.alarm {
                detect::Alarm::Now => Alarm::Now,
                detect::Alarm::Digest => Alarm::Digest,
            },
            others: case.others.clone(),
            detections: case.detections.clone(),
            summary: (&case.summary).into(),
            proposed_facts: facts_json(&case.proposed_facts),
        }
    }
}

impl From<&detect::Host> for Host {
    fn from(host: &detect::Host) -> Self {
        let mac = host.mac.map(|mac| mac.map(|byte| format!("{byte:02x}")).join(":"));
        let kind = host.kind.map(|kind| kind.key().to_owned());
        Self { ip: host.ip, mac, name: host.name.clone(), maker: host.maker.clone(), kind }
    }
}

impl From<&facts::Text> for Text {
    fn from(text: &facts::Text) -> Self {
        Self { nl: text.nl.clone().into_owned(), en: text.en.clone().into_owned() }
    }
}

fn json(figure: &Figure) -> Json {
    match figure {
        Figure::Text(text) => text.as_str().into(),
        Figure::Texts(texts) => texts.as_slice().into(),
        Figure::Whole(number) => (*number).into(),
        Figure::Wholes(numbers) => numbers.as_slice().into(),
        Figure::Number(number) => (*number).into(),
        Figure::Flag(is_so) => (*is_so).into(),
    }
}

/// The figure of a value; none for what is no figure.
fn figure(json: &Json) -> Option<Figure> {
    Some(match json {
        Json::Bool(is_so) => Figure::Flag(*is_so),
        Json::Number(number) => number.as_u64().map(Figure::Whole).or_else(|| number.as_f64().map(Figure::Number))?,
        Json::String(text) => Figure::Text(text.clone()),
        Json::Array(all) => Figure::Texts(all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()),
        Json::Null | Json::Object(_) => return None,
    })
}

fn facts_json(facts: &Facts) -> Map<String, Json> {
    let value = |value: &Value| match value {
        Value::Truth(is_so) => (*is_so).into(),
        Value::One(word) => (*word).into(),
        Value::Many(words) => words.iter().copied().collect(),
        Value::Whole(number) => (*number).into(),
        Value::Number(number) => (*number).into(),
    };
    facts.iter().map(|(fact, known)| (fact.key().to_owned(), value(known))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detection() -> detect::Detection {
        detect::Detection {
            id: "0123456789abcdef0123456789abcdef".into(),
            first_at: "2026-10-19T06:00:00Z".parse().unwrap(),
            last_at: "2026-10-19T14:00:00.25Z".parse().unwrap(),
            host: detect::Host {
                ip: [10, 0, 0, 5].into(),
                mac: Some([2, 0, 10, 0, 0, 5]),
                name: None,
                maker: None,
                kind: None,
            },
            kind: detect::Kind::Indicator,
            severity: detect::Severity::High,
            confidence: 0.93,
            technique: vec!["T1071.004"],
            remote: detect::Remote {
                ip: Some([203, 0, 113, 9].into()),
                port: Some(443),
                domain: Some("evil.example".into()),
            },
            evidence: BTreeMap::from([
                ("entry", Figure::Text("evil.example".into())),
                ("count", Figure::Whole(3)),
                ("jitter", Figure::Number(0.2)),
                ("seen_in", Figure::Texts(vec!["dns_question".into()])),
                ("is_new", Figure::Flag(true)),
            ]),
            summary: facts::Text::new("Gezien.", "Seen."),
        }
    }

    #[track_caller]
    fn check(line: &Line, expected: &str) {
        let json = line.to_json().unwrap();
        assert_eq!(json, expected);
        assert_eq!(&Line::from_json(&json).unwrap(), line, "read back");
    }

    #[test]
    fn a_detection_line_is_the_contracts() {
        check(
            &Line::Detection((&detection()).into()),
            r#"{"type":"detection","id":"0123456789abcdef0123456789abcdef","first_at":"2026-10-19T06:00:00Z","last_at":"2026-10-19T14:00:00.25Z","host":{"ip":"10.0.0.5","mac":"02:00:0a:00:00:05","name":null},"kind":"indicator","severity":"high","confidence":0.93,"technique":["T1071.004"],"remote":{"ip":"203.0.113.9","port":443,"domain":"evil.example"},"evidence":{"count":3,"entry":"evil.example","is_new":true,"jitter":0.2,"seen_in":["dns_question"]},"summary":{"nl":"Gezien.","en":"Seen."}}"#,
        );
    }

    #[test]
    fn a_line_is_judged_as_what_it_was_made_of() {
        let seen = |kind: detect::Kind, figures: &[(&'static str, Figure)]| detect::Detection {
            id: format!("{kind:?}"),
            kind,
            severity: detect::Severity::Medium,
            evidence: figures.iter().cloned().collect(),
            ..detection()
        };
        let signs = Figure::Texts(vec!["first_contact".into()]);
        let bsn = [("bsn", Figure::Whole(3)), ("places", Figure::Whole(1))];
        for all in [
            vec![seen(detect::Kind::Beacon, &[]), seen(detect::Kind::Indicator, &[])],
            vec![seen(detect::Kind::Beacon, &[("signs", signs)]), seen(detect::Kind::Scan, &[])],
            vec![seen(detect::Kind::LongConnection, &[("first_contact", Figure::Flag(true))])],
            vec![seen(detect::Kind::CleartextPersonalData, &bsn)],
        ] {
            let lines: Vec<_> = all.iter().map(|one| DetectionLine::from(one).to_judge()).collect();
            let judged = |all: &[detect::Detection]| CaseLine::from(&detect::judge(all, Vec::new()).unwrap());
            let told = CaseLine { host: (&detection().host).into(), ..judged(&lines) };
            assert_eq!(told, judged(&all));
        }
    }

    #[test]
    fn a_case_line_is_the_contracts() {
        let mut facts = Facts::new();
        facts.set(facts::Fact::SecurityIncident, Value::Truth(true)).unwrap();
        facts.set(facts::Fact::Cause, Value::One("external_malicious")).unwrap();
        facts.set(facts::Fact::IncidentType, Value::One("hacking")).unwrap();
        let case = detect::Case {
            id: "c".into(),
            host: detection().host,
            severity: detect::Severity::Critical,
            alarm: detect::Alarm::Now,
            others: vec![[10, 0, 0, 6].into()],
            detections: vec![detection().id],
            summary: facts::Text::new("Besmet.", "Infected."),
            proposed_facts: facts,
        };
        check(
            &Line::Case((&case).into()),
            r#"{"type":"case","id":"c","host":{"ip":"10.0.0.5","mac":"02:00:0a:00:00:05","name":null},"severity":"critical","alarm":"now","others":["10.0.0.6"],"detections":["0123456789abcdef0123456789abcdef"],"summary":{"nl":"Besmet.","en":"Infected."},"proposed_facts":{"cause":"external_malicious","incident_type":"hacking","security_incident":true}}"#,
        );
    }

    #[test]
    fn the_statistics_come_last() {
        let stats = wire::event::Stats {
            packets: 7,
            bytes: 900,
            flows: 2,
            first_at: Some("2026-10-19T06:00:00Z".parse().unwrap()),
            last_at: Some("2026-10-19T06:00:02.5Z".parse().unwrap()),
            malformed: 1,
            dropped: 2,
            copies: 3,
        };
        let findings = detect::Findings { detections: vec![detection()], cases: vec![], excepted: 0, dropped: 3 };
        let lines = lines(&findings, &stats);
        assert_eq!(lines.len(), 2);
        check(
            &lines[1],
            r#"{"type":"stats","packets":7,"bytes":900,"flows":2,"first_at":"2026-10-19T06:00:00Z","last_at":"2026-10-19T06:00:02.5Z","malformed":1,"dropped":5,"copies":3,"seconds":2.5}"#,
        );
    }

    #[test]
    fn every_kind_and_severity_has_the_contracts_name() {
        for kind in detect::Kind::ALL {
            assert_eq!(serde_json::to_value(Kind::from(*kind)).unwrap(), kind.key());
        }
        for severity in detect::Severity::ALL {
            let public = Severity::from(severity);
            assert_eq!(serde_json::to_value(public).unwrap(), severity.key());
            assert_eq!(detect::Severity::from(public), severity);
        }
    }

    #[test]
    fn a_detection_on_its_own_is_the_same_text_as_its_line() {
        let alone = DetectionLine::from(&detection());
        assert_eq!(serde_json::to_string(&alone).unwrap(), Line::Detection(alone).to_json().unwrap());
    }

    #[test]
    fn what_no_sensor_says_is_refused() {
        assert!(matches!(Line::from_json(r#"{"type":"alarm"}"#), Err(InvalidLine::Type(kind)) if kind == "alarm"));
        assert!(matches!(Line::from_json("{}"), Err(InvalidLine::Type(_))));
        assert!(matches!(Line::from_json(r#"{"type":"case"}"#), Err(InvalidLine::Json(_))));
        let Err(error) = Line::from_json("not json") else { panic!("it is none") };
        assert!(matches!(error, InvalidLine::Json(_)));
        assert_eq!(error.nl(), "geen regel van een sensor: geen geldige JSON, fout bij teken 2");
    }

    #[test]
    fn a_newer_line_is_still_read() {
        let line = r#"{"type":"stats","packets":1,"bytes":2,"flows":3,"first_at":null,"last_at":null,"malformed":0,"dropped":0,"seconds":0.0,"added_later":true}"#;
        assert!(matches!(Line::from_json(line), Ok(Line::Stats(StatsLine { packets: 1, .. }))));
    }
}
