//! Exit codes (`contract/cli.md`): 0 done, 1 the answer is "no", 2 wrong usage or unreadable input, 3 an internal fault.

use std::path::Path;
use std::process::ExitCode;

use app::{TemporaryFile, Trouble};
use facts::{Language, Text};

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Done,
    /// The answer is "no": a verification failed, say.
    No,
    WrongUsage,
    Fault,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::No => 1,
            Outcome::WrongUsage => 2,
            Outcome::Fault => 3,
        })
    }
}

/// Why a verb stopped, in words for whoever typed it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Wrong usage or input that cannot be read: what, why, and what to do.
    #[error("{0}")]
    Input(String),
    /// The same in both languages, for whoever chose one.
    #[error("{}", .0.en)]
    Told(Text),
    /// The answer is "no": something does not verify, say.
    #[error("{0}")]
    No(String),
    /// A store found no room on its disk: what was done, and what the disk said.
    #[error("{what}: {cause}; {}", Trouble::Full.remedy().en)]
    NoRoom { what: String, cause: String },
    #[error("{}", chain(.0.as_ref()))]
    Fault(#[from] anyhow::Error),
}

impl Failure {
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Input(_) | Self::Told(_) | Self::NoRoom { .. } => Outcome::WrongUsage,
            Self::No(_) => Outcome::No,
            Self::Fault(_) => Outcome::Fault,
        }
    }

    /// In the language of whoever asked, where there is a text in it.
    pub(crate) fn in_language(&self, language: Language) -> String {
        match self {
            Self::Told(text) => text.in_language(language).to_owned(),
            other => other.to_string(),
        }
    }

    /// Wrong usage or input, said of something: a file, an option.
    pub(crate) fn about(what: &str, why: &Text) -> Self {
        Self::Told(Text::made(format!("{what}: {}", why.nl), format!("{what}: {}", why.en)))
    }

    /// A file that cannot be read, named with the reason and what to do.
    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        let path = path.display();
        Self::Told(if error.kind() == std::io::ErrorKind::InvalidData {
            Text::made(
                format!("{path} is geen tekst in UTF-8; bewaar het bestand als UTF-8, of geef het juiste bestand"),
                format!("{path} is no text in UTF-8; save the file as UTF-8, or give the right file"),
            )
        } else {
            Text::made(
                format!("{path} is niet te lezen: {error}; kijk of het pad klopt en of u erbij mag"),
                format!("cannot read {path}: {error}; check the path and your rights to it"),
            )
        })
    }

    /// A file that cannot be written.
    pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        let path = path.display();
        let remedy = match Trouble::of_file(error.kind()) {
            Trouble::ReadOnly => Text::new(
                "geef de gebruiker waaronder dit programma draait schrijfrecht op de map en alles daarin, en kijk of de schijf niet op alleen-lezen staat (`mount`)",
                "give the user it runs as rights to the folder and all that is in it, and check that the disk is not mounted read-only (`mount`)",
            ),
            trouble => trouble.remedy(),
        };
        Self::Told(Text::made(
            format!("{path} is niet te schrijven: {error}; {}", remedy.nl),
            format!("cannot write {path}: {error}; {}", remedy.en),
        ))
    }

    /// A file that cannot be made beside its place. The error names a file of our own, which nobody asked for: it is told by
    /// its kind, with the folder that was meant.
    pub(crate) fn uncreatable(path: &Path, folder: &Path, error: &std::io::Error) -> Self {
        if error.kind() != std::io::ErrorKind::NotFound || folder.is_dir() {
            return Self::unwritable(path, &error.kind().into());
        }
        let (path, folder) = (path.display(), folder.display());
        Self::Told(Text::made(
            format!("{path} is niet te schrijven: de map {folder} is er niet; maak die eerst, of geef een andere naam"),
            format!("cannot write {path}: there is no folder {folder}; make it first, or give another name"),
        ))
    }

    /// A store that does not do its work: what of it, why, and what to do about it.
    pub(crate) fn unusable(what: &str, trouble: Trouble, cause: &(dyn std::error::Error + 'static)) -> Self {
        match trouble {
            Trouble::Full => Self::NoRoom { what: what.to_owned(), cause: chain(cause) },
            _ => Self::Input(format!("{what}: {}; {}", chain(cause), trouble.remedy().en)),
        }
    }

    /// What could not be written in the folder for temporary files.
    pub(crate) fn of_temporary_file(error: &TemporaryFile) -> Self {
        let remedy = error.remedy();
        let nl = format!("{}; {}", chain(error), remedy.nl);
        Self::Told(Text::made(nl, format!("{}; {}", chain(error), remedy.en)))
    }
}

/// An error with everything that is behind it, the outermost first, each thing once: for people and for the log.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        // Some errors say their cause themselves.
        if !said.last().is_some_and(|before| before.contains(&text)) {
            said.push(text);
        }
        next = error.source();
    }
    said.join(": ")
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Self {
        if let Some(temporary) = error.in_temporary_folder() {
            return Self::of_temporary_file(temporary);
        }
        if let Some(file) = error.damaged_file() {
            let (what, remedy) = (file.text(), app::DamagedFile::remedy());
            return Self::Told(Text::made(
                format!("{} Wat te doen: {}", what.nl, remedy.nl),
                format!("{} What to do: {}", what.en, remedy.en),
            ));
        }
        match error {
            app::Error::Unavailable(trouble, cause) => {
                Self::unusable("the store cannot do its work", trouble, cause.as_ref())
            }
            app::Error::Internal(_) => Self::Fault(anyhow::Error::new(error)),
            error => Self::Told(error.text()),
        }
    }
}

impl From<app::StoreError> for Failure {
    fn from(error: app::StoreError) -> Self {
        app::Error::from(error).into()
    }
}
