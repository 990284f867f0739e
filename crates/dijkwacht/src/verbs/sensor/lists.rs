//! The threat lists of the server: what was chosen there, fetched into a folder of this sensor's own.
//!
//! Promises: a list takes the old one's place only when it is whole, and the sensor takes it up as it does any swapped list;
//! one that is no longer chosen goes. Whatever goes wrong, the sensor watches on with the lists that it has. Of several
//! servers each may have another version: a list is fetched at most once an hour.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use contract::sensor::{ServedList, Settings};
use facts::Text;
use feeds::{Folder, Name, Source, State, Subscription};
use intel::ThreatList;
use jiff::{SignedDuration, Timestamp};
use sensor::Stop;
use sensor::courier::{Courier, Say};

use crate::edge;

static WHO: Text = Text::new("wie de lijsten van de server haalt", "who fetches the server's lists");

/// How often the settings are looked at.
const EVERY: Duration = Duration::from_secs(15);
/// How long a version is kept, whatever the server has by then; and how long one that failed waits.
const AT_MOST_EVERY: SignedDuration = SignedDuration::from_hours(1);
const AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// Keeps a folder equal to what the server hands out, on a thread of its own that ends with the program. Whoever waits hears
/// when it looked for the first time.
pub(super) fn follow(courier: &Courier, folder: Folder, say: Say, stop: Stop) -> Receiver<()> {
    let (server, secret) = (courier.server.clone(), courier.secret.clone());
    let settings = Arc::clone(&courier.settings);
    let (looked, first) = channel();
    std::thread::spawn(move || {
        let mut follower = Follower { folder, asked: BTreeMap::new(), whole: BTreeSet::new(), say: Arc::clone(&say) };
        stop.on_fall(&WHO, &say, || {
            loop {
                follower.turn(&wanted(&settings), edge::now(), |name| server.list(&secret, name));
                // A sensor that watches does not wait for it.
                let _ = looked.send(());
                std::thread::park_timeout(EVERY);
            }
        });
    });
    first
}

fn wanted(settings: &Mutex<Settings>) -> Vec<ServedList> {
    settings.lock().unwrap_or_else(PoisonError::into_inner).lists.clone()
}

struct Follower {
    folder: Folder,
    /// When a list was asked for, and how long it is not asked for again.
    asked: BTreeMap<Name, (Timestamp, SignedDuration)>,
    /// Versions that were read to their end here: what lies on the disk may be damaged.
    whole: BTreeSet<(Name, String)>,
    say: Say,
}

impl Follower {
    fn turn(&mut self, wanted: &[ServedList], now: Timestamp, fetch: impl Fn(&str) -> Result<Vec<u8>, Text>) {
        let kept = match self.folder.all() {
            Ok(kept) => kept,
            Err(error) => {
                let why = error.text();
                return (self.say)(&Text::made(
                    format!("let op: de lijsten van de server zijn niet te bekijken: {}", why.nl),
                    format!("warning: the server's lists cannot be looked at: {}", why.en),
                ));
            }
        };
        for (name, _) in kept.iter().filter(|(name, _)| !wanted.iter().any(|list| list.name == name.as_str())) {
            match self.folder.remove(name) {
                Ok(()) => (self.say)(&Text::made(
                    format!("de server geeft de lijst {name} niet meer"),
                    format!("the server no longer hands out the list {name}"),
                )),
                Err(error) => (self.say)(&Text::made(
                    format!("let op: de lijst {name} is niet te verwijderen: {}", error.text().nl),
                    format!("warning: the list {name} cannot be removed: {error}"),
                )),
            }
        }
        for list in wanted {
            // A name that is none would be no file's name either.
            let Ok(name) = list.name.parse::<Name>() else { continue };
            let held = kept.iter().find(|(one, _)| *one == name).and_then(|(_, one)| one.as_ref().ok());
            let is_held = held.is_some_and(|one| {
                one.state.etag.as_deref() == Some(list.version.as_str()) && self.is_whole(&name, list, &one.state)
            });
            // A clock that was set back must not stop it for ever.
            let waits = |(at, wait): &(Timestamp, SignedDuration)| (*at..*at + *wait).contains(&now);
            if is_held || self.asked.get(&name).is_some_and(waits) {
                continue;
            }
            let wait = match fetch(name.as_str()).and_then(|bytes| self.keep(&name, list, &bytes)) {
                Ok(entries) => {
                    let entries = crate::verbs::intel::entries(entries);
                    (self.say)(&Text::made(
                        format!("lijst {name} van de server: {}", entries.nl),
                        format!("the server's list {name}: {}", entries.en),
                    ));
                    AT_MOST_EVERY
                }
                Err(why) => {
                    (self.say)(&Text::made(
                        format!("let op: de lijst {name} van de server kwam niet: {}", why.nl),
                        format!("warning: the server's list {name} did not come: {}", why.en),
                    ));
                    AGAIN_AFTER
                }
            };
            self.asked.insert(name, (now, wait));
        }
    }

    fn is_whole(&mut self, name: &Name, list: &ServedList, state: &State) -> bool {
        let version = (name.clone(), list.version.clone());
        if self.whole.contains(&version) {
            return true;
        }
        let is_whole = matches!(self.folder.check(name, state), Ok(Some(())));
        if is_whole {
            self.whole.insert(version);
        }
        is_whole
    }

    /// Puts a list in the old one's place; with how many entries.
    fn keep(&self, name: &Name, served: &ServedList, bytes: &[u8]) -> Result<u64, Text> {
        let list = ThreatList::from_compact(bytes).map_err(|error| error.text())?;
        let about = list.about();
        let subscription = Subscription {
            source: Source::Url(about.source.clone().unwrap_or_default()),
            format: None,
            licence: about.licence.clone(),
            every_hours: 1,
            secret_file: None,
            state: State {
                fetched_at: about.fetched_at,
                etag: Some(served.version.clone()),
                entries: list.len() as u64,
                ..State::default()
            },
        };
        // The list first: without it the description would say that it is there.
        self.folder.put_list(name, &list).map_err(|error| error.text())?;
        self.folder.put(name, &subscription).map_err(|error| error.text())?;
        Ok(list.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use feeds::Lists;

    use super::*;

    fn served(name: &str, version: &str) -> ServedList {
        ServedList { name: name.into(), version: version.into() }
    }

    fn compact(entries: &str) -> Vec<u8> {
        ThreatList::read("kwaad", entries.as_bytes()).list.to_bytes()
    }

    fn new(folder: &Folder) -> Follower {
        let (asked, whole) = Default::default();
        Follower { folder: folder.clone(), asked, whole, say: Arc::new(|_| {}) }
    }

    #[test]
    fn a_list_that_is_damaged_on_the_sensors_disk_is_fetched_again_though_its_version_is_the_same() {
        let kept = tempfile::tempdir().unwrap();
        let folder = Folder::at(kept.path());
        let now = "2026-11-29T10:00:00Z".parse::<Timestamp>().unwrap();
        let (wanted, fetch) = ([served("kwaad", "1")], |_: &str| Ok(compact("kwaad.example\n")));
        new(&folder).turn(&wanted, now, fetch);
        std::fs::write(folder.list(&"kwaad".parse().unwrap()), b"dijkwacht threat list 1\n").unwrap();
        new(&folder).turn(&wanted, now, fetch);
        let lists = Lists::load(folder).unwrap();
        assert!(lists.faults().is_empty() && lists.lists()[0].domain("kwaad.example").is_some());
    }

    #[test]
    fn the_folder_follows_what_the_server_hands_out() {
        let kept = tempfile::tempdir().unwrap();
        let folder = Folder::at(kept.path());
        let mut follower = new(&folder);
        let (start, hour) = ("2026-11-29T10:00:00Z".parse::<Timestamp>().unwrap(), AT_MOST_EVERY);
        let knows =
            |name: &str| Lists::load(folder.clone()).unwrap().lists().iter().any(|list| list.domain(name).is_some());
        let first = |_: &str| Ok(compact("kwaad.example\n"));
        let never = |name: &str| -> Result<Vec<u8>, Text> { panic!("{name} was fetched") };

        follower.turn(&[served("kwaad", "1"), served("../x", "1")], start, first);
        assert!(knows("kwaad.example"));
        follower.turn(&[served("kwaad", "1")], start + hour, never);
        follower.turn(&[served("kwaad", "2")], start + hour / 2, never);
        for broken in [Err(Text::new("geen antwoord", "no answer")), Ok(b"<html>".to_vec())] {
            follower.asked.clear();
            follower.turn(&[served("kwaad", "2")], start + hour, |_| broken.clone());
            assert!(knows("kwaad.example"), "the last good one stays");
        }
        follower.turn(&[served("kwaad", "2")], start + hour + AGAIN_AFTER, |_| Ok(compact("erger.example\n")));
        assert!(knows("erger.example") && !knows("kwaad.example"));
        follower.turn(&[], start + hour * 2, never);
        assert!(!knows("erger.example") && folder.all().unwrap().is_empty());
    }
}
