//! What a file is, by its content, and whether to be careful with it. A name can lie, so it never makes a file harmless;
//! it can add a caution, since a desktop opens by name.
//!
//! Promises: no bytes make it panic; it keeps the first 8 KiB and a tail of a few bytes, whatever passes. Deliberately not
//! here: proving a file harmless. That cannot be done.

use incident::Caution;

/// How much of a file's beginning is looked at.
const HEAD: usize = 8 * 1024;

/// What in a file's bytes tells of macros: an Office Open XML part, the same in an OLE file (UTF-16), and actions of a PDF.
const OFFICE_MACROS: &[u8] = b"vbaProject.bin";
const OLE_MACROS: &[u8] = b"_\0V\0B\0A\0_\0P\0R\0O\0J\0E\0C\0T\0";
const PDF_ACTIONS: [&[u8]; 3] = [b"/JavaScript", b"/Launch", b"/EmbeddedFile"];
const LONGEST_SIGN: usize = 24;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileKind {
    pub media_type: &'static str,
    pub caution: Option<Caution>,
}

/// Whether a page may show it as a picture: raster images that every browser draws and that hold no script.
#[must_use]
pub fn is_raster(media_type: &str) -> bool {
    matches!(media_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp")
}

/// A look at a file as its pieces pass.
#[derive(Debug, Default)]
pub struct Look {
    head: Vec<u8>,
    /// The end of what passed, so that a sign on the border of two pieces is seen.
    tail: Vec<u8>,
    has_macros: bool,
    has_actions: bool,
}

impl Look {
    /// Looks at the next piece.
    pub fn see(&mut self, piece: &[u8]) {
        let wanted = HEAD.saturating_sub(self.head.len());
        self.head.extend(piece.iter().take(wanted));
        let border = [self.tail.as_slice(), piece.get(..LONGEST_SIGN.min(piece.len())).unwrap_or_default()].concat();
        for bytes in [border.as_slice(), piece] {
            self.has_macros |= holds(bytes, OFFICE_MACROS) || holds(bytes, OLE_MACROS);
            self.has_actions |= PDF_ACTIONS.iter().any(|sign| holds(bytes, sign));
        }
        self.tail.extend_from_slice(piece.get(piece.len().saturating_sub(LONGEST_SIGN)..).unwrap_or_default());
        let spare = self.tail.len().saturating_sub(LONGEST_SIGN);
        self.tail.drain(..spare);
    }

    /// What it is, once all has passed.
    #[must_use]
    pub fn kind(&self, name: &str) -> FileKind {
        let (media_type, caution) = of_head(&self.head);
        let caution = match caution {
            None | Some(Caution::Unknown) if self.has_macros => Some(Caution::Macros),
            None if self.has_actions && media_type == "application/pdf" => Some(Caution::Macros),
            // What nobody can tell is at least what its name would make of it.
            None | Some(Caution::Unknown) => of_name(name).or(caution),
            other => other,
        };
        FileKind { media_type, caution }
    }
}

fn holds(bytes: &[u8], sign: &[u8]) -> bool {
    let Some(first) = sign.first() else { return false };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        let Some(from) = rest.get(at..) else { return false };
        if from.starts_with(sign) {
            return true;
        }
        rest = from.get(1..).unwrap_or_default();
    }
    false
}

fn of_head(head: &[u8]) -> (&'static str, Option<Caution>) {
    // Some of what is no text begins as if it were (PDF, RTF).
    let known = infer::get(head).filter(|known| known.matcher_type() != infer::MatcherType::Text);
    let Some(known) = known else {
        let text = as_text(head).map(|text| of_text(&text));
        return text.unwrap_or(("application/octet-stream", Some(Caution::Unknown)));
    };
    let media_type = known.mime_type();
    let caution = match (known.matcher_type(), media_type) {
        (infer::MatcherType::App, _) => Some(Caution::Program),
        // These three stand among the archives.
        (infer::MatcherType::Archive, "application/pdf") => None,
        (infer::MatcherType::Archive, "application/rtf") => Some(Caution::Macros),
        (infer::MatcherType::Archive, "application/x-ole-storage") => Some(Caution::Unknown),
        (infer::MatcherType::Archive, _) => Some(Caution::Archive),
        _ => None,
    };
    (media_type, caution)
}

/// The beginning as text, if it is: UTF-8 (a letter may be cut at the end) or UTF-16 with its mark, without control
/// characters but the usual.
fn as_text(head: &[u8]) -> Option<String> {
    let text = match head {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes)?,
        _ => {
            let plain = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
            match std::str::from_utf8(plain) {
                Ok(text) => text.to_owned(),
                Err(error) if error.error_len().is_none() => {
                    String::from_utf8_lossy(plain.get(..error.valid_up_to())?).into_owned()
                }
                Err(_) => return None,
            }
        }
    };
    let is_odd = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t' | '\u{c}' | '\u{1b}');
    (!text.chars().any(is_odd)).then_some(text)
}

fn utf_16(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Option<String> {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(read);
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

fn of_text(text: &str) -> (&'static str, Option<Caution>) {
    let start = text.trim_start().to_ascii_lowercase();
    // A browser that guesses looks for these anywhere in the beginning; so do we.
    const PAGE: [&str; 10] =
        ["<!doctype html", "<html", "<head", "<body", "<script", "<iframe", "<title", "<style", "<form", "<meta"];
    match () {
        () if start.starts_with("#!") => ("text/x-script", Some(Caution::Script)),
        () if is_mail(text) => ("message/rfc822", None),
        () if start.contains("<svg") => ("image/svg+xml", Some(Caution::Page)),
        () if PAGE.iter().any(|sign| start.contains(sign)) => ("text/html", Some(Caution::Page)),
        () if start.starts_with("<?xml") => ("application/xml", Some(Caution::Page)),
        () => ("text/plain", None),
    }
}

/// A mail as it travels (RFC 5322): header fields up to an empty line, one of those that every mail has among them.
fn is_mail(text: &str) -> bool {
    const FIELDS: [&str; 7] = ["from", "received", "return-path", "message-id", "delivered-to", "mime-version", "date"];
    let mut known = 0;
    let mut lines = text.lines();
    // What a mailbox file puts before it.
    let first = lines.next().unwrap_or_default();
    let first = if first.starts_with("From ") { lines.next().unwrap_or_default() } else { first };
    for line in std::iter::once(first).chain(lines) {
        if line.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((field, _)) = line.split_once(':') else { return false };
        if field.is_empty() || !field.bytes().all(|byte| byte.is_ascii_graphic()) {
            return false;
        }
        known += usize::from(FIELDS.contains(&field.to_ascii_lowercase().as_str()));
    }
    known >= 2
}

/// What a desktop would make of a name.
fn of_name(name: &str) -> Option<Caution> {
    let (_, ending) = name.trim_end_matches(['.', ' ']).rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "exe" | "dll" | "com" | "scr" | "msi" | "msix" | "cpl" | "pif" | "jar" | "app" | "apk" | "deb" | "rpm" => {
            Some(Caution::Program)
        }
        "bat" | "cmd" | "ps1" | "psm1" | "vbs" | "vbe" | "js" | "jse" | "wsf" | "wsh" | "hta" | "sh" | "py" | "lnk"
        | "reg" | "scf" | "url" | "inf" | "command" => Some(Caution::Script),
        "htm" | "html" | "xhtml" | "shtml" | "mht" | "mhtml" | "svg" | "svgz" | "xml" | "xsl" => Some(Caution::Page),
        "docm" | "dotm" | "xlsm" | "xltm" | "xlam" | "pptm" | "potm" | "ppsm" | "xll" => Some(Caution::Macros),
        "iso" | "img" | "vhd" | "vhdx" | "cab" => Some(Caution::Archive),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, bytes: &[u8], media_type: &str, caution: Option<Caution>) {
        // In one piece, and in pieces so small that every sign lies on a border.
        for size in [bytes.len().max(1), 7] {
            let mut look = Look::default();
            bytes.chunks(size).for_each(|piece| look.see(piece));
            let kind = look.kind(name);
            assert_eq!((kind.media_type, kind.caution), (media_type, caution), "{name} in pieces of {size}");
        }
    }

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0";

    #[test]
    fn what_a_file_is_follows_from_its_content() {
        check("a.txt", PNG, "image/png", None);
        check("foto.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg", None);
        check("a.png", b"<!DOCTYPE html><p>", "text/html", Some(Caution::Page));
        check("a.png", b"  \n<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", Some(Caution::Page));
        check("a.png", b"\xff\xfe<\0s\0v\0g\0>\0", "image/svg+xml", Some(Caution::Page));
        check("a.txt", b"#!/bin/sh\nrm -rf x\n", "text/x-script", Some(Caution::Script));
        check("log", b"27 mrt 14:02 inlog mislukt\n", "text/plain", None);
        check("log", "één\u{301}".as_bytes(), "text/plain", None);
        check("m", b"From: a@b.example\nDate: Fri, 27 Mar 2026\nSubject: <script>\n\nhallo", "message/rfc822", None);
        check("x", b"\0\x01\x02\x03\x04", "application/octet-stream", Some(Caution::Unknown));
        check("con.lnk", b"L\0\0\0\x01\x14\x02\0", "application/octet-stream", Some(Caution::Script));
        check("x", b"MZ\x90\0\x03\0\0\0", "application/vnd.microsoft.portable-executable", Some(Caution::Program));
        check("x", b"PK\x03\x04\x14\0\0\0\x08\0nothing", "application/zip", Some(Caution::Archive));
        check("a.pdf", b"%PDF-1.7\n1 0 obj", "application/pdf", None);
        check("a.pdf", b"%PDF-1.7\n1 0 obj << /JavaScript 2 0 R >>", "application/pdf", Some(Caution::Macros));
    }

    #[test]
    fn a_name_adds_a_caution_and_takes_none_away() {
        check("rekening.pdf.js", b"var a = 1;\n", "text/plain", Some(Caution::Script));
        check("rekening.html", PNG, "image/png", Some(Caution::Page));
        check("rekening.EXE ", PNG, "image/png", Some(Caution::Program));
        check(
            "foto.png",
            b"MZ\x90\0\x03\0\0\0",
            "application/vnd.microsoft.portable-executable",
            Some(Caution::Program),
        );
    }

    #[test]
    fn macros_are_seen_wherever_they_stand() {
        let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
        bytes.resize(20_000, 0);
        bytes.extend_from_slice(OLE_MACROS);
        bytes.resize(40_000, 0);
        check("brief.doc", &bytes, "application/x-ole-storage", Some(Caution::Macros));
    }
}
