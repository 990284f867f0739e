//! Questions to an archive: by host, name, address, fingerprint and time.
//!
//! Conditions of different kinds must all hold, of one kind any. Files of hours that cannot hold an answer are not opened,
//! groups of rows whose times say that they hold none not unpacked; a file that cannot be read is named, and the others
//! are read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use detect::Cidr;
use jiff::Timestamp;

use crate::columns::{Record, address};
use crate::disk::{self, list};
use crate::name::{FileName, Kind};
use crate::read::{Unreadable, read};
use crate::row::{DnsRow, FlowRow, Row};

/// What is asked. Without a condition everything is an answer.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// One end of a conversation; who asked for a name.
    pub hosts: Vec<Cidr>,
    /// The other end; what a name was answered with, or who was asked.
    pub addresses: Vec<Cidr>,
    pub names: Vec<NamePattern>,
    pub fingerprints: Vec<Fingerprint>,
    /// What ended before is no answer.
    pub since: Option<Timestamp>,
    /// What began then or later is no answer.
    pub until: Option<Timestamp>,
    /// The most rows that are handed back; the newest are.
    pub limit: usize,
}

/// A name, or with `*.` in front every name under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    name: String,
    is_wildcard: bool,
}

/// It is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a name such as www.example.nl, or *.example.nl for every name under it")]
pub struct InvalidName;

impl FromStr for NamePattern {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim().trim_end_matches('.').to_ascii_lowercase();
        let (is_wildcard, name) = match text.strip_prefix("*.") {
            Some(name) => (true, name),
            None => (false, text.as_str()),
        };
        let is_name = !name.is_empty() && !name.contains('*') && !name.chars().any(char::is_whitespace);
        is_name.then(|| Self { name: name.to_owned(), is_wildcard }).ok_or(InvalidName)
    }
}

impl NamePattern {
    fn fits(&self, name: &str) -> bool {
        if !self.is_wildcard {
            return name.eq_ignore_ascii_case(&self.name);
        }
        let Some(split) = name.len().checked_sub(self.name.len()) else { return false };
        let (above, own) = (name.get(..split), name.get(split..));
        own.is_some_and(|own| own.eq_ignore_ascii_case(&self.name)) && above.is_some_and(|above| above.ends_with('.'))
    }
}

/// A fingerprint as rows have it: JA3, JA4, or a certificate's SHA-1 or SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint(String);

/// It is no fingerprint of a kind that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "write a JA3 (32 hexadecimal digits), a JA4 (as t13d1516h2_8daaf6152771_02713d6af862), or a certificate's SHA-1 (40) or SHA-256 (64)"
)]
pub struct InvalidFingerprint;

impl FromStr for Fingerprint {
    type Err = InvalidFingerprint;

    fn from_str(text: &str) -> Result<Self, InvalidFingerprint> {
        let text = text.trim().to_ascii_lowercase();
        // Browsers write certificates' fingerprints in pairs: AB:CD:…
        let bare: String = text.chars().filter(|letter| !matches!(letter, ':' | ' ')).collect();
        if matches!(bare.len(), 32 | 40 | 64) && bare.chars().all(|letter| letter.is_ascii_hexdigit()) {
            return Ok(Self(bare));
        }
        let lengths: Vec<_> = text.split('_').map(str::len).collect();
        let is_ja4 =
            lengths == [10, 12, 12] && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        is_ja4.then_some(Self(text)).ok_or(InvalidFingerprint)
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Answer {
    /// The newest, in the order of time.
    pub rows: Vec<Row>,
    /// How many there are in all.
    pub flows: u64,
    pub dns: u64,
    /// The sensor's files in the folder, and how many of them were opened.
    pub files: usize,
    pub opened: usize,
    pub refused: Vec<Refused>,
}

/// A file that could not be read, or not to its end.
#[derive(Debug)]
pub struct Refused {
    pub path: PathBuf,
    pub why: Unreadable,
}

/// Goes through a folder.
///
/// # Errors
/// The folder itself cannot be read.
pub fn hunt(folder: &Path, question: &Question) -> io::Result<Answer> {
    let listed = list(folder)?;
    let others = listed.others.into_iter().map(|path| Refused { path, why: Unreadable::Foreign });
    let mut answer = Answer { files: listed.ours.len(), refused: others.collect(), ..Answer::default() };
    let mut newest = Newest { heap: BinaryHeap::new(), limit: question.limit, next: 0 };
    for name in listed.ours.into_iter().filter(|name| question.may_be_in(*name)) {
        let opened = match disk::open(folder, name) {
            Ok(None) => continue,
            Ok(Some(file)) => {
                answer.opened += 1;
                match name.kind {
                    Kind::Flows => find::<FlowRow>(file, question, &mut |row| {
                        answer.flows += 1;
                        newest.push(Row::Flow(Box::new(row)));
                    }),
                    Kind::Dns => find::<DnsRow>(file, question, &mut |row| {
                        answer.dns += 1;
                        newest.push(Row::Dns(Box::new(row)));
                    }),
                }
            }
            Err(error) => Err(error),
        };
        if let Err(why) = opened {
            answer.refused.push(Refused { path: folder.join(name.to_string()), why });
        }
    }
    answer.rows = newest.into_rows();
    Ok(answer)
}

fn find<R: Record + Answers>(
    file: std::fs::File,
    question: &Question,
    found: &mut dyn FnMut(R),
) -> Result<(), Unreadable> {
    read::<R>(file, &|span| question.overlaps(span.first_at, span.last_at), &mut |row: R| {
        if row.answers(question) {
            found(row);
        }
    })
}

impl Question {
    /// Whether a file of that name may hold an answer. What is in it ended in its hour or before; a conversation may have
    /// begun long before.
    fn may_be_in(&self, name: FileName) -> bool {
        let is_late_enough = match (self.since, name.ended()) {
            (Some(since), Some(ended)) => ended >= since,
            _ => true,
        };
        is_late_enough && (name.kind == Kind::Flows || self.fingerprints.is_empty())
    }

    fn overlaps(&self, first_at: Timestamp, last_at: Timestamp) -> bool {
        self.since.is_none_or(|since| last_at >= since) && self.until.is_none_or(|until| first_at < until)
    }

    fn names_fit(&self, names: &[Option<&str>]) -> bool {
        let fits = |pattern: &NamePattern| names.iter().flatten().any(|name| pattern.fits(name));
        self.names.is_empty() || self.names.iter().any(fits)
    }

    fn fingerprints_fit(&self, known: &[&Option<String>]) -> bool {
        let fits = |print: &Fingerprint| known.iter().any(|known| known.as_deref() == Some(print.0.as_str()));
        self.fingerprints.is_empty() || self.fingerprints.iter().any(fits)
    }
}

fn within(ranges: &[Cidr], ip: IpAddr) -> bool {
    ranges.is_empty() || ranges.iter().any(|range| range.contains(ip))
}

/// Whether a row is an answer.
trait Answers {
    fn answers(&self, question: &Question) -> bool;
}

impl Answers for FlowRow {
    fn answers(&self, question: &Question) -> bool {
        // One end is the host, and the other the address.
        let ends = |host, other| within(&question.hosts, host) && within(&question.addresses, other);
        question.overlaps(self.first_at, self.last_at)
            && (ends(self.client_ip, self.server_ip) || ends(self.server_ip, self.client_ip))
            && question.names_fit(&[self.tls_name.as_deref(), self.http_host.as_deref(), self.dns_name.as_deref()])
            && question.fingerprints_fit(&[&self.ja3, &self.ja4, &self.certificate_sha1, &self.certificate_sha256])
    }
}

impl Answers for DnsRow {
    fn answers(&self, question: &Question) -> bool {
        let answers_with = |answer: &String| address(answer).is_some_and(|ip| within(&question.addresses, ip));
        let mut names = vec![Some(self.name.as_str())];
        names.extend(self.answers.iter().map(|answer| Some(answer.as_str())));
        question.overlaps(self.at, self.at)
            && question.fingerprints.is_empty()
            && within(&question.hosts, self.client_ip)
            && (within(&question.addresses, self.resolver_ip) || self.answers.iter().any(answers_with))
            && question.names_fit(&names)
    }
}

/// The newest rows, so many of them.
struct Newest {
    heap: BinaryHeap<Reverse<Ranked>>,
    limit: usize,
    next: u64,
}

struct Ranked {
    at: Timestamp,
    /// In which order they were found, for what happened at one moment.
    number: u64,
    row: Row,
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Ranked {}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl Newest {
    fn push(&mut self, row: Row) {
        self.heap.push(Reverse(Ranked { at: row.at(), number: self.next, row }));
        self.next += 1;
        if self.heap.len() > self.limit {
            self.heap.pop();
        }
    }

    fn into_rows(self) -> Vec<Row> {
        let mut ranked: Vec<_> = self.heap.into_iter().map(|one| one.0).collect();
        ranked.sort();
        ranked.into_iter().map(|one| one.row).collect()
    }
}

#[cfg(test)]
mod tests;
