//! Backups, restores and moves: what the verbs for them and the scheduled backup share.
//!
//! A backup is only called one when it was read back from the disk, restored into a throw-away folder, and every register
//! in it verified. A restore or a move ends only when the same holds of the target; until then nothing opens it. Of registers
//! that were changed a copy is made when that is asked for, and it is never called sound.

pub(crate) mod changed;
pub(crate) mod lost;
pub(crate) mod make;
mod pipe;
pub(crate) mod scheduled;
pub(crate) mod take;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::{Soundness, Store, StoreError};
use backup::{Fault, Identity, Lock, Opener, Recipient, Secret, is_secret_key};
use indicatif::{ProgressBar, ProgressStyle};
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;

use crate::counted::counted;
use crate::edge;
use crate::hold;
use crate::outcome::Failure;
use crate::place::DataFolder;
use crate::unfinished;
use crate::wiring;

use pipe::Broken;

/// What the register's key is called, in a data folder and in a backup.
const REGISTER_KEY: &str = "register.key";
/// The most that is read of a file with a key or a passphrase.
const LARGEST_KEY: u64 = 100_000;

/// A backup that is read, and what opens it.
#[derive(clap::Args, Debug)]
pub(crate) struct Given {
    /// The backup.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    #[command(flatten)]
    opener: OpenerArgs,
}

impl Given {
    pub(crate) fn opener(&self) -> Result<Opener, Failure> {
        self.opener.opener()
    }
}

/// What opens a backup.
#[derive(clap::Args, Debug)]
pub(crate) struct OpenerArgs {
    /// A file with the secret key (AGE-SECRET-KEY-1…), as `dijkwacht backup-key` or `age-keygen` makes it.
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// A file whose first line is the passphrase, of at least 16 characters.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl OpenerArgs {
    pub(crate) fn opener(&self) -> Result<Opener, Failure> {
        let mut opener = Opener::default();
        if let Some(path) = &self.identity {
            if path.to_str().is_some_and(is_secret_key) {
                return Err(Failure::Input(
                    "--identity takes the file that holds the secret key, not the key itself: others see a command line"
                        .to_owned(),
                ));
            }
            let text = edge::read_text(path, LARGEST_KEY)?;
            opener.identities = Identity::of_file(&text).map_err(|why| about(path, why))?;
            edge::warn_of_readers(path, OPENS);
        }
        if let Some(path) = &self.passphrase_file {
            opener.passphrase = Some(passphrase(path)?.into());
        }
        Ok(opener)
    }

    /// The lock that these open, or the keys of `recipients`; nothing where nothing is given. They come as text: what the
    /// command line's own parser refuses it shows, and somebody gives the secret half.
    pub(crate) fn lock(&self, recipients: &[String]) -> Result<Option<Lock>, Failure> {
        match (&self.passphrase_file, recipients) {
            (Some(_), [_, ..]) => Err(Failure::Input(
                "a backup is locked for keys or with a passphrase, not both; leave out --recipient or --passphrase-file"
                    .to_owned(),
            )),
            (Some(path), []) => Ok(Some(Lock::passphrase(&passphrase(path)?))),
            (None, [_, ..]) => Ok(Some(Lock::Recipients(read_recipients(recipients, "--recipient")?))),
            (None, []) => Ok(None),
        }
    }
}

/// Public keys; which of them is none is told by its number, since it may be a secret.
fn read_recipients(texts: &[String], given_as: &str) -> Result<Vec<Recipient>, Failure> {
    let read = |(place, text): (usize, &String)| {
        text.parse().map_err(|why| Failure::Input(format!("{given_as}, number {}: {why}", place + 1)))
    };
    texts.iter().enumerate().map(read).collect()
}

/// What a secret key or a passphrase does.
const OPENS: &str = "opens your backups";

fn passphrase(path: &Path) -> Result<String, Failure> {
    let text = edge::read_text(path, LARGEST_KEY)?;
    edge::warn_of_readers(path, OPENS);
    // An editor's byte order mark is no part of what somebody types.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    match text.lines().next().map(str::trim_end) {
        Some(words) if words.chars().count() >= SHORTEST_PASSPHRASE => Ok(words.to_owned()),
        _ => Err(about(path, format!("its first line is no passphrase of at least {SHORTEST_PASSPHRASE} characters"))),
    }
}

/// Whoever has the file can try passphrases for years: a short one is none.
const SHORTEST_PASSPHRASE: usize = 16;

/// Opens what is to take in a copy of this schema; nothing where it holds something already.
async fn for_intake(place: &DataFolder, schema: i64) -> Result<Option<Arc<dyn Store>>, Failure> {
    let opened: Result<Arc<dyn Store>, _> = match &place.database {
        None => SqliteStore::open_for_intake(&place.data, schema).await.map(|store| Arc::new(store) as _),
        Some(address) => {
            PostgresStore::open_for_intake(address.whole()?, schema).await.map(|store| Arc::new(store) as _)
        }
    };
    match opened {
        Ok(store) => Ok(Some(store)),
        Err(StoreError::Conflict) => Ok(None),
        Err(error) => Err(wiring::unusable(&format!("cannot use {place}"), error)),
    }
}

/// That a place holds something already.
fn filled(place: &DataFolder) -> Failure {
    Failure::Input(format!(
        "{place} holds something already, and nothing is overwritten: give an empty folder or database. (If it is what an \
         interrupted restore or move left there, its source has changed since: {} and begin anew)",
        place.emptying()
    ))
}

/// Refuses a folder in which something other than a store of ours is.
fn refuse_others(place: &DataFolder) -> Result<(), Failure> {
    let folder = &place.data;
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::unreadable(folder, &error)),
    };
    for entry in entries {
        let name = entry.map_err(|error| Failure::unreadable(folder, &error))?.file_name();
        let name = name.to_string_lossy();
        // Beside what a restore leaves there: the list of what was erased, which is kept apart from backups, and what
        // a program that was killed left of a file that it had not put in its place.
        let is_ours = ["blobs", "erasures.list", REGISTER_KEY, hold::FILE].contains(&name.as_ref());
        if !(is_ours || name.starts_with("dijkwacht.db") || unfinished::is_file(&name)) {
            return Err(filled(place));
        }
    }
    Ok(())
}

/// The keys that go with a backup: without them nothing could be signed any more.
pub(crate) fn secrets(place: &DataFolder) -> Result<Vec<Secret>, Failure> {
    let path = place.key();
    let bytes = std::fs::read(&path).map_err(|error| Failure::unreadable(&path, &error))?;
    Ok(vec![Secret { name: REGISTER_KEY.to_owned(), bytes }])
}

/// The key that signs the registers, among those that came along.
fn register_key(secrets: &[Secret]) -> Result<[u8; 32], Failure> {
    if let Some(unknown) = secrets.iter().find(|secret| secret.name != REGISTER_KEY) {
        let name = &unknown.name;
        return Err(Failure::Input(format!(
            "it holds a key `{name}` that this program does not know: use a newer one"
        )));
    }
    let key = secrets.first().and_then(|secret| secret.bytes.as_slice().try_into().ok());
    key.ok_or_else(|| {
        Failure::Input(format!("there is no {REGISTER_KEY} of 32 bytes in it: nothing could be signed any more"))
    })
}

/// Puts the key where it belongs.
fn put_key(place: &DataFolder, key: &[u8; 32]) -> Result<(), Failure> {
    if edge::write_new(&place.key(), key)? { Ok(()) } else { refuse_other_key(place, key) }
}

/// Refuses a place where another key is: it is not overwritten.
fn refuse_other_key(place: &DataFolder, key: &[u8; 32]) -> Result<(), Failure> {
    let path = place.key();
    match std::fs::read(&path) {
        Ok(there) if there == key => Ok(()),
        Ok(_) => Err(Failure::Input(format!(
            "{} is another key than the one that comes along, and is not overwritten; give an empty folder, or --key-file",
            path.display()
        ))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::unreadable(&path, &error)),
    }
}

/// What was found in all registers, in one line.
pub(crate) fn told(registers: &[Soundness]) -> String {
    let (entries, erased) =
        registers.iter().fold((0, 0), |(entries, erased), one| (entries + one.entries, erased + one.erased));
    format!("{}, {} ({erased} of them erased)", counted(registers.len() as u64, "register"), counted(entries, "entry"))
}

/// What a broken pipe means for whoever gave this file.
fn broken(path: &Path, broken: Broken) -> Failure {
    match broken {
        Broken::File(Fault::Io(error)) => {
            about(path, format!("cannot be read or written: {error}; nothing was left half done"))
        }
        Broken::File(fault) => about(path, fault.to_string()),
        Broken::Store(error) => error.into(),
    }
}

fn about(path: &Path, why: impl std::fmt::Display) -> Failure {
    Failure::Input(format!("{}: {why}", path.display()))
}

/// A line that tells how far it is, on a terminal alone.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn begin() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// What to tell while something is copied.
    pub(crate) fn telling(&self, what: &'static str) -> impl Fn(&str, u64) + Send + Sync + use<> {
        let bar = self.0.clone();
        move |of: &str, count| {
            bar.set_message(format!("{what}: {of} {count}"));
            bar.tick();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// Writes a new identity file, its owner's alone.
pub(crate) fn new_key(path: &Path) -> Result<Recipient, Failure> {
    let identity = Identity::generate();
    if edge::write_new(path, identity.file().as_bytes())? {
        return Ok(identity.recipient());
    }
    Err(about(path, "is there already; a key that may be needed is not overwritten: give another name"))
}

/// The beginning of a file that was opened before, as a handle of its own.
fn again(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| Failure::unreadable(path, &error))
}
