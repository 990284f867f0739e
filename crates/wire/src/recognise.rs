//! What a conversation speaks, told by its first bytes: for protocols that we name and do not read.
//!
//! Promises: pure functions of a few bytes; a name is given where a mistake is unlikely, and none elsewhere. Ports are
//! looked at only where a protocol's bytes alone say too little.

use crate::bytes::{be16, be32};

/// How many datagrams of a conversation are looked at.
pub(crate) const MAX_DATAGRAMS: u8 = 4;

/// The beginning of one direction of a TCP connection.
pub(crate) fn stream(bytes: &[u8]) -> Option<&'static str> {
    let length = bytes.len();
    Some(match bytes {
        [b'S', b'S', b'H', b'-', ..] => "ssh",
        // A session message (RFC 1002 §4.3.1) around SMB1, SMB2 and later, or SMB3 encrypted or compressed.
        [0, _, _, _, 0xfc..=0xff, b'S', b'M', b'B', ..] => "smb",
        [0x81, 0, 0, 68, 32, ..] => "netbios_session",
        [3, 0, _, _, _, 0xe0 | 0xd0, ..] if is_rdp(bytes) => "rdp",
        [19, b'B', b'i', b't', b'T', b'o', b'r', b'r', b'e', b'n', b't', ..] => "bittorrent",
        [0xf9, 0xbe, 0xb4, 0xd9, b'v', b'e', b'r', b's', b'i', b'o', b'n', 0, ..] => "bitcoin",
        [5, 0 | 1, kind, _, 0x10, 0, 0, 0, ..] if *kind < 20 => "msrpc",
        // A protocol name in MQTT's first packet: `MQTT`, or `MQIsdp` before 3.1.1.
        [0x10, _, 0, 4, b'M', b'Q', b'T', b'T', ..]
        | [0x10, _, _, 0, 4, b'M', b'Q', b'T', b'T', ..]
        | [0x10, _, 0, 6, b'M', b'Q', b'I', b's', b'd', b'p', ..] => "mqtt",
        [5, methods, ..] if length == usize::from(*methods) + 2 && *methods > 0 => "socks",
        [4, 1 | 2, .., 0] if length > 8 => "socks",
        [b'R', b'F', b'B', b' ', b'0', b'0', b'3', b'.', ..] => "vnc",
        [b'R', b'T', b'S', b'P', b'/', ..] => "rtsp",
        [_, _, _, _, rest @ ..] if is_sized32(bytes) && is_kerberos(rest) => "kerberos",
        // The reset that opens an OpenVPN session, from client (version 2 or 3) or server.
        [_, _, 0x38 | 0x40 | 0x50, ..] if is_sized16(bytes) && (14..=128).contains(&(length - 2)) => "openvpn",
        // RLPx: an elliptic curve point, encrypted; before EIP-8 of a fixed length, since then with its length first.
        [4, ..] if matches!(length, 307 | 210) => "devp2p",
        [_, _, 4, ..] if is_sized16(bytes) && length > 194 => "devp2p",
        // PostgreSQL's start-up and request for TLS, MySQL's greeting, a pre-login of SQL Server.
        [0, 0, _, _, 0, 3, 0, 0, ..] | [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f] => "postgresql",
        [_, _, 0, 0, 10, version, b'.', ..] if version.is_ascii_digit() => "mysql",
        [0x12, 1, _, _, 0, 0, ..] if be16(bytes, 2).map(usize::from) == Some(length) => "tds",
        _ if is_sip(bytes) => "sip",
        _ => return None,
    })
}

/// A datagram, and the ports it goes between.
pub(crate) fn datagram(bytes: &[u8], ports: [u16; 2]) -> Option<&'static str> {
    let length = bytes.len();
    let has = |port: u16| ports.contains(&port);
    Some(match bytes {
        // The four messages of WireGuard: their type, three zeros, and a length of their own each.
        [1, 0, 0, 0, ..] if length == 148 => "wireguard",
        [2, 0, 0, 0, ..] if length == 92 => "wireguard",
        [3, 0, 0, 0, ..] if length == 64 => "wireguard",
        // Tailscale looking for the way to another of its hosts, before WireGuard's first message or beside it.
        [b'T', b'S', 0xf0, 0x9f, 0x92, 0xac, ..] if length >= 62 => "tailscale",
        [0x38 | 0x50, .., 0, 0, 0, 0, 0] if (14..=128).contains(&length) => "openvpn",
        [0x40, ..] if (22..=128).contains(&length) && has(1194) => "openvpn",
        [0..=3, _, _, _, 0x21, 0x12, 0xa4, 0x42, ..] if be16(bytes, 2).is_some_and(|size| size % 4 == 0) => "stun",
        [20..=23, 0xfe, 0xfd | 0xff, ..] if length > 13 => "dtls",
        [b'd', b'1', b':', b'a' | b'r' | b'e' | b'q', ..] | [b'd', b'2', b':', b'i', b'p', b'6', b':', ..]
            if bytes.windows(5).any(|part| part == b"1:y1:") =>
        {
            "bittorrent"
        }
        // uTP (BEP 29): a SYN has nothing but its header, and the number 1.
        [0x41, 0..=2, ..] if length == 20 && be16(bytes, 16) == Some(1) => "bittorrent",
        [b'M', b'-', b'S', b'E', b'A', b'R', b'C', b'H', b' ', ..]
        | [b'N', b'O', b'T', b'I', b'F', b'Y', b' ', b'*', ..] => "ssdp",
        _ if is_discovery(bytes) => "devp2p",
        _ if has(123) && is_ntp(bytes) => "ntp",
        [0x30, ..] if has(161) || has(162) => "snmp",
        _ if has(88) && is_kerberos(bytes) => "kerberos",
        _ if has(500) && is_ike(bytes) => "ike",
        [0, 0, 0, 0, rest @ ..] if has(4500) && is_ike(rest) => "ike",
        _ if has(4500) && length > 32 => "ipsec",
        [b'<', b'0'..=b'9', ..] if has(514) => "syslog",
        _ if is_sip(bytes) => "sip",
        _ => return None,
    })
}

/// Two datagrams of one direction that follow on each other as RTP (RFC 3550 §5.1): the same source, the next number.
pub(crate) fn is_rtp(one: &[u8], next: &[u8]) -> bool {
    let is_version_2 = |bytes: &[u8]| bytes.len() > 12 && bytes.first().is_some_and(|first| first >> 6 == 2);
    let number = |bytes| be16(bytes, 2).map(u32::from);
    let step = number(next).zip(number(one)).map(|(next, one)| next.wrapping_sub(one) & 0xffff);
    is_version_2(one)
        && is_version_2(next)
        && be32(one, 8) == be32(next, 8)
        && one.get(1).map(|kind| kind & 0x7f) == next.get(1).map(|kind| kind & 0x7f)
        && matches!(step, Some(1..=3))
}

/// A connection request or its confirmation (RFC 1006, X.224) with RDP's cookie or negotiation in it.
fn is_rdp(bytes: &[u8]) -> bool {
    let is_sized = be16(bytes, 2).map(usize::from) == Some(bytes.len());
    let negotiates = matches!(bytes.get(11), Some(1..=3)) && bytes.get(13..15) == Some(&[8, 0]);
    is_sized && (negotiates || bytes.windows(9).any(|part| part == b"mstshash="))
}

/// AS-REQ, AS-REP, TGS-REQ, TGS-REP, KRB-ERROR (RFC 4120 §5.10), and in each a sequence.
fn is_kerberos(bytes: &[u8]) -> bool {
    let [0x6a..=0x6d | 0x7e, length, rest @ ..] = bytes else { return false };
    let skipped = if *length < 0x80 { 0 } else { usize::from(length & 0x7f) };
    skipped <= 3 && rest.get(skipped) == Some(&0x30)
}

/// A message of NTP: version, mode, 48 bytes (RFC 5905 §7.3); behind them extension fields (RFC 7822), each with its length,
/// and the mark of who signs, or refuses (20, 24 or 4 bytes). Or a control message, which says how much it carries
/// (RFC 9327 §2).
fn is_ntp(bytes: &[u8]) -> bool {
    let Some(first) = bytes.first() else { return false };
    match (first >> 3 & 7, first & 7) {
        (1..=4, 6) => {
            let carried = be16(bytes, 10).map(|count| 12 + usize::from(count));
            // Padded to four bytes, and perhaps signed.
            carried.is_some_and(|length| (length..length + 4 + 24).contains(&bytes.len()))
        }
        (1..=4, 1..=5) | (1, 0) => {
            let Some(mut behind) = bytes.get(48..) else { return false };
            while !matches!(behind.len(), 0 | 4 | 20 | 24) {
                let length = be16(behind, 2).map_or(0, usize::from);
                match behind.get(length..) {
                    Some(rest) if length >= 16 && length.is_multiple_of(4) => behind = rest,
                    _ => return false,
                }
            }
            true
        }
        _ => false,
    }
}

fn is_ike(bytes: &[u8]) -> bool {
    matches!(bytes.get(17), Some(0x10 | 0x20)) && be32(bytes, 24).map(|size| size as usize) == Some(bytes.len())
}

/// Ethereum's node discovery, version 4: hash, signature, a type from 1 to 6, and a list in RLP.
fn is_discovery(bytes: &[u8]) -> bool {
    let (Some(1..=6), Some(list)) = (bytes.get(97), bytes.get(98..)) else { return false };
    match list {
        [short @ 0xc0..=0xf7, rest @ ..] => rest.len() >= usize::from(short - 0xc0) && *short > 0xc4,
        [0xf8, size, rest @ ..] => rest.len() >= usize::from(*size) && *size > 55,
        [0xf9, rest @ ..] => be16(rest, 0).is_some_and(|size| rest.len() >= usize::from(size) + 2 && size > 255),
        _ => false,
    }
}

fn is_sip(bytes: &[u8]) -> bool {
    const METHODS: [&[u8]; 9] =
        [b"INVITE ", b"REGISTER ", b"OPTIONS ", b"ACK ", b"BYE ", b"CANCEL ", b"SUBSCRIBE ", b"NOTIFY ", b"MESSAGE "];
    let asks = |method: &[u8]| {
        bytes.strip_prefix(method).is_some_and(|rest| rest.starts_with(b"sip:") || rest.starts_with(b"sips:"))
    };
    bytes.starts_with(b"SIP/2.0 ") || METHODS.into_iter().any(asks)
}

fn is_sized16(bytes: &[u8]) -> bool {
    be16(bytes, 0).is_some_and(|size| usize::from(size) + 2 == bytes.len())
}

fn is_sized32(bytes: &[u8]) -> bool {
    be32(bytes, 0).is_some_and(|size| size as usize + 4 == bytes.len())
}
