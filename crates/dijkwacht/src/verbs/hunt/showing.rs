//! What was found, as text, JSON lines or a table.

use archive::{Answer, DnsRow, FlowRow, Row, Value};
use facts::Language;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// Lines for people, and what they add up to.
pub(super) fn text(answer: &Answer, zone: &TimeZone, language: Language) -> String {
    let say = |nl: &'static str, en: &'static str| if language == Language::Dutch { nl } else { en };
    let mut out = String::new();
    for row in &answer.rows {
        let line = match row {
            Row::Flow(row) => flow(row, zone, language),
            Row::Dns(row) => question(row, zone, language),
        };
        // Names come from strangers: nothing of them steers a terminal.
        out.extend(line.chars().map(|letter| if letter.is_control() { char::REPLACEMENT_CHARACTER } else { letter }));
        out.push('\n');
    }
    let (flows, dns) = (answer.flows, answer.dns);
    if answer.files == 0 {
        out.push_str(say(
            "Er is niets bewaard: de map heeft geen bestanden van een sensor.\n",
            "Nothing is kept: the folder has no files of a sensor.\n",
        ));
        return out;
    }
    if flows + dns == 0 {
        out.push_str(say(
            "Niets gevonden in wat er bewaard is. Wat korter dan vijf minuten geleden was, kan nog ontbreken.\n",
            "Nothing found in what is kept. What was less than five minutes ago may still be missing.\n",
        ));
        return out;
    }
    let count =
        |count: u64, one: &'static str, many: &'static str| format!("{count} {}", if count == 1 { one } else { many });
    let (connections, questions) = match language {
        Language::Dutch => (count(flows, "verbinding", "verbindingen"), count(dns, "DNS-vraag", "DNS-vragen")),
        Language::English => (count(flows, "connection", "connections"), count(dns, "DNS question", "DNS questions")),
    };
    let shown = answer.rows.len() as u64;
    if shown < flows + dns {
        out.push_str(&match language {
            Language::Dutch => format!("Alleen de nieuwste {shown} staan hierboven; --limit toont er meer.\n"),
            Language::English => format!("Only the newest {shown} stand above; --limit shows more.\n"),
        });
    }
    let zone = zone.iana_name().unwrap_or("UTC");
    out.push_str(&format!(
        "{}: {connections}, {questions}. {} {zone}.\n",
        say("Gevonden", "Found"),
        say("Tijden in", "Times in")
    ));
    out
}

fn flow(row: &FlowRow, zone: &TimeZone, language: Language) -> String {
    let dutch = language == Language::Dutch;
    let end = |ip: std::net::IpAddr, port: Option<u16>| match (ip, port) {
        (ip, None) => ip.to_string(),
        (std::net::IpAddr::V6(ip), Some(port)) => format!("[{ip}]:{port}"),
        (ip, Some(port)) => format!("{ip}:{port}"),
    };
    let mut line = format!(
        "{}  {} → {}  {}",
        shown(row.first_at, zone),
        end(row.client_ip, row.client_port),
        end(row.server_ip, row.server_port),
        row.application.as_deref().unwrap_or(&row.transport)
    );
    let names = [("", &row.tls_name), ("", &row.http_host), ("DNS ", &row.dns_name)];
    let mut said: Vec<&str> = Vec::new();
    for (label, name) in names {
        if let Some(name) = name.as_deref().filter(|name| !said.contains(name)) {
            line.push_str(&format!("  {label}{name}"));
            said.push(name);
        }
    }
    line.push_str(&format!(
        "  {} {}, {} {}",
        bytes(row.sent.bytes, dutch),
        if dutch { "heen" } else { "out" },
        bytes(row.received.bytes, dutch),
        if dutch { "terug" } else { "back" }
    ));
    let lasted = row.last_at.duration_since(row.first_at);
    if lasted >= SignedDuration::from_secs(1) {
        line.push_str(&format!("  {}", length(lasted)));
    }
    match row.handshake.as_deref() {
        Some("refused") => line.push_str(if dutch { "  geweigerd" } else { "  refused" }),
        Some("attempted") => line.push_str(if dutch { "  geen antwoord" } else { "  no answer" }),
        _ => {}
    }
    let prints =
        [("JA3", &row.ja3), ("JA4", &row.ja4), ("SHA-1", &row.certificate_sha1), ("SHA-256", &row.certificate_sha256)];
    for (label, print) in prints {
        if let Some(print) = print {
            line.push_str(&format!("  {label} {print}"));
        }
    }
    line
}

fn question(row: &DnsRow, zone: &TimeZone, language: Language) -> String {
    let dutch = language == Language::Dutch;
    let answer = match (&row.code, row.answers.is_empty()) {
        (None, _) => (if dutch { "geen antwoord" } else { "no answer" }).to_owned(),
        (Some(code), true) => code.clone(),
        (Some(_), false) => row.answers.join(", "),
    };
    let asks = if dutch { "vraagt" } else { "asks" };
    // A resolver's own log does not say which of its addresses was asked.
    let resolver = match row.resolver_ip {
        ip if ip.is_unspecified() => (if dutch { "zijn resolver" } else { "its resolver" }).to_owned(),
        ip => ip.to_string(),
    };
    let (at, client) = (shown(row.at, zone), row.client_ip);
    format!("{at}  {client} {asks} {resolver}  dns  {} {}: {answer}", row.name, row.kind)
}

/// With the zone's own word for its time, since a clock hour happens twice when summer ends.
fn shown(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

fn length(lasted: SignedDuration) -> String {
    let seconds = lasted.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
    }
}

fn bytes(count: u64, dutch: bool) -> String {
    let (mut tenths, mut unit) = (u128::from(count) * 10, "B");
    for next in ["kB", "MB", "GB", "TB"] {
        if tenths < 10_000 {
            break;
        }
        tenths /= 1_000;
        unit = next;
    }
    if unit == "B" {
        return format!("{count} B");
    }
    format!("{}{}{} {unit}", tenths / 10, if dutch { ',' } else { '.' }, tenths % 10)
}

/// A line for each row, its columns as they are called in the files; the last says what was counted.
pub(super) fn json(answer: &Answer) -> String {
    let lines = answer.rows.iter().filter_map(|row| serde_json::to_string(&Line(row)).ok());
    let mut out: String = lines.map(|line| line + "\n").collect();
    let counted = serde_json::json!({
        "type": "hunt",
        "flows": answer.flows,
        "dns": answer.dns,
        "shown": answer.rows.len(),
        "files": answer.files,
        "opened": answer.opened,
        "unreadable": answer.refused.iter().map(|one| one.path.display().to_string()).collect::<Vec<_>>(),
    });
    out.push_str(&format!("{counted}\n"));
    out
}

struct Line<'a>(&'a Row);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", kind(self.0))?;
        for (name, value) in self.0.fields() {
            match value {
                Value::Unknown => map.serialize_entry(name, &())?,
                Value::Time(at) => map.serialize_entry(name, &format!("{at:.6}"))?,
                Value::Number(number) => map.serialize_entry(name, &number)?,
                Value::Text(text) => map.serialize_entry(name, &text)?,
                Value::Texts(texts) => map.serialize_entry(name, texts)?,
            }
        }
        map.end()
    }
}

fn kind(row: &Row) -> &'static str {
    match row {
        Row::Flow(_) => archive::Kind::Flows.key(),
        Row::Dns(_) => archive::Kind::Dns.key(),
    }
}

/// A table with a heading: what a row's kind has no column for stays empty.
pub(super) fn csv(answer: &Answer) -> String {
    let names = Row::field_names();
    let mut out = format!("type,{}\r\n", names.join(","));
    for row in &answer.rows {
        out.push_str(kind(row));
        let fields = row.fields();
        for name in &names {
            out.push(',');
            let value = fields.iter().find(|(known, _)| known == name).map(|(_, value)| value);
            match value {
                None | Some(Value::Unknown) => {}
                Some(Value::Time(at)) => out.push_str(&format!("{at:.6}")),
                Some(Value::Number(number)) => out.push_str(&number.to_string()),
                Some(Value::Text(text)) => out.push_str(&cell(text)),
                Some(Value::Texts(texts)) => out.push_str(&cell(&texts.join(" "))),
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// A spreadsheet takes a cell that begins so for a formula and runs it (OWASP, CSV injection): an apostrophe keeps it text.
fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r', ';']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_lengths_are_short() {
        for (count, dutch) in
            [(0, "0 B"), (999, "999 B"), (1_000, "1,0 kB"), (1_234_567, "1,2 MB"), (u64::MAX, "18446744,0 TB")]
        {
            assert_eq!(bytes(count, true), dutch);
        }
        assert_eq!(bytes(2_500, false), "2.5 kB");
        assert_eq!(length(SignedDuration::from_secs(59)), "59 s");
        assert_eq!(length(SignedDuration::from_secs(7_380)), "2 h 3 min");
    }

    #[test]
    fn a_cell_that_would_be_a_formula_is_text() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("a.example"), "a.example");
    }
}
