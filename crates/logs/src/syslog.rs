//! What stands around a log's message: syslog's envelope by RFC 3164, RFC 5424 and as files keep it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::moment;

/// 31 December 2000, 12:00 UTC: a stamp without a year may be of any day of that leap year.
const LEAP_YEAR: Timestamp = Timestamp::constant(978_264_000, 0);

/// A line without its envelope.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Envelope<'a> {
    /// Absent: the envelope has none, and the message must say it.
    pub(crate) at: Option<Timestamp>,
    /// Its moment named no zone.
    pub(crate) is_civil: bool,
    pub(crate) host: Option<&'a str>,
    pub(crate) program: Option<&'a str>,
    /// The number of the program's process.
    pub(crate) process: Option<&'a str>,
    pub(crate) message: &'a str,
}

/// Takes the envelope off. A year or zone that is missing is that of the moment of receipt.
pub(crate) fn open<'a>(line: &'a str, received_at: Timestamp, zone: &TimeZone) -> Envelope<'a> {
    let rest = without_mark(without_priority(without_mark(line).trim()));
    if let Some(envelope) = rfc5424(rest, zone) {
        return envelope;
    }
    let (at, is_civil, rest) = match stamp(rest, received_at, zone) {
        Some((at, is_civil, rest)) => (Some(at), is_civil, rest),
        None => (None, false, rest),
    };
    let (host, program, message) = if at.is_some() { sender(rest) } else { (None, None, rest) };
    let (program, process) = (program.map(program_name), program.and_then(process));
    Envelope { at, is_civil, host, program, process, message: without_mark(message) }
}

/// The JSON object that a line is, or that stands in it as syslog's message: by itself, or behind `@cee:` (rsyslog).
pub(crate) fn object(line: &str) -> Option<&str> {
    let line = without_mark(line).trim_start();
    if line.starts_with('{') || !line.contains('{') {
        return line.starts_with('{').then_some(line);
    }
    // It says its own moment: the envelope is only taken off.
    let message = open(line, LEAP_YEAR, &TimeZone::UTC).message;
    let message = message.strip_prefix("@cee:").unwrap_or(message).trim_start();
    message.starts_with('{').then_some(message)
}

/// Without the mark that some put before UTF-8 (RFC 5424 §6.4); it is no white space.
pub(crate) fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// `<134>` at the beginning.
fn without_priority(line: &str) -> &str {
    match line.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        Some((priority, rest)) if priority.len() <= 3 && priority.bytes().all(|byte| byte.is_ascii_digit()) => {
            rest.trim_start()
        }
        _ => line,
    }
}

fn rfc5424<'a>(rest: &'a str, zone: &TimeZone) -> Option<Envelope<'a>> {
    let rest = rest.strip_prefix("1 ")?;
    let (stamp, rest) = rest.split_once(' ')?;
    let at = if stamp == "-" { None } else { Some(moment::iso(stamp, zone)?) };
    let (host, rest) = rest.split_once(' ')?;
    let (program, rest) = rest.split_once(' ')?;
    let (process, rest) = rest.split_once(' ')?;
    let (_kind, rest) = rest.split_once(' ')?;
    let said = |word: &'a str| Some(word).filter(|word| *word != "-");
    Some(Envelope {
        at,
        is_civil: at.is_some() && !moment::has_zone(stamp),
        host: said(host),
        program: said(program),
        process: said(process),
        message: without_mark(after_structured_data(rest)?.trim_start()).trim(),
    })
}

/// What follows `-` or `[id name="value"…]…`; within quotes a backslash takes the next character as it is.
fn after_structured_data(rest: &str) -> Option<&str> {
    if let Some(message) = rest.strip_prefix('-') {
        return Some(message);
    }
    let (mut is_within, mut is_quoted, mut is_escaped) = (false, false, false);
    for (at, c) in rest.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' if is_within => is_quoted = !is_quoted,
            '[' if !is_quoted => is_within = true,
            ']' if !is_quoted => is_within = false,
            _ if !is_within => return rest.get(at..),
            _ => {}
        }
    }
    (!is_within).then_some("")
}

/// `Oct 19 08:00:00 ` (RFC 3164), also with a year; `Mon Oct 19 08:00:00 2026 `, as OpenWrt has it (C's `asctime`);
/// `2026-10-19T08:00:00+02:00 `, as files have it. With whether it names no zone, and what stands behind it.
fn stamp<'a>(rest: &'a str, received_at: Timestamp, zone: &TimeZone) -> Option<(Timestamp, bool, &'a str)> {
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        let (stamp, after) = rest.split_once(' ')?;
        // A date alone has its clock in the next word.
        if stamp.len() == "2026-11-23".len() {
            let (clock, after) = after.trim_start().split_once(' ')?;
            let whole = format!("{}T{}", stamp.replace('/', "-"), clock.replace(',', "."));
            return Some((moment::iso(&whole, zone)?, !moment::has_zone(&whole), after.trim_start()));
        }
        return Some((moment::iso(stamp, zone)?, !moment::has_zone(stamp), after.trim_start()));
    }
    let weekday = rest.split_once(' ').filter(|(day, _)| is_weekday(day));
    let rest = weekday.map_or(rest, |(_, rest)| rest.trim_start());
    let month = moment::month(rest.get(..3)?)?;
    let rest = rest.get(3..)?.trim_start();
    let (day, rest) = rest.split_once(' ')?;
    let day: i8 = day.parse().ok()?;
    let (word, after) = rest.trim_start().split_once(' ')?;
    let (first, clock, after) = match year_of(word) {
        Some(year) => {
            let (clock, after) = after.trim_start().split_once(' ')?;
            (Some(year), clock, after)
        }
        None => (None, word, after),
    };
    let time = moment::clock(clock)?;
    // Behind the clock, but only where the day's name stands before it all: else it may be a host's name.
    let last = after.trim_start().split_once(' ').filter(|_| weekday.is_some());
    let (year, after) = match last.and_then(|(word, after)| Some((year_of(word)?, after))) {
        Some((year, after)) => (Some(year), after),
        None => (first, after),
    };
    let of =
        |year: i16| moment::civil(DateTime::from_parts(jiff::civil::Date::new(year, month, day).ok()?, time), zone);
    let at = match year {
        Some(year) => of(year)?,
        None => {
            // Of the year of receipt; a day that still lies ahead was last year's. 29 February may exist in one of them.
            let this_year = received_at.to_zoned(zone.clone()).year();
            let ahead = received_at.saturating_add(jiff::SignedDuration::from_hours(24)).ok()?;
            of(this_year).filter(|at| *at <= ahead).or_else(|| of(this_year - 1))?
        }
    };
    Some((at, true, after.trim_start()))
}

fn is_weekday(word: &str) -> bool {
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].contains(&word)
}

fn year_of(word: &str) -> Option<i16> {
    word.parse().ok().filter(|_| word.len() == 4)
}

/// `host program[1]: message`, `program: message`, `host message`: the host, the program with its process, the message. For
/// a host OpenWrt's files have `kern.warn`.
fn sender(rest: &str) -> (Option<&str>, Option<&str>, &str) {
    let is_program = |word: &str| word.ends_with(':') && !word.contains(['=', '{']) && !word.starts_with("CEF:");
    let Some((first, after)) = rest.split_once(' ') else { return (None, None, rest) };
    let after = after.trim_start();
    if is_program(first) {
        return (None, Some(first), after);
    }
    if first.contains(['=', '[', '|', '{']) || first.starts_with("CEF:") {
        return (None, None, rest);
    }
    match after.split_once(' ') {
        Some((second, message)) if is_program(second) => (Some(first), Some(second), message.trim_start()),
        _ => (Some(first), None, after),
    }
}

/// `dnsmasq` of `dnsmasq[123]:`.
fn program_name(word: &str) -> &str {
    word.split(['[', ':']).next().unwrap_or(word)
}

/// `123` of `dnsmasq[123]:`.
fn process(word: &str) -> Option<&str> {
    word.split_once('[')?.1.split(']').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn envelopes_of_every_kind_are_taken_off() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let received: Timestamp = "2026-10-19T06:00:10Z".parse().unwrap();
        let table = [
            ("<134>Oct 19 08:00:00 fw filterlog[9]: 5,,,", Some("2026-10-19T06:00:00Z"), Some("filterlog"), "5,,,"),
            (
                "2026-10-19 08:00:00,500 fw filterlog[9]: 5,,,",
                Some("2026-10-19T06:00:00.5Z"),
                Some("filterlog"),
                "5,,,",
            ),
            ("<134>2026/10/19 08:00:00+02:00 fw filterlog[9]: 5", Some("2026-10-19T06:00:00Z"), Some("filterlog"), "5"),
            (
                "Oct  9 08:00:00 dnsmasq[12]: query[A] a.nl from 10.0.0.5",
                Some("2026-10-09T06:00:00Z"),
                Some("dnsmasq"),
                "query[A] a.nl from 10.0.0.5",
            ),
            (
                "<4>Nov 20 08:00:00 UDM kernel: [LAN-D]IN=br0",
                Some("2025-11-20T07:00:00Z"),
                Some("kernel"),
                "[LAN-D]IN=br0",
            ),
            (
                "<30>1 2026-10-19T08:00:00.5+02:00 fw unbound 77 - [meta x=\"a]\\\"b\"] [77:0] info: x",
                Some("2026-10-19T06:00:00.5Z"),
                Some("unbound"),
                "[77:0] info: x",
            ),
            ("<30>1 - - - - - - hello", None, None, "hello"),
            ("2026-10-19T08:00:00+0200 router kernel: x y", Some("2026-10-19T06:00:00Z"), Some("kernel"), "x y"),
            ("<189>date=2026-10-19 time=08:00:00 x=1", None, None, "date=2026-10-19 time=08:00:00 x=1"),
            (
                "Oct 19 2026 08:00:00 fw CEF:0|A|B|1|2|c|3|src=1",
                Some("2026-10-19T06:00:00Z"),
                None,
                "CEF:0|A|B|1|2|c|3|src=1",
            ),
            (
                "Mon Oct 19 08:00:00 2026 kern.warn kernel: [1.5] reject lan out: IN=br-lan",
                Some("2026-10-19T06:00:00Z"),
                Some("kernel"),
                "[1.5] reject lan out: IN=br-lan",
            ),
            (
                "Sun Feb  4 08:00:00 2024 daemon.info dnsmasq[1]: query[A] a.nl from 10.0.0.5",
                Some("2024-02-04T07:00:00Z"),
                Some("dnsmasq"),
                "query[A] a.nl from 10.0.0.5",
            ),
            ("Mon Oct 19 08:00:00 ow kernel: x y", Some("2026-10-19T06:00:00Z"), Some("kernel"), "x y"),
            (
                "<30>1 2026-10-19T08:00:00Z pi dnsmasq 1 - - \u{feff}a",
                Some("2026-10-19T08:00:00Z"),
                Some("dnsmasq"),
                "a",
            ),
            ("\u{feff}<189>date=2026-10-19 x=1", None, None, "date=2026-10-19 x=1"),
            ("<189>\u{feff}date=2026-10-19 x=1", None, None, "date=2026-10-19 x=1"),
            ("Oct 19 08:00:00 FGT CEF: 0|A|B", Some("2026-10-19T06:00:00Z"), None, "CEF: 0|A|B"),
            ("Oct 19 08:00:00 CEF: 0|A|B", Some("2026-10-19T06:00:00Z"), None, "CEF: 0|A|B"),
            ("no envelope at all", None, None, "no envelope at all"),
        ];
        for (line, at, program, message) in table {
            let at = at.map(|at| at.parse().unwrap());
            let opened = open(line, received, &zone);
            assert_eq!((opened.at, opened.program, opened.message), (at, program, message), "{line}");
        }
    }

    #[test]
    fn a_moment_names_its_zone_or_not() {
        for (line, is_civil) in [
            ("Oct 19 08:00:00 fw x: y", true),
            ("2026-10-19 08:00:00,500 fw x: y", true),
            ("2026/10/19 08:00:00+02:00 fw x: y", false),
            ("2026-10-19T08:00:00+0200 fw x: y", false),
            ("<30>1 2026-10-19T08:00:00Z fw x 1 - - y", false),
            ("<30>1 2026-10-19T08:00:00 fw x 1 - - y", true),
            ("<30>1 - fw x 1 - - y", false),
            ("x y", false),
        ] {
            assert_eq!(open(line, LEAP_YEAR, &TimeZone::UTC).is_civil, is_civil, "{line}");
        }
    }

    #[test]
    fn who_sent_a_line_is_its_host_and_its_process() {
        for (line, host, process) in [
            ("Oct 19 08:00:00 pi1 dnsmasq[11]: x y", Some("pi1"), Some("11")),
            ("Oct 19 08:00:00 pi1 dnsmasq: x y", Some("pi1"), None),
            ("Oct 19 08:00:00 dnsmasq[11]: x y", None, Some("11")),
            ("Oct 19 08:00:00 pi1 x y", Some("pi1"), None),
            ("<30>1 2026-10-19T08:00:00Z pi1 dnsmasq 11 - - x", Some("pi1"), Some("11")),
            ("<30>1 2026-10-19T08:00:00Z - dnsmasq - - - x", None, None),
            ("x y", None, None),
        ] {
            let opened = open(line, LEAP_YEAR, &TimeZone::UTC);
            assert_eq!((opened.host, opened.process), (host, process), "{line}");
        }
    }

    #[test]
    fn an_object_is_found_within_an_envelope_and_not_within_a_text() {
        let object_in = [
            "{\"a\": 1}",
            "\u{feff}{\"a\": 1}",
            "<141>{\"a\": 1}",
            "<141>1 2026-10-19T08:00:00Z fw suricata 1 - [meta x=\"7\"] {\"a\": 1}",
            "<141>Feb 29 08:00:00 fw suricata[1]: {\"a\": 1}",
            "Oct 19 08:00:00 fw {\"a\": 1}",
            "Oct 19 08:00:00 {\"a\": 1}",
            "Oct 19 08:00:00 fw suricata: @cee: {\"a\": 1}",
            "Oct 19 08:00:00 fw @cee:{\"a\": 1}",
            "@cee: {\"a\": 1}",
        ];
        for line in object_in {
            assert_eq!(object(line), Some("{\"a\": 1}"), "{line}");
        }
        for line in ["", "none", "Oct 19 08:00:00 fw web: GET /?x={\"a\": 1}", "url=\"{\"a\": 1}\""] {
            assert_eq!(object(line), None, "{line}");
        }
    }
}
