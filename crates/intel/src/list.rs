//! One threat list: what stands on it, and the look-ups.

use std::{
    collections::BTreeMap,
    fmt,
    hash::Hasher,
    net::{IpAddr, SocketAddr},
};

use facts::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    cidr::Cidr,
    hashes::{Hashes, hash_of, hasher},
    label::{Gathered, Labels, Weight},
    line::{Entry, LineFault},
    mark::Mark,
    ranges::{Addresses, Ranges},
};

/// How many bad lines are kept with their text; the rest is counted.
const KEPT_FAULTS: usize = 100;
/// How much of a bad line is quoted, in characters.
const QUOTED: usize = 80;
/// In place of a label: the name and what lies below it is excused.
pub(crate) const EXCUSED: u16 = u16::MAX;

/// Where a list comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// What the evidence calls it.
    pub name: String,
    /// Its address, or the file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// On what terms it may be used, as its publisher says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// When it was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetched_at: Option<Timestamp>,
}

impl About {
    /// Of a list of which only the name is known.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

/// A line that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: `{text}` {fault}")]
pub struct InvalidLine {
    /// From 1; in JSON the number of the object.
    pub line: u64,
    /// The line's beginning.
    pub text: String,
    pub fault: LineFault,
}

impl InvalidLine {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        Text::made(format!("regel {}: `{}` {}", self.line, self.text, self.fault.text().nl), self.to_string())
    }
}

/// A list, with what was wrong in it.
#[derive(Clone, Debug)]
pub struct ReadList {
    pub list: ThreatList,
    /// The first hundred lines that could not be used.
    pub invalid: Vec<InvalidLine>,
    /// How many there were in all.
    pub invalid_count: u64,
    /// The same by what is wrong with them.
    pub invalid_by_fault: BTreeMap<LineFault, u64>,
    /// Entries that were understood, but name nothing that shows in traffic (hashes of files, rules for a page's looks).
    pub skipped: u64,
}

/// Known-bad domains, addresses and marks under one name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThreatList {
    pub(crate) about: About,
    pub(crate) labels: Labels,
    pub(crate) domains: Hashes,
    pub(crate) addresses: Addresses,
    /// Addresses at one port.
    pub(crate) sockets: Hashes,
    /// Fingerprints, user agents and URLs.
    pub(crate) marks: Hashes,
}

/// What was found on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed<'l, E> {
    pub entry: E,
    /// What the list says it is, such as `emotet (malware)`.
    pub label: Option<&'l str>,
    pub weight: Weight,
}

/// An entry under which an address falls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Range(Cidr),
    Socket(SocketAddr),
}

impl Place {
    #[must_use]
    pub fn breadth(&self) -> Breadth {
        match self {
            Self::Range(range) => Breadth::of(range.first(), range.prefix()),
            Self::Socket(_) => Breadth::One,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Range(range) => range.fmt(f),
            Self::Socket(socket) => socket.fmt(f),
        }
    }
}

/// How much an entry takes in, and so how little it says about one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breadth {
    /// One address (IPv6: one site, /64).
    One,
    /// Its neighbours too: to /24 (IPv6: /48).
    Neighbours,
    /// Half a provider.
    Wide,
}

impl Breadth {
    fn of(ip: IpAddr, prefix: u8) -> Self {
        match (ip, prefix) {
            (IpAddr::V4(_), 32) | (IpAddr::V6(_), 64..) => Self::One,
            (IpAddr::V4(_), 24..) | (IpAddr::V6(_), 48..) => Self::Neighbours,
            _ => Self::Wide,
        }
    }
}

impl ThreatList {
    /// What the list is called in the evidence.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.about.name
    }

    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The same list, come from elsewhere.
    #[must_use]
    pub fn with_about(mut self, about: About) -> Self {
        self.about = about;
        self
    }

    /// How many different entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.domains.len() + self.addresses.len() + self.sockets.len() + self.marks.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry that a name (lower case, without the final dot) falls under: itself, or the nearest domain above it; none
    /// where the list excuses one that is nearer.
    #[must_use]
    pub fn domain<'n>(&self, name: &'n str) -> Option<Listed<'_, &'n str>> {
        if self.domains.is_empty() {
            return None;
        }
        let mut candidate = name;
        loop {
            if let Some(label) = self.domains.label(hash_of(candidate)) {
                return (label != EXCUSED).then(|| self.listed(candidate, label));
            }
            candidate = candidate.split_once('.')?.1;
        }
    }

    /// The entry that an address (and port) falls under: the narrowest.
    #[must_use]
    pub fn address(&self, ip: IpAddr, port: u16) -> Option<Listed<'_, Place>> {
        let ip = ip.to_canonical();
        let socket = SocketAddr::new(ip, port);
        if let Some(label) = self.sockets.label(socket_hash(socket)) {
            return Some(self.listed(Place::Socket(socket), label));
        }
        let (range, label) = self.addresses.narrowest(ip)?;
        Some(self.listed(Place::Range(range), label))
    }

    /// Whether it has fingerprints, user agents or URLs at all.
    #[must_use]
    pub fn has_marks(&self) -> bool {
        !self.marks.is_empty()
    }

    /// That fingerprint, user agent or URL, if it stands on the list.
    #[must_use]
    pub fn mark<'m>(&self, mark: Mark<'m>) -> Option<Listed<'_, Mark<'m>>> {
        if self.marks.is_empty() {
            return None;
        }
        let label = self.marks.label(mark.hash())?;
        Some(self.listed(mark, label))
    }

    fn listed<E>(&self, entry: E, label: u16) -> Listed<'_, E> {
        Listed { entry, label: self.labels.text(label), weight: self.labels.weight(label) }
    }
}

pub(crate) fn socket_hash(socket: SocketAddr) -> u64 {
    let mut hasher = hasher();
    match socket.ip() {
        IpAddr::V4(v4) => hasher.write(&v4.octets()),
        IpAddr::V6(v6) => hasher.write(&v6.octets()),
    }
    hasher.write(&socket.port().to_be_bytes());
    hasher.finish()
}

/// A list while it is read.
#[derive(Debug, Default)]
pub(crate) struct Gathering {
    labels: Gathered,
    excused: Vec<(u64, u16)>,
    domains: Vec<(u64, u16)>,
    v4: Vec<(u8, u32, u16)>,
    v6: Vec<(u8, u128, u16)>,
    sockets: Vec<(u64, u16)>,
    marks: Vec<(u64, u16)>,
    invalid: Vec<InvalidLine>,
    invalid_count: u64,
    invalid_by_fault: BTreeMap<LineFault, u64>,
    skipped: u64,
}

impl Gathering {
    pub(crate) fn label(&mut self, label: &str) -> u16 {
        self.labels.number(label)
    }

    pub(crate) fn add(&mut self, entry: &Entry<'_>, label: u16) {
        match entry {
            Entry::Domain(name) => self.domains.push((hash_of(name), label)),
            Entry::Range(range) => match range.first() {
                IpAddr::V4(first) => self.v4.push((range.prefix(), first.to_bits(), label)),
                IpAddr::V6(first) => self.v6.push((range.prefix(), first.to_bits(), label)),
            },
            Entry::Socket(socket) => {
                let socket = SocketAddr::new(socket.ip().to_canonical(), socket.port());
                self.sockets.push((socket_hash(socket), label));
            }
            Entry::Mark(mark) => self.marks.push((mark.hash(), label)),
            Entry::Page(host, path, query) => self.marks.push((Mark::Url(host, path, *query).hash(), label)),
        }
    }

    /// A name that this list excuses, and all below it.
    pub(crate) fn excuse(&mut self, name: &str) {
        self.excused.push((hash_of(name), EXCUSED));
    }

    /// What names nothing that shows in traffic.
    pub(crate) fn skip(&mut self) {
        self.skipped += 1;
    }

    /// `number` counts from 1.
    pub(crate) fn fault(&mut self, number: u64, text: &str, fault: LineFault) {
        self.invalid_count += 1;
        *self.invalid_by_fault.entry(fault).or_default() += 1;
        if self.invalid.len() < KEPT_FAULTS {
            let text = text.trim().chars().filter(|c| !c.is_control()).take(QUOTED).collect();
            self.invalid.push(InvalidLine { line: number, text, fault });
        }
    }

    pub(crate) fn done(self, about: About) -> ReadList {
        // The excused first, since of equal hashes the first stays.
        let mut domains = self.excused;
        domains.extend(self.domains);
        let list = ThreatList {
            about,
            labels: self.labels.done(),
            domains: Hashes::new(domains),
            addresses: Addresses { v4: Ranges::new(self.v4), v6: Ranges::new(self.v6) },
            sockets: Hashes::new(self.sockets),
            marks: Hashes::new(self.marks),
        };
        ReadList {
            list,
            invalid: self.invalid,
            invalid_count: self.invalid_count,
            invalid_by_fault: self.invalid_by_fault,
            skipped: self.skipped,
        }
    }
}

impl ReadList {
    /// A list in which nothing was wrong.
    #[must_use]
    pub fn whole(list: ThreatList) -> Self {
        Self { list, invalid: Vec::new(), invalid_count: 0, invalid_by_fault: BTreeMap::new(), skipped: 0 }
    }
}

impl ThreatList {
    /// Reads a list in any of the forms that its content tells; `name` is what the evidence will call it.
    #[must_use]
    pub fn read(name: &str, bytes: &[u8]) -> ReadList {
        crate::format::read(About::named(name), bytes, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# demo\nevil.example\n0.0.0.0 bad.example\n192.0.2.0/24\n192.0.2.128/25\n198.51.100.7:8080\n\
                        2001:db8:bad::/48\n\nwhat is this\n203.0.113.5\n";

    fn list() -> ReadList {
        ThreatList::read("demo", LIST.as_bytes())
    }

    #[test]
    fn a_domain_stands_for_itself_and_its_subdomains_at_label_boundaries() {
        let list = list().list;
        for (name, entry) in [
            ("evil.example", Some("evil.example")),
            ("a.b.evil.example", Some("evil.example")),
            ("notevil.example", None),
            ("evil.example.net", None),
            ("example", None),
            ("bad.example", Some("bad.example")),
            ("", None),
            (".", None),
        ] {
            assert_eq!(list.domain(name).map(|listed| listed.entry), entry, "{name}");
        }
    }

    #[test]
    fn an_address_falls_under_the_narrowest_entry() {
        let list = list().list;
        for (ip, port, entry) in [
            ("192.0.2.1", 443, Some("192.0.2.0/24")),
            ("192.0.2.200", 443, Some("192.0.2.128/25")),
            ("::ffff:192.0.2.1", 443, Some("192.0.2.0/24")),
            ("198.51.100.7", 8080, Some("198.51.100.7:8080")),
            ("198.51.100.7", 443, None),
            ("203.0.113.5", 1, Some("203.0.113.5")),
            ("203.0.113.6", 1, None),
            ("2001:db8:bad::1", 443, Some("2001:db8:bad::/48")),
            ("2001:db8:bae::1", 443, None),
        ] {
            let listed = list.address(ip.parse().unwrap(), port);
            assert_eq!(listed.map(|listed| listed.entry.to_string()).as_deref(), entry, "{ip}");
        }
        let breadth = |ip: &str| list.address(ip.parse().unwrap(), 0).unwrap().entry.breadth();
        assert_eq!(breadth("203.0.113.5"), Breadth::One);
        assert_eq!(breadth("192.0.2.1"), Breadth::Neighbours);
        assert_eq!(breadth("2001:db8:bad::1"), Breadth::Neighbours);
    }

    #[test]
    fn a_bad_line_is_named_and_the_rest_is_read() {
        let read = list();
        assert_eq!(read.list.len(), 7);
        assert_eq!(read.invalid_count, 1);
        assert_eq!(
            read.invalid.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["line 9: `what is this` has more on the line than one entry; give one a line, or `#` before a remark"]
        );
    }

    #[test]
    fn a_file_that_is_no_list_fills_no_memory_with_findings() {
        let junk = b"\xff\xfe\x00\n".repeat(1000);
        let read = ThreatList::read("junk", &junk);
        assert!(read.list.is_empty());
        assert_eq!((read.invalid.len(), read.invalid_count), (KEPT_FAULTS, 1000));
        assert_eq!(read.invalid_by_fault.values().sum::<u64>(), 1000);
    }
}
