//! A list as `intel update` writes it and the sensor loads it: read in one pass, into the very tables that look up.
//!
//! Layout, all numbers little-endian: the magic line; four bytes with the length of the head; the head (JSON); the domains,
//! marks and sockets, each as all hashes (8 bytes) in ascending order and then all labels (2 bytes); the IPv4 ranges (prefix 1,
//! first address 4, label 2) and IPv6 ranges (1, 16, 2); the SHA-256 of everything before. The hash function is a part of the
//! form: who changes it changes the magic line. Version 1 kept a page without its query and so accused all who asked for that page,
//! version 2 a path as the list wrote it, which missed who escaped it otherwise: neither is read any more.

use std::io::{self, Read};

use facts::Text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    hashes::Hashes,
    label::Labels,
    list::{About, EXCUSED, ThreatList},
    ranges::{Addresses, Ranges},
};

const MAGIC: &[u8] = b"dijkwacht threat list 3\n";
/// What every version begins with.
const ANY_VERSION: &[u8] = b"dijkwacht threat list ";
/// No head is longer, in bytes: 65,534 labels of 80 characters.
const LONGEST_HEAD: u32 = 24 * 1024 * 1024;
/// No table has more entries.
const MOST_ENTRIES: u32 = 50_000_000;
/// So much is set apart for a table before its bytes are there, in entries.
const AT_ONCE: usize = 4_000_000;

/// Why bytes are no list in the compact form.
#[derive(Debug, thiserror::Error)]
pub enum NotCompact {
    #[error("it is no threat list in Dijkwacht's own form; make it again with `dijkwacht intel update`")]
    OtherForm,
    #[error(
        "another version of Dijkwacht made it; make it again with `dijkwacht intel update` of this version, on the server where it comes from there"
    )]
    OtherVersion,
    #[error("the list is damaged ({0}); make it again with `dijkwacht intel update`")]
    Damaged(&'static str),
    #[error(transparent)]
    Unreadable(#[from] io::Error),
}

impl NotCompact {
    /// The same in both languages.
    #[must_use]
    pub fn text(&self) -> Text {
        let again = "maak de lijst opnieuw met `dijkwacht intel update`";
        let nl = match self {
            Self::OtherForm => format!("het is geen lijst in de vorm van Dijkwacht; {again}"),
            Self::OtherVersion => format!(
                "een andere versie van Dijkwacht heeft hem gemaakt; {again} van deze versie, op de server als hij daar vandaan komt"
            ),
            Self::Damaged(why) => {
                let why = DAMAGES.iter().find(|(en, _)| en == why).map_or(*why, |(_, nl)| *nl);
                format!("de lijst is beschadigd ({why}); {again}")
            }
            Self::Unreadable(error) => error.to_string(),
        };
        Text::made(nl, self.to_string())
    }
}

/// What damages a list, in both languages; a test holds it against the source.
const DAMAGES: [(&str, &str); 10] = [
    ("its head is too long", "het begin is te lang"),
    ("its head cannot be read", "het begin is niet te lezen"),
    ("it says that it has more entries than any list", "er zouden meer vermeldingen in staan dan in enige lijst"),
    ("it has too many labels", "er staan te veel labels in"),
    ("it ends too early", "het einde ontbreekt"),
    ("its entries are out of order", "de vermeldingen staan niet op volgorde"),
    ("an entry has a label that is not there", "een vermelding heeft een label dat er niet is"),
    ("a range is none", "een reeks adressen klopt niet"),
    ("its checksum differs", "het controlegetal klopt niet"),
    ("something stands behind its end", "er staat iets achter het einde"),
];

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    about: About,
    labels: Vec<String>,
    domains: u32,
    marks: u32,
    sockets: u32,
    v4: u32,
    v6: u32,
}

/// Whether a file's first bytes say that it is a list in this form, of whatever version.
#[must_use]
pub fn is_compact(beginning: &[u8]) -> bool {
    beginning.starts_with(ANY_VERSION)
}

/// Whether they say that it is of the version that is read.
#[must_use]
pub fn is_current(beginning: &[u8]) -> bool {
    beginning.starts_with(MAGIC)
}

impl ThreatList {
    /// In the compact form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let head = Head {
            about: self.about.clone(),
            labels: self.labels.texts().to_vec(),
            domains: count(self.domains.len()),
            marks: count(self.marks.len()),
            sockets: count(self.sockets.len()),
            v4: count(self.addresses.v4.len()),
            v6: count(self.addresses.v6.len()),
        };
        let head = serde_json::to_vec(&head).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(count(head.len()).to_le_bytes());
        bytes.extend(head);
        for table in [&self.domains, &self.marks, &self.sockets] {
            table.values().iter().for_each(|value| bytes.extend(value.to_le_bytes()));
            table.labels().iter().for_each(|label| bytes.extend(label.to_le_bytes()));
        }
        for (prefix, first, label) in self.addresses.v4.all() {
            bytes.push(prefix);
            bytes.extend(first.to_le_bytes());
            bytes.extend(label.to_le_bytes());
        }
        for (prefix, first, label) in self.addresses.v6.all() {
            bytes.push(prefix);
            bytes.extend(first.to_le_bytes());
            bytes.extend(label.to_le_bytes());
        }
        let sum = Sha256::digest(&bytes);
        bytes.extend(sum);
        bytes
    }

    /// Reads the compact form to its end; beside the list itself it needs 64 kB.
    ///
    /// # Errors
    /// Another form or version, a checksum that differs, and whatever reading says.
    pub fn from_compact(source: impl Read) -> Result<Self, NotCompact> {
        let mut source = Source { inner: source, sum: Sha256::new() };
        let mut magic = [0; MAGIC.len()];
        source.fill(&mut magic).map_err(|_| NotCompact::OtherForm)?;
        if magic != *MAGIC {
            return Err(if is_compact(&magic) { NotCompact::OtherVersion } else { NotCompact::OtherForm });
        }
        let length = u32::from_le_bytes(source.array()?);
        if length > LONGEST_HEAD {
            return Err(NotCompact::Damaged("its head is too long"));
        }
        let mut head = Vec::new();
        source.chunks(u64::from(length), 1, |byte| head.extend_from_slice(byte))?;
        let head: Head = serde_json::from_slice(&head).map_err(|_| NotCompact::Damaged("its head cannot be read"))?;
        if [head.domains, head.marks, head.sockets, head.v4, head.v6].iter().any(|count| *count > MOST_ENTRIES) {
            return Err(NotCompact::Damaged("it says that it has more entries than any list"));
        }
        let labels = u16::try_from(head.labels.len()).map_err(|_| NotCompact::Damaged("it has too many labels"))?;
        let list = Self {
            domains: source.hashes(head.domains, labels)?,
            marks: source.hashes(head.marks, labels)?,
            sockets: source.hashes(head.sockets, labels)?,
            addresses: Addresses {
                v4: source.ranges(head.v4, labels, 32, |bytes: [u8; 4]| u32::from_le_bytes(bytes))?,
                v6: source.ranges(head.v6, labels, 128, |bytes: [u8; 16]| u128::from_le_bytes(bytes))?,
            },
            labels: Labels::new(head.labels),
            about: head.about,
        };
        source.end()?;
        Ok(list)
    }
}

/// Bytes read, and summed up while they are.
struct Source<R> {
    inner: R,
    sum: Sha256,
}

impl<R: Read> Source<R> {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), NotCompact> {
        self.inner.read_exact(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => NotCompact::Damaged("it ends too early"),
            _ => NotCompact::Unreadable(error),
        })?;
        self.sum.update(buffer);
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], NotCompact> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// `count` items of `size` bytes each, in pieces that hold whole ones.
    fn chunks(&mut self, count: u64, size: usize, mut each: impl FnMut(&[u8])) -> Result<(), NotCompact> {
        let mut buffer = vec![0; 65_536 / size * size];
        let mut left = count.saturating_mul(size as u64);
        while left > 0 {
            let now = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let Some(piece) = buffer.get_mut(..now) else { break };
            self.fill(piece)?;
            each(piece);
            left -= now as u64;
        }
        Ok(())
    }

    fn hashes(&mut self, count: u32, labels: u16) -> Result<Hashes, NotCompact> {
        let capacity = (count as usize).min(AT_ONCE);
        let mut values = Vec::with_capacity(capacity);
        self.chunks(u64::from(count), 8, |piece| {
            values.extend(piece.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes)));
        })?;
        let mut numbers = Vec::with_capacity(capacity);
        self.chunks(u64::from(count), 2, |piece| {
            numbers.extend(piece.as_chunks::<2>().0.iter().map(|bytes| u16::from_le_bytes(*bytes)));
        })?;
        if !values.is_sorted_by(|a, b| a < b) {
            return Err(NotCompact::Damaged("its entries are out of order"));
        }
        if numbers.iter().any(|number| *number >= labels && *number != EXCUSED) {
            return Err(NotCompact::Damaged("an entry has a label that is not there"));
        }
        Ok(Hashes::sorted(values, numbers))
    }

    fn ranges<T: Copy + Ord, const N: usize>(
        &mut self,
        count: u32,
        labels: u16,
        bits: u8,
        value: impl Fn([u8; N]) -> T,
    ) -> Result<Ranges<T>, NotCompact> {
        let mut all = Vec::with_capacity((count as usize).min(AT_ONCE));
        self.chunks(u64::from(count), 1 + N + 2, |piece| {
            for item in piece.chunks_exact(1 + N + 2) {
                let Some((prefix, rest)) = item.split_first() else { continue };
                let (Some(first), Some(label)) = (rest.first_chunk::<N>(), rest.last_chunk::<2>()) else { continue };
                all.push((*prefix, value(*first), u16::from_le_bytes(*label)));
            }
        })?;
        if all.iter().any(|(prefix, _, label)| *prefix > bits || *label >= labels) {
            return Err(NotCompact::Damaged("a range is none"));
        }
        Ok(Ranges::new(all))
    }

    fn end(mut self) -> Result<(), NotCompact> {
        let sum = self.sum.finalize();
        let mut written = [0; 32];
        self.inner.read_exact(&mut written).map_err(|_| NotCompact::Damaged("it ends too early"))?;
        if sum.as_slice() != written {
            return Err(NotCompact::Damaged("its checksum differs"));
        }
        if self.inner.read(&mut [0])? > 0 {
            return Err(NotCompact::Damaged("something stands behind its end"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Mark, format, query_hash};

    fn list() -> ThreatList {
        let table = "value,info\nevil.example,emotet (malware)\n192.0.2.7,mass scanner\n192.0.2.0/24,x\n198.51.100.7:8080,x\n\
                     2001:db8:bad::/48,y\nhttp://bad.example/gate.php,z\nhttp://site.example/page.php?id=77,z\n";
        let about = About {
            name: "demo".into(),
            source: Some("https://lists.example/demo.csv".into()),
            licence: Some("CC0".into()),
            fetched_at: Some("2026-11-29T06:00:00Z".parse().unwrap()),
        };
        format::read(about, table.as_bytes(), None).list
    }

    #[test]
    fn every_damage_has_words_in_dutch() {
        let source = include_str!("compact.rs");
        let said = source.split("Damaged(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut count = 0;
        for why in said.filter(|why| !why.is_empty()) {
            assert!(DAMAGES.iter().any(|(en, nl)| *en == why && nl != en), "{why}");
            count += 1;
        }
        assert!(count >= 10, "{count}");
        let damaged = NotCompact::Damaged("its head cannot be read").text();
        assert!(damaged.nl.contains("(het begin is niet te lezen)") && damaged.en.contains("its head"), "{damaged:?}");
    }

    #[test]
    fn a_list_comes_back_as_it_was() {
        let list = list();
        assert_eq!(list.len(), 7);
        let back = ThreatList::from_compact(list.to_bytes().as_slice()).unwrap();
        assert_eq!(back, list);
        assert_eq!(back.domain("www.evil.example").unwrap().label, Some("emotet (malware)"));
        assert!(back.mark(Mark::Url("Bad.example", "/gate.php", None)).is_some());
        for (query, is_listed) in [("", false), ("id=77", true), ("id=78", false)] {
            let mark = Mark::Url("site.example", "/page.php", query_hash(query));
            assert_eq!(back.mark(mark).is_some(), is_listed, "{query}");
        }
        let empty = ThreatList::default();
        assert_eq!(ThreatList::from_compact(empty.to_bytes().as_slice()).unwrap(), empty);
    }

    #[test]
    fn what_is_cut_off_lengthened_or_of_another_form_is_refused() {
        let bytes = list().to_bytes();
        for cut in 0..bytes.len() {
            assert!(ThreatList::from_compact(bytes.get(..cut).unwrap()).is_err(), "cut at {cut}");
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(matches!(ThreatList::from_compact(longer.as_slice()), Err(NotCompact::Damaged(_))));
        assert!(matches!(ThreatList::from_compact(&b"evil.example\n"[..]), Err(NotCompact::OtherForm)));
        assert!(matches!(
            ThreatList::from_compact(&b"no list of any kind, and long\n"[..]),
            Err(NotCompact::OtherForm)
        ));
        assert!(is_compact(&bytes) && is_current(&bytes) && !is_compact(b"evil.example"));
        // The first version left queries out of what it kept.
        let mut older = bytes.clone();
        older[ANY_VERSION.len()] = b'1';
        assert!(is_compact(&older) && !is_current(&older));
        let refused = ThreatList::from_compact(older.as_slice()).unwrap_err();
        assert!(
            matches!(refused, NotCompact::OtherVersion) && refused.text().nl.contains("andere versie"),
            "{refused:?}"
        );
    }

    proptest! {
        #[test]
        fn one_bit_that_flips_is_noticed(at in any::<prop::sample::Index>(), bit in 0u8..8) {
            let mut bytes = list().to_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            prop_assert!(ThreatList::from_compact(bytes.as_slice()).is_err());
        }
    }
}
