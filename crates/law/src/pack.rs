//! Law packs: dated rules as data, beside the articles they come from.
//!
//! A pack is a folder of TOML files: `pack.toml` (when it is in force, its parameters and sets, its deadlines) and one file
//! an article or topic (tables, rules, advice, and what is *not* modelled there). Promises: a parsed pack has exactly one
//! answer in every table for every combination of facts at every date of its life, each rule cites its source, each text is
//! there in both languages; anything else is refused with file, line and rule. Deliberately not here: reading files (the
//! caller hands over texts), any knowledge of an article.

mod build;
mod checks;
pub(crate) mod condition;
mod files;
mod items;
mod layers;
mod parts;
mod problem;
mod proof;
mod resolve;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use facts::{Country, Fact, Text};

pub(crate) use build::Place;
pub use condition::Unreadable;
pub use layers::PackFiles;
pub use parts::{Aid, Note, Standing};
pub(crate) use parts::{Before, Left};
pub use problem::{Flaw, InvalidPack, PackProblem};
pub use proof::Proof;

use crate::model::{Model, Space};
use crate::verdict::{CsirtStepKind, Duty, LawStatus, LawUsed};

/// The file that says what the pack is.
const HEAD: &str = "pack.toml";

/// A law in force between two dates, as rules over facts.
#[derive(Debug)]
pub struct Pack {
    pub(crate) id: String,
    /// Where its id stands, for what is wrong with it beside other packs.
    pub(crate) place: Place,
    pub(crate) standing: Standing,
    pub(crate) is_beside: bool,
    pub(crate) edition: String,
    pub(crate) title: Text,
    pub(crate) source: String,
    pub(crate) in_force_from: Option<Date>,
    pub(crate) in_force_until: Option<Date>,
    pub(crate) zone: TimeZone,
    pub(crate) seats: Seats,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) sets: Vec<NamedSet>,
    pub(crate) deadlines: Vec<DeadlineRule>,
    pub(crate) notes: Vec<Note>,
    pub(crate) aids: Vec<Aid>,
    pub(crate) leaves: Vec<Left>,
    pub(crate) before: Option<Before>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) tables: Vec<Table>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) advice: Vec<AdviceRule>,
    pub(crate) space: Space,
    /// One model for each stretch of time in which the same rules are in force, in order of time.
    pub(crate) models: Vec<Model>,
}

/// How far a statement of a pack was checked against its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Against the primary text or the authority's own page.
    Verified,
    /// Against secondary sources.
    Secondary,
    /// From knowledge; not checked.
    Knowledge,
    /// Our own modelling choice, not law.
    Proposal,
}

impl Mark {
    /// The public sign: `V`, `V2`, `K` or `P`.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Verified => "V",
            Self::Secondary => "V2",
            Self::Knowledge => "K",
            Self::Proposal => "P",
        }
    }

    pub(crate) fn from_sign(sign: &str) -> Option<Self> {
        [Self::Verified, Self::Secondary, Self::Knowledge, Self::Proposal].into_iter().find(|mark| mark.sign() == sign)
    }
}

/// A number that the law leaves open and the pack fills in: what counts as few, many or long.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub id: String,
    pub value: f64,
    /// What it counts: `persons`, `hours`.
    pub unit: String,
    pub mark: Mark,
    /// The case or text that sets it.
    pub set_by: String,
    pub text: Text,
}

/// Words of one fact that a pack treats alike.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedSet {
    pub id: String,
    pub fact: Fact,
    pub words: BTreeSet<&'static str>,
    pub mark: Mark,
    pub source: String,
    pub text: Text,
}

/// One file of a pack: an article or topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    pub file: String,
    pub title: Text,
    /// What this topic deliberately leaves out.
    pub not_modelled: Vec<Text>,
}

/// Whose authority is told: by the country of the main establishment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seats {
    pub(crate) home: Country,
    pub(crate) home_authority: String,
    pub(crate) members: BTreeSet<&'static str>,
    /// What follows a member state's code to name its authority.
    pub(crate) member_suffix: String,
}

/// Where the controller has its main establishment, as far as rules care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seat {
    Home,
    Member,
    Elsewhere,
}

impl Seat {
    pub(crate) const KEYS: [&'static str; 3] = ["home", "member", "elsewhere"];

    pub(crate) fn index(self) -> usize {
        match self {
            Self::Home => 0,
            Self::Member => 1,
            Self::Elsewhere => 2,
        }
    }
}

/// How a table comes to its value when several of its rules apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Those that apply agree; the pack is refused where they could not.
    Single,
    /// The value that stands last in the table's list.
    Highest,
}

/// What a table's value is used for outside the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Nothing: a notion on the way.
    Notion,
    Breach,
    Risk,
    Duty(Duty),
}

/// A question with a few possible values, answered by rules.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub id: String,
    pub name: Text,
    /// From low to high.
    pub values: Vec<String>,
    pub pick: Pick,
    /// The assessor's own view that replaces the rules' answer when given.
    pub given_by: Option<Fact>,
    pub answers: Answers,
    /// What a duty's table says while it can still go either way.
    pub open: Option<Open>,
    pub topic: usize,
}

/// What is said of a duty that is still undetermined.
#[derive(Clone, Debug, PartialEq)]
pub struct Open {
    pub id: String,
    pub cites: Vec<String>,
    pub text: Text,
}

/// A rule: under this condition, this value.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub id: String,
    /// The tables it answers, each with the place of its value there.
    pub gives: Vec<(usize, u8)>,
    /// The condition as written.
    pub when: String,
    pub(crate) condition: Condition,
    /// The rules that give way where this one applies.
    pub overrides: Vec<usize>,
    /// Told as a reason although its condition is `always`.
    pub is_told: bool,
    pub cites: Vec<String>,
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub mark: Mark,
    pub source: String,
    pub text: Text,
    pub topic: usize,
}

/// A piece of advice, shown when its condition surely holds (or, where it says so, cannot be excluded).
#[derive(Clone, Debug, PartialEq)]
pub struct AdviceRule {
    pub id: String,
    pub when: String,
    pub(crate) condition: Condition,
    pub shown_if_possible: bool,
    /// Only while this duty is undetermined.
    pub while_undetermined: Option<Duty>,
    /// Only while this fact is unknown.
    pub while_unknown: Option<Fact>,
    pub cites: Vec<String>,
    /// How far what it tells was checked, where the pack says it.
    pub mark: Option<Mark>,
    pub text: Text,
    pub topic: usize,
}

/// A term that starts to run at awareness, or at an earlier step. Of several for the same step that apply, the shortest
/// stands.
#[derive(Clone, Debug, PartialEq)]
pub struct DeadlineRule {
    pub id: String,
    pub duty: Duty,
    /// The step of telling the CSIRT that it is the term of.
    pub step: Option<CsirtStepKind>,
    /// It counts from the submission of this step; absent where it counts from awareness.
    pub after: Option<CsirtStepKind>,
    /// It counts from the discovery of the incident where that is known, not from awareness.
    pub is_from_discovery: bool,
    /// Where it applies, as written; `always` where nothing is said.
    pub when: String,
    pub(crate) condition: Condition,
    pub term: Term,
    pub cites: Vec<String>,
    pub mark: Mark,
    pub source: String,
    pub text: Text,
}

/// How long a term is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Elapsed hours; with the limit by Regulation 1182/71 where that governs. Alarms in hours after awareness.
    Hours { hours: u32, has_limit_1182: bool, alarms: Vec<u32> },
    /// Months of the calendar under the Algemene termijnenwet: to the end of the day, or of the next working day.
    Months { months: u32 },
    /// As soon as possible; the law gives no number, and neither do we.
    WithoutDelay,
}

/// A condition whose names are looked up.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    Always,
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Fact(Fact, Test),
    /// The table's value is one of these (one bit a value).
    Table(usize, u64),
    Seat(Seat),
}

/// What is asked of one fact.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Holds,
    OneOf(BTreeSet<&'static str>),
    HasAny(BTreeSet<&'static str>),
    AtLeast(f64),
}

impl Condition {
    /// The tables whose values are read here directly.
    pub(crate) fn tables(&self) -> BTreeSet<usize> {
        match self {
            Self::Table(table, _) => BTreeSet::from([*table]),
            Self::Not(inner) => inner.tables(),
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::tables).collect(),
            Self::Always | Self::Fact(..) | Self::Seat(_) => BTreeSet::new(),
        }
    }
}

impl Rule {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn is_in_force(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on <= until)
    }
}

impl Pack {
    /// Reads a pack from its files, each a name and a text; one of them is `pack.toml`. Everything wrong is told at once.
    pub fn parse(files: &[(&str, &str)]) -> Result<Self, InvalidPack> {
        Self::parse_beside(&PackFiles::new("", files), &[])
    }

    /// The same for a pack that may extend one of the library's.
    pub fn parse_beside(own: &PackFiles, library: &[PackFiles]) -> Result<Self, InvalidPack> {
        build::build(own, library)
    }

    /// Everything that is wrong with a pack's files; empty for a sound pack.
    #[must_use]
    pub fn check(files: &[(&str, &str)]) -> Vec<PackProblem> {
        Self::parse(files).err().map(|invalid| invalid.problems).unwrap_or_default()
    }

    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Raised whenever a rule or text changes.
    #[must_use]
    pub fn edition(&self) -> &str {
        &self.edition
    }

    #[must_use]
    pub fn title(&self) -> &Text {
        &self.title
    }

    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it is law.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether it runs beside the pack that judges, and answers for its own duties alone.
    #[must_use]
    pub fn is_beside(&self) -> bool {
        self.is_beside
    }

    /// What to know about it as a whole: flaws of its source, what became of a proposal.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Questions that help to answer a fact.
    #[must_use]
    pub fn aids(&self) -> &[Aid] {
        &self.aids
    }

    /// The questions that help to answer this fact.
    pub fn aids_for(&self, fact: Fact) -> impl Iterator<Item = &Aid> {
        self.aids.iter().filter(move |aid| aid.fact == fact)
    }

    /// The duties that it answers for.
    pub fn duties(&self) -> impl Iterator<Item = Duty> {
        Duty::ALL.into_iter().filter(|duty| self.table_that_answers(Answers::Duty(*duty)).is_some())
    }

    /// What it is at a moment: law, law no more, or a proposal. Where no moment is known, what has an end has ended.
    #[must_use]
    pub fn status(&self, now: Option<Timestamp>) -> LawStatus {
        let is_past = |until: Date| now.is_none_or(|now| until < now.to_zoned(self.zone.clone()).date());
        match self.standing {
            Standing::Proposal => LawStatus::Proposal,
            Standing::Law if self.in_force_until.is_some_and(is_past) => LawStatus::Historical,
            Standing::Law => LawStatus::InForce,
        }
    }

    /// The first day in force; absent for a proposal.
    #[must_use]
    pub fn in_force_from(&self) -> Option<Date> {
        self.in_force_from
    }

    /// The last day in force; absent while it goes on.
    #[must_use]
    pub fn in_force_until(&self) -> Option<Date> {
        self.in_force_until
    }

    /// The zone in which its dates and terms are read.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    #[must_use]
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    #[must_use]
    pub fn sets(&self) -> &[NamedSet] {
        &self.sets
    }

    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    #[must_use]
    pub fn advice(&self) -> &[AdviceRule] {
        &self.advice
    }

    #[must_use]
    pub fn deadline_rules(&self) -> &[DeadlineRule] {
        &self.deadlines
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn is_in_force(&self, on: Date) -> bool {
        self.in_force_from.is_some_and(|from| from <= on) && self.in_force_until.is_none_or(|until| on <= until)
    }

    pub(crate) fn used(&self, now: Option<Timestamp>) -> LawUsed {
        LawUsed {
            id: self.id.clone(),
            version: self.edition.clone(),
            in_force_from: self.in_force_from,
            in_force_until: self.in_force_until,
            status: self.status(now),
        }
    }

    pub(crate) fn table_that_answers(&self, wanted: Answers) -> Option<usize> {
        self.tables.iter().position(|table| table.answers == wanted)
    }

    /// The rules in force on a day; before its first day the first ones, after its last day the last ones.
    pub(crate) fn model_on(&self, on: Date) -> Option<&Model> {
        self.models.iter().rev().find(|model| model.from.is_none_or(|from| from <= on)).or_else(|| self.models.first())
    }
}
