//! `dijkwacht forget`: erasing the incidents of which the retention term ended, and making a restored backup forget again.

use std::path::{Path, PathBuf};

use app::App;

use crate::erasure_list::List;
use crate::outcome::{Failure, Outcome};
use crate::verbs::organisation;
use crate::wiring::{self, DataFolder};
use crate::{edge, erasure_list};

/// Erase closed incidents whose retention term ended, or show which they are.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht forget --dry-run\n  dijkwacht forget --again dijkwacht-data/erasures.list"
)]
pub(crate) struct Args {
    /// Say what would be erased, and erase nothing.
    #[arg(long)]
    dry_run: bool,
    /// Of one organisation alone, by its short name or id.
    #[arg(long, value_name = "ID")]
    organisation: Option<String>,
    /// After an older backup was restored: erase again what this list says was erased.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "organisation"])]
    again: Option<PathBuf>,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    wiring::runtime()?.block_on(async {
        let app = wiring::open_existing(&args.folder).await?;
        let list = erasure_list::of(&args.folder.data);
        if let Some(path) = &args.again {
            again(&app, path, &erasure_list::read(path)?, &list).await?;
        } else {
            let only = match &args.organisation {
                Some(wanted) => Some(organisation::find(&app, wanted).await?.slug),
                None => None,
            };
            let forgotten = forget(&app, only.as_deref(), args.dry_run).await;
            // What was erased is on the list, whatever could not be.
            if !args.dry_run {
                erasure_list::bring_up_to_date(&app, &list).await?;
            }
            forgotten?;
        }
        Ok(Outcome::Done)
    })
}

/// Makes a restored backup forget again what a list says was erased, and keeps the list of the place where it is now. The
/// answer is "no" where a line cannot be read: nobody knows what it would have erased.
pub(crate) async fn again(app: &App, from: &Path, list: &List, own: &Path) -> Result<(), Failure> {
    let again = app.erase_again(&list.marks, edge::now()).await?;
    let erased = again.entries;
    edge::say(&format!("{}: {} entries on the list, {erased} erased again", from.display(), list.marks.len()));
    erasure_list::bring_up_to_date(app, own).await?;
    let failures = again.failures.iter().map(|(id, error)| (format!("incident {id}"), error));
    all_erased(failures.collect())?;
    match list.unreadable {
        0 => Ok(()),
        count => Err(Failure::No(format!(
            "{}: {count} lines cannot be read, and what they name may be in it again: look for a whole copy of the list and \
             do it over with that",
            from.display()
        ))),
    }
}

/// Erases what ended, of all organisations or one; prints a line for each incident. What cannot be erased is named, and
/// keeps none of the others.
async fn forget(app: &App, only: Option<&str>, is_dry: bool) -> Result<(), Failure> {
    let mut failures = Vec::new();
    for one in app.store.organisations().await? {
        if only.is_some_and(|slug| slug != one.slug) {
            continue;
        }
        let scope = app.permit_program(&one.slug).await?;
        loop {
            let round = app.forget_ended(&scope, is_dry, edge::now()).await?;
            for number in &round.incidents {
                edge::print(&format!("{}\t{number}\n", one.slug))?;
            }
            if is_dry || round.incidents.is_empty() {
                let named = round.failures.into_iter();
                failures.extend(named.map(|(number, error)| (format!("{}, incident {number}", one.slug), error)));
                break;
            }
        }
    }
    all_erased(failures.iter().map(|(what, error)| (what.clone(), error)).collect())
}

/// Names each incident that could not be erased.
fn all_erased(failures: Vec<(String, &app::Error)>) -> Result<(), Failure> {
    let count = failures.len();
    for (what, error) in failures {
        edge::complain(&format!("{what}: not erased: {error}"));
    }
    if count == 0 {
        return Ok(());
    }
    Err(Failure::No(format!("{count} incidents were not erased, for the reasons above; all others were")))
}
