//! Where an incident stands: what is derived from what its events made of it, and never set.

use jiff::Timestamp;

use facts::{Country, Situation, Text};

use law::verdict::{CsirtStepKind, Duty, Outcome};

use crate::decide::FIRST_DUTY;
use crate::{Incident, Opening, Report, ReportKind};

/// Where an incident stands on its road; derived, never set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// The facts do not settle yet what the law asks: more are wanted. Deciding is possible all the same.
    Investigating,
    /// The facts settle it, and nobody has decided; or the verdict has changed since somebody did.
    AwaitingDecision,
    /// Decided; what was decided is not all done.
    Acting,
    /// Decided and done; to be closed.
    Done,
    Closed,
}

impl Phase {
    pub const ALL: [Self; 5] = [Self::Investigating, Self::AwaitingDecision, Self::Acting, Self::Done, Self::Closed];

    /// The name in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Investigating => "investigating",
            Self::AwaitingDecision => "awaiting_decision",
            Self::Acting => "acting",
            Self::Done => "done",
            Self::Closed => "closed",
        }
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Investigating => Text::new("In onderzoek", "Under investigation"),
            Self::AwaitingDecision => Text::new("Wacht op besluit", "Awaits a decision"),
            Self::Acting => Text::new("Besloten, nog uitvoeren", "Decided, to be carried out"),
            Self::Done => Text::new("Alles gedaan", "All done"),
            Self::Closed => Text::new("Gesloten", "Closed"),
        }
    }

    /// The phase of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.key() == key)
    }
}

/// What somebody has to do before the incident can go on: a sensor's detection that nobody looked at, or what was decided
/// and is not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Waiting {
    /// Look whether what the sensor saw is real.
    Check,
    /// Report to the supervisory authority.
    Report,
    /// Take the report back: it was decided that none is due.
    Withdrawal,
    /// Warn the controllers.
    Controllers,
    /// Take a step of telling the CSIRT.
    Csirt(CsirtStepKind),
    /// Inform the persons.
    Subjects,
}

impl Waiting {
    pub const ALL: [Self; 8] = [
        Self::Check,
        Self::Report,
        Self::Withdrawal,
        Self::Controllers,
        Self::Csirt(CsirtStepKind::EarlyWarning),
        Self::Csirt(CsirtStepKind::Notification),
        Self::Csirt(CsirtStepKind::FinalReport),
        Self::Subjects,
    ];

    /// The name in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Report => "report",
            Self::Withdrawal => "withdrawal",
            Self::Controllers => "controllers",
            Self::Csirt(CsirtStepKind::EarlyWarning) => "csirt_early_warning",
            Self::Csirt(CsirtStepKind::Notification) => "csirt_notification",
            Self::Csirt(CsirtStepKind::FinalReport) => "csirt_final_report",
            Self::Subjects => "subjects",
        }
    }

    /// What a name stands for.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|waiting| waiting.key() == key)
    }
}

impl Incident {
    /// What the assessment reads. Until awareness is set, a sensor's detection counts from when a person confirmed it: so the
    /// provisional clock of the verdict is [`Self::clock_start`].
    #[must_use]
    pub fn situation(&self, jurisdiction: Country) -> Situation {
        let detected_at = match self.aware {
            Some(_) => Some(self.first_signal()),
            None => self.noticed_at(),
        };
        Situation {
            id: Some(self.number.to_string()),
            detected_at,
            informed_by_processor_at: self.informed_by_processor_at,
            aware_at: self.aware.as_ref().map(|aware| aware.at),
            jurisdiction: Some(jurisdiction),
            facts: self.facts.clone(),
        }
    }

    /// The moment the clocks run from, and whether that is provisional (nobody set awareness yet): then the earliest human
    /// report, processor's notice, or confirmation of a detection. A detection that nobody confirmed starts no clock.
    #[must_use]
    pub fn clock_start(&self) -> Option<(Timestamp, bool)> {
        if self.is_of_an_old_law() || self.is_imported_unjudged() || self.erased.is_some() {
            return None;
        }
        match &self.aware {
            Some(aware) => Some((aware.at, false)),
            None => {
                let earliest = [self.noticed_at(), self.informed_by_processor_at].into_iter().flatten().min();
                earliest.map(|at| (at, true))
            }
        }
    }

    /// Whether a law that is no more judges it: nothing is decided, nothing is reported, no clock runs.
    #[must_use]
    pub fn is_of_an_old_law(&self) -> bool {
        let is_judged_so = self.assessment.as_ref().is_some_and(|(_, assessment)| assessment.is_historical);
        is_judged_so || self.is_before_any_duty()
    }

    /// Whether it was taken over from a register, and was known before anybody had to report a breach: there is nothing to judge.
    #[must_use]
    pub fn is_before_any_duty(&self) -> bool {
        let known = self.aware.as_ref().map(|aware| aware.at).or(self.detected_at);
        self.imported().is_some() && known.is_some_and(|at| at < FIRST_DUTY)
    }

    /// When a person of the organisation noticed: their report, or their confirmation of what the sensor saw.
    fn noticed_at(&self) -> Option<Timestamp> {
        match self.opening {
            Opening::Reported { .. } => Some(self.detected_at.map_or(self.opened_at, |set| set.min(self.opened_at))),
            Opening::Imported(_) => self.detected_at,
            Opening::Erased => None,
            Opening::Detected { .. } => {
                self.detection_checked.as_ref().filter(|checked| checked.is_real).map(|checked| checked.at)
            }
        }
    }

    /// The first signal that is known. Who says they were aware before the report was typed in, had their signal by then.
    /// Absent where it was taken over from a register that names none: taking it over was no signal.
    #[must_use]
    pub fn known_signal(&self) -> Option<Timestamp> {
        let aware = self.aware.as_ref().map(|aware| aware.at);
        let opened = self.imported().is_none().then_some(self.opened_at);
        [opened, self.detected_at, self.informed_by_processor_at, aware].into_iter().flatten().min()
    }

    /// [`Self::known_signal`], or else when the incident came to stand here.
    #[must_use]
    pub fn first_signal(&self) -> Timestamp {
        self.known_signal().unwrap_or(self.opened_at)
    }

    /// Whether the sensor's detection waits for a person to look at it. Who set awareness has looked.
    #[must_use]
    pub fn is_unchecked_detection(&self) -> bool {
        matches!(self.opening, Opening::Detected { .. }) && self.detection_checked.is_none() && self.aware.is_none()
    }

    /// The newest report that the authority has, first or supplement; absent when nothing stands there.
    #[must_use]
    pub fn last_report(&self) -> Option<&Report> {
        self.reports.last().filter(|report| report.kind != ReportKind::Withdrawal)
    }

    /// Whether a person decided that this duty is to be done. Absent as well while the verdict has changed since: what was
    /// decided on other grounds stops no clock.
    #[must_use]
    pub fn is_to_do(&self, duty: Duty) -> Option<bool> {
        if self.is_decision_outdated() {
            return None;
        }
        self.decision.as_ref().and_then(|decision| decision.decided.duties.get(&duty).copied())
    }

    /// Whether the verdict has changed since the decision was taken: somebody should look again.
    #[must_use]
    pub fn is_decision_outdated(&self) -> bool {
        match (&self.decision, &self.assessment) {
            (Some(decision), Some((_, assessment))) => decision.advised != assessment.outcomes,
            _ => false,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        if self.closed_at.is_some() {
            return Phase::Closed;
        }
        if self.is_of_an_old_law() || self.is_false_alarm() {
            return Phase::Done;
        }
        if self.decision.is_none() || self.is_decision_outdated() {
            if self.warns_undecided() {
                return self.acting();
            }
            let is_settled = self.assessment.as_ref().is_some_and(|(_, assessment)| {
                [Duty::NotifyAuthority, Duty::InformSubjects]
                    .iter()
                    .all(|duty| assessment.outcomes.get(duty) != Some(&Outcome::Undetermined))
            });
            return if is_settled { Phase::AwaitingDecision } else { Phase::Investigating };
        }
        self.acting()
    }

    /// What was decided is done, or not. While nobody has looked whether the sensor saw right, there is something to do.
    fn acting(&self) -> Phase {
        if self.undone().is_empty() && !self.is_unchecked_detection() { Phase::Done } else { Phase::Acting }
    }

    /// What waits for somebody, the most pressing first: what can be told to nobody before it is checked, then what was
    /// decided and is not done.
    #[must_use]
    pub fn waits_for(&self) -> Vec<Waiting> {
        if self.closed_at.is_some() || self.is_of_an_old_law() {
            return Vec::new();
        }
        let check = self.is_unchecked_detection().then_some(Waiting::Check);
        check.into_iter().chain(self.undone()).collect()
    }

    /// A processor that has not decided, and need not: it warns its controllers at once, without weighing (AVG art. 33(2)).
    /// Where the CSIRT is to be told as well, somebody decides on that.
    fn warns_undecided(&self) -> bool {
        let outcome =
            |duty| self.assessment.as_ref().and_then(|(_, assessment)| assessment.outcomes.get(&duty).copied());
        (self.decision.is_none() || self.is_decision_outdated())
            && outcome(Duty::NotifyControllers) == Some(Outcome::Required)
            && outcome(Duty::NotifyCsirt) != Some(Outcome::Required)
    }

    /// A person looked at what the sensor saw and found nothing in it: there is nothing to decide.
    #[must_use]
    pub fn is_false_alarm(&self) -> bool {
        self.detection_checked.as_ref().is_some_and(|checked| !checked.is_real)
            && self.decision.is_none()
            && self.reports.is_empty()
    }

    /// What was decided and is not done. A report that stands while it was decided that none is due waits to be taken back;
    /// a supplement does not hold the case. The CSIRT waits for all three steps, so that the final report holds the closing.
    fn undone(&self) -> Vec<Waiting> {
        let mut undone = Vec::new();
        let is_to_do = |duty| self.is_to_do(duty) == Some(true);
        match (self.is_to_do(Duty::NotifyAuthority), &self.authority_notified) {
            (Some(true), None) => undone.push(Waiting::Report),
            (Some(false), Some(_)) => undone.push(Waiting::Withdrawal),
            _ => {}
        }
        if (is_to_do(Duty::NotifyControllers) || self.warns_undecided()) && self.controllers_warned.is_none() {
            undone.push(Waiting::Controllers);
        }
        if is_to_do(Duty::NotifyCsirt) {
            let steps = CsirtStepKind::ALL.into_iter().filter(|step| !self.csirt_notified.contains_key(step));
            undone.extend(steps.map(Waiting::Csirt));
        }
        if is_to_do(Duty::InformSubjects) && self.subjects_informed.is_empty() {
            undone.push(Waiting::Subjects);
        }
        undone
    }
}
