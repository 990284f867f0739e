//! What is said of a breach from before the first law that asked to report one: that there was no duty, and no verdict on it.

use jiff::Timestamp;

use facts::{Situation, Text, Truth};

use crate::packs::Packs;
use crate::verdict::{Advice, Duty, DutyVerdict, LawStatus, LawUsed, Outcome, Reason, Verdict};

/// The rule that stands in the reasons of such a verdict, in place of any of a pack's.
pub const BEFORE_ANY_DUTY: &str = "before-any-duty";

/// In words of our own: no pack speaks of that time.
#[must_use]
pub const fn before_any_duty() -> Text {
    Text::new(
        "Vóór 1 januari 2016 vroeg geen algemene wet een datalek te melden. Over wat toen bekend was, geeft het programma geen oordeel.",
        "Before 1 January 2016 no general law asked to report a data breach. On what was known then, the program gives no verdict.",
    )
}

impl Packs {
    /// For a situation that lies before the first pack: no duty is asked, and nothing is weighed. Named for that first pack,
    /// whose version says until when that was so. Absent where there is no such pack.
    #[must_use]
    pub fn before_the_first(&self, situation: &Situation) -> Option<Verdict> {
        let dated = self.iter().filter(|pack| !pack.is_beside() && pack.in_force_from().is_some());
        let first = dated.min_by_key(|pack| pack.in_force_from())?;
        let none = || DutyVerdict { outcome: Outcome::NotRequired, basis: Vec::new() };
        let reason = |duty| Reason {
            duty,
            rule: BEFORE_ANY_DUTY.to_owned(),
            outcome: Outcome::NotRequired,
            cites: Vec::new(),
            because: Vec::new(),
            text: before_any_duty(),
        };
        Some(Verdict {
            id: situation.id.clone(),
            law: LawUsed { status: LawStatus::Historical, ..first.used(None) },
            breach: Truth::Unknown,
            risk: None,
            document: none(),
            notify_authority: none(),
            deadline: None,
            is_provisional: false,
            authority: None,
            inform_subjects: none(),
            form: None,
            notify_controllers: none(),
            notify_csirt: none(),
            csirt_steps: Vec::new(),
            enisa: None,
            reasons: Duty::ALL.into_iter().map(reason).collect(),
            decisive: Vec::new(),
            missing: Vec::new(),
            missing_for: Vec::new(),
            proposed: Vec::new(),
            advice: vec![Advice { text: before_any_duty(), cites: Vec::new(), mark: None }],
        })
    }

    /// Whether a moment lies before the first pack.
    #[must_use]
    pub fn is_before_the_first(&self, at: Timestamp) -> bool {
        matches!(self.in_force(at), Err(crate::NoPack::BeforeTheFirst { .. }))
    }
}

impl Verdict {
    /// Whether it says that there was no duty yet, and nothing more.
    #[must_use]
    pub fn is_before_any_duty(&self) -> bool {
        self.reasons.first().is_some_and(|reason| reason.rule == BEFORE_ANY_DUTY)
    }
}
