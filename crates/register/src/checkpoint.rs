//! Checkpoints: the signed head of an organisation's tree (C2SP `tlog-checkpoint`), in the form that transparency logs
//! and their witnesses use.
//!
//! Two lines sign it: the plain Ed25519 signature, and one that includes the moment (`cosignature/v1`), which is that
//! family's way to say *when* without a line in the text that nobody could audit.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::Timestamp;
use uuid::Uuid;

use crate::note::{NoteError, SigningKey, VerifierKey};
use crate::tree::{Frontier, Hash};

/// The name of an organisation's register: the first line of its checkpoints, and the name of the key that signs them.
#[must_use]
pub fn origin(organisation: Uuid) -> String {
    format!("dijkwacht/register/{}", organisation.hyphenated())
}

/// The head of a register's tree at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    pub organisation: Uuid,
    /// How many entries it covers.
    pub size: u64,
    pub root: Hash,
}

/// Why a text is no checkpoint of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCheckpoint {
    #[error("checkpoint cannot be trusted: {0}")]
    Note(#[from] NoteError),
    #[error("checkpoint is not the three lines: register, number of entries, root in base64")]
    Form,
}

impl Checkpoint {
    /// The head of the tree as it now stands.
    #[must_use]
    pub fn of(organisation: Uuid, tree: &Frontier) -> Self {
        Self { organisation, size: tree.size(), root: tree.root() }
    }

    /// The three lines that are signed: origin, size, root in base64.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", origin(self.organisation), self.size, BASE64_STANDARD.encode(self.root))
    }

    /// Reads [`Checkpoint::text`] back.
    ///
    /// # Errors
    /// When a single byte is other than it would be written.
    pub fn parse(text: &str) -> Result<Self, InvalidCheckpoint> {
        let read = || {
            let mut lines = text.lines();
            let organisation = lines.next()?.strip_prefix("dijkwacht/register/")?.parse().ok()?;
            let size = lines.next()?.parse().ok()?;
            let root = BASE64_STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
            Some(Self { organisation, size, root })
        };
        read().filter(|checkpoint| checkpoint.text() == text).ok_or(InvalidCheckpoint::Form)
    }

    /// Signs it as of `at`, giving the whole note: to be kept, exported, and given to others.
    #[must_use]
    pub fn sign(&self, key: &SigningKey, at: Timestamp) -> String {
        let text = self.text();
        format!("{text}\n{}{}", key.signature_line(&text), key.timed_signature_line(&text, at))
    }

    /// Reads a signed checkpoint.
    ///
    /// # Errors
    /// When `key` did not sign it, or it is no checkpoint of a register.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, InvalidCheckpoint> {
        Self::parse(key.open(note)?)
    }
}
