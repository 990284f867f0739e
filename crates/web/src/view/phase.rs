//! Where an incident stands, and what is asked next, in words and with the page where it is done.

use incident::{Phase, Waiting};

use app::IncidentRow;

use crate::address::{Tab, of_incident};
use crate::words::Words;

/// The state of an incident as a chip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PhaseView {
    pub(crate) label: String,
    pub(crate) tone: &'static str,
}

/// The one thing asked next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NextStep {
    pub(crate) label: &'static str,
    pub(crate) href: String,
}

pub(crate) fn phase(phase: Phase, w: Words) -> PhaseView {
    let tone = match phase {
        Phase::Investigating => "water",
        Phase::AwaitingDecision | Phase::Acting => "amber",
        Phase::Done => "dike",
        Phase::Closed => "",
    };
    PhaseView { label: phase.name().in_language(w.0).to_owned(), tone }
}

/// What is asked next of whoever works on it; nothing once it is closed.
pub(crate) fn next_step(row: &IncidentRow, slug: &str, w: Words) -> Option<NextStep> {
    let (label, tab, anchor) = match row.phase {
        Phase::Closed => return None,
        _ if row.waits_for == Some(Waiting::Check) => (w.next_check_detection(), Tab::Overview, "#nakijken"),
        Phase::Investigating | Phase::AwaitingDecision if row.is_provisional => {
            (w.next_set_awareness(), Tab::Interview, "/aware_at")
        }
        Phase::Investigating => (w.next_answer_questions(), Tab::Interview, ""),
        Phase::AwaitingDecision => (w.next_decide(), Tab::Decision, ""),
        Phase::Acting => match row.waits_for {
            Some(Waiting::Report) => (w.next_notify(), Tab::Documents, ""),
            Some(Waiting::Withdrawal) => (w.next_withdraw(), Tab::Documents, ""),
            Some(Waiting::Controllers) => (w.next_warn_controllers(), Tab::Documents, ""),
            Some(Waiting::Csirt(_)) => (w.next_tell_csirt(), Tab::Documents, ""),
            Some(Waiting::Subjects | Waiting::Check) | None => (w.next_inform(), Tab::Documents, "#brief"),
        },
        Phase::Done => (w.next_close(), Tab::Timeline, "#sluiten"),
    };
    Some(NextStep { label, href: format!("{}{anchor}", of_incident(slug, row.number, tab)) })
}
