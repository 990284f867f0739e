//! Who serves a folder. With SQLite that is one process: two would each count attempts to sign in by themselves and each do
//! what the clock asks, and whoever started the second one by mistake would not know that it is the second.
//!
//! Promises: of two that begin at the same moment one holds it; a hold ends with its process, however that ends. Verbs that
//! work beside a server do not ask for it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::Path;

use app::Trouble;

use crate::edge;
use crate::outcome::Failure;

/// The file that is locked. It stays when its holder is gone, and means nothing then.
pub(crate) const FILE: &str = "serving.lock";
/// The most that is read of what a holder wrote there, in bytes.
const LONGEST: u64 = 200;

/// The right to serve a folder, or to keep others from serving it, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Hold {
    _files: Vec<File>,
}

impl Hold {
    /// Takes it for this process. `doing` says what for, to whoever comes second: `serves it on 127.0.0.1:8480`.
    pub(crate) fn take(folder: &Path, doing: &str) -> Result<Self, Failure> {
        let said = format!("process {} {doing} since {}", std::process::id(), now());
        // Some network file systems have no such locks. SQLite would not be safe there either, and says so itself.
        let unlockable = |path: &Path, error: &std::io::Error| {
            edge::say(&format!(
                "warning: {} cannot be locked ({error}): make sure that nothing else serves this folder",
                path.display()
            ));
        };
        Self::of_file(folder, FILE, &said, |holder| held(folder, holder), unlockable)
    }

    /// Locks a file of a folder, and writes there who did. `held` says to whoever comes second what stands there (empty:
    /// nobody can tell); `unlockable` hears of a file system without locks.
    pub(crate) fn of_file(
        folder: &Path,
        name: &str,
        said: &str,
        held: impl FnOnce(&str) -> Failure,
        unlockable: impl FnOnce(&Path, &std::io::Error),
    ) -> Result<Self, Failure> {
        edge::make_folder(folder).map_err(|error| Failure::unwritable(folder, &error))?;
        let path = folder.join(name);
        let (mut file, is_ours) = open(&path).map_err(|error| Failure::unwritable(&path, &error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(&holder(&file))),
            Err(TryLockError::Error(error)) => unlockable(&path, &error),
        }
        if !is_ours {
            // Whoever has the old one open still finds it locked.
            let new = anew(&path, said);
            return Ok(Self { _files: std::iter::once(file).chain(new).collect() });
        }
        match write(&mut file, said) {
            // On a full disk it is held all the same: what stands there is for whoever comes second.
            Err(error) if Trouble::of_file(error.kind()) != Trouble::Full => Err(Failure::unwritable(&path, &error)),
            _ => Ok(Self { _files: vec![file] }),
        }
    }
}

fn write(file: &mut File, said: &str) -> std::io::Result<()> {
    file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(said.as_bytes()))
}

/// A file of our own in place of another user's, locked. Absent: that is not to be had in this folder.
fn anew(path: &Path, said: &str) -> Option<File> {
    std::fs::remove_file(path).ok()?;
    let (mut file, is_ours) = open(path).ok()?;
    file.try_lock().ok()?;
    write(&mut file, said).ok().filter(|()| is_ours)?;
    Some(file)
}

/// The file, and whether it may be written. One that another user left there, who held the folder once (root, say), can be
/// locked all the same.
fn open(path: &Path) -> std::io::Result<(File, bool)> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o644);
    match options.open(path) {
        Ok(file) => Ok((file, true)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => match File::open(path) {
            Ok(file) => Ok((file, false)),
            Err(_) => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// As a holder writes it.
pub(crate) fn now() -> String {
    edge::now().strftime("%F %T UTC").to_string()
}

/// What the holder wrote; some systems let nobody else read it, and it may be about to be written.
fn holder(file: &File) -> String {
    let mut said = String::new();
    let read = file.take(LONGEST).read_to_string(&mut said);
    if read.is_ok() { said } else { String::new() }
}

fn held(folder: &Path, holder: &str) -> Failure {
    let holder = if holder.is_empty() { "another process holds it" } else { holder };
    Failure::Input(format!(
        "the data folder {} is in use: {holder}. A folder has one server: stop that one first, or give another folder with \
         --data. For several servers on the same data there is PostgreSQL (docs/servers.md)",
        folder.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_a_folder_until_it_lets_go_and_the_other_is_told_who() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("new");
        let first = Hold::take(&data, "serves it on 127.0.0.1:8480").unwrap();
        for _ in 0..2 {
            let refused = Hold::take(&data, "moves it away").unwrap_err().to_string();
            let holder = format!("process {} serves it on 127.0.0.1:8480 since 20", std::process::id());
            assert!(refused.contains(&holder) && refused.contains("stop that one first"), "{refused}");
        }
        drop(first);
        drop(Hold::take(&data, "serves").unwrap());
        let told = std::fs::read_to_string(data.join(FILE)).unwrap();
        assert!(told.contains(" serves since ") && told.ends_with("UTC"), "of the last one alone: {told}");
    }
}
