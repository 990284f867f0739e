//! A log file followed while it is written, over its rotation: renamed and made again, or copied and cut short; and on from
//! where an earlier run left off, also where it was rotated since.

use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::left::{self, Identity, Left};
use crate::open::{Open, PIECE, Renamed};
use crate::split::Split;

/// Bytes taken in one go, so that one busy file keeps no other waiting.
const AT_ONCE: usize = 1024 * 1024;
/// Files of before that are known again: a week's, rotated by the hour.
const REMEMBERED: usize = 168;

/// Follows one file.
pub struct Follow {
    path: PathBuf,
    open: Option<Open>,
    split: Split,
    /// The file that stood under the name before.
    renamed: Option<Renamed>,
    /// From the file's end the first time: what stood there before is not read again at each start.
    is_first: bool,
    /// How far an earlier run came: what was written since is read.
    left_off: Option<Left>,
    is_there: bool,
    /// The last files that stood under the name and were read to their end.
    before: Vec<Left>,
    /// Whether the last of those is still to be read on: more may have come into it than an earlier run read.
    is_before_open: bool,
    has_missed: bool,
    /// Whether the open file stood under the name when that was last looked at.
    stood: bool,
    /// Files that stood under the name and gave it up while nobody looked, still to be read; and whether others see to them.
    between: VecDeque<PathBuf>,
    of_folder: bool,
    /// What is left of one of those, or of a copy of the file that was read, and how far that was.
    leftover: Option<Box<dyn Read>>,
    resumed: Option<Left>,
    /// Lines that were too long, of files that are read to their end.
    too_long: u64,
    pub(crate) rotations: u64,
}

impl fmt::Debug for Follow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follow").field("path", &self.path).field("place", &self.place()).finish_non_exhaustive()
    }
}

/// How far a file was read, and which ones that stood under its name before: to be kept, and handed to a later run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub path: PathBuf,
    /// Absent: nothing stood there, so all that stands there later was written since.
    left: Option<Left>,
    before: Vec<Left>,
}

impl Place {
    /// Where nothing was yet; or a folder that was looked through.
    pub(crate) fn without_file(path: &Path) -> Self {
        Self { path: path.to_owned(), left: None, before: Vec::new() }
    }

    /// Whether what stands there now was read under this place's name.
    pub(crate) fn has_read(&self, path: &Path, identity: Identity) -> bool {
        self.left.iter().chain(&self.before).any(|left| left.is(path, identity))
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
            renamed: None,
            is_first: !from_start,
            left_off: None,
            is_there: false,
            before: Vec::new(),
            is_before_open: false,
            has_missed: false,
            stood: false,
            between: VecDeque::new(),
            of_folder: false,
            leftover: None,
            resumed: None,
            too_long: 0,
            rotations: 0,
        }
    }

    /// Whether what stands there is read here, or was, under another name by now: rotation renames.
    pub(crate) fn has_read(&self, path: &Path, identity: Identity) -> bool {
        let open = self.open.as_ref().map(|open| open.identity);
        let renamed = self.renamed.as_ref().map(Renamed::identity);
        [open, renamed].contains(&Some(identity)) || self.before.iter().any(|left| left.is(path, identity))
    }

    /// Logs of the same folder are followed too, whatever their names.
    pub(crate) fn of_folder(&mut self) {
        self.of_folder = true;
    }

    /// Goes on where an earlier run left off, also where the file was renamed, copied or made anew since. To be called before
    /// the first reading; a place in another file changes nothing.
    pub fn go_on_from(&mut self, place: &Place) {
        if place.path == self.path {
            self.left_off.clone_from(&place.left);
            self.before.clone_from(&place.before);
            self.is_before_open = true;
            self.is_first = false;
        }
    }

    /// How far it was read; absent: it never could be.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        let read = self.open.as_ref().map(|open| open.left(self.split.pending()));
        // Who is killed before all of it was read begins with it again.
        let resumed = self.resumed.as_ref().filter(|_| self.leftover.is_some() || !self.between.is_empty());
        let left = read.or_else(|| resumed.or(self.left_off.as_ref()).cloned());
        let was_looked_for = left.is_some() || !self.is_first;
        let before = self.before.iter().cloned().chain(self.renamed.as_ref().map(Renamed::left)).collect();
        was_looked_for.then(|| Place { path: self.path.clone(), left, before })
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

    /// Whether lines that were written and not read are nowhere to be found: the file was cut short, packed away or removed
    /// meanwhile.
    #[must_use]
    pub fn has_missed(&self) -> bool {
        self.has_missed
    }

    /// Lines longer than any log's, which were passed over.
    pub(crate) fn too_long(&self) -> u64 {
        self.too_long + self.split.too_long + self.renamed.as_ref().map_or(0, Renamed::too_long)
    }

    /// Hands on the lines that came since; never waits.
    ///
    /// # Errors
    /// When the file is there and cannot be read. It is tried again the next time.
    pub fn read(&mut self, now: Timestamp, line: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let mut budget = AT_ONCE;
        if std::mem::take(&mut self.is_before_open) {
            self.open_before(now, line)?;
        }
        if self.renamed.as_mut().is_some_and(|renamed| !renamed.read(now, &mut budget, line)) {
            self.let_go(line);
        }
        loop {
            if self.leftover.is_none() && self.open.is_none() && !self.begin(line)? {
                return Ok(());
            }
            if self.leftover.is_some() {
                if self.leftover(&mut budget, line) {
                    return Ok(());
                }
                continue;
            }
            if self.is_cut_short(line)? {
                continue;
            }
            let more = match &mut self.open {
                Some(open) => open.read(&mut self.split, &mut budget, line)?,
                None => false,
            };
            if more || budget == 0 || !self.is_replaced()? {
                return Ok(());
            }
            self.let_go(line);
            self.change(now)?;
            self.rotations += 1;
        }
    }

    /// Another file stands under the name. The open one is read on beside it for a while.
    fn change(&mut self, now: Timestamp) -> io::Result<()> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let left = open.left(self.split.pending());
        let anew = if self.between.is_empty() { left.anew(&self.path) } else { None };
        if anew.is_some() {
            // Half a line stands in the new one too.
            self.split.forget();
        }
        self.renamed = Some(Renamed::new(open, std::mem::take(&mut self.split), now));
        let stood = std::mem::replace(&mut self.stood, anew.is_some());
        match anew {
            Some(file) => self.open = Some(Open::new(file, left.at)?),
            None if stood => self.between = self.came_between(&left),
            None => {}
        }
        Ok(())
    }

    /// Files that took the name after that one and gave it up again since the last look, but for copies of what was read.
    fn came_between(&self, left: &Left) -> VecDeque<PathBuf> {
        let is_copy = |file: &Path| self.before.iter().chain([left]).any(|left| left.anew(file).is_some());
        let files = left::between(&self.path, left, self.of_folder);
        files.filter(|file| self.is_new(file) && !is_copy(file)).collect()
    }

    fn is_new(&self, file: &Path) -> bool {
        Identity::at(file).is_none_or(|identity| !self.has_read(file, identity))
    }

    /// Takes up what came into the renamed file after an earlier run left off, and may still come.
    fn open_before(&mut self, now: Timestamp, line: &mut dyn FnMut(&[u8])) -> io::Result<()> {
        let before = self.before.last().and_then(|left| Some((left.at, left::renamed(&self.path, left)?)));
        let Some((at, mut file)) = before else { return Ok(()) };
        head(&mut file, line)?;
        self.renamed = Some(Renamed::new(Open::new(file, at)?, Split::default(), now));
        self.before.pop();
        Ok(())
    }

    /// Who wrote the renamed file writes elsewhere by now.
    fn let_go(&mut self, line: &mut dyn FnMut(&[u8])) {
        let Some(mut renamed) = self.renamed.take() else { return };
        renamed.finish(line);
        self.too_long += renamed.too_long();
        self.remember(renamed.left());
    }

    fn remember(&mut self, left: Left) {
        self.before.push(left);
        let gone = self.before.len().saturating_sub(REMEMBERED);
        self.before.drain(..gone);
    }

    /// Whether the file was cut short, so that it begins again. What was not read of it stands in a copy, if anywhere.
    fn is_cut_short(&mut self, line: &mut dyn FnMut(&[u8])) -> io::Result<bool> {
        let Some(open) = &mut self.open else { return Ok(false) };
        if !open.is_cut_short()? {
            return Ok(false);
        }
        let pending = self.split.pending();
        let left = open.left(pending);
        self.open = None;
        self.split.forget();
        // A folder that cannot be looked through has no copies for us.
        match left::find(&self.path, &left) {
            Ok(left::Found::Copy(_, rest)) => {
                self.resumed = Some(left);
                self.take_up(rest, line);
            }
            _ => {
                self.has_missed |= pending > 0;
                self.rotations += 1;
            }
        }
        Ok(true)
    }

    /// Opens what now stands under the name, or what is left of what an earlier run read. False: nothing does.
    fn begin(&mut self, line: &mut dyn FnMut(&[u8])) -> io::Result<bool> {
        if let Some(left) = &self.left_off {
            let found = left::find(&self.path, left)?;
            let at = left.at;
            let path = match &found {
                left::Found::Same(path, _) | left::Found::Copy(path, _) => Some(path.as_path()),
                left::Found::Nowhere => None,
            };
            if path != Some(self.path.as_path()) {
                let later = left::later(&self.path, left, path, self.of_folder);
                self.has_missed |= later.has_unreadable;
                self.between = later.files.into_iter().filter(|file| self.is_new(file)).collect();
            }
            self.stood = path == Some(self.path.as_path());
            self.resumed = self.left_off.take();
            match found {
                left::Found::Same(_, mut file) => {
                    head(&mut file, line)?;
                    self.open = Some(Open::new(file, at)?);
                    return Ok(true);
                }
                left::Found::Copy(_, rest) => {
                    self.take_up(rest, line);
                    return Ok(true);
                }
                left::Found::Nowhere => self.has_missed = true,
            }
        }
        while let Some(path) = self.between.pop_front() {
            match left::whole(&path) {
                Ok(left::Whole::Plain(file)) => self.open = Some(Open::new(file, 0)?),
                Ok(left::Whole::Packed(rest, left)) => {
                    self.remember(left);
                    self.take_up(rest, line);
                }
                Err(_) => {
                    self.has_missed = true;
                    continue;
                }
            }
            return Ok(true);
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
        self.is_there = true;
        let mut at = 0;
        if std::mem::take(&mut self.is_first) {
            head(&mut file, line)?;
            at = file.seek(SeekFrom::End(0))?;
        }
        self.open = Some(Open::new(file, at)?);
        self.stood = true;
        Ok(true)
    }

    /// Is to hand on what a copy holds beyond what was read of the file.
    fn take_up(&mut self, left::Rest { mut head, bytes }: left::Rest, line: &mut dyn FnMut(&[u8])) {
        head.iter_mut().for_each(|one| line(one));
        self.leftover = Some(bytes);
    }

    /// Reads on in what is left of a file, which may be gigabytes. True: there may be more.
    fn leftover(&mut self, budget: &mut usize, line: &mut dyn FnMut(&[u8])) -> bool {
        let Some(bytes) = &mut self.leftover else { return false };
        let mut piece = vec![0; PIECE];
        while *budget > 0 {
            match bytes.read(&mut piece) {
                Ok(0) => {
                    self.split.finish(line);
                    self.leftover = None;
                    self.rotations += 1;
                    return false;
                }
                Ok(length) => {
                    *budget = budget.saturating_sub(length);
                    self.split.bytes(piece.get(..length).unwrap_or_default(), line);
                }
                Err(_) => {
                    self.split.forget();
                    self.leftover = None;
                    self.has_missed = true;
                    return false;
                }
            }
        }
        true
    }

    /// Whether another file stands under the name by now, or is to be read before that one.
    fn is_replaced(&mut self) -> io::Result<bool> {
        let Some(identity) = self.open.as_ref().map(|open| open.identity) else { return Ok(false) };
        match std::fs::metadata(&self.path) {
            Ok(metadata) => {
                self.is_there = true;
                Ok(Identity::of(&metadata) != identity)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.is_there = false;
                Ok(!self.between.is_empty())
            }
            Err(error) => Err(error),
        }
    }
}

/// The lines at the beginning that say what the others mean (Zeek's `#fields`), also where the rest is passed over.
fn head(file: &mut File, line: &mut dyn FnMut(&[u8])) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut beginning = Vec::new();
    file.take(PIECE as u64).read_to_end(&mut beginning)?;
    left::head(&beginning).for_each(line);
    Ok(())
}
