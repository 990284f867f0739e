//! A checkpoint or a proof that somebody kept: the text that was signed, whatever a mail program or an editor made of its
//! spaces and line ends.

/// The text as it was signed: without a byte order mark, with plain line ends, without spaces at the end of a line or empty lines
/// around it, with one newline at its end. What is signed never holds any of these, so that no two notes become one.
#[must_use]
pub fn as_signed(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// The text in a file that somebody kept: UTF-8, or UTF-16 with a mark in front, as Notepad (*Unicode*) and PowerShell (`>`)
/// write it. Nothing where it is neither.
#[must_use]
pub fn text_of(bytes: &[u8]) -> Option<String> {
    let from: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return std::str::from_utf8(bytes).ok().map(str::to_owned),
    };
    let (pairs, odd) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| from(*pair)).collect();
    if odd.is_empty() { String::from_utf16(&units).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{as_signed, text_of};

    #[test]
    fn a_text_is_read_in_what_windows_writes() {
        let text = "\u{feff}register\r\n— name c2ln\r\n";
        let units = || text.encode_utf16();
        let little: Vec<u8> = units().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = units().flat_map(u16::to_be_bytes).collect();
        for bytes in [text.as_bytes(), &little, &big] {
            assert_eq!(text_of(bytes).as_deref(), Some(text), "{bytes:?}");
        }
        // Half a sign, half a pair, and what is neither.
        for bytes in [&little[..little.len() - 1], &[0xff, 0xfe, 0x3d, 0xd8], &[0xe9, b'x']] {
            assert_eq!(text_of(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn what_was_signed_comes_back_from_whatever_was_made_of_it() {
        let signed = "register\n5\nroot=\n\n— name c2ln\n— other c2ln\n";
        let windows = signed.replace('\n', "\r\n");
        let padded = signed.replace('\n', " \t\u{a0}\r\n");
        for kept in [
            signed.to_owned(),
            windows.clone(),
            format!("\u{feff}{windows}\r\n\r\n"),
            format!("\n\n{padded}   \n"),
            signed.trim_end().to_owned(),
        ] {
            assert_eq!(as_signed(&kept), signed, "{kept:?}");
        }
        assert_ne!(as_signed(&signed.replace("5", " 5")), signed, "what stands before is no accident");
        assert_eq!(as_signed(""), "\n");
    }
}
