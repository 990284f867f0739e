//! JA3: version, ciphers, extensions, groups and point formats as numbers, and the MD5 of that text
//! (<https://github.com/salesforce/ja3>). MD5 is what the definition says; nothing is protected by it.

use std::fmt::Write;

use md5::{Digest, Md5};

use super::hello::Offer;
use crate::text::hex;

/// What is shown of a text that only a hostile client makes longer.
const MAX_SHOWN: usize = 4096;

pub(super) fn text(offer: &Offer) -> String {
    let mut text = String::with_capacity(256);
    // Writing to a String cannot fail.
    let _ = write!(text, "{}", offer.version);
    for list in [&offer.ciphers, &offer.extensions, &offer.groups] {
        text.push(',');
        dashed(&mut text, list.iter().copied());
    }
    text.push(',');
    dashed(&mut text, offer.point_formats.iter().copied().map(u16::from));
    text
}

pub(super) fn hash(text: &str) -> String {
    hex(&Md5::digest(text.as_bytes()))
}

/// The text, bounded.
pub(super) fn shown(mut text: String) -> String {
    // Digits, dashes and commas: every byte is a character.
    text.truncate(MAX_SHOWN);
    text
}

fn dashed(text: &mut String, numbers: impl Iterator<Item = u16>) {
    for (index, number) in numbers.enumerate() {
        let dash = if index == 0 { "" } else { "-" };
        let _ = write!(text, "{dash}{number}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The two examples of the definition's own page.
    #[test]
    fn published_examples() {
        let examples = [
            (
                "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0",
                "ada70206e40642a3e4461f35503241d5",
            ),
            ("769,4-5-10-9-100-98-3-6-19-18-99,,,", "de350869b8c85de67a350c8d186f11e6"),
        ];
        for (text, expected) in examples {
            assert_eq!(hash(text), expected);
        }
    }
}
