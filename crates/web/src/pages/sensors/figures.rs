//! The evidence of a detection as people read it: figures with their names, moments and amounts for pictures, techniques by
//! name.

use std::collections::BTreeMap;

use contract::detection::{DetectionLine, Kind};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::view::picture::{Moments, bytes_in_words};
use crate::view::sensor::grouped;
use crate::words::Words;
use crate::words::figures::{Unit, unit};

/// What goes into a picture.
pub(crate) const IN_PICTURES: [&str; 2] = ["times", "bytes_by_hour"];
/// How much of a list is shown, and how many characters of a text.
const MOST_PARTS: usize = 20;
const LONGEST_TEXT: usize = 300;
/// A sensor says at most two hundred.
const MOST_TIMES: usize = 400;
/// So long after a conversation began its first request may come.
const A_BEAT_LATE: SignedDuration = SignedDuration::from_mins(1);

/// A technique of MITRE ATT&CK.
pub(super) struct Technique {
    pub(super) id: String,
    /// MITRE's own name for it; empty where this program does not know it.
    pub(super) name: &'static str,
    /// Where MITRE describes it; empty where the id is none.
    pub(super) href: String,
}

/// The names of the techniques that detectors give, as MITRE's pages have them: of a sub-technique with its parent's before
/// it. Each pair of id and name was held against a list of ATT&CK for Enterprise v19.2 (T1595.001, which is not on that list,
/// against others that quote MITRE): none was renumbered or renamed since v17. Used under ATT&CK's terms of use.
const TECHNIQUES: &[(&str, &str)] = &[
    ("T1003.006", "OS Credential Dumping: DCSync"),
    ("T1018", "Remote System Discovery"),
    ("T1021.001", "Remote Services: Remote Desktop Protocol"),
    ("T1021.002", "Remote Services: SMB/Windows Admin Shares"),
    ("T1021.003", "Remote Services: Distributed Component Object Model"),
    ("T1021.006", "Remote Services: Windows Remote Management"),
    ("T1036.008", "Masquerading: Masquerade File Type"),
    ("T1040", "Network Sniffing"),
    ("T1046", "Network Service Discovery"),
    ("T1047", "Windows Management Instrumentation"),
    ("T1048", "Exfiltration Over Alternative Protocol"),
    ("T1048.003", "Exfiltration Over Alternative Protocol: Exfiltration Over Unencrypted Non-C2 Protocol"),
    ("T1053.005", "Scheduled Task/Job: Scheduled Task"),
    ("T1071", "Application Layer Protocol"),
    ("T1071.001", "Application Layer Protocol: Web Protocols"),
    ("T1071.003", "Application Layer Protocol: Mail Protocols"),
    ("T1071.004", "Application Layer Protocol: DNS"),
    ("T1090.003", "Proxy: Multi-hop Proxy"),
    ("T1095", "Non-Application Layer Protocol"),
    ("T1105", "Ingress Tool Transfer"),
    ("T1110.001", "Brute Force: Password Guessing"),
    ("T1110.003", "Brute Force: Password Spraying"),
    ("T1112", "Modify Registry"),
    ("T1210", "Exploitation of Remote Services"),
    ("T1496.001", "Resource Hijacking: Compute Hijacking"),
    ("T1567", "Exfiltration Over Web Service"),
    ("T1568.002", "Dynamic Resolution: Domain Generation Algorithms"),
    ("T1569.002", "System Services: Service Execution"),
    ("T1571", "Non-Standard Port"),
    ("T1572", "Protocol Tunneling"),
    ("T1573", "Encrypted Channel"),
    ("T1573.002", "Encrypted Channel: Asymmetric Cryptography"),
    ("T1595.001", "Active Scanning: Scanning IP Blocks"),
];

/// A technique by its id.
pub(super) fn technique(id: &str) -> Technique {
    let name = TECHNIQUES.iter().find(|(known, _)| *known == id).map(|(_, name)| *name).unwrap_or_default();
    let is_id = id.starts_with('T') && id.bytes().skip(1).all(|byte| byte.is_ascii_digit() || byte == b'.');
    let href =
        if is_id { format!("https://attack.mitre.org/techniques/{}/", id.replace('.', "/")) } else { String::new() };
    Technique { id: id.to_owned(), name, href }
}

/// Every figure with its name, but for those that are shown elsewhere.
pub(crate) fn in_words(evidence: &BTreeMap<String, Json>, elsewhere: &[&str], w: Words) -> Vec<(String, String)> {
    // A program that keeps one interval has no second.
    let is_none = |key: &str, value: &Json| key == "second_period_seconds" && value.as_f64() == Some(0.0);
    let told = evidence.iter().filter(|(key, value)| !elsewhere.contains(&key.as_str()) && !is_none(key, value));
    let told = told.map(|(key, value)| (w.figure(key), value_in_words(unit(key), value, w)));
    told.filter(|(_, value)| !value.is_empty()).collect()
}

fn value_in_words(unit: Unit, value: &Json, w: Words) -> String {
    match value {
        Json::Null | Json::Object(_) => String::new(),
        Json::Bool(is_so) => (if *is_so { w.yes() } else { w.no() }).to_owned(),
        Json::Number(number) => number_in_words(unit, number, w),
        Json::String(text) => shortened(w.figure_word(text)),
        Json::Array(parts) => {
            let said: Vec<_> = parts.iter().take(MOST_PARTS).map(|part| value_in_words(unit, part, w)).collect();
            let more = parts.len().saturating_sub(MOST_PARTS);
            let rest = if more > 0 { format!(", … (+{more})") } else { String::new() };
            said.join(", ") + &rest
        }
    }
}

fn number_in_words(unit: Unit, number: &serde_json::Number, w: Words) -> String {
    let amount = number.as_f64().unwrap_or_default();
    let plain = || match number.as_u64() {
        Some(whole) => grouped(whole, w),
        None => w.pick(format!("{amount:.2}").replace('.', ","), format!("{amount:.2}")),
    };
    match unit {
        Unit::Bytes => number.as_u64().map_or_else(plain, |whole| bytes_in_words(whole, w)),
        Unit::Seconds => duration(amount, w),
        Unit::Share => format!("{:.0} %", amount * 100.0),
        Unit::Bits => format!("{} bits", plain()),
        // The logarithm of how unlikely chance is; the figure itself stands in the line that the sensor said.
        Unit::Nats => w.unlikely_by_chance(amount).to_owned(),
        Unit::Points if number.as_u64() == Some(1) => format!("1 {}", w.unit_point()),
        Unit::Points => format!("{} {}", plain(), w.unit_points()),
        Unit::Itself => plain(),
    }
}

fn duration(seconds: f64, w: Words) -> String {
    let (amount, unit) = match seconds {
        _ if seconds < 120.0 => (seconds, w.unit_seconds()),
        _ if seconds < 7200.0 => (seconds / 60.0, w.unit_minutes()),
        _ => (seconds / 3600.0, w.unit_hours()),
    };
    let text = if amount >= 10.0 { format!("{amount:.0}") } else { format!("{amount:.1}") };
    format!("{} {unit}", w.pick(text.replace('.', ","), text))
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST_TEXT {
        return text.to_owned();
    }
    text.chars().take(LONGEST_TEXT).chain(['…']).collect()
}

/// The moments of a beacon. A sensor says some of them, where there are many: one of each so many, evenly.
pub(super) fn moments(line: &DetectionLine) -> Moments {
    let all = line.evidence.get("times").and_then(Json::as_array);
    let moment = |time: &Json| time.as_str().and_then(|text| text.parse().ok());
    let times: Vec<Timestamp> = all.into_iter().flatten().filter_map(moment).take(MOST_TIMES).collect();
    let shown = times.len() as u64;
    let in_all = line.evidence.get("connections").and_then(Json::as_u64).unwrap_or_default().max(shown);
    let step = in_all.div_ceil(shown.max(1));
    // Of a series that went on for long a sensor remembers the last part alone: then the first are not among them.
    let is_from_the_first = times.iter().min().is_some_and(|first| first.duration_since(line.first_at) < A_BEAT_LATE);
    let is_even = step > 1 && in_all.div_ceil(step) == shown && is_from_the_first;
    Moments { times, in_all, every: is_even.then_some(step) }
}

/// What was sent in each hour of the day (UTC) on which it was last seen.
pub(super) fn by_hour(line: &DetectionLine) -> Vec<(Timestamp, u64)> {
    let Some(amounts) = line.evidence.get("bytes_by_hour").and_then(Json::as_array) else { return Vec::new() };
    let day = line.last_at.to_zoned(TimeZone::UTC).start_of_day();
    let Ok(start) = day.map(|day| day.timestamp()) else { return Vec::new() };
    let hour = |(place, bytes): (usize, &Json)| {
        let hours = i64::try_from(place).unwrap_or_default();
        (start + SignedDuration::from_hours(hours), bytes.as_u64().unwrap_or_default())
    };
    amounts.iter().take(24).enumerate().map(hour).collect()
}

/// Names that were asked for, where names are what it is about.
pub(super) fn names(line: &DetectionLine) -> Vec<String> {
    if !matches!(line.kind, Kind::DnsTunnel | Kind::Dga) {
        return Vec::new();
    }
    let all = line.evidence.get("examples").and_then(Json::as_array);
    all.into_iter().flatten().filter_map(Json::as_str).take(MOST_PARTS).map(shortened).collect()
}

#[cfg(test)]
mod tests {
    use facts::Language;

    use super::*;

    fn line(kind: &str, evidence: &str) -> DetectionLine {
        serde_json::from_str(&format!(
            r#"{{"type":"detection","id":"d1","first_at":"2026-11-28T08:00:00Z","last_at":"2026-11-29T09:30:00Z","host":{{"ip":"10.0.0.5"}},"kind":"{kind}","severity":"high","confidence":0.9,"technique":[],"remote":{{}},"evidence":{evidence},"summary":{{"nl":"","en":""}}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn figures_are_said_in_their_units() {
        let evidence = r#"{"connections":1212,"period_seconds":301.4,"span_seconds":64800,"jitter":0.04,"share_in_rhythm":0.97,"sent_bytes":1250000,"answered":true,"signs":["odd_port","bare_address"],"times":["2026-11-29T08:00:00Z"],"nothing":null,"later":{"a":1}}"#;
        let told = in_words(&line("beacon", evidence).evidence, &IN_PICTURES, Words(Language::Dutch));
        let said: Vec<_> = told.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        insta::assert_snapshot!(said.join("\n"));
    }

    #[test]
    fn pictures_are_made_of_what_can_be_read_and_nothing_else() {
        let broken = line("beacon", r#"{"times":["2026-11-29T08:00:00Z","gisteren",7],"bytes_by_hour":"veel"}"#);
        assert_eq!(moments(&broken).times.len(), 1);
        assert_eq!(by_hour(&broken), []);
        assert_eq!(moments(&line("beacon", r#"{"times":{}}"#)), Moments::default());
        let many = format!("[{}]", vec!["1"; 99].join(","));
        let hours = by_hour(&line("exfiltration", &format!(r#"{{"bytes_by_hour":{many}}}"#)));
        assert_eq!((hours.len(), hours[0].0.to_string().as_str()), (24, "2026-11-29T00:00:00Z"), "of the last day");
        assert_eq!(names(&line("dga", r#"{"examples":["a.example",7]}"#)), ["a.example"]);
        assert_eq!(names(&line("beacon", r#"{"examples":["a.example"]}"#)), [""; 0]);
    }

    #[test]
    fn moments_are_known_to_be_some_of_more() {
        let of = |connections: u64, times: &[&str]| {
            let times = times.iter().map(|time| format!("\"2026-11-{time}:00Z\"")).collect::<Vec<_>>().join(",");
            let all = moments(&line("beacon", &format!(r#"{{"connections":{connections},"times":[{times}]}}"#)));
            (all.times.len(), all.in_all, all.every)
        };
        // It was first seen at 8 o'clock on the 28th.
        assert_eq!(of(3, &["28T08:00", "28T09:00", "28T10:00"]), (3, 3, None));
        assert_eq!(of(8, &["28T08:00", "28T11:00", "28T14:00"]), (3, 8, Some(3)));
        assert_eq!(of(8, &["29T08:00", "29T11:00", "29T14:00"]), (3, 8, None), "the last part alone is remembered");
        assert_eq!(of(9, &["28T08:00", "28T11:00", "28T14:00", "28T15:00"]), (4, 9, None), "not evenly");
        assert_eq!(of(0, &["28T08:00"]), (1, 1, None), "another says no number");
    }

    #[test]
    fn how_firm_a_rhythm_is_is_said_in_words() {
        let said = |evidence: &str, language| {
            let line = line("beacon", &format!(r#"{{"rhythm_evidence_nats":{evidence}}}"#));
            in_words(&line.evidence, &IN_PICTURES, Words(language)).remove(0)
        };
        let dutch = |evidence| said(evidence, Language::Dutch).1;
        assert_eq!(dutch("849"), "zo goed als zeker geen toeval");
        assert_eq!(dutch("25.5"), "vrijwel zeker geen toeval");
        assert_eq!(dutch("12"), "waarschijnlijk geen toeval");
        let (name, value) = said("849.0", Language::English);
        assert_eq!((name.as_str(), value.as_str()), ("How firm the rhythm is", "as good as certainly not by chance"));
    }

    #[test]
    fn an_id_that_is_none_leads_nowhere() {
        assert_eq!(technique("T1071.001").href, "https://attack.mitre.org/techniques/T1071/001/");
        assert_eq!(technique("T1071.001").name, "Application Layer Protocol: Web Protocols");
        assert_eq!((technique("T9999").name, technique("//evil.example").href.as_str()), ("", ""));
    }
}
