//! What is there only while we work: a file beside its place until it is whole, a folder in which a backup is tried out.
//!
//! Promises: it is its owner's alone; it goes when the work ends, well or not, or is stopped. Only a program that is killed leaves
//! it, and what that one left is swept by the next: each is locked by its maker for as long as that lives, so that nothing is
//! taken from under a process that works, on whatever machine. Swept is only what bears our name, belongs to this user and
//! can be locked; a file system without locks keeps all of it.

use std::fs::{File, Metadata, TryLockError};
use std::io::{Error, ErrorKind, Result};
use std::path::Path;

use tempfile::{Builder, NamedTempFile, TempDir};

/// What an unfinished file is called, before and after what chance made of it.
const FILE: (&str, &str) = (".dijkwacht-", ".unfinished");
/// How many letters chance makes of a name.
const CHANCE: usize = 6;
/// How often one is made anew that somebody swept in the moment before it was locked.
const TRIES: usize = 100;

/// A file in this folder, until it takes its place.
pub(crate) fn file_in(folder: &Path) -> Result<NamedTempFile> {
    made(|| {
        let file = Builder::new().prefix(FILE.0).suffix(FILE.1).rand_bytes(CHANCE).tempfile_in(folder)?;
        let is_held = is_held(file.as_file(), file.path());
        Ok(is_held.then_some(file))
    })
}

/// Whether a name in a data folder is one of an unfinished file.
pub(crate) fn is_file(name: &str) -> bool {
    is_made_of(name, FILE)
}

/// A folder of our own, for this user alone, that is gone when this is.
pub(crate) struct Scratch {
    folder: TempDir,
    /// Holds its lock; absent where folders have none.
    _lock: Option<File>,
}

impl Scratch {
    /// Made in the folder for temporary files; those that killed programs left there under this prefix are swept.
    pub(crate) fn make(prefix: &str) -> Result<Self> {
        let made = made(|| {
            let mut builder = Builder::new();
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
            let folder = builder.prefix(prefix).rand_bytes(CHANCE).tempdir()?;
            let lock = if cfg!(unix) { Some(File::open(folder.path())?) } else { None };
            let is_ours = lock.as_ref().is_none_or(|lock| is_held(lock, folder.path()));
            Ok(is_ours.then_some(Self { folder, _lock: lock }))
        })?;
        if let (Some(beside), Ok(own)) = (made.path().parent(), made.path().symlink_metadata()) {
            sweep(beside, (prefix, ""), &own);
        }
        Ok(made)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A thread that is being stopped may still put a file where the folder was just emptied.
impl Drop for Scratch {
    fn drop(&mut self) {
        for _ in 0..TRIES {
            match std::fs::remove_dir_all(self.path()) {
                Err(error) if error.kind() != ErrorKind::NotFound => std::thread::yield_now(),
                _ => return,
            }
        }
    }
}

/// Sweeps the unfinished files that killed programs of the same user left beside this one.
pub(crate) fn sweep_beside(file: &NamedTempFile) {
    if let (Some(folder), Ok(own)) = (file.path().parent(), file.as_file().metadata()) {
        sweep(folder, FILE, &own);
    }
}

/// Makes one until one is held.
fn made<T>(mut make: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    for _ in 0..TRIES {
        if let Some(made) = make()? {
            return Ok(made);
        }
    }
    Err(Error::from(ErrorKind::ResourceBusy))
}

/// Whether it is ours now: locked, where the file system has locks, and still what stands at this path. Whoever sweeps may have
/// locked it first.
fn is_held(file: &File, path: &Path) -> bool {
    // Elsewhere than on Unix a lock would keep ourselves from reading it by its name.
    if cfg!(not(unix)) {
        return true;
    }
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => false,
        Ok(()) | Err(TryLockError::Error(_)) => is_at(file, path),
    }
}

/// Removes what bears such a name, belongs to the owner of `own`, and is locked by nobody. What cannot be looked at or
/// removed stays: it keeps nobody from working.
fn sweep(folder: &Path, name: (&str, &str), own: &Metadata) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        if entry.file_name().to_str().is_some_and(|entry| is_made_of(entry, name)) {
            let _ = sweep_one(&entry.path(), own);
        }
    }
}

fn sweep_one(path: &Path, own: &Metadata) -> Result<()> {
    let there = path.symlink_metadata()?;
    if !is_alike(&there, own) {
        return Ok(());
    }
    let left = File::open(path)?;
    if left.try_lock().is_err() || !is_at(&left, path) {
        return Ok(());
    }
    tracing::info!(path = %path.display(), "removing what a program that was killed left");
    if there.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }
}

fn is_made_of(name: &str, (before, after): (&str, &str)) -> bool {
    let chance = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    chance.is_some_and(|chance| chance.len() == CHANCE && chance.bytes().all(|letter| letter.is_ascii_alphanumeric()))
}

/// Whether both are of one owner and one kind.
#[cfg(unix)]
fn is_alike(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    one.uid() == other.uid() && one.file_type() == other.file_type()
}

/// Nothing is swept where nothing is locked.
#[cfg(not(unix))]
fn is_alike(_: &Metadata, _: &Metadata) -> bool {
    false
}

/// Whether this is what stands at the path.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |one: Metadata, other: Metadata| (one.dev(), one.ino()) == (other.dev(), other.ino());
    file.metadata().and_then(|file| Ok(same(file, path.symlink_metadata()?))).unwrap_or(false)
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_locked_bears_another_name_or_is_a_link_stays_and_the_rest_goes() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let others =
            [".dijkwacht-abc.unfinished", ".dijkwacht-abcde/", "dijkwacht-abcdef.unfinished", ".tmpabcdef", "a.backup"];
        let others = others.map(|name| name.trim_end_matches('/'));
        for name in others {
            std::fs::write(at(name), "x").unwrap();
        }
        std::os::unix::fs::symlink(at("a.backup"), at(".dijkwacht-linked.unfinished")).unwrap();
        std::fs::create_dir(at(".dijkwacht-folder.unfinished")).unwrap();
        std::fs::write(at(".dijkwacht-killed.unfinished"), "x").unwrap();
        let (alive, own) = (file_in(folder.path()).unwrap(), file_in(folder.path()).unwrap());
        sweep_beside(&own);
        assert!(!at(".dijkwacht-killed.unfinished").exists());
        assert!(alive.path().exists() && own.path().exists(), "their makers live");
        assert!(others.iter().all(|name| at(name).exists()));
        assert!(at(".dijkwacht-linked.unfinished").is_symlink() && at(".dijkwacht-folder.unfinished").is_dir());
        // A clone of its handle holds it as well: another thread writes there.
        let (clone, path) = (alive.as_file().try_clone().unwrap(), alive.path().to_owned());
        let (_, kept) = alive.keep().unwrap();
        sweep_beside(&own);
        assert!(kept.exists());
        drop(clone);
        sweep_beside(&own);
        assert!(!path.exists());
    }

    #[test]
    fn a_folder_is_its_owners_alone_and_goes_with_all_that_is_in_it() {
        let scratch = Scratch::make("dijkwacht-test-").unwrap();
        let path = scratch.path().to_owned();
        let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o700);
        std::fs::create_dir(path.join("data")).unwrap();
        std::fs::write(path.join("data/a"), "x").unwrap();
        let other = Scratch::make("dijkwacht-test-").unwrap();
        assert!(path.join("data/a").exists(), "another one sweeps only what nobody holds");
        drop(scratch);
        assert!(!path.exists() && other.path().exists());
    }
}
