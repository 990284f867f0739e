//! `dijkwacht forget`: erasing the incidents of which the retention term ended, and making a restored backup forget again.

use std::path::{Path, PathBuf};

use app::{App, Round};

use crate::counted::counted;
use crate::erasure_list::List;
use crate::outcome::{Failure, Outcome, chain};
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
    /// After nothing ran here for more than a week: the clock did not leap. What ended is announced for thirty days from now.
    #[arg(long, conflicts_with_all = ["dry_run", "again"])]
    the_clock_is_right: bool,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    wiring::runtime()?.block_on(async {
        // Who only looks may do so where nothing may be written.
        let app = match args.dry_run {
            true => wiring::open_to_read(&args.folder).await?,
            false => wiring::open_existing(&args.folder).await?,
        };
        let list = erasure_list::of(&args.folder.data);
        if let Some(path) = &args.again {
            again(&app, &path.display().to_string(), &erasure_list::read(path)?, &list).await?;
        } else {
            if args.the_clock_is_right {
                confirm_clock(&app).await?;
            }
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
/// answer is "no" where a line cannot be read, or fits nothing here: nobody knows what it would have erased.
pub(crate) async fn again(app: &App, from: &str, list: &List, own: &Path) -> Result<(), Failure> {
    let again = app.erase_again(&list.marks, edge::now()).await?;
    let (all, app::ErasedAgain { entries, already, later, unfit, .. }) = (list.marks.len() as u64, &again);
    let mut told = format!("{from}: {} on the list, {entries} erased again", counted(all, "entry"));
    for (count, what) in [
        (*already, "erased already"),
        (*later, "of entries that are not in it, as those that were written later"),
        (*unfit, "of no entry here"),
    ] {
        if count > 0 {
            told.push_str(&format!(", {count} {what}"));
        }
    }
    edge::say(&told);
    erasure_list::bring_up_to_date(app, own).await?;
    for (id, error) in &again.failures {
        not_erased(&format!("incident {id}"), error);
    }
    let strange = match (*unfit, *later) {
        // Not one of them is known here: a register that has grown since has some that are.
        (0, later) if later > 0 && later == all => later,
        (unfit, _) => unfit,
    };
    let left = left(again.failures.len() as u64, list.unreadable).into_iter().chain(fits_nothing(strange));
    match left.collect::<Vec<_>>().join(". ") {
        nothing if nothing.is_empty() => Ok(()),
        what => Err(Failure::No(format!("{from}: {what}"))),
    }
}

/// Believes the clock again, where it was not.
async fn confirm_clock(app: &App) -> Result<(), Failure> {
    let now = edge::now();
    if app.clock_leap(now).await?.is_none() {
        edge::say("the clock was believed already: nothing waited for this");
        return Ok(());
    }
    app.confirm_clock(now).await?;
    edge::say(
        "the clock is believed again: what ended is announced for thirty days from now (Register › Wat wordt gewist)",
    );
    Ok(())
}

/// Erases what ended, of all organisations or one; prints a line for each incident. What cannot be erased is named, and
/// keeps none of the others.
async fn forget(app: &App, only: Option<&str>, is_dry: bool) -> Result<(), Failure> {
    let (mut failures, mut waits) = (0, None);
    let clock = if is_dry { app.last_seen_clock().await? } else { app.see_clock(edge::now()).await? };
    for one in app.store.organisations().await? {
        if only.is_some_and(|slug| slug != one.slug) {
            continue;
        }
        let scope = app.permit_program(&one.slug).await?;
        let mut next = Some(Round::default());
        while let Some(round) = next {
            let forgotten = app.forget_ended(&scope, round, is_dry, clock, edge::now()).await?;
            for number in &forgotten.incidents {
                edge::print(&format!("{}\t{number}\n", one.slug))?;
            }
            if let Some(leap) = forgotten.leap {
                waits = Some(leap);
            }
            for (number, error) in &forgotten.failures {
                not_erased(&format!("{}, incident {number}", one.slug), error);
                failures += 1;
            }
            next = forgotten.next;
        }
    }
    let left = waits.map(|leap| leap.to_string()).or_else(|| left(failures, 0));
    left.map_or(Ok(()), |what| Err(Failure::No(what)))
}

/// Names an incident that could not be erased, when it is met: others follow.
fn not_erased(what: &str, error: &app::Error) {
    edge::complain(&format!("{what}: not erased: {}", chain(error)));
}

/// What is still there, and what to do: so many incidents, and so many lines of the list that say nothing. Both are named
/// above it.
fn left(incidents: u64, lines: u64) -> Option<String> {
    let (few, some) = (counted(incidents, "incident"), counted(lines, "line"));
    match (incidents, lines) {
        (0, 0) => None,
        (_, 0) => Some(format!(
            "{few} could not be erased, for the reasons above; all others were. Mend that, and run it again"
        )),
        (0, _) => Some(format!(
            "{some} of the list could not be read, and what was erased by that may be there again. Look for a whole copy of \
             the list, and run it again with that one"
        )),
        _ => Some(format!(
            "{few} could not be erased, for the reasons above, and {some} of the list could not be read: what is named there \
             may be there again. Mend the first, look for a whole copy of the list, and run it again with that one"
        )),
    }
}

/// What it means that so many lines fit nothing here, and what to do.
fn fits_nothing(lines: u64) -> Option<String> {
    let some = counted(lines, "line");
    (lines > 0).then(|| {
        format!(
            "{some} of the list fit no entry here: the list is of another register, or of another history of this one, and what \
             was erased here since may be there again. Look for the `erasures.list` that was kept beside these data, and run it \
             again with that one (`dijkwacht forget --again`)"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn what_is_left_is_said_with_what_to_do() {
        let cases: Vec<_> = [(0, 0), (1, 0), (3, 0), (0, 1), (0, 2), (2, 1)]
            .into_iter()
            .map(|(incidents, lines)| left(incidents, lines).unwrap_or_default())
            .collect();
        insta::assert_snapshot!(cases.join("\n"), @r"

        1 incident could not be erased, for the reasons above; all others were. Mend that, and run it again
        3 incidents could not be erased, for the reasons above; all others were. Mend that, and run it again
        1 line of the list could not be read, and what was erased by that may be there again. Look for a whole copy of the list, and run it again with that one
        2 lines of the list could not be read, and what was erased by that may be there again. Look for a whole copy of the list, and run it again with that one
        2 incidents could not be erased, for the reasons above, and 1 line of the list could not be read: what is named there may be there again. Mend the first, look for a whole copy of the list, and run it again with that one
        ");
    }
}
