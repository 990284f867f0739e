//! NetBIOS names (RFC 1002): registrations and answers of the name service, and the sender of a datagram.

use std::net::Ipv4Addr;

use super::MAX_NAME;
use crate::bytes::{be16, be32};
use crate::event::{HostName, NameSource};
use crate::text;

const HEADER: usize = 12;
const NAME: usize = 34;
const NB: u16 = 0x0020;

/// What a message of the name service says of a host: a name that it claims, or answers with.
pub(super) fn names(bytes: &[u8]) -> Option<HostName> {
    let flags = be16(bytes, 2)?;
    let (is_response, operation, code) = (flags >> 15 == 1, flags >> 11 & 0xf, flags & 0xf);
    let at = match (is_response, operation) {
        // A registration or refresh: the question, then the record that repeats it with a pointer.
        (false, 5 | 6 | 8) if be16(bytes, 4)? == 1 && be16(bytes, 10)? == 1 => HEADER + NAME + 4 + 2,
        // A positive answer has the record alone.
        (true, 0) if code == 0 && be16(bytes, 6)? == 1 => HEADER + NAME,
        _ => return None,
    };
    let name = name(bytes.get(HEADER..HEADER + NAME)?)?;
    // Type, class, time to live, length; then flags and the address. A group's name is nobody's.
    let is_group = be16(bytes, at + 10)? >> 15 == 1;
    if be16(bytes, at)? != NB || is_group {
        return None;
    }
    told(name, be32(bytes, at + 12)?)
}

/// Who sends a datagram: type, flags, identification, address, port, length, offset; then the name.
pub(super) fn datagram(bytes: &[u8]) -> Option<HostName> {
    if !matches!(bytes.first()?, 0x10 | 0x11) {
        return None;
    }
    told(name(bytes.get(14..14 + NAME)?)?, be32(bytes, 4)?)
}

fn told(name: String, address: u32) -> Option<HostName> {
    let ip = Ipv4Addr::from(address);
    let source = NameSource::Netbios;
    (!ip.is_unspecified()).then(|| HostName {
        source,
        ip: Some(ip.into()),
        mac: None,
        name: Some(name),
        kind: None,
        message: None,
    })
}

/// Sixteen bytes as thirty-two letters (RFC 1001 §14.1); the last says what the name is for: a workstation or a file
/// server's is the host's own.
fn name(bytes: &[u8]) -> Option<String> {
    let [32, letters @ .., 0] = bytes else { return None };
    let half = |letter: u8| letter.checked_sub(b'A').filter(|half| *half < 16);
    let decoded: Vec<u8> = letters
        .chunks_exact(2)
        .map(|two| match two {
            [high, low] => Some(half(*high)? << 4 | half(*low)?),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let (purpose, name) = decoded.split_last()?;
    let name = text::name(name.trim_ascii_end(), MAX_NAME);
    (matches!(purpose, 0 | 0x20) && !name.is_empty() && !name.starts_with('\\')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(name: &str, purpose: u8) -> Vec<u8> {
        let padded = format!("{name:<15}");
        let letters = padded.bytes().chain([purpose]).flat_map(|byte| [b'A' + (byte >> 4), b'A' + (byte & 15)]);
        [32].into_iter().chain(letters).chain([0]).collect()
    }

    fn registration(name: &str, purpose: u8, flags: u8) -> Vec<u8> {
        let mut bytes = vec![0, 1, 0x29, 0x10, 0, 1, 0, 0, 0, 0, 0, 1];
        bytes.extend(encoded(name, purpose));
        bytes.extend([0, 0x20, 0, 1, 0xc0, 12, 0, 0x20, 0, 1, 0, 0, 0, 0, 0, 6, flags, 0, 10, 0, 0, 7]);
        bytes
    }

    #[test]
    fn a_host_claims_its_own_name_and_a_group_is_nobody() {
        let told = names(&registration("PC-JAN", 0, 0)).unwrap();
        assert_eq!((told.name.as_deref(), told.ip), (Some("pc-jan"), Some([10, 0, 0, 7].into())));
        assert_eq!(names(&registration("WORKGROUP", 0, 0x80)), None);
        assert_eq!(names(&registration("PC-JAN", 0x1b, 0)), None, "a role, not a host");
        let mut answer = vec![0, 1, 0x85, 0, 0, 0, 0, 1, 0, 0, 0, 0];
        answer.extend(encoded("NAS", 0x20));
        answer.extend([0, 0x20, 0, 1, 0, 0, 0, 0, 0, 6, 0, 0, 10, 0, 0, 9]);
        assert_eq!(names(&answer).unwrap().name.as_deref(), Some("nas"));
        let mut sent = vec![0x11, 2, 0, 1, 10, 0, 0, 7, 0, 138, 0, 0, 0, 0];
        sent.extend(encoded("PC-JAN", 0));
        assert_eq!(datagram(&sent).unwrap().name.as_deref(), Some("pc-jan"));
        for cut in 0..answer.len() {
            assert_eq!(names(&answer[..cut]), None);
        }
    }
}
