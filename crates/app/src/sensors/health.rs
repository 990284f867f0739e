//! How a sensor is: one judgement, for its page, the lists, the provider's page and the mail.
//!
//! Whether it is heard is judged by the server's clock; what is wrong with its sources and its disk by its own, line by line
//! as it says them. Deliberately not here: whether a mirror port shows the traffic of other machines, which no state line says.

use contract::sensor::{DiskFault, SourceFault, SourceKind, StateLine};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::progress::Progress;

/// A source that gave nothing so long after it was first heard of has been set wrong.
const NOTHING_YET: SignedDuration = SignedDuration::from_mins(15);
/// On an interface something passes day and night, if only broadcasts.
const QUIET_INTERFACE: SignedDuration = SignedDuration::from_hours(24);
/// What other devices tell may be nothing from Friday evening until Monday morning.
const QUIET_TOLD: SignedDuration = SignedDuration::from_hours(72);

/// How a sensor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    Removed,
    /// It played captures, which are over.
    Replayed,
    /// Nothing that it sends is taken: its clock is ahead.
    ClockAhead,
    /// It enrolled, and said nothing of itself yet.
    NeverHeard,
    Silent,
    /// It is heard, and does not see all or cannot keep it: the worst first.
    Troubled(Vec<SensorTrouble>),
    Well,
}

/// One thing that is wrong with a sensor that is heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SensorTrouble {
    pub what: Wrong,
    /// Absent: it is about the sensor itself.
    pub source: Option<NamedSource>,
    /// By the sensor's clock.
    pub since: Timestamp,
}

/// What is wrong, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wrong {
    /// The source is gone.
    Gone(Option<SourceFault>),
    /// The source is there and never gave anything.
    NothingYet,
    /// The source is there and gives nothing any more.
    Quiet,
    /// Of what came lately so many per cent was lost before the sensor read it.
    Missed(u8),
    DiskFull,
    DiskUnwritable,
}

/// A source by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedSource {
    pub kind: SourceKind,
    pub name: String,
}

impl SensorTrouble {
    /// Whether it is the same one, which may have become better or worse since.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.source == other.source && std::mem::discriminant(&self.what) == std::mem::discriminant(&other.what)
    }

    /// A name for it that stays the same while it lasts.
    pub(super) fn key(&self) -> String {
        let what = match self.what {
            Wrong::Gone(_) => "gone",
            Wrong::NothingYet => "nothing-yet",
            Wrong::Quiet => "quiet",
            Wrong::Missed(_) => "missed",
            Wrong::DiskFull => "disk-full",
            Wrong::DiskUnwritable => "disk-unwritable",
        };
        let source = self.source.as_ref().map(|one| format!(" {:?} {}", one.kind, one.name));
        format!("{what}{} {}", source.unwrap_or_default(), self.since)
    }
}

/// What a line says is wrong, with what is known of those before it.
pub(super) fn judge(line: &StateLine, progress: &Progress) -> Vec<SensorTrouble> {
    let mut found = Vec::new();
    for source in &line.sources {
        let Some(known) = progress.source(source) else { continue };
        let quiet = if source.kind == SourceKind::Interface { QUIET_INTERFACE } else { QUIET_TOLD };
        // While the sensor was off, no source could give it anything.
        let on = |moment: Timestamp| progress.on_since.map_or(moment, |since| moment.max(since));
        let since = |moment: Timestamp, long: SignedDuration| line.at.duration_since(on(moment)) >= long;
        let wrong = match known.gave_at {
            _ if !source.up => Some((Wrong::Gone(source.fault), line.at)),
            None if since(known.named_at, NOTHING_YET) => Some((Wrong::NothingYet, on(known.named_at))),
            Some(gave_at) if since(gave_at, quiet) => Some((Wrong::Quiet, gave_at)),
            _ => None,
        };
        let missed = known.missed().map(|share| (Wrong::Missed(share), line.at));
        let of_source = NamedSource { kind: source.kind, name: source.name.clone() };
        found.extend(wrong.into_iter().chain(missed).map(|(what, since)| SensorTrouble {
            what,
            source: Some(of_source.clone()),
            since,
        }));
    }
    let disk = line.disk.map(|fault| match fault {
        DiskFault::Full => Wrong::DiskFull,
        DiskFault::Unwritable => Wrong::DiskUnwritable,
    });
    found.extend(disk.map(|what| SensorTrouble { what, source: None, since: line.at }));
    found.sort_by_key(|one| one.what);
    found
}

#[cfg(test)]
mod tests {
    use contract::sensor::SourceState;

    use super::*;
    use crate::Sensor;

    const NEVER_AHEAD: Timestamp = Timestamp::MAX;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + 60 * minutes).unwrap()
    }

    fn line(minutes: i64, started: i64, sources: Vec<SourceState>) -> StateLine {
        StateLine {
            at: at(minutes),
            version: "0.1.0".into(),
            started_at: at(started),
            sources,
            malformed: 0,
            dropped: 0,
            let_go: 0,
            copies: 0,
            hosts: 3,
            lists: Vec::new(),
            spooled: 0,
            looks_into_content: false,
            disk: None,
        }
    }

    fn interface(packets: u64, drops: u64) -> SourceState {
        SourceState { packets, kernel_drops: drops, ..SourceState::new(SourceKind::Interface, "eth1".into(), true) }
    }

    fn told(kind: SourceKind, heard: Option<i64>) -> SourceState {
        SourceState { heard_at: heard.map(at), packets: 7, ..SourceState::new(kind, "x".into(), true) }
    }

    /// What is wrong after these lines.
    fn wrong(lines: Vec<StateLine>) -> Vec<Wrong> {
        let mut progress = Progress::default();
        for line in lines {
            progress.follow(&line, NEVER_AHEAD);
        }
        progress.troubles().into_iter().map(|one| one.what).collect()
    }

    const DAY: i64 = 24 * 60;

    #[test]
    fn a_source_that_gives_nothing_is_no_source_that_is_well() {
        let nothing = |kind| SourceState::new(kind, "x".into(), true);
        let idle = |lines: &[(i64, i64)]| {
            lines.iter().map(|(now, start)| line(*now, *start, vec![interface(0, 0)])).collect::<Vec<_>>()
        };
        // It gave, was off, and then gave nothing any more.
        let after_five_days = |start, now| {
            vec![
                line(60, 0, vec![interface(9, 0)]),
                line(5 * DAY, start, vec![interface(0, 0)]),
                line(now, start, vec![interface(0, 0)]),
            ]
        };
        let gone = SourceState { fault: Some(SourceFault::Absent), up: false, ..nothing(SourceKind::DnsLog) };
        for (said, lines, expected) in [
            ("it has just begun", idle(&[(0, 0), (14, 0)]), vec![]),
            ("nothing at all", idle(&[(0, 0), (15, 0)]), vec![Wrong::NothingYet]),
            (
                "NetFlow, nothing at all",
                [0, 15].map(|now| line(now, 0, vec![nothing(SourceKind::Netflow)])).into(),
                vec![Wrong::NothingYet],
            ),
            ("in five days", idle(&[(0, 0), (5 * DAY, 0)]), vec![Wrong::NothingYet]),
            ("its clock was off when it started", idle(&[(0, -60 * DAY), (14, -60 * DAY)]), vec![]),
            ("and it gives nothing", idle(&[(0, -60 * DAY), (15, -60 * DAY)]), vec![Wrong::NothingYet]),
            ("it was off, and gave nothing before", idle(&[(0, 0), (5 * DAY, 5 * DAY)]), vec![]),
            ("it was off for five days", after_five_days(5 * DAY, 5 * DAY + 1), vec![]),
            ("it was off, and its clock too", after_five_days(-60 * DAY, 5 * DAY + 1), vec![]),
            ("it was off, and has been on for a day", after_five_days(5 * DAY, 6 * DAY), vec![Wrong::Quiet]),
            ("a restart changes nothing", idle(&[(10, 0), (20, 19), (25, 24)]), vec![Wrong::NothingYet]),
            ("it gave", vec![line(15, 0, vec![interface(1, 0)])], vec![]),
            (
                "silent for five days",
                vec![line(9 * DAY, 0, vec![told(SourceKind::Netflow, Some(4 * DAY))])],
                vec![Wrong::Quiet],
            ),
            ("over a weekend", vec![line(9 * DAY, 0, vec![told(SourceKind::DnsLog, Some(9 * DAY - 62 * 60))])], vec![]),
            (
                "an interface for a day",
                vec![line(60, 0, vec![interface(9, 0)]), line(60 + DAY, 0, vec![interface(9, 0)])],
                vec![Wrong::Quiet],
            ),
            (
                "an interface for a night",
                vec![line(60, 0, vec![interface(9, 0)]), line(59 + DAY, 0, vec![interface(9, 0)])],
                vec![],
            ),
            (
                "what it gave before a restart counts",
                vec![line(60, 0, vec![interface(9, 0)]), line(90, 70, vec![interface(0, 0)])],
                vec![],
            ),
            ("a log that is not there", vec![line(1, 0, vec![gone])], vec![Wrong::Gone(Some(SourceFault::Absent))]),
            ("a capture", vec![line(5 * DAY, 0, vec![nothing(SourceKind::File)])], vec![]),
        ] {
            assert_eq!(wrong(lines), expected, "{said}");
        }
    }

    #[test]
    fn what_is_missed_counts_by_what_came_lately() {
        for (said, counted, expected) in [
            ("a third since the start", vec![(30, 20_000, 10_000)], vec![Wrong::Missed(33)]),
            ("nearly all", vec![(5 * DAY, 5_000, 95_000)], vec![Wrong::Missed(95)]),
            ("hardly any", vec![(30, 1_234_567, 12_000)], vec![]),
            ("too few to say", vec![(30, 9, 90)], vec![]),
            (
                "once, and then well for days",
                vec![(15, 0, 90_000), (30, 90_000, 90_000), (45, 180_000, 90_000)],
                vec![],
            ),
            (
                "well for days, and then not",
                vec![(9 * DAY, 90_000_000, 0), (9 * DAY + 15, 90_000_100, 900), (9 * DAY + 16, 90_000_100, 1_900)],
                vec![Wrong::Missed(95)],
            ),
        ] {
            let lines = counted.into_iter().map(|(now, packets, drops)| line(now, 0, vec![interface(packets, drops)]));
            assert_eq!(wrong(lines.collect()), expected, "{said}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_once_after_a_while_and_again_when_it_comes_back() {
        let wait = SignedDuration::from_mins(60);
        let mut progress = Progress::default();
        let mut follow = |minutes: i64, is_up: bool, is_full: bool| {
            let source = SourceState { up: is_up, ..interface(9, 0) };
            let disk = is_full.then_some(DiskFault::Full);
            progress.follow(&StateLine { disk, ..line(minutes, 0, vec![source]) }, NEVER_AHEAD);
            let kept = serde_json::to_string(&progress).unwrap();
            progress = serde_json::from_str(&kept).unwrap();
            progress.untold(wait).into_iter().map(|one| (one.what, one.since)).collect::<Vec<_>>()
        };
        let (gone, full) = (Wrong::Gone(None), Wrong::DiskFull);
        assert_eq!(follow(0, false, false), []);
        assert_eq!(follow(59, false, true), []);
        assert_eq!(follow(60, false, true), [(gone, at(0))]);
        assert_eq!(follow(119, false, true), [(full, at(59))]);
        assert_eq!(follow(999, false, true), [], "both were told");
        assert_eq!(follow(1_000, true, true), []);
        assert_eq!(follow(1_001, false, true), []);
        assert_eq!(follow(1_061, false, true), [(gone, at(1_001))], "it was back in between");
        assert_eq!(follow(900, true, false), [], "an older line says nothing new");
        assert_eq!(progress.troubles().len(), 2);
    }

    #[test]
    fn what_was_missed_before_any_line_was_kept_counts_no_more() {
        let said = line(90 * DAY, 0, vec![interface(50_000, 50_000)]);
        let sensor = Sensor {
            id: uuid::Uuid::nil(),
            organisation: facts::OrganisationId(uuid::Uuid::nil()),
            name: String::new(),
            version: String::new(),
            enrolled_at: at(0),
            enrolled_by: String::new(),
            heard_at: at(0),
            state: serde_json::to_string(&said).unwrap(),
            progress: String::new(),
            removed_at: None,
            learns_from: at(0),
            learns_by: String::new(),
            clock_off: None,
        };
        let mut progress = Progress::of(&sensor);
        assert_eq!(progress.troubles(), []);
        progress.follow(&line(90 * DAY + 5, 0, vec![interface(50_900, 50_000)]), NEVER_AHEAD);
        assert_eq!(progress.troubles(), []);
        progress.follow(&line(90 * DAY + 10, 0, vec![interface(50_900, 50_900)]), NEVER_AHEAD);
        assert_eq!(progress.troubles()[0].what, Wrong::Missed(50), "and what is missed since does");
    }

    #[test]
    fn a_clock_that_was_set_back_stops_nothing() {
        let mut progress = Progress::default();
        progress.follow(&line(120, 0, vec![interface(9, 0)]), at(5));
        progress.follow(&line(1, 0, vec![SourceState { up: false, ..interface(9, 0) }]), at(5));
        assert_eq!(progress.troubles()[0].what, Wrong::Gone(None));
        progress.follow(&line(0, 0, vec![interface(9, 0)]), at(5));
        assert_eq!(progress.troubles()[0].what, Wrong::Gone(None), "an older line says nothing new");
        progress.follow(&line(1 + DAY, 0, vec![interface(9, 0)]), at(5 + DAY));
        assert_eq!(progress.troubles()[0].what, Wrong::Quiet, "since the moment that it was set back");
    }
}
