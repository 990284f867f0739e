//! Several inputs, one after the other, into one tracker.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::rc::Rc;

use wire::event::{Event, Stats};
use wire::{Malformed, Tracker};

use crate::{Error, Fault, Reading, Warning, read_frames};

/// Where a capture comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    File(PathBuf),
    StandardInput,
}

/// An input of which nothing could be read.
#[derive(Debug, thiserror::Error)]
#[error("{input}: {error}")]
pub struct Failure {
    pub input: Input,
    #[source]
    pub error: Error,
}

/// What came of reading all inputs.
#[derive(Debug, Default)]
pub struct Outcome {
    pub stats: Stats,
    /// What could not be read, with the input it stands in: a bounded number of each input.
    pub warnings: Vec<(Input, Warning)>,
    /// Inputs that were left out. The others were read all the same.
    pub failures: Vec<Failure>,
}

impl Input {
    /// As written on a command line: `-` is standard input.
    pub fn from_argument(argument: &OsStr) -> Self {
        if argument == "-" { Self::StandardInput } else { Self::File(argument.into()) }
    }

    /// The file's size in bytes, packed as it is; absent where that cannot be known beforehand.
    pub fn size_bytes(&self) -> Option<u64> {
        match self {
            Self::File(path) => path.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len()),
            Self::StandardInput => None,
        }
    }

    /// Its bytes, packed as they are.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(match self {
            Self::File(path) => Box::new(File::open(path)?),
            Self::StandardInput => Box::new(io::stdin().lock()),
        })
    }
}

impl fmt::Display for Input {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(formatter),
            Self::StandardInput => formatter.write_str("standard input"),
        }
    }
}

/// Reads the inputs in their order and finishes the tracker. `progress` hears after every frame, and at each input's
/// end, how many bytes, packed as they are, were read of all inputs together.
pub fn run(
    inputs: &[Input],
    tracker: &mut Tracker,
    sink: &mut dyn FnMut(Event),
    progress: &mut dyn FnMut(u64),
) -> Outcome {
    let mut outcome = Outcome::default();
    let bytes_read = Rc::new(Cell::new(0));
    let mut last = None;
    for input in inputs {
        match read(input, tracker, sink, progress, &bytes_read) {
            Ok(reading) => {
                (0..reading.malformed).for_each(|_| tracker.count_malformed());
                outcome.warnings.extend(reading.warnings.into_iter().map(|warning| (input.clone(), warning)));
                last = Some((input, reading.bytes, reading.is_packed));
            }
            Err(error) => outcome.failures.push(Failure { input: input.clone(), error }),
        }
    }
    let malformed = tracker.finish(sink);
    if let (Some(Malformed(what)), Some((input, byte_offset, is_packed))) = (malformed, last) {
        outcome.warnings.push((input.clone(), Warning { byte_offset, is_packed, fault: Fault::AtEnd { what } }));
    }
    outcome.stats = tracker.stats().clone();
    outcome
}

/// Reads one input and hands on its frames; `progress` hears how many bytes of it, packed as they are, were read.
///
/// # Errors
/// When nothing of it could be read.
pub fn read_input(
    input: &Input,
    on_frame: &mut dyn FnMut(wire::Frame<'_>) -> Option<Malformed>,
    progress: &mut dyn FnMut(u64),
) -> Result<Reading, Error> {
    let bytes_read = Rc::new(Cell::new(0));
    let counted = Counted { input: input.open()?, bytes_read: Rc::clone(&bytes_read) };
    read_frames(counted, &mut |frame| {
        let malformed = on_frame(frame);
        progress(bytes_read.get());
        malformed
    })
}

fn read(
    input: &Input,
    tracker: &mut Tracker,
    sink: &mut dyn FnMut(Event),
    progress: &mut dyn FnMut(u64),
    bytes_read: &Rc<Cell<u64>>,
) -> Result<Reading, Error> {
    let counted = Counted { input: input.open()?, bytes_read: Rc::clone(bytes_read) };
    let reading = read_frames(counted, &mut |frame| {
        let malformed = tracker.frame(frame, sink);
        progress(bytes_read.get());
        malformed
    });
    progress(bytes_read.get());
    reading
}

/// Counts what is read through it.
struct Counted {
    input: Box<dyn Read>,
    bytes_read: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.bytes_read.set(self.bytes_read.get() + length as u64);
        Ok(length)
    }
}
