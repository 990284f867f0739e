//! What the law says of an incident as it stands now.

use jiff::Timestamp;

use incident::{Assessment, Incident};
use law::verdict::{Duty, Verdict};

use crate::{App, Error, Scope};

/// A verdict with the moment it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessed {
    pub verdict: Verdict,
    pub asked_at: Timestamp,
}

impl App {
    /// The verdict on an incident as it stands. Changes nothing: a person decides.
    pub fn verdict(&self, scope: &Scope, incident: &Incident, now: Timestamp) -> Result<Assessed, Error> {
        let situation = incident.situation(scope.organisation().jurisdiction);
        let at = situation.aware_at.or_else(|| situation.earliest_signal()).unwrap_or(now);
        let pack = self.packs.in_force(at).map_err(Error::internal)?;
        Ok(Assessed { verdict: law::assess(pack, &situation), asked_at: now })
    }

    /// The assessment as the journal keeps it: pack, edition, facts and verdict, so that it can be repeated.
    pub(crate) fn assess_on_file(
        &self,
        scope: &Scope,
        incident: &Incident,
        now: Timestamp,
    ) -> Result<Assessment, Error> {
        let Assessed { verdict, .. } = self.verdict(scope, incident, now)?;
        let situation = incident.situation(scope.organisation().jurisdiction);
        Ok(Assessment {
            law: verdict.law.id.clone(),
            law_version: verdict.law.version.clone(),
            outcomes: Duty::ALL.into_iter().map(|duty| (duty, verdict.duty(duty).outcome)).collect(),
            risk: verdict.risk,
            verdict_json: contract::verdict::to_json(&verdict),
            situation_json: contract::facts::to_json(&situation),
        })
    }
}
