//! What a body begins with, whatever its header says: its kind, told by the first bytes. Nothing of it is kept.

use std::io::Read;

use flate2::bufread::{GzDecoder, ZlibDecoder};

use crate::event::Content;

/// So many bytes are looked at.
pub(crate) const LOOKED_AT: usize = 256;

/// And of one that is packed: the tables that it begins with may take more than half of them.
pub(crate) const LOOKED_AT_PACKED: usize = 512;

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

/// As [`content`], of a body that its header says is packed: what unpacks to, where that can be told.
pub(crate) fn packed_content(bytes: &[u8], is_all: bool) -> Option<Content> {
    let unpacked = match bytes {
        [0x1f, 0x8b, 8, ..] => beginning(GzDecoder::new(bytes)),
        // Zlib's header with its check (RFC 1950 §2.2): what `deflate` means.
        [method @ 0x78, flags, ..] if u16::from_be_bytes([*method, *flags]).is_multiple_of(31) => {
            beginning(ZlibDecoder::new(bytes))
        }
        _ => Vec::new(),
    };
    content(&unpacked, is_all && unpacked.len() < LOOKED_AT).or_else(|| content(bytes, is_all))
}

/// The first bytes that there are, never more than are looked at: what would unpack to more is left packed.
fn beginning(mut packed: impl Read) -> Vec<u8> {
    let mut unpacked = vec![0; LOOKED_AT];
    let mut length = 0;
    while let Some(room) = unpacked.get_mut(length..).filter(|room| !room.is_empty()) {
        // Cut off in its middle is how it comes.
        match packed.read(room) {
            Ok(0) | Err(_) => break,
            Ok(more) => length += more,
        }
    }
    unpacked.truncate(length);
    unpacked
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

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        flate2::read::GzEncoder::new(bytes, flate2::Compression::default()).read_to_end(&mut packed).unwrap();
        packed
    }

    #[test]
    fn what_is_packed_is_judged_by_what_it_unpacks_to() {
        let mut state = 1u32;
        let random: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(20_000)
        .collect();
        let program = [b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff".as_slice(), &[0; 50], &random].concat();
        let bomb = vec![b'x'; 5_000_000];
        let mut zlib = Vec::new();
        flate2::read::ZlibEncoder::new(program.as_slice(), flate2::Compression::default())
            .read_to_end(&mut zlib)
            .unwrap();
        let stored = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff".as_slice(), &[0xff; 600]].concat();
        let table: [(&str, &[u8], Content); 6] = [
            ("a program", &gzip(&program), Content::Program),
            ("a program, deflated", &zlib, Content::Program),
            ("a page", &gzip(b"<!DOCTYPE html><html><head><title>x</title></head></html>"), Content::Text),
            ("far more than there is", &gzip(&bomb), Content::Text),
            ("broken", &stored, Content::Archive),
            ("not packed after all", b"<!DOCTYPE html><html><head>", Content::Text),
        ];
        for (what, bytes, expected) in table {
            let beginning = bytes.get(..LOOKED_AT_PACKED).unwrap_or(bytes);
            assert_eq!(packed_content(beginning, bytes.len() <= LOOKED_AT_PACKED), Some(expected), "{what}");
        }
    }
}
