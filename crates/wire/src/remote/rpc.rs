//! MS-RPC: which interfaces a client asks for when it binds ([MS-RPCE] §2.2.2, C706 §12.6.4.3), and whether it copies the
//! directory ([MS-DRSR] §4.1.10): the operation's number is never encrypted.

use crate::event::{Kind, RemoteMeans};

const REQUEST: u8 = 0;
const BIND: u8 = 11;
const ALTER_CONTEXT: u8 = 14;
/// Contexts of one bind.
const MAX_CONTEXTS: usize = 16;

/// Interfaces by which one machine changes another, as their bytes stand on the wire (the first eight tell them apart).
const INTERFACES: [([u8; 8], RemoteMeans); 8] = [
    ([0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35], RemoteMeans::ServiceControl),
    ([0x82, 0x06, 0xf7, 0x1f, 0x51, 0x0a, 0xe8, 0x30], RemoteMeans::TaskScheduler),
    ([0x49, 0x59, 0xd3, 0x86, 0xc9, 0x83, 0x44, 0x40], RemoteMeans::TaskScheduler),
    ([0x01, 0xd0, 0x8c, 0x33, 0x44, 0x22, 0xf1, 0x31], RemoteMeans::Registry),
    ([0x18, 0xad, 0x09, 0xf3, 0x6a, 0xd8, 0xd0, 0x11], RemoteMeans::Wmi),
    ([0x9c, 0x13, 0x55, 0x95, 0x44, 0x4d, 0xd0, 0x11], RemoteMeans::Wmi),
    ([0xa0, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00], RemoteMeans::Dcom),
    ([0xb8, 0x4a, 0x9f, 0x4d, 0x1c, 0x7d, 0xcf, 0x11], RemoteMeans::Dcom),
];

/// The directory's replication, which clients also use to look up names, and its operation that copies.
const REPLICATION: [u8; 8] = [0x35, 0x42, 0x51, 0xe3, 0x06, 0x4b, 0xd1, 0x11];
const GET_CHANGES: u16 = 3;

/// What a bind asks for, and a request to copy the directory. `replication` is the number under which it was bound.
pub(super) fn read(message: &[u8], replication: &mut Option<u16>, told: &mut Vec<Kind>) {
    let le16 = |bytes: &[u8], at: usize| Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    if message.get(2) == Some(&REQUEST) && replication.is_some() && le16(message, 20) == *replication {
        if le16(message, 22) == Some(GET_CHANGES) {
            told.push(Kind::RemoteAccess(RemoteMeans::DirectoryReplication));
        }
        return;
    }
    if !matches!(message.get(2), Some(&BIND | &ALTER_CONTEXT)) {
        return;
    }
    // Sixteen bytes of header, eight of sizes and association; then how many contexts, and three zeros.
    let contexts = message.get(24).copied().map_or(0, usize::from).min(MAX_CONTEXTS);
    let mut rest = message.get(28..).unwrap_or_default();
    for _ in 0..contexts {
        let Some(syntaxes) = rest.get(2).copied().map(usize::from) else { return };
        let known = INTERFACES.iter().find(|(prefix, _)| rest.get(4..12) == Some(prefix));
        if let Some((_, means)) = known {
            told.push(Kind::RemoteAccess(means.clone()));
        }
        if rest.get(4..12) == Some(&REPLICATION) {
            *replication = le16(rest, 0);
        }
        // Number, count, zero; the interface with its version; and as many transfer syntaxes.
        let Some(next) = rest.get(24 + 20 * syntaxes..) else { return };
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_are_known_by_their_first_bytes() {
        let context = |interface: [u8; 8]| [&[0, 0, 1, 0][..], &interface, &[7; 8], &[1, 0, 0, 0], &[9; 20]].concat();
        let mut message = vec![5, 0, BIND, 3, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        message.extend([0; 8]);
        message.extend([3, 0, 0, 0]);
        message.extend(context([9; 8]));
        message.extend(context(INTERFACES[4].0));
        message.extend(context(INTERFACES[0].0));
        let mut told = Vec::new();
        read(&message, &mut None, &mut told);
        assert_eq!(told, [Kind::RemoteAccess(RemoteMeans::Wmi), Kind::RemoteAccess(RemoteMeans::ServiceControl)]);
        for cut in 0..message.len() {
            read(&message[..cut], &mut None, &mut Vec::new());
        }
    }

    #[test]
    fn copying_the_directory_is_told_and_looking_up_names_in_it_is_not() {
        let mut bound = None;
        let mut bind = vec![5, 0, BIND, 3, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        bind.extend([0; 8]);
        bind.extend([1, 0, 0, 0, 7, 0, 1, 0]);
        bind.extend(REPLICATION);
        bind.extend([0; 32]);
        let request = |context: u8, operation: u8| {
            [&[5, 0, REQUEST, 3, 0x10, 0, 0, 0][..], &[0; 12], &[context, 0, operation, 0]].concat()
        };
        let mut told = Vec::new();
        for message in [request(7, 3), bind, request(7, 12), request(0, 3)] {
            read(&message, &mut bound, &mut told);
        }
        assert_eq!((bound, &told[..]), (Some(7), &[][..]));
        read(&request(7, 3), &mut bound, &mut told);
        assert_eq!(told, [Kind::RemoteAccess(RemoteMeans::DirectoryReplication)]);
    }
}
