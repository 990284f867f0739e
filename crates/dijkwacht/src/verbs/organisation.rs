//! `dijkwacht organisation`: making and listing organisations without a browser.

use app::{App, Organisation};
use facts::Text;

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::Format;
use crate::wiring::{self, DataFolder};

/// Make and list organisations.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht organisation add --name \"Bakkerij Jansen\"")]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    #[command(flatten)]
    folder: DataFolder,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Make an organisation with a register of its own.
    #[command(after_help = "Example:\n  dijkwacht organisation add --name \"Bakkerij Jansen\"")]
    Add {
        /// The organisation's name, as its register and papers show it.
        #[arg(long, value_name = "NAME")]
        name: String,
    },
    /// List the organisations: short name, id and name.
    #[command(after_help = "Example:\n  dijkwacht organisation list --format json")]
    List {
        /// How the answer is printed.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
}

pub(crate) fn run(args: Args) -> Result<Outcome, Failure> {
    wiring::runtime()?.block_on(async {
        match args.act {
            Act::Add { name } => {
                let app = wiring::open(&args.folder).await?;
                if name.trim().is_empty() {
                    return Err(Failure::Input("--name is empty; give the organisation's name".into()));
                }
                let made = app.new_organisation(&name, None, edge::now()).await?;
                edge::print(&format!("{}\t{}\t{}\n", made.slug, made.id, made.name))?;
            }
            Act::List { format } => {
                let app = wiring::open_to_read(&args.folder).await?;
                list(&app, format).await?;
            }
        }
        Ok(Outcome::Done)
    })
}

async fn list(app: &App, format: Format) -> Result<(), Failure> {
    for one in app.store.organisations().await? {
        edge::print(&match format {
            Format::Text => format!("{}\t{}\t{}\n", one.slug, one.id, one.name),
            Format::Json => {
                let line = serde_json::json!({"slug": one.slug, "id": one.id.to_string(), "name": one.name});
                format!("{line}\n")
            }
        })?;
    }
    Ok(())
}

/// The organisation of a slug or id.
pub(crate) async fn find(app: &App, wanted: &str) -> Result<Organisation, Failure> {
    let all = app.store.organisations().await?;
    all.into_iter().find(|one| one.slug == wanted || one.id.to_string() == wanted).ok_or_else(|| {
        Failure::Told(Text::made(
            format!("er is geen organisatie `{wanted}`; `dijkwacht organisation list` toont welke er zijn"),
            format!("there is no organisation `{wanted}`; `dijkwacht organisation list` shows those there are"),
        ))
    })
}
