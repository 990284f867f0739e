//! `dijkwacht evidence`: whether every stored file is what the journal says it was, and putting one back that is not.

use std::path::{Path, PathBuf};

use app::{App, FilesChecked, Organisation};

use crate::counted::counted;
use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::safekeeping::lost;
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
    /// Put files back that are damaged or gone: each goes where the journal has a file of just that content.
    #[command(
        name = "put-back",
        after_help = "Example:\n  dijkwacht evidence put-back invoice.pdf --data /var/lib/dijkwacht"
    )]
    PutBack {
        /// Copies of the files as they were; what they are called does not matter.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

/// More than any stored file has, in bytes.
const LARGEST_FILE: u64 = 200_000_000;

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    let (organisation, erase_extra, format) = match &args.act {
        Act::Check { organisation, erase_extra, format } => (organisation, erase_extra, format),
        Act::PutBack { files } => return put_back(files, &args.folder),
    };
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

fn put_back(files: &[PathBuf], folder: &DataFolder) -> Result<Outcome, Failure> {
    wiring::runtime()?.block_on(async {
        let app = wiring::open_existing(folder).await?;
        let mut outcome = Outcome::Done;
        for path in files {
            if !put_one_back(&app, path).await? {
                outcome = Outcome::No;
            }
        }
        Ok(outcome)
    })
}

/// Whether a file was wanted somewhere.
async fn put_one_back(app: &App, path: &Path) -> Result<bool, Failure> {
    let bytes = edge::read_bytes(path, LARGEST_FILE)?;
    let mut is_wanted = false;
    for organisation in app.store.organisations().await? {
        let scope = app.permit_program(&organisation.slug).await?;
        for one in app.put_back(&scope, &bytes, edge::now()).await? {
            is_wanted = true;
            let (path, slug) = (path.display(), &organisation.slug);
            edge::say(&format!("{path} put back: incident {} of {slug}, {}", one.incident, lost::called(&one.name)));
        }
    }
    if !is_wanted {
        edge::complain(&format!(
            "{} is no file that is damaged or gone here; `dijkwacht evidence check` names those that are",
            path.display()
        ));
    }
    Ok(is_wanted)
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
    let FilesChecked { intact, damaged, missing, extra, bytes, unreadable } = checked;
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
            format!(
                "- {what}: {} (incident {}, {}); restore it from a backup (`dijkwacht evidence put-back FILE`)",
                one.sha256,
                one.incident,
                lost::called(&one.name)
            )
        }));
    }
    lines.extend(unreadable.iter().map(|number| {
        format!(
            "- incident {number}: an entry of it is not what was written, so what its files are called is not known; \
             `dijkwacht backup` names the entry, and what to do"
        )
    }));
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
        "unreadable": checked.unreadable,
        "erased": erased,
    })
}
