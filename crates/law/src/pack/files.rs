//! The files of a pack as they are written in TOML. Unknown keys are refused.

use serde::Deserialize;
use toml::Spanned;

/// A text in both languages; a missing one is reported with its place, so both may be absent here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextFile {
    #[serde(default)]
    pub(super) nl: String,
    #[serde(default)]
    pub(super) en: String,
}

/// `pack.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) id: Spanned<String>,
    /// The pack whose files and items it takes over where it has none of its own.
    #[serde(rename = "extends")]
    pub(super) _extends: Option<Spanned<String>>,
    /// `law` (where absent) or `proposal`.
    pub(super) standing: Option<String>,
    /// It runs beside the pack that judges, and answers for its own duties alone.
    #[serde(default)]
    pub(super) beside: bool,
    pub(super) edition: String,
    pub(super) title: TextFile,
    pub(super) source: String,
    pub(super) in_force_from: Option<String>,
    pub(super) in_force_until: Option<String>,
    pub(super) zone: Option<String>,
    /// The order in which facts are laid out inside; it changes speed only.
    #[serde(default)]
    pub(super) layout: Vec<String>,
    pub(super) seats: Option<SeatsFile>,
    /// What it says of its duties before its first day.
    pub(super) before: Option<NoteFile>,
    #[serde(default)]
    pub(super) leaves: Vec<LeavesFile>,
    #[serde(default)]
    pub(super) note: Vec<NoteFile>,
    #[serde(default)]
    pub(super) parameter: Vec<ParameterFile>,
    #[serde(default)]
    pub(super) set: Vec<SetFile>,
    #[serde(default)]
    pub(super) deadline: Vec<DeadlineFile>,
}

/// A duty that is left to a pack beside this one, with what is said while none answers it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LeavesFile {
    pub(super) id: Spanned<String>,
    pub(super) duty: String,
    pub(super) cites: Vec<String>,
    pub(super) text: TextFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteFile {
    pub(super) id: Spanned<String>,
    #[serde(default)]
    pub(super) cites: Vec<String>,
    pub(super) mark: String,
    pub(super) source: String,
    #[serde(default)]
    pub(super) text: TextFile,
}

/// A question that helps to answer one fact.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AidFile {
    pub(super) id: Spanned<String>,
    pub(super) fact: String,
    /// The answer that one yes settles.
    pub(super) gives: Option<String>,
    pub(super) whom: Option<TextFile>,
    #[serde(default)]
    pub(super) cites: Vec<String>,
    pub(super) mark: String,
    pub(super) source: String,
    #[serde(default)]
    pub(super) text: TextFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SeatsFile {
    pub(super) home: String,
    pub(super) home_authority: String,
    pub(super) members: Vec<String>,
    pub(super) member_suffix: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParameterFile {
    pub(super) id: Spanned<String>,
    pub(super) value: f64,
    pub(super) unit: String,
    pub(super) mark: String,
    pub(super) set_by: String,
    pub(super) text: TextFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetFile {
    pub(super) id: Spanned<String>,
    pub(super) fact: String,
    pub(super) words: Vec<String>,
    pub(super) mark: String,
    pub(super) source: String,
    pub(super) text: TextFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeadlineFile {
    pub(super) id: Spanned<String>,
    pub(super) duty: String,
    /// The step of telling the CSIRT that it is the term of.
    pub(super) step: Option<String>,
    /// The step whose submission it counts from; awareness where absent.
    pub(super) after: Option<String>,
    /// It counts from the discovery of the incident, not from awareness.
    #[serde(default)]
    pub(super) from_discovery: bool,
    /// Applies only where this surely holds; always where absent.
    pub(super) when: Option<String>,
    pub(super) hours: Option<u32>,
    pub(super) months: Option<u32>,
    #[serde(default)]
    pub(super) limit_1182_71: bool,
    #[serde(default)]
    pub(super) alarms: Vec<u32>,
    #[serde(default)]
    pub(super) without_delay: bool,
    pub(super) cites: Vec<String>,
    pub(super) mark: String,
    pub(super) source: String,
    pub(super) text: TextFile,
}

/// One article or topic.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicFile {
    pub(super) title: TextFile,
    #[serde(default)]
    pub(super) not_modelled: Vec<TextFile>,
    #[serde(default)]
    pub(super) table: Vec<TableFile>,
    #[serde(default)]
    pub(super) rule: Vec<RuleFile>,
    #[serde(default)]
    pub(super) advice: Vec<AdviceFile>,
    #[serde(default)]
    pub(super) aid: Vec<AidFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TableFile {
    pub(super) id: Spanned<String>,
    pub(super) name: TextFile,
    pub(super) values: Vec<String>,
    pub(super) pick: PickFile,
    pub(super) given_by: Option<String>,
    pub(super) answers: Option<String>,
    pub(super) open: Option<OpenFile>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PickFile {
    Single,
    Highest,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenFile {
    pub(super) id: Spanned<String>,
    pub(super) cites: Vec<String>,
    pub(super) text: TextFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleFile {
    pub(super) id: Spanned<String>,
    /// One table, or several that get the same value.
    pub(super) table: OneOrMore,
    pub(super) when: String,
    pub(super) gives: String,
    /// A default (`always`) worth telling as a reason where it gives the value.
    #[serde(default)]
    pub(super) tell: bool,
    #[serde(default)]
    pub(super) overrides: Vec<String>,
    #[serde(default)]
    pub(super) cites: Vec<String>,
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
    pub(super) mark: String,
    pub(super) source: String,
    #[serde(default)]
    pub(super) text: TextFile,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(super) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::More(names) => names,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdviceFile {
    pub(super) id: Spanned<String>,
    pub(super) when: String,
    #[serde(default)]
    pub(super) shown_if_possible: bool,
    pub(super) while_undetermined: Option<String>,
    pub(super) while_unknown: Option<String>,
    #[serde(default)]
    pub(super) cites: Vec<String>,
    /// How far what it tells was checked; a pack may leave it out.
    pub(super) mark: Option<String>,
    #[serde(default)]
    pub(super) text: TextFile,
}
