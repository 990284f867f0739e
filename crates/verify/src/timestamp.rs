//! Time stamps of an authority (RFC 3161), as far as they can be checked without its certificates: that it granted one, of
//! these very bytes, and when. That the authority signed it is left to `openssl ts -verify`, as `docs/proof.md` says.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::text::{self, Text};
use crate::tree::sha256;

/// More than any authority answers, its certificates included.
const MOST_BYTES: usize = 64 * 1024;

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const FIRST: u8 = 0xa0;

const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const TIME_STAMP: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01, 0x04];
const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];

/// Bytes in DER (X.690), read from the front; nothing is looked into deeper than it is asked for.
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// The content of the next value, when it has this tag.
    fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&found, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            // At most three bytes of length: no answer is longer than `MOST_BYTES`. 0x80 (no length) is not DER.
            0x81..=0x83 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first - 0x80))?;
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        if found != tag {
            return None;
        }
        self.0 = rest;
        Some(content)
    }

    /// The next value, read from within.
    fn within(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Der)
    }

    fn is(&mut self, tag: u8, content: &[u8]) -> Option<()> {
        (self.take(tag)? == content).then_some(())
    }
}

/// What the authority says.
struct Said<'a> {
    imprint: &'a [u8],
    at: &'a str,
    nonce: Option<&'a [u8]>,
}

/// When an authority stamped these bytes, by its answer (`TimeStampResp`).
///
/// # Errors
/// When it is no such answer, it refuses, or it is about other bytes.
pub fn check_timestamp(answer: &[u8], over: &[u8]) -> Result<String, Text> {
    if answer.len() > MOST_BYTES {
        return Err(text::STAMP_FORM);
    }
    let mut whole = Der(answer);
    let mut response = whole.within(SEQUENCE).ok_or(text::STAMP_FORM)?;
    let status = response.within(SEQUENCE).and_then(|mut status| status.take(INTEGER)).ok_or(text::STAMP_FORM)?;
    // 0: granted; 1: granted with modifications (RFC 3161 §2.4.2).
    if !matches!(status, [0 | 1]) {
        return Err(text::STAMP_REFUSED);
    }
    let said = said(&mut response).filter(|_| whole.0.is_empty()).ok_or(text::STAMP_FORM)?;
    let imprint = sha256(over);
    if said.imprint != imprint {
        return Err(text::STAMP_IMPRINT);
    }
    if said.nonce.is_some_and(|nonce| nonce != nonce_for(&imprint)) {
        return Err(text::STAMP_NONCE);
    }
    moment(said.at).ok_or(text::STAMP_FORM)
}

/// The `TSTInfo` in the `SignedData` (RFC 5652 §5.1) of a response.
fn said<'a>(response: &mut Der<'a>) -> Option<Said<'a>> {
    let mut content = response.within(SEQUENCE)?;
    content.is(OID, SIGNED_DATA)?;
    let mut signed = content.within(FIRST)?.within(SEQUENCE)?;
    signed.take(INTEGER)?;
    signed.take(SET)?;
    let mut encapsulated = signed.within(SEQUENCE)?;
    encapsulated.is(OID, TIME_STAMP)?;
    let mut info = encapsulated.within(FIRST)?.within(OCTETS)?.within(SEQUENCE)?;
    info.is(INTEGER, &[1])?;
    info.take(OID)?;
    let mut message = info.within(SEQUENCE)?;
    message.within(SEQUENCE)?.is(OID, SHA256)?;
    let imprint = message.take(OCTETS)?;
    info.take(INTEGER)?;
    let at = str::from_utf8(info.take(TIME)?).ok()?;
    // Accuracy and ordering may stand between.
    info.take(SEQUENCE);
    info.take(0x01);
    Some(Said { imprint, at, nonce: info.take(INTEGER) })
}

/// The number that goes with the request, as DER writes it: the first eight bytes of the imprint's own hash, without the
/// sign bit and with the next bit set, so that it has one length.
fn nonce_for(imprint: &[u8; 32]) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h, ..] = sha256(imprint);
    [a & 0x3f | 0x40, b, c, d, e, f, g, h]
}

/// `GeneralizedTime` in UTC, to the second, as RFC 3339.
fn moment(text: &str) -> Option<String> {
    let digits = text.strip_suffix('Z')?;
    let (seconds, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if seconds.len() != 14 || !seconds.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let civil = DateTime::strptime("%Y%m%d%H%M%S", seconds).ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_answer_is_refused() {
        // Refused by the authority: PKIStatusInfo { 2 }.
        assert_eq!(check_timestamp(&[0x30, 5, 0x30, 3, 2, 1, 2], b""), Err(text::STAMP_REFUSED));
        for bytes in [&b""[..], &[0x30], &[0x30, 0x80], &[0x30, 0x84, 255, 255, 255, 255], &[0x30, 5, 0x30, 3, 2, 1, 0]]
        {
            assert_eq!(check_timestamp(bytes, b""), Err(text::STAMP_FORM), "{bytes:?}");
        }
        assert_eq!(check_timestamp(&vec![0x30; MOST_BYTES + 1], b""), Err(text::STAMP_FORM));
    }

    #[test]
    fn moments_are_read_in_one_form() {
        assert_eq!(moment("20261128201500Z").as_deref(), Some("2026-11-28T20:15:00Z"));
        assert_eq!(moment("20261128201500.25Z").as_deref(), Some("2026-11-28T20:15:00Z"));
        for text in ["20261128201500", "20261131201500Z", "2026112820150Z", "+0261128201500Z", ""] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
