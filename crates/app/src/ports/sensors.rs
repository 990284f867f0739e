//! The port of sensors: who may report for an organisation, what was reported, and what people settled about it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use facts::{IncidentId, OrganisationId};

use crate::{
    CaseRow, DetectionRow, ExceptionRow, Scope, Sensor, SensorReport, SensorSettings, SensorToken, StaffNotice,
    StoreError, TrafficRow,
};

/// What a report brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReportTaken {
    /// Lines that brought something new.
    pub accepted: u64,
    /// Lines that brought nothing new.
    pub known: u64,
}

/// How many rows a round of forgetting deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SensorDataForgotten {
    pub detections: u64,
    pub cases: u64,
    pub traffic: u64,
}

/// Sensors, and what they saw.
#[async_trait]
pub trait Sensors: Send + Sync {
    async fn add_sensor_token(&self, scope: &Scope, token: &SensorToken) -> Result<(), StoreError>;
    /// The token of a hash, of any organisation, whether or not it still works.
    async fn sensor_token(&self, token_sha256: &str) -> Result<SensorToken, StoreError>;
    /// The tokens of an organisation that were not used and have not ended at this moment, the newest first.
    async fn open_sensor_tokens(&self, scope: &Scope, now: Timestamp) -> Result<Vec<SensorToken>, StoreError>;
    /// Takes a token away that was not used. `NotFound`: this organisation has none such.
    async fn withdraw_sensor_token(&self, scope: &Scope, token_sha256: &str) -> Result<(), StoreError>;
    /// Uses a token for a sensor whose secret has this hash, whole or not at all. `Conflict`: the token was used.
    async fn enrol_sensor(&self, token_sha256: &str, sensor: &Sensor, secret_sha256: &str) -> Result<(), StoreError>;
    /// The sensor whose secret has this hash, of any organisation; one that was removed has none.
    async fn sensor_by_secret(&self, secret_sha256: &str) -> Result<Sensor, StoreError>;
    /// The sensors of an organisation by name, those that were removed last.
    async fn sensors(&self, scope: &Scope) -> Result<Vec<Sensor>, StoreError>;
    async fn rename_sensor(&self, scope: &Scope, id: Uuid, name: &str) -> Result<(), StoreError>;
    /// Takes a sensor's secret from it; what it reported stays.
    async fn remove_sensor(&self, scope: &Scope, id: Uuid, at: Timestamp) -> Result<(), StoreError>;
    /// Sensors of any organisation that were last heard before a moment, and of whose silence nobody was told.
    async fn silent_sensors(&self, heard_before: Timestamp) -> Result<Vec<Sensor>, StoreError>;
    /// That people were told of a sensor's silence; not where it was heard since.
    async fn silence_told(&self, sensor: &Sensor) -> Result<(), StoreError>;
    /// The organisations that have a sensor, or had one.
    async fn organisations_with_sensors(&self) -> Result<Vec<OrganisationId>, StoreError>;

    /// Takes in what a sensor reported, whole or not at all, and that it was heard. A detection whose last moment is later
    /// than the one that is there takes its place; a case that says something else does. `NotFound`: the sensor was removed.
    async fn take_report(
        &self,
        scope: &Scope,
        sensor: Uuid,
        report: &SensorReport,
        now: Timestamp,
    ) -> Result<ReportTaken, StoreError>;
    /// That nothing was taken of a report, since it said a moment too far ahead; until one is taken that says any.
    /// `NotFound`: the sensor was removed.
    async fn clock_off(&self, scope: &Scope, sensor: Uuid, said: Timestamp, now: Timestamp) -> Result<(), StoreError>;
    /// The detections that were last seen, or came in, at or after a moment, the newest by the later of the two first, at most
    /// `limit` after so many; of one sensor, or of all.
    async fn sensor_detections(
        &self,
        scope: &Scope,
        sensor: Option<Uuid>,
        since: Timestamp,
        after: u64,
        limit: u32,
    ) -> Result<Vec<DetectionRow>, StoreError>;
    /// Those of these ids that a sensor reported, in no order.
    async fn detections_of_sensor(
        &self,
        scope: &Scope,
        sensor: Uuid,
        ids: &[String],
    ) -> Result<Vec<DetectionRow>, StoreError>;
    /// Those that are in an incident, in no order.
    async fn detections_in(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<DetectionRow>, StoreError>;
    /// The same of several sensors, of any organisations, in one statement: each with the ids that are asked of it. One that is
    /// asked for twice comes once.
    async fn detections_of_sensors(&self, asked: &[(&Scope, Uuid, &[String])])
    -> Result<Vec<DetectionRow>, StoreError>;
    /// The cases that changed at or after a moment, the newest first, at most `limit` after so many: those that are urgent and
    /// in no incident, or all others.
    async fn sensor_cases(
        &self,
        scope: &Scope,
        since: Timestamp,
        is_waiting: bool,
        after: u64,
        limit: u32,
    ) -> Result<Vec<CaseRow>, StoreError>;
    /// How many changed at or after a moment that are urgent and in no incident.
    async fn waiting_cases(&self, scope: &Scope, since: Timestamp) -> Result<u64, StoreError>;
    /// Those of these ids of which a detection of this sensor was not kept, nor came in since.
    async fn withheld(&self, scope: &Scope, sensor: Uuid, ids: &[String]) -> Result<Vec<String>, StoreError>;
    /// Those of these ids of which somebody had a detection of this sensor erased from an incident: it is not taken again.
    async fn forgotten(&self, scope: &Scope, sensor: Uuid, ids: &[String]) -> Result<Vec<String>, StoreError>;
    /// Takes, for each of these cases in their order, one of the openings of incidents that the rule has for a sensor: so many
    /// within either time, the moment included. Gives those for which there was one, or that have one; the others are held
    /// back. Whole or not at all. `NotFound`: there is no such case.
    async fn rule_may_open(
        &self,
        scope: &Scope,
        sensor: Uuid,
        cases: &[(&str, [(SignedDuration, u64); 2])],
        now: Timestamp,
    ) -> Result<BTreeSet<String>, StoreError>;
    /// Which of these organisations have urgent cases that are in no incident.
    async fn having_urgent_cases(&self, scopes: &[Scope]) -> Result<BTreeSet<OrganisationId>, StoreError>;
    /// Those, of each organisation at most `limit`, the gravest, of those the last changed; in no order.
    async fn urgent_cases_of_each(
        &self,
        scopes: &[&Scope],
        limit: u32,
    ) -> Result<Vec<(OrganisationId, CaseRow)>, StoreError>;
    async fn sensor_case(&self, scope: &Scope, sensor: Uuid, id: &str) -> Result<CaseRow, StoreError>;
    /// Those of these ids that a sensor reported, in no order.
    async fn cases_of_sensor(&self, scope: &Scope, sensor: Uuid, ids: &[&str]) -> Result<Vec<CaseRow>, StoreError>;
    /// That these cases and detections became part of an incident; what is in another stays there.
    async fn put_in_incident(
        &self,
        scope: &Scope,
        sensor: Uuid,
        cases: &[String],
        detections: &[String],
        incident: IncidentId,
    ) -> Result<(), StoreError>;
    /// What a sensor counted in the hours from a moment until another, by hour.
    async fn sensor_traffic(
        &self,
        scope: &Scope,
        sensor: Uuid,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<TrafficRow>, StoreError>;
    /// Deletes detections and cases that are in no incident and came in before a moment, what was refused before it, and hours
    /// that began before another.
    async fn forget_sensor_data(
        &self,
        scope: &Scope,
        detections_before: Timestamp,
        traffic_before: Timestamp,
    ) -> Result<SensorDataForgotten, StoreError>;

    /// Adds an exception. `seen`: how many there were when it was looked whether there is one like it; `Conflict`: there are
    /// others now.
    async fn add_exception(&self, scope: &Scope, exception: &ExceptionRow, seen: u64) -> Result<(), StoreError>;
    /// Every exception that was made, the newest first.
    async fn exceptions(&self, scope: &Scope) -> Result<Vec<ExceptionRow>, StoreError>;
    /// The same of each of these organisations, in one statement.
    async fn exceptions_of_each(&self, scopes: &[&Scope]) -> Result<Vec<(OrganisationId, ExceptionRow)>, StoreError>;
    /// Takes an exception back. `NotFound`: there is none of this id, or it was taken back.
    async fn take_back_exception(&self, scope: &Scope, id: Uuid, by: &str, at: Timestamp) -> Result<(), StoreError>;

    /// Every setting that was made, the newest first: that one holds.
    async fn sensor_settings(&self, scope: &Scope) -> Result<Vec<SensorSettings>, StoreError>;
    /// `seen`: when the newest was made that whoever makes them knew of. `Conflict`: another was made since.
    async fn set_sensor_settings(
        &self,
        scope: &Scope,
        settings: &SensorSettings,
        seen: Option<Timestamp>,
    ) -> Result<(), StoreError>;
    /// Everything that was recorded about informing the staff, the newest first: that one holds.
    async fn staff_notices(&self, scope: &Scope) -> Result<Vec<StaffNotice>, StoreError>;
    /// `Conflict`: one was recorded at the same moment.
    async fn record_staff_notice(&self, scope: &Scope, notice: &StaffNotice) -> Result<(), StoreError>;
}
