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
static ESTIMATED: Text =
    Text::new("Geschat: van de kennisname is alleen de dag bekend.", "Estimated: only the day of awareness is known.");
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
    calendar.to_string()
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
        display.uid(&format!("{}{}", before.num_seconds(), clock.uid)).timestamp(stamp);
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
