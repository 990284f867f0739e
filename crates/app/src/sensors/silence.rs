//! A sensor that is not heard any more, or that says that something is wrong with it: those who must act are told once, until
//! that is over. Both once it has lasted for as long as the organisation settled.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::progress::Progress;
use super::{
    NamedSource, ReadReport, SILENT_MINUTES, STATE_MAY_BE_AHEAD, Sensor, SensorSettings, SensorTrouble, without_signs,
};
use crate::{App, Error, LetterKind, NewLetter, Scope};

/// A state of longer ago waited on the sensor: what it says is wrong may be over.
const OF_NOW: SignedDuration = SignedDuration::from_mins(15);
/// So many letters on what is wrong with one sensor somebody gets at most within [`WITHIN`]: more often than that anybody goes
/// and looks at a device.
const MOST_LETTERS: usize = 5;
const WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// No longer is the name of a source in a letter, in characters.
const LONGEST_SOURCE: usize = 120;

/// What the data of a letter about a silent sensor holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct SilenceData {
    pub(crate) sensor: String,
    pub(crate) sensor_name: String,
    pub(crate) heard_at: Timestamp,
    /// What its clock says, where that is why nothing is taken of it.
    #[serde(default)]
    pub(crate) clock_says: Option<Timestamp>,
    /// Nothing came of it since it enrolled.
    #[serde(default)]
    pub(crate) is_never_heard: bool,
}

/// What the data of a letter about a source or a disk holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct TroubleData {
    pub(crate) sensor: String,
    pub(crate) sensor_name: String,
    /// The worst of what is told.
    pub(crate) trouble: SensorTrouble,
    /// How much else is.
    #[serde(default)]
    pub(crate) others: usize,
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
            progress.follow(line, now + STATE_MAY_BE_AHEAD);
        }
        let name = kept.map_or_else(|| sensor.name.clone(), |kept| kept.name);
        let mut told = progress.clone();
        let untold = told.untold(SignedDuration::from_mins(i64::from(settings.silent_minutes)));
        let is_of_now = progress.at.is_some_and(|at| now.duration_since(at) <= OF_NOW);
        if let Some((worst, others)) = untold.split_first().filter(|_| is_of_now) {
            let data = TroubleData {
                sensor: sensor.id.to_string(),
                sensor_name: name,
                trouble: in_a_letter(worst),
                others: others.len(),
            };
            // Told before it is kept that it was: a letter that is queued again is the same letter. Where nobody is to get one
            // now, it is told later.
            for recipient in self.who_gets_more_on(scope, sensor, now).await? {
                let letter = NewLetter {
                    id: self.chance.id(now)?,
                    key: format!("{} {} {recipient}", key_of_trouble(sensor), worst.key()),
                    kind: LetterKind::SensorTrouble,
                    incident: None,
                    recipient,
                    data: serde_json::to_string(&data).map_err(Error::internal)?,
                    created_at: now,
                };
                self.store.queue(scope, &letter).await?;
                progress.clone_from(&told);
            }
        }
        serde_json::to_string(&progress).map_err(Error::internal)
    }

    /// Those who must act and did not get as many letters on a sensor lately as anybody gets.
    async fn who_gets_more_on(&self, scope: &Scope, sensor: &Sensor, now: Timestamp) -> Result<Vec<String>, Error> {
        let mut lately = self.store.letters_of_key(scope, &key_of_trouble(sensor)).await?;
        lately.retain(|letter| letter.created_at > now - WITHIN);
        let mut people = self.who_must_act(scope).await?;
        people.retain(|one| lately.iter().filter(|letter| letter.recipient == *one).count() < MOST_LETTERS);
        Ok(people)
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
            is_never_heard: sensor.heard_at == sensor.enrolled_at,
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

/// With what the keys of the letters on what is wrong with a sensor begin.
fn key_of_trouble(sensor: &Sensor) -> String {
    format!("sensor-trouble {}", sensor.id)
}

/// As it is mailed: a source is named in one line, and by nothing that a mail program takes for an address on the web, since a
/// sensor names its sources as it likes.
fn in_a_letter(trouble: &SensorTrouble) -> SensorTrouble {
    let plain = |source: &NamedSource| {
        let words: Vec<_> = source.name.split_whitespace().collect();
        let name = without_signs(&words.join(" ")).replace("://", " ");
        NamedSource { kind: source.kind, name: name.chars().take(LONGEST_SOURCE).collect() }
    };
    SensorTrouble { source: trouble.source.as_ref().map(plain), ..trouble.clone() }
}
