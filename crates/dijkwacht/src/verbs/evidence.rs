//! `dijkwacht evidence check`: whether every stored file is what the journal says it was.

use app::{App, FilesChecked, Organisation};

use crate::counted::counted;
use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::{Format, organisation};
use crate::wiring::{self, DataFolder};

/// Look after the files of incidents.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht evidence check --data /var/lib/dijkwacht")]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    #[command(flatten)]
    folder: DataFolder,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Read every stored file and compare it with the hash in the journal; exit code 1 when one is damaged or missing.
    #[command(after_help = "Example:\n  dijkwacht evidence check --organisation bakkerij-jansen --format json")]
    Check {
        /// One organisation, by its short name or id; without it all of them.
        #[arg(long, value_name = "ID")]
        organisation: Option<String>,
        /// Also erase files that are of no incident, such as those of an upload that broke off; not while somebody uploads.
        #[arg(long)]
        erase_extra: bool,
        /// How the answer is printed.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let Act::Check { organisation, erase_extra, format } = &args.act;
    wiring::runtime()?.block_on(async {
        let app = match erase_extra {
            true => wiring::open_existing(&args.folder).await?,
            false => wiring::open_to_read(&args.folder).await?,
        };
        let organisations = match organisation {
            Some(wanted) => vec![organisation::find(&app, wanted).await?],
            None => app.store.organisations().await?,
        };
        let mut is_sound = true;
        for organisation in organisations {
            is_sound &= check(&app, &organisation, *erase_extra, *format).await?;
        }
        Ok(if is_sound { Outcome::Done } else { Outcome::No })
    })
}

async fn check(app: &App, organisation: &Organisation, erase_extra: bool, format: Format) -> Result<bool, Failure> {
    let scope = app.permit_program(&organisation.slug).await?;
    let checked = app.check_files(&scope).await?;
    let mut erased = 0;
    if erase_extra {
        for sha256 in &checked.extra {
            erased += u64::from(app.store.delete_unused_blob(&scope, sha256).await.map_err(app::Error::from)?);
        }
    }
    edge::print(&match format {
        Format::Text => text(organisation, &checked, erased),
        Format::Json => format!("{}\n", json(organisation, &checked, erased)),
    })?;
    Ok(checked.is_sound())
}

fn text(organisation: &Organisation, checked: &FilesChecked, erased: u64) -> String {
    let FilesChecked { intact, damaged, missing, extra, bytes } = checked;
    let mut lines = vec![format!(
        "{}: {} as stored ({} read), {} damaged, {} missing, {} of no incident",
        organisation.slug,
        counted(intact.len() as u64, "file"),
        counted(*bytes, "byte"),
        damaged.len(),
        missing.len(),
        extra.len()
    )];
    for (what, list) in [("damaged", damaged), ("missing", missing)] {
        lines.extend(list.iter().map(|one| {
            format!("- {what}: {} (incident {}, {:?}); restore it from a backup", one.sha256, one.incident, one.name)
        }));
    }
    lines.extend(extra.iter().map(|sha256| format!("- of no incident: {sha256}")));
    if erased > 0 {
        lines.push(format!("{erased} of no incident erased"));
    }
    lines.join("\n") + "\n"
}

fn json(organisation: &Organisation, checked: &FilesChecked, erased: u64) -> serde_json::Value {
    let named = |list: &[app::LostFile]| -> Vec<_> {
        list.iter()
            .map(|one| serde_json::json!({"sha256": one.sha256, "incident": one.incident, "name": one.name}))
            .collect()
    };
    serde_json::json!({
        "organisation": organisation.slug,
        "sound": checked.is_sound(),
        "intact": checked.intact.len(),
        "bytes": checked.bytes,
        "damaged": named(&checked.damaged),
        "missing": named(&checked.missing),
        "extra": checked.extra,
        "erased": erased,
    })
}
