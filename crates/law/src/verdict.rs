//! The verdict: what follows from the facts under one law pack, with the reasons as part of the value.

use jiff::Timestamp;

use facts::{Fact, Text, Value};

use crate::enisa::Score;
use crate::pack::Mark;

/// What the law asks, as far as the facts tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Required,
    NotRequired,
    /// The unknown facts can still turn it either way.
    Undetermined,
}

/// The duties that a verdict answers for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// Document in the own register (AVG art. 33(5)).
    Document,
    /// Notify the supervisory authority (AVG art. 33(1)).
    NotifyAuthority,
    /// Inform the data subjects (AVG art. 34).
    InformSubjects,
    /// A processor tells its controllers (AVG art. 33(2)).
    NotifyControllers,
    /// Tell the CSIRT and the competent authority (Cyberbeveiligingswet).
    NotifyCsirt,
}

/// Whether the risk to the persons was weighed, and what came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    Unlikely,
    Risk,
    High,
    Undetermined,
}

/// How persons are to be told (AVG art. 34(1), 34(3)(c)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    Direct,
    Public,
}

/// What standing a pack has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LawStatus {
    /// Law, now or until the last day it names.
    InForce,
    /// Was law and is not any more: shown, and nobody reports under it.
    Historical,
    /// Never was law: shows what would change.
    Proposal,
}

/// The steps by which the CSIRT and the competent authority are told (Cbw arts. 26, 27, 29).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CsirtStepKind {
    /// Vroegtijdige waarschuwing (art. 26).
    EarlyWarning,
    /// Melding (art. 27).
    Notification,
    /// Eindverslag (art. 29).
    FinalReport,
}

/// One step, with when it is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsirtStep {
    pub what: CsirtStepKind,
    /// Absent without a moment to count from.
    pub target: Option<Timestamp>,
    /// The step it counts from; absent where it counts from awareness.
    pub after: Option<CsirtStepKind>,
}

/// Which law judged: the pack, its version, and from when until when (both ISO dates) it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawUsed {
    pub id: String,
    /// The pack's own edition, raised whenever a rule or text in it changes.
    pub version: String,
    pub in_force_from: Option<jiff::civil::Date>,
    pub in_force_until: Option<jiff::civil::Date>,
    pub status: LawStatus,
}

/// One duty's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct DutyVerdict {
    pub outcome: Outcome,
    /// The articles on which it rests: `AVG art. 33(1)`.
    pub basis: Vec<String>,
}

/// The clock of AVG art. 33(1), where there is a moment to count from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// What we steer on: awareness + 72 elapsed hours.
    pub target: Timestamp,
    /// By Regulation 1182/71: shown, never steered on.
    pub limit: Timestamp,
}

/// Why a duty has its outcome: the rule that gave it, on which facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    pub duty: Duty,
    /// The rule's id, prefixed by its pack: `avg-33-1`.
    pub rule: String,
    pub outcome: Outcome,
    pub cites: Vec<String>,
    /// The known facts that the rule read, with their values.
    pub because: Vec<(Fact, Value)>,
    pub text: Text,
}

/// A fact of which one other value would turn an outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Decisive {
    pub fact: Fact,
    pub other: Value,
    /// What it would turn, and into what.
    pub then: Vec<(Duty, Outcome)>,
}

/// What the program would say to somebody who has to act.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    pub text: Text,
    pub cites: Vec<String>,
    /// How far what it tells was checked, where the pack says it.
    pub mark: Option<Mark>,
}

/// Everything that an assessment says. It changes nothing by itself: a person decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The situation's own id, echoed.
    pub id: Option<String>,
    pub law: LawUsed,
    pub breach: facts::Truth,
    /// Absent: not weighed (no breach, another regime, or a processor).
    pub risk: Option<Risk>,
    pub document: DutyVerdict,
    pub notify_authority: DutyVerdict,
    /// The authority's clock; absent without any moment to count from.
    pub deadline: Option<Deadline>,
    /// The clock runs from a signal, not from awareness.
    pub is_provisional: bool,
    /// The competent authority: `NL-AP`, another member state's, or absent where there is none to name.
    pub authority: Option<String>,
    pub inform_subjects: DutyVerdict,
    /// Present where informing persons is required.
    pub form: Option<Form>,
    pub notify_controllers: DutyVerdict,
    pub notify_csirt: DutyVerdict,
    /// How and when the CSIRT is told; empty unless that is required.
    pub csirt_steps: Vec<CsirtStep>,
    /// ENISA's severity score; absent while its factors are unknown. Decision support: never the ground of an outcome.
    pub enisa: Option<Score>,
    pub reasons: Vec<Reason>,
    pub decisive: Vec<Decisive>,
    /// Unknown facts that can still turn an outcome, the most telling first.
    pub missing: Vec<Fact>,
    /// The same for each duty apart.
    pub missing_for: Vec<(Duty, Vec<Fact>)>,
    /// The views (sensitivity, severity, likelihood) that the rules derive and the assessor may replace.
    pub proposed: Vec<(Fact, &'static str)>,
    pub advice: Vec<Advice>,
}

impl Verdict {
    /// One duty's answer.
    #[must_use]
    pub fn duty(&self, duty: Duty) -> &DutyVerdict {
        match duty {
            Duty::Document => &self.document,
            Duty::NotifyAuthority => &self.notify_authority,
            Duty::InformSubjects => &self.inform_subjects,
            Duty::NotifyControllers => &self.notify_controllers,
            Duty::NotifyCsirt => &self.notify_csirt,
        }
    }
}

impl LawStatus {
    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Historical => "historical",
            Self::Proposal => "proposal",
        }
    }
}

impl CsirtStepKind {
    pub const ALL: [Self; 3] = [Self::EarlyWarning, Self::Notification, Self::FinalReport];

    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::EarlyWarning => "early_warning",
            Self::Notification => "notification",
            Self::FinalReport => "final_report",
        }
    }

    /// The step of a public name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::EarlyWarning => Text::new("Vroegtijdige waarschuwing", "Early warning"),
            Self::Notification => Text::new("Melding", "Notification"),
            Self::FinalReport => Text::new("Eindverslag", "Final report"),
        }
    }
}

impl Duty {
    pub const ALL: [Self; 5] =
        [Self::Document, Self::NotifyAuthority, Self::InformSubjects, Self::NotifyControllers, Self::NotifyCsirt];

    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::NotifyAuthority => "notify_authority",
            Self::InformSubjects => "inform_subjects",
            Self::NotifyControllers => "notify_controllers",
            Self::NotifyCsirt => "notify_csirt",
        }
    }

    /// The duty of a public name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|duty| duty.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Document => Text::new("Vastleggen in het register", "Record in the register"),
            Self::NotifyAuthority => {
                Text::new("Melden bij de Autoriteit Persoonsgegevens", "Notify the supervisory authority (AP)")
            }
            Self::InformSubjects => Text::new("De betrokken personen inlichten", "Inform the persons concerned"),
            Self::NotifyControllers => {
                Text::new("De verwerkingsverantwoordelijken waarschuwen", "Warn the controllers")
            }
            Self::NotifyCsirt => Text::new("Melden bij het CSIRT", "Notify the CSIRT"),
        }
    }
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Required, Self::NotRequired, Self::Undetermined];

    /// The public name, as in JSON.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::NotRequired => "not_required",
            Self::Undetermined => "undetermined",
        }
    }

    /// The outcome of a public name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.key() == key)
    }
}
