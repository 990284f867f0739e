//! Law packs from a folder: what `--law-dir` reads.

use std::path::{Path, PathBuf};

use facts::Text;
use law::{PackFiles, Packs};

use crate::edge;
use crate::outcome::Failure;

/// The file that makes a folder a pack.
const HEAD: &str = "pack.toml";

/// The largest file of a pack that is read, in bytes.
const LARGEST_FILE: u64 = 2_000_000;

/// The built-in packs, with those of the folder beside them where one is given.
pub(crate) fn packs(folder: Option<&Path>) -> Result<Packs, Failure> {
    let more = folder.map(all).transpose()?.unwrap_or_default();
    Packs::with(more).map_err(|invalid| Failure::Told(invalid.text()))
}

/// Every pack of the folder, or why one of them cannot be read.
fn all(folder: &Path) -> Result<Vec<PackFiles>, Failure> {
    read(folder)?.into_iter().collect()
}

/// The folder itself when it is a pack, else every folder in it that is one. A pack of which a file cannot be read takes
/// none of the others along.
pub(crate) fn read(folder: &Path) -> Result<Vec<Result<PackFiles, Failure>>, Failure> {
    if folder.join(HEAD).is_file() {
        return Ok(vec![read_pack(folder)]);
    }
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::unreadable(folder, &error))?;
    let mut inner: Vec<PathBuf> =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.join(HEAD).is_file()).collect();
    inner.sort();
    if inner.is_empty() {
        let folder = folder.display();
        return Err(Failure::Told(Text::made(
            format!("in {folder} staat geen pakket: er is geen pack.toml"),
            format!("{folder} holds no pack: there is no pack.toml in it"),
        )));
    }
    Ok(inner.iter().map(|path| read_pack(path)).collect())
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
        let path = path.display();
        return Err(Failure::Told(Text::made(
            format!("{path} is geen gewoon bestand; haal het uit de map van het pakket"),
            format!("{path} is no ordinary file; take it out of the pack's folder"),
        )));
    }
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let files = paths.into_iter().map(|path| Ok((name(&path), edge::read_text(&path, LARGEST_FILE)?)));
    Ok(PackFiles { at: folder.display().to_string(), files: files.collect::<Result<_, Failure>>()? })
}
