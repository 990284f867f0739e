//! The port of the threat lists that the server keeps for its sensors.

use async_trait::async_trait;
use facts::Text;
use jiff::{SignedDuration, Timestamp};

use crate::Error;

/// A list that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedList {
    /// What it is called here, and in the evidence.
    pub name: String,
    pub publisher: String,
    /// From where it is fetched.
    pub source: String,
    pub licence: String,
    /// Where the publisher's terms stand; empty for a list of one's own.
    pub terms: String,
    /// Whether the publisher allows commercial use; absent: the terms say.
    pub is_commercial_use_allowed: Option<bool>,
    /// How long it is, roughly.
    pub size: Text,
    pub every_hours: u32,
    pub about: Text,
    /// Why it is a sound list to begin with; absent: others come first.
    pub first: Option<Text>,
}

/// A list that was chosen, as it stands in the server's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptList {
    pub name: String,
    pub every_hours: u32,
    pub entries: u64,
    /// Of the list that is there; absent: none came yet.
    pub fetched_at: Option<Timestamp>,
    /// When it was last asked for.
    pub checked_at: Option<Timestamp>,
    /// Why the last try brought nothing.
    pub fault: Option<Text>,
    /// It is being fetched at this moment, and that began then.
    pub fetching_since: Option<Timestamp>,
}

impl KeptList {
    /// Whether its publisher has not been heard for longer than twice the time in which it is asked. A list that its
    /// publisher says is unchanged is not stale.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        let heard = if self.fault.is_none() { self.checked_at } else { self.fetched_at };
        let patience = SignedDuration::from_hours(2 * i64::from(self.every_hours));
        self.fetched_at.is_some() && heard.is_some_and(|heard| now.duration_since(heard) > patience)
    }
}

/// The folder with lists of this very server: of several servers on one database each keeps its own.
#[async_trait]
pub trait ThreatLists: Send + Sync {
    /// What can be chosen: the well-known free lists, and those that somebody put into the folder.
    async fn offered(&self) -> Result<Vec<OfferedList>, Error>;
    /// What is in the folder.
    async fn kept(&self) -> Result<Vec<KeptList>, Error>;
    /// A list in the form in which sensors read it; absent: it is not there.
    async fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, Error>;
    /// Has lists that were chosen asked for at once, and those that nobody chose any more let go. Does not wait for it.
    async fn fetch_soon(&self, names: &[String]) -> Result<(), Error>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_stale_once_its_publisher_is_not_heard_for_twice_its_time() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let now = at("2026-11-29T12:00:00Z");
        let list = |fetched: Option<&str>, checked: &str, fault: Option<&str>| KeptList {
            name: "urlhaus".into(),
            every_hours: 6,
            entries: 7,
            fetched_at: fetched.map(at),
            checked_at: Some(at(checked)),
            fault: fault.map(|why| Text::made(why.to_owned(), why.to_owned())),
            fetching_since: None,
        };
        let old = Some("2026-11-20T00:00:00Z");
        assert!(!list(old, "2026-11-29T11:00:00Z", None).is_stale(now), "unchanged, says its publisher");
        assert!(list(old, "2026-11-29T11:00:00Z", Some("no answer")).is_stale(now));
        assert!(!list(Some("2026-11-29T00:00:00Z"), "2026-11-29T11:00:00Z", Some("no answer")).is_stale(now));
        assert!(list(old, "2026-11-28T00:00:00Z", None).is_stale(now), "nobody asked");
        assert!(!list(None, "2026-11-28T00:00:00Z", Some("no answer")).is_stale(now), "there is none to be stale");
    }
}
