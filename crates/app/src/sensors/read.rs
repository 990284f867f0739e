//! A report read within bounds: every line is what the contract says, and can be kept, or the report is refused with the line
//! that is not.

use std::collections::BTreeSet;

use jiff::Timestamp;

use contract::detection::{CaseLine, DetectionLine, Host, Remote, Severity};
use contract::sensor::{Report, StateLine, TrafficLine};
use facts::Text;
use uuid::Uuid;

use super::urgent::needs_attention;
use super::withheld::is_content;
use super::{CaseRow, DetectionRow, SensorReport, TrafficRow};

/// The most lines in a report. A sensor that is far behind sends several.
pub const MOST_LINES: usize = 20_000;
/// The longest line in bytes: a detection with two hundred moments and ten names has less than a tenth of it.
const LONGEST_LINE: usize = 256 * 1024;
const LONGEST_ID: usize = 64;
/// The longest name of a host, a domain or a source, in bytes; DNS allows 253.
const LONGEST_NAME: usize = 300;
/// The most detections in one case.
const MOST_DETECTIONS: usize = 2_000;
/// The largest count, of bytes or connections: an exbibyte.
const LARGEST_COUNT: u64 = 1 << 60;
/// The most sources and lists in a state.
const MOST_PARTS: usize = 200;

/// One line of a report, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadLine<T> {
    pub said: T,
    /// The line, byte for byte.
    pub json: String,
    /// Its place in the report, from 1.
    pub number: u64,
}

/// A report, read, and not yet anybody's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadReport {
    pub detections: Vec<ReadLine<DetectionLine>>,
    pub cases: Vec<ReadLine<CaseLine>>,
    pub traffic: Vec<ReadLine<TrafficLine>>,
    pub states: Vec<ReadLine<StateLine>>,
}

/// Why a report is refused: one line of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {}", what.en)]
pub struct WrongLine {
    /// From 1.
    pub line: usize,
    pub what: Text,
}

impl WrongLine {
    /// The whole for people.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::made(format!("regel {}: {}", self.line, self.what.nl), self.to_string())
    }
}

/// Reads a report: one JSON object a line, empty lines passed over.
pub fn read_report(text: &str) -> Result<ReadReport, WrongLine> {
    let mut report = ReadReport::default();
    for (place, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |what: Text| WrongLine { line: place + 1, what };
        if place >= MOST_LINES {
            return Err(wrong(Text::made(
                format!("een bericht heeft ten hoogste {MOST_LINES} regels; stuur er meer"),
                format!("a report has at most {MOST_LINES} lines; send several"),
            )));
        }
        if line.len() > LONGEST_LINE {
            return Err(wrong(too_long("de regel", "the line", LONGEST_LINE)));
        }
        let read = Report::from_json(line).map_err(|why| wrong(Text::made(why.nl(), why.to_string())))?;
        check(&read).map_err(wrong)?;
        let (json, number) = (line.to_owned(), place as u64 + 1);
        match read {
            Report::Detection(said) => report.detections.push(ReadLine { said, json, number }),
            Report::Case(said) => report.cases.push(ReadLine { said, json, number }),
            Report::Traffic(said) => report.traffic.push(ReadLine { said, json, number }),
            Report::State(said) => report.states.push(ReadLine { said, json, number }),
        }
    }
    Ok(report)
}

fn check(report: &Report) -> Result<(), Text> {
    match report {
        Report::Detection(detection) => {
            check_id(&detection.id)?;
            check_host(&detection.host)?;
            check_remote(&detection.remote)?;
            if detection.last_at < detection.first_at {
                return Err(Text::new("`last_at` ligt voor `first_at`", "`last_at` lies before `first_at`"));
            }
        }
        Report::Case(case) => {
            check_id(&case.id)?;
            check_host(&case.host)?;
            if case.detections.is_empty() {
                return Err(Text::new(
                    "een zaak noemt ten minste één detectie waar zij op rust",
                    "a case names at least one detection that it rests on",
                ));
            }
            if case.detections.len() > MOST_DETECTIONS {
                return Err(Text::made(
                    format!("een zaak heeft ten hoogste {MOST_DETECTIONS} detecties"),
                    format!("a case has at most {MOST_DETECTIONS} detections"),
                ));
            }
            for id in &case.detections {
                check_id(id)?;
            }
        }
        Report::Traffic(traffic) => {
            check_host(&traffic.host)?;
            check_remote(&traffic.remote)?;
            let places = traffic.other_places.unwrap_or_default();
            if traffic.bytes_out.max(traffic.bytes_in).max(traffic.connections).max(places) > LARGEST_COUNT {
                return Err(Text::new("een telling is te groot", "a count is too large"));
            }
        }
        Report::State(state) => {
            check_name(&state.version)?;
            if state.sources.len() > MOST_PARTS || state.lists.len() > MOST_PARTS {
                return Err(Text::made(
                    format!("ten hoogste {MOST_PARTS} bronnen en {MOST_PARTS} lijsten"),
                    format!("at most {MOST_PARTS} sources and {MOST_PARTS} lists"),
                ));
            }
            let names =
                state.sources.iter().map(|source| &source.name).chain(state.lists.iter().map(|list| &list.name));
            let formats = state.sources.iter().flat_map(|source| &source.formats);
            let unused = state.sources.iter().flat_map(|source| source.unused.keys());
            for name in names.chain(formats).chain(unused) {
                check_name(name)?;
            }
            if state.sources.iter().any(|source| source.formats.len().max(source.unused.len()) > MOST_PARTS) {
                return Err(Text::new("een bron heeft te veel vormen", "a source has too many formats"));
            }
        }
    }
    Ok(())
}

/// An id goes into addresses of pages.
fn check_id(id: &str) -> Result<(), Text> {
    let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if id.is_empty() || id.len() > LONGEST_ID || !is_plain {
        return Err(Text::made(
            format!("een id is 1 tot {LONGEST_ID} letters, cijfers, `-` of `_`"),
            format!("an id is 1 to {LONGEST_ID} letters, digits, `-` or `_`"),
        ));
    }
    Ok(())
}

fn check_host(host: &Host) -> Result<(), Text> {
    host.name.as_deref().map_or(Ok(()), check_name)
}

fn check_remote(remote: &Remote) -> Result<(), Text> {
    remote.domain.as_deref().map_or(Ok(()), check_name)
}

fn check_name(name: &str) -> Result<(), Text> {
    if name.len() > LONGEST_NAME {
        return Err(too_long("een naam", "a name", LONGEST_NAME));
    }
    if name.contains('\0') {
        return Err(Text::new("een naam bevat een NUL-teken", "a name holds a NUL character"));
    }
    Ok(())
}

fn too_long(nl: &str, en: &str, most: usize) -> Text {
    Text::made(
        format!("{nl} is te lang (ten hoogste {most} bytes)"),
        format!("{en} is too long (at most {most} bytes)"),
    )
}

impl ReadReport {
    /// The latest moment that it says by the sensor's clock, or by whatever the sensor listens to.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        let detections = self.detections.iter().map(|line| line.said.last_at);
        let hours = self.traffic.iter().map(|line| line.said.hour);
        detections.chain(hours).chain(self.states.iter().map(|line| line.said.at)).max()
    }

    /// The report without what says a later moment than this, and the numbers of those lines. A case goes with the detections
    /// that it rests on, where all of them go.
    pub(super) fn until(&self, last: Timestamp) -> (Self, Vec<u64>) {
        let mut aside = Vec::new();
        let detections = without(&self.detections, |said| said.last_at > last, &mut aside);
        let gone = self.detections.iter().filter(|line| line.said.last_at > last);
        let gone: BTreeSet<_> = gone.map(|line| line.said.id.as_str()).collect();
        let rests_on_none = |case: &CaseLine| case.detections.iter().all(|id| gone.contains(id.as_str()));
        let rest = Self {
            detections,
            cases: without(&self.cases, rests_on_none, &mut aside),
            traffic: without(&self.traffic, |said| said.hour > last, &mut aside),
            states: without(&self.states, |said| said.at > last, &mut aside),
        };
        aside.sort_unstable();
        (rest, aside)
    }

    /// Whether nothing is in it.
    pub(super) fn is_empty(&self) -> bool {
        self.detections.len() + self.cases.len() + self.traffic.len() + self.states.len() == 0
    }

    /// As it is stored, of a sensor, as it came in at a moment. `holds_content`: whether what the sensor read in people's
    /// traffic may be kept. Where the staff was not told, or that was taken back, a sensor that has not heard so yet may
    /// still send it.
    pub(super) fn rows(&self, sensor: Uuid, holds_content: bool, now: Timestamp) -> SensorReport {
        let (kept, withheld): (Vec<_>, Vec<_>) =
            self.detections.iter().partition(|line| holds_content || !is_content(line.said.kind));
        let detection = |ReadLine { said: line, json, .. }: &ReadLine<DetectionLine>| DetectionRow {
            sensor,
            id: line.id.clone(),
            kind: serde_json::to_value(line.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            severity: rank(line.severity),
            host: line.host.ip.to_string(),
            first_at: line.first_at,
            last_at: line.last_at,
            received_at: now,
            first_received_at: now,
            incident: None,
            json: json.clone(),
        };
        let case = |ReadLine { said: line, json, .. }: &ReadLine<CaseLine>| CaseRow {
            sensor,
            id: line.id.clone(),
            severity: rank(line.severity),
            is_urgent: needs_attention(json, line.severity),
            changed_at: now,
            first_received_at: now,
            incident: None,
            held_back_at: None,
            json: json.clone(),
        };
        let traffic = |ReadLine { said: line, .. }: &ReadLine<TrafficLine>| TrafficRow {
            hour: line.hour,
            host: line.host.ip.to_string(),
            host_name: line.host.name.clone().unwrap_or_default(),
            remote: line.remote.ip.map(|ip| ip.to_string()).unwrap_or_default(),
            remote_port: line.remote.port.unwrap_or_default(),
            remote_domain: line.remote.domain.clone().unwrap_or_default(),
            bytes_out: line.bytes_out,
            bytes_in: line.bytes_in,
            connections: line.connections,
            other_places: line.other_places,
        };
        SensorReport {
            detections: kept.into_iter().map(detection).collect(),
            withheld: withheld.into_iter().map(|line| line.said.id.clone()).collect(),
            cases: self.cases.iter().map(case).collect(),
            traffic: self.traffic.iter().map(traffic).collect(),
            // The newest, and of those of one moment the one that came last.
            state: self
                .states
                .iter()
                .max_by_key(|line| line.said.at)
                .map(|line| (line.said.at, line.said.version.clone(), line.json.clone())),
            progress: String::new(),
            states: self.states.len() as u64,
        }
    }
}

/// The lines but for those; their numbers go with the others that were set aside.
fn without<T: Clone>(lines: &[ReadLine<T>], goes: impl Fn(&T) -> bool, aside: &mut Vec<u64>) -> Vec<ReadLine<T>> {
    let (gone, kept): (Vec<_>, Vec<_>) = lines.iter().partition(|line| goes(&line.said));
    aside.extend(gone.into_iter().map(|line| line.number));
    kept.into_iter().cloned().collect()
}

/// The place of a severity in the order.
pub(super) fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::Low => 0,
        Severity::Medium => 1,
        Severity::High => 2,
        Severity::Critical => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DETECTION: &str = r#"{"type":"detection","id":"d1","first_at":"2026-11-29T08:00:00Z","last_at":"2026-11-29T09:00:00Z","host":{"ip":"10.0.0.5"},"kind":"beacon","severity":"high","confidence":0.9,"technique":["T1071.001"],"remote":{"ip":"203.0.113.9","port":443,"domain":"evil.example"},"evidence":{},"summary":{"nl":"Gezien.","en":"Seen."},"later":1}"#;
    const STATE: &str = r#"{"type":"state","at":"2026-11-29T10:00:00Z","version":"0.1.0","started_at":"2026-11-28T10:00:00Z","sources":[],"malformed":0,"dropped":0,"hosts":2,"lists":[],"spooled":0,"looks_into_content":false}"#;

    const REST: &str = r#"{"type":"traffic","hour":"2026-11-29T10:00:00Z","host":{"ip":"10.0.0.5"},"remote":{},"bytes_out":700,"bytes_in":90,"connections":31,"other_places":26}"#;

    #[test]
    fn what_is_left_of_an_hour_and_what_an_older_sensor_counted_are_told_apart() {
        let older =
            REST.replace(r#""remote":{}"#, r#""remote":{"ip":"203.0.113.9"}"#).replace(r#","other_places":26"#, "");
        let rows = read_report(&format!("{REST}\n{older}")).unwrap().rows(Uuid::nil(), true, Timestamp::UNIX_EPOCH);
        let told: Vec<_> = rows.traffic.iter().map(|row| (row.place(), row.bytes_out, row.other_places)).collect();
        assert_eq!(told, [("", 700, Some(26)), ("203.0.113.9", 700, None)]);
    }

    #[test]
    fn a_report_is_read_line_by_line_and_each_is_kept_as_it_was_said() {
        let older = STATE.replace("T10:00:00Z\",\"version", "T09:00:00Z\",\"version");
        let read = read_report(&format!("{DETECTION}\r\n\n{STATE}\n{older}\n")).unwrap();
        assert_eq!(read.detections[0].json, DETECTION, "with what was added later");
        let numbers: Vec<_> = read.states.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [3, 4], "an empty line counts");
        let rows = read.rows(Uuid::nil(), true, Timestamp::UNIX_EPOCH);
        assert_eq!((rows.states, rows.state.unwrap().2), (2, STATE.to_owned()), "the newest");
        assert_eq!(read_report("").unwrap(), ReadReport::default());
    }

    #[test]
    fn what_lies_too_far_ahead_goes_with_the_cases_that_rest_on_nothing_else() {
        let case = |id: &str, detections: &str| {
            format!(
                r#"{{"type":"case","id":"{id}","host":{{"ip":"10.0.0.5"}},"severity":"high","detections":[{detections}],"proposed_facts":{{}},"summary":{{"nl":"","en":""}}}}"#
            )
        };
        let ahead = DETECTION.replace("\"d1\"", "\"d2\"").replace("T09:00", "T23:00");
        let later = STATE.replace("T10:00:00Z\",\"version", "T23:00:00Z\",\"version");
        let elsewhere = case("c3", r#""d3""#);
        let lines = [DETECTION, &ahead, &case("c1", r#""d2""#), &case("c2", r#""d1","d2""#), &elsewhere, STATE, &later];
        let read = read_report(&lines.join("\n")).unwrap();
        let (rest, aside) = read.until("2026-11-29T12:00:00Z".parse().unwrap());
        assert_eq!(aside, [2, 3, 7]);
        let cases: Vec<_> = rest.cases.iter().map(|line| line.said.id.as_str()).collect();
        assert_eq!((rest.detections.len(), cases, rest.states.len()), (1, vec!["c2", "c3"], 1));
        let (rest, aside) = read.until(Timestamp::MIN);
        assert_eq!((rest.is_empty(), rest.cases.len(), aside.len()), (false, 1, 6), "a case of nothing says no moment");
    }

    #[test]
    fn what_cannot_be_kept_is_refused_with_its_line() {
        let refused = |text: &str, words: &str| {
            let wrong = read_report(text).unwrap_err();
            assert!(wrong.to_string().contains(words), "{text}: {wrong}");
            wrong.line
        };
        assert_eq!(refused(&format!("{DETECTION}\nnot json"), "not what a sensor says"), 2);
        assert_eq!(refused(r#"{"type":"stats"}"#, "stats"), 1);
        refused(&DETECTION.replace("\"d1\"", "\"a/b\""), "an id is");
        refused(&DETECTION.replace("\"d1\"", &format!("\"{}\"", "a".repeat(65))), "an id is");
        refused(&DETECTION.replace("\"d1\"", "\"\""), "an id is");
        refused(&DETECTION.replace("T09:00", "T07:00"), "lies before");
        refused(&DETECTION.replace("evil.example", &"a".repeat(301)), "a name is too long");
        let of_nothing = r#"{"type":"case","id":"c1","host":{"ip":"10.0.0.5"},"severity":"critical","detections":[],"proposed_facts":{},"summary":{"nl":"","en":""}}"#;
        assert_eq!(refused(&format!("{DETECTION}\n{of_nothing}"), "at least one detection"), 2);
        refused(&DETECTION.replace("evil.example", "evil\\u0000.example"), "NUL");
        refused(&DETECTION.replace("Seen.", &"a".repeat(LONGEST_LINE)), "the line is too long");
        refused(&REST.replace(":26}", ":1152921504606846977}"), "a count is too large");
        refused(
            &format!("{}{STATE}", "\n".repeat(MOST_LINES)).replace('\n', &format!("{STATE}\n")),
            "at most 20000 lines",
        );
        let nested = format!("{{\"type\":\"detection\",\"evidence\":{}", "[".repeat(100_000));
        refused(&nested, "line 1");
    }
}
