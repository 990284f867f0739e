//! A sensor that is not heard any more: those who must act are told once, until it is heard again.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{SILENT_MINUTES, Sensor};
use crate::{App, Error, LetterKind, NewLetter};

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

impl App {
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
