//! A log file followed while it is written, over its rotation: renamed and made again, or copied and cut short; and on from
//! where an earlier run left off.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::split::Split;

/// Bytes taken in one go, so that one busy file keeps no other waiting.
const AT_ONCE: usize = 1024 * 1024;
const PIECE: usize = 64 * 1024;
/// Files of before that are known again: a week's, rotated by the hour.
const REMEMBERED: usize = 168;

/// Follows one file.
#[derive(Debug)]
pub struct Follow {
    path: PathBuf,
    open: Option<(File, Identity, u64)>,
    split: Split,
    /// From the file's end the first time: what stood there before is not read again at each start.
    is_first: bool,
    /// How far an earlier run came: what was written since is read.
    left_off: Option<(Identity, u64)>,
    is_there: bool,
    /// The last files that stood under the name and were read to their end.
    before: Vec<Identity>,
    pub(crate) rotations: u64,
}

/// How far a file was read: to be kept, and handed to a later run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub path: PathBuf,
    identity: Identity,
    /// Bytes of it whose lines were handed on.
    at: u64,
}

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Identity(u64, u64);

impl Identity {
    #[cfg(unix)]
    fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self(metadata.dev(), metadata.ino())
    }

    /// Elsewhere by when it was made.
    #[cfg(not(unix))]
    fn of(metadata: &Metadata) -> Self {
        let made = metadata.created().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        Self(0, made.map_or(0, |since| since.as_nanos() as u64))
    }
}

impl Follow {
    /// The file need not be there yet. `from_start`: what stands in it already is read too.
    #[must_use]
    pub fn new(path: &Path, from_start: bool) -> Self {
        Self {
            path: path.to_owned(),
            open: None,
            split: Split::default(),
            is_first: !from_start,
            left_off: None,
            is_there: false,
            before: Vec::new(),
            rotations: 0,
        }
    }

    /// Whether what stands there is read here, or was, under another name by now: rotation renames.
    pub(crate) fn has_read(&self, path: &Path) -> bool {
        let Ok(identity) = std::fs::metadata(path).map(|known| Identity::of(&known)) else { return false };
        self.open.as_ref().is_some_and(|(_, open, _)| *open == identity) || self.before.contains(&identity)
    }

    /// Goes on where an earlier run left off, also where the file was renamed or made anew since. To be called before the
    /// first reading; a place in another file changes nothing.
    pub fn go_on_from(&mut self, place: &Place) {
        if place.path == self.path {
            self.left_off = Some((place.identity, place.at));
        }
    }

    /// How far it was read; absent: it never was.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        let read = self.open.as_ref().map(|(_, identity, at)| (*identity, at - self.split.pending()));
        let (identity, at) = read.or(self.left_off)?;
        Some(Place { path: self.path.clone(), identity, at })
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file was there with the last reading.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.is_there
    }

    /// Lines longer than any log's, which were passed over.
    pub(crate) fn too_long(&self) -> u64 {
        self.split.too_long
    }

    /// Hands on the lines that came since; never waits.
    ///
    /// # Errors
    /// When the file is there and cannot be read. It is tried again the next time.
    pub fn read(&mut self, line: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let mut budget = AT_ONCE;
        loop {
            if self.open.is_none() && !self.begin(line)? {
                return Ok(());
            }
            let more = self.rest(&mut budget, line)?;
            if more || budget == 0 || !self.is_replaced()? {
                return Ok(());
            }
            // The old file is read to its end: what is left of it is its last line.
            self.split.finish(line);
            if let Some((_, identity, _)) = self.open.take() {
                self.before.push(identity);
                let gone = self.before.len().saturating_sub(REMEMBERED);
                self.before.drain(..gone);
            }
            self.rotations += 1;
        }
    }

    /// Opens what now stands under the name, or what is left of what an earlier run read. False: nothing does.
    fn begin(&mut self, line: &mut dyn FnMut(&[u8])) -> io::Result<bool> {
        if let Some((identity, at)) = self.left_off {
            let found = self.find(identity)?;
            self.left_off = None;
            // All that stands in another one was written since.
            self.is_first = false;
            // A file that is shorter now was cut short, and began again.
            if let Some(mut file) = found.filter(|file| file.metadata().is_ok_and(|known| known.len() >= at)) {
                head(&mut file, line)?;
                file.seek(SeekFrom::Start(at))?;
                self.open = Some((file, identity, at));
                return Ok(true);
            }
        }
        let mut file = match File::open(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // What is made later is new from its first line on.
                self.is_first = false;
                self.is_there = false;
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        self.is_there = true;
        let mut at = 0;
        if std::mem::take(&mut self.is_first) {
            head(&mut file, line)?;
            at = file.seek(SeekFrom::End(0))?;
        }
        self.open = Some((file, Identity::of(&metadata), at));
        Ok(true)
    }

    /// That file, under its name or another that begins with it (`eve.json.1`), as rotation gives.
    fn find(&self, identity: Identity) -> io::Result<Option<File>> {
        let (Some(folder), Some(name)) = (self.path.parent(), self.path.file_name()) else { return Ok(None) };
        let folder = if folder == Path::new("") { Path::new(".") } else { folder };
        let names = match std::fs::read_dir(folder) {
            Ok(names) => names,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let is_rotated = |other: &OsStr| other.as_encoded_bytes().starts_with(name.as_encoded_bytes());
        let ours = names.flatten().filter(|entry| is_rotated(&entry.file_name()));
        let found = ours.map(|entry| entry.path()).find(|path| {
            std::fs::metadata(path).is_ok_and(|known| known.is_file() && Identity::of(&known) == identity)
        });
        found.map(File::open).transpose()
    }

    /// Reads on. True: there may be more.
    fn rest(&mut self, budget: &mut usize, line: &mut dyn FnMut(&[u8])) -> io::Result<bool> {
        let Some((file, _, at)) = &mut self.open else { return Ok(false) };
        // Cut short since: it begins again.
        if file.metadata()?.len() < *at {
            *at = file.seek(SeekFrom::Start(0))?;
            self.split.forget();
            self.rotations += 1;
        }
        let mut piece = vec![0; PIECE];
        while *budget > 0 {
            let length = file.read(&mut piece)?;
            if length == 0 {
                return Ok(false);
            }
            *at += length as u64;
            *budget = budget.saturating_sub(length);
            self.split.bytes(piece.get(..length).unwrap_or_default(), line);
        }
        Ok(true)
    }

    /// Whether another file stands under the name by now.
    fn is_replaced(&mut self) -> io::Result<bool> {
        let Some(identity) = self.open.as_ref().map(|(_, identity, _)| *identity) else { return Ok(false) };
        match std::fs::metadata(&self.path) {
            Ok(metadata) => {
                self.is_there = true;
                Ok(Identity::of(&metadata) != identity)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.is_there = false;
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

/// The lines at the beginning that say what the others mean (Zeek's `#fields`), also where the rest is passed over.
fn head(file: &mut File, line: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    let mut beginning = vec![0; PIECE];
    let length = file.read(&mut beginning)?;
    beginning.truncate(length);
    let lines = beginning
        .split(|byte| *byte == b'\n')
        .take_while(|line| line.starts_with(b"#") && !line.starts_with(b"#close"));
    lines.for_each(line);
    Ok(())
}
