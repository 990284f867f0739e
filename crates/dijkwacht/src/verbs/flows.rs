//! `dijkwacht flows`: the metadata of captures and logs, without a judgement, in our own shape or another sensor's.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use facts::Text;
use logs::{EveOut, Settings, ZeekLog, ZeekOut};

use crate::outcome::{Failure, Outcome};
use crate::outlet::{Force, Outlet, refuse_standard_output};
use crate::verbs::Speech;
use crate::verbs::captures::{self, LogArgs, Read};

/// The metadata of captures and logs: flows, DNS, TLS, HTTP and more, as JSON Lines, Suricata's EVE, or Zeek's logs.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht flows monday.pcap.gz --out monday.jsonl\n  dijkwacht flows monday.pcap --format zeek --out monday/"
)]
pub(crate) struct Args {
    /// Captures and logs, and folders of them; - is standard input.
    #[arg(value_name = "PCAP", required = true)]
    captures: Vec<OsString>,
    /// The shape of what is written.
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Where to write, instead of standard output; takes its place when all is read. For zeek a folder, which is needed.
    #[arg(long, value_name = "FILE", required_if_eq("format", "zeek"))]
    out: Option<PathBuf>,
    #[command(flatten)]
    logs: LogArgs,
    #[command(flatten)]
    force: Force,
    #[command(flatten)]
    pub(crate) speech: Speech,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// One JSON object a line, as the contract has it.
    Json,
    /// Suricata's EVE JSON events.
    Eve,
    /// Zeek's logs, a file each, in the folder that --out names.
    Zeek,
}

/// Writing takes longer than following: more trackers would only wait.
const ONE: NonZeroUsize = NonZeroUsize::MIN;

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let settings = args.logs.settings(detect::private_ranges())?;
    match (args.format, &args.out) {
        (Format::Zeek, Some(folder)) => {
            refuse_standard_output(
                folder,
                &Text::new(
                    "met --format zeek komt er een bestand voor elk soort log; geef een map",
                    "with --format zeek there is a file for each kind of log; give a folder",
                ),
            )?;
            zeek(args, settings, folder)
        }
        (_, None) => {
            let (read, written) = write(args, settings, &mut std::io::stdout().lock());
            match written {
                // A reader that has gone away has seen enough.
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::Fault(error.into())),
                _ => Ok(read.outcome()),
            }
        }
        (_, Some(path)) => {
            let mut file = Outlet::open(path, args.force.existing())?;
            let (read, written) = write(args, settings, file.as_writer());
            written.map_err(|error| Failure::unwritable(path, &error))?;
            if read.is_nothing() {
                return Ok(read.outcome());
            }
            file.finish()?;
            Ok(read.outcome())
        }
    }
}

fn write(args: &Args, settings: Settings, out: &mut dyn Write) -> (Read, std::io::Result<()>) {
    let mut out = BufWriter::new(out);
    let mut written = Ok(());
    let mut eve = (args.format == Format::Eve).then(EveOut::new);
    let mut line = |text: &dyn std::fmt::Display| {
        if written.is_ok() {
            written = writeln!(out, "{text}");
        }
    };
    let read = captures::read(&args.captures, settings, ONE, args.speech, &mut |event| match &mut eve {
        Some(eve) => eve.event(event).iter().for_each(|text| line(text)),
        None => {
            if let Some(text) = contract::flow::line(event) {
                line(&text);
            }
        }
    });
    if let Some(eve) = &mut eve {
        eve.finish().iter().for_each(|text| line(text));
    }
    let written = written.and_then(|()| out.flush());
    (read, written)
}

/// Each log that has a line in the folder. None of them takes its place before all are whole.
fn zeek(args: &Args, settings: Settings, folder: &Path) -> Result<Outcome, Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
    let mut files: BTreeMap<ZeekLog, Outlet> = BTreeMap::new();
    let mut fault = None;
    let mut last_at = None;
    let mut zeek = ZeekOut::new();
    let mut line = |at, log: ZeekLog, text: &str| {
        let mut written = || -> Result<(), Failure> {
            let path = folder.join(format!("{}.log", log.path()));
            if let std::collections::btree_map::Entry::Vacant(place) = files.entry(log) {
                let mut file = Outlet::open(&path, args.force.existing())?;
                let header = log.header(at);
                file.as_writer().write_all(header.as_bytes()).map_err(|error| Failure::unwritable(&path, &error))?;
                place.insert(file);
            }
            let Some(file) = files.get_mut(&log) else { return Ok(()) };
            writeln!(file.as_writer(), "{text}").map_err(|error| Failure::unwritable(&path, &error))
        };
        if fault.is_none() {
            fault = written().err();
        }
    };
    let read = captures::read(&args.captures, settings, ONE, args.speech, &mut |event| {
        last_at = last_at.max(Some(event.at));
        zeek.event(event).iter().for_each(|(log, text)| line(event.at, *log, text));
    });
    let closed_at = last_at.unwrap_or_default();
    zeek.finish().iter().for_each(|(log, text)| line(closed_at, *log, text));
    if let Some(fault) = fault {
        return Err(fault);
    }
    for (log, mut file) in files {
        let path = folder.join(format!("{}.log", log.path()));
        let end = ZeekLog::close(closed_at);
        file.as_writer().write_all(end.as_bytes()).map_err(|error| Failure::unwritable(&path, &error))?;
        file.finish()?;
    }
    Ok(read.outcome())
}
