//! What a body begins with, whatever its header says: its kind, told by the first bytes. Nothing of it is kept.

use std::io::{ErrorKind, Read};

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

use crate::event::Content;
use crate::login::base64;

/// So many bytes are looked at.
pub(crate) const LOOKED_AT: usize = 256;

/// And of one that is packed: the tables that it begins with may take more than half of them.
pub(crate) const LOOKED_AT_PACKED: usize = 512;

/// So many layers of packing are taken off.
const LAYERS: u8 = 3;

/// Fewer say nothing.
const FEWEST: usize = 16;

/// Of what is written in base64 so many bytes are looked at.
const LOOKED_AT_WRITTEN: usize = 24;

/// What files begin with (the magic numbers that their formats' definitions give).
const BEGINNINGS: [(&[u8], Content); 30] = [
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
    (b"\x78\x01", Content::Packed),
    (b"\x78\x9c", Content::Packed),
    (b"\x78\xda", Content::Packed),
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
    // A class of Java, from version 1.1 on (JVMS §4.1). A program for several kinds of Mac begins like it, with a smaller number.
    if let [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 0x2d..=0x50, ..] = bytes {
        return Some(Content::Program);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some(Content::Media);
    }
    if is_memory_program(bytes) {
        return Some(Content::MemoryProgram);
    }
    if is_written_program(bytes) {
        return Some(Content::WrittenProgram);
    }
    let is_wide = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    let odd = bytes.iter().filter(|byte| is_odd_in_text(**byte)).count();
    // Of random bytes one in ten is a control character.
    Some(if is_wide || odd * 50 <= bytes.len() { Content::Text } else { Content::Other })
}

/// Code for Windows that looks for what it needs by itself, as Metasploit's and those made in its image begin: `cld`, then a
/// call over what does the looking (32 bits) or the stack put straight (64 bits) (`block_api` in its source).
fn is_memory_program(bytes: &[u8]) -> bool {
    matches!(bytes, [0xfc, 0xe8, _, 0, 0, 0, ..] | [0xfc, 0x48, 0x83, 0xe4, 0xf0, ..])
}

/// A program for Windows in base64, as it stands (`TVqQAAMA…`), in the frame of a certificate (PEM, RFC 7468), from which
/// Windows' own tools make a file, or in a data URL (RFC 2397); in lines of any length, in UTF-8 or UTF-16.
fn is_written_program(bytes: &[u8]) -> bool {
    let narrow = narrowed(bytes);
    let text = narrow.as_deref().unwrap_or(bytes);
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    let text = if let Some(framed) = text.strip_prefix(b"-----BEGIN ") {
        framed.splitn(2, |byte| *byte == b'\n').nth(1).unwrap_or_default()
    } else if text.starts_with(b"data:") {
        text.splitn(2, |byte| *byte == b',').nth(1).unwrap_or_default()
    } else {
        text
    };
    let letters: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let beginning = base64::decode(&letters, LOOKED_AT_WRITTEN);
    beginning.len() == LOOKED_AT_WRITTEN && beginning.starts_with(b"MZ") && beginning.contains(&0)
}

/// Two-byte characters as single ones, whichever half comes first, with the mark that says so or without. Absent: they are none.
fn narrowed(bytes: &[u8]) -> Option<Vec<u8>> {
    let (characters, is_low_first) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, true),
        [0xfe, 0xff, rest @ ..] => (rest, false),
        [first, 0, ..] if *first != 0 => (bytes, true),
        [0, second, ..] if *second != 0 => (bytes, false),
        _ => return None,
    };
    let low = |[first, second]: &[u8; 2]| if is_low_first { *first } else { *second };
    Some(characters.as_chunks::<2>().0.iter().map(low).collect())
}

/// How a body is packed, as its header says (`content-encoding`, RFC 9110 §8.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Codings {
    layers: u8,
    has_deflate: bool,
}

impl Codings {
    pub(crate) fn of(value: &[u8]) -> Self {
        let is = |coding: &[u8], name: &[u8]| coding.eq_ignore_ascii_case(name);
        let all = value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        let codings = all.filter(|coding| !coding.is_empty() && !is(coding, b"identity"));
        codings.fold(Self::default(), |so_far, coding| Self {
            layers: so_far.layers.saturating_add(1),
            has_deflate: so_far.has_deflate || is(coding, b"deflate"),
        })
    }

    pub(crate) fn is_any(self) -> bool {
        self.layers > 0
    }
}

/// As [`content`], of a body that its header says is packed: what unpacks to, where that can be told.
pub(crate) fn packed_content(bytes: &[u8], codings: Codings, is_all: bool) -> Option<Content> {
    let mut unpacked = Vec::new();
    for layer in 0..codings.layers.min(LAYERS) {
        let packed = if layer == 0 { bytes } else { &unpacked };
        match unpack(packed, codings.has_deflate) {
            Some(inner) => unpacked = inner,
            None => break,
        }
    }
    content(&unpacked, is_all && unpacked.len() < LOOKED_AT_PACKED).or_else(|| content(bytes, is_all))
}

/// Takes off a layer. Absent: there is none that is known.
fn unpack(packed: &[u8], has_deflate: bool) -> Option<Vec<u8>> {
    match packed {
        [0x1f, 0x8b, 8, ..] => Some(beginning(GzDecoder::new(packed)).0),
        // Zlib's header with its check (RFC 1950 §2.2): what `deflate` means.
        [method @ 0x78, flags, ..] if u16::from_be_bytes([*method, *flags]).is_multiple_of(31) => {
            Some(beginning(ZlibDecoder::new(packed)).0)
        }
        // Many servers leave that header out (RFC 9110 §8.4.1.2). What reads as text or does not unpack is something else.
        _ if has_deflate && content(packed, true) != Some(Content::Text) => {
            let (unpacked, is_broken) = beginning(DeflateDecoder::new(packed));
            (!is_broken).then_some(unpacked)
        }
        _ => None,
    }
}

/// The first bytes that there are, never more than are looked at: what would unpack to more is left packed. And whether what
/// follows is not packed so; cut off in its middle is how it comes.
fn beginning(mut packed: impl Read) -> (Vec<u8>, bool) {
    let mut unpacked = vec![0; LOOKED_AT_PACKED];
    let (mut length, mut is_broken) = (0, false);
    while let Some(room) = unpacked.get_mut(length..).filter(|room| !room.is_empty()) {
        match packed.read(room) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) => {
                is_broken = error.kind() != ErrorKind::UnexpectedEof;
                break;
            }
        }
    }
    unpacked.truncate(length);
    (unpacked, is_broken)
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
        let table: [(&[u8], bool, Option<Content>); 25] = [
            (b"\xfc\xe8\x89\0\0\0`\x89\xe51\xd2d\x8bR0\x8b", false, Some(Content::MemoryProgram)),
            (b"\xfcH\x83\xe4\xf0\xe8\xc8\0\0\0AQAPRQ", false, Some(Content::MemoryProgram)),
            (b"\xfc\xe8\x89\x01\x02\x03\x04\x89\xe51\xd2d\x8bR0\x8b", false, Some(Content::Other)),
            (b"\x78\x9c\x4b\x49\x2c\x49\x1c\x45\xa3\x68\x14\x8d\0\x01\x02\x03", false, Some(Content::Packed)),
            (b"\x78\x01", true, Some(Content::Packed)),
            (b"x1 = 5; x2 = 6; x3 = 7", false, Some(Content::Text)),
            (&program, false, Some(Content::Program)),
            (b"MZ is how this text begins, and goes on", false, Some(Content::Text)),
            (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0", false, Some(Content::Program)),
            (b"\xca\xfe\xba\xbe\0\0\0\x34\0\x1d\x0a\0\x06\0\x0f\x09", false, Some(Content::Program)),
            (b"\xca\xfe\xba\xbe\0\0\0\x02\x01\0\0\x07\0\0\0\x03", false, Some(Content::Other)),
            (b"<!DOCTYPE html><html><head>", false, Some(Content::Text)),
            ("Één tekst met accénten en €-tekens".as_bytes(), false, Some(Content::Text)),
            (b"\xff\xfeh\0e\0l\0l\0o\0 \0w\0o\0r\0", false, Some(Content::Text)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", false, Some(Content::Media)),
            (&random, false, Some(Content::Other)),
            (b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0", false, Some(Content::Archive)),
            (b"TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAA", false, Some(Content::WrittenProgram)),
            (
                b"-----BEGIN CERTIFICATE-----\r\nTVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAA",
                false,
                Some(Content::WrittenProgram),
            ),
            (
                b"-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa",
                false,
                Some(Content::Text),
            ),
            (b"TVqQAAMA", true, Some(Content::Text)),
            (b"TVqed so that it reads like words and goes on", false, Some(Content::Text)),
            (b"ok", true, Some(Content::Text)),
            (b"ok", false, None),
            (b"", true, None),
        ];
        for (bytes, is_all, expected) in table {
            assert_eq!(content(bytes, is_all), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_program_written_down_is_told_in_whatever_dress() {
        const WRITTEN: &str = "TVqQAAMAAAAEAAAA//8AALgAAAAAAAAAQAAAAAAAAAA";
        let wide = |text: &str, turn: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(turn).collect::<Vec<_>>();
        let framed = format!("-----BEGIN CERTIFICATE-----\r\n\r\n{WRITTEN}");
        let marked = format!("\u{feff}{framed}");
        for (dress, bytes) in [
            ("a mark", [&b"\xef\xbb\xbf"[..], WRITTEN.as_bytes()].concat()),
            ("empty lines", format!(" \r\n\r\n\t{WRITTEN}").into_bytes()),
            ("short lines", WRITTEN.as_bytes().chunks(8).collect::<Vec<_>>().join(&b"\r\n"[..])),
            ("an empty line in the frame", framed.clone().into_bytes()),
            ("a data url", format!("data:application/octet-stream;base64,{WRITTEN}").into_bytes()),
            ("wide", wide(&marked, u16::to_le_bytes)),
            ("wide, the other way", wide(&marked, u16::to_be_bytes)),
            ("wide without a mark", wide(WRITTEN, u16::to_le_bytes)),
        ] {
            assert_eq!(content(&bytes, false), Some(Content::WrittenProgram), "{dress}");
        }
        for (what, bytes) in [
            (
                "a data url of a picture",
                b"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAA".to_vec(),
            ),
            ("a wide text", wide("\u{feff}TV programmes of tonight, and of tomorrow night", u16::to_le_bytes)),
        ] {
            assert_eq!(content(&bytes, false), Some(Content::Text), "{what}");
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
        let mut raw = Vec::new();
        flate2::read::DeflateEncoder::new(program.as_slice(), flate2::Compression::default())
            .read_to_end(&mut raw)
            .unwrap();
        let mut bomb_in_bomb = bomb.clone();
        (0..5).for_each(|_| bomb_in_bomb = gzip(&bomb_in_bomb));
        let page = b"<!DOCTYPE html><html><head><title>x</title></head></html>";
        let stored = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff".as_slice(), &[0xff; 600]].concat();
        let table: [(&str, &str, &[u8], Content); 16] = [
            ("a program", "gzip", &gzip(&program), Content::Program),
            ("a program, deflated", "deflate", &zlib, Content::Program),
            ("the same without zlib's header", "Deflate", &raw, Content::Program),
            ("the same under another name", "br", &raw, Content::Other),
            ("a page", "gzip", &gzip(page), Content::Text),
            ("a program, packed twice", "gzip, gzip", &gzip(&gzip(&program)), Content::Program),
            ("a program, packed in two ways", "deflate,gzip", &gzip(&raw), Content::Program),
            ("a page, packed twice", "gzip,, X-Gzip", &gzip(&gzip(page)), Content::Text),
            ("a packed file, packed on its way", "gzip", &gzip(&gzip(&program)), Content::Archive),
            ("once packed and said to be twice", "gzip, gzip", &gzip(page), Content::Text),
            ("far more than there is", "gzip", &gzip(&bomb), Content::Text),
            ("more layers than are taken off", "gzip, gzip, gzip, gzip, gzip", &bomb_in_bomb, Content::Archive),
            ("broken", "gzip", &stored, Content::Archive),
            ("not packed after all", "gzip", b"<!DOCTYPE html><html><head>", Content::Text),
            ("nor deflated", "deflate", b"<!DOCTYPE html><html><head>", Content::Text),
            ("nor that", "deflate", b"{\"name\": \"value\", \"list\": [1, 2, 3]}", Content::Text),
        ];
        for (what, codings, bytes, expected) in table {
            let beginning = bytes.get(..LOOKED_AT_PACKED).unwrap_or(bytes);
            let (codings, is_all) = (Codings::of(codings.as_bytes()), bytes.len() <= LOOKED_AT_PACKED);
            assert_eq!(packed_content(beginning, codings, is_all), Some(expected), "{what}");
        }
        assert!(!["", "identity", " , "].iter().any(|none| Codings::of(none.as_bytes()).is_any()));
    }
}
