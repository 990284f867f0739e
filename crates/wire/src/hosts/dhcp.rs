//! DHCP (RFC 2131, RFC 2132, RFC 4702): what a client calls itself, and which address a server gives it.
//!
//! An address is a client's where the server says so, or where the client says that it has it already. What it only wishes
//! for (option 50) may be another's: it is passed over.

use std::net::Ipv4Addr;

use super::MAX_NAME;
use crate::bytes::{be32, take_u8_block};
use crate::event::{DHCP_MESSAGES, HostName, NameSource};
use crate::text;

const MAGIC: u32 = 0x6382_5363;
const MAGIC_AT: usize = 236;
/// Options of one message.
const MAX_OPTIONS: usize = 64;

const REQUEST: u8 = 3;
const ACK: u8 = 5;
const INFORM: u8 = 8;

/// Options asked for that are kept: a system's own list is shorter.
const MAX_ASKED: usize = 32;

/// What a message says of its client: its name and class, and which options it asks for, in which order, which tells
/// systems apart.
pub(super) fn read(bytes: &[u8]) -> Vec<HostName> {
    let Some((told, asked)) = message(bytes) else { return Vec::new() };
    let kind = (!asked.is_empty()).then(|| {
        let asked: Vec<String> = asked.iter().take(MAX_ASKED).map(u8::to_string).collect();
        HostName { name: None, kind: Some(format!("options {}", asked.join(","))), ..told.clone() }
    });
    let says_something = told.name.is_some() || told.kind.is_some() || asked.is_empty();
    says_something.then_some(told).into_iter().chain(kind).collect()
}

fn message(bytes: &[u8]) -> Option<(HostName, &[u8])> {
    if be32(bytes, MAGIC_AT)? != MAGIC {
        return None;
    }
    let mac = (bytes.get(1..3)? == [1, 6]).then(|| bytes.get(28..34)?.try_into().ok()).flatten();
    let address = |at: usize| be32(bytes, at).map(Ipv4Addr::from).filter(|ip| !ip.is_unspecified());
    let (mut kind, mut name, mut class, mut asked) = (0, None, None, &[][..]);
    for (option, content) in options(bytes.get(MAGIC_AT + 4..)?) {
        match option {
            12 => name = name.or_else(|| host(content)),
            53 => kind = content.first().copied().unwrap_or_default(),
            55 => asked = content,
            60 => class = Some(text::line(content, MAX_NAME)).filter(|class| !class.is_empty()),
            // Flags and two old codes come first; bit 2: as in the DNS, labels with their lengths.
            81 => {
                let is_labels = content.first().is_some_and(|flags| flags & 4 != 0);
                let full = content.get(3..).unwrap_or_default();
                let first = if is_labels { take_u8_block(full).map(|(label, _)| label) } else { Some(full) };
                name = name.or_else(|| first.and_then(host));
            }
            _ => {}
        }
    }
    let message = usize::from(kind).checked_sub(1).and_then(|at| DHCP_MESSAGES.get(at).copied());
    let is_from_server = *bytes.first()? == 2;
    if is_from_server {
        // Only what is settled: the address, and whose it is.
        let ip = address(16).filter(|_| kind == ACK)?;
        let given = HostName { source: NameSource::Dhcp, ip: Some(ip.into()), mac, name: None, kind: None, message };
        return Some((given, &[]));
    }
    // Its own address, where it renews what it has or asks for the rest (RFC 2131 §4.3).
    let ip = address(12).filter(|_| matches!(kind, REQUEST | INFORM));
    let says_something = name.is_some() || class.is_some() || !asked.is_empty();
    let told = HostName { source: NameSource::Dhcp, ip: ip.map(Into::into), mac, name, kind: class, message };
    says_something.then_some((told, asked))
}

/// A host's own name, without the domain.
fn host(bytes: &[u8]) -> Option<String> {
    let first = bytes.split(|byte| *byte == b'.' || *byte == 0).next()?;
    Some(text::name(first, MAX_NAME)).filter(|name| !name.is_empty())
}

fn options(mut bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        // Zeros fill up.
        while let Some(rest) = bytes.strip_prefix(&[0]) {
            bytes = rest;
        }
        let (option, rest) = bytes.split_first()?;
        let (content, rest) = take_u8_block(rest).filter(|_| *option != 255)?;
        bytes = rest;
        Some((*option, content))
    })
    .take(MAX_OPTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(operation: u8, yours: [u8; 4], options: &[(u8, &[u8])]) -> Vec<u8> {
        let mut bytes = vec![operation, 1, 6, 0];
        bytes.resize(16, 0);
        bytes.extend(yours);
        bytes.resize(28, 0);
        bytes.extend([2, 0, 0, 0, 0, 5]);
        bytes.resize(MAGIC_AT, 0);
        bytes.extend(MAGIC.to_be_bytes());
        for (option, content) in options {
            bytes.extend([*option, content.len() as u8]);
            bytes.extend(*content);
        }
        bytes.push(255);
        bytes
    }

    #[test]
    fn a_client_says_its_name_and_kind_and_a_server_the_address() {
        let asked = message(1, [0; 4], &[(53, &[3]), (50, &[10, 0, 0, 7]), (12, b"PC-Jan"), (60, b"MSFT 5.0")]);
        let read_asked = read(&asked).remove(0);
        assert_eq!((read_asked.name.as_deref(), read_asked.kind.as_deref()), (Some("pc-jan"), Some("MSFT 5.0")));
        assert_eq!((read_asked.ip, read_asked.mac), (None, Some([2, 0, 0, 0, 0, 5])), "a wish is no address");
        assert_eq!(read_asked.message, Some("request"));
        let full = message(1, [0; 4], &[(0, b""), (81, b"\x04\0\0\x06laptop\x02nl\0")]);
        assert_eq!(read(&full)[0].name.as_deref(), Some("laptop"));
        let old = message(1, [0; 4], &[(81, b"\0\0\0printer.office.nl")]);
        assert_eq!(read(&old)[0].name.as_deref(), Some("printer"));
        let given = read(&message(2, [10, 0, 0, 7], &[(53, &[ACK]), (12, b"ignored")])).remove(0);
        assert_eq!((given.ip, given.name, given.message), (Some([10, 0, 0, 7].into()), None, Some("ack")));
        assert_eq!(read(&message(2, [10, 0, 0, 7], &[(53, &[2])])), [], "an offer is not settled");
        assert_eq!(read(&message(1, [0; 4], &[(53, &[3])])), []);
        let system = read(&message(1, [0; 4], &[(53, &[3]), (55, &[1, 3, 6, 15])]));
        assert_eq!(system.len(), 1);
        assert_eq!(system[0].kind.as_deref(), Some("options 1,3,6,15"));
        // Only who renews an address, or has it by other means, has it already.
        let own = |kind: u8| {
            let mut bytes = message(1, [0; 4], &[(53, &[kind]), (12, b"pc-jan")]);
            bytes[12..16].copy_from_slice(&[10, 0, 0, 8]);
            read(&bytes).remove(0).ip
        };
        assert_eq!([1, 3, 4, 8].map(|kind| own(kind).is_some()), [false, true, false, true]);
        for cut in 0..asked.len() {
            let _ = read(&asked[..cut]);
        }
    }
}
