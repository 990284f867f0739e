//! JA4, the client's fingerprint only, after FoxIO's definition (BSD-3-Clause):
//! <https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md>.

use sha2::{Digest, Sha256};

use super::hello::{APPLICATION_PROTOCOLS, Offer, SERVER_NAME};
use crate::text::{hex, push_hex};

/// What carried the hello; the fingerprint's first character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Tcp,
    Quic,
}

/// `t13d1516h2_8daaf6152771_e5627efa2ab1`: what was offered in short, the ciphers, the extensions.
pub(super) fn fingerprint(offer: &Offer, carrier: Carrier) -> String {
    let has_name = if offer.extensions.contains(&SERVER_NAME) { 'd' } else { 'i' };
    format!(
        "{carrier}{version}{has_name}{ciphers:02}{extensions:02}{alpn}_{b}_{c}",
        carrier = if carrier == Carrier::Quic { 'q' } else { 't' },
        version = version(offer.highest_version()),
        ciphers = offer.ciphers.len().min(99),
        extensions = offer.extensions.len().min(99),
        alpn = first_and_last(offer.alpn.first().map_or(&[], Vec::as_slice)),
        b = cipher_hash(offer),
        c = extension_hash(offer),
    )
}

fn version(number: u16) -> &'static str {
    match number {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        0x0002 => "s2",
        _ => "00",
    }
}

/// The first protocol's first and last character; of its hexadecimal form where one of them is no letter or digit.
fn first_and_last(protocol: &[u8]) -> String {
    let (Some(first), Some(last)) = (protocol.first(), protocol.last()) else { return "00".to_owned() };
    if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
        return [char::from(*first), char::from(*last)].iter().collect();
    }
    format!("{:x}{:x}", first >> 4, last & 0x0f)
}

fn cipher_hash(offer: &Offer) -> String {
    let mut ciphers = offer.ciphers.clone();
    ciphers.sort_unstable();
    short_hash(&listed(&ciphers))
}

fn extension_hash(offer: &Offer) -> String {
    let in_part_a = [SERVER_NAME, APPLICATION_PROTOCOLS];
    let mut extensions = offer.extensions.clone();
    extensions.retain(|number| !in_part_a.contains(number));
    extensions.sort_unstable();
    let mut text = listed(&extensions);
    if !text.is_empty() && !offer.signature_algorithms.is_empty() {
        text.push('_');
        text.push_str(&listed(&offer.signature_algorithms));
    }
    short_hash(&text)
}

fn listed(numbers: &[u16]) -> String {
    let mut text = String::with_capacity(numbers.len() * 5);
    for (index, number) in numbers.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push_hex(&mut text, &number.to_be_bytes());
    }
    text
}

/// The first 12 characters; zeros for an empty list, so that a reader sees that there was none.
fn short_hash(text: &str) -> String {
    if text.is_empty() {
        return "000000000000".to_owned();
    }
    hex(Sha256::digest(text.as_bytes()).get(..6).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition's examples.
    #[test]
    fn published_protocol_examples() {
        let examples: [(&[u8], &str); 9] = [
            (b"h2", "h2"),
            (b"http/1.1", "h1"),
            (b"", "00"),
            (b"h", "hh"),
            (b"\xab", "ab"),
            (b"\xab\xcd", "ad"),
            (b"\x30\xab", "3b"),
            (b"\x30\x31\xab\xcd", "3d"),
            (b"\x30\xab\xcd\x31", "01"),
        ];
        for (protocol, expected) in examples {
            assert_eq!(first_and_last(protocol), expected, "{protocol:?}");
        }
    }

    #[test]
    fn published_extension_examples() {
        let mut offer = Offer {
            extensions: vec![
                0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023, 0x0012, 0x002b, 0xff01,
                0x000b, 0x000a, 0x0015,
            ],
            ..Offer::default()
        };
        assert_eq!(extension_hash(&offer), "6d807ffa2a79");
        offer.signature_algorithms = vec![0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];
        assert_eq!(extension_hash(&offer), "e5627efa2ab1");
    }

    #[test]
    fn counts_stop_at_99() {
        let offer = Offer { ciphers: vec![0x1301; 120], version: 0x7f1c, ..Offer::default() };
        assert!(fingerprint(&offer, Carrier::Tcp).starts_with("t00i990000_"));
    }
}
