//! What waits on disk for the server: one file a batch, the oldest first.
//!
//! Promises: a batch counts once its file, and the folder's list of files, are on the disk; a process that is killed leaves
//! whole batches alone; the folder is bounded, and what is let go for that is counted: measurements before findings, the least
//! grave before the gravest, the oldest first, in batches of a small part of the whole. A batch
//! that the server refuses for what is in it is set aside in `refused/`, for people to look at.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The most that a batch holds, in bytes: well below what a server takes in one go.
pub const MAX_BATCH_BYTES: usize = 1 << 20;

/// The most that is kept of what was refused, in bytes; the oldest makes room.
const MAX_REFUSED_BYTES: u64 = contract::sensor::REFUSED_MIB << 20;

/// The part of the folder that a batch takes at most, and that findings leave to the newest measurements, which say how
/// much was let go.
const PART: u64 = 16;

const REFUSED: &str = "refused";

/// What is in a batch; what is let go first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// States and traffic: the next ones say nearly the same.
    Measurements,
    /// Detections and cases, which nobody will say again.
    Findings,
    /// Those that are high or critical, with all that belongs to them.
    Grave,
}

/// Lines that were let go because there was no room, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    pub measurements: u64,
    pub findings: u64,
}

/// One batch, as it is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Its place in the row.
    pub number: u64,
    pub class: Class,
    pub lines: u64,
    /// The lines, each with its end.
    pub bytes: Vec<u8>,
}

/// The folder.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    limit_bytes: u64,
    files: BTreeMap<u64, Entry>,
    next: u64,
    lost: Lost,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    class: Class,
    lines: u64,
    bytes: u64,
}

impl Lost {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            measurements: self.measurements.saturating_add(other.measurements),
            findings: self.findings.saturating_add(other.findings),
        }
    }

    /// Of both kinds.
    #[must_use]
    pub fn lines(self) -> u64 {
        self.measurements.saturating_add(self.findings)
    }

    pub(crate) fn count(&mut self, class: Class, lines: u64) {
        let of_class = match class {
            Class::Measurements => &mut self.measurements,
            Class::Findings | Class::Grave => &mut self.findings,
        };
        *of_class = of_class.saturating_add(lines);
    }
}

impl Spool {
    /// Opens the folder, or makes it; what an earlier run left waits on. `limit_bytes` bounds what waits.
    ///
    /// # Errors
    /// The folder cannot be made, read or written.
    pub fn open(folder: &Path, limit_bytes: u64) -> io::Result<Self> {
        fs::create_dir_all(folder.join(REFUSED))?;
        let mut spool =
            Self { folder: folder.to_owned(), limit_bytes, files: BTreeMap::new(), next: 0, lost: Lost::default() };
        for file in fs::read_dir(folder)? {
            let file = file?;
            let name = file.file_name();
            let Some(name) = name.to_str() else { continue };
            if name.ends_with(UNFINISHED) {
                // Cut off in the middle: it never counted.
                fs::remove_file(file.path())?;
            } else if let Some((number, class, lines)) = read_name(name) {
                let bytes = file.metadata()?.len();
                spool.files.insert(number, Entry { class, lines, bytes });
                spool.next = spool.next.max(number.saturating_add(1));
            }
        }
        spool.make_room(Class::Grave, 0);
        Ok(spool)
    }

    /// Puts lines at the end of the row; they are on the disk when this returns. A line without its end.
    ///
    /// # Errors
    /// They could not be written, and nothing of them is left behind.
    pub fn put(&mut self, class: Class, lines: &[String]) -> io::Result<()> {
        self.put_together(class, lines.iter().map(std::slice::from_ref))
    }

    /// The same for lines that belong together, which stay and go with each other as far as a server takes them in one go.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_together<'a>(&mut self, class: Class, units: impl Iterator<Item = &'a [String]>) -> io::Result<()> {
        let part = usize::try_from(self.limit_bytes / PART).unwrap_or(usize::MAX);
        let (mut bytes, mut count) = (Vec::new(), 0);
        for unit in units {
            let length: usize = unit.iter().map(|line| line.len() + 1).sum();
            if count > 0 && bytes.len() + length > part.min(MAX_BATCH_BYTES) {
                self.put_batch(class, count, &bytes)?;
                (bytes, count) = (Vec::new(), 0);
            }
            for line in unit {
                if count > 0 && bytes.len() + line.len() + 1 > MAX_BATCH_BYTES {
                    self.put_batch(class, count, &bytes)?;
                    (bytes, count) = (Vec::new(), 0);
                }
                bytes.extend_from_slice(line.as_bytes());
                bytes.push(b'\n');
                count += 1;
            }
        }
        if count > 0 { self.put_batch(class, count, &bytes) } else { Ok(()) }
    }

    fn put_batch(&mut self, class: Class, lines: u64, bytes: &[u8]) -> io::Result<()> {
        let length = bytes.len() as u64;
        if !self.make_room(class, length) {
            self.lost.count(class, lines);
            return Ok(());
        }
        let number = self.next;
        let unfinished = self.folder.join(format!("{number:020}{UNFINISHED}"));
        let written = self.write(&unfinished, &self.path(number, class, lines), bytes);
        if let Err(error) = written {
            let _ = fs::remove_file(&unfinished);
            return Err(error);
        }
        self.next = number.saturating_add(1);
        self.files.insert(number, Entry { class, lines, bytes: length });
        Ok(())
    }

    fn write(&self, unfinished: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create(unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(unfinished, path)?;
        File::open(&self.folder)?.sync_all()
    }

    /// The batch that has waited longest; absent: none waits. What cannot be read as a file is set aside.
    pub fn oldest(&mut self) -> Option<Batch> {
        while let Some((&number, &entry)) = self.files.first_key_value() {
            let path = self.path(number, entry.class, entry.lines);
            let read = File::open(path).and_then(|file| {
                let mut bytes = Vec::new();
                // Somebody else's file under our name is not taken whole into memory.
                file.take(4 * MAX_BATCH_BYTES as u64).read_to_end(&mut bytes).map(|_| bytes)
            });
            match read {
                Ok(bytes) => return Some(Batch { number, class: entry.class, lines: entry.lines, bytes }),
                Err(_) => self.refuse(number),
            }
        }
        None
    }

    /// The server has this batch.
    ///
    /// # Errors
    /// Its file cannot be removed: it would be sent again after a new start, which does no harm. It is not sent again now.
    pub fn sent(&mut self, number: u64) -> io::Result<()> {
        match self.files.remove(&number) {
            Some(entry) => fs::remove_file(self.path(number, entry.class, entry.lines)),
            None => Ok(()),
        }
    }

    /// The server has this batch but for these lines, by their numbers from 1, which it will never take: they are set aside.
    ///
    /// # Errors
    /// As [`Self::sent`].
    pub fn sent_but(&mut self, batch: &Batch, aside: &[u64]) -> io::Result<()> {
        let numbered = (1..).zip(batch.bytes.split_inclusive(|byte| *byte == b'\n'));
        let lines: Vec<&[u8]> = numbered.filter(|(number, _)| aside.contains(number)).map(|(_, line)| line).collect();
        let count = lines.len() as u64;
        if count > 0 {
            let path = self.path(batch.number, batch.class, count);
            let folder = self.folder.join(REFUSED);
            let written = path.file_name().map(|name| fs::write(folder.join(name), lines.concat()));
            if !matches!(written, Some(Ok(()))) {
                self.lost.count(batch.class, count);
            }
            let _ = bound(&folder, MAX_REFUSED_BYTES);
        }
        self.sent(batch.number)
    }

    /// The server will never take this batch: it is set aside.
    pub fn refuse(&mut self, number: u64) {
        let Some(entry) = self.files.remove(&number) else { return };
        let path = self.path(number, entry.class, entry.lines);
        let aside = self.folder.join(REFUSED);
        let moved = path.file_name().map(|name| fs::rename(&path, aside.join(name)));
        if !matches!(moved, Some(Ok(()))) {
            let _ = fs::remove_file(&path);
            self.lost.count(entry.class, entry.lines);
        }
        let _ = bound(&aside, MAX_REFUSED_BYTES);
    }

    /// Where refused batches lie.
    #[must_use]
    pub fn refused_folder(&self) -> PathBuf {
        self.folder.join(REFUSED)
    }

    /// How many lines wait.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.files.values().map(|entry| entry.lines).sum()
    }

    /// How many bytes wait.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|entry| entry.bytes).sum()
    }

    /// What was let go for want of room since it was opened.
    #[must_use]
    pub fn lost(&self) -> Lost {
        self.lost
    }

    /// Lets what is no graver go until so many bytes more fit in. False: they do not, beside what is graver.
    fn make_room(&mut self, class: Class, more: u64) -> bool {
        let is_finding = |class| class != Class::Measurements;
        let for_findings = self.limit_bytes - self.limit_bytes / PART;
        loop {
            let findings: u64 =
                self.files.values().filter(|entry| is_finding(entry.class)).map(|entry| entry.bytes).sum();
            let is_over = self.bytes().saturating_add(more) > self.limit_bytes;
            let are_findings_over = is_finding(class) && findings.saturating_add(more) > for_findings;
            if !is_over && !are_findings_over {
                return true;
            }
            let may_go = self
                .files
                .iter()
                .filter(|(_, entry)| entry.class <= class && (is_finding(entry.class) || !are_findings_over));
            let least = may_go.min_by_key(|(number, entry)| (entry.class, **number));
            let Some((&number, &entry)) = least else {
                // The only one may be larger than the bound.
                return self.files.values().all(|entry| !is_finding(entry.class));
            };
            self.files.remove(&number);
            let _ = fs::remove_file(self.path(number, entry.class, entry.lines));
            self.lost.count(entry.class, entry.lines);
        }
    }

    fn path(&self, number: u64, class: Class, lines: u64) -> PathBuf {
        let class = match class {
            Class::Grave => GRAVE,
            Class::Findings => FINDINGS,
            Class::Measurements => MEASUREMENTS,
        };
        self.folder.join(format!("{number:020}-{class}-{lines}{FINISHED}"))
    }
}

const FINISHED: &str = ".ndjson";
const UNFINISHED: &str = ".unfinished";
const GRAVE: &str = "grave";
const FINDINGS: &str = "findings";
const MEASUREMENTS: &str = "measurements";

/// What a file's name says of it; absent: it is none of ours.
fn read_name(name: &str) -> Option<(u64, Class, u64)> {
    let mut parts = name.strip_suffix(FINISHED)?.split('-');
    let number = parts.next()?;
    let class = match parts.next()? {
        GRAVE => Class::Grave,
        FINDINGS => Class::Findings,
        MEASUREMENTS => Class::Measurements,
        _ => return None,
    };
    let lines = parts.next()?.parse().ok()?;
    let is_ours = number.len() == 20 && parts.next().is_none();
    is_ours.then_some((number.parse().ok()?, class, lines))
}

/// Removes the oldest files of a folder until no more than so many bytes are left.
fn bound(folder: &Path, limit_bytes: u64) -> io::Result<()> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        files.push((file.file_name(), file.metadata()?.len(), file.path()));
    }
    files.sort();
    let mut bytes: u64 = files.iter().map(|(_, length, _)| length).sum();
    for (_, length, path) in files {
        if bytes <= limit_bytes {
            break;
        }
        fs::remove_file(path)?;
        bytes -= length;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
