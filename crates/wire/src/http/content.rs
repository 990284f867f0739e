//! What a body begins with, whatever its header says: its kind, told by the first bytes. Nothing of it is kept.

use crate::event::Content;

/// So many bytes are looked at.
pub(crate) const LOOKED_AT: usize = 256;

/// Fewer say nothing.
const FEWEST: usize = 16;

/// What files begin with (the magic numbers that their formats' definitions give).
const BEGINNINGS: [(&[u8], Content); 27] = [
    (b"MZ", Content::Program),
    (b"\x7fELF", Content::Program),
    (b"\xfe\xed\xfa\xce", Content::Program),
    (b"\xfe\xed\xfa\xcf", Content::Program),
    (b"\xce\xfa\xed\xfe", Content::Program),
    (b"\xcf\xfa\xed\xfe", Content::Program),
    (b"dex\n0", Content::Program),
    (b"PK\x03\x04", Content::Archive),
    (b"PK\x05\x06", Content::Archive),
    (b"Rar!\x1a\x07", Content::Archive),
    (b"7z\xbc\xaf\x27\x1c", Content::Archive),
    (b"MSCF", Content::Archive),
    (b"\x1f\x8b", Content::Archive),
    (b"BZh", Content::Archive),
    (b"\xfd7zXZ\0", Content::Archive),
    (b"\x28\xb5\x2f\xfd", Content::Archive),
    (b"%PDF-", Content::Document),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Content::Document),
    (b"\xff\xd8\xff", Content::Media),
    (b"\x89PNG\r\n\x1a\n", Content::Media),
    (b"GIF8", Content::Media),
    (b"RIFF", Content::Media),
    (b"OggS", Content::Media),
    (b"ID3", Content::Media),
    (b"\0\0\x01\0", Content::Media),
    (b"\x1aE\xdf\xa3", Content::Media),
    (b"wOF", Content::Media),
];

/// The kind of a body that begins with these bytes; `is_all` says that it is no longer than they are. Absent: too few.
pub(crate) fn content(bytes: &[u8], is_all: bool) -> Option<Content> {
    let bytes = bytes.get(..LOOKED_AT).unwrap_or(bytes);
    if bytes.len() < FEWEST && !is_all || bytes.is_empty() {
        return None;
    }
    if let Some((_, content)) = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)) {
        // A text may begin with these two letters; a program has a header of 64 bytes with zeros in it (PE/COFF §2).
        let is_text = *content == Content::Program && bytes.starts_with(b"MZ") && !bytes.contains(&0);
        return Some(if is_text { Content::Text } else { *content });
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(Content::Media);
    }
    let is_wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let odd = bytes.iter().filter(|byte| is_odd_in_text(**byte)).count();
    // Of random bytes one in ten is a control character.
    Some(if is_wide || odd * 50 <= bytes.len() { Content::Text } else { Content::Other })
}

/// Control characters but tab, line ends, form feed and escape.
fn is_odd_in_text(byte: u8) -> bool {
    byte == 0x7f || byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        let random: Vec<u8> = (0..256u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let program = [b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".as_slice(), &[0; 50]].concat();
        let table: [(&[u8], bool, Option<Content>); 12] = [
            (&program, false, Some(Content::Program)),
            (b"MZ is how this text begins, and goes on", false, Some(Content::Text)),
            (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0", false, Some(Content::Program)),
            (b"<!DOCTYPE html><html><head>", false, Some(Content::Text)),
            ("Één tekst met accénten en €-tekens".as_bytes(), false, Some(Content::Text)),
            (b"\xff\xfeh\0e\0l\0l\0o\0 \0w\0o\0r\0", false, Some(Content::Text)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", false, Some(Content::Media)),
            (&random, false, Some(Content::Other)),
            (b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0", false, Some(Content::Archive)),
            (b"ok", true, Some(Content::Text)),
            (b"ok", false, None),
            (b"", true, None),
        ];
        for (bytes, is_all, expected) in table {
            assert_eq!(content(bytes, is_all), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
