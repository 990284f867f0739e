//! Taking in: a backup into an empty place or a throw-away one, and a store into another.

use std::path::Path;

use app::{App, Intake, Manifest, Soundness, copy_out, manifest_of};
use backup::{Header, Opener, Secret};

use super::{
    Progress, again, broken, filled, for_intake, pipe, put_key, refuse_other_key, register_key, secrets, sound, told,
};
use crate::edge;
use crate::outcome::Failure;
use crate::place::DataFolder;
use crate::wiring;

/// What came back from a backup.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) header: Header,
    pub(crate) manifest: Manifest,
    pub(crate) registers: Vec<Soundness>,
}

impl Restored {
    /// What is in it, in one line.
    pub(crate) fn told(&self) -> String {
        format!("{}, {} files; every register verifies", told(&self.registers), self.manifest.files.count)
    }
}

/// Restores a backup into a place that is empty, or goes on with what was stopped there. The whole backup is read first, so
/// that one that is damaged touches nothing.
pub(crate) async fn restore(
    file: &Path,
    opener: &Opener,
    place: &DataFolder,
    progress: &Progress,
) -> Result<Restored, Failure> {
    let inspected = pipe::inspect(again(file)?, opener.clone()).await;
    let (header, keys, manifest) = inspected.map_err(|fault| broken(file, fault))?;
    let app = empty(place, &keys, header.schema).await?;
    let mut intake = begin(&app, place, &manifest).await?;
    let watching = progress.telling("restoring");
    let poured = pipe::pour(again(file)?, opener.clone(), &mut intake, &watching).await;
    poured.map_err(|fault| broken(file, fault))?;
    let what = format!("what came from {}", file.display());
    let registers = verified(&app, &manifest, &what, progress).await?;
    intake.end().await?;
    Ok(Restored { header, manifest, registers })
}

/// Restores a backup into a folder that is gone afterwards.
pub(crate) async fn try_out(file: &Path, opener: &Opener, progress: &Progress) -> Result<Restored, Failure> {
    let scratch = edge::throw_away("dijkwacht-check-")?;
    restore(file, opener, &DataFolder::at(&scratch.path().join("data")), progress).await
}

/// What was moved.
#[derive(Debug)]
pub(crate) struct Moved {
    pub(crate) manifest: Manifest,
    pub(crate) registers: Vec<Soundness>,
}

/// Moves a store that nobody uses meanwhile.
pub(crate) async fn moved(from: &DataFolder, to: &DataFolder, progress: &Progress) -> Result<Moved, Failure> {
    let keys = secrets(from)?;
    let from = wiring::open_existing(from).await?;
    let before = sound(&from, "the source").await?;
    let manifest = manifest_of(from.store.as_ref(), &progress.telling("reading")).await?;
    let app = empty(to, &keys, manifest.schema).await?;
    let mut intake = begin(&app, to, &manifest).await?;
    let changed = || {
        Failure::Input(format!(
            "the source changed while it was moved; stop every server that uses it, empty {to}, and begin anew"
        ))
    };
    let copied = copy_out(from.store.as_ref(), &mut intake, &progress.telling("moving")).await?;
    if copied != manifest {
        return Err(changed());
    }
    let registers = verified(&app, &manifest, "what was moved", progress).await?;
    if manifest_of(from.store.as_ref(), &progress.telling("reading once more")).await? != manifest {
        return Err(changed());
    }
    if registers != before {
        return Err(Failure::Fault(anyhow::anyhow!("the registers of source and target differ")));
    }
    intake.end().await?;
    Ok(Moved { manifest, registers })
}

/// An application on a place that is to take something in, with the keys that come along.
async fn empty(place: &DataFolder, keys: &[Secret], schema: i64) -> Result<App, Failure> {
    let key = register_key(keys)?;
    refuse_other_key(place, &key)?;
    let store = for_intake(place, schema).await?;
    put_key(place, &key)?;
    wiring::app_on(store, key)
}

async fn begin(app: &App, place: &DataFolder, manifest: &Manifest) -> Result<Intake, Failure> {
    let begun = Intake::begin(app.store.clone(), &manifest.fingerprint(), edge::now()).await;
    begun.map_err(|error| match error {
        app::Error::Conflict => filled(place),
        error => error.into(),
    })
}

/// Checks that what is there is what was sent and that every register verifies; without that, taking in does not end.
async fn verified(app: &App, manifest: &Manifest, what: &str, progress: &Progress) -> Result<Vec<Soundness>, Failure> {
    let holds = manifest_of(app.store.as_ref(), &progress.telling("comparing")).await?;
    if let Some(difference) = manifest.difference(&holds) {
        return Err(Failure::No(format!("{what} is not what was sent: {difference}")));
    }
    sound(app, what).await
}
