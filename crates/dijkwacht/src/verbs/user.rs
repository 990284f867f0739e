//! `dijkwacht user`: inviting people without a browser.

use app::NewInvitation;
use incident::Role;

use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::verbs::organisation;
use crate::wiring::{self, DataFolder};

/// Invite people.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  dijkwacht user invite --organisation bakkerij-jansen --role officer --email anna@jansen.example"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
    #[command(flatten)]
    folder: DataFolder,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Make a one-time link behind which somebody chooses a password.
    #[command(
        after_help = "Example:\n  dijkwacht user invite --organisation bakkerij-jansen --role officer --email anna@jansen.example"
    )]
    Invite {
        /// The organisation, by its short name or id.
        #[arg(long, value_name = "ID")]
        organisation: String,
        /// employee, handler, officer, dpo, communications, auditor or administrator; may be given more than once.
        #[arg(long, value_name = "ROLE", required = true, value_parser = role)]
        role: Vec<Role>,
        /// Who it is for; they can change it.
        #[arg(long, value_name = "NAME", default_value = "")]
        name: String,
        /// The address with which they will sign in; they can change it.
        #[arg(long, value_name = "ADDRESS", default_value = "")]
        email: String,
        /// The address at which people reach the pages, for the link.
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8480")]
        base_url: String,
    },
}

fn role(word: &str) -> Result<Role, String> {
    let role = Role::from_key(word).filter(|role| !matches!(role, Role::Engineer | Role::ProviderAdministrator));
    role.ok_or_else(|| "choose employee, handler, officer, dpo, communications, auditor or administrator".to_owned())
}

pub(crate) fn run(args: Args) -> Result<Outcome, Failure> {
    let Act::Invite { organisation, role, name, email, base_url } = args.act;
    if role.contains(&Role::Dpo) && role.contains(&Role::Officer) {
        return Err(Failure::Input(
            "the FG advises and never decides (AVG art. 38(3), 38(6)): give dpo and officer to two people".into(),
        ));
    }
    wiring::runtime()?.block_on(async {
        let app = wiring::open_existing(&args.folder).await?;
        let organisation = organisation::find(&app, &organisation).await?;
        let invitation =
            NewInvitation { organisation: Some(organisation.id), provider: None, roles: role, name, email };
        let token = app.invite(invitation, edge::now()).await?;
        edge::print(&format!("{}\n", web::set_up_link(&base_url, &token)))?;
        edge::say("the link works once, for seven days");
        Ok(Outcome::Done)
    })
}
