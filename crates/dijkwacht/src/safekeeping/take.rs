//! Taking in: a backup into an empty place or a throw-away one, and a store into another.

use std::path::Path;

use app::{App, Damaged, Intake, Manifest, MovedTo, Soundness, copy_out, manifest_of};
use backup::{Header, Opener, Secret};
use store_postgres::PostgresStore;
use store_sqlite::SqliteStore;

use super::changed::{self, Changed};
use super::lost::{self, Lost};
use super::{
    Progress, again, broken, filled, for_intake, pipe, put_key, refuse_other_key, refuse_others, register_key, secrets,
    told,
};
use crate::counted::counted;
use crate::edge;
use crate::hold::Hold;
use crate::outcome::{Failure, Outcome};
use crate::place::DataFolder;
use crate::wiring;

/// What came back from a backup.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) header: Header,
    pub(crate) manifest: Manifest,
    /// Those that are not as they were written came back as they were in the backup.
    pub(crate) registers: Vec<Soundness>,
    /// The files that its journals name and that it does not hold: it was made without them.
    pub(crate) lacking: Vec<Lost>,
}

impl Restored {
    /// Whether everything is in it, as it was written.
    pub(crate) fn is_sound(&self) -> bool {
        self.lacking.is_empty() && changed::are_sound(&self.registers)
    }

    /// What is in it, in one line.
    pub(crate) fn told(&self) -> String {
        let found =
            if changed::are_sound(&self.registers) { "every register verifies" } else { "NOT every register verifies" };
        format!("{}, {}; {found}", told(&self.registers), counted(self.manifest.files.count, "file"))
    }

    /// Names what is wrong with it, if anything; whether all is well is the answer.
    pub(crate) fn outcome(&self) -> Outcome {
        if !changed::are_sound(&self.registers) {
            edge::complain(&format!(
                "{}. It was so where the backup was made. To have a sound register: {}",
                changed::in_words(&self.registers),
                changed::GO_BACK
            ));
        }
        if !self.lacking.is_empty() {
            edge::complain(&format!(
                "not whole: the backup was made without {}. {}",
                lost::in_words(&self.lacking),
                lost::PUT_BACK
            ));
        }
        if self.is_sound() { Outcome::Done } else { Outcome::No }
    }
}

/// What came back, and is still marked: nothing else opens it, and the same restore goes on with it.
pub(crate) struct Marked {
    /// On the store, at this program's schema.
    pub(crate) app: App,
    restored: Restored,
    intake: Intake,
}

impl Marked {
    /// Takes the mark away: from here on it is used.
    pub(crate) async fn end(self) -> Result<Restored, Failure> {
        self.intake.end().await?;
        Ok(self.restored)
    }
}

/// Restores a backup into a place that is empty, or goes on with what was stopped there. The mark is left to the caller, who
/// has what was erased since erased again first.
pub(crate) async fn restore(
    file: &Path,
    opener: &Opener,
    place: &DataFolder,
    changed: Changed,
    progress: &Progress,
) -> Result<Marked, Failure> {
    let (restored, keys) = taken_back(file, opener, place, (changed, Key::ComesAlong), progress).await?;
    // The copy came with its own schema, of an older program perhaps; whoever works on it needs this program's.
    let newest = match &place.database {
        None => SqliteStore::newest_schema(),
        Some(_) => PostgresStore::newest_schema(),
    };
    let app = empty(place, &keys, Key::ComesAlong, newest).await?;
    let intake = begin(&app, place, &restored.manifest).await?;
    Ok(Marked { app, restored, intake })
}

/// Everything of a backup in its place, checked and still marked, and its keys. The whole backup is read first, so that one
/// that is damaged touches nothing.
async fn taken_back(
    file: &Path,
    opener: &Opener,
    place: &DataFolder,
    (changed, key): (Changed, Key),
    progress: &Progress,
) -> Result<(Restored, Vec<Secret>), Failure> {
    let inspected = pipe::inspect(again(file)?, opener.clone()).await;
    let (header, keys, manifest) = inspected.map_err(|fault| broken(file, fault))?;
    let app = empty(place, &keys, key, header.schema).await?;
    let mut intake = begin(&app, place, &manifest).await?;
    let what = format!("what came from {}", file.display());
    let registers = if intake.is_all_there() {
        // Stopped while it was made to forget again: it no longer equals the backup, and nothing more comes from that.
        app.soundness().await?
    } else {
        let watching = progress.telling("restoring");
        let poured = pipe::pour(again(file)?, opener.clone(), &mut intake, &watching).await;
        poured.map_err(|fault| broken(file, fault))?;
        verified(&app, &manifest, &what, progress).await?
    };
    if changed == Changed::Refused && !changed::are_sound(&registers) {
        return Err(Failure::No(format!(
            "{what} is not as it was written:\n{}\nIt was so where the backup was made, and nothing opens what is in {place} \
             now. Give a backup from before the change, and another, empty place; or, to take this one in all the same, as it \
             is: the same with --even-changed",
            changed::listed(&registers)
        )));
    }
    let lacking = if app.lacks_files().await? { lost::files(&app).await? } else { Vec::new() };
    intake.all_is_there().await?;
    Ok((Restored { header, manifest, registers, lacking }, keys))
}

/// Restores a backup into a folder that is gone afterwards. Whether its registers are as they were written is for the caller
/// to look at.
pub(crate) async fn try_out(file: &Path, opener: &Opener, progress: &Progress) -> Result<Restored, Failure> {
    let scratch = edge::throw_away("dijkwacht-check-")?;
    let place = DataFolder::at(&scratch.path().join("data"));
    let restored = taken_back(file, opener, &place, (Changed::Copied, Key::StaysAway), progress).await;
    restored.map(|(restored, _)| restored).map_err(|failure| match failure {
        // No disk of the data is full, nor that of the backup.
        Failure::NoRoom { cause, .. } => {
            let folder = std::env::temp_dir();
            let folder = folder.display();
            Failure::Input(format!(
                "a backup is checked by restoring it in the folder for temporary files, {folder}, which takes as much room there \
                 as the data, and there is not enough: {cause}; make room there (`df -h {folder}`), or set TMPDIR to a folder on a \
                 disk with more room"
            ))
        }
        other => other,
    })
}

/// How a move ended.
#[derive(Debug)]
pub(crate) enum Moved {
    Now {
        manifest: Manifest,
        registers: Vec<Soundness>,
    },
    /// It had been done before, and nothing was left to do.
    Before(MovedTo),
}

/// Moves a store that nobody uses meanwhile, and marks it: from then on it takes no entry more, and no server begins on it. The
/// target is marked before the source is looked through, which takes long: whenever that is stopped, nothing begins there anew.
pub(crate) async fn moved(
    from: &DataFolder,
    to: &DataFolder,
    (damaged, changed): (Damaged, Changed),
    progress: &Progress,
) -> Result<Moved, Failure> {
    let source = from;
    let from = wiring::open_to_read(from).await?;
    let keys = secrets(source)?;
    let _hold = match &source.database {
        None => Some(Hold::take(&source.data, "moves it")?),
        Some(_) => None,
    };
    let mark = from.store.moved().await?;
    let there = lasting(to)?;
    if let Some(mark) = mark.as_ref().filter(|mark| mark.place != there) {
        return Err(Failure::Input(format!(
            "what is in {source} was moved to {} at {}, and goes on there: move it from there. To move it from {source} after \
             all, without what was written there since: `dijkwacht migrate --reopen {source}` first",
            mark.place, mark.at
        )));
    }
    let schema = from.store.snapshot().await?.schema();
    if let Some(mark) = mark
        && for_intake(to, schema).await?.is_none()
    {
        return Ok(Moved::Before(mark));
    }
    let app = empty(to, &keys, Key::ComesAlong, schema).await?;
    let before = from.soundness().await?;
    if let Some(refusal) = changed::refusal(&before, source).filter(|_| changed == Changed::Refused) {
        return Err(refusal);
    }
    lost::refuse_missing(&from, damaged).await?;
    let manifest = match manifest_of(from.store.as_ref(), damaged, &progress.telling("reading")).await {
        Ok(manifest) => manifest,
        Err(error) => return Err(lost::named(&from, error.into()).await),
    };
    let mut intake = begin(&app, to, &manifest).await?;
    let other = || {
        Failure::Input(format!(
            "the source changed while it was moved; stop every server that uses it, {}, and begin anew",
            to.emptying()
        ))
    };
    let copied = copy_out(from.store.as_ref(), &mut intake, damaged, &progress.telling("moving")).await?;
    if copied != manifest {
        return Err(other());
    }
    let registers = verified(&app, &manifest, "what was moved", progress).await?;
    if registers != before {
        return Err(Failure::Fault(anyhow::anyhow!("the registers of source and target differ")));
    }
    // Marked first, so that what somebody wrote until then is seen by the last look, and nothing is written after it.
    let marked = from.store.mark_moved(Some(&MovedTo { place: there, at: edge::now() })).await;
    marked.map_err(|error| match error {
        app::StoreError::Conflict => Failure::Input(format!(
            "somebody else moved {source} elsewhere at the same time; what was begun in {to} is not whole: {}",
            to.emptying()
        )),
        error => error.into(),
    })?;
    if manifest_of(from.store.as_ref(), damaged, &progress.telling("reading once more")).await? != manifest {
        from.store.mark_moved(None).await?;
        return Err(other());
    }
    intake.end().await?;
    Ok(Moved::Now { manifest, registers })
}

/// A place as it is still called from another folder, and by somebody else.
fn lasting(place: &DataFolder) -> Result<String, Failure> {
    match &place.database {
        Some(address) => Ok(address.to_string()),
        // It need not be there yet.
        None => match std::fs::canonicalize(&place.data).or_else(|_| std::path::absolute(&place.data)) {
            Ok(path) => Ok(path.display().to_string()),
            Err(error) => Err(Failure::unreadable(&place.data, &error)),
        },
    }
}

/// Lets a store that was moved be used again; where it had been moved to.
pub(crate) async fn reopen(place: &DataFolder) -> Result<Option<MovedTo>, Failure> {
    let store = wiring::known_store(place).await?;
    let mark = store.moved().await?;
    if mark.is_some() {
        store.mark_moved(None).await?;
    }
    Ok(mark)
}

/// Whether the register's key is put in the place that takes something in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    ComesAlong,
    /// Nothing is signed there, and whoever finds what is left of it does not sign either.
    StaysAway,
}

/// An application on a place that is to take something in, with the keys of what comes.
async fn empty(place: &DataFolder, keys: &[Secret], put: Key, schema: i64) -> Result<App, Failure> {
    let key = register_key(keys)?;
    refuse_other_key(place, &key)?;
    if place.database.is_none() {
        refuse_others(place)?;
    }
    let store = for_intake(place, schema).await?.ok_or_else(|| filled(place))?;
    if put == Key::ComesAlong {
        put_key(place, &key)?;
    }
    wiring::app_on(store, key)
}

async fn begin(app: &App, place: &DataFolder, manifest: &Manifest) -> Result<Intake, Failure> {
    let begun = Intake::begin(app.store.clone(), &manifest.fingerprint(), edge::now()).await;
    begun.map_err(|error| match error {
        app::Error::Conflict => filled(place),
        error => error.into(),
    })
}

/// Checks that what is there is what was sent, without which taking in does not end, and every register; what was found of
/// them.
async fn verified(app: &App, manifest: &Manifest, what: &str, progress: &Progress) -> Result<Vec<Soundness>, Failure> {
    let holds = manifest_of(app.store.as_ref(), Damaged::Refused, &progress.telling("comparing")).await?;
    if let Some(difference) = manifest.difference(&holds) {
        return Err(Failure::No(format!("{what} is not what was sent: {difference}")));
    }
    Ok(app.soundness().await?)
}
