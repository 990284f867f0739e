//! A checkpoint or a proof that somebody kept: the text that was signed, whatever a mail program or an editor made of it and
//! wrote around it.
//!
//! Promises: what is found is still to be verified, byte for byte; nothing here makes a text that nobody signed hold. Two
//! checkpoints in one file are never chosen from. The other verifier (`tools/verify-register.mjs`) finds the same.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::checkpoint::Checkpoint;
use crate::note::is_signature;
use crate::text::{self, Text};

/// The text as it was signed: without a byte order mark, with plain line ends, without spaces at the end of a line or empty lines
/// around it, with one newline at its end. What is signed never holds any of these, so that no two notes become one.
#[must_use]
pub fn as_signed(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

/// The one signed checkpoint in a text: by itself, or in a mail as it was copied (quoted, indented, with empty lines between
/// its lines and words around it) or saved (`.eml`: as it stands, quoted-printable or base64). Where none is found, the text
/// [`as_signed`], of which the reading says what is wrong.
///
/// # Errors
/// When it holds several.
pub fn checkpoint_in(text: &str) -> Result<String, Text> {
    let mut notes = notes_in(text);
    for part in base64_parts(text) {
        let more = notes_in(&part);
        notes.extend(more);
    }
    if notes.is_empty() {
        notes = notes_in(&unquoted(text));
    }
    notes.sort_unstable();
    notes.dedup();
    match notes.as_slice() {
        [] => Ok(as_signed(text)),
        [note] => Ok(note.clone()),
        [..] => Err(text::SEVERAL_NOTES),
    }
}

/// Each of those that were kept; of one that holds several which it is, from 1, and why.
pub(crate) fn checkpoints_in(kept: &[&str]) -> Result<Vec<String>, (usize, Text)> {
    (1..).zip(kept).map(|(place, text)| checkpoint_in(text).map_err(|why| (place, why))).collect()
}

/// Every run of three lines that is a checkpoint's and the signatures below it, as it was signed.
fn notes_in(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.split('\n').map(bare).filter(|line| !line.is_empty()).collect();
    let mut rest = lines.as_slice();
    let mut notes = Vec::new();
    while let [origin, after @ ..] = rest {
        rest = after;
        let [size, root, below @ ..] = after else { break };
        if !Checkpoint::is_origin(origin) {
            continue;
        }
        let signatures: Vec<String> = below.iter().map_while(|line| signature(line)).collect();
        let note = format!("{origin}\n{size}\n{root}\n\n{}\n", signatures.join("\n"));
        if Checkpoint::parse(&note).is_ok() {
            notes.push(note);
        }
    }
    notes
}

fn is_space(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{feff}'
}

/// A line without the spaces around it and the marks with which a mail program quotes.
fn bare(line: &str) -> &str {
    line.trim_end_matches(is_space).trim_start_matches(|letter| is_space(letter) || letter == '>')
}

/// A signature's line, of which a mail program or a page made other spaces.
fn signature(line: &str) -> Option<String> {
    let words: Vec<_> = line.split(is_space).filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    is_signature(&line).then_some(line)
}

/// What stands in a text in base64: each run of lines of nothing else.
fn base64_parts(text: &str) -> Vec<String> {
    let is_base64 = |line: &str| {
        !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
    };
    let lines: Vec<&str> = text.split('\n').map(|line| line.trim_matches(is_space)).collect();
    let runs = lines.split(|line| !is_base64(line)).filter(|run| !run.is_empty());
    let decoded = runs.filter_map(|run| BASE64_STANDARD.decode(run.concat()).ok());
    decoded.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

/// A text in quoted-printable (RFC 2045 §6.7) as it reads.
fn unquoted(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('=');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let hex = part.get(..2).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if let Some((byte, after)) = hex.and_then(|digits| Some((u8::from_str_radix(digits, 16).ok()?, part.get(2..)?)))
        {
            bytes.push(byte);
            bytes.extend_from_slice(after.as_bytes());
        } else if let Some(next) = part.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n') {
            bytes.extend_from_slice(next.as_bytes());
        } else {
            bytes.push(b'=');
            bytes.extend_from_slice(part.as_bytes());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
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
    use base64::prelude::{BASE64_STANDARD, Engine as _};

    use super::{as_signed, checkpoint_in, text_of};

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

    const NOTE: &str = "dijkwacht/register/0190163d-8694-739b-aea5-966c26f8ad91\n5\n\
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
        — dijkwacht/register/x Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
        — a.example/w jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

    #[test]
    fn a_checkpoint_is_found_in_what_a_mail_made_of_it() {
        let quoted: String = NOTE.lines().map(|line| format!("> {line}\n")).collect();
        let twice: String = NOTE.lines().map(|line| format!(">> {line}\r\n>\r\n")).collect();
        let spaced = format!("  {}", NOTE.replace('\n', "\n   "));
        let wrapped =
            NOTE.replace('=', "=3D").replace('—', "=E2=80=94").replace("gGz", "gGz=\r\n").replace('\n', "\r\n");
        let encoded = BASE64_STANDARD.encode(NOTE);
        let lines: Vec<_> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let eml = |body: &str, how: &str| {
            format!(
                "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHallo\r\n--b\r\n\
                Content-Transfer-Encoding: {how}\r\n\r\n{body}\r\n--b--\r\n"
            )
        };
        for kept in [
            NOTE.to_owned(),
            NOTE.replace('\n', "\r\n\r\n"),
            quoted.clone(),
            twice,
            spaced,
            NOTE.replace("— ", "—\u{a0}"),
            NOTE.replace("— ", "—\t"),
            format!("Beste Anna,\n\nBewaar deze mail.\n\n{NOTE}\nGroet,\n— Jan Jansen\n"),
            format!("{NOTE}\nOp 3 mei schreef u:\n{quoted}"),
            eml(NOTE, "8bit"),
            eml(&wrapped, "quoted-printable"),
            eml(&lines.join("\r\n"), "base64"),
        ] {
            assert_eq!(checkpoint_in(&kept).as_deref(), Ok(NOTE), "{kept}");
        }
    }

    #[test]
    fn what_is_no_one_checkpoint_is_not_made_one() {
        let other = NOTE.replace("\n5\n", "\n6\n");
        assert_eq!(checkpoint_in(&format!("{NOTE}\n{other}")), Err(crate::text::SEVERAL_NOTES));
        let none = [
            NOTE.replace("\n5\n", "\n05\n"),
            NOTE.replace("\n5\n", "\n5 6\n"),
            NOTE.replace("\n5\n", "\nvijf\n5\n"),
            NOTE.replace("— ", "- "),
            NOTE.replace("dijkwacht/register/0", "x dijkwacht/register/0"),
            NOTE.split_once('—').unwrap().0.to_owned(),
        ];
        for text in none {
            assert_eq!(checkpoint_in(&text), Ok(as_signed(&text)));
        }
        let lone = NOTE.replace("Az3g", "Az3");
        assert_eq!(checkpoint_in(&lone), Ok(as_signed(&lone)), "no signature is passed over");
    }
}
