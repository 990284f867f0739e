//! What can be wrong with a pack: file, line and rule are named, and everything at once.

mod dutch;

use facts::{Language, Text};

use super::condition::Unreadable;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackProblem {
    pub file: String,
    /// Counted from 1; absent where the trouble is in the whole.
    pub line: Option<usize>,
    /// The rule, table, set or parameter that it is about.
    pub about: Option<String>,
    pub flaw: Flaw,
}

impl std::fmt::Display for PackProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(about) = &self.about {
            write!(f, " (`{about}`)")?;
        }
        write!(f, ": {}", self.flaw)
    }
}

impl PackProblem {
    /// The same for people, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let line = self.line.map_or_else(String::new, |line| format!(":{line}"));
        let about = self.about.as_ref().map_or_else(String::new, |about| format!(" (`{about}`)"));
        Text::made(format!("{}{line}{about}: {}", self.file, dutch::of(&self.flaw)), self.to_string())
    }
}

impl InvalidPack {
    /// The same for people, in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let lines = self.problems.iter().map(|problem| problem.text().nl.into_owned()).collect::<Vec<_>>();
        Text::made(format!("het wetspakket wordt geweigerd:\n{}", lines.join("\n")), self.to_string())
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("there is no file `pack.toml`; it says what the pack is and when it is in force")]
    NoHead,
    #[error("the file cannot be read as TOML of a law pack: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Condition(#[from] Unreadable),
    #[error("there is no fact, table or place named `{0}`{hint}", hint = did_you_mean(.1))]
    UnknownName(String, Option<String>),
    #[error("`{name}` never has the value `{value}`; it takes one of: {allowed}")]
    UnknownValue { name: String, value: String, allowed: String },
    #[error("there is no parameter or set named `{0}` in pack.toml")]
    UnknownReference(String),
    #[error("`{name}` cannot be tested this way; {hint}")]
    WrongTest { name: String, hint: &'static str },
    #[error("the view `{0}` is read through a table that says `given_by`, never directly")]
    ViewReadDirectly(&'static str),
    #[error("there is no table `{0}`")]
    UnknownTable(String),
    #[error("there is no rule `{0}` to override in the same table")]
    UnknownRule(String),
    #[error("it overrides itself; name the rule that it goes before, or leave it out")]
    OverridesItself,
    #[error("the id is used twice")]
    DuplicateId,
    #[error("the id does not start with `{prefix}-`, the pack's own prefix{}", and_more(*more))]
    WrongPrefix {
        prefix: String,
        /// Other ids of which the same is so.
        more: usize,
    },
    #[error("it cites no source")]
    Uncited,
    #[error("its text is missing in {}", .0.tag())]
    MissingText(Language),
    #[error("`{0}` is no date of the form 2018-05-25")]
    BadDate(String),
    #[error("it ends ({until}) before it begins ({from})")]
    EndsBeforeItBegins { from: String, until: String },
    #[error("`{0}` is no mark; a source is marked V, V2, K or P")]
    BadMark(String),
    #[error("there is no country `{0}` in ISO 3166-1")]
    UnknownCountry(String),
    #[error("there is no time zone `{0}`")]
    UnknownZone(String),
    #[error("the tables hang on each other in a circle: {0}")]
    TableCircle(String),
    #[error("the overrides run in a circle: {0}")]
    OverrideCircle(String),
    #[error("it has the values {found}, but what it answers takes: {expected}")]
    WrongValues { found: String, expected: String },
    #[error("a duty's table needs `open`: what is said while it is undetermined")]
    NoOpenText,
    #[error("no table answers `{0}`")]
    NothingAnswers(&'static str),
    #[error("from {from} no rule answers for: {example}")]
    Gap { from: String, example: String },
    #[error("from {from} rules ({rules}) give different values, and none overrides the other, for: {example}")]
    RulesConflict { from: String, rules: String, example: String },
    #[error("no combination of facts ever makes it apply")]
    NeverApplies,
    #[error("nothing reads this table, and it answers for nothing")]
    UnreadTable,
    #[error("no rule ever gives its value `{0}`")]
    UnreachableValue(String),
    #[error("there is no pack `{id}` to extend; there are: {known}")]
    UnknownBase { id: String, known: String },
    #[error("the packs extend each other in a circle: {0}")]
    BaseCircle(String),
    #[error("`{0}` is no standing; a pack is `law` or `proposal`")]
    BadStanding(String),
    #[error("a proposal is in force at no date; leave in_force_from and in_force_until out")]
    ProposalInForce,
    #[error("it needs in_force_from, the first day on which it is law (or `standing = \"proposal\"`)")]
    NoFirstDay,
    #[error("it needs `{0}`; a pack has it itself or takes it over from the one it extends")]
    Lacks(&'static str),
    #[error("a pack that runs beside another needs [before]: what is said of its duties before its first day")]
    NoBefore,
    #[error("no table answers `{0}`, and it is not left to another pack either ([[leaves]])")]
    DutyUnanswered(&'static str),
    #[error("`{0}` is left to another pack, but a table of this one answers it")]
    LeftAndAnswered(&'static str),
    #[error("there is another pack of this id, at {0}")]
    SamePack(String),
    #[error(
        "`{id}` and `{other}` ({place}) would both judge from {from} until {until}; end one before the other begins, or make one a proposal"
    )]
    Overlap { id: String, other: String, place: String, from: String, until: String },
    #[error("`{duty}` is answered by `{other}` ({place}) too, on the same days; one pack answers for a duty")]
    AnsweredTwice { duty: &'static str, other: String, place: String },
    #[error("a term is one of `hours`, `months` or `without_delay = true`")]
    BadTerm,
    #[error("the pack is too large to be judged exactly: more than {budget} nodes")]
    TooLarge { budget: usize },
}

fn and_more(more: usize) -> String {
    if more == 0 { String::new() } else { format!(" (nor do {more} others)") }
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

/// A pack that is refused, with everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the law pack is refused:\n{}", .problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct InvalidPack {
    pub problems: Vec<PackProblem>,
}
