//! What people send, looked through for personal data on its way by: forms and queries, mail with its attachments and what
//! it forwards, text of any other kind. Only counts remain ([`personal`]).
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
    /// Percent-encoded: what has begun of an escape.
    escape: Option<Vec<u8>>,
    is_mail: bool,
}

impl Content {
    /// Text as it comes.
    pub(crate) fn plain(carrier: &'static str) -> Self {
        Self {
            carrier,
            reader: Reader::default(),
            is_text: None,
            read: 0,
            found: Vec::new(),
            parts: None,
            escape: None,
            is_mail: false,
        }
    }

    /// `name=value&name=value`, as forms and queries have it.
    pub(crate) fn form(carrier: &'static str) -> Self {
        Self { escape: Some(Vec::new()), ..Self::plain(carrier) }
    }

    /// A mail message, with its head.
    pub(crate) fn mail(carrier: &'static str) -> Self {
        let parts = Parts { is_in_head: true, ..Parts::default() };
        Self { parts: Some(Box::new(parts)), is_mail: true, ..Self::plain(carrier) }
    }

    /// What a request's body is, by its content type; absent where it is nothing that we read.
    pub(crate) fn of_type(carrier: &'static str, content_type: &str) -> Option<Self> {
        let kind = content_type.to_ascii_lowercase();
        if kind.starts_with("multipart/") {
            let mut parts = Parts::default();
            parts.boundary(content_type.as_bytes());
            return Some(Self { parts: Some(Box::new(parts)), ..Self::plain(carrier) });
        }
        if kind.starts_with("application/x-www-form-urlencoded") {
            return Some(Self::form(carrier));
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
            if self.escape.is_some() {
                self.escaped(bytes);
            } else {
                self.text(bytes);
            }
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

    /// Some bytes of a message were not captured: the line that they stood in is lost.
    pub(crate) fn gap(&mut self) {
        if let Some(parts) = &mut self.parts {
            parts.lines.gap();
        }
    }

    /// It has ended: tells what was found, if anything was.
    pub(crate) fn finish(mut self, is_from_client: bool, at: Timestamp, findings: &mut Findings) {
        if let Some(mut parts) = self.parts.take() {
            let rest = parts.lines.rest();
            self.part_line(&mut parts, &rest);
        }
        if let Some(rest) = self.escape.take() {
            self.text(&rest);
        }
        self.part_ended();
        // Addresses are what mail is made of.
        self.found.retain(|(category, _)| !self.is_mail || *category != Category::Email);
        if !self.found.is_empty() {
            let data = PersonalData { carrier: self.carrier, is_from_client, name: None, found: Found(self.found) };
            findings.event(at, Kind::PersonalData(data));
        }
    }

    /// Bytes held in memory.
    pub(crate) fn buffered(&self) -> usize {
        let escape = self.escape.as_ref().map_or(0, Vec::len);
        self.reader.buffered() + self.parts.as_ref().map_or(0, |parts| parts.lines.buffered()) + escape
    }

    /// The next bytes of a form; an escape may be cut in two.
    fn escaped(&mut self, bytes: &[u8]) {
        if self.read > MAX_READ {
            return;
        }
        // As it comes: what names in other alphabets decode to has more than text's share of other bytes.
        self.is_text = self.is_text.or_else(|| Some(is_text(bytes)));
        let Some(begun) = &mut self.escape else { return };
        begun.extend_from_slice(bytes);
        let is_begun = |left: &usize| begun.iter().nth_back(left - 1) == Some(&b'%');
        let left = [1, 2].into_iter().find(is_begun).unwrap_or(0);
        let rest = begun.split_off(begun.len().saturating_sub(left));
        let whole = std::mem::replace(begun, rest);
        self.text(&decoded(&whole, b'%'));
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
            parts.begin_head();
            return;
        }
        if parts.is_in_head && parts.head(line) {
            return;
        }
        match parts.encoding {
            Encoding::Plain => {
                self.text(line);
                self.text(b"\n");
            }
            Encoding::Base64 => self.text(&base64::decode(line, line.len())),
            Encoding::Quoted => {
                let soft = line.strip_suffix(b"=");
                self.text(&decoded(soft.unwrap_or(line), b'='));
                if soft.is_none() {
                    self.text(b"\n");
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
    /// The part is a message by itself: its own head follows the part's.
    is_message: bool,
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

    fn begin_head(&mut self) {
        (self.is_in_head, self.is_message, self.encoding) = (true, false, Encoding::Plain);
    }

    /// Takes a line of a head. False: it is none, and there is no head or it ended without an empty line.
    fn head(&mut self, line: &[u8]) -> bool {
        if line.is_empty() {
            if self.is_message {
                self.begin_head();
            } else {
                self.is_in_head = false;
            }
            return true;
        }
        if self.boundaries.is_empty() && !is_field(line) {
            self.is_in_head = false;
            return false;
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
        if let Some(kind) = lower.strip_prefix(b"content-type:") {
            self.is_message = kind.trim_ascii().starts_with(b"message/rfc822");
        }
        true
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

/// Whether a line may stand in a message's head: a field, one that goes on, or a mailbox's line between messages.
fn is_field(line: &[u8]) -> bool {
    let name = line.iter().take_while(|byte| byte.is_ascii_graphic() && **byte != b':').count();
    let goes_on = matches!(line.first(), Some(b' ' | b'\t'));
    let after = line.get(name..).unwrap_or_default().trim_ascii_start();
    goes_on || line.starts_with(b"From ") || name > 0 && after.starts_with(b":")
}

/// Whether these bytes begin a text: nothing in them that no text has, but for what begins and ends each message of care where
/// those go over a bare connection (HL7's MLLP).
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let beginning = bytes.get(..BEGINNING).unwrap_or(bytes);
    let may_be = |byte: u8| byte.is_ascii_whitespace() || bytes.starts_with(b"\x0bMSH") && matches!(byte, 0x0b | 0x1c);
    !beginning.iter().any(|byte| byte.is_ascii_control() && !may_be(*byte))
        && beginning.iter().filter(|byte| !byte.is_ascii()).count() * 4 <= beginning.len()
}

/// Quoted-printable (RFC 2045 §6.7) undone, whose mark is `=`, or a form's encoding, whose mark is `%` and in which `+` is a
/// space.
fn decoded(mut line: &[u8], mark: u8) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut text = Vec::with_capacity(line.len());
    loop {
        match line {
            [] => return text,
            [first, high, low, rest @ ..] if *first == mark && digit(high).is_some() && digit(low).is_some() => {
                text.push(digit(high).unwrap_or(0) << 4 | digit(low).unwrap_or(0));
                line = rest;
            }
            [byte, rest @ ..] => {
                text.push(if mark == b'%' && *byte == b'+' { b' ' } else { *byte });
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
    fn a_forwarded_mail_has_a_head_of_its_own() {
        let attachment = "Content-Type: multipart/mixed; boundary=\"in\"\r\n\r\n--in\r\nContent-Type: text/csv\r\n\
            Content-Transfer-Encoding: base64\r\n\r\nbnI7YnNuCjE7OTk5OTkwMDE5Cg==\r\n--in--\r\n";
        let inner = format!("Content-Type: message/rfc822\r\n\r\nFrom: z@z.nl\r\nTo: jan@a.nl\r\n{attachment}");
        for mail in [
            inner.clone(),
            format!("Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n{inner}\r\n--out--\r\n"),
        ] {
            for piece in [1, 10, 5000] {
                assert_eq!(found(Content::mail("smtp"), &mail, piece), [(Category::Bsn, 1)], "{mail}");
            }
        }
        // Without a head it is a text; the addresses in mail count in neither.
        let text = "naam;bsn;mail\r\njan;999990019;jan@a.nl\r\n";
        assert_eq!(found(Content::mail("imap"), text, 7), [(Category::Bsn, 1)]);
    }

    #[test]
    fn forms_are_decoded_however_they_are_cut() {
        let form = || Content::of_type("http", "application/x-www-form-urlencoded; charset=UTF-8").unwrap();
        let table = [
            ("rekening=NL20%20INGB%200001%202345%2067", [(Category::Iban, 1)]),
            ("rekening=NL20+INGB+0001+2345+67", [(Category::Iban, 1)]),
            ("tekst=Mijn+bsn+is+999990019%2C+groet", [(Category::Bsn, 1)]),
            ("naam=%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F%E5%BC%A0%E4%BC%9F&bsn=9999%2E90%2E019", [(Category::Bsn, 1)]),
            ("mail=jan%40a.nl&korting=10%", [(Category::Email, 1)]),
        ];
        for (text, expected) in table {
            for piece in 1..text.len() {
                assert_eq!(found(form(), text, piece), expected, "{text} in pieces of {piece}");
            }
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
        let message = "\x0bMSH|^~\\&|HIS\rPID|1||999990019^^^NLMINBIZA^NNNLD||Jansen^Jan\r\x1c\r";
        assert_eq!(found(Content::plain("text"), message, 100), [(Category::Bsn, 1)]);
        assert!(!is_text(b"\x0b\x01\x02\x03"));
    }
}
