//! `dijkwacht restore`: a backup put back where nothing is, without what was erased since it was made.

use std::path::{Path, PathBuf};

use crate::outcome::{Failure, Outcome};
use crate::safekeeping::changed::Changed;
use crate::safekeeping::{Given, Progress, take};
use crate::verbs::forget;
use crate::wiring::{self, DataFolder};
use crate::{edge, erasure_list};

/// Put a backup back into an empty folder or database, verify every register, and erase again what was erased since the
/// backup. Run again after a stop, it goes on.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    dijkwacht restore /backups/monday.backup --identity backup.key --data /var/lib/dijkwacht\n  \
    dijkwacht restore /backups/monday.backup --identity backup.key --data /var/lib/dijkwacht --erasures /backups/erasures.list\n  \
    dijkwacht restore /backups/monday.backup --identity backup.key --data /var/lib/dijkwacht --database postgres://…")]
pub(crate) struct Args {
    #[command(flatten)]
    given: Given,
    /// The list of what was erased [default: erasures.list in the folder that is restored into, or beside the backup].
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    /// Also where a register in it is not as it was written: everything as it is; what is wrong is named, and the exit code
    /// is 1.
    #[arg(long)]
    even_changed: bool,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let opener = args.given.opener()?;
    let list = list(args);
    // Read before anything is put back: a list that cannot be read is known now.
    let said = list.as_deref().map(erasure_list::read).transpose()?;
    wiring::runtime()?.block_on(async {
        let progress = Progress::begin();
        let changed = Changed::of(args.even_changed);
        let restored = take::restore(&args.given.file, &opener, &args.folder, changed, &progress).await?;
        drop(progress);
        edge::say(&format!(
            "restored into {} as it was at {}: {}. What happened since is not in it",
            args.folder,
            restored.header.made_at,
            restored.told()
        ));
        let outcome = restored.outcome();
        match (list, said) {
            (Some(list), Some(said)) => {
                let again = format!("dijkwacht forget --again {}", list.display());
                let app = wiring::open_existing(&args.folder).await?;
                forget::again(&app, &list, &said, &erasure_list::of(&args.folder.data)).await.inspect_err(|_| {
                    edge::complain(&format!("what was erased since the backup may be in it again: `{again}`, before you serve it"));
                })?;
            }
            _ => edge::say(&format!(
                "no list of erasures was given or found ({} or beside the backup): if anything was erased since the backup, it is \
                 in it again. Where you have the list: `dijkwacht forget --again erasures.list`, before you serve it",
                erasure_list::of(&args.folder.data).display()
            )),
        }
        Ok(outcome)
    })
}

/// The list that was given, or else found.
fn list(args: &Args) -> Option<PathBuf> {
    let beside = args.given.file.parent().unwrap_or(Path::new(""));
    let found = || [&args.folder.data, beside].map(erasure_list::of).into_iter().find(|path| path.is_file());
    args.erasures.clone().or_else(found)
}
