//! `dijkwacht flows`: the metadata of capture files, without a judgement.

use std::ffi::OsString;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use wire::Tracker;

use crate::outcome::{Failure, Outcome};
use crate::outlet::{Force, Outlet};
use crate::verbs::captures::{self, Read};

/// The metadata of capture files: flows, DNS, TLS and HTTP, as JSON Lines.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht flows monday.pcap.gz --out monday.jsonl")]
pub(crate) struct Args {
    /// The captures, read in this order; - is standard input.
    #[arg(value_name = "PCAP", required = true)]
    captures: Vec<OsString>,
    /// The shape of what is written.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Where to write, instead of standard output; takes its place when all is read.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object a line.
    Json,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let Format::Json = args.format;
    let Some(path) = &args.out else {
        let (read, written) = write(&args.captures, &mut std::io::stdout().lock());
        return match written {
            // A reader that has gone away has seen enough.
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Fault(error.into())),
            _ => Ok(read.outcome()),
        };
    };
    let mut file = Outlet::open(path, args.force.existing())?;
    let (read, written) = write(&args.captures, file.as_writer());
    written.map_err(|error| Failure::unwritable(path, &error))?;
    if read.is_nothing() {
        return Ok(read.outcome());
    }
    file.finish()?;
    Ok(read.outcome())
}

fn write(captures: &[OsString], out: &mut dyn Write) -> (Read, std::io::Result<()>) {
    let mut out = BufWriter::new(out);
    let mut written = Ok(());
    let mut tracker = Tracker::default();
    let read = captures::read(captures, &mut tracker, &mut |event| {
        if written.is_ok()
            && let Some(line) = contract::flow::line(&event)
        {
            written = writeln!(out, "{line}");
        }
    });
    let written = written.and_then(|()| out.flush());
    (read, written)
}
