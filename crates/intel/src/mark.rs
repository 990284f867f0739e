//! Marks of what is known to be bad, other than names and addresses: fingerprints, user agents, URLs.

use std::{borrow::Cow, hash::Hasher};

use sha2::{Digest, Sha256};

use crate::hashes::hasher;

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
            Self::Print(print) => (0, print, ""),
            Self::UserAgent(agent) => (1, agent, ""),
            Self::Url(host, path, _) => (2, host, path),
        };
        hasher.write(lower(folded).as_bytes());
        // No text holds this byte, so none runs over into the next.
        hasher.write(&[0xff, kind]);
        hasher.write(exact.as_bytes());
        if let Self::Url(_, _, Some(query)) = self {
            hasher.write(&[0xff]);
            hasher.write(&query.to_le_bytes());
        }
        hasher.finish()
    }
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
    let word =
        ["ja3:", "ja4:", "sha1:", "sha256:"].into_iter().find_map(|kind| word.strip_prefix(kind)).unwrap_or(word);
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
