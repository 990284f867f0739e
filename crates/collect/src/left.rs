//! Where a run left off in a log, and how that file is found again: under its name or another that rotation gave it, or as a
//! copy of it, packed or not.
//!
//! Promises: a file is taken for the one that was read only if its first bytes are the same, and those right before the place:
//! systems give the number of a file that is gone to the next one, a log may be cut short and grow again, and logs begin
//! alike where they have a header; what is unpacked is bounded.

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::rotated::{Packing, Rotated};

/// So many first bytes of a file tell it from others: the head of a Zeek log is some 500, and then comes its first line.
pub(crate) const BEGINNING: usize = 1024;
/// And so many right before the place where it was left: with a long header, all of one log's files begin the same.
pub(crate) const ENDING: usize = 1024;
/// With fewer, another file may well begin the same.
const TELLING: u64 = 64;
/// Copies that are looked into, and bytes of one.
const COPIES: usize = 1_000;
const COPY_BYTES: u64 = 4 * 1024 * 1024 * 1024;

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Identity(u64, u64);

impl Identity {
    #[cfg(unix)]
    pub(crate) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self(metadata.dev(), metadata.ino())
    }

    /// Of what stands there now.
    pub(crate) fn at(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().filter(Metadata::is_file).map(|known| Self::of(&known))
    }

    /// Elsewhere by when it was made.
    #[cfg(not(unix))]
    pub(crate) fn of(metadata: &Metadata) -> Self {
        let made = metadata.created().ok().and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok());
        Self(0, made.map_or(0, |since| since.as_nanos() as u64))
    }
}

/// Some bytes of a file as a checksum: what stands in them is nobody's business here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    length: u64,
    crc32: u32,
}

impl Mark {
    fn of(bytes: &[u8]) -> Self {
        Self { length: bytes.len() as u64, crc32: crc32fast::hash(bytes) }
    }
}

/// How far a file was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Left {
    pub(crate) identity: Identity,
    /// Bytes of it whose lines were handed on.
    pub(crate) at: u64,
    beginning: Mark,
    /// What stands right before the place. Nothing: that was not kept.
    #[serde(default)]
    ending: Mark,
    /// When it was last written, as far as was seen: nanoseconds since 1970.
    pub(crate) written: u64,
}

impl Left {
    /// A file that was read so far, with its first bytes and the last that were read.
    pub(crate) fn new(identity: Identity, at: u64, (first, last): (&[u8], &[u8]), written: u64) -> Self {
        let first = first.get(..usize::try_from(at).unwrap_or(usize::MAX)).unwrap_or(first);
        Self { identity, at, beginning: Mark::of(first), ending: Mark::of(last), written }
    }

    /// Whether the file with that identity is the one that was read, and at least as long as it was.
    pub(crate) fn is(&self, path: &Path, identity: Identity) -> bool {
        self.identity == identity && self.open(path).is_some()
    }

    /// Opens a file that begins as the one that was read, is at least as long as it was, and has the same right before the
    /// place.
    fn open(&self, path: &Path) -> Option<File> {
        let mut file = File::open(path).ok()?;
        let is_long_enough = file.metadata().ok()?.len() >= self.at;
        let first = beginning(&mut file, self.beginning.length).ok()?;
        let last = piece(&mut file, self.at.saturating_sub(self.ending.length), self.ending.length).ok()?;
        let is_it = is_long_enough && Mark::of(&first) == self.beginning && Mark::of(&last) == self.ending;
        is_it.then_some(file)
    }

    /// Opens a file that holds what was read, whichever file it is: a copy, or the log written anew by a program that changed
    /// nothing before the place.
    pub(crate) fn anew(&self, path: &Path) -> Option<File> {
        if self.is_telling() { self.open(path) } else { None }
    }

    /// Whether no other file is likely to begin so.
    fn is_telling(&self) -> bool {
        self.beginning.length >= TELLING
    }
}

/// What is left of a file that was read.
pub(crate) enum Found {
    /// The file itself, at least as long as it was.
    Same(PathBuf, File),
    Copy(PathBuf, Rest),
    Nowhere,
}

/// What a copy holds beyond what was read, and the lines that say what the others mean.
pub(crate) struct Rest {
    pub(crate) head: Vec<Vec<u8>>,
    pub(crate) bytes: Box<dyn Read>,
}

/// Looks for the file in its folder: itself under any name (`eve.json.1`, `dns.2026-11-30-10-00-00.log`), or a copy under a
/// name that begins as its own does.
pub(crate) fn find(path: &Path, left: &Left) -> io::Result<Found> {
    let Some(rotated) = Rotated::of(path) else { return Ok(Found::Nowhere) };
    let files = match files(&rotated.folder) {
        Ok(files) => files,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Nowhere),
        Err(error) => return Err(error),
    };
    let is_same = |file: &Path| Identity::at(file).is_some_and(|identity| left.is(file, identity));
    let same = std::iter::once(path).chain(files.iter().map(PathBuf::as_path)).find(|file| is_same(file));
    let same = same.and_then(|path| Some((path, left.open(path)?)));
    if let Some((path, file)) = same.or_else(|| Some((path, left.anew(path)?))) {
        return Ok(Found::Same(path.to_owned(), file));
    }
    let is_ours = |name: &OsStr| name.as_encoded_bytes().starts_with(rotated.stem.as_bytes());
    let mut copies: Vec<_> = files.iter().filter(|file| file.file_name().is_some_and(is_ours)).collect();
    copies.sort();
    let rest = copies.iter().take(COPIES).find_map(|copy| Some((copy, rest(copy, left).ok().flatten()?)));
    Ok(rest.map_or(Found::Nowhere, |(copy, rest)| Found::Copy(copy.to_path_buf(), rest)))
}

/// Opens the file that was read, under the name that rotation gave it.
pub(crate) fn renamed(path: &Path, left: &Left) -> Option<File> {
    let is_it = |file: &PathBuf| file != path && Identity::at(file) == Some(left.identity);
    files(&Rotated::of(path)?.folder).ok()?.iter().find(|file| is_it(file)).and_then(|file| left.anew(file))
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    Ok(std::fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect())
}

/// The files that took the log's name after the one that was read and gave it up since.
#[derive(Default)]
pub(crate) struct Later {
    /// The oldest first.
    pub(crate) files: Vec<PathBuf>,
    /// Others are packed as nothing here unpacks.
    pub(crate) has_unreadable: bool,
}

/// Those that by their names are of its rotation (`eve.json.2.gz`, `unbound-20261130.log`), and were written later. Without
/// the one that was `found`. Where logs of the same folder are followed whatever their name (`of_folder`), without those.
pub(crate) fn later(path: &Path, left: &Left, found: Option<&Path>, of_folder: bool) -> Later {
    let from = found.and_then(|found| std::fs::metadata(found).ok()).map_or(left.written, |found| written(&found));
    let later = rotated_since(path, from, found, of_folder);
    let has_unreadable = later.iter().any(|(_, packing)| *packing == Packing::Unreadable);
    let files = later.into_iter().filter(|(_, packing)| *packing != Packing::Unreadable).map(|(path, _)| path);
    Later { files: files.take(COPIES).collect(), has_unreadable }
}

/// As [`later`], of the file that stood under the name a moment ago: nobody packed those behind it yet, and what was packed
/// since is of before.
pub(crate) fn between(path: &Path, left: &Left, of_folder: bool) -> impl Iterator<Item = PathBuf> {
    let later = rotated_since(path, left.written, None, of_folder).into_iter();
    later.filter(|(_, packing)| *packing == Packing::None).map(|(path, _)| path).take(COPIES)
}

/// Files of its rotation that were last written at that moment or later, those written first first.
fn rotated_since(path: &Path, from: u64, found: Option<&Path>, of_folder: bool) -> Vec<(PathBuf, Packing)> {
    let Some(rotated) = Rotated::of(path) else { return Vec::new() };
    let Ok(entries) = std::fs::read_dir(&rotated.folder) else { return Vec::new() };
    let found = found.and_then(Path::file_name);
    let is_followed = |other: &Path| of_folder && other.extension().is_some_and(|end| end == "log");
    let mut later: Vec<_> = entries
        .flatten()
        .map(|entry| (entry.file_name(), entry.path()))
        .filter(|(name, other)| *name != rotated.current && Some(name.as_os_str()) != found && !is_followed(other))
        .filter_map(|(name, other)| {
            let packing = rotated.packing(&name)?;
            let metadata = std::fs::metadata(&other).ok().filter(Metadata::is_file)?;
            Some((written(&metadata), other, packing))
        })
        // Clocks of file systems tick every few milliseconds.
        .filter(|(written, ..)| *written >= from)
        .collect();
    later.sort_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    later.into_iter().map(|(_, path, packing)| (path, packing)).collect()
}

/// When a file was last written, in nanoseconds since 1970.
pub(crate) fn written(metadata: &Metadata) -> u64 {
    let since = metadata.modified().ok().and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
    since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or_default()
}

/// A file that is to be read from its first byte on.
pub(crate) enum Whole {
    /// Its writer may not be done with it.
    Plain(File),
    /// And how far it was read then.
    Packed(Rest, Left),
}

pub(crate) fn whole(path: &Path) -> io::Result<Whole> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    let first = beginning(&mut file, u64::MAX)?;
    let left = Left::new(Identity::of(&metadata), metadata.len(), (&first, &[]), written(&metadata));
    file.seek(SeekFrom::Start(0))?;
    let (bytes, is_packed) = capture::unpacked(file)?;
    if !is_packed {
        return Ok(Whole::Plain(File::open(path)?));
    }
    Ok(Whole::Packed(Rest { head: Vec::new(), bytes: Box::new(bytes.take(COPY_BYTES)) }, left))
}

/// What a file holds beyond what was read, if it is a copy of the one that was.
fn rest(copy: &Path, left: &Left) -> io::Result<Option<Rest>> {
    if !left.is_telling() {
        return Ok(None);
    }
    let (bytes, is_packed) = capture::unpacked(File::open(copy)?)?;
    let mut bytes = bytes.take(COPY_BYTES);
    let mut first = Vec::new();
    bytes.by_ref().take(left.beginning.length).read_to_end(&mut first)?;
    if Mark::of(&first) != left.beginning {
        return Ok(None);
    }
    let head: Vec<_> = head(&first).map(<[u8]>::to_vec).collect();
    // Copied before it was read so far: the rest of it is elsewhere.
    if !is_packed {
        let rest = left.open(copy).map(|mut file| file.seek(SeekFrom::Start(left.at)).map(|_| file)).transpose()?;
        return Ok(rest.map(|file| Rest { head, bytes: Box::new(file.take(COPY_BYTES)) }));
    }
    let beyond = left.at.saturating_sub(left.beginning.length);
    let passed = io::copy(&mut bytes.by_ref().take(beyond), &mut io::sink())?;
    Ok((passed == beyond).then(|| Rest { head, bytes: Box::new(bytes) }))
}

/// The first bytes of a file, no more than `at`.
pub(crate) fn beginning(file: &mut File, at: u64) -> io::Result<Vec<u8>> {
    piece(file, 0, at.min(BEGINNING as u64))
}

/// The last bytes before a place.
pub(crate) fn ending(file: &mut File, at: u64) -> io::Result<Vec<u8>> {
    let length = at.min(ENDING as u64);
    piece(file, at - length, length)
}

fn piece(file: &mut File, from: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut piece = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.take(length.min(BEGINNING.max(ENDING) as u64)).read_to_end(&mut piece)?;
    Ok(piece)
}

/// The lines that say what the others mean.
pub(crate) fn head(beginning: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = beginning.split(|byte| *byte == b'\n');
    lines.take_while(|line| line.starts_with(b"#") && !line.starts_with(b"#close"))
}
