//! From what a sensor saw to an incident: by a person's one press, or by the organisation's rule. Whoever asks twice is given
//! the one that was opened.

use jiff::Timestamp;
use serde_json::Map;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use contract::detection::{Alarm, CaseLine, DetectionLine};
use facts::{Fact, IncidentId, Value};
use incident::Permission;

use super::DetectionRow;
use crate::handle::require;
use crate::{App, Error, Opened, Scope};

/// A detection as a sensor said it.
#[derive(Clone, Debug, PartialEq)]
pub struct SaidDetection {
    pub line: DetectionLine,
    /// The line, byte for byte: what an incident keeps of it, with its hash in the journal.
    pub json: String,
}

impl SaidDetection {
    /// What the program's own sensor says of a detection.
    pub fn of(detection: &detect::Detection) -> Result<Self, Error> {
        let line = DetectionLine::from(detection);
        let json = serde_json::to_string(&line).map_err(Error::internal)?;
        Ok(Self { line, json })
    }

    pub(super) fn of_row(row: &DetectionRow) -> Result<Self, Error> {
        Ok(Self { line: serde_json::from_str(&row.json).map_err(Error::internal)?, json: row.json.clone() })
    }
}

impl App {
    /// Opens an incident from a case that a sensor reported.
    pub async fn open_sensor_case(
        &self,
        scope: &Scope,
        sensor: Uuid,
        case: &str,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        require(scope, Permission::HandleIncident)?;
        let row = self.store.sensor_case(scope, sensor, case).await?;
        if let Some(number) = row.incident {
            return Ok(Opened { id: self.store.incident_by_number(scope, number).await?.id, number });
        }
        let line: CaseLine = serde_json::from_str(&row.json).map_err(Error::internal)?;
        let rows = self.store.detections_of_sensor(scope, sensor, &line.detections).await?;
        self.open_said(scope, sensor, &line, Some(case), &rows, now).await
    }

    /// Opens an incident from a detection that a sensor reported: from its case, where it has one.
    pub async fn open_sensor_detection(
        &self,
        scope: &Scope,
        sensor: Uuid,
        detection: &str,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        require(scope, Permission::HandleIncident)?;
        let rows = self.store.detections_of_sensor(scope, sensor, &[detection.to_owned()]).await?;
        let row = rows.first().ok_or(Error::NotFound)?;
        if let Some(number) = row.incident {
            return Ok(Opened { id: self.store.incident_by_number(scope, number).await?.id, number });
        }
        if let Some(case) = self.case_of_detection(scope, sensor, row).await? {
            return self.open_sensor_case(scope, sensor, &case, now).await;
        }
        let said = SaidDetection::of_row(row)?.line;
        let line = CaseLine {
            id: format!("detection-{}", said.id),
            host: said.host,
            severity: said.severity,
            alarm: Alarm::Now,
            others: Vec::new(),
            detections: vec![said.id],
            summary: said.summary,
            proposed_facts: Map::new(),
        };
        self.open_said(scope, sensor, &line, None, &rows, now).await
    }

    async fn open_said(
        &self,
        scope: &Scope,
        sensor: Uuid,
        line: &CaseLine,
        case: Option<&str>,
        rows: &[DetectionRow],
        now: Timestamp,
    ) -> Result<Opened, Error> {
        let id = incident_of(scope, sensor, &line.id);
        let opened = match self.opened(scope, id).await? {
            Some(opened) => opened,
            None => {
                let said: Vec<_> = rows.iter().map(SaidDetection::of_row).collect::<Result<_, _>>()?;
                self.open_detected(id, scope, line, &said, now).await?
            }
        };
        self.store.put_in_incident(scope, sensor, case, &line.detections, opened.id).await?;
        Ok(opened)
    }

    /// The newest case of the same sensor that a detection belongs to, as far back as the detection goes.
    pub(super) async fn case_of_detection(
        &self,
        scope: &Scope,
        sensor: Uuid,
        row: &DetectionRow,
    ) -> Result<Option<String>, Error> {
        let cases = self.seen_cases(scope, Timestamp::MIN).await?;
        let is_in = |case: &&super::SeenCase| case.sensor == sensor && case.line.detections.contains(&row.id);
        Ok(cases.iter().find(is_in).map(|case| case.line.id.clone()))
    }
}

/// The id of the incident that a case becomes: it follows from the case, so that there is one.
fn incident_of(scope: &Scope, sensor: Uuid, case: &str) -> IncidentId {
    let mut hash = Sha256::new().chain_update(b"dijkwacht/sensor-case/v1\n").chain_update(scope.id().0.as_bytes());
    hash.update(sensor.as_bytes());
    hash.update(case);
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    // An id of our own making is UUID version 8 (RFC 9562 §5.8).
    IncidentId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// The facts that a case proposes, as far as this program's vocabulary has them.
pub(crate) fn proposed(case: &CaseLine) -> Vec<(Fact, Value)> {
    let read = |(key, value): (&String, &serde_json::Value)| {
        let alone = serde_json::json!({ "facts": { key: value } }).to_string();
        let situation = contract::facts::read_situation(&alone).ok()?;
        situation.facts.iter().next().map(|(fact, value)| (fact, value.clone()))
    };
    case.proposed_facts.iter().filter_map(read).collect()
}
