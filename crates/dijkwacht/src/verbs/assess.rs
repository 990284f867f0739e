//! `dijkwacht assess`: the verdict on files of facts.

use std::path::PathBuf;

use facts::Situation;

use crate::edge;
use crate::outcome::{Failure, Outcome};

/// The largest file of facts that is read, in bytes.
const LARGEST_FILE: u64 = 100_000_000;

/// What the law asks, given the facts of an incident; what is unknown stays unknown.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht assess facts.json\n  cat facts.jsonl | dijkwacht assess -")]
pub(crate) struct Args {
    /// A JSON object of facts; a JSON array or JSON Lines gives one verdict a line. - is standard input.
    #[arg(value_name = "FACTS.json")]
    file: PathBuf,
    /// The law pack, instead of the one in force at the moment of awareness.
    #[arg(long, value_name = "ID")]
    law: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let text = edge::read_text(&args.file, LARGEST_FILE)?;
    let named = |line: String| format!("{}: {line}", args.file.display());
    let read = contract::facts::read_many(&text).map_err(|problems| {
        Failure::Input(problems.iter().map(|problem| named(problem.to_string())).collect::<Vec<_>>().join("\n"))
    })?;
    let packs = law::Packs::builtin().map_err(anyhow::Error::new)?;
    for situation in &read.situations {
        let verdict = assess(&packs, situation, args.law.as_deref()).map_err(|error| Failure::Input(named(error)))?;
        edge::print(&format!("{verdict}\n"))?;
    }
    Ok(Outcome::Done)
}

fn assess(packs: &law::Packs, situation: &Situation, chosen: Option<&str>) -> Result<String, String> {
    let now = edge::now();
    let pack = match chosen {
        Some(id) => packs.by_id(id),
        None => packs.in_force(law::judged_at(situation, now)),
    };
    let pack = pack.map_err(|error| error.to_string())?;
    Ok(contract::verdict::to_json(&law::assess_at(pack, situation, now)))
}
