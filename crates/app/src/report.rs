//! Reporting to the authority: which report the case asks for now, and putting one on file with the answers it gave.
//!
//! Promises: what was reported is kept as it stood, so that a supplement is what changed since; a verdict that turned after a
//! report asks for a supplement, or to take it back. Deliberately not here: sending it (a person enters it in the
//! authority's own form), and the form itself.

use jiff::Timestamp;

use documents::dossier::{self, Change, Purpose};
use facts::Text;
use incident::{Command, Event, Incident, Narrative, Permission, Reassessment, ReportKind};
use law::verdict::{Duty, LawStatus, Outcome};

use crate::handle::{Since, require};
use crate::{App, Error, Recorded, Scope, User};

/// A report that somebody entered in the authority's form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReport {
    pub kind: ReportKind,
    pub at: Timestamp,
    /// The authority's number; what follows a first report may leave it empty, and then has the first one's.
    pub receipt: String,
    /// Why it is taken back, or what a supplement is about.
    pub reason: Option<String>,
    /// Why it comes after 72 hours, where that is said with it: it stands in the report's answers.
    pub late_reason: Option<String>,
}

/// What report the case asks for now.
#[derive(Clone, Debug, PartialEq)]
pub enum ReportDue {
    None,
    First,
    /// The authority has a report that is no longer what the case says.
    Supplement {
        changed: Vec<ChangedAnswer>,
        /// The verdict that turned since, where one did.
        turned: Option<Reassessment>,
    },
    /// The authority has a report of what needs none.
    Withdrawal {
        /// The verdict that turned since, where one did.
        because: Option<Reassessment>,
    },
}

/// An answer of the form that is not what was reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedAnswer {
    /// The field's public name.
    pub key: String,
    /// What the form asks.
    pub label: Text,
    /// What was reported; nothing where it was left open.
    pub before: Option<String>,
    /// What the case says now.
    pub now: Option<String>,
}

impl App {
    /// Records that a report was entered in the authority's form, with the answers of that moment. `reporter`: who entered
    /// it. Refused under a law that is history. `seen_entries`: how many entries the incident had when the form was shown; who
    /// did not see what another recorded since records no second report, and the same form sent twice is recorded once.
    pub async fn record_report(
        &self,
        scope: &Scope,
        number: u64,
        seen_entries: Option<u64>,
        report: NewReport,
        reporter: Option<&User>,
        now: Timestamp,
    ) -> Result<Recorded, Error> {
        require(scope, Permission::HandleIncident)?;
        self.carry_with(scope, number, None, now, |incident| {
            self.refuse_historical(scope, incident, now)?;
            Since::of(incident, seen_entries, scope, |event| report.is(event)).unless_told(|| {
                let NewReport { kind, at, receipt, reason, late_reason } = report.clone();
                let narrative = Narrative { late_reason, ..incident.narrative.clone() };
                let is_late_told = narrative.late_reason.is_some() && narrative != incident.narrative;
                let mut told = incident.clone();
                let mut commands = Vec::new();
                if is_late_told {
                    told.narrative = narrative.clone();
                    commands.push(Command::RecordNarrative(narrative));
                }
                let dossier = self.dossier(scope, &told, dossier::AP, kind.into(), reporter, now)?;
                let (form, answers) = (dossier.form.id.clone(), dossier.answers());
                commands.push(Command::RecordReport { kind, at, receipt, form, answers, reason });
                Ok(commands)
            })
        })
        .await
    }

    /// What report the case asks for now. A person's decision counts for more than the verdict; in doubt the law asks for a
    /// first report. A supplement follows from answers that differ from those last reported, or from a verdict that turned;
    /// a withdrawal where nothing needs to be reported any more.
    pub fn report_due(&self, scope: &Scope, incident: &Incident, now: Timestamp) -> Result<ReportDue, Error> {
        if incident.is_imported_at_rest() {
            return Ok(ReportDue::None);
        }
        let verdict = self.verdict(scope, incident, now)?.verdict;
        if verdict.law.status == LawStatus::Historical {
            return Ok(ReportDue::None);
        }
        let is_wanted = incident
            .is_to_do(Duty::NotifyAuthority)
            .unwrap_or(verdict.notify_authority.outcome != Outcome::NotRequired);
        let Some(last) = incident.last_report() else {
            return Ok(if is_wanted { ReportDue::First } else { ReportDue::None });
        };
        let turned = incident.reassessments().into_iter().rev().find(|turn| turn.at > last.recorded_at);
        if !is_wanted {
            return Ok(ReportDue::Withdrawal { because: turned });
        }
        // A report on a form that we do not have, or from before answers were kept, is not compared.
        let changed = match dossier::form(&last.form) {
            Some(form) if !last.answers.is_empty() => {
                let dossier = self.dossier(scope, incident, &form.id, Purpose::Supplement, None, now)?;
                dossier.changed_since(&last.answers).into_iter().map(ChangedAnswer::from).collect()
            }
            _ => Vec::new(),
        };
        if changed.is_empty() && turned.is_none() {
            return Ok(ReportDue::None);
        }
        Ok(ReportDue::Supplement { changed, turned })
    }
}

impl NewReport {
    /// Of an entry that tells of a report whether it tells of this one.
    fn is(&self, event: &Event) -> Option<bool> {
        let Event::AuthorityNotified { at, receipt, kind, reason, .. } = event else { return None };
        let plain = |text: &Option<String>| text.as_deref().map(str::trim).unwrap_or_default().to_owned();
        let number = self.receipt.trim();
        let is_number = number == receipt || (number.is_empty() && self.kind != ReportKind::First);
        Some((*kind, *at, plain(reason)) == (self.kind, self.at, plain(&self.reason)) && is_number)
    }
}

impl From<Change> for ChangedAnswer {
    fn from(change: Change) -> Self {
        Self { key: change.key, label: change.question, before: change.before, now: change.now }
    }
}
