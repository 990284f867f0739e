//! Taking in what a sensor reports: stored, then looked at: is it to become an incident by itself, and is somebody to be told.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use contract::detection::Severity;
use contract::sensor::{Answer, Settings};

use super::exceptions::Held;
use super::seen::seen_case;
use super::stories::{Told, in_portions};
use super::telling::{Recipients, Telling};
use super::{CaseRow, Opens, ReadReport, SeenCase, Sensor, SensorReport, SensorSettings};
use crate::{App, Error, Scope};

/// How many incidents the rule opens for one sensor within an hour, and within a day. In an office with a few dozen machines
/// several are hit at once at the very worst, and each incident stands in the register for good; who sends more has a sensor
/// that is not to be believed, or an outbreak that people look at as one.
pub const MOST_OPENED: [(SignedDuration, u64); 2] =
    [(SignedDuration::from_hours(1), 5), (SignedDuration::from_hours(24), 20)];
/// Of so many openings one is kept for critical cases: what is milder and came first must not use up all of them.
const ONE_FOR_CRITICAL_OF: u64 = 5;

/// How far a sensor's clock may be ahead of the server's. What lies further ahead would stand on top of every list, and keep
/// what comes after it from counting, until that day.
pub const CLOCK_MAY_BE_AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// How far ahead the newest state of a sensor may lie and still be its newest: one that lies further was said before its clock
/// was set back, and what comes after it counts.
pub const STATE_MAY_BE_AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// Why nothing of a report was taken.
#[derive(Debug, thiserror::Error)]
pub enum ReportRefusal {
    /// The sensor need not send it again: it will not be taken before that moment has come.
    #[error("it says {said}, which lies more than a day ahead: set the clock of the sensor")]
    ClockAhead { said: Timestamp },
    #[error(transparent)]
    Failed(#[from] Error),
}

/// How many cases of a report are looked up, and the rule asked for, at a time.
const AT_A_TIME: usize = 500;

/// A story that a report tells of.
struct Said<'a> {
    /// By which id the sensor told of it now.
    id: &'a str,
    /// That case is in an incident.
    is_in_incident: bool,
    story: SeenCase,
}

/// Whether the rule opens an incident of a case as grave as this.
fn opens(rule: Opens, severity: Severity) -> bool {
    match rule {
        Opens::Never => false,
        Opens::FromHigh => severity >= Severity::High,
        Opens::Every => true,
    }
}

/// How many the rule may have opened before a case as grave as this.
fn most_opened(severity: Severity) -> [(SignedDuration, u64); 2] {
    if severity >= Severity::Critical {
        return MOST_OPENED;
    }
    MOST_OPENED.map(|(within, most)| (within, most - most / ONE_FOR_CRITICAL_OF))
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
        let mut rows = SensorReport { progress, ..report.rows(sensor.id, staff_informed_on.is_some(), now) };
        self.leave_out_withheld(scope, sensor.id, &mut rows).await?;
        let said = report.detections.len() + report.cases.len();
        let left_out = said.saturating_sub(rows.detections.len() + rows.cases.len()) as u64;
        let taken = self.store.take_report(scope, sensor.id, &rows, now).await?;
        let exceptions = self.held_exceptions(scope).await?;
        let mut told = self.stories_told(scope, sensor, &rows.cases).await?;
        // Where there are more than is opened and mailed, the worst go first.
        told.sort_by_key(|said| std::cmp::Reverse(said.story.line.severity));
        let mut recipients = Recipients::default();
        for some in in_portions(told, AT_A_TIME, |_| 1) {
            self.follow_up(scope, sensor, some, &exceptions, &settings, &mut recipients, now).await?;
        }
        self.tell_of_more(scope, sensor, recipients.untold, now).await?;
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

    /// The stories that a report tells of. Those that were known too: what was to follow from them may have been cut off the last
    /// time.
    async fn stories_told<'a>(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        cases: &'a [CaseRow],
    ) -> Result<Vec<Said<'a>>, Error> {
        let mut said: BTreeSet<&'a str> = cases.iter().map(|row| row.id.as_str()).collect();
        let mut reported = Vec::new();
        if said.is_empty() {
            return Ok(reported);
        }
        let mut rows = BTreeMap::new();
        for some in said.iter().copied().collect::<Vec<_>>().chunks(AT_A_TIME) {
            let some = self.store.cases_of_sensor(scope, sensor.id, some).await?;
            rows.extend(some.into_iter().map(|row| (row.id.clone(), row)));
        }
        let is_in_incident = |id: &str| rows.get(id).is_some_and(|row| row.incident.is_some());
        for story in self.stories(scope).await?.into_iter().filter(|story| story.sensor == sensor.id) {
            let of_it: Vec<&'a str> = story.ids.iter().filter_map(|id| said.take(id.as_str())).collect();
            reported.extend(of_it.first().copied().map(|id| Said { id, is_in_incident: is_in_incident(id), story }));
        }
        // Of more than are put together at a time, each by itself.
        for id in said {
            let row = rows.get(id).ok_or(Error::NotFound)?;
            reported.push(Said { id, is_in_incident: row.incident.is_some(), story: seen_case(row)? });
        }
        Ok(reported)
    }

    /// What follows from cases: an incident where the rule says so and opened not too many lately, and word to those who must
    /// act. The rule is asked for all of them at once.
    #[expect(clippy::too_many_arguments, reason = "what was said, by whom, and all that decides what follows")]
    async fn follow_up(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        some: Vec<Said<'_>>,
        exceptions: &Held,
        settings: &SensorSettings,
        recipients: &mut Recipients,
        now: Timestamp,
    ) -> Result<(), Error> {
        let said: Vec<_> = some.iter().map(|one| (one.id, one.is_in_incident)).collect();
        let stories = some.into_iter().map(|one| Told { scope, exceptions, story: one.story }).collect();
        let (mut cases, mut asks) = (Vec::new(), Vec::new());
        // Whether anything went into an incident since they were looked up.
        let mut has_taken = false;
        for ((said, is_in_incident), case) in said.into_iter().zip(self.as_they_stand(stories).await?) {
            if case.is_covered {
                continue;
            }
            let number = self.incident_with(scope, &case, now).await?.map(|opened| opened.number);
            has_taken |= number.is_some() && case.has_more;
            // Of what people closed already, more of the same is theirs to open.
            if opens(settings.opens, case.line.severity) && number.is_none() && !is_in_incident {
                asks.push((said, most_opened(case.line.severity)));
            }
            cases.push((said, number, case));
        }
        let mut may_open = BTreeSet::new();
        if !asks.is_empty() {
            may_open = self.store.rule_may_open(scope, sensor.id, &asks, now).await?;
        }
        for (said, mut number, mut case) in cases {
            let may_open = may_open.contains(said);
            if may_open || (has_taken && number.is_none()) {
                // What went into an incident just now may be what this one rests on.
                (case, _) = self.as_it_stands(scope, case, exceptions).await?;
                number = self.incident_with(scope, &case, now).await?.map(|opened| opened.number);
            }
            if may_open && number.is_none() {
                number = Some(self.open_story(scope, &case, said, now).await?.number);
                has_taken = true;
            }
            if case.is_urgent {
                // What was told of it before people were done with it was told of another time.
                let before = case.incident.filter(|before| number != Some(*before));
                let since = match before {
                    Some(before) => self.done_with_at(scope, before).await?,
                    None => None,
                };
                // What goes on as it went is told no more.
                let after = before.filter(|_| case.has_more);
                let one = Telling { case: &case, said, number, since, after };
                self.tell_of_case(scope, sensor, &one, recipients, now).await?;
            }
        }
        Ok(())
    }

    /// When people closed an incident, or found it to be a false alarm.
    async fn done_with_at(&self, scope: &Scope, number: u64) -> Result<Option<Timestamp>, Error> {
        if let Some(closed_at) = self.store.incident_by_number(scope, number).await?.closed_at {
            return Ok(Some(closed_at));
        }
        let incident = self.incident(scope, number).await?;
        let is_false_alarm = incident.is_false_alarm();
        Ok(incident.detection_checked.filter(|_| is_false_alarm).map(|checked| checked.at))
    }
}
