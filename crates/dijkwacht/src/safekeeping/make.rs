//! Making a backup: written beside its place, read back, restored, verified, and only then put there.

use std::path::Path;

use app::{App, Damaged, Manifest, SafetyKind, SafetyNote, Soundness};
use backup::{Header, Identity, Lock, Opener, Secret, VERSION};

use super::changed::{self, Changed};
use super::lost::{self, Lost};
use super::{Progress, about, broken, pipe, take};
use crate::edge::{self, Unfinished};
use crate::outcome::Failure;
use crate::place::DataFolder;

/// A backup that was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) manifest: Manifest,
    /// Those that are not as they were written are in it as they are.
    pub(crate) registers: Vec<Soundness>,
    pub(crate) bytes: u64,
    /// The stored files that are not what was stored, and so are not in it; each once for each incident.
    pub(crate) left_out: Vec<Lost>,
    /// Why it is not remembered where it was made, if it is not: a full disk, say. It is a good backup all the same.
    pub(crate) unremembered: Option<Failure>,
}

impl Made {
    /// Whether everything is in it, as it was written.
    pub(crate) fn is_sound(&self) -> bool {
        self.left_out.is_empty() && changed::are_sound(&self.registers)
    }
}

/// What is wrong with a copy: registers that are not as they were written, files that are not in it.
fn wrongs(registers: &[Soundness], left_out: &[Lost]) -> Vec<String> {
    let unsound = (!changed::are_sound(registers)).then(|| changed::in_words(registers));
    let lost = (!left_out.is_empty()).then(|| format!("not whole: {}", lost::in_words(left_out)));
    unsound.into_iter().chain(lost).collect()
}

/// Makes a backup of everything as it is at this moment, while others go on writing, and remembers that it was made.
pub(crate) async fn make(
    app: &App,
    from: &DataFolder,
    secrets: Vec<Secret>,
    to: &Path,
    lock: Lock,
    (damaged, changed): (Damaged, Changed),
) -> Result<Made, Failure> {
    if to.exists() {
        return Err(about(to, "is there already, and nothing is overwritten; give another name"));
    }
    lost::refuse_missing(app, damaged).await?;
    let progress = Progress::begin();
    let (lock, opener) = with_a_way_back(lock);
    let now = edge::now();
    let version = env!("CARGO_PKG_VERSION").to_owned();
    let schema = app.store.snapshot().await?.schema();
    let header = Header { version: VERSION, program: version, made_at: now, schema };
    let watching = progress.telling("writing");
    let write = async |damaged| {
        let unfinished = Unfinished::beside(to)?;
        unfinished.sweep_others();
        let (file, lock, header, secrets) = (unfinished.handle()?, lock.clone(), header.clone(), secrets.clone());
        let written = pipe::write(app.store.as_ref(), file, lock, header, secrets, damaged, &watching).await;
        Ok::<_, Failure>((unfinished, written.map_err(|fault| broken(to, fault))?))
    };
    // Where all are whole, each file is read once. To leave one out it has to be looked through before it is copied.
    let ((unfinished, manifest), left_out) = match write(Damaged::Refused).await {
        Ok(written) if damaged == Damaged::LeftOut && app.lacks_files().await? => (written, lost::files(app).await?),
        Ok(written) => (written, Vec::new()),
        Err(failure) if damaged == Damaged::Refused => return Err(lost::named(app, failure).await),
        Err(failure) => match lost::files(app).await {
            Ok(lost) if !lost.is_empty() => (write(Damaged::LeftOut).await?, lost),
            // It is something else that keeps it from being written.
            Ok(_) | Err(_) => return Err(failure),
        },
    };
    let tried = take::try_out(unfinished.place(), &opener, &progress).await?;
    if let Some(difference) = manifest.difference(&tried.manifest) {
        return Err(Failure::Fault(anyhow::anyhow!("what was read back is not what was written: {difference}")));
    }
    let registers = tried.registers;
    if !changed::are_sound(&registers) {
        if let Some(difference) = changed::difference(&registers, app).await? {
            return Err(Failure::Fault(anyhow::anyhow!("{difference}")));
        }
        // It is the store that is not as it was written, and not the file, which is gone again.
        if let Some(refusal) = changed::refusal(&registers, from).filter(|_| changed == Changed::Refused) {
            return Err(refusal);
        }
    }
    let bytes = unfinished.length()?;
    unfinished.finish_new()?;
    let wrongs = wrongs(&registers, &left_out);
    let remark = if wrongs.is_empty() { format!("{bytes} bytes") } else { wrongs.join("; ") };
    let unremembered = note(app, SafetyKind::Backup, to, wrongs.is_empty(), &remark).await.err();
    Ok(Made { manifest, registers, bytes, left_out, unremembered })
}

/// A backup for keys can be read back by whoever holds them, and we do not: so it is also made for a key that exists while it
/// is checked, and nowhere after that.
fn with_a_way_back(lock: Lock) -> (Lock, Opener) {
    match lock {
        Lock::Recipients(mut keys) => {
            let once = Identity::generate();
            keys.push(once.recipient());
            (Lock::Recipients(keys), Opener::with_identities(vec![once]))
        }
        Lock::Passphrase(words) => {
            let opener = Opener { identities: Vec::new(), passphrase: Some(words.clone()) };
            (Lock::Passphrase(words), opener)
        }
        Lock::Open => (Lock::Open, Opener::default()),
    }
}

/// Remembers a backup or a drill, and whether it went well.
pub(crate) async fn note(
    app: &App,
    kind: SafetyKind,
    file: &Path,
    is_sound: bool,
    remark: &str,
) -> Result<(), Failure> {
    let now = edge::now();
    let name = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let id = app.chance.id(now)?;
    let note = SafetyNote { id, kind, held_at: now, is_sound, remark: format!("{name}: {remark}") };
    Ok(app.store.note_safety(&note).await?)
}
