//! What sensors reported: detections and cases line by line, and what was counted by hour.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use sqlx::types::Text;
use sqlx::{FromRow, Transaction};
use uuid::Uuid;

use app::{CaseRow, DetectionRow, ReportTaken, Scope, SensorDataForgotten, SensorReport, StoreError, TrafficRow};
use facts::{IncidentId, OrganisationId};

use crate::convert::{kept, moment, signed, unsigned};
use crate::engine::{Db, Store};
use crate::error::{Fault, failed};
use crate::sql::sensor_choices as choices_sql;
use crate::sql::sensor_findings as sql;
use crate::sql::sensors as sensors_sql;

impl Store {
    pub(crate) async fn take_findings(
        &self,
        organisation: OrganisationId,
        sensor: Uuid,
        report: &SensorReport,
        now: Timestamp,
    ) -> Result<ReportTaken, StoreError> {
        let mut tx = self.begin().await?;
        let heard = sqlx::query(sensors_sql::HEARD).bind(Text(organisation)).bind(Text(sensor));
        let heard = heard.bind(now.as_microsecond()).execute(&mut *tx).await.map_err(failed)?;
        if heard.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        let mut accepted = 0;
        // A text that no column can hold is nobody's id: taking it is refused below.
        let ids = report.detections.iter().map(|detection| detection.id.as_str());
        let ids = listed(ids.filter(|id| kept(&[*id]).is_ok()));
        let query = sqlx::query_scalar::<_, String>(sql::FORGOTTEN).bind(Text(organisation)).bind(Text(sensor));
        let forgotten = query.bind(ids.as_str()).fetch_all(&mut *tx).await.map_err(failed)?;
        for detection in report.detections.iter().filter(|detection| !forgotten.contains(&detection.id)) {
            accepted += take_detection(&mut tx, organisation, sensor, detection).await?;
        }
        for id in &report.withheld {
            kept(&[id])?;
            let query = sqlx::query(sql::WITHHOLD).bind(Text(organisation)).bind(Text(sensor)).bind(id.as_str());
            query.bind(now.as_microsecond()).execute(&mut *tx).await.map_err(failed)?;
        }
        if !report.detections.is_empty() {
            let query = sqlx::query(sql::WITHHELD_NO_MORE).bind(Text(organisation)).bind(Text(sensor));
            query.bind(ids.as_str()).execute(&mut *tx).await.map_err(failed)?;
        }
        for case in &report.cases {
            accepted += take_case(&mut tx, organisation, sensor, case).await?;
        }
        for traffic in &report.traffic {
            accepted += take_traffic(&mut tx, organisation, sensor, traffic).await?;
        }
        if let Some((at, version, json)) = &report.state {
            kept(&[version, json, &report.progress])?;
            let query = sqlx::query(sensors_sql::STATE).bind(Text(organisation)).bind(Text(sensor));
            let query = query.bind(at.as_microsecond()).bind(json.as_str()).bind(version.as_str());
            let query = query.bind((now + app::STATE_MAY_BE_AHEAD).as_microsecond()).bind(report.progress.as_str());
            accepted += query.execute(&mut *tx).await.map_err(failed)?.rows_affected();
        }
        // A report without a moment in it says nothing of the clock.
        if report.detections.len() + report.traffic.len() + report.state.iter().len() > 0 {
            let query = sqlx::query(sensors_sql::CLOCK_RIGHT).bind(Text(organisation)).bind(Text(sensor));
            query.execute(&mut *tx).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)?;
        let lines = report.detections.len() + report.cases.len() + report.traffic.len();
        Ok(ReportTaken { accepted, known: (lines as u64 + report.states).saturating_sub(accepted) })
    }

    pub(crate) async fn newest_detections(
        &self,
        organisation: OrganisationId,
        sensor: Option<Uuid>,
        since: Timestamp,
        after: u64,
        limit: u32,
    ) -> Result<Vec<DetectionRow>, StoreError> {
        let statement = if sensor.is_some() { sql::DETECTIONS_OF_ONE } else { sql::NEWEST_DETECTIONS };
        let query = sqlx::query_as::<_, DetectionColumns>(statement).bind(Text(organisation));
        let query = query.bind(since.as_microsecond()).bind(i64::from(limit));
        let query = query.bind(i64::try_from(after).unwrap_or(i64::MAX));
        let query = match sensor {
            Some(sensor) => query.bind(Text(sensor)),
            None => query,
        };
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(DetectionRow::try_from).collect()
    }

    pub(crate) async fn detections_by_id(
        &self,
        asked: &[(&Scope, Uuid, &[String])],
    ) -> Result<Vec<DetectionRow>, StoreError> {
        let mut keys = BTreeSet::new();
        for (scope, sensor, ids) in asked {
            // A text that no column can hold is nobody's id.
            let ids = ids.iter().filter(|id| kept(&[id.as_str()]).is_ok());
            keys.extend(ids.map(|id| format!("{}{sensor}{id}", scope.id())));
        }
        let keys = listed(keys.iter().map(String::as_str));
        let query = sqlx::query_as::<_, DetectionColumns>(sql::DETECTIONS_BY_ID).bind(keys);
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(DetectionRow::try_from).collect()
    }

    pub(crate) async fn detections_of_incident(
        &self,
        organisation: OrganisationId,
        incident: IncidentId,
    ) -> Result<Vec<DetectionRow>, StoreError> {
        let query = sqlx::query_as::<_, DetectionColumns>(sql::DETECTIONS_IN).bind(Text(organisation));
        let rows = query.bind(Text(incident)).fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(DetectionRow::try_from).collect()
    }

    pub(crate) async fn newest_cases(
        &self,
        organisation: OrganisationId,
        since: Timestamp,
        is_waiting: bool,
        after: u64,
        limit: u32,
    ) -> Result<Vec<CaseRow>, StoreError> {
        let statement = if is_waiting { sql::WAITING_CASES } else { sql::OTHER_CASES };
        let query = sqlx::query_as::<_, CaseColumns>(statement).bind(Text(organisation));
        let query = query.bind(since.as_microsecond()).bind(i64::from(limit));
        let query = query.bind(i64::try_from(after).unwrap_or(i64::MAX));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(CaseRow::try_from).collect()
    }

    pub(crate) async fn count_waiting(
        &self,
        organisation: OrganisationId,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        let query = sqlx::query_scalar::<_, i64>(sql::COUNT_WAITING).bind(Text(organisation));
        let count = query.bind(since.as_microsecond()).fetch_one(&self.readers).await.map_err(failed)?;
        unsigned(count, "a count of cases")
    }

    /// Those of these ids that a statement about a sensor's detections names.
    pub(crate) async fn named_by(
        &self,
        statement: &'static str,
        (organisation, sensor): (OrganisationId, Uuid),
        ids: &[String],
    ) -> Result<Vec<String>, StoreError> {
        let ids = listed(ids.iter().map(String::as_str));
        let query = sqlx::query_scalar::<_, String>(statement).bind(Text(organisation)).bind(Text(sensor));
        query.bind(ids).fetch_all(&self.readers).await.map_err(failed)
    }

    pub(crate) async fn take_openings(
        &self,
        organisation: OrganisationId,
        sensor: Uuid,
        cases: &[(&str, [(SignedDuration, u64); 2])],
        now: Timestamp,
    ) -> Result<BTreeSet<String>, StoreError> {
        let mut may_open = BTreeSet::new();
        let mut tx = self.begin().await?;
        for (case, most) in cases {
            let mut query = sqlx::query(sql::RULE_OPENS).bind(Text(organisation)).bind(Text(sensor)).bind(*case);
            query = query.bind(now.as_microsecond());
            for (within, count) in *most {
                query = query.bind((now - within).as_microsecond()).bind(signed(count, "a bound")?);
            }
            if query.execute(&mut *tx).await.map_err(failed)?.rows_affected() > 0 {
                may_open.insert((*case).to_owned());
                continue;
            }
            let query = sqlx::query(sql::RULE_HOLDS).bind(Text(organisation)).bind(Text(sensor)).bind(*case);
            let held = query.bind(now.as_microsecond()).execute(&mut *tx).await.map_err(failed)?;
            if held.rows_affected() == 0 {
                return Err(StoreError::NotFound);
            }
        }
        tx.commit().await.map_err(failed)?;
        Ok(may_open)
    }

    /// Which of these organisations have urgent cases that are in no incident.
    pub(crate) async fn with_urgent_cases(&self, scopes: &[Scope]) -> Result<BTreeSet<OrganisationId>, StoreError> {
        let asked: serde_json::Value = scopes.iter().map(|scope| scope.id().to_string()).collect();
        let query = sqlx::query_scalar::<_, Text<OrganisationId>>(sql::HAVING_URGENT_CASES).bind(asked.to_string());
        let found = query.fetch_all(&self.readers).await.map_err(failed)?;
        Ok(found.into_iter().map(Text::into_inner).collect())
    }

    pub(crate) async fn urgent_cases(
        &self,
        scopes: &[&Scope],
        limit: u32,
    ) -> Result<Vec<(OrganisationId, CaseRow)>, StoreError> {
        let asked: serde_json::Value = scopes.iter().map(|scope| scope.id().to_string()).collect();
        let query = sqlx::query_as::<_, UrgentColumns>(sql::URGENT_CASES).bind(asked.to_string());
        let query = query.bind(i64::from(limit));
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(|row| Ok((row.organisation.into_inner(), CaseRow::try_from(row.case)?))).collect()
    }

    pub(crate) async fn cases_by_id(
        &self,
        organisation: OrganisationId,
        sensor: Uuid,
        ids: &[&str],
    ) -> Result<Vec<CaseRow>, StoreError> {
        // A text that no column can hold is nobody's id.
        let ids = listed(ids.iter().copied().filter(|id| kept(&[*id]).is_ok()));
        let query = sqlx::query_as::<_, CaseColumns>(sql::CASES_BY_ID).bind(Text(organisation)).bind(Text(sensor));
        let rows = query.bind(ids).fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(CaseRow::try_from).collect()
    }

    pub(crate) async fn case_by_id(
        &self,
        organisation: OrganisationId,
        sensor: Uuid,
        id: &str,
    ) -> Result<CaseRow, StoreError> {
        let query = sqlx::query_as::<_, CaseColumns>(sql::CASE).bind(Text(organisation)).bind(Text(sensor)).bind(id);
        query.fetch_one(&self.readers).await.map_err(failed)?.try_into()
    }

    pub(crate) async fn put(
        &self,
        organisation: OrganisationId,
        sensor: Uuid,
        cases: &[String],
        detections: &[String],
        incident: IncidentId,
    ) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let cases = cases.iter().map(|id| (sql::PUT_CASE, id.as_str()));
        let detections = detections.iter().map(|id| (sql::PUT_DETECTION, id.as_str()));
        for (statement, id) in cases.chain(detections) {
            let query = sqlx::query(statement).bind(Text(organisation)).bind(Text(sensor)).bind(id);
            query.bind(Text(incident)).execute(&mut *tx).await.map_err(failed)?;
        }
        tx.commit().await.map_err(failed)
    }

    pub(crate) async fn hours(
        &self,
        organisation: OrganisationId,
        sensor: Uuid,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<TrafficRow>, StoreError> {
        let query = sqlx::query_as::<_, TrafficColumns>(sql::TRAFFIC).bind(Text(organisation)).bind(Text(sensor));
        let query = query.bind(from.as_microsecond()).bind(until.as_microsecond());
        let rows = query.fetch_all(&self.readers).await.map_err(failed)?;
        rows.into_iter().map(TrafficRow::try_from).collect()
    }

    pub(crate) async fn forget_findings(
        &self,
        organisation: OrganisationId,
        detections_before: Timestamp,
        traffic_before: Timestamp,
    ) -> Result<SensorDataForgotten, StoreError> {
        let mut tx = self.begin().await?;
        let mut deleted = [0; 5];
        let statements = [
            (choices_sql::FORGET_REFUSALS, detections_before),
            (sql::FORGET_WITHHELD, detections_before),
            (sql::FORGET_DETECTIONS, detections_before),
            (sql::FORGET_CASES, detections_before),
            (sql::FORGET_TRAFFIC, traffic_before),
        ];
        for (count, (statement, before)) in deleted.iter_mut().zip(statements) {
            let query = sqlx::query(statement).bind(Text(organisation)).bind(before.as_microsecond());
            *count = query.execute(&mut *tx).await.map_err(failed)?.rows_affected();
        }
        tx.commit().await.map_err(failed)?;
        let [_, _, detections, cases, traffic] = deleted;
        Ok(SensorDataForgotten { detections, cases, traffic })
    }
}

async fn take_detection(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    sensor: Uuid,
    detection: &DetectionRow,
) -> Result<u64, StoreError> {
    kept(&[&detection.id, &detection.json])?;
    let query = sqlx::query(sql::TAKE_DETECTION)
        .bind(Text(organisation))
        .bind(Text(sensor))
        .bind(detection.id.as_str())
        .bind(detection.kind.as_str())
        .bind(i64::from(detection.severity))
        .bind(detection.host.as_str())
        .bind(detection.first_at.as_microsecond())
        .bind(detection.last_at.as_microsecond())
        .bind(detection.received_at.as_microsecond())
        .bind(detection.json.as_str())
        .bind(detection.first_received_at.as_microsecond());
    Ok(query.execute(&mut **tx).await.map_err(failed)?.rows_affected())
}

async fn take_case(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    sensor: Uuid,
    case: &CaseRow,
) -> Result<u64, StoreError> {
    kept(&[&case.id, &case.json])?;
    let query = sqlx::query(sql::TAKE_CASE)
        .bind(Text(organisation))
        .bind(Text(sensor))
        .bind(case.id.as_str())
        .bind(i64::from(case.severity))
        .bind(case.changed_at.as_microsecond())
        .bind(case.json.as_str())
        .bind(case.first_received_at.as_microsecond())
        .bind(case.is_urgent);
    Ok(query.execute(&mut **tx).await.map_err(failed)?.rows_affected())
}

async fn take_traffic(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    sensor: Uuid,
    traffic: &TrafficRow,
) -> Result<u64, StoreError> {
    kept(&[&traffic.host_name, &traffic.remote_domain])?;
    let query = sqlx::query(sql::TAKE_TRAFFIC)
        .bind(Text(organisation))
        .bind(Text(sensor))
        .bind(traffic.hour.as_microsecond())
        .bind(traffic.host.as_str())
        .bind(traffic.remote.as_str())
        .bind(i64::from(traffic.remote_port))
        .bind(traffic.remote_domain.as_str())
        .bind(traffic.host_name.as_str())
        .bind(signed(traffic.bytes_out, "a count of bytes")?)
        .bind(signed(traffic.bytes_in, "a count of bytes")?)
        .bind(signed(traffic.connections, "a count of connections")?)
        .bind(traffic.other_places.map(|places| signed(places, "a count of places")).transpose()?);
    Ok(query.execute(&mut **tx).await.map_err(failed)?.rows_affected())
}

#[derive(FromRow)]
struct DetectionColumns {
    sensor: Text<Uuid>,
    id: String,
    kind: String,
    severity: i64,
    host: String,
    first_at: i64,
    last_at: i64,
    received_at: i64,
    first_received_at: i64,
    number: Option<i64>,
    json: String,
}

impl TryFrom<DetectionColumns> for DetectionRow {
    type Error = StoreError;

    fn try_from(row: DetectionColumns) -> Result<Self, StoreError> {
        Ok(Self {
            sensor: row.sensor.into_inner(),
            id: row.id,
            kind: row.kind,
            severity: severity(row.severity)?,
            host: row.host,
            first_at: moment(row.first_at)?,
            last_at: moment(row.last_at)?,
            received_at: moment(row.received_at)?,
            first_received_at: moment(row.first_received_at)?,
            incident: number(row.number)?,
            json: row.json,
        })
    }
}

#[derive(FromRow)]
struct CaseColumns {
    sensor: Text<Uuid>,
    id: String,
    severity: i64,
    is_urgent: bool,
    changed_at: i64,
    first_received_at: i64,
    rule_held_at: Option<i64>,
    number: Option<i64>,
    json: String,
}

#[derive(FromRow)]
struct UrgentColumns {
    organisation: Text<OrganisationId>,
    #[sqlx(flatten)]
    case: CaseColumns,
}

impl TryFrom<CaseColumns> for CaseRow {
    type Error = StoreError;

    fn try_from(row: CaseColumns) -> Result<Self, StoreError> {
        Ok(Self {
            sensor: row.sensor.into_inner(),
            id: row.id,
            severity: severity(row.severity)?,
            is_urgent: row.is_urgent,
            changed_at: moment(row.changed_at)?,
            first_received_at: moment(row.first_received_at)?,
            held_back_at: row.rule_held_at.map(moment).transpose()?,
            incident: number(row.number)?,
            json: row.json,
        })
    }
}

#[derive(FromRow)]
struct TrafficColumns {
    hour: i64,
    host: String,
    host_name: String,
    remote: String,
    remote_port: i64,
    remote_domain: String,
    bytes_out: i64,
    bytes_in: i64,
    connections: i64,
    other_places: Option<i64>,
}

impl TryFrom<TrafficColumns> for TrafficRow {
    type Error = StoreError;

    fn try_from(row: TrafficColumns) -> Result<Self, StoreError> {
        Ok(Self {
            hour: moment(row.hour)?,
            host: row.host,
            host_name: row.host_name,
            remote: row.remote,
            remote_port: u16::try_from(row.remote_port).map_err(|_| Fault::Unreadable("a port"))?,
            remote_domain: row.remote_domain,
            bytes_out: unsigned(row.bytes_out, "a count of bytes")?,
            bytes_in: unsigned(row.bytes_in, "a count of bytes")?,
            connections: unsigned(row.connections, "a count of connections")?,
            other_places: row.other_places.map(|places| unsigned(places, "a count of places")).transpose()?,
        })
    }
}

/// Texts as statements take them: a JSON list.
fn listed<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.collect::<serde_json::Value>().to_string()
}

fn severity(rank: i64) -> Result<u8, StoreError> {
    u8::try_from(rank).map_err(|_| Fault::Unreadable("a severity").into())
}

fn number(number: Option<i64>) -> Result<Option<u64>, StoreError> {
    number.map(|number| unsigned(number, "an incident's number")).transpose()
}
