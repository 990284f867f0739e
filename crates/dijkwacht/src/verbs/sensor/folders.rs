//! One sensor a folder. Two on one state folder would send each other's findings, overwrite what the other remembers and be
//! one sensor to the server; two on one archive would write each other's files anew.
//!
//! Promises: the second is refused before it does anything; a folder is free again when its sensor is gone, however it went.

use std::path::Path;

use facts::Text;

use super::Args;
use crate::hold::{self, Hold};
use crate::outcome::Failure;
use crate::verbs::Speech;

/// What is locked. Hidden in the archive, where other tools look at every file.
const IN_STATE: &str = "sensor.lock";
const IN_ARCHIVE: &str = ".sensor.lock";

/// Holds the folders that this run writes into.
pub(super) fn held(args: &Args) -> Result<Vec<Hold>, Failure> {
    let state = args.server.folder().map(|folder| take(folder, IN_STATE, "--state", args.speech));
    let archive = args.keep.folder(&args.server, !args.read.is_empty());
    let archive = archive.map(|folder| take(&folder, IN_ARCHIVE, "--archive", args.speech));
    [state, archive].into_iter().flatten().collect()
}

fn take(folder: &Path, name: &str, option: &str, speech: Speech) -> Result<Hold, Failure> {
    let said = format!("{} {}", std::process::id(), hold::now());
    let unlockable = |path: &Path, error: &std::io::Error| {
        let path = path.display();
        speech.warn(&Text::made(
            format!("{path} is niet te vergrendelen ({error}): zorg zelf dat geen andere sensor deze map gebruikt"),
            format!("{path} cannot be locked ({error}): make sure that no other sensor uses this folder"),
        ));
    };
    Hold::of_file(folder, name, &said, |holder| in_use(folder, option, holder), unlockable)
}

fn in_use(folder: &Path, option: &str, holder: &str) -> Failure {
    let folder = folder.display();
    let (nl, en) = match holder.split_once(' ') {
        Some((process, since)) => {
            (format!(" (proces {process}, sinds {since})"), format!(" (process {process}, since {since})"))
        }
        None => Default::default(),
    };
    Failure::Told(Text::made(
        format!(
            "de map {folder} is in gebruik bij een andere sensor{nl}; een map is van één sensor: stop die eerst, of geef deze een eigen map met {option}"
        ),
        format!(
            "the folder {folder} is in use by another sensor{en}; a folder has one sensor: stop that one first, or give this one a folder of its own with {option}"
        ),
    ))
}
