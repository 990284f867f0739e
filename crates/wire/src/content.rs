//! What people send, looked through for personal data on its way by: forms, mail with its attachments, text of any other
//! kind. Only counts remain ([`personal`]).
//!
//! Promises: nothing is looked into unless [`crate::Limits::looks_into_content`] says so; of one text a bounded part is read;
//! what is packed, encrypted or no text is left alone. Not here: what goes from server to client in answer to a request.

use jiff::Timestamp;
use personal::{Category, Count, Found, Reader};

use crate::event::{Kind, PersonalData};
use crate::findings::Findings;
use crate::login::base64;
use crate::login::lines::Lines;

/// Of one text so much is read.
const MAX_READ: u64 = 4 * 1024 * 1024;

/// The beginning that tells text from other things.
const BEGINNING: usize = 64;

/// Boundaries of a message's parts within parts.
const MAX_BOUNDARIES: usize = 8;
const MAX_BOUNDARY: usize = 70;

/// One text or several that belong together.
#[derive(Debug)]
pub(crate) struct Content {
    carrier: &'static str,
    reader: Reader,
    is_text: Option<bool>,
    read: u64,
    found: Vec<(Category, Count)>,
    parts: Option<Box<Parts>>,
}

impl Content {
    /// Text as it comes.
    pub(crate) fn plain(carrier: &'static str) -> Self {
        Self { carrier, reader: Reader::default(), is_text: None, read: 0, found: Vec::new(), parts: None }
    }

    /// A mail message, with its head.
    pub(crate) fn mail(carrier: &'static str) -> Self {
        Self { parts: Some(Box::new(Parts { is_in_head: true, ..Parts::default() })), ..Self::plain(carrier) }
    }

    /// What a request's body is, by its content type; absent where it is nothing that we read.
    pub(crate) fn of_type(carrier: &'static str, content_type: &str) -> Option<Self> {
        let kind = content_type.to_ascii_lowercase();
        if kind.starts_with("multipart/") {
            let mut parts = Parts::default();
            parts.boundary(content_type.as_bytes());
            return Some(Self { parts: Some(Box::new(parts)), ..Self::plain(carrier) });
        }
        let is_other =
            ["image/", "video/", "audio/", "font/", "application/zip", "application/grpc", "application/x-protobuf"]
                .iter()
                .any(|other| kind.starts_with(other));
        (!is_other).then(|| Self::plain(carrier))
    }

    /// Takes the next bytes.
    pub(crate) fn data(&mut self, mut bytes: &[u8]) {
        let Some(mut parts) = self.parts.take() else {
            self.text(bytes);
            return;
        };
        if self.read < MAX_READ {
            let mut lines = std::mem::take(&mut parts.lines);
            while let Some(line) = lines.next(&mut bytes) {
                self.part_line(&mut parts, line.bytes());
            }
            parts.lines = lines;
        }
        self.parts = Some(parts);
    }

    /// Takes a line, without its end, of a message.
    pub(crate) fn line(&mut self, line: &[u8]) {
        if let Some(mut parts) = self.parts.take() {
            self.part_line(&mut parts, line);
            self.parts = Some(parts);
        }
    }

    /// It has ended: tells what was found, if anything was.
    pub(crate) fn finish(mut self, is_from_client: bool, at: Timestamp, findings: &mut Findings) {
        if let Some(mut parts) = self.parts.take() {
            let rest = parts.lines.rest();
            self.part_line(&mut parts, &rest);
        }
        self.part_ended();
        if !self.found.is_empty() {
            let data = PersonalData { carrier: self.carrier, is_from_client, found: Found(self.found) };
            findings.event(at, Kind::PersonalData(data));
        }
    }

    /// Bytes held in memory.
    pub(crate) fn buffered(&self) -> usize {
        self.reader.buffered() + self.parts.as_ref().map_or(0, |parts| parts.lines.buffered())
    }

    fn text(&mut self, bytes: &[u8]) {
        self.read = self.read.saturating_add(bytes.len() as u64);
        let is_text = *self.is_text.get_or_insert_with(|| is_text(bytes));
        if is_text && self.read <= MAX_READ {
            self.reader.text(bytes);
        }
    }

    fn part_line(&mut self, parts: &mut Parts, line: &[u8]) {
        if parts.is_boundary(line) {
            self.part_ended();
            parts.is_in_head = true;
            parts.encoding = Encoding::Plain;
        } else if parts.is_in_head {
            parts.head(line);
        } else {
            match parts.encoding {
                Encoding::Plain => {
                    self.text(line);
                    self.text(b"\n");
                }
                Encoding::Base64 => self.text(&base64::decode(line, line.len())),
                Encoding::Quoted => {
                    let soft = line.strip_suffix(b"=");
                    self.text(&unquoted(soft.unwrap_or(line)));
                    if soft.is_none() {
                        self.text(b"\n");
                    }
                }
            }
        }
    }

    /// A part has ended; the next one is another text.
    fn part_ended(&mut self) {
        self.is_text = None;
        for (category, count) in std::mem::take(&mut self.reader).finish().0 {
            match self.found.iter_mut().find(|(known, _)| *known == category) {
                Some((_, known)) => {
                    known.occurrences += count.occurrences;
                    known.distinct += count.distinct;
                }
                None => self.found.push((category, count)),
            }
        }
    }
}

/// Where in a message of parts (RFC 2046) the next line stands.
#[derive(Debug, Default)]
struct Parts {
    lines: Lines,
    boundaries: Vec<Vec<u8>>,
    is_in_head: bool,
    encoding: Encoding,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Encoding {
    #[default]
    Plain,
    Base64,
    Quoted,
}

impl Parts {
    fn is_boundary(&self, line: &[u8]) -> bool {
        let Some(rest) = line.strip_prefix(b"--") else { return false };
        self.boundaries.iter().any(|boundary| rest.starts_with(boundary))
    }

    fn head(&mut self, line: &[u8]) {
        if line.is_empty() {
            self.is_in_head = false;
            return;
        }
        self.boundary(line);
        let lower = line.get(..80).unwrap_or(line).to_ascii_lowercase();
        if let Some(encoding) = lower.strip_prefix(b"content-transfer-encoding:") {
            self.encoding = match encoding.trim_ascii() {
                b"base64" => Encoding::Base64,
                b"quoted-printable" => Encoding::Quoted,
                _ => Encoding::Plain,
            };
        }
    }

    /// Learns a boundary from the line that names it.
    fn boundary(&mut self, line: &[u8]) {
        const NAME: &[u8] = b"boundary=";
        let Some(at) = line.windows(NAME.len()).position(|window| window.eq_ignore_ascii_case(NAME)) else { return };
        let value = line.get(at + NAME.len()..).unwrap_or_default();
        let value = match value.strip_prefix(b"\"") {
            Some(quoted) => quoted.split(|byte| *byte == b'"').next(),
            None => value.split(|byte| matches!(byte, b';' | b' ')).next(),
        };
        let value = value.unwrap_or_default();
        if !value.is_empty() && value.len() <= MAX_BOUNDARY && self.boundaries.len() < MAX_BOUNDARIES {
            self.boundaries.push(value.to_vec());
        }
    }
}

/// Whether these bytes begin a text: nothing in them that no text has.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..BEGINNING).unwrap_or(bytes);
    !beginning.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace())
        && beginning.iter().filter(|byte| !byte.is_ascii()).count() * 4 <= beginning.len()
}

/// Quoted-printable (RFC 2045 §6.7) undone.
fn unquoted(mut line: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut text = Vec::with_capacity(line.len());
    loop {
        match line {
            [] => return text,
            [b'=', high, low, rest @ ..] if digit(high).is_some() && digit(low).is_some() => {
                text.push(digit(high).unwrap_or(0) << 4 | digit(low).unwrap_or(0));
                line = rest;
            }
            [byte, rest @ ..] => {
                text.push(*byte);
                line = rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(mut content: Content, text: &str, piece: usize) -> Vec<(Category, u64)> {
        for part in text.as_bytes().chunks(piece) {
            content.data(part);
        }
        let mut findings = Findings::default();
        content.finish(true, Timestamp::UNIX_EPOCH, &mut findings);
        let Some((_, Kind::PersonalData(data))) = findings.events.pop() else { return Vec::new() };
        data.found.0.into_iter().map(|(category, count)| (category, count.distinct)).collect()
    }

    #[test]
    fn mail_is_read_part_by_part() {
        let mail = "To: a@b.nl\r\nContent-Type: multipart/mixed;\r\n boundary=\"zz\"\r\n\r\n--zz\r\n\r\nRek. NL20INGB0001234567\r\n--zz\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nbnI7YnNuCjE7OTk5OTkwMDE5Cg==\r\n--zz\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            bsn=3D99999=\r\n0019\r\n--zz--\r\nbsn 999990019\r\n";
        for piece in [1, 10, 5000] {
            assert_eq!(found(Content::mail("smtp"), mail, piece), [(Category::Iban, 1), (Category::Bsn, 2)]);
        }
    }

    #[test]
    fn what_is_no_text_is_left_alone() {
        let form = |kind: &str, body: &str| found(Content::of_type("http", kind).unwrap(), body, 100);
        assert_eq!(form("text/plain", "bsn=999990019"), [(Category::Bsn, 1)]);
        assert_eq!(
            form("multipart/form-data; boundary=x", "--x\r\nA: b\r\n\r\nbsn\n999990019\n--x--\r\n"),
            [(Category::Bsn, 1)]
        );
        assert_eq!(form("", "PK\x03\x04 bsn=999990019"), []);
        assert!(Content::of_type("http", "image/png").is_none());
    }
}
