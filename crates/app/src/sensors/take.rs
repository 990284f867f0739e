//! Taking in what a sensor reports: stored, then looked at: is it to become an incident by itself, and is somebody to be told.

use jiff::Timestamp;

use contract::detection::Severity;
use contract::sensor::{Answer, Settings};
use serde::{Deserialize, Serialize};

use super::exceptions::Held;
use super::seen::seen_case;
use super::{Opens, ReadReport, SeenCase, Sensor, SensorSettings};
use crate::{App, Error, LetterKind, NewLetter, Scope};

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

impl App {
    /// Takes in a report of a sensor.
    pub async fn take_report(&self, sensor: &Sensor, report: &ReadReport, now: Timestamp) -> Result<Answer, Error> {
        let scope = self.permit_program_in(sensor.organisation).await?;
        let staff_informed_on = self.staff_informed_on(&scope).await?;
        let rows = report.rows(sensor.id, staff_informed_on.is_some(), now);
        let left_out = report.detections.len().saturating_sub(rows.detections.len()) as u64;
        let taken = self.store.take_report(&scope, sensor.id, &rows, now).await?;
        let settings = self.sensor_settings(&scope).await?;
        let exceptions = self.held_exceptions(&scope).await?;
        // Those that were known too: what was to follow from them may have been cut off the last time.
        for (line, _) in &report.cases {
            let case = seen_case(&self.store.sensor_case(&scope, sensor.id, &line.id).await?)?;
            self.follow_up(&scope, sensor, &case, &settings, &exceptions, now).await?;
        }
        if !report.detections.is_empty() {
            self.share(&scope).await?;
        }
        let today = self.zoned(&scope, now)?.date();
        Ok(Answer {
            // What is not kept is taken all the same: the sensor need not send it again.
            accepted: taken.accepted + left_out,
            known: taken.known,
            settings: Settings {
                staff_informed_on,
                exceptions: exceptions.on(today),
                keep_days: settings.metadata_days,
                // What the server has of lists, its own edge adds.
                lists: Vec::new(),
            },
        })
    }

    /// What follows from a case: an incident where the rule says so, and word to those who must act.
    async fn follow_up(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        case: &SeenCase,
        settings: &SensorSettings,
        exceptions: &Held,
        now: Timestamp,
    ) -> Result<(), Error> {
        if self.is_covered(scope, case, exceptions).await? {
            return Ok(());
        }
        let opens = match settings.opens {
            Opens::Never => false,
            Opens::FromHigh => case.line.severity >= Severity::High,
            Opens::Every => true,
        };
        let number = match case.incident {
            Some(number) => Some(number),
            None if opens => Some(self.open_sensor_case(scope, sensor.id, &case.line.id, now).await?.number),
            None => None,
        };
        if case.is_urgent {
            self.tell_of_case(scope, sensor, case, number, now).await?;
        }
        Ok(())
    }

    /// Tells of a case once, and once more when it becomes worse.
    async fn tell_of_case(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        case: &SeenCase,
        number: Option<u64>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let severity = serde_json::to_value(case.line.severity).map_err(Error::internal)?;
        let severity = severity.as_str().unwrap_or_default().to_owned();
        for recipient in self.who_must_act(scope).await? {
            let data = CaseData {
                sensor: sensor.id.to_string(),
                sensor_name: sensor.name.clone(),
                case: case.line.id.clone(),
                severity: severity.clone(),
                number,
            };
            let letter = NewLetter {
                id: self.chance.id(now)?,
                key: format!("sensor-case {} {} {severity} {recipient}", sensor.id, case.line.id),
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
