//! What a sensor read in people's traffic while the staff had not been told, and what somebody had erased: it is not kept,
//! and no case says it either.
//!
//! A case that rests on such a detection is stored as told again from what may be kept of it, and where that is nothing it is
//! not stored. So all that comes after, pages, mails, counts and incidents, has nothing to hide. Deliberately not here: what
//! was kept while the staff was informed; that stays as it is.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use contract::detection::{Alarm, CaseLine, DetectionLine, Kind};

use super::{CaseRow, SensorReport};
use crate::{App, Error, Scope};

/// Whether a detection of this kind says what somebody sent.
pub(super) fn is_content(kind: Kind) -> bool {
    matches!(kind, Kind::CleartextCredentials | Kind::CleartextPersonalData)
}

impl App {
    /// Has the cases of a report say no more than their detections do that are kept; those of which none is go.
    pub(super) async fn leave_out_withheld(
        &self,
        scope: &Scope,
        sensor: Uuid,
        report: &mut SensorReport,
    ) -> Result<(), Error> {
        if report.cases.is_empty() {
            return Ok(());
        }
        let lines = report.cases.iter().map(|row| serde_json::from_str::<CaseLine>(&row.json).map_err(Error::internal));
        let lines: Vec<CaseLine> = lines.collect::<Result<_, _>>()?;
        let named: BTreeSet<&String> = lines.iter().flat_map(|line| &line.detections).collect();
        let named: Vec<String> = named.into_iter().cloned().collect();
        let mut withheld: BTreeSet<String> = self.store.withheld(scope, sensor, &named).await?.into_iter().collect();
        // What comes with this report says itself whether it is kept.
        for row in &report.detections {
            withheld.remove(&row.id);
        }
        withheld.extend(report.withheld.iter().cloned());
        withheld.extend(self.store.forgotten(scope, sensor, &named).await?);
        if withheld.is_empty() {
            return Ok(());
        }
        let said: BTreeMap<&str, &str> =
            report.detections.iter().map(|row| (row.id.as_str(), row.json.as_str())).collect();
        let mut cases = Vec::with_capacity(report.cases.len());
        for (row, line) in report.cases.iter().zip(lines) {
            if line.detections.iter().any(|id| withheld.contains(id)) {
                cases.extend(self.without_withheld(scope, row, line, &withheld, &said).await?);
            } else {
                cases.push(row.clone());
            }
        }
        report.cases = cases;
        Ok(())
    }

    /// A case as it is stored without what is withheld; absent where nothing of the rest is known here.
    async fn without_withheld(
        &self,
        scope: &Scope,
        row: &CaseRow,
        mut line: CaseLine,
        withheld: &BTreeSet<String>,
        said: &BTreeMap<&str, &str>,
    ) -> Result<Option<CaseRow>, Error> {
        let (here, elsewhere): (Vec<String>, Vec<String>) = {
            let left = line.detections.iter().filter(|id| !withheld.contains(*id)).cloned();
            left.partition(|id| said.contains_key(id.as_str()))
        };
        let before = self.store.detections_of_sensor(scope, row.sensor, &elsewhere).await?;
        let here = here.iter().filter_map(|id| said.get(id.as_str()).copied());
        let json = here.chain(before.iter().map(|row| row.json.as_str()));
        let left = json.map(|json| serde_json::from_str::<DetectionLine>(json).map_err(Error::internal));
        let left: Vec<DetectionLine> = left.collect::<Result<_, _>>()?;
        let gone: BTreeSet<&str> = withheld.iter().map(String::as_str).collect();
        let Some(alarm) = tell_without(&mut line, &left.iter().collect::<Vec<_>>(), &gone) else { return Ok(None) };
        let is_urgent = row.is_urgent && alarm == Alarm::Now;
        line.alarm = if is_urgent { Alarm::Now } else { Alarm::Digest };
        Ok(Some(CaseRow {
            severity: super::read::rank(line.severity),
            is_urgent,
            json: serde_json::to_string(&line).map_err(Error::internal)?,
            ..row.clone()
        }))
    }
}

/// Has a case say no more than these detections of it do, and name those no longer that are gone; gives whether what is left is
/// to be told at once. Absent, and nothing changed, where nothing is left.
pub(super) fn tell_without(line: &mut CaseLine, left: &[&DetectionLine], gone: &BTreeSet<&str>) -> Option<Alarm> {
    let judged: Vec<_> = left.iter().map(|one| one.to_judge()).collect();
    let told = CaseLine::from(&detect::judge(&judged, line.others.clone())?);
    line.detections.retain(|id| !gone.contains(id.as_str()));
    line.severity = told.severity.min(line.severity);
    line.alarm = told.alarm;
    line.summary = told.summary;
    line.proposed_facts = told.proposed_facts;
    Some(told.alarm)
}
