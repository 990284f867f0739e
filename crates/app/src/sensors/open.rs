//! From what a sensor saw to an incident: by a person's one press, or by the organisation's rule. Whoever asks twice is given
//! the one that was opened, also where a sensor tells of the same under another id. What exceptions cover is left out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Map;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use contract::detection::{Alarm, CaseLine, DetectionLine};
use facts::{Fact, IncidentId, Text, Value};
use incident::{Actor, Command, DetectionsAdded, Permission};

use super::growth::growth;
use super::{DetectionRow, SeenCase};
use crate::handle::require;
use crate::open::{hex, shortened, urgency};
use crate::{App, Error, Opened, Scope, StoredDetection};

/// Of how many detections that are added to an incident the timeline says what was seen; the incident shows all of them.
const MOST_TOLD: usize = 5;
/// The longest that it says of one, in characters: more than the longest name in the DNS.
const LONGEST_TOLD: usize = 400;

/// Where a case stands with the incidents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseStanding {
    /// It is in none: it opens one.
    Nowhere,
    /// All of it is in this one.
    In(u64),
    /// More was seen than is in this one, which takes it in.
    PartlyIn(u64),
    /// It was in this one, and people were done with that: it opens another.
    After(u64),
}

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

    /// As an incident keeps it.
    pub(crate) fn stored(&self) -> StoredDetection {
        let sha256 = hex(&Sha256::digest(self.json.as_bytes()));
        StoredDetection { id: self.line.id.clone(), sha256, json: self.json.clone() }
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
        let story = self.story(scope, sensor, case).await?;
        let (story, _) = self.as_it_stands(scope, story, &self.held_exceptions(scope).await?).await?;
        match self.incident_with(scope, &story, now).await? {
            Some(opened) => Ok(opened),
            None => self.open_story(scope, &story, case, now).await,
        }
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
        if let Some(story) = self.story_with(scope, sensor, detection).await? {
            let (story, _) = self.as_it_stands(scope, story, &self.held_exceptions(scope).await?).await?;
            // What an exception covers in a case with more in it is opened by itself.
            if story.line.detections.contains(&row.id) {
                return self.open_sensor_case(scope, sensor, &story.line.id, now).await;
            }
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
        let id = incident_of(scope, sensor, &line.id);
        self.open_said(scope, sensor, id, &line, &[], &rows, row.first_received_at, now).await
    }

    /// Where a case stands, and so what opening it comes to. An incident that was closed before there was more, or before it was
    /// seen again, was of another time; so was one that was found to be a false alarm, where there is more.
    pub async fn case_standing(&self, scope: &Scope, story: &SeenCase) -> Result<CaseStanding, Error> {
        require(scope, Permission::ReadDetections)?;
        let Some(number) = story.incident else { return Ok(CaseStanding::Nowhere) };
        let incident = self.store.incident_by_number(scope, number).await?;
        let is_another_time =
            incident.closed_at.is_some_and(|closed| story.has_more || story.last_at.is_some_and(|last| last > closed));
        if is_another_time || (story.has_more && self.incident(scope, number).await?.is_false_alarm()) {
            return Ok(CaseStanding::After(number));
        }
        Ok(if story.has_more { CaseStanding::PartlyIn(number) } else { CaseStanding::In(number) })
    }

    /// The incident that a case is in: its own, or one that rests on what it rests on. What it has more is put there too.
    pub(super) async fn incident_with(
        &self,
        scope: &Scope,
        story: &SeenCase,
        now: Timestamp,
    ) -> Result<Option<Opened>, Error> {
        let number = match self.case_standing(scope, story).await? {
            CaseStanding::Nowhere | CaseStanding::After(_) => return Ok(None),
            CaseStanding::In(number) | CaseStanding::PartlyIn(number) => number,
        };
        let incident = self.store.incident_by_number(scope, number).await?;
        let is_open = incident.closed_at.is_none();
        let opened = Opened { id: incident.id, number };
        if (story.has_more || is_open) && !self.add_more(scope, story, opened, now).await? {
            // Where people were done with it meanwhile, the case opens another.
            let is_done = matches!(self.case_standing(scope, story).await?, CaseStanding::After(_));
            return Ok((!is_done).then_some(opened));
        }
        let (cases, detections) = (&story.ids, &story.line.detections);
        self.store.put_in_incident(scope, story.sensor, cases, detections, incident.id).await?;
        Ok(Some(opened))
    }

    /// Puts into an open incident what a sensor saw more of the same, what of it became much more, how grave that makes it, and what
    /// the case proposes by now. Whether it is there.
    async fn add_more(&self, scope: &Scope, story: &SeenCase, to: Opened, now: Timestamp) -> Result<bool, Error> {
        let Opened { id, number } = to;
        let rows = self.store.detections_of_sensor(scope, story.sensor, &story.line.detections).await?;
        let kept = self.store.detections(scope, id).await?;
        let is_here = |row: &&DetectionRow| row.incident.is_none_or(|of| of == number);
        let mut all: Vec<_> =
            rows.iter().filter(is_here).map(SaidDetection::of_row).collect::<Result<Vec<_>, Error>>()?;
        all.sort_by_key(|one| std::cmp::Reverse(one.line.severity));
        // What went into it before went in under the sensor's word then, also where the journal does not name it.
        let was_in = |id: &str| rows.iter().any(|row| row.id == id && row.incident.is_some());
        let urgency = urgency(story.line.severity.into());
        let facts: BTreeMap<_, _> = proposed(&story.line).into_iter().collect();
        let added = self.carry_seen(scope, number, None, now, |incident| {
            let is_new = |one: &&SaidDetection| !was_in(&one.line.id) && !incident.rests_on(&one.line.id);
            let new: Vec<&SaidDetection> = all.iter().filter(is_new).collect();
            // What people found to be nothing weighs no more by itself.
            let may_grow = !incident.is_false_alarm();
            let is_graver = may_grow && incident.seen_in_all().is_some_and(|seen| urgency > seen.urgency);
            let may_tell = may_grow && (!new.is_empty() || is_graver || incident.may_tell_of_growth(now));
            let known = all.iter().filter(|one| may_tell && incident.rests_on(&one.line.id));
            let grown: Vec<_> = known.filter_map(|one| growth(incident, &kept, &one.line)).collect();
            let is_told = |one: &&SaidDetection| is_new(one) || grown.iter().any(|grown| grown.id == one.line.id);
            let is_all = is_graver && new.is_empty() && grown.is_empty();
            // What was erased from it is not said again.
            let is_gone = |id: &str| incident.rests_on(id) && !kept.iter().any(|kept| kept.id == id);
            let about = all.iter().filter(|one| (is_all || is_told(one)) && !is_gone(&one.line.id));
            let about: Vec<&SaidDetection> = about.collect();
            let first_at = about.iter().map(|one| one.line.first_at).min();
            let last_at = about.iter().map(|one| one.line.last_at).max();
            let propose = Command::ProposeFacts { facts: facts.clone() };
            let Some((first_at, last_at)) = first_at.zip(last_at) else {
                // What nothing is told of may mean more by now all the same.
                let means = incident.decide(propose.clone(), &Actor::Program, now);
                let means_more = may_grow && means.is_ok_and(|events| !events.is_empty());
                return Ok((means_more.then_some(propose).into_iter().collect(), Vec::new()));
            };
            let stored: Vec<_> = new.iter().map(|one| one.stored()).collect();
            let command = Command::AddDetections(DetectionsAdded {
                urgency,
                summary: told(&about),
                detections: stored.iter().map(|one| (one.id.clone(), one.sha256.clone())).collect(),
                grown,
                first_at,
                last_at,
            });
            Ok((vec![command, propose], stored))
        });
        match added.await {
            Ok(_) => Ok(true),
            Err(error) if error.is_of_the_whole_store() => Err(error),
            // An incident that takes nothing now keeps nothing of what a sensor says from being taken; it is tried again.
            Err(_) => Ok(false),
        }
    }

    /// Opens an incident from a story, under the id of the case that was asked for.
    pub(super) async fn open_story(
        &self,
        scope: &Scope,
        story: &SeenCase,
        asked: &str,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        let line = CaseLine { id: asked.to_owned(), ..story.line.clone() };
        // After one that was closed it is another, and of two who ask for it one opens it.
        let id = match story.incident {
            Some(closed) => incident_of(scope, story.sensor, &format!("{asked} after {closed}")),
            None => incident_of(scope, story.sensor, asked),
        };
        let rows = self.store.detections_of_sensor(scope, story.sensor, &line.detections).await?;
        let detected_at = match story.incident {
            Some(before) => self.back_at(scope, story, before, &rows).await?.unwrap_or(now),
            None => story.first_received_at,
        };
        self.open_said(scope, story.sensor, id, &line, &story.ids, &rows, detected_at, now).await
    }

    /// When a story came in again after people were done with the incident that it was in: the earliest moment that is known.
    async fn back_at(
        &self,
        scope: &Scope,
        story: &SeenCase,
        before: u64,
        rows: &[DetectionRow],
    ) -> Result<Option<Timestamp>, Error> {
        let new = rows.iter().filter(|row| row.incident.is_none()).map(|row| row.first_received_at);
        let Some(closed_at) = self.store.incident_by_number(scope, before).await?.closed_at else {
            return Ok(new.min());
        };
        let again = rows.iter().filter(|row| row.incident.is_some()).map(|row| row.received_at);
        let mut moments: Vec<Timestamp> = new.chain(again).collect();
        for id in &story.ids {
            moments.push(self.store.sensor_case(scope, story.sensor, id).await?.first_received_at);
        }
        Ok(moments.into_iter().filter(|at| *at > closed_at).min())
    }

    #[expect(clippy::too_many_arguments, reason = "all of them stand in the incident, or lead back to it")]
    async fn open_said(
        &self,
        scope: &Scope,
        sensor: Uuid,
        id: IncidentId,
        line: &CaseLine,
        cases: &[String],
        rows: &[DetectionRow],
        detected_at: Timestamp,
        now: Timestamp,
    ) -> Result<Opened, Error> {
        let opened = match self.opened(scope, id).await? {
            Some(opened) => opened,
            None => {
                let said: Vec<_> = rows.iter().map(SaidDetection::of_row).collect::<Result<_, _>>()?;
                self.open_detected(id, scope, line, &said, detected_at, now).await?
            }
        };
        self.store.put_in_incident(scope, sensor, cases, &line.detections, opened.id).await?;
        Ok(opened)
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

/// What is added to an incident, in words: of the gravest what was seen, of the rest how many.
fn told(about: &[&SaidDetection]) -> Text {
    let said = |of: fn(&DetectionLine) -> &str| {
        let told = about.iter().take(MOST_TOLD).map(|one| shortened(of(&one.line).trim(), LONGEST_TOLD));
        told.collect::<Vec<_>>().join("\n")
    };
    let (nl, en) = (said(|line| &line.summary.nl), said(|line| &line.summary.en));
    match about.len().saturating_sub(MOST_TOLD) {
        0 => Text::made(nl, en),
        untold => Text::made(format!("{nl}\nEn nog {untold}."), format!("{en}\nAnd {untold} more.")),
    }
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
