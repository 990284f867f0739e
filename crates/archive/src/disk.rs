//! The folder: files appended to, listed, and removed by age and by size.
//!
//! Promises: a file is written beside its place, brought to the disk and then put there, so that under its name there is
//! either the file before or the whole one after; what a crash left half-written is removed at the next start.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use crate::columns::Record;
use crate::name::{FileName, Kind, UNFINISHED};
use crate::read::{self, Unreadable};
use crate::write::write;

/// Up to so many rows a file is written anew with what comes; beyond that the hour goes on in another part.
const EXTENDED_UP_TO: usize = 16_384;

/// The most files there are, whatever room there is.
const MAX_FILES: usize = 50_000;

/// What a file takes at least, in bytes: disks give room by the block.
const BLOCK: u64 = 4_096;

#[derive(Debug)]
pub(crate) struct Disk {
    folder: PathBuf,
    /// What is there, with the bytes it takes.
    files: BTreeMap<FileName, u64>,
}

impl Disk {
    /// Looks at what is in the folder, and removes what was left half-written. A folder that is not there is made with the
    /// first file.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        let mut disk = Self { folder: folder.to_owned(), files: BTreeMap::new() };
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(disk),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            if name.strip_suffix(UNFINISHED).is_some_and(|name| name.parse::<FileName>().is_ok()) {
                fs::remove_file(entry.path())?;
            } else if let Ok(name) = name.parse::<FileName>() {
                disk.files.insert(name, taken(entry.metadata()?.len()));
            }
        }
        Ok(disk)
    }

    pub(crate) fn make_folder(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What its files take, in bytes.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.values().sum()
    }

    /// Adds rows to an hour; they are on the disk when this returns, and taken out of `rows`.
    ///
    /// # Errors
    /// They could not be written: `rows` has them still, and the folder is as it was.
    pub(crate) fn append<R: Record>(&mut self, hour: i64, rows: &mut Vec<R>) -> io::Result<()> {
        let last = self.last_part(hour, R::KIND);
        let extended = last.and_then(|name| Some((name, self.extendable::<R>(name, rows.len())?)));
        let part = last.map_or(1, |name| name.part.saturating_add(1));
        let (name, mut all) = extended.unwrap_or((FileName { hour, part, kind: R::KIND }, Vec::new()));
        let before = all.len();
        all.append(rows);
        let written = self.put(name, &all);
        match written {
            Ok(bytes) => {
                self.files.insert(name, taken(bytes));
                Ok(())
            }
            Err(error) => {
                *rows = all.split_off(before);
                Err(error)
            }
        }
    }

    fn last_part(&self, hour: i64, kind: Kind) -> Option<FileName> {
        let first = FileName { hour, part: 0, kind: Kind::Flows };
        let of_hour = self.files.range(first..).map(|(name, _)| *name).take_while(|name| name.hour == hour);
        of_hour.filter(|name| name.kind == kind).max()
    }

    /// The rows of a file that has room for so many more; absent: it has not, or it cannot be read.
    fn extendable<R: Record>(&self, name: FileName, more: usize) -> Option<Vec<R>> {
        let file = File::open(self.folder.join(name.to_string())).ok()?;
        if read::count::<R>(&file).ok()?.saturating_add(more) > EXTENDED_UP_TO {
            return None;
        }
        let mut rows = Vec::new();
        read::read(file, &|_| true, &mut |row| rows.push(row)).ok()?;
        Some(rows)
    }

    fn put<R: Record>(&self, name: FileName, rows: &[R]) -> io::Result<u64> {
        self.make_folder()?;
        let path = self.folder.join(name.to_string());
        let unfinished = self.folder.join(format!("{name}{UNFINISHED}"));
        let written = put(&unfinished, &path, &self.folder, rows);
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    /// Removes the files of hours that began before that moment, and those of hours that lie ahead of now and were written
    /// before it: a clock was ahead then. How many there were.
    ///
    /// # Errors
    /// One cannot be removed. It is no longer counted; the next start finds it again.
    pub(crate) fn forget_before(&mut self, moment: Timestamp, now: Timestamp) -> io::Result<usize> {
        let mut removed = 0;
        let is_ahead = |name: &FileName| name.began().is_none_or(|began| began > now);
        let ahead: Vec<_> = self.files.keys().rev().take_while(|name| is_ahead(name)).copied().collect();
        for name in ahead {
            let path = self.folder.join(name.to_string());
            let written = fs::metadata(&path).and_then(|known| known.modified()).ok();
            let is_old = written.and_then(|at| Timestamp::try_from(at).ok()).is_none_or(|at| at < moment);
            if is_old {
                self.files.remove(&name);
                remove(&path)?;
                removed += 1;
            }
        }
        while let Some((name, _)) = self.files.first_key_value() {
            if name.began().is_some_and(|began| began >= moment) {
                break;
            }
            self.remove_first()?;
            removed += 1;
        }
        Ok(removed)
    }

    /// Removes the oldest files until what is left takes no more than that; how many there were.
    ///
    /// # Errors
    /// As [`Self::forget_before`].
    pub(crate) fn shrink_to(&mut self, limit_bytes: u64) -> io::Result<usize> {
        let mut bytes = self.bytes();
        let mut removed = 0;
        while bytes > limit_bytes || self.files.len() > MAX_FILES {
            bytes = bytes.saturating_sub(self.remove_first()?);
            removed += 1;
        }
        Ok(removed)
    }

    fn remove_first(&mut self) -> io::Result<u64> {
        let Some((name, bytes)) = self.files.pop_first() else { return Ok(0) };
        remove(&self.folder.join(name.to_string())).map(|()| bytes)
    }

    /// What the disk still has room for, in bytes; absent where it does not say.
    pub(crate) fn free_bytes(&self) -> Option<u64> {
        #[cfg(unix)]
        {
            let told = rustix::fs::statvfs(&self.folder).ok()?;
            Some(told.f_bavail.saturating_mul(told.f_frsize))
        }
        #[cfg(not(unix))]
        None
    }
}

fn taken(bytes: u64) -> u64 {
    bytes.max(1).next_multiple_of(BLOCK)
}

/// What is gone already is as it should be.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn put<R: Record>(unfinished: &Path, path: &Path, folder: &Path, rows: &[R]) -> io::Result<u64> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = write(options.open(unfinished)?, rows).map_err(cause)?;
    file.sync_all()?;
    let bytes = file.metadata()?.len();
    fs::rename(unfinished, path)?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(bytes)
}

/// What the disk said, where it was the disk.
fn cause(error: parquet::errors::ParquetError) -> io::Error {
    match error {
        parquet::errors::ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

/// What a folder holds, as [`list`] tells it.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// The sensor's files, the oldest first.
    pub(crate) ours: Vec<FileName>,
    /// Parquet files under other names.
    pub(crate) others: Vec<PathBuf>,
}

/// The Parquet files in a folder.
pub(crate) fn list(folder: &Path) -> io::Result<Listed> {
    let mut listed = Listed::default();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // A pipe of that name would be waited for, and never end.
        if !path.is_file() {
            continue;
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match name.parse::<FileName>() {
            Ok(name) => listed.ours.push(name),
            Err(_) if path.extension().is_some_and(|ending| ending == "parquet") => listed.others.push(path),
            Err(_) => {}
        }
    }
    listed.ours.sort_unstable();
    listed.others.sort_unstable();
    Ok(listed)
}

/// So many days before a moment.
pub(crate) fn days_before(now: Timestamp, days: u16) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MIN)
}

/// A file of one kind, opened to be read; absent: it was removed in the meantime, being too old.
pub(crate) fn open(folder: &Path, name: FileName) -> Result<Option<File>, Unreadable> {
    match File::open(folder.join(name.to_string())) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
