//! Detections as ArcSight's Common Event Format, in syslog messages (RFC 5424).

use contract::detection::{DetectionLine, Severity};

use super::{key, named};

/// RFC 5424 facility 10: security and authorisation, not for everybody's eyes.
const FACILITY: u8 = 10;

/// The event, without syslog around it. Text of strangers (names asked for) cannot begin a field or a line of its own.
#[must_use]
pub fn cef(detection: &DetectionLine) -> String {
    let (_, name) = named(detection.kind);
    let level = match detection.severity {
        Severity::Low => 3,
        Severity::Medium => 5,
        Severity::High => 8,
        Severity::Critical => 10,
    };
    let kind = key(detection.kind);
    let mut text =
        format!("CEF:0|Dijkwacht|sensor|{}|{}|{}|{level}|", env!("CARGO_PKG_VERSION"), header(&kind), header(name));
    let mut put = |key: &str, value: &str| {
        if !text.ends_with('|') {
            text.push(' ');
        }
        text.push_str(key);
        text.push('=');
        text.push_str(&extension(value));
    };
    put("externalId", &detection.id);
    put("start", &detection.first_at.as_millisecond().to_string());
    put("end", &detection.last_at.as_millisecond().to_string());
    put("src", &detection.host.ip.to_string());
    if let Some(mac) = &detection.host.mac {
        put("smac", mac);
    }
    if let Some(name) = &detection.host.name {
        put("shost", name);
    }
    if let Some(ip) = detection.remote.ip {
        put("dst", &ip.to_string());
    }
    if let Some(port) = detection.remote.port {
        put("dpt", &port.to_string());
    }
    if let Some(domain) = &detection.remote.domain {
        put("dhost", domain);
    }
    if !detection.technique.is_empty() {
        put("cs1Label", "techniques");
        put("cs1", &detection.technique.join(" "));
    }
    // Last, so that what is cut off for length is the end of a sentence.
    put("msg", &detection.summary.en);
    text
}

/// The message whole. `sensor` is the machine's name.
#[must_use]
pub fn rfc5424(detection: &DetectionLine, sensor: &str) -> String {
    let severity = match detection.severity {
        Severity::Critical => 2,
        Severity::High => 3,
        Severity::Medium => 4,
        Severity::Low => 5,
    };
    let priority = FACILITY * 8 + severity;
    let at = detection.last_at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ");
    format!("<{priority}>1 {at} {} dijkwacht - {} - {}", host(sensor), key(detection.kind), cef(detection))
}

/// A name as RFC 5424 §6 takes it: printable ASCII without spaces, or nothing.
fn host(name: &str) -> String {
    let name: String = name.chars().filter(char::is_ascii_graphic).take(255).collect();
    if name.is_empty() { "-".to_owned() } else { name }
}

/// In the header `|` and `\` are escaped, and there are no lines.
fn header(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '|' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// In a value `=` and `\` are escaped, and lines are written `\n`.
fn extension(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '=' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}
