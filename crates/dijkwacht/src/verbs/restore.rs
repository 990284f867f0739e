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
    /// A list of what was erased, of each server one; used beside erasures.list in the folder that is restored into and beside
    /// the backup, where these are.
    #[arg(long, value_name = "FILE")]
    erasures: Vec<PathBuf>,
    /// Also where a register in it is not as it was written: everything as it is; what is wrong is named, and the exit code
    /// is 1.
    #[arg(long)]
    even_changed: bool,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let opener = args.given.opener()?;
    let lists = lists(args);
    // Read before anything is put back: a list that cannot be read is known now.
    let said = erasure_list::read_all(&lists)?;
    wiring::runtime()?.block_on(async {
        let progress = Progress::begin();
        let changed = Changed::of(args.even_changed);
        let marked = take::restore(&args.given.file, &opener, &args.folder, changed, &progress).await?;
        drop(progress);
        let own = erasure_list::of(&args.folder.data);
        let erased = match lists.as_slice() {
            [] => Ok(()),
            lists => forget::again(&marked.app, &named(lists), &said, &own).await,
        };
        match &erased {
            // What no list says any more, or what is refused by the incident itself, comes of no second time.
            Ok(()) | Err(Failure::No(_)) => {}
            Err(_) => {
                edge::complain(&format!(
                    "everything is back in {}, with what was erased since the backup, so that nothing opens it yet: mend what is \
                     named below, and run the same command again, which goes on",
                    args.folder
                ));
                return erased.map(|()| Outcome::No);
            }
        }
        let restored = marked.end().await?;
        edge::say(&format!(
            "restored into {} as it was at {}: {}. What happened since is not in it",
            args.folder,
            restored.header.made_at,
            restored.told()
        ));
        let outcome = restored.outcome();
        if lists.is_empty() {
            edge::say(&format!(
                "no list of erasures was given or found ({} or beside the backup): if anything was erased since the backup, it is \
                 in it again. Where you have the list: `dijkwacht forget --again erasures.list`, before you serve it",
                own.display()
            ));
        }
        erased.inspect_err(|_| {
            let again: Vec<_> = lists.iter().map(|list| format!("`dijkwacht forget --again {}`", list.display())).collect();
            let again = again.join(" and ");
            edge::complain(&format!("what was erased since the backup may be in it again: {again}, before you serve it"));
        })?;
        Ok(outcome)
    })
}

/// Every list there is: those that were given, that of the folder, and the one beside the backup. Each has what the others may
/// lack: a copy is older, and another server erased as well.
fn lists(args: &Args) -> Vec<PathBuf> {
    let beside = args.given.file.parent().unwrap_or(Path::new(""));
    let found = [&args.folder.data, beside].map(erasure_list::of).into_iter().filter(|path| path.is_file());
    let mut lists: Vec<PathBuf> = Vec::new();
    for path in args.erasures.iter().cloned().chain(found) {
        let is_same = |other: &PathBuf| match (path.canonicalize(), other.canonicalize()) {
            (Ok(one), Ok(other)) => one == other,
            _ => path == *other,
        };
        if !lists.iter().any(is_same) {
            lists.push(path);
        }
    }
    lists
}

fn named(lists: &[PathBuf]) -> String {
    lists.iter().map(|list| list.display().to_string()).collect::<Vec<_>>().join(" and ")
}
