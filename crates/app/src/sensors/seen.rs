//! What sensors saw, as people look at it: with what exceptions hide told apart, and how each sensor is.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use contract::detection::{CaseLine, DetectionLine, Kind};
use contract::sensor::{Exception, SourceKind, StateLine};
use incident::Permission;

use super::exceptions::Held;
use super::health::Health;
use super::progress::Progress;
use super::stories::Told;
use super::{CaseRow, DetectionRow, Opens, Sensor, TrafficRow};
use crate::handle::require;
use crate::{App, Error, Scope};

/// A sensor that was not heard for this long is said to be silent.
const SILENT_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// For how long it is said that the rule held a case back: the longest that its bounds look back.
const HELD_BACK_IS_SAID: SignedDuration = SignedDuration::from_hours(24);
/// How many detections and cases are looked at at a time.
pub const MOST_SEEN: u32 = 1_000;

/// A sensor and how it is.
#[derive(Clone, Debug, PartialEq)]
pub struct SensorStanding {
    pub sensor: Sensor,
    /// What it last said of itself; absent until it said something.
    pub state: Option<StateLine>,
    /// It has not been heard for ten minutes. What played captures has nothing more to say, and is never silent.
    pub is_silent: bool,
    /// All that there is to say of how it is, in one.
    pub health: Health,
}

impl SensorStanding {
    /// Whether it played captures, which are over: nothing is watched.
    #[must_use]
    pub fn is_replay(&self) -> bool {
        self.state.as_ref().is_some_and(is_replay)
    }
}

fn is_replay(state: &StateLine) -> bool {
    !state.sources.is_empty() && state.sources.iter().all(|source| source.kind == SourceKind::File)
}

impl Sensor {
    /// Where it stands at a moment.
    pub(super) fn standing(self, now: Timestamp) -> SensorStanding {
        // One of a newer program that says it otherwise is a sensor that said nothing yet.
        let state: Option<StateLine> = serde_json::from_str(&self.state).ok();
        let is_silent = now.duration_since(self.heard_at) > SILENT_AFTER && !state.as_ref().is_some_and(is_replay);
        let health = self.health(state.as_ref(), is_silent);
        SensorStanding { state, is_silent, health, sensor: self }
    }

    fn health(&self, state: Option<&StateLine>, is_silent: bool) -> Health {
        let Some(state) = state.filter(|_| self.removed_at.is_none() && self.clock_off.is_none()) else {
            return match (self.removed_at, self.clock_off) {
                (Some(_), _) => Health::Removed,
                (None, Some(_)) => Health::ClockAhead,
                (None, None) => Health::NeverHeard,
            };
        };
        if is_replay(state) {
            return Health::Replayed;
        }
        if is_silent {
            return Health::Silent;
        }
        match Progress::of(self).troubles() {
            none if none.is_empty() => Health::Well,
            troubles => Health::Troubled(troubles),
        }
    }
}

/// A detection that a sensor reported.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenDetection {
    pub sensor: Uuid,
    pub line: DetectionLine,
    pub received_at: Timestamp,
    /// The number of the incident that it is in.
    pub incident: Option<u64>,
    /// The exception that covers it.
    pub exception: Option<Exception>,
    /// The line, byte for byte.
    pub json: String,
}

/// A case that a sensor reported, with those that tell of the same.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenCase {
    pub sensor: Uuid,
    /// As it is told: with the detections of all of them, and without those that exceptions cover.
    pub line: CaseLine,
    /// Under which ids it was reported.
    pub ids: Vec<String>,
    /// When it last said something else, by the server's clock.
    pub changed_at: Timestamp,
    /// When it first came in, by the same clock: before that nobody could know of it.
    pub first_received_at: Timestamp,
    /// When the last of its detections was last seen, by the traffic; absent where none of them is known, or nobody looked.
    pub last_at: Option<Timestamp>,
    /// The number of the newest incident that it is in.
    pub incident: Option<u64>,
    /// It is in one, and not with all of its detections.
    pub has_more: bool,
    /// Exceptions cover all of it.
    pub is_covered: bool,
    /// Whether it needs attention now: people are told at once rather than in the weekly digest.
    pub is_urgent: bool,
    /// In which ways data leave by it, as far as no exception covers that.
    pub leaks: BTreeSet<Kind>,
    /// Whether it says more than that something can be read on the way, as far as no exception covers that.
    pub is_more_than_readable: bool,
    /// Since when the rule that opens incidents holds it back, since it opened so many already.
    pub held_back_at: Option<Timestamp>,
}

impl SeenCase {
    /// When it was last seen, by the traffic; where that is not known, when it came in.
    #[must_use]
    pub fn last_seen(&self) -> Timestamp {
        self.last_at.unwrap_or(self.changed_at)
    }

    /// Whether it needs attention, and nobody began: it is in no incident.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.is_urgent && self.incident.is_none() && !self.is_covered
    }

    /// Whether the rule holds it back now. What one that was switched off, or held it back long ago, did is no news.
    #[must_use]
    pub fn is_held_back(&self, rule: Opens, now: Timestamp) -> bool {
        let is_of_late = |at: Timestamp| now.duration_since(at) <= HELD_BACK_IS_SAID;
        rule != Opens::Never && self.incident.is_none() && self.held_back_at.is_some_and(is_of_late)
    }
}

/// What all sensors of an organisation saw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Those that wait for somebody first, the gravest of them before all; the last seen first.
    pub cases: Vec<SeenCase>,
    /// Those of which exceptions cover everything.
    pub hidden_cases: Vec<SeenCase>,
    /// The newest first, by their traffic or their receipt, whichever is later.
    pub detections: Vec<SeenDetection>,
    pub hidden_detections: Vec<SeenDetection>,
    /// There are more than were looked at.
    pub is_cut: bool,
}

impl App {
    /// The sensors that report for the organisation: the silent ones first, then those with which something else is wrong.
    pub async fn sensors(&self, scope: &Scope, now: Timestamp) -> Result<Vec<SensorStanding>, Error> {
        require(scope, Permission::SeeSensors)?;
        let kept = self.store.sensors(scope).await?;
        let mut standing: Vec<_> = kept.into_iter().map(|sensor| sensor.standing(now)).collect();
        standing.retain(|one| one.sensor.removed_at.is_none());
        let is_well = |one: &SensorStanding| matches!(one.health, Health::Well | Health::Replayed);
        standing
            .sort_by_cached_key(|one| (!one.is_silent, is_well(one), one.sensor.name.to_lowercase(), one.sensor.id));
        Ok(standing)
    }

    /// One sensor; of one that was removed only what it reported is still of use.
    pub async fn sensor(&self, scope: &Scope, id: Uuid, now: Timestamp) -> Result<SensorStanding, Error> {
        require(scope, Permission::SeeSensors)?;
        let kept = self.store.sensors(scope).await?;
        let sensor = kept.into_iter().find(|sensor| sensor.id == id).ok_or(Error::NotFound)?;
        Ok(sensor.standing(now))
    }

    /// What the sensors saw since a moment, or said since then; of one of them, or of all. What comes in late, after an
    /// outage or of a played capture, is as new as its receipt: a detection as much as a case.
    pub async fn seen_by_sensors(&self, scope: &Scope, sensor: Option<Uuid>, since: Timestamp) -> Result<Seen, Error> {
        self.seen_after(scope, sensor, since, 0).await
    }

    /// The same, after so many detections and so many cases: of each [`MOST_SEEN`] at most.
    pub async fn seen_after(
        &self,
        scope: &Scope,
        sensor: Option<Uuid>,
        since: Timestamp,
        after: u64,
    ) -> Result<Seen, Error> {
        require(scope, Permission::ReadDetections)?;
        let exceptions = self.held_exceptions(scope).await?;
        let rows = self.store.sensor_detections(scope, sensor, since, after, MOST_SEEN).await?;
        let (stories, is_cut) = self.stories_after(scope, since, after).await?;
        let is_cut = is_cut || rows.len() as u64 >= u64::from(MOST_SEEN);
        let all: Vec<_> = rows.into_iter().map(|row| seen_detection(row, &exceptions)).collect::<Result<_, _>>()?;
        let known: BTreeMap<_, _> = all.iter().map(|one| ((one.sensor, one.line.id.as_str()), one)).collect();
        let (mut standing, mut elsewhere, mut places) = (Vec::new(), Vec::new(), Vec::new());
        let of_sensor = stories.into_iter().filter(|case| sensor.is_none_or(|sensor| sensor == case.sensor));
        for (place, mut case) in of_sensor.enumerate() {
            let of_case = case.line.detections.iter();
            let here: Vec<_> = of_case.filter_map(|id| known.get(&(case.sensor, id.as_str())).copied()).collect();
            // A case may change long after its detections came in; and what exceptions leave of it, all of them tell.
            if here.len() < case.line.detections.len() && (here.is_empty() || !exceptions.is_empty()) {
                places.push(place);
                elsewhere.push(Told { scope, exceptions: &exceptions, story: case });
            } else {
                case.stand_on(&here);
                standing.push((place, case));
            }
        }
        // Looked up together: on a page further back that may be all of them.
        standing.extend(places.into_iter().zip(self.as_they_stand(elsewhere).await?));
        standing.sort_by_key(|(place, _)| *place);
        let mut seen = Seen { is_cut, ..Seen::default() };
        (seen.hidden_cases, seen.cases) =
            standing.into_iter().map(|(_, case)| case).partition(|case: &SeenCase| case.is_covered);
        (seen.hidden_detections, seen.detections) = all.into_iter().partition(|one| one.exception.is_some());
        // Of what waits for nobody none goes before the others.
        let waiting = |case: &SeenCase| case.waits().then_some(case.line.severity);
        seen.cases.sort_by_key(|case| std::cmp::Reverse((waiting(case), case.last_seen())));
        seen.hidden_cases.sort_by_key(|case| std::cmp::Reverse(case.last_seen()));
        Ok(seen)
    }

    /// One detection, the case it belongs to, and what that holds beside it.
    pub async fn seen_detection(
        &self,
        scope: &Scope,
        sensor: Uuid,
        id: &str,
    ) -> Result<(SeenDetection, Option<SeenCase>), Error> {
        require(scope, Permission::ReadDetections)?;
        let rows = self.store.detections_of_sensor(scope, sensor, &[id.to_owned()]).await?;
        let row = rows.into_iter().next().ok_or(Error::NotFound)?;
        let exceptions = self.held_exceptions(scope).await?;
        let case = match self.story_with(scope, sensor, id).await? {
            Some(story) => Some(self.as_it_stands(scope, story, &exceptions).await?.0),
            None => None,
        };
        Ok((seen_detection(row, &exceptions)?, case))
    }

    /// One case, with its detections, also those that exceptions cover: the worst first.
    pub async fn seen_case(
        &self,
        scope: &Scope,
        sensor: Uuid,
        id: &str,
    ) -> Result<(SeenCase, Vec<SeenDetection>), Error> {
        require(scope, Permission::ReadDetections)?;
        let story = self.story(scope, sensor, id).await?;
        let exceptions = self.held_exceptions(scope).await?;
        let (case, mut detections) = self.as_it_stands(scope, story, &exceptions).await?;
        detections
            .sort_by(|a, b| b.line.severity.cmp(&a.line.severity).then_with(|| a.line.first_at.cmp(&b.line.first_at)));
        Ok((case, detections))
    }

    /// What a sensor counted in the hours from a moment on.
    pub async fn traffic(&self, scope: &Scope, sensor: Uuid, from: Timestamp) -> Result<Vec<TrafficRow>, Error> {
        require(scope, Permission::ReadDetections)?;
        Ok(self.store.sensor_traffic(scope, sensor, from, Timestamp::MAX).await?)
    }
}

pub(super) fn seen_detection(row: DetectionRow, exceptions: &Held) -> Result<SeenDetection, Error> {
    let line: DetectionLine = serde_json::from_str(&row.json).map_err(Error::internal)?;
    Ok(SeenDetection {
        sensor: row.sensor,
        exception: exceptions.covering(&line).cloned(),
        line,
        received_at: row.received_at,
        incident: row.incident,
        json: row.json,
    })
}

pub(super) fn seen_case(row: &CaseRow) -> Result<SeenCase, Error> {
    let line: CaseLine = serde_json::from_str(&row.json).map_err(Error::internal)?;
    Ok(SeenCase {
        sensor: row.sensor,
        ids: vec![line.id.clone()],
        line,
        changed_at: row.changed_at,
        first_received_at: row.first_received_at,
        last_at: None,
        incident: row.incident,
        has_more: false,
        is_covered: false,
        is_urgent: row.is_urgent,
        leaks: BTreeSet::new(),
        is_more_than_readable: false,
        held_back_at: row.held_back_at,
    })
}
