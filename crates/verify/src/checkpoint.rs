//! Checkpoints (C2SP `tlog-checkpoint`): register, size, root.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::Hash;
use crate::leaf::{is_uuid, number};
use crate::note::{Key, Note, Signed};
use crate::text::{self, Text};

const REGISTER: &str = "dijkwacht/register/";

/// The name of an organisation's register.
pub(crate) fn origin(organisation: &str) -> String {
    format!("{REGISTER}{organisation}")
}

/// The head of a register's tree at one size, as somebody signed it.
#[derive(Debug)]
pub(crate) struct Checkpoint<'a> {
    note: Note<'a>,
    pub(crate) organisation: String,
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

impl<'a> Checkpoint<'a> {
    /// Reads a signed checkpoint; its signatures are not looked at yet.
    pub(crate) fn parse(note: &'a str) -> Result<Self, Text> {
        let note = Note::parse(note).ok_or(text::NOT_A_NOTE)?;
        let read = || {
            let mut lines = note.text.strip_suffix('\n')?.split('\n');
            let organisation = lines.next()?.strip_prefix(REGISTER).filter(|id| is_uuid(id))?.to_owned();
            let size = number(lines.next()?)?;
            let root: Hash = BASE64_STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
            lines.next().is_none().then_some((organisation, size, root))
        };
        let (organisation, size, root) = read().ok_or(text::CHECKPOINT_FORM)?;
        Ok(Self { note, organisation, size, root })
    }

    /// Reads those that were kept; of one that cannot be read which it is, from 1, and why.
    pub(crate) fn all(notes: &'a [String]) -> Result<Vec<Self>, (usize, Text)> {
        let why = |why: Text| if why == text::NOT_A_NOTE { text::NOT_KEPT } else { why };
        (1..).zip(notes).map(|(place, note)| Self::parse(note).map_err(|error| (place, why(error)))).collect()
    }

    /// Whether a line is the first of one.
    pub(crate) fn is_origin(line: &str) -> bool {
        line.strip_prefix(REGISTER).is_some_and(is_uuid)
    }

    /// Whether `key` signed it.
    pub(crate) fn check(&self, key: &Key) -> Signed {
        self.note.check(key)
    }

    /// Whether `key` countersigned it.
    pub(crate) fn check_countersignature(&self, key: &Key) -> Signed {
        self.note.check_countersignature(key)
    }

    /// Who signed it beside its own register, as `name+id`.
    pub(crate) fn others(&self) -> Vec<String> {
        self.note.others(&origin(&self.organisation))
    }
}
