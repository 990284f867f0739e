//! Clocks as a calendar file (iCalendar, RFC 5545), for whoever keeps their deadlines in a calendar.
//!
//! Promises: one event a clock that is still to be done, at its target (a reminder: at its moment), with its alarms before
//! it; the same clocks give the same file, and an event keeps its identity when its moment moves. Moments stand in UTC, so
//! that no calendar needs our time zone. Nothing of the incident stands in it but what its clocks say. Deliberately not
//! here: the outer limit by Regulation 1182/71, which nobody steers on; sending.

use icalendar::{Alarm, Calendar, Component, Event, EventLike, Property};
use jiff::Timestamp;

use facts::{Language, Text};
use law::deadline::{ClockKind, PlannedClock};

static PROVISIONAL: Text =
    Text::new("Voorlopig: niemand heeft de kennisname vastgesteld.", "Provisional: nobody has set awareness.");
static ESTIMATED: Text = Text::new(
    "Geschat: het moment van kennisname staat niet vast.",
    "Estimated: the moment of awareness is not certain.",
);
static OURS: Text = Text::new("Onze herinnering, geen wettelijke termijn.", "Our reminder, no term of the law.");
static WITHOUT_DELAY: Text =
    Text::new("Doe het onverwijld; dit is het uiterste moment.", "Do it without undue delay; this is the last moment.");

/// The calendar of these clocks. `stamp` is when it was made; `about`, where given, stands behind each title: a number or a
/// name that tells one incident from another.
#[must_use]
pub fn calendar(clocks: &[PlannedClock], stamp: Timestamp, language: Language, about: Option<&str>) -> String {
    let mut calendar = Calendar::empty();
    for (key, value) in [("VERSION", "2.0"), ("PRODID", "-//Dijkwacht//Termijnen//NL"), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property(Property::new(key, value));
    }
    for clock in clocks.iter().filter(|clock| !clock.state.is_done()) {
        if let Some(event) = event(clock, stamp, language, about) {
            calendar.push(event);
        }
    }
    folded(&calendar.to_string())
}

/// The same lines, none longer than 75 octets (§3.1; the library makes some longer by one), and without the stamp that the
/// library gives alarms too, which have none (§3.6.6).
fn folded(file: &str) -> String {
    const MOST: usize = 75;
    let mut out = String::with_capacity(file.len() + file.len() / MOST * 3);
    let mut is_alarm = false;
    for line in file.replace("\r\n ", "").split_terminator("\r\n") {
        match line {
            "BEGIN:VALARM" => is_alarm = true,
            "END:VALARM" => is_alarm = false,
            line if is_alarm && line.starts_with("DTSTAMP") => continue,
            _ => {}
        }
        let mut octets = 0;
        for letter in line.chars() {
            if octets + letter.len_utf8() > MOST {
                out.push_str("\r\n ");
                octets = 1;
            }
            out.push(letter);
            octets += letter.len_utf8();
        }
        out.push_str("\r\n");
    }
    out
}

/// Absent where nothing counts down.
fn event(clock: &PlannedClock, stamp: Timestamp, language: Language, about: Option<&str>) -> Option<Event> {
    let at = match clock.kind {
        ClockKind::Reminder => *clock.alarms.first()?,
        ClockKind::Law | ClockKind::Contract => clock.target?,
    };
    let (start, stamp) = (utc(at)?, utc(stamp)?);
    let what = one_line(clock.what.in_language(language));
    let title = about.map_or_else(|| what.clone(), |about| format!("{what} ({})", one_line(about)));
    let mut event = Event::new();
    event.uid(&clock.uid).timestamp(stamp).starts(start).summary(&title).description(&description(clock, language));
    event.add_property("CLASS", "CONFIDENTIAL").add_property("TRANSP", "TRANSPARENT");
    for alarm in clock.alarms.iter().filter(|alarm| **alarm <= at) {
        let before = utc(*alarm)? - start;
        let mut display = Alarm::display(&title, before);
        // The same alarm in every file, so that a calendar replaces it (RFC 9074).
        display.uid(&format!("{}{}", before.num_seconds(), clock.uid));
        event.alarm(display);
    }
    Some(event.done())
}

/// What it rests on, and how firm its moment is.
fn description(clock: &PlannedClock, language: Language) -> String {
    let firmness = match clock.kind {
        ClockKind::Reminder => Some(&OURS),
        _ if clock.is_without_delay => Some(&WITHOUT_DELAY),
        _ => None,
    };
    let told = [clock.is_provisional.then_some(&PROVISIONAL), clock.is_estimated.then_some(&ESTIMATED), firmness];
    let told = told.into_iter().flatten().map(|text| text.in_language(language).to_owned());
    told.chain([clock.basis.join("; ")]).collect::<Vec<_>>().join("\n")
}

/// What a person typed may hold anything; a calendar's line holds no control characters.
fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same instant as the calendar's library writes it; nothing outside what it can hold.
fn utc(at: Timestamp) -> Option<chrono::DateTime<chrono::Utc>> {
    chrono::DateTime::from_timestamp(at.as_second(), 0)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use jiff::tz::TimeZone;
    use law::deadline::{ClockStart, ClockState, ContractTerm, Moments, TermKind, TermLength, clocks_from};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// The clocks of a moment in the weekend of the clock change, with a contract whose other side has this name.
    fn clocks(with: &str) -> Vec<PlannedClock> {
        let packs = law::Packs::builtin().unwrap_or_else(|error| panic!("{error}"));
        let terms = [
            ContractTerm { id: "a".into(), kind: TermKind::Insurer, with: with.into(), length: TermLength::Hours(24) },
            ContractTerm {
                id: "b".into(),
                kind: TermKind::Other,
                with: with.into(),
                length: TermLength::WorkingDays(2),
            },
        ];
        let moments = Moments {
            aware: ClockStart { at: at("2026-03-27T14:20:00Z"), is_provisional: true, is_estimated: true },
            detected_at: None,
            csirt_notified_at: BTreeMap::new(),
            terms: &terms,
            zone: TimeZone::get("Europe/Amsterdam").unwrap(),
        };
        clocks_from(&[packs.by_id("avg").unwrap()], &moments)
    }

    fn made(clocks: &[PlannedClock]) -> String {
        calendar(clocks, at("2026-03-27T15:00:00Z"), Language::Dutch, Some("voorval 7"))
    }

    /// The lines with their folds undone (RFC 5545 §3.1), checked for what holds for every line.
    fn lines(file: &str) -> Vec<String> {
        assert!(file.ends_with("\r\n") && !file.replace("\r\n", "").contains(['\r', '\n']), "every line ends in CRLF");
        for line in file.split("\r\n") {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
            assert!(!line.chars().any(char::is_control), "{line}");
        }
        file.replace("\r\n ", "").split_terminator("\r\n").map(ToOwned::to_owned).collect()
    }

    /// The events of a file, each its own lines, with those of its alarms apart.
    fn events(file: &str) -> Vec<(Vec<String>, Vec<Vec<String>>)> {
        let mut events = Vec::new();
        let mut alarm: Option<Vec<String>> = None;
        for line in lines(file) {
            match line.as_str() {
                "BEGIN:VEVENT" => events.push((Vec::new(), Vec::new())),
                "BEGIN:VALARM" => alarm = Some(Vec::new()),
                "END:VALARM" => events.last_mut().unwrap().1.extend(alarm.take()),
                _ => match (&mut alarm, events.last_mut()) {
                    (Some(alarm), _) => alarm.push(line),
                    (None, Some(event)) => event.0.push(line),
                    (None, None) => {}
                },
            }
        }
        events
    }

    fn one<'a>(lines: &'a [String], key: &str) -> &'a str {
        let found: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix(key)?.strip_prefix(':')).collect();
        assert_eq!(found.len(), 1, "{key} stands once in {lines:?}");
        found[0]
    }

    #[test]
    fn an_event_a_deadline_with_its_alarms_before_it() {
        let file = made(&clocks("Bakkerij Smit"));
        let all = lines(&file);
        assert_eq!(all[0], "BEGIN:VCALENDAR");
        assert_eq!(all.last().unwrap(), "END:VCALENDAR");
        assert_eq!((one(&all, "VERSION"), one(&all, "CALSCALE")), ("2.0", "GREGORIAN"));
        let events = events(&file);
        let starts: Vec<_> = events.iter().map(|(event, _)| one(event, "DTSTART")).collect();
        assert_eq!(starts, ["20260330T142000Z", "20260328T142000Z", "20260331T215959Z"]);
        let mut names = BTreeSet::new();
        for (event, alarms) in &events {
            assert_eq!(one(event, "DTSTAMP"), "20260327T150000Z");
            assert!(one(event, "SUMMARY").ends_with("(voorval 7)"));
            assert_eq!((one(event, "CLASS"), one(event, "TRANSP")), ("CONFIDENTIAL", "TRANSPARENT"));
            // An end must lie after the start (§3.6.1): a moment has none.
            assert!(!event.iter().any(|line| line.starts_with("DTEND") || line.starts_with("DURATION")));
            assert!(names.insert(one(event, "UID")), "names are unique");
            assert!(!alarms.is_empty());
            for alarm in alarms {
                assert_eq!(one(alarm, "ACTION"), "DISPLAY");
                assert!(!alarm.iter().any(|line| line.starts_with("DTSTAMP")), "no property of an alarm (§3.6.6)");
                assert_eq!(one(alarm, "DESCRIPTION"), one(event, "SUMMARY"));
                let trigger = one(alarm, "TRIGGER");
                assert!(trigger.starts_with("-P") || trigger == "PT0S" || trigger == "P0D", "{trigger}");
                assert!(names.insert(one(alarm, "UID")), "names are unique");
            }
        }
        assert_eq!(events[0].1.iter().map(|alarm| one(alarm, "TRIGGER")).collect::<Vec<_>>().join(" "), TRIGGERS);
        let description = one(&events[0].0, "DESCRIPTION");
        assert!(description.contains("Voorlopig") && description.contains("Geschat"), "{description}");
        assert!(description.ends_with("AVG art. 33(1)"), "{description}");
        assert_eq!(file, made(&clocks("Bakkerij Smit")), "the same clocks give the same file");
    }

    /// Of the 72 hours: at the start, and after 24, 48, 60, 68 and 71 of them.
    const TRIGGERS: &str = "-PT259200S -PT172800S -PT86400S -PT43200S -PT14400S -PT3600S";

    #[test]
    fn what_people_typed_breaks_no_line() {
        let hostile =
            "Smit, Jansen; \"Zn\"\\\r\nEND:VEVENT\r\n\u{7}X 老虎老虎老虎老虎老虎老虎老虎老虎老虎老虎老虎老虎老虎 é";
        let file = made(&clocks(hostile));
        let events = events(&file);
        assert_eq!(events.len(), 3);
        let summary = one(&events[1].0, "SUMMARY");
        assert!(summary.contains("Smit\\, Jansen\\; \"Zn\"\\\\ END:VEVENT X 老虎"), "{summary}");
    }

    #[test]
    fn what_is_done_or_has_no_number_is_no_event() {
        let mut all = clocks("Bakkerij Smit");
        let timeless = all.iter().filter(|clock| clock.target.is_none()).count();
        assert_eq!(events(&made(&all)).len(), all.len() - timeless);
        for clock in &mut all {
            clock.state = ClockState::DoneInTime;
        }
        assert!(events(&made(&all)).is_empty());
        assert_eq!(lines(&made(&[])).len(), 5, "an empty calendar is a calendar still");
    }

    #[test]
    fn an_event_keeps_its_name_when_its_moment_moves() {
        let before = clocks("Bakkerij Smit");
        let mut after = before.clone();
        for clock in &mut after {
            clock.target = clock.target.map(|target| target + jiff::SignedDuration::from_hours(5));
        }
        let (before, after) = (made(&before), made(&after));
        let names = |file: &str| events(file).iter().map(|(event, _)| one(event, "UID").to_owned()).collect::<Vec<_>>();
        assert_ne!(before, after);
        assert_eq!(names(&before), names(&after));
    }

    #[test]
    fn a_reminder_rings_at_its_moment_and_says_whose_it_is() {
        let mut clock = clocks("Bakkerij Smit").remove(0);
        clock.kind = ClockKind::Reminder;
        clock.target = None;
        clock.alarms = vec![at("2026-04-03T14:20:00Z")];
        let events = events(&made(&[clock]));
        assert_eq!(one(&events[0].0, "DTSTART"), "20260403T142000Z");
        assert!(one(&events[0].0, "DESCRIPTION").contains("Onze herinnering"));
        assert_eq!(events[0].1.len(), 1);
    }
}
