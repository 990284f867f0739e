//! `dijkwacht prove`: that one entry stands in a register, or that a register continues an earlier one, as a file.

use std::path::PathBuf;

use crate::counted::counted;
use crate::outcome::{Failure, Outcome};
use crate::outlet::{Force, Outlet};
use crate::wiring::{self, DataFolder};
use crate::{edge, verbs::organisation};

/// Write the proof that an entry stands in the register, or that the register continues an earlier checkpoint.
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  dijkwacht prove --organisation bakkerij-jansen --entry 4 --out entry-4.tlog-proof\n  dijkwacht prove --organisation bakkerij-jansen --from 12 --out since-12.txt   # 12: the size in the earlier checkpoint"
)]
pub(crate) struct Args {
    /// The organisation, by its short name (see `dijkwacht organisation list`) or id.
    #[arg(long, value_name = "ID")]
    organisation: String,
    #[command(flatten)]
    what: What,
    /// Where to write it.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    force: Force,
    #[command(flatten)]
    folder: DataFolder,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct What {
    /// The number of an entry, from 0.
    #[arg(long, value_name = "N")]
    entry: Option<u64>,
    /// The number of entries of an earlier checkpoint.
    #[arg(long, value_name = "SIZE")]
    from: Option<u64>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let out = Outlet::open(&args.out, args.force.existing())?;
    wiring::runtime()?.block_on(async {
        let app = wiring::open_to_read(&args.folder).await?;
        let organisation = organisation::find(&app, &args.organisation).await?;
        let scope = app.permit_program(&organisation.slug).await?;
        let (proof, what) = match (args.what.entry, args.what.from) {
            (Some(index), _) => (app.prove_entry(&scope, index, edge::now()).await, format!("entry {index}")),
            (None, from) => {
                let size = from.unwrap_or_default();
                (app.prove_growth(&scope, size, edge::now()).await, counted(size, "entry"))
            }
        };
        let proof = proof.map_err(|error| match error {
            app::Error::NotFound => Failure::Input(format!(
                "the register of {} has no {what}; `dijkwacht checkpoint show` tells how many entries it has",
                organisation.slug
            )),
            other => other.into(),
        })?;
        out.write(proof.as_bytes())?;
        edge::say(&format!("written to {}\nkey: {}", args.out.display(), app.register_key(&scope)));
        Ok(Outcome::Done)
    })
}
