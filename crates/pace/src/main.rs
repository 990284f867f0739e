//! `pace`: makes traffic and lists, and runs the sensor on them. `scripts/bench.sh` runs it.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Parser, Subcommand};
use pace::flood::{self, Flood, Outcome};
use pace::mix::Mix;
use pace::scan::Scan;

#[derive(Parser)]
#[command(about = "Traffic in any amount, and what the sensor costs on it")]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Make a capture of captures (a folder's, or the made-up office's), laid over each other and repeated.
    Mix {
        /// Where captures stand; without it an office is made up.
        #[arg(long, value_name = "DIR")]
        captures: Option<PathBuf>,
        #[arg(long, default_value_t = 16)]
        copies: u8,
        out: PathBuf,
    },
    /// Make a threat list of so many names and addresses that nobody meets.
    List {
        #[arg(long, default_value_t = 1_630_000)]
        entries: u32,
        out: PathBuf,
    },
    /// Write a threat list in the compact form, as `dijkwacht intel update` does.
    Compact { list: PathBuf, out: PathBuf },
    /// Do what `dijkwacht scan --format json` does; on stderr what memory it took at most.
    Scan {
        captures: Vec<PathBuf>,
        #[arg(long, value_name = "FILE")]
        intel: Vec<PathBuf>,
        #[arg(long)]
        threads: Option<NonZeroUsize>,
    },
    /// An infected office, then a flood, all through the sensor; prints how many of its cases are told, and how much was let go.
    Flood {
        #[arg(value_enum)]
        kind: Flood,
        #[arg(long, default_value_t = 1_000_000)]
        count: u32,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().verb {
        Verb::Mix { captures, copies, out } => {
            let mut mix = Mix::default();
            match captures {
                Some(folder) => add_folder(&mut mix, &folder)?,
                None => add_offices(&mut mix)?,
            }
            let mut file = create(&out)?;
            let frames = mix.write(copies, &mut file)?;
            file.flush()?;
            say(&format!("{frames} packets"))
        }
        Verb::List { entries, out } => {
            let mut file = create(&out)?;
            for number in 0..entries {
                writeln!(file, "{}", flood::listed(number))?;
            }
            Ok(file.flush()?)
        }
        Verb::Compact { list, out } => Ok(fs::write(out, pace::scan::list(&list)?.to_bytes())?),
        Verb::Scan { captures, intel, threads } => {
            let text = Scan { captures, intel, threads }.run()?;
            std::io::stdout().lock().write_all(text.as_bytes())?;
            say(&format!("peak {} KiB", peak_kib()?))
        }
        Verb::Flood { kind, count } => {
            let outcome = flood::after_an_infection(kind, count, wire::Limits::default());
            let Outcome { cases, cases_kept, flows_dropped, findings_dropped, .. } = outcome;
            say(&format!("{cases_kept} of {cases} | {flows_dropped} | {findings_dropped}"))
        }
    }
}

/// Every capture of a folder, in the order of their names.
fn add_folder(mix: &mut Mix, folder: &Path) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng"));
    paths.sort();
    for path in paths {
        mix.add(&fs::read(&path)?).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// A large office's day, several times over.
fn add_offices(mix: &mut Mix) -> anyhow::Result<()> {
    for seed in 1..=4 {
        mix.add(&office::capture(&office::Plan { seed, workstations: 60, ..office::Plan::default() }))?;
    }
    Ok(())
}

fn create(path: &Path) -> anyhow::Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(path).with_context(|| path.display().to_string())?))
}

/// The most memory that this process held so far, as Linux counts it.
fn peak_kib() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("memory is told by Linux only")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stderr().lock(), "{text}")?)
}
