//! `dijkwacht checkpoint`: the signed state of a register as a file, and a second party's signature under it.
//!
//! `countersign` and `new-key` need no server and no data folder: they are for whoever is *not* the one that hosts the
//! register. A witness keeps what it signed last and signs nothing that does not continue it; only that makes its
//! signature worth more than the host's own.

use std::path::{Path, PathBuf};

use register::SigningKey;

use crate::authority::Authority;
use crate::counted::counted;
use crate::outcome::{Failure, Outcome};
use crate::outlet::{Force, Outlet};
use crate::wiring::{self, DataFolder};
use crate::{edge, verbs::organisation};

/// The largest checkpoint, key or proof that is read, in bytes.
const LARGEST: u64 = 1_000_000;

/// The signed state of a register, and countersignatures under it.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht checkpoint show --organisation bakkerij-jansen --out checkpoint.txt")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    Show(Show),
    NewKey(NewKey),
    Countersign(Countersign),
    Timestamp(Timestamp),
}

/// Print the newest signed checkpoint of an organisation's register, or write it to a file.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht checkpoint show --organisation bakkerij-jansen --out checkpoint.txt")]
struct Show {
    /// The organisation, by its short name (see `dijkwacht organisation list`) or id.
    #[arg(long, value_name = "ID")]
    organisation: String,
    /// Where to write it; without it, it is printed.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: Force,
    #[command(flatten)]
    folder: DataFolder,
}

/// Make a key for countersigning, in a file of its own, and print its public half.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  dijkwacht checkpoint new-key --name accountant.example/witness --out witness.key")]
struct NewKey {
    /// A name without spaces or plus signs; by custom a domain that is yours, and a path.
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Where to write the secret key; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Countersign a checkpoint, offline, once it is seen to continue the one signed last.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  dijkwacht checkpoint countersign checkpoint.txt --register-key dijkwacht/register/…+… --key witness.key --kept kept --proof since-12.txt --out countersigned.txt"
)]
struct Countersign {
    /// The checkpoint.
    #[arg(value_name = "FILE")]
    checkpoint: PathBuf,
    /// The public key of the register.
    #[arg(long, value_name = "KEY")]
    register_key: String,
    /// Your secret key (see `dijkwacht checkpoint new-key`).
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// The folder in which the checkpoint signed last is kept, one file a register. Guard it as you do the key.
    #[arg(long, value_name = "DIR")]
    kept: PathBuf,
    /// The proof that this checkpoint continues the one signed last (`dijkwacht prove --from SIZE`); not needed for the
    /// first, nor when there is nothing new.
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// Where to write the countersigned checkpoint.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    force: Force,
}

/// Have the newest checkpoint of every register stamped by an authority (RFC 3161), where it has no stamp yet.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  dijkwacht checkpoint timestamp --url https://tsa.example/tsr   # once an hour, say, by a timer"
)]
struct Timestamp {
    /// The authority's address.
    #[arg(long, value_name = "URL", env = "DIJKWACHT_TIMESTAMP_URL")]
    url: String,
    /// Certificates (PEM) to trust instead of those that everybody knows, for an authority with a certificate of its own.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    #[command(flatten)]
    folder: DataFolder,
}

pub(crate) fn run(args: &Args) -> Result<Outcome, Failure> {
    match &args.what {
        What::Show(args) => show(args),
        What::NewKey(args) => new_key(args),
        What::Countersign(args) => countersign(args),
        What::Timestamp(args) => timestamp(args),
    }
}

fn show(args: &Show) -> Result<Outcome, Failure> {
    let out = args.out.as_deref().map(|path| Outlet::open(path, args.force.existing())).transpose()?;
    wiring::runtime()?.block_on(async {
        let app = wiring::open_to_read(&args.folder).await?;
        let organisation = organisation::find(&app, &args.organisation).await?;
        let scope = app.permit_program(&organisation.slug).await?;
        let checkpoint = app.checkpoint(&scope, edge::now()).await?;
        match out {
            Some(out) => out.write(checkpoint.as_bytes())?,
            None => edge::print(&checkpoint)?,
        }
        edge::say(&format!("key: {}", app.register_key(&scope)));
        Ok(Outcome::Done)
    })
}

fn timestamp(args: &Timestamp) -> Result<Outcome, Failure> {
    let authority = Authority::named(&args.url, args.ca_file.as_deref())?;
    wiring::runtime()?.block_on(async {
        let app = wiring::open_existing(&args.folder).await?;
        let round = app.stamp_checkpoints(&authority, edge::now()).await?;
        for refused in &round.refused {
            let cause = std::error::Error::source(refused).map_or_else(|| refused.to_string(), ToString::to_string);
            edge::complain(&cause);
        }
        edge::say(&format!("{} checkpoints stamped", round.stamped));
        Ok(if round.refused.is_empty() { Outcome::Done } else { Outcome::No })
    })
}

fn new_key(args: &NewKey) -> Result<Outcome, Failure> {
    let seed = edge::random().map_err(anyhow::Error::new)?;
    let key = SigningKey::named(&args.name, &seed).map_err(|error| Failure::Input(format!("--name: {error}")))?;
    if !edge::write_new(&args.out, format!("{}\n", key.secret_text()).as_bytes())? {
        return Err(Failure::Input(format!(
            "{} is there already; a key that may be needed is not overwritten: give another name",
            args.out.display()
        )));
    }
    edge::print(&format!("{}\n", key.verifier().witness_text()))?;
    Ok(Outcome::Done)
}

fn countersign(args: &Countersign) -> Result<Outcome, Failure> {
    let out = Outlet::open(&args.out, args.force.existing())?;
    let note = verify::checkpoint_in(&edge::read_kept(&args.checkpoint, LARGEST)?)
        .map_err(|why| Failure::Input(format!("{}: {}", args.checkpoint.display(), why.en)))?;
    let verifier = args.register_key.trim().parse::<register::VerifierKey>();
    let verifier = verifier.map_err(|error| Failure::Input(format!("--register-key: {error}")))?;
    let secret = edge::read_text(&args.key, LARGEST)?;
    let key = SigningKey::from_secret_text(secret.trim())
        .map_err(|error| Failure::Input(format!("{}: {error}", args.key.display())))?;
    let checkpoint = register::Checkpoint::open(&note, &verifier)
        .map_err(|error| Failure::Input(format!("{}: {error}", args.checkpoint.display())))?;
    if verifier.name() != register::origin(checkpoint.organisation) {
        return Err(Failure::Input(format!(
            "--register-key: this key is of {}, not of this register",
            verifier.name()
        )));
    }
    std::fs::create_dir_all(&args.kept).map_err(|error| Failure::unwritable(&args.kept, &error))?;
    let place = args.kept.join(format!("{}.checkpoint", checkpoint.organisation.hyphenated()));
    if place.exists() {
        let last = edge::read_text(&place, LARGEST)?;
        if let Err(why) = continues(&last, &checkpoint, &verifier, args) {
            edge::complain(&format!("not countersigned: {why}"));
            return Ok(Outcome::No);
        }
    }
    let signed = key.countersign(&note, edge::now()).map_err(anyhow::Error::new)?;
    // Kept before it is given away: what was signed must never be forgotten.
    edge::write(&place, signed.as_bytes())?;
    out.write(signed.as_bytes())?;
    edge::say(&format!("{} countersigned as {}", counted(checkpoint.size, "entry"), key.verifier().witness_text()));
    Ok(Outcome::Done)
}

/// Whether the new checkpoint continues the one signed last; when not, why.
fn continues(
    last: &str,
    new: &register::Checkpoint,
    verifier: &register::VerifierKey,
    args: &Countersign,
) -> Result<(), String> {
    let old = register::Checkpoint::open(last, verifier)
        .map_err(|error| format!("the checkpoint signed last is not of this key ({error})"))?;
    if new.size < old.size {
        return Err(format!("rolled back: it covers {}, the one signed last {}", counted(new.size, "entry"), old.size));
    }
    if new.size == old.size {
        let is_same = new.root == old.root;
        return is_same.then_some(()).ok_or_else(|| {
            format!("another history: the one signed last, of {}, has another root", counted(old.size, "entry"))
        });
    }
    let Some(proof) = &args.proof else {
        return Err(format!("give with --proof what `dijkwacht prove --from {}` writes", old.size));
    };
    let text = read_proof(proof)?;
    let report = verify::check_proof(&text, &verifier.to_string(), &[last]).map_err(|error| error.to_string())?;
    if let Some(finding) = report.findings.first() {
        return Err(finding.text.en.clone().into_owned());
    }
    let is_of_this = report.proved == verify::Proved::Growth { from: old.size } && covers(&text, new, verifier);
    is_of_this.then_some(()).ok_or_else(|| "the proof is of other checkpoints than these".to_owned())
}

fn read_proof(path: &Path) -> Result<String, String> {
    let text = edge::read_kept(path, LARGEST).map_err(|failure| failure.to_string())?;
    Ok(verify::as_signed(&text))
}

/// Whether the checkpoint in the proof is the one to be signed.
fn covers(proof: &str, new: &register::Checkpoint, verifier: &register::VerifierKey) -> bool {
    let note = proof.split_once("\n\n").map(|(_, note)| note);
    note.and_then(|note| register::Checkpoint::open(note, verifier).ok()).as_ref() == Some(new)
}
