//! One list brought up to date: fetched, read, checked, put in the old one's place.

use std::collections::BTreeMap;

use facts::Text;
use intel::{About, Format, InvalidLine, LineFault, NotCompact, ReadList, ThreatList};
use jiff::{SignedDuration, Timestamp};

use crate::{
    fetch::{Fetch, FetchError, fetch, is_web_page},
    folder::{Folder, FolderError, Name, Subscription},
};

/// A list that had at least so many entries within the last month is not taken to have shrunk below a tenth of that.
const SHRINKS_FROM: u64 = 100;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As its publisher says, it is as it was.
    Unchanged,
    /// A new one is in place.
    Renewed { entries: u64, skipped: u64, unusable: Unusable },
}

/// Lines that could not be used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unusable {
    pub count: u64,
    /// The first of them, whole.
    pub first: Vec<InvalidLine>,
    pub by_fault: BTreeMap<LineFault, u64>,
}

impl Unusable {
    /// So many are named one by one.
    const NAMED: usize = 5;

    /// Those of a list.
    #[must_use]
    pub fn of(read: &ReadList) -> Self {
        Self {
            count: read.invalid_count,
            first: read.invalid.iter().take(Self::NAMED).cloned().collect(),
            by_fault: read.invalid_by_fault.clone(),
        }
    }
}

/// Why the last good list stays.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error("{0}: {1}; the last good list stays, where there was one")]
    NotCompact(String, NotCompact),
    #[error(
        "{0} is a web page, not a list; the last good list stays. Look at the address: it may want a log-in, or have moved"
    )]
    WebPage(String),
    #[error(
        "{place} holds nothing that a sensor can look for{first}; the last good list stays, where there was one. If it was read wrongly, say its form: `dijkwacht intel add … --as FORM`"
    )]
    Empty { place: String, first: String, eerste: String },
    #[error(
        "{place} has {} where it had {before}; the last good list stays. If that is right, remove the list and add it again",
        entries(*.now).en
    )]
    Shrunk { place: String, before: u64, now: u64 },
}

fn entries(count: u64) -> Text {
    Text::counted(count, Text::new("vermelding", "entry"), Text::new("vermeldingen", "entries"))
}

impl Refusal {
    fn empty(place: String, read: &ReadList) -> Self {
        let first = read.invalid.first();
        let eerste = first.map(|fault| format!(" ({})", fault.text().nl)).unwrap_or_default();
        Self::Empty { place, first: first.map(|fault| format!(" ({fault})")).unwrap_or_default(), eerste }
    }

    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let nl = match self {
            Self::Fetch(why) => return why.text(),
            Self::Folder(why) => return why.text(),
            Self::NotCompact(place, why) => {
                format!("{place}: {}; de laatste goede lijst blijft, als die er was", why.text().nl)
            }
            Self::WebPage(place) => format!(
                "{place} is een webpagina, geen lijst; de laatste goede lijst blijft. Kijk naar het adres: misschien wil het een aanmelding, of is het verhuisd"
            ),
            Self::Empty { place, eerste, .. } => format!(
                "in {place} staat niets waar een sensor naar kan zoeken{eerste}; de laatste goede lijst blijft, als die er was. Is de lijst verkeerd gelezen, noem dan de vorm: `dijkwacht intel add … --as VORM`"
            ),
            Self::Shrunk { place, before, now } => format!(
                "{place} heeft {} waar het er {before} had; de laatste goede lijst blijft. Klopt dat, verwijder de lijst dan en voeg hem opnieuw toe",
                entries(*now).nl
            ),
        };
        Text::made(nl, self.to_string())
    }
}

/// Whether it is time to look again; a list that never came is due at once, one that failed after a tenth of its time.
#[must_use]
pub fn is_due(subscription: &Subscription, now: Timestamp) -> bool {
    let Some(checked_at) = subscription.state.checked_at else { return true };
    let minutes = i64::from(subscription.every_hours.max(1)) * 60;
    let wait = if subscription.state.fault.is_some() { (minutes / 10).max(5) } else { minutes };
    let since = now.duration_since(checked_at);
    // A clock that was set back must not stop it for ever.
    since >= SignedDuration::from_mins(wait) || since.is_negative()
}

/// Brings one list up to date; its description says afterwards how it went.
///
/// # Errors
/// Nothing came, or what came is no list: the last good one stays.
pub fn update(folder: &Folder, name: &Name, now: Timestamp) -> Result<Outcome, Refusal> {
    let mut subscription = folder.one(name)?;
    let outcome = renew(folder, name, &mut subscription, now);
    subscription.state.checked_at = Some(now);
    let fault = outcome.as_ref().err().map(Refusal::text);
    subscription.state.fault_nl = fault.as_ref().map(|fault| fault.nl.clone().into_owned());
    subscription.state.fault = fault.map(|fault| fault.en.into_owned());
    folder.put(name, &subscription)?;
    outcome
}

fn renew(folder: &Folder, name: &Name, subscription: &mut Subscription, now: Timestamp) -> Result<Outcome, Refusal> {
    let source = subscription.source.to_string();
    let format: Option<Format> = subscription.format.as_deref().and_then(|format| format.parse().ok());
    // What was lost from the folder, or is damaged there, is fetched whole: its publisher cannot know of it.
    if !matches!(folder.check(name, &subscription.state), Ok(Some(()))) {
        subscription.state.etag = None;
        subscription.state.last_modified = None;
    }
    let (bytes, etag, last_modified) = match fetch(subscription, format)? {
        Fetch::Unchanged => return Ok(Outcome::Unchanged),
        Fetch::Whole { bytes, etag, last_modified } => (bytes, etag, last_modified),
    };
    if is_web_page(&bytes) {
        return Err(Refusal::WebPage(source));
    }
    let about = About {
        name: name.to_string(),
        source: Some(subscription.source.public()),
        licence: subscription.licence.clone(),
        fetched_at: Some(now),
    };
    let read = if intel::is_compact(&bytes) {
        let list = ThreatList::from_compact(bytes.as_slice());
        let list = list.map_err(|why| Refusal::NotCompact(source.clone(), why))?;
        ReadList::whole(list.with_about(about))
    } else {
        intel::read(about, &bytes, format)
    };
    let entries = read.list.len() as u64;
    let before = subscription.state.held_against(now);
    if entries == 0 {
        return Err(Refusal::empty(source, &read));
    }
    if before >= SHRINKS_FROM && entries < before / 10 {
        return Err(Refusal::Shrunk { place: source, before, now: entries });
    }
    folder.put_list(name, &read.list)?;
    let state = &mut subscription.state;
    state.fetched_at = Some(now);
    state.etag = etag;
    state.last_modified = last_modified;
    state.renewed(entries, now);
    state.invalid = read.invalid_count;
    Ok(Outcome::Renewed { entries, skipped: read.skipped, unusable: Unusable::of(&read) })
}
