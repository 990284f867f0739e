//! The request for a time stamp of a checkpoint (RFC 3161 §2.4.1), in DER. The answer is read by `verify`.

use sha2::{Digest, Sha256};

/// The media type in which a request is sent.
pub const TIMESTAMP_QUERY: &str = "application/timestamp-query";

/// Up to the imprint: version 1, and SHA-256 (2.16.840.1.101.3.4.2.1) without parameters, of 32 bytes.
const HEAD: [u8; 22] = [
    0x30, 0x41, 0x02, 0x01, 0x01, 0x30, 0x2f, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
    0x01, 0x04, 0x20,
];

/// A request for a stamp of these bytes, with the authority's certificate in the answer. The number that goes with it is
/// made from the bytes, so that whoever has them can check it: SHA-256 of their SHA-256, the first eight bytes, of which
/// the two highest bits are made 01.
#[must_use]
pub fn timestamp_request(over: &[u8]) -> Vec<u8> {
    let imprint = Sha256::digest(over);
    let mut nonce: [u8; 32] = Sha256::digest(imprint).into();
    let [first, ..] = &mut nonce;
    *first = *first & 0x3f | 0x40;
    let mut request = HEAD.to_vec();
    request.extend_from_slice(&imprint);
    request.extend_from_slice(&[0x02, 0x08]);
    request.extend(nonce.iter().take(8));
    request.extend_from_slice(&[0x01, 0x01, 0xff]);
    request
}
