//! Text from the wire made safe to keep and to show: bounded, without control characters.

use std::fmt::Write;

use crate::bytes::le16;

/// A name as RFC 1035 §5.1 writes it: lower case, bytes that are no printable ASCII as `\ddd`; at most `max` bytes of it.
pub(crate) fn name(bytes: &[u8], max: usize) -> String {
    let mut text = String::with_capacity(bytes.len().min(max));
    for byte in bytes.iter().take(max) {
        push_escaped(&mut text, *byte, b"\\");
    }
    text
}

/// As [`name`], for one label of a domain name, in which a dot is no separator and therefore escaped.
pub(crate) fn push_label(text: &mut String, label: &[u8]) {
    for byte in label {
        push_escaped(text, *byte, b"\\.");
    }
}

fn push_escaped(text: &mut String, byte: u8, special: &[u8]) {
    if byte.is_ascii_graphic() && !special.contains(&byte) {
        text.push(char::from(byte.to_ascii_lowercase()));
    } else {
        // Writing to a String cannot fail.
        let _ = write!(text, "\\{byte:03}");
    }
}

/// Free text such as a header's value: as it came, control characters and broken UTF-8 replaced; at most `max` characters.
pub(crate) fn line(bytes: &[u8], max: usize) -> String {
    let replaced = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    String::from_utf8_lossy(bytes).trim().chars().take(max).map(replaced).collect()
}

/// Two-byte characters (UTF-16), little-endian, in lower case; at most `max` of them.
pub(crate) fn wide(bytes: &[u8], max: usize) -> String {
    let units = bytes.chunks_exact(2).take(max).filter_map(|two| le16(two, 0));
    let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.to_lowercase()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    push_hex(&mut text, bytes);
    text
}

/// As [`hex`], at the end of a text. By hand: fingerprints are made of it for every connection.
pub(crate) fn push_hex(text: &mut String, bytes: &[u8]) {
    let digit = |nibble: u8| char::from(if nibble < 10 { b'0' + nibble } else { b'a' - 10 + nibble });
    text.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_text_is_escaped() {
        assert_eq!(name(b"WWW.Example\x00", 64), "www.example\\000");
        assert_eq!(name(b"abcdef", 3), "abc");
        let mut label = String::new();
        push_label(&mut label, b"a.B\xff");
        assert_eq!(label, "a\\046b\\255");
        assert_eq!(line(b" curl/8\x1b[31m ", 64), "curl/8\u{fffd}[31m");
        assert_eq!(hex(&[0, 0x9a, 0xff]), "009aff");
    }
}
