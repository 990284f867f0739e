//! `dijkwacht dossier`: the complete file of one incident, for the authority that asks for it.

use std::path::PathBuf;

use crate::counted::counted;
use crate::outcome::{Failure, Outcome};
use crate::outlet::{Force, Outlet};
use crate::wiring::{self, DataFolder};
use crate::{edge, verbs::organisation};

/// Write everything on record of one incident to a zip that can be checked by itself.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht dossier --organisation bakkerij-jansen --incident 7 --out dossier-7.zip")]
pub(crate) struct Args {
    /// The organisation, by its short name (see `dijkwacht organisation list`) or id.
    #[arg(long, value_name = "ID")]
    organisation: String,
    /// The incident's number.
    #[arg(long, value_name = "N")]
    incident: u64,
    /// Where to write it.
    #[arg(long, value_name = "FILE.zip")]
    out: PathBuf,
    #[command(flatten)]
    force: Force,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let out = Outlet::open(&args.out, args.force.existing())?;
    wiring::runtime()?.block_on(async {
        let app = wiring::open_to_read(&args.folder).await?;
        let organisation = organisation::find(&app, &args.organisation).await?;
        let scope = app.permit_program(&organisation.slug).await?;
        let bundle = app.case_bundle(&scope, args.incident, edge::now()).await.map_err(|error| match error {
            app::Error::NotFound => Failure::Input(format!(
                "{} has no incident {}; see its register (dijkwacht export)",
                organisation.name, args.incident
            )),
            other => other.into(),
        })?;
        out.write(&bundle.zip)?;
        let key = app.register_key(&scope);
        edge::say(&format!(
            "{} written to {}\nkey: {key}",
            counted(bundle.entries as u64, "entry"),
            args.out.display()
        ));
        Ok(Outcome::Done)
    })
}
