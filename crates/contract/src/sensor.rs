//! What a sensor and its server say to each other, over HTTP as JSON under `/api/v1/sensors`.
//!
//! A sensor enrols once ([`Enrol`], [`Enrolled`]) with a token that a page made, and from then on sends reports: lines of
//! [`Report`], to which the server answers with [`Answer`]. What is refused is told as [`Refused`].
//!
//! Promises: what is written here can be read back into the same value; keys that are added later do not hinder an older
//! reader. Not here: whether an exception holds for a detection (`detect`), sending, storing.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::net::IpAddr;
use std::str::FromStr;

use detect::Cidr;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::detection::{CaseLine, DetectionLine, Host, InvalidLine, Kind, Remote, Text};

/// Where a sensor asks to be known: `POST`, with the enrolment token as bearer.
pub const ENROL_PATH: &str = "/api/v1/sensors/enrol";

/// Where a sensor sends its reports: `POST`, with its secret as bearer.
pub const REPORTS_PATH: &str = "/api/v1/sensors/reports";

/// Where a sensor gets a threat list: `GET`, with its secret as bearer, and the list's name after a slash.
pub const LISTS_PATH: &str = "/api/v1/sensors/lists";

/// The media type of a report: JSON, one object a line.
pub const REPORT_TYPE: &str = "application/x-ndjson";

/// The longest report in bytes, unpacked.
pub const MAX_REPORT_BYTES: usize = 4 * 1024 * 1024;

/// How much a sensor lets wait for the server on its disk at most, in MB, unless whoever starts it says otherwise.
pub const SPOOL_MB: u32 = 500;

/// How much a sensor keeps at most of what the server refused, in MiB.
pub const REFUSED_MIB: u64 = 20;

/// What a sensor says of itself when it enrols.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrol {
    /// What people will call it: `kantoor-breda`.
    pub name: String,
    /// The program's.
    pub version: String,
}

/// The answer to [`Enrol`]. `Debug` does not show the secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub sensor: Uuid,
    /// The name of the organisation that it watches for.
    pub organisation: String,
    /// 32 bytes as base64url: what it shows with every report. The server keeps only its hash.
    pub secret: String,
    /// What it is called there, which a page may have settled. Absent: the server is of before it said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// One line of a report. Each kind of line writes its own `type`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Report {
    Detection(DetectionLine),
    Case(CaseLine),
    State(StateLine),
    Traffic(TrafficLine),
}

/// How the sensor is. Counters run since `started_at`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "state")]
pub struct StateLine {
    pub at: Timestamp,
    /// The program's.
    pub version: String,
    pub started_at: Timestamp,
    pub sources: Vec<SourceState>,
    /// Frames and messages that were not what they claimed to be.
    pub malformed: u64,
    /// Let go because a table was full.
    pub dropped: u64,
    /// Hosts at home that were seen.
    pub hosts: u64,
    pub lists: Vec<ListState>,
    /// Lines on the sensor's disk that wait to be sent.
    pub spooled: u64,
    /// Whether the detectors that look into what people send are on.
    pub looks_into_content: bool,
    /// Why nothing can be written on the sensor's disk: what waits does so in memory. Absent: it can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disk: Option<DiskFault>,
    /// Lines that were let go before the server had them, because more waited than the sensor's disk or memory has room for.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub let_go: u64,
    /// Packets that a mirror port gave twice, and that count once.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub copies: u64,
}

/// Why a sensor's disk takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DiskFault {
    Full,
    Unwritable,
}

/// One source of what the sensor sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceState {
    pub kind: SourceKind,
    /// `eth1`, a file's name, an address that is listened on.
    pub name: String,
    /// Whether it gives anything now: false for an interface that is gone.
    pub up: bool,
    /// Of what other devices send: packets of flow records, or lines.
    pub packets: u64,
    /// On the wire; of a log, of its lines.
    pub bytes: u64,
    /// Conversations; of what other devices send, those that were told.
    pub flows: u64,
    /// Packets that the system let go before the sensor could read them.
    pub kernel_drops: u64,
    /// Of what other devices send: messages, or parts of them, that are nothing that is read.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub unread: u64,
    /// Of a firewall's log: lines that were understood and tell nothing that is used, by why (`knocking`, `elsewhere`,
    /// `translated`, `told_before`, `midway`, `unfinished`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unused: BTreeMap<String, u64>,
    /// Packets and connections of senders that may not send; none of them was read.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub strangers: u64,
    /// When something last came. Absent: not yet, or an interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Timestamp>,
    /// What wrote the lines that were read: `fortigate`, `dnsmasq`, as `--source` has them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<String>,
    /// Why it gives nothing. Absent: it can, or is an interface.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<SourceFault>,
    /// Routers whose clock was not believed in the last hour; at most [`MOST_CLOCKS`], the last heard first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockState>,
}

/// Routers of which a state line says that their clock is not believed.
pub const MOST_CLOCKS: usize = 20;

/// A router that sends flow records with moments that cannot be. What it tells happened when it came, less how long before
/// that each record says that it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    pub exporter: IpAddr,
    pub fault: ClockFault,
    /// What its clock, or its last record, said. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<Timestamp>,
    /// When that came.
    pub heard_at: Timestamp,
    /// Records that were given another moment, since the sensor started.
    pub records: u64,
}

/// Why moments of a router are not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockFault {
    /// Its clock is a day or more off.
    Off,
    /// Its clock stands still.
    Still,
    /// Its records say no moment, or one that cannot be.
    Records,
}

/// Why a file or folder gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceFault {
    /// It is not there.
    Absent,
    /// The sensor has no right to read it.
    NotAllowed,
    Unreadable,
}

/// What kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    Interface,
    Netflow,
    DnsLog,
    FirewallLog,
    Eve,
    Zeek,
    File,
}

/// A threat list that the sensor uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListState {
    pub name: String,
    pub entries: u64,
    /// Absent: a file that somebody put there, or not known.
    #[serde(default)]
    pub fetched_at: Option<Timestamp>,
}

/// What one host sent to one place, and got from it, in one hour: for pictures. A sensor tells the fifty largest by bytes
/// out of each hour, and of each host that sent more than those in one line what was left. So the lines of a host add up to
/// all that it sent and got, also for a reader that does not know which of them is about what was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "traffic")]
pub struct TrafficLine {
    /// When the hour began.
    pub hour: Timestamp,
    pub host: Host,
    pub remote: Remote,
    pub bytes_out: u64,
    pub bytes_in: u64,
    pub connections: u64,
    /// Present: the line is about what was left, and names no remote. To so many places it went at least, besides those that
    /// other lines of that host and hour name. A sensor that tells none of this tells the fifty largest alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_places: Option<u64>,
}

/// What the server made of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Lines that brought something new.
    pub accepted: u64,
    /// Lines that brought nothing new: they had been sent before.
    pub known: u64,
    /// The numbers (from 1) of the lines that were not taken, nor will be: they say a moment more than a day ahead of the
    /// server's clock, or are a case that rests on such lines alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub set_aside: Vec<u64>,
    pub settings: Settings,
}

/// What people settled on the server and the sensor keeps to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// When the staff was told that the sensor looks into what they send; until that day it does not.
    #[serde(default)]
    pub staff_informed_on: Option<Date>,
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// For how many days the sensor keeps metadata; 0: it keeps none.
    pub keep_days: u16,
    /// The threat lists to use, for a sensor that keeps none itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<ServedList>,
}

/// A threat list that the server hands to its sensors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServedList {
    pub name: String,
    /// Another one, another list: it is to be fetched again.
    pub version: String,
}

/// What is no cause for alarm here. Every condition that is given must hold; at least one is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    pub id: Uuid,
    #[serde(default)]
    pub kind: Option<Kind>,
    /// The host at home.
    #[serde(default)]
    pub host: Option<IpAddr>,
    /// The other side's name; `*.example.nl` is every name under it.
    #[serde(default)]
    pub domain: Option<String>,
    /// Where the other side's address lies.
    #[serde(default, with = "as_text")]
    pub network: Option<Cidr>,
    /// The first day on which it no longer holds; absent: it has no end.
    #[serde(default)]
    pub until: Option<Date>,
    /// Who made it.
    pub author: String,
    pub reason: String,
    /// The same in English, where the program itself gave the reason; what a person wrote stands in their own language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_en: Option<String>,
}

/// The body of every answer that is no success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub error: Reason,
}

/// Why something was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// For programs: [`code`].
    pub code: String,
    /// For people.
    pub message: Text,
}

/// The codes of [`Reason`] that a sensor acts upon.
pub mod code {
    /// 401 at enrolment: no such token was made.
    pub const TOKEN_UNKNOWN: &str = "token_unknown";
    /// 401 at enrolment: a sensor enrolled with it already.
    pub const TOKEN_USED: &str = "token_used";
    /// 401 at enrolment: it was made longer than 24 hours ago.
    pub const TOKEN_EXPIRED: &str = "token_expired";
    /// 422 at a report: all of it says moments more than a day ahead of the server's clock. Nothing of it was taken, nor will
    /// be. Of one that holds more than that the answer says which lines were not ([`Answer::set_aside`](super::Answer)).
    pub const CLOCK_AHEAD: &str = "clock_ahead";
    /// 401 at a report: the sensor was removed.
    pub const SECRET_UNKNOWN: &str = "secret_unknown";
}

impl Report {
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
            "state" => Self::State(serde_json::from_value(json)?),
            "traffic" => Self::Traffic(serde_json::from_value(json)?),
            _ => return Err(InvalidLine::Type(kind)),
        })
    }
}

impl Settings {
    /// Whether the sensor may look into what people send on that day.
    #[must_use]
    pub fn allows_content(&self, today: Date) -> bool {
        self.staff_informed_on.is_some_and(|informed| informed <= today)
    }
}

impl Default for Settings {
    /// What a sensor keeps to until its server said something else.
    fn default() -> Self {
        Self { staff_informed_on: None, exceptions: Vec::new(), keep_days: 7, lists: Vec::new() }
    }
}

impl Exception {
    /// Whether it says for what it holds; one that does not would hold for everything.
    #[must_use]
    pub fn has_condition(&self) -> bool {
        self.kind.is_some() || self.host.is_some() || self.domain.is_some() || self.network.is_some()
    }

    /// Whether it still holds on that day.
    #[must_use]
    pub fn holds_on(&self, today: Date) -> bool {
        self.until.is_none_or(|until| today < until)
    }
}

/// What the sensor holds its findings against; refused where it would hold for everything.
impl TryFrom<&Exception> for detect::Exception {
    type Error = detect::ExceptionFault;

    fn try_from(exception: &Exception) -> Result<Self, Self::Error> {
        let Exception { kind, host, domain, network, until, author, reason, .. } = exception;
        let conditions = detect::Conditions {
            kind: kind.map(detect::Kind::from),
            host: *host,
            domain: domain.clone(),
            network: *network,
        };
        Self::new(conditions, *until, author.clone(), reason.clone())
    }
}

impl std::fmt::Debug for Enrolled {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Enrolled")
            .field("sensor", &self.sensor)
            .field("organisation", &self.organisation)
            .field("secret", &format_args!("[…]"))
            .finish()
    }
}

impl SourceState {
    /// One of which nothing was counted yet.
    #[must_use]
    pub fn new(kind: SourceKind, name: String, up: bool) -> Self {
        Self {
            kind,
            name,
            up,
            packets: 0,
            bytes: 0,
            flows: 0,
            kernel_drops: 0,
            unread: 0,
            unused: BTreeMap::new(),
            strangers: 0,
            heard_at: None,
            formats: Vec::new(),
            fault: None,
            clocks: Vec::new(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
pub(crate) fn is_nought(count: &u64) -> bool {
    *count == 0
}

/// A value by its public text, or null.
mod as_text {
    use super::{Deserialize, Deserializer, Display, FromStr, Serializer};
    use serde::de::Error as _;

    pub(super) fn serialize<T: Display, S: Serializer>(value: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| text.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use serde::de::DeserializeOwned;
    use std::fmt::Debug;

    use super::*;

    #[track_caller]
    fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T, expected: &str) {
        let json = serde_json::to_string(value).unwrap();
        assert_eq!(json, expected);
        assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value, "read back");
    }

    fn exception() -> Exception {
        Exception {
            id: Uuid::from_u128(7),
            kind: Some(Kind::Beacon),
            host: Some([10, 0, 0, 5].into()),
            domain: Some("*.example.nl".into()),
            network: Some("192.0.2.0/24".parse().unwrap()),
            until: Some(jiff::civil::date(2027, 1, 1)),
            author: "A. Beheerder".into(),
            reason: "de monitoring van de leverancier".into(),
            reason_en: None,
        }
    }

    #[test]
    fn an_exception_holds_for_a_stored_line_as_for_what_the_sensor_sees() {
        let holds: detect::Exception = (&exception()).try_into().unwrap();
        let detection = r#"{"type":"detection","id":"d","first_at":"2026-10-19T06:00:00Z","last_at":"2026-10-19T06:00:00Z","host":{"ip":"10.0.0.5"},"kind":"scan","severity":"low","confidence":0.5,"technique":[],"remote":{},"evidence":{},"summary":{"nl":"","en":""}}"#;
        let Report::Detection(mut line) = Report::from_json(detection).unwrap() else { panic!("no detection") };
        assert!(!line.is_covered_by(&holds), "another domain");
        line.kind = Kind::Beacon;
        line.host.ip = [10, 0, 0, 5].into();
        line.remote =
            Remote { ip: Some([192, 0, 2, 7].into()), port: Some(443), domain: Some("www.example.nl".into()) };
        assert!(line.is_covered_by(&holds));
        line.last_at = "2027-01-01T00:00:00Z".parse().unwrap();
        assert!(!line.is_covered_by(&holds), "it has ended");
        let nothing = Exception { kind: None, host: None, domain: None, network: None, ..exception() };
        assert_eq!(detect::Exception::try_from(&nothing), Err(detect::ExceptionFault::NoCondition));
    }

    #[test]
    fn enrolling_is_a_name_and_a_version_for_a_secret_that_is_not_shown() {
        check(
            &Enrol { name: "kantoor-breda".into(), version: "0.1.0".into() },
            r#"{"name":"kantoor-breda","version":"0.1.0"}"#,
        );
        let enrolled = |name: Option<&str>| Enrolled {
            sensor: Uuid::from_u128(1),
            organisation: "Bakker".into(),
            secret: "c2VjcmV0".into(),
            name: name.map(Into::into),
        };
        check(
            &enrolled(None),
            r#"{"sensor":"00000000-0000-0000-0000-000000000001","organisation":"Bakker","secret":"c2VjcmV0"}"#,
        );
        let enrolled = enrolled(Some("kantoor"));
        check(
            &enrolled,
            r#"{"sensor":"00000000-0000-0000-0000-000000000001","organisation":"Bakker","secret":"c2VjcmV0","name":"kantoor"}"#,
        );
        assert!(!format!("{enrolled:?}").contains("c2VjcmV0"));
    }

    #[test]
    fn a_states_line_counts_what_each_source_gave() {
        let state = StateLine {
            at: "2026-11-29T10:00:00Z".parse().unwrap(),
            version: "0.1.0".into(),
            started_at: "2026-11-28T10:00:00Z".parse().unwrap(),
            sources: vec![
                SourceState {
                    packets: 12,
                    bytes: 1500,
                    flows: 3,
                    kernel_drops: 1,
                    ..SourceState::new(SourceKind::Interface, "eth1".into(), true)
                },
                SourceState {
                    packets: 9,
                    bytes: 800,
                    unread: 2,
                    unused: [("knocking".to_owned(), 7)].into(),
                    strangers: 1,
                    heard_at: Some("2026-11-29T09:59:58Z".parse().unwrap()),
                    formats: vec!["dnsmasq".into()],
                    fault: Some(SourceFault::NotAllowed),
                    ..SourceState::new(SourceKind::DnsLog, "pihole.log".into(), false)
                },
                SourceState {
                    clocks: vec![ClockState {
                        exporter: [192, 168, 20, 1].into(),
                        fault: ClockFault::Off,
                        said: Some("1970-01-02T00:00:00Z".parse().unwrap()),
                        heard_at: "2026-11-29T09:59:58Z".parse().unwrap(),
                        records: 40,
                    }],
                    ..SourceState::new(SourceKind::Netflow, "0.0.0.0:2055".into(), true)
                },
            ],
            malformed: 0,
            dropped: 0,
            hosts: 2,
            lists: vec![ListState { name: "urlhaus".into(), entries: 900, fetched_at: None }],
            spooled: 4,
            looks_into_content: false,
            disk: Some(DiskFault::Full),
            let_go: 5,
            copies: 6,
        };
        let json = r#"{"type":"state","at":"2026-11-29T10:00:00Z","version":"0.1.0","started_at":"2026-11-28T10:00:00Z","sources":[{"kind":"interface","name":"eth1","up":true,"packets":12,"bytes":1500,"flows":3,"kernel_drops":1},{"kind":"dns_log","name":"pihole.log","up":false,"packets":9,"bytes":800,"flows":0,"kernel_drops":0,"unread":2,"unused":{"knocking":7},"strangers":1,"heard_at":"2026-11-29T09:59:58Z","formats":["dnsmasq"],"fault":"not_allowed"},{"kind":"netflow","name":"0.0.0.0:2055","up":true,"packets":0,"bytes":0,"flows":0,"kernel_drops":0,"clocks":[{"exporter":"192.168.20.1","fault":"off","said":"1970-01-02T00:00:00Z","heard_at":"2026-11-29T09:59:58Z","records":40}]}],"malformed":0,"dropped":0,"hosts":2,"lists":[{"name":"urlhaus","entries":900,"fetched_at":null}],"spooled":4,"looks_into_content":false,"disk":"full","let_go":5,"copies":6}"#;
        check(&state, json);
        let report = Report::State(state);
        assert_eq!(report.to_json().unwrap(), json);
        assert_eq!(Report::from_json(json).unwrap(), report);
    }

    #[test]
    fn a_traffic_line_is_what_one_host_sent_to_one_place_in_an_hour() {
        let line = Report::Traffic(TrafficLine {
            hour: "2026-11-29T10:00:00Z".parse().unwrap(),
            host: Host { ip: [10, 0, 0, 5].into(), mac: None, name: Some("balie".into()), maker: None, kind: None },
            remote: Remote { ip: Some([203, 0, 113, 9].into()), port: Some(443), domain: Some("cloud.example".into()) },
            bytes_out: 4096,
            bytes_in: 120,
            connections: 2,
            other_places: None,
        });
        let json = line.to_json().unwrap();
        assert_eq!(
            json,
            r#"{"type":"traffic","hour":"2026-11-29T10:00:00Z","host":{"ip":"10.0.0.5","mac":null,"name":"balie"},"remote":{"ip":"203.0.113.9","port":443,"domain":"cloud.example"},"bytes_out":4096,"bytes_in":120,"connections":2}"#
        );
        assert_eq!(Report::from_json(&json).unwrap(), line);
    }

    #[test]
    fn what_is_left_of_an_hour_is_a_traffic_line_without_a_remote() {
        let line = Report::Traffic(TrafficLine {
            hour: "2026-11-29T10:00:00Z".parse().unwrap(),
            host: Host { ip: [10, 0, 0, 5].into(), mac: None, name: None, maker: None, kind: None },
            remote: Remote::default(),
            bytes_out: 700,
            bytes_in: 90,
            connections: 31,
            other_places: Some(26),
        });
        let json = line.to_json().unwrap();
        assert_eq!(
            json,
            r#"{"type":"traffic","hour":"2026-11-29T10:00:00Z","host":{"ip":"10.0.0.5","mac":null,"name":null},"remote":{"ip":null,"port":null,"domain":null},"bytes_out":700,"bytes_in":90,"connections":31,"other_places":26}"#
        );
        assert_eq!(Report::from_json(&json).unwrap(), line);
    }

    #[test]
    fn an_answer_brings_the_settings() {
        let settings = Settings {
            staff_informed_on: Some(jiff::civil::date(2026, 11, 29)),
            exceptions: vec![exception()],
            keep_days: 7,
            lists: vec![ServedList { name: "urlhaus".into(), version: "2026-11-29T10:00:00Z".into() }],
        };
        check(
            &Answer { accepted: 3, known: 1, set_aside: Vec::new(), settings },
            r#"{"accepted":3,"known":1,"settings":{"staff_informed_on":"2026-11-29","exceptions":[{"id":"00000000-0000-0000-0000-000000000007","kind":"beacon","host":"10.0.0.5","domain":"*.example.nl","network":"192.0.2.0/24","until":"2027-01-01","author":"A. Beheerder","reason":"de monitoring van de leverancier"}],"keep_days":7,"lists":[{"name":"urlhaus","version":"2026-11-29T10:00:00Z"}]}}"#,
        );
    }

    #[test]
    fn a_network_that_is_none_is_said_to_be_none() {
        let mut json = serde_json::to_value(exception()).unwrap();
        json["network"] = "192.0.2.0/99".into();
        let error = serde_json::from_value::<Exception>(json).unwrap_err().to_string();
        assert!(error.contains("192.0.2.0/99"), "{error}");
    }

    #[test]
    fn content_is_looked_into_from_the_day_on_which_the_staff_was_told() {
        let settings = |day: Option<Date>| Settings { staff_informed_on: day, ..Settings::default() };
        let today = jiff::civil::date(2026, 11, 29);
        assert!(!settings(None).allows_content(today));
        assert!(!settings(Some(jiff::civil::date(2026, 11, 30))).allows_content(today));
        assert!(settings(Some(today)).allows_content(today));
        assert!(settings(Some(jiff::civil::date(2026, 1, 1))).allows_content(today));
    }

    #[test]
    fn an_exception_has_a_condition_and_ends_on_its_day() {
        let bare = Exception { kind: None, host: None, domain: None, network: None, ..exception() };
        assert!(!bare.has_condition());
        assert!(Exception { host: exception().host, ..bare }.has_condition());
        assert!(exception().holds_on(jiff::civil::date(2026, 12, 31)));
        assert!(!exception().holds_on(jiff::civil::date(2027, 1, 1)));
    }

    #[test]
    fn what_is_refused_has_a_code_and_two_texts() {
        let refused = Refused {
            error: Reason {
                code: code::SECRET_UNKNOWN.into(),
                message: Text { nl: "Onbekend.".into(), en: "Unknown.".into() },
            },
        };
        check(&refused, r#"{"error":{"code":"secret_unknown","message":{"nl":"Onbekend.","en":"Unknown."}}}"#);
    }

    #[test]
    fn a_line_of_another_type_is_named() {
        let error = Report::from_json(r#"{"type":"stats"}"#).unwrap_err().to_string();
        assert!(error.contains("`stats`"), "{error}");
    }
}
