//! One list brought up to date: fetched, read, checked, put in the old one's place.

use intel::{About, Format, ReadList};
use jiff::{SignedDuration, Timestamp};

use crate::{
    fetch::{Fetch, FetchError, fetch},
    folder::{Folder, FolderError, Name, Subscription},
};

/// A list that had at least so many entries is not taken to have shrunk below a tenth.
const SHRINKS_FROM: u64 = 100;

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As its publisher says, it is as it was.
    Unchanged,
    /// A new one is in place.
    Renewed { entries: u64, invalid: u64, skipped: u64 },
}

/// Why the last good list stays.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(
        "{0} is a web page, not a list; the last good list stays. Look at the address: it may want a log-in, or have moved"
    )]
    WebPage(String),
    #[error(
        "{place} holds nothing that a sensor can look for{first}; the last good list stays, where there was one. If it was read wrongly, say its form: `dijkwacht intel add … --as FORM`"
    )]
    Empty { place: String, first: String },
    #[error(
        "{place} has {now} entries where it had {before}; the last good list stays. If that is right, remove the list and add it again"
    )]
    Shrunk { place: String, before: u64, now: u64 },
}

impl Refusal {
    fn empty(place: String, read: &ReadList) -> Self {
        let first = read.invalid.first().map(|fault| format!(" ({fault})")).unwrap_or_default();
        Self::Empty { place, first }
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
    subscription.state.fault = outcome.as_ref().err().map(ToString::to_string);
    subscription.state.fault_nl = outcome.as_ref().err().map(Refusal::in_dutch);
    folder.put(name, &subscription)?;
    outcome
}

fn renew(folder: &Folder, name: &Name, subscription: &mut Subscription, now: Timestamp) -> Result<Outcome, Refusal> {
    let source = subscription.source.to_string();
    let format: Option<Format> = subscription.format.as_deref().and_then(|format| format.parse().ok());
    // What was lost from the folder is fetched whole.
    if !folder.list(name).exists() {
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
        source: Some(source.clone()),
        licence: subscription.licence.clone(),
        fetched_at: Some(now),
    };
    let read = if intel::is_compact(&bytes) {
        let list = intel::ThreatList::from_compact(bytes.as_slice()).unwrap_or_default().with_about(about);
        ReadList { list, invalid: Vec::new(), invalid_count: 0, skipped: 0 }
    } else {
        intel::read(about, &bytes, format)
    };
    let entries = read.list.len() as u64;
    let before = subscription.state.entries;
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
    state.entries = entries;
    state.invalid = read.invalid_count;
    Ok(Outcome::Renewed { entries, invalid: read.invalid_count, skipped: read.skipped })
}

fn is_web_page(bytes: &[u8]) -> bool {
    let beginning = String::from_utf8_lossy(bytes.get(..1024).unwrap_or(bytes)).trim_start().to_ascii_lowercase();
    beginning.starts_with("<!doctype") || beginning.starts_with("<html") || beginning.starts_with("<?xml")
}
