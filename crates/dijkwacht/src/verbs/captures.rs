//! Captures named on a command line, read with a progress bar and with warnings that name file and byte.

use std::ffi::OsString;

use capture::Input;
use indicatif::{ProgressBar, ProgressStyle};
use wire::Tracker;
use wire::event::{Event, Stats};

use crate::edge;
use crate::outcome::Outcome;

/// What came of reading.
pub(crate) struct Read {
    pub(crate) stats: Stats,
    failed: usize,
    inputs: usize,
}

impl Read {
    /// An input of which nothing could be read is wrong input, also when the others were read.
    pub(crate) fn outcome(&self) -> Outcome {
        if self.failed > 0 { Outcome::WrongUsage } else { Outcome::Done }
    }

    /// Not one input could be read.
    pub(crate) fn is_nothing(&self) -> bool {
        self.failed == self.inputs
    }
}

/// Reads all inputs in their order; says on stderr what could not be read, and where.
pub(crate) fn read(arguments: &[OsString], tracker: &mut Tracker, sink: &mut dyn FnMut(Event)) -> Read {
    let inputs: Vec<_> = arguments.iter().map(|argument| Input::from_argument(argument)).collect();
    // The bar draws itself only where stderr is a terminal.
    let bar = match inputs.iter().map(Input::size_bytes).sum::<Option<u64>>() {
        Some(total) => ProgressBar::new(total).with_style(
            ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {eta}")
                .unwrap_or_else(|_| ProgressStyle::default_bar()),
        ),
        None => ProgressBar::new_spinner(),
    };
    let outcome = capture::run(&inputs, tracker, sink, &mut |bytes| bar.set_position(bytes));
    bar.finish_and_clear();
    for (input, warning) in &outcome.warnings {
        edge::say(&format!("warning: {input}: {warning}"));
    }
    for failure in &outcome.failures {
        edge::complain(&failure.to_string());
    }
    Read { stats: outcome.stats, failed: outcome.failures.len(), inputs: inputs.len() }
}
