//! The 72-hour clock as pages show it: a ring, a small gauge, and always the words beside them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use app::Clock;

use crate::view::time::When;
use crate::words::Words;

/// From here on it is the emergency road: act now, report what is known.
const NOW: SignedDuration = SignedDuration::from_hours(12);
/// From here on the day of the deadline has come.
const SOON: SignedDuration = SignedDuration::from_hours(24);
const FULL_SECONDS: f64 = 72.0 * 3600.0;

/// A clock, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClockView {
    pub(crate) w: Words,
    /// `calm`, `soon`, `now`, `late`, or `still` for one that was stopped. The colours hang on it.
    pub(crate) mood: &'static str,
    /// How many seconds are left, below nought when late; absent for a clock that stands still.
    pub(crate) seconds: Option<i64>,
    /// The figure in the ring.
    pub(crate) count: String,
    /// What the figure counts.
    pub(crate) unit: String,
    /// How much of the ring is left, of 72.
    pub(crate) share: String,
    /// The outer moment.
    pub(crate) target: When,
    /// By Regulation 1182/71: for the officer, never steered on.
    /// By Regulation 1182/71; only for who decides.
    pub(crate) limit: Option<When>,
    pub(crate) is_provisional: bool,
    /// Why it stands still.
    pub(crate) stopped: Option<String>,
    /// The mood in words.
    pub(crate) says: &'static str,
}

impl ClockView {
    pub(crate) fn new(clock: &Clock, now: Timestamp, zone: &TimeZone, w: Words) -> Self {
        let target = clock.deadline.target;
        let when = |at| When::new(at, zone, w.0);
        let reached = if clock.is_stopped { clock.notified_at } else { Some(now) };
        let left = reached.map(|at| target.duration_since(at));
        let (count, unit) = match (clock.is_stopped, left) {
            (false, Some(left)) => figures(left, w),
            (_, Some(_)) => ("✓".to_owned(), w.clock_reported().to_owned()),
            (_, None) => ("–".to_owned(), w.clock_still().to_owned()),
        };
        let mood = if clock.is_stopped { "still" } else { left.map_or("still", mood) };
        let share = left.map_or(0.0, |left| (left.as_secs_f64() / FULL_SECONDS * 72.0).clamp(0.0, 72.0));
        let stopped = clock.is_stopped.then(|| match (clock.notified_at, left) {
            (Some(at), Some(left)) if left.is_negative() => w.clock_reported_late(&when(at).words),
            (Some(at), _) => w.clock_reported_at(&when(at).words),
            _ => w.clock_need_not().to_owned(),
        });
        Self {
            w,
            mood,
            seconds: (!clock.is_stopped).then(|| left.map_or(0, |left| left.as_secs())),
            count,
            unit,
            share: format!("{share:.2}"),
            target: when(target),
            limit: None,
            is_provisional: clock.is_provisional && !clock.is_stopped,
            stopped,
            says: match mood {
                "soon" => w.clock_says_soon(),
                "now" => w.clock_says_now(),
                "late" => w.clock_says_late(),
                "still" => "",
                _ => w.clock_says_calm(),
            },
        }
    }

    /// With the limit that nobody steers on, for who decides.
    pub(crate) fn with_limit(mut self, clock: &Clock, zone: &TimeZone) -> Self {
        self.limit = Some(When::new(clock.deadline.limit, zone, self.w.0));
        self
    }

    /// The figure with its unit, for lists and for who cannot see the ring.
    pub(crate) fn left(&self) -> String {
        if self.stopped.is_some() { self.unit.clone() } else { format!("{} {}", self.count, self.unit) }
    }
}

pub(crate) fn mood(left: SignedDuration) -> &'static str {
    if left.is_negative() {
        "late"
    } else if left < NOW {
        "now"
    } else if left < SOON {
        "soon"
    } else {
        "calm"
    }
}

/// Hours down to the last one, then minutes; rounded down, so that it never promises more than there is.
pub(crate) fn figures(left: SignedDuration, w: Words) -> (String, String) {
    let size = left.abs();
    let hours = size.as_hours();
    let (count, unit) = if hours >= 1 {
        (hours, if hours == 1 { w.hour() } else { w.hours() })
    } else {
        (size.as_mins(), if size.as_mins() == 1 { w.minute() } else { w.minutes() })
    };
    let unit = if left.is_negative() { format!("{unit} {}", w.too_late()) } else { unit.to_owned() };
    (count.to_string(), unit)
}

#[cfg(test)]
mod tests {
    use facts::Language;
    use law::verdict::Deadline;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn clock(is_stopped: bool, notified_at: Option<&str>) -> Clock {
        Clock {
            started_at: at("2026-03-27T14:20:00Z"),
            is_provisional: false,
            deadline: Deadline { target: at("2026-03-30T14:20:00Z"), limit: at("2026-03-30T15:00:00Z") },
            is_stopped,
            notified_at: notified_at.map(at),
        }
    }

    fn view(clock: &Clock, now: &str) -> ClockView {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        ClockView::new(clock, at(now), &zone, Words(Language::Dutch))
    }

    #[test]
    fn a_running_clock_says_how_long_and_until_when() {
        let check = |now: &str, mood: &str, left: &str| {
            let view = view(&clock(false, None), now);
            assert_eq!((view.mood, view.left().as_str()), (mood, left), "at {now}");
        };
        check("2026-03-27T14:20:00Z", "calm", "72 uur");
        check("2026-03-29T14:20:00Z", "calm", "24 uur");
        check("2026-03-29T14:20:01Z", "soon", "23 uur");
        check("2026-03-30T02:20:01Z", "now", "11 uur");
        check("2026-03-30T13:20:00Z", "now", "1 uur");
        check("2026-03-30T13:35:00Z", "now", "45 minuten");
        check("2026-03-30T17:20:00Z", "late", "3 uur te laat");
        let words = view(&clock(false, None), "2026-03-27T14:20:00Z").target.words;
        assert_eq!(words, "maandag 30 maart 2026, 16:20 uur (zomertijd)");
    }

    #[test]
    fn a_stopped_clock_says_so_and_stays() {
        let reported = view(&clock(true, Some("2026-03-28T14:20:00Z")), "2027-01-01T00:00:00Z");
        assert_eq!((reported.mood, reported.seconds, reported.share.as_str()), ("still", None, "48.00"));
        assert!(reported.stopped.unwrap().contains("28 maart"));
        let late = view(&clock(true, Some("2026-03-31T14:20:00Z")), "2027-01-01T00:00:00Z");
        assert!(late.stopped.unwrap().contains("te laat"));
        assert_eq!(view(&clock(true, None), "2026-03-28T14:20:00Z").count, "–");
    }
}
