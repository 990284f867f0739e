//! Several inputs, one after the other, into one tracker.

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use wire::event::{Event, Stats};
use wire::{Frame, Limits, Malformed, Tracker};

use crate::read::read_placed_frames;
use crate::shards::Shards;
use crate::{Error, Fault, Reading, Warning};

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

/// Reads the inputs in their order and finishes the tracker. `progress` hears now and then, and at each input's
/// end, how many bytes, packed as they are, were read of all inputs together.
pub fn run(
    inputs: &[Input],
    tracker: &mut Tracker,
    sink: &mut dyn FnMut(Event),
    progress: &mut dyn FnMut(u64),
) -> Outcome {
    let mut readings = Readings::default();
    for input in inputs {
        let reading = readings.read(input, progress, &mut |frame, _| tracker.frame(frame, sink));
        readings.take(input, reading);
    }
    let malformed = tracker.finish(sink);
    let mut stats = tracker.stats().clone();
    stats.malformed += readings.malformed;
    readings.finish(stats, malformed)
}

/// As [`run`], by so many trackers at once: the same events in the same order. They are lent, since what a tracker's thread
/// allocated is freed cheapest by that thread.
pub fn run_sharded(
    inputs: &[Input],
    limits: &Limits,
    shards: NonZeroUsize,
    sink: &mut dyn FnMut(&Event),
    progress: &mut dyn FnMut(u64),
) -> Outcome {
    if shards.get() == 1 {
        return run(inputs, &mut Tracker::new(limits.clone()), &mut |event| sink(&event), progress);
    }
    let mut readings = Readings::default();
    let mut trackers = Shards::new(limits, shards);
    for input in inputs {
        let reading = trackers.read(input, &readings.bytes_read, sink, progress);
        progress(readings.bytes_read.load(Ordering::Relaxed));
        readings.take(input, reading);
    }
    let (mut stats, malformed) = trackers.finish(sink);
    stats.malformed += readings.malformed;
    readings.finish(stats, malformed)
}

/// Reads one input and hands on its frames; `progress` hears now and then how many bytes of it, packed as they are, were
/// read.
///
/// # Errors
/// When nothing of it could be read.
pub fn read_input(
    input: &Input,
    on_frame: &mut dyn FnMut(Frame<'_>) -> Option<Malformed>,
    progress: &mut dyn FnMut(u64),
) -> Result<Reading, Error> {
    Readings::default().read(input, progress, &mut |frame, _| on_frame(frame))
}

/// What came of the inputs so far.
#[derive(Default)]
struct Readings {
    outcome: Outcome,
    bytes_read: Arc<AtomicU64>,
    /// Records of the inputs that could not be handed on.
    malformed: u64,
    /// The input that was read last, how much of it, and whether it was packed.
    last: Option<(Input, u64, bool)>,
}

impl Readings {
    fn read(
        &self,
        input: &Input,
        progress: &mut dyn FnMut(u64),
        on_frame: &mut dyn FnMut(Frame<'_>, u64) -> Option<Malformed>,
    ) -> Result<Reading, Error> {
        let bytes_read = || self.bytes_read.load(Ordering::Relaxed);
        let counted = Counted { input: input.open()?, bytes_read: Arc::clone(&self.bytes_read) };
        let mut told = bytes_read();
        let reading = read_placed_frames(counted, &mut |frame, place| {
            if bytes_read() != told {
                told = bytes_read();
                progress(told);
            }
            on_frame(frame, place)
        });
        progress(bytes_read());
        reading
    }

    fn take(&mut self, input: &Input, reading: Result<Reading, Error>) {
        match reading {
            Ok(reading) => {
                self.malformed += reading.malformed;
                self.outcome.warnings.extend(reading.warnings.into_iter().map(|warning| (input.clone(), warning)));
                self.last = Some((input.clone(), reading.bytes, reading.is_packed));
            }
            Err(error) => self.outcome.failures.push(Failure { input: input.clone(), error }),
        }
    }

    fn finish(mut self, stats: Stats, malformed: Option<Malformed>) -> Outcome {
        if let (Some(Malformed(what)), Some((input, byte_offset, is_packed))) = (malformed, self.last) {
            self.outcome.warnings.push((input, Warning { byte_offset, is_packed, fault: Fault::AtEnd { what } }));
        }
        self.outcome.stats = stats;
        self.outcome
    }
}

/// Counts what is read through it.
pub(crate) struct Counted<R> {
    pub(crate) input: R,
    pub(crate) bytes_read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(buffer)?;
        self.bytes_read.fetch_add(length as u64, Ordering::Relaxed);
        Ok(length)
    }
}
