//! The server's certificate, which TLS up to 1.2 sends in the clear (RFC 5246 §7.4.2, RFC 5280 §4.1). It is read, not
//! checked: whether a browser would trust it is nothing that we can know.

use std::net::IpAddr;

use jiff::Timestamp;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};

use super::der::{BMP_STRING, GENERALIZED_TIME, Item, Items, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE, SET, UTC_TIME};
use crate::Malformed;
use crate::bytes::{be16_list, take};
use crate::event::TlsCertificate;
use crate::text;

pub(crate) const CERTIFICATE: u8 = 11;

/// Bounds on what is kept; of names, more may stand in it.
const MAX_TEXT: usize = 128;
pub const MAX_NAMES: usize = 16;
const MAX_NAME: usize = 255;
/// Certificates of one chain that are counted.
const MAX_CHAIN: usize = 16;

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANISATION: &[u8] = &[0x55, 4, 10];
const SUBJECT_ALTERNATIVE_NAME: &[u8] = &[0x55, 29, 17];
const EXTENSIONS: u8 = 0xa3;
const EXPLICIT_VERSION: u8 = 0xa0;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

const FAULT: Malformed = Malformed("tls certificate");

/// Reads a Certificate message of TLS up to 1.2: the handshake message with its type and length. Absent: it holds none.
///
/// # Errors
/// When it is no such message, or the first certificate in it is not built as one.
pub fn parse_certificates(message: &[u8]) -> Result<Option<TlsCertificate>, Malformed> {
    let [CERTIFICATE, _, _, _, rest @ ..] = message else { return Err(FAULT) };
    let (mut list, _) = take_u24_block(rest).ok_or(FAULT)?;
    let Some((first, others)) = take_u24_block(list) else {
        return if list.is_empty() { Ok(None) } else { Err(FAULT) };
    };
    list = others;
    let mut chain = 1;
    while let Some((_, others)) = take_u24_block(list).filter(|_| chain < MAX_CHAIN) {
        chain += 1;
        list = others;
    }
    read(first, chain).ok_or(FAULT).map(Some)
}

fn read(bytes: &[u8], chain: usize) -> Option<TlsCertificate> {
    let certificate = Items(bytes).expect(SEQUENCE)?;
    let mut fields = Items(Items(certificate).expect(SEQUENCE)?);
    // The version may be left out; after it, or instead of it, comes the serial number.
    if fields.next()?.tag == EXPLICIT_VERSION {
        fields.next()?;
    }
    fields.expect(SEQUENCE)?;
    let issuer = fields.next().filter(|item| item.tag == SEQUENCE)?;
    let mut validity = Items(fields.expect(SEQUENCE)?);
    let (not_before, not_after) = (validity.next().and_then(moment), validity.next().and_then(moment));
    let subject = fields.next().filter(|item| item.tag == SEQUENCE)?;
    let names = fields.find(|item| item.tag == EXTENSIONS).map(alternative_names).unwrap_or_default();
    Some(TlsCertificate {
        subject: attribute(subject, COMMON_NAME),
        subject_organisation: attribute(subject, ORGANISATION),
        issuer: attribute(issuer, COMMON_NAME),
        issuer_organisation: attribute(issuer, ORGANISATION),
        names,
        not_before,
        not_after,
        is_self_signed: subject.content == issuer.content,
        chain,
        sha1: text::hex(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref()),
        sha256: text::hex(digest(&SHA256, bytes).as_ref()),
    })
}

/// One attribute of a distinguished name, the first where there are more.
fn attribute(name: Item<'_>, kind: &[u8]) -> Option<String> {
    Items(name.content).filter(|set| set.tag == SET).flat_map(|set| Items(set.content)).find_map(|pair| {
        let mut parts = Items(pair.content);
        let is_it = parts.expect(OBJECT_IDENTIFIER)? == kind;
        parts.next().filter(|_| is_it).map(words)
    })
}

fn words(value: Item<'_>) -> String {
    if value.tag == BMP_STRING {
        let string: String = char::decode_utf16(be16_list(value.content))
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        return text::line(string.as_bytes(), MAX_TEXT);
    }
    text::line(value.content, MAX_TEXT)
}

/// The host names and addresses that it is for.
fn alternative_names(extensions: Item<'_>) -> Vec<String> {
    let list = Items(extensions.content).expect(SEQUENCE).unwrap_or_default();
    let names = Items(list).find_map(|extension| {
        let mut parts = Items(extension.content);
        let is_it = parts.expect(OBJECT_IDENTIFIER)? == SUBJECT_ALTERNATIVE_NAME;
        let value = parts.find(|part| part.tag == OCTET_STRING).filter(|_| is_it)?;
        Items(value.content).expect(SEQUENCE)
    });
    Items(names.unwrap_or_default()).filter_map(alternative_name).take(MAX_NAMES).collect()
}

fn alternative_name(name: Item<'_>) -> Option<String> {
    match name.tag {
        DNS_NAME => Some(text::name(name.content, MAX_NAME)),
        IP_ADDRESS => {
            let v4 = <[u8; 4]>::try_from(name.content).map(IpAddr::from);
            let v6 = || <[u8; 16]>::try_from(name.content).map(IpAddr::from);
            v4.or_else(|_| v6()).ok().map(|ip| ip.to_string())
        }
        _ => None,
    }
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` (RFC 5280 §4.1.2.5).
fn moment(item: Item<'_>) -> Option<Timestamp> {
    let digits = std::str::from_utf8(item.content).ok()?.strip_suffix('Z')?;
    let (year, rest) = match item.tag {
        UTC_TIME => {
            let year: i16 = digits.get(..2)?.parse().ok()?;
            (if year < 50 { 2000 + year } else { 1900 + year }, digits.get(2..)?)
        }
        GENERALIZED_TIME => (digits.get(..4)?.parse().ok()?, digits.get(4..)?),
        _ => return None,
    };
    let two = |at: usize| rest.get(at..at + 2)?.parse::<i8>().ok();
    // Seconds may be left out by old software.
    let second = if rest.len() > 8 { two(8)? } else { 0 };
    // A day that the calendar does not have is an error, not a panic.
    let day = jiff::civil::Date::new(year, two(0)?, two(2)?).ok()?;
    let time = jiff::civil::Time::new(two(4)?, two(6)?, second, 0).ok()?;
    let at = day.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(at.timestamp())
}

fn take_u24_block(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let [high, middle, low, rest @ ..] = bytes else { return None };
    take(rest, u32::from_be_bytes([0, *high, *middle, *low]) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let header =
            if length < 128 { vec![tag, length as u8] } else { vec![tag, 0x82, (length >> 8) as u8, length as u8] };
        [header, content.to_vec()].concat()
    }

    fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
        item(SEQUENCE, &parts.concat())
    }

    fn name(attributes: &[(&[u8], u8, &[u8])]) -> Vec<u8> {
        let pair = |(kind, tag, value): &(&[u8], u8, &[u8])| {
            item(SET, &sequence(&[item(OBJECT_IDENTIFIER, kind), item(*tag, value)]))
        };
        sequence(&attributes.iter().map(pair).collect::<Vec<_>>())
    }

    fn certificate(issuer: Vec<u8>, validity: [(u8, &str); 2], subject: Vec<u8>, names: &[(u8, &[u8])]) -> Vec<u8> {
        let names = sequence(&names.iter().map(|(tag, name)| item(*tag, name)).collect::<Vec<_>>());
        let basic = sequence(&[item(OBJECT_IDENTIFIER, &[0x55, 29, 19]), item(OCTET_STRING, &[0x30, 0])]);
        let critical = item(1, &[0xff]);
        let san = sequence(&[item(OBJECT_IDENTIFIER, SUBJECT_ALTERNATIVE_NAME), critical, item(OCTET_STRING, &names)]);
        let algorithm = sequence(&[item(OBJECT_IDENTIFIER, &[0x2a, 3])]);
        let body = sequence(&[
            item(EXPLICIT_VERSION, &item(2, &[2])),
            item(2, &[1]),
            algorithm.clone(),
            issuer,
            sequence(&validity.map(|(tag, text)| item(tag, text.as_bytes()))),
            subject,
            sequence(&[algorithm.clone(), item(3, &[0, 1, 2])]),
            item(EXTENSIONS, &sequence(&[basic, san])),
        ]);
        sequence(&[body, algorithm, item(3, &[0, 9])])
    }

    fn message(certificates: &[Vec<u8>]) -> Vec<u8> {
        let block = |bytes: &[u8]| [&(bytes.len() as u32).to_be_bytes()[1..], bytes].concat();
        let list = block(&certificates.iter().map(|one| block(one)).collect::<Vec<_>>().concat());
        [&[CERTIFICATE][..], &block(&list)].concat()
    }

    const YEAR: [(u8, &str); 2] = [(UTC_TIME, "250101000000Z"), (GENERALIZED_TIME, "20600101000000Z")];

    #[test]
    fn names_times_and_fingerprints_are_read() {
        let issuer = name(&[(ORGANISATION, 0x13, b"Trust Co"), (COMMON_NAME, 0x0c, b"Trust R3")]);
        let subject = name(&[(&[0x55, 4, 6], 0x13, b"NL"), (COMMON_NAME, BMP_STRING, b"\0a\0.\0n\0l")]);
        let one =
            certificate(issuer, YEAR, subject, &[(DNS_NAME, b"*.A.nl"), (0x86, b"uri"), (IP_ADDRESS, &[192, 0, 2, 7])]);
        let read = parse_certificates(&message(&[one.clone(), one.clone()])).unwrap().unwrap();
        assert_eq!(read.subject.as_deref(), Some("a.nl"));
        assert_eq!((read.issuer.as_deref(), read.issuer_organisation.as_deref()), (Some("Trust R3"), Some("Trust Co")));
        assert_eq!(read.names, ["*.a.nl", "192.0.2.7"]);
        assert_eq!(read.not_before, Some("2025-01-01T00:00:00Z".parse().unwrap()));
        assert_eq!(read.not_after, Some("2060-01-01T00:00:00Z".parse().unwrap()));
        assert_eq!((read.is_self_signed, read.chain, read.sha1.len(), read.sha256.len()), (false, 2, 40, 64));
    }

    #[test]
    fn who_signs_for_itself_is_known_by_its_names() {
        let own = name(&[(COMMON_NAME, 0x0c, b"localhost")]);
        let one = certificate(own.clone(), [(UTC_TIME, "700230000000Z"), (2, "1")], own, &[]);
        let read = parse_certificates(&message(&[one])).unwrap().unwrap();
        assert_eq!((read.is_self_signed, read.not_before, read.not_after), (true, None, None), "no such day");
    }

    #[test]
    fn cut_anywhere_it_is_an_error_and_none_is_none() {
        let own = name(&[(COMMON_NAME, 0x0c, b"a")]);
        let whole = message(&[certificate(own.clone(), YEAR, own, &[])]);
        for cut in 0..whole.len() {
            assert!(parse_certificates(&whole[..cut]).is_err());
        }
        assert_eq!(parse_certificates(&message(&[])), Ok(None));
    }
}
