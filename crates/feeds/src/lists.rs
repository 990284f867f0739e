//! The lists of a folder in memory, for a process that goes on using them.

use std::{
    fs::{self, File},
    io::{BufReader, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use facts::Text;
use intel::{NotCompact, ReadList, ThreatList};

use crate::{
    fetch::FetchError,
    folder::{Folder, FolderError, Name},
};

/// How a file was when it was read: another one in its place differs in one of these.
type Mark = (Name, SystemTime, u64);

/// The lists of a folder, read again when a file was swapped.
#[derive(Debug)]
pub struct Lists {
    folder: Folder,
    marks: Vec<Mark>,
    lists: Arc<[ThreatList]>,
    /// Theirs, in the same order.
    names: Vec<Name>,
    faults: Vec<ListFault>,
}

/// A list that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}{}", if *.is_old_used { "; the last good one is used" } else { "" }, path = .path.display())]
pub struct ListFault {
    pub name: Name,
    pub path: PathBuf,
    pub why: NotCompact,
    /// An earlier version is in memory still.
    pub is_old_used: bool,
}

impl ListFault {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let used = if self.is_old_used { "; de laatste goede wordt gebruikt" } else { "" };
        Text::made(format!("{}: {}{used}", self.path.display(), self.why.text().nl), self.to_string())
    }
}

impl Lists {
    /// Reads all lists. One that cannot be read is passed over and named in [`Lists::faults`].
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn load(folder: Folder) -> Result<Self, FolderError> {
        let mut lists =
            Self { folder, marks: Vec::new(), lists: Arc::default(), names: Vec::new(), faults: Vec::new() };
        lists.marks = lists.look()?;
        lists.read();
        Ok(lists)
    }

    #[must_use]
    pub fn lists(&self) -> &Arc<[ThreatList]> {
        &self.lists
    }

    /// What could not be read, and why.
    #[must_use]
    pub fn faults(&self) -> &[ListFault] {
        &self.faults
    }

    /// Reads again if any list was added, swapped or removed; true if so. Of one that cannot be read now, the last good
    /// one stays. A look costs a few system calls.
    ///
    /// # Errors
    /// The folder cannot be read; the lists stay as they are.
    pub fn reload_if_changed(&mut self) -> Result<bool, FolderError> {
        let marks = self.look()?;
        if marks == self.marks {
            return Ok(false);
        }
        self.marks = marks;
        self.read();
        Ok(true)
    }

    /// A list is removed with its description, in a folder that is there: what is gone otherwise was lost.
    fn look(&self) -> Result<Vec<Mark>, FolderError> {
        if !self.marks.is_empty()
            && let Err(error) = fs::metadata(self.folder.path())
        {
            return Err(FolderError::Unreadable(self.folder.path().to_owned(), error));
        }
        let names = self.folder.all()?.into_iter().map(|(name, _)| name);
        let mark = |name: Name| match fs::metadata(self.folder.list(&name)) {
            Ok(about) => Some((name, about.modified().unwrap_or(SystemTime::UNIX_EPOCH), about.len())),
            Err(_) => self.names.contains(&name).then_some((name, SystemTime::UNIX_EPOCH, u64::MAX)),
        };
        Ok(names.filter_map(mark).collect())
    }

    fn read(&mut self) {
        self.faults.clear();
        let (mut lists, mut names) = (Vec::new(), Vec::new());
        for (name, _, _) in &self.marks {
            let path = self.folder.list(name);
            let before = self.names.iter().zip(self.lists.iter()).find(|(known, _)| *known == name);
            let list = match read(&path) {
                Ok(list) => Some(list),
                Err(why) => {
                    let is_old_used = before.is_some();
                    self.faults.push(ListFault { name: name.clone(), path, why, is_old_used });
                    before.map(|(_, before)| before.clone())
                }
            };
            if let Some(list) = list {
                lists.push(list);
                names.push(name.clone());
            }
        }
        self.lists = lists.into();
        self.names = names;
    }
}

pub(crate) fn read(path: &Path) -> Result<ThreatList, NotCompact> {
    ThreatList::from_compact(BufReader::new(File::open(path)?))
}

/// One file in any form, packed with gzip or not, or a folder of MISP's, for one use; `name` is what the evidence will call it.
///
/// # Errors
/// It cannot be read, is too large, or is a damaged list of our own.
pub fn read_file(path: &Path, name: &str) -> Result<ReadList, FileError> {
    if path.is_dir() {
        return Ok(ThreatList::read(name, &crate::fetch::read_file(path)?));
    }
    let mut beginning = Vec::new();
    let unreadable = |error| FileError::Fetch(FetchError::Unreadable(path.display().to_string(), error));
    File::open(path).and_then(|file| file.take(64).read_to_end(&mut beginning)).map_err(unreadable)?;
    if intel::is_compact(&beginning) {
        let list = read(path).map_err(|fault| FileError::NotCompact(path.display().to_string(), fault))?;
        return Ok(ReadList::whole(list));
    }
    Ok(ThreatList::read(name, &crate::fetch::read_file(path)?))
}

/// Why a file gives no list.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("{0}: {1}")]
    NotCompact(String, NotCompact),
}

impl FileError {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Fetch(why) => why.text(),
            Self::NotCompact(place, why) => Text::made(format!("{place}: {}", why.text().nl), self.to_string()),
        }
    }
}
