//! HPACK (RFC 7541): header blocks to fields.
//!
//! Promises: of the table that both sides keep, an entry is either what was said or unknown, never a guess, also where the
//! capture begins after the connection did; the table is bounded; a block costs no more than its length. Written here
//! because the crates for it give up a block at the first index that they do not know, which loses the table, keep
//! values whole (a cookie, a password), and build the Huffman code anew for every text.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::field::{Field, Name};
use super::huffman;
use crate::Malformed;

/// The table's size until the encoder says another one (RFC 9113 §6.5.2), and the most that is kept of it.
const USUAL_SIZE: usize = 4_096;
const MAX_SIZE: usize = 16_384;

/// What an entry counts for beside its texts (RFC 7541 §4.1).
const OVERHEAD: usize = 32;

/// RFC 7541 appendix A.
#[rustfmt::skip]
const STATIC: [(&[u8], &[u8]); 61] = [
    (b":authority", b""), (b":method", b"GET"), (b":method", b"POST"), (b":path", b"/"), (b":path", b"/index.html"),
    (b":scheme", b"http"), (b":scheme", b"https"), (b":status", b"200"), (b":status", b"204"), (b":status", b"206"),
    (b":status", b"304"), (b":status", b"400"), (b":status", b"404"), (b":status", b"500"), (b"accept-charset", b""),
    (b"accept-encoding", b"gzip, deflate"), (b"accept-language", b""), (b"accept-ranges", b""), (b"accept", b""),
    (b"access-control-allow-origin", b""), (b"age", b""), (b"allow", b""), (b"authorization", b""),
    (b"cache-control", b""), (b"content-disposition", b""), (b"content-encoding", b""), (b"content-language", b""),
    (b"content-length", b""), (b"content-location", b""), (b"content-range", b""), (b"content-type", b""),
    (b"cookie", b""), (b"date", b""), (b"etag", b""), (b"expect", b""), (b"expires", b""), (b"from", b""),
    (b"host", b""), (b"if-match", b""), (b"if-modified-since", b""), (b"if-none-match", b""), (b"if-range", b""),
    (b"if-unmodified-since", b""), (b"last-modified", b""), (b"link", b""), (b"location", b""),
    (b"max-forwards", b""), (b"proxy-authenticate", b""), (b"proxy-authorization", b""), (b"range", b""),
    (b"referer", b""), (b"refresh", b""), (b"retry-after", b""), (b"server", b""), (b"set-cookie", b""),
    (b"strict-transport-security", b""), (b"transfer-encoding", b""), (b"user-agent", b""), (b"vary", b""),
    (b"via", b""), (b"www-authenticate", b""),
];

/// Who gets the fields of a block one after the other, each lent: a byte may name a long one. Nothing for an unknown one.
type Sink<'a> = &'a mut dyn FnMut(Option<Cow<'_, Field>>);

/// What the two ends of one direction share. Newest first.
///
/// Whatever is assumed too small (the size of an unknown entry) keeps entries longer than the encoder does, which it then
/// never names; whatever is assumed too large makes them unknown sooner. Neither moves one to another's place.
#[derive(Debug)]
pub(super) struct Decoder {
    entries: VecDeque<Entry>,
    size: usize,
    max: usize,
    held: usize,
}

#[derive(Debug)]
struct Entry {
    /// Absent: its name is unknown.
    field: Option<Field>,
    name_length: usize,
    size: usize,
}

impl Default for Decoder {
    fn default() -> Self {
        Self { entries: VecDeque::new(), size: 0, max: USUAL_SIZE, held: 0 }
    }
}

impl Decoder {
    /// Reads a block.
    ///
    /// # Errors
    /// Where the block is none. What the table held is unknown from then on.
    pub(super) fn block(&mut self, mut bytes: &[u8], sink: Sink<'_>) -> Result<(), Malformed> {
        while !bytes.is_empty() {
            if self.representation(&mut bytes, sink).is_none() {
                self.forget();
                return Err(Malformed("http/2 header block"));
            }
        }
        Ok(())
    }

    /// A block was lost: what was known from before may stand elsewhere now.
    pub(super) fn forget(&mut self) {
        *self = Self { max: self.max, ..Self::default() };
    }

    /// Bytes held in memory.
    pub(super) fn held(&self) -> usize {
        self.entries.len() * size_of::<Entry>() + self.held
    }

    /// One field, or a change of the table's size (RFC 7541 §6). Absent: it is not as it must be.
    fn representation(&mut self, bytes: &mut &[u8], sink: Sink<'_>) -> Option<()> {
        let first = *bytes.first()?;
        if first & 0x80 != 0 {
            let index = integer(bytes, 7)?.checked_sub(1)?;
            sink(self.field(index));
        } else if first & 0xe0 == 0x20 {
            self.max = integer(bytes, 5)?.min(MAX_SIZE);
            self.evict();
        } else {
            let is_kept = first & 0x40 != 0;
            let index = integer(bytes, if is_kept { 6 } else { 4 })?;
            let (name, name_length) = match index.checked_sub(1) {
                Some(index) => self.name(index),
                None => {
                    let name = string(bytes)?;
                    (Some(Name::of(&name)), name.len())
                }
            };
            let value = string(bytes)?;
            let field = name.map(|name| Field::of(name, &value));
            if is_kept {
                let size = name_length + value.len() + OVERHEAD;
                self.keep(Entry { field: field.clone(), name_length, size });
            }
            sink(field.map(Cow::Owned));
        }
        Some(())
    }

    /// The field at that place, counted from 0.
    fn field(&self, index: usize) -> Option<Cow<'_, Field>> {
        match STATIC.get(index) {
            Some((name, value)) => Some(Cow::Owned(Field::of(Name::of(name), value))),
            None => self.entries.get(index - STATIC.len())?.field.as_ref().map(Cow::Borrowed),
        }
    }

    /// The name at that place, and its length.
    fn name(&self, index: usize) -> (Option<Name>, usize) {
        match STATIC.get(index) {
            Some((name, _)) => (Some(Name::of(name)), name.len()),
            None => self
                .entries
                .get(index - STATIC.len())
                .map_or((None, 0), |entry| (entry.field.as_ref().map(Field::name), entry.name_length)),
        }
    }

    fn keep(&mut self, entry: Entry) {
        self.size += entry.size;
        self.held += entry.field.as_ref().map_or(0, Field::held);
        self.entries.push_front(entry);
        // One that is larger than the table empties it, and does not stay itself (RFC 7541 §4.4).
        self.evict();
    }

    fn evict(&mut self) {
        while self.size > self.max
            && let Some(entry) = self.entries.pop_back()
        {
            self.size -= entry.size;
            self.held -= entry.field.as_ref().map_or(0, Field::held);
        }
    }
}

/// A number that begins in the last bits of a byte (RFC 7541 §5.1).
fn integer(bytes: &mut &[u8], bits: u32) -> Option<usize> {
    let (first, mut rest) = bytes.split_first()?;
    let most = (1usize << bits) - 1;
    let mut value = usize::from(*first) & most;
    if value == most {
        // Four bytes more say whatever fits in a frame.
        for shift in [0, 7, 14, 21] {
            let (byte, after) = rest.split_first()?;
            rest = after;
            value += usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                *bytes = rest;
                return Some(value);
            }
        }
        return None;
    }
    *bytes = rest;
    Some(value)
}

/// A text, as it is or in Huffman's code (RFC 7541 §5.2).
fn string<'a>(bytes: &mut &'a [u8]) -> Option<Cow<'a, [u8]>> {
    let is_coded = bytes.first()? & 0x80 != 0;
    let length = integer(bytes, 7)?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    if is_coded { huffman::decode(text).map(Cow::Owned) } else { Some(Cow::Borrowed(text)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields of a block in short; `?` for one that is unknown.
    fn read(decoder: &mut Decoder, block: &[u8]) -> Result<String, Malformed> {
        let mut told = Vec::new();
        decoder.block(block, &mut |field| {
            told.push(match field.map(Cow::into_owned) {
                Some(Field::Text(_, text)) => text,
                Some(Field::Path(path, ..)) => path,
                Some(Field::Status(status)) => status.to_string(),
                Some(Field::Present(name)) => format!("{name:?}"),
                Some(Field::Codings(codings)) => format!("packed: {}", codings.is_any()),
                Some(other) => format!("{other:?}"),
                None => "?".to_owned(),
            });
        })?;
        Ok(told.join(" "))
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u8> = hex.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        digits.chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
    }

    /// RFC 7541 appendix C.4: three requests, each built on those before.
    const REQUESTS: [&str; 3] = [
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
        "8286 84be 5886 a8eb 1064 9cbf",
        "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
    ];

    #[test]
    fn the_standards_requests_are_read() {
        let mut decoder = Decoder::default();
        let told = REQUESTS.map(|block| read(&mut decoder, &bytes(block)).unwrap());
        assert_eq!(
            told,
            [
                "GET Scheme / www.example.com",
                "GET Scheme / www.example.com Other",
                "GET Scheme /index.html www.example.com Other"
            ]
        );
        assert_eq!((decoder.size, decoder.entries.len()), (164, 3));
    }

    /// Appendix C.6: a table of 256 bytes, from which entries are pushed out.
    #[test]
    fn the_standards_responses_are_read() {
        let mut decoder = Decoder { max: 256, ..Decoder::default() };
        let first =
            "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad \
            1718 63c7 8f0b 97c8 e9ae 82ae 43d3"
                .replace('\\', "");
        assert_eq!(read(&mut decoder, &bytes(&first)).unwrap(), "302 Other Other Other");
        assert_eq!((decoder.size, decoder.entries.len()), (222, 4));
        assert_eq!(read(&mut decoder, &bytes("4883 640e ffc1 c0bf")).unwrap(), "307 Other Other Other");
        assert_eq!((decoder.size, decoder.entries.len()), (222, 4));
        let third =
            "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 \
            e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07"
                .replace('\\', "");
        assert_eq!(read(&mut decoder, &bytes(&third)).unwrap(), "200 Other Other Other packed: true Other");
        assert_eq!((decoder.size, decoder.entries.len()), (215, 3));
    }

    /// Who comes in late knows only what was said since, at its right place.
    #[test]
    fn what_was_said_before_is_unknown_and_stays_so() {
        let mut decoder = Decoder::default();
        assert_eq!(read(&mut decoder, &bytes(REQUESTS[1])).unwrap(), "GET Scheme / ? Other");
        // The same name again, in the second place since the block before added one: still not known.
        assert_eq!(read(&mut decoder, &bytes(REQUESTS[2])).unwrap(), "GET Scheme /index.html ? Other");
        // A value for a name that is not known takes a place and names nobody.
        assert_eq!(read(&mut decoder, b"\xc1\x7f\x01\x03abc\xbe\xbf").unwrap(), "? ? ? Other");
        decoder.forget();
        assert_eq!(read(&mut decoder, b"\xbe\x41\x04a.nl\xbe").unwrap(), "? a.nl a.nl");
    }

    #[test]
    fn what_is_too_large_empties_the_table() {
        let mut decoder = Decoder::default();
        let long = [b"\x41\x04a.nl\x40\x01x\x7f\xa1\x1f".as_slice(), &[b'v'; 4_128], b"\xbe"].concat();
        assert_eq!(read(&mut decoder, &long).unwrap(), "a.nl Other ?");
        assert_eq!((decoder.size, decoder.held()), (0, 0));
        // A table of no size, then one of more than is kept.
        assert_eq!(
            read(&mut decoder, b"\x41\x04a.nl\x20\xbe\x3f\xe1\xff\x3f\x41\x04b.nl\xbe").unwrap(),
            "a.nl ? b.nl b.nl"
        );
        for _ in 0..2_000 {
            read(&mut decoder, b"\x41\x04c.nl").unwrap();
        }
        assert!(decoder.size <= MAX_SIZE && decoder.held() < 80 * 1024, "{}", decoder.held());
    }

    #[test]
    fn what_is_no_block_is_refused_and_forgets() {
        for block in [
            b"\x80".as_slice(),
            b"\xff\xff\xff\xff\xff\xff\x01",
            b"\x41\x7f\x01abc",
            b"\x41\x81\x00",
            b"\x41",
            b"\x3f\x80",
        ] {
            let mut decoder = Decoder::default();
            read(&mut decoder, b"\x41\x04a.nl").unwrap();
            assert_eq!(read(&mut decoder, block), Err(Malformed("http/2 header block")), "{block:02x?}");
            assert_eq!(read(&mut decoder, b"\xbe").unwrap(), "?");
        }
    }

    /// The table holds neither cookies, nor queries, nor what somebody logs in with.
    #[test]
    fn no_secret_stays_in_the_table() {
        let mut decoder = Decoder::default();
        let said =
            b"\x44\x0f/a?pw=geheim123\x57\x16Basic amFuOmdlaGVpbTEy\x60\x0bs=geheim123\x73\x14http://a/b?geheim123";
        read(&mut decoder, said).unwrap();
        let shown = format!("{decoder:?}");
        assert!(decoder.entries.len() == 4 && !shown.contains("geheim") && !shown.contains("amFu"), "{shown}");
    }
}
