//! One entry of a journal, and its canonical bytes: the leaf.
//!
//! The leaf is a text, so that a person can rebuild it by hand and hash it with any tool:
//!
//! ```text
//! dijkwacht-entry/v1
//! organisation 0197a3c0-0000-7000-8000-000000000001
//! index 0
//! recorded-at 2026-11-21T08:30:00.000000Z
//! kind incident.reported
//! body-commitment 5d1b…
//! ```
//!
//! Six lines, each ended by one newline; `key`, one space, value; nothing else. The first line names the version: a
//! later form gets another first line, and this one stays readable for ever.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::hex;
use crate::tree::{Hash, leaf_hash};

const VERSION: &str = "dijkwacht-entry/v1";
const COMMITMENT_PREFIX: &[u8] = b"dijkwacht-body/v1\n";
const LONGEST_KIND: usize = 64;

/// What is hashed into the tree about one thing that happened. It holds nothing personal: that stands in the body,
/// of which this knows only the salted hash.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    organisation: Uuid,
    index: u64,
    recorded_at: Timestamp,
    kind: String,
    body_commitment: Hash,
}

/// Why something is not an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEntry {
    #[error("kind `{0}` is not made of lower-case words joined by dots, at most {LONGEST_KIND} characters long")]
    Kind(String),
    #[error("moment {0} is not in the years 0000 to 9999")]
    Moment(Timestamp),
    #[error("leaf bytes are not those of a `{VERSION}` entry: {0}")]
    Leaf(&'static str),
}

impl Entry {
    /// An entry: `recorded_at` is kept in whole microseconds (what is finer is dropped), `kind` is made of words of
    /// `a-z`, `0-9`, `_` and `-` that start with a letter, joined by dots (`incident.reported`).
    ///
    /// # Errors
    /// When the kind or the moment has no canonical text.
    pub fn new(
        organisation: Uuid,
        index: u64,
        recorded_at: Timestamp,
        kind: &str,
        body_commitment: Hash,
    ) -> Result<Self, InvalidEntry> {
        if !is_kind(kind) {
            return Err(InvalidEntry::Kind(kind.to_owned()));
        }
        let recorded_at = Timestamp::from_microsecond(recorded_at.as_microsecond())
            .ok()
            .filter(|moment| moment_text(*moment).len() == "2026-11-21T08:30:00.000000Z".len())
            .ok_or(InvalidEntry::Moment(recorded_at))?;
        Ok(Self { organisation, index, recorded_at, kind: kind.to_owned(), body_commitment })
    }

    /// Whose journal this stands in.
    #[must_use]
    pub fn organisation(&self) -> Uuid {
        self.organisation
    }

    /// The entry's place in the journal, from 0, without gaps.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// When we recorded it (not when it happened: people say that, in the body).
    #[must_use]
    pub fn recorded_at(&self) -> Timestamp {
        self.recorded_at
    }

    /// What kind of thing was recorded.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The salted hash of the body: [`commit`].
    #[must_use]
    pub fn body_commitment(&self) -> &Hash {
        &self.body_commitment
    }

    /// The canonical bytes, as the module describes them.
    #[must_use]
    pub fn leaf(&self) -> String {
        format!(
            "{VERSION}\norganisation {}\nindex {}\nrecorded-at {}\nkind {}\nbody-commitment {}\n",
            self.organisation.hyphenated(),
            self.index,
            moment_text(self.recorded_at),
            self.kind,
            hex::encode(&self.body_commitment),
        )
    }

    /// The hash under which this entry stands in the tree.
    #[must_use]
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(self.leaf().as_bytes())
    }

    /// Reads canonical bytes back.
    ///
    /// # Errors
    /// When a single byte is other than [`Entry::leaf`] would write it.
    pub fn parse(leaf: &[u8]) -> Result<Self, InvalidEntry> {
        let text = str::from_utf8(leaf).map_err(|_| InvalidEntry::Leaf("not UTF-8"))?;
        let mut lines = text.split('\n');
        if lines.next() != Some(VERSION) {
            return Err(InvalidEntry::Leaf("unknown version line"));
        }
        let mut value = |key: &'static str| {
            let line = lines.next().and_then(|line| line.strip_prefix(key)).and_then(|rest| rest.strip_prefix(' '));
            line.ok_or(InvalidEntry::Leaf(key))
        };
        let organisation = value("organisation")?.parse().map_err(|_| InvalidEntry::Leaf("organisation"))?;
        let index = value("index")?.parse().map_err(|_| InvalidEntry::Leaf("index"))?;
        let recorded_at = value("recorded-at")?.parse().map_err(|_| InvalidEntry::Leaf("recorded-at"))?;
        let kind = value("kind")?;
        let commitment = hex::decode_32(value("body-commitment")?).ok_or(InvalidEntry::Leaf("body-commitment"))?;
        let entry = Self::new(organisation, index, recorded_at, kind, commitment)?;
        // The parsers above take more spellings than one; only the canonical one is a leaf.
        if entry.leaf() == text { Ok(entry) } else { Err(InvalidEntry::Leaf("not in canonical form")) }
    }
}

/// The commitment to a body: SHA-256 over `dijkwacht-body/v1`, a newline, the 32 bytes of salt, and the body. The salt
/// keeps a short or guessable body from being found by trying, once salt and body are erased.
#[must_use]
pub fn commit(salt: &[u8; 32], body: &[u8]) -> Hash {
    Sha256::new().chain_update(COMMITMENT_PREFIX).chain_update(salt).chain_update(body).finalize().into()
}

fn moment_text(moment: Timestamp) -> String {
    format!("{moment:.6}")
}

fn is_kind(kind: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
    };
    kind.len() <= LONGEST_KIND && kind.split('.').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let organisation = "0197a3c0-0000-7000-8000-000000000001".parse().unwrap();
        let moment = "2026-11-21T08:30:00Z".parse().unwrap();
        Entry::new(organisation, 7, moment, "incident.reported", commit(&[1; 32], b"{}")).unwrap()
    }

    #[test]
    fn a_leaf_reads_back() {
        assert_eq!(Entry::parse(entry().leaf().as_bytes()), Ok(entry()));
    }

    #[test]
    fn every_other_spelling_of_a_leaf_is_refused() {
        let leaf = entry().leaf();
        for (from, to) in [
            ("/v1", "/v2"),
            ("index 7", "index 07"),
            ("index 7", "index +7"),
            ("index 7", "index  7"),
            (".000000Z", "Z"),
            (".000000Z", ".000000+00:00"),
            ("T08", "t08"),
            ("0197a3c0-", "0197A3C0-"),
            ("0197a3c0-0000", "0197a3c00000"),
            ("kind incident.reported", "kind incident..reported"),
            ("kind incident.reported", "kind Incident.reported"),
            ("\nkind", "\r\nkind"),
            ("body-commitment ", "body-commitment 0"),
        ] {
            let other = leaf.replacen(from, to, 1);
            assert_ne!(other, leaf, "`{from}` stands in the leaf");
            assert!(Entry::parse(other.as_bytes()).is_err(), "{other}");
        }
        assert!(Entry::parse(leaf.trim_end().as_bytes()).is_err());
        assert!(Entry::parse(format!("{leaf}\n").as_bytes()).is_err());
        assert!(Entry::parse(b"\xff").is_err());
    }

    #[test]
    fn what_has_no_canonical_text_is_refused() {
        let base = entry();
        let with = |moment: Timestamp, kind: &str| Entry::new(base.organisation, 0, moment, kind, [0; 32]);
        for kind in ["", ".", "a.", "A", "1a", "a b", "a\nb", "é", &"a".repeat(65)] {
            assert!(with(base.recorded_at, kind).is_err(), "{kind:?}");
        }
        assert!(with(Timestamp::MIN, "a").is_err());
        let fine = with("2026-01-01T00:00:00.1234567Z".parse().unwrap(), "a.b-c.d_9").unwrap();
        assert!(fine.leaf().contains("recorded-at 2026-01-01T00:00:00.123456Z\n"));
    }
}
