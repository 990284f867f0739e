//! The names that rotation gives a log's files.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// How files are packed that can be read here, and that cannot.
const READABLE: [&str; 2] = [".gz", ".zst"];
const UNREADABLE: [&str; 8] = [".bz2", ".xz", ".lzma", ".lz4", ".br", ".Z", ".zip", ".7z"];

/// A log's files: the folder that they stand in, and how their names begin and end.
pub(crate) struct Rotated {
    pub(crate) folder: PathBuf,
    /// The file that now stands under the log's name.
    pub(crate) current: OsString,
    pub(crate) stem: String,
    end: String,
}

/// How a file is packed, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    None,
    Readable,
    Unreadable,
}

impl Rotated {
    /// None: what has no name of its own.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        // A link to the newest of files that have dates in their names, the newest too (`latest.log`).
        let target = path.is_symlink().then(|| std::fs::canonicalize(path).ok()).flatten();
        let named = target.as_deref().unwrap_or(path);
        let folder = named.parent()?;
        let folder = if folder == Path::new("") { Path::new(".") } else { folder };
        let stem = named.file_stem()?.to_string_lossy();
        let is_of_date = |letter: char| letter.is_ascii_digit() || "-_.:".contains(letter);
        let stem = if target.is_some() { stem.trim_end_matches(is_of_date) } else { &*stem };
        let end = named.extension().map(|end| format!(".{}", end.to_string_lossy())).unwrap_or_default();
        Some(Self { folder: folder.to_owned(), current: named.file_name()?.to_owned(), stem: stem.to_owned(), end })
    }

    /// Whether a name is one that rotation gives: the log's own with a number or a date in it, packed or not.
    pub(crate) fn packing(&self, name: &OsStr) -> Option<Packing> {
        let name = name.to_str()?;
        let without = |ends: &[&str]| ends.iter().find_map(|end| name.strip_suffix(*end));
        let (plain, packing) = match (without(&READABLE), without(&UNREADABLE)) {
            (Some(plain), _) => (plain, Packing::Readable),
            (None, Some(plain)) => (plain, Packing::Unreadable),
            (None, None) => (name, Packing::None),
        };
        let rest = plain.strip_prefix(self.stem.as_str())?;
        let end = self.end.as_str();
        let added = rest.strip_prefix(end).or_else(|| rest.strip_suffix(end)).unwrap_or(rest);
        let is_number = added.bytes().all(|byte| byte.is_ascii_digit() || b".-_:TZ".contains(&byte));
        let is_added =
            is_number && added.starts_with(['.', '-', '_']) && added.bytes().any(|byte| byte.is_ascii_digit());
        is_added.then_some(packing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_a_date_makes_a_rotated_name_and_its_packing_says_whether_it_is_read() {
        let (plain, packed, unreadable) = (Some(Packing::None), Some(Packing::Readable), Some(Packing::Unreadable));
        // (the log, a name beside it, what it is)
        let table = [
            ("eve.json", "eve.json.1", plain),
            ("eve.json", "eve.json.2.gz", packed),
            ("eve.json", "eve.json-20261130.zst", packed),
            ("eve.json", "eve-2026-11-30T10.json", plain),
            ("eve.json", "eve.json.2.bz2", unreadable),
            ("eve.json", "eve-20261130.json.xz", unreadable),
            ("eve.json", "eve.json.bak", None),
            ("eve.json", "eve2.json", None),
            ("eve.json", "eve.json.xz", None),
            ("eve.json", "other.json.1", None),
            ("messages", "messages.1", plain),
            ("messages", "messages-20261130.lz4", unreadable),
        ];
        for (log, name, packing) in table {
            let rotated = Rotated::of(Path::new(log)).unwrap();
            assert_eq!(rotated.packing(OsStr::new(name)), packing, "{log} {name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_of_the_files_that_it_points_to_one_after_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("latest.log");
        std::fs::write(folder.path().join("resolver_20261201.log"), "x").unwrap();
        std::os::unix::fs::symlink("resolver_20261201.log", &link).unwrap();
        let rotated = Rotated::of(&link).unwrap();
        assert_eq!((rotated.current.to_str(), rotated.stem.as_str()), (Some("resolver_20261201.log"), "resolver"));
        for (name, packing) in [
            ("resolver_20261130.log", Some(Packing::None)),
            ("resolver_20261130.log.gz", Some(Packing::Readable)),
            ("filter_20261130.log", None),
            ("latest.log", None),
        ] {
            assert_eq!(rotated.packing(OsStr::new(name)), packing, "{name}");
        }
    }
}
