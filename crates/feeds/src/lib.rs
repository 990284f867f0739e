//! Threat lists fetched on a schedule, checked, and swapped in whole.
//!
//! Promises: a list takes the old one's place only when it was fetched to its end, reads as a list and has not shrunk to
//! nothing; otherwise the last good one stays and the folder says why. What a publisher says has not changed is not fetched
//! again. Bytes and time have bounds. A process that uses the lists sees a new one without a restart ([`Lists`]).
//! Deliberately not here: the forms of lists and the look-ups (crate `intel`), the clock.

mod fetch;
mod folder;
mod lists;
mod update;

pub use fetch::{Fetch, FetchError};
pub use folder::{Folder, FolderError, Kept, Name, Source, State, Subscription};
pub use lists::{FileError, ListFault, Lists, read_file};
pub use update::{Outcome, Refusal, Unusable, is_due, update};
