//! An incident as its events have made it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use facts::{Fact, Facts, IncidentId, OrganisationId, Text};

use law::enisa::Score;
use law::verdict::{CsirtStepKind, Duty, Outcome};

use crate::forgetting::substituted;
use crate::{
    Actor, Assessment, Decided, Erased, Event, Evidence, Hold, Imported, Narrative, Opening, ReportKind, Stamped,
    ToldThere,
};

/// One incident, replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    pub id: IncidentId,
    pub organisation: OrganisationId,
    /// Counts from 1 within the organisation.
    pub number: u64,
    pub title: String,
    pub opened_at: Timestamp,
    pub opened_by: Actor,
    pub opening: Opening,
    pub facts: Facts,
    pub narrative: Narrative,
    /// The first signal: the sensor's, or as a person set it.
    pub detected_at: Option<Timestamp>,
    /// When the first notice of a processor was delivered (AVG art. 33(2)).
    pub informed_by_processor_at: Option<Timestamp>,
    /// What a person said of the sensor's detection, since they say so.
    pub detection_checked: Option<Checked>,
    pub aware: Option<Awareness>,
    /// Asked, and nobody knew yet.
    pub not_known_yet: BTreeSet<Fact>,
    /// The newest assessment, with when it was made.
    pub assessment: Option<(Timestamp, Assessment)>,
    /// Facts or times changed after the newest assessment.
    pub is_assessment_stale: bool,
    /// ENISA's score as a person sees it.
    pub enisa_adjusted: Option<EnisaAdjustment>,
    /// The FG's newest advice.
    pub dpo_advice: Option<DpoAdvice>,
    pub decision: Option<Decision>,
    pub documents: Vec<Document>,
    /// The files that people added, in order; those withdrawn from view stand among them.
    pub evidence: Vec<Evidence>,
    /// Everything that was told to the authority, in the order in which it was recorded.
    pub reports: Vec<Report>,
    /// The first report that stands: the earliest since the last withdrawal, with its number. Absent before the first report
    /// and after a withdrawal.
    pub authority_notified: Option<(Timestamp, String)>,
    /// The persons who were told, in the order in which it was recorded.
    pub subjects_informed: Vec<Informed>,
    pub controllers_warned: Option<(Timestamp, u64, String)>,
    /// When each agreed term was met, by its short name in the settings.
    pub terms_met: BTreeMap<String, Timestamp>,
    pub csirt_notified: BTreeMap<CsirtStepKind, (Timestamp, String)>,
    pub closed_at: Option<Timestamp>,
    /// What keeps it from being erased.
    pub held: Option<Hold>,
    /// It was erased: what is left of it.
    pub erased: Option<Erased>,
    /// Everything that happened, in order.
    pub timeline: Vec<Stamped>,
}

/// When the organisation knew, and why it says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Awareness {
    pub at: Timestamp,
    pub is_estimated: bool,
    pub reason: String,
    pub set_by: Actor,
    pub set_at: Timestamp,
}

/// What a person said of the sensor's detection.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// When they recorded it.
    pub at: Timestamp,
    pub is_real: bool,
    pub note: Option<String>,
    pub by: Actor,
}

/// ENISA's score as a person sees it, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct EnisaAdjustment {
    pub score: Score,
    pub reason: String,
    pub by: Actor,
    pub at: Timestamp,
}

/// What the FG advised.
#[derive(Clone, Debug, PartialEq)]
pub struct DpoAdvice {
    pub by_name: String,
    pub advised_at: Timestamp,
    pub advice: String,
    pub advises: BTreeMap<Duty, bool>,
    /// Who put it on file: the FG, or somebody on their behalf.
    pub recorded_by: Actor,
    pub recorded_at: Timestamp,
}

/// A report to the authority, as it was recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub kind: ReportKind,
    /// When it was entered in the authority's form.
    pub at: Timestamp,
    /// The authority's number.
    pub receipt: String,
    /// Which edition of which form; empty where it was not kept.
    pub form: String,
    /// Field key → the answer's plain text as it stood; empty where it was not kept.
    pub answers: BTreeMap<String, String>,
    pub reason: Option<String>,
    pub recorded_at: Timestamp,
    pub by: Actor,
}

/// Persons who were told at once, by one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Informed {
    pub at: Timestamp,
    pub count: u64,
    pub channel: String,
}

/// The newest decision, with who took it and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub decided: Decided,
    pub by: Actor,
    pub at: Timestamp,
    /// What the assessment said when it was taken.
    pub advised: BTreeMap<Duty, Outcome>,
}

/// A document that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub kind: String,
    pub title: Text,
    pub sha256: String,
    pub size_bytes: u64,
    pub made_at: Timestamp,
}

impl Incident {
    /// The incident that an opening event makes; nothing for any other event.
    #[must_use]
    pub fn open(organisation: OrganisationId, first: &Stamped) -> Option<Self> {
        let Event::Opened { number, title, opening } = &first.event else { return None };
        let mut incident = Self {
            id: first.incident,
            organisation,
            number: *number,
            title: title.clone(),
            opened_at: first.recorded_at,
            opened_by: first.by.clone(),
            opening: opening.clone(),
            facts: Facts::new(),
            narrative: Narrative::default(),
            detected_at: None,
            informed_by_processor_at: None,
            detection_checked: None,
            aware: None,
            not_known_yet: BTreeSet::new(),
            assessment: None,
            is_assessment_stale: false,
            enisa_adjusted: None,
            dpo_advice: None,
            decision: None,
            documents: Vec::new(),
            evidence: Vec::new(),
            reports: Vec::new(),
            authority_notified: None,
            subjects_informed: Vec::new(),
            controllers_warned: None,
            terms_met: BTreeMap::new(),
            csirt_notified: BTreeMap::new(),
            closed_at: None,
            held: None,
            erased: None,
            timeline: vec![first.clone()],
        };
        match opening {
            // What a sensor saw is discovered when somebody could know of it, not when the traffic began.
            Opening::Detected { detected_at, .. } => {
                incident.detected_at = Some(detected_at.map_or(incident.opened_at, |at| at.min(incident.opened_at)));
            }
            Opening::Reported { .. } | Opening::Erased => {}
            Opening::Imported(imported) => incident.take_over(imported),
        }
        Some(incident)
    }

    /// Starts where an imported register left off. Its decisions stay its own: here nobody has decided anything.
    fn take_over(&mut self, imported: &Imported) {
        let (at, by) = (self.opened_at, &self.opened_by);
        self.facts = imported.facts.clone();
        self.narrative = imported.narrative.clone();
        self.detected_at = imported.detected_at.map(|said| said.at);
        self.aware = imported.aware_at.map(|said| Awareness {
            at: said.at,
            is_estimated: said.is_day,
            reason: format!(
                "volgens het overgenomen register (according to the imported register): {}, rij (row) {}",
                imported.file, imported.row
            ),
            set_by: by.clone(),
            set_at: at,
        });
        if let (Some(true), Some(told)) = (imported.authority.was_told, imported.authority.at) {
            let receipt = imported.authority.what.clone().unwrap_or_default();
            self.reports.push(Report {
                kind: ReportKind::First,
                at: told.at,
                receipt: receipt.clone(),
                form: String::new(),
                answers: BTreeMap::new(),
                reason: None,
                recorded_at: at,
                by: by.clone(),
            });
            self.authority_notified = Some((told.at, receipt));
        }
        if imported.is_closed {
            self.closed_at = Some(imported.closed_at.map_or(at, |said| said.at));
        }
    }

    /// The row that it was taken over from, if it was.
    #[must_use]
    pub fn imported(&self) -> Option<&Imported> {
        match &self.opening {
            Opening::Imported(imported) => Some(imported),
            Opening::Reported { .. } | Opening::Detected { .. } | Opening::Erased => None,
        }
    }

    /// Taken over, and nobody has asked the law about it here: no clock runs and nothing waits.
    #[must_use]
    pub fn is_imported_unjudged(&self) -> bool {
        self.imported().is_some() && self.assessment.is_none()
    }

    /// Taken over as closed, and nobody has asked the law about it here: it is kept as it is, and nobody is advised on it.
    #[must_use]
    pub fn is_imported_at_rest(&self) -> bool {
        self.is_imported_unjudged() && self.closed_at.is_some()
    }

    /// It was taken over as closed from a register that does not say when: it counts as closed since it was taken over, and
    /// nobody says that it was closed then.
    #[must_use]
    pub fn is_closing_unsaid(&self) -> bool {
        let is_unsaid = self.imported().is_some_and(|imported| imported.is_closed && imported.closed_at.is_none());
        is_unsaid && self.closed_at == Some(self.opened_at)
    }

    /// How many persons were told in all; absent where nobody was.
    #[must_use]
    pub fn informed_count(&self) -> Option<u64> {
        let told = &self.subjects_informed;
        (!told.is_empty()).then(|| told.iter().fold(0_u64, |all, one| all.saturating_add(one.count)))
    }

    /// When the first of the persons were told.
    #[must_use]
    pub fn first_informed_at(&self) -> Option<Timestamp> {
        self.subjects_informed.iter().map(|one| one.at).min()
    }

    /// What the register it was taken over from says of telling the authority. Absent where it was not taken over, and once
    /// a report was recorded or taken back here.
    #[must_use]
    pub fn told_there(&self) -> Option<ToldThere> {
        let imported = self.imported()?;
        let is_reported_here = self.timeline.iter().any(|one| matches!(one.event, Event::AuthorityNotified { .. }));
        (!is_reported_here).then_some(match imported.authority.was_told {
            Some(true) => ToldThere::Yes,
            Some(false) => ToldThere::No,
            None => ToldThere::Unsaid,
        })
    }

    /// The report that an imported register says was made; nobody made it here.
    #[must_use]
    pub fn imported_report(&self) -> Option<&Report> {
        let authority = &self.imported()?.authority;
        if authority.was_told == Some(true) && authority.at.is_some() { self.reports.first() } else { None }
    }

    /// Whether only the day of this moment is known: the register that it was taken over from named no time.
    #[must_use]
    pub fn is_day_only(&self, at: Timestamp) -> bool {
        let erased = self.erased.as_ref().map(|erased| &erased.erasure);
        self.imported().is_some_and(|imported| imported.is_day_only(at))
            || erased.is_some_and(|erasure| erasure.is_closed_day && erasure.closed_at == Some(at))
    }

    /// Replays a whole history; nothing when it neither begins with an opening nor says that it was erased.
    #[must_use]
    pub fn replay(organisation: OrganisationId, history: &[Stamped]) -> Option<Self> {
        let history = substituted(history);
        let (first, rest) = history.split_first()?;
        let mut incident = match Self::open(organisation, first) {
            Some(opened) => opened,
            None => Self::forgotten(organisation, &history)?,
        };
        rest.iter().for_each(|stamped| incident.take_in(stamped));
        Some(incident)
    }

    /// Takes in one event, as written.
    pub fn apply(&mut self, stamped: &Stamped) {
        self.take_in(stamped);
        if matches!(stamped.event, Event::EntriesErased { .. }) {
            self.take_in_erased_entries();
        }
    }

    /// One event of a history in which what was erased is already told as it may be.
    fn take_in(&mut self, stamped: &Stamped) {
        let at = stamped.recorded_at;
        match &stamped.event {
            // A second opening changes nothing: the first one made the incident. What was added is read from the timeline.
            Event::Opened { .. }
            | Event::DetectionsAdded(_)
            | Event::Noted { .. }
            | Event::EntriesErased { .. }
            | Event::Gone { .. } => {}
            Event::HoldPlaced { reason } => {
                self.held = Some(Hold { since: at, by: stamped.by.clone(), reason: reason.clone() });
            }
            Event::HoldReleased { .. } => self.held = None,
            Event::Erased(erasure) => self.take_in_erasure(stamped, erasure),
            Event::FactsRecorded { changes, .. } => {
                for (fact, value) in changes {
                    match value {
                        // A value of the journal was checked when it was written; one of another edition of the
                        // vocabulary is left out rather than guessed.
                        Some(value) => {
                            let _ = self.facts.set(*fact, value.clone());
                            self.not_known_yet.remove(fact);
                        }
                        None => self.facts.forget(*fact),
                    }
                }
                self.is_assessment_stale = true;
            }
            Event::NarrativeRecorded(narrative) => self.narrative = narrative.clone(),
            Event::DetectedAtSet { at: detected } => {
                self.detected_at = Some(*detected);
                self.is_assessment_stale = true;
            }
            Event::AwarenessSet { at: aware, is_estimated, reason } => {
                self.aware = Some(Awareness {
                    at: *aware,
                    is_estimated: *is_estimated,
                    reason: reason.clone(),
                    set_by: stamped.by.clone(),
                    set_at: at,
                });
                self.is_assessment_stale = true;
            }
            Event::ProcessorInformed { at: informed, .. } => {
                self.informed_by_processor_at =
                    Some(self.informed_by_processor_at.map_or(*informed, |first| first.min(*informed)));
                self.is_assessment_stale = true;
            }
            Event::DetectionChecked { is_real, note } => {
                self.detection_checked =
                    Some(Checked { at, is_real: *is_real, note: note.clone(), by: stamped.by.clone() });
                self.is_assessment_stale = true;
            }
            Event::NotKnownYet { facts } => self.not_known_yet.extend(facts),
            Event::EnisaAdjusted { score, reason } => {
                self.enisa_adjusted =
                    score.map(|score| EnisaAdjustment { score, reason: reason.clone(), by: stamped.by.clone(), at });
            }
            Event::DpoAdvised { by_name, advised_at, advice, advises } => {
                self.dpo_advice = Some(DpoAdvice {
                    by_name: by_name.clone(),
                    advised_at: *advised_at,
                    advice: advice.clone(),
                    advises: advises.clone(),
                    recorded_by: stamped.by.clone(),
                    recorded_at: at,
                });
            }
            Event::Assessed(assessment) => {
                self.assessment = Some((at, (**assessment).clone()));
                self.is_assessment_stale = false;
            }
            Event::Decided(decided) => {
                let advised = self.assessment.as_ref().map(|(_, assessment)| assessment.outcomes.clone());
                self.decision = Some(Decision {
                    decided: decided.clone(),
                    by: stamped.by.clone(),
                    at,
                    advised: advised.unwrap_or_default(),
                });
            }
            Event::DocumentMade { kind, title, sha256, size_bytes } => self.documents.push(Document {
                kind: kind.clone(),
                title: title.clone(),
                sha256: sha256.clone(),
                size_bytes: *size_bytes,
                made_at: at,
            }),
            Event::AuthorityNotified { at: reported, receipt, kind, form, answers, reason } => {
                self.reports.push(Report {
                    kind: *kind,
                    at: *reported,
                    receipt: receipt.clone(),
                    form: form.clone(),
                    answers: answers.clone(),
                    reason: reason.clone(),
                    recorded_at: at,
                    by: stamped.by.clone(),
                });
                self.take_in_report(*kind, *reported, receipt);
            }
            Event::ControllersWarned { at, count, channel } => {
                self.controllers_warned = Some((*at, *count, channel.clone()));
            }
            Event::TermMet { term, at, .. } => {
                self.terms_met.insert(term.clone(), *at);
            }
            Event::CsirtNotified { step, at, receipt } => {
                self.csirt_notified.insert(*step, (*at, receipt.clone()));
            }
            Event::SubjectsInformed { at, count, channel, is_correction } => {
                let informed = Informed { at: *at, count: *count, channel: channel.clone() };
                if *is_correction {
                    self.subjects_informed.clear();
                }
                // The very same said twice is a form that was sent twice.
                if !self.subjects_informed.contains(&informed) {
                    self.subjects_informed.push(informed);
                }
            }
            Event::Custody(custody) => self.apply_custody(custody, &stamped.by, at),
            Event::Closed { .. } => self.closed_at = Some(at),
            Event::Reopened { .. } => {
                self.closed_at = None;
                // What another register closed was never judged here, and now is: without that nobody could go on with it.
                self.is_assessment_stale |= self.assessment.is_none();
            }
        }
        self.timeline.push(stamped.clone());
    }

    /// The first report is the one that was in time or late; what follows it supplements it, or corrects its number. (Before
    /// supplements were recorded as such, a second entry was one: the earliest stands.) A withdrawal ends it.
    fn take_in_report(&mut self, kind: ReportKind, at: Timestamp, receipt: &str) {
        match kind {
            ReportKind::First => {
                if self.authority_notified.as_ref().is_none_or(|(first, _)| at <= *first) {
                    self.authority_notified = Some((at, receipt.to_owned()));
                }
            }
            ReportKind::Supplement => {}
            ReportKind::Withdrawal => self.authority_notified = None,
        }
    }
}
