//! `dijkwacht migrate`: everything from one database to another, either way.

use std::path::{Path, PathBuf};

use app::{Damaged, MovedTo};

use crate::counted::counted;
use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::place::DataFolder;
use crate::safekeeping::changed::{self, Changed};
use crate::safekeeping::take::{self, Moved};
use crate::safekeeping::{self, Progress};
use crate::wiring;

/// Move everything between a folder (SQLite) and a PostgreSQL database, either way. Run again after a stop, it goes on.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    dijkwacht migrate --from /var/lib/dijkwacht --to postgres://dijkwacht@db.example/dijkwacht\n  \
    dijkwacht migrate --from postgres://dijkwacht@db.example/dijkwacht --key-file /etc/dijkwacht/register.key --to /srv/dijkwacht\n  \
    dijkwacht migrate --reopen /var/lib/dijkwacht\n\n\
    Stop every server on the source first. The source keeps what it holds, and is marked: nothing serves it or writes in it again.")]
pub(crate) struct Args {
    /// The folder, or the postgres:// address, to read.
    #[arg(long, value_name = "ADDR", required_unless_present = "reopen", requires = "to")]
    from: Option<String>,
    /// The folder, or the postgres:// address, to fill: empty, or left by the same move when it was stopped.
    #[arg(long, value_name = "ADDR", required_unless_present = "reopen", requires = "from")]
    to: Option<String>,
    /// Let a folder or database that was moved be used again, as it was then: without what was written since where it went.
    #[arg(long, value_name = "ADDR", conflicts_with_all = ["from", "to"])]
    reopen: Option<String>,
    /// The register's key, where it is not in the folder that is moved; with a database it stays where it is.
    #[arg(long, value_name = "FILE", env = "DIJKWACHT_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Leave stored files behind that are damaged or gone, instead of moving nothing.
    #[arg(long, conflicts_with = "reopen")]
    without_damaged: bool,
    /// Also where a register is not as it was written: everything as it is, instead of nothing; what is wrong is named, and the
    /// exit code is 1.
    #[arg(long, conflicts_with = "reopen")]
    even_changed: bool,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    if let Some(place) = &args.reopen {
        return reopen(&end(place)?);
    }
    let (from, to) = ends(args)?;
    wiring::runtime()?.block_on(async {
        let progress = Progress::begin();
        let how = (Damaged::of(args.without_damaged), Changed::of(args.even_changed));
        let moved = take::moved(&from, &to, how, &progress).await?;
        drop(progress);
        let mut outcome = Outcome::Done;
        match moved {
            Moved::Now { manifest, registers } => {
                let found = if changed::are_sound(&registers) {
                    "every register verifies in both, and both hold the same"
                } else {
                    outcome = Outcome::No;
                    "both hold the same, and NOT every register verifies"
                };
                edge::say(&format!(
                    "moved from {from} to {to}: {}, {}; {found}. {from} is marked as moved: nothing serves it or writes in it again",
                    safekeeping::told(&registers),
                    counted(manifest.files.count, "file")
                ));
                if outcome == Outcome::No {
                    edge::complain(&format!("{}. {}", changed::in_words(&registers), changed::remedy(&from)));
                }
            }
            Moved::Before(mark) => edge::say(&format!(
                "{from} was moved to {to} already, at {}: nothing is left to do, and nothing was changed",
                mark.at
            )),
        }
        edge::say(&format!("every server on {to} needs the key {}", to.key().display()));
        Ok(outcome)
    })
}

fn reopen(place: &DataFolder) -> Result<Outcome, Failure> {
    wiring::runtime()?.block_on(async {
        edge::say(&match take::reopen(place).await? {
            Some(MovedTo { place: there, at }) => format!(
                "{place} may be used again, as it was when it was moved to {there} at {at}. What was written there since is not \
                 in it: use one of the two, and put the other away"
            ),
            None => format!("{place} was not moved: nothing was changed"),
        });
        Ok(Outcome::Done)
    })
}

/// Where it goes from and to. A database has its key outside it: in the folder at the other end, or where it is said to be.
fn ends(args: &Args) -> Result<(DataFolder, DataFolder), Failure> {
    let (from, to) = (args.from.as_deref().unwrap_or_default(), args.to.as_deref().unwrap_or_default());
    let is_one = is_one_place(from, to);
    let (from, mut to) = (source(from, args)?, end(to)?);
    if is_one {
        return Err(Failure::Input(format!("--from and --to are both {from}; give --to another, empty place")));
    }
    if to.database.is_none() && from.database.is_none() && is_within(&to.data, &from.data) {
        return Err(Failure::Input(format!(
            "--to {to} lies in --from {from}, and would be part of what is moved; give a folder elsewhere"
        )));
    }
    if to.database.is_some() {
        to.key_file = Some(from.key());
    }
    Ok((from, to))
}

/// What is moved, or was, with its key.
fn source(text: &str, args: &Args) -> Result<DataFolder, Failure> {
    let place = DataFolder { key_file: args.key_file.clone(), ..end(text)? };
    if place.database.is_some() && place.key_file.is_none() {
        return Err(Failure::Input(
            "the key that signs the registers is not in the database: name its file with --key-file".to_owned(),
        ));
    }
    Ok(place)
}

/// Whether both are the same folder, or the same database however its address is written out.
fn is_one_place(from: &str, to: &str) -> bool {
    let database = |text: &str| {
        let (_, rest) = text.split_once("://")?;
        let rest = rest.split(['?', '#']).next()?;
        let (host, name) = rest.rsplit_once('@').map_or(rest, |(_, place)| place).split_once('/')?;
        let host = match host {
            // The host stands elsewhere in it, as a socket does.
            "" => text.to_owned(),
            host if host.contains(':') => host.to_lowercase(),
            host => format!("{}:5432", host.to_lowercase()),
        };
        Some((host, name.to_owned()))
    };
    let folder = |text: &str| std::fs::canonicalize(text).ok();
    match (database(from), database(to)) {
        (Some(from), Some(to)) => from == to,
        (None, None) => from == to || folder(from).is_some_and(|from| folder(to) == Some(from)),
        _ => false,
    }
}

/// Whether a folder, which need not be there yet, lies in another that is.
fn is_within(inner: &Path, outer: &Path) -> bool {
    let Ok(outer) = std::fs::canonicalize(outer) else { return false };
    let Ok(inner) = std::path::absolute(inner) else { return false };
    // Through links, as far as it is there.
    inner.ancestors().find_map(|above| std::fs::canonicalize(above).ok()).is_some_and(|there| there.starts_with(&outer))
}

fn end(text: &str) -> Result<DataFolder, Failure> {
    if !text.contains("://") {
        return Ok(DataFolder::at(Path::new(text)));
    }
    let Ok(address) = text.parse::<crate::place::Address>();
    address.whole()?;
    Ok(DataFolder { database: Some(address), ..DataFolder::at(Path::new("")) })
}
