//! Exit codes (`contract/cli.md`): 0 done, 1 the answer is "no", 2 wrong usage or unreadable input, 3 an internal fault.

use std::path::Path;
use std::process::ExitCode;

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
    #[error("{0:#}")]
    Fault(#[from] anyhow::Error),
}

impl Failure {
    pub(crate) fn outcome(&self) -> Outcome {
        match self {
            Self::Input(_) => Outcome::WrongUsage,
            Self::Fault(_) => Outcome::Fault,
        }
    }

    /// A file that cannot be read, named with the reason and what to do.
    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::Input(format!("cannot read {}: {error}; check the path and your rights to it", path.display()))
    }

    /// A file that cannot be written.
    pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        Self::Input(format!("cannot write {}: {error}; check the folder and your rights to it", path.display()))
    }
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::Internal(_) | app::Error::Unavailable(_) => Self::Fault(anyhow::Error::new(error)),
            error => Self::Input(error.text().en.into_owned()),
        }
    }
}

impl From<app::StoreError> for Failure {
    fn from(error: app::StoreError) -> Self {
        app::Error::from(error).into()
    }
}
