//! The reports to the authority on the page: which one the case asks for now and why, and those that were made.

use app::{ChangedAnswer, ReportDue};
use documents::dossier::{self, Purpose};
use documents::explanation::is_of_another_regime;
use incident::{Report, ReportKind};
use law::verdict::{Duty, Outcome};

use crate::case_file::CaseFile;
use crate::failure::Failure;
use crate::pages::incident::documents::form::question;
use crate::pages::incident::turned::{self, TurnedView};
use crate::view::time::When;

/// What the page says first.
pub(crate) struct DueView {
    /// `first`, `supplement`, `withdrawal` or `none`: what it looks like.
    pub(crate) kind: &'static str,
    pub(crate) heading: &'static str,
    pub(crate) text: String,
    pub(crate) changed: Vec<ChangedView>,
    pub(crate) turned: Option<TurnedView>,
    /// The report that it asks for.
    pub(crate) purpose: Option<Purpose>,
}

pub(crate) struct ChangedView {
    pub(crate) label: String,
    pub(crate) before: Option<String>,
    pub(crate) now: Option<String>,
}

pub(crate) struct ReportView {
    pub(crate) kind: &'static str,
    pub(crate) at: When,
    pub(crate) receipt: String,
    pub(crate) form: String,
    pub(crate) reason: Option<String>,
    pub(crate) by: String,
    /// What each field asked, and what it was told.
    pub(crate) answers: Vec<(String, String)>,
}

impl DueView {
    pub(crate) fn of(case: &CaseFile) -> Result<Self, Failure> {
        let w = case.w();
        let visit = &case.desk.visit;
        let plain = |kind, heading, text: &str, purpose| Self {
            kind,
            heading,
            text: text.to_owned(),
            changed: Vec::new(),
            turned: None,
            purpose,
        };
        Ok(match visit.app().report_due(&case.desk.scope, &case.incident, visit.now)? {
            ReportDue::None if case.incident.is_imported_at_rest() => {
                plain("none", w.rest_heading(), w.rest_text(), None)
            }
            ReportDue::None if case.incident.last_report().is_some() => {
                plain("none", w.due_nothing(), w.due_nothing_reported(), None)
            }
            ReportDue::None if is_of_another_regime(&case.verdict()?, Duty::NotifyAuthority) => {
                plain("first", w.due_other_regime(), w.due_other_regime_text(), None)
            }
            ReportDue::None if case.verdict()?.notify_controllers.outcome == Outcome::Required => {
                plain("first", w.due_processor(), w.due_processor_text(), None)
            }
            ReportDue::None => plain("none", w.due_nothing(), w.due_nothing_unreported(), None),
            ReportDue::First if case.incident.is_unchecked_detection() => {
                plain("none", w.due_check(), w.due_check_text(), None)
            }
            // Nobody decided, and the facts do not settle it: in doubt one reports.
            ReportDue::First if is_in_doubt(case)? => {
                plain("first", w.due_precaution(), w.due_first_text(), Some(Purpose::First))
            }
            ReportDue::First => plain("first", w.due_first(), w.due_first_text(), Some(Purpose::First)),
            ReportDue::Supplement { changed, turned } => Self {
                text: match changed.len() {
                    0 => w.due_supplement_turned().to_owned(),
                    count => w.changed_answers(count),
                },
                changed: changed.into_iter().map(|change| changed_view(change, case)).collect(),
                turned: turned.map(|turn| turned::view(case, &turn)),
                ..plain("supplement", w.due_supplement(), "", Some(Purpose::Supplement))
            },
            ReportDue::Withdrawal { because } => Self {
                turned: because.map(|turn| turned::view(case, &turn)),
                ..plain("withdrawal", w.due_withdrawal(), w.due_withdrawal_text(), Some(Purpose::Withdrawal))
            },
        })
    }
}

fn is_in_doubt(case: &CaseFile) -> Result<bool, Failure> {
    let is_decided = case.incident.is_to_do(Duty::NotifyAuthority).is_some();
    Ok(!is_decided && case.verdict()?.notify_authority.outcome == Outcome::Undetermined)
}

fn changed_view(change: ChangedAnswer, case: &CaseFile) -> ChangedView {
    ChangedView { label: change.label.in_language(case.w().0).to_owned(), before: change.before, now: change.now }
}

/// Every report that was recorded, the newest first.
pub(crate) fn reports(case: &CaseFile) -> Vec<ReportView> {
    case.incident.reports.iter().rev().map(|report| report_view(report, case)).collect()
}

fn report_view(report: &Report, case: &CaseFile) -> ReportView {
    let w = case.w();
    let form = dossier::form(&report.form);
    // In the form's order; of a form that we do not have (any more), by its own names.
    let answers = match form {
        Some(form) => form
            .questions()
            .filter_map(|(_, asked)| report.answers.get(&asked.key).map(|answer| (asked, answer)))
            .map(|(asked, answer)| (format!("{} {}", asked.number, question(asked, w.0)), answer.clone()))
            .collect(),
        None => report.answers.iter().map(|(key, answer)| (key.clone(), answer.clone())).collect(),
    };
    ReportView {
        kind: w.report_kind(report.kind),
        at: case.when(report.at),
        receipt: report.receipt.clone(),
        form: form.map_or_else(|| report.form.clone(), |form| form.title.in_language(w.0).to_owned()),
        reason: report.reason.clone(),
        by: report.by.name().to_owned(),
        answers,
    }
}

/// The name of a kind of report in our forms.
pub(crate) fn key_of(kind: ReportKind) -> &'static str {
    Purpose::from(kind).key()
}
