//! Commands: what people ask of an incident.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use facts::{Fact, Text, Value};
use law::enisa::Score;
use law::verdict::{CsirtStepKind, Duty};

use crate::{Assessment, Custody, DetectionsAdded, ErasureGround, Narrative, ReportKind};

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Record facts; a `None` makes one unknown again.
    RecordFacts {
        changes: BTreeMap<Fact, Option<Value>>,
        note: Option<String>,
    },
    /// Asked, and nobody knows yet: what was recorded of these becomes unknown again.
    NotKnownYet {
        facts: BTreeSet<Fact>,
    },
    RecordNarrative(Narrative),
    SetDetectedAt {
        at: Timestamp,
    },
    SetAwareness {
        at: Timestamp,
        is_estimated: bool,
        reason: String,
    },
    /// A processor's notice was delivered; `by`: which processor.
    RecordProcessorInformed {
        at: Timestamp,
        by: String,
    },
    /// Say whether what the sensor saw is real. A false alarm needs words, and is no security incident.
    CheckDetection {
        is_real: bool,
        note: Option<String>,
    },
    /// Put into it what a sensor saw more of the same.
    AddDetections(DetectionsAdded),
    /// Record what a sensor's case proposes, as far as nobody here said anything of it.
    ProposeFacts {
        facts: BTreeMap<Fact, Value>,
    },
    /// Put an assessment, computed from this incident's situation, on file.
    RecordAssessment(Box<Assessment>),
    AdjustEnisa {
        /// `None` takes the adjustment back.
        score: Option<Score>,
        reason: String,
    },
    RecordDpoAdvice {
        /// The FG's name.
        by_name: String,
        advised_at: Timestamp,
        advice: String,
        advises: BTreeMap<Duty, bool>,
    },
    Decide(Order),
    RecordDocument {
        kind: String,
        title: Text,
        sha256: String,
        size_bytes: u64,
    },
    RecordReport {
        kind: ReportKind,
        at: Timestamp,
        /// The authority's number. For what follows a first report, blank stands for the first one's.
        receipt: String,
        form: String,
        answers: BTreeMap<String, String>,
        reason: Option<String>,
    },
    RecordSubjectsInformed {
        at: Timestamp,
        count: u64,
        channel: String,
        /// It takes the place of all that was said of it before.
        is_correction: bool,
    },
    RecordCsirtNotified {
        step: CsirtStepKind,
        at: Timestamp,
        /// May be empty: not every CSIRT gives one.
        receipt: String,
    },
    RecordControllersWarned {
        at: Timestamp,
        count: u64,
        channel: String,
    },
    /// An agreed term (a contract's, a policy's) was met: `term` is its short name in the settings, `with` whom it binds us to.
    RecordTermMet {
        term: String,
        with: String,
        at: Timestamp,
    },
    /// Add a file as evidence, or record what is done with one.
    Custody(Custody),
    Note {
        text: String,
    },
    Close {
        lessons: String,
    },
    Reopen {
        reason: String,
    },
    /// Keep it from being erased.
    PlaceHold {
        reason: String,
    },
    ReleaseHold {
        reason: String,
    },
    /// Erase the whole of it. `years`: the term of its kind, for the record.
    Erase {
        ground: ErasureGround,
        years: u32,
        reason: String,
    },
    /// Erase some entries: the journal's index of each, and words for its place.
    EraseEntries {
        ground: ErasureGround,
        reason: String,
        entries: Vec<(u64, Option<String>)>,
    },
}

/// A decision as a person takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// For each duty decided: to do it or not.
    pub duties: BTreeMap<Duty, bool>,
    /// Why, in their own words.
    pub motivation: String,
    /// Whether it follows the FG's advice. Must be said where there is advice on file; does not count where there is none.
    pub dpo_followed: Option<bool>,
    /// Why it does not follow it.
    pub dpo_departure: Option<String>,
    /// On whose behalf, where who decides was mandated.
    pub mandate: Option<String>,
}
