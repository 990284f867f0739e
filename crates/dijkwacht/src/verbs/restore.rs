//! `dijkwacht restore`: a backup put back where nothing is.

use std::path::PathBuf;

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::safekeeping::{self, OpenerArgs, Progress, take};
use crate::wiring::{self, DataFolder};

/// Put a backup back into an empty folder or database, and verify every register. Run again after a stop, it goes on.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    dijkwacht restore /backups/monday.backup --identity backup.key --data /var/lib/dijkwacht\n  \
    dijkwacht restore /backups/monday.backup --identity backup.key --data /var/lib/dijkwacht --database postgres://…")]
pub(crate) struct Args {
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    opener: OpenerArgs,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let opener = args.opener.opener()?;
    wiring::runtime()?.block_on(async {
        let progress = Progress::begin();
        let restored = take::restore(&args.file, &opener, &args.folder, &progress).await?;
        drop(progress);
        edge::say(&format!(
            "restored into {} as it was at {}: {}, {} files; every register verifies. What happened since is not in it; \
             what was erased since is in it again, until `dijkwacht forget --again` is given the list of erasures",
            args.folder,
            restored.header.made_at,
            safekeeping::told(&restored.registers),
            restored.manifest.files.count
        ));
        Ok(Outcome::Done)
    })
}
