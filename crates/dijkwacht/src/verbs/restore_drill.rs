//! `dijkwacht restore-drill`: restoring, practised before it is needed.

use app::SafetyKind;
use jiff::{SignedDuration, Timestamp};

use crate::counted::counted;
use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::safekeeping::{Given, Progress, changed, make, take};
use crate::wiring::{self, DataFolder};

/// Restore a backup into a throw-away folder, verify every register, tell how long it took, and remember that it was done.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht restore-drill /backups/monday.backup --identity backup.key")]
pub(crate) struct Args {
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let opener = args.given.opener()?;
    wiring::until_stopped(async {
        let began = edge::now();
        let restored = take::try_out(&args.given.file, &opener, &Progress::begin()).await?;
        let ended = edge::now();
        let took = ended.duration_since(began).as_secs_f64();
        let age = old(ended, restored.header.made_at);
        for one in &restored.registers {
            edge::print(&format!(
                "{}\t{}\t{} erased\t{}\n",
                one.slug,
                counted(one.entries, "entry"),
                one.erased,
                one.root
            ))?;
        }
        edge::say(&format!("restored in {took:.1} seconds from a backup {age} old: {}", restored.told()));
        let outcome = restored.outcome();
        // A drill is often held on another machine than the one that is protected.
        let remember = async {
            let app = wiring::open_existing(&args.folder).await?;
            let wrong = match (changed::are_sound(&restored.registers), restored.lacking.is_empty()) {
                (true, true) => String::new(),
                (true, false) => "not whole: ".to_owned(),
                (false, _) => format!("{}: ", changed::in_words(&restored.registers)),
            };
            let remark = format!("{wrong}{age} old, restored in {took:.1} seconds");
            make::note(&app, SafetyKind::Drill, &args.given.file, restored.is_sound(), &remark).await
        };
        if let Err(why) = remember.await {
            edge::say(&format!("the drill is not remembered here: {why}"));
        }
        Ok(outcome)
    })
}

/// How long ago, in the largest unit that says something.
fn old(now: Timestamp, then: Timestamp) -> String {
    let age = now.duration_since(then).max(SignedDuration::ZERO);
    match age.as_hours().unsigned_abs() {
        0 => counted(age.as_mins().unsigned_abs(), "minute"),
        hours @ 1..48 => counted(hours, "hour"),
        hours => counted(hours / 24, "day"),
    }
}
