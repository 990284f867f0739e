//! `torture`: kills and obstructs real servers, and prints what came of it as the tables of docs/torture.md.
//!
//! Started by `make torture`, which says which program and how much. Exit code 1 where anything was lost, doubled, or not told.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "what was found goes to stdout, how far it is to stderr"
)]
#![expect(clippy::disallowed_methods, reason = "a harness of real processes: it reads the clock for its seed")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use clap::Parser;
use tempfile::TempDir;

use torture::troubles::{self, Seen};
use torture::{Cluster, Place, Plan, Program, Tally, kills};

/// Kill and obstruct real servers while people write; what was acknowledged must be there.
#[derive(Parser)]
struct Args {
    /// The program.
    #[arg(long, value_name = "FILE")]
    dijkwacht: PathBuf,
    /// How many writes must be acknowledged on each store.
    #[arg(long, default_value_t = 10_000)]
    writes: u64,
    /// How many kills there must be on each store at least.
    #[arg(long, default_value_t = 30)]
    kills: u64,
    /// The longest that a server lives, in milliseconds.
    #[arg(long, default_value_t = 4_000)]
    longest: u64,
    /// What the moments are drawn from; printed with the result.
    #[arg(long)]
    seed: Option<u64>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let program = Program::at(&args.dijkwacht);
    let drawn = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(1, |since| since.as_secs());
    let seed = args.seed.unwrap_or(drawn).max(1);
    let mut is_sound = true;

    println!("Seed {seed}.\n");
    println!(
        "| store | acknowledged | server killed | database killed | missing | twice | no answer (kept) | refused | longest start | in all |"
    );
    println!("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
    for store in ["SQLite", "PostgreSQL"] {
        eprintln!("{store}: {} writes", args.writes);
        match on(store, &args, &program, seed) {
            Ok(Some(tally)) => {
                is_sound &= tally.missing == 0 && tally.doubled == 0;
                println!("{}", line(store, &tally));
            }
            Ok(None) => println!("| {store} | skipped: no PostgreSQL on this machine | | | | | | | | |"),
            Err(wrong) => {
                is_sound = false;
                println!("| {store} | **failed**: {wrong:#} | | | | | | | | |");
            }
        }
    }

    println!("\n| what goes wrong | store | what people see | how it recovers |");
    println!("| --- | --- | --- | --- |");
    for trouble in troubles::ALL {
        eprintln!("{}, {}", trouble.name, trouble.store);
        let (shown, recovered) = match (trouble.run)(&program) {
            Ok(Seen::Borne { shown, recovered }) => (shown, recovered),
            Ok(Seen::Skipped(why)) => ("skipped".to_owned(), why),
            Err(wrong) => {
                is_sound = false;
                ("**failed**".to_owned(), format!("{wrong:#}").chars().take(2_000).collect())
            }
        };
        println!("| {} | {} | {} | {} |", trouble.name, trouble.store, cell(&shown), cell(&recovered));
    }
    if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Kills on one store; nothing where this machine has none.
fn on(store: &str, args: &Args, program: &Program, seed: u64) -> Result<Option<Tally>> {
    let folder = TempDir::new()?;
    let data = folder.path().join("data");
    let mut cluster = None;
    let place = if store == "SQLite" {
        Place::Folder(data)
    } else if troubles::has_postgres() {
        let started = cluster.insert(Cluster::start(None)?);
        Place::Postgres { address: started.address().to_owned(), folder: data }
    } else {
        return Ok(None);
    };
    let longest = Duration::from_millis(args.longest);
    let cluster = cluster.as_mut();
    kills(Plan { program, place, cluster, writes: args.writes, kills: args.kills, longest, seed }).map(Some)
}

fn line(store: &str, tally: &Tally) -> String {
    format!(
        "| {store} | {} | {} | {} | {} | {} | {} ({}) | {} | {:.1} s | {:.0} s |",
        tally.acknowledged,
        tally.kills,
        tally.database_kills,
        tally.missing,
        tally.doubled,
        tally.unanswered,
        tally.unanswered_kept,
        tally.refused,
        tally.longest_start.as_secs_f64(),
        tally.took.as_secs_f64()
    )
}

/// Text as it may stand in a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
