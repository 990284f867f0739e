//! What of a folder is read: captures and logs, told by their content, those that began first first.
//!
//! Promises: links are never followed, so nothing outside the folder is read and nothing twice; depth and number are
//! bounded; what is not read is named.

use std::fs::{self, DirEntry};
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use capture::Input;
use jiff::Timestamp;
use logs::Format;

use crate::files::beginning;

/// Folders within folders: Zeek and others put each day's logs in one, and those of a month in another.
const DEPTH: usize = 4;
/// Files of one folder that are read: a year of Zeek's logs by hour is some 80,000, a month 7,000.
const FILES: usize = 20_000;

/// A folder's files.
#[derive(Debug, Default)]
pub struct Content {
    pub logs: Vec<Input>,
    pub captures: Vec<Input>,
    /// What is not read, in the order of their names.
    pub passed_over: Vec<(PathBuf, PassedOver)>,
}

/// Why something in a folder is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PassedOver {
    /// Neither a capture nor a log that is known here.
    Unknown,
    Empty,
    /// It points elsewhere.
    Link,
    /// A folder too deep within the others.
    TooDeep,
    /// One of too many files.
    TooMany,
    /// A pipe, a socket, a device.
    NoFile,
}

/// Looks through a folder. With `only`, all that is no capture is taken for that log.
///
/// # Errors
/// When it cannot be read. What in it cannot be stands among the captures, whose reader says why.
pub fn content(folder: &Path, only: Option<Format>) -> io::Result<Content> {
    let mut content = Content::default();
    let mut captures = Vec::new();
    look(folder, 0, only, &mut content, &mut captures)?;
    captures.sort();
    content.captures = captures.into_iter().map(|(_, path)| Input::File(path)).collect();
    Ok(content)
}

fn look(
    folder: &Path,
    depth: usize,
    only: Option<Format>,
    content: &mut Content,
    captures: &mut Vec<(Timestamp, PathBuf)>,
) -> io::Result<()> {
    let mut entries: Vec<DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        let (path, kind) = (entry.path(), entry.file_type()?);
        let passed_over = if kind.is_symlink() {
            PassedOver::Link
        } else if kind.is_dir() && depth < DEPTH {
            if look(&path, depth + 1, only, content, captures).is_err() {
                captures.push((Timestamp::MIN, path));
            }
            continue;
        } else if kind.is_dir() {
            PassedOver::TooDeep
        } else if !kind.is_file() {
            PassedOver::NoFile
        } else if content.logs.len() + captures.len() >= FILES {
            PassedOver::TooMany
        } else {
            match beginning(&Input::File(path.clone())) {
                Ok(text) if text.is_empty() => PassedOver::Empty,
                Ok(text) if capture::begins_as_capture(&text) => {
                    captures.push((first_packet(&text), path));
                    continue;
                }
                Ok(text) if only.is_some() || !text.contains(&0) && Format::of_file(&text).is_some() => {
                    content.logs.push(Input::File(path));
                    continue;
                }
                Ok(_) => PassedOver::Unknown,
                Err(_) => {
                    captures.push((Timestamp::MIN, path));
                    continue;
                }
            }
        };
        content.passed_over.push((path, passed_over));
    }
    Ok(())
}

/// When a capture begins.
fn first_packet(beginning: &[u8]) -> Timestamp {
    let mut first = None;
    // Cut off as it is, it ends in a fault after what could be read.
    let _ = capture::read_frames(Cursor::new(beginning), &mut |frame| {
        first.get_or_insert(frame.at);
        None
    });
    first.unwrap_or(Timestamp::MIN)
}
