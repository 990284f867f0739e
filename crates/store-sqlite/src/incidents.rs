//! The projection of incidents, and the detections they rest on.

use jiff::Timestamp;
use sqlx::types::Text;
use sqlx::{FromRow, Transaction};

use app::{EDITION, IncidentRow, Keeping, Listing, StoreError, StoredDetection};
use facts::{IncidentId, OrganisationId};
use incident::{ToldThere, Urgency, Waiting};
use law::verdict::Outcome;

use crate::convert::{kept, moment, outcome, phase, retention, signed, told_there, unsigned, urgency, waiting};
use crate::engine::{Db, Pool};
use crate::error::failed;
use crate::lists;
use crate::sql::incidents as sql;

/// Writes the line of an incident and what goes with it, over the one that stood there.
pub(crate) async fn save(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    row: &IncidentRow,
    listing: &Listing,
) -> Result<(), StoreError> {
    kept(&[&row.title, row.number_there.as_deref().unwrap_or_default()])?;
    lists::save_beside(tx, organisation, incident, row, listing).await?;
    let words: Vec<&str> = listing.words.iter().map(String::as_str).collect();
    sqlx::query(sql::SAVE_INCIDENT)
        .bind(Text(organisation))
        .bind(Text(incident))
        .bind(signed(row.number, "an incident's number")?)
        .bind(row.title.as_str())
        .bind(row.opened_at.as_microsecond())
        .bind(row.urgency.map(Urgency::key))
        .bind(row.phase.key())
        .bind(row.clock_start.map(|at| at.as_microsecond()))
        .bind(row.is_provisional)
        .bind(row.waits_for.map(Waiting::key))
        .bind(row.notify_authority.map(Outcome::key))
        .bind(row.inform_subjects.map(Outcome::key))
        .bind(row.is_notify_decided)
        .bind(row.authority_notified_at.map(|at| at.as_microsecond()))
        .bind(row.closed_at.map(|at| at.as_microsecond()))
        .bind(signed(row.entries, "an incident's history")?)
        .bind(listing.register.as_str())
        .bind(words.join(" "))
        .bind(i64::from(EDITION))
        .bind(row.pressing())
        .bind(row.told_there.map(ToldThere::key))
        .bind(row.number_there.as_deref())
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
    save_keeping(tx, organisation, incident, &row.keeping).await
}

async fn save_keeping(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    keeping: &Keeping,
) -> Result<(), StoreError> {
    let micros = |at: Option<Timestamp>| at.map(|at| at.as_microsecond());
    sqlx::query(sql::SAVE_KEEPING)
        .bind(Text(organisation))
        .bind(Text(incident))
        .bind(keeping.kind.key())
        .bind(keeping.changed_at.as_microsecond())
        .bind(micros(keeping.held_at))
        .bind(micros(keeping.erased_at))
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
    Ok(())
}

pub(crate) async fn all(readers: &Pool, organisation: OrganisationId) -> Result<Vec<IncidentRow>, StoreError> {
    let query = sqlx::query_as::<_, IncidentColumns>(sql::INCIDENTS).bind(Text(organisation));
    let rows = query.fetch_all(readers).await.map_err(failed)?;
    rows.into_iter().map(IncidentRow::try_from).collect()
}

pub(crate) async fn by_number(
    readers: &Pool,
    organisation: OrganisationId,
    number: u64,
) -> Result<IncidentRow, StoreError> {
    // A number that no column can hold is no incident's.
    let number = i64::try_from(number).map_err(|_| StoreError::NotFound)?;
    let query = sqlx::query_as::<_, IncidentColumns>(sql::INCIDENT_BY_NUMBER).bind(Text(organisation)).bind(number);
    query.fetch_one(readers).await.map_err(failed)?.try_into()
}

pub(crate) async fn next_number(readers: &Pool, organisation: OrganisationId) -> Result<u64, StoreError> {
    let query = sqlx::query_scalar(sql::NEXT_NUMBER).bind(Text(organisation));
    unsigned(query.fetch_one(readers).await.map_err(failed)?, "an incident's number")
}

/// Keeps a detection that an incident rests on; the same one again changes nothing.
pub(crate) async fn save_detection(
    tx: &mut Transaction<'_, Db>,
    organisation: OrganisationId,
    incident: IncidentId,
    detection: &StoredDetection,
) -> Result<(), StoreError> {
    kept(&[&detection.id, &detection.sha256, &detection.json])?;
    sqlx::query(sql::INSERT_DETECTION)
        .bind(Text(organisation))
        .bind(Text(incident))
        .bind(detection.id.as_str())
        .bind(detection.sha256.as_str())
        .bind(detection.json.as_str())
        .execute(&mut **tx)
        .await
        .map_err(failed)?;
    Ok(())
}

/// By id.
pub(crate) async fn detections(
    readers: &Pool,
    organisation: OrganisationId,
    incident: IncidentId,
) -> Result<Vec<StoredDetection>, StoreError> {
    let query = sqlx::query_as(sql::DETECTIONS).bind(Text(organisation)).bind(Text(incident));
    let rows: Vec<(String, String, String)> = query.fetch_all(readers).await.map_err(failed)?;
    Ok(rows.into_iter().map(|(id, sha256, json)| StoredDetection { id, sha256, json }).collect())
}

/// Those that rest on a detection, in the order of their ids.
pub(crate) async fn on(
    readers: &Pool,
    organisation: OrganisationId,
    detection: &str,
) -> Result<Vec<(IncidentId, StoredDetection)>, StoreError> {
    let query = sqlx::query_as(sql::INCIDENTS_ON).bind(Text(organisation)).bind(detection);
    let rows: Vec<(Text<IncidentId>, String, String)> = query.fetch_all(readers).await.map_err(failed)?;
    let stored = |sha256, json| StoredDetection { id: detection.to_owned(), sha256, json };
    Ok(rows.into_iter().map(|(incident, sha256, json)| (incident.into_inner(), stored(sha256, json))).collect())
}

#[derive(FromRow)]
pub(crate) struct IncidentColumns {
    id: Text<IncidentId>,
    number: i64,
    title: String,
    opened_at: i64,
    urgency: Option<String>,
    phase: String,
    clock_start: Option<i64>,
    is_provisional: bool,
    waits_for: Option<String>,
    notify_authority: Option<String>,
    inform_subjects: Option<String>,
    is_notify_decided: Option<bool>,
    authority_notified_at: Option<i64>,
    told_there: Option<String>,
    number_there: Option<String>,
    closed_at: Option<i64>,
    entries: i64,
    retention: String,
    changed_at: i64,
    held_at: Option<i64>,
    erased_at: Option<i64>,
}

impl TryFrom<IncidentColumns> for IncidentRow {
    type Error = StoreError;

    fn try_from(row: IncidentColumns) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id.into_inner(),
            number: unsigned(row.number, "an incident's number")?,
            title: row.title,
            opened_at: moment(row.opened_at)?,
            urgency: row.urgency.as_deref().map(urgency).transpose()?,
            phase: phase(&row.phase)?,
            clock_start: row.clock_start.map(moment).transpose()?,
            is_provisional: row.is_provisional,
            waits_for: row.waits_for.as_deref().map(waiting).transpose()?,
            notify_authority: row.notify_authority.as_deref().map(outcome).transpose()?,
            inform_subjects: row.inform_subjects.as_deref().map(outcome).transpose()?,
            is_notify_decided: row.is_notify_decided,
            authority_notified_at: row.authority_notified_at.map(moment).transpose()?,
            told_there: row.told_there.as_deref().map(told_there).transpose()?,
            number_there: row.number_there,
            closed_at: row.closed_at.map(moment).transpose()?,
            entries: unsigned(row.entries, "an incident's history")?,
            keeping: Keeping {
                kind: retention(&row.retention)?,
                changed_at: moment(row.changed_at)?,
                held_at: row.held_at.map(moment).transpose()?,
                erased_at: row.erased_at.map(moment).transpose()?,
            },
        })
    }
}
