//! Pictures of what a sensor saw, drawn here as SVG: moments on a day, amounts by hour, shares of a whole. Each comes with the
//! same in words or in a table, for who cannot see it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::view::sensor::grouped;
use crate::words::Words;

pub(crate) const WIDTH: f64 = 720.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 8.0;
/// Room for the largest amount above the bars, also in the large letters of a narrow screen.
const BARS_TOP: f64 = 30.0;
const DOTS_HEIGHT: f64 = 180.0;
const BARS_HEIGHT: f64 = 140.0;
const FOOT: f64 = 26.0;

/// A sign at an axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) at: String,
    pub(crate) label: String,
    /// Left out where there is little room.
    pub(crate) is_between: bool,
}

/// Moments on a day: the hour across, the minute upwards. What a program does stands in rows and columns; what a person does
/// is scattered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dots {
    pub(crate) height: String,
    pub(crate) axis: String,
    pub(crate) dots: Vec<(String, String)>,
    pub(crate) hours: Vec<Tick>,
    pub(crate) minutes: Vec<Tick>,
    /// The same in words, each with its day and its time, for a table.
    pub(crate) moments: Vec<(String, String)>,
    /// For who cannot see it.
    pub(crate) says: String,
}

/// Moments for a picture, which may be some of more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moments {
    pub(crate) times: Vec<Timestamp>,
    /// How many there were.
    pub(crate) in_all: u64,
    /// Of each so many one was taken, where that is known.
    pub(crate) every: Option<u64>,
}

impl Dots {
    /// Nothing where there are no moments.
    pub(crate) fn of(moments: &Moments, zone: &TimeZone, w: Words) -> Option<Self> {
        let times = &moments.times;
        let (first, last) = (times.iter().min()?, times.iter().max()?);
        let x = |hours: f64| LEFT + hours / 24.0 * (WIDTH - LEFT - RIGHT);
        let y = |minutes: f64| TOP + DOTS_HEIGHT - minutes / 60.0 * DOTS_HEIGHT;
        let dot = |at: &Timestamp| {
            let local = at.to_zoned(zone.clone());
            let (hour, minute) = (f64::from(local.hour()), f64::from(local.minute()));
            let seconds = f64::from(local.second());
            (figure(x(hour + minute / 60.0)), figure(y(minute + seconds / 60.0)))
        };
        let days = last.duration_since(*first).as_hours() / 24 + 1;
        let in_words = |at: &Timestamp| {
            let local = at.to_zoned(zone.clone());
            (local.strftime("%-d-%-m").to_string(), local.strftime("%H:%M:%S").to_string())
        };
        let mut sorted = times.clone();
        sorted.sort_unstable();
        let (shown, in_all) = (grouped(times.len() as u64, w), grouped(moments.in_all, w));
        Some(Self {
            height: figure(TOP + DOTS_HEIGHT + FOOT),
            axis: figure(TOP + DOTS_HEIGHT),
            dots: times.iter().map(dot).collect(),
            hours: (0..=24)
                .step_by(4)
                .map(|hour| tick(x(f64::from(hour)), format!("{hour}:00"), hour % 8 == 4))
                .collect(),
            minutes: [0, 15, 30, 45]
                .map(|minute| tick(y(f64::from(minute)) + 4.0, format!(":{minute:02}"), false))
                .into(),
            moments: sorted.iter().map(in_words).collect(),
            says: w.picture_dots(&w.picture_moments(&shown, &in_all, moments.every), days),
        })
    }
}

/// A bar of an hour.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) width: String,
    pub(crate) height: String,
    /// What it says when pointed at, and in the table.
    pub(crate) hour: String,
    pub(crate) amount: String,
}

/// Bytes by hour.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bars {
    pub(crate) height: String,
    pub(crate) axis: String,
    pub(crate) bars: Vec<Bar>,
    pub(crate) ticks: Vec<Tick>,
    /// The most in one hour.
    pub(crate) most: String,
    pub(crate) says: String,
}

impl Bars {
    /// Nothing where nothing was sent. `hours`: when each began and what was sent, in order, without gaps.
    pub(crate) fn of(hours: &[(Timestamp, u64)], zone: &TimeZone, w: Words) -> Option<Self> {
        let most = hours.iter().map(|(_, bytes)| *bytes).max().filter(|most| *most > 0)?;
        let width = (WIDTH - LEFT - RIGHT) / hours.len() as f64;
        let label = |at: &Timestamp| at.to_zoned(zone.clone()).strftime("%-d-%-m %H:%M").to_string();
        let bars = hours.iter().enumerate().map(|(place, (at, bytes))| {
            let height = if *bytes == 0 { 0.0 } else { (*bytes as f64 / most as f64 * BARS_HEIGHT).max(1.0) };
            Bar {
                x: figure(LEFT + width * place as f64),
                y: figure(BARS_TOP + BARS_HEIGHT - height),
                width: figure((width - 1.0).max(0.5)),
                height: figure(height),
                hour: label(at),
                amount: bytes_in_words(*bytes, w),
            }
        });
        let every = hours.len().div_ceil(6).max(1);
        let ticks = hours.iter().enumerate().step_by(every).enumerate();
        let ticks = ticks
            .map(|(number, (place, (at, _)))| tick(LEFT + width * place as f64, label(at), number % 2 == 1))
            .collect();
        let peak = hours.iter().find(|(_, bytes)| *bytes == most).map(|(at, _)| label(at)).unwrap_or_default();
        let total = hours.iter().fold(0_u64, |sum, (_, bytes)| sum.saturating_add(*bytes));
        Some(Self {
            height: figure(BARS_TOP + BARS_HEIGHT + FOOT),
            axis: figure(BARS_TOP + BARS_HEIGHT),
            bars: bars.collect(),
            ticks,
            most: bytes_in_words(most, w),
            says: w.picture_bars(&bytes_in_words(total, w), &bytes_in_words(most, w), &peak),
        })
    }
}

/// One place and its share of what went out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Share {
    pub(crate) label: String,
    pub(crate) amount: String,
    /// Of the largest, in hundredths.
    pub(crate) share: String,
    /// Who sent it.
    pub(crate) from: String,
}

/// Shares, the largest first.
pub(crate) fn shares(mut amounts: Vec<(String, u64, String)>, most_shown: usize, w: Words) -> Vec<Share> {
    amounts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let most = amounts.first().map_or(1, |(_, bytes, _)| (*bytes).max(1));
    let share = |(label, bytes, from): (String, u64, String)| Share {
        label,
        amount: bytes_in_words(bytes, w),
        share: figure(bytes as f64 / most as f64 * 100.0),
        from,
    };
    amounts.into_iter().take(most_shown).map(share).collect()
}

/// The hours from one until another, each with what was counted in it.
pub(crate) fn by_hour(counted: &[(Timestamp, u64)], from: Timestamp, hours: i64) -> Vec<(Timestamp, u64)> {
    let mut all: Vec<_> = (0..hours).map(|hour| (from + SignedDuration::from_hours(hour), 0_u64)).collect();
    for (at, bytes) in counted {
        let place = usize::try_from(at.duration_since(from).as_hours()).ok().filter(|_| *at >= from);
        if let Some((_, sum)) = place.and_then(|place| all.get_mut(place)) {
            *sum = sum.saturating_add(*bytes);
        }
    }
    all
}

/// `1,2 MB`: in thousands, as providers count.
pub(crate) fn bytes_in_words(bytes: u64, w: Words) -> String {
    let mut amount = bytes as f64;
    let mut unit = "B";
    for larger in ["kB", "MB", "GB", "TB", "PB"] {
        if amount < 999.5 {
            break;
        }
        amount /= 1000.0;
        unit = larger;
    }
    let text = if unit == "B" || amount >= 99.5 { format!("{amount:.0}") } else { format!("{amount:.1}") };
    format!("{} {unit}", w.pick(text.replace('.', ","), text))
}

fn tick(at: f64, label: String, is_between: bool) -> Tick {
    Tick { at: figure(at), label, is_between }
}

fn figure(number: f64) -> String {
    format!("{number:.1}")
}

#[cfg(test)]
mod tests {
    use facts::Language;

    use super::*;

    const W: Words = Words(Language::Dutch);

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn bytes_are_said_as_people_say_them() {
        for (bytes, said) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1,0 kB"),
            (1_250_000, "1,2 MB"),
            (99_600_000, "100 MB"),
            (999_499_999, "999 MB"),
            (999_600_000, "1,0 GB"),
            (u64::MAX, "18447 PB"),
        ] {
            assert_eq!(bytes_in_words(bytes, W), said);
        }
        assert_eq!(bytes_in_words(1_250_000, Words(Language::English)), "1.2 MB");
    }

    #[test]
    fn a_rhythm_stands_at_its_hour_and_minute_there() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let times = vec![at("2026-11-28T23:00:00Z"), at("2026-11-30T11:30:00Z")];
        let moments = Moments { times, in_all: 2, every: None };
        let dots = Dots::of(&moments, &zone, W).unwrap();
        assert_eq!(dots.dots, [("44.0".into(), "188.0".into()), ("391.9".into(), "98.0".into())], "0:00 and 12:30");
        assert_eq!(dots.moments, [("29-11".into(), "00:00:00".into()), ("30-11".into(), "12:30:00".into())]);
        let on_a_phone: Vec<_> = dots.hours.iter().filter(|tick| !tick.is_between).map(|tick| &tick.label).collect();
        assert_eq!(on_a_phone, ["0:00", "8:00", "16:00", "24:00"]);
        assert!(dots.says.starts_with("2 momenten uit 2 dagen"), "{}", dots.says);
        assert_eq!(Dots::of(&Moments::default(), &zone, W), None);
    }

    #[test]
    fn a_picture_of_some_of_the_moments_says_of_how_many() {
        let english = Words(Language::English);
        for (in_all, every, w, says) in [
            (2, None, W, "2 momenten uit"),
            (1_500, None, W, "2 van de 1.500 momenten uit"),
            (6, Some(3), W, "2 van de 6 momenten (1 op de 3) uit"),
            (6, Some(3), english, "2 of the 6 moments (1 in 3) from"),
        ] {
            let times = vec![at("2026-11-29T08:00:00Z"), at("2026-11-29T09:00:00Z")];
            let dots = Dots::of(&Moments { times, in_all, every }, &TimeZone::UTC, w).unwrap();
            assert!(dots.says.starts_with(says), "{}", dots.says);
        }
    }

    #[test]
    fn hours_without_traffic_are_there_and_what_lies_outside_is_not() {
        let from = at("2026-11-29T08:00:00Z");
        let counted = [
            (at("2026-11-29T07:59:59Z"), 100),
            (from, 1),
            (at("2026-11-29T08:59:59Z"), 2),
            (at("2026-11-29T10:00:00Z"), u64::MAX),
            (at("2026-11-29T10:00:00Z"), 5),
            (at("2026-11-29T11:00:00Z"), 7),
        ];
        let hours = by_hour(&counted, from, 3);
        assert_eq!(hours.iter().map(|(_, bytes)| *bytes).collect::<Vec<_>>(), [3, 0, u64::MAX]);
        let bars = Bars::of(&hours, &TimeZone::UTC, W).unwrap();
        assert_eq!(bars.bars.iter().map(|bar| bar.height.as_str()).collect::<Vec<_>>(), ["1.0", "0.0", "140.0"]);
        assert_eq!(bars.ticks.iter().map(|tick| tick.is_between).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(Bars::of(&by_hour(&[], from, 24), &TimeZone::UTC, W), None);
    }
}
