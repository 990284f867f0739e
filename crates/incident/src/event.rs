//! What can happen to an incident, in the words of the journal. Once shipped, an event never changes its meaning.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use facts::{Fact, IncidentId, Text, Truth, UserId, Value};
use law::enisa::Score;
use law::verdict::{CsirtStepKind, Duty, Outcome, Risk};

use crate::{Custody, DetectionsAdded, ErasedEntry, Erasure, ErasureGround, Imported};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who signed in; the name as it was then.
    Person { id: UserId, name: String },
    /// A report without an account; the name if they left one.
    Reporter { name: Option<String> },
    /// The program itself (a sensor's case, an assessment).
    Program,
}

impl Actor {
    /// The name to show, in the language-neutral form; empty for an anonymous reporter.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Person { name, .. } => name,
            Self::Reporter { name } => name.as_deref().unwrap_or_default(),
            Self::Program => "Dijkwacht",
        }
    }

    /// The person's id, where somebody signed in.
    #[must_use]
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::Reporter { .. } | Self::Program => None,
        }
    }
}

/// How urgent the sensor thought a case (`contract/detections.md`, severity).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    Low,
    Medium,
    High,
    Critical,
}

impl Urgency {
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name in the journal and in the database, as in the contract's severities.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The urgency of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|urgency| urgency.key() == key)
    }

    /// What people read.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::Low => Text::new("Laag", "Low"),
            Self::Medium => Text::new("Middel", "Medium"),
            Self::High => Text::new("Hoog", "High"),
            Self::Critical => Text::new("Kritiek", "Critical"),
        }
    }
}

/// What is told to the supervisory authority: a first report, what completes or corrects it (AVG art. 33(4)), or that the
/// report is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportKind {
    First,
    Supplement,
    Withdrawal,
}

impl ReportKind {
    pub const ALL: [Self; 3] = [Self::First, Self::Supplement, Self::Withdrawal];

    /// The name in the journal and on forms.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Supplement => "supplement",
            Self::Withdrawal => "withdrawal",
        }
    }

    /// The kind of a name.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> Text {
        match self {
            Self::First => Text::new("Eerste melding", "First report"),
            Self::Supplement => Text::new("Aanvulling", "Supplement"),
            Self::Withdrawal => Text::new("Intrekking", "Withdrawal"),
        }
    }
}

/// What opened the incident.
#[derive(Clone, Debug, PartialEq)]
pub enum Opening {
    /// A person reported it.
    Reported {
        /// What happened, in the reporter's words.
        what: String,
        /// When it happened, as they said it: free text such as "gisteren rond vier uur"; kept as such.
        when_said: Option<String>,
        /// Which data or whose, as they said it.
        whose_said: Option<String>,
        /// What they did about it already.
        done_said: Option<String>,
        /// How to reach the reporter; absent when anonymous.
        contact: Option<String>,
    },
    /// The sensor's case: one story on one host.
    Detected {
        case: String,
        urgency: Urgency,
        host: String,
        summary: Text,
        /// The detections it rests on: id and SHA-256 of the detection's JSON line, in hexadecimal.
        detections: Vec<(String, String)>,
        first_at: Timestamp,
        last_at: Timestamp,
        /// When somebody could first know of it: when the server took the case in, or a scan opened it. Absent in an entry of
        /// before that was kept: then that was when the incident was opened.
        detected_at: Option<Timestamp>,
    },
    /// Taken over from a register that was kept elsewhere: what that one says, not what happened here.
    Imported(Box<Imported>),
    /// The opening was erased with the incident. Never written: it is what replaying finds.
    Erased,
}

/// An assessment as it was made: the pack, what it said, and on which facts, so that it can be repeated in ten years.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    pub law: String,
    pub law_version: String,
    /// The law is no more: its verdict is read, and nobody decides or reports under it.
    pub is_historical: bool,
    /// Whether it is a breach. No duty says so: a breach below a threshold asks nothing, nor does one of before any duty.
    pub breach: Truth,
    pub outcomes: BTreeMap<Duty, Outcome>,
    pub risk: Option<Risk>,
    /// The whole verdict in the contract's JSON, byte for byte.
    pub verdict_json: String,
    /// The situation it judged in the contract's JSON, byte for byte.
    pub situation_json: String,
}

/// What a person decided about the duties.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decided {
    /// For each duty decided: to do it or not.
    pub duties: BTreeMap<Duty, bool>,
    /// Which duties depart from what the assessment advised.
    pub departs: Vec<Duty>,
    /// Why, in their own words (AVG art. 33(5): the register must let the authority verify).
    pub motivation: String,
    /// Whether it follows the FG's advice; absent where there was none on file.
    pub dpo_followed: Option<bool>,
    /// Why it does not, in their own words; present where it departs.
    pub dpo_departure: Option<String>,
    /// On whose behalf, where who decides is not the director: "gemandateerd door …".
    pub mandate: Option<String>,
}

/// What people wrote about the incident for the register and the documents (AVG art. 33(5): the facts, the effects and
/// the remedial action). Each text replaces the one before; an empty one takes it back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrative {
    /// What happened, in a summary that names no data subject.
    pub description: Option<String>,
    /// What was done already, to end the breach and to limit damage.
    pub measures_taken: Option<String>,
    /// What will be done, to keep it from happening again.
    pub measures_planned: Option<String>,
    /// Why the report comes after 72 hours (AVG art. 33(1)).
    pub late_reason: Option<String>,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    Opened {
        number: u64,
        title: String,
        opening: Opening,
    },
    /// Facts learned, changed, or (a `None`) known no longer.
    FactsRecorded {
        changes: BTreeMap<Fact, Option<Value>>,
        note: Option<String>,
    },
    NarrativeRecorded(Narrative),
    /// The first technical or human signal.
    DetectedAtSet {
        at: Timestamp,
    },
    /// When the organisation became aware (kennisname), set by a person with a reason; a later one replaces it visibly.
    AwarenessSet {
        at: Timestamp,
        is_estimated: bool,
        reason: String,
    },
    Assessed(Box<Assessment>),
    Decided(Decided),
    /// A document was made from what the case knew.
    DocumentMade {
        kind: String,
        title: Text,
        sha256: String,
        size_bytes: u64,
    },
    /// A person entered the report in the authority's own form and copied its number here.
    AuthorityNotified {
        at: Timestamp,
        receipt: String,
        kind: ReportKind,
        /// Which edition of which form (`ap-2022-08`); empty where it was not kept.
        form: String,
        /// Field key → the answer's plain text as it stood when this was reported.
        answers: BTreeMap<String, String>,
        /// Why it is taken back, or what a supplement is about.
        reason: Option<String>,
    },
    /// Persons were told: so many more, or (a correction) so many instead of all that was said of it before.
    SubjectsInformed {
        at: Timestamp,
        count: u64,
        channel: String,
        is_correction: bool,
    },
    /// A step of telling the CSIRT was taken (Cbw arts. 26, 27, 29). A later one for the same step corrects it.
    CsirtNotified {
        step: CsirtStepKind,
        at: Timestamp,
        /// What the CSIRT gave in return; may be empty.
        receipt: String,
    },
    /// A processor warned its controllers (AVG art. 33(2)).
    ControllersWarned {
        at: Timestamp,
        /// How many controllers.
        count: u64,
        channel: String,
    },
    /// An agreed term (a contract's, a policy's) was met: its short name in the settings, and with whom it was agreed.
    TermMet {
        term: String,
        with: String,
        at: Timestamp,
    },
    /// A processor's notice reached this organisation (AVG art. 33(2)): when it was delivered, and from whom.
    ProcessorInformed {
        at: Timestamp,
        by: String,
    },
    /// A person looked at what the sensor saw: it is real, or it is not.
    DetectionChecked {
        is_real: bool,
        note: Option<String>,
    },
    /// A sensor saw more of the same while the incident was open.
    DetectionsAdded(DetectionsAdded),
    /// The FG advised (AVG art. 39(1)); who recorded it may be somebody else.
    DpoAdvised {
        by_name: String,
        advised_at: Timestamp,
        advice: String,
        /// What it comes to for each duty that the advice names.
        advises: BTreeMap<Duty, bool>,
    },
    /// Asked, and nobody knows yet.
    NotKnownYet {
        facts: BTreeSet<Fact>,
    },
    /// ENISA's score as a person sees it; `None` takes that back.
    EnisaAdjusted {
        score: Option<Score>,
        reason: String,
    },
    /// A file was added as evidence, or something was done with one.
    Custody(Custody),
    Noted {
        text: String,
    },
    Closed {
        lessons: String,
    },
    Reopened {
        reason: String,
    },
    /// It is not to be erased for now: a claim, an inquiry.
    HoldPlaced {
        reason: String,
    },
    HoldReleased {
        reason: String,
    },
    /// The bodies of all its entries were erased with this one.
    Erased(Erasure),
    /// Some entries were erased, each with what may still be said in its place.
    EntriesErased {
        ground: ErasureGround,
        /// In words that name nobody.
        reason: String,
        entries: Vec<ErasedEntry>,
    },
    /// An entry whose body was erased: of this kind, and nothing more is known. Never written: it is what replaying finds.
    Gone {
        kind: String,
    },
}

impl Event {
    /// The kind as written in the journal; stable for ever.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "incident.opened",
            Self::FactsRecorded { .. } => "incident.facts_recorded",
            Self::NarrativeRecorded(_) => "incident.narrative_recorded",
            Self::DetectedAtSet { .. } => "incident.detected_at_set",
            Self::AwarenessSet { .. } => "incident.awareness_set",
            Self::Assessed(_) => "incident.assessed",
            Self::Decided(_) => "incident.decided",
            Self::DocumentMade { .. } => "incident.document_made",
            Self::AuthorityNotified { .. } => "incident.authority_notified",
            Self::SubjectsInformed { .. } => "incident.subjects_informed",
            Self::CsirtNotified { .. } => "incident.csirt_notified",
            Self::ControllersWarned { .. } => "incident.controllers_warned",
            Self::TermMet { .. } => "incident.term_met",
            Self::ProcessorInformed { .. } => "incident.processor_informed",
            Self::DetectionChecked { .. } => "incident.detection_checked",
            Self::DetectionsAdded(_) => "incident.detections_added",
            Self::DpoAdvised { .. } => "incident.dpo_advised",
            Self::NotKnownYet { .. } => "incident.not_known_yet",
            Self::EnisaAdjusted { .. } => "incident.enisa_adjusted",
            Self::Custody(custody) => custody.kind(),
            Self::Noted { .. } => "incident.noted",
            Self::Closed { .. } => "incident.closed",
            Self::Reopened { .. } => "incident.reopened",
            Self::HoldPlaced { .. } => "incident.hold_placed",
            Self::HoldReleased { .. } => "incident.hold_released",
            Self::Erased(_) => "incident.erased",
            Self::EntriesErased { .. } => "incident.entries_erased",
            Self::Gone { .. } => "incident.gone",
        }
    }

    /// The kind as it stands in the journal, for an erased entry as well.
    #[must_use]
    pub fn kind_said(&self) -> &str {
        match self {
            Self::Gone { kind } => kind,
            other => other.kind(),
        }
    }
}

/// An event with its incident, its author, and the two times that differ: when it happened (as people say) and when it
/// was recorded (by us).
#[derive(Clone, Debug, PartialEq)]
pub struct Stamped {
    pub incident: IncidentId,
    /// The journal's index once written.
    pub index: Option<u64>,
    pub recorded_at: Timestamp,
    pub by: Actor,
    pub event: Event,
}
