//! A learning week: what one would except after it, and why. A person decides.
//!
//! Proposed is only what is mild, steady, and explained: several of our hosts do it, or a device calls its own maker, or
//! the place is a well-known provider's. Never what a list names, what crosses the network readable, or what is high: a
//! network that is infected when the week begins must not learn that this is normal.

use std::collections::{BTreeMap, BTreeSet};

use facts::Text;
use jiff::{SignedDuration, ToSpan, civil::Date};

use super::{Conditions, Exception};
use crate::{Detection, Kind, Severity};

/// An exception to be put before somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Without an author: that is who accepts it.
    pub exception: Exception,
    pub why: Text,
    /// The ids of the findings that it would take away.
    pub detections: Vec<String>,
}

/// Going on for so long it is a habit.
const STEADY: SignedDuration = SignedDuration::from_hours(4 * 24);
/// Hosts that do the same, from which on it belongs to the place.
const SEVERAL: usize = 2;

/// Who serves half the world; the registrable domains of providers of systems, clouds and calls. No remote support: intruders
/// use that as well.
const PROVIDERS: [&str; 23] = [
    "amazonaws.com",
    "apple.com",
    "azure.com",
    "cloudflare.com",
    "dropbox.com",
    "google.com",
    "googleapis.com",
    "gstatic.com",
    "icloud.com",
    "live.com",
    "microsoft.com",
    "microsoftonline.com",
    "office.com",
    "office.net",
    "office365.com",
    "skype.com",
    "ubuntu.com",
    "webex.com",
    "whatsapp.net",
    "windows.com",
    "windows.net",
    "windowsupdate.com",
    "zoom.us",
];

/// What makes it innocent.
enum Because {
    Hosts(usize),
    Maker(String),
    Provider,
}

/// Until when an exception is proposed to hold that is made today: for a year. By then somebody looks again.
#[must_use]
pub fn proposed_end(today: Date) -> Option<Date> {
    today.checked_add(1.year()).ok()
}

/// What one would except after a week with these findings (each as it was told last), until [`proposed_end`].
#[must_use]
pub fn propose(detections: &[Detection], today: Date) -> Vec<Proposal> {
    let mut groups: BTreeMap<(Kind, String), Vec<&Detection>> = BTreeMap::new();
    // A place with which anything worse was seen, or that a list names, is nothing to get used to.
    let is_bad = |one: &Detection| one.severity >= Severity::High || one.kind == Kind::Indicator;
    let bad: BTreeSet<String> = detections.iter().filter(|one| is_bad(one)).filter_map(place).collect();
    for detection in detections.iter().filter(|one| may_be_normal(one)) {
        if let Some(place) = place(detection).filter(|place| !bad.contains(place)) {
            groups.entry((detection.kind, place)).or_default().push(detection);
        }
    }
    let until = proposed_end(today);
    groups.into_iter().filter_map(|((kind, place), group)| proposal(kind, &place, &group, until)).collect()
}

fn may_be_normal(detection: &Detection) -> bool {
    let is_kind = !matches!(
        detection.kind,
        Kind::Indicator
            | Kind::CleartextCredentials
            | Kind::CleartextPersonalData
            | Kind::Miner
            | Kind::MalwareProtocol
    );
    is_kind && detection.severity <= Severity::Medium && detection.last_at.duration_since(detection.first_at) >= STEADY
}

/// The registrable domain, or the name where it has none.
fn place(detection: &Detection) -> Option<String> {
    let name = detection.remote.domain.as_deref()?;
    Some(public_suffix::domain_str(name).unwrap_or(name).to_owned())
}

fn proposal(kind: Kind, place: &str, group: &[&Detection], until: Option<Date>) -> Option<Proposal> {
    let hosts: BTreeSet<_> = group.iter().map(|one| one.host.ip).collect();
    let makers: BTreeSet<_> = group.iter().map(|one| one.host.maker.as_deref().unwrap_or_default()).collect();
    let own_maker = makers.first().filter(|maker| makers.len() == 1 && is_of(maker, place));
    let because = if hosts.len() >= SEVERAL {
        Because::Hosts(hosts.len())
    } else if let Some(maker) = own_maker {
        Because::Maker((*maker).to_owned())
    } else if PROVIDERS.contains(&place) {
        Because::Provider
    } else {
        return None;
    };
    let names: BTreeSet<&str> = group.iter().filter_map(|one| one.remote.domain.as_deref()).collect();
    let domain = match names.first() {
        Some(name) if names.len() == 1 => (*name).to_owned(),
        _ => format!("*.{place}"),
    };
    // Several hosts may do it; where one does, it alone may.
    let host = matches!(because, Because::Maker(_) | Because::Provider).then(|| hosts.first().copied()).flatten();
    let why = because.words(&names, place);
    let conditions = Conditions { kind: Some(kind), host, domain: Some(domain), network: None };
    let exception = Exception::new(conditions, until, String::new(), why.nl.clone().into_owned()).ok()?;
    let taken =
        group.iter().filter(|one| exception.covers(one.kind, one.host.ip, &one.remote, super::day_of(one.last_at)));
    let detections = taken.map(|one| one.id.clone()).collect();
    Some(Proposal { exception, why, detections })
}

/// Whether a domain bears the first word of a maker's name (`Synology Incorporated`, `synology.com`).
fn is_of(maker: &str, domain: &str) -> bool {
    let word = maker.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let label = domain.split('.').next().unwrap_or_default();
    word.len() >= 3 && label.split('-').any(|part| part == word)
}

impl Because {
    /// `names`: those that were seen; the exception is for the one, or for all under the place.
    fn words(&self, names: &BTreeSet<&str>, place: &str) -> Text {
        let (nl, en) = match names.first() {
            Some(name) if names.len() == 1 => ((*name).to_owned(), (*name).to_owned()),
            _ => (format!("namen onder {place}"), format!("names under {place}")),
        };
        match self {
            Self::Hosts(count) => Text::made(
                format!("{count} apparaten doen dit al dagen met {nl}: het hoort bij dit netwerk."),
                format!("{count} devices have done this with {en} for days: it belongs to this network."),
            ),
            Self::Maker(maker) => Text::made(
                format!("Een apparaat van {maker} heeft al dagen zo contact met zijn maker, {nl}."),
                format!("A device by {maker} has had such contact with its maker, {en}, for days."),
            ),
            Self::Provider => Text::made(
                format!("Dit gaat al dagen zo met {nl}, van een bekende aanbieder."),
                format!("It has gone so for days with {en}, of a well-known provider."),
            ),
        }
    }
}
