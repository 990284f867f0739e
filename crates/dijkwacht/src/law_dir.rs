//! Law packs from a folder: what `--law-dir` reads.

use std::path::{Path, PathBuf};

use law::{PackFiles, Packs};

use crate::edge;
use crate::outcome::Failure;

/// The largest file of a pack that is read, in bytes.
const LARGEST_FILE: u64 = 2_000_000;

/// The built-in packs, with those of the folder beside them where one is given.
pub(crate) fn packs(folder: Option<&Path>) -> Result<Packs, Failure> {
    let more = folder.map(read).transpose()?.unwrap_or_default();
    Packs::with(more).map_err(|invalid| Failure::Input(invalid.to_string()))
}

/// The folder itself when it is a pack, else every folder in it that is one.
pub(crate) fn read(folder: &Path) -> Result<Vec<PackFiles>, Failure> {
    if folder.join("pack.toml").is_file() {
        return Ok(vec![read_pack(folder)?]);
    }
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let mut inner: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.join("pack.toml").is_file()).collect();
    inner.sort();
    if inner.is_empty() {
        return Err(Failure::Input(format!("{} holds no pack: there is no pack.toml in it", folder.display())));
    }
    inner.iter().map(|path| read_pack(path)).collect()
}

fn read_pack(folder: &Path) -> Result<PackFiles, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    // A pipe among them would be waited for for ever.
    if let Some(path) = paths.iter().find(|path| !path.is_file()) {
        return Err(Failure::Input(format!(
            "{} is no ordinary file; take it out of the pack's folder",
            path.display()
        )));
    }
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let files = paths.into_iter().map(|path| Ok((name(&path), edge::read_text(&path, LARGEST_FILE)?)));
    Ok(PackFiles { at: folder.display().to_string(), files: files.collect::<Result<_, Failure>>()? })
}
