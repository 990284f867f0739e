//! `dijkwacht backup`: everything in one encrypted file, while the server runs; and whether such a file is good.

use std::path::PathBuf;

use app::Damaged;
use backup::Lock;
use facts::Text;

use crate::counted::counted;
use crate::edge;
use crate::outcome::{Failure, Outcome};
use crate::outlet::refuse_standard_output;
use crate::safekeeping::changed::{self, Changed};
use crate::safekeeping::{self, OpenerArgs, Progress, lost, make, take};
use crate::wiring::{self, DataFolder};

/// Write everything (database, documents, the register's key) to one encrypted file, and check it by restoring it.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    dijkwacht backup-key /etc/dijkwacht/dijkwacht-backup.key              # once; keep it away from this machine\n  \
    dijkwacht backup /backups/monday.backup --recipient age1…    # while the server runs\n  \
    dijkwacht backup /backups/monday.backup --check --identity /etc/dijkwacht/dijkwacht-backup.key")]
pub(crate) struct Args {
    /// The file to write, which must not be there yet; with --check the file to check.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The public key (age1…) of somebody who may open it; may be given more than once.
    #[arg(long, value_name = "KEY")]
    recipient: Vec<String>,
    #[command(flatten)]
    opener: OpenerArgs,
    /// Write it readable by anyone who has the file, with everything in it and the key that signs the registers.
    #[arg(long, conflicts_with_all = ["recipient", "passphrase_file", "check"])]
    unencrypted: bool,
    /// Write nothing: read a backup, restore it into a throw-away folder, and verify every register in it.
    #[arg(long, conflicts_with = "recipient")]
    check: bool,
    /// Leave stored files out that are damaged or gone, instead of writing nothing; they are named, and the exit code is 1.
    #[arg(long, conflicts_with = "check")]
    without_damaged: bool,
    /// Also where a register is not as it was written: everything as it is, instead of nothing; what is wrong is named, and the
    /// exit code is 1.
    #[arg(long, conflicts_with = "check")]
    even_changed: bool,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    wiring::until_stopped(async { if args.check { check(args).await } else { write(args).await } })
}

async fn write(args: &Args) -> Result<Outcome, Failure> {
    refuse_standard_output(
        &args.file,
        &Text::new(
            "een back-up wordt na het schrijven teruggelezen en nagezien, en gaat dus naar een bestand; geef een naam",
            "a backup is read back and checked after it was written, and so goes to a file; give a name",
        ),
    )?;
    let lock = match args.opener.lock(&args.recipient)? {
        Some(lock) => lock,
        None if args.unencrypted => {
            edge::say(
                "warning: this backup is not encrypted; whoever reads the file has every personal detail, and can sign in your name",
            );
            Lock::Open
        }
        None => {
            return Err(Failure::Input(
                "say who may open it: --recipient with a public key (`dijkwacht backup-key FILE` makes one), or --passphrase-file; \
                 or --unencrypted, for whoever encrypts it otherwise"
                    .to_owned(),
            ));
        }
    };
    let app = wiring::open_to_read(&args.folder).await?;
    let secrets = safekeeping::secrets(&args.folder)?;
    let how = (Damaged::of(args.without_damaged), Changed::of(args.even_changed));
    let made = make::make(&app, &args.folder, secrets, &args.file, lock, how).await?;
    edge::say(&format!(
        "{} written and checked by restoring it: {}, {}, {}",
        args.file.display(),
        safekeeping::told(&made.registers),
        counted(made.manifest.files.count, "file"),
        counted(made.bytes, "byte")
    ));
    if let Some(why) = &made.unremembered {
        let word = if made.is_sound() { "good" } else { "made" };
        edge::say(&format!("the backup is {word}, and is not remembered here: {why}"));
    }
    if !changed::are_sound(&made.registers) {
        edge::complain(&format!("{}. {}", changed::in_words(&made.registers), changed::remedy(&args.folder)));
    }
    if !made.left_out.is_empty() {
        edge::complain(&format!("not whole: {}. {}", lost::in_words(&made.left_out), lost::PUT_BACK));
    }
    Ok(if made.is_sound() { Outcome::Done } else { Outcome::No })
}

async fn check(args: &Args) -> Result<Outcome, Failure> {
    let tried = take::try_out(&args.file, &args.opener.opener()?, &Progress::begin()).await?;
    let outcome = tried.outcome();
    let word = match (changed::are_sound(&tried.registers), tried.lacking.is_empty()) {
        (true, true) => "a good",
        (true, false) => "a readable, but not a whole,",
        (false, _) => "a readable, but not a sound,",
    };
    edge::say(&format!(
        "{} is {word} backup of {}: {}, {}",
        args.file.display(),
        tried.header.made_at,
        safekeeping::told(&tried.registers),
        counted(tried.manifest.files.count, "file")
    ));
    Ok(outcome)
}
