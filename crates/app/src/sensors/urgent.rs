//! Cases that need attention now, and with which nobody did anything: they are in no incident, and no exception covers them.
//!
//! Promises: [`needs_attention`] is the one rule for that. By it people are mailed, cases wait on pages, and are counted.

use std::collections::BTreeMap;

use contract::detection::Severity;
use facts::OrganisationId;
use incident::Permission;
use serde::Deserialize;

use super::CaseRow;
use super::seen::MOST_SEEN;
use super::stories::{Told, in_stories};
use crate::handle::require;
use crate::{App, Error, Organisation, Scope, Who};

/// How many of an organisation are counted at most.
pub const MOST_URGENT: u64 = 50;
/// The cases of how many organisations are read at a time.
const AT_A_TIME: usize = 20;

/// What of a case's line says that people are to be told at once.
#[derive(Deserialize)]
struct SaidAlarm {
    alarm: Option<String>,
}

/// Whether a case needs attention now: it is high or worse, or its sensor says so of a milder one. By its line, since what says
/// nothing of an alarm is read as one.
pub(super) fn needs_attention(json: &str, severity: Severity) -> bool {
    let says_now = || serde_json::from_str::<SaidAlarm>(json).is_ok_and(|said| said.alarm.as_deref() == Some("now"));
    severity >= Severity::High || says_now()
}

impl App {
    /// How many there are here, at most [`MOST_URGENT`].
    pub async fn urgent_cases(&self, scope: &Scope) -> Result<u64, Error> {
        require(scope, Permission::ReadDetections)?;
        Ok(self.urgent_in(std::slice::from_ref(scope)).await?.into_values().sum())
    }

    /// How many there are in each of these organisations where this person may see them; none stands for none.
    pub(crate) async fn urgent_in_each(
        &self,
        who: &Who,
        organisations: &[Organisation],
    ) -> Result<BTreeMap<OrganisationId, u64>, Error> {
        let scopes = self.permit_each(who, Permission::ReadDetections, organisations).await?;
        self.urgent_in(&scopes).await
    }

    /// One statement tells where there may be any; only there cases are looked at, those of many organisations together. What
    /// is in an incident, or less urgent, is not read: a case of which a detection is in one counts no more, whoever told that.
    pub(super) async fn urgent_in(&self, scopes: &[Scope]) -> Result<BTreeMap<OrganisationId, u64>, Error> {
        let mut urgent = BTreeMap::new();
        let having = self.store.having_urgent_cases(scopes).await?;
        let having: Vec<&Scope> = scopes.iter().filter(|scope| having.contains(&scope.id())).collect();
        for some in having.chunks(AT_A_TIME) {
            let exceptions = self.held_exceptions_of_each(some).await?;
            let mut rows: BTreeMap<OrganisationId, Vec<CaseRow>> = BTreeMap::new();
            for (organisation, row) in self.store.urgent_cases_of_each(some, MOST_SEEN).await? {
                rows.entry(organisation).or_default().push(row);
            }
            let mut stories = Vec::new();
            for scope in some.iter().copied() {
                let Some(exceptions) = exceptions.get(&scope.id()) else { continue };
                let of_it = in_stories(rows.remove(&scope.id()).unwrap_or_default())?;
                let of_it = of_it.into_iter().filter(|story| story.is_urgent);
                stories.extend(of_it.map(|story| Told { scope, exceptions, story }));
            }
            let organisations: Vec<_> = stories.iter().map(|told| told.scope.id()).collect();
            for (organisation, case) in organisations.into_iter().zip(self.as_they_stand(stories).await?) {
                if case.waits() {
                    let count: &mut u64 = urgent.entry(organisation).or_default();
                    *count = MOST_URGENT.min(*count + 1);
                }
            }
        }
        Ok(urgent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_high_or_said_to_be_an_alarm_needs_attention() {
        for (severity, alarm, expected) in [
            (Severity::Medium, r#""alarm":"digest""#, false),
            (Severity::Medium, r#""alarm":"now""#, true),
            (Severity::Low, r#""alarm" : "now""#, true),
            (Severity::Medium, r#""later":1"#, false),
            (Severity::Medium, r#""alarm":null"#, false),
            (Severity::Medium, r#""summary":{"alarm":"now"}"#, false),
            (Severity::High, r#""alarm":"digest""#, true),
            (Severity::High, r#""later":1"#, true),
            (Severity::Critical, r#""alarm":"now""#, true),
        ] {
            assert_eq!(needs_attention(&format!("{{{alarm}}}"), severity), expected, "{severity:?} {alarm}");
        }
    }
}
