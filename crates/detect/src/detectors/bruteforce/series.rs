//! What is counted of log-ins that somebody tries, and from when on it is an attack.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::IpAddr,
};

use jiff::Timestamp;
use wire::event::{Login, LoginOutcome};

use crate::detectors::asked::Asked;

/// Tries within this many microseconds are weighed together.
pub(super) const WINDOW: i64 = 5 * 60 * 1_000_000;

/// The same for what comes from many places.
pub(super) const LONG_WINDOW: i64 = 24 * 3600 * 1_000_000;

/// Refusals within [`WINDOW`] from which it is no mistake any more; fewer where many accounts or servers are tried.
const MANY: u64 = 20;
pub(super) const MANY_OF_SEVERAL: u64 = 10;
pub(super) const SEVERAL: usize = 5;

/// Tries whose outcome cannot be read.
const MANY_UNKNOWN: u64 = 30;

/// Refusals within [`WINDOW`] that only a program makes.
pub(super) const VERY_MANY: u64 = 100;

/// Windows' own ways of logging in, and cameras'. Machines repeat them by themselves: a drive, a task or a scanner with an old password
/// tries one account dozens of times a minute, for hours.
const WINDOWS: [&str; 3] = ["smb", "kerberos", "rtsp"];

/// Over these [`SEVERAL`] need [`MANY`]; [`MANY_OF_SEVERAL`] are enough where so many were tried. Of servers twice as many,
/// since a machine looks around on its network with the one password that it has.
const MANY_DIFFERENT: usize = 10;

/// Refusals of few accounts within [`WINDOW`] that no such machine comes to.
const MORE_THAN_RETRIES: u64 = 360;

/// Tries counted of one connection: who has many keys shows them all, and is refused as often.
const MAX_OF_CONNECTION: u64 = 6;

/// Connections within [`WINDOW`] below which it is no attack, where one holds several tries.
const MANY_CONNECTIONS: usize = 4;

/// Places from which one server is tried, and refusals from all of them together.
const MANY_PLACES: usize = 10;
const MANY_FROM_PLACES: u64 = 30;

/// How much is remembered of one series.
const MAX_RECENT: usize = 512;
const MAX_SET: usize = 256;

/// Whether there are at least so many different ones. It is asked at every try, and few are enough.
fn are_different<T: PartialEq>(all: impl Iterator<Item = T>, enough: usize) -> bool {
    let mut seen = Vec::with_capacity(enough);
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
        if seen.len() >= enough {
            return true;
        }
    }
    false
}

/// Whether machines log in so by themselves.
pub(super) fn is_windows(protocol: &str) -> bool {
    WINDOWS.contains(&protocol)
}

/// What one connection, or one exchange in it, came to.
#[derive(Clone, Copy, Debug)]
struct Try {
    at: Timestamp,
    tries: u64,
    /// 0: none is known.
    account: u64,
    other: IpAddr,
}

/// What one host tries, or what is tried on one.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) first_at: Timestamp,
    pub(super) last_at: Timestamp,
    recent: VecDeque<Try>,
    in_window: u64,
    /// The most within the window at any time.
    pub(super) peak: u64,
    pub(super) refused: u64,
    pub(super) unknown: u64,
    pub(super) accounts: BTreeSet<u64>,
    /// The others, with how often each was tried; and the port of the first.
    pub(super) others: BTreeMap<IpAddr, u64>,
    pub(super) port: u16,
    pub(super) asked: Asked,
    is_windows: bool,
    /// Enough tries on enough accounts or others lay within the window at some time.
    is_spread: bool,
    /// Since when it is an attack.
    attacks_since: Option<Timestamp>,
    /// Somebody got in after many refusals.
    broken_in: Option<(Timestamp, IpAddr)>,
    /// Sessions that lasted, each of which was one of the tries whose outcome cannot be read; and the first after an attack.
    sessions: u64,
    stayed: Option<(Timestamp, IpAddr)>,
}

impl Series {
    pub(super) fn new(at: Timestamp, port: u16, protocol: &str) -> Self {
        Self {
            first_at: at,
            last_at: at,
            recent: VecDeque::new(),
            in_window: 0,
            peak: 0,
            refused: 0,
            unknown: 0,
            accounts: BTreeSet::new(),
            others: BTreeMap::new(),
            port,
            asked: Asked::default(),
            is_windows: is_windows(protocol),
            is_spread: false,
            attacks_since: None,
            broken_in: None,
            sessions: 0,
            stayed: None,
        }
    }

    pub(super) fn tried(&mut self, at: Timestamp, other: IpAddr, login: &Login, window: i64) {
        let tries = u64::from(login.tries).min(MAX_OF_CONNECTION);
        self.first_at = self.first_at.min(at);
        self.last_at = self.last_at.max(at);
        match login.outcome {
            LoginOutcome::Refused => self.refused += tries,
            LoginOutcome::Unknown | LoginOutcome::Accepted => self.unknown += tries,
        }
        let is_old = |then: Timestamp| at.as_microsecond().abs_diff(then.as_microsecond()) > window.unsigned_abs();
        while self.recent.len() >= MAX_RECENT || self.recent.front().is_some_and(|one| is_old(one.at)) {
            let Some(one) = self.recent.pop_front() else { break };
            self.in_window -= one.tries;
        }
        let account = if login.account.is_some() { login.account_key } else { 0 };
        self.recent.push_back(Try { at, tries, account, other });
        self.in_window += tries;
        if self.recent.len() >= MANY_CONNECTIONS {
            self.peak = self.peak.max(self.in_window);
            self.is_spread = self.is_spread || self.in_window >= MANY_OF_SEVERAL && self.is_wide();
            if self.is_attack_by_one() {
                self.attacks_since = self.attacks_since.or(Some(at));
            }
        }
        if account > 0 && self.accounts.len() < MAX_SET {
            self.accounts.insert(account);
        }
        if self.others.len() < MAX_SET || self.others.contains_key(&other) {
            *self.others.entry(other).or_default() += tries;
        }
    }

    /// Whether so much was refused just before that this success was guessed.
    pub(super) fn accepted(&mut self, at: Timestamp, other: IpAddr, login: &Login, enough: u64) {
        let since = self.recent.back().map(|one| at.as_microsecond().abs_diff(one.at.as_microsecond()));
        let is_soon = since.is_some_and(|since| since <= WINDOW.unsigned_abs());
        // On a machine that several people work on, the next who logs in is seldom the one who mistyped.
        let tries = if self.is_windows && self.in_window < VERY_MANY {
            let own = |one: &&Try| one.account > 0 && login.account.is_some() && one.account == login.account_key;
            self.recent.iter().filter(own).map(|one| one.tries).sum()
        } else {
            self.in_window
        };
        if is_soon && tries >= enough && self.others.contains_key(&other) {
            self.broken_in = self.broken_in.or(Some((at, other)));
        }
    }

    /// A connection that went on for long, of who was turned away so often before it began: they got in.
    pub(super) fn stayed(&mut self, since: Timestamp, other: IpAddr) {
        self.sessions += 1;
        let is_after = self.attacks_since.is_some_and(|attack| since >= attack);
        if is_after && self.others.contains_key(&other) {
            self.stayed = self.stayed.or(Some((since, other)));
        }
    }

    /// The same of somebody beside them: whoever guesses seldom works from the one address. Who was there before the attack
    /// is a neighbour.
    pub(super) fn stayed_beside(&mut self, known_since: Timestamp, since: Timestamp, other: IpAddr) {
        if self.attacks_since.is_some_and(|attack| known_since >= attack) {
            self.stayed(since, other);
        }
    }

    /// Since when somebody is in, and where. Where every fifth session lasts, a branch works from behind one address.
    pub(super) fn broken_in(&self) -> Option<(Timestamp, IpAddr)> {
        let is_guessed = self.sessions * 5 <= self.refused + self.unknown;
        self.broken_in.or(self.stayed.filter(|_| is_guessed))
    }

    /// Whether so many accounts or others lie within the window that few tries on each are enough.
    fn is_wide(&self) -> bool {
        let (accounts, others) = match (self.is_windows, self.in_window) {
            (true, MANY..) => (SEVERAL, 2 * SEVERAL),
            (true, _) => (MANY_DIFFERENT, 2 * MANY_DIFFERENT),
            (false, _) => (SEVERAL, SEVERAL),
        };
        let known = self.recent.iter().map(|one| one.account).filter(|account| *account > 0);
        are_different(known, accounts) || are_different(self.recent.iter().map(|one| one.other), others)
    }

    pub(super) fn is_attack_by_one(&self) -> bool {
        if self.refused == 0 { self.peak >= MANY_UNKNOWN } else { self.is_spread || self.peak >= MANY }
    }

    /// Whether it is what a machine with an old password does by itself, however long.
    pub(super) fn is_retry(&self) -> bool {
        self.is_windows && !self.is_spread && self.peak < MORE_THAN_RETRIES
    }

    pub(super) fn is_attack_by_many(&self) -> bool {
        self.others.len() >= MANY_PLACES && self.peak >= MANY_FROM_PLACES
    }
}
