//! Sensors, and what people settled about them. What sensors reported stands in `sensor_findings`.

use std::collections::BTreeSet;

use async_trait::async_trait;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use sqlx::FromRow;
use sqlx::query::Query;
use sqlx::types::Text;
use uuid::Uuid;

use app::{
    CaseRow, ClockOff, DetectionRow, ExceptionRow, Opens, ReportTaken, Scope, Sensor, SensorDataForgotten,
    SensorReport, SensorSettings, SensorToken, Sensors, StaffNotice, StoreError, TrafficRow,
};
use facts::{IncidentId, OrganisationId};

use crate::convert::{kept, moment, unsigned};
use crate::engine::{self, Arguments, Db, Store};
use crate::error::{Fault, failed};
use crate::sql::sensor_findings as findings_sql;
use crate::sql::sensors as sql;

#[async_trait]
impl Sensors for Store {
    async fn add_sensor_token(&self, scope: &Scope, token: &SensorToken) -> Result<(), StoreError> {
        kept(&[&token.name, &token.made_by])?;
        let mut tx = self.begin().await?;
        // A month long it is told that a token was used, or is too old; after that it is unknown.
        let old = token.made_at - jiff::SignedDuration::from_hours(30 * 24);
        let forget = sqlx::query(sql::FORGET_TOKENS).bind(Text(scope.id())).bind(old.as_microsecond());
        forget.execute(&mut *tx).await.map_err(failed)?;
        let query = sqlx::query(sql::ADD_TOKEN)
            .bind(token.token_sha256.as_str())
            .bind(Text(scope.id()))
            .bind(token.name.as_str())
            .bind(token.made_by.as_str())
            .bind(token.made_at.as_microsecond())
            .bind(token.expires_at.as_microsecond());
        query.execute(&mut *tx).await.map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn sensor_token(&self, token_sha256: &str) -> Result<SensorToken, StoreError> {
        let query = sqlx::query_as::<_, TokenColumns>(sql::TOKEN).bind(token_sha256);
        query.fetch_one(&self.readers).await.map_err(failed)?.try_into()
    }

    async fn open_sensor_tokens(&self, scope: &Scope, now: Timestamp) -> Result<Vec<SensorToken>, StoreError> {
        let query =
            sqlx::query_as::<_, TokenColumns>(sql::OPEN_TOKENS).bind(Text(scope.id())).bind(now.as_microsecond());
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(SensorToken::try_from).collect()
    }

    async fn withdraw_sensor_token(&self, scope: &Scope, token_sha256: &str) -> Result<(), StoreError> {
        let query = sqlx::query(sql::WITHDRAW_TOKEN).bind(Text(scope.id())).bind(token_sha256);
        found(query.execute(&self.writer).await.map_err(failed)?.rows_affected())
    }

    async fn enrol_sensor(&self, token_sha256: &str, sensor: &Sensor, secret_sha256: &str) -> Result<(), StoreError> {
        kept(&[&sensor.name, &sensor.version, &sensor.enrolled_by])?;
        let mut tx = self.begin().await?;
        let used = sqlx::query(sql::USE_TOKEN).bind(token_sha256).bind(sensor.enrolled_at.as_microsecond());
        if used.execute(&mut *tx).await.map_err(failed)?.rows_affected() == 0 {
            return Err(StoreError::Conflict);
        }
        let query = sqlx::query(sql::ENROL)
            .bind(Text(sensor.organisation))
            .bind(Text(sensor.id))
            .bind(sensor.name.as_str())
            .bind(secret_sha256)
            .bind(sensor.version.as_str())
            .bind(sensor.enrolled_at.as_microsecond())
            .bind(sensor.enrolled_by.as_str());
        query.execute(&mut *tx).await.map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn sensor_by_secret(&self, secret_sha256: &str) -> Result<Sensor, StoreError> {
        let query = sqlx::query_as::<_, SensorColumns>(sql::BY_SECRET).bind(secret_sha256);
        query.fetch_one(&self.readers).await.map_err(failed)?.try_into()
    }

    async fn sensors(&self, scope: &Scope) -> Result<Vec<Sensor>, StoreError> {
        let query = sqlx::query_as::<_, SensorColumns>(sql::SENSORS).bind(Text(scope.id()));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(Sensor::try_from).collect()
    }

    async fn rename_sensor(&self, scope: &Scope, id: Uuid, name: &str) -> Result<(), StoreError> {
        kept(&[name])?;
        let query = sqlx::query(sql::RENAME).bind(Text(scope.id())).bind(Text(id)).bind(name);
        found(query.execute(&self.writer).await.map_err(failed)?.rows_affected())
    }

    async fn remove_sensor(&self, scope: &Scope, id: Uuid, at: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::REMOVE).bind(Text(scope.id())).bind(Text(id)).bind(at.as_microsecond());
        found(query.execute(&self.writer).await.map_err(failed)?.rows_affected())
    }

    async fn silent_sensors(&self, heard_before: Timestamp) -> Result<Vec<Sensor>, StoreError> {
        let query = sqlx::query_as::<_, SensorColumns>(sql::SILENT).bind(heard_before.as_microsecond());
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(Sensor::try_from).collect()
    }

    async fn silence_told(&self, sensor: &Sensor) -> Result<(), StoreError> {
        let query = sqlx::query(sql::SILENCE_TOLD).bind(Text(sensor.organisation)).bind(Text(sensor.id));
        let query = query.bind(sensor.heard_at.as_microsecond());
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }

    async fn organisations_with_sensors(&self) -> Result<Vec<OrganisationId>, StoreError> {
        let query = sqlx::query_scalar::<_, Text<OrganisationId>>(sql::ORGANISATIONS);
        let found = query.fetch_all(&self.readers).await.map_err(failed)?;
        Ok(found.into_iter().map(Text::into_inner).collect())
    }

    async fn take_report(
        &self,
        scope: &Scope,
        sensor: Uuid,
        report: &SensorReport,
        now: Timestamp,
    ) -> Result<ReportTaken, StoreError> {
        self.take_findings(scope.id(), sensor, report, now).await
    }

    async fn clock_off(&self, scope: &Scope, sensor: Uuid, said: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        let query = sqlx::query(sql::CLOCK_OFF).bind(Text(scope.id())).bind(Text(sensor));
        let query = query.bind(said.as_microsecond()).bind(now.as_microsecond());
        found(query.execute(&self.writer).await.map_err(failed)?.rows_affected())
    }

    async fn sensor_detections(
        &self,
        scope: &Scope,
        sensor: Option<Uuid>,
        since: Timestamp,
        after: u64,
        limit: u32,
    ) -> Result<Vec<DetectionRow>, StoreError> {
        self.newest_detections(scope.id(), sensor, since, after, limit).await
    }

    async fn detections_of_sensor(
        &self,
        scope: &Scope,
        sensor: Uuid,
        ids: &[String],
    ) -> Result<Vec<DetectionRow>, StoreError> {
        self.detections_by_id(&[(scope, sensor, ids)]).await
    }

    async fn detections_of_sensors(
        &self,
        asked: &[(&Scope, Uuid, &[String])],
    ) -> Result<Vec<DetectionRow>, StoreError> {
        self.detections_by_id(asked).await
    }

    async fn detections_in(&self, scope: &Scope, incident: IncidentId) -> Result<Vec<DetectionRow>, StoreError> {
        self.detections_of_incident(scope.id(), incident).await
    }

    async fn sensor_cases(
        &self,
        scope: &Scope,
        since: Timestamp,
        is_waiting: bool,
        after: u64,
        limit: u32,
    ) -> Result<Vec<CaseRow>, StoreError> {
        self.newest_cases(scope.id(), since, is_waiting, after, limit).await
    }

    async fn waiting_cases(&self, scope: &Scope, since: Timestamp) -> Result<u64, StoreError> {
        self.count_waiting(scope.id(), since).await
    }

    async fn withheld(&self, scope: &Scope, sensor: Uuid, ids: &[String]) -> Result<Vec<String>, StoreError> {
        self.named_by(findings_sql::WITHHELD, (scope.id(), sensor), ids).await
    }

    async fn forgotten(&self, scope: &Scope, sensor: Uuid, ids: &[String]) -> Result<Vec<String>, StoreError> {
        self.named_by(findings_sql::FORGOTTEN, (scope.id(), sensor), ids).await
    }

    async fn rule_may_open(
        &self,
        scope: &Scope,
        sensor: Uuid,
        cases: &[(&str, [(SignedDuration, u64); 2])],
        now: Timestamp,
    ) -> Result<BTreeSet<String>, StoreError> {
        self.take_openings(scope.id(), sensor, cases, now).await
    }

    async fn having_urgent_cases(&self, scopes: &[Scope]) -> Result<BTreeSet<OrganisationId>, StoreError> {
        self.with_urgent_cases(scopes).await
    }

    async fn urgent_cases_of_each(
        &self,
        scopes: &[&Scope],
        limit: u32,
    ) -> Result<Vec<(OrganisationId, CaseRow)>, StoreError> {
        self.urgent_cases(scopes, limit).await
    }

    async fn sensor_case(&self, scope: &Scope, sensor: Uuid, id: &str) -> Result<CaseRow, StoreError> {
        self.case_by_id(scope.id(), sensor, id).await
    }

    async fn cases_of_sensor(&self, scope: &Scope, sensor: Uuid, ids: &[&str]) -> Result<Vec<CaseRow>, StoreError> {
        self.cases_by_id(scope.id(), sensor, ids).await
    }

    async fn put_in_incident(
        &self,
        scope: &Scope,
        sensor: Uuid,
        cases: &[String],
        detections: &[String],
        incident: IncidentId,
    ) -> Result<(), StoreError> {
        self.put(scope.id(), sensor, cases, detections, incident).await
    }

    async fn sensor_traffic(
        &self,
        scope: &Scope,
        sensor: Uuid,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<TrafficRow>, StoreError> {
        self.hours(scope.id(), sensor, from, until).await
    }

    async fn forget_sensor_data(
        &self,
        scope: &Scope,
        detections_before: Timestamp,
        traffic_before: Timestamp,
    ) -> Result<SensorDataForgotten, StoreError> {
        self.forget_findings(scope.id(), detections_before, traffic_before).await
    }

    async fn add_exception(&self, scope: &Scope, exception: &ExceptionRow, seen: u64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        engine::lock_journal(&mut tx, scope.id()).await?;
        let count = sqlx::query_scalar::<_, i64>(sql::COUNT_EXCEPTIONS).bind(Text(scope.id()));
        if unsigned(count.fetch_one(&mut *tx).await.map_err(failed)?, "a count of exceptions")? != seen {
            return Err(StoreError::Conflict);
        }
        add_exception(scope.id(), exception)?.execute(&mut *tx).await.map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn exceptions(&self, scope: &Scope) -> Result<Vec<ExceptionRow>, StoreError> {
        let query = sqlx::query_as::<_, ExceptionColumns>(sql::EXCEPTIONS).bind(Text(scope.id()));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(ExceptionRow::try_from).collect()
    }

    async fn exceptions_of_each(&self, scopes: &[&Scope]) -> Result<Vec<(OrganisationId, ExceptionRow)>, StoreError> {
        let asked: serde_json::Value = scopes.iter().map(|scope| scope.id().to_string()).collect();
        let query = sqlx::query_as::<_, OneExceptionColumns>(sql::EXCEPTIONS_OF_EACH).bind(asked.to_string());
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter()
            .map(|row| Ok((row.organisation.into_inner(), ExceptionRow::try_from(row.exception)?)))
            .collect()
    }

    async fn take_back_exception(&self, scope: &Scope, id: Uuid, by: &str, at: Timestamp) -> Result<(), StoreError> {
        kept(&[by])?;
        let query = sqlx::query(sql::TAKE_BACK_EXCEPTION).bind(Text(scope.id())).bind(Text(id));
        let query = query.bind(at.as_microsecond()).bind(by);
        found(query.execute(&self.writer).await.map_err(failed)?.rows_affected())
    }

    async fn sensor_settings(&self, scope: &Scope) -> Result<Vec<SensorSettings>, StoreError> {
        let query = sqlx::query_as::<_, SettingColumns>(sql::SETTINGS).bind(Text(scope.id()));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(SensorSettings::try_from).collect()
    }

    async fn set_sensor_settings(
        &self,
        scope: &Scope,
        settings: &SensorSettings,
        seen: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        kept(&[&settings.set_by])?;
        let mut tx = self.begin().await?;
        engine::lock_journal(&mut tx, scope.id()).await?;
        let newest = sqlx::query_scalar::<_, Option<i64>>(sql::NEWEST_SETTING).bind(Text(scope.id()));
        if newest.fetch_one(&mut *tx).await.map_err(failed)? != seen.map(Timestamp::as_microsecond) {
            return Err(StoreError::Conflict);
        }
        let query = sqlx::query(sql::SET_SETTINGS)
            .bind(Text(scope.id()))
            .bind(settings.set_at.unwrap_or_default().as_microsecond())
            .bind(settings.set_by.as_str())
            .bind(settings.opens.key())
            .bind(i64::from(settings.silent_minutes))
            .bind(i64::from(settings.detection_days))
            .bind(i64::from(settings.traffic_days))
            .bind(i64::from(settings.metadata_days));
        query.execute(&mut *tx).await.map_err(failed)?;
        tx.commit().await.map_err(failed)
    }

    async fn staff_notices(&self, scope: &Scope) -> Result<Vec<StaffNotice>, StoreError> {
        let query = sqlx::query_as::<_, NoticeColumns>(sql::NOTICES).bind(Text(scope.id()));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(StaffNotice::try_from).collect()
    }

    async fn record_staff_notice(&self, scope: &Scope, notice: &StaffNotice) -> Result<(), StoreError> {
        kept(&[&notice.recorded_by, &notice.how])?;
        let query = sqlx::query(sql::RECORD_NOTICE)
            .bind(Text(scope.id()))
            .bind(notice.recorded_at.as_microsecond())
            .bind(notice.recorded_by.as_str())
            .bind(notice.informed_on.map(|day| day.to_string()))
            .bind(notice.how.as_str());
        query.execute(&self.writer).await.map_err(failed)?;
        Ok(())
    }
}

pub(crate) fn add_exception(
    organisation: OrganisationId,
    exception: &ExceptionRow,
) -> Result<Query<'_, Db, Arguments>, StoreError> {
    kept(&[&exception.json])?;
    let query = sqlx::query(sql::ADD_EXCEPTION).bind(Text(organisation)).bind(Text(exception.id));
    Ok(query.bind(exception.made_at.as_microsecond()).bind(exception.json.as_str()))
}

fn found(changed: u64) -> Result<(), StoreError> {
    if changed == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

#[derive(FromRow)]
struct TokenColumns {
    token_sha256: String,
    organisation: Text<OrganisationId>,
    name: String,
    made_by: String,
    made_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl TryFrom<TokenColumns> for SensorToken {
    type Error = StoreError;

    fn try_from(row: TokenColumns) -> Result<Self, StoreError> {
        Ok(Self {
            token_sha256: row.token_sha256,
            organisation: row.organisation.into_inner(),
            name: row.name,
            made_by: row.made_by,
            made_at: moment(row.made_at)?,
            expires_at: moment(row.expires_at)?,
            used_at: row.used_at.map(moment).transpose()?,
        })
    }
}

#[derive(FromRow)]
struct SensorColumns {
    organisation: Text<OrganisationId>,
    id: Text<Uuid>,
    name: String,
    version: String,
    enrolled_at: i64,
    enrolled_by: String,
    heard_at: i64,
    state: String,
    progress: String,
    removed_at: Option<i64>,
    learns_from: Option<i64>,
    learns_by: String,
    clock_said_at: Option<i64>,
    clock_off_at: Option<i64>,
}

impl TryFrom<SensorColumns> for Sensor {
    type Error = StoreError;

    fn try_from(row: SensorColumns) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into_inner(),
            organisation: row.organisation.into_inner(),
            name: row.name,
            version: row.version,
            enrolled_at: moment(row.enrolled_at)?,
            enrolled_by: row.enrolled_by,
            heard_at: moment(row.heard_at)?,
            state: row.state,
            progress: row.progress,
            removed_at: row.removed_at.map(moment).transpose()?,
            learns_from: moment(row.learns_from.unwrap_or(row.enrolled_at))?,
            learns_by: row.learns_by,
            clock_off: match (row.clock_said_at, row.clock_off_at) {
                (Some(said), Some(at)) => Some(ClockOff { said: moment(said)?, at: moment(at)? }),
                _ => None,
            },
        })
    }
}

#[derive(FromRow)]
struct ExceptionColumns {
    id: Text<Uuid>,
    made_at: i64,
    json: String,
    taken_back_at: Option<i64>,
    taken_back_by: String,
}

#[derive(FromRow)]
struct OneExceptionColumns {
    organisation: Text<OrganisationId>,
    #[sqlx(flatten)]
    exception: ExceptionColumns,
}

impl TryFrom<ExceptionColumns> for ExceptionRow {
    type Error = StoreError;

    fn try_from(row: ExceptionColumns) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into_inner(),
            made_at: moment(row.made_at)?,
            json: row.json,
            taken_back_at: row.taken_back_at.map(moment).transpose()?,
            taken_back_by: row.taken_back_by,
        })
    }
}

#[derive(FromRow)]
struct SettingColumns {
    set_at: i64,
    set_by: String,
    opens: String,
    silent_minutes: i64,
    detection_days: i64,
    traffic_days: i64,
    metadata_days: i64,
}

impl TryFrom<SettingColumns> for SensorSettings {
    type Error = StoreError;

    fn try_from(row: SettingColumns) -> Result<Self, StoreError> {
        let number = |number: i64| u32::try_from(number).map_err(|_| Fault::Unreadable("a setting of sensors"));
        Ok(Self {
            set_at: Some(moment(row.set_at)?),
            set_by: row.set_by,
            opens: Opens::from_key(&row.opens).ok_or(Fault::Unreadable("a rule for incidents"))?,
            silent_minutes: number(row.silent_minutes)?,
            detection_days: number(row.detection_days)?,
            traffic_days: number(row.traffic_days)?,
            metadata_days: u16::try_from(row.metadata_days).map_err(|_| Fault::Unreadable("a setting of sensors"))?,
        })
    }
}

#[derive(FromRow)]
struct NoticeColumns {
    recorded_at: i64,
    recorded_by: String,
    informed_on: Option<String>,
    how: String,
}

impl TryFrom<NoticeColumns> for StaffNotice {
    type Error = StoreError;

    fn try_from(row: NoticeColumns) -> Result<Self, StoreError> {
        let day = |text: String| text.parse::<Date>().map_err(|_| Fault::Unreadable("a day"));
        Ok(Self {
            recorded_at: moment(row.recorded_at)?,
            recorded_by: row.recorded_by,
            informed_on: row.informed_on.map(day).transpose()?,
            how: row.how,
        })
    }
}
