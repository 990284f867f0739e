//! A long header, up to what is protected in it (RFC 9000 §17.2).

use crate::bytes::{be32, take, take_u8_block};

/// Longest connection id of the versions that we read.
const MAX_ID: usize = 20;

/// A protected Initial packet.
#[derive(Debug)]
pub(super) struct Initial<'a> {
    pub(super) version: u32,
    pub(super) destination: &'a [u8],
    /// The packet from its first byte to its end, and where in it the packet number stands.
    pub(super) bytes: &'a [u8],
    pub(super) number_at: usize,
    /// What follows in the same datagram.
    pub(super) rest: &'a [u8],
}

/// The Initial packet at the beginning of these bytes, in a version that we can read.
pub(super) fn initial(bytes: &[u8]) -> Option<Initial<'_>> {
    let first = *bytes.first()?;
    let version = be32(bytes, 1)?;
    let kind = first >> 4 & 3;
    let initial_kind = if version == super::keys::VERSION_2 { 1 } else { 0 };
    if first & 0xc0 != 0xc0 || kind != initial_kind || !super::keys::is_known(version) {
        return None;
    }
    let (destination, rest) = take_u8_block(bytes.get(5..)?)?;
    let (source, rest) = take_u8_block(rest)?;
    if destination.len() > MAX_ID || source.len() > MAX_ID {
        return None;
    }
    let (token, rest) = integer(rest)?;
    let (_, rest) = take(rest, usize::try_from(token).ok()?)?;
    let (length, rest) = integer(rest)?;
    let number_at = bytes.len() - rest.len();
    let end = number_at.checked_add(usize::try_from(length).ok()?)?;
    let (bytes, rest) = take(bytes, end)?;
    Some(Initial { version, destination, bytes, number_at, rest })
}

/// A number of variable length (RFC 9000 §16).
pub(super) fn integer(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let first = *bytes.first()?;
    let (number, rest) = take(bytes, 1 << (first >> 6))?;
    let number = number.iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    let bits = 8 * (1 << (first >> 6)) - 2;
    Some((number & (u64::MAX >> (64 - bits)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9000 appendix A.1.
    #[test]
    fn published_numbers() {
        let table: [(&[u8], u64); 5] = [
            (&[0xc2, 0x19, 0x7c, 0x5e, 0xff, 0x14, 0xe8, 0x8c], 151_288_809_941_952_652),
            (&[0x9d, 0x7f, 0x3e, 0x7d], 494_878_333),
            (&[0x7b, 0xbd], 15_293),
            (&[0x25], 37),
            (&[0x40, 0x25], 37),
        ];
        for (bytes, expected) in table {
            assert_eq!(integer(bytes), Some((expected, &[][..])));
        }
        assert_eq!(integer(&[0x40]), None);
        assert_eq!(integer(&[]), None);
    }
}
