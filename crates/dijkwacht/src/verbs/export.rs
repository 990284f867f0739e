//! `dijkwacht export`: the register of an organisation, with everything needed to check it.

use std::path::PathBuf;

use crate::outcome::{Failure, Outcome};
use crate::wiring::{self, DataFolder};
use crate::{edge, verbs::organisation};

/// Write an organisation's register to a zip that anyone can verify offline.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht export --organisation bakkerij-jansen --out register.zip")]
pub(crate) struct Args {
    /// The organisation, by its short name (see `dijkwacht organisation list`) or id.
    #[arg(long, value_name = "ID")]
    organisation: String,
    /// Where to write it.
    #[arg(long, value_name = "FILE.zip")]
    out: PathBuf,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    wiring::runtime()?.block_on(async {
        let app = wiring::open_existing(&args.folder).await?;
        let organisation = organisation::find(&app, &args.organisation).await?;
        let scope = app.permit_program(&organisation.slug).await?;
        let export = app.export(&scope, edge::now()).await?;
        edge::write(&args.out, &export.zip)?;
        let provider_key = app.provider_key(&scope).map_or(String::new(), |key| format!("\nprovider key: {key}"));
        edge::say(&format!(
            "{} entries of {} written to {}\nkey: {}{provider_key}",
            export.entries,
            organisation.name,
            args.out.display(),
            app.register_key(&scope)
        ));
        Ok(Outcome::Done)
    })
}
