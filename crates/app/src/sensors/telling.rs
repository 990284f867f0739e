//! Telling people of cases: each once, once more when it becomes worse, data begin to leave or it is no longer only that
//! something can be read on the way, and within bounds, since a sensor stands at the customer's and may itself be taken.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use contract::detection::{DetectionLine, Kind, Severity};
use incident::Permission;

use super::{SeenCase, Sensor};
use crate::handle::require;
use crate::{App, Error, Letter, LetterKind, LetterState, NewLetter, Scope};

/// Of how many cases of an organisation somebody gets a mail of its own within an hour: more than anybody looks into in that
/// time. Of the rest one mail says how many there are.
pub const MOST_MAILS: u64 = 10;
/// How many of those are kept for critical cases: what is milder and came first must not use up all of them.
const FOR_CRITICAL: u64 = 2;
/// Within which time.
const WITHIN: SignedDuration = SignedDuration::from_hours(1);

/// How data leave: the first finding of each of these in a case is news, however grave people were told that it is.
const LEAKS: [Kind; 2] = [Kind::CleartextPersonalData, Kind::Exfiltration];

/// The way in which data leave by a finding, where it is more than a trifle.
pub(super) fn leak(line: &DetectionLine) -> Option<Kind> {
    Some(line.kind).filter(|kind| LEAKS.contains(kind) && line.severity >= Severity::Medium)
}

/// What can be read by whoever is on the way. By itself it says nothing of anybody who broke in.
const READABLE: [Kind; 2] = [Kind::CleartextCredentials, Kind::CleartextPersonalData];

/// Whether a finding says more than that something can be read on the way, and is more than a trifle.
pub(super) fn is_more_than_readable(line: &DetectionLine) -> bool {
    !READABLE.contains(&line.kind) && line.severity >= Severity::Medium
}

/// What the data of a letter about a case holds. What happened does not stand in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CaseData {
    pub(crate) sensor: String,
    pub(crate) sensor_name: String,
    pub(crate) case: String,
    pub(crate) severity: String,
    /// The incident that it became.
    pub(crate) number: Option<u64>,
    /// How data left by then; absent in a letter of before that was kept.
    pub(crate) leaks: Option<BTreeSet<Kind>>,
    /// Whether it was more by then than something that can be read; absent in a letter of before that was kept.
    pub(crate) is_more_than_readable: Option<bool>,
}

/// What the data of a letter holds about cases that got none of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct MoreData {
    /// Of the report that went over the bound.
    pub(crate) sensor_name: String,
    /// How many there were in it.
    pub(crate) cases: u64,
}

/// How many people were told of a case, by what became of the newest letter to each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseTold {
    pub sent: usize,
    /// When the last of those left.
    pub sent_at: Option<Timestamp>,
    /// Made, and not gone yet.
    pub waiting: usize,
    /// Made, and could not be delivered.
    pub given_up: usize,
    /// Whether there is anybody here who would be told now.
    pub is_anybody_told: bool,
}

impl CaseTold {
    /// Whether a letter was made at all.
    #[must_use]
    pub fn is_made(self) -> bool {
        self.sent + self.waiting + self.given_up > 0
    }
}

/// What people are to be told of.
pub(super) struct Telling<'a> {
    pub(super) case: &'a SeenCase,
    /// By which id the sensor told of it now.
    pub(super) said: &'a str,
    pub(super) number: Option<u64>,
    /// When people were done with what it was in before.
    pub(super) since: Option<Timestamp>,
    /// The incident that they were done with, where there is more than is in that.
    pub(super) after: Option<u64>,
}

/// Who is told of the cases of a report.
#[derive(Default)]
pub(super) struct Recipients {
    /// Those who must act, and how many mails on cases each got lately; absent until there is something to tell.
    lately: Option<BTreeMap<String, u64>>,
    /// Of how many cases somebody was not told.
    pub(super) untold: BTreeMap<String, u64>,
}

/// With what the keys of the letters on a case begin.
fn key_of_case(sensor: Uuid, case: &str) -> String {
    format!("sensor-case {sensor} {case}")
}

/// Whether a letter told of a case when it was as grave as it is now, data left in no other way, and it was more than readable
/// where it is so now.
fn tells_all(letter: &Letter, case: &SeenCase) -> bool {
    let Ok(data) = serde_json::from_str::<CaseData>(&letter.data) else { return false };
    let severity: Option<Severity> = serde_json::from_value(data.severity.into()).ok();
    severity >= Some(case.line.severity)
        && data.leaks.is_none_or(|leaks| leaks.is_superset(&case.leaks))
        && data.is_more_than_readable.is_none_or(|told| told || !case.is_more_than_readable)
}

impl App {
    /// What became of telling people of a case, under any of the ids by which it was reported.
    pub async fn case_told(&self, scope: &Scope, sensor: Uuid, ids: &[String]) -> Result<CaseTold, Error> {
        require(scope, Permission::ReadDetections)?;
        // Of each person the newest: one that became worse is told of again.
        let mut newest = BTreeMap::new();
        for letter in self.letters_on_case(scope, sensor, ids).await? {
            newest.insert(letter.recipient, letter.state);
        }
        let mut told = CaseTold { is_anybody_told: !self.who_must_act(scope).await?.is_empty(), ..CaseTold::default() };
        for state in newest.into_values() {
            match state {
                LetterState::Sent { at } => {
                    told.sent += 1;
                    told.sent_at = told.sent_at.max(Some(at));
                }
                LetterState::Waiting { .. } => told.waiting += 1,
                LetterState::GivenUp { .. } => told.given_up += 1,
            }
        }
        Ok(told)
    }

    /// The letters on a case, the oldest first.
    async fn letters_on_case(&self, scope: &Scope, sensor: Uuid, ids: &[String]) -> Result<Vec<Letter>, Error> {
        let mut letters = Vec::new();
        for id in ids {
            letters.extend(self.store.letters_of_key(scope, &key_of_case(sensor, id)).await?);
        }
        letters.sort_by_key(|letter| (letter.created_at, letter.id));
        Ok(letters)
    }

    /// Tells of a case once, and once more when it becomes worse, data begin to leave or it becomes more than readable. Whom it
    /// does not tell, since they got so many of these lately, is counted: they are told when the sensor says it again.
    pub(super) async fn tell_of_case(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        telling: &Telling<'_>,
        recipients: &mut Recipients,
        now: Timestamp,
    ) -> Result<(), Error> {
        let Telling { case, said, number, since, after } = *telling;
        let severity = serde_json::to_value(case.line.severity).map_err(Error::internal)?;
        let severity = severity.as_str().unwrap_or_default().to_owned();
        let letters = self.letters_on_case(scope, sensor.id, &case.ids).await?;
        let told: BTreeSet<&str> = letters
            .iter()
            .filter(|letter| tells_all(letter, case))
            .filter(|letter| since.is_none_or(|since| letter.created_at > since))
            .map(|letter| letter.recipient.as_str())
            .collect();
        let most = if case.line.severity >= Severity::Critical { MOST_MAILS } else { MOST_MAILS - FOR_CRITICAL };
        let after = after.map_or_else(String::new, |before| format!(" after {before}"));
        let leaks: String = case.leaks.iter().map(|kind| format!("+{}", detect::Kind::from(*kind).key())).collect();
        let more = if case.is_more_than_readable { "+more" } else { "" };
        if recipients.lately.is_none() {
            let mut lately = BTreeMap::new();
            for recipient in self.who_must_act(scope).await? {
                let count = self.store.letters_since(scope, LetterKind::SensorCase, &recipient, now - WITHIN).await?;
                lately.insert(recipient, count);
            }
            recipients.lately = Some(lately);
        }
        for (recipient, lately) in recipients.lately.iter_mut().flatten() {
            if told.contains(recipient.as_str()) {
                continue;
            }
            if *lately >= most {
                *recipients.untold.entry(recipient.clone()).or_default() += 1;
                continue;
            }
            let data = CaseData {
                sensor: sensor.id.to_string(),
                sensor_name: sensor.name.clone(),
                case: case.line.id.clone(),
                severity: severity.clone(),
                number,
                leaks: Some(case.leaks.clone()),
                is_more_than_readable: Some(case.is_more_than_readable),
            };
            let letter = NewLetter {
                id: self.chance.id(now)?,
                key: format!("{}{after} {severity}{leaks}{more} {recipient}", key_of_case(sensor.id, said)),
                kind: LetterKind::SensorCase,
                incident: None,
                recipient: recipient.clone(),
                data: serde_json::to_string(&data).map_err(Error::internal)?,
                created_at: now,
            };
            *lately += u64::from(self.store.queue(scope, &letter).await?);
        }
        Ok(())
    }

    /// Tells in one letter of the cases that got none of their own: once an hour.
    pub(super) async fn tell_of_more(
        &self,
        scope: &Scope,
        sensor: &Sensor,
        untold: BTreeMap<String, u64>,
        now: Timestamp,
    ) -> Result<(), Error> {
        for (recipient, cases) in untold {
            if self.store.letters_since(scope, LetterKind::SensorMore, &recipient, now - WITHIN).await? > 0 {
                continue;
            }
            let data = MoreData { sensor_name: sensor.name.clone(), cases };
            let letter = NewLetter {
                id: self.chance.id(now)?,
                key: format!("sensor-more {now} {recipient}"),
                kind: LetterKind::SensorMore,
                incident: None,
                recipient,
                data: serde_json::to_string(&data).map_err(Error::internal)?,
                created_at: now,
            };
            self.store.queue(scope, &letter).await?;
        }
        Ok(())
    }
}
