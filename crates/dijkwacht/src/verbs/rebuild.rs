//! `dijkwacht rebuild`: makes what lists and searches are read from again, from the journal alone.

use indicatif::{ProgressBar, ProgressStyle};

use app::{App, Organisation};

use crate::counted::counted;
use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::organisation;
use crate::wiring::{self, DataFolder};

/// Make the lists, the register's rows and the search words again from the journal; the server may go on meanwhile.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht rebuild --organisation bakkerij-jansen")]
pub(crate) struct Args {
    /// One organisation, by its short name (see `dijkwacht organisation list`) or id; without it, all of them.
    #[arg(long, value_name = "ID")]
    organisation: Option<String>,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    wiring::runtime()?.block_on(async {
        let app = wiring::open_existing(&args.folder).await?;
        let organisations = match &args.organisation {
            Some(wanted) => vec![organisation::find(&app, wanted).await?],
            None => app.store.organisations().await?,
        };
        let mut outcome = Outcome::Done;
        for organisation in &organisations {
            if !rebuild(&app, organisation).await? {
                outcome = Outcome::No;
            }
        }
        Ok(outcome)
    })
}

/// Makes the lines again that another edition of the program made: once after an upgrade, before anything is shown. One
/// that cannot be made again is told, and is no reason to show none of the others.
pub(crate) async fn bring_up_to_date(app: &App) -> Result<(), Failure> {
    for slug in app.outdated().await? {
        let scope = app.permit_program(&slug).await?;
        rebuild(app, scope.organisation()).await?;
    }
    Ok(())
}

/// Makes the lines of an organisation again; whether all of them could be.
async fn rebuild(app: &App, organisation: &Organisation) -> Result<bool, Failure> {
    let scope = app.permit_program(&organisation.slug).await?;
    // Hidden by itself where stderr is no terminal.
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {msg}") {
        bar.set_style(style);
    }
    bar.set_prefix(organisation.slug.clone());
    let rebuilt = app
        .rebuild_telling(&scope, |so_far| {
            bar.set_message(format!("{}, {}", counted(so_far.incidents, "incident"), counted(so_far.entries, "entry")));
            bar.tick();
        })
        .await;
    bar.finish_and_clear();
    let rebuilt = match rebuilt {
        Ok(rebuilt) => rebuilt,
        Err(error) if error.is_of_the_whole_store() => return Err(error.into()),
        // It is about this register alone, and keeps none of the others.
        Err(error) => {
            edge::complain(&format!(
                "{}: stopped, and the lines that were not made again are left as they were: {}",
                organisation.slug,
                Failure::from(error)
            ));
            return Ok(false);
        }
    };
    let strays = match rebuilt.strays {
        0 => String::new(),
        1 => "; 1 line that the journal knows nothing of is gone".to_owned(),
        count => format!("; {count} lines that the journal knows nothing of are gone"),
    };
    edge::say(&format!(
        "{}: {} made again from {}{strays}",
        organisation.slug,
        counted(rebuilt.incidents, "incident"),
        counted(rebuilt.entries, "entry")
    ));
    for entry in &rebuilt.damaged {
        edge::complain(&format!(
            "{}: entry {entry} is not what was written: it was changed, moved to another incident or damaged, and the line of its \
             incident is left as it was. Keep a copy of the data as they are, and look at `dijkwacht restore`",
            organisation.slug
        ));
    }
    Ok(rebuilt.damaged.is_empty())
}
