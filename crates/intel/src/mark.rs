//! Marks of what is known to be bad, other than names and addresses: fingerprints, user agents, URLs.

use std::{borrow::Cow, hash::Hasher};

use sha2::{Digest, Sha256};

use crate::hashes::hasher;

/// Of a path so many characters count: of a longer one who reads the wire keeps no more.
const LONGEST_PATH: usize = 1024;

/// A mark as it is seen, or stands on a list. Letters count the same in either case, save in a URL's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark<'a> {
    /// JA3, JA4, or a certificate's SHA-1 or SHA-256: no two of these look alike.
    Print(&'a str),
    UserAgent(&'a str),
    /// The host, the path, and the query's [`query_hash`]. On a list a page without one is meant whatever its query; as seen, a page
    /// is looked for without, and then with the query that it was asked with.
    Url(&'a str, &'a str, Option<u64>),
}

/// What is left of a query (the part behind `?`): enough to know one that a list names, and no more. The first eight bytes of
/// its SHA-256, little-endian, so that who reads the wire can make it too. None where there is nothing behind the `?`.
#[must_use]
pub fn query_hash(query: &str) -> Option<u64> {
    let first = *Sha256::digest(query.as_bytes()).first_chunk()?;
    (!query.is_empty()).then(|| u64::from_le_bytes(first))
}

impl Mark<'_> {
    /// As it is told.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Print(print) => print.to_ascii_lowercase(),
            Self::UserAgent(agent) => agent.to_owned(),
            // The query itself is nowhere: that it was the one on the list is all there is to tell.
            Self::Url(host, path, query) => {
                format!("{}{path}{}", host.to_ascii_lowercase(), if query.is_some() { "?…" } else { "" })
            }
        }
    }

    /// As lists keep it.
    pub(crate) fn hash(self) -> u64 {
        let mut hasher = hasher();
        let (kind, folded, exact) = match self {
            Self::Print(print) => (0, print, Cow::default()),
            Self::UserAgent(agent) => (1, agent, Cow::default()),
            Self::Url(host, path, _) => (2, host, normal(path)),
        };
        hasher.write(lower(folded).as_bytes());
        // No text holds this byte, so none runs over into the next.
        hasher.write(&[0xff, kind]);
        hasher.write(&exact);
        if let Self::Url(_, _, Some(query)) = self {
            hasher.write(&[0xff]);
            hasher.write(&query.to_le_bytes());
        }
        hasher.finish()
    }
}

/// A path as it is compared, on lists and on the wire: `%7e` is `~`, `%2f` is `%2F` and `é` is `%C3%A9` (RFC 3986 §6.2.2).
fn normal(path: &str) -> Cow<'_, [u8]> {
    let end = path.char_indices().nth(LONGEST_PATH).map_or(path.len(), |(at, _)| at);
    let mut rest = path.get(..end).unwrap_or(path).as_bytes();
    if rest.iter().all(|byte| byte.is_ascii() && *byte != b'%') {
        return Cow::Borrowed(rest);
    }
    let mut normal = Vec::with_capacity(rest.len());
    while let Some((first, behind)) = rest.split_first() {
        let escaped = behind.first_chunk().filter(|_| *first == b'%').and_then(octet);
        rest = if escaped.is_some() { behind.get(2..).unwrap_or_default() } else { behind };
        match escaped {
            Some(byte) if is_unreserved(byte) => normal.push(byte),
            None if first.is_ascii() => normal.push(*first),
            _ => normal.extend(format!("%{:02X}", escaped.unwrap_or(*first)).bytes()),
        }
    }
    Cow::Owned(normal)
}

/// What two hexadecimal digits stand for.
fn octet(digits: &[u8; 2]) -> Option<u8> {
    let [high, low] = digits.map(|digit| char::from(digit).to_digit(16));
    u8::try_from(high? << 4 | low?).ok()
}

/// What means the same escaped and as it is (RFC 3986 §2.3).
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// The mark that a word of a list is, if it has the shape of one.
pub(crate) fn print(word: &str) -> Option<Mark<'_>> {
    let is_kind = |kind: &str| ["ja3", "ja4", "sha1", "sha256"].iter().any(|known| known.eq_ignore_ascii_case(kind));
    let word = word.split_once(':').filter(|(kind, _)| is_kind(kind)).map_or(word, |(_, print)| print);
    let is_hex = matches!(word.len(), 32 | 40 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_hex || is_ja4(word)).then_some(Mark::Print(word))
}

/// `t13d1516h2_8daaf6152771_e5627efa2ab1`
fn is_ja4(word: &str) -> bool {
    let mut parts = word.split('_');
    let is_hash = |part: Option<&str>| {
        part.is_some_and(|part| part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let first = parts.next().unwrap_or_default();
    first.len() == 10
        && first.starts_with(['t', 'q', 'd'])
        && first.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && is_hash(parts.next())
        && is_hash(parts.next())
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_the_same_however_it_is_escaped() {
        let hash = |path: &str| Mark::Url("site.example", path, None).hash();
        for (one, other, is_same) in [
            ("/~user/a.b", "/%7Euser/%61%2eb", true),
            ("/a%2fb", "/a%2Fb", true),
            ("/caf\u{e9}", "/caf%c3%a9", true),
            // What has a meaning of its own is another thing escaped.
            ("/a/b", "/a%2Fb", false),
            ("/A", "/a", false),
            ("/%", "/%25", false),
            ("/%zz", "/%ZZ", false),
            ("/%7", "/%7", true),
        ] {
            assert_eq!(hash(one) == hash(other), is_same, "{one} {other}");
        }
    }

    /// The wire keeps so much of one; what a list has more does not count.
    #[test]
    fn a_long_path_is_known_by_its_beginning() {
        let hash = |path: &str| Mark::Url("site.example", path, None).hash();
        let long = format!("/{}", "\u{e9}%7e".repeat(600));
        let seen: String = long.chars().take(LONGEST_PATH).collect();
        assert_eq!(hash(&long), hash(&seen));
        assert_ne!(hash(&long), hash(&seen[..seen.len() - 1]));
    }
}
