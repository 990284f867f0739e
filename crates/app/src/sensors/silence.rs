//! A sensor that is not heard any more, or that says that something is wrong with it: those who must act are told once, until
//! that is over. Both once it has lasted for as long as the organisation settled.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::progress::Progress;
use super::{CLOCK_MAY_BE_AHEAD, ReadReport, SILENT_MINUTES, Sensor, SensorSettings, SensorTrouble};
use crate::{App, Error, LetterKind, NewLetter, Scope};

/// What the data of a letter about a silent sensor holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SilenceData {
    pub(crate) sensor: String,
    pub(crate) sensor_name: String,
    pub(crate) heard_at: Timestamp,
    /// What its clock says, where that is why nothing is taken of it.
    #[serde(default)]
    pub(crate) clock_says: Option<Timestamp>,
}

/// What the data of a letter about a source or a disk holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TroubleData {
    pub(crate) sensor: String,
    pub(crate) sensor_name: String,
    pub(crate) trouble: SensorTrouble,
}

impl App {
    /// What a sensor's states say with those of this report, to be kept; queues word of what has been wrong for so long that
    /// people are told.
    pub(super) async fn follow_states(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        report: &ReadReport,
        settings: &SensorSettings,
        now: Timestamp,
    ) -> Result<String, Error> {
        if report.states.is_empty() {
            return Ok(String::new());
        }
        let kept = self.store.sensors(scope).await?.into_iter().find(|one| one.id == sensor.id);
        let mut progress = kept.as_ref().map(Progress::of).unwrap_or_default();
        let mut lines: Vec<_> = report.states.iter().map(|line| &line.said).collect();
        lines.sort_by_key(|line| line.at);
        for line in lines {
            progress.follow(line, now + CLOCK_MAY_BE_AHEAD);
        }
        let name = kept.map_or_else(|| sensor.name.clone(), |kept| kept.name);
        // Told before it is kept that it was: a letter that is queued again is the same letter.
        for trouble in progress.untold(SignedDuration::from_mins(i64::from(settings.silent_minutes))) {
            for recipient in self.who_must_act(scope).await? {
                let data =
                    TroubleData { sensor: sensor.id.to_string(), sensor_name: name.clone(), trouble: trouble.clone() };
                let letter = NewLetter {
                    id: self.chance.id(now)?,
                    key: format!("sensor-trouble {} {} {recipient}", sensor.id, trouble.key()),
                    kind: LetterKind::SensorTrouble,
                    incident: None,
                    recipient,
                    data: serde_json::to_string(&data).map_err(Error::internal)?,
                    created_at: now,
                };
                self.store.queue(scope, &letter).await?;
            }
        }
        serde_json::to_string(&progress).map_err(Error::internal)
    }

    /// Queues word of every sensor that has been silent for longer than its organisation settled.
    pub async fn tell_of_silence(&self, now: Timestamp) -> Result<(), Error> {
        let least = now - SignedDuration::from_mins(i64::from(*SILENT_MINUTES.start()));
        for sensor in self.store.silent_sensors(least).await? {
            // Captures that were played are over: nobody misses their sensor.
            let standing = sensor.standing(now);
            if standing.is_replay() {
                continue;
            }
            let sensor = standing.sensor;
            let scope = self.permit_program_in(sensor.organisation).await?;
            let minutes = self.sensor_settings(&scope).await?.silent_minutes;
            if now.duration_since(sensor.heard_at) < SignedDuration::from_mins(i64::from(minutes)) {
                continue;
            }
            for recipient in self.who_must_act(&scope).await? {
                let letter = self.silence_letter(&sensor, recipient, now)?;
                self.store.queue(&scope, &letter).await?;
            }
            self.store.silence_told(&sensor).await?;
        }
        Ok(())
    }

    fn silence_letter(&self, sensor: &Sensor, recipient: String, now: Timestamp) -> Result<NewLetter, Error> {
        let data = SilenceData {
            sensor: sensor.id.to_string(),
            sensor_name: sensor.name.clone(),
            heard_at: sensor.heard_at,
            clock_says: sensor.clock_off.map(|off| off.said),
        };
        Ok(NewLetter {
            id: self.chance.id(now)?,
            key: format!("sensor-silent {} {} {recipient}", sensor.id, sensor.heard_at),
            kind: LetterKind::SensorSilent,
            incident: None,
            recipient,
            data: serde_json::to_string(&data).map_err(Error::internal)?,
            created_at: now,
        })
    }
}
