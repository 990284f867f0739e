//! What the law says of an incident as it stands now.

use jiff::Timestamp;

use incident::{Assessment, Incident};
use law::verdict::{Duty, LawStatus, Verdict};

use crate::{App, Error, Scope};

/// A verdict with the moment it was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessed {
    pub verdict: Verdict,
    pub asked_at: Timestamp,
}

impl App {
    /// The verdict on an incident as it stands. Changes nothing: a person decides. ENISA's score is in it, and so in the
    /// journal, only where the organisation turned that on: a figure beside a decision is evidence.
    pub fn verdict(&self, scope: &Scope, incident: &Incident, now: Timestamp) -> Result<Assessed, Error> {
        let situation = incident.situation(scope.organisation().jurisdiction);
        let by_date = self.packs.assess(&situation, now, None);
        let is_of_the_past = by_date.as_ref().map_or(true, |verdict| verdict.law.status != LawStatus::InForce);
        let mut verdict = match by_date {
            // Nobody has said when they became aware: it cannot have been before today's law for a signal that comes in
            // only now (a sensor that reads an old capture, say).
            _ if situation.aware_at.is_none() && is_of_the_past && incident.imported().is_none() => {
                self.packs.assess_as_of(&situation, now, now, None).map_err(Error::internal)?
            }
            Ok(verdict) => verdict,
            // Nobody types such a moment here; a register that was taken over may hold it, and is shown as it is.
            Err(law::NoPack::BeforeTheFirst { .. }) if incident.imported().is_some() => {
                self.packs.before_the_first(&situation).ok_or(incident::Refusal::BeforeTheLaw)?
            }
            Err(_) => return Err(incident::Refusal::BeforeTheLaw.into()),
        };
        if !scope.organisation().profile.uses_enisa {
            verdict.enisa = None;
        }
        Ok(Assessed { verdict, asked_at: now })
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
            is_historical: verdict.law.status == LawStatus::Historical,
            breach: verdict.breach,
            outcomes: Duty::ALL.into_iter().map(|duty| (duty, verdict.duty(duty).outcome)).collect(),
            risk: verdict.risk,
            verdict_json: contract::verdict::to_json(&verdict),
            situation_json: contract::facts::to_json(&situation),
        })
    }
}
