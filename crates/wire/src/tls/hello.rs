//! ClientHello and ServerHello: from bytes to what we keep of them.

use tls_parser::{TlsCipherSuite, parse_tls_handshake_client_hello, parse_tls_handshake_server_hello};

use super::ja4::Carrier;
use super::{ja3, ja4};
use crate::Malformed;
use crate::bytes::{be16, be16_list, take, take_u8_block, take_u16_block};
use crate::event::{TlsClient, TlsServer};
use crate::text;

pub(crate) const CLIENT_HELLO: u8 = 1;
pub(crate) const SERVER_HELLO: u8 = 2;

/// Bounds on what is kept; real clients stay far below.
const MAX_NAME: usize = 255;
const MAX_ALPN: usize = 16;
const MAX_EXTENSIONS: usize = 512;

/// Extension numbers (IANA "TLS ExtensionType Values").
pub(super) const SERVER_NAME: u16 = 0x0000;
pub(super) const APPLICATION_PROTOCOLS: u16 = 0x0010;
const SUPPORTED_GROUPS: u16 = 0x000a;
const POINT_FORMATS: u16 = 0x000b;
const SIGNATURE_ALGORITHMS: u16 = 0x000d;
const SUPPORTED_VERSIONS: u16 = 0x002b;

/// A ClientHello as the fingerprints need it: numbers in the order in which they were sent, GREASE left out.
#[derive(Debug, Default)]
pub(super) struct Offer {
    pub(super) version: u16,
    pub(super) ciphers: Vec<u16>,
    pub(super) extensions: Vec<u16>,
    pub(super) groups: Vec<u16>,
    pub(super) point_formats: Vec<u8>,
    pub(super) signature_algorithms: Vec<u16>,
    pub(super) versions: Vec<u16>,
    pub(super) alpn: Vec<Vec<u8>>,
    pub(super) sni: Option<Vec<u8>>,
}

impl Offer {
    /// The highest version offered: in the extension where there is one, else the hello's own.
    pub(super) fn highest_version(&self) -> u16 {
        self.versions.iter().copied().max().unwrap_or(self.version)
    }
}

/// Reads a ClientHello: the handshake message with its type and length, without the record around it.
///
/// # Errors
/// When it is not one, or its fixed part does not hold what its lengths promise.
pub fn parse_client_hello(message: &[u8]) -> Result<TlsClient, Malformed> {
    client_hello(message, Carrier::Tcp)
}

/// As [`parse_client_hello`], for one that came in QUIC.
pub(crate) fn parse_quic_client_hello(message: &[u8]) -> Result<TlsClient, Malformed> {
    client_hello(message, Carrier::Quic)
}

fn client_hello(message: &[u8], carrier: Carrier) -> Result<TlsClient, Malformed> {
    let body = body(message, CLIENT_HELLO).ok_or(Malformed("tls client hello"))?;
    let (_, hello) = parse_tls_handshake_client_hello(body).map_err(|_| Malformed("tls client hello"))?;
    let mut offer = Offer {
        version: hello.version.0,
        ciphers: without_grease(hello.ciphers.iter().map(|cipher| cipher.0)),
        ..Offer::default()
    };
    for (kind, content) in extensions(hello.ext.unwrap_or_default()) {
        offer.extension(kind, content);
    }
    let ja3_text = ja3::text(&offer);
    Ok(TlsClient {
        sni: offer.sni.as_deref().map(|name| text::name(name, MAX_NAME)),
        alpn: offer.alpn.iter().map(|protocol| protocol_text(protocol)).collect(),
        version: version_text(offer.highest_version()),
        ja3: ja3::hash(&ja3_text),
        ja3_text: ja3::shown(ja3_text),
        ja4: ja4::fingerprint(&offer, carrier),
    })
}

/// Reads a ServerHello: the handshake message with its type and length, without the record around it.
///
/// # Errors
/// When it is not one, or its fixed part does not hold what its lengths promise.
pub fn parse_server_hello(message: &[u8]) -> Result<TlsServer, Malformed> {
    let body = body(message, SERVER_HELLO).ok_or(Malformed("tls server hello"))?;
    let (_, hello) = parse_tls_handshake_server_hello(body).map_err(|_| Malformed("tls server hello"))?;
    let mut version = hello.version.0;
    let mut alpn = None;
    for (kind, content) in extensions(hello.ext.unwrap_or_default()) {
        match kind {
            SUPPORTED_VERSIONS => version = be16(content, 0).unwrap_or(version),
            APPLICATION_PROTOCOLS => alpn = protocols(content).next().map(protocol_text),
            _ => {}
        }
    }
    let number = hello.cipher.0;
    let cipher =
        TlsCipherSuite::from_id(number).map_or_else(|| format!("{number:#06x}"), |suite| suite.name.to_owned());
    Ok(TlsServer { version: version_text(version), cipher, alpn })
}

impl TlsServer {
    /// From TLS 1.3 on, the certificate comes encrypted.
    pub(super) fn hides_certificate(&self) -> bool {
        !["1.2", "1.1", "1.0", "ssl3"].contains(&self.version.as_str())
    }
}

impl Offer {
    fn extension(&mut self, kind: u16, content: &[u8]) {
        if is_grease(kind) {
            return;
        }
        self.extensions.push(kind);
        let list = |content| take_u16_block(content).map(|(list, _)| without_grease(be16_list(list)));
        match kind {
            SERVER_NAME => self.sni = self.sni.take().or_else(|| host_name(content).map(<[u8]>::to_vec)),
            APPLICATION_PROTOCOLS => {
                // As a GREASE value is two equal bytes ending in "a", it is known by its length, too.
                let is_real = |protocol: &&[u8]| !(protocol.len() == 2 && be16(protocol, 0).is_some_and(is_grease));
                self.alpn = protocols(content).filter(is_real).take(MAX_ALPN).map(<[u8]>::to_vec).collect();
            }
            SUPPORTED_GROUPS => self.groups = list(content).unwrap_or_default(),
            SIGNATURE_ALGORITHMS => self.signature_algorithms = list(content).unwrap_or_default(),
            POINT_FORMATS => self.point_formats = take_u8_block(content).unwrap_or_default().0.to_vec(),
            SUPPORTED_VERSIONS => {
                let list = take_u8_block(content).unwrap_or_default().0;
                self.versions = without_grease(be16_list(list));
            }
            _ => {}
        }
    }
}

/// The message's content, when it is of that kind and all there.
fn body(message: &[u8], kind: u8) -> Option<&[u8]> {
    let [first, high, middle, low, rest @ ..] = message else { return None };
    let length = u32::from_be_bytes([0, *high, *middle, *low]);
    let (body, _) = take(rest, usize::try_from(length).ok()?)?;
    (*first == kind).then_some(body)
}

/// The extensions as far as their lengths can be followed.
fn extensions(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let kind = be16(bytes, 0)?;
        let (content, rest) = take_u16_block(bytes.get(2..)?)?;
        bytes = rest;
        Some((kind, content))
    })
    .take(MAX_EXTENSIONS)
}

/// The names in an ALPN extension (RFC 7301 §3.1).
fn protocols(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut list = take_u16_block(content).unwrap_or_default().0;
    std::iter::from_fn(move || {
        let (protocol, rest) = take_u8_block(list)?;
        list = rest;
        Some(protocol)
    })
}

/// The first host name in a server_name extension (RFC 6066 §3).
fn host_name(content: &[u8]) -> Option<&[u8]> {
    let (mut list, _) = take_u16_block(content)?;
    loop {
        let (kind, rest) = list.split_first()?;
        let (name, rest) = take_u16_block(rest)?;
        if *kind == 0 {
            return Some(name).filter(|name| !name.is_empty());
        }
        list = rest;
    }
}

/// RFC 8701: 0x0a0a, 0x1a1a … 0xfafa.
fn is_grease(number: u16) -> bool {
    let [high, low] = number.to_be_bytes();
    high == low && low & 0x0f == 0x0a
}

fn without_grease(numbers: impl IntoIterator<Item = u16>) -> Vec<u16> {
    numbers.into_iter().filter(|number| !is_grease(*number)).collect()
}

fn protocol_text(protocol: &[u8]) -> String {
    text::line(protocol, 64)
}

fn version_text(number: u16) -> String {
    let known = match number {
        0x0304 => "1.3",
        0x0303 => "1.2",
        0x0302 => "1.1",
        0x0301 => "1.0",
        0x0300 => "ssl3",
        _ => return format!("{number:#06x}"),
    };
    known.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(ciphers: &[u16], extensions: &[(u16, &[u8])]) -> Vec<u8> {
        let mut body = b"\x03\x03".to_vec();
        body.extend([7; 32]);
        body.push(0);
        body.extend((ciphers.len() as u16 * 2).to_be_bytes());
        body.extend(ciphers.iter().flat_map(|cipher| cipher.to_be_bytes()));
        body.extend([1, 0]);
        let list: Vec<u8> = extensions
            .iter()
            .flat_map(|(kind, content)| {
                [&kind.to_be_bytes()[..], &(content.len() as u16).to_be_bytes(), content].concat()
            })
            .collect();
        body.extend((list.len() as u16).to_be_bytes());
        body.extend(list);
        let mut message = vec![CLIENT_HELLO];
        message.extend(&(body.len() as u32).to_be_bytes()[1..]);
        message.extend(body);
        message
    }

    /// The example of JA4's definition: a Chrome of 2023, GREASE included.
    #[test]
    fn chrome_has_the_published_fingerprint() {
        let ciphers = [
            0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
            0x009d, 0x002f, 0x0035,
        ];
        let extensions: [(u16, &[u8]); 18] = [
            (0x4a4a, b""),
            (0x001b, b""),
            (0x0000, b"\x00\x0d\x00\x00\x0aExample.NL"),
            (0x0033, b""),
            (0x0010, b"\x00\x0c\x02h2\x08http/1.1"),
            (0x4469, b""),
            (0x0017, b""),
            (0x002d, b""),
            (0x000d, b"\x00\x10\x04\x03\x08\x04\x04\x01\x05\x03\x08\x05\x05\x01\x08\x06\x06\x01"),
            (0x0005, b""),
            (0x0023, b""),
            (0x0012, b""),
            (0x002b, b"\x06\x7a\x7a\x03\x04\x03\x03"),
            (0xff01, b""),
            (0x000b, b"\x01\x00"),
            (0x000a, b"\x00\x08\x9a\x9a\x00\x1d\x00\x17\x00\x18"),
            (0x0015, b""),
            (0xdada, b"\x00"),
        ];
        let client = parse_client_hello(&hello(&ciphers, &extensions)).unwrap();
        assert_eq!(client.ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1");
        assert_eq!(client.sni.as_deref(), Some("example.nl"));
        assert_eq!(client.alpn, ["h2", "http/1.1"]);
        assert_eq!(client.version, "1.3");
        assert_eq!(
            client.ja3_text,
            "771,4865-4866-4867-49195-49199-49196-49200-52393-52392-49171-49172-156-157-47-53,\
             27-0-51-16-17513-23-45-13-5-35-18-43-65281-11-10-21,29-23-24,0"
        );
    }

    #[test]
    fn a_hello_with_nothing_in_it_has_fingerprints_all_the_same() {
        let client = parse_client_hello(&hello(&[], &[])).unwrap();
        assert_eq!(client.ja4, "t12i000000_000000000000_000000000000");
        assert_eq!((client.ja3_text.as_str(), client.sni, client.version.as_str()), ("771,,,,", None, "1.2"));
    }

    #[test]
    fn extensions_that_lie_about_their_length_are_read_up_to_there() {
        let mut message = hello(&[0x1301], &[(0x0000, b"\x00\x07\x00\x00\x04a.nl"), (0x0010, b"\x00\x03\x02h2")]);
        let last = message.len() - 6;
        message[last] = 0xff;
        let client = parse_client_hello(&message).unwrap();
        assert_eq!((client.sni.as_deref(), client.alpn.len()), (Some("a.nl"), 0));
        for cut in 0..message.len() {
            assert_eq!(parse_client_hello(&message[..cut]), Err(Malformed("tls client hello")));
        }
    }

    #[test]
    fn the_server_says_version_cipher_and_protocol() {
        let mut body = b"\x03\x03".to_vec();
        body.extend([7; 32]);
        body.extend(b"\x00\xc0\x2f\x00\x00\x0f\x00\x2b\x00\x02\x03\x04\x00\x10\x00\x05\x00\x03\x02h2");
        let mut message = vec![SERVER_HELLO, 0, 0, body.len() as u8];
        message.extend(body);
        let server = parse_server_hello(&message).unwrap();
        assert_eq!(
            server,
            TlsServer {
                version: "1.3".into(),
                cipher: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256".into(),
                alpn: Some("h2".into())
            }
        );
        message[39] = 0xfa;
        message[40] = 0xfa;
        assert_eq!(parse_server_hello(&message).unwrap().cipher, "0xfafa");
        assert!(parse_server_hello(&hello(&[], &[])).is_err());
    }
}
