//! The threat lists that the server keeps for its sensors: a folder beside its data, with what organisations chose.
//!
//! Promises: nothing is fetched before somebody chose it; what is due is fetched in the background, a few at a time, and
//! whatever goes wrong with one, or is slow, stays with it (`feeds` keeps the last good one). Of several servers on one database each
//! keeps a folder of its own: the choices stand in the database, and a sensor is served by whichever server it reaches.
//! Lists that somebody put into the folder by hand are offered too, and are never removed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use facts::Text;
use feeds::{Folder, FolderError, Name, Source, State, Subscription};
use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use app::ports::{KeptList, OfferedList, ThreatLists};
use app::{App, Error};

use crate::edge;
use crate::outcome::chain;

/// The folder's name in the data folder. Not the one of `dijkwacht intel`, whose lists are its user's to keep.
const FOLDER: &str = "lists";
/// How often the server looks what is due.
const EVERY: Duration = Duration::from_secs(60);
/// How many are fetched at the same time.
const AT_ONCE: usize = 4;

/// The folder, and what was asked for out of turn.
pub(crate) struct Served {
    folder: Folder,
    at_once: Mutex<BTreeSet<String>>,
    /// What is being fetched, and since when. In memory alone: what a server that ended was fetching, nobody fetches.
    fetching: Mutex<BTreeMap<String, Timestamp>>,
    bell: Notify,
}

/// That a list is being fetched, for as long as this lives: also where fetching it ends in a panic.
struct Fetching<'a>(&'a Served, &'a Name);

impl<'a> Fetching<'a> {
    fn begin(served: &'a Served, name: &'a Name) -> Self {
        served.fetching().insert(name.to_string(), edge::now());
        Self(served, name)
    }
}

impl Drop for Fetching<'_> {
    fn drop(&mut self) {
        self.0.fetching().remove(self.1.as_str());
    }
}

impl Served {
    pub(crate) fn beside(data: &Path) -> Self {
        Self {
            folder: Folder::at(&data.join(FOLDER)),
            at_once: Mutex::default(),
            fetching: Mutex::default(),
            bell: Notify::new(),
        }
    }

    fn fetching(&self) -> MutexGuard<'_, BTreeMap<String, Timestamp>> {
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches what was chosen and is due, and lets go what nobody chose any more. Blocks.
    fn renew(&self, wanted: &[String]) -> Result<(), FolderError> {
        let at_once = std::mem::take(&mut *self.at_once.lock().unwrap_or_else(PoisonError::into_inner));
        let kept = self.folder.all()?;
        for known in intel::catalogue() {
            let name: Name = known.id.parse()?;
            let is_there = kept.iter().any(|(one, _)| *one == name);
            match (is_there, wanted.contains(&known.id)) {
                (false, true) => self.folder.add(&name, &subscription(known))?,
                (true, false) => self.folder.remove(&name)?,
                _ => {}
            }
        }
        let mut due = Vec::new();
        for (name, subscription) in self.folder.all()? {
            let is_asked = at_once.contains(name.as_str());
            // What was lost from the disk, or made by another version, is due whatever its publisher was asked last.
            let is_due =
                subscription.is_ok_and(|one| feeds::is_due(&one, edge::now())) || !self.folder.has_current(&name);
            if wanted.iter().any(|one| one == name.as_str()) && (is_due || is_asked) {
                due.push(name);
            }
        }
        let due = Mutex::new(due.into_iter());
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| self.fetch_of(&due));
            }
        });
        Ok(())
    }

    /// Fetches one after the other of what is left, as others do.
    fn fetch_of(&self, due: &Mutex<std::vec::IntoIter<Name>>) {
        let next = || due.lock().unwrap_or_else(PoisonError::into_inner).next();
        while let Some(name) = next() {
            let _fetching = Fetching::begin(self, &name);
            if let Err(refusal) = feeds::update(&self.folder, &name, edge::now()) {
                tracing::warn!(list = name.as_str(), error = chain(&refusal), "a threat list did not come");
            }
        }
    }
}

/// A known list as the folder keeps it.
pub(crate) fn subscription(known: &intel::Known) -> Subscription {
    Subscription {
        source: Source::Url(known.url.clone()),
        format: Some(known.format.key().to_owned()),
        licence: Some(format!("{} ({})", known.licence, known.terms)),
        every_hours: known.every_hours,
        secret_file: None,
        state: State::default(),
    }
}

/// Keeps the lists up to date until told to stop.
pub(crate) async fn keep(app: App, lists: Arc<Served>, mut stop: watch::Receiver<bool>) {
    let mut trouble: Option<String> = None;
    let endless = async {
        loop {
            let renewed = renew(&app, &lists).await.err().map(|error| chain(error.as_ref()));
            if let Some(why) = renewed.as_ref().filter(|why| trouble.as_ref() != Some(why)) {
                tracing::error!(
                    error = why.as_str(),
                    "threat lists could not be looked after, and that is tried again"
                );
            }
            trouble = renewed;
            let _ = tokio::time::timeout(EVERY, lists.bell.notified()).await;
        }
    };
    tokio::select! {
        () = endless => {}
        _ = stop.wait_for(|is_to_stop| *is_to_stop) => {}
    }
}

/// On a thread of its own, which a server that stops does not wait for: a publisher may take minutes to answer.
async fn renew(app: &App, lists: &Arc<Served>) -> Result<(), anyhow::Error> {
    let wanted = app.store.lists_in_use().await?;
    let lists = Arc::clone(lists);
    let (told, done) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || told.send(lists.renew(&wanted)));
    Ok(done.await??)
}

#[async_trait]
impl ThreatLists for Served {
    async fn offered(&self) -> Result<Vec<OfferedList>, Error> {
        let own = blocking(self.folder.clone(), |folder| folder.all()).await?;
        let is_known = |name: &Name| intel::catalogue().iter().any(|known| known.id == name.as_str());
        let own = own.into_iter().filter(|(name, _)| !is_known(name));
        let own = own.filter_map(|(name, one)| Some(of_the_house(name.as_str(), &one.ok()?)));
        Ok(intel::catalogue().iter().map(known).chain(own).collect())
    }

    async fn kept(&self) -> Result<Vec<KeptList>, Error> {
        let all = blocking(self.folder.clone(), |folder| folder.all()).await?;
        let fetching = self.fetching().clone();
        let kept = |(name, one): (Name, Result<Subscription, FolderError>)| match one {
            Ok(one) => KeptList {
                fetching_since: fetching.get(name.as_str()).copied(),
                name: name.to_string(),
                every_hours: one.every_hours,
                entries: one.state.entries,
                fetched_at: one.state.fetched_at,
                checked_at: one.state.checked_at,
                // What an older program wrote down it did in English alone.
                fault: one.state.fault.map(|en| Text::made(one.state.fault_nl.unwrap_or_else(|| en.clone()), en)),
            },
            Err(error) => KeptList {
                fetching_since: fetching.get(name.as_str()).copied(),
                name: name.to_string(),
                every_hours: 1,
                entries: 0,
                fetched_at: None,
                checked_at: None,
                fault: Some(error.text()),
            },
        };
        Ok(all.into_iter().map(kept).collect())
    }

    async fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let Ok(name) = name.parse::<Name>() else { return Ok(None) };
        blocking(self.folder.clone(), move |folder| match std::fs::read(folder.list(&name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(FolderError::Unreadable(folder.list(&name), error)),
        })
        .await
    }

    async fn fetch_soon(&self, names: &[String]) -> Result<(), Error> {
        self.at_once.lock().unwrap_or_else(PoisonError::into_inner).extend(names.iter().cloned());
        self.bell.notify_one();
        Ok(())
    }
}

/// Files are read where nobody waits for a turn.
async fn blocking<T: Send + 'static>(
    folder: Folder,
    work: impl FnOnce(&Folder) -> Result<T, FolderError> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(move || work(&folder)).await.map_err(Error::internal)?;
    done.map_err(Error::internal)
}

fn known(known: &intel::Known) -> OfferedList {
    OfferedList {
        name: known.id.clone(),
        publisher: known.publisher.clone(),
        source: known.url.clone(),
        licence: known.licence.clone(),
        terms: known.terms.clone(),
        is_commercial_use_allowed: match known.commercial {
            intel::Commercial::Yes => Some(true),
            intel::Commercial::No => Some(false),
            intel::Commercial::Terms => None,
        },
        size: match known.size {
            intel::Size::Small => Text::new("tot 10.000 regels", "up to 10,000 entries"),
            intel::Size::Medium => Text::new("tot 100.000 regels", "up to 100,000 entries"),
            intel::Size::Large => Text::new("meer dan 100.000 regels", "more than 100,000 entries"),
        },
        every_hours: known.every_hours,
        about: known.about.clone(),
        first: known.first.clone(),
    }
}

/// Whether a licence allows commercial use, where it is one of those that say so by their name alone, with a version or without.
/// Whoever adds words to it may take back what the name gives.
fn commercial(licence: &str) -> Option<bool> {
    let words = licence.to_ascii_lowercase();
    let words = words.split(|letter: char| !letter.is_ascii_alphanumeric());
    let name: String = words.filter(|word| !["license", "licence", "only", "or", "later"].contains(word)).collect();
    let bare = name.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == 'v');
    match bare {
        "ccby" | "ccbysa" | "ccbynd" => Some(true),
        "ccbync" | "ccbyncsa" | "ccbyncnd" => Some(false),
        // CC0: its number is a part of its name.
        "cc" => name.starts_with("cc0").then_some(true),
        "publicdomain" | "mit" | "bsd" | "bsd2clause" | "bsd3clause" | "apache" | "gpl" | "lgpl" | "agpl" | "odcby"
        | "pddl" | "unlicense" => Some(true),
        _ => None,
    }
}

/// A list that somebody put into the folder.
fn of_the_house(name: &str, one: &Subscription) -> OfferedList {
    OfferedList {
        name: name.to_owned(),
        publisher: String::new(),
        source: one.source.public(),
        licence: one.licence.clone().unwrap_or_default(),
        terms: String::new(),
        is_commercial_use_allowed: one.licence.as_deref().and_then(commercial),
        size: Text::new("onbekend tot zij er is", "unknown until it is there"),
        every_hours: one.every_hours,
        about: Text::new(
            "Een eigen lijst, door de beheerder van deze server toegevoegd.",
            "A list of your own, added by whoever runs this server.",
        ),
        first: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(served: &Served) -> Vec<String> {
        served.folder.all().unwrap().into_iter().map(|(name, _)| name.to_string()).collect()
    }

    /// A list of one's own: what is fetched comes from this very machine.
    fn own(served: &Served, folder: &Path, entries: &str) -> Name {
        let (file, name) = (folder.join("eigen.txt"), "eigen".parse::<Name>().unwrap());
        std::fs::write(&file, entries).unwrap();
        let one = Subscription {
            source: Source::File(file),
            format: None,
            licence: None,
            every_hours: 24,
            secret_file: None,
            state: State::default(),
        };
        served.folder.add(&name, &one).unwrap();
        name
    }

    #[tokio::test]
    async fn nothing_is_fetched_before_somebody_chose_it() {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::beside(folder.path());
        assert!(served.offered().await.unwrap().len() >= 10, "offered without a folder");
        served.renew(&[]).unwrap();
        assert_eq!(names(&served), [""; 0]);
        own(&served, folder.path(), "kwaad.example\n");
        served.renew(&[]).unwrap();
        assert_eq!(served.bytes("eigen").await.unwrap(), None);
        served.renew(&["eigen".to_owned()]).unwrap();
        let kept = served.kept().await.unwrap();
        assert_eq!((kept[0].entries, kept[0].fault.as_ref(), kept[0].fetched_at.is_some()), (1, None, true));
        let bytes = served.bytes("eigen").await.unwrap().unwrap();
        assert!(intel::ThreatList::from_compact(bytes.as_slice()).unwrap().domain("kwaad.example").is_some());
        assert_eq!(served.bytes("../register.key").await.unwrap(), None);
        let offered = served.offered().await.unwrap();
        let own = offered.last().unwrap();
        // Where it lies on the server is not for those who choose it.
        assert_eq!((own.name.as_str(), own.source.as_str()), ("eigen", "eigen.txt"));
        served.renew(&[]).unwrap();
        assert_eq!(names(&served), ["eigen"], "what somebody put there is not removed");
    }

    #[tokio::test]
    async fn what_was_asked_for_is_fetched_before_its_time_and_a_bad_one_leaves_the_good() {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::beside(folder.path());
        own(&served, folder.path(), "kwaad.example\n");
        let wanted = ["eigen".to_owned()];
        served.renew(&wanted).unwrap();
        std::fs::write(folder.path().join("eigen.txt"), "kwaad.example\nerger.example\n").unwrap();
        served.renew(&wanted).unwrap();
        assert_eq!(served.kept().await.unwrap()[0].entries, 1, "not due");
        served.fetch_soon(&wanted).await.unwrap();
        served.renew(&wanted).unwrap();
        assert_eq!(served.kept().await.unwrap()[0].entries, 2);
        std::fs::write(folder.path().join("eigen.txt"), "<!doctype html><p>inloggen").unwrap();
        served.fetch_soon(&wanted).await.unwrap();
        served.renew(&wanted).unwrap();
        let kept = served.kept().await.unwrap();
        let fault = kept[0].fault.as_ref().unwrap();
        assert!(kept[0].entries == 2 && fault.en.contains("web page") && fault.nl.contains("webpagina"), "{kept:?}");
    }

    #[tokio::test]
    async fn a_list_is_said_to_be_fetched_while_it_is_and_no_longer() {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::beside(folder.path());
        let name = own(&served, folder.path(), "kwaad.example\n");
        let since = async || served.kept().await.unwrap()[0].fetching_since;
        assert_eq!(since().await, None);
        let fetching = Fetching::begin(&served, &name);
        assert!(since().await.is_some());
        drop(fetching);
        assert_eq!(since().await, None);
        // One that ends in a panic is not being fetched for ever, nor is one that a server was fetching when it ended.
        std::thread::scope(|scope| {
            let fetched = scope.spawn(|| {
                let _fetching = Fetching::begin(&served, &name);
                assert_eq!("geen getal".parse::<u8>().unwrap(), 1);
            });
            assert!(fetched.join().is_err());
        });
        assert_eq!(since().await, None);
        let _fetching = Fetching::begin(&served, &name);
        assert_eq!(Served::beside(folder.path()).kept().await.unwrap()[0].fetching_since, None);
        served.renew(&["eigen".to_owned()]).unwrap();
        assert_eq!(since().await, None, "fetched");
    }

    #[tokio::test]
    async fn a_list_that_another_version_made_is_made_again_before_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::beside(folder.path());
        let name = own(&served, folder.path(), "kwaad.example\n");
        let wanted = ["eigen".to_owned()];
        served.renew(&wanted).unwrap();
        let mut bytes = served.bytes("eigen").await.unwrap().unwrap();
        bytes["dijkwacht threat list ".len()] = b'1';
        std::fs::write(served.folder.list(&name), bytes).unwrap();
        served.renew(&wanted).unwrap();
        let bytes = served.bytes("eigen").await.unwrap().unwrap();
        assert!(intel::ThreatList::from_compact(bytes.as_slice()).is_ok());
    }

    #[test]
    fn what_a_licence_allows_is_told_where_its_name_says_so() {
        for (licence, allows) in [
            ("CC0", Some(true)),
            ("cc0-1.0", Some(true)),
            ("MIT", Some(true)),
            ("CC BY 4.0", Some(true)),
            ("CC BY-NC 4.0", Some(false)),
            ("GPL-3.0", Some(true)),
            ("GPL-3.0-or-later", Some(true)),
            ("MIT License", Some(true)),
            ("Apache License 2.0", Some(true)),
            ("BSD-3-Clause", Some(true)),
            ("The Unlicense", None),
            ("Unlicense", Some(true)),
            ("MIT voor prive, verder niet", None),
            ("CC0? nee: niet commercieel", None),
            ("CC BY 4.0, but not for companies", None),
            ("terms of abuse.ch", None),
            ("", None),
        ] {
            assert_eq!(commercial(licence), allows, "{licence}");
        }
    }

    #[tokio::test]
    async fn a_known_list_that_nobody_chose_any_more_goes() {
        let folder = tempfile::tempdir().unwrap();
        let served = Served::beside(folder.path());
        let known = &intel::catalogue()[0];
        let name: Name = known.id.parse().unwrap();
        served.folder.add(&name, &subscription(known)).unwrap();
        served.renew(&[]).unwrap();
        assert_eq!(names(&served), [""; 0]);
    }
}
