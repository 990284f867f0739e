//! What an organisation settles about its sensors: the rule for incidents, how long things are kept, and that the staff was
//! told. Every change stays on file with who made it.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use facts::{Text, typed_day};
use incident::Permission;

use super::{SensorSettings, StaffNotice, Written, at_a_free_moment};
use crate::handle::require;
use crate::ports::SensorDataForgotten;
use crate::{App, Error, FieldProblem, Scope};

/// After how many minutes of silence people may be told.
pub const SILENT_MINUTES: RangeInclusive<u32> = 15..=10_080;
/// For how many days the server may keep detections that are in no incident.
pub const DETECTION_DAYS: RangeInclusive<u32> = 7..=730;
/// For how many days the server may keep what was counted by hour.
pub const TRAFFIC_DAYS: RangeInclusive<u32> = 1..=90;
/// For how many days a sensor may keep metadata; 0: it keeps none.
pub const METADATA_DAYS: RangeInclusive<u16> = 0..=90;
/// The longest text on how the staff was told, in characters.
const LONGEST_HOW: usize = 2_000;

/// Whoever types an earlier year mistyped it.
const EARLIEST_YEAR: i16 = 2000;

impl App {
    /// What holds now.
    pub async fn sensor_settings(&self, scope: &Scope) -> Result<SensorSettings, Error> {
        Ok(self.store.sensor_settings(scope).await?.into_iter().next().unwrap_or_default())
    }

    /// Every change, the newest first.
    pub async fn sensor_settings_history(&self, scope: &Scope) -> Result<Vec<SensorSettings>, Error> {
        require(scope, Permission::SeeSensors)?;
        Ok(self.store.sensor_settings(scope).await?)
    }

    /// Settles what holds from now on; who and when are written with it. What is the same already is not written again.
    /// `seen`: when the settings were made that whoever changes them began with; absent: nobody had made any. `Conflict`:
    /// somebody else changed them since.
    pub async fn set_sensor_settings(
        &self,
        scope: &Scope,
        wanted: SensorSettings,
        seen: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), Error> {
        require(scope, Permission::Administer)?;
        let held = self.sensor_settings(scope).await?;
        if held.set_at != seen {
            return Err(Error::Conflict);
        }
        let mut problems = Vec::new();
        let mut check = |field: &str, is_within: bool, (least, most): (u32, u32)| {
            if !is_within {
                let text = Text::made(
                    format!("Vul een heel getal in van {least} tot en met {most}."),
                    format!("Enter a whole number from {least} to {most}."),
                );
                problems.push(FieldProblem { field: field.into(), text });
            }
        };
        let ends = |range: &RangeInclusive<u32>| (*range.start(), *range.end());
        check("silent_minutes", SILENT_MINUTES.contains(&wanted.silent_minutes), ends(&SILENT_MINUTES));
        check("detection_days", DETECTION_DAYS.contains(&wanted.detection_days), ends(&DETECTION_DAYS));
        check("traffic_days", TRAFFIC_DAYS.contains(&wanted.traffic_days), ends(&TRAFFIC_DAYS));
        let metadata = (u32::from(*METADATA_DAYS.start()), u32::from(*METADATA_DAYS.end()));
        check("metadata_days", METADATA_DAYS.contains(&wanted.metadata_days), metadata);
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        let wanted = SensorSettings { set_at: held.set_at, set_by: held.set_by.clone(), ..wanted };
        if wanted == held {
            return Ok(());
        }
        // The newest holds: what is settled while the clock stands back still comes after what was settled before.
        let set_at = seen.map_or(now, |seen| now.max(seen + SignedDuration::from_micros(1)));
        let settings = SensorSettings { set_at: Some(set_at), set_by: scope.actor().name().to_owned(), ..wanted };
        Ok(self.store.set_sensor_settings(scope, &settings, seen).await?)
    }

    /// The day on which the staff was told what the sensor looks into, if they were and that stands.
    pub async fn staff_informed_on(&self, scope: &Scope) -> Result<Option<Date>, Error> {
        Ok(self.store.staff_notices(scope).await?.into_iter().next().and_then(|notice| notice.informed_on))
    }

    /// Everything that was recorded about it, the newest first.
    pub async fn staff_notices(&self, scope: &Scope) -> Result<Vec<StaffNotice>, Error> {
        require(scope, Permission::SeeSensors)?;
        Ok(self.store.staff_notices(scope).await?)
    }

    /// Records that the staff was told, on a day that came already; from then on sensors may look into what is sent.
    pub async fn record_staff_informed(
        &self,
        scope: &Scope,
        day: &str,
        how: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        require(scope, Permission::Administer)?;
        let today = self.zoned(scope, now)?.date();
        let mut problems = Vec::new();
        let informed_on = typed_day(day).filter(|day| *day <= today && day.year() >= EARLIEST_YEAR);
        if informed_on.is_none() {
            problems.push(FieldProblem {
                field: "informed_on".into(),
                text: Text::new(
                    "Kies de dag waarop iedereen op de hoogte was: vandaag of eerder.",
                    "Choose the day on which everybody had been told: today or before.",
                ),
            });
        }
        let how = how.trim();
        if how.is_empty() || how.chars().count() > LONGEST_HOW {
            problems.push(FieldProblem {
                field: "how".into(),
                text: Text::new(
                    "Schrijf kort hoe het personeel is ingelicht, en of er een OR is en wat die zei.",
                    "Say briefly how the staff was told, and whether there is a works council and what it said.",
                ),
            });
        }
        if !problems.is_empty() {
            return Err(Error::Invalid(problems));
        }
        self.note_staff(scope, informed_on, how, now).await
    }

    /// Takes it back: sensors stop looking into what is sent.
    pub async fn take_back_staff_informed(&self, scope: &Scope, why: &str, now: Timestamp) -> Result<(), Error> {
        require(scope, Permission::Administer)?;
        let why: String = why.trim().chars().take(LONGEST_HOW).collect();
        self.note_staff(scope, None, &why, now).await
    }

    async fn note_staff(&self, scope: &Scope, day: Option<Date>, how: &str, now: Timestamp) -> Result<(), Error> {
        let notice = |recorded_at| StaffNotice {
            recorded_at,
            recorded_by: scope.actor().name().to_owned(),
            informed_on: day,
            how: how.to_owned(),
        };
        let write = |at| -> Written<'_> {
            let notice = notice(at);
            Box::pin(async move { self.store.record_staff_notice(scope, &notice).await })
        };
        Ok(at_a_free_moment(now, write).await?)
    }

    /// Deletes what sensors reported and whose time is up. What is in an incident is kept as long as that is.
    pub async fn forget_sensor_data(&self, scope: &Scope, now: Timestamp) -> Result<SensorDataForgotten, Error> {
        let settings = self.sensor_settings(scope).await?;
        let before = |days: u32| now - SignedDuration::from_hours(24 * i64::from(days));
        let (detections, traffic) = (before(settings.detection_days), before(settings.traffic_days));
        let forgotten = self.store.forget_sensor_data(scope, detections, traffic).await?;
        self.share(scope, now).await?;
        Ok(forgotten)
    }
}
