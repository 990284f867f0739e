//! The folder: for each list `NAME.toml` (where it comes from, how it went) and `NAME.list` (the list, in the compact form).

use std::{
    fmt, fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    str::FromStr,
};

use facts::Text;
use intel::NotCompact;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The longest description that is read, in bytes.
const LONGEST: u64 = 64 * 1024;

/// What a list is called: it is the name of its files and stands in the evidence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name that a file's name or an address suggests: what stands last in it, without its endings.
    #[must_use]
    pub fn suggested(source: &str) -> Option<Self> {
        let last = source.split(['?', '#']).next()?.trim_end_matches('/').rsplit(['/', '\\']).next()?;
        let stem = last.split('.').find(|part| !part.is_empty())?;
        let name: String = stem
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .take(40)
            .collect();
        name.trim_matches('-').parse().ok()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Name {
    type Err = FolderError;

    fn from_str(text: &str) -> Result<Self, FolderError> {
        let is_name = !text.is_empty()
            && text.len() <= 40
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
            && !text.starts_with('-');
        if is_name { Ok(Self(text.to_owned())) } else { Err(FolderError::Name(text.to_owned())) }
    }
}

impl TryFrom<String> for Name {
    type Error = FolderError;

    fn try_from(text: String) -> Result<Self, FolderError> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

/// Where a list comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// `http://…` or `https://…`: one file; a folder of MISP's; a collection of TAXII 2.1.
    Url(String),
    /// A file of this machine.
    File(PathBuf),
}

impl Source {
    /// As others may hear of it, who are told of the list: of a file of this machine its name alone, not where it lies.
    #[must_use]
    pub fn public(&self) -> String {
        match self {
            Self::Url(url) => without_secrets(url),
            Self::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => f.write_str(&without_secrets(url)),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// An address without who asks and what stands behind `?`: publishers put their customers' keys there.
fn without_secrets(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (site, target) = rest.find(['/', '?']).map_or((rest, ""), |at| rest.split_at(at));
    let host = site.rsplit_once('@').map_or(site, |(_, host)| host);
    let path = target.split_once('?').map_or(target.to_owned(), |(path, _)| format!("{path}?…"));
    format!("{scheme}://{host}{path}")
}

/// A list that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    pub source: Source,
    /// The form, where its content does not tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    pub every_hours: u32,
    /// A file with `user:password`, or with a token alone, that the publisher asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_file: Option<PathBuf>,
    #[serde(default)]
    pub state: State,
}

/// How it went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// When it was last asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_at: Option<Timestamp>,
    /// When the list that is there was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    #[serde(default)]
    pub entries: u64,
    /// The most entries that it had of late, and when: so that it does not shrink to nothing by and by.
    #[serde(default)]
    pub most: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_at: Option<Timestamp>,
    /// Lines that could not be used.
    #[serde(default)]
    pub invalid: u64,
    /// Why the last try brought nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The same in Dutch, for pages; absent where an older program tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault_nl: Option<String>,
}

/// So long a list that was longer is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(31 * 24);

impl State {
    /// How many entries a new list is held against.
    pub(crate) fn held_against(&self, now: Timestamp) -> u64 {
        let is_remembered = self.most_at.is_some_and(|at| now.duration_since(at) < REMEMBERED);
        self.entries.max(if is_remembered { self.most } else { 0 })
    }

    /// A list with so many entries took the place of the last.
    pub(crate) fn renewed(&mut self, entries: u64, now: Timestamp) {
        let is_over = self.most_at.is_none_or(|at| now.duration_since(at) >= REMEMBERED);
        if entries >= self.most || is_over {
            // What an older program left says nothing but how long the last one was.
            (self.most, self.most_at) = (entries.max(self.entries), Some(now));
        }
        self.entries = entries;
    }
}

/// What is wrong with the folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error("`{0}` is no name for a list; use up to 40 of a-z, 0-9 and -")]
    Name(String),
    #[error("there is no list `{0}`; `dijkwacht intel list` shows which there are")]
    Missing(Name),
    #[error("there is a list `{0}` already; choose another --name, or remove it first")]
    Taken(Name),
    #[error("{path}: {1}", path = .0.display())]
    Unreadable(PathBuf, io::Error),
    #[error("{path} is no description of a threat list ({1}); mend it, or remove it and add the list again", path = .0.display())]
    Damaged(PathBuf, String),
}

impl FolderError {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::Name(name) => format!("`{name}` is geen naam voor een lijst; gebruik tot 40 van a-z, 0-9 en -"),
            Self::Missing(name) => format!("er is geen lijst `{name}`; `dijkwacht intel list` toont welke er zijn"),
            Self::Taken(name) => {
                format!("er is al een lijst `{name}`; kies een andere --name, of verwijder hem eerst")
            }
            Self::Unreadable(path, error) => format!("{}: {error}", path.display()),
            Self::Damaged(path, why) => format!(
                "{} is geen beschrijving van een lijst ({why}); herstel hem, of verwijder hem en voeg de lijst opnieuw toe",
                path.display()
            ),
        };
        Text::made(nl, self.to_string())
    }
}

/// A list of a folder, and its description as far as it can be read.
pub type Kept = (Name, Result<Subscription, FolderError>);

/// A folder of lists.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The lists, by name; none where there is no folder.
    ///
    /// # Errors
    /// The folder cannot be read. A description that cannot be read is among the results.
    pub fn all(&self) -> Result<Vec<Kept>, FolderError> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(FolderError::Unreadable(self.path.clone(), error)),
        };
        let mut names: Vec<Name> =
            entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".toml")?.parse().ok()).collect();
        names.sort();
        Ok(names.into_iter().map(|name| (name.clone(), self.one(&name))).collect())
    }

    /// # Errors
    /// There is none by that name, or its description cannot be read.
    pub fn one(&self, name: &Name) -> Result<Subscription, FolderError> {
        let path = self.description(name);
        let file = match fs::File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(FolderError::Missing(name.clone())),
            Err(error) => return Err(FolderError::Unreadable(path, error)),
        };
        let mut text = String::new();
        file.take(LONGEST).read_to_string(&mut text).map_err(|error| FolderError::Unreadable(path.clone(), error))?;
        toml::from_str(&text).map_err(|error| FolderError::Damaged(path, error.message().to_owned()))
    }

    /// # Errors
    /// There is one by that name already, or it cannot be written.
    pub fn add(&self, name: &Name, subscription: &Subscription) -> Result<(), FolderError> {
        if self.description(name).exists() {
            return Err(FolderError::Taken(name.clone()));
        }
        self.put(name, subscription)
    }

    /// # Errors
    /// It cannot be written.
    pub fn put(&self, name: &Name, subscription: &Subscription) -> Result<(), FolderError> {
        let path = self.description(name);
        let text =
            toml::to_string(subscription).map_err(|error| FolderError::Damaged(path.clone(), error.to_string()))?;
        self.write(&path, text.as_bytes())
    }

    /// Puts a list in the old one's place, whole.
    ///
    /// # Errors
    /// It cannot be written; the old one is still there.
    pub fn put_list(&self, name: &Name, list: &intel::ThreatList) -> Result<(), FolderError> {
        self.write(&self.list(name), &list.to_bytes())
    }

    /// # Errors
    /// There is none by that name, or it cannot be removed.
    pub fn remove(&self, name: &Name) -> Result<(), FolderError> {
        self.one(name).map(drop).or_else(|error| match error {
            FolderError::Damaged(..) => Ok(()),
            error => Err(error),
        })?;
        for path in [self.description(name), self.list(name)] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(FolderError::Unreadable(path, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads a list to its end, whether it is as it was written. Absent: it never came.
    ///
    /// # Errors
    /// It is damaged, cannot be read, or came and is not there any more.
    pub fn check(&self, name: &Name, state: &State) -> Result<Option<()>, NotCompact> {
        match crate::lists::read(&self.list(name)) {
            Ok(_) => Ok(Some(())),
            Err(NotCompact::Unreadable(error))
                if error.kind() == io::ErrorKind::NotFound && state.fetched_at.is_none() =>
            {
                Ok(None)
            }
            Err(why) => Err(why),
        }
    }

    /// Whether a list is there in the form that this program reads, by its first bytes alone.
    #[must_use]
    pub fn has_current(&self, name: &Name) -> bool {
        let mut beginning = Vec::new();
        let read = fs::File::open(self.list(name)).and_then(|file| file.take(64).read_to_end(&mut beginning));
        read.is_ok() && intel::is_current(&beginning)
    }

    /// Where the list is, in the compact form.
    #[must_use]
    pub fn list(&self, name: &Name) -> PathBuf {
        self.path.join(format!("{name}.list"))
    }

    fn description(&self, name: &Name) -> PathBuf {
        self.path.join(format!("{name}.toml"))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
        let unreadable = |error| FolderError::Unreadable(path.to_owned(), error);
        fs::create_dir_all(&self.path).map_err(unreadable)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.path).map_err(unreadable)?;
        file.write_all(bytes).map_err(unreadable)?;
        file.as_file().sync_all().map_err(unreadable)?;
        // A sensor that runs as another user reads it too; nothing in it is secret.
        #[cfg(unix)]
        fs::set_permissions(file.path(), std::os::unix::fs::PermissionsExt::from_mode(0o644)).map_err(unreadable)?;
        file.persist(path).map_err(|error| unreadable(error.error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_an_address_is_told_to_nobody() {
        for (url, told) in [
            ("https://lists.example/bad.txt", "https://lists.example/bad.txt"),
            ("https://lists.example/bad.txt?key=abc", "https://lists.example/bad.txt?…"),
            ("https://ada:abc@lists.example:8443/x", "https://lists.example:8443/x"),
            ("https://lists.example?auth=abc", "https://lists.example?…"),
        ] {
            let source = Source::Url(url.to_owned());
            assert_eq!((source.public(), source.to_string()), (told.to_owned(), told.to_owned()));
        }
    }

    #[test]
    fn a_list_is_held_against_the_longest_of_the_last_month() {
        let day = |day: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day);
        let mut state = State { entries: 900, ..State::default() };
        assert_eq!(state.held_against(day(0)), 900, "as an older program left it");
        for (at, entries, held) in [(0, 95, 900), (1, 50, 900), (40, 50, 50), (41, 60, 60), (50, 55, 60), (73, 54, 55)]
        {
            state.renewed(entries, day(at));
            assert_eq!((state.held_against(day(at)), state.entries), (held, entries), "{at}");
        }
    }

    #[test]
    fn a_name_is_suggested_by_what_stands_last() {
        for (source, name) in [
            ("https://lists.example/feeds/Bad_Domains.txt?x=1", Some("bad-domains")),
            ("lists/trails.csv.gz", Some("trails")),
            ("https://misp.example/feed-osint/", Some("feed-osint")),
            ("https://lists.example", Some("lists")),
            ("", None),
        ] {
            assert_eq!(Name::suggested(source).map(|name| name.to_string()).as_deref(), name, "{source}");
        }
        assert!("../etc".parse::<Name>().is_err() && "A".parse::<Name>().is_err() && "".parse::<Name>().is_err());
    }
}
