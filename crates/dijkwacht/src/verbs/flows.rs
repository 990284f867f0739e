//! `dijkwacht flows`: the metadata of capture files, without a judgement.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use wire::Tracker;

use crate::outcome::{Failure, Outcome};
use crate::verbs::captures;

/// The metadata of capture files: flows, DNS, TLS and HTTP, as JSON Lines.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht flows monday.pcap.gz --out monday.jsonl")]
pub(crate) struct Args {
    /// The captures, read in this order; - is standard input.
    #[arg(value_name = "PCAP", required = true)]
    captures: Vec<OsString>,
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Where to write, instead of standard output.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object a line.
    Json,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let Format::Json = args.format;
    let mut out: Box<dyn Write> = match &args.out {
        Some(path) => Box::new(BufWriter::new(File::create(path).map_err(|error| Failure::unwritable(path, &error))?)),
        None => Box::new(BufWriter::new(std::io::stdout().lock())),
    };
    let mut written: std::io::Result<()> = Ok(());
    let mut tracker = Tracker::default();
    let read = captures::read(&args.captures, &mut tracker, &mut |event| {
        if written.is_ok()
            && let Some(line) = contract::flow::line(&event)
        {
            written = writeln!(out, "{line}");
        }
    });
    match written.and_then(|()| out.flush()) {
        // A reader that has gone away has seen enough.
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Fault(error.into())),
        _ => Ok(read.outcome()),
    }
}
