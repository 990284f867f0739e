//! `dijkwacht mail`: tries the way out for letters, before somebody counts on it.

use std::path::PathBuf;

use app::Mail;

use crate::edge;
use crate::mail::{self, MailPassword};
use crate::outcome::{Failure, Outcome};
use crate::verbs::serve;
use crate::wiring;

/// Try the mail settings.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht mail test --config dijkwacht.toml --to me@example.nl")]
pub(crate) struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(clap::Subcommand)]
enum Act {
    /// Send one mail to an address, and say what the server said.
    #[command(after_help = "Example:\n  dijkwacht mail test --config dijkwacht.toml --to me@example.nl")]
    Test {
        /// The configuration file with a `[mail]` section.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// To whom.
        #[arg(long, value_name = "ADDRESS")]
        to: String,
        #[command(flatten)]
        password: MailPassword,
    },
}

pub(crate) fn run(args: Args) -> Result<Outcome, Failure> {
    let Act::Test { config: path, to, password } = args.act;
    let config = serve::read_config(&path)?.mail.ok_or_else(|| {
        Failure::Input(format!("{} has no [mail] section; see docs/mail.md for what goes in it", path.display()))
    })?;
    let post = mail::post(&config, password)?;
    let id = edge::random().map_err(anyhow::Error::new)?;
    let mail = Mail {
        id: id.iter().take(16).map(|byte| format!("{byte:02x}")).collect(),
        to: to.clone(),
        subject: "Dijkwacht: proef / test".into(),
        text:
            "Deze mail is een proef: Dijkwacht kan mail versturen.\n\nThis mail is a test: Dijkwacht can send mail.\n"
                .into(),
        files: Vec::new(),
    };
    match wiring::runtime()?.block_on(post.send(&mail)) {
        Ok(()) => {
            edge::say(&format!("taken for {to}; look whether it arrives, also among the unwanted mail"));
            Ok(Outcome::Done)
        }
        Err(error) => {
            edge::complain(&error.to_string());
            Ok(Outcome::No)
        }
    }
}
