//! What a sensor's state lines say one after another. A line counts since the sensor's start alone; from two of them follows
//! when a source last gave something, and how much was missed lately. It is kept beside the last line, as JSON.

use contract::sensor::{SourceKind, SourceState, StateLine};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Sensor;
use super::health::{SensorTrouble, Wrong, judge};

/// What is missed is counted over so long at least, and over twice that at most.
const LATELY: SignedDuration = SignedDuration::from_mins(15);
/// A sensor of which no line tells for so long before it starts was off: what its sources gave before says nothing of now.
const OFF: SignedDuration = SignedDuration::from_mins(15);
/// Fewer packets than this are no share to speak of.
const LEAST_MISSED: u64 = 100;
/// From so many per cent on much is missed.
const MUCH: u64 = 5;

/// What is known after the last line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Progress {
    /// The moment of the last line; absent: there was none.
    pub(super) at: Option<Timestamp>,
    /// Since when the sensor runs that said it.
    started_at: Option<Timestamp>,
    /// Since when it runs without having been off, by the lines; a restart in between is none.
    pub(super) on_since: Option<Timestamp>,
    sources: Vec<SourceProgress>,
    wrong: Vec<Known>,
}

/// Something that is wrong, and whether people were told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    trouble: SensorTrouble,
    is_told: bool,
}

/// One source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SourceProgress {
    kind: SourceKind,
    name: String,
    /// The moment of the line that first named it. A clock that was off at the start says nothing of when that was.
    pub(super) named_at: Timestamp,
    /// When it last gave something; absent: never yet.
    pub(super) gave_at: Option<Timestamp>,
    /// As of the last line.
    last: Count,
    /// As of a line of at least [`LATELY`] after the one before it.
    mark: Count,
    /// As of the line from which what was missed is counted.
    before: Count,
}

/// What was counted of a source since the sensor's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Count {
    at: Timestamp,
    packets: u64,
    drops: u64,
}

impl Progress {
    /// As it is kept with a sensor. Of one whose last line came in before any was kept, what that line says; what was missed
    /// until then may be of months ago, and counts no more.
    pub(super) fn of(sensor: &Sensor) -> Self {
        let kept: Self = serde_json::from_str(&sensor.progress).unwrap_or_default();
        match serde_json::from_str::<StateLine>(&sensor.state) {
            Ok(line) if kept.at.is_none() => {
                let mut begun = kept;
                begun.follow(&line, Timestamp::MAX);
                for one in &mut begun.sources {
                    (one.before, one.mark) = (one.last, one.last);
                }
                begun.wrong.retain(|one| !matches!(one.trouble.what, Wrong::Missed(_)));
                begun
            }
            _ => kept,
        }
    }

    /// With one line more; one that is not newer changes nothing. `latest`: what lies further ahead was said before the
    /// clock was set back, and what comes after it counts.
    pub(super) fn follow(&mut self, line: &StateLine, latest: Timestamp) {
        if self.at.is_some_and(|at| line.at <= at && at <= latest) {
            return;
        }
        let is_anew = self.started_at != Some(line.started_at);
        let on_since = match self.at {
            None => Some(line.started_at),
            // By the line: the clock may have been off when the sensor started.
            Some(before) if is_anew && line.at.duration_since(before).abs() >= OFF => Some(line.at),
            Some(_) => self.on_since,
        };
        self.on_since = on_since.map(|since| since.min(line.at));
        let mut known = std::mem::take(&mut self.sources);
        let follow = |source: &SourceState| {
            let place = known.iter().position(|one| one.is_of(source));
            SourceProgress::after(place.map(|place| known.swap_remove(place)), source, line, is_anew)
        };
        // Of a capture that is played nothing is missed.
        self.sources = line.sources.iter().filter(|source| source.kind != SourceKind::File).map(follow).collect();
        (self.at, self.started_at) = (Some(line.at), Some(line.started_at));
        let before = std::mem::take(&mut self.wrong);
        let known = |trouble: SensorTrouble| match before.iter().find(|one| one.trouble.is_same(&trouble)) {
            Some(Known { trouble: old, is_told }) => {
                Known { trouble: SensorTrouble { since: old.since.min(trouble.since), ..trouble }, is_told: *is_told }
            }
            None => Known { trouble, is_told: false },
        };
        self.wrong = judge(line, self).into_iter().map(known).collect();
    }

    /// What is wrong, the worst first.
    pub(super) fn troubles(&self) -> Vec<SensorTrouble> {
        self.wrong.iter().map(|one| one.trouble.clone()).collect()
    }

    /// What has been wrong for so long and nobody was told of; from now on it was.
    pub(super) fn untold(&mut self, wait: SignedDuration) -> Vec<SensorTrouble> {
        let Some(at) = self.at else { return Vec::new() };
        let is_due = |one: &&mut Known| !one.is_told && at.duration_since(one.trouble.since) >= wait;
        let tell = |one: &mut Known| {
            one.is_told = true;
            one.trouble.clone()
        };
        self.wrong.iter_mut().filter(is_due).map(tell).collect()
    }

    /// What is known of a source.
    pub(super) fn source(&self, source: &SourceState) -> Option<&SourceProgress> {
        self.sources.iter().find(|one| one.is_of(source))
    }
}

impl SourceProgress {
    fn is_of(&self, source: &SourceState) -> bool {
        self.kind == source.kind && self.name == source.name
    }

    fn after(known: Option<Self>, source: &SourceState, line: &StateLine, is_anew: bool) -> Self {
        let start = Count { at: line.started_at, packets: 0, drops: 0 };
        let now = Count { at: line.at, packets: source.packets, drops: source.kernel_drops };
        let begun = || Self {
            kind: source.kind,
            name: source.name.clone(),
            named_at: line.at,
            gave_at: None,
            last: start,
            mark: start,
            before: start,
        };
        let mut one = known.unwrap_or_else(begun);
        if is_anew {
            (one.last, one.mark, one.before) = (start, start, start);
        }
        let gave_at = match source.heard_at {
            Some(heard_at) => Some(heard_at.min(line.at)),
            None => (now.packets > one.last.packets || now.drops > one.last.drops).then_some(line.at),
        };
        // What lies ahead of the line is of a clock that was set back since.
        one.named_at = one.named_at.min(line.at);
        one.gave_at = one.gave_at.max(gave_at).map(|gave_at| gave_at.min(line.at));
        if now.at < one.mark.at {
            (one.before, one.mark) = (now, now);
        }
        if now.at.duration_since(one.mark.at) >= LATELY {
            (one.before, one.mark) = (one.mark, now);
        }
        one.last = now;
        one
    }

    /// How many per cent was missed lately, where that is much.
    pub(super) fn missed(&self) -> Option<u8> {
        let drops = self.last.drops.saturating_sub(self.before.drops);
        let all = self.last.packets.saturating_sub(self.before.packets).saturating_add(drops);
        let share = drops.saturating_mul(100).checked_div(all)?;
        (drops >= LEAST_MISSED && share >= MUCH).then(|| u8::try_from(share).unwrap_or(100))
    }
}
