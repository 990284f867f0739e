//! Threat lists: known-bad domains, addresses and marks, read from text, looked up fast.
//!
//! Promises: one entry a line (domain, address, address and port, CIDR, hosts-file line, JA3, JA4, SHA-1 or SHA-256
//! of a certificate, URL with its scheme, `user-agent: …`; `#` and `;` begin a remark); a
//! bad line is a finding with its number and never stops the rest; a domain stands for itself and its subdomains.
//! Built for millions of entries: 8 bytes a domain, 4 an IPv4 address. Deliberately not here: fetching lists.

mod line;
mod mark;

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    net::{IpAddr, SocketAddr},
};

pub use line::LineFault;
use line::{Entry, read};
pub use mark::Mark;

use crate::cidr::{Cidr, masked};

/// How many bad lines are kept with their text; the rest is counted.
const KEPT_FAULTS: usize = 100;
/// How much of a bad line is quoted, in characters.
const QUOTED: usize = 80;

/// A line that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: `{text}` {fault}")]
pub struct InvalidLine {
    /// From 1.
    pub line: u64,
    /// The line's beginning.
    pub text: String,
    pub fault: LineFault,
}

/// A list, with what was wrong in it.
#[derive(Clone, Debug)]
pub struct ReadList {
    pub list: ThreatList,
    /// The first hundred lines that could not be used.
    pub invalid: Vec<InvalidLine>,
    /// How many there were in all.
    pub invalid_count: u64,
}

/// Known-bad domains and addresses under one name.
///
/// Domains are kept as 64-bit hashes in one sorted box: a name matches by accident once in about 10¹³ look-ups per
/// million entries.
#[derive(Clone, Debug, Default)]
pub struct ThreatList {
    name: String,
    domains: Vec<u64>,
    /// By prefix length: the first addresses of ranges, sorted.
    v4: BTreeMap<u8, Vec<u32>>,
    v6: BTreeMap<u8, Vec<u128>>,
    sockets: Vec<(IpAddr, u16)>,
    /// Hashes of fingerprints, user agents and URLs, sorted.
    marks: Vec<u64>,
}

/// An entry under which an address falls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedAddress {
    pub entry: String,
    pub breadth: Breadth,
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
    /// Reads a list; `name` is what the evidence will call it. Bytes that are no UTF-8 make their line a bad one.
    #[must_use]
    pub fn read(name: &str, bytes: &[u8]) -> ReadList {
        let mut list = Self { name: name.into(), ..Self::default() };
        let mut invalid = Vec::new();
        let mut invalid_count = 0;
        for (number, raw) in (1u64..).zip(bytes.split(|byte| *byte == b'\n')) {
            let text = String::from_utf8_lossy(raw);
            let Err(fault) = read(&text, |entry| list.add(entry)) else { continue };
            invalid_count += 1;
            if invalid.len() < KEPT_FAULTS {
                invalid.push(InvalidLine { line: number, text: text.trim().chars().take(QUOTED).collect(), fault });
            }
        }
        list.settle();
        ReadList { list, invalid, invalid_count }
    }

    /// What the list is called in the evidence.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many different entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        let v4: usize = self.v4.values().map(Vec::len).sum();
        let v6: usize = self.v6.values().map(Vec::len).sum();
        self.domains.len() + v4 + v6 + self.sockets.len() + self.marks.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry that a name falls under: itself, or the nearest domain above it.
    #[must_use]
    pub fn domain<'n>(&self, name: &'n str) -> Option<&'n str> {
        if self.domains.is_empty() {
            return None;
        }
        let mut candidate = name;
        loop {
            if self.domains.binary_search(&hash(candidate)).is_ok() {
                return Some(candidate);
            }
            candidate = candidate.split_once('.')?.1;
        }
    }

    /// The entry that an address (and port) falls under: the narrowest.
    #[must_use]
    pub fn address(&self, ip: IpAddr, port: u16) -> Option<ListedAddress> {
        let ip = ip.to_canonical();
        if self.sockets.binary_search(&(ip, port)).is_ok() {
            return Some(ListedAddress { entry: SocketAddr::new(ip, port).to_string(), breadth: Breadth::One });
        }
        let is_listed = |prefix: u8| match masked(ip, prefix) {
            IpAddr::V4(first) => self.v4.get(&prefix).is_some_and(|all| all.binary_search(&first.to_bits()).is_ok()),
            IpAddr::V6(first) => self.v6.get(&prefix).is_some_and(|all| all.binary_search(&first.to_bits()).is_ok()),
        };
        let prefixes: Vec<u8> = match ip {
            IpAddr::V4(_) => self.v4.keys().rev().copied().collect(),
            IpAddr::V6(_) => self.v6.keys().rev().copied().collect(),
        };
        let prefix = prefixes.into_iter().find(|prefix| is_listed(*prefix))?;
        let entry = Cidr::new(ip, prefix)?.to_string();
        Some(ListedAddress { entry, breadth: Breadth::of(ip, prefix) })
    }

    /// Whether it has fingerprints, user agents or URLs at all.
    #[must_use]
    pub fn has_marks(&self) -> bool {
        !self.marks.is_empty()
    }

    /// Whether that fingerprint, user agent or URL stands on it.
    #[must_use]
    pub fn has_mark(&self, mark: Mark<'_>) -> bool {
        !self.marks.is_empty() && self.marks.binary_search(&mark.hash()).is_ok()
    }

    fn add(&mut self, entry: Entry<'_>) {
        match entry {
            Entry::Domain(name) => self.domains.push(hash(&name)),
            Entry::Range(range) => match range.first() {
                IpAddr::V4(first) => self.v4.entry(range.prefix()).or_default().push(first.to_bits()),
                IpAddr::V6(first) => self.v6.entry(range.prefix()).or_default().push(first.to_bits()),
            },
            Entry::Mark(mark) => self.marks.push(mark.hash()),
            Entry::Socket(socket) => self.sockets.push((socket.ip().to_canonical(), socket.port())),
        }
    }

    fn settle(&mut self) {
        fn sort<T: Ord>(all: &mut Vec<T>) {
            all.sort_unstable();
            all.dedup();
            all.shrink_to_fit();
        }
        sort(&mut self.domains);
        self.v4.values_mut().for_each(sort);
        self.v6.values_mut().for_each(sort);
        sort(&mut self.sockets);
        sort(&mut self.marks);
    }
}

/// The standard library's SipHash without a random key: the same in every run of one build, and never stored.
fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
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
            assert_eq!(list.domain(name), entry, "{name}");
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
            assert_eq!(listed.as_ref().map(|listed| listed.entry.as_str()), entry, "{ip}");
        }
        let breadth = |ip: &str| list.address(ip.parse().unwrap(), 0).unwrap().breadth;
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
    }
}
