//! An entry's canonical text (`dijkwacht-entry/v1`) and its body's commitment, read strictly.

use jiff::Timestamp;

use crate::Hash;
use crate::tree::sha256;

/// What a leaf says, as far as checking needs it.
#[derive(Debug)]
pub(crate) struct Leaf<'a> {
    pub(crate) organisation: &'a str,
    pub(crate) index: u64,
    pub(crate) recorded_at: Timestamp,
    pub(crate) kind: &'a str,
    pub(crate) commitment: Hash,
}

impl<'a> Leaf<'a> {
    /// Reads the six lines; `None` when a byte of them could be written otherwise.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let lines: Vec<&str> = text.split('\n').collect();
        let ["dijkwacht-entry/v1", organisation, index, recorded_at, kind, commitment, ""] = lines[..] else {
            return None;
        };
        let organisation = organisation.strip_prefix("organisation ").filter(|id| is_uuid(id))?;
        let index = index.strip_prefix("index ").and_then(number)?;
        let recorded_at = recorded_at.strip_prefix("recorded-at ").and_then(moment)?;
        let kind = kind.strip_prefix("kind ").filter(|kind| is_kind(kind))?;
        let commitment = commitment.strip_prefix("body-commitment ").and_then(hash)?;
        Some(Self { organisation, index, recorded_at, kind, commitment })
    }
}

/// SHA-256 over `dijkwacht-body/v1`, a newline, the salt and the body.
pub(crate) fn commitment(salt: &Hash, body: &[u8]) -> Hash {
    sha256(&[b"dijkwacht-body/v1\n", &salt[..], body].concat())
}

/// The hash that 64 lower-case hexadecimal digits spell.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    bytes(text)?.try_into().ok()
}

/// The bytes that pairs of lower-case hexadecimal digits spell.
pub(crate) fn bytes(text: &str) -> Option<Vec<u8>> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?)).collect()
}

/// A decimal number without sign or leading zeroes.
pub(crate) fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

/// Whether this is a UUID in its usual spelling: lower case, with hyphens.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// An instant in UTC with six decimals.
fn moment(text: &str) -> Option<Timestamp> {
    let moment = text.parse::<Timestamp>().ok().filter(|_| text.len() == 27)?;
    (format!("{moment:.6}") == text).then_some(moment)
}

/// Lower-case words joined by dots.
fn is_kind(text: &str) -> bool {
    text.len() <= 64
        && text.split('.').all(|word| {
            matches!(word.bytes().next(), Some(b'a'..=b'z'))
                && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAF: &str = "dijkwacht-entry/v1\norganisation 0197a3c0-0000-7000-8000-000000000001\nindex 7\nrecorded-at 2026-11-21T08:30:00.000000Z\nkind incident.reported\nbody-commitment 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n";

    #[test]
    fn a_leaf_is_read_in_its_one_spelling_only() {
        let leaf = Leaf::parse(LEAF).unwrap();
        assert_eq!((leaf.organisation, leaf.index), ("0197a3c0-0000-7000-8000-000000000001", 7));
        for (from, to) in [
            ("entry/v1", "entry/v2"),
            ("0197a3c0", "0197A3C0"),
            ("index 7", "index 07"),
            ("index 7", "index +7"),
            ("000000Z", "000000z"),
            ("11-21T", "11-31T"),
            (".000000Z", "Z"),
            ("incident.", "incident.."),
            ("incident", "1ncident"),
            ("44136f", "44136F"),
            ("ff8a\n", "ff8a"),
            ("ff8a\n", "ff8a\n\n"),
            ("kind", "Kind"),
        ] {
            let other = LEAF.replacen(from, to, 1);
            assert_ne!(other, LEAF, "`{from}` stands in the leaf");
            assert!(Leaf::parse(&other).is_none(), "{other}");
        }
    }
}
