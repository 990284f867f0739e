//! The list of what was erased, kept outside the database: a restored backup knows nothing of erasures made after it, and
//! this file makes it forget again (`dijkwacht forget --again`).
//!
//! Promises: only grows; a line names entries and moments, and nobody; written through to the disk. Lines that cannot be read
//! are told and counted, and do not stop the others; a file without any line of such a list is none.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use app::{App, ErasureMark};
use jiff::Timestamp;

use crate::edge;
use crate::outcome::Failure;

/// How many marks are asked of the store at once: more than one round of erasing makes, which has one moment.
const AT_ONCE: u32 = 100_000;

/// Where the list of a data folder is.
pub(crate) fn of(data: &Path) -> PathBuf {
    data.join("erasures.list")
}

/// Adds to the list what was erased and does not stand in it; how many lines. All of it is looked at: a clock that was set
/// back, or another server's, gives marks from before the last line.
pub(crate) async fn bring_up_to_date(app: &App, path: &Path) -> Result<u64, Failure> {
    let mut known = BTreeSet::new();
    if path.exists() {
        each(path, |mark| {
            known.insert(mark);
        })?;
    }
    let (mut since, mut added) = (Timestamp::UNIX_EPOCH, 0);
    loop {
        let marks = app.erasures(since, AT_ONCE).await?;
        let fresh: Vec<&ErasureMark> = marks.iter().filter(|mark| !known.contains(*mark)).collect();
        append(path, &fresh)?;
        added += fresh.len() as u64;
        let Some(last) = marks.last().filter(|last| last.erased_at > since) else { return Ok(added) };
        if marks.len() < AT_ONCE as usize {
            return Ok(added);
        }
        since = last.erased_at;
        known.extend(marks);
    }
}

/// What a list says.
pub(crate) struct List {
    pub(crate) marks: Vec<ErasureMark>,
    /// How many lines say something that nobody can read.
    pub(crate) unreadable: u64,
}

/// A whole list. Refused where not one line is of such a list: another file, or one that was cut off. The program itself
/// makes none before there is something to put on it.
pub(crate) fn read(path: &Path) -> Result<List, Failure> {
    let mut marks = Vec::new();
    let unreadable = each(path, |mark| marks.push(mark))?;
    if marks.is_empty() {
        return Err(Failure::Input(format!(
            "{} holds no line of a list of erasures, so that nothing would be erased again: give the `erasures.list` of the \
             folder that was lost, or a copy of it, or move this file away",
            path.display()
        )));
    }
    Ok(List { marks, unreadable })
}

/// What several lists say together: each server has its own, and a copy may be older. Refused where one of them is none.
pub(crate) fn read_all(paths: &[PathBuf]) -> Result<List, Failure> {
    let (mut marks, mut unreadable) = (BTreeSet::new(), 0);
    for path in paths {
        let list = read(path)?;
        marks.extend(list.marks);
        unreadable += list.unreadable;
    }
    Ok(List { marks: marks.into_iter().collect(), unreadable })
}

/// Takes each mark of a list; how many lines cannot be read, which are named.
fn each(path: &Path, mut take: impl FnMut(ErasureMark)) -> Result<u64, Failure> {
    let mut unreadable = 0;
    let mut complain = |line: u64, why: &str| {
        unreadable += 1;
        edge::complain(&format!("{}: line {line}{why}", path.display()));
    };
    let file = std::fs::File::open(path).map_err(|error| Failure::unreadable(path, &error))?;
    for (place, line) in (1_u64..).zip(BufReader::new(file).lines()) {
        match line {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => match line.parse() {
                Ok(mark) => take(mark),
                Err(error) => complain(place, &format!(": {error}")),
            },
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                complain(place, " is not text");
            }
            Err(error) => return Err(Failure::unreadable(path, &error)),
        }
    }
    Ok(unreadable)
}

fn append(path: &Path, marks: &[&ErasureMark]) -> Result<(), Failure> {
    if marks.is_empty() {
        return Ok(());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
    }
    let lines: String = marks.iter().map(|mark| format!("{mark}\n")).collect();
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written =
        options.open(path).and_then(|mut file| file.write_all(lines.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|error| Failure::unwritable(path, &error))
}
