//! Taking in what a sensor reports: stored, then looked at: is it to become an incident by itself, and is somebody to be told.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use contract::detection::Severity;
use contract::sensor::{Answer, Settings};
use incident::Permission;
use serde::{Deserialize, Serialize};

use super::seen::seen_case;
use super::{Opens, ReadReport, SeenCase, Sensor, SensorReport, SensorSettings};
use crate::handle::require;
use crate::{App, Error, Letter, LetterKind, LetterState, NewLetter, Scope};

/// What the data of a letter about a case holds. What happened does not stand in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CaseData {
    pub(crate) sensor: String,
    pub(crate) sensor_name: String,
    pub(crate) case: String,
    pub(crate) severity: String,
    /// The incident that it became.
    pub(crate) number: Option<u64>,
}

/// How far a sensor's clock may be ahead of the server's. What lies further ahead would stand on top of every list, and keep
/// what comes after it from counting, until that day.
pub const CLOCK_MAY_BE_AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Why nothing of a report was taken.
#[derive(Debug, thiserror::Error)]
pub enum ReportRefusal {
    /// The sensor need not send it again: it will not be taken before that moment has come.
    #[error("it says {said}, which lies more than a day ahead: set the clock of the sensor")]
    ClockAhead { said: Timestamp },
    #[error(transparent)]
    Failed(#[from] Error),
}

/// How many people were told of a case, by what became of the newest letter to each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseTold {
    pub sent: usize,
    /// When the last of those left.
    pub sent_at: Option<Timestamp>,
    /// Made, and not gone yet.
    pub waiting: usize,
    /// Made, and could not be delivered.
    pub given_up: usize,
    /// Whether there is anybody here who would be told now.
    pub is_anybody_told: bool,
}

impl CaseTold {
    /// Whether a letter was made at all.
    #[must_use]
    pub fn is_made(self) -> bool {
        self.sent + self.waiting + self.given_up > 0
    }
}

/// What people are to be told of.
struct Telling<'a> {
    case: &'a SeenCase,
    /// By which id the sensor told of it now.
    said: &'a str,
    number: Option<u64>,
    /// When people closed what it was in before.
    since: Option<Timestamp>,
}

/// With what the keys of the letters on a case begin.
fn key_of_case(sensor: Uuid, case: &str) -> String {
    format!("sensor-case {sensor} {case}")
}

/// How grave a letter says that its case is.
fn said_in(letter: &Letter) -> Option<Severity> {
    let data: CaseData = serde_json::from_str(&letter.data).ok()?;
    serde_json::from_value(data.severity.into()).ok()
}

impl App {
    /// Takes in a report of a sensor, but for the lines that say a moment too far ahead: the answer names those. Where nothing
    /// is left it is refused.
    pub async fn take_report(
        &self,
        sensor: &Sensor,
        report: &ReadReport,
        now: Timestamp,
    ) -> Result<Answer, ReportRefusal> {
        let scope = self.permit_program_in(sensor.organisation).await?;
        let Some(said) = report.latest().filter(|said| now.duration_since(*said) < -CLOCK_MAY_BE_AHEAD) else {
            return Ok(self.take(&scope, sensor, report, now).await?);
        };
        let (rest, set_aside) = report.until(now + CLOCK_MAY_BE_AHEAD);
        let answer = match rest.is_empty() {
            true => Err(ReportRefusal::ClockAhead { said }),
            false => Ok(Answer { set_aside, ..self.take(&scope, sensor, &rest, now).await? }),
        };
        // After what was taken, which by itself says that the clock is right.
        self.store.clock_off(&scope, sensor.id, said, now).await.map_err(Error::from)?;
        answer
    }

    async fn take(&self, scope: &Scope, sensor: &Sensor, report: &ReadReport, now: Timestamp) -> Result<Answer, Error> {
        let staff_informed_on = self.staff_informed_on(scope).await?;
        let settings = self.sensor_settings(scope).await?;
        let progress = self.follow_states(scope, sensor, report, &settings, now).await?;
        let rows = SensorReport { progress, ..report.rows(sensor.id, staff_informed_on.is_some(), now) };
        let left_out = report.detections.len().saturating_sub(rows.detections.len()) as u64;
        let taken = self.store.take_report(scope, sensor.id, &rows, now).await?;
        let exceptions = self.held_exceptions(scope).await?;
        for (said, story) in self.stories_told(scope, sensor, report).await? {
            let (case, _) = self.as_it_stands(scope, story, &exceptions).await?;
            if !case.is_covered {
                self.follow_up(scope, sensor, &case, said, &settings, now).await?;
            }
        }
        if !report.detections.is_empty() {
            self.share(scope, now).await?;
        }
        let today = self.zoned(scope, now)?.date();
        Ok(Answer {
            // What is not kept is taken all the same: the sensor need not send it again.
            accepted: taken.accepted + left_out,
            known: taken.known,
            set_aside: Vec::new(),
            settings: Settings {
                staff_informed_on,
                exceptions: exceptions.on(today),
                keep_days: settings.metadata_days,
                // What the server has of lists, its own edge adds.
                lists: Vec::new(),
            },
        })
    }

    /// The stories that a report tells of, each with the id by which it does. Those that were known too: what was to follow
    /// from them may have been cut off the last time.
    async fn stories_told<'a>(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        report: &'a ReadReport,
    ) -> Result<Vec<(&'a str, SeenCase)>, Error> {
        let mut said: BTreeSet<&'a str> = report.cases.iter().map(|line| line.said.id.as_str()).collect();
        let mut reported = Vec::new();
        if said.is_empty() {
            return Ok(reported);
        }
        for story in self.stories(scope).await?.into_iter().filter(|story| story.sensor == sensor.id) {
            let of_it: Vec<&'a str> = story.ids.iter().filter_map(|id| said.take(id.as_str())).collect();
            reported.extend(of_it.first().map(|id| (*id, story)));
        }
        // Of more than are put together at a time, each by itself.
        for id in said {
            reported.push((id, seen_case(&self.store.sensor_case(scope, sensor.id, id).await?)?));
        }
        Ok(reported)
    }

    /// What follows from a case: an incident where the rule says so, and word to those who must act. `said`: by which id the
    /// sensor told of it now.
    async fn follow_up(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        case: &SeenCase,
        said: &str,
        settings: &SensorSettings,
        now: Timestamp,
    ) -> Result<(), Error> {
        let opens = match settings.opens {
            Opens::Never => false,
            Opens::FromHigh => case.line.severity >= Severity::High,
            Opens::Every => true,
        };
        let mut number = self.incident_with(scope, case, now).await?.map(|opened| opened.number);
        // Of what people closed already, more of the same is theirs to open.
        let may_open = opens && number.is_none();
        if may_open && self.store.sensor_case(scope, sensor.id, said).await?.incident.is_none() {
            number = Some(self.open_story(scope, case, said, now).await?.number);
        }
        if case.is_urgent {
            // What was told of it before people closed it was told of another time.
            let since = match case.incident.filter(|before| number != Some(*before)) {
                Some(before) => self.store.incident_by_number(scope, before).await?.closed_at,
                None => None,
            };
            self.tell_of_case(scope, sensor, &Telling { case, said, number, since }, now).await?;
        }
        Ok(())
    }

    /// What became of telling people of a case, under any of the ids by which it was reported.
    pub async fn case_told(&self, scope: &Scope, sensor: Uuid, ids: &[String]) -> Result<CaseTold, Error> {
        require(scope, Permission::ReadDetections)?;
        // Of each person the newest: one that became worse is told of again.
        let mut newest = BTreeMap::new();
        for letter in self.letters_on_case(scope, sensor, ids).await? {
            newest.insert(letter.recipient, letter.state);
        }
        let mut told = CaseTold { is_anybody_told: !self.who_must_act(scope).await?.is_empty(), ..CaseTold::default() };
        for state in newest.into_values() {
            match state {
                LetterState::Sent { at } => {
                    told.sent += 1;
                    told.sent_at = told.sent_at.max(Some(at));
                }
                LetterState::Waiting { .. } => told.waiting += 1,
                LetterState::GivenUp { .. } => told.given_up += 1,
            }
        }
        Ok(told)
    }

    /// The letters on a case, the oldest first.
    async fn letters_on_case(&self, scope: &Scope, sensor: Uuid, ids: &[String]) -> Result<Vec<Letter>, Error> {
        let mut letters = Vec::new();
        for id in ids {
            letters.extend(self.store.letters_of_key(scope, &key_of_case(sensor, id)).await?);
        }
        letters.sort_by_key(|letter| (letter.created_at, letter.id));
        Ok(letters)
    }

    /// Tells of a case once, and once more when it becomes worse.
    async fn tell_of_case(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        telling: &Telling<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Telling { case, said, number, since } = *telling;
        let severity = serde_json::to_value(case.line.severity).map_err(Error::internal)?;
        let severity = severity.as_str().unwrap_or_default().to_owned();
        let letters = self.letters_on_case(scope, sensor.id, &case.ids).await?;
        let told: BTreeSet<&str> = letters
            .iter()
            .filter(|letter| said_in(letter) >= Some(case.line.severity))
            .filter(|letter| since.is_none_or(|since| letter.created_at > since))
            .map(|letter| letter.recipient.as_str())
            .collect();
        for recipient in self.who_must_act(scope).await? {
            if told.contains(recipient.as_str()) {
                continue;
            }
            let data = CaseData {
                sensor: sensor.id.to_string(),
                sensor_name: sensor.name.clone(),
                case: case.line.id.clone(),
                severity: severity.clone(),
                number,
            };
            let letter = NewLetter {
                id: self.chance.id(now)?,
                key: format!("{} {severity} {recipient}", key_of_case(sensor.id, said)),
                kind: LetterKind::SensorCase,
                incident: None,
                recipient,
                data: serde_json::to_string(&data).map_err(Error::internal)?,
                created_at: now,
            };
            self.store.queue(scope, &letter).await?;
        }
        Ok(())
    }
}
