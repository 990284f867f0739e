//! The verbs, one file each.

pub(crate) mod assess;
pub(crate) mod backup;
pub(crate) mod backup_key;
pub(crate) mod captures;
pub(crate) mod checkpoint;
pub(crate) mod clock;
pub(crate) mod demo;
pub(crate) mod dossier;
pub(crate) mod evidence;
pub(crate) mod export;
pub(crate) mod flows;
pub(crate) mod forget;
pub(crate) mod hunt;
pub(crate) mod import;
pub(crate) mod intel;
pub(crate) mod interview;
pub(crate) mod law;
pub(crate) mod mail;
pub(crate) mod migrate;
pub(crate) mod organisation;
pub(crate) mod prove;
pub(crate) mod rebuild;
pub(crate) mod restore;
pub(crate) mod restore_drill;
pub(crate) mod scan;
pub(crate) mod sensor;
pub(crate) mod serve;
pub(crate) mod user;
pub(crate) mod verify;

use facts::Text;

use crate::edge;

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// In which language results for people are said; JSON holds both.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct Speech {
    /// The language of the answer.
    #[arg(long, value_name = "nl|en", env = "DIJKWACHT_LANGUAGE", default_value = "nl", value_parser = language, global = true)]
    language: facts::Language,
}

impl Speech {
    pub(crate) fn language(self) -> facts::Language {
        self.language
    }

    /// Says it to whoever is watching.
    pub(crate) fn say(self, text: &Text) {
        edge::say(text.in_language(self.language));
    }

    /// Says what to look at; the work goes on.
    pub(crate) fn warn(self, text: &Text) {
        self.say(&Text::made(format!("let op: {}", text.nl), format!("warning: {}", text.en)));
    }

    /// Says what went wrong.
    pub(crate) fn complain(self, text: &Text) {
        edge::complain(text.in_language(self.language));
    }
}

pub(crate) fn language(word: &str) -> Result<facts::Language, String> {
    facts::Language::from_tag(word).ok_or_else(|| "choose nl or en".to_owned())
}
