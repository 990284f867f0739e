//! The first week of a sensor: what one would except after it, proposed to whoever may.
//!
//! The server makes the proposals, each time that somebody looks, out of the detections that it keeps anyway. So nothing is
//! stored for it but what was decided; a proposal goes with its detections when these are forgotten; and the sensors need
//! not say anything new. Promises: learning holds nothing back and hides nothing: what is urgent is told in that week as in
//! any other, and only what a person takes over is ever hidden. What is proposed is `detect`'s to say.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use contract::detection::{DetectionLine, Kind};
use contract::sensor::Exception;
use facts::Text;
use incident::Permission;

use super::exceptions::exception_row;
use super::{ExceptionRow, Sensor, SensorStanding};
use crate::handle::require;
use crate::open::hex;
use crate::{App, Error, Scope};

/// For how long a sensor learns.
const LEARNS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many detections are looked at for proposals, the newest first.
const MOST_LOOKED_AT: u32 = 5_000;

/// An exception that is put before somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposed {
    /// By which it is taken over or refused.
    pub key: String,
    /// Without an author: that is who takes it over.
    pub exception: Exception,
    pub why: Text,
    /// How many detections it would take away.
    pub detections: usize,
    /// How often contact was counted in them; 0 where they do not say.
    pub connections: u64,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
}

/// What came of deciding on proposals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    pub decided: usize,
    /// On which somebody else had decided, or that are proposed no more: with them nothing was done.
    pub overtaken: usize,
}

impl Sensor {
    /// When it has learnt.
    #[must_use]
    pub fn learns_until(&self) -> Timestamp {
        self.learns_from + LEARNS
    }
}

impl SensorStanding {
    /// Whether it still learns.
    #[must_use]
    pub fn is_learning(&self, now: Timestamp) -> bool {
        self.sensor.removed_at.is_none() && now < self.sensor.learns_until()
    }
}

impl App {
    /// Has a sensor's learning week begin again.
    pub async fn learn_again(&self, scope: &Scope, id: Uuid, now: Timestamp) -> Result<(), Error> {
        require(scope, Permission::ManageSensors)?;
        Ok(self.store.learn_again(scope, id, scope.actor().name(), now).await?)
    }

    /// What one would except after the learning weeks of the sensors that are there, as far as nobody said no or made it.
    pub async fn proposed_exceptions(&self, scope: &Scope, now: Timestamp) -> Result<Vec<Proposed>, Error> {
        require(scope, Permission::ReadDetections)?;
        let days = i64::from(self.sensor_settings(scope).await?.detection_days);
        let sensors = self.store.sensors(scope).await?;
        // Of an older week the refusals are forgotten: it proposes nothing any more.
        let oldest = now - SignedDuration::from_hours(24 * days);
        let sensors: Vec<_> =
            sensors.into_iter().filter(|one| one.removed_at.is_none() && one.learns_from > oldest).collect();
        let Some(since) = sensors.iter().map(|one| one.learns_from).min() else { return Ok(Vec::new()) };

        let held = self.held_exceptions(scope).await?;
        let rows = self.store.sensor_detections(scope, None, since, 0, MOST_LOOKED_AT).await?;
        let (mut seen, mut lines) = (Vec::with_capacity(rows.len()), Vec::new());
        // What came in late about traffic of before these weeks says nothing of them.
        for row in rows.into_iter().filter(|row| row.last_at >= since) {
            let line: DetectionLine = serde_json::from_str(&row.json).map_err(Error::internal)?;
            if held.covering(&line).is_none() {
                seen.push(line.to_judge());
                lines.push((row.sensor, line));
            }
        }
        let is_of_its_week = |(sensor, line): &&(Uuid, DetectionLine)| {
            let learning = sensors.iter().find(|one| one.id == *sensor);
            learning.is_some_and(|one| line.first_at < one.learns_until() && line.last_at >= one.learns_from)
        };
        let decided = self.store.decided_proposals(scope).await?;
        let made = self.exceptions(scope).await?;
        let today = self.zoned(scope, now)?.date();
        let mut proposed = Vec::new();
        for proposal in detect::propose(&seen, today) {
            let taken: Vec<_> = lines.iter().filter(|(_, line)| proposal.detections.contains(&line.id)).collect();
            let one = proposed_of(&proposal, &taken)?;
            let is_of_a_week = taken.iter().any(&is_of_its_week);
            let is_made = made.iter().any(|standing| is_for_the_same(&standing.exception, &one.exception));
            if is_of_a_week && !is_made && !decided.contains(&one.key) {
                proposed.push(one);
            }
        }
        Ok(proposed)
    }

    /// Makes exceptions of the proposals with these keys, in the name of who takes them over.
    pub async fn take_over_proposals(&self, scope: &Scope, keys: &[String], now: Timestamp) -> Result<Decided, Error> {
        self.decide_proposals(scope, keys, true, now).await
    }

    /// Refuses the proposals with these keys: they do not come back.
    pub async fn refuse_proposals(&self, scope: &Scope, keys: &[String], now: Timestamp) -> Result<Decided, Error> {
        self.decide_proposals(scope, keys, false, now).await
    }

    /// Decides on the proposals with these keys.
    async fn decide_proposals(
        &self,
        scope: &Scope,
        keys: &[String],
        takes_over: bool,
        now: Timestamp,
    ) -> Result<Decided, Error> {
        require(scope, Permission::HandleIncident)?;
        let keys: BTreeSet<_> = keys.iter().filter(|key| !key.is_empty()).collect();
        if keys.is_empty() {
            return Err(Error::field(
                "",
                "Kruis eerst aan over welke voorstellen u beslist. Er is nog niets beslist.",
                "Tick first on which proposals you decide. Nothing was decided yet.",
            ));
        }
        let mut wanted = Vec::new();
        for one in self.proposed_exceptions(scope, now).await?.into_iter().filter(|one| keys.contains(&one.key)) {
            let exception = if takes_over { Some(self.taken_over(scope, &one, now)?) } else { None };
            wanted.push((one.key, exception));
        }
        let decided = self.store.decide_proposals(scope, &wanted, scope.actor().name(), now).await?.len();
        self.share(scope, now).await?;
        Ok(Decided { decided, overtaken: keys.len() - decided })
    }

    /// A proposal as the exception that it becomes.
    fn taken_over(&self, scope: &Scope, one: &Proposed, now: Timestamp) -> Result<ExceptionRow, Error> {
        let exception = Exception {
            id: self.chance.id(now)?,
            author: scope.actor().name().to_owned(),
            reason: one.why.nl.clone().into_owned(),
            reason_en: Some(one.why.en.clone().into_owned()),
            ..one.exception.clone()
        };
        exception_row(&exception, now)
    }
}

fn proposed_of(proposal: &detect::Proposal, taken: &[&(Uuid, DetectionLine)]) -> Result<Proposed, Error> {
    let detect::Conditions { kind, host, domain, network } = proposal.exception.conditions().clone();
    let kind = kind.map(Kind::from);
    let conditions = serde_json::to_vec(&(kind, host, &domain, network.map(|range| range.to_string())));
    let key = hex(&Sha256::digest(conditions.map_err(Error::internal)?));
    let counted = |line: &DetectionLine| line.evidence.get("connections").and_then(serde_json::Value::as_u64);
    Ok(Proposed {
        key,
        exception: Exception {
            id: Uuid::nil(),
            kind,
            host,
            domain,
            network,
            until: proposal.exception.until,
            author: String::new(),
            reason: String::new(),
            reason_en: None,
        },
        why: proposal.why.clone(),
        detections: taken.len(),
        connections: taken.iter().filter_map(|(_, line)| counted(line)).fold(0, u64::saturating_add),
        first_at: taken.iter().map(|(_, line)| line.first_at).min().unwrap_or_default(),
        last_at: taken.iter().map(|(_, line)| line.last_at).max().unwrap_or_default(),
    })
}

pub(super) fn is_for_the_same(one: &Exception, other: &Exception) -> bool {
    (one.kind, one.host, &one.domain, one.network) == (other.kind, other.host, &other.domain, other.network)
}
