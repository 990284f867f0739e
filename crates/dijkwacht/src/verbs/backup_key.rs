//! `dijkwacht backup-key`: a new key for backups, for who has no `age-keygen`.

use std::path::PathBuf;

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::safekeeping;

/// Make a key for backups: the secret half goes into a file, the public half is printed.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht backup-key /etc/dijkwacht/dijkwacht-backup.key")]
pub(crate) struct Args {
    /// Where to write the secret key; must not be there yet.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let recipient = safekeeping::new_key(&args.file)?;
    edge::print(&format!("{recipient}\n"))?;
    edge::say(&format!(
        "the secret key is in {}: without it no backup for this key can ever be opened. Keep it, twice, away from this machine",
        args.file.display()
    ));
    Ok(Outcome::Done)
}
