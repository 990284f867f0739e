//! The threat lists of a folder, in use, and taken up anew when one is swapped.

use std::path::Path;
use std::sync::Arc;

use contract::sensor::ListState;
use detect::ThreatList;
use feeds::{Folder, Lists};
use sensor::Reload;

use crate::outcome::Failure;
use crate::verbs::Speech;

/// The lists of a folder, beside those that were named.
pub(super) struct Kept {
    folder: Lists,
    named: Vec<ThreatList>,
    speech: Speech,
}

impl Kept {
    pub(super) fn load(folder: &Path, named: Vec<ThreatList>, speech: Speech) -> Result<Self, Failure> {
        let folder = Lists::load(Folder::at(folder))?;
        folder.faults().iter().for_each(|fault| speech.complain(&fault.text()));
        Ok(Self { folder, named, speech })
    }

    pub(super) fn all(&self) -> Arc<[ThreatList]> {
        if self.named.is_empty() {
            return Arc::clone(self.folder.lists());
        }
        self.named.iter().chain(self.folder.lists().iter()).cloned().collect()
    }

    /// Looks whether a list was swapped, and takes it up.
    pub(super) fn into_reload(mut self) -> Reload {
        // Said once, until the folder can be read again.
        let mut said = None;
        Box::new(move |watch| match self.folder.reload_if_changed() {
            Ok(false) => {
                said = None;
                None
            }
            Ok(true) => {
                said = None;
                self.folder.faults().iter().for_each(|fault| self.speech.complain(&fault.text()));
                let all = self.all();
                watch.replace_lists(&all);
                Some(states(&all))
            }
            Err(error) => {
                let why = error.text();
                if said.replace(why.en.clone()).as_ref() != Some(&why.en) {
                    self.speech.complain(&why);
                }
                None
            }
        })
    }
}

/// As the server hears of them.
pub(super) fn states(lists: &[ThreatList]) -> Vec<ListState> {
    let state = |list: &ThreatList| ListState {
        name: list.name().to_owned(),
        entries: list.len() as u64,
        fetched_at: list.about().fetched_at,
    };
    lists.iter().map(state).collect()
}
